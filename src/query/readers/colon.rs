//! What the Cochrane Library and Embase.com have in common: fields behind a colon (`:ti,ab`), NEAR
//! and NEXT, lines by their sign (`#1`), AND between words with no operator.

use super::lines::{Strategy, cut};
use super::pieces::{Budget, mapped, native};
use super::settled;
use crate::query::clause::{Dates, Heading, Vocabulary};
use crate::query::diagnostic::{Collector, Diagnostic};
use crate::query::expression::{Grammar, Operator, Piece, PieceKind, build};
use crate::query::field::{FieldSet, Scope};
use crate::query::parser::nothing;
use crate::query::term::{Term, is_apostrophe};
use crate::query::tree::{Kind, Node, Tree};
use crate::query::{Parsed, Platform, Span};

/// The longest clause that is kept as it is, in bytes.
const MOST_NATIVE: usize = 50_000;

/// Where a field code looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    Fields(FieldSet),
    Heading,
    Year,
    /// Among what is no field here.
    Other,
}

/// What one platform does in its own way.
pub(super) trait Syntax: Sized {
    const PLATFORM: Platform;
    const VOCABULARY: Vocabulary;
    const GRAMMAR: Grammar;
    /// Whether single quotation marks enclose a phrase.
    const SINGLE_QUOTES: bool;

    /// What a field code is; `None` if it is none.
    fn code(code: &str) -> Option<Code>;
    /// The words between that a number behind NEAR or NEXT allows.
    fn between(number: Option<u16>) -> u16;
    /// The largest number.
    const MOST_NUMBER: u16;
    /// The platform's wildcards as ours.
    fn own_wildcards(text: &str) -> String {
        text.to_owned()
    }
    /// Takes what stands at a bracket, brace, slash or `MeSH`, if it is this platform's.
    fn special(lexer: &mut Lexer<'_, Self>) -> bool;
    /// Looks at a phrase in quotation marks before it is read.
    fn phrase(_lexer: &mut Lexer<'_, Self>, _inside: &Span, _whole: &Span) {}
}

pub(super) struct Lexer<'a, S: Syntax> {
    pub text: &'a str,
    pub at: usize,
    pub end: usize,
    pub strategy: &'a mut Strategy,
    pub told: &'a mut Collector,
    pub pieces: Vec<Piece>,
    pub budget: Budget,
    /// Whether a quotation mark, single or double, is known to be closed by none.
    unclosed: [bool; 2],
    syntax: std::marker::PhantomData<S>,
}

/// Reads a query or a strategy of numbered lines. `limits` takes off a line's end what is no part of
/// the expression, and gives what it limits to.
pub(super) fn read<S: Syntax>(text: &str, limits: fn(&str, &mut Span) -> Vec<Node>) -> Parsed {
    let mut told = Collector::default();
    let mut strategy = Strategy::new(cut(text), &mut told);
    let line = |span: Span, strategy: &mut Strategy, told: &mut Collector| {
        let whole = span.clone();
        let mut inside = span;
        let limits = limits(text, &mut inside);
        let node = expression::<S>(text, inside, strategy, told)?;
        let node = if limits.is_empty() {
            node
        } else {
            Node::new(Kind::And(std::iter::once(node).chain(limits).collect()), whole)
        };
        Some(everywhere(node))
    };
    let mut root = None;
    if strategy.is_empty() {
        root = line(0..text.len(), &mut strategy, &mut told);
    }
    while let Some(raw) = strategy.next() {
        let node = line(raw.span, &mut strategy, &mut told);
        strategy.add(node, &mut told);
    }
    let (last, lines) = strategy.finish(&mut told);
    let root = last.or(root.map(settled));
    if root.is_none() && told.diagnostics.is_empty() {
        told.push(nothing(text));
    }
    Parsed { tree: root.map(|root| Tree { root }), diagnostics: told.finish(), lines }
}

/// Words that no field limits are looked for everywhere.
fn everywhere(node: Node) -> Node {
    if !has_bare_words(&node) {
        return node;
    }
    let span = node.span.clone();
    if is_bare(&node) {
        return Node::new(Kind::Limit { scope: Scope::All, node: Box::new(node) }, span);
    }
    let each = |nodes: Vec<Node>| nodes.into_iter().map(everywhere).collect();
    let kind = match node.kind {
        Kind::And(nodes) => Kind::And(each(nodes)),
        Kind::Or(nodes) => Kind::Or(each(nodes)),
        Kind::Not(inside) => Kind::Not(Box::new(everywhere(*inside))),
        kind => kind,
    };
    Node::new(kind, span)
}

/// Whether there are words outside of any field.
fn has_bare_words(node: &Node) -> bool {
    match &node.kind {
        Kind::Term(_) | Kind::Near { .. } => true,
        Kind::Limit { .. } | Kind::Heading(_) | Kind::Dates(_) | Kind::Native(_) => false,
        _ => node.children().into_iter().any(has_bare_words),
    }
}

/// Whether there is nothing but words without a field.
fn is_bare(node: &Node) -> bool {
    match &node.kind {
        Kind::Term(_) => true,
        Kind::Limit { .. } | Kind::Heading(_) | Kind::Dates(_) | Kind::Native(_) => false,
        _ => node.children().into_iter().all(is_bare),
    }
}

/// Reads a line, or a whole query.
fn expression<S: Syntax>(text: &str, span: Span, strategy: &mut Strategy, told: &mut Collector) -> Option<Node> {
    let mut lexer = Lexer::<S> {
        text,
        at: span.start,
        end: span.end,
        strategy,
        told,
        pieces: Vec::new(),
        budget: Budget::new(),
        unclosed: [false; 2],
        syntax: std::marker::PhantomData,
    };
    lexer.run();
    let pieces = std::mem::take(&mut lexer.pieces);
    build(pieces, &S::GRAMMAR, span.end, told)
}

impl<S: Syntax> Lexer<'_, S> {
    fn run(&mut self) {
        while let Some(c) = self.peek() {
            let start = self.at;
            let end = start + c.len_utf8();
            match c {
                _ if c.is_whitespace() || c == '\u{feff}' => self.at = end,
                '(' => {
                    self.at = end;
                    self.push(PieceKind::Open, start..end);
                }
                ')' => {
                    self.at = end;
                    self.push(PieceKind::Close, start..end);
                    self.field();
                }
                '#' if self.reference() => {}
                '[' | '{' | '/' | 'M' | 'm' if S::special(self) => {}
                '[' | ']' | '{' | '}' | '/' | ',' | ';' => self.at = end,
                ':' if self.field() => {}
                _ if self.is_quote(c) => self.quoted(c),
                _ => self.word(),
            }
        }
    }

