//! A query's text as a person sees it: words, quotes, parentheses, operators and fields with their
//! places, whatever platform it is for. It reads nothing into a tree and never fails; what a tree no
//! longer shows (spelling, marks, needless parentheses) is looked for here.

use std::ops::Range;

use crate::query::lexer::is_quote;
use crate::query::{Platform, Span};

/// A piece of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    Open,
    Close,
    Operator(Joiner, Style),
    /// Words in a row without quotation marks.
    Words,
    /// A phrase with its quotation marks or braces.
    Quoted,
    /// A phrase between apostrophes where these are no quotation marks.
    Apostrophes,
    /// A field's name with its mark, before what it limits (`TI=`, `title:`).
    FieldBefore,
    /// A field's name with its marks, behind what it limits (`[tiab]`, `.ti,ab.`).
    FieldAfter,
    /// A quotation mark that is never closed, and the words that it was meant for.
    UnclosedQuote,
    /// A quotation mark that was never opened, and the words that it was meant for.
    UnopenedQuote,
    /// A reference to a line, a heading, a limit: nothing that is looked into.
    Other,
}

/// What an operator does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Joiner {
    And,
    Or,
    Not,
    Near,
}

/// How an operator is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Upper,
    Lower,
    Sign,
}

impl TokenKind {
    /// Whether it is something to look for.
    pub fn is_operand(self) -> bool {
        matches!(self, Self::Words | Self::Quoted | Self::Apostrophes | Self::Other)
    }
    /// The operator, if it is one.
    pub fn joiner(self) -> Option<Joiner> {
        match self {
            Self::Operator(joiner, _) => Some(joiner),
            _ => None,
        }
    }
}

/// The pieces of a text in order.
pub(super) fn tokens(text: &str, platform: Platform) -> Vec<Token> {
    let mut scan = Scan { text, platform, at: 0, tokens: Vec::new() };
    while let Some(c) = text[scan.at..].chars().next() {
        scan.step(c);
    }
    settle(text, scan.tokens)
}

struct Scan<'a> {
    text: &'a str,
    platform: Platform,
    at: usize,
    tokens: Vec<Token>,
}

