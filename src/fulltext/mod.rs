//! Documents to sections: bytes → text with anchors.
//!
//! The bytes decide what a document is, never a file's name or a server's word for it. What cannot
//! be assessed is refused with a reason that a person can act on ([`ExtractError`]).

mod builder;
mod docx;
pub mod email;
mod gate;
pub mod html;
mod jats;
mod kind;
pub mod pdf;
mod plain;
mod xml;

pub use plain::front_matter;

use serde::{Deserialize, Serialize};

/// The most text that is kept of a document, in bytes; the rest is cut and [`Document::truncated`] set.
pub const MAX_TEXT: usize = 2 << 20;

/// A document's text by section.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    pub kind: DocumentKind,
    pub title: Option<String>,
    /// ISO 639-1, where it is stated or can be told.
    pub language: Option<String>,
    pub doi: Option<String>,
    pub sections: Vec<Section>,
    /// Pages, for PDF.
    pub pages: Option<usize>,
    /// Whether text was left out because the document holds more than [`MAX_TEXT`].
    #[serde(default)]
    pub truncated: bool,
}

/// A titled part of a document. Paragraphs of its text are set apart by a blank line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// As the document has it; empty for the text before any heading.
    pub title: String,
    pub text: String,
    /// `p. 3`, `¶ 12`: where the section begins.
    pub anchor: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DocumentKind {
    #[default]
    Text,
    Html,
    Jats,
    Pdf,
    Docx,
    Odt,
    Email,
}

impl Document {
    /// All sections as one text: titles and texts, blank lines between. Evidence's offsets count in it.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for section in &self.sections {
            for part in [&section.title, &section.text] {
                push_part(&mut out, part);
            }
        }
        out
    }

    /// Where a byte offset of [`Document::text`] lies: the page (`p. 3`) of a PDF, else the
    /// paragraph (`¶ 12`). `None` past the end.
    pub fn anchor_at(&self, offset: usize) -> Option<String> {
        let mut out = String::new();
        for section in &self.sections {
            push_part(&mut out, &section.title);
            if offset < out.len() {
                return Some(section.anchor.clone());
            }
            let before = out.len();
            push_part(&mut out, &section.text);
            if offset < out.len() {
                let begin = (out.len() - section.text.len()).max(before);
                let within = &section.text.as_bytes()[..offset.saturating_sub(begin).min(section.text.len())];
                let breaks = within.windows(2).filter(|pair| pair == b"\n\n").count();
                let number = section.anchor.strip_prefix("¶ ").and_then(|number| number.parse::<usize>().ok());
                return Some(number.map_or_else(|| section.anchor.clone(), |first| format!("¶ {}", first + breaks)));
            }
        }
        None
    }

    /// Words in all sections: runs between white space that hold a letter or digit.
    pub fn words(&self) -> usize {
        self.sections.iter().map(|section| count_words(&section.title) + count_words(&section.text)).sum()
    }
}

fn push_part(out: &mut String, part: &str) {
    if !part.is_empty() {
        if !out.is_empty() {
            out.push_str("\n\n");
        }
        out.push_str(part);
    }
}

pub(crate) fn count_words(text: &str) -> usize {
    text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count()
}

/// Why bytes are no document to assess. The names stand in retrieval logs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExtractError {
    #[error("empty file")]
    Empty,
    #[error("no document format that can be read: {0}")]
    UnknownFormat(String),
    #[error("a login or challenge page")]
    LoginPage,
    #[error("no text layer")]
    NoTextLayer,
    #[error("encrypted")]
    Encrypted,
    #[error("corrupt: {0}")]
    Corrupt(String),
    #[error("too large: {0}")]
    TooLarge(String),
    #[error("took longer than {0} s")]
    TooSlow(u64),
    /// No program that reads this kind could be run.
    #[error("no reader: {0}")]
    NoReader(String),
}

/// Extracts a document of any kind; the kind is told by the bytes. PDF runs in a child process.
pub fn extract(bytes: &[u8]) -> Result<Document, ExtractError> {
    use kind::Kind;
    match kind::detect(bytes)? {
        Kind::Jats(text) => jats::extract(&text),
        Kind::Html(text) => html::extract(&text),
        Kind::Text(text) => plain::extract(&text),
        Kind::Email(text) => email::extract(&text),
        Kind::Pdf => pdf::extract(bytes),
        Kind::Archive => docx::extract(bytes),
    }
}

/// Reads a text whose kind somebody states, as a part of an e-mail.
fn kind_of_text(text: &str, is_html: bool) -> Result<Document, ExtractError> {
    if is_html { html::extract(text) } else { plain::extract(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_count_paragraphs_and_name_pages() {
        let document = extract(b"# One\n\nfirst\n\nsecond\n\n# Two\n\nthird\n").unwrap();
        let text = document.text();
        for (word, anchor) in [("One", "¶ 1"), ("first", "¶ 1"), ("second", "¶ 2"), ("Two", "¶ 3"), ("third", "¶ 3")]
        {
            let offset = text.find(word).unwrap();
            assert_eq!(document.anchor_at(offset).as_deref(), Some(anchor), "{word}");
        }
        assert_eq!(document.anchor_at(text.len()), None);
    }

    #[test]
    fn what_is_no_document_is_named() {
        assert_eq!(extract(b""), Err(ExtractError::Empty));
        assert_eq!(extract(b" \n\t "), Err(ExtractError::Empty));
        for bytes in [&b"\x1f\x8b\x08\0abc"[..], b"\x89PNG\r\n\x1a\n", b"{\"a\": 1}", b"<?xml version='1.0'?><feed/>"] {
            assert!(matches!(extract(bytes), Err(ExtractError::UnknownFormat(_))), "{bytes:?}");
        }
    }
}
