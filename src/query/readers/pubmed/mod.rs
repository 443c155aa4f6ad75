//! PubMed. Rules: pubmed.ncbi.nlm.nih.gov/help and the NLM Technical Bulletin.
//!
//! Operators are read strictly from left to right, and only in capitals; a word without a field is
//! looked for in all fields after PubMed has mapped it to headings, which is not put into the tree.
//! `"a b"[tiab:~n]` finds whole words in any order with at most n others between. A field stands
//! behind one term, never behind a group.

mod lines;
mod operands;
mod tags;
mod tokens;

use std::collections::HashMap;

use self::operands::Reader;
use super::{MARK, MOST_MARKS};
use crate::query::diagnostic::{Collector, Diagnostic};
use crate::query::expression::{Grammar, Operator, build};
use crate::query::lexer::is_quote;
use crate::query::parser::nothing;
use crate::query::tree::{Node, Tree};
use crate::query::{Line, Parsed, Span};

/// Everything from left to right; words next to each other must all be there.
const GRAMMAR: Grammar = Grammar {
    binding: |_| 1,
    order: "PubMed reads from left to right",
    implied: Operator::And,
    tells_implied: true,
    lifts_fields: false,
};

/// Reads a query, or the lines of a history, whose last one is the query.
pub(super) fn read(text: &str) -> Parsed {
    let mut told = Collector::default();
    let whole = query_part(text, &mut told);
    let mut lines = Vec::new();
    let mut known: HashMap<u32, Option<Node>> = HashMap::new();
    for (number, span) in lines::numbered(&text[whole.clone()]) {
        let span = whole.start + span.start..whole.start + span.end;
        let node = part(text, span.clone(), &known, &mut told);
        known.insert(number, node.clone());
        lines.push(Line { label: number.to_string(), span, node });
    }
    let root = match lines.last() {
        Some(line) => line.node.clone(),
        None => part(text, whole, &known, &mut told),
    };
    Parsed { tree: root.map(|root| Tree { root }), diagnostics: told.finish(), lines }
}

/// One query.
fn part(text: &str, span: Span, known: &HashMap<u32, Option<Node>>, told: &mut Collector) -> Option<Node> {
    let end = span.end;
    let tokens = tokens::cut(text, span.clone(), told);
    let pieces = Reader::new(text, tokens, known, told).read();
    if pieces.is_empty() && told.diagnostics.is_empty() {
        told.push(nothing(text));
    }
    build(pieces, &GRAMMAR, end, told)
}

/// The query without what PubMed's own pages put around it when it is copied, and without quotation
/// marks around the whole.
fn query_part(text: &str, told: &mut Collector) -> Span {
    let mut span = trimmed(text, 0..text.len());
    if text.get(span.start..span.start + 7).is_some_and(|start| start.eq_ignore_ascii_case("search:")) {
        span = trimmed(text, span.start + 7..span.end);
    }
    let lower = text.to_ascii_lowercase();
    for suffix in ["sort by:", "filters:"] {
        let Some(at) = lower[span.clone()].rfind(suffix).map(|at| span.start + at) else { continue };
        let before = trimmed(text, span.start..at);
        let stands_alone = text[..at].ends_with([' ', '\t', '\n', ')', ']']) && !before.is_empty();
        if !stands_alone || text[at..].contains([')', ']']) {
            continue;
        }
        let message = "this is no part of a query and is left out: PubMed keeps it beside the search";
        told.push(Diagnostic::warning("unsupported-suffix", &(before.end..span.end), message));
        span = before;
    }
    let inside = text[span.clone()].strip_prefix(is_quote).and_then(|rest| rest.strip_suffix(is_quote));
    if let Some(inside) = inside.filter(|inside| !inside.contains(is_quote) && inside.contains(['[', '('])) {
        let message = "the whole query stands in quotation marks, which would make it one phrase: they are passed over";
        told.push(Diagnostic::warning("query-in-quotes", &span, message));
        let offset = text[span.clone()].find(inside).unwrap_or_default();
        span = span.start + offset..span.start + offset + inside.len();
    }
    span
}

fn trimmed(text: &str, span: Span) -> Span {
    let part = &text[span.clone()];
    let start = span.start + (part.len() - part.trim_start().len());
    start..start + part.trim().len()
}

/// How much of a text is written as only PubMed writes: its tags.
pub(super) fn likelihood(text: &str) -> u32 {
    let known = |rest: &&str| {
        let name = rest.split([']', ':']).next().unwrap_or_default();
        rest.len() > name.len() && name.len() < 40 && tags::read(name).is_some()
    };
    text.split('[').skip(1).filter(known).take(MOST_MARKS).map(|_| MARK).sum()
}
