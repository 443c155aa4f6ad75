//! What readers share to take a text apart: quotation marks, words, and the fields around them.

use super::sets::{Known, referred};
use crate::query::clause::Native;
use crate::query::diagnostic::{Collector, Diagnostic};
use crate::query::expression::{Operator, Piece, PieceKind};
use crate::query::field::Scope;
use crate::query::lexer::{MOST_DISTANCE, is_quote};
use crate::query::term::Term;
use crate::query::tree::{Kind, Node};
use crate::query::{Platform, Span};

/// A part of a text being cut into pieces. `F` is what a platform knows of a field; it holds for the
/// operand or the group that follows, and for all inside that names no other.
pub(super) struct Scan<'a, F> {
    /// The query's text up to the end of the part.
    pub text: &'a str,
    /// Where reading is.
    pub at: usize,
    pub told: &'a mut Collector,
    pub pieces: Vec<Piece>,
    /// Whether the part has an odd number of quotation marks, so that one of them is wrong.
    odd_quotes: bool,
    groups: Vec<Option<F>>,
    pending: Option<F>,
}

impl<'a, F: Clone> Scan<'a, F> {
    /// Begins to read a part of a text.
    pub fn new(text: &'a str, part: Span, told: &'a mut Collector) -> Self {
        let odd_quotes = text[part.clone()].chars().filter(|c| is_quote(*c)).count() % 2 == 1;
        let text = &text[..part.end];
        Self { text, at: part.start, told, pieces: Vec::new(), odd_quotes, groups: Vec::new(), pending: None }
    }

    /// What is still to be read.
    pub fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// The next character that is no white space, having gone there.
    pub fn next_char(&mut self) -> Option<char> {
        let rest = self.rest();
        let blank = rest.find(|c: char| !c.is_whitespace() && c != '\u{feff}').unwrap_or(rest.len());
        self.at += blank;
        self.rest().chars().next()
    }

    /// The field that holds here.
    pub fn field(&self) -> Option<&F> {
        self.pending.as_ref().or_else(|| self.groups.last().and_then(Option::as_ref))
    }

    /// The field of the groups around, whatever stands directly before.
    pub fn outer_field(&self) -> Option<&F> {
        self.groups.last().and_then(Option::as_ref)
    }

    /// Whether a field stands directly before, whose operand is still to come.
    pub fn is_pending(&self) -> bool {
        self.pending.is_some()
    }

    /// Sets the field of what follows.
    pub fn begin_field(&mut self, field: F) {
        self.pending = Some(field);
    }

    pub fn push(&mut self, kind: PieceKind, span: Span) {
        self.pieces.push(Piece { kind, span });
    }

    /// Takes an opening parenthesis.
    pub fn open(&mut self) {
        let span = self.at..self.at + 1;
        let field = self.field().cloned();
        self.groups.push(field);
        self.pending = None;
        self.at = span.end;
        self.push(PieceKind::Open, span);
    }

    /// Takes a closing parenthesis.
    pub fn close(&mut self) {
        let span = self.at..self.at + 1;
        self.groups.pop();
        self.pending = None;
        self.at = span.end;
        self.push(PieceKind::Close, span);
    }

    pub fn operator(&mut self, operator: Operator, span: Span) {
        self.pending = None;
        self.at = span.end;
        self.push(PieceKind::Operator(operator), span);
    }

    pub fn operand(&mut self, node: Node) {
        self.pending = None;
        let span = node.span.clone();
        self.push(PieceKind::Operand(node), span);
    }

    /// Puts a clause that could not be read, and was told, in its place, so that what stands around it
    /// is read as if it were sound.
    pub fn unread(&mut self, platform: Platform, span: Span) {
        let text = self.text[span.clone()].to_owned();
        self.operand(Node::new(Kind::Native(Native { platform, text }), span));
    }

    /// Sets the fields of what follows: as a piece too, where they change what holds around.
    pub fn begin_scope(&mut self, field: F, scope: Scope, outer: Option<Scope>, span: Span) {
        // The default changes nothing where nothing else holds.
        if scope != Scope::Default || outer.is_some_and(|outer| outer != Scope::Default) {
            self.push(PieceKind::Prefix(scope), span);
        }
        self.begin_field(field);
    }

    /// The number of a set after the `#` that stands here, and all of the reference.
    pub fn set_number(&self) -> Option<(&'a str, Span)> {
        let rest = self.rest().strip_prefix('#')?;
        let length = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let ends = rest[length..].chars().next().is_none_or(|c| c.is_whitespace() || matches!(c, '(' | ')'));
        (length > 0 && ends).then(|| (&rest[..length], self.at..self.at + 1 + length))
    }

    /// Takes a reference to a numbered line: what it asks for, or a clause in its place.
    pub fn reference(&mut self, known: &Known, digits: &str, span: Span, platform: Platform) {
        self.at = span.end;
        match referred(known, digits.parse().ok(), &span, self.told) {
            Some(node) => self.operand(node),
            None => self.unread(platform, span),
        }
    }

