//! What the stand-ins understand of a query: words, phrases, truncation, AND, OR, NOT and parentheses,
//! in whichever platform's dress.
//!
//! It is tolerant on purpose and no validator: field tags are passed over (every term is looked for
//! in the whole of what a database indexes), proximity is read as AND, and two terms side by side as
//! well. Operators have one precedence and are read from left to right: the program under
//! demonstration always sends full parentheses.

use crate::text::normalise;

/// A query read.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    All(Vec<Expression>),
    Any(Vec<Expression>),
    Not(Box<Expression>),
    /// Words in a row; each may hold `*`, `?` and `$`.
    Phrase(Vec<String>),
}

/// Deeper nesting is read flat.
const DEPTH: usize = 64;

impl Expression {
    /// Reads a query. An empty one is met by everything.
    pub fn read(text: &str) -> Self {
        let tokens = tokens(text);
        let mut at = 0;
        let mut parts = Vec::new();
        while at < tokens.len() {
            parts.push(read_group(&tokens, &mut at, 0));
        }
        Self::All(parts)
    }

    /// Whether a text's words meet it. With `stems`, endings of words do not matter.
    pub fn matches(&self, words: &[String], stems: bool) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.matches(words, stems)),
            Self::Any(parts) => parts.iter().any(|part| part.matches(words, stems)),
            Self::Not(part) => !part.matches(words, stems),
            Self::Phrase(phrase) => {
                phrase.is_empty()
                    || words.windows(phrase.len()).any(|window| {
                        phrase.iter().zip(window).all(|(pattern, word)| word_matches(pattern, word, stems))
                    })
            }
        }
    }

    /// The different words that are asked for (not under NOT), for ranking.
    pub fn words(&self) -> Vec<&str> {
        let mut out = Vec::new();
        self.collect(&mut out);
        out.sort_unstable();
        out.dedup();
        out
    }

    fn collect<'a>(&'a self, out: &mut Vec<&'a str>) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.collect(out)),
            Self::Not(_) => {}
            Self::Phrase(phrase) => out.extend(phrase.iter().map(String::as_str)),
        }
    }
}

/// How many of the wanted words a text has.
pub fn overlap(wanted: &[&str], words: &[String]) -> usize {
    wanted.iter().filter(|pattern| words.iter().any(|word| word_matches(pattern, word, true))).count()
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Open,
    Close,
    And,
    Or,
    Not,
    Phrase(Vec<String>),
}

fn tokens(text: &str) -> Vec<Token> {
    let text = without_comments(text);
    let chars: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        match chars[at] {
            '(' => tokens.push(Token::Open),
            ')' => tokens.push(Token::Close),
            // A tag behind a term: `[tiab:~3]`.
            '[' => at = position(&chars, at, ']'),
            '"' | '{' => {
                let end = position(&chars, at + 1, if chars[at] == '{' { '}' } else { '"' });
                let phrase: String = chars[at + 1..end.min(chars.len())].iter().collect();
                push_phrase(&mut tokens, &phrase);
                at = end;
            }
            // A distance behind a phrase: `"a b"~5`.
            '~' => {
                while chars.get(at + 1).is_some_and(char::is_ascii_digit) {
                    at += 1;
                }
            }
            letter if letter.is_whitespace() || matches!(letter, ',' | ';' | '=' | ':') => {}
            _ => {
                let start = at;
                while at < chars.len()
                    && !chars[at].is_whitespace()
                    && !matches!(chars[at], '(' | ')' | '[' | '"' | '=' | ':')
                {
                    at += 1;
                }
                let word: String = chars[start..at].iter().collect();
                let field =
                    matches!(chars.get(at), Some('=' | ':')) || (chars.get(at) == Some(&'(') && is_field(&word));
                if !field {
                    push_word(&mut tokens, &word);
                }
                continue;
            }
        }
        at += 1;
    }
    tokens
}

fn without_comments(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with('#')).collect::<Vec<_>>().join(" ")
}

fn position(chars: &[char], from: usize, wanted: char) -> usize {
    chars.iter().skip(from).position(|letter| *letter == wanted).map_or(chars.len(), |at| from + at)
}

/// `TITLE-ABS-KEY`, `TS`: capitals before a parenthesis that are no operator.
fn is_field(word: &str) -> bool {
    word.len() > 1
        && word.chars().all(|letter| letter.is_ascii_uppercase() || matches!(letter, '-' | '_'))
        && !matches!(word, "AND" | "OR" | "NOT" | "AND-NOT")
}

fn push_word(tokens: &mut Vec<Token>, word: &str) {
    let proximity = |word: &str| {
        let upper = word.to_ascii_uppercase();
        let (name, number) =
            upper.split_once('/').unwrap_or((upper.trim_end_matches(|c: char| c.is_ascii_digit()), "0"));
        let bare = !word.contains('/') && upper.len() > 1 && upper.ends_with(|c: char| c.is_ascii_digit());
        (word.contains('/') && matches!(name, "W" | "PRE" | "NEAR") && number.parse::<u32>().is_ok())
            || (bare && matches!(name, "N" | "ADJ"))
    };
    match word {
        "AND" => tokens.push(Token::And),
        "OR" => tokens.push(Token::Or),
        "NOT" => tokens.push(Token::Not),
        "AND-NOT" => tokens.extend([Token::And, Token::Not]),
        word if proximity(word) => tokens.push(Token::And),
        word => push_phrase(tokens, word),
    }
}

