//! PubMed. Rules: pubmed.ncbi.nlm.nih.gov/help (truncation: `*` at the end, four letters before it;
//! proximity: `"a b"[tiab:~n]`, whole words only, no truncation, no OR inside).
//!
//! `[tiab]` covers title, abstract and the authors' keywords. A record that PubMed dates to the year
//! only counts as of its first day there.

use super::parts::{cut, only_field, plain_words, topic};
use super::{Dialect, Place, Proximity, Reach, Said, Writer, all_of, any_of, heading_as_words, say};
use crate::model::PartialDate;
use crate::query::field::{Field, Scope};
use crate::query::term::{Term, Word, is_reserved};
use crate::query::{Dates, Heading, Platform, Vocabulary};

pub(super) struct PubMed;

const SHORTEST_STEM: usize = 4;
/// Pairs that a NEAR of two OR groups is written out into.
const MOST_PAIRS: usize = 100;

impl Dialect for PubMed {
    const PLATFORM: Platform = Platform::PubMed;
    const FIELD_ON_TERMS: bool = true;

    fn reach(&self, scope: Scope) -> Reach {
        let set = match scope {
            Scope::Default => return Reach::Exact("tiab"),
            Scope::All => return Reach::NoFullText("all"),
            Scope::Named(set) => set,
        };
        match topic(set) {
            Some((true, true, true)) => Reach::Exact("tiab"),
            Some((true, true, false)) => Reach::Exact("ti,ab"),
            Some((true, false, true)) => Reach::Exact("ti,ot"),
            Some((false, true, true)) => Reach::Exact("ab,ot"),
            Some((true, false, false)) => Reach::Exact("ti"),
            Some((false, true, false)) => Reach::Exact("ab"),
            Some((false, false, true)) => Reach::Exact("ot"),
            Some((false, false, false)) | None => match only_field(set) {
                Some(Field::Author) => Reach::Exact("au"),
                Some(Field::Affiliation) => Reach::Exact("ad"),
                Some(Field::Journal) => Reach::Exact("ta"),
                Some(Field::PublicationType) => Reach::Exact("pt"),
                Some(Field::Language) => Reach::Exact("la"),
                Some(Field::Identifier) => Reach::Exact("pmid"),
                Some(Field::Subheading) => Reach::Exact("sh"),
                Some(Field::Substance) => Reach::Exact("nm,rn"),
                _ => Reach::Unsayable,
            },
        }
    }

    fn in_field(&self, tag: &str, text: &str) -> String {
        format!("{text}[{tag}]")
    }

    fn term(&self, writer: &mut Writer, term: &Term, place: &Place<'_>) -> Said {
        if place.tag == "pmid" && !term.text().bytes().all(|byte| byte.is_ascii_digit()) {
            let message = "PubMed's identifiers other than the PMID need their punctuation: use only.pubmed:\"…[aid]\"";
            return writer.dropped(place, "unsayable-field", message);
        }
        let mut exact = true;
        let mut forms = Vec::new();
        for form in self.listed(writer, term, place) {
            let cut = cut(&form, Some(SHORTEST_STEM), true);
            exact &= cut.exact;
            forms.push(all_of(cut.parts.iter().map(|part| in_fields(place.tag, &quote(part)))));
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
        let near_in = match place.tag {
            "ti" | "tiab" | "ad" => Some(place.tag),
            "ti,ab" => Some("tiab"),
            _ => None,
        };
        if let Some(((left, right), tag)) = pairs.zip(near_in) {
            if writer.loses_order(near, Self::PLATFORM, place) {
                return Said::Nothing;
            }
            if tag != place.tag {
                let message = "PubMed's proximity looks in title, abstract and keywords at once";
                if writer.widened(place, "wider-field", message, Said::Everything) == Said::Nothing {
                    return Said::Nothing;
                }
            }
            let pairs = left.iter().flat_map(|left| right.iter().map(move |right| format!("\"{left} {right}\"")));
            return any_of(pairs.map(|pair| Said::simple(format!("{pair}[{tag}:~{distance}]"))));
        }
        let operands = [left, right].map(|node| say(self, writer, node, place));
        let message = "PubMed's proximity takes two whole words in title or abstract: both are asked for with AND";
        writer.widened(place, "near-widened", message, all_of(operands))
    }

    fn heading(&self, writer: &mut Writer, heading: &Heading, place: &Place<'_>) -> Said {
        if heading.vocabulary != Vocabulary::Mesh {
            return heading_as_words(self, writer, heading, place);
        }
        let tag =
            format!("{}{}", if heading.major { "Majr" } else { "Mesh" }, if heading.explode { "" } else { ":NoExp" });
        let name = &heading.name;
        if heading.subheadings.is_empty() {
            return Said::simple(format!("\"{name}\"[{tag}]"));
        }
        any_of(heading.subheadings.iter().map(|subheading| Said::simple(format!("\"{name}/{subheading}\"[{tag}]"))))
    }

    fn dates(&self, _writer: &mut Writer, dates: &Dates, _place: &Place<'_>) -> Said {
        let end = |date: Option<PartialDate>, open: &str| {
            date.map_or_else(|| open.to_owned(), |date| date.to_string().replace('-', "/"))
        };
        let (from, to) = (end(dates.from, "1000"), end(dates.to, "3000"));
        Said::simple(format!("(\"{from}\"[dp] : \"{to}\"[dp])"))
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

/// In any of the fields of a tag.
fn in_fields(tag: &str, text: &str) -> Said {
    any_of(tag.split(',').map(|field| Said::simple(format!("{text}[{field}]"))))
}

/// Quotation marks where they are needed.
fn quote(term: &Term) -> String {
    let text = term.text();
    if term.single().is_some() && !is_reserved(&text) { text } else { format!("\"{text}\"") }
}
