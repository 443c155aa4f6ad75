//! gleaner's own syntax, read into a tree.
//!
//! NEAR and PRE before NOT before AND before OR; words without an operator between them are joined
//! by AND.

use super::Parsed;
use super::diagnostic::{Collector, Diagnostic};
use super::expression::{Grammar, build};
use super::lexer::lex;
use super::tree::Tree;

/// The longest text that is read, in bytes.
pub const MOST_BYTES: usize = 1 << 20;

/// Reads a query in gleaner's own language.
pub fn parse(text: &str) -> Parsed {
    let mut told = Collector::default();
    if let Some(refused) = refused(text) {
        return refused;
    }
    let pieces = lex(text, &mut told);
    if pieces.is_empty() && told.diagnostics.is_empty() {
        told.push(nothing(text));
    }
    let root = build(pieces, &Grammar::USUAL, text.trim_end().len(), &mut told);
    Parsed { tree: root.map(|root| Tree { root }), diagnostics: told.finish(), lines: Vec::new() }
}

/// What is said of a text that is too long to be read.
pub(super) fn refused(text: &str) -> Option<Parsed> {
    (text.len() > MOST_BYTES).then(|| {
        let message = format!("the query is longer than {MOST_BYTES} bytes");
        let diagnostics = vec![Diagnostic::error("too-long", &(0..0), message)];
        Parsed { tree: None, diagnostics, lines: Vec::new() }
    })
}

/// What is said of a text with nothing in it.
pub(super) fn nothing(text: &str) -> Diagnostic {
    Diagnostic::error("empty-query", &(0..text.len()), "there is nothing to look for")
}
