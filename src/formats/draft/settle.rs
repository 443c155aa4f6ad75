//! What is settled once all fields are known: which of several values wins.

use std::collections::HashSet;

use super::values::title;
use super::{Draft, ids};
use crate::model::PartialDate;
use crate::text::real_abstract;

impl Draft {
    /// Full names replace short ones where every author has one.
    pub(super) fn settle_authors(&mut self) {
        if self.record.authors.is_empty() {
            self.record.authors.extend(self.cited_author.take());
        }
        let single = self.record.authors.iter().filter(|author| !author.collective).count();
        if self.full_authors.is_empty() || self.full_authors.len() < single {
            return;
        }
        let groups = std::mem::take(&mut self.record.authors).into_iter().filter(|author| author.collective);
        self.record.authors = std::mem::take(&mut self.full_authors).into_iter().chain(groups).collect();
    }

    pub(super) fn choose_title(&mut self) -> Option<String> {
        let titles = std::mem::take(&mut self.titles).into_iter().map(|(rank, tag, text)| (rank, tag, title(&text)));
        self.choose(titles.filter(|(_, _, text)| !text.is_empty()).collect())
    }

    /// The first of the lowest rank; the others are kept by their tags where they differ.
    pub(super) fn choose(&mut self, mut values: Vec<(u8, String, String)>) -> Option<String> {
        values.sort_by_key(|(rank, _, _)| *rank);
        let mut values = values.into_iter();
        let (_, _, chosen) = values.next()?;
        for (_, tag, other) in values.filter(|(_, _, other)| *other != chosen) {
            self.extra(&tag, &other);
        }
        Some(chosen)
    }

    /// All abstracts of the lowest rank that has one, joined: some exports give each section apart.
    pub(super) fn choose_abstract(&mut self) -> Option<String> {
        let mut real: Vec<_> = std::mem::take(&mut self.abstracts)
            .into_iter()
            .filter_map(|(rank, tag, text)| real_abstract(&text).map(|text| (rank, tag, text)))
            .collect();
        real.sort_by_key(|(rank, _, _)| *rank);
        let best = real.first()?.0;
        let mut parts: Vec<String> = Vec::new();
        for (rank, tag, text) in real {
            if rank == best && !parts.contains(&text) {
                parts.push(text);
            } else if !parts.contains(&text) {
                self.extra(&tag, &text);
            }
        }
        Some(parts.join(" "))
    }

    /// A month given apart belongs to the year.
    pub(super) fn settle_dates(&mut self) {
        let Some((month, day)) = self.month else { return };
        if let Some(bare) = self.record.dates.iter_mut().find(|date| date.month.is_none()) {
            *bare = PartialDate::new(i32::from(bare.year), Some(month), day).unwrap_or(*bare);
        }
        let dates = std::mem::take(&mut self.record.dates);
        for date in dates {
            if !self.record.dates.contains(&date) {
                self.record.dates.push(date);
            }
        }
    }

    pub(super) fn settle_pages(&mut self) {
        if self.record.pages.is_none() {
            // Rayyan writes the dash of a range before its end.
            let end = self.end_page.take().map(|end| end.trim_start_matches('-').to_owned());
            self.record.pages = match (self.start_page.take(), end) {
                (Some(start), Some(end)) if start != end && !start.contains('-') => Some(format!("{start}-{end}")),
                (Some(page), _) | (None, Some(page)) => Some(page),
                (None, None) => self.article_number.take(),
            };
        }
        if let Some(number) = self.article_number.take().filter(|number| self.record.pages.as_ref() != Some(number)) {
            self.extra("article-number", &number);
        }
    }

    /// A bare accession number is a PMID where the entry names MEDLINE, `PubMed` or (in its own field)
    /// Embase as its database.
    pub(super) fn settle_numbers(&mut self) {
        if self.record.identifiers.pmid.is_some() {
            return;
        }
        let extra = &self.record.extra;
        let named = |tags: &[&str], words: &[&str]| {
            let values = tags.iter().filter_map(|tag| extra.get(*tag)).flatten();
            values.map(|value| value.to_lowercase()).any(|value| words.iter().any(|word| value.contains(word)))
        };
        let number = |tags: &[&str]| {
            let mut values = tags.iter().filter_map(|tag| extra.get(*tag)).flatten();
            values.find(|value| (5..=8).contains(&value.len())).and_then(|value| ids::pmid(value))
        };
        let databases = ["DB", "DP", "remote-database-name", "remote-database-provider", "Database", "Database Name"];
        let found = if named(&databases, &["medline", "pubmed", "nlm"]) {
            number(&["AN", "UI", "accession-num", "Accession Number", "Unique Identifier"])
        } else {
            None
        };
        let found = found.or_else(|| named(&databases, &["embase"]).then(|| number(&["C5", "custom5"])).flatten());
        self.record.identifiers.pmid = found;
    }

    pub(super) fn settle_dois(&mut self) {
        self.dois.sort_by_key(|(trust, _)| *trust);
        let mut dois = std::mem::take(&mut self.dois).into_iter().filter(|(trust, _)| *trust < 3);
        let Some((best, chosen)) = dois.next() else { return };
        let others: HashSet<String> =
            dois.filter(|(trust, doi)| *trust == best && *doi != chosen).map(|(_, doi)| doi).collect();
        let mut others: Vec<String> = others.into_iter().collect();
        others.sort();
        for other in others {
            self.extra("doi", &other);
        }
        self.record.identifiers.doi = Some(chosen);
    }
}
