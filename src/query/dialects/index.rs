//! Search engines of Lucene's kind (Solr, Elasticsearch), and what is written like them: fields before
//! words, `"a b"~n`, AND, OR, NOT. A [`Profile`] says what one of them can do.
//!
//! A phrase with slop counts moves: `"a b"~n` lets `n` words stand between in this order, and `n - 2`
//! in the other. So NEAR/n is said exactly by both orders.
//!
//! Where an engine reduces words to stems, or nobody says that it does not, a word finds more than is
//! meant: such a query is never exact, exclusions are left out, and a truncated word is not sent, since
//! it may stand for nothing among the stems (`collaborat*` does not find the stem `collabor`). Only
//! where nothing would be left to ask are lists of likely words sent, and the loss is told.

use std::marker::PhantomData;

use super::parts::{cut, plain_words, split_wildcards, without_maybe};
use super::stems::{self, listed};
use super::tags::Tags;
use super::{Dialect, Place, Proximity, Reach, Said, Writer, all_of, any_of, say};
use crate::model::PartialDate;
use crate::query::field::Scope;
use crate::query::term::{Term, is_reserved};
use crate::query::tree::Tree;
use crate::query::{Dates, Platform, Rendered};

/// What an engine does with words before it compares them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Words {
    AsWritten,
    Stemmed,
    /// Nobody says: taken as stemmed.
    Unconfirmed,
}

/// Where wildcards may stand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wildcards {
    Nowhere,
    /// `*` at the end of a single word, after so many letters.
    AtEnd(usize),
    /// `*` and `?` anywhere in a single word but at its beginning.
    Within,
}

/// What a platform can do.
pub(super) trait Profile {
    const PLATFORM: Platform;
    const TAGS: Tags;
    const WORDS: Words;
    const WILDCARDS: Wildcards;
    /// Whether quotation marks make a phrase.
    const PHRASES: bool = true;
    /// Whether `"a b"~n` is known.
    const SLOP: bool = true;
    const NOT: &'static str = " NOT ";

    /// Puts a field before a text.
    fn in_field(field: &str, text: &str) -> String {
        if field.is_empty() { text.to_owned() } else { format!("{field}:{text}") }
    }
    /// A period, and whether exactly it.
    fn dates(_dates: &Dates) -> Option<(String, bool)> {
        None
    }
    /// The whole query as it is sent.
    fn finish(query: String) -> String {
        query
    }
}

struct Index<P> {
    /// Whether truncated words are written out as lists.
    lists: bool,
    profile: PhantomData<P>,
}

pub(super) fn render<P: Profile>(tree: &Tree) -> Rendered {
    let mut rendered = stems::render(tree, |lists| Index::<P> { lists, profile: PhantomData });
    if !rendered.query.is_empty() {
        rendered.query = P::finish(rendered.query);
    }
    rendered
}

impl<P: Profile> Dialect for Index<P> {
    const PLATFORM: Platform = P::PLATFORM;
    const NOT: &'static str = P::NOT;
    const FIELD_ON_TERMS: bool = true;

    fn reach(&self, scope: Scope) -> Reach {
        P::TAGS.reach(scope)
    }

    fn in_field(&self, tag: &str, text: &str) -> String {
        P::in_field(tag, text)
    }

    fn term(&self, writer: &mut Writer, term: &Term, place: &Place<'_>) -> Said {
        if self.excludes_too_much(writer, place) {
            return Said::Nothing;
        }
        let title = P::PLATFORM.title();
        let forms = match P::WILDCARDS {
            Wildcards::Within => without_maybe(term),
            _ => Some(term.forms()),
        };
        let Some(forms) = forms else {
            let message = format!("{title} has no sign for `$`, and this term has many");
            return writer.dropped(place, "too-many-wildcards", &message);
        };
        let mut exact = true;
        let mut parted = false;
        let said = any_of(forms.iter().map(|form| {
            let cut = match (P::WORDS, P::WILDCARDS) {
                (Words::AsWritten, Wildcards::Within) => split_wildcards(form),
                (Words::AsWritten, Wildcards::AtEnd(shortest)) => cut(form, Some(shortest), false),
                _ => cut(form, None, false),
            };
            exact &= cut.exact;
            parted |= !P::PHRASES && cut.parts.iter().any(|part| part.words.len() > 1);
            all_of(cut.parts.iter().map(|part| in_fields::<P>(place.tag, part)))
        }));
        if said == Said::Everything {
            if self.lists && !place.negative {
                let prefix = P::WILDCARDS != Wildcards::Nowhere;
                return listed(writer, term, place, P::PLATFORM, &|text| in_field_texts::<P>(place.tag, text), prefix);
            }
            return writer.dropped(place, "unsayable-wildcard", &wildcards_of::<P>());
        }
        let said = if exact {
            said
        } else {
            let message = format!("{}: a wider form is sent", wildcards_of::<P>());
            writer.widened(place, "wildcard-widened", &message, said)
        };
        if parted && said != Said::Nothing {
            let message = format!("{title} does not read quotation marks as a phrase: all the words are asked for");
            return writer.widened(place, "no-phrase", &message, said);
        }
        said
    }

