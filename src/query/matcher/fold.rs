//! Texts folded for matching, with the way back to the offsets of the original.

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::words::PADDING;
use crate::query::term::{is_apostrophe, is_hyphen, is_invisible};

/// A text in lower case without diacritics, in compatibility forms, every letter outside ASCII a
/// word letter, every other mark ASCII. The buffers are used again for the next text.
#[derive(Debug, Default)]
pub(super) struct Folded {
    /// Padded with spaces, so that words can be looked at by eights.
    pub text: String,
    segments: Vec<Segment>,
}

/// From `folded` on, the text came from `original` on.
#[derive(Clone, Copy, Debug)]
struct Segment {
    folded: u32,
    original: u32,
    kind: Run,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Run {
    /// Byte for byte.
    Plain,
    /// One character became something of another length.
    Replaced,
    /// A combining mark or a character without width became nothing.
    Dropped,
}

impl Folded {
    /// Folds a text. Texts past 4 GiB are cut (no field of a record comes near).
    pub fn set(&mut self, original: &str) {
        self.text.clear();
        self.segments.clear();
        self.text.reserve(original.len() + PADDING.len());
        let limit = u32::MAX as usize / 8;
        let original = if original.len() > limit { &original[..original.floor_char_boundary(limit)] } else { original };
        let mut at = 0;
        while at < original.len() {
            let rest = &original.as_bytes()[at..];
            let plain = ascii_length(rest);
            if plain > 0 {
                self.begin(at, Run::Plain);
                let start = self.text.len();
                self.text.push_str(&original[at..at + plain]);
                self.text[start..].make_ascii_lowercase();
                at += plain;
            }
            if let Some(c) = original[at..].chars().next() {
                let before = self.text.len();
                self.begin(at, Run::Replaced);
                match TABLE.get(c as usize) {
                    Some(folded) => self.text.push_str(folded),
                    None => fold_char(c, &mut self.text),
                }
                if self.text.len() == before
                    && let Some(segment) = self.segments.last_mut()
                {
                    segment.kind = Run::Dropped;
                }
                at += c.len_utf8();
            }
        }
        self.begin(original.len(), Run::Plain);
        self.text.push_str(PADDING);
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "texts are cut to an eighth of u32::MAX, folding triples at most"
    )]
    fn begin(&mut self, original: usize, kind: Run) {
        self.segments.push(Segment { folded: self.text.len() as u32, original: original as u32, kind });
    }

    /// The segment that holds a folded offset.
    fn segment(&self, folded: u32) -> usize {
        self.segments.partition_point(|segment| segment.folded <= folded).saturating_sub(1)
    }

    /// The original's bytes of a part of the folded text; whole characters, with their marks.
    pub fn original(&self, start: usize, end: usize) -> (usize, usize) {
        let (start, end) = (u32::try_from(start).unwrap_or(u32::MAX), u32::try_from(end).unwrap_or(u32::MAX));
        let first = &self.segments[self.segment(start)];
        let from = match first.kind {
            Run::Plain => first.original + (start - first.folded),
            Run::Replaced | Run::Dropped => first.original,
        };
        let mut last = self.segment(end.saturating_sub(1));
        let mut to = match self.segments[last].kind {
            Run::Plain => self.segments[last].original + (end - self.segments[last].folded),
            Run::Replaced | Run::Dropped => self.after(last),
        };
        // A mark that belongs to the last letter is part of the hit.
        while self.segments.get(last + 1).is_some_and(|next| next.kind == Run::Dropped && next.folded == end) {
            last += 1;
            to = self.after(last);
        }
        (from as usize, to as usize)
    }

    fn after(&self, segment: usize) -> u32 {
        self.segments.get(segment + 1).map_or(self.segments[segment].original, |next| next.original)
    }
}

/// What the letters of Latin, Greek and Cyrillic and the common marks fold to: they are most of what
/// is not ASCII.
static TABLE: LazyLock<Vec<String>> = LazyLock::new(|| {
    (0..0x2070)
        .map(|code| {
            let mut folded = String::new();
            if let Some(c) = char::from_u32(code) {
                fold_char(c, &mut folded);
            }
            folded
        })
        .collect()
});

/// How many bytes at the start are ASCII.
fn ascii_length(bytes: &[u8]) -> usize {
    let wide = bytes.chunks_exact(16).take_while(|chunk| chunk.is_ascii()).count() * 16;
    wide + bytes[wide..].iter().position(|byte| !byte.is_ascii()).unwrap_or(bytes.len() - wide)
}

/// Folds one character.
pub(super) fn fold_char(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
        return;
    }
    if is_invisible(c) || is_combining_mark(c) {
        return;
    }
    if is_hyphen(c) {
        out.push('-');
        return;
    }
    if is_apostrophe(c) {
        out.push('\'');
        return;
    }
    for part in std::iter::once(c).nfkd().filter(|part| !is_combining_mark(*part)) {
        for lower in part.to_lowercase().filter(|lower| !is_combining_mark(*lower)) {
            match lower {
                'ß' => out.push_str("ss"),
                'æ' => out.push_str("ae"),
                'œ' => out.push_str("oe"),
                'þ' => out.push_str("th"),
                'ø' => out.push('o'),
                'ł' => out.push('l'),
                'đ' | 'ð' => out.push('d'),
                'ħ' => out.push('h'),
                'ı' => out.push('i'),
                'ς' => out.push('σ'),
                _ if is_unspaced(lower) => {
                    // Every sign is a word of its own, so that a term finds itself inside a sentence.
                    out.push(' ');
                    out.push(lower);
                    out.push(' ');
                }
                _ if lower.is_alphanumeric() => out.push(lower),
                _ if lower.is_ascii() => out.push(lower),
                _ => out.push(' '),
            }
        }
    }
}

/// Scripts written without spaces between words: Han, Kana, Thai, Lao, Khmer, Burmese.
fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{323af}' | '\u{0e01}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
        && c.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::Folded;

    #[test]
    fn offsets_come_back() {
        let text = "Die Ca\u{301}fé‘s ﬁeld – São  Paulo";
        let mut folded = Folded::default();
        folded.set(text);
        for (word, original) in [("cafe", "Ca\u{301}fé"), ("field", "ﬁeld"), ("sao", "São"), ("paulo", "Paulo")] {
            let start = folded.text.find(word).unwrap();
            let (from, to) = folded.original(start, start + word.len());
            assert_eq!(&text[from..to], original);
        }
    }
}
