//! A line of Ovid's cut into pieces.

use std::collections::HashMap;

use super::Reader;
use super::fields::{self, Code};
use super::parts::{closing, own_wildcards};
use crate::query::clause::Heading;
use crate::query::diagnostic::Diagnostic;
use crate::query::expression::{Operator, Piece, PieceKind};
use crate::query::lexer::is_quote;
use crate::query::readers::pieces::Budget;
use crate::query::term::Term;
use crate::query::tree::{Kind, Node};
use crate::query::{Span, subheadings};

/// The largest distance of `adjN`.
const MOST_DISTANCE: u16 = 99;

pub(super) fn lex(reader: &mut Reader<'_>, span: Span) -> Vec<Piece> {
    let closing = closing(&reader.text[span.clone()], span.start);
    let (pieces, run, open) = (Vec::new(), Vec::new(), Vec::new());
    let mut lexer = Lexer { reader, at: span.start, end: span.end, pieces, run, open, closing, budget: Budget::new() };
    lexer.run();
    lexer.pieces
}

/// A part of a run of words.
pub(super) struct Part {
    pub span: Span,
    /// What stands in the quotation marks, if it is quoted.
    pub quoted: Option<Span>,
}

pub(super) struct Lexer<'a, 'b> {
    pub reader: &'a mut Reader<'b>,
    pub at: usize,
    pub end: usize,
    pub pieces: Vec<Piece>,
    /// The words since the last operator, parenthesis or field.
    run: Vec<Part>,
    /// For each open parenthesis whether a field follows its group.
    pub open: Vec<bool>,
    /// For each opening parenthesis the closing one.
    closing: HashMap<usize, usize>,
    pub budget: Budget,
}

/// The codes behind a word or group, and all of them in the text.
pub(super) struct Codes {
    pub codes: Vec<Code>,
    pub span: Span,
}

