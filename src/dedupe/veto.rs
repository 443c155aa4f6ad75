//! What forbids that two records are one work, whatever else agrees.

use super::features::{Features, Scheme};
use super::fields::{Agreement, compare_values, compare_venues};
use super::marks::Mark;
use super::score::compare_abstracts;
use super::title::Title;
use crate::model::WorkType;

/// Why two records cannot be one work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Veto {
    /// The rule's name.
    pub rule: &'static str,
    pub why: String,
}

fn because(rule: &'static str, why: impl Into<String>) -> Option<Veto> {
    Some(Veto { rule, why: why.into() })
}

/// Why two records cannot be one work; `None` if nothing forbids it. Symmetric.
pub fn veto(a: &Features, b: &Features) -> Option<Veto> {
    let same = |scheme: Scheme| a.identifier(scheme).is_some() && a.identifier(scheme) == b.identifier(scheme);
    // A database's own number for a document is that database's word that it is one document.
    if [Scheme::Pmid, Scheme::OpenAlex, Scheme::Scopus, Scheme::Wos].into_iter().any(same) {
        return None;
    }
    if let (Some(one), Some(other)) = (a.identifier(Scheme::Pmid), b.identifier(Scheme::Pmid))
        && one != other
    {
        return because("other-pmid", format!("PMIDs {one} and {other} differ"));
    }
    if a.compare_registrations(b) == Agreement::Differs {
        return because("other-registration", "registration numbers differ");
    }
    let place = Place::of(a, b);
    let same_doi = same(Scheme::Doi);
    if let (Some(one), Some(other)) = (a.title(), b.title())
        && let Some(reason) = titles_forbid(one, other, place.is_same() || same_doi)
    {
        // A misprint in one of two copies: same first page, same abstract.
        let copies = place.pages == Agreement::Agrees && compare_abstracts(a, b) == Agreement::Agrees;
        if !(copies && one.marks == other.marks) {
            return Some(reason);
        }
    }
    let short = |features: &Features| features.title_words() < 8;
    if let Some(reason) = place.forbids(same_doi, short(a) || short(b)) {
        return because("other-place", reason);
    }
    if !same_doi && place.are_parts(a, b) {
        return because("adjacent-pages", "adjacent pages of one issue");
    }
    if !same_doi && !place.is_same() { types_forbid(&a.types, &b.types) } else { None }
}

/// Whether `a` has no volume, and its issue and page are the other's volume and issue: an export
/// moved the fields on by one.
fn shifted(a: &Features, b: &Features) -> bool {
    let page = a.pages.as_ref().filter(|pages| pages.range.is_none()).and_then(|pages| pages.first.parse::<u64>().ok());
    a.volume.is_none() && a.issue.is_some() && page.is_some() && a.issue == b.volume && page == b.issue
}

/// How the places of two records compare.
pub struct Place {
    /// By ISSN or name.
    pub venue: Agreement,
    /// By name alone.
    pub venue_name: Agreement,
    pub volume: Agreement,
    pub issue: Agreement,
    pub pages: Agreement,
    /// Both name one range of several pages.
    pub same_span: bool,
    pub doi: Agreement,
}

