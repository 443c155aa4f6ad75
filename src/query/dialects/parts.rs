//! What several dialects need to take terms apart.

use std::collections::HashMap;

use super::Reach;
use crate::model::PartialDate;
use crate::query::Dates;
use crate::query::field::{Field, FieldSet};
use crate::query::term::{Joint, Term, Word};
use crate::query::tree::{Kind, Node};

/// Which of title, abstract and keywords a set names; `None` if it names any other field.
pub(super) fn topic(set: FieldSet) -> Option<(bool, bool, bool)> {
    let [title, abstract_text, keywords] = [Field::Title, Field::Abstract, Field::Keywords].map(|field| set.has(field));
    set.without(FieldSet::TOPIC).is_empty().then_some((title, abstract_text, keywords))
}

/// The field of a set that names one.
pub(super) fn only_field(set: FieldSet) -> Option<Field> {
    let mut fields = set.fields();
    fields.next().filter(|_| fields.next().is_none())
}

/// The tags of all sets of these fields, their codes joined by commas.
pub(super) fn tags(codes: &[(Field, &str)]) -> HashMap<FieldSet, String> {
    let sets = (1..1_u32 << codes.len()).map(|bits| {
        let chosen = codes.iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1);
        let (mut set, mut tag) = (FieldSet::NONE, Vec::new());
        for (_, (field, code)) in chosen {
            set = set.with(FieldSet::of(&[*field]));
            tag.push(*code);
        }
        (set, tag.join(","))
    });
    sets.collect()
}

/// How well a platform without full texts reaches a set of fields, by the tags of all that it has.
pub(super) fn reach_by(tags: &'static HashMap<FieldSet, String>, set: FieldSet) -> Reach {
    let held = set.without(FieldSet::of(&[Field::FullText]));
    match tags.get(&held) {
        None => Reach::Unsayable,
        Some(tag) if held == set => Reach::Exact(tag),
        Some(tag) => Reach::NoFullText(tag),
    }
}

/// The forms of a term in which `$` is written out: without the letter, and with `?` for it.
/// `None` if that would be more than eight.
pub(super) fn without_maybe(term: &Term) -> Option<Vec<Term>> {
    const MOST_SIGNS: usize = 3;
    let mut forms = term.forms();
    let signs = term.text().matches('$').count();
    if signs > MOST_SIGNS {
        return None;
    }
    for _ in 0..signs {
        forms = forms.iter().flat_map(|form| [replace_sign(form, ""), replace_sign(form, "?")]).collect();
    }
    Some(forms)
}

/// The first `$` of the term replaced.
fn replace_sign(term: &Term, with: &str) -> Term {
    let mut term = term.clone();
    if let Some(word) = term.words.iter_mut().find(|word| word.text.contains('$')) {
        word.text = word.text.replacen('$', with, 1);
    }
    term
}

/// A term cut to what can be said: phrases and words that must all be there.
pub(super) struct Cut {
    /// Each without quotation marks, as written.
    pub parts: Vec<Term>,
    /// Whether the parts together say exactly the term.
    pub exact: bool,
}

/// Cuts a term for a platform that knows `*` at a word's end only.
///
/// `shortest` is the least number of letters before it (`None`: no truncation at all);
/// `in_phrases` is whether a phrase may end with it.
pub(super) fn cut(term: &Term, shortest: Option<usize>, in_phrases: bool) -> Cut {
    let mut parts: Vec<Term> = Vec::new();
    let mut run: Vec<Word> = Vec::new();
    let mut exact = true;
    let flush = |run: &mut Vec<Word>, parts: &mut Vec<Term>| {
        if let Some(first) = run.first_mut() {
            first.joint = Joint::Space;
            parts.push(Term { words: std::mem::take(run) });
        }
    };
    for word in &term.words {
        if !word.has_wildcard() {
            run.push(word.clone());
            continue;
        }
        let stem = word.stem();
        if shortest.is_none_or(|shortest| stem.chars().count() < shortest) {
            exact = false;
            flush(&mut run, &mut parts);
            continue;
        }
        let truncated = format!("{stem}*");
        exact &= truncated == word.text;
        if !in_phrases {
            flush(&mut run, &mut parts);
        }
        run.push(Word { text: truncated, joint: word.joint });
        flush(&mut run, &mut parts);
    }
    flush(&mut run, &mut parts);
    exact &= parts.len() == 1;
    Cut { parts, exact }
}