    /// Takes AND, or AND NOT, which are one operator.
    pub fn and_or_not(&mut self, and: Span) {
        let rest = &self.text[and.end..];
        let next = rest.trim_start();
        let ends = |c: char| c.is_whitespace() || matches!(c, '(' | '{') || is_quote(c);
        let not = next.get(..3).is_some_and(|word| word.eq_ignore_ascii_case("not"))
            && next[3..].chars().next().is_none_or(ends);
        let end = if not { and.end + rest.len() - next.len() + 3 } else { and.end };
        let span = and.start..end;
        self.tell_case(&span);
        self.operator(if not { Operator::Not } else { Operator::And }, span);
    }

    /// Reads a distance; one that is too large is told and cut.
    pub fn distance(&mut self, digits: &str, span: &Span) -> u16 {
        let distance = digits.parse().unwrap_or(u16::MAX);
        if distance > MOST_DISTANCE {
            let message = format!("a distance may be at most {MOST_DISTANCE}");
            self.told.push(Diagnostic::error("distance-too-large", span, message));
        }
        distance.min(MOST_DISTANCE)
    }

    /// The next word: up to white space, a parenthesis, a quotation mark, or what `stops`.
    pub fn word(&self, stops: impl Fn(char) -> bool) -> Span {
        let rest = self.rest();
        let ends = |c: char| c.is_whitespace() || matches!(c, '(' | ')') || is_quote(c) || stops(c);
        self.at..self.at + rest.find(ends).unwrap_or(rest.len())
    }

    /// Takes a quoted phrase: what is inside, and all of it. A mark that has no partner is told and
    /// left out; what stood behind it is read as if it were not there.
    pub fn quoted(&mut self) -> Option<(Span, Span)> {
        let start = self.at;
        let inside = start + self.rest().chars().next().map_or(0, char::len_utf8);
        if self.odd_quotes && self.closes_a_word(start) {
            let before = &self.text[..start];
            let from = before.rfind(|c: char| c.is_whitespace() || matches!(c, '(' | ')') || is_quote(c));
            let from = from.map_or(0, |at| at + before[at..].chars().next().map_or(0, char::len_utf8));
            return self.stray_quote(from..inside, inside, "this quotation mark closes nothing");
        }
        let found = self.text[inside..].find(is_quote).map(|length| inside + length);
        let Some(close) = found.filter(|close| !(self.odd_quotes && self.opens_a_word(*close))) else {
            let tail = &self.text[inside..];
            let length = tail.find(|c: char| matches!(c, '(' | ')' | '\n') || is_quote(c)).unwrap_or(tail.len());
            let end = inside + tail[..length].trim_end().len();
            return self.stray_quote(start..end, inside, "this quotation mark is never closed");
        };
        if !balanced(&self.text[inside..close]) && !balanced(&outside_quotes(self.text)) {
            // Each of the two has lost its partner.
            self.stray_quote(start..inside, inside, "this quotation mark is never closed");
            self.odd_quotes = true;
            return None;
        }
        let end = close + self.text[close..].chars().next().map_or(0, char::len_utf8);
        self.at = end;
        Some((inside..close, start..end))
    }

    fn stray_quote(&mut self, span: Span, next: usize, message: &str) -> Option<(Span, Span)> {
        self.told.push(Diagnostic::error("unbalanced-quote", &span, message));
        self.odd_quotes = false;
        self.at = next;
        None
    }

    fn closes_a_word(&self, quote: usize) -> bool {
        let before = self.text[..quote].chars().next_back();
        let after = self.text[quote..].chars().nth(1);
        before.is_some_and(|c| !c.is_whitespace() && !matches!(c, '(' | '=' | ','))
            && after.is_none_or(|c| c.is_whitespace() || c == ')')
    }

    fn opens_a_word(&self, quote: usize) -> bool {
        let before = self.text[..quote].chars().next_back();
        let after = self.text[quote..].chars().nth(1);
        before.is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '=' | ','))
            && after.is_some_and(|c| !c.is_whitespace() && c != ')')
    }

    /// A term; `None`, and told, where there is nothing to look for. What its wildcards may be is
    /// told by the rules of the language.
    pub fn checked_term(&mut self, text: &str, span: Span) -> Option<Node> {
        let node = self.term(text, span)?;
        if let Kind::Term(term) = &node.kind {
            for diagnostic in term.check(&node.span) {
                self.told.push(diagnostic);
            }
        }
        Some(node)
    }

    /// A term, its wildcards unchecked.
    pub fn term(&mut self, text: &str, span: Span) -> Option<Node> {
        let Some(term) = Term::read_plain(text) else {
            self.told.push(Diagnostic::error("empty-term", &span, "there is no letter or digit to look for"));
            return None;
        };
        Some(Node::new(Kind::Term(term), span))
    }

    /// Tells of an operator that is not in upper case, where that is of no matter to the platform.
    pub fn tell_case(&mut self, span: &Span) {
        let written = &self.text[span.clone()];
        let upper = written.to_uppercase();
        if written != upper {
            let message = format!("read as the operator {upper}; if the word is meant, quote it");
            self.told.push(Diagnostic::hint("operator-in-lower-case", span, message).fixed_by(span, upper));
        }
    }

    /// Tells of a word that is another platform's operator.
    pub fn tell_foreign(&mut self, span: &Span, remedy: &str) {
        let word = &self.text[span.clone()];
        if foreign_operator(word) {
            let message = format!("`{word}` is another platform's operator and read as words here: {remedy}");
            self.told.push(Diagnostic::warning("foreign-operator", span, message));
        }
    }

    /// Tells of curly quotation marks, on a platform that may not take them.
    pub fn tell_curly(&mut self, inside: &Span, whole: &Span, platform: &str) {
        let text = &self.text[whole.clone()];
        if text.chars().any(|c| is_quote(c) && c != '"') {
            let message = format!("{platform} may ignore curly quotation marks: write straight ones");
            let fix = format!("\"{}\"", &self.text[inside.clone()]);
            self.told.push(Diagnostic::warning("curly-quotes", whole, message).fixed_by(whole, fix));
        }
    }
}

