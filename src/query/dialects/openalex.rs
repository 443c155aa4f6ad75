//! OpenAlex's `title_and_abstract.search`. Rules: developers.openalex.org/guides/searching: AND, OR,
//! NOT in capitals, quotation marks; every word is stemmed; no wildcards, no proximity. It holds no
//! authors' keywords.
//!
//! A truncated word cannot be said, and a list of words for it may lose records: so its clause is
//! dropped. Only where that would leave nothing to ask are such lists sent, and the loss is told.

use super::parts::{cut, topic};
use super::stems::{self, listed};
use super::{Dialect, Place, Proximity, Reach, Said, Writer, all_of, any_of, say};
use crate::query::field::Scope;
use crate::query::term::{Term, is_reserved};
use crate::query::tree::Tree;
use crate::query::{Platform, Rendered};

struct OpenAlex {
    /// Whether truncated words are written out as lists.
    lists: bool,
}

pub(super) fn render(tree: &Tree) -> Rendered {
    stems::render(tree, |lists| OpenAlex { lists })
}

impl Dialect for OpenAlex {
    const PLATFORM: Platform = Platform::OpenAlex;
    const FIELD_ON_TERMS: bool = true;

    fn reach(&self, scope: Scope) -> Reach {
        match scope {
            Scope::Default => Reach::Exact(""),
            Scope::All => Reach::NoFullText(""),
            Scope::Named(set) => match topic(set) {
                None | Some((false, false, _)) => Reach::Unsayable,
                Some((true, true, _)) => Reach::Exact(""),
                Some(_) => Reach::Wider(""),
            },
        }
    }

    fn in_field(&self, _tag: &str, text: &str) -> String {
        text.to_owned()
    }

    fn term(&self, writer: &mut Writer, term: &Term, place: &Place<'_>) -> Said {
        if place.negative {
            let message = "OpenAlex excludes all forms of a word: under NOT that would lose records, so this exclusion is left out";
            writer.lose("stemmed", place.span, message);
            return Said::Nothing;
        }
        let mut exact = true;
        let mut forms = Vec::new();
        for form in term.forms() {
            let cut = cut(&form, None, false);
            exact &= cut.exact;
            forms.push(all_of(cut.parts.iter().map(|part| Said::simple(quote(part)))));
        }
        let said = any_of(forms);
        if exact {
            writer.lose("stemmed", &place.scope_span, "OpenAlex finds all forms of a word, not only the one written");
            return said;
        }
        if said != Said::Everything {
            let message = "OpenAlex has no wildcards: only the whole words are sent, and more is found";
            return writer.widened(place, "wildcard-widened", message, said);
        }
        if self.lists {
            return listed(writer, term, place, Self::PLATFORM, &|text| Said::simple(text), false);
        }
        writer.dropped(place, "unsayable-wildcard", "OpenAlex has no wildcards")
    }

    fn near(&self, writer: &mut Writer, near: Proximity<'_>, place: &Place<'_>) -> Said {
        let operands = [near.left, near.right].map(|node| say(self, writer, node, place));
        let message = "OpenAlex has no proximity: both are asked for with AND";
        writer.widened(place, "near-widened", message, all_of(operands))
    }
}

fn quote(term: &Term) -> String {
    let text = term.text();
    if term.single().is_some() && !is_reserved(&text) { text } else { format!("\"{text}\"") }
}