/// Cuts a term for a platform that knows wildcards anywhere in a single word, but not in a phrase.
/// A word that begins with one is left out.
pub(super) fn split_wildcards(term: &Term) -> Cut {
    let mut parts: Vec<Term> = Vec::new();
    let mut run: Vec<Word> = Vec::new();
    let mut exact = true;
    for word in &term.words {
        if !word.has_wildcard() {
            run.push(Word { joint: if run.is_empty() { Joint::Space } else { word.joint }, ..word.clone() });
            continue;
        }
        if !run.is_empty() {
            parts.push(Term { words: std::mem::take(&mut run) });
        }
        if word.stem().is_empty() {
            exact = false;
        } else {
            parts.push(Term { words: vec![Word { joint: Joint::Space, ..word.clone() }] });
        }
    }
    if !run.is_empty() {
        parts.push(Term { words: run });
    }
    exact &= parts.len() == 1;
    Cut { parts, exact }
}

/// The single words without wildcards of an operand of NEAR, if it is nothing else.
pub(super) fn plain_words(node: &Node) -> Option<Vec<&str>> {
    match &node.kind {
        Kind::Term(term) => {
            let word = term.single().filter(|word| !word.has_wildcard())?;
            Some(vec![word.text.as_str()])
        }
        Kind::Or(nodes) => {
            let words: Option<Vec<Vec<&str>>> = nodes.iter().map(plain_words).collect();
            words.map(|words| words.concat())
        }
        _ => None,
    }
}

/// Whether a NEAR stands inside.
pub(super) fn holds_near(node: &Node) -> bool {
    matches!(node.kind, Kind::Near { .. }) || node.children().into_iter().any(holds_near)
}

/// What number an identifier is, if that can be told without its punctuation.
pub(super) enum Identifier {
    /// Eight digits with a hyphen.
    Issn(String),
    /// Digits alone, as a PMID has.
    Number(String),
}

/// Reads an identifier. A DOI has lost its punctuation in a term, and is none of these.
pub(super) fn identifier(term: &Term) -> Option<Identifier> {
    let text = term.text().replace(' ', "-");
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'X');
    match text.split_once('-') {
        Some((one, other)) if one.len() == 4 && other.len() == 4 && digits(one) && digits(other) => {
            Some(Identifier::Issn(text))
        }
        None if digits(&text) && !text.contains('X') => Some(Identifier::Number(text)),
        _ => None,
    }
}

/// A period for a platform that knows whole years, and whether that is exactly the period. Under NOT
/// (`negative`) only the years that lie in it wholly; `None` where there are none.
pub(super) fn whole_years(dates: &Dates, negative: bool) -> Option<(Option<i16>, Option<i16>, bool)> {
    let begins = |date: PartialDate| date.month.unwrap_or(1) == 1 && date.day.unwrap_or(1) == 1;
    let ends = |date: PartialDate| date.month.unwrap_or(12) == 12 && date.day.unwrap_or(31) == 31;
    let exact = dates.from.is_none_or(begins) && dates.to.is_none_or(ends);
    let inward = |whole: bool| i16::from(negative && !whole);
    let from = dates.from.map(|date| date.year + inward(begins(date)));
    let to = dates.to.map(|date| date.year - inward(ends(date)));
    let some = match (from, to) {
        (Some(from), Some(to)) => from <= to || !negative,
        _ => true,
    };
    some.then_some((from, to, exact))
}

/// The first or last day of a date as eight digits.
fn compact_day(date: PartialDate, last: bool) -> String {
    let month = if last { date.last_month() } else { date.first_month() };
    let day = date.day.unwrap_or(if last { month.last_day() } else { 1 });
    format!("{:04}{:02}{day:02}", month.year, month.month)
}

/// A period as `20200301-20230731`; an open end is as far away as any publication.
pub(super) fn compact_period(dates: &Dates) -> String {
    let from = dates.from.map_or_else(|| "10000101".to_owned(), |date| compact_day(date, false));
    let to = dates.to.map_or_else(|| "29991231".to_owned(), |date| compact_day(date, true));
    format!("{from}-{to}")
}
