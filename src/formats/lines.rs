//! Lines of a text, whatever ends them.

/// One line without its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    /// Counted from 1.
    pub(super) number: usize,
    /// Where it begins, in bytes.
    pub(super) start: usize,
    /// Where the next line begins, in bytes.
    pub(super) next: usize,
    pub(super) text: &'a str,
}

/// The lines of a text; CR LF, LF and CR each end one, in any mixture.
pub(super) fn lines(text: &str) -> Lines<'_> {
    Lines { text, at: 0, number: 0 }
}

/// See [`lines`].
pub(super) struct Lines<'a> {
    text: &'a str,
    at: usize,
    number: usize,
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;
    fn next(&mut self) -> Option<Line<'a>> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let start = self.at;
        self.number += 1;
        let (length, ending) = match rest.find(['\n', '\r']) {
            Some(end) if rest[end..].starts_with("\r\n") => (end, 2),
            Some(end) => (end, 1),
            None => (rest.len(), 0),
        };
        self.at = start + length + ending;
        Some(Line { number: self.number, start, next: self.at, text: &rest[..length] })
    }
}

/// Counts lines up to a place; places must not decrease.
#[derive(Default)]
pub(super) struct LineCounter {
    at: usize,
    line: usize,
}

impl LineCounter {
    pub(super) fn line_at(&mut self, text: &str, place: usize) -> usize {
        let bytes = &text.as_bytes()[self.at..place];
        let mut previous = if self.at > 0 { text.as_bytes()[self.at - 1] } else { 0 };
        for &byte in bytes {
            // CR, LF and CR LF each end one line.
            if byte == b'\r' || (byte == b'\n' && previous != b'\r') {
                self.line += 1;
            }
            previous = byte;
        }
        self.at = place;
        self.line + 1
    }
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn any_end_ends_a_line() {
        let found: Vec<_> = lines("a\r\nb\rc\n\nd").map(|line| (line.number, line.start, line.text)).collect();
        assert_eq!(found, [(1, 0, "a"), (2, 3, "b"), (3, 5, "c"), (4, 7, ""), (5, 8, "d")]);
    }
}
