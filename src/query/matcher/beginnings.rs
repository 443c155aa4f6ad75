//! Which forms may begin at a word: most words of a text begin none, and that is told from their
//! first eight bytes and their length.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use aho_corasick::Anchored;
use aho_corasick::automaton::Automaton;
use aho_corasick::nfa::contiguous::NFA;

use super::pattern::WordPattern;

/// The forms by the first of their words.
#[derive(Debug)]
pub(super) struct Beginnings {
    /// The first four bytes of all words and stems.
    any: Bits,
    /// Whether there are words that nothing is known of by their first four bytes.
    every_word: bool,
    /// Words without wildcards.
    whole: Whole,
    /// Words with wildcards after a stem.
    stems: Option<Stems>,
    /// Words that begin with a wildcard: tried at every word.
    pub unanchored: Vec<u32>,
}

impl Beginnings {
    /// Of forms, each by its words.
    pub fn of<'a>(forms: impl ExactSizeIterator<Item = &'a [WordPattern]>) -> Self {
        let mut any = Bits::of(forms.len());
        let mut every_word = false;
        let mut whole = Whole::default();
        let mut stems: Vec<(&str, Vec<Candidate>)> = Vec::new();
        let mut numbers: HashMap<&str, usize> = HashMap::new();
        let mut unanchored = Vec::new();
        for (form, words) in (0_u32..).zip(forms) {
            let Some(first) = words.first() else { continue };
            let candidate = Candidate::new(form, words.get(1));
            any.add(head_of(&first.stem) & FOUR);
            every_word |= !first.is_whole() && first.stem.len() < 4;
            if first.is_whole() {
                whole.add(&first.stem, candidate);
            } else if first.stem.is_empty() {
                unanchored.push(form);
            } else {
                let number = *numbers.entry(&first.stem).or_insert_with(|| {
                    stems.push((&first.stem, Vec::new()));
                    stems.len() - 1
                });
                stems[number].1.push(candidate);
            }
        }
        // Building fails only past 2^31 states; a query is at most a mebibyte long. Without the
        // automaton these forms are tried at every word: slow, and the same answer.
        let found = Stems::of(&stems);
        if found.is_none() {
            unanchored.extend(stems.iter().flat_map(|(_, forms)| forms).map(|candidate| candidate.form));
        }
        every_word |= !unanchored.is_empty();
        Self { any, every_word, whole, stems: found, unanchored }
    }

    /// Whether any form may begin at the word from `start` to `end` of a padded text.
    #[inline]
    pub fn may_begin(&self, padded: &str, start: usize, end: usize) -> bool {
        self.any.may_hold(four(padded, start, end - start)) || self.every_word
    }

    /// Hands over the forms whose first word is, or whose first word's stem begins, the word from
    /// `start` to `end`. `next` gives the head of the word after it: what cannot follow is left out.
    pub fn each(&self, padded: &str, start: usize, end: usize, next: impl Fn() -> u64, mut form: impl FnMut(u32)) {
        let word = &padded[start..end];
        let mut each = |candidates: &[Candidate]| {
            // Most terms are one word.
            let next = if candidates.iter().any(|candidate| candidate.mask != 0) { next() } else { 0 };
            candidates.iter().filter(|candidate| candidate.may_go_on(next)).for_each(|candidate| form(candidate.form));
        };
        if let Some(candidates) = self.whole.find(head(padded, start, end - start), word) {
            each(candidates);
        }
        if let Some(stems) = &self.stems {
            stems.walk(word, &mut each);
        }
        self.unanchored.iter().copied().for_each(form);
    }
}

/// A form whose first word is there, and what the second word's head must be.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    form: u32,
    /// The bytes of the head that are known.
    mask: u64,
    head: u64,
}

impl Candidate {
    fn new(form: u32, second: Option<&WordPattern>) -> Self {
        let Some(second) = second else { return Self { form, mask: 0, head: 0 } };
        let known = second.stem.len();
        let mask = if second.is_whole() || known >= 8 { u64::MAX } else { !(u64::MAX << (8 * known)) };
        Self { form, mask, head: head_of(&second.stem) }
    }

    #[inline]
    fn may_go_on(&self, next: u64) -> bool {
        next & self.mask == self.head
    }
}

/// A word's first eight bytes, zeros after its end. The text must go on for eight bytes.
#[inline]
pub(super) fn head(padded: &str, start: usize, length: usize) -> u64 {
    let Some(eight) = padded.as_bytes()[start..].first_chunk::<8>() else { return 0 };
    let bytes = u64::from_le_bytes(*eight);
    if length < 8 { bytes & !(u64::MAX << (8 * length)) } else { bytes }
}

