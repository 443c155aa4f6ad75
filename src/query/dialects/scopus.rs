//! Scopus, advanced search. Rules: dev.elsevier.com/sc_search_tips and the help on proximity
//! (`W/n`: at most n words between; PRE/0 for a phrase with wildcards; no AND or NOT inside).
//!
//! A bare word or a phrase in double quotes also finds plurals and spelling variants; that is how
//! Scopus reads words and is not told as a loss. Under NOT, where it would exclude too much, terms
//! without wildcards stand in braces, which switch it off.

use super::parts::{Identifier, holds_near, identifier, only_field, topic, whole_years, without_maybe};
use super::{Dialect, Place, Proximity, Reach, Said, Writer, all_of, any_of, is_uniform, operand, say};
use crate::query::field::{Field, Scope};
use crate::query::term::{Term, is_reserved};
use crate::query::tree::Node;
use crate::query::{Dates, Platform, publication};

pub(super) struct Scopus;

impl Dialect for Scopus {
    const PLATFORM: Platform = Platform::Scopus;
    const NOT: &'static str = " AND NOT ";
    const FIELD_ON_TERMS: bool = false;

    fn reach(&self, scope: Scope) -> Reach {
        let set = match scope {
            Scope::Default => return Reach::Exact("TITLE-ABS-KEY"),
            Scope::All => return Reach::NoFullText("ALL"),
            Scope::Named(set) => set,
        };
        match topic(set) {
            Some((true, true, true)) => Reach::Exact("TITLE-ABS-KEY"),
            Some((true, true, false)) => Reach::Exact("TITLE-ABS"),
            Some((true, false, false)) => Reach::Exact("TITLE"),
            Some((false, true, false)) => Reach::Exact("ABS"),
            Some((false, false, true)) => Reach::Exact("KEY"),
            Some(_) => Reach::Wider("TITLE-ABS-KEY"),
            None => match only_field(set) {
                Some(Field::Author) => Reach::Exact("AUTH"),
                Some(Field::Affiliation) => Reach::Exact("AFFIL"),
                Some(Field::Journal) => Reach::Exact("SRCTITLE"),
                Some(Field::Language) => Reach::Exact("LANGUAGE"),
                Some(Field::PublicationType) => Reach::Exact(TYPE),
                Some(Field::Identifier) => Reach::Exact(IDENTIFIER),
                Some(Field::Substance) => Reach::Exact("CHEM"),
                _ => Reach::Unsayable,
            },
        }
    }

    fn wraps(&self, node: &Node, place: &Place<'_>) -> bool {
        // Each identifier has a field of its own.
        is_uniform(node) && place.tag != IDENTIFIER
    }

    fn in_field(&self, tag: &str, text: &str) -> String {
        format!("{tag}({text})")
    }

    fn term(&self, writer: &mut Writer, term: &Term, place: &Place<'_>) -> Said {
        match place.tag {
            TYPE => return say_type(writer, term, place),
            IDENTIFIER => {
                return match identifier(term) {
                    Some(Identifier::Issn(issn)) => Said::simple(format!("ISSN({issn})")),
                    Some(Identifier::Number(number)) => Said::simple(format!("PMID({number})")),
                    None => writer.dropped(place, "unsayable-identifier", UNKNOWN_IDENTIFIER),
                };
            }
            _ => {}
        }
        let Some(forms) = without_maybe(term) else {
            return writer.dropped(place, "too-many-wildcards", "Scopus has no sign for `$`, and this term has many");
        };
        any_of(forms.iter().map(|form| match place.negative {
            true => exclude_form(writer, form, place),
            false => say_form(form, place),
        }))
    }

    fn near(&self, writer: &mut Writer, near: Proximity<'_>, place: &Place<'_>) -> Said {
        if matches!(place.tag, TYPE | IDENTIFIER) {
            return writer.dropped(place, "unsayable-field", "Scopus has no proximity there");
        }
        let name = if near.ordered { "PRE" } else { "W" };
        near_by(self, writer, &format!(" {name}/{} ", near.distance), near, place)
    }

