//! gleaner's own syntax cut into tokens. Never fails: what is wrong is told, and reading goes on.

use super::diagnostic::{Collector, Diagnostic};
use super::term::Term;
use super::tree::Scope;
use super::{Severity, Span};

/// The largest distance a NEAR may have (Scopus's limit; nothing else takes more).
pub(super) const MOST_DISTANCE: u16 = 255;
/// What a NEAR without a number is read as (Web of Science's default).
const USUAL_DISTANCE: u16 = 15;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Open,
    Close,
    And,
    Or,
    Not,
    Near(u16),
    Term(Term),
    Field(Scope),
}

impl Token {
    /// Whether an operand can begin with it.
    pub fn begins_operand(&self) -> bool {
        matches!(self, Self::Open | Self::Term(_) | Self::Field(_) | Self::Not)
    }
    /// Whether an operand can end with it.
    pub fn ends_operand(&self) -> bool {
        matches!(self, Self::Close | Self::Term(_))
    }
}

/// A token, its place, and the operator that it would be in upper case.
#[derive(Clone, Debug)]
pub(super) struct Lexeme {
    pub token: Token,
    pub span: Span,
    /// Written in lower case: an operator only where one can stand.
    pub lower: Option<Token>,
}

pub(super) fn lex(text: &str, told: &mut Collector) -> Vec<Lexeme> {
    let mut lexemes = Lexer { text, at: 0, told, lexemes: Vec::new() }.run();
    settle_lower_case(&mut lexemes, told);
    lexemes
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
                '(' => self.single(Token::Open, end),
                ')' => self.single(Token::Close, end),
                _ if is_quote(c) => self.phrase(end),
                _ => self.word(),
            }
        }
        self.lexemes
    }

    fn push(&mut self, token: Token, span: Span, lower: Option<Token>) {
        self.lexemes.push(Lexeme { token, span, lower });
    }

    fn single(&mut self, token: Token, end: usize) {
        self.push(token, self.at..end, None);
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
        self.push(Token::Term(term), whole, None);
    }

    fn word(&mut self) {
        let start = self.at;
        let rest = &self.text[start..];
        let length =
            rest.find(|c: char| c.is_whitespace() || matches!(c, '(' | ')') || is_quote(c)).unwrap_or(rest.len());
        if let Some(colon) = rest[..length].find(':')
            && rest[..colon].chars().all(|c| c.is_ascii_alphabetic() || c == ',')
            && rest[..colon].contains(|c: char| c != ',')
        {
            self.field(colon);
            return;
        }
        let end = start + length;
        let word = &self.text[start..end];
        self.at = end;
        let upper = word.to_ascii_uppercase();
        if let Some(operator) = self.operator(&upper, &(start..end)) {
            if upper == word {
                self.push(operator, start..end, None);
            } else if let Some(term) = Term::read(word) {
                self.push(Token::Term(term), start..end, Some(operator));
            }
            return;
        }
        self.foreign(word, &(start..end));
        self.term(start..end, start..end);
    }

    /// The operator that the word (in upper case) is.
    fn operator(&mut self, word: &str, span: &Span) -> Option<Token> {
        match word {
            "AND" => return Some(Token::And),
            "OR" => return Some(Token::Or),
            "NOT" => return Some(Token::Not),
            _ => {}
        }
        let distance = word.strip_prefix("NEAR")?;
        if distance.is_empty() {
            // `near` in lower case is a word like any other.
            if self.text[span.clone()] != *word {
                return None;
            }
            let message = format!("NEAR needs a distance, as in NEAR/3; read as NEAR/{USUAL_DISTANCE}");
            self.told.push(Diagnostic::error("missing-distance", span, message));
            return Some(Token::Near(USUAL_DISTANCE));
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
        Some(Token::Near(distance.min(MOST_DISTANCE)))
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
            let known = Scope::NAMES.join(", ");
            let nearest = nearest(name).map(|name| format!("did you mean `{name}`? ")).unwrap_or_default();
            let message = format!(
                "there is no field `{name}`; {nearest}the fields are {known}. Quote the words if no field is meant"
            );
            self.told.push(Diagnostic::error("unknown-field", &span, message));
        }
        self.push(Token::Field(scope), start..self.at, None);
    }

    /// Tells of what is syntax elsewhere and a mere word here.
    fn foreign(&mut self, word: &str, span: &Span) {
        if word.starts_with(super::term::is_hyphen) && word.len() > 1 {
            let message = "a leading hyphen does not exclude: write NOT";
            self.told.push(Diagnostic::warning("leading-hyphen", span, message));
        }
        let upper = word.to_ascii_uppercase();
        let proximity = ["W/", "PRE/", "ADJ", "NEXT/", "ONEAR/", "N/"]
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
        let after_operand = lexemes[at - 1].token.ends_operand();
        // In `cats and not dogs` the `not` is still to be settled, and counts as a word here.
        if !after_operand && operator != Token::Not || !lexemes[at + 1].token.begins_operand() {
            continue;
        }
        if !after_operand && !matches!(lexemes[at - 1].token, Token::And | Token::Or) {
            continue;
        }
        let span = lexemes[at].span.clone();
        let shown = match operator {
            Token::And => "AND".to_owned(),
            Token::Or => "OR".to_owned(),
            Token::Near(distance) => format!("NEAR/{distance}"),
            _ => "NOT".to_owned(),
        };
        let message =
            format!("read as the operator {shown}: write it in upper case, or in quotes if the word is meant");
        told.push(Diagnostic {
            severity: Severity::Warning,
            ..Diagnostic::error("operator-in-lower-case", &span, message)
        });
        lexemes[at].token = operator;
    }
}

/// Straight and curly double quotation marks.
fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\u{201c}'..='\u{201f}' | '\u{ab}' | '\u{bb}' | '\u{2033}' | '\u{ff02}')
}

/// The field whose name is nearest, if one is near.
fn nearest(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    Scope::NAMES
        .into_iter()
        .map(|known| (rapidfuzz::distance::levenshtein::distance(name.chars(), known.chars()), known))
        .filter(|(distance, _)| *distance <= 2)
        .min()
        .map(|(_, known)| known)
}
