//! Office documents: DOCX (ECMA-376) and ODT (OASIS OpenDocument), both XML in a ZIP archive.
//!
//! Members are read by name into memory, never written out; sizes are held to limits as they are
//! inflated, whatever the archive says of them; a document type declaration is refused.

use std::collections::HashSet;
use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::builder::{Builder, clean};
use super::xml::{self, Doctype, Token};
use super::{Document, DocumentKind, ExtractError};
use crate::text::language;

/// The most members that an archive may have.
const MAX_MEMBERS: usize = 5_000;
/// The most that is inflated of one member, in bytes.
const MAX_MEMBER: u64 = 64 << 20;

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Reads an office document; `UnknownFormat` if the archive is another.
pub fn extract(bytes: &[u8]) -> Result<Document, ExtractError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes))
        .map_err(|error| ExtractError::Corrupt(format!("the archive cannot be read: {error}")))?;
    if archive.len() > MAX_MEMBERS {
        return Err(ExtractError::TooLarge(format!("an archive of {} members", archive.len())));
    }
    let has = |name: &str| archive.index_for_name(name).is_some();
    if has("word/document.xml") {
        docx(&mut archive)
    } else if has("content.xml") {
        odt(&mut archive)
    } else {
        Err(ExtractError::UnknownFormat("an archive that is neither .docx nor .odt".into()))
    }
}

