//! The words of a folded text.

/// Letters and digits; outside ASCII, folding leaves nothing else.
const IS_LETTER: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        let value = byte as u8;
        table[byte] = value.is_ascii_lowercase() || value.is_ascii_digit() || value >= 0x80;
        byte += 1;
    }
    table
};

/// Spaces that follow every folded text, so that eight bytes can be read from any of its words, and
/// the last word ends before the buffer does.
pub(super) const PADDING: &str = "                ";

/// A word of a folded text.
#[derive(Clone, Copy, Debug)]
pub(super) struct WordAt<'a> {
    pub text: &'a str,
    pub start: usize,
    /// Its number in the field.
    pub position: u32,
}

/// Which of eight bytes are letters, a bit each, the first byte's lowest. All eight are looked at
/// at once: additions to the low seven bits carry into the highest where a bound is passed.
#[inline]
fn letters_of(eight: [u8; 8]) -> u64 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x80 * EACH;
    let bytes = u64::from_le_bytes(eight);
    let low = bytes & !HIGH;
    let at_least = |letter: u8| low.wrapping_add(u64::from(0x80 - letter) * EACH);
    let letter = at_least(b'a') & !at_least(b'z' + 1);
    let digit = at_least(b'0') & !at_least(b'9' + 1);
    // The product gathers the highest bit of each byte in the top byte.
    (((letter | digit | bytes) & HIGH).wrapping_mul(0x0002_0408_1020_4081)) >> 56
}

/// Which of up to 64 bytes are letters.
#[inline]
fn letters(block: &[u8]) -> u64 {
    let (eights, _) = block.as_chunks::<8>();
    (0..).step_by(8).zip(eights).fold(0, |mask, (shift, eight)| mask | letters_of(*eight) << shift)
}

/// Hands over where each word begins and ends in a padded text.
#[inline]
pub(super) fn each_word(padded: &str, mut word: impl FnMut(usize, usize)) {
    let mut inside = false;
    let mut start = 0;
    // Bytes after the last eight are padding.
    for (base, block) in (0..).step_by(64).zip(padded.as_bytes().chunks(64)) {
        let mask = letters(block);
        // A bit wherever letters begin or end.
        let mut changes = mask ^ (mask << 1 | u64::from(inside));
        while changes != 0 {
            let at = base + changes.trailing_zeros() as usize;
            changes &= changes - 1;
            if inside {
                word(start, at);
            } else {
                start = at;
            }
            inside = !inside;
        }
    }
}

/// Whether the letter from `start` to `end` is the s of a possessive, which is no word of its own.
#[inline]
pub(super) fn is_possessive(text: &str, start: usize, end: usize) -> bool {
    let bytes = text.as_bytes();
    end - start == 1
        && bytes[start] == b's'
        && start > 1
        && bytes[start - 1] == b'\''
        && IS_LETTER[usize::from(bytes[start - 2])]
}

/// The words of a folded text from a place on.
#[derive(Clone, Copy)]
pub(super) struct Words<'a> {
    pub text: &'a str,
    pub at: usize,
    /// The next word's number.
    pub position: u32,
}

impl<'a> Words<'a> {
    pub fn next(&mut self) -> Option<WordAt<'a>> {
        let bytes = self.text.as_bytes();
        let rest = &bytes[self.at..];
        let Some(skipped) = rest.iter().position(|byte| IS_LETTER[usize::from(*byte)]) else {
            self.at = bytes.len();
            return None;
        };
        let start = self.at + skipped;
        let rest = &rest[skipped..];
        let length = rest.iter().position(|byte| !IS_LETTER[usize::from(*byte)]).unwrap_or(rest.len());
        self.at = start + length;
        let text = &self.text[start..self.at];
        if is_possessive(self.text, start, self.at) {
            return Some(WordAt { text, start, position: self.position.saturating_sub(1) });
        }
        self.position += 1;
        Some(WordAt { text, start, position: self.position - 1 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_by_eights_are_words_by_bytes() {
        let mut random = 1_u32;
        for length in 0..300 {
            let signs = ["a", "z", "{", "`", "0", "9", ":", "/", " ", " ", "é", "中", "'", "s", "-", "~", "\u{7f}"];
            let mut text = String::new();
            for _ in 0..length {
                random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                text.push_str(signs[random as usize / 0x1000 % signs.len()]);
            }
            let mut words = Words { text: &text, at: 0, position: 0 };
            let expected: Vec<(usize, usize)> =
                std::iter::from_fn(|| words.next()).map(|word| (word.start, word.start + word.text.len())).collect();
            let mut found = Vec::new();
            each_word(&format!("{text}{PADDING}"), |start, end| found.push((start, end)));
            assert_eq!(found, expected, "{text}");
        }
    }
}
