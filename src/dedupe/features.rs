//! A record as deduplication sees it.

use std::collections::{BTreeMap, BTreeSet};

use super::fields::{self, Pages};
use super::title::Title;
use crate::model::{Record, WorkType};
use crate::text::fold;

/// How much of an abstract is compared (letters and digits).
const ABSTRACT_CHARACTERS: usize = 300;

/// The identifiers that say by themselves that two records are one document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scheme {
    Doi,
    Pmid,
    Pmcid,
    OpenAlex,
    Scopus,
    Wos,
    Arxiv,
}

impl Scheme {
    pub const ALL: [Self; 7] =
        [Self::Doi, Self::Pmid, Self::Pmcid, Self::OpenAlex, Self::Scopus, Self::Wos, Self::Arxiv];
    /// The rule's name in links.
    pub fn rule(self) -> &'static str {
        match self {
            Self::Doi => "same-doi",
            Self::Pmid => "same-pmid",
            Self::Pmcid => "same-pmcid",
            Self::OpenAlex => "same-openalex",
            Self::Scopus => "same-scopus",
            Self::Wos => "same-wos",
            Self::Arxiv => "same-arxiv",
        }
    }
}

/// What is compared of a record, prepared once. Its order is the canonical order of comparison.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Features {
    /// The title, then the original title; the first is compared where one is needed.
    pub titles: Vec<Title>,
    pub years: BTreeSet<i16>,
    pub volume: Option<String>,
    pub pages: Option<Pages>,
    pub issue: Option<String>,
    pub names: BTreeSet<String>,
    /// The first author's names.
    pub first_author: Option<String>,
    pub venue: Vec<String>,
    pub issn: BTreeSet<String>,
    /// Only identifiers that are trusted.
    pub identifiers: BTreeMap<Scheme, String>,
    /// Trial registrations by registry.
    pub registrations: BTreeMap<String, BTreeSet<String>>,
    pub types: Vec<WorkType>,
    /// The abstract's beginning, letters and digits only.
    pub abstract_start: String,
}

impl Features {
    /// Prepares a record.
    pub fn of(record: &Record) -> Self {
        let mut titles: Vec<Title> = [&record.title, &record.original_title]
            .into_iter()
            .flatten()
            .filter_map(|text| Title::read(text))
            .collect();
        titles.dedup();
        let venue = fields::venue(record.venue.as_deref());
        // The name of a journal in place of a title is no title.
        titles.retain(|title| venue.is_empty() || fields::venue(Some(&title.words.join(" "))) != venue);
        let ids = &record.identifiers;
        let values = [&ids.doi, &ids.pmid, &ids.pmcid, &ids.openalex, &ids.scopus, &ids.wos, &ids.arxiv];
        let identifiers = Scheme::ALL
            .into_iter()
            .zip(values)
            .filter_map(|(scheme, value)| Some((scheme, value.clone().filter(|value| !value.trim().is_empty())?)))
            .collect();
        let first_author = record.authors.first().and_then(|author| {
            let name = fold(&author.family);
            name.split(|c: char| !c.is_alphanumeric()).find(|word| word.chars().count() >= 2).map(str::to_owned)
        });
        let volume = fields::numbers(record.volume.as_deref());
        let issue = fields::numbers(record.issue.as_deref());
        Self {
            titles,
            years: record.dates.iter().map(|date| date.year).collect(),
            // `13 (2)` names the issue too; where the issue says otherwise, neither is believed.
            issue: match (issue.first(), volume.get(1)) {
                (Some(one), Some(other)) => (one == other).then(|| one.clone()),
                (one, other) => one.or(other).cloned(),
            },
            volume: volume.into_iter().next(),
            pages: record.pages.as_deref().and_then(Pages::read),
            names: fields::names(record),
            first_author,
            venue,
            issn: ids.issn.iter().map(|issn| fold(issn)).collect(),
            identifiers,
            registrations: registrations(record),
            types: record.types.clone(),
            abstract_start: abstract_start(record.abstract_text.as_deref().unwrap_or_default()),
        }
    }
    /// The title that stands for the record.
    pub fn title(&self) -> Option<&Title> {
        self.titles.first()
    }
    /// The value of an identifier.
    pub fn identifier(&self, scheme: Scheme) -> Option<&str> {
        self.identifiers.get(&scheme).map(String::as_str)
    }
    /// The smallest difference between the years of two records.
    pub fn years_apart(&self, other: &Self) -> Option<u16> {
        self.years.iter().flat_map(|a| other.years.iter().map(|b| a.abs_diff(*b))).min()
    }
}

fn abstract_start(text: &str) -> String {
    // Folding the whole of a long text would cost more than comparing it.
    let start: String = text.chars().take(ABSTRACT_CHARACTERS * 2).collect();
    let start: String = fold(&start).chars().filter(|c| c.is_alphanumeric()).take(ABSTRACT_CHARACTERS).collect();
    if start.chars().count() < 60 { String::new() } else { start }
}

/// Registration numbers that a record is filed under or bears in its title. Those in an abstract
/// are not: companion papers of one trial name the same number.
fn registrations(record: &Record) -> BTreeMap<String, BTreeSet<String>> {
    const REGISTRIES: &[&str] = &["nct", "isrctn", "actrn", "chictr", "eudract", "drks", "umin", "crd", "irct", "ctri"];
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let title = record.title.as_deref().unwrap_or_default();
    let values = record.identifiers.other.iter().map(|other| other.split_once(':').map_or(other.as_str(), |(_, v)| v));
    for text in values.chain([title]) {
        for word in fold(text).split(|c: char| !c.is_alphanumeric()) {
            let registry = REGISTRIES.iter().find(|registry| word.starts_with(**registry));
            if let Some(registry) = registry
                && word.chars().filter(char::is_ascii_digit).count() >= 5
            {
                found.entry((*registry).to_owned()).or_default().insert(word.to_owned());
            }
        }
    }
    found
}
