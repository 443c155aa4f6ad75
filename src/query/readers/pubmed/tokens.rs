//! PubMed's syntax cut into tokens. Never fails: what is wrong is told, and reading goes on.

use crate::query::Span;
use crate::query::diagnostic::{Collector, Diagnostic};
use crate::query::expression::Operator;
use crate::query::lexer::is_quote;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Open,
    Close,
    /// A run of anything that is no other token.
    Word,
    /// A text in quotation marks; where it stands inside them.
    Quoted(Span),
    /// A field between square brackets; where it stands inside them.
    Tag(Span),
    Operator(Operator),
    /// Between the ends of a range.
    Colon,
    /// `#3`: a line of a strategy.
    Line(u32),
}

/// Cuts a part of a text.
pub(super) fn cut(text: &str, part: Span, told: &mut Collector) -> Vec<(Token, Span)> {
    let mut cutter = Cutter { text: &text[..part.end], at: part.start, told, tokens: Vec::new() };
    while let Some(c) = cutter.text[cutter.at..].chars().next() {
        cutter.token(c);
    }
    cutter.tokens
}

struct Cutter<'a> {
    text: &'a str,
    at: usize,
    told: &'a mut Collector,
    tokens: Vec<(Token, Span)>,
}

impl Cutter<'_> {
    fn token(&mut self, c: char) {
        let start = self.at;
        let end = start + c.len_utf8();
        match c {
            _ if c.is_whitespace() || c == '\u{feff}' => self.at = end,
            '(' => self.push(Token::Open, end),
            ')' => self.push(Token::Close, end),
            '|' => self.sign(Operator::Or, end),
            ':' => self.push(Token::Colon, end),
            '[' => self.tag(end),
            ']' => self.stray(end),
            _ if is_quote(c) => self.quoted(end),
            _ => self.word(),
        }
    }

    fn push(&mut self, token: Token, end: usize) {
        self.tokens.push((token, self.at..end));
        self.at = end;
    }

    /// A sign for an operator.
    fn sign(&mut self, operator: Operator, end: usize) {
        let span = self.at..end;
        let message = format!("`{}` is read as {operator}: write the word", &self.text[span.clone()]);
        self.told.push(Diagnostic::warning("operator-sign", &span, message).fixed_by(&span, operator.to_string()));
        self.push(Token::Operator(operator), end);
    }

    fn stray(&mut self, end: usize) {
        let message = "this square bracket has no partner: a field is written as [tiab]";
        self.told.push(Diagnostic::error("unbalanced-bracket", &(self.at..end), message));
        self.at = end;
    }

    fn tag(&mut self, inside: usize) {
        let rest = &self.text[inside..];
        match rest.find(['[', ']', '(', ')']).filter(|length| rest[*length..].starts_with(']')) {
            Some(length) => self.push(Token::Tag(inside..inside + length), inside + length + 1),
            None => self.stray(inside),
        }
    }

    fn quoted(&mut self, inside: usize) {
        if let Some(length) = self.text[inside..].find(is_quote) {
            let close = inside + length;
            let end = close + self.text[close..].chars().next().map_or(0, char::len_utf8);
            // `"heart attack"*`: truncation outside.
            let star = self.text[end..].starts_with('*');
            self.push(Token::Quoted(inside..close), end + usize::from(star));
            return;
        }
        // With the word that it stands at.
        let before = self.tokens.last().filter(|(token, span)| *token == Token::Word && span.end == self.at);
        let span = match before {
            Some((_, span)) => span.start..inside,
            None => self.at..inside + word_length(&self.text[inside..]),
        };
        self.told.push(Diagnostic::error("unbalanced-quote", &span, "this quotation mark is never closed"));
        self.at = inside;
    }

    fn word(&mut self) {
        let start = self.at;
        let rest = &self.text[start..];
        let mut length = word_length(rest);
        // `2020:2023`, `2020:`: a colon behind a date joins the ends of a range.
        if let Some(colon) = rest[..length].find(':').filter(|colon| is_date(&rest[..*colon])) {
            length = colon;
        }
        let word = &rest[..length];
        let end = start + length;
        let operator = match word {
            "AND" => Some(Operator::And),
            "OR" => Some(Operator::Or),
            "NOT" => Some(Operator::Not),
            "&" => return self.sign(Operator::And, end),
            _ => None,
        };
        let line = word.strip_prefix('#').filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
        let token = match (operator, line.and_then(|digits| digits.parse().ok())) {
            (Some(operator), _) => Token::Operator(operator),
            (None, Some(line)) => Token::Line(line),
            (None, None) => Token::Word,
        };
        self.push(token, end);
    }
}

fn word_length(text: &str) -> usize {
    let ends = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | '|') || is_quote(c);
    text.find(ends).unwrap_or(text.len())
}

/// `2020`, `2020/5`, `2020/05/31`.
pub(super) fn is_date(text: &str) -> bool {
    let mut parts = text.split('/');
    let digits = |part: &str, least, most| {
        (least..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    parts.next().is_some_and(|year| digits(year, 4, 4))
        && parts.clone().count() < 3
        && parts.all(|part| digits(part, 1, 2))
}
