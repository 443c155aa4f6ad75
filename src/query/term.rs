//! Terms: words and phrases with wildcards.

use std::fmt;

use unicode_normalization::char::is_combining_mark;

use super::{Diagnostic, Span};

/// A word, a hyphenated word or a phrase.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Term {
    /// Never empty.
    pub words: Vec<Word>,
}

/// A run of letters, digits and wildcards.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Word {
    /// As written: letters, digits, combining marks and the wildcards `*`, `?`, `$`.
    pub text: String,
    /// How it follows the word before; of no meaning for the first.
    pub joint: Joint,
}

/// What stands between two words of a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Joint {
    /// White space, or any other mark that ends a word.
    Space,
    /// A hyphen or dash: `multi-sector` is found as `multi-sector`, `multi sector` and `multisector`.
    Hyphen,
    /// An apostrophe: `children's` is found as `children's`, `children’s` and `childrens`.
    Apostrophe,
}

/// A part of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Atom {
    Letter(char),
    /// `*`: any number of letters, none too.
    Any,
    /// `?`: exactly one letter.
    One,
    /// `$`: one letter or none.
    Maybe,
}

impl Word {
    /// Letters and wildcards in order.
    pub fn atoms(&self) -> impl Iterator<Item = Atom> {
        self.text.chars().map(|c| match c {
            '*' => Atom::Any,
            '?' => Atom::One,
            '$' => Atom::Maybe,
            letter => Atom::Letter(letter),
        })
    }
    /// Whether it has a wildcard.
    pub fn has_wildcard(&self) -> bool {
        self.text.contains(is_wildcard)
    }
    /// What stands before the first wildcard.
    pub fn stem(&self) -> &str {
        self.text.split(is_wildcard).next().unwrap_or_default()
    }
}

impl Term {
    /// Reads the text of a word or phrase; `None` if it holds no letter, digit or wildcard.
    pub fn read(text: &str) -> Option<Self> {
        let mut words: Vec<Word> = Vec::new();
        let mut current = String::new();
        let mut joint = Joint::Space;
        for c in text.chars() {
            if c.is_alphanumeric() || is_wildcard(c) || is_combining_mark(c) && !current.is_empty() {
                current.push(c);
                continue;
            }
            if is_invisible(c) || is_combining_mark(c) {
                continue;
            }
            let next = if is_hyphen(c) {
                Joint::Hyphen
            } else if is_apostrophe(c) {
                Joint::Apostrophe
            } else {
                Joint::Space
            };
            if current.is_empty() {
                // Two marks in a row (`rock-'n'-roll`): the weaker tie stands.
                if next == Joint::Space {
                    joint = Joint::Space;
                }
            } else {
                words.push(Word { text: std::mem::take(&mut current), joint });
                joint = next;
            }
        }
        if !current.is_empty() {
            words.push(Word { text: current, joint });
        }
        let first = words.first_mut()?;
        first.joint = Joint::Space;
        Some(Self { words })
    }

    /// Whether any word has a wildcard.
    pub fn has_wildcard(&self) -> bool {
        self.words.iter().any(Word::has_wildcard)
    }

    /// The word, if it is only one.
    pub fn single(&self) -> Option<&Word> {
        match self.words.as_slice() {
            [word] => Some(word),
            _ => None,
        }
    }

    /// The forms that the hyphens and apostrophes stand for: written apart (as it is), and written
    /// together. With more than four ties only all apart and all together.
    pub fn forms(&self) -> Vec<Self> {
        const MOST_TIES: u32 = 4;
        let ties = self.words.iter().skip(1).filter(|word| word.joint != Joint::Space).count();
        let masks: Vec<u64> = match u32::try_from(ties) {
            Ok(ties) if ties <= MOST_TIES => (0..1 << ties).collect(),
            _ => vec![0, u64::MAX],
        };
        masks.into_iter().map(|mask| self.form(mask)).collect()
    }

    /// The form in which the ties whose bits are set are written together.
    fn form(&self, mask: u64) -> Self {
        let mut words: Vec<Word> = Vec::with_capacity(self.words.len());
        let mut tie = 0_u32;
        for (at, word) in self.words.iter().enumerate() {
            let tied = at > 0 && word.joint != Joint::Space;
            let together = tied && mask >> tie.min(63) & 1 == 1;
            tie += u32::from(tied);
            match words.last_mut().filter(|_| together) {
                Some(last) => last.text.push_str(&word.text),
                None => words.push(word.clone()),
            }
        }
        Self { words }
    }

    /// The term's text without quotation marks.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (at, word) in self.words.iter().enumerate() {
            match word.joint {
                _ if at == 0 => {}
                Joint::Space => text.push(' '),
                Joint::Hyphen => text.push('-'),
                Joint::Apostrophe => text.push('\''),
            }
            text.push_str(&word.text);
        }
        text
    }

    /// What is wrong with it.
    pub(super) fn check(&self, span: &Span) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for word in self.words.iter().filter(|word| word.has_wildcard()) {
            let stem = word.stem().chars().count();
            let text = &word.text;
            if stem == 0 {
                let message = format!("`{text}` begins with a wildcard: write at least one letter before it");
                found.push(Diagnostic::error("leading-wildcard", span, message));
            } else if word.text.chars().count() > MOST_LETTERS {
                let message = format!("a word with wildcards may have at most {MOST_LETTERS} letters");
                found.push(Diagnostic::error("long-word", span, message));
            } else if stem < 3 && word.text.contains('*') {
                let message = format!("`{text}` stands for very many words: write at least three letters before `*`");
                found.push(Diagnostic::warning("short-truncation", span, message));
            }
        }
        found
    }
}

/// Letters in a word with wildcards: more is no word of any language, and matching costs their number.
const MOST_LETTERS: usize = 100;

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.text();
        if is_reserved(&text) || text.contains(' ') { write!(f, "\"{text}\"") } else { f.write_str(&text) }
    }
}

/// Whether a word is an operator where it is not quoted, here or on any platform.
pub(super) fn is_reserved(word: &str) -> bool {
    ["and", "or", "not", "near", "same", "adj", "next", "pre", "w"]
        .iter()
        .any(|operator| word.eq_ignore_ascii_case(operator))
}

/// `*`, `?` or `$`.
pub(super) fn is_wildcard(c: char) -> bool {
    matches!(c, '*' | '?' | '$')
}

/// Hyphens, dashes and the minus sign.
pub(super) fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}')
}

/// Apostrophes, straight and curly, and what is typed for them.
pub(super) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2bc}' | '\u{2032}' | '`' | '\u{b4}' | '\u{ff07}')
}

/// Soft hyphens, joiners and marks without width: they part no word.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}
