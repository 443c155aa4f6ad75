//! A record as deduplication sees it.

use super::compact::{Words, beginning};
use super::fields::{self, Agreement, Pages};
use super::title::Title;
use crate::model::{Record, WorkType};
use crate::text::fold;

/// How much of an abstract is compared (letters and digits).
const ABSTRACT_CHARACTERS: usize = 300;

/// The identifiers that say by themselves that two records are one document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

/// What is compared of a record, prepared once, and small: a million of them fit in memory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Features {
    /// The title, then the original title; the first is compared where one is needed.
    pub titles: Box<[Title]>,
    /// Sorted.
    pub years: Box<[i16]>,
    pub volume: Option<u64>,
    pub pages: Option<Pages>,
    pub issue: Option<u64>,
    /// Sorted, each once.
    pub names: Words,
    /// The first author's first name of two letters or more.
    pub first_author: Option<Box<str>>,
    pub venue: Words,
    pub issn: Box<[Box<str>]>,
    identifiers: Box<[(Scheme, Box<str>)]>,
    /// The identifiers that are not trusted, a bit each.
    distrusted: u8,
    /// Trial registrations by registry, sorted.
    registrations: Box<[(&'static str, Box<str>)]>,
    pub types: Box<[WorkType]>,
    /// The abstract's beginning, letters and digits only.
    pub abstract_start: Box<str>,
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
        let is_venue = |title: &Title| {
            let kept: Vec<&str> = title.words.iter().filter(|word| !fields::is_lost(word)).collect();
            kept.len() == venue.len() && kept.into_iter().eq(venue.iter())
        };
        titles.retain(|title| venue.is_empty() || !is_venue(title));
        let ids = &record.identifiers;
        let values = [&ids.doi, &ids.pmid, &ids.pmcid, &ids.openalex, &ids.scopus, &ids.wos, &ids.arxiv];
        let identifiers = Scheme::ALL
            .into_iter()
            .zip(values)
            .filter_map(|(scheme, value)| {
                Some((scheme, value.as_deref().filter(|value| !value.trim().is_empty())?.into()))
            })
            .collect();
        let first_author = record.authors.first().and_then(|author| {
            let name = fold(&author.family);
            name.split(|c: char| !c.is_alphanumeric()).find(|word| word.chars().count() >= 2).map(Into::into)
        });
        let mut years: Vec<i16> = record.dates.iter().map(|date| date.year).collect();
        years.sort_unstable();
        years.dedup();
        let (volume, issue) = fields::volume_and_issue(record, &years);
        // An abstract that was filled in from elsewhere is not the record's own word.
        let own_abstract = record.abstract_text.as_deref().filter(|_| record.abstract_source.is_none());
        Self {
            titles: titles.into(),
            years: years.into(),
            volume,
            issue,
            pages: record.pages.as_deref().and_then(Pages::read),
            names: fields::names(record),
            first_author,
            venue,
            issn: ids.issn.iter().map(|issn| fold(issn).into()).collect(),
            identifiers,
            distrusted: 0,
            registrations: registrations(record),
            types: record.types.clone().into(),
            abstract_start: abstract_start(own_abstract.unwrap_or_default()),
        }
    }
    /// The title that stands for the record.
    pub fn title(&self) -> Option<&Title> {
        self.titles.first()
    }
    /// The value of an identifier, if it is trusted.
    pub fn identifier(&self, scheme: Scheme) -> Option<&str> {
        self.identifiers().find(|(own, _)| *own == scheme).map(|(_, value)| value)
    }
    /// The identifiers that are trusted.
    pub fn identifiers(&self) -> impl Iterator<Item = (Scheme, &str)> {
        let trusted = |scheme: Scheme| self.distrusted & (1 << scheme as u8) == 0;
        self.identifiers.iter().map(|(scheme, value)| (*scheme, &**value)).filter(move |(scheme, _)| trusted(*scheme))
    }
    /// Takes an identifier off: it speaks neither for nor against the record.
    pub fn distrust(&mut self, scheme: Scheme) {
        self.distrusted |= 1 << scheme as u8;
    }
    /// The smallest difference between the years of two records.
    pub fn years_apart(&self, other: &Self) -> Option<u16> {
        self.years.iter().flat_map(|a| other.years.iter().map(|b| a.abs_diff(*b))).min()
    }
    /// Whether two records are registered, by one registry, under different numbers, or share one.
    pub fn compare_registrations(&self, other: &Self) -> Agreement {
        let mut both = false;
        for (registry, number) in &self.registrations {
            for (other_registry, other_number) in &other.registrations {
                if registry == other_registry {
                    both = true;
                    if number == other_number {
                        return Agreement::Agrees;
                    }
                }
            }
        }
        if both { Agreement::Differs } else { Agreement::Unknown }
    }
    /// How many words of its title.
    pub fn title_words(&self) -> usize {
        self.title().map_or(0, |title| title.words.len())
    }
}

fn abstract_start(text: &str) -> Box<str> {
    // Folding the whole of a long text would cost more than comparing it.
    let start = fold(beginning(text, ABSTRACT_CHARACTERS * 2));
    let start: String = start.chars().filter(|c| c.is_alphanumeric()).take(ABSTRACT_CHARACTERS).collect();
    if start.chars().count() < 60 { Box::default() } else { start.into() }
}

/// Registration numbers that a record is filed under or bears in its title. Those in an abstract
/// are not: companion papers of one trial name the same number.
fn registrations(record: &Record) -> Box<[(&'static str, Box<str>)]> {
    const REGISTRIES: &[&str] = &["nct", "isrctn", "actrn", "chictr", "eudract", "drks", "umin", "crd", "irct", "ctri"];
    let mut found: Vec<(&'static str, Box<str>)> = Vec::new();
    let title = record.title.as_deref().unwrap_or_default();
    let values = record.identifiers.other.iter().map(|other| other.split_once(':').map_or(other.as_str(), |(_, v)| v));
    let urls = record.urls.iter().map(String::as_str).filter(|url| url.len() < 200);
    for text in values.chain([title]).chain(urls).filter(|text| text.bytes().any(|byte| byte.is_ascii_digit())) {
        for word in fold(text).split(|c: char| !c.is_alphanumeric()) {
            let registry = REGISTRIES.iter().find(|registry| word.starts_with(**registry));
            if let Some(registry) = registry
                && word.chars().filter(char::is_ascii_digit).count() >= 5
            {
                found.push((registry, word.into()));
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found.into()
}