impl Place {
    /// Compares them.
    pub fn of<'a>(a: &'a Features, b: &'a Features) -> Self {
        let pages = match (&a.pages, &b.pages) {
            (Some(a), Some(b)) => a.compare(b),
            _ => Agreement::Unknown,
        };
        let venue_name = compare_venues(&a.venue, &b.venue);
        if shifted(a, b) || shifted(b, a) {
            let venue = venue_name;
            return Self {
                venue,
                venue_name,
                volume: Agreement::Agrees,
                issue: Agreement::Agrees,
                pages: Agreement::Unknown,
                same_span: false,
                doi: Agreement::Unknown,
            };
        }
        let same_issn = a.issn.iter().any(|issn| b.issn.contains(issn));
        let doi = |features: &'a Features| features.identifier(Scheme::Doi);
        Self {
            doi: compare_values(doi(a).as_ref(), doi(b).as_ref()),
            venue: if same_issn { Agreement::Agrees } else { venue_name },
            venue_name,
            volume: compare_values(a.volume.as_ref(), b.volume.as_ref()),
            issue: compare_values(a.issue.as_ref(), b.issue.as_ref()),
            pages,
            same_span: a.pages.as_ref().zip(b.pages.as_ref()).is_some_and(|(one, other)| one.same_span(other)),
        }
    }
    /// Same volume, same first page.
    pub fn is_same(&self) -> bool {
        self.volume == Agreement::Agrees && self.pages == Agreement::Agrees
    }
    /// Two places are two documents, even of one title: an abstract in a supplement and the
    /// article, an editor's column in each issue.
    /// Of a long title an issue that differs says nothing unless the pages differ too.
    fn forbids(&self, same_doi: bool, short_title: bool) -> Option<&'static str> {
        let elsewhere = self.volume == Agreement::Differs && !self.same_span;
        if same_doi {
            let all = elsewhere && self.pages == Agreement::Differs && self.venue_name == Agreement::Differs;
            return all.then_some("one DOI, but venue, volume and pages differ");
        }
        if elsewhere {
            return Some("volumes differ");
        }
        let other_pages = self.pages == Agreement::Differs || (short_title && self.pages == Agreement::Unknown);
        let other_doi = self.doi == Agreement::Differs && !self.same_span;
        let other_issue = self.issue == Agreement::Differs && (other_pages || other_doi);
        (other_issue && self.volume == Agreement::Agrees).then_some("issues of one volume differ")
    }
    /// Parts 1, 2, 3 stand one after the other.
    fn are_parts(&self, a: &Features, b: &Features) -> bool {
        let (Some(one), Some(other)) = (&a.pages, &b.pages) else { return false };
        one.adjacent(other)
            && self.volume == Agreement::Agrees
            && self.issue != Agreement::Differs
            && self.venue != Agreement::Differs
    }
}

/// Words of which each makes another document of the same title.
const OPPOSITES: &[(&str, &str)] = &[("vitro", "vivo")];

fn titles_forbid(a: &Title, b: &Title, same_document: bool) -> Option<Veto> {
    if a.compact() == b.compact() {
        return None;
    }
    let only = |one: &Title, other: &Title| one.marks.iter().find(|mark| !other.marks.contains(mark)).copied();
    if let Some(mark) = only(a, b).or_else(|| only(b, a)) {
        // A letter is often listed without saying so.
        if !(mark == Mark::Letter && same_document) {
            return because(mark.rule(), format!("one is {}", mark.name()));
        }
    }
    for (one, other) in OPPOSITES {
        let only = |title: &Title, word: &str, not: &str| {
            title.words.iter().any(|own| own == word) && !title.words.iter().any(|own| own == not)
        };
        if (only(a, one, other) && only(b, other, one)) || (only(a, other, one) && only(b, one, other)) {
            return because("opposite-words", format!("one says {one}, the other {other}"));
        }
    }
    if a.digits == b.digits || a.all_digits == b.all_digits {
        return None;
    }
    // A number missing on one side may be a subtitle lost; a different one is a different document.
    if same_document && (a.digits.is_empty() || b.digits.is_empty()) {
        return None;
    }
    because("other-numbers", format!("numbers in the titles differ ({} / {})", show(&a.digits), show(&b.digits)))
}

fn show(digits: &str) -> &str {
    if digits.is_empty() { "none" } else { digits }
}

/// A notice is not the article it is about. Only known types speak.
fn types_forbid(a: &[WorkType], b: &[WorkType]) -> Option<Veto> {
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let notices = [WorkType::Erratum, WorkType::Retraction, WorkType::Letter, WorkType::Editorial];
    let differs = |kind: &WorkType| a.contains(kind) != b.contains(kind);
    let kind = notices.iter().find(|kind| differs(kind))?;
    because("other-type", format!("only one is of type {}", kind.name()))
}
