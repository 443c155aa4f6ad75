//! EBSCOhost. Rules: connect.ebsco.com (wildcards, proximity, field codes) and help.ebsco.com (how
//! phrases are searched, stop words).
//!
//! Words without wildcards stand in quotation marks, which switch off plurals and keep a word from
//! being read as a field code. Stop words are never looked for, and stand for any one word: that
//! finds more, is the platform's own, and is told only where an exclusion would take too much.

use super::parts::{Identifier, compact_period, identifier, only_field, topic};
use super::scopus::{UNKNOWN_IDENTIFIER, near_by};
use super::{Dialect, Place, Proximity, Reach, Said, Writer, any_of, heading_as_words, is_uniform};
use crate::query::field::{Field, Scope};
use crate::query::term::Term;
use crate::query::tree::{Kind, Node};
use crate::query::{Dates, Heading, Platform, Vocabulary, publication};

pub(super) struct Ebsco;

/// Numbers, of which each kind has a field of its own.
const IDENTIFIER: &str = "IS";
/// Words that EBSCOhost never looks for.
const STOP_WORDS: &[&str] = &[
    "a", "an", "and", "are", "as", "at", "be", "because", "been", "but", "by", "for", "from", "had", "has", "have",
    "he", "her", "his", "however", "if", "in", "is", "it", "its", "not", "of", "on", "or", "so", "that", "the",
    "their", "there", "they", "this", "to", "was", "were", "which", "with",
];

impl Dialect for Ebsco {
    const PLATFORM: Platform = Platform::Ebsco;
    const FIELD_ON_TERMS: bool = false;

    fn wraps(&self, node: &Node, place: &Place<'_>) -> bool {
        // Fields written one after the other hold for what one of them alone must have.
        is_uniform(node) && place.tag != IDENTIFIER && (!place.tag.contains(',') || !joins(node))
    }

    fn reach(&self, scope: Scope) -> Reach {
        let set = match scope {
            Scope::Default => return Reach::Exact("TI,AB,SU,KW"),
            Scope::All => return Reach::Exact("TX"),
            Scope::Named(set) => set,
        };
        match topic(set) {
            Some((true, true, true)) => Reach::Exact("TI,AB,SU,KW"),
            Some((true, true, false)) => Reach::Exact("TI,AB"),
            Some((true, false, true)) => Reach::Exact("TI,SU,KW"),
            Some((false, true, true)) => Reach::Exact("AB,SU,KW"),
            Some((true, false, false)) => Reach::Exact("TI"),
            Some((false, true, false)) => Reach::Exact("AB"),
            Some((false, false, true)) => Reach::Exact("SU,KW"),
            Some((false, false, false)) | None => match only_field(set) {
                Some(Field::Author) => Reach::Exact("AU"),
                Some(Field::Affiliation) => Reach::Exact("AF"),
                Some(Field::Journal) => Reach::Exact("SO"),
                Some(Field::Language) => Reach::Exact("LA"),
                Some(Field::PublicationType) => Reach::Exact("PT"),
                Some(Field::Identifier) => Reach::Exact(IDENTIFIER),
                Some(Field::Subheading) => Reach::Wider("MW"),
                Some(Field::FullText) => Reach::Wider("TX"),
                _ => Reach::Unsayable,
            },
        }
    }

    fn in_field(&self, tag: &str, text: &str) -> String {
        let fields: Vec<String> = tag.split(',').map(|field| format!("{field} ({text})")).collect();
        match fields.as_slice() {
            [field] => field.clone(),
            fields => format!("({})", fields.join(" OR ")),
        }
    }

    fn term(&self, writer: &mut Writer, term: &Term, place: &Place<'_>) -> Said {
        if place.tag == IDENTIFIER {
            return match identifier(term) {
                Some(Identifier::Issn(issn)) => Said::simple(format!("IS \"{issn}\"")),
                Some(Identifier::Number(number)) => Said::simple(format!("PM \"{number}\"")),
                None => writer.dropped(place, "unsayable-identifier", UNKNOWN_IDENTIFIER),
            };
        }
        if place.tag == "PT" && publication::of_term(term).is_some_and(|known| known.name == "article") {
            return Said::simple("\"Journal Article\"");
        }
        if term.words.iter().any(|word| word.text.starts_with(['*', '?', '$'])) {
            let message = "EBSCOhost takes no wildcard at a word's beginning";
            return writer.dropped(place, "leading-wildcard", message);
        }
        if place.negative && term.words.iter().any(|word| STOP_WORDS.contains(&word.text.to_lowercase().as_str())) {
            let message = "EBSCOhost takes any word for a stop word: under NOT that would lose records, so this exclusion is left out";
            writer.lose("stop-word", place.span, message);
            return Said::Nothing;
        }
        let ends_in_one = term.words.iter().any(|word| word.text.ends_with('?'));
        let said = any_of(term.forms().iter().map(say_form));
        match ends_in_one {
            true => {
                let message =
                    "EBSCOhost drops `?` at a word's end: # is sent, which also finds the word without a letter";
                writer.widened(place, "wildcard-widened", message, said)
            }
            false => said,
        }
    }

    fn near(&self, writer: &mut Writer, near: Proximity<'_>, place: &Place<'_>) -> Said {
        if place.tag == IDENTIFIER {
            return writer.dropped(place, "unsayable-field", "EBSCOhost has no proximity there");
        }
        let name = if near.ordered { "W" } else { "N" };
        near_by(self, writer, &format!(" {name}{} ", near.distance), near, place)
    }

    fn heading(&self, writer: &mut Writer, heading: &Heading, place: &Place<'_>) -> Said {
        if heading.vocabulary == Vocabulary::Emtree {
            return heading_as_words(self, writer, heading, place);
        }
        let name = &heading.name;
        let own = heading.vocabulary == Vocabulary::Thesaurus;
        let code = match (own, heading.major) {
            (false, false) => "MH",
            (false, true) => "MM",
            (true, false) => "DE",
            (true, true) => "MA",
        };
        let plus = if heading.explode && !own { "+" } else { "" };
        let said = Said::simple(format!("({code} \"{name}{plus}\")"));
        let said = if heading.subheadings.is_empty() {
            said
        } else {
            let message =
                "EBSCOhost's codes of subheadings differ between databases: the heading is asked for with any";
            writer.widened(place, "subheading-dropped", message, said)
        };
        if own && heading.explode && !place.negative {
            let message = "EBSCOhost adds narrower terms of a thesaurus only by a list of them: the heading alone and its words are asked for";
            writer.lose("heading-not-exploded", place.span, message);
            return any_of([said, heading_as_words(self, writer, heading, place)]);
        }
        said
    }

    fn dates(&self, _writer: &mut Writer, dates: &Dates, _place: &Place<'_>) -> Said {
        Said::simple(format!("(DT {})", compact_period(dates)))
    }
}

/// Whether AND or NOT stands inside.
pub(super) fn joins(node: &Node) -> bool {
    matches!(node.kind, Kind::And(_) | Kind::Not(_)) || node.children().into_iter().any(joins)
}

fn say_form(form: &Term) -> Said {
    let mut form = form.clone();
    for word in &mut form.words {
        while let Some(stem) = word.text.strip_suffix('?') {
            let signs = word.text.len() - stem.trim_end_matches('?').len();
            word.text = format!("{}{}", stem.trim_end_matches('?'), "$".repeat(signs));
        }
    }
    let text = form.text().replace('$', "#");
    let bare = form.single().is_some() && form.has_wildcard();
    Said::simple(if bare { text } else { format!("\"{text}\"") })
}
