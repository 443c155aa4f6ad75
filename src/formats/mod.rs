//! Record formats, read and written: bytes ↔ records.

use crate::model::{Record, SetAside};

/// A format of export files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    Ris,
    Nbib,
    EndNoteXml,
    BibTeX,
    Csv,
    Jsonl,
}

impl Format {
    /// The name that flags and reports use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ris => "ris",
            Self::Nbib => "nbib",
            Self::EndNoteXml => "endnote-xml",
            Self::BibTeX => "bib",
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
        }
    }
}

/// One record of a file with the bytes it was read from.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// `source` is `file`, `source_key` a hash of the entry's content: the same entry in another file
    /// is the same record.
    pub record: Record,
    /// The entry's own text (UTF-8).
    pub raw: String,
    /// The line it begins at (from 1).
    pub line: usize,
    /// The entry's own `id` column or field, if it has one.
    pub id: Option<String>,
}

/// What a file held.
#[derive(Clone, Debug, PartialEq)]
pub struct FileContents {
    pub format: Format,
    pub entries: Vec<Entry>,
    pub set_aside: Vec<SetAside>,
    pub warnings: Vec<String>,
}

/// Why a file as a whole could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    #[error("no known export format: {0}")]
    Unknown(String),
    #[error("holds no record{0}")]
    Empty(String),
    #[error("{0}")]
    Malformed(String),
}

/// The format that the content shows, whatever the file's name says.
pub fn detect(_bytes: &[u8]) -> Option<Format> {
    unimplemented!()
}

/// Reads a whole file. `format` is detected where it is not given.
pub fn read(_bytes: &[u8], _format: Option<Format>) -> Result<FileContents, FormatError> {
    unimplemented!()
}