    pub fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub fn rest(&self) -> &str {
        &self.text[self.at..self.end]
    }

    /// Where an ASCII character comes next, counted from here, if that is no further than `most` bytes.
    pub fn find(&self, c: char, most: usize) -> Option<usize> {
        self.rest().bytes().take(most).position(|byte| char::from(byte) == c)
    }

    pub fn push(&mut self, kind: PieceKind, span: Span) {
        self.pieces.push(Piece { kind, span });
    }

    pub fn operand(&mut self, kind: Kind, span: Span) {
        self.push(PieceKind::Operand(Node::new(kind, span.clone())), span);
    }

    pub fn error(&mut self, code: &'static str, span: &Span, message: impl Into<String>) {
        self.told.push(Diagnostic::error(code, span, message));
    }

    pub fn warn(&mut self, code: &'static str, span: &Span, message: impl Into<String>) {
        self.told.push(Diagnostic::warning(code, span, message));
    }

    fn is_quote(&self, c: char) -> bool {
        crate::query::lexer::is_quote(c) || S::SINGLE_QUOTES && is_apostrophe(c)
    }

    /// A phrase up to the mark that closes it. Where single marks enclose phrases, one inside a word
    /// (`crohn's`) closes nothing.
    fn quoted(&mut self, mark: char) {
        let start = self.at;
        let inside = start + mark.len_utf8();
        let single = is_apostrophe(mark);
        let closes = |(at, c): &(usize, char)| {
            let same = if single { is_apostrophe(*c) } else { crate::query::lexer::is_quote(*c) };
            let after = self.text[inside + at + c.len_utf8()..self.end].chars().next();
            same && !(single && after.is_some_and(char::is_alphanumeric))
        };
        let known = self.unclosed[usize::from(single)];
        let found = if known { None } else { self.text[inside..self.end].char_indices().find(closes) };
        let Some((length, closing)) = found else {
            self.unclosed[usize::from(single)] = true;
            self.error("unbalanced-quote", &(start..inside), "this quotation mark is never closed");
            self.at = inside;
            return;
        };
        let close = inside + length;
        let whole = start..close + closing.len_utf8();
        self.at = whole.end;
        S::phrase(self, &(inside..close), &whole);
        self.term(inside..close, whole);
    }

