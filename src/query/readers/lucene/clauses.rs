//! Words, phrases and dates of Lucene's syntax as nodes.

use super::fields::Flavour;
use crate::model::PartialDate;
use crate::query::clause::{Dates, Native};
use crate::query::diagnostic::{Collector, Diagnostic};
use crate::query::lexer::MOST_DISTANCE;
use crate::query::term::{Joint, Term, Word};
use crate::query::tree::{Kind, Node};
use crate::query::{Severity, Span};

/// A text without its backslashes; a wildcard that was escaped is no wildcard and becomes a space.
pub(super) fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' => match characters.next() {
                Some('*' | '?') => plain.push(' '),
                Some(next) => plain.push(next),
                None => {}
            },
            c => plain.push(c),
        }
    }
    plain
}

/// A clause that only the platform understands.
pub(super) fn native(flavour: &Flavour, text: &str, span: &Span) -> Node {
    Node::new(Kind::Native(Native { platform: flavour.platform, text: text.to_owned() }), span.clone())
}

/// A word with its wildcards, fuzziness and weight.
pub(super) fn word(flavour: &Flavour, text: &str, span: &Span, told: &mut Collector) -> Option<Node> {
    let (text, weight) = match text.rsplit_once('^') {
        Some((text, weight)) if weight.chars().all(|c| c.is_ascii_digit() || c == '.') => (text, Some(weight)),
        _ => (text, None),
    };
    if weight.is_some() {
        let message = "a weight orders what is found and finds nothing more or less: it is passed over";
        told.push(Diagnostic::hint("boost", span, message));
    }
    let fuzzy = text.rsplit_once('~').filter(|(word, number)| {
        !word.is_empty() && !word.ends_with('\\') && number.chars().all(|c| c.is_ascii_digit() || c == '.')
    });
    let is_pattern = text.len() > 2 && text.starts_with('/') && text.ends_with('/');
    if fuzzy.is_some() || is_pattern || text == "*:*" {
        let message = "only this platform can say such a clause: it is sent there as it is, and is unknown elsewhere";
        told.push(Diagnostic::warning("own-clause", span, message));
        return Some(native(flavour, text, span));
    }
    let term = term(&unescaped(text), span, told)?;
    Some(Node::new(Kind::Term(term), span.clone()))
}

/// A term of which nothing that we cannot say is left.
fn term(text: &str, span: &Span, told: &mut Collector) -> Option<Term> {
    let mut term = Term::read_plain(&text.replace('$', " "))?;
    term.words.retain(|word| word.text.contains(char::is_alphanumeric));
    term.words.first_mut()?.joint = Joint::Space;
    for diagnostic in term.check(span) {
        // Short stems are no matter there.
        if diagnostic.severity == Severity::Error || diagnostic.code == "leading-wildcard" {
            told.push(diagnostic);
        }
    }
    Some(term)
}

/// A phrase. Its slop counts moves: with two words `n` of them let `n` words stand between, or `n - 2`
/// the other way round. Of more words each two neighbours are that near.
pub(super) fn phrase(
    flavour: &Flavour,
    text: &str,
    slop: Option<u16>,
    span: &Span,
    told: &mut Collector,
) -> Option<Node> {
    let term = term(text, span, told)?;
    if term.has_wildcard() && term.words.len() > 1 {
        let message = "most of these platforms read a wildcard between quotation marks as nothing";
        told.push(Diagnostic::warning("wildcard-in-phrase", span, message));
    }
    let slop = slop.filter(|slop| *slop > 0 && term.words.len() > 1);
    let kind = match slop {
        _ if !flavour.phrases && term.words.len() > 1 => {
            let message = format!(
                "{} does not read quotation marks as a phrase: all words must be there, anywhere",
                flavour.platform.title()
            );
            told.push(Diagnostic::warning("no-phrase", span, message));
            Kind::And(single(&term, span))
        }
        None => Kind::Term(term),
        Some(slop) => {
            let slop = slop.min(MOST_DISTANCE);
            let mut pairs: Vec<Node> = single(&term, span).windows(2).map(|pair| sloppy(pair, slop, span)).collect();
            if pairs.len() == 1 { return pairs.pop() } else { Kind::And(pairs) }
        }
    };
    Some(Node::new(kind, span.clone()))
}

/// The words of a term, each a term.
fn single(term: &Term, span: &Span) -> Vec<Node> {
    let alone = |word: &Word| Term { words: vec![Word { joint: Joint::Space, ..word.clone() }] };
    term.words.iter().map(|word| Node::new(Kind::Term(alone(word)), span.clone())).collect()
}

fn sloppy(pair: &[Node], slop: u16, span: &Span) -> Node {
    let near = |distance, left: &Node, right: &Node| {
        let (left, right) = (Box::new(left.clone()), Box::new(right.clone()));
        Node::new(Kind::Near { distance, ordered: true, left, right }, span.clone())
    };
    let straight = near(slop, &pair[0], &pair[1]);
    match slop.checked_sub(2) {
        Some(turned) => Node::new(Kind::Or(vec![straight, near(turned, &pair[1], &pair[0])]), span.clone()),
        None => straight,
    }
}

/// A range of dates; `*` leaves an end open.
pub(super) fn dates(from: &str, to: &str) -> Option<Dates> {
    let (from, to) = (end(from)?, end(to)?);
    (from.is_some() || to.is_some()).then_some(Dates { from, to })
}

/// `2020`, `2020-03-01`, `20200301`, `202003010000`, `2020-03-01T00:00:00Z`, `*`; 3000 is open too.
fn end(text: &str) -> Option<Option<PartialDate>> {
    let text = text.trim().trim_matches(['"', '“', '”']);
    if text == "*" || text.starts_with("3000") || text.starts_with("0001") {
        return Some(None);
    }
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    if digits && matches!(text.len(), 6 | 8 | 12 | 14) {
        let part = |at: usize| text.get(at..at + 2).and_then(|part| part.parse().ok());
        return PartialDate::new(text[..4].parse().ok()?, part(4), part(6)).map(Some);
    }
    let sound = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '/' | ':' | 'T' | 'Z' | '.'));
    if sound { PartialDate::read(text).map(Some) } else { None }
}
