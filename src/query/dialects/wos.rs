//! Web of Science, advanced search, as both its APIs take it. Rules: webofscience.help.clarivate.com
//! (search operators, wildcards). The Starter API has neither AB nor AK nor ALL, so those become TS.
//!
//! A word without wildcards stands in quotation marks, which switch lemmatising off.

use super::parts::topic;
use super::scopus::near_by;
use super::{Dialect, Place, Proximity, Reach, Said, Writer, any_of};
use crate::query::Platform;
use crate::query::field::Scope;
use crate::query::term::Term;

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
            Scope::Named(set) => match topic(set) {
                None => Reach::Unsayable,
                Some((true, true, true)) => Reach::Exact("TS"),
                Some((true, false, false)) => Reach::Exact("TI"),
                Some(_) => Reach::Wider("TS"),
            },
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

    fn near(&self, writer: &mut Writer, near: Proximity<'_>, place: &Place<'_>) -> Said {
        if writer.loses_order(near, Self::PLATFORM, place) {
            return Said::Nothing;
        }
        near_by(self, writer, &format!(" NEAR/{} ", near.distance), near, place)
    }
}