    fn term(&mut self, part: Span, whole: Span) {
        let Some(term) = Term::read_plain(&S::own_wildcards(&self.text[part])) else {
            return self.error("empty-term", &whole, "there is no letter or digit to look for");
        };
        for diagnostic in term.check(&whole) {
            self.told.push(diagnostic);
        }
        self.operand(Kind::Term(term), whole);
        self.field();
    }

    fn word(&mut self) {
        let start = self.at;
        while let Some(c) = self.peek() {
            let ends = c.is_whitespace()
                || matches!(c, '(' | ')' | '[' | ']' | '{' | '}' | '/' | ',' | ';')
                || self.is_quote(c) && !(is_apostrophe(c) && self.inside_word(start));
            if ends || c == ':' && self.codes().is_some() {
                break;
            }
            self.at += c.len_utf8();
        }
        let span = start..self.at;
        if span.is_empty() {
            self.at += self.peek().map_or(0, char::len_utf8);
            return;
        }
        if let Some(operator) = self.operator(&span) {
            return self.push(PieceKind::Operator(operator), span);
        }
        let word = &self.text[span.clone()];
        if !self.strategy.is_empty() && self.strategy.has(word) {
            let message = format!("a line is referred to by its sign, `#{word}`: `{word}` is looked for as a word");
            let fix = Diagnostic::warning("line-without-sign", &span, message).fixed_by(&span, format!("#{word}"));
            self.told.push(fix);
        }
        self.term(span.clone(), span);
    }

    /// Whether the mark here stands between two letters of a word that began before it.
    fn inside_word(&self, start: usize) -> bool {
        let mut rest = self.rest().chars();
        rest.next();
        self.at > start && rest.next().is_some_and(char::is_alphanumeric)
    }

    /// The operator that the word is: AND, OR, NOT, NEAR, NEAR/3, NEXT, NEXT/3.
    fn operator(&mut self, span: &Span) -> Option<Operator> {
        let word = self.text[span.clone()].to_ascii_lowercase();
        let ordered = match word.as_str() {
            "and" => return Some(Operator::And),
            "or" => return Some(Operator::Or),
            "not" => return Some(Operator::Not),
            "near" => false,
            "next" => true,
            _ => return None,
        };
        let digits =
            self.rest().strip_prefix('/').map_or(0, |rest| rest.bytes().take_while(u8::is_ascii_digit).count());
        if digits == 0 {
            let distance = if ordered { 0 } else { S::between(None) };
            return Some(Operator::Near { distance, ordered });
        }
        let number = self.rest()[1..=digits].parse().unwrap_or(u16::MAX);
        self.at += 1 + digits;
        if number > S::MOST_NUMBER {
            let message = format!("a distance may be at most {}", S::MOST_NUMBER);
            self.error("distance-too-large", &(span.start..self.at), message);
        }
        Some(Operator::Near { distance: S::between(Some(number.min(S::MOST_NUMBER))), ordered })
    }

    /// A line's number with its sign, or several (`#1-#3`); `false` if there is none here.
    fn reference(&mut self) -> bool {
        let start = self.at;
        let Some((from, first)) = self.number() else { return false };
        let end = self.at;
        let dash = self.rest().trim_start_matches(' ').starts_with(['-', '\u{2013}']);
        if dash {
            let skipped = self.rest().find(['-', '\u{2013}']).unwrap_or(0);
            self.at += skipped + self.rest()[skipped..].chars().next().map_or(0, char::len_utf8);
            if let Some((to, _)) = self.number() {
                let span = start..self.at;
                self.warn("range-without-operator", &span, "lines in a row without an operator: read as any of them");
                let labels = self.strategy.range(&from, &to, &span, self.told);
                if let Some(node) = self.strategy.join(&labels, false, &span, self.told) {
                    self.push(PieceKind::Operand(node), span);
                }
                return true;
            }
            self.at = end;
        }
        let span = start..end;
        // What is no line is told; the clause stands for itself, so that nothing else seems wrong.
        let node = self.strategy.refer(&from, &first, self.told);
        let node = node.unwrap_or_else(|| native(S::PLATFORM, &self.text[span.clone()], &span));
        self.push(PieceKind::Operand(node), span);
        self.field();
        true
    }