impl Scan<'_> {
    fn push(&mut self, kind: TokenKind, span: Span) {
        self.at = span.end;
        self.tokens.push(Token { kind, span });
    }

    fn before(&self) -> Option<char> {
        self.text[..self.at].chars().next_back()
    }

    fn step(&mut self, c: char) {
        let (start, end) = (self.at, self.at + c.len_utf8());
        let rest = &self.text[start..];
        match c {
            _ if c.is_whitespace() => self.at = end,
            '#' if self.platform == Platform::Gleaner => {
                self.at = rest.find('\n').map_or(self.text.len(), |length| start + length);
            }
            '(' => self.push(TokenKind::Open, start..end),
            ')' => self.push(TokenKind::Close, start..end),
            '|' | '&' => self.sign(c, rest),
            '\'' if self.apostrophes() => {}
            '[' | '{' if self.bracketed(c) => {}
            _ if is_quote(c) => self.quote(end),
            _ => self.word(),
        }
    }

    fn sign(&mut self, c: char, rest: &str) {
        let length = rest.find(|other| other != c).unwrap_or(rest.len());
        let joiner = if c == '|' { Joiner::Or } else { Joiner::And };
        self.push(TokenKind::Operator(joiner, Style::Sign), self.at..self.at + length);
    }

    /// A phrase between apostrophes, if one begins here.
    fn apostrophes(&mut self) -> bool {
        let start = self.at;
        if self.before().is_some_and(|c| c.is_alphanumeric()) {
            return false;
        }
        let inside = &self.text[start + 1..];
        let ends = inside.match_indices('\'').find(|(at, _)| {
            let next = inside[at + 1..].chars().next();
            next.is_none_or(|c| !c.is_alphanumeric()) && !inside[..*at].ends_with(char::is_whitespace)
        });
        let Some((length, _)) = ends else { return false };
        if length == 0 || inside[..length].contains(['(', ')', '[', '\n']) {
            return false;
        }
        let standard = matches!(self.platform, Platform::Embase);
        let kind = if standard { TokenKind::Quoted } else { TokenKind::Apostrophes };
        self.push(kind, start..start + length + 2);
        true
    }

    /// What stands in brackets or braces, if they are closed.
    fn bracketed(&mut self, open: char) -> bool {
        let start = self.at;
        let close = if open == '[' { ']' } else { '}' };
        let Some(length) = self.text[start..].find(close) else { return false };
        let kind = match (self.platform, open) {
            (Platform::PubMed, '[') => TokenKind::FieldAfter,
            (Platform::Findpapers, '[') | (Platform::Scopus, '{') => TokenKind::Quoted,
            _ => TokenKind::Other,
        };
        self.push(kind, start..start + length + 1);
        true
    }

    fn quote(&mut self, inside: usize) {
        let start = self.at;
        // A mark right after words closes what was never opened.
        let words = self.tokens.last().filter(|last| last.kind == TokenKind::Words && last.span.end == start).cloned();
        if let Some(words) = words {
            self.tokens.pop();
            self.push(TokenKind::UnopenedQuote, words.span.start..inside);
            return;
        }
        let close = self.text[inside..].find(is_quote).map(|length| inside + length);
        match close.filter(|close| self.closes(inside..*close)) {
            Some(close) => {
                let end = close + self.text[close..].chars().next().map_or(0, char::len_utf8);
                self.push(TokenKind::Quoted, start..end);
            }
            None => {
                let end = self.unclosed_end(inside);
                self.push(TokenKind::UnclosedQuote, start..end);
            }
        }
    }

    /// Whether the mark at the end of this closes the phrase, and does not open the next one.
    fn closes(&self, phrase: Range<usize>) -> bool {
        let inside = &self.text[phrase.clone()];
        let mut depth = 0_i32;
        for c in inside.chars() {
            match c {
                '(' => depth += 1,
                ')' if depth == 0 => return false,
                ')' => depth -= 1,
                _ => {}
            }
        }
        let after = self.text[phrase.end..].chars().nth(1);
        let opens =
            inside.ends_with(|c: char| c.is_whitespace() || c == '(') && after.is_some_and(char::is_alphanumeric);
        let joined = inside.split_whitespace().any(|word| matches!(word, "AND" | "OR" | "NOT"));
        depth == 0 && !(opens && joined)
    }

    /// Where the words end that a mark without a partner was meant for.
    fn unclosed_end(&self, inside: usize) -> usize {
        let mut end = inside;
        for word in self.text[inside..].split_inclusive(char::is_whitespace) {
            let bare = word.trim_end();
            if joiner(bare, self.platform).is_some_and(|(_, style)| style == Style::Upper) {
                break;
            }
            if let Some(stop) = bare.find(['(', ')', '[']) {
                end += stop;
                break;
            }
            end += word.len();
            if word.ends_with('\n') {
                break;
            }
        }
        inside + self.text[inside..end].trim_end().len()
    }

    fn word(&mut self) {
        let start = self.at;
        let rest = &self.text[start..];
        let stops = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | '{' | '|') || is_quote(c);
        let first = rest.chars().next().map_or(1, char::len_utf8);
        let length = rest[first..].find(stops).map_or(rest.len(), |length| first + length);
        let word = &rest[..length];
        let next = rest[length..].chars().next();
        if let Some(name) = prefix(word, next, &rest[length..], self.platform) {
            self.push(TokenKind::FieldBefore, start..start + name);
        } else if let Some((joiner, style)) = joiner(word, self.platform) {
            self.push(TokenKind::Operator(joiner, style), start..start + length);
        } else if let Some(at) = suffix(word, self.platform) {
            if at > 0 {
                self.words(start..start + at);
            }
            self.push(TokenKind::FieldAfter, start + at..start + length);
        } else if is_other(word, self.platform) {
            self.push(TokenKind::Other, start..start + length);
        } else {
            self.words(start..start + length);
        }
    }

    /// A word, added to the run that it belongs to.
    fn words(&mut self, span: Span) {
        let text = self.text;
        if let Some(last) = self.tokens.last_mut()
            && last.kind == TokenKind::Words
            && text[last.span.end..span.start].chars().all(|c| c.is_whitespace() && c != '\n')
        {
            last.span.end = span.end;
            self.at = span.end;
            return;
        }
        self.push(TokenKind::Words, span);
    }
}

/// The operator that a word is.
fn joiner(word: &str, platform: Platform) -> Option<(Joiner, Style)> {
    let upper = word.to_ascii_uppercase();
    let style = if upper == word { Style::Upper } else { Style::Lower };
    let joiner = match upper.as_str() {
        "AND" => Joiner::And,
        "OR" => Joiner::Or,
        "NOT" | "ANDNOT" => Joiner::Not,
        "NEAR" | "SAME" if platform == Platform::Wos && style == Style::Upper => Joiner::Near,
        "NEXT" | "NEAR" if platform == Platform::Cochrane => Joiner::Near,
        "ADJ" if platform == Platform::Ovid => Joiner::Near,
        _ if distance(&upper, platform).is_some() => Joiner::Near,
        _ => return None,
    };
    Some((joiner, style))
}

