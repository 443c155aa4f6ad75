//! Numbered sets and what refers to them: `#1 AND #2`, `S1 OR S2`.

use std::collections::BTreeMap;

use crate::query::diagnostic::{Collector, Diagnostic};
use crate::query::parser::nothing;
use crate::query::tree::{Node, Tree};
use crate::query::{Line, Parsed, Span};

/// The most sets that are read; platforms' histories hold a few hundred.
const MOST_SETS: usize = 5_000;

/// What sets read so far ask for, by number; `None` for one that could not be read.
pub(super) type Known = BTreeMap<u32, Option<Node>>;

/// Reads a text as numbered sets, or as one query where it has none. `sign` stands before a number
/// (`#`, `S`); `read` reads a part of the text.
pub(super) fn read(
    text: &str,
    sign: char,
    told: &mut Collector,
    read: impl Fn(Span, &Known, &mut Collector) -> Option<Node>,
) -> (Option<Tree>, Vec<Line>) {
    if text.trim().is_empty() {
        told.push(nothing(text));
        return (None, Vec::new());
    }
    let mut sets = divided(text, sign);
    if sets.is_empty() {
        let root = read(0..text.len(), &Known::new(), told);
        return (root.map(|root| Tree { root }), Vec::new());
    }
    sets.sort_by_key(|set| set.number);
    let mut known = Known::new();
    let mut lines = Vec::with_capacity(sets.len());
    for set in sets {
        let node = read(set.body.clone(), &known, told);
        known.insert(set.number, node.clone());
        lines.push(Line { label: set.number.to_string(), span: set.body, node });
    }
    let root = lines.last().and_then(|line: &Line| line.node.clone());
    (root.map(|root| Tree { root }), lines)
}

/// The same as what readers give back.
pub(super) fn parsed(text: &str, sign: char, part: impl Fn(Span, &Known, &mut Collector) -> Option<Node>) -> Parsed {
    let mut told = Collector::default();
    let (tree, lines) = read(text, sign, &mut told, part);
    if tree.is_none() && told.diagnostics.is_empty() {
        told.push(nothing(text));
    }
    Parsed { tree, diagnostics: told.finish(), lines }
}

/// The set that a number refers to.
pub(super) fn referred(known: &Known, number: Option<u32>, span: &Span, told: &mut Collector) -> Option<Node> {
    match number.and_then(|number| known.get(&number)) {
        Some(node) => {
            // One that could not be read was told where it stands.
            node.clone().map(|node| Node::new(node.kind, span.clone()))
        }
        None => {
            let message = "there is no line of this number above: give the whole strategy, one numbered line each";
            told.push(Diagnostic::error("unknown-line", span, message));
            None
        }
    }
}

struct Set {
    number: u32,
    body: Span,
}

/// The numbered lines of a text; none where it is one query. A line without a number goes on with
/// the one before.
fn divided(text: &str, sign: char) -> Vec<Set> {
    let mut sets: Vec<Set> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let (start, end) = (at, at + line.len());
        at = end;
        let body = |from: usize| start + from..start + line.trim_end().len().max(from);
        match label(line, sign) {
            Label::Number(number, length) if sets.len() < MOST_SETS => {
                let number = if sets.iter().any(|set| set.number == number) { next(&sets) } else { number };
                sets.push(Set { number, body: body(length) });
            }
            Label::Combination if !sets.is_empty() => sets.push(Set { number: next(&sets), body: body(0) }),
            _ if line.trim().is_empty() => {}
            _ => match sets.last_mut() {
                Some(set) => set.body.end = body(0).end,
                // A text that begins without a number is one query.
                None => return Vec::new(),
            },
        }
    }
    sets
}

fn next(sets: &[Set]) -> u32 {
    sets.iter().map(|set| set.number).max().unwrap_or_default().saturating_add(1)
}

enum Label {
    /// A number, and where what follows it begins.
    Number(u32, usize),
    /// Sets combined on a line without a number of its own.
    Combination,
    None,
}

/// What a line begins with: `#1`, `# 1`, `S1`, `1.`, `1)`, `1:` or a number alone.
fn label(line: &str, sign: char) -> Label {
    let trimmed = line.trim_start();
    let after_sign = trimmed.strip_prefix([sign, sign.to_ascii_lowercase()]);
    let signed = after_sign.is_some();
    let digits = after_sign.unwrap_or(trimmed);
    let digits = if sign == '#' { digits.trim_start_matches(' ') } else { digits };
    let length = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let Some(number) = digits[..length].parse().ok().filter(|_| length <= 6) else { return Label::None };
    let rest = &digits[length..];
    let marked = rest.starts_with(['.', ':', ')']);
    let body = if marked { &rest[1..] } else { rest };
    if !body.starts_with(|c: char| c.is_whitespace()) || body.trim().is_empty() {
        return if signed && body.trim().is_empty() { Label::Combination } else { Label::None };
    }
    let first = body.split_whitespace().next().unwrap_or_default();
    if ["and", "or", "not"].iter().any(|operator| first.eq_ignore_ascii_case(operator)) {
        return if signed && !marked { Label::Combination } else { Label::None };
    }
    Label::Number(number, line.len() - after_count(body.trim_start()).len())
}

/// A line without the number of results that a history prints after the label.
fn after_count(body: &str) -> &str {
    let digits = body.find(|c: char| !c.is_ascii_digit() && c != ',').unwrap_or(body.len());
    let (count, rest) = body.split_at(digits);
    let query = rest.trim_start();
    // `12 step program` begins with a word.
    let apart = rest.starts_with(['\t', '\u{a0}']) || rest.starts_with("  ");
    if count.starts_with(|c: char| c.is_ascii_digit()) && apart && !query.is_empty() { query } else { body }
}
