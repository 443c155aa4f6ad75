//! Lucene's syntax cut into tokens, terms read already. Never fails: what is wrong is told.

use super::clauses;
use super::fields::{Flavour, Meaning};
use crate::model::PartialDate;
use crate::query::diagnostic::{Collector, Diagnostic};
use crate::query::expression::Operator;
use crate::query::field::Scope;
use crate::query::lexer::is_quote;
use crate::query::tree::{Kind, Node};
use crate::query::{Dates, Span};

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Open,
    Close,
    /// AND, OR between clauses.
    Joint(Operator),
    /// NOT, `!`, `-` before a clause.
    Not,
    /// `+` before a clause.
    Must,
    /// The field of what follows.
    Field(Scope),
    Operand(Node),
    /// `and`, `or`, `not` in lower case.
    Lower(Operator, Option<Node>),
}

pub(super) fn cut(text: &str, flavour: &Flavour, told: &mut Collector) -> Vec<(Token, Span)> {
    let mut cutter = Cutter { text, flavour, at: 0, told, tokens: Vec::new() };
    while let Some(c) = cutter.text[cutter.at..].chars().next() {
        cutter.token(c);
    }
    cutter.tokens
}

struct Cutter<'a> {
    text: &'a str,
    flavour: &'a Flavour,
    at: usize,
    told: &'a mut Collector,
    tokens: Vec<(Token, Span)>,
}

