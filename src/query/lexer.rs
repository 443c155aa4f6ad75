//! gleaner's own syntax cut into tokens. Never fails: what is wrong is told, and reading goes on.

use super::clause::{Dates, Heading, Native, Vocabulary};
use super::diagnostic::{Collector, Diagnostic};
use super::expression::{Operator, Piece, PieceKind};
use super::field::Scope;
use super::term::Term;
use super::tree::{Kind, Node};
use super::{Platform, Span};

/// The largest distance a NEAR may have (Scopus's limit; nothing else takes more).
pub(super) const MOST_DISTANCE: u16 = 255;
/// What a NEAR without a number is read as (Web of Science's default).
const USUAL_DISTANCE: u16 = 15;

/// A piece, and the operator that it would be in upper case.
struct Lexeme {
    piece: Piece,
    /// Written in lower case: an operator only where one can stand.
    lower: Option<Operator>,
}

pub(super) fn lex(text: &str, told: &mut Collector) -> Vec<Piece> {
    let mut lexemes = Lexer { text, at: 0, told, lexemes: Vec::new() }.run();
    settle_lower_case(&mut lexemes, told);
    lexemes.into_iter().map(|lexeme| lexeme.piece).collect()
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    told: &'a mut Collector,
    lexemes: Vec<Lexeme>,
}