/// The bits of a head's first four bytes.
const FOUR: u64 = 0xffff_ffff;

/// The first four bytes of a head.
#[inline]
fn four(padded: &str, start: usize, length: usize) -> u64 {
    let Some(four) = padded.as_bytes()[start..].first_chunk::<4>() else { return 0 };
    let bytes = u64::from(u32::from_le_bytes(*four));
    if length < 4 { bytes & !(u64::MAX << (8 * length)) } else { bytes }
}

/// The same of a text without padding.
fn head_of(word: &str) -> u64 {
    let mut eight = [0; 8];
    let length = word.len().min(8);
    eight[..length].copy_from_slice(&word.as_bytes()[..length]);
    u64::from_le_bytes(eight)
}

/// A set of keys as a bitmap of their hashes: it may hold one that was not put in, and never misses one that was.
struct Bits {
    bits: Vec<u64>,
    /// What is left of a hash when this much is shifted out counts the bits.
    shift: u32,
}

impl Bits {
    /// For so many keys; small enough to stay in the fastest cache for any strategy that a person writes.
    fn of(keys: usize) -> Self {
        let bits = keys.saturating_mul(32).next_power_of_two().clamp(1 << 12, 1 << 20);
        Self { bits: vec![0; bits / 64], shift: 64 - bits.trailing_zeros() }
    }

    #[inline]
    fn place(&self, key: u64) -> (usize, u64) {
        let hash = key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift;
        let at = (hash / 64) as usize;
        (at, hash % 64)
    }

    fn add(&mut self, key: u64) {
        let (at, bit) = self.place(key);
        self.bits[at] |= 1 << bit;
    }

    #[inline]
    fn may_hold(&self, key: u64) -> bool {
        let (at, bit) = self.place(key);
        self.bits[at] >> bit & 1 == 1
    }
}

impl std::fmt::Debug for Bits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Bits")
    }
}

/// Forms whose first word has no wildcard: by a key of the word, which words may share.
#[derive(Debug, Default)]
struct Whole(HashMap<u64, Vec<Same>, BuildHasherDefault<Mixed>>);

/// A word and the forms that begin with it.
type Same = (String, Vec<Candidate>);

impl Whole {
    #[inline]
    fn key(head: u64, length: usize) -> u64 {
        (head ^ (length as u64) << 56).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    fn add(&mut self, word: &str, form: Candidate) {
        let words = self.0.entry(Self::key(head_of(word), word.len())).or_default();
        match words.iter_mut().find(|(known, _)| known == word) {
            Some((_, forms)) => forms.push(form),
            None => words.push((word.to_owned(), vec![form])),
        }
    }

    #[inline]
    fn find(&self, head: u64, word: &str) -> Option<&[Candidate]> {
        let words = self.0.get(&Self::key(head, word.len()))?;
        words.iter().find(|(known, _)| known == word).map(|(_, forms)| forms.as_slice())
    }
}

/// The hash of a key that is mixed already.
#[derive(Default)]
struct Mixed(u64);

impl Hasher for Mixed {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.0 = self.0.rotate_left(8) ^ u64::from(*byte));
    }
    fn write_u64(&mut self, key: u64) {
        // The table takes its places from the lowest bits, and products mix the highest best.
        self.0 = key.rotate_left(32);
    }
}

/// Forms whose first word has a stem and a wildcard after it.
#[derive(Debug)]
struct Stems {
    automaton: NFA,
    /// For each stem, its forms.
    forms: Vec<Vec<Candidate>>,
}

impl Stems {
    fn of(stems: &[(&str, Vec<Candidate>)]) -> Option<Self> {
        if stems.is_empty() {
            return None;
        }
        let automaton = NFA::new(stems.iter().map(|(stem, _)| stem)).ok()?;
        let forms = stems.iter().map(|(_, forms)| forms.clone()).collect();
        Some(Self { automaton, forms })
    }

    /// Hands over the forms whose stem begins the word.
    fn walk(&self, word: &str, each: &mut impl FnMut(&[Candidate])) {
        let Ok(mut state) = self.automaton.start_state(Anchored::Yes) else { return };
        for (length, &byte) in (1..).zip(word.as_bytes()) {
            state = self.automaton.next_state(Anchored::Yes, state, byte);
            if !self.automaton.is_special(state) {
                continue;
            }
            if self.automaton.is_dead(state) {
                return;
            }
            if self.automaton.is_match(state) {
                for index in 0..self.automaton.match_len(state) {
                    let stem = self.automaton.match_pattern(state, index);
                    // A stem that only ends here did not begin the word.
                    if self.automaton.pattern_len(stem) == length {
                        each(&self.forms[stem.as_usize()]);
                    }
                }
            }
        }
    }
}
