//! Terms: words and phrases with wildcards.

use std::fmt;
use std::hash::{Hash, Hasher};

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

/// What stands between two words of a term. [`Joint::Space`] and [`Joint::Mark`] are equal: they mean
/// the same and only look different.
#[derive(Clone, Copy, Debug)]
pub enum Joint {
    /// White space, or any other mark that ends a word.
    Space,
    /// A hyphen or an apostrophe of a platform on which it only parts words: kept for how it looks.
    Mark(char),
    /// A hyphen or dash: `multi-sector` is found as `multi-sector`, `multi sector` and `multisector`.
    Hyphen,
    /// An apostrophe: `children's` is found as `children's`, `children’s` and `childrens`.
    Apostrophe,
}

impl Joint {
    /// Whether the words are found written together too.
    pub fn ties(self) -> bool {
        matches!(self, Self::Hyphen | Self::Apostrophe)
    }
    /// What is equal of it.
    fn meaning(self) -> u8 {
        match self {
            Self::Space | Self::Mark(_) => 0,
            Self::Hyphen => 1,
            Self::Apostrophe => 2,
        }
    }
}

impl PartialEq for Joint {
    fn eq(&self, other: &Self) -> bool {
        self.meaning() == other.meaning()
    }
}

impl Eq for Joint {}

impl Hash for Joint {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.meaning().hash(state);
    }
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

    /// Reads the text of a platform on which hyphens and apostrophes only part words. Its wildcards
    /// must have been written as ours before.
    pub fn read_plain(text: &str) -> Option<Self> {
        let mut term = Self::read(text)?;
        for word in &mut term.words {
            word.joint = match word.joint {
                Joint::Hyphen => Joint::Mark('-'),
                Joint::Apostrophe => Joint::Mark('\''),
                other => other,
            };
        }
        Some(term)
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
        let ties = self.words.iter().skip(1).filter(|word| word.joint.ties()).count();
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
            let tied = at > 0 && word.joint.ties();
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
                Joint::Mark(mark) => text.push(mark),
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
            let letters = text.chars().filter(|c| !is_wildcard(*c)).count();
            if letters == 0 {
                let message = format!("`{text}` is a wildcard alone: write at least one letter with it");
                found.push(Diagnostic::error("lone-wildcard", span, message));
            } else if stem == 0 {
                let message = format!("`{text}` begins with a wildcard, which hardly a platform takes");
                found.push(Diagnostic::warning("leading-wildcard", span, message));
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

/// gleaner's own syntax: a mark that means no more than a space is written as one.
impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut plain = self.clone();
        for word in &mut plain.words {
            if matches!(word.joint, Joint::Mark(_)) {
                word.joint = Joint::Space;
            }
        }
        let text = plain.text();
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
