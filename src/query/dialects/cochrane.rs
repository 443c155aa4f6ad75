//! The Cochrane Library, search manager. Rules: cochranelibrary.com/search-manager-help: a phrase in
//! quotation marks takes no wildcards, NEXT between words does; `*` anywhere in a word, `?` one letter,
//! no sign for one or none; NEAR/n allows n words between; `[mh "X"]` explodes, `[mh ^"X"]` does not.
//!
//! Hyphens and apostrophes are letters there, so a term with one is also asked for with a space.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::parts::{reach_by, tags, without_maybe};
use super::scopus::near_by;
use super::{Dialect, Place, Proximity, Reach, Said, Writer, any_of, heading_as_words};
use crate::query::clause::{Heading, Vocabulary};
use crate::query::field::{Field, FieldSet, Scope};
use crate::query::term::{Joint, Term, is_reserved};
use crate::query::{Platform, subheadings};

pub(super) struct Cochrane;

/// The largest number of NEAR/n.
const MOST_DISTANCE: u16 = 255;
/// The place of subheadings, which are no field.
const SUBHEADINGS: &str = "mh/";

static TAGS: LazyLock<HashMap<FieldSet, String>> = LazyLock::new(|| {
    tags(&[
        (Field::Title, "ti"),
        (Field::Abstract, "ab"),
        (Field::Keywords, "kw"),
        (Field::Author, "au"),
        (Field::Journal, "so"),
        (Field::PublicationType, "pt"),
    ])
});

impl Dialect for Cochrane {
    const PLATFORM: Platform = Platform::Cochrane;
    const FIELD_ON_TERMS: bool = false;

    fn reach(&self, scope: Scope) -> Reach {
        match scope {
            Scope::Default => Reach::Exact("ti,ab,kw"),
            Scope::All => Reach::NoFullText(""),
            Scope::Named(set) if set == FieldSet::of(&[Field::Subheading]) => Reach::Exact(SUBHEADINGS),
            Scope::Named(set) => reach_by(&TAGS, set),
        }
    }

    fn in_field(&self, tag: &str, text: &str) -> String {
        match tag {
            "" | SUBHEADINGS => format!("({text})"),
            tag => format!("({text}):{tag}"),
        }
    }

    fn term(&self, writer: &mut Writer, term: &Term, place: &Place<'_>) -> Said {
        if place.tag == SUBHEADINGS {
            return match subheadings::code_of(&term.text()) {
                Some(code) => Said::simple(format!("[mh /{}]", code.to_uppercase())),
                None => {
                    let message = format!("the Cochrane Library has no subheading `{}`", term.text());
                    writer.dropped(place, "unsayable-subheading", &message)
                }
            };
        }
        let Some(forms) = without_maybe(term) else {
            let message = "the Cochrane Library has no sign for one letter or none, and this term has many";
            return writer.dropped(place, "too-many-wildcards", message);
        };
        any_of(forms.iter().flat_map(|form| [say_form(form, true), say_form(form, false)]))
    }

    fn near(&self, writer: &mut Writer, near: Proximity<'_>, place: &Place<'_>) -> Said {
        if near.ordered && near.distance == 0 {
            return near_by(self, writer, " NEXT ", near, place);
        }
        if writer.loses_order(near, Self::PLATFORM, place) {
            return Said::Nothing;
        }
        let distance = near.distance.clamp(1, MOST_DISTANCE);
        if distance != near.distance {
            let message = format!("NEAR/n goes from 1 to {MOST_DISTANCE} in the Cochrane Library");
            if writer.widened(place, "near-widened", &message, Said::Everything) == Said::Nothing {
                return Said::Nothing;
            }
        }
        near_by(self, writer, &format!(" NEAR/{distance} "), near, place)
    }

    fn heading(&self, writer: &mut Writer, heading: &Heading, place: &Place<'_>) -> Said {
        if heading.vocabulary != Vocabulary::Mesh {
            return heading_as_words(self, writer, heading, place);
        }
        let codes: Option<Vec<&str>> = heading.subheadings.iter().map(|name| subheadings::code_of(name)).collect();
        let only = if heading.explode { "" } else { "^" };
        let major = if heading.major { "[mj]" } else { "" };
        let said = |codes: &str| Said::simple(format!("[mh {only}\"{}\"{codes}{major}]", heading.name));
        match codes {
            Some(codes) if codes.is_empty() => said(""),
            Some(codes) => said(&format!("/{}", codes.join(",").to_uppercase())),
            None => {
                let message =
                    format!("the Cochrane Library has no code for a subheading of {heading}: any of them is found");
                writer.widened(place, "unsayable-subheading", &message, said(""))
            }
        }
    }
}

/// A form of a term with its hyphens and apostrophes, or with spaces for them.
fn say_form(form: &Term, marks: bool) -> Said {
    let mut words: Vec<String> = Vec::new();
    for word in &form.words {
        let mark = match word.joint {
            Joint::Space => None,
            Joint::Hyphen => Some('-'),
            Joint::Apostrophe => Some('\''),
            Joint::Mark(mark) => Some(mark),
        };
        match (words.last_mut(), mark.filter(|_| marks)) {
            (Some(last), Some(mark)) => {
                last.push(mark);
                last.push_str(&word.text);
            }
            _ => words.push(word.text.clone()),
        }
    }
    let quoted = |word: &String| if is_reserved(word) { format!("\"{word}\"") } else { word.clone() };
    match words.as_slice() {
        [word] if form.has_wildcard() || !word.contains(['-', '\'']) => Said::simple(quoted(word)),
        _ if form.has_wildcard() => Said::compound(words.iter().map(quoted).collect::<Vec<_>>().join(" NEXT ")),
        _ => Said::simple(format!("\"{}\"", words.join(" "))),
    }
}