/// Whether each parenthesis has its partner.
fn balanced(text: &str) -> bool {
    let mut open = 0_usize;
    for c in text.chars() {
        match c {
            '(' => open += 1,
            ')' if open == 0 => return false,
            ')' => open -= 1,
            _ => {}
        }
    }
    open == 0
}

/// What stands outside of quotation marks.
fn outside_quotes(text: &str) -> String {
    text.split(is_quote).step_by(2).collect()
}

/// A word that is a proximity operator somewhere.
fn foreign_operator(word: &str) -> bool {
    let upper = word.to_ascii_uppercase();
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let slashed = ["NEAR/", "ONEAR/", "NEXT/", "PRE/", "W/", "N/", "P/"];
    slashed.iter().filter_map(|name| upper.strip_prefix(name)).any(number)
        || upper.strip_prefix("ADJ").is_some_and(number)
}

/// Operands joined by AND, or the only one.
pub(super) fn all_of(mut nodes: Vec<Node>) -> Option<Node> {
    match nodes.len() {
        0 | 1 => nodes.pop(),
        _ => {
            let span = nodes[0].span.start..nodes[nodes.len() - 1].span.end;
            Some(Node::new(Kind::And(nodes), span))
        }
    }
}

/// The same with words that must follow each other directly made a phrase, which means the same.
pub(super) fn with_phrases(node: Node) -> Node {
    let Node { kind, span } = node;
    let all = |nodes: Vec<Node>| nodes.into_iter().map(with_phrases).collect();
    let kind = match kind {
        Kind::And(nodes) => Kind::And(all(nodes)),
        Kind::Or(nodes) => Kind::Or(all(nodes)),
        Kind::Not(node) => Kind::Not(Box::new(with_phrases(*node))),
        Kind::Limit { scope, node } => Kind::Limit { scope, node: Box::new(with_phrases(*node)) },
        Kind::Near { distance, ordered, left, right } => {
            let (left, right) = (with_phrases(*left), with_phrases(*right));
            match (left.kind, right.kind) {
                (Kind::Term(mut left), Kind::Term(right)) if distance == 0 && ordered => {
                    left.words.extend(right.words);
                    Kind::Term(left)
                }
                (one, other) => {
                    let left = Box::new(Node::new(one, left.span));
                    Kind::Near { distance, ordered, left, right: Box::new(Node::new(other, right.span)) }
                }
            }
        }
        leaf => leaf,
    };
    Node::new(kind, span)
}

/// Whether it is a number of a few digits.
pub(super) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() <= 6 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A word or phrase of a run of words with nothing between them.
pub(super) struct Item {
    /// Without quotation marks.
    pub inside: Span,
    pub whole: Span,
    pub quoted: bool,
}

impl Item {
    /// A word without quotation marks.
    pub fn bare(span: Span) -> Self {
        Self { inside: span.clone(), whole: span, quoted: false }
    }
}

/// The length of a clause: a group in parentheses, a quoted phrase, or a word.
pub(super) fn clause_length(text: &str) -> usize {
    let mut open = 0_usize;
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if is_quote(c) => {
                quoted = !quoted;
                if !quoted && open == 0 {
                    return at + c.len_utf8();
                }
            }
            '(' if !quoted => open += 1,
            ')' if !quoted && open == 0 => return at,
            ')' if !quoted => {
                open -= 1;
                if open == 0 {
                    return at + 1;
                }
            }
            _ if c.is_whitespace() && !quoted && open == 0 => return at,
            _ => {}
        }
    }
    text.len()
}

/// The nearest of some names, if one is near.
pub(super) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_ascii_lowercase();
    let distance =
        |other: &str| rapidfuzz::distance::levenshtein::distance(name.chars(), other.to_ascii_lowercase().chars());
    let found = known.into_iter().map(|known| (distance(known), known));
    found.filter(|(distance, known)| *distance <= (known.len() / 3).max(1)).min().map(|(_, known)| known)
}