/// A member's text; `None` if there is none of that name.
fn member(archive: &mut Archive<'_>, name: &str) -> Result<Option<String>, ExtractError> {
    if archive.index_for_name(name).is_none() {
        return Ok(None);
    }
    let file = match archive.by_name(name) {
        Ok(file) => file,
        Err(zip::result::ZipError::UnsupportedArchive(reason)) if reason.to_lowercase().contains("password") => {
            return Err(ExtractError::Encrypted);
        }
        Err(error) => return Err(ExtractError::Corrupt(format!("{name}: {error}"))),
    };
    let too_large = || ExtractError::TooLarge(format!("{name} inflates to more than {} MiB", MAX_MEMBER >> 20));
    if file.size() > MAX_MEMBER {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    let read = file.take(MAX_MEMBER + 1).read_to_end(&mut bytes);
    read.map_err(|error| ExtractError::Corrupt(format!("{name}: {error}")))?;
    if bytes.len() as u64 > MAX_MEMBER {
        return Err(too_large());
    }
    Ok(Some(xml::decode(&bytes)))
}

/// The text of the first element of that local name, for a document's properties.
fn property(text: &str, wanted: &str) -> Result<Option<String>, ExtractError> {
    let (mut within, mut value) = (false, None::<String>);
    xml::walk(text, Doctype::Refused, |token| {
        match token {
            Token::Open(name, _) if name == wanted && value.is_none() => {
                within = true;
                value = Some(String::new());
            }
            Token::Close(name) if name == wanted => within = false,
            Token::Text(text) if within => value.get_or_insert_default().push_str(&text),
            _ => {}
        }
        Ok(())
    })?;
    Ok(value.map(|value| clean(&value)).filter(|value| !value.is_empty()))
}

fn docx(archive: &mut Archive<'_>) -> Result<Document, ExtractError> {
    let text = member(archive, "word/document.xml")?.unwrap_or_default();
    let styles = member(archive, "word/styles.xml")?.map(|styles| heading_styles(&styles)).transpose()?;
    let mut body = Body::new(DocumentKind::Docx, styles.unwrap_or_default());
    xml::walk(&text, Doctype::Refused, |token| {
        body.word(&token);
        Ok(())
    })?;
    let mut document = body.finish()?;
    if let Some(core) = member(archive, "docProps/core.xml")? {
        document.title = property(&core, "title")?;
        document.language = property(&core, "language")?.and_then(|word| language::code(&word).map(str::to_owned));
    }
    Ok(document)
}

/// The ids of paragraph styles whose name is a heading's or the title's, whatever the office
/// program's language: names are English in the file, ids may not be.
fn heading_styles(text: &str) -> Result<HashSet<String>, ExtractError> {
    let (mut id, mut found) = (String::new(), HashSet::new());
    xml::walk(text, Doctype::Refused, |token| {
        if let Token::Open(name, start) = token {
            match name {
                "style" => id = xml::attribute(start, "styleId").unwrap_or_default(),
                "name" => {
                    let name = xml::attribute(start, "val").unwrap_or_default().to_lowercase();
                    if (name.starts_with("heading ") || name == "title") && found.len() < 1_000 {
                        found.insert(id.clone());
                    }
                }
                "outlineLvl" if xml::attribute(start, "val").is_some_and(|level| level != "9") => {
                    found.insert(id.clone());
                }
                _ => {}
            }
        }
        Ok(())
    })?;
    Ok(found)
}

fn odt(archive: &mut Archive<'_>) -> Result<Document, ExtractError> {
    let text = member(archive, "content.xml")?.unwrap_or_default();
    if text.contains("<office:spreadsheet") || text.contains("<office:presentation") {
        return Err(ExtractError::UnknownFormat("an OpenDocument file that is no text".into()));
    }
    let mut body = Body::new(DocumentKind::Odt, HashSet::new());
    xml::walk(&text, Doctype::Refused, |token| {
        body.open_document(&token);
        Ok(())
    })?;
    let mut document = body.finish()?;
    if let Some(meta) = member(archive, "meta.xml")? {
        document.title = property(&meta, "title")?;
        document.language = property(&meta, "language")?.and_then(|word| language::code(&word).map(str::to_owned));
    }
    Ok(document)
}

/// Paragraphs and tables on their way to sections.
struct Body {
    out: Builder,
    styles: HashSet<String>,
    buffer: String,
    is_heading: bool,
    /// Open elements whose text is not the document's: deleted text, field codes, second forms.
    skipped: usize,
    in_text: bool,
    /// The cells of each open table's row.
    rows: Vec<Vec<String>>,
}

impl Body {
    fn new(kind: DocumentKind, styles: HashSet<String>) -> Self {
        Self {
            out: Builder::new(kind),
            styles,
            buffer: String::new(),
            is_heading: false,
            skipped: 0,
            in_text: false,
            rows: Vec::new(),
        }
    }

    fn word(&mut self, token: &Token<'_>) {
        const SKIPPED: &[&str] = &["del", "moveFrom", "instrText", "Fallback", "delText"];
        match token {
            Token::Open(name, _) if SKIPPED.contains(name) => self.skipped += 1,
            Token::Close(name) if SKIPPED.contains(name) => self.skipped = self.skipped.saturating_sub(1),
            _ if self.skipped > 0 => {}
            Token::Open("t", _) => self.in_text = true,
            Token::Close("t") => self.in_text = false,
            Token::Open("tab" | "br" | "cr", _) => self.buffer.push(' '),
            Token::Open("noBreakHyphen", _) => self.buffer.push('-'),
            Token::Open("pStyle", start) => {
                let style = xml::attribute(start, "val").unwrap_or_default();
                let lower = style.to_lowercase();
                let by_id = lower.starts_with("heading") || lower == "title";
                self.is_heading = by_id || self.styles.contains(&style);
            }
            Token::Open("outlineLvl", start) => {
                self.is_heading |= xml::attribute(start, "val").is_some_and(|level| level != "9");
            }
            Token::Close("p") => self.end_paragraph(),
            Token::Open("tr", _) => self.rows.push(Vec::new()),
            Token::Open("tc", _) => self.open_cell(),
            Token::Close("tr") => self.end_row(),
            Token::Text(text) if self.in_text => self.buffer.push_str(text),
            _ => {}
        }
    }

    fn open_document(&mut self, token: &Token<'_>) {
        const SKIPPED: &[&str] =
            &["tracked-changes", "annotation", "scripts", "automatic-styles", "forms", "font-face-decls"];
        match token {
            Token::Open(name, _) if SKIPPED.contains(name) => self.skipped += 1,
            Token::Close(name) if SKIPPED.contains(name) => self.skipped = self.skipped.saturating_sub(1),
            _ if self.skipped > 0 => {}
            Token::Open("p", _) => self.in_text = true,
            Token::Open("h", _) => (self.in_text, self.is_heading) = (true, true),
            Token::Close("p" | "h") => {
                self.in_text = false;
                self.end_paragraph();
            }
            Token::Open("s" | "tab" | "line-break", _) => self.buffer.push(' '),
            Token::Open("table-row", _) => self.rows.push(Vec::new()),
            Token::Open("table-cell", _) => self.open_cell(),
            Token::Close("table-row") => self.end_row(),
            Token::Text(text) if self.in_text => self.buffer.push_str(text),
            _ => {}
        }
    }

    fn end_paragraph(&mut self) {
        let text = clean(&std::mem::take(&mut self.buffer));
        let is_heading = std::mem::take(&mut self.is_heading);
        if text.is_empty() {
            return;
        }
        match self.rows.last_mut().and_then(|row| row.last_mut()) {
            Some(cell) => {
                if !cell.is_empty() {
                    cell.push(' ');
                }
                cell.push_str(&text);
            }
            None if is_heading => self.out.heading(&text),
            None => self.out.paragraph(&text),
        }
    }

    fn open_cell(&mut self) {
        if let Some(row) = self.rows.last_mut() {
            row.push(String::new());
        }
    }

    /// A row of two cells is a label and its answer, as templates have them; else cells stand in a line.
    fn end_row(&mut self) {
        let Some(row) = self.rows.pop() else { return };
        let cells: Vec<String> = row.into_iter().filter(|cell| !cell.is_empty()).collect();
        let text = match cells.as_slice() {
            [label, answer] if label.chars().count() <= 120 => {
                format!("{}: {answer}", label.trim_end_matches([':', ' ']))
            }
            _ => cells.join(" | "),
        };
        match self.rows.last_mut().and_then(|row| row.last_mut()) {
            // A table within a cell is the cell's text.
            Some(cell) => {
                cell.push(' ');
                cell.push_str(&text);
            }
            None => self.out.paragraph(&text),
        }
    }

    fn finish(self) -> Result<Document, ExtractError> {
        let document = self.out.finish();
        if document.sections.is_empty() { Err(ExtractError::NoTextLayer) } else { Ok(document) }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn archive(members: &[(&str, &str)]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in members {
            writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(text.as_bytes()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn paragraph(style: &str, text: &str) -> String {
        format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
    }

    #[test]
    fn a_template_is_read() {
        let row = |label: &str, answer: &str| {
            let cell = |text: &str| format!("<w:tc>{}</w:tc>", paragraph("x", text));
            format!("<w:tr>{}{}</w:tr>", cell(label), cell(answer))
        };
        let body = format!(
            "<w:document xmlns:w=\"x\"><w:body>{}<w:tbl>{}{}</w:tbl>{}{}<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p></w:body></w:document>",
            paragraph("x", "Template"),
            row("Title / Teitl", "Warm &amp; dry"),
            row("What difference did it make?", "Much"),
            paragraph("Pennawd1", "What we did"),
            paragraph("x", "We met."),
        );
        let styles = "<w:styles><w:style w:styleId=\"Pennawd1\"><w:name w:val=\"heading 1\"/></w:style></w:styles>";
        let core = "<cp:coreProperties><dc:title>Warm</dc:title><dc:language>cy</dc:language></cp:coreProperties>";
        let bytes = archive(&[("word/document.xml", &body), ("word/styles.xml", styles), ("docProps/core.xml", core)]);
        let document = extract(&bytes).unwrap();
        assert_eq!((document.title.as_deref(), document.language.as_deref()), (Some("Warm"), Some("cy")));
        assert_eq!(
            document.sections[0].text,
            "Template\n\nTitle / Teitl: Warm & dry\n\nWhat difference did it make?: Much"
        );
        assert_eq!(
            (document.sections[1].title.as_str(), document.sections[1].text.as_str()),
            ("What we did", "We met.")
        );
    }

    #[test]
    fn an_open_document_is_read() {
        let content = "<office:document-content><office:body><office:text><text:h>Warm hub</text:h><text:p>CVC,<text:s/>Gwynedd</text:p></office:text></office:body></office:document-content>";
        let document = extract(&archive(&[("content.xml", content)])).unwrap();
        assert_eq!(document.kind, DocumentKind::Odt);
        assert_eq!(
            (document.sections[0].title.as_str(), document.sections[0].text.as_str()),
            ("Warm hub", "CVC, Gwynedd")
        );
    }

    #[test]
    fn hostile_archives_are_refused() {
        let bomb = "x".repeat((MAX_MEMBER + 10) as usize);
        assert!(matches!(extract(&archive(&[("word/document.xml", &bomb)])), Err(ExtractError::TooLarge(_))));
        let doctype = "<!DOCTYPE w [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><w:document>&x;</w:document>";
        assert!(matches!(extract(&archive(&[("word/document.xml", doctype)])), Err(ExtractError::Corrupt(_))));
        assert!(matches!(extract(&archive(&[("x", "y")])), Err(ExtractError::UnknownFormat(_))));
        assert!(matches!(extract(b"PK\x03\x04broken"), Err(ExtractError::Corrupt(_))));
    }
}
