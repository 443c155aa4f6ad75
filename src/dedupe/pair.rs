//! Two records side by side: what the rules make of the pair, and how each field compares.

use serde::Serialize;

use super::features::{Features, Scheme};
use super::fields::{Agreement, compare_values};
use super::score::{compare_abstracts, compare_titles};
use super::veto::{Place, veto};
use super::{cluster, compact};
use crate::model::{Author, Record};

/// What the rules say of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    Duplicate,
    /// A person decides.
    Possible,
    Distinct,
}

impl Outcome {
    /// The name that files and pages use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate",
            Self::Possible => "possible",
            Self::Distinct => "distinct",
        }
    }
}

/// How a field of two records compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    Agrees,
    Differs,
    /// Neither the same nor another.
    Alike,
    /// A side is empty, or the two cannot be compared: no evidence.
    Unknown,
}

impl Verdict {
    /// The name that files and pages use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Agrees => "agrees",
            Self::Differs => "differs",
            Self::Alike => "alike",
            Self::Unknown => "no evidence",
        }
    }
}

impl From<Agreement> for Verdict {
    fn from(agreement: Agreement) -> Self {
        match agreement {
            Agreement::Agrees => Self::Agrees,
            Agreement::Differs => Self::Differs,
            Agreement::Unknown => Self::Unknown,
        }
    }
}

/// One field of both.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FieldReport {
    pub name: &'static str,
    /// As the records give it.
    pub left: Option<String>,
    pub right: Option<String>,
    pub verdict: Verdict,
    /// How alike the two are, 0 to 1, where likeness is measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
}

/// A pair, explained.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PairReport {
    pub outcome: Outcome,
    /// The rule that links the two, the one that forbids it (`other-pmid`, `only-one-erratum` …), or
    /// `too-little`.
    pub rule: String,
    /// The link's score, 0 to 1; 0 where nothing links them.
    pub score: f64,
    /// The fields that speak, in words.
    pub why: String,
    /// Every field that either record gives.
    pub fields: Vec<FieldReport>,
}

/// What the rules make of two records by themselves. Within a larger set the outcome may be another: an
/// identifier that many titles bear is not trusted there, and a third record may forbid or make a union.
pub fn explain_pair(a: &Record, b: &Record) -> PairReport {
    let (one, other) = (Features::of(a), Features::of(b));
    let clusters = cluster(&[a, b]);
    let (outcome, link) = match (clusters.merged.first(), clusters.possible.first()) {
        (Some(link), _) => (Outcome::Duplicate, Some(link)),
        (None, Some(link)) => (Outcome::Possible, Some(link)),
        (None, None) => (Outcome::Distinct, None),
    };
    let (rule, score, why) = match (link, veto(&one, &other)) {
        (Some(link), _) => (link.rule.clone(), link.score, link.why.clone()),
        (None, Some(veto)) => (veto.rule.to_owned(), 0.0, veto.why),
        (None, None) => ("too-little".to_owned(), 0.0, "too little agrees".to_owned()),
    };
    PairReport { outcome, rule, score, why, fields: fields(a, b, &one, &other) }
}

