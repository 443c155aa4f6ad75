//! A title and abstract as one source gave it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{PartialDate, WorkType};

/// A record: what one source says of one document. Identified by `(source, source_key)`.
///
/// Sources fill what they have and leave the rest empty; nothing is guessed. Text is plain
/// (no markup, entities decoded, white space folded).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Record {
    /// The source's id (`scopus`, `pubmed` …), or `file` and `submission` for what came by hand.
    pub source: String,
    /// The source's own id; for files a hash of the content.
    pub source_key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The title in the original language, where the source gives both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original_title: Option<String>,
    /// Placeholders such as `[No abstract available]` are `None` (see `text::real_abstract`).
    #[serde(skip_serializing_if = "Option::is_none", rename = "abstract")]
    pub abstract_text: Option<String>,
    /// The source that gave the abstract, where it is not the record's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub abstract_source: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<Author>,
    /// Every publication date that the source gives (print, online …).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dates: Vec<PartialDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub venue: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub volume: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issue: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pages: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    pub identifiers: Identifiers,
    /// Unknown if empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub types: Vec<WorkType>,
    /// The source's own words for its types.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub source_types: Vec<String>,
    /// ISO 639-1 codes, lower case. Unknown if empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub urls: Vec<String>,
    /// Where a full text may lie.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub locations: Vec<Location>,
    /// What a format had that fits nowhere else, by its own tag.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub extra: BTreeMap<String, Vec<String>>,
}

impl Record {
    /// A record's stable key, `source:source_key`. A work's id is the smallest of its records' keys.
    pub fn key(&self) -> String {
        format!("{}:{}", self.source, self.source_key)
    }
    /// The earliest year that it gives.
    pub fn year(&self) -> Option<i16> {
        self.dates.iter().map(|date| date.year).min()
    }
}

/// An author; a collective has only `family` (its whole name) and `collective` set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Author {
    pub family: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub given: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub collective: bool,
}

impl Author {
    /// Reads `Family, Given` or `Given Family` (the last word is the family name; with a run of
    /// initials last, as in `Smith JA`, the words before them are).
    pub fn read(name: &str) -> Option<Self> {
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        let name = name.trim_matches([',', ';', ' ']);
        if name.is_empty() {
            return None;
        }
        if let Some((family, given)) = name.split_once(',') {
            return Some(Self { family: family.trim().into(), given: given.trim().into(), collective: false });
        }
        let (before, last) = match name.rsplit_once(' ') {
            Some(split) => split,
            None => return Some(Self { family: name.into(), ..Self::default() }),
        };
        let initials = |word: &str| {
            word.chars().filter(|c| c.is_alphabetic()).count() <= 3
                && word.chars().all(|c| c.is_uppercase() || matches!(c, '.' | '-'))
        };
        let (family, given) = if initials(last) {
            // `Smith J A`: all initials at the end are the given name.
            let mut family = before;
            while let Some((words, _)) = family.rsplit_once(' ').filter(|(_, word)| initials(word)) {
                family = words;
            }
            (family, name[family.len()..].trim())
        } else {
            (last, before)
        };
        Some(Self { family: family.into(), given: given.into(), collective: false })
    }
    /// A group that signs as author.
    pub fn collective(name: &str) -> Self {
        Self { family: name.trim().to_owned(), given: String::new(), collective: true }
    }
    /// `Family, Given`.
    pub fn display(&self) -> String {
        if self.given.is_empty() { self.family.clone() } else { format!("{}, {}", self.family, self.given) }
    }
}

/// Identifiers in their normal forms: DOI as `ids::normal_doi`, PMID as digits, PMCID as `PMC…`,
/// OpenAlex as `W…`, arXiv without version, ISSN and ISBN without separators.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Identifiers {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doi: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pmid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pmcid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub openalex: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scopus: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wos: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arxiv: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub issn: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub isbn: Vec<String>,
    /// Trial registration numbers and other identifiers, `scheme:value`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other: Vec<String>,
}

/// Where a full text may lie, as a source says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    pub url: String,
    pub kind: LocationKind,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub licence: Option<String>,
    /// `published`, `accepted`, `submitted`, where known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub version: Option<String>,
}

/// What a location promises; what arrives is judged by its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LocationKind {
    Jats,
    Pdf,
    Html,
    Unknown,
}

/// Something of a file, page or response that is no record, kept with its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// In lower case, saying what is wrong.
    pub reason: String,
    /// The raw bytes.
    pub raw: Vec<u8>,
    /// The line (from 1) in a file, where there is one.
    pub line: Option<usize>,
}
