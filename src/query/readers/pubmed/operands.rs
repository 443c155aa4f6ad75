//! Terms with their fields, ranges and lines, made into pieces.

use std::collections::HashMap;

use super::tags::{self, Tag, is_stopword};
use super::tokens::{Token, is_date};
use crate::model::PartialDate;
use crate::query::clause::{Dates, Heading, Native, Vocabulary};
use crate::query::diagnostic::{Collector, Diagnostic};
use crate::query::expression::{Operator, Piece, PieceKind};
use crate::query::field::{Field, Scope};
use crate::query::lexer::MOST_DISTANCE;
use crate::query::term::{Joint, Term};
use crate::query::tree::{Kind, Node};
use crate::query::{Platform, Severity, Span};

/// Letters that must stand before `*`.
const SHORTEST_STEM: usize = 4;
/// What stands for "ever since" in a range.
const FIRST_YEAR: i16 = 1000;
/// What is told of each word without a field, this often at most.
const MOST_UNTAGGED: usize = 50;

pub(super) struct Reader<'a> {
    text: &'a str,
    tokens: Vec<(Token, Span)>,
    known: &'a HashMap<u32, Option<Node>>,
    told: &'a mut Collector,
    at: usize,
    pieces: Vec<Piece>,
    untagged: usize,
}

/// A field behind a term: its name without the suffix, the suffix, and where all of it stands.
struct Tagged {
    tag: Option<Tag>,
    suffix: Option<String>,
    span: Span,
}

impl<'a> Reader<'a> {
    pub fn new(
        text: &'a str,
        tokens: Vec<(Token, Span)>,
        known: &'a HashMap<u32, Option<Node>>,
        told: &'a mut Collector,
    ) -> Self {
        Self { text, tokens, known, told, at: 0, pieces: Vec::new(), untagged: 0 }
    }

