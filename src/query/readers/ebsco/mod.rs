//! EBSCOhost (CINAHL, MEDLINE, PsycInfo and others). Rules: connect.ebsco.com (Boolean operators,
//! wildcards, proximity, field codes) and help.ebsco.com (how phrases are searched, stop words).
//!
//! `Nn` and `Wn` before NOT before AND before OR. A field code in capitals holds for the term or the
//! group that follows. Words next to each other are a phrase (within five words of each other where
//! a library has set it so). `#` is one letter or none, `?` exactly one, `*` any number; a `*` alone
//! is any one word. Stop words are never looked for, and stand for any one word.

mod chains;
mod tags;

use self::chains::fields_over_proximity;
use self::tags::{TAGS, Tag};
use super::marks;
use super::proquest::compact_date;
use super::sets::{self, Known};
use super::words::{Item, Scan, clause_length, is_number};
use crate::query::clause::{Dates, Heading, Vocabulary};
use crate::query::diagnostic::Diagnostic;
use crate::query::expression::{Grammar, Operator, build};
use crate::query::field::Scope;
use crate::query::lexer::is_quote;
use crate::query::tree::{Kind, Node};
use crate::query::{Parsed, Platform, Span};

const GRAMMAR: Grammar = Grammar {
    binding: |operator| match operator {
        Operator::Near { .. } => 4,
        Operator::Not => 3,
        Operator::And | Operator::Same => 2,
        Operator::Or => 1,
    },
    order: "EBSCOhost reads AND first",
    implied: Operator::And,
    tells_implied: true,
    lifts_fields: true,
};

/// Reads a query or a numbered history.
pub(super) fn read(text: &str) -> Parsed {
    sets::parsed(text, 'S', |part, known, told| {
        let mut reader = Reader { scan: Scan::new(text, part.clone(), told), known, run: Vec::new() };
        reader.run();
        let pieces = fields_over_proximity(reader.scan.pieces);
        build(pieces, &GRAMMAR, part.start + text[part].trim_end().len(), told)
    })
}

/// How much a text looks like EBSCOhost.
pub(super) fn likelihood(text: &str) -> u32 {
    let mut sure = 0;
    let mut shared = 0;
    let words: Vec<&str> = text.split([' ', '\n', '\t', '(']).filter(|word| !word.is_empty()).collect();
    for pair in words.windows(2) {
        let tag = TAGS.iter().any(|(tag, _)| *tag == pair[0]);
        sure += usize::from(tag && (pair[0].starts_with('M') && pair[1].starts_with(is_quote)));
        shared += usize::from(tag);
        let proximity = |word: &str| word.strip_prefix(['N', 'W']).is_some_and(is_number);
        sure += usize::from(proximity(pair[1]));
        shared += usize::from(pair[0].strip_prefix('S').is_some_and(is_number));
    }
    // Field codes that stand before most terms are enough together.
    marks(sure, 4 * shared)
}

struct Reader<'a> {
    scan: Scan<'a, Tag>,
    known: &'a Known,
    /// Words with nothing between them.
    run: Vec<Item>,
}

