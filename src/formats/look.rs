//! What a file looks like.

use super::{Format, bibtex, cochrane, csv, endnote, enw, json, mods, nbib, ovid, pubmed, refworks, ris, wos, xlsx};

/// How much of a text is looked at.
const HEAD: usize = 1 << 16;

/// Whether the bytes are those of a format that is no text.
pub(super) fn is_binary(bytes: &[u8]) -> bool {
    let magic: [&[u8]; 10] = [
        b"%PDF-",
        b"PK\x03\x04",
        b"PK\x05\x06",
        b"\x1f\x8b",
        b"\xd0\xcf\x11\xe0",
        b"\x89PNG",
        b"\xff\xd8\xff",
        b"GIF8",
        b"{\\rtf",
        b"SQLite format 3",
    ];
    magic.iter().any(|start| bytes.starts_with(start))
}

/// The format that a text shows.
pub(super) fn format(text: &str) -> Option<Format> {
    let head = head(text);
    let start = head.trim_start();
    let first = start.chars().next()?;
    if ovid::looks_like(head) && !ris::looks_like(head) {
        return Some(Format::Ovid);
    }
    if first == '<' {
        return markup_format(head);
    }
    if matches!(first, '{' | '[') {
        return json::looks_like(start);
    }
    if nbib::looks_like(head) {
        return Some(Format::Nbib);
    }
    if ris::looks_like(head) {
        return Some(Format::Ris);
    }
    if wos::looks_like(head) {
        return Some(Format::WebOfScience);
    }
    if cochrane::looks_like(head) {
        return Some(Format::Cochrane);
    }
    if enw::looks_like(head) {
        return Some(Format::Enw);
    }
    if refworks::looks_like(head) {
        return Some(Format::RefWorks);
    }
    if bibtex::looks_like(head) {
        return Some(Format::BibTeX);
    }
    csv::shape(text).map(|_| Format::Csv)
}

/// The format that XML shows.
fn markup_format(head: &str) -> Option<Format> {
    if pubmed::looks_like(head) {
        Some(Format::PubmedXml)
    } else if mods::looks_like(head) {
        Some(Format::Mods)
    } else {
        endnote::looks_like(head).then_some(Format::EndNoteXml)
    }
}

fn head(text: &str) -> &str {
    let mut end = text.len().min(HEAD);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// What a file that cannot be read seems to be, for the message.
pub(super) fn describe(bytes: &[u8], text: &str) -> String {
    let start = text.trim_start();
    let lower: String = start.chars().take(2_000).collect::<String>().to_lowercase();
    let what = if bytes.starts_with(b"%PDF-") {
        "it is a PDF: give full texts by `retrieve --from`, not by import"
    } else if xlsx::looks_like(bytes) {
        "it is an Excel workbook without a sheet that could be read: save the sheet as CSV"
    } else if bytes.starts_with(b"PK") {
        "it is a ZIP archive or an Office document: unpack it, or save the sheet as xlsx or CSV"
    } else if bytes.starts_with(b"\x1f\x8b") {
        "it is compressed by gzip: unpack it first"
    } else if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        "it is an old Office document, or one with a password: save the sheet as xlsx or CSV without one"
    } else if bytes.starts_with(b"{\\rtf") {
        "it is an RTF document: export as RIS instead"
    } else if is_binary(bytes) {
        "it is a picture or another binary file"
    } else if lower.contains("<html") || lower.starts_with("<!doctype html") {
        "it is an HTML page, perhaps a login page saved in place of the export"
    } else if lower.starts_with("<?xml") || lower.starts_with('<') {
        "it is XML of another kind than PubMed's, EndNote's and MODS: export as RIS instead"
    } else if start.starts_with(['{', '[']) {
        "it is JSON of another kind: one record a line (jsonl) or an array of CSL items can be read"
    } else {
        "it is text of another kind: export as RIS, nbib, EndNote XML, BibTeX or CSV with a header"
    };
    what.to_owned()
}