    /// A number, its sign before it or not.
    pub fn number(&mut self) -> Option<(String, Span)> {
        let rest = self.rest();
        let blank = rest.len() - rest.trim_start_matches([' ', '#']).len();
        let digits = rest[blank..].bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 || digits > 4 {
            return None;
        }
        let span = self.at + blank..self.at + blank + digits;
        self.at = span.end;
        Some((self.text[span.clone()].to_owned(), span))
    }

    /// The codes behind the colon here, and where they end.
    fn codes(&self) -> Option<(Vec<Code>, usize)> {
        let rest = self.rest().strip_prefix(':')?;
        let mut codes = Vec::new();
        let mut offset = 0;
        loop {
            let blank = rest[offset..].len() - rest[offset..].trim_start_matches(' ').len();
            let letters = rest[offset + blank..].bytes().take_while(u8::is_ascii_alphanumeric).count();
            let code = S::code(&rest[offset + blank..offset + blank + letters]);
            let Some(code) = code.filter(|_| blank == 0 || !codes.is_empty()) else { break };
            codes.push(code);
            offset += blank + letters;
            if !rest[offset..].starts_with(',') {
                break;
            }
            offset += 1;
        }
        // `a:ti,b`: what follows the comma is no field.
        if rest[..offset].ends_with(',') {
            offset -= 1;
        }
        let bounded = !rest[offset..].starts_with(char::is_alphanumeric);
        (!codes.is_empty() && bounded).then_some((codes, self.at + 1 + offset))
    }

    /// Takes the field behind the last operand, if one is here.
    pub fn field(&mut self) -> bool {
        let Some((codes, end)) = self.codes() else { return false };
        let place = self.at..end;
        self.at = end;
        if !self.pieces.last().is_some_and(|piece| piece.kind.ends_operand()) {
            self.error("missing-operand", &place, "something to look for is missing before this");
            return true;
        }
        self.in_fields(codes, place);
        true
    }

    /// Limits the last operand to the fields of codes that end here.
    pub fn in_fields(&mut self, codes: Vec<Code>, place: Span) {
        let end = place.end;
        let mut set = FieldSet::NONE;
        for code in &codes {
            if let Code::Fields(fields) = code {
                set = set.with(*fields);
            }
        }
        let scope = if set == FieldSet::TOPIC { Scope::Default } else { Scope::Named(set) };
        if codes.iter().all(|code| matches!(code, Code::Fields(_))) {
            return self.push(PieceKind::Suffix(scope), place);
        }
        let (node, operand) = self.budget.take_last_operand(&mut self.pieces, &S::GRAMMAR, end, self.told);
        let span = operand.start..end;
        if span.len() > MOST_NATIVE {
            self.error("too-long", &place, "too much stands before this field");
            return self.push(PieceKind::Operand(native(S::PLATFORM, "?", &span)), span);
        }
        let mut ways = Vec::new();
        if !set.is_empty() {
            ways.push(Node::new(Kind::Limit { scope, node: Box::new(node.clone()) }, span.clone()));
        }
        for code in codes {
            match code {
                Code::Fields(_) => {}
                Code::Heading => ways.push(self.as_headings(node.clone())),
                Code::Year => ways.push(self.as_years(node.clone(), &span)),
                Code::Other => ways.push(native(S::PLATFORM, &self.text[span.clone()], &span)),
            }
        }
        let node = if ways.len() == 1 { ways.remove(0) } else { Node::new(Kind::Or(ways), span.clone()) };
        self.push(PieceKind::Operand(node), span);
    }

    fn unquoted(&self, span: Span) -> &str {
        self.text[span].trim_matches(|c| self.is_quote(c))
    }

    fn as_headings(&self, node: Node) -> Node {
        mapped(node, &|node| {
            let heading = Heading::new(S::VOCABULARY, self.unquoted(node.span.clone()))?;
            Some(Kind::Heading(Heading { explode: false, ..heading }))
        })
    }

    fn as_years(&self, node: Node, whole: &Span) -> Node {
        mapped(node, &|node| {
            let year = Dates::read(self.unquoted(node.span.clone()));
            Some(year.map_or_else(|| native(S::PLATFORM, &self.text[whole.clone()], whole).kind, Kind::Dates))
        })
    }
}
