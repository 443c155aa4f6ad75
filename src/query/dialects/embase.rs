//! Embase.com. Rules: Elsevier's support pages for Embase: NEAR/n and NEXT/n find words within n words
//! of each other (n−1 between), NEXT in this order; `*` any number of letters, `?` one, `$` one or none,
//! none of them first in a word; wildcards in a phrase are not taken by all versions, so its words
//! stand with NEXT/1; all operators are read from left to right, so everything has its parentheses.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::parts::{reach_by, tags};
use super::{Dialect, Place, Proximity, Reach, Said, Writer, all_of, any_of, heading_as_words, operand, say};
use crate::query::Platform;
use crate::query::clause::{Dates, Heading, Vocabulary};
use crate::query::field::{Field, FieldSet, Scope};
use crate::query::term::{Term, Word, is_reserved};

pub(super) struct Embase;

/// The largest distance that is written.
const MOST_DISTANCE: u16 = 255;

static TAGS: LazyLock<HashMap<FieldSet, String>> = LazyLock::new(|| {
    tags(&[
        (Field::Title, "ti"),
        (Field::Abstract, "ab"),
        (Field::Keywords, "kw"),
        (Field::Author, "au"),
        (Field::Affiliation, "ad"),
        (Field::Journal, "jt"),
        (Field::PublicationType, "it"),
        (Field::Language, "la"),
        (Field::Identifier, "do,is,ui"),
        (Field::Subheading, "lnk"),
        (Field::Substance, "tn,rn"),
    ])
});

impl Dialect for Embase {
    const PLATFORM: Platform = Platform::Embase;
    const FIELD_ON_TERMS: bool = false;

    fn reach(&self, scope: Scope) -> Reach {
        match scope {
            Scope::Default => Reach::Exact("ti,ab,kw"),
            Scope::All => Reach::NoFullText(""),
            Scope::Named(set) => reach_by(&TAGS, set),
        }
    }

    fn in_field(&self, tag: &str, text: &str) -> String {
        if tag.is_empty() { format!("({text})") } else { format!("({text}):{tag}") }
    }

    fn term(&self, writer: &mut Writer, term: &Term, place: &Place<'_>) -> Said {
        let mut exact = true;
        let said = any_of(term.forms().iter().map(|form| say_form(form, place, &mut exact)).collect::<Vec<_>>());
        if exact {
            return said;
        }
        let message = "in Embase no word begins with a wildcard";
        if said == Said::Everything {
            return writer.dropped(place, "leading-wildcard", message);
        }
        writer.widened(place, "wildcard-widened", &format!("{message}: such a word is left out"), said)
    }

    fn near(&self, writer: &mut Writer, near: Proximity<'_>, place: &Place<'_>) -> Said {
        let inside = Place { near: true, ..place.clone() };
        let operands = [near.left, near.right].map(|node| say(self, writer, node, &inside).settled());
        if near.distance >= MOST_DISTANCE {
            let message = format!("NEAR/n goes up to {MOST_DISTANCE} in Embase: both are asked for with AND");
            return writer.widened(place, "near-widened", &message, all_of(operands));
        }
        let operator = if near.ordered { "NEXT" } else { "NEAR" };
        match operands {
            [Said::Text { text: left, compound: loose_left }, Said::Text { text: right, compound: loose_right }] => {
                let (left, right) = (operand(left, loose_left), operand(right, loose_right));
                Said::compound(format!("{left} {operator}/{} {right}", near.distance + 1))
            }
            // One side cannot be said: the other alone is wider (and nothing under NOT).
            operands => all_of(operands),
        }
    }

    fn heading(&self, writer: &mut Writer, heading: &Heading, place: &Place<'_>) -> Said {
        if heading.vocabulary != Vocabulary::Emtree || heading.name.contains('\'') {
            return heading_as_words(self, writer, heading, place);
        }
        let how = match (heading.explode, heading.major) {
            (true, true) => "/exp/mj",
            (true, false) => "/exp",
            (false, true) => "/mj",
            (false, false) => "/de",
        };
        let said = |links: &str| Said::simple(format!("'{}'{how}{links}", heading.name));
        // As Embase writes them: `dm_dt`, `dd_ae`.
        let own =
            |name: &String| name.contains('_') && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        if heading.subheadings.is_empty() {
            return said("");
        }
        if heading.subheadings.iter().all(own) {
            return said(&format!("/{}", heading.subheadings.join(",")));
        }
        let message = format!("Embase has other subheadings than {heading}: any of them is found");
        writer.widened(place, "unsayable-subheading", &message, said(""))
    }

    fn dates(&self, writer: &mut Writer, dates: &Dates, place: &Place<'_>) -> Said {
        let (from, to) = (dates.from.map_or(1000, |date| date.year), dates.to.map_or(2999, |date| date.year));
        let said = Said::simple(format!("[{from}-{to}]/py"));
        if [dates.from, dates.to].iter().flatten().all(|date| date.month.is_none()) {
            return said;
        }
        let message = "Embase dates by whole years: the whole of the first and last year is found";
        writer.widened(place, "dates-widened", message, said)
    }
}

/// A form of a term; where it is not exactly said, `exact` becomes false.
fn say_form(form: &Term, place: &Place<'_>, exact: &mut bool) -> Said {
    let sayable = |word: &&Word| !word.text.starts_with(['*', '?', '$']);
    let mut runs: Vec<Vec<&str>> = vec![Vec::new()];
    for word in &form.words {
        match Some(word).filter(sayable) {
            Some(word) => runs.last_mut().into_iter().for_each(|run| run.push(&word.text)),
            None => {
                *exact = false;
                runs.push(Vec::new());
            }
        }
    }
    runs.retain(|run| !run.is_empty());
    // Without a word a phrase has no distance to anything.
    if runs.len() != 1 && place.near {
        return Said::Everything;
    }
    all_of(runs.iter().map(|run| phrase(run)))
}

/// Words next to each other.
fn phrase(run: &[&str]) -> Said {
    let wild = run.iter().any(|word| word.contains(['*', '?', '$']));
    let quoted = |word: &&str| if is_reserved(word) { format!("'{word}'") } else { (*word).to_owned() };
    match run {
        [word] => Said::simple(quoted(word)),
        _ if wild => Said::compound(run.iter().map(quoted).collect::<Vec<_>>().join(" NEXT/1 ")),
        _ => Said::simple(format!("'{}'", run.join(" "))),
    }
}
