//! Europe PMC. Rules: europepmc.org/searchsyntax; it is Lucene's: `"a b"~n` counts moves, and a pair
//! turned round costs two more, so that NEAR/n is held by `~(n+2)`.

use super::parts::{cut, plain_words, topic};
use super::{Dialect, Place, Proximity, Reach, Said, Writer, all_of, any_of, say};
use crate::query::Platform;
use crate::query::field::{Field, FieldSet, Scope};
use crate::query::term::{Term, is_reserved};

pub(super) struct EuropePmc;

const SHORTEST_STEM: usize = 3;
const MOST_PAIRS: usize = 100;

impl Dialect for EuropePmc {
    const PLATFORM: Platform = Platform::EuropePmc;
    const FIELD_ON_TERMS: bool = true;

    fn reach(&self, scope: Scope) -> Reach {
        match scope {
            Scope::Default => Reach::Exact("TITLE_ABS,KW"),
            // Without a field all is searched, open full texts too, and more than that.
            Scope::All => Reach::Wider(""),
            Scope::Named(set) if set.without(FieldSet::TEXT).is_empty() && set.has(Field::FullText) => Reach::Wider(""),
            Scope::Named(set) => match topic(set) {
                Some((true, true, true)) => Reach::Exact("TITLE_ABS,KW"),
                Some((true, true, false)) => Reach::Exact("TITLE_ABS"),
                Some((true, false, true)) => Reach::Exact("TITLE,KW"),
                Some((false, true, true)) => Reach::Exact("ABSTRACT,KW"),
                Some((true, false, false)) => Reach::Exact("TITLE"),
                Some((false, true, false)) => Reach::Exact("ABSTRACT"),
                Some((false, false, true)) => Reach::Exact("KW"),
                Some((false, false, false)) | None => Reach::Unsayable,
            },
        }
    }

    fn in_field(&self, tag: &str, text: &str) -> String {
        if tag.is_empty() { text.to_owned() } else { format!("{tag}:{text}") }
    }

    fn term(&self, writer: &mut Writer, term: &Term, place: &Place<'_>) -> Said {
        let mut exact = true;
        let mut forms = Vec::new();
        for form in term.forms() {
            let cut = cut(&form, Some(SHORTEST_STEM), false);
            exact &= cut.exact;
            forms.push(all_of(cut.parts.iter().map(|part| self.in_fields(place.tag, &quote(part)))));
        }
        let said = any_of(forms);
        if exact {
            return said;
        }
        let message =
            format!("Europe PMC truncates only single words, at the end, after {SHORTEST_STEM} letters or more");
        if said == Said::Everything {
            return writer.dropped(place, "short-truncation", &message);
        }
        writer.widened(place, "wildcard-widened", &format!("{message}: a wider form is sent"), said)
    }

    fn near(&self, writer: &mut Writer, near: Proximity<'_>, place: &Place<'_>) -> Said {
        let Proximity { distance, ordered, left, right } = near;
        let pairs = plain_words(left).zip(plain_words(right));
        if let Some((left, right)) = pairs.filter(|(left, right)| left.len() * right.len() <= MOST_PAIRS) {
            // Turned round costs two moves more, which fewer than two never reach.
            if ordered && place.negative && distance > 1 && writer.loses_order(near, Self::PLATFORM, place) {
                return Said::Nothing;
            }
            let slop = if place.negative || ordered { distance } else { distance + 2 };
            let pairs =
                left.iter().flat_map(|left| right.iter().map(move |right| format!("\"{left} {right}\"~{slop}")));
            let said = any_of(pairs.map(|pair| self.in_fields(place.tag, &pair)));
            let message = format!("Europe PMC counts moves, not words: sent as ~{slop}");
            writer.lose("near-widened", place.span, message);
            return said;
        }
        let operands = [left, right].map(|node| say(self, writer, node, place));
        let message = "Europe PMC's proximity takes two whole words: both are asked for with AND";
        writer.widened(place, "near-widened", message, all_of(operands))
    }
}

impl EuropePmc {
    /// In any of the fields of a tag.
    fn in_fields(&self, tag: &str, text: &str) -> Said {
        any_of(tag.split(',').map(|field| Said::simple(self.in_field(field, text))))
    }
}

fn quote(term: &Term) -> String {
    let text = term.text();
    if term.has_wildcard() || term.single().is_some() && !is_reserved(&text) { text } else { format!("\"{text}\"") }
}