/// The distance that an operator in upper case names: `NEAR/3`, `W/2`, `N5`, `ADJ3`.
pub(super) fn distance(operator: &str, platform: Platform) -> Option<u32> {
    let names: &[&str] = match platform {
        Platform::Scopus => &["W/", "PRE/"],
        Platform::Ebsco => &["N", "W"],
        Platform::Ovid => &["ADJ"],
        Platform::ProQuest => &["NEAR/", "N/", "PRE/", "P/", "W/"],
        Platform::Cochrane | Platform::Embase => &["NEAR/", "NEXT/"],
        _ => &["NEAR/", "PRE/"],
    };
    names.iter().filter_map(|name| operator.strip_prefix(name)).find_map(|digits| {
        let digits_only = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits_only.then(|| digits.parse().unwrap_or(u32::MAX))
    })
}

/// How long a field's name before an operand is.
fn prefix(word: &str, next: Option<char>, rest: &str, platform: Platform) -> Option<usize> {
    let is_name = |name: &str| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphabetic() || matches!(c, ',' | '-' | '_' | '.'))
    };
    match platform {
        Platform::Wos => {
            let at = word.find('=')?;
            is_name(&word[..at]).then_some(at + 1)
        }
        Platform::Scopus | Platform::ProQuest => {
            let called = next == Some('(') && is_name(word) && joiner(word, platform).is_none();
            called.then_some(word.len())
        }
        Platform::Ebsco => {
            let two = word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_uppercase());
            let follows =
                rest.trim_start().chars().next().is_some_and(|c| c == '(' || is_quote(c) || c.is_alphanumeric());
            let tag = two && follows && super::rules::EBSCO_FIELDS.contains(&word);
            tag.then_some(word.len())
        }
        Platform::PubMed | Platform::Ovid | Platform::Cochrane | Platform::Embase | Platform::Findpapers => None,
        _ => {
            let at = word.find(':')?;
            is_name(&word[..at]).then_some(at + 1)
        }
    }
}

/// Where a field's name behind an operand begins.
fn suffix(word: &str, platform: Platform) -> Option<usize> {
    let is_list = |list: &str| !list.is_empty() && list.chars().all(|c| c.is_ascii_alphanumeric() || c == ',');
    match platform {
        Platform::Ovid => {
            let bare = word.strip_suffix('.').unwrap_or(word);
            let at = bare.rfind('.')?;
            let list = &bare[at + 1..];
            (is_list(list) && list.split(',').all(|name| name.len() == 2)).then_some(at)
        }
        Platform::Cochrane | Platform::Embase => {
            let at = word.rfind(':')?;
            is_list(&word[at + 1..]).then_some(at)
        }
        _ => None,
    }
}

/// References to lines, headings and the like.
fn is_other(word: &str, platform: Platform) -> bool {
    let numbered =
        |prefix: char| word.strip_prefix(prefix).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    match platform {
        Platform::Ovid => word.ends_with(['/', ']']) || word.bytes().all(|byte| byte.is_ascii_digit()),
        Platform::Ebsco | Platform::ProQuest => numbered('S') || numbered('s') && word.len() < 4,
        _ => numbered('#'),
    }
}

/// An operator in lower case stands between operands; elsewhere it is a word.
fn settle(text: &str, tokens: Vec<Token>) -> Vec<Token> {
    let mut settled: Vec<Token> = Vec::with_capacity(tokens.len());
    for (at, token) in tokens.iter().enumerate() {
        let lower = matches!(token.kind, TokenKind::Operator(_, Style::Lower));
        let ends = settled.last().is_some_and(|last| {
            last.kind.is_operand()
                || matches!(last.kind, TokenKind::Close | TokenKind::FieldAfter | TokenKind::UnopenedQuote)
                || last.kind.joiner() == Some(Joiner::And) && token.kind.joiner() == Some(Joiner::Not)
        });
        let begins = tokens.get(at + 1).is_some_and(|next| {
            !matches!(next.kind, TokenKind::Close | TokenKind::FieldAfter)
                && next.kind.joiner().is_none_or(|joiner| joiner == Joiner::Not)
        });
        if !lower || ends && begins {
            settled.push(token.clone());
            continue;
        }
        let run = settled.last_mut().filter(|last| {
            last.kind == TokenKind::Words && text[last.span.end..token.span.start].chars().all(char::is_whitespace)
        });
        match run {
            Some(last) => last.span.end = token.span.end,
            None => settled.push(Token { kind: TokenKind::Words, span: token.span.clone() }),
        }
    }
    settled
}