    pub fn read(mut self) -> Vec<Piece> {
        while let Some((token, span)) = self.tokens.get(self.at).cloned() {
            match token {
                Token::Open => self.take(PieceKind::Open, span),
                Token::Close => {
                    self.take(PieceKind::Close, span);
                    self.after_group();
                }
                Token::Operator(operator) => self.take(PieceKind::Operator(operator), span),
                Token::Line(number) => self.line(number, span),
                Token::Quoted(inside) => self.quoted(inside, span),
                Token::Word => self.run(),
                Token::Colon => self.stray(&span),
                Token::Tag(_) => {
                    self.at += 1;
                    self.told.push(Diagnostic::error("field-without-term", &span, "this field follows no term"));
                }
            }
        }
        self.without_everything()
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(token, _)| token)
    }

    fn take(&mut self, kind: PieceKind, span: Span) {
        self.at += 1;
        self.pieces.push(Piece { kind, span });
    }

    fn operand(&mut self, kind: Kind, span: Span) {
        self.pieces.push(Piece { kind: PieceKind::Operand(Node::new(kind, span.clone())), span });
    }

    fn stray(&mut self, span: &Span) {
        self.at += 1;
        let message = "this says nothing to PubMed and is passed over";
        self.told.push(Diagnostic::hint("replaced-character", span, message));
    }

    /// What follows a parenthesis and belongs to a term only.
    fn after_group(&mut self) {
        match self.tokens.get(self.at).cloned() {
            Some((Token::Tag(inside), span)) => {
                self.at += 1;
                let message = "PubMed passes over a field behind a parenthesis: write it behind each term";
                let place = self.tokens[self.at - 2].1.start..span.end;
                self.told.push(Diagnostic::error("field-on-group", &place, message));
                if let Some(Tag::Words { scope, .. }) = tags::read(&self.text[inside]) {
                    self.pieces.push(Piece { kind: PieceKind::Suffix(scope), span });
                }
            }
            Some((Token::Word, span)) if self.text[span.clone()].chars().all(|c| c == '*') => {
                self.at += 1;
                let message = "PubMed truncates words, not what stands between parentheses: the `*` is passed over";
                self.told.push(Diagnostic::warning("stray-truncation", &span, message));
            }
            _ => {}
        }
    }

    fn line(&mut self, number: u32, span: Span) {
        match self.known.get(&number) {
            Some(Some(node)) => {
                let node = node.clone();
                self.take(PieceKind::Operand(node), span);
            }
            // The line is there and was told of.
            Some(None) => self.at += 1,
            None => {
                self.at += 1;
                let message = format!("there is no line {number} before this one");
                self.told.push(Diagnostic::error("unknown-line", &span, message));
            }
        }
    }

    fn quoted(&mut self, inside: Span, span: Span) {
        self.at += 1;
        let starred = self.text[span.clone()].ends_with('*');
        let text = format!("{}{}", &self.text[inside], if starred { "*" } else { "" });
        let tagged = self.tagged();
        if self.range(&text, tagged.as_ref(), &span) {
            return;
        }
        match tagged {
            Some(tagged) => self.clause(&text, &span, &tagged, true),
            None => self.untagged(vec![(text, span)]),
        }
    }

    /// Words with nothing else between them, and the field behind the last.
    fn run(&mut self) {
        let start = self.at;
        while self.peek() == Some(&Token::Word) {
            self.at += 1;
        }
        let words: Vec<Span> = self.tokens[start..self.at].iter().map(|(_, span)| span.clone()).collect();
        let (Some(first), Some(last)) = (words.first(), words.last()) else { return };
        let whole = first.start..last.end;
        let tagged = self.tagged();
        let text = self.text[whole.clone()].to_owned();
        if words.len() == 1 && self.range(&text, tagged.as_ref(), &whole) {
            return;
        }
        match tagged {
            Some(tagged) => self.tagged_run(words, &tagged),
            None => self.untagged_run(words),
        }
    }

    /// A field, if one stands here.
    fn tagged(&mut self) -> Option<Tagged> {
        let (Token::Tag(inside), span) = self.tokens.get(self.at).cloned()? else { return None };
        self.at += 1;
        let text = &self.text[inside.clone()];
        let (name, suffix) = match text.split_once(':') {
            Some((name, suffix)) => (name, Some(suffix.to_ascii_lowercase().replace(char::is_whitespace, ""))),
            None => (text, None),
        };
        let tag = tags::read(name);
        if tag.is_none() {
            let message = format!("PubMed has no field [{name}]: it would look in all fields");
            self.told.push(Diagnostic::error("unknown-field", &span, message));
        }
        Some(Tagged { tag, suffix, span })
    }

    /// `or` at the beginning of a run of words, behind something else, is meant as an operator. PubMed
    /// reads operators in capitals only, but as a word it would narrow the search without a sign.
    fn leading_operator(&mut self, words: &mut Vec<Span>) {
        let after_operand = self.pieces.last().is_some_and(|piece| piece.kind.ends_operand());
        let followed = words.len() > 1 || self.is_followed();
        let Some(first) = words.first().cloned().filter(|_| after_operand && followed) else { return };
        if let Some(operator) = lower_operator(&self.text[first.clone()]) {
            self.lower(operator, &first);
            words.remove(0);
        }
    }

    /// Whether an operand begins here.
    fn is_followed(&self) -> bool {
        matches!(self.peek(), Some(Token::Open | Token::Quoted(_) | Token::Line(_)))
    }

    fn lower(&mut self, operator: Operator, span: &Span) {
        let message = format!(
            "PubMed knows operators in capitals only; read as {operator}, which seems meant: write it in capitals, or in quotes if the word is meant"
        );
        let shown = operator.to_string();
        self.told.push(Diagnostic::warning("operator-in-lower-case", span, message).fixed_by(span, shown));
        self.pieces.push(Piece { kind: PieceKind::Operator(operator), span: span.clone() });
    }

    fn tagged_run(&mut self, mut words: Vec<Span>, tagged: &Tagged) {
        self.leading_operator(&mut words);
        let (Some(first), Some(last)) = (words.first(), words.last()) else { return };
        let span = first.start..last.end;
        let text = self.text[span.clone()].to_owned();
        self.clause(&text, &span, tagged, false);
    }

    fn untagged_run(&mut self, mut words: Vec<Span>) {
        self.leading_operator(&mut words);
        let mut group: Vec<(String, Span)> = Vec::new();
        let last = words.len().saturating_sub(1);
        let followed = self.is_followed();
        for (at, span) in words.into_iter().enumerate() {
            let word = self.text[span.clone()].to_owned();
            let operator = lower_operator(&word).filter(|_| !group.is_empty() && (at < last || followed));
            match operator {
                Some(operator) => {
                    self.untagged(std::mem::take(&mut group));
                    self.lower(operator, &span);
                }
                None => group.push((word, span)),
            }
        }
        self.untagged(group);
    }

    /// Words or one phrase without a field.
    fn untagged(&mut self, words: Vec<(String, Span)>) {
        let (Some((first, start)), Some((_, end))) = (words.first(), words.last()) else { return };
        let span = start.start..end.end;
        if first.eq_ignore_ascii_case("hasabstract") && words.len() == 1 {
            return self.operand(native("hasabstract"), span);
        }
        let alone = words.len() == 1;
        let terms: Vec<Node> = words
            .iter()
            .filter(|(word, _)| alone || !is_stopword(word))
            .filter_map(|(word, span)| Some(Node::new(Kind::Term(self.term(word, span)?), span.clone())))
            .collect();
        let inside = match <[Node; 1]>::try_from(terms) {
            Ok([only]) => only,
            Err(terms) if terms.is_empty() => return,
            Err(terms) => Node::new(Kind::And(terms), span.clone()),
        };
        self.untagged += 1;
        if self.untagged <= MOST_UNTAGGED {
            let message =
                "no field is named: PubMed looks in all fields, and for the headings that it maps the words to";
            self.told.push(Diagnostic::hint("untagged", &span, message));
        }
        self.operand(Kind::Limit { scope: Scope::All, node: Box::new(inside) }, span);
    }

    /// A word or phrase; what is wrong with it is told.
    fn term(&mut self, text: &str, span: &Span) -> Option<Term> {
        let term = self.words(text, span);
        if term.is_none() {
            self.told.push(Diagnostic::hint(
                "replaced-character",
                span,
                "there is no letter or digit here to look for",
            ));
        }
        term
    }

    fn words(&mut self, text: &str, span: &Span) -> Option<Term> {
        let foreign = |c: char| matches!(c, '?' | '$' | '#' | '.' | '%' | '@' | '!' | '+' | '=' | ';');
        let offset = self.text[span.clone()].find(text.trim_end_matches('*'));
        for (at, c) in text.char_indices().filter(|(_, c)| foreign(*c)) {
            let place = offset.map_or(span.clone(), |offset| {
                let start = span.start + offset + at;
                start..start + c.len_utf8()
            });
            let (code, message) = match c {
                '?' | '$' | '#' => ("foreign-wildcard", format!("PubMed has no wildcard `{c}`: it is read as a space")),
                _ => ("replaced-character", format!("PubMed reads `{c}` as a space")),
            };
            let tell = if code == "foreign-wildcard" { Diagnostic::warning } else { Diagnostic::hint };
            self.told.push(tell(code, &place, message));
        }
        let plain = text.replace(['?', '$', '#'], " ");
        let mut term = Term::read_plain(&plain)?;
        let words = term.words.len();
        term.words.retain(|word| word.text.contains(char::is_alphanumeric));
        if term.words.len() < words {
            let message = "a `*` alone says nothing to PubMed and is passed over";
            self.told.push(Diagnostic::warning("stray-truncation", span, message));
        }
        term.words.first_mut()?.joint = Joint::Space;
        self.check(&term, span);
        Some(term)
    }

    fn check(&mut self, term: &Term, span: &Span) {
        for told in term.check(span).into_iter().filter(|told| told.severity == Severity::Error) {
            self.told.push(told);
        }
        for word in term.words.iter().filter(|word| word.has_wildcard()) {
            let text = &word.text;
            let stem = word.stem().chars().count();
            if stem == 0 {
                let message = format!("`{text}` begins with a wildcard, which PubMed does not take");
                self.told.push(Diagnostic::warning("leading-wildcard", span, message));
            } else if stem < SHORTEST_STEM {
                let message =
                    format!("PubMed wants {SHORTEST_STEM} letters before `*`: `{text}` may not be truncated there");
                self.told.push(Diagnostic::warning("short-truncation", span, message));
            } else if text.trim_end_matches('*').contains('*') {
                let message = format!("PubMed truncates at the end of a word only, not inside as in `{text}`");
                self.told.push(Diagnostic::warning("inner-truncation", span, message));
            }
        }
    }

    /// A term with its field.
    fn clause(&mut self, text: &str, span: &Span, tagged: &Tagged, quoted: bool) {
        let whole = span.start..tagged.span.end;
        let raw = self.raw(&whole);
        let kind = match tagged.tag {
            None => self.term(text, span).map(|term| limit(Scope::All, Kind::Term(term), span)),
            Some(Tag::Own) => self.own(text, raw, &whole),
            Some(Tag::Published) => Some(
                date(text).map_or_else(|| native(&raw), |date| Kind::Dates(Dates { from: Some(date), to: Some(date) })),
            ),
            Some(Tag::Heading { major, .. }) => self.heading(text, span, major, tagged.suffix.as_deref()),
            Some(Tag::Words { scope, near }) => match tagged.suffix.as_deref() {
                Some(suffix) => {
                    self.check_proximity(suffix, near, &tagged.span, (span, quoted));
                    self.proximity(text, span, scope, suffix)
                }
                None if scope == Scope::of(&[Field::Identifier]) && text.contains(|c: char| !c.is_alphanumeric()) => {
                    Some(native(&raw))
                }
                // NLM's list has `administration & dosage`, everybody else's the same with `and`.
                None if scope == Scope::of(&[Field::Subheading]) => {
                    self.term(&text.replace('&', " and "), span).map(|term| limit(scope, Kind::Term(term), span))
                }
                None => self.term(text, span).map(|term| limit(scope, Kind::Term(term), span)),
            },
        };
        if let Some(kind) = kind {
            self.operand(kind, whole);
        }
    }

    /// What stands there, with straight quotation marks.
    fn raw(&self, span: &Span) -> String {
        self.text[span.clone()].replace(crate::query::lexer::is_quote, "\"")
    }

    /// A clause of a field that only PubMed has; a language as a filter is a language.
    fn own(&mut self, text: &str, raw: String, span: &Span) -> Option<Kind> {
        const LANGUAGES: [&str; 10] = [
            "english",
            "french",
            "german",
            "spanish",
            "italian",
            "portuguese",
            "chinese",
            "japanese",
            "russian",
            "dutch",
        ];
        let word = text.trim().to_ascii_lowercase();
        let filter = raw.to_ascii_lowercase().ends_with("[filter]");
        let language = Term::read_plain(&word).filter(|_| filter && LANGUAGES.contains(&word.as_str()));
        Some(language.map_or_else(|| native(&raw), |term| limit(Scope::of(&[Field::Language]), Kind::Term(term), span)))
    }

    fn heading(&mut self, text: &str, span: &Span, major: bool, suffix: Option<&str>) -> Option<Kind> {
        let Some(mut heading) = Heading::new(Vocabulary::Mesh, text) else {
            self.told.push(Diagnostic::error("empty-term", span, "there is no letter or digit to look for"));
            return None;
        };
        heading.major = major;
        match suffix {
            None | Some("exp") => {}
            Some("noexp") => heading.explode = false,
            Some(other) => {
                let message = format!("a heading takes no `:{other}`: write [Mesh] or [Mesh:NoExp]");
                self.told.push(Diagnostic::error("unsupported-proximity", span, message));
            }
        }
        Some(Kind::Heading(heading))
    }

    /// Whether proximity is known there, and well written.
    fn check_proximity(&mut self, suffix: &str, near: bool, tag: &Span, (words, quoted): (&Span, bool)) {
        if distance(suffix).is_none() {
            let message = "proximity is written with a whole number of words: \"hip pain\"[tiab:~2]";
            self.told.push(Diagnostic::error("missing-distance", tag, message));
        } else if !near {
            let message = "PubMed knows proximity in [ti], [tiab] and [ad] only: elsewhere it finds nothing";
            self.told.push(Diagnostic::warning("unsupported-proximity", tag, message));
        } else if self.text[words.clone()].split_whitespace().count() < 2 {
            let message = "proximity is of two words or more: the distance is passed over";
            self.told.push(Diagnostic::warning("proximity-of-one", words, message));
        } else if !quoted {
            let message = "PubMed wants quotation marks around words that shall stand near each other";
            self.told.push(Diagnostic::warning("proximity-unquoted", words, message));
        }
    }

    /// `"a b"[tiab:~2]`.
    fn proximity(&mut self, text: &str, span: &Span, scope: Scope, suffix: &str) -> Option<Kind> {
        let term = self.term(text, span)?;
        let distance = distance(suffix).unwrap_or(0).min(MOST_DISTANCE);
        let words = term.words.iter().map(|word| {
            let mut word = word.clone();
            word.joint = Joint::Space;
            Node::new(Kind::Term(Term { words: vec![word] }), span.clone())
        });
        let words: Vec<Node> = words.collect();
        let inside = match words.as_slice() {
            [_] => Kind::Term(term),
            _ if term.has_wildcard() => {
                let message =
                    "PubMed passes over the distance where a word is truncated: only that all are there is asked";
                self.told.push(Diagnostic::warning("wildcard-in-proximity", span, message));
                Kind::And(words)
            }
            _ => near_all(&words, distance, span),
        };
        Some(limit(scope, inside, span))
    }

    /// The rest of a range, if the text is its beginning: `2020:2023[dp]`,
    /// `"2020/01/01"[dp] : "2023/12/31"[dp]`.
    fn range(&mut self, text: &str, tagged: Option<&Tagged>, span: &Span) -> bool {
        if self.peek() != Some(&Token::Colon) {
            return false;
        }
        let second = match self.tokens.get(self.at + 1) {
            Some((Token::Word, span)) => span.clone(),
            Some((Token::Quoted(inside), _)) => inside.clone(),
            _ => return false,
        };
        let last_text = self.text[second].to_owned();
        self.at += 2;
        let last = self.tagged();
        let end = self.tokens[self.at - 1].1.end;
        let whole = span.start..end;
        let raw = self.raw(&whole);
        let tag = last.as_ref().or(tagged).and_then(|tagged| tagged.tag);
        let ends = (date(text), date(&last_text));
        let open = |text: &str, years: [&str; 2]| years.iter().any(|year| text.trim().starts_with(year));
        let kind = match (tag, ends) {
            (Some(Tag::Published), (from, to)) if from.is_some() || to.is_some() => {
                let sound =
                    (from.is_some() || open(text, ["0", "1000"])) && (to.is_some() || open(&last_text, ["3", "9"]));
                if sound { Kind::Dates(Dates { from, to }) } else { native(&raw) }
            }
            (None, _) if is_date(text.trim()) => {
                let message = "a range of dates needs its field: 2020:2023[dp]";
                self.told.push(Diagnostic::error("field-without-term", &whole, message));
                native(&raw)
            }
            _ => native(&raw),
        };
        self.operand(kind, whole);
        true
    }

    /// The pieces without `all[sb]` where it stands for everything that something is excluded from.
    fn without_everything(self) -> Vec<Piece> {
        let mut kept: Vec<Piece> = Vec::with_capacity(self.pieces.len());
        let mut pieces = self.pieces.into_iter().peekable();
        while let Some(piece) = pieces.next() {
            let begins = kept.last().is_none_or(|last| last.kind == PieceKind::Open);
            let next = pieces.peek().map(|next| next.kind.clone());
            if begins && is_everything(&piece) && next == Some(PieceKind::Operator(Operator::Not)) {
                continue;
            }
            kept.push(piece);
        }
        kept
    }
}

