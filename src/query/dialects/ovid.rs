//! Ovid MEDLINE, one line. Rules: Ovid's help ("Advanced Search Techniques") and the MEDLINE database
//! guide: `adjN` (at most N−1 words between, any order, N up to 99), `adj` and words side by side
//! (in this order), `$` or `*` at a word's end only, with a number of letters at most, `#` one letter,
//! `?` one or none, none of them first in a word.
//!
//! A hyphen is a space there, so the forms of a term differ only where it is written together.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::parts::{reach_by, tags};
use super::{Dialect, Place, Proximity, Reach, Said, Writer, all_of, any_of, heading_as_words, operand, say};
use crate::query::clause::{Dates, Heading, Vocabulary};
use crate::query::field::{Field, FieldSet, Scope};
use crate::query::term::{Joint, Term, Word, is_reserved};
use crate::query::{Platform, subheadings};

pub(super) struct Ovid;

/// The largest number of `adjN`.
const MOST_DISTANCE: u16 = 99;

/// The codes of the fields. Journals, substances and identifiers by the fields of words.
const CODES: [(Field, &str); 11] = [
    (Field::Title, "ti"),
    (Field::Abstract, "ab"),
    (Field::Keywords, "kf"),
    (Field::Author, "au"),
    (Field::Affiliation, "in"),
    (Field::Journal, "jw"),
    (Field::PublicationType, "pt"),
    (Field::Language, "la"),
    (Field::Identifier, "ui,do,is"),
    (Field::Subheading, "fs"),
    (Field::Substance, "nm,rn"),
];

/// The tags of all sets of fields, made once.
static TAGS: LazyLock<HashMap<FieldSet, String>> = LazyLock::new(|| tags(&CODES));

impl Dialect for Ovid {
    const PLATFORM: Platform = Platform::Ovid;
    const FIELD_ON_TERMS: bool = false;

    fn reach(&self, scope: Scope) -> Reach {
        match scope {
            Scope::Default => Reach::Exact("ti,ab,kf"),
            Scope::All => Reach::NoFullText("af"),
            Scope::Named(set) => reach_by(&TAGS, set),
        }
    }

    fn in_field(&self, tag: &str, text: &str) -> String {
        format!("({text}).{tag}.")
    }

    fn term(&self, writer: &mut Writer, term: &Term, place: &Place<'_>) -> Said {
        let mut exact = true;
        let forms: Vec<Said> = term.forms().iter().map(|form| say_form(form, place, &mut exact)).collect();
        let said = any_of(forms);
        if exact {
            return said;
        }
        let message = "Ovid truncates only at a word's end, and no word begins with a wildcard";
        if said == Said::Everything {
            return writer.dropped(place, "unsayable-wildcard", message);
        }
        writer.widened(place, "wildcard-widened", &format!("{message}: a wider form is sent"), said)
    }

    fn near(&self, writer: &mut Writer, near: Proximity<'_>, place: &Place<'_>) -> Said {
        let phrase = near.ordered && near.distance == 0;
        if !phrase && writer.loses_order(near, Self::PLATFORM, place) {
            return Said::Nothing;
        }
        let inside = Place { near: true, ..place.clone() };
        let operands = [near.left, near.right].map(|node| say(self, writer, node, &inside).settled());
        if near.distance >= MOST_DISTANCE {
            let message = format!("adjN goes up to {MOST_DISTANCE} in Ovid: both are asked for with AND");
            return writer.widened(place, "near-widened", &message, all_of(operands));
        }
        let operator = if phrase { "adj".to_owned() } else { format!("adj{}", near.distance + 1) };
        match operands {
            [Said::Text { text: left, compound: loose_left }, Said::Text { text: right, compound: loose_right }] => {
                Said::compound(format!("{} {operator} {}", operand(left, loose_left), operand(right, loose_right)))
            }
            // One side cannot be said: the other alone is wider (and nothing under NOT).
            operands => all_of(operands),
        }
    }

    fn heading(&self, writer: &mut Writer, heading: &Heading, place: &Place<'_>) -> Said {
        if heading.vocabulary != Vocabulary::Mesh {
            return heading_as_words(self, writer, heading, place);
        }
        let mut text = format!("{}\"{}\"/", if heading.major { "*" } else { "" }, heading.name);
        if heading.explode {
            text.insert_str(0, "exp ");
        }
        let codes: Option<Vec<&str>> = heading.subheadings.iter().map(|name| subheadings::code_of(name)).collect();
        match codes {
            Some(codes) => Said::simple(text + &codes.join(",")),
            None => {
                let message = format!("Ovid has no code for a subheading of {heading}: any of them is found");
                writer.widened(place, "unsayable-subheading", &message, Said::simple(text))
            }
        }
    }

