//! Words kept close together: one text, and where each word ends. A million records fit in memory.

use std::hash::{Hash, Hasher};

use siphasher::sip::SipHasher13;

/// Longer texts are cut: nothing is compared past here.
const MOST_BYTES: usize = 2_000;

/// Words in order, without what stood between them.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Words {
    joined: Box<str>,
    ends: Box<[u16]>,
}

impl Words {
    /// Keeps these words, as many as there is room for.
    pub fn of<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let mut joined = String::new();
        let mut ends = Vec::new();
        for word in words {
            if joined.len() + word.len() > MOST_BYTES {
                break;
            }
            joined.push_str(word);
            ends.extend(u16::try_from(joined.len()));
        }
        Self { joined: joined.into_boxed_str(), ends: ends.into_boxed_slice() }
    }
    /// The words.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &str> + Clone {
        (0..self.ends.len()).map(|at| self.at(at))
    }
    /// The word at a position below [`len`](Self::len).
    pub fn at(&self, at: usize) -> &str {
        let start = at.checked_sub(1).map_or(0, |before| usize::from(self.ends[before]));
        &self.joined[start..usize::from(self.ends[at])]
    }
    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
    /// All of them as one: spacing and hyphens do not count.
    pub fn joined(&self) -> &str {
        &self.joined
    }
    /// How many words two sorted lists share.
    pub fn shared(&self, other: &Self) -> usize {
        let (mut a, mut b, mut shared) = (0, 0, 0);
        while a < self.len() && b < other.len() {
            match self.at(a).cmp(other.at(b)) {
                std::cmp::Ordering::Less => a += 1,
                std::cmp::Ordering::Greater => b += 1,
                std::cmp::Ordering::Equal => (a, b, shared) = (a + 1, b + 1, shared + 1),
            }
        }
        shared
    }
}

/// A hash that is the same in every run and on every machine: blocks are stored by it.
/// 63 bits, so that a database's signed numbers keep their order.
pub fn hash(parts: &[&str]) -> i64 {
    let mut hasher = SipHasher13::new();
    for part in parts {
        hasher.write(part.as_bytes());
        hasher.write(&[0xff]);
    }
    (hasher.finish() >> 1).cast_signed()
}

/// The hash of a value's own [`Hash`], for comparisons within one run.
pub fn signature(value: &impl Hash) -> u64 {
    let mut hasher = SipHasher13::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// How alike two texts are, 0 to 1 (InDel: twice the longest common subsequence by the lengths);
/// `None` below `least`.
pub fn likeness(a: &str, b: &str, least: f64) -> Option<f64> {
    let cutoff = rapidfuzz::fuzz::Args::default().score_cutoff(least);
    if a.is_ascii() && b.is_ascii() {
        rapidfuzz::fuzz::ratio_with_args(a.bytes(), b.bytes(), &cutoff)
    } else {
        rapidfuzz::fuzz::ratio_with_args(a.chars(), b.chars(), &cutoff)
    }
}

/// The beginning of a text, at most so many characters.
pub fn beginning(text: &str, characters: usize) -> &str {
    text.char_indices().nth(characters).map_or(text, |(at, _)| &text[..at])
}

/// The end of a text, at most so many characters.
pub fn end(text: &str, characters: usize) -> &str {
    let skip = text.char_indices().rev().nth(characters.saturating_sub(1)).map_or(0, |(at, _)| at);
    &text[skip..]
}