impl Lexer<'_> {
    fn run(mut self) -> Vec<Lexeme> {
        while let Some(c) = self.text[self.at..].chars().next() {
            let start = self.at;
            let end = start + c.len_utf8();
            match c {
                _ if c.is_whitespace() || c == '\u{feff}' => self.at = end,
                '#' => self.at = self.text[start..].find('\n').map_or(self.text.len(), |length| start + length),
                '(' => self.single(PieceKind::Open, end),
                ')' => self.single(PieceKind::Close, end),
                _ if is_quote(c) => self.phrase(end),
                _ => self.word(),
            }
        }
        self.lexemes
    }

    fn push(&mut self, kind: PieceKind, span: Span, lower: Option<Operator>) {
        self.lexemes.push(Lexeme { piece: Piece { kind, span }, lower });
    }

    /// A clause that stands for itself.
    fn operand(&mut self, kind: Kind, span: Span, lower: Option<Operator>) {
        self.push(PieceKind::Operand(Node::new(kind, span.clone())), span, lower);
    }

    fn single(&mut self, kind: PieceKind, end: usize) {
        self.push(kind, self.at..end, None);
        self.at = end;
    }

    fn phrase(&mut self, inside: usize) {
        let start = self.at;
        let Some(length) = self.text[inside..].find(is_quote) else {
            let message = "this quotation mark is never closed";
            self.told.push(Diagnostic::error("unbalanced-quote", &(start..inside), message));
            self.at = inside;
            return;
        };
        let close = inside + length;
        let end = close + self.text[close..].chars().next().map_or(0, char::len_utf8);
        self.at = end;
        self.term(inside..close, start..end);
    }

    /// A term from a part of the text; `whole` is what is told of it.
    fn term(&mut self, part: Span, whole: Span) {
        let Some(term) = Term::read(&self.text[part]) else {
            let message = "there is no letter or digit to look for";
            self.told.push(Diagnostic::error("empty-term", &whole, message));
            return;
        };
        for diagnostic in term.check(&whole) {
            self.told.push(diagnostic);
        }
        self.operand(Kind::Term(term), whole, None);
    }

    fn word(&mut self) {
        let start = self.at;
        let rest = &self.text[start..];
        let length =
            rest.find(|c: char| c.is_whitespace() || matches!(c, '(' | ')') || is_quote(c)).unwrap_or(rest.len());
        if let Some(colon) = rest[..length].find(':')
            && rest[..colon].chars().all(|c| c.is_ascii_alphabetic() || matches!(c, ',' | '.'))
            && rest[..colon].contains(|c: char| c.is_ascii_alphabetic())
        {
            if !self.clause(colon) {
                self.field(colon);
            }
            return;
        }
        let end = start + length;
        let word = &self.text[start..end];
        self.at = end;
        let upper = word.to_ascii_uppercase();
        if let Some(operator) = self.operator(&upper, &(start..end)) {
            if upper == word {
                self.push(PieceKind::Operator(operator), start..end, None);
            } else if let Some(term) = Term::read(word) {
                self.operand(Kind::Term(term), start..end, Some(operator));
            }
            return;
        }
        self.foreign(word, &(start..end));
        self.term(start..end, start..end);
    }

    /// The operator that the word (in upper case) is.
    fn operator(&mut self, word: &str, span: &Span) -> Option<Operator> {
        match word {
            "AND" => return Some(Operator::And),
            "OR" => return Some(Operator::Or),
            "NOT" => return Some(Operator::Not),
            _ => {}
        }
        let ordered = word.starts_with("PRE/");
        let distance = word.strip_prefix(if ordered { "PRE" } else { "NEAR" })?;
        if distance.is_empty() {
            // `near` in lower case is a word like any other.
            if self.text[span.clone()] != *word {
                return None;
            }
            let message = format!("NEAR needs a distance, as in NEAR/3; read as NEAR/{USUAL_DISTANCE}");
            self.told.push(Diagnostic::error("missing-distance", span, message));
            return Some(Operator::Near { distance: USUAL_DISTANCE, ordered: false });
        }
        let digits = distance.strip_prefix('/')?;
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let distance = digits.parse().unwrap_or(u16::MAX);
        if distance > MOST_DISTANCE {
            let message = format!("a distance may be at most {MOST_DISTANCE}");
            self.told.push(Diagnostic::error("distance-too-large", span, message));
        }
        Some(Operator::Near { distance: distance.min(MOST_DISTANCE), ordered })
    }

    /// A heading, a date or a native clause, whose name ends at the colon; `false` if it is none.
    fn clause(&mut self, colon: usize) -> bool {
        let start = self.at;
        let name = self.text[start..start + colon].to_ascii_lowercase();
        let mut parts = name.split('.');
        let first = parts.next().unwrap_or_default();
        let inside = start + colon + 1;
        let vocabulary = Vocabulary::ALL.into_iter().find(|vocabulary| vocabulary.name() == first);
        if vocabulary.is_none() && !matches!(first, "date" | "only") {
            return false;
        }
        let (value, end) = self.value(inside, first == "only");
        self.at = end;
        let span = start..end;
        let kind = match (vocabulary, first) {
            (Some(vocabulary), _) => Heading::new(vocabulary, &value).and_then(|mut heading| {
                for part in parts {
                    match part {
                        "major" => heading.major = true,
                        "only" => heading.explode = false,
                        _ => return None,
                    }
                }
                Some(Kind::Heading(heading))
            }),
            (None, "date") => Dates::read(&value).map(Kind::Dates),
            _ => {
                let platform = parts.next().and_then(|name| name.parse::<Platform>().ok());
                platform
                    .filter(|_| !value.trim().is_empty())
                    .map(|platform| Kind::Native(Native { platform, text: value }))
            }
        };
        let Some(kind) = kind else {
            let message = "write mesh:\"Heading\", mesh.major.only:\"Heading/subheading\" (or emtree, thesaurus), date:2020..2023-07, or only.pubmed:\"a clause of that platform\"";
            self.told.push(Diagnostic::error("unreadable-clause", &span, message));
            return true;
        };
        self.operand(kind, span, None);
        true
    }

    /// The text from a place on, in quotation marks or up to white space or a parenthesis, and where
    /// it ends. With `escapes` a backslash takes the next character as it is.
    fn value(&mut self, inside: usize, escapes: bool) -> (String, usize) {
        let rest = &self.text[inside..];
        let quoted = rest.starts_with(is_quote);
        let mut value = String::new();
        let mut letters = rest.char_indices();
        if quoted {
            letters.next();
        }
        while let Some((at, c)) = letters.next() {
            let ends = if quoted {
                is_quote(c) && !(escapes && c != '"')
            } else {
                c.is_whitespace() || matches!(c, '(' | ')')
            };
            if ends {
                return (value, inside + at + if quoted { c.len_utf8() } else { 0 });
            }
            match (c, escapes) {
                ('\\', true) => value.extend(letters.next().map(|(_, c)| c)),
                _ => value.push(c),
            }
        }
        if quoted {
            let message = "this quotation mark is never closed";
            self.told.push(Diagnostic::error("unbalanced-quote", &(inside..self.text.len()), message));
        }
        (value, self.text.len())
    }

    fn field(&mut self, colon: usize) {
        let start = self.at;
        self.at = start + colon + 1;
        let mut scope = Scope::Default;
        let mut offset = start;
        for name in self.text[start..start + colon].split(',') {
            let span = offset..offset + name.len();
            offset += name.len() + 1;
            if name.is_empty() || scope.add(name) {
                continue;
            }
            let known = Scope::names().collect::<Vec<_>>().join(", ");
            let nearest = nearest(name).map(|name| format!("did you mean `{name}`? ")).unwrap_or_default();
            let message = format!(
                "there is no field `{name}`; {nearest}the fields are {known}. Quote the words if no field is meant"
            );
            self.told.push(Diagnostic::error("unknown-field", &span, message));
        }
        self.push(PieceKind::Prefix(scope), start..self.at, None);
    }

    /// Tells of what is syntax elsewhere and a mere word here.
    fn foreign(&mut self, word: &str, span: &Span) {
        if word.starts_with(super::term::is_hyphen) && word.len() > 1 {
            let message = "a leading hyphen does not exclude: write NOT";
            self.told.push(Diagnostic::warning("leading-hyphen", span, message));
        }
        let upper = word.to_ascii_uppercase();
        let proximity = ["W/", "ADJ", "NEXT/", "ONEAR/", "N/"]
            .iter()
            .filter_map(|operator| upper.strip_prefix(operator))
            .any(|distance| !distance.is_empty() && distance.bytes().all(|byte| byte.is_ascii_digit()));
        if proximity {
            let message =
                format!("`{word}` is another platform's operator and read as words here: write NEAR/n, or --from");
            self.told.push(Diagnostic::warning("foreign-operator", span, message));
        } else if word.contains('[') && word.contains(']') || word.contains('=') && !word.starts_with('=') {
            let message =
                format!("`{word}` looks like another platform's field: write title:… or abstract:…, or --from");
            self.told.push(Diagnostic::warning("foreign-field", span, message));
        }
    }
}