fn fields(a: &Record, b: &Record, one: &Features, other: &Features) -> Vec<FieldReport> {
    let place = Place::of(one, other);
    let mut fields = Vec::new();
    let mut add = |name, left: Option<String>, right: Option<String>, verdict: Verdict, score: Option<f64>| {
        if left.is_some() || right.is_some() {
            let score = score.filter(|_| left.is_some() && right.is_some());
            fields.push(FieldReport { name, left, right, verdict, score });
        }
    };
    let titles = compare_titles(one, other, 0.0).map(|titles| titles.similarity);
    add("title", a.title.clone(), b.title.clone(), likeness(titles), titles);
    let authors = shared_authors(one, other);
    add("authors", names(&a.authors), names(&b.authors), likeness(authors), authors);
    let years = match one.years_apart(other) {
        Some(0) => Verdict::Agrees,
        Some(1) => Verdict::Alike,
        Some(_) => Verdict::Differs,
        None => Verdict::Unknown,
    };
    add("date", dates(a), dates(b), years, None);
    add("venue", a.venue.clone(), b.venue.clone(), place.venue.into(), None);
    add("volume", a.volume.clone(), b.volume.clone(), place.volume.into(), None);
    add("issue", a.issue.clone(), b.issue.clone(), place.issue.into(), None);
    add("pages", a.pages.clone(), b.pages.clone(), place.pages.into(), None);
    for scheme in Scheme::ALL {
        let of = |features: &Features| features.identifier(scheme).map(str::to_owned);
        let (left, right) = (of(one), of(other));
        let verdict = compare_values(left.as_ref(), right.as_ref()).into();
        add(&scheme.rule()["same-".len()..], left, right, verdict, None);
    }
    let numbers = |record: &Record| joined(record.identifiers.other.iter().cloned());
    let registered = one.compare_registrations(other).into();
    add("registrations", numbers(a), numbers(b), registered, None);
    let types = |record: &Record| joined(record.types.iter().map(|kind| kind.name().to_owned()));
    let typed = match (a.types.is_empty() || b.types.is_empty(), a.types == b.types) {
        (true, _) => Verdict::Unknown,
        (false, true) => Verdict::Agrees,
        (false, false) => Verdict::Differs,
    };
    add("type", types(a), types(b), typed, None);
    let abstracts = compare_abstracts(one, other).into();
    let alike = (!one.abstract_start.is_empty() && !other.abstract_start.is_empty())
        .then(|| compact::likeness(&one.abstract_start, &other.abstract_start, 0.0).unwrap_or_default());
    add("abstract", a.abstract_text.clone(), b.abstract_text.clone(), abstracts, alike);
    fields
}

/// Likeness in a word: from here on it is misprints, below it is another text.
fn likeness(share: Option<f64>) -> Verdict {
    match share {
        None => Verdict::Unknown,
        Some(share) if share >= 0.95 => Verdict::Agrees,
        Some(share) if share >= 0.6 => Verdict::Alike,
        Some(_) => Verdict::Differs,
    }
}

/// The share of the shorter list's names that the longer has too.
fn shared_authors(a: &Features, b: &Features) -> Option<f64> {
    let fewest = a.names.len().min(b.names.len());
    let shared = a.names.shared(&b.names);
    #[expect(clippy::cast_precision_loss, reason = "numbers of authors")]
    (fewest > 0).then(|| shared as f64 / fewest as f64)
}

fn names(authors: &[Author]) -> Option<String> {
    joined(authors.iter().map(Author::display))
}

fn dates(record: &Record) -> Option<String> {
    joined(record.dates.iter().map(ToString::to_string))
}

fn joined(texts: impl Iterator<Item = String>) -> Option<String> {
    let joined = texts.collect::<Vec<_>>().join("; ");
    (!joined.is_empty()).then_some(joined)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PartialDate;

    fn record(key: &str) -> Record {
        Record {
            source: "file".into(),
            source_key: key.into(),
            title: Some("Choirs after stroke in four market towns: a cohort study".into()),
            authors: vec![Author { family: "Hill".into(), given: "Ann".into(), collective: false }],
            dates: vec![PartialDate::of_year(2020).unwrap()],
            venue: Some("Voice".into()),
            ..Record::default()
        }
    }

    #[test]
    fn each_field_says_how_it_compares() {
        let mut other = record("b");
        other.dates = vec![PartialDate::of_year(2021).unwrap()];
        other.volume = Some("3".into());
        let report = explain_pair(&record("a"), &other);
        assert_eq!(report.outcome, Outcome::Duplicate);
        let verdict = |name: &str| report.fields.iter().find(|field| field.name == name).map(|field| field.verdict);
        assert_eq!(verdict("title"), Some(Verdict::Agrees));
        assert_eq!(verdict("date"), Some(Verdict::Alike));
        assert_eq!(verdict("volume"), Some(Verdict::Unknown), "an empty field is no evidence");
        assert_eq!(verdict("pages"), None, "what neither gives is not listed");
    }

    #[test]
    fn a_veto_is_named() {
        let mut other = record("b");
        other.title = Some("Erratum: Choirs after stroke in four market towns: a cohort study".into());
        let report = explain_pair(&record("a"), &other);
        assert_ne!(report.outcome, Outcome::Duplicate);
        assert!(report.why.contains("erratum"), "{}", report.why);
    }

    #[test]
    fn both_ways_say_the_same() {
        let mut other = record("b");
        other.title = Some("Choirs after strokes in five market towns".into());
        let (there, back) = (explain_pair(&record("a"), &other), explain_pair(&other, &record("a")));
        assert_eq!((there.outcome, there.rule, there.why), (back.outcome, back.rule, back.why));
    }
}