/// A phrase's words; hyphens part words, and the signs of truncation stay.
fn push_phrase(tokens: &mut Vec<Token>, phrase: &str) {
    let folded = normalise::fold(phrase);
    let words: Vec<String> = folded
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, '*' | '?' | '$')))
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .map(str::to_owned)
        .collect();
    if !words.is_empty() {
        tokens.push(Token::Phrase(words));
    }
}

/// Reads up to the closing parenthesis, left to right.
fn read_group(tokens: &[Token], at: &mut usize, depth: usize) -> Expression {
    let mut left: Option<Expression> = None;
    let mut or = false;
    let mut not = false;
    while let Some(token) = tokens.get(*at) {
        *at += 1;
        let operand = match token {
            Token::Close => break,
            Token::And => {
                or = false;
                continue;
            }
            Token::Or => {
                or = true;
                continue;
            }
            Token::Not => {
                not = true;
                continue;
            }
            Token::Open if depth < DEPTH => read_group(tokens, at, depth + 1),
            Token::Open => continue,
            Token::Phrase(words) => Expression::Phrase(words.clone()),
        };
        let operand = if std::mem::take(&mut not) { Expression::Not(Box::new(operand)) } else { operand };
        left = Some(join(left, std::mem::take(&mut or), operand));
    }
    left.unwrap_or_else(|| Expression::All(Vec::new()))
}

fn join(left: Option<Expression>, or: bool, right: Expression) -> Expression {
    match (left, or) {
        (None, _) => right,
        (Some(Expression::Any(mut parts)), true) => {
            parts.push(right);
            Expression::Any(parts)
        }
        (Some(Expression::All(mut parts)), false) => {
            parts.push(right);
            Expression::All(parts)
        }
        (Some(left), true) => Expression::Any(vec![left, right]),
        (Some(left), false) => Expression::All(vec![left, right]),
    }
}

fn word_matches(pattern: &str, word: &str, stems: bool) -> bool {
    // Most patterns are plain, and most truncated ones end in their only sign.
    if let Some(head) = pattern.strip_suffix('*')
        && !head.contains(['*', '?', '$'])
    {
        return word.starts_with(head);
    }
    if pattern.contains(['*', '?', '$']) {
        let pattern: Vec<char> = pattern.chars().collect();
        let word: Vec<char> = word.chars().collect();
        return glob(&pattern, &word);
    }
    pattern == word || (stems && stem(pattern) == stem(word))
}

/// `*` any letters, `?` one, `$` none or one.
fn glob(pattern: &[char], word: &[char]) -> bool {
    match (pattern.split_first(), word.split_first()) {
        (None, None) => true,
        (None, Some(_)) => false,
        (Some(('*', rest)), _) => (0..=word.len()).any(|skip| glob(rest, &word[skip..])),
        (Some(('$', rest)), _) => glob(rest, word) || word.split_first().is_some_and(|(_, tail)| glob(rest, tail)),
        (Some(('?', rest)), Some((_, tail))) => glob(rest, tail),
        (Some((letter, rest)), Some((first, tail))) => letter == first && glob(rest, tail),
        (Some(_), None) => false,
    }
}

/// A word without its commonest endings.
fn stem(word: &str) -> &str {
    if word.len() < 5 {
        return word.strip_suffix('s').filter(|rest| rest.len() > 2).unwrap_or(word);
    }
    for ending in ["ations", "ation", "ness", "ities", "ity", "ing", "ers", "er", "ies", "ed", "es", "s", "y", "e"] {
        if let Some(rest) = word.strip_suffix(ending)
            && rest.len() >= 4
        {
            return rest;
        }
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(query: &str, text: &str) -> bool {
        Expression::read(query).matches(&normalise::words(text), false)
    }

    #[test]
    fn every_dialect_is_read() {
        let text = "The county council and small charities ran a cross-sector partnership for wellbeing in Wales";
        for query in [
            "TITLE-ABS-KEY(((council* W/10 charit*) AND (wellbeing OR {well being})))",
            "TS=((council* NEAR/10 charit*) AND (\"well-being\" OR wellbeing))",
            "(council*[tiab] AND charities[tiab:~10]) AND (\"well-being\"[tiab] OR wellbeing[tiab])",
            "TITLE:(council*) OR ABSTRACT:\"cross sector\"",
            "\"cross-sector*\" NEAR/3 partner* AND (Wales OR Scotland)",
            "(TITLE_ABS:bees OR TITLE_ABS:\"county council\"~5 OR KW:bees) AND (FIRST_PDATE:[2013-01-01 TO 2020-03-31])",
            "# a comment\n(council PRE/0 (and)) AND NOT bees",
        ] {
            assert!(matches(query, text), "{query}: {:?}", Expression::read(query));
        }
        for query in ["council* AND bees", "TS=(\"council wellbeing\")", "council* NOT charit*", "sector$ AND counci"] {
            assert!(!matches(query, text), "{query}");
        }
    }

    #[test]
    fn signs_and_stems() {
        assert!(matches("neighbo$rhood AND organi?ation*", "neighborhood organisations"));
        assert!(Expression::read("volunteer").matches(&normalise::words("volunteers"), true));
        assert!(!Expression::read("volunteer").matches(&normalise::words("volunteers"), false));
    }
}
