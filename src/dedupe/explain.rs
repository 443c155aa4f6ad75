//! What comparing two records gives, told field by field.

use serde::Serialize;

use super::features::{Features, Scheme};
use super::fields::Agreement;
use super::score::{POSSIBLE, Score, THRESHOLD, score};
use super::veto::{Place, veto};
use crate::model::{Author, Record};

/// The three outcomes for a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// One work.
    Duplicate,
    /// A person decides.
    Possible,
    /// Two works.
    Distinct,
}

/// A field of two records side by side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Compared {
    pub field: &'static str,
    /// The records' own values; empty where a record has none.
    pub a: String,
    pub b: String,
    /// What comparing them says (`equal`, `96 % alike`, `differs`); empty where it says nothing.
    pub says: String,
    /// What that counts, in hundredths of a point.
    pub points: i32,
}

/// Why two records are one work, might be, or are not.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    pub verdict: Verdict,
    /// The name of the rule that decides: of the veto, the identifier, or the score.
    pub rule: &'static str,
    /// 0 to 1; one half where a pair becomes one work. Not a probability.
    pub score: f64,
    /// The sum of the fields' points, and from where on it means possible and duplicate.
    pub points: i32,
    pub possible_from: i32,
    pub duplicate_from: i32,
    pub fields: Vec<Compared>,
    /// What forbids a merge.
    pub veto: Option<String>,
    /// Why a person decides, whatever agrees.
    pub caps: Vec<&'static str>,
}

/// Compares two records as deduplication does. Whether they are in one work also depends on the
/// others: an identifier that many titles bear is not trusted, and a veto between other members of
/// the two works stops a merge.
pub fn explain(a: &Record, b: &Record) -> Explanation {
    let (one, other) = (Features::of(a), Features::of(b));
    let scored = score(&one, &other);
    let same =
        |scheme: &Scheme| one.identifier(*scheme).is_some() && one.identifier(*scheme) == other.identifier(*scheme);
    let identifier = Scheme::ALL.into_iter().find(same);
    let veto = veto(&one, &other);
    let points = scored.as_ref().map_or(0, |score| score.points);
    let (verdict, rule) = match (&veto, identifier, &scored) {
        (Some(veto), None, Some(score)) if score.points >= THRESHOLD => (Verdict::Possible, veto.rule),
        (Some(veto), Some(_), _) => (Verdict::Possible, veto.rule),
        (Some(veto), None, _) => (Verdict::Distinct, veto.rule),
        (None, Some(scheme), _) => (Verdict::Duplicate, scheme.rule()),
        (None, None, Some(score)) if score.points >= THRESHOLD => (Verdict::Duplicate, score.rule()),
        (None, None, Some(score)) if score.points >= POSSIBLE => (Verdict::Possible, score.rule()),
        (None, None, Some(_)) => (Verdict::Distinct, "too-little-agrees"),
        (None, None, None) => (Verdict::Distinct, "other-title"),
    };
    Explanation {
        verdict,
        rule,
        score: if veto.is_none() && identifier.is_some() { 1.0 } else { Score::as_share(points) },
        points,
        possible_from: POSSIBLE,
        duplicate_from: THRESHOLD,
        fields: fields(a, b, &one, &other, scored.as_ref()),
        veto: veto.map(|veto| veto.why),
        caps: scored.map(|score| score.caps).unwrap_or_default(),
    }
}

fn fields(a: &Record, b: &Record, one: &Features, other: &Features, scored: Option<&Score>) -> Vec<Compared> {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let authors = |record: &Record| record.authors.iter().map(Author::display).collect::<Vec<_>>().join("; ");
    let years = |features: &Features| features.years.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let pairs = [
        ("title", text(&a.title), text(&b.title)),
        ("authors", authors(a), authors(b)),
        ("year", years(one), years(other)),
        ("venue", text(&a.venue), text(&b.venue)),
        ("volume", text(&a.volume), text(&b.volume)),
        ("issue", text(&a.issue), text(&b.issue)),
        ("pages", text(&a.pages), text(&b.pages)),
        ("doi", text(&a.identifiers.doi), text(&b.identifiers.doi)),
        ("pmid", text(&a.identifiers.pmid), text(&b.identifiers.pmid)),
        ("abstract", text(&a.abstract_text), text(&b.abstract_text)),
    ];
    let place = Place::of(one, other);
    pairs
        .into_iter()
        .map(|(field, a, b)| {
            let found = scored.and_then(|score| score.fields.iter().find(|evidence| evidence.field == field));
            let says = match (found, field) {
                (Some(evidence), _) => evidence.says.clone(),
                // Titles too unlike to be scored, and numbers that rules look at by themselves.
                (None, "title") if !a.is_empty() && !b.is_empty() => "differs".to_owned(),
                (None, "pmid") if !a.is_empty() && !b.is_empty() => if a == b { "equal" } else { "differs" }.to_owned(),
                (None, "volume") => said(place.volume),
                (None, "pages") => said(place.pages),
                _ => String::new(),
            };
            Compared { field, a, b, says, points: found.map_or(0, |evidence| evidence.points) }
        })
        .collect()
}

fn said(agreement: Agreement) -> String {
    match agreement {
        Agreement::Agrees => "equal",
        Agreement::Differs => "differs",
        Agreement::Unknown => "",
    }
    .to_owned()
}