    fn near(&self, writer: &mut Writer, near: Proximity<'_>, place: &Place<'_>) -> Said {
        if self.excludes_too_much(writer, place) {
            return Said::Nothing;
        }
        let Proximity { distance, ordered, left, right } = near;
        let pairs = plain_words(left).zip(plain_words(right));
        if let Some((left, right)) = pairs.filter(|(left, right)| P::SLOP && left.len() * right.len() <= MOST_PAIRS) {
            // Turned round costs two moves more, which fewer than two never reach.
            if ordered && distance > 1 && writer.loses_order(near, Self::PLATFORM, place) {
                return Said::Nothing;
            }
            let pairs = left.iter().flat_map(|left| right.iter().map(move |right| (*left, *right)));
            return any_of(pairs.flat_map(|(left, right)| {
                let turned = (!ordered).then(|| in_field_texts::<P>(place.tag, &slop(right, left, distance)));
                [in_field_texts::<P>(place.tag, &slop(left, right, distance))].into_iter().chain(turned)
            }));
        }
        let operands = [left, right].map(|node| say(self, writer, node, place));
        let title = P::PLATFORM.title();
        let message = match P::SLOP {
            true => format!("{title}'s proximity takes two whole words: both are asked for with AND"),
            false => format!("{title} has no proximity: both are asked for with AND"),
        };
        writer.widened(place, "near-widened", &message, all_of(operands))
    }

    fn dates(&self, writer: &mut Writer, dates: &Dates, place: &Place<'_>) -> Said {
        let title = P::PLATFORM.title();
        match P::dates(dates) {
            Some((text, true)) => Said::simple(text),
            Some((text, false)) => {
                let message = format!("{title} knows whole years only: wider ones are asked for");
                writer.widened(place, "dates-widened", &message, Said::simple(text))
            }
            None => {
                let message = format!("{title} takes no dates inside a query");
                writer.dropped(place, "unsayable-dates", &message)
            }
        }
    }
}

/// Pairs that a NEAR of two OR groups is written out into.
const MOST_PAIRS: usize = 100;

impl<P: Profile> Index<P> {
    /// Tells that words find more than is written; whether that forbids what is said here.
    fn excludes_too_much(&self, writer: &mut Writer, place: &Place<'_>) -> bool {
        if P::WORDS == Words::AsWritten {
            return false;
        }
        let title = P::PLATFORM.title();
        let why = match P::WORDS {
            Words::Stemmed => format!("{title} finds all forms of a word, not only the one written"),
            _ => format!("whether {title} finds other forms of a word than the one written is unconfirmed"),
        };
        if place.negative {
            let message = format!("{why}: under NOT that would lose records, so this exclusion is left out");
            writer.lose("stemmed", place.span, message);
            return true;
        }
        writer.lose("stemmed", &place.scope_span, why);
        false
    }
}

/// What is said of a platform's wildcards where they do not reach.
fn wildcards_of<P: Profile>() -> String {
    let title = P::PLATFORM.title();
    match P::WILDCARDS {
        _ if P::WORDS != Words::AsWritten => format!("{title} has no wildcards that are sure to find all they mean"),
        Wildcards::Nowhere => format!("{title} has no wildcards"),
        Wildcards::AtEnd(shortest) => {
            format!("{title} truncates only single words, at the end, after {shortest} letters or more")
        }
        Wildcards::Within => format!("{title} has wildcards in single words only, not at their beginning"),
    }
}

/// A word or phrase in any of the fields of a tag.
fn in_fields<P: Profile>(tag: &str, term: &Term) -> Said {
    if P::PHRASES || term.words.len() == 1 {
        return in_field_texts::<P>(tag, &quote(term));
    }
    // All words in one field, as the phrase would be.
    any_of(
        tag.split(',').map(|field| {
            all_of(term.words.iter().map(|word| Said::simple(P::in_field(field, &quoted_word(&word.text)))))
        }),
    )
}

fn in_field_texts<P: Profile>(tag: &str, text: &str) -> Said {
    any_of(tag.split(',').map(|field| Said::simple(P::in_field(field, text))))
}

fn slop(left: &str, right: &str, distance: u16) -> String {
    if distance == 0 { format!("\"{left} {right}\"") } else { format!("\"{left} {right}\"~{distance}") }
}

fn quoted_word(word: &str) -> String {
    if is_reserved(word) || word.eq_ignore_ascii_case("to") { format!("\"{word}\"") } else { word.to_owned() }
}

fn quote(term: &Term) -> String {
    match term.single() {
        Some(word) => quoted_word(&word.text),
        None => format!("\"{}\"", term.text()),
    }
}

/// `field:[2020 TO 2023]`, in whole years, and whether that is exactly the period.
pub(super) fn years(field: &str, dates: &Dates, open: [&str; 2]) -> (String, bool) {
    let year = |date: Option<PartialDate>, open: &str| date.map_or(open.to_owned(), |date| date.year.to_string());
    let exact = |date: Option<PartialDate>| date.is_none_or(|date| date.month.is_none());
    let text = format!("{field}:[{} TO {}]", year(dates.from, open[0]), year(dates.to, open[1]));
    (text, exact(dates.from) && exact(dates.to))
}

/// The first and the last day of a period as `2020-01-01`.
pub(super) fn days(dates: &Dates) -> [Option<String>; 2] {
    let first =
        |date: PartialDate| format!("{:04}-{:02}-{:02}", date.year, date.month.unwrap_or(1), date.day.unwrap_or(1));
    let last = |date: PartialDate| {
        format!("{:04}-{:02}-{:02}", date.year, date.month.unwrap_or(12), date.day.unwrap_or_else(|| last_day(date)))
    };
    [dates.from.map(first), dates.to.map(last)]
}

/// The last day of the month that a date lies in.
fn last_day(date: PartialDate) -> u8 {
    match date.month.unwrap_or(12) {
        2 if date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