/// Something to look for in the text, and the field that it carries there.
#[derive(Clone, Debug)]
pub(super) struct Operand {
    pub token: Token,
    /// The field's name with its marks.
    pub field: Option<Span>,
}

impl Operand {
    /// Its text without quotation marks.
    pub fn inner(&self, text: &str) -> Span {
        let span = self.token.span.clone();
        if self.token.kind == TokenKind::Words {
            return span;
        }
        let slice = &text[span.clone()];
        let first = slice.chars().next().map_or(0, char::len_utf8);
        let last = slice.chars().next_back().map_or(0, char::len_utf8);
        let end = span.end - last;
        (span.start + first).min(end)..end
    }
}

/// What the text looks for, in order, with fields: one before a group holds for all in it.
pub(super) fn operands(tokens: &[Token]) -> Vec<Operand> {
    let mut groups: Vec<Option<Span>> = vec![None];
    let mut waiting: Option<Span> = None;
    let mut found: Vec<Operand> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            TokenKind::FieldBefore => waiting = Some(token.span.clone()),
            TokenKind::Open => {
                let inherited = groups.last().cloned().flatten();
                groups.push(waiting.take().or(inherited));
            }
            TokenKind::Close => {
                if groups.len() > 1 {
                    groups.pop();
                }
                waiting = None;
            }
            TokenKind::Words | TokenKind::Quoted | TokenKind::Apostrophes => {
                let behind = tokens.get(at + 1).filter(|next| next.kind == TokenKind::FieldAfter);
                let inherited = groups.last().cloned().flatten();
                let field = waiting.take().or_else(|| behind.map(|next| next.span.clone())).or(inherited);
                found.push(Operand { token: token.clone(), field });
            }
            TokenKind::Other | TokenKind::UnclosedQuote | TokenKind::UnopenedQuote => waiting = None,
            TokenKind::Operator(..) | TokenKind::FieldAfter => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str, platform: Platform) -> Vec<String> {
        let name = |kind: TokenKind| format!("{kind:?}").split(['(', ' ']).next().unwrap_or_default().to_owned();
        tokens(text, platform)
            .iter()
            .map(|token| format!("{} {}", name(token.kind), &text[token.span.clone()]))
            .collect()
    }

    #[test]
    fn pieces_of_several_platforms() {
        assert_eq!(
            seen("(eHealth[Text Word] or \"a b\"[tiab])", Platform::PubMed),
            [
                "Open (",
                "Words eHealth",
                "FieldAfter [Text Word]",
                "Operator or",
                "Quoted \"a b\"",
                "FieldAfter [tiab]",
                "Close )"
            ]
        );
        assert_eq!(
            seen("TS=(test query) NEAR/3 x", Platform::Wos)[..3],
            ["FieldBefore TS=", "Open (", "Words test query"]
        );
        assert_eq!(
            seen("TI artificial life N3 AB x", Platform::Ebsco)[..3],
            ["FieldBefore TI", "Words artificial life", "Operator N3"]
        );
        assert_eq!(
            seen("exp Heart/ and (a adj3 b).ti,ab. or/1-3", Platform::Ovid),
            [
                "Words exp",
                "Other Heart/",
                "Operator and",
                "Open (",
                "Words a",
                "Operator adj3",
                "Words b",
                "Close )",
                "FieldAfter .ti,ab.",
                "Words or/1-3"
            ]
        );
    }

    #[test]
    fn marks_without_partners() {
        assert_eq!(seen("\"a*\" OR b c*\" OR \"d e\"", Platform::Ebsco)[2], "UnopenedQuote b c*\"");
        assert_eq!(seen("(DE \"a b) OR (DE \"c d\")", Platform::Ebsco)[2], "UnclosedQuote \"a b");
        assert_eq!(seen("\"a b\"or\" c d\"", Platform::Ebsco), ["Quoted \"a b\"", "Operator or", "Quoted \" c d\""]);
        assert_eq!(seen("\"abc[ti]", Platform::PubMed)[0], "UnclosedQuote \"abc");
    }
}
