//! Documents to sections: bytes → text with anchors.

use serde::{Deserialize, Serialize};

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
}

/// A titled part of a document.
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
}

impl Document {
    /// All sections as one text: titles and texts, blank lines between. Evidence's offsets count in it.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for section in &self.sections {
            for part in [&section.title, &section.text] {
                if !part.is_empty() {
                    if !out.is_empty() {
                        out.push_str("\n\n");
                    }
                    out.push_str(part);
                }
            }
        }
        out
    }
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
}

/// Extracts a document of any kind; the kind is told by the bytes. PDF runs in a child process.
pub fn extract(_bytes: &[u8]) -> Result<Document, ExtractError> {
    unimplemented!()
}
