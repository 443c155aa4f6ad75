//! findpapers' query strings: `[term a] AND NOT ([term b] OR [term c])`. Rules: the project's README.
//!
//! Terms stand in brackets, operators in capitals and with white space around them; NOT only after
//! AND. A wildcard (`?` one letter, `*` any number, at the end after three letters) may stand once, and
//! only in a term of one word. AND before OR.

use crate::query::diagnostic::{Collector, Diagnostic};
use crate::query::expression::{Grammar, Operator, Piece, PieceKind, build};
use crate::query::parser::nothing;
use crate::query::term::Term;
use crate::query::tree::{Kind, Node, Tree};
use crate::query::{Parsed, Span};

const SHORTEST_STEM: usize = 3;

/// Reads a query.
pub(super) fn read(text: &str) -> Parsed {
    let mut told = Collector::default();
    let mut reader = Reader { text, at: 0, told: &mut told, pieces: Vec::new() };
    reader.run();
    let pieces = reader.pieces;
    if pieces.is_empty() && told.diagnostics.is_empty() {
        told.push(nothing(text));
    }
    tell_missing_operators(&pieces, &mut told);
    let grammar = Grammar { tells_implied: false, ..Grammar::USUAL };
    let root = build(pieces, &grammar, text.trim_end().len(), &mut told);
    Parsed { tree: root.map(|root| Tree { root }), diagnostics: told.finish(), lines: Vec::new() }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    told: &'a mut Collector,
    pieces: Vec<Piece>,
}

impl Reader<'_> {
    fn run(&mut self) {
        while let Some(c) = self.text[self.at..].chars().next() {
            let end = self.at + c.len_utf8();
            match c {
                _ if c.is_whitespace() => self.at = end,
                '(' => self.push(PieceKind::Open, end),
                ')' => self.push(PieceKind::Close, end),
                '[' => self.term(),
                _ => self.operator(),
            }
        }
    }

    fn push(&mut self, kind: PieceKind, end: usize) {
        self.pieces.push(Piece { kind, span: self.at..end });
        self.at = end;
    }

    fn error(&mut self, code: &'static str, span: &Span, message: &str) {
        self.told.push(Diagnostic::error(code, span, message));
    }

    fn term(&mut self) {
        let start = self.at;
        let rest = &self.text[start + 1..];
        let Some(length) = rest.find(']') else {
            self.error("unbalanced-bracket", &(start..start + 1), "this bracket is never closed");
            self.at = self.text.len();
            return;
        };
        let end = start + 1 + length + 1;
        let inside = &rest[..length];
        let Some(term) = Term::read(inside) else {
            self.error("empty-term", &(start..end), "there is no letter or digit to look for");
            self.at = end;
            return;
        };
        self.wildcard(inside.trim(), &(start..end));
        let node = Node::new(Kind::Term(term), start..end);
        self.push(PieceKind::Operand(node), end);
        if self.text[end..].starts_with(|c: char| !c.is_whitespace() && c != ')') {
            self.error("missing-space", &(start..end), "white space must stand between a term and an operator");
        }
    }

    fn wildcard(&mut self, term: &str, span: &Span) {
        let is_sign = |c: char| matches!(c, '*' | '?');
        let Some(first) = term.find(is_sign) else { return };
        let message = if term.matches(is_sign).count() > 1 {
            "a term may have one wildcard"
        } else if term.contains(char::is_whitespace) {
            "a wildcard may stand only in a term of one word"
        } else if first == 0 {
            "a term may not begin with a wildcard"
        } else if term.contains('*') && !term.ends_with('*') {
            "`*` may stand only at the end"
        } else if term.ends_with('*') && term[..first].chars().count() < SHORTEST_STEM {
            "three letters must stand before `*`"
        } else {
            return;
        };
        self.error("unsupported-wildcard", span, message);
    }

    fn operator(&mut self) {
        let start = self.at;
        let rest = &self.text[start..];
        let length = rest.find(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[')).unwrap_or(rest.len());
        let span = start..start + length;
        let operator = match &rest[..length] {
            "AND" => Operator::And,
            "OR" => Operator::Or,
            "NOT" => {
                let and = self.pieces.pop_if(|piece| piece.kind == PieceKind::Operator(Operator::And));
                let Some(and) = and else {
                    self.error("not-without-and", &span, "NOT must follow AND");
                    self.at = span.end;
                    return;
                };
                self.at = and.span.start;
                self.push(PieceKind::Operator(Operator::Not), span.end);
                return;
            }
            word => {
                let upper = word.to_uppercase();
                let (code, message) = match upper.as_str() {
                    "AND" | "OR" | "NOT" => {
                        ("operator-in-lower-case", format!("an operator must be in capitals: {upper}"))
                    }
                    _ => ("unknown-operator", format!("`{word}` is no operator; a term stands in brackets: [{word}]")),
                };
                self.error(code, &span, &message);
                self.at = span.end;
                return;
            }
        };
        if self.text[span.end..].starts_with('[') {
            self.error("missing-space", &span, "white space must stand between an operator and a term");
        }
        self.push(PieceKind::Operator(operator), span.end);
    }
}

/// Tells of operands without an operator between them.
fn tell_missing_operators(pieces: &[Piece], told: &mut Collector) {
    for pair in pieces.windows(2) {
        if pair[0].kind.ends_operand()
            && pair[1].kind.begins_operand()
            && !matches!(pair[1].kind, PieceKind::Operator(_))
        {
            let span = pair[0].span.start..pair[1].span.end;
            told.push(Diagnostic::error("missing-operator", &span, "an operator is missing between these"));
        }
    }
}
