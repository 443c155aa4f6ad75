//! OpenAlex's `search` parameter. Rules: developers.openalex.org/guides/searching: AND, OR, NOT in
//! capitals, quotation marks; words are stemmed; no wildcards, no proximity; title, abstract and
//! full text at once.

use super::parts::cut;
use super::{Dialect, Place, Reach, Said, Writer, all_of, any_of, say, write};
use crate::query::term::{Term, is_reserved};
use crate::query::tree::{Node, Scope, Tree};
use crate::query::{Platform, Rendered};

struct OpenAlex;

pub(super) fn render(tree: &Tree) -> Rendered {
    write(tree, &OpenAlex)
}

impl Dialect for OpenAlex {
    const PLATFORM: Platform = Platform::OpenAlex;
    const FIELD_ON_TERMS: bool = true;

    fn reach(&self, _scope: Scope) -> Reach {
        Reach::Wider("")
    }

    fn in_field(&self, _tag: &str, text: &str) -> String {
        text.to_owned()
    }

    fn term(&self, writer: &mut Writer, term: &Term, place: &Place<'_>) -> Said {
        let mut exact = true;
        let mut forms = Vec::new();
        for form in term.forms() {
            let cut = cut(&form, None, false);
            exact &= cut.exact;
            forms.push(all_of(cut.parts.iter().map(|part| Said::simple(quote(part)))));
        }
        let said = any_of(forms);
        let message = "OpenAlex has no wildcards";
        match said {
            Said::Everything => writer.dropped(place, "unsayable-wildcard", message),
            said if exact => said,
            said => {
                writer.widened(place, "wildcard-widened", &format!("{message}: only the whole words are sent"), said)
            }
        }
    }

    fn near(&self, writer: &mut Writer, _distance: u16, left: &Node, right: &Node, place: &Place<'_>) -> Said {
        let operands = [left, right].map(|node| say(self, writer, node, place));
        let message = "OpenAlex has no proximity: both are asked for with AND";
        writer.widened(place, "near-widened", message, all_of(operands))
    }
}

fn quote(term: &Term) -> String {
    let text = term.text();
    if term.single().is_some() && !is_reserved(&text) { text } else { format!("\"{text}\"") }
}