impl Reader<'_> {
    fn run(&mut self) {
        self.platform_name();
        while let Some(c) = self.scan.next_char() {
            match c {
                '(' | ')' => {
                    self.flush();
                    if c == '(' { self.scan.open() } else { self.scan.close() }
                }
                _ if is_quote(c) => {
                    let joins = matches!(self.run.last(), Some(item) if !item.quoted) || self.run.is_empty();
                    if let Some((inside, whole)) = self.scan.quoted() {
                        self.scan.tell_curly(&inside, &whole, "EBSCOhost");
                        // A quoted phrase stands for itself.
                        if !joins || !self.run.is_empty() {
                            self.flush();
                        }
                        self.run.push(Item { inside, whole, quoted: true });
                        self.flush();
                    }
                }
                _ => {
                    if !self.reference() && !self.field() && !self.operator() {
                        self.word();
                    }
                }
            }
        }
        self.flush();
    }

    /// Passes over `EBSCOhost:` before a query.
    fn platform_name(&mut self) {
        self.scan.next_char();
        let rest = self.scan.rest();
        let Some(colon) = rest.find(':').filter(|colon| *colon <= 40) else { return };
        let name = rest[..colon].trim().to_lowercase();
        if matches!(name.as_str(), "ebsco" | "ebscohost" | "cinahl" | "psycinfo" | "medline") {
            let span = self.scan.at..self.scan.at + colon + 1;
            let message = "the platform's name is no part of the query and is left out";
            self.scan.told.push(Diagnostic::warning("platform-name", &span, message).fixed_by(&span, ""));
            self.scan.at = span.end;
        }
    }

    /// Takes a reference to a line.
    fn reference(&mut self) -> bool {
        let span = self.scan.word(|_| false);
        let word = &self.scan.text[span.clone()];
        let Some(number) = word.strip_prefix('S').filter(|digits| is_number(digits)) else { return false };
        // In a field it is a word.
        if self.scan.field().is_some() {
            return false;
        }
        self.flush();
        self.scan.reference(self.known, number, span, Platform::Ebsco);
        true
    }

    /// Takes a field code, if one stands here.
    fn field(&mut self) -> bool {
        let start = self.scan.at;
        let rest = self.scan.rest();
        let length = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
        if length != 2 {
            return false;
        }
        let (name, after) = rest.split_at(length);
        let gap = after.len() - after.trim_start().len();
        let next = after[gap..].chars().next();
        let groups = next.is_some_and(|c| c == '(' || is_quote(c));
        let ends = gap > 0 || groups;
        let span = start..start + length;
        let upper = name.to_ascii_uppercase();
        let found = TAGS.iter().find(|(tag, _)| *tag == upper).map(|(_, tag)| *tag);
        // Within a run of words, and after another code, it is a word: `TI RN`.
        let begins = self.run.is_empty() && !self.pending();
        match found {
            Some(tag)
                if name == upper
                    && ends
                    && begins
                    && next.is_some_and(|c| c != ')')
                    && !self.operator_follows(span.end) =>
            {
                self.scan.at = span.end;
                self.begin(tag, span);
                true
            }
            Some(_) if name != upper && groups && begins && !is_operator(&upper) => {
                let message = format!("a field code must be in capitals: write {upper}");
                self.scan.told.push(Diagnostic::error("field-in-lower-case", &span, message).fixed_by(&span, upper));
                self.scan.at = span.end;
                true
            }
            None if name == upper && groups && begins && !is_operator(name) => {
                let codes = TAGS.iter().map(|(tag, _)| *tag).collect::<Vec<_>>().join(" ");
                let message = format!("EBSCOhost has no field {name} that is known here; there are {codes}");
                self.scan.told.push(Diagnostic::error("unknown-field", &span, message));
                self.scan.at = span.end;
                true
            }
            _ => false,
        }
    }

    /// Whether a field code stands directly before.
    fn pending(&self) -> bool {
        self.scan.is_pending()
    }

    /// Whether an operator follows, so that what stands before it is a word.
    fn operator_follows(&self, at: usize) -> bool {
        let word = self.scan.text[at..].split_whitespace().next().unwrap_or_default();
        let upper = word.to_ascii_uppercase();
        matches!(upper.as_str(), "AND" | "OR" | "NOT")
    }

    fn begin(&mut self, tag: Tag, span: Span) {
        match tag {
            Tag::Native => self.native(span),
            Tag::Words(scope) => {
                let outer = self.scan.outer_field().and_then(|tag| tag.scope());
                self.scan.begin_scope(tag, scope, outer, span);
            }
            Tag::Heading { .. } | Tag::Dates => self.scan.begin_field(tag),
        }
    }

    /// Takes a clause that gleaner has no field for, as it is.
    fn native(&mut self, code: Span) {
        self.scan.next_char();
        let span = code.start..self.scan.at + clause_length(self.scan.rest());
        self.scan.at = span.end;
        self.scan.unread(Platform::Ebsco, span);
    }

    /// Takes an operator, if one stands here.
    fn operator(&mut self) -> bool {
        let span = self.scan.word(|_| false);
        let word = self.scan.text[span.clone()].to_ascii_uppercase();
        let operator = match word.as_str() {
            "AND" => Operator::And,
            "OR" => Operator::Or,
            "NOT" => Operator::Not,
            _ => match self.proximity(&word, &span) {
                Some(operator) => operator,
                None => return false,
            },
        };
        self.flush();
        self.scan.tell_case(&span);
        self.scan.operator(operator, span);
        true
    }

    /// `N5`, `W5`, and `N` alone; only where words stand before and after.
    fn proximity(&mut self, word: &str, span: &Span) -> Option<Operator> {
        let after_operand =
            !self.run.is_empty() || self.scan.pieces.last().is_some_and(|piece| piece.kind.ends_operand());
        let more = self.scan.text[span.end..].trim_start().chars().next().is_some_and(|c| c != ')');
        if !after_operand || !more || self.run.is_empty() && self.pending() {
            return None;
        }
        if let Some(digits) = word.strip_prefix("NEAR/").filter(|digits| is_number(digits)) {
            let message = format!("EBSCOhost writes N{digits}");
            self.scan
                .told
                .push(Diagnostic::warning("foreign-operator", span, message).fixed_by(span, format!("N{digits}")));
            return Some(Operator::Near { distance: self.scan.distance(digits, span), ordered: false });
        }
        let ordered = word.starts_with('W');
        let digits = word.strip_prefix(['N', 'W'])?;
        if digits.is_empty() && self.scan.text[span.clone()] == *word && !self.run.is_empty() {
            let message =
                format!("{word} needs a number: write {word}5 for at most five words between, or quote the letter");
            self.scan.told.push(Diagnostic::error("missing-distance", span, message));
            return Some(Operator::Near { distance: 5, ordered });
        }
        is_number(digits).then(|| Operator::Near { distance: self.scan.distance(digits, span), ordered })
    }

    fn word(&mut self) {
        let span = self.scan.word(|_| false);
        self.scan.tell_foreign(&span, "write Nn or Wn");
        self.scan.at = span.end;
        self.run.push(Item::bare(span));
    }

    /// Makes an operand of the words that were gathered.
    fn flush(&mut self) {
        let items = std::mem::take(&mut self.run);
        let (Some(first), Some(last)) = (items.first(), items.last()) else { return };
        let span = first.whole.start..last.whole.end;
        let text = self.scan.text[first.inside.start..last.inside.end].to_owned();
        let tag = self.scan.field().copied();
        let operand = match tag.unwrap_or(Tag::Words(Scope::Default)) {
            Tag::Heading { vocabulary, major } => self.heading(&text, vocabulary, major, &span),
            Tag::Dates => self.dates(&text, &span),
            Tag::Words(_) | Tag::Native => {
                if items.len() > 1 && !first.quoted {
                    let message = "words without an operator are read as a phrase; EBSCOhost looks for them within five words of each other where a library has set it so. Quote a phrase";
                    self.scan.told.push(Diagnostic::hint("unquoted-phrase", &span, message));
                }
                self.phrase(&text, &span)
            }
        };
        match operand {
            Some(node) => self.scan.operand(node),
            None => self.scan.unread(Platform::Ebsco, span),
        }
    }

    /// A word or phrase; a `*` alone stands for any one word.
    fn phrase(&mut self, text: &str, span: &Span) -> Option<Node> {
        if text.trim_end().ends_with('?') {
            let message = "EBSCOhost drops a question mark at the end: write # for one letter or none";
            self.scan.told.push(Diagnostic::hint("question-mark-at-end", span, message));
        }
        let text: Vec<&str> = text.split_whitespace().collect();
        let groups: Vec<String> = text
            .split(|word| *word == "*")
            .map(|words| words.iter().map(|word| in_our_signs(word)).collect::<Vec<_>>().join(" "))
            .collect();
        let mut node: Option<Node> = None;
        let mut gap = 0;
        for group in groups {
            if group.is_empty() {
                gap += 1;
                continue;
            }
            let next = self.scan.term(&group, span.clone())?;
            self.check(&next);
            node = Some(match node {
                None => next,
                Some(before) => {
                    let kind =
                        Kind::Near { distance: gap + 1, ordered: true, left: Box::new(before), right: Box::new(next) };
                    Node::new(kind, span.clone())
                }
            });
            gap = 0;
        }
        if node.is_none() {
            let message = "there is no letter or digit to look for";
            self.scan.told.push(Diagnostic::error("empty-term", span, message));
        }
        node
    }

    /// Tells what is wrong with a term, at the sign where there is only one that it can be.
    fn check(&mut self, node: &Node) {
        let Kind::Term(term) = &node.kind else { return };
        let written = &self.scan.text[node.span.clone()];
        let sign = written.find('*').filter(|_| written.matches('*').count() == 1).map(|at| node.span.start + at);
        for told in term.check(&node.span) {
            let sign = sign.filter(|_| matches!(told.code, "leading-wildcard" | "short-truncation"));
            let place = sign.map_or(told.start..told.end, |at| at..at + 1);
            self.scan.told.push(Diagnostic { start: place.start, end: place.end, ..told });
        }
    }

    /// `Heart Failure+/DT/NU`.
    fn heading(&mut self, text: &str, vocabulary: Vocabulary, major: bool, span: &Span) -> Option<Node> {
        let explode = text.contains('+');
        let Some(heading) = Heading::new(vocabulary, &text.replace('+', "")) else {
            self.scan.told.push(Diagnostic::error("empty-term", span, "there is no heading to look for"));
            return None;
        };
        Some(Node::new(Kind::Heading(Heading { explode, major, ..heading }), span.clone()))
    }

    /// `2020`, `2020-2023`, `20200101-20231231`.
    fn dates(&mut self, text: &str, span: &Span) -> Option<Node> {
        let text = text.trim();
        let (from, to) = text.split_once('-').unwrap_or((text, text));
        let date = |text: &str| match text.trim() {
            "" => Some(None),
            text => compact_date(text).map(Some),
        };
        match (date(from), date(to)) {
            (Some(from), Some(to)) if from.is_some() || to.is_some() => {
                Some(Node::new(Kind::Dates(Dates { from, to }), span.clone()))
            }
            _ => {
                let message = "this is no date: write PY 2020-2023, or DT 20200301-20230731";
                self.scan.told.push(Diagnostic::error("malformed-year", span, message));
                None
            }
        }
    }
}

/// A word with our signs: `#` is one letter or none, and a question mark at the end nothing.
fn in_our_signs(word: &str) -> String {
    let word = word.trim_end_matches('?');
    word.chars()
        .map(|c| match c {
            '#' => '$',
            // A dollar sign is a character like any other.
            '$' => ' ',
            c => c,
        })
        .collect()
}

fn is_operator(word: &str) -> bool {
    matches!(word, "AND" | "OR" | "NOT") || word.strip_prefix(['N', 'W']).is_some_and(is_number)
}