    fn dates(&self, writer: &mut Writer, dates: &Dates, place: &Place<'_>) -> Said {
        say_years(writer, Self::PLATFORM, dates, place, |from, to| {
            let from = from.map(|year| Said::simple(format!("PUBYEAR > {}", year - 1)));
            let to = to.map(|year| Said::simple(format!("PUBYEAR < {}", year + 1)));
            all_of(from.into_iter().chain(to))
        })
    }
}

/// Kinds of publication, by their codes.
const TYPE: &str = "DOCTYPE";
/// Numbers, of which each kind has a field of its own.
const IDENTIFIER: &str = "ISSN";
pub(super) const UNKNOWN_IDENTIFIER: &str =
    "this is neither an ISSN nor a PMID, and anything else needs its punctuation";

fn say_type(writer: &mut Writer, term: &Term, place: &Place<'_>) -> Said {
    match publication::of_term(term).filter(|known| !known.scopus.is_empty()) {
        Some(known) => Said::simple(known.scopus),
        None => {
            let message = format!("Scopus has no document type `{}`", term.text());
            writer.dropped(place, "unsayable-type", &message)
        }
    }
}

/// A period in whole years, for platforms that know no months.
pub(super) fn say_years(
    writer: &mut Writer,
    platform: Platform,
    dates: &Dates,
    place: &Place<'_>,
    say: impl FnOnce(Option<i16>, Option<i16>) -> Said,
) -> Said {
    let message = format!("{} knows publication dates by the year only: whole years are asked for", platform.title());
    let Some((from, to, exact)) = whole_years(dates, place.negative) else {
        writer.lose("dates-widened", place.span, format!("{message}, and none lies in this period wholly"));
        return Said::Nothing;
    };
    if !exact {
        writer.lose("dates-widened", place.span, message);
    }
    say(from, to)
}

fn say_form(form: &Term, place: &Place<'_>) -> Said {
    let text = form.text();
    match form.single() {
        Some(_) if !is_reserved(&text) => Said::simple(text),
        // Inside NEAR no second proximity operator may stand.
        _ if form.has_wildcard() && !place.near => {
            let words: Vec<&str> = form.words.iter().map(|word| word.text.as_str()).collect();
            Said::compound(words.join(" PRE/0 "))
        }
        _ => Said::simple(format!("\"{text}\"")),
    }
}

/// A form under NOT: never more than it says.
fn exclude_form(writer: &mut Writer, form: &Term, place: &Place<'_>) -> Said {
    let text = form.text();
    match form.single() {
        Some(word) if word.has_wildcard() => Said::simple(text),
        Some(_) => Said::simple(format!("{{{text}}}")),
        None if form.has_wildcard() => {
            let message = "Scopus finds plurals of a phrase with wildcards too: under NOT that would lose records, so this exclusion is left out";
            writer.lose("plural-forms", place.span, message);
            Said::Nothing
        }
        None => {
            let message = "Scopus excludes a phrase only with exactly this punctuation: more may be found";
            writer.lose("punctuation", place.span, message);
            let spaced = text.replace('-', " ");
            any_of([text, spaced].map(|text| Said::simple(format!("{{{text}}}"))))
        }
    }
}

/// A NEAR for platforms that have an operator for it and take OR groups as operands, but no second
/// NEAR: that becomes AND.
pub(super) fn near_by<D: Dialect>(
    dialect: &D,
    writer: &mut Writer,
    operator: &str,
    Proximity { left, right, .. }: Proximity<'_>,
    place: &Place<'_>,
) -> Said {
    let nested = [left, right].into_iter().any(holds_near);
    let inside = Place { near: !nested, ..place.clone() };
    let operands = [left, right].map(|node| say(dialect, writer, node, &inside).settled());
    if nested {
        let message = format!("{} has no NEAR inside a NEAR: both are asked for with AND", D::PLATFORM.title());
        return writer.widened(place, "nested-near", &message, all_of(operands));
    }
    match operands {
        [Said::Text { text: left, compound: loose_left }, Said::Text { text: right, compound: loose_right }] => {
            Said::compound(format!("{}{operator}{}", operand(left, loose_left), operand(right, loose_right)))
        }
        // One side cannot be said: the other alone is wider (and nothing under NOT).
        operands => all_of(operands),
    }
}
