//! PubMed. Rules: pubmed.ncbi.nlm.nih.gov/help (truncation: `*` at the end, four letters before it;
//! proximity: `"a b"[tiab:~n]`, whole words only, no truncation, no OR inside).
//!
//! `[tiab]` covers title, abstract and the authors' keywords.

use super::parts::{cut, plain_words, topic};
use super::{Dialect, Place, Proximity, Reach, Said, Writer, all_of, any_of, say};
use crate::query::Platform;
use crate::query::field::Scope;
use crate::query::term::{Term, Word, is_reserved};

pub(super) struct PubMed;

const SHORTEST_STEM: usize = 4;
/// Pairs that a NEAR of two OR groups is written out into.
const MOST_PAIRS: usize = 100;

impl Dialect for PubMed {
    const PLATFORM: Platform = Platform::PubMed;
    const FIELD_ON_TERMS: bool = true;

    fn reach(&self, scope: Scope) -> Reach {
        match scope {
            Scope::Default => Reach::Exact("tiab"),
            Scope::All => Reach::NoFullText("all"),
            Scope::Named(set) => match topic(set) {
                None => Reach::Unsayable,
                Some((true, true, true)) => Reach::Exact("tiab"),
                Some((true, false, false)) => Reach::Exact("ti"),
                Some((false, true, false)) => Reach::Exact("ab"),
                Some((false, false, true)) => Reach::Exact("ot"),
                Some(_) => Reach::Wider("tiab"),
            },
        }
    }

    fn in_field(&self, tag: &str, text: &str) -> String {
        format!("{text}[{tag}]")
    }

    fn term(&self, writer: &mut Writer, term: &Term, place: &Place<'_>) -> Said {
        let mut exact = true;
        let mut forms = Vec::new();
        for form in self.listed(writer, term, place) {
            let cut = cut(&form, Some(SHORTEST_STEM), true);
            exact &= cut.exact;
            forms.push(all_of(cut.parts.iter().map(|part| Said::simple(self.in_field(place.tag, &quote(part))))));
        }
        let said = any_of(forms);
        if exact {
            return said;
        }
        let message = format!("PubMed truncates only at a word's end, after {SHORTEST_STEM} letters or more");
        if said == Said::Everything {
            return writer.dropped(place, "short-truncation", &message);
        }
        writer.widened(place, "wildcard-widened", &format!("{message}: a wider form is sent"), said)
    }

    fn near(&self, writer: &mut Writer, near: Proximity<'_>, place: &Place<'_>) -> Said {
        let Proximity { distance, left, right, .. } = near;
        let pairs = plain_words(left).zip(plain_words(right));
        let pairs = pairs.filter(|(left, right)| left.len() * right.len() <= MOST_PAIRS);
        if let Some((left, right)) = pairs.filter(|_| matches!(place.tag, "ti" | "tiab")) {
            if writer.loses_order(near, Self::PLATFORM, place) {
                return Said::Nothing;
            }
            let tag = format!("{}:~{distance}", place.tag);
            let pairs = left.iter().flat_map(|left| right.iter().map(move |right| format!("\"{left} {right}\"")));
            return any_of(pairs.map(|pair| Said::simple(self.in_field(&tag, &pair))));
        }
        let operands = [left, right].map(|node| say(self, writer, node, place));
        let message = "PubMed's proximity takes two whole words in title or abstract: both are asked for with AND";
        writer.widened(place, "near-widened", message, all_of(operands))
    }

    fn all_but(&self, text: &str) -> Option<String> {
        Some(format!("all[sb] NOT ({text})"))
    }
}

impl PubMed {
    /// The forms of a term; one whose first sign for a letter stands too early to cut there is
    /// written out with each letter.
    fn listed(&self, writer: &mut Writer, term: &Term, place: &Place<'_>) -> Vec<Term> {
        let forms = term.forms();
        let early = |word: &Word| {
            let stem = word.stem();
            stem.chars().count() < SHORTEST_STEM && word.text[stem.len()..].starts_with(['?', '$'])
        };
        if !forms.iter().any(|form| form.words.iter().any(early)) {
            return forms;
        }
        writer.lose("letters-listed", place.span, "PubMed has no sign for one letter: it is written out with a to z");
        let list = |form: Term| -> Vec<Term> {
            let Some(at) = form.words.iter().position(early) else { return vec![form] };
            let sign = form.words[at].stem().len();
            let none = form.words[at].text[sign..].starts_with('$').then(String::new);
            let letters = ('a'..='z').map(String::from).chain(none);
            letters
                .map(|letter| {
                    let mut form = form.clone();
                    form.words[at].text.replace_range(sign..=sign, &letter);
                    form
                })
                .collect()
        };
        forms.into_iter().flat_map(list).collect()
    }
}

/// Quotation marks where they are needed.
fn quote(term: &Term) -> String {
    let text = term.text();
    if term.single().is_some() && !is_reserved(&text) { text } else { format!("\"{text}\"") }
}