fn is_everything(piece: &Piece) -> bool {
    match &piece.kind {
        PieceKind::Operand(Node { kind: Kind::Native(native), .. }) => {
            let text = native.text.to_ascii_lowercase().replace([' ', '"'], "");
            matches!(text.as_str(), "all[sb]" | "all[filter]" | "all[subset]")
        }
        _ => false,
    }
}

fn lower_operator(word: &str) -> Option<Operator> {
    match word.to_ascii_lowercase().as_str() {
        "and" => Some(Operator::And),
        "or" => Some(Operator::Or),
        "not" => Some(Operator::Not),
        _ => None,
    }
}

fn native(text: &str) -> Kind {
    Kind::Native(Native { platform: Platform::PubMed, text: text.to_owned() })
}

fn limit(scope: Scope, kind: Kind, span: &Span) -> Kind {
    Kind::Limit { scope, node: Box::new(Node::new(kind, span.clone())) }
}

/// The number of `~2`.
fn distance(suffix: &str) -> Option<u16> {
    suffix.strip_prefix('~').and_then(|distance| distance.parse().ok())
}

/// A date as PubMed writes it.
fn date(text: &str) -> Option<PartialDate> {
    let text = text.trim();
    is_date(text).then(|| PartialDate::read(text)).flatten().filter(|date| date.year > FIRST_YEAR)
}

/// Words near each other in any order. Of more than two each pair must lie in a stretch that has room
/// for the others (PubMed does not say how it counts there; this is the wider reading).
fn near_all(words: &[Node], distance: u16, span: &Span) -> Kind {
    let between = u16::try_from(words.len() - 2).unwrap_or(MOST_DISTANCE);
    let distance = distance.saturating_add(between).min(MOST_DISTANCE);
    let pair = |pair: &[Node]| {
        let (left, right) = (Box::new(pair[0].clone()), Box::new(pair[1].clone()));
        Kind::Near { distance, ordered: false, left, right }
    };
    let mut pairs: Vec<Kind> = words.windows(2).map(pair).collect();
    match pairs.len() {
        1 => pairs.remove(0),
        _ => Kind::And(pairs.into_iter().map(|kind| Node::new(kind, span.clone())).collect()),
    }
}
