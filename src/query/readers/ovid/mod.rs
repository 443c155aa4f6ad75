//! Ovid (MEDLINE, Embase, APA PsycInfo and others), as typed, saved or pasted from a history.
//!
//! Rules: Ovid's help ("Advanced Search Techniques", "Boolean operators", "Postqualification of
//! results sets") and database guides. Words side by side are a phrase; `adj` is the same, `adjN` at
//! most N−1 words between in any order; AND and NOT are read before OR; a field code stands behind a
//! word, phrase or group, and a word without one is looked for as a keyword (`.mp.`).

mod fields;
mod lexer;
mod limits;
mod parts;
mod qualify;
mod references;

use super::super::Parsed;
use super::super::Span;
use super::super::clause::Vocabulary;
use super::super::diagnostic::Collector;
use super::super::expression::{Grammar, Operator, build};
use super::super::parser::nothing;
use super::super::tree::{Node, Tree};
use super::lines::{Strategy, cut};
use super::settled;

/// AND and NOT before OR, words side by side next to each other.
const GRAMMAR: Grammar =
    Grammar { implied: Operator::Near { distance: 0, ordered: true }, lifts_fields: true, ..Grammar::USUAL };

/// Reads a query or a strategy of numbered lines.
pub(super) fn read(text: &str) -> Parsed {
    let mut told = Collector::default();
    let vocabulary = vocabulary(text);
    let mut strategy = Strategy::new(cut(text), &mut told);
    let tree = if strategy.is_empty() {
        line(text, 0..text.len(), vocabulary, &mut strategy, &mut told)
    } else {
        while let Some(raw) = strategy.next() {
            let node = line(text, raw.span, vocabulary, &mut strategy, &mut told);
            strategy.add(node, &mut told);
        }
        None
    };
    let (last, lines) = strategy.finish(&mut told);
    let root = last.or(tree.map(settled));
    if root.is_none() && told.diagnostics.is_empty() {
        told.push(nothing(text));
    }
    Parsed { tree: root.map(|root| Tree { root }), diagnostics: told.finish(), lines }
}

/// One line, or a whole query.
fn line(text: &str, span: Span, vocabulary: Vocabulary, strategy: &mut Strategy, told: &mut Collector) -> Option<Node> {
    let reader = &mut Reader { text, vocabulary, strategy, told };
    match limits::command(reader, &span) {
        Some(node) => node,
        None => expression(reader, span),
    }
}

/// What reading a part of the text needs.
struct Reader<'a> {
    text: &'a str,
    vocabulary: Vocabulary,
    strategy: &'a mut Strategy,
    told: &'a mut Collector,
}

/// An expression of words, headings, lines and operators.
fn expression(reader: &mut Reader<'_>, span: Span) -> Option<Node> {
    let end = span.end;
    let pieces = lexer::lex(reader, span);
    build(pieces, &GRAMMAR, end, reader.told)
}

/// The vocabulary of the database that a history's header names; MeSH where it names none.
fn vocabulary(text: &str) -> Vocabulary {
    let header = text.lines().take(20).find(|line| line.trim_start().to_ascii_lowercase().starts_with("database"));
    let header = header.unwrap_or_default().to_ascii_lowercase();
    if header.contains("medline") || header.contains("central") || header.contains("cochrane") {
        Vocabulary::Mesh
    } else if header.contains("embase") {
        Vocabulary::Emtree
    } else if header.contains("psyc") || header.contains("amed") || header.contains("hmic") || header.contains("econ") {
        Vocabulary::Thesaurus
    } else {
        Vocabulary::Mesh
    }
}

/// How much of the text only Ovid's syntax has; see [`super::detect`].
pub(super) fn likelihood(text: &str) -> u32 {
    use std::sync::LazyLock;

    use regex::Regex;
    #[expect(clippy::unwrap_used, reason = "the pattern is constant, and a test uses it")]
    static OWN: LazyLock<Regex> = LazyLock::new(|| {
        let pattern = r#"(?imx) \.(?:ti|ab|tw|mp|kf|kw|pt|sh|af|fs|nm|hw|in|jn|au|ot|ed|yr|la|ui)(?:,\s*[a-z]{2})*(?:\.|\s*$|\s|\)) | \badj\d{0,2}\b
            | ^[\s\d.]*(?:or|and)/\d | \bexp\s+\*?["\w][^/\n]*/ | [\w"]/(?:\s|\)|$) | \blimit\s+\d+\s+to\b | \[mp="#;
        Regex::new(pattern).unwrap()
    });
    let found = OWN.find_iter(text).take(super::MOST_MARKS).count();
    u32::try_from(found).unwrap_or(u32::MAX).saturating_mul(super::MARK)
}
