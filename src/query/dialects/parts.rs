//! What several dialects need to take terms apart.

use crate::query::field::{Field, FieldSet};
use crate::query::term::{Joint, Term, Word};
use crate::query::tree::{Kind, Node};

/// Which of title, abstract and keywords a set names; `None` if it names any other field.
pub(super) fn topic(set: FieldSet) -> Option<(bool, bool, bool)> {
    let [title, abstract_text, keywords] = [Field::Title, Field::Abstract, Field::Keywords].map(|field| set.has(field));
    set.without(FieldSet::TOPIC).is_empty().then_some((title, abstract_text, keywords))
}

/// The field of a set that names one.
pub(super) fn only_field(set: FieldSet) -> Option<Field> {
    let mut fields = set.fields();
    fields.next().filter(|_| fields.next().is_none())
}

/// The forms of a term in which `$` is written out: without the letter, and with `?` for it.
/// `None` if that would be more than eight.
pub(super) fn without_maybe(term: &Term) -> Option<Vec<Term>> {
    const MOST_SIGNS: usize = 3;
    let mut forms = term.forms();
    let signs = term.text().matches('$').count();
    if signs > MOST_SIGNS {
        return None;
    }
    for _ in 0..signs {
        forms = forms.iter().flat_map(|form| [replace_sign(form, ""), replace_sign(form, "?")]).collect();
    }
    Some(forms)
}

/// The first `$` of the term replaced.
fn replace_sign(term: &Term, with: &str) -> Term {
    let mut term = term.clone();
    if let Some(word) = term.words.iter_mut().find(|word| word.text.contains('$')) {
        word.text = word.text.replacen('$', with, 1);
    }
    term
}

/// A term cut to what can be said: phrases and words that must all be there.
pub(super) struct Cut {
    /// Each without quotation marks, as written.
    pub parts: Vec<Term>,
    /// Whether the parts together say exactly the term.
    pub exact: bool,
}

/// Cuts a term for a platform that knows `*` at a word's end only.
///
/// `shortest` is the least number of letters before it (`None`: no truncation at all);
/// `in_phrases` is whether a phrase may end with it.
pub(super) fn cut(term: &Term, shortest: Option<usize>, in_phrases: bool) -> Cut {
    let mut parts: Vec<Term> = Vec::new();
    let mut run: Vec<Word> = Vec::new();
    let mut exact = true;
    let flush = |run: &mut Vec<Word>, parts: &mut Vec<Term>| {
        if let Some(first) = run.first_mut() {
            first.joint = Joint::Space;
            parts.push(Term { words: std::mem::take(run) });
        }
    };
    for word in &term.words {
        if !word.has_wildcard() {
            run.push(word.clone());
            continue;
        }
        let stem = word.stem();
        if shortest.is_none_or(|shortest| stem.chars().count() < shortest) {
            exact = false;
            flush(&mut run, &mut parts);
            continue;
        }
        let truncated = format!("{stem}*");
        exact &= truncated == word.text;
        if !in_phrases {
            flush(&mut run, &mut parts);
        }
        run.push(Word { text: truncated, joint: word.joint });
        flush(&mut run, &mut parts);
    }
    flush(&mut run, &mut parts);
    exact &= parts.len() == 1;
    Cut { parts, exact }
}

/// The single words without wildcards of an operand of NEAR, if it is nothing else.
pub(super) fn plain_words(node: &Node) -> Option<Vec<&str>> {
    match &node.kind {
        Kind::Term(term) => {
            let word = term.single().filter(|word| !word.has_wildcard())?;
            Some(vec![word.text.as_str()])
        }
        Kind::Or(nodes) => {
            let words: Option<Vec<Vec<&str>>> = nodes.iter().map(plain_words).collect();
            words.map(|words| words.concat())
        }
        _ => None,
    }
}

/// Whether a NEAR stands inside.
pub(super) fn holds_near(node: &Node) -> bool {
    matches!(node.kind, Kind::Near { .. }) || node.children().into_iter().any(holds_near)
}
