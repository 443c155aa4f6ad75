//! Record formats, read and written: bytes ↔ records.

mod authors;
mod bibtex;
mod citation;
mod cochrane;
mod columns;
mod csv;
mod dates;
mod draft;
mod endnote;
mod enw;
mod identifiers;
mod json;
mod labels;
mod lines;
mod look;
mod markup;
mod mods;
mod nbib;
mod ovid;
pub mod pubmed;
mod refworks;
mod ris;
mod table;
mod tagged;
mod wos;
mod write;
mod xlsx;

use std::collections::BTreeMap;

use crate::model::{Record, SetAside};
use crate::text::encoding;

pub use labels::Label;
pub use write::{Item, write};

/// A format of export files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    Ris,
    Nbib,
    EndNoteXml,
    BibTeX,
    Csv,
    Jsonl,
    /// The JSON of citation processors (an array of items).
    CslJson,
    /// The tagged export of Web of Science; its tab-delimited one is [`Self::Csv`].
    WebOfScience,
    /// Ovid's text exports, tagged and labelled.
    Ovid,
    /// The tagged export of `EndNote`.
    Enw,
    /// The tagged export of `RefWorks`.
    RefWorks,
    /// The text export of the Cochrane Library.
    Cochrane,
    PubmedXml,
    /// The XML of library catalogues.
    Mods,
    /// Sheets of Excel with a header.
    Xlsx,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 15] = [
        Self::Ris,
        Self::Nbib,
        Self::EndNoteXml,
        Self::BibTeX,
        Self::Csv,
        Self::Jsonl,
        Self::CslJson,
        Self::WebOfScience,
        Self::Ovid,
        Self::Enw,
        Self::RefWorks,
        Self::Cochrane,
        Self::PubmedXml,
        Self::Mods,
        Self::Xlsx,
    ];
    /// The formats that are written too.
    pub const WRITTEN: [Self; 7] =
        [Self::Ris, Self::Nbib, Self::EndNoteXml, Self::BibTeX, Self::Csv, Self::Jsonl, Self::CslJson];

    /// The format of a name; `bibtex` and `endnote` are understood too.
    pub fn named(name: &str) -> Option<Self> {
        let name = match name {
            "bibtex" => "bib",
            "endnote" => "endnote-xml",
            other => other,
        };
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// The name that flags and reports use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ris => "ris",
            Self::Nbib => "nbib",
            Self::EndNoteXml => "endnote-xml",
            Self::BibTeX => "bib",
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
            Self::CslJson => "csl-json",
            Self::WebOfScience => "wos",
            Self::Ovid => "ovid",
            Self::Enw => "enw",
            Self::RefWorks => "refworks",
            Self::Cochrane => "cochrane",
            Self::PubmedXml => "pubmed-xml",
            Self::Mods => "mods",
            Self::Xlsx => "xlsx",
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
    /// What people decided on it elsewhere.
    pub labels: Vec<Label>,
}

/// What a file held.
#[derive(Clone, Debug, PartialEq)]
pub struct FileContents {
    pub format: Format,
    pub entries: Vec<Entry>,
    pub set_aside: Vec<SetAside>,
    /// The own ids of what was set aside, by the line it begins at.
    pub set_aside_ids: BTreeMap<usize, String>,
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

/// The largest file that is read.
pub const MAX_FILE_BYTES: usize = 512 << 20;
/// The largest entry that is read; a larger one is set aside.
pub const MAX_ENTRY_BYTES: usize = 4 << 20;

impl FileContents {
    fn new(format: Format) -> Self {
        Self {
            format,
            entries: Vec::new(),
            set_aside: Vec::new(),
            set_aside_ids: BTreeMap::new(),
            warnings: Vec::new(),
        }
    }
}

/// The format that the content shows, whatever the file's name says.
pub fn detect(bytes: &[u8]) -> Option<Format> {
    if look::is_binary(bytes) {
        return xlsx::looks_like(bytes).then_some(Format::Xlsx);
    }
    look::format(&encoding::decode(bytes).text)
}

/// Reads a whole file. `format` is detected where it is not given.
///
/// # Errors
/// Where the file is too large, of no known format, or holds nothing that could be read. An entry
/// that cannot be read is set aside with its reason and fails nothing.
pub fn read(bytes: &[u8], format: Option<Format>) -> Result<FileContents, FormatError> {
    if bytes.len() > MAX_FILE_BYTES {
        return Err(FormatError::Malformed(format!(
            "the file is larger than {} MiB; split it and import the parts",
            MAX_FILE_BYTES >> 20
        )));
    }
    if look::is_binary(bytes) || format == Some(Format::Xlsx) {
        if !xlsx::looks_like(bytes) {
            return Err(FormatError::Unknown(look::describe(bytes, "")));
        }
        return told(xlsx::read(bytes)?, bytes, "");
    }
    let decoded = encoding::decode(bytes);
    let text = decoded.text.as_str();
    if text.trim().is_empty() {
        return Err(FormatError::Empty(": the file is empty".to_owned()));
    }
    let Some(format) = format.or_else(|| look::format(text)) else {
        return Err(FormatError::Unknown(look::describe(bytes, text)));
    };
    let mut contents = read_text(text, format).ok_or_else(|| {
        FormatError::Malformed(format!(
            "no header row found in the first lines; one with a column named title, abstract, doi, pmid or url is \
             needed ({})",
            look::describe(bytes, text)
        ))
    })?;
    if decoded.lossy {
        contents.warnings.insert(0, format!("some bytes are no {} text and were replaced", decoded.encoding));
    }
    told(contents, bytes, text)
}

/// `None` where a table has no header.
fn read_text(text: &str, format: Format) -> Option<FileContents> {
    Some(match format {
        Format::Ris => ris::read(text),
        Format::Nbib => nbib::read(text),
        Format::BibTeX => bibtex::read(text),
        Format::EndNoteXml => endnote::read(text),
        Format::Csv | Format::Xlsx => csv::read(text)?,
        Format::Jsonl => json::read_lines(text),
        Format::CslJson => json::read_csl(text),
        Format::WebOfScience => wos::read(text),
        Format::Ovid => ovid::read(text),
        Format::Enw => enw::read(text),
        Format::RefWorks => refworks::read(text),
        Format::Cochrane => cochrane::read(text),
        Format::PubmedXml => pubmed::read(text),
        Format::Mods => mods::read(text),
    })
}

/// What a file held, or that it held nothing.
fn told(mut contents: FileContents, bytes: &[u8], text: &str) -> Result<FileContents, FormatError> {
    contents.set_aside.sort_by_key(|aside| aside.line);
    if !contents.entries.is_empty() {
        return Ok(contents);
    }
    Err(FormatError::Empty(match contents.set_aside.first() {
        Some(first) => format!(
            "; {} set aside, the first at line {}: {}",
            contents.set_aside.len(),
            first.line.unwrap_or(1),
            first.reason
        ),
        None => format!(" (read as {}; {})", contents.format.name(), look::describe(bytes, text)),
    }))
}

/// The beginning of a text, for messages.
fn excerpt(text: &str) -> String {
    let text = text.trim();
    let short: String = text.chars().filter(|c| !c.is_control()).take(60).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}

/// Whether a spreadsheet would run a cell as a formula, or would after an apostrophe is taken off.
pub fn runs_in_spreadsheets(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

#[cfg(test)]
mod tests;
