//! Web of Science, advanced search, as both its APIs take it. Rules: webofscience.help.clarivate.com
//! (search operators, wildcards). The Starter API has neither AB nor AK nor ALL, so those become TS.
//!
//! A word without wildcards stands in quotation marks, which switch lemmatising off.

use super::scopus::near_by;
use super::{Dialect, Place, Reach, Said, Writer, any_of};
use crate::query::Platform;
use crate::query::term::Term;
use crate::query::tree::{FieldSet, Node, Scope};

pub(super) struct Wos;

/// Letters that must stand before `*` in a topic or title search.
const SHORTEST_STEM: usize = 3;

impl Dialect for Wos {
    const PLATFORM: Platform = Platform::Wos;
    const FIELD_ON_TERMS: bool = false;

    fn reach(&self, scope: Scope) -> Reach {
        match scope {
            Scope::Default => Reach::Exact("TS"),
            Scope::All => Reach::NoFullText("TS"),
            Scope::Named(FieldSet { full_text: true, .. }) => Reach::Unsayable,
            Scope::Named(FieldSet::TOPIC) => Reach::Exact("TS"),
            Scope::Named(FieldSet { title: true, abstract_text: false, keywords: false, .. }) => Reach::Exact("TI"),
            Scope::Named(_) => Reach::Wider("TS"),
        }
    }

    fn in_field(&self, tag: &str, text: &str) -> String {
        format!("{tag}=({text})")
    }

    fn term(&self, writer: &mut Writer, term: &Term, place: &Place<'_>) -> Said {
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

    fn near(&self, writer: &mut Writer, distance: u16, left: &Node, right: &Node, place: &Place<'_>) -> Said {
        near_by(self, writer, &format!(" NEAR/{distance} "), left, right, place)
    }
}