impl Cutter<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn push(&mut self, token: Token, end: usize) {
        self.tokens.push((token, self.at..end));
        self.at = end;
    }

    fn token(&mut self, c: char) {
        let end = self.at + c.len_utf8();
        let glued = self.text[end..].starts_with(|next: char| !next.is_whitespace());
        match c {
            _ if c.is_whitespace() || c == '\u{feff}' => self.at = end,
            '(' => self.push(Token::Open, end),
            ')' => {
                self.push(Token::Close, end);
                self.boost();
            }
            '+' if glued => self.push(Token::Must, end),
            '-' | '!' if glued => self.push(Token::Not, end),
            _ if self.rest().starts_with("&&") => self.push(Token::Joint(Operator::And), self.at + 2),
            _ if self.rest().starts_with("||") => self.push(Token::Joint(Operator::Or), self.at + 2),
            _ if is_quote(c) => self.quoted(end, None),
            '[' | '{' => self.range(self.at, None),
            _ => self.word(),
        }
    }

    /// Weight counts for ranking only.
    fn boost(&mut self) {
        let rest = self.rest();
        let Some(number) = rest.strip_prefix('^') else { return };
        let length = number.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(number.len());
        let end = self.at + 1 + length;
        let message = "a weight orders what is found and finds nothing more or less: it is passed over";
        self.told.push(Diagnostic::hint("boost", &(self.at..end), message));
        self.at = end;
    }

    fn operand(&mut self, node: Option<Node>, span: Span) {
        match node {
            Some(node) => self.tokens.push((Token::Operand(node), span)),
            None => {
                let message = "there is no letter or digit here to look for";
                self.told.push(Diagnostic::error("empty-term", &span, message));
            }
        }
    }

    /// A phrase, with its slop; `field` is where its field begins and what it holds.
    fn quoted(&mut self, inside: usize, field: Option<(usize, Meaning)>) {
        let start = field.map_or(self.at, |(start, _)| start);
        let mut close = None;
        let mut escaped = false;
        for (offset, c) in self.text[inside..].char_indices() {
            if !escaped && is_quote(c) {
                close = Some((inside + offset, inside + offset + c.len_utf8()));
                break;
            }
            escaped = !escaped && c == '\\';
        }
        let Some((close, end)) = close else {
            self.told.push(Diagnostic::error(
                "unbalanced-quote",
                &(self.at..inside),
                "this quotation mark is never closed",
            ));
            self.at = inside;
            return;
        };
        self.at = end;
        let slop = self.slop();
        let span = start..self.at;
        let text = clauses::unescaped(&self.text[inside..close]);
        let node = match field {
            Some((_, Meaning::Own)) => Some(clauses::native(self.flavour, &self.text[span.clone()], &span)),
            Some((_, Meaning::Published)) => Some(self.date(&text, &span)),
            _ => clauses::phrase(self.flavour, &text, slop, &span, self.told),
        };
        self.boost();
        self.operand(node, span);
    }

    /// The number of `~3` behind a phrase.
    fn slop(&mut self) -> Option<u16> {
        let number = self.rest().strip_prefix('~')?;
        let length = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
        let slop = number[..length].parse().ok();
        self.at += 1 + length;
        slop
    }

    fn date(&mut self, text: &str, span: &Span) -> Node {
        match clauses::dates(text, text) {
            Some(dates) => Node::new(Kind::Dates(dates), span.clone()),
            None => clauses::native(self.flavour, &self.text[span.clone()], span),
        }
    }

    /// `[2020 TO 2023]`, whose field begins at `start`.
    fn range(&mut self, start: usize, meaning: Option<Meaning>) {
        let open = self.at;
        let Some(length) = self.rest().find([']', '}']) else {
            self.told.push(Diagnostic::error("unbalanced-bracket", &(open..open + 1), "this range is never closed"));
            self.at += 1;
            return;
        };
        let end = open + length + 1;
        let span = start..end;
        let inside = &self.text[open + 1..end - 1];
        let closed = self.text[open..].starts_with('[') && self.text[..end].ends_with(']');
        let ends = inside.split_once(" TO ").or_else(|| inside.split_once(" to "));
        let dates = ends.filter(|_| closed && meaning == Some(Meaning::Published));
        let dates = dates.and_then(|(from, to)| clauses::dates(from, to));
        if ends.is_none() || meaning.is_none() {
            let message = "a range stands behind a field, and between its ends stands TO: year:[2020 TO 2023]";
            self.told.push(Diagnostic::error("unreadable-clause", &span, message));
        }
        let node = match dates {
            Some(dates) => Node::new(Kind::Dates(dates), span.clone()),
            None => clauses::native(self.flavour, &self.text[span.clone()], &span),
        };
        self.at = end;
        self.boost();
        self.operand(Some(node), span);
    }

    /// Where a word that begins here ends.
    fn word_end(&self, from: usize) -> usize {
        let mut escaped = false;
        for (offset, c) in self.text[from..].char_indices() {
            if !escaped && (c.is_whitespace() || matches!(c, '(' | ')') || is_quote(c)) {
                return from + offset;
            }
            escaped = !escaped && c == '\\';
        }
        self.text.len()
    }

    fn word(&mut self) {
        let start = self.at;
        let end = self.word_end(start);
        let word = &self.text[start..end];
        match word {
            "AND" => return self.push(Token::Joint(Operator::And), end),
            "OR" => return self.push(Token::Joint(Operator::Or), end),
            "NOT" => return self.push(Token::Not, end),
            "ANDNOT" => return self.push(Token::Not, end),
            _ => {}
        }
        if let Some(operator) = lower(word) {
            let node = clauses::word(self.flavour, word, &(start..end), &mut Collector::default());
            return self.push(Token::Lower(operator, node), end);
        }
        if let Some((name, colon)) = field_name(word) {
            return self.field(name.to_ascii_lowercase(), start, start + colon + 1);
        }
        let span = start..end;
        self.at = end;
        let node = match self.compared(word) {
            Some(dates) => Some(Node::new(Kind::Dates(dates), span.clone())),
            None => clauses::word(self.flavour, word, &span, self.told),
        };
        self.operand(node, span);
    }

    /// `yearPublished>=2018`, which CORE takes.
    fn compared(&self, word: &str) -> Option<Dates> {
        let at = word.find(['<', '>'])?;
        if (self.flavour.field)(&word[..at].to_ascii_lowercase()) != Some(Meaning::Published) {
            return None;
        }
        let sign = &word[at..at + 1];
        let rest = &word[at + 1..];
        let (inclusive, value) = rest.strip_prefix('=').map_or((false, rest), |value| (true, value));
        let year: i32 = value.parse().ok()?;
        let year = |offset: i32| PartialDate::of_year(year + if inclusive { 0 } else { offset });
        Some(match sign {
            ">" => Dates { from: Some(year(1)?), to: None },
            _ => Dates { from: None, to: Some(year(-1)?) },
        })
    }

    /// A field and what it stands before, where that is not simply words.
    fn field(&mut self, name: String, start: usize, inside: usize) {
        let span = start..inside;
        let Some(meaning) = (self.flavour.field)(&name) else {
            let message = format!("{} has no field `{name}`", self.flavour.platform.title());
            self.told.push(Diagnostic::error("unknown-field", &span, message));
            self.at = inside;
            return;
        };
        self.at = inside;
        let next = self.rest().chars().next();
        match (meaning, next) {
            (_, Some('[' | '{')) => self.range(start, Some(meaning)),
            (Meaning::Words(scope), _) => {
                self.at = start;
                self.push(Token::Field(scope), inside);
            }
            (_, Some(quote)) if is_quote(quote) => self.quoted(inside + quote.len_utf8(), Some((start, meaning))),
            (_, Some('(')) => self.own_group(start, meaning),
            (_, Some(c)) if !c.is_whitespace() && c != ')' => {
                let end = self.word_end(inside);
                let span = start..end;
                let text = self.text[inside..end].to_owned();
                let node = match meaning {
                    Meaning::Published => self.date(&text, &span),
                    _ => clauses::native(self.flavour, &self.text[span.clone()], &span),
                };
                self.at = end;
                self.operand(Some(node), span);
            }
            _ => self.told.push(Diagnostic::error(
                "missing-operand",
                &span,
                "something to look for is missing after this",
            )),
        }
    }

    /// `PUB_YEAR:(2020 OR 2021)`, and groups in fields that only the platform has.
    fn own_group(&mut self, start: usize, meaning: Meaning) {
        let open = self.at;
        let Some(end) = group_end(self.text, open) else {
            // The parenthesis is told of as any other.
            return;
        };
        let span = start..end;
        let inside = &self.text[open + 1..end - 1];
        let years: Option<Vec<Node>> = inside
            .split(" OR ")
            .map(|part| {
                let (from, to) =
                    part.split_once('-').filter(|(from, _)| from.trim().len() == 4).unwrap_or((part, part));
                clauses::dates(from, to).map(|dates| Node::new(Kind::Dates(dates), span.clone()))
            })
            .collect();
        let node = match years.filter(|_| meaning == Meaning::Published) {
            Some(mut years) if years.len() == 1 => years.remove(0),
            Some(years) => Node::new(Kind::Or(years), span.clone()),
            None => clauses::native(self.flavour, &self.text[span.clone()], &span),
        };
        self.at = end;
        self.operand(Some(node), span);
    }
}

fn lower(word: &str) -> Option<Operator> {
    match word {
        "and" => Some(Operator::And),
        "or" => Some(Operator::Or),
        "not" => Some(Operator::Not),
        _ => None,
    }
}

/// The field that a word begins with, and where its colon stands.
fn field_name(word: &str) -> Option<(&str, usize)> {
    let colon = word.find(':')?;
    let name = &word[..colon];
    let sound = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'));
    // `https://…` is no field.
    (sound && !word[colon + 1..].starts_with("//")).then_some((name, colon))
}

/// Where the group that opens at a place is closed.
pub(super) fn group_end(text: &str, open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (offset, c) in text[open..].char_indices() {
        match c {
            '(' => depth += 1,
            ')' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(open + offset + 1);
                }
            }
            _ => {}
        }
    }
    None
}