    fn dates(&self, writer: &mut Writer, dates: &Dates, place: &Place<'_>) -> Said {
        let years = |from, to| any_of(year_patterns(from, to).into_iter().map(Said::simple)).settled();
        let (from, to) = (dates.from.map_or(1000, |date| date.year), dates.to.map_or(2999, |date| date.year));
        let said = match years(from, to) {
            Said::Text { text, .. } => Said::simple(self.in_field("yr", &text)),
            said => said,
        };
        if [dates.from, dates.to].iter().flatten().all(|date| date.month.is_none()) {
            return said;
        }
        writer.widened(
            place,
            "dates-widened",
            "Ovid dates by whole years: the whole of the first and last year is found",
            said,
        )
    }

    fn native(&self, text: &str) -> Option<String> {
        // Commands stand on lines of their own, and name the line that they limit.
        (!text.starts_with("limit to ") && !text.starts_with("use ")).then(|| text.to_owned())
    }
}

/// A form of a term; where it is not exactly said, `exact` becomes false.
fn say_form(form: &Term, place: &Place<'_>, exact: &mut bool) -> Said {
    let mut runs: Vec<Vec<(Joint, String)>> = vec![Vec::new()];
    for word in &form.words {
        let (text, same) = own_word(word);
        *exact &= same;
        match text {
            Some(text) => runs.last_mut().into_iter().for_each(|run| run.push((word.joint, text.clone()))),
            None => runs.push(Vec::new()),
        }
    }
    runs.retain(|run| !run.is_empty());
    // Without a word a phrase has no distance to anything.
    if runs.len() != 1 && place.near {
        return Said::Everything;
    }
    all_of(runs.iter().map(|run| Said::simple(phrase(run))))
}

/// A word with Ovid's wildcards, and whether that is exactly it; `None` where nothing can be said.
fn own_word(word: &Word) -> (Option<String>, bool) {
    let stem = word.text.split('*').next().unwrap_or_default();
    let cut = stem.len() < word.text.len();
    let same = !cut || stem.len() + 1 == word.text.len();
    if stem.is_empty() || stem.starts_with(['?', '$']) {
        return (None, false);
    }
    let letters = stem.trim_end_matches('$');
    let most = stem.len() - letters.len();
    let mut text = letters.replace('?', "#").replace('$', "?");
    match most {
        _ if cut => text.push('*'),
        0 => {}
        1 => text.push('?'),
        _ => text.push_str(&format!("*{most}")),
    }
    // `ab$$*` is `ab*`.
    (Some(text), same)
}

/// Words as a phrase, in quotation marks where Ovid would take one for something else.
fn phrase(run: &[(Joint, String)]) -> String {
    let mut text = String::new();
    for (at, (joint, word)) in run.iter().enumerate() {
        match joint {
            _ if at == 0 => {}
            Joint::Hyphen => text.push('-'),
            Joint::Mark(mark) => text.push(*mark),
            Joint::Space | Joint::Apostrophe => text.push(' '),
        }
        text.push_str(word);
    }
    let odd = |word: &str| {
        let word = word.to_ascii_lowercase();
        let adjacent = word.strip_prefix("adj").is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
        is_reserved(&word) || adjacent || matches!(word.as_str(), "exp" | "freq" | "use" | "limit")
    };
    let number = run.len() == 1 && text.bytes().all(|byte| byte.is_ascii_digit());
    if number || run.iter().any(|(_, word)| odd(word)) { format!("\"{text}\"") } else { text }
}

/// The years from one to another, whole decades, centuries and millennia with wildcards.
fn year_patterns(from: i16, to: i16) -> Vec<String> {
    let mut patterns = Vec::new();
    let mut year = i32::from(from);
    let to = i32::from(to);
    while year <= to {
        let span = [1000, 100, 10, 1].into_iter().find(|span| year % span == 0 && year + span - 1 <= to).unwrap_or(1);
        let signs = span.to_string().len() - 1;
        let digits = year.to_string();
        patterns.push(format!("{}{}", &digits[..digits.len() - signs], "#".repeat(signs)));
        year += span;
    }
    patterns
}
