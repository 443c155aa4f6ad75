//! Spellings without their partners: behaviour and behavior.

use std::collections::HashSet;

use super::cover::covers;
use super::registry::{Code, Severity};
use super::variants::{ENDINGS, PAIRS, Place, VERB_ENDINGS, VERBS};
use super::{Leaf, Subject, holds, is_text};
use crate::query::Platform;
use crate::query::diagnostic::Diagnostic;
use crate::query::term::Word;

pub(super) const CODES: &[Code] = &[Code {
    code: "missing-spelling",
    severity: Severity::Hint,
    title: "A spelling without its partner",
    text: "British and American authors spell this word differently, and the other spelling is nowhere in the \
           query: records that use only it are missed. Add it, or use a wildcard that stands for both. The pairs \
           are a list of the program's own (about 90 fragments and 150 verbs in -ise or -ize); it is not whole.",
    example: "behaviour AND paediatric*",
    platform: Platform::Gleaner,
    better: Some("(behaviour OR behavior) AND (paediatric* OR pediatric*)"),
    fix: true,
}];

pub(super) fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    tell_missing(
        subject,
        "missing-spelling",
        "the spelling",
        |words| words.iter().enumerate().find_map(|(at, word)| Some((at, partner(&word.text)?))),
        found,
    );
}

/// The most terms that are compared with each other.
const MOST_COMPARED: usize = 2_000;

/// Tells of terms of which a form is missing: `form` gives the place of a word and what it is there.
pub(super) fn tell_missing(
    subject: &Subject<'_>,
    code: &'static str,
    what: &str,
    form: impl Fn(&[Word]) -> Option<(usize, String)>,
    found: &mut Vec<Diagnostic>,
) {
    let wanted: Vec<&Leaf<'_>> = subject.leaves.iter().filter(|leaf| !leaf.negative && is_text(leaf.scope)).collect();
    if wanted.len() > MOST_COMPARED {
        return;
    }
    let mut told = HashSet::new();
    for leaf in &wanted {
        let Some((at, partner)) = form(&leaf.term.words) else { continue };
        let mut other = leaf.term.clone();
        let word = std::mem::replace(&mut other.words[at].text, partner.clone());
        let there = wanted.iter().any(|rival| holds(rival.scope, leaf.scope) && covers(rival.term, &other));
        if there || !told.insert((leaf.group.clone(), other.to_string().to_lowercase())) {
            continue;
        }
        let message = format!("{what} `{}` is nowhere in the query", other.text());
        let diagnostic = Diagnostic::hint(code, &leaf.span, message);
        found.push(match added(subject, leaf, &word, &partner) {
            Some(text) => diagnostic.fixed_by(&leaf.whole, text),
            None => diagnostic,
        });
    }
}

/// The clause with its other form beside it.
fn added(subject: &Subject<'_>, leaf: &Leaf<'_>, word: &str, partner: &str) -> Option<String> {
    let clause = &subject.text[leaf.whole.clone()];
    let lower = clause.to_ascii_lowercase();
    // A wildcard may be written by another sign than ours.
    let (stem, new) = (word.trim_end_matches('*').to_lowercase(), partner.trim_end_matches('*'));
    let mut places = lower.match_indices(&stem);
    let (at, _) = places.next()?;
    if places.next().is_some() || lower.len() != clause.len() {
        return None;
    }
    let other = format!("{}{new}{}", &clause[..at], &clause[at + stem.len()..]);
    let lone = leaf.group == leaf.whole;
    Some(if lone { format!("({clause} OR {other})") } else { format!("{clause} OR {other}") })
}

/// The other spelling of a word, truncated or whole.
pub(super) fn partner(word: &str) -> Option<String> {
    let lower = word.to_lowercase();
    let bare = lower.strip_suffix('*').unwrap_or(&lower);
    if bare.contains(['*', '?', '$']) {
        return None;
    }
    let star = &lower[bare.len()..];
    let found = PAIRS.iter().find_map(|pair| swapped(bare, pair.one, pair.other, pair.place));
    let found = found.or_else(|| PAIRS.iter().find_map(|pair| swapped(bare, pair.other, pair.one, pair.place)));
    let found = found.or_else(|| verb(bare, "is", "iz", star)).or_else(|| verb(bare, "iz", "is", star));
    found.map(|partner| partner + star)
}

fn swapped(word: &str, from: &str, to: &str, place: Place) -> Option<String> {
    let at = match place {
        Place::Inside => word.find(from)?,
        Place::Start | Place::Whole | Place::Noun => word.starts_with(from).then_some(0)?,
    };
    let rest = &word[at + from.len()..];
    let fits = match place {
        Place::Start | Place::Inside => true,
        Place::Whole => ENDINGS.contains(&rest),
        Place::Noun => matches!(rest, "" | "s"),
    };
    fits.then(|| format!("{}{to}{rest}", &word[..at]))
}

fn verb(word: &str, from: &str, to: &str, star: &str) -> Option<String> {
    let verb = VERBS
        .iter()
        .filter(|verb| word.strip_prefix(*verb).is_some_and(|rest| rest.starts_with(from)))
        .max_by_key(|verb| verb.len())?;
    let rest = &word[verb.len() + from.len()..];
    let fits = VERB_ENDINGS.contains(&rest) && !(matches!(rest, "" | "at" | "ati") && star.is_empty());
    fits.then(|| format!("{verb}{to}{rest}"))
}

/// A word of which one form is known.
pub(super) fn last_word(term: &[Word]) -> Option<(usize, &Word)> {
    term.iter().enumerate().next_back().filter(|(_, word)| !word.has_wildcard())
}

#[cfg(test)]
mod tests {
    use super::partner;

    #[test]
    fn partners() {
        for (one, other) in [
            ("behaviour", "behavior"),
            ("behavioural*", "behavioral*"),
            ("organisation", "organization"),
            ("organis*", "organiz*"),
            ("deinstitutionalised", "deinstitutionalized"),
            ("paediatric", "pediatric"),
            ("hypoglycaemia", "hypoglycemia"),
            ("lymphoedema", "lymphedema"),
            ("centres", "centers"),
            ("colour", "color"),
            ("ageing", "aging"),
        ] {
            assert_eq!(partner(one).as_deref(), Some(other));
            assert_eq!(partner(other).as_deref(), Some(one));
        }
        for word in [
            "colorectal",
            "laboratory",
            "organism",
            "organi?ation",
            "programmed",
            "size",
            "academic",
            "exercise",
            "realism",
            "greyhound",
        ] {
            assert_eq!(partner(word), None, "{word}");
        }
    }
}