/// An operator in lower case is one where an operator can stand: between two operands.
/// All of Scopus, Web of Science, Ovid, EBSCO and ProQuest read it so, and as a word it would
/// narrow the search without a sign.
fn settle_lower_case(lexemes: &mut [Lexeme], told: &mut Collector) {
    for at in 1..lexemes.len().saturating_sub(1) {
        let Some(operator) = lexemes[at].lower.take() else { continue };
        let before = &lexemes[at - 1].piece.kind;
        let after_operand = before.ends_operand();
        // In `cats and not dogs` the `not` is still to be settled, and counts as a word here.
        if !after_operand && operator != Operator::Not || !lexemes[at + 1].piece.kind.begins_operand() {
            continue;
        }
        if !after_operand && !matches!(before, PieceKind::Operator(Operator::And | Operator::Or)) {
            continue;
        }
        let span = lexemes[at].piece.span.clone();
        let shown = operator.to_string();
        let message =
            format!("read as the operator {shown}: write it in upper case, or in quotes if the word is meant");
        told.push(Diagnostic::warning("operator-in-lower-case", &span, message).fixed_by(&span, shown));
        lexemes[at].piece.kind = PieceKind::Operator(operator);
    }
}

/// Straight and curly double quotation marks.
pub(super) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\u{201c}'..='\u{201f}' | '\u{ab}' | '\u{bb}' | '\u{2033}' | '\u{ff02}')
}

/// The field whose name is nearest, if one is near.
fn nearest(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    Scope::names()
        .map(|known| (rapidfuzz::distance::levenshtein::distance(name.chars(), known.chars()), known))
        .filter(|(distance, _)| *distance <= 2)
        .min()
        .map(|(_, known)| known)
}
