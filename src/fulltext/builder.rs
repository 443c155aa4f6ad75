//! Collects headings and paragraphs into sections, with anchors and a limit.

use super::{Document, DocumentKind, MAX_TEXT, Section};

/// A document under construction.
pub struct Builder {
    pub document: Document,
    current: Section,
    begun: bool,
    paragraphs: usize,
    page: Option<usize>,
    left: usize,
}

impl Builder {
    pub fn new(kind: DocumentKind) -> Self {
        Self {
            document: Document { kind, ..Document::default() },
            current: Section::default(),
            begun: false,
            paragraphs: 0,
            page: None,
            left: MAX_TEXT,
        }
    }

    /// Begins a page: it is a section of its own, anchored `p. N`.
    pub fn page(&mut self, number: usize) {
        self.page = Some(number);
        self.heading("");
    }

    /// Begins a section.
    pub fn heading(&mut self, title: &str) {
        self.close();
        let title = self.take(title);
        self.begun = !title.is_empty();
        self.current.title = title;
        self.current.anchor = match self.page {
            Some(page) => format!("p. {page}"),
            None => format!("¶ {}", self.paragraphs + 1),
        };
    }

    /// Adds a paragraph; nothing if it holds no text.
    pub fn paragraph(&mut self, text: &str) {
        let text = self.take(text);
        if text.is_empty() {
            return;
        }
        if !self.begun && self.current.anchor.is_empty() {
            self.current.anchor = format!("¶ {}", self.paragraphs + 1);
        }
        self.begun = true;
        self.paragraphs += 1;
        if !self.current.text.is_empty() {
            self.current.text.push_str("\n\n");
        }
        self.current.text.push_str(&text);
    }

    /// Whether the limit is reached: what follows is dropped.
    pub fn is_full(&self) -> bool {
        self.left == 0
    }

    pub fn finish(mut self) -> Document {
        self.close();
        self.document
    }

    fn close(&mut self) {
        if self.begun {
            self.document.sections.push(std::mem::take(&mut self.current));
        }
        self.current = Section::default();
        self.begun = false;
    }

    fn take(&mut self, text: &str) -> String {
        let mut text = clean(text);
        if text.len() > self.left {
            let mut end = self.left;
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            text.truncate(end);
            self.left = 0;
            self.document.truncated = true;
        } else {
            self.left -= text.len();
        }
        text
    }
}

/// White space folded; soft hyphens, zero-width and control characters removed.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut space = false;
    for c in text.chars() {
        if c.is_whitespace() {
            space = !out.is_empty();
        } else if !c.is_control() && !matches!(c, '\u{ad}' | '\u{200b}' | '\u{feff}' | '\u{fffe}') {
            if space {
                out.push(' ');
                space = false;
            }
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_beyond_the_limit_is_cut_and_said_so() {
        let mut builder = Builder::new(DocumentKind::Text);
        let long = "é".repeat(MAX_TEXT / 2 - 1);
        builder.paragraph(&long);
        assert!(!builder.is_full());
        builder.paragraph("éé");
        assert!(builder.is_full());
        builder.heading("never");
        let document = builder.finish();
        assert!(document.truncated);
        assert_eq!(document.sections.len(), 1);
        assert_eq!(document.sections[0].text.len(), MAX_TEXT + 2);
    }

    #[test]
    fn cleaning() {
        assert_eq!(clean(" a\u{ad}b \n\n c\0\u{200b}d "), "ab cd");
    }
}
