//! Terms compiled for matching: lists of word patterns.

use super::fold::fold_char;
use crate::query::term::{Atom, Term, Word};

/// A word to be found, folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WordPattern {
    /// What stands before the first wildcard.
    pub stem: String,
    tail: Tail,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Tail {
    /// Nothing more.
    End,
    /// Any letters.
    Any,
    /// Letters and wildcards.
    Atoms(Vec<Atom>),
}

impl WordPattern {
    fn new(atoms: &[Atom]) -> Self {
        let letters = atoms.iter().take_while(|atom| matches!(atom, Atom::Letter(_))).count();
        let stem = atoms[..letters].iter().filter_map(|atom| match atom {
            Atom::Letter(letter) => Some(*letter),
            _ => None,
        });
        let tail = match &atoms[letters..] {
            [] => Tail::End,
            [Atom::Any] => Tail::Any,
            rest => Tail::Atoms(rest.to_vec()),
        };
        Self { stem: stem.collect(), tail }
    }

    /// Whether it has no wildcard.
    pub fn is_whole(&self) -> bool {
        self.tail == Tail::End
    }

    /// Whether a word is meant.
    pub fn accepts(&self, word: &str) -> bool {
        let Some(rest) = word.strip_prefix(self.stem.as_str()) else { return false };
        match &self.tail {
            Tail::End => rest.is_empty(),
            Tail::Any => true,
            Tail::Atoms(atoms) => matches(atoms, rest),
        }
    }
}

/// Letters and wildcards against the rest of a word: all states at once, so that no pattern costs
/// more than its length times the word's.
fn matches(atoms: &[Atom], word: &str) -> bool {
    let spread = |states: &mut [bool]| {
        for at in 0..atoms.len() {
            if states[at] && matches!(atoms[at], Atom::Any | Atom::Maybe) {
                states[at + 1] = true;
            }
        }
    };
    let mut states = vec![false; atoms.len() + 1];
    let mut next = states.clone();
    states[0] = true;
    spread(&mut states);
    for letter in word.chars() {
        next.fill(false);
        for at in 0..atoms.len() {
            if !states[at] {
                continue;
            }
            match atoms[at] {
                Atom::Any => next[at] = true,
                Atom::One | Atom::Maybe => next[at + 1] = true,
                Atom::Letter(wanted) if wanted == letter => next[at + 1] = true,
                Atom::Letter(_) => {}
            }
        }
        spread(&mut next);
        std::mem::swap(&mut states, &mut next);
        if !states.contains(&true) {
            return false;
        }
    }
    states[atoms.len()]
}

/// The ways in which a term may stand in a text, each a list of words that follow each other.
pub(super) fn compile(term: &Term) -> Vec<Vec<WordPattern>> {
    let mut forms: Vec<Vec<WordPattern>> = Vec::new();
    for form in term.forms() {
        let words: Vec<WordPattern> = form.words.iter().flat_map(compile_word).collect();
        if !words.is_empty() && !forms.contains(&words) {
            forms.push(words);
        }
    }
    forms
}

/// One written word may be several folded ones, where a script has no spaces.
fn compile_word(word: &Word) -> Vec<WordPattern> {
    let mut words = Vec::new();
    let mut atoms: Vec<Atom> = Vec::new();
    let mut folded = String::new();
    for atom in word.atoms() {
        let Atom::Letter(letter) = atom else {
            atoms.push(atom);
            continue;
        };
        folded.clear();
        fold_char(letter, &mut folded);
        for c in folded.chars() {
            if c.is_alphanumeric() {
                atoms.push(Atom::Letter(c));
            } else if !atoms.is_empty() {
                words.push(WordPattern::new(&atoms));
                atoms.clear();
            }
        }
    }
    // A lone wildcard after signs of a script without spaces adds nothing.
    let only_any = atoms.iter().all(|atom| *atom == Atom::Any);
    if !only_any || words.is_empty() && !atoms.is_empty() {
        words.push(WordPattern::new(&atoms));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::compile;
    use crate::query::Term;

    #[test]
    fn wildcards() {
        let accepts = |pattern: &str, word: &str| compile(&Term::read(pattern).unwrap())[0][0].accepts(word);
        assert!(accepts("organi?ation*", "organisations"));
        assert!(accepts("organi?ation*", "organization"));
        assert!(!accepts("organi?ation*", "organiation"));
        assert!(accepts("neighbo$rhood", "neighborhood"));
        assert!(accepts("neighbo$rhood", "neighbourhood"));
        assert!(!accepts("neighbo$rhood", "neighboxxrhood"));
        assert!(accepts("h*moglobin", "haemoglobin"));
        assert!(accepts("h*m*n", "hmn"));
        assert!(!accepts("health", "healthy"));
        assert!(accepts("Équit*", "equity"));
    }
}
