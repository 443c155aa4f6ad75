//! Clauses that are no words in a text: headings of a controlled vocabulary, dates, and what only
//! one platform understands.

use std::fmt;

use super::Platform;
use super::term::Term;
use crate::model::{PartialDate, Truth};

/// A controlled vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Vocabulary {
    /// Medical Subject Headings: PubMed, Ovid MEDLINE, Cochrane.
    Mesh,
    /// Embase.
    Emtree,
    /// The database's own: CINAHL headings, the APA's, ERIC's and others.
    Thesaurus,
}

impl Vocabulary {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Mesh, Self::Emtree, Self::Thesaurus];

    /// The name that the language gives it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mesh => "mesh",
            Self::Emtree => "emtree",
            Self::Thesaurus => "thesaurus",
        }
    }
}

/// A heading of a controlled vocabulary, given to a record by an indexer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Heading {
    pub vocabulary: Vocabulary,
    /// The heading's words; never empty, without `/` and quotation marks.
    pub name: String,
    /// Subheadings of which one must stand with it; empty: any or none.
    pub subheadings: Vec<String>,
    /// Whether narrower headings count too.
    pub explode: bool,
    /// Whether it must be a main topic of the record.
    pub major: bool,
}

impl Heading {
    /// A heading with its narrower ones. `None` if the name holds no letter or digit.
    pub fn new(vocabulary: Vocabulary, name: &str) -> Option<Self> {
        let clean = |text: &str| text.replace(['"', '/'], " ").split_whitespace().collect::<Vec<_>>().join(" ");
        let mut parts = name.split('/');
        let name = clean(parts.next().unwrap_or_default());
        let subheadings: Vec<String> = parts.map(clean).filter(|part| !part.is_empty()).collect();
        name.contains(char::is_alphanumeric).then_some(Self {
            vocabulary,
            name,
            subheadings,
            explode: true,
            major: false,
        })
    }

    /// The heading's words as a phrase, `None` if there are none.
    pub fn term(&self) -> Option<Term> {
        let wildcards: &[char] = &['*', '?', '$'];
        Term::read_plain(&self.name.replace(wildcards, " "))
    }
}

/// gleaner's own syntax: `mesh:"Wounds and Injuries/therapy"`, `mesh.major.only:"Wounds"`.
impl fmt::Display for Heading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.vocabulary.name())?;
        if self.major {
            f.write_str(".major")?;
        }
        if !self.explode {
            f.write_str(".only")?;
        }
        write!(f, ":\"{}", self.name)?;
        for subheading in &self.subheadings {
            write!(f, "/{subheading}")?;
        }
        f.write_str("\"")
    }
}

/// Published in these years, months or days, both ends included; an end left out is open. Never
/// open at both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Dates {
    pub from: Option<PartialDate>,
    pub to: Option<PartialDate>,
}

impl Dates {
    /// Reads `2020..2023-07`, `2020..`, `..2023`, `2021`.
    pub(super) fn read(text: &str) -> Option<Self> {
        let date = |text: &str| if text.is_empty() { Some(None) } else { PartialDate::read(text).map(Some) };
        let (from, to) = text.split_once("..").unwrap_or((text, text));
        let dates = Self { from: date(from)?, to: date(to)? };
        (dates.from.is_some() || dates.to.is_some()).then_some(dates)
    }

    /// Whether a date lies in it: unknown where it is known to the year or month only and that
    /// reaches across an end.
    pub fn holds(&self, date: PartialDate) -> Truth {
        let first = |date: PartialDate| (date.year, date.month.unwrap_or(1), date.day.unwrap_or(1));
        let last = |date: PartialDate| (date.year, date.month.unwrap_or(12), date.day.unwrap_or(31));
        let (earliest, latest) = (first(date), last(date));
        let from = self.from.map(first);
        let to = self.to.map(last);
        if from.is_some_and(|from| latest < from) || to.is_some_and(|to| earliest > to) {
            Truth::False
        } else if from.is_none_or(|from| from <= earliest) && to.is_none_or(|to| latest <= to) {
            Truth::True
        } else {
            Truth::Unknown
        }
    }
}

/// gleaner's own syntax: `date:2020..2023-07`.
impl fmt::Display for Dates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = |date: Option<PartialDate>| date.map(|date| date.to_string()).unwrap_or_default();
        write!(f, "date:{}..{}", end(self.from), end(self.to))
    }
}

/// A clause that only one platform understands: sent there as it is, unknown here.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Native {
    pub platform: Platform,
    /// In the platform's syntax; complete in itself.
    pub text: String,
}

/// gleaner's own syntax: `only.pubmed:"hasabstract[text]"`, with `\"` and `\\` inside.
impl fmt::Display for Native {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "only.{}:\"{}\"", self.platform, self.text.replace('\\', "\\\\").replace('"', "\\\""))
    }
}
