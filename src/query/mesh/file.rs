//! NLM's descriptor files, read in a stream: the XML one (`desc2026.xml`) and the ASCII one
//! (`d2026.bin`), gzipped or not.

use std::io::{BufRead, BufReader, Read};

use quick_xml::Reader;
use quick_xml::events::Event;

use super::{Descriptor, MeshError};

/// Bytes that are read of a file once it is unpacked; NLM's has 0.4 GB.
const MOST_BYTES: u64 = 4 << 30;
/// Descriptors of a file; NLM's has 31,000.
const MOST_DESCRIPTORS: usize = 500_000;
/// Names, terms and tree numbers of all descriptors together; NLM's has 400,000.
const MOST_TEXTS: usize = 10_000_000;
/// Bytes of one name, term or tree number.
const MOST_TEXT: usize = 1_000;
/// Levels of XML.
const MOST_DEPTH: usize = 64;

/// Reads a file of either kind.
pub(super) fn read(file: impl Read) -> Result<Vec<Descriptor>, MeshError> {
    let mut file = BufReader::new(file);
    if file.fill_buf()?.starts_with(&[0x1f, 0x8b]) {
        return plain(BufReader::new(flate2::bufread::MultiGzDecoder::new(file).take(MOST_BYTES)));
    }
    plain(BufReader::new(file.take(MOST_BYTES)))
}

fn plain(mut file: impl BufRead) -> Result<Vec<Descriptor>, MeshError> {
    let start = file.fill_buf()?;
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
    let is_xml = start.starts_with(b"<");
    let mut kept = Kept::default();
    if is_xml {
        xml(file, &mut kept)?
    } else {
        ascii(file, &mut kept)?
    }
    kept.done()
}

/// Descriptors taken in, within limits.
#[derive(Default)]
struct Kept {
    descriptors: Vec<Descriptor>,
    current: Descriptor,
    texts: usize,
}

impl Kept {
    fn text(&mut self, text: &str, into: fn(&mut Descriptor) -> &mut Vec<String>) -> Result<(), MeshError> {
        let text = text.trim();
        if text.is_empty() || text.len() > MOST_TEXT {
            return Ok(());
        }
        self.texts += 1;
        if self.texts > MOST_TEXTS {
            return Err(MeshError::TooLarge);
        }
        into(&mut self.current).push(text.to_owned());
        Ok(())
    }

    /// The end of a record.
    fn end(&mut self) -> Result<(), MeshError> {
        let descriptor = std::mem::take(&mut self.current);
        if descriptor.names.is_empty() {
            return Ok(());
        }
        if self.descriptors.len() >= MOST_DESCRIPTORS {
            return Err(MeshError::TooLarge);
        }
        self.descriptors.push(descriptor);
        Ok(())
    }

    fn done(mut self) -> Result<Vec<Descriptor>, MeshError> {
        self.end()?;
        if self.descriptors.is_empty() { Err(MeshError::NoDescriptors) } else { Ok(self.descriptors) }
    }
}

fn xml(file: impl BufRead, kept: &mut Kept) -> Result<(), MeshError> {
    let mut reader = Reader::from_reader(file);
    let mut path: Vec<String> = Vec::new();
    let mut text = String::new();
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer).map_err(|error| MeshError::Broken(error.to_string()))? {
            Event::Start(start) => {
                if path.len() >= MOST_DEPTH {
                    return Err(MeshError::Broken(format!("elements are nested more than {MOST_DEPTH} deep")));
                }
                path.push(start.name().as_ref().to_owned());
                text.clear();
            }
            Event::Text(part) if text.len() <= MOST_TEXT => {
                text.push_str(&part);
            }
            Event::GeneralRef(reference) => match (reference.as_ref(), reference.resolve_char_ref()) {
                ("amp", _) => text.push('&'),
                ("lt", _) => text.push('<'),
                ("gt", _) => text.push('>'),
                ("quot", _) => text.push('"'),
                ("apos", _) => text.push('\''),
                (_, Ok(Some(sign))) => text.push(sign),
                _ => text.push(' '),
            },
            Event::End(_) => {
                let names: Vec<&str> = path.iter().map(String::as_str).collect();
                match names.as_slice() {
                    // A record's own name; those of records that it refers to lie deeper.
                    [_, "DescriptorRecord", "DescriptorName", "String"] => kept.text(&text, |d| &mut d.names)?,
                    [.., "TermList", "Term", "String"] => kept.text(&text, |d| &mut d.names)?,
                    [_, "DescriptorRecord", "TreeNumberList", "TreeNumber"] => {
                        kept.text(&text, |d| &mut d.places)?;
                    }
                    [_, "DescriptorRecord"] => kept.end()?,
                    _ => {}
                }
                path.pop();
                text.clear();
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
        buffer.clear();
    }
}

fn ascii(mut file: impl BufRead, kept: &mut Kept) -> Result<(), MeshError> {
    let mut line = Vec::new();
    loop {
        line.clear();
        // No line of such a file comes near this.
        if file.by_ref().take(1 << 20).read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim();
        if text == "*NEWRECORD" {
            kept.end()?;
        }
        let Some((name, value)) = text.split_once(" = ") else { continue };
        match name {
            "MH" => kept.text(value, |d| &mut d.names)?,
            "ENTRY" | "PRINT ENTRY" => kept.text(value.split('|').next().unwrap_or_default(), |d| &mut d.names)?,
            "MN" => kept.text(value, |d| &mut d.places)?,
            _ => {}
        }
    }
}
