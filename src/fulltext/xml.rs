//! XML as a stream of few, safe tokens: entities are never expanded beyond the named characters
//! of HTML, nothing is fetched, and depth is limited.

use std::borrow::Cow;

use encoding_rs::Encoding;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::ExtractError;

/// The deepest nesting of elements that is read.
const MAX_DEPTH: usize = 400;

/// What a document's markup says next.
pub enum Token<'a> {
    /// An element opens; the name without prefix.
    Open(&'a str, &'a BytesStart<'a>),
    Close(&'a str),
    Text(Cow<'a, str>),
    /// A CDATA section's text, which may hold markup of another kind.
    Raw(&'a str),
}

/// Whether a document type declaration may stand in the document.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Doctype {
    /// Read over; entities it declares are not expanded.
    Ignored,
    /// Refused: office formats never have one (ECMA-376, part 2, 10.3 forbids it).
    Refused,
}

/// Reads a document's text token by token.
pub fn walk(
    text: &str,
    doctype: Doctype,
    mut visit: impl FnMut(Token<'_>) -> Result<(), ExtractError>,
) -> Result<(), ExtractError> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.allow_dangling_amp = true;
    config.check_end_names = true;
    let mut depth = 0_usize;
    loop {
        let event = reader.read_event().map_err(|error| corrupt(&error, reader.buffer_position()))?;
        match event {
            Event::Start(start) => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(ExtractError::Corrupt(format!("elements nested deeper than {MAX_DEPTH}")));
                }
                visit(Token::Open(start.local_name().into_inner(), &start))?;
            }
            Event::Empty(start) => {
                visit(Token::Open(start.local_name().into_inner(), &start))?;
                visit(Token::Close(start.local_name().into_inner()))?;
            }
            Event::End(end) => {
                depth = depth.saturating_sub(1);
                visit(Token::Close(end.local_name().into_inner()))?;
            }
            Event::Text(text) => visit(Token::Text(text.into_inner()))?,
            Event::CData(data) => visit(Token::Raw(&data))?,
            Event::GeneralRef(name) => {
                let decoded = crate::text::html::entities(&format!("&{};", &*name));
                // An entity that only the document declares has no text here.
                if !decoded.starts_with('&') || &*name == "amp" {
                    visit(Token::Text(decoded.into()))?;
                }
            }
            Event::DocType(_) if doctype == Doctype::Refused => {
                return Err(ExtractError::Corrupt("a document type declaration, which this format forbids".into()));
            }
            Event::Eof if depth > 0 => return Err(ExtractError::Corrupt("the file ends inside an element".into())),
            Event::Eof => return Ok(()),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
}

fn corrupt(error: &quick_xml::Error, at: u64) -> ExtractError {
    let reason: String = error.to_string().chars().take(200).collect();
    ExtractError::Corrupt(format!("XML is broken at byte {at}: {reason}"))
}

/// An attribute's value by local name, references decoded.
pub fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    start
        .attributes()
        .with_checks(false)
        .take(200)
        .filter_map(Result::ok)
        .find(|attribute| attribute.key.local_name().into_inner() == name)
        .map(|attribute| crate::text::html::entities(&attribute.value))
}

/// Decodes by byte order mark, then by an XML declaration's encoding, then by detection.
pub fn decode(bytes: &[u8]) -> String {
    if Encoding::for_bom(bytes).is_none()
        && let Some(encoding) = declared(bytes)
    {
        let (text, lossy) = encoding.decode_without_bom_handling(bytes);
        if !lossy {
            return text.into_owned();
        }
    }
    crate::text::encoding::decode(bytes).text
}

/// The encoding that an XML declaration or an HTML `meta` within the first 1,024 bytes names.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_ascii_lowercase();
    let after = if head.trim_start().starts_with("<?xml") {
        let declaration = &head[..head.find("?>")?];
        declaration.split("encoding").nth(1)?.to_owned()
    } else {
        head.split("<meta").skip(1).find_map(|meta| meta.split("charset").nth(1))?.to_owned()
    };
    let label: String = after
        .chars()
        .skip_while(|c| c.is_whitespace() || matches!(c, '=' | '"' | '\''))
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '.'))
        .collect();
    Encoding::for_label(label.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(document: &str, doctype: Doctype) -> Result<String, ExtractError> {
        let mut out = String::new();
        walk(document, doctype, |token| {
            if let Token::Text(text) = token {
                out.push_str(&text);
            }
            Ok(())
        })?;
        Ok(out)
    }

    #[test]
    fn entities_are_named_characters_and_no_more() {
        let bomb = "<!DOCTYPE a [<!ENTITY b \"bbbb\">]><a>&b;x&amp;&eacute;&#65;</a>";
        assert_eq!(text_of(bomb, Doctype::Ignored).unwrap(), "x&éA");
        assert!(matches!(text_of(bomb, Doctype::Refused), Err(ExtractError::Corrupt(_))));
    }

    #[test]
    fn broken_and_deep_documents_are_refused() {
        for document in ["<a><b></a>", "<a>", &"<a>".repeat(1_000)] {
            assert!(matches!(text_of(document, Doctype::Ignored), Err(ExtractError::Corrupt(_))));
        }
    }

    #[test]
    fn declared_encodings_are_believed() {
        assert!(decode(b"<?xml version='1.0' encoding='ISO-8859-1'?><a>caf\xe9</a>").contains("café"));
        assert!(decode(b"<html><meta charset=windows-1252><p>\x93x\x94").contains("“x”"));
    }
}
