//! Web of Science, advanced search, as both its APIs take it. Rules: webofscience.help.clarivate.com
//! (search operators, wildcards). The Starter API has neither AB nor AK nor ALL, so those become TS;
//! nor AD, CU and LA, so those clauses are left out.
//!
//! A word without wildcards stands in quotation marks, which switch lemmatising off.

use super::parts::{Identifier, identifier, only_field, topic};
use super::scopus::{UNKNOWN_IDENTIFIER, near_by, say_years};
use super::{Dialect, Place, Proximity, Reach, Said, Writer, any_of, is_uniform};
use crate::query::field::{Field, Scope};
use crate::query::term::Term;
use crate::query::tree::Node;
use crate::query::{Dates, Platform, publication};

pub(super) struct Wos;

/// Letters that must stand before `*` in a topic or title search.
const SHORTEST_STEM: usize = 3;

impl Dialect for Wos {
    const PLATFORM: Platform = Platform::Wos;
    const FIELD_ON_TERMS: bool = false;

    fn reach(&self, scope: Scope) -> Reach {
        let set = match scope {
            Scope::Default => return Reach::Exact("TS"),
            Scope::All => return Reach::NoFullText("TS"),
            Scope::Named(set) => set,
        };
        match topic(set) {
            Some((true, true, true)) => Reach::Exact("TS"),
            Some((true, false, false)) => Reach::Exact("TI"),
            Some(_) => Reach::Wider("TS"),
            None => match only_field(set) {
                Some(Field::Author) => Reach::Exact("AU"),
                Some(Field::Journal) => Reach::Exact("SO"),
                Some(Field::PublicationType) => Reach::Exact(TYPE),
                Some(Field::Identifier) => Reach::Exact(IDENTIFIER),
                _ => Reach::Unsayable,
            },
        }
    }

    fn wraps(&self, node: &Node, place: &Place<'_>) -> bool {
        // Each identifier has a field of its own.
        is_uniform(node) && place.tag != IDENTIFIER
    }

    fn in_field(&self, tag: &str, text: &str) -> String {
        format!("{tag}=({text})")
    }

    fn term(&self, writer: &mut Writer, term: &Term, place: &Place<'_>) -> Said {
        match place.tag {
            TYPE => return say_type(writer, term, place),
            IDENTIFIER => {
                return match identifier(term) {
                    Some(Identifier::Issn(issn)) => Said::simple(format!("IS=({issn})")),
                    Some(Identifier::Number(number)) => Said::simple(format!("PMID=({number})")),
                    None => writer.dropped(place, "unsayable-identifier", UNKNOWN_IDENTIFIER),
                };
            }
            _ => {}
        }
        let short =
            term.words.iter().any(|word| word.text.contains('*') && word.stem().chars().count() < SHORTEST_STEM);
        if short {
            let message = format!("Web of Science needs {SHORTEST_STEM} letters before `*`");
            return writer.dropped(place, "short-truncation", &message);
        }
        any_of(term.forms().iter().map(|form| {
            let text = form.text();
            let bare = form.single().is_some() && form.has_wildcard();
            Said::simple(if bare { text } else { format!("\"{text}\"") })
        }))
    }

    fn near(&self, writer: &mut Writer, near: Proximity<'_>, place: &Place<'_>) -> Said {
        if matches!(place.tag, TYPE | IDENTIFIER) {
            return writer.dropped(place, "unsayable-field", "Web of Science has no proximity there");
        }
        if writer.loses_order(near, Self::PLATFORM, place) {
            return Said::Nothing;
        }
        near_by(self, writer, &format!(" NEAR/{} ", near.distance), near, place)
    }

    fn dates(&self, writer: &mut Writer, dates: &Dates, place: &Place<'_>) -> Said {
        say_years(writer, Self::PLATFORM, dates, place, |from, to| {
            // A range has no open form; the collection begins in 1864.
            Said::simple(format!("PY=({}-{})", from.unwrap_or(1800), to.unwrap_or(2100)))
        })
    }
}

/// Kinds of publication, by the names that Web of Science gives them.
const TYPE: &str = "DT";
/// Numbers, of which each kind has a field of its own.
const IDENTIFIER: &str = "IS";

fn say_type(writer: &mut Writer, term: &Term, place: &Place<'_>) -> Said {
    match publication::of_term(term).filter(|known| !known.wos.is_empty()) {
        Some(known) => Said::simple(format!("\"{}\"", known.wos)),
        None => {
            let message = format!("Web of Science has no document type `{}`", term.text());
            writer.dropped(place, "unsayable-type", &message)
        }
    }
}