impl Lexer<'_, '_> {
    fn run(&mut self) {
        while let Some(c) = self.peek() {
            let start = self.at;
            let end = start + c.len_utf8();
            match c {
                _ if c.is_whitespace() || c == '\u{feff}' => self.at = end,
                '(' => {
                    self.flush(None);
                    let qualified = self.closing.get(&start).is_some_and(|close| self.codes(close + 1).is_some());
                    self.open.push(qualified);
                    self.push(PieceKind::Open, start..end);
                    self.at = end;
                }
                ')' => {
                    self.flush(None);
                    self.open.pop();
                    self.push(PieceKind::Close, start..end);
                    self.at = end;
                    self.qualify_last();
                }
                '[' => self.bracket(),
                '{' | '}' => self.at = end,
                _ if is_quote(c) => self.quoted(),
                _ => self.word(),
            }
        }
        self.flush(None);
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn rest(&self) -> &str {
        &self.reader.text[self.at..self.end]
    }

    pub(super) fn text(&self, span: Span) -> &str {
        &self.reader.text[span]
    }

    pub(super) fn push(&mut self, kind: PieceKind, span: Span) {
        self.pieces.push(Piece { kind, span });
    }

    pub(super) fn error(&mut self, code: &'static str, span: &Span, message: impl Into<String>) {
        self.reader.told.push(Diagnostic::error(code, span, message));
    }

    pub(super) fn warn(&mut self, code: &'static str, span: &Span, message: impl Into<String>) {
        self.reader.told.push(Diagnostic::warning(code, span, message));
    }

    /// What is in brackets is no part of the search: Ovid echoes there which fields `.mp.` covers and
    /// what a subheading is called. A tag of PubMed's is a mistake.
    fn bracket(&mut self) {
        let start = self.at;
        let length = self.rest().find(']').map_or(self.rest().len(), |length| length + 1);
        let span = start..start + length;
        self.at = span.end;
        let inside = self.text(span.clone()).trim_matches(['[', ']']).trim().to_ascii_lowercase();
        let tag = inside.split(':').next().unwrap_or_default();
        let tags = [
            "mesh",
            "mh",
            "tw",
            "tiab",
            "ti",
            "ab",
            "pt",
            "majr",
            "sh",
            "au",
            "ad",
            "ot",
            "all",
            "all fields",
            "text word",
            "title/abstract",
            "title",
            "mesh terms",
            "la",
            "dp",
            "nm",
            "sb",
            "crdt",
            "edat",
            "mesh major topic",
        ];
        if tags.contains(&tag) {
            let message =
                format!("`[{inside}]` is a field of PubMed's: write `.ti,ab.` or the like, or read this as pubmed");
            self.error("foreign-field", &span, message);
        }
    }

    fn quoted(&mut self) {
        let start = self.at;
        let mark = self.peek().map_or(1, char::len_utf8);
        let inside = start + mark;
        let Some(length) = self.reader.text[inside..self.end].find(is_quote) else {
            self.error("unbalanced-quote", &(start..inside), "this quotation mark is never closed");
            self.at = inside;
            return;
        };
        let close = inside + length;
        self.at = close;
        let end = close + self.peek().map_or(0, char::len_utf8);
        self.at = end;
        self.run.push(Part { span: start..end, quoted: Some(inside..close) });
        self.after_word();
    }

    /// A word up to what ends it.
    fn word(&mut self) {
        let start = self.at;
        if self.slash_or_field() {
            return;
        }
        while let Some(c) = self.peek() {
            if c.is_whitespace() || matches!(c, '(' | ')' | '[') || is_quote(c) {
                break;
            }
            if self.at > start && (c == '.' || c == '/') && self.ends_here(c) {
                break;
            }
            self.at += c.len_utf8();
        }
        let span = start..self.at;
        if !self.operator(&span) {
            self.run.push(Part { span, quoted: None });
            self.after_word();
        }
    }

    /// Whether a field or the end of a heading is here.
    fn ends_here(&self, c: char) -> bool {
        if c == '.' { self.codes(self.at).is_some() } else { self.heading_end(self.at).is_some() || self.is_set() }
    }

    /// Whether the slash here follows `or` or `and` and begins a list of lines.
    fn is_set(&self) -> bool {
        let before = &self.reader.text[..self.at];
        let follows = ["or", "and"].iter().any(|word| {
            let start = before.len().checked_sub(word.len());
            start.and_then(|start| before.get(start..)).is_some_and(|found| found.eq_ignore_ascii_case(word))
        });
        follows && self.rest()[1..].trim_start().starts_with(|c: char| c.is_ascii_digit() || c == '#')
    }

    /// What may follow a word directly or after white space: a field or the end of a heading.
    fn after_word(&mut self) {
        self.slash_or_field();
    }

    /// Takes a field or the end of a heading, if one is here; it ends the run.
    fn slash_or_field(&mut self) -> bool {
        match self.peek() {
            Some('.') => {
                let Some(codes) = self.codes(self.at) else { return false };
                self.at = codes.span.end;
                if self.run.is_empty() {
                    return self.late_field(codes);
                }
                self.flush(Some(codes));
                self.frequency();
                true
            }
            Some('/') => {
                let Some((codes, end)) = self.heading_end(self.at).filter(|_| !self.run.is_empty()) else {
                    return false;
                };
                self.at = end;
                self.heading(&codes, end);
                true
            }
            _ => false,
        }
    }

    /// A field that follows nothing.
    fn late_field(&mut self, codes: Codes) -> bool {
        if self.pieces.last().is_some_and(|piece| piece.kind.ends_operand()) {
            self.qualify(codes);
        } else {
            self.error("missing-operand", &codes.span, "something to look for is missing before this");
        }
        true
    }

    /// A field behind the group that was just closed.
    pub(super) fn qualify_last(&mut self) {
        let blank = self.rest().len() - self.rest().trim_start_matches([' ', '\t']).len();
        if let Some(codes) = self.codes(self.at + blank) {
            self.at = codes.span.end;
            self.qualify(codes);
            self.frequency();
        }
    }

    /// The field codes at a place: `.ti,ab.`, also `. tw.` and without the last full stop where that
    /// cannot be meant otherwise.
    fn codes(&self, at: usize) -> Option<Codes> {
        let rest = self.reader.text.get(at..self.end)?.strip_prefix('.')?;
        if let Some(named) = rest.strip_prefix('(') {
            let close = named.find(')')?;
            let name = &named[..close];
            let is_name = name.len() < 30 && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            let end = at + 2 + close + 1;
            let dot = usize::from(self.reader.text[end..self.end].starts_with('.'));
            let code = if name.ends_with("year") { Code::Year } else { Code::Other };
            return is_name.then(|| Codes { codes: vec![code], span: at..end + dot });
        }
        let mut codes = Vec::new();
        let mut offset = 0;
        loop {
            let spaces = rest[offset..].len() - rest[offset..].trim_start_matches(' ').len();
            let letters = rest[offset + spaces..].bytes().take_while(u8::is_ascii_alphabetic).count();
            if letters == 0 && !codes.is_empty() {
                // `.ab,.`
                offset += spaces;
                break;
            }
            let code = rest.get(offset + spaces..offset + spaces + letters).filter(|code| code.len() == 2)?;
            codes.push(fields::read(code)?);
            offset += spaces + letters;
            let after = &rest[offset..];
            let comma = after.trim_start_matches(' ').starts_with(',');
            if !comma {
                break;
            }
            offset += after.find(',').unwrap_or(0) + 1;
        }
        let spaced = rest.starts_with(' ');
        let after = &rest[offset..];
        if let Some(behind) = after.trim_start_matches(' ').strip_prefix('.') {
            // `e.coli`, `.net.core`: a field is followed by nothing that goes on the word.
            let goes_on = behind.starts_with(|c: char| c.is_alphanumeric());
            return (!goes_on).then(|| Codes { codes, span: at..self.end - behind.len() });
        }
        let ends = after.is_empty() || after.starts_with(|c: char| c.is_whitespace() || matches!(c, ')' | '[' | '/'));
        let usual = rest[..offset].split(',').all(|code| fields::is_usual(code.trim()));
        (ends && usual && !spaced).then(|| Codes { codes, span: at..at + 1 + offset })
    }

    /// The subheadings behind the slash here, and where they end; `None` where the slash ends no heading.
    fn heading_end(&self, slash: usize) -> Option<(Vec<String>, usize)> {
        let inside = slash + 1;
        let rest = &self.reader.text[inside..self.end];
        let ends = |rest: &str| {
            rest.is_empty() || rest.starts_with(|c: char| c.is_whitespace() || matches!(c, ')' | '(' | '[' | ',' | ';'))
        };
        if ends(rest) || rest == "." {
            return Some((Vec::new(), inside + usize::from(rest == ".")));
        }
        let mut codes = Vec::new();
        let mut offset = 0;
        loop {
            let code = rest.get(offset..offset + 2)?;
            if !code.bytes().all(|byte| byte.is_ascii_alphabetic()) {
                break;
            }
            let after = &rest[offset + 2..];
            let bounded = ends(after) || after == ".";
            let Some(name) = subheadings::name_of(code).filter(|_| bounded) else { break };
            codes.push(name.to_owned());
            offset += 2;
            let Some(list) = after.strip_prefix(',') else { break };
            let spaces = list.len() - list.trim_start_matches(' ').len();
            // A comma that no subheading follows belongs to what comes.
            let more = list.get(spaces..spaces + 2).and_then(subheadings::name_of).is_some();
            if !more {
                break;
            }
            offset += 1 + spaces;
        }
        // Databases have subheadings of their own (`/cb` in Embase).
        let marked = self.run.first().is_some_and(|part| {
            let word = &self.reader.text[part.span.clone()];
            word.eq_ignore_ascii_case("exp") || word.starts_with('*')
        });
        if codes.is_empty() && marked {
            let code =
                rest.get(..2).filter(|code| code.bytes().all(|byte| byte.is_ascii_alphabetic()) && ends(&rest[2..]))?;
            return Some((vec![code.to_ascii_lowercase()], inside + 2));
        }
        (!codes.is_empty()).then_some((codes, inside + offset))
    }

    /// Takes an operator, a list of lines or a line's number; `false` if the word is none.
    fn operator(&mut self, span: &Span) -> bool {
        let word = self.text(span.clone()).to_ascii_lowercase();
        let operator = match word.as_str() {
            "and" if self.peek() == Some('/') => return self.set(true, span.start),
            "or" if self.peek() == Some('/') => return self.set(false, span.start),
            "and" => Operator::And,
            "or" => Operator::Or,
            "not" => Operator::Not,
            "adj" => Operator::Near { distance: 0, ordered: true },
            _ => match word.strip_prefix("adj").filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit())) {
                Some(digits) => self.distance(digits, span),
                None => return false,
            },
        };
        self.flush(None);
        self.push(PieceKind::Operator(operator), span.clone());
        true
    }

    /// `adjN`: at most N−1 words between.
    fn distance(&mut self, digits: &str, span: &Span) -> Operator {
        let number: u16 = digits.parse().unwrap_or(u16::MAX);
        if number > MOST_DISTANCE || number == 0 {
            let message = format!("adjN takes a number from 1 to {MOST_DISTANCE}");
            self.error("distance-too-large", span, message);
        }
        Operator::Near { distance: number.clamp(1, MOST_DISTANCE) - 1, ordered: false }
    }

    /// Ends the run: a line's number, or a term; with the field behind it.
    pub(super) fn flush(&mut self, codes: Option<Codes>) {
        let run = std::mem::take(&mut self.run);
        let (Some(first), Some(last)) = (run.first(), run.last()) else { return };
        let span = first.span.start..last.span.end;
        if let Some(node) = self.line_number(&run, codes.as_ref()) {
            let node = match &codes {
                Some(codes) => self.postqualified(node, codes),
                None => node,
            };
            return self.push(PieceKind::Operand(node), span);
        }
        let Some(node) = self.term(&run, span.clone()) else { return };
        self.push(PieceKind::Operand(node), span);
        if let Some(codes) = codes {
            self.qualify(codes);
        }
    }

    /// A word or phrase.
    fn term(&mut self, run: &[Part], span: Span) -> Option<Node> {
        let mut words = Vec::with_capacity(run.len());
        for part in run {
            let text = self.text(part.quoted.clone().unwrap_or_else(|| part.span.clone())).to_owned();
            if part.quoted.is_none() {
                self.foreign(&text, &part.span);
            }
            words.push(own_wildcards(&text));
        }
        let first = self.text(run[0].span.clone());
        if first.eq_ignore_ascii_case("exp") && run.len() > 1 {
            let message = "`exp` explodes a heading, and a heading ends with `/`: read as a word";
            self.warn("exp-without-heading", &span, message);
        }
        let Some(term) = Term::read_plain(&words.join(" ")) else {
            self.error("empty-term", &span, "there is no letter or digit to look for");
            return None;
        };
        for diagnostic in term.check(&span) {
            self.reader.told.push(diagnostic);
        }
        Some(Node::new(Kind::Term(term), span))
    }

    /// Tells of fields that there are not, and of operators of other platforms.
    fn foreign(&mut self, word: &str, span: &Span) {
        if let Some((before, codes)) = word.strip_suffix('.').and_then(|word| word.rsplit_once('.'))
            && !before.is_empty()
            && codes.split(',').all(|code| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_alphabetic()))
        {
            let message =
                format!("`.{codes}.` names a field that no database of Ovid's has: quote the words if none is meant");
            self.error("unknown-field", &(span.end - codes.len() - 2..span.end), message);
        }
        let upper = word.to_ascii_uppercase();
        let distance = ["W/", "NEAR/", "NEXT/", "PRE/", "N/"].iter().find_map(|operator| upper.strip_prefix(operator));
        let bare = matches!(word, "NEAR" | "NEXT" | "SAME");
        if bare || distance.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
        {
            let message = format!("`{word}` is another platform's operator and a word here: write adjN");
            self.warn("foreign-operator", span, message);
        }
    }

    /// A heading: the run, with `exp` and `*` before and subheadings behind.
    fn heading(&mut self, codes: &[String], end: usize) {
        let run = std::mem::take(&mut self.run);
        let start = run.first().map_or(end, |part| part.span.start);
        let span = start..end;
        let mut explode = false;
        let mut major = false;
        let mut words = Vec::new();
        for part in &run {
            let mut word = self.text(part.quoted.clone().unwrap_or_else(|| part.span.clone()));
            if words.is_empty() && part.quoted.is_none() {
                if !explode && word.eq_ignore_ascii_case("exp") {
                    explode = true;
                    continue;
                }
                if let Some(rest) = word.strip_prefix('*') {
                    major = true;
                    word = rest;
                    if !explode && word.eq_ignore_ascii_case("exp") {
                        explode = true;
                        continue;
                    }
                }
            }
            if !word.is_empty() {
                words.push(word);
            }
        }
        let Some(heading) = Heading::new(self.reader.vocabulary, &words.join(" ")) else {
            return self.error("empty-term", &span, "there is no heading before this slash");
        };
        let heading = Heading { explode, major, subheadings: codes.to_vec(), ..heading };
        self.push(PieceKind::Operand(Node::new(Kind::Heading(heading), span.clone())), span);
    }
}
