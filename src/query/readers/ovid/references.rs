//! Lines that a line of Ovid's refers to.

use super::fields;
use super::lexer::{Codes, Lexer, Part};
use super::parts::scope;
use crate::query::expression::PieceKind;
use crate::query::readers::pieces::{native, without_fields};
use crate::query::tree::{Kind, Node};
use crate::query::{Platform, Span};

impl Lexer<'_, '_> {
    /// `or/1-6,8`.
    pub(super) fn set(&mut self, all: bool, start: usize) -> bool {
        self.flush(None);
        self.at += 1;
        let mut labels = Vec::new();
        while let Some((from, span)) = self.number() {
            let dash = self
                .rest()
                .trim_start_matches(' ')
                .starts_with(['-', '\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}']);
            if dash {
                self.skip_spaces();
                self.at += self.peek().map_or(0, char::len_utf8);
                let Some((to, end)) = self.number() else { break };
                labels.extend(self.reader.strategy.range(&from, &to, &(span.start..end.end), self.reader.told));
            } else {
                labels.push((from, span));
            }
            let rest = self.rest().trim_start_matches(' ');
            // A comma that no number follows ends the list.
            let more = rest.strip_prefix(',').map(|rest| rest.trim_start_matches([' ', '#']));
            if !more.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
                break;
            }
            self.skip_spaces();
            self.at += 1;
        }
        let span = start..self.at;
        if let Some(mut node) = self.reader.strategy.join(&labels, all, &span, self.reader.told) {
            if labels.len() == 1 {
                node.span = span.clone();
            }
            self.push(PieceKind::Operand(node), span);
            self.qualify_last();
        }
        true
    }

    fn skip_spaces(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start_matches(' ').len();
    }

    /// A line's number, `#` before it or not.
    fn number(&mut self) -> Option<(String, Span)> {
        let rest = self.rest();
        let blank = rest.len() - rest.trim_start_matches([' ', '#']).len();
        let digits = rest[blank..].bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            return None;
        }
        let span = self.at + blank..self.at + blank + digits;
        self.at = span.end;
        Some((self.text(span.clone()).to_owned(), span))
    }

    /// What a line of that number asks for, if the run is one and not a word. Where the number is no
    /// line's, that is told.
    pub(super) fn line_number(&mut self, run: &[Part], codes: Option<&Codes>) -> Option<Node> {
        let [Part { span, quoted: None }] = run else { return None };
        let word = self.text(span.clone());
        let signed = word.starts_with('#');
        let digits = word.trim_start_matches('#').to_owned();
        let is_number = (1..=4).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number || codes.is_some_and(|codes| codes.codes.iter().any(|code| fields::holds_numbers(*code))) {
            return None;
        }
        let qualified = codes.is_some() || self.open.contains(&true);
        if !signed && qualified && !self.reader.strategy.has(&digits) {
            return None;
        }
        let span = span.clone();
        // What is no line is told; the clause stands for itself, so that nothing else seems wrong.
        let node = self.reader.strategy.refer(&digits, &span, self.reader.told);
        Some(node.unwrap_or_else(|| native(Platform::Ovid, &digits, &span)))
    }

    /// A line limited to fields: its words must stand there.
    pub(super) fn postqualified(&mut self, node: Node, codes: &Codes) -> Node {
        match scope(&codes.codes) {
            Some(scope) => {
                let span = node.span.clone();
                Node::new(Kind::Limit { scope, node: Box::new(without_fields(node)) }, span)
            }
            None => {
                let message = "a line can be limited to fields of text only: the limit is left out, and more is found";
                self.warn("unread-limit", &codes.span, message);
                node
            }
        }
    }
}
