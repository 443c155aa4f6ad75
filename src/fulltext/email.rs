//! E-mails (RFC 5322, MIME): the text and what is attached to it, as one document.
//!
//! An e-mail is read as one character a byte, so that each part can be decoded by its own charset.

use encoding_rs::{Encoding, UTF_8};

use super::builder::{Builder, clean};
use super::{Document, DocumentKind, ExtractError};

/// The deepest nesting of parts that is read.
const MAX_DEPTH: usize = 5;
/// The most parts that are read.
const MAX_PARTS: usize = 50;

/// Whether bytes are an e-mail: header lines, a sender and a subject or MIME version among them.
pub fn is_email(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(16_384)]).into_owned();
    let head = head.replace("\r\n", "\n");
    let Some((head, _)) = head.split_once("\n\n") else { return false };
    let names: Vec<String> = headers(head).into_iter().map(|(name, _)| name).collect();
    let has = |name: &str| names.iter().any(|known| known == name);
    has("from") && (has("mime-version") || has("message-id") || (has("subject") && has("date")))
}

/// Who sent it, as the header says.
pub fn sender(bytes: &[u8]) -> Option<String> {
    let text: String = bytes.iter().take(16_384).map(|byte| char::from(*byte)).collect();
    let part = Part::read(&text);
    part.header("from").map(|from| clean(&decode_words(from))).filter(|from| !from.is_empty())
}

/// Reads an e-mail: its subject is the title, its text comes first, each attachment that can be read
/// is a section group under its name; one that cannot is named with the reason.
pub fn extract(text: &str) -> Result<Document, ExtractError> {
    let whole = Part::read(text);
    let mut out = Builder::new(DocumentKind::Email);
    out.document.title = whole.header("subject").map(|subject| clean(&decode_words(subject))).filter(|t| !t.is_empty());
    let mut left = MAX_PARTS;
    add(&whole, &mut out, 0, &mut left);
    let document = out.finish();
    if document.sections.is_empty() { Err(ExtractError::NoTextLayer) } else { Ok(document) }
}

/// Adds a part's text. Of alternatives the first that can be read is taken: the plain text.
fn add(part: &Part, out: &mut Builder, depth: usize, left: &mut usize) {
    if depth > MAX_DEPTH || *left == 0 {
        return;
    }
    *left -= 1;
    let kind = part.header("content-type").unwrap_or("text/plain").to_owned();
    let lower = kind.to_ascii_lowercase();
    if let Some(boundary) = lower.starts_with("multipart/").then(|| parameter(&kind, "boundary")).flatten() {
        let parts = part.split(&boundary);
        let is_text = |part: &&Part| part.header("content-type").is_none_or(|kind| kind.starts_with("text/plain"));
        if lower.starts_with("multipart/alternative") {
            if let Some(best) = parts.iter().find(is_text).or_else(|| parts.first()) {
                add(best, out, depth + 1, left);
            }
        } else {
            for part in &parts {
                add(part, out, depth + 1, left);
            }
        }
        return;
    }
    let disposition = part.header("content-disposition").unwrap_or_default();
    let name = parameter(disposition, "filename").or_else(|| parameter(&kind, "name"));
    // Only the last part of a name is shown; nothing is ever written under it.
    let name = name.map(|name| decode_words(&name).rsplit(['/', '\\']).next().unwrap_or_default().to_owned());
    let bytes = part.bytes();
    if lower.starts_with("image/") {
        return;
    }
    match (name, lower.starts_with("text/")) {
        (None, true) => {
            let label = parameter(&kind, "charset").unwrap_or_default();
            let encoding = Encoding::for_label(label.as_bytes()).unwrap_or(UTF_8);
            let text = encoding.decode(&bytes).0.into_owned();
            match super::kind_of_text(&text, lower.starts_with("text/html")) {
                Ok(document) => append(out, document),
                Err(reason) => out.paragraph(&format!("The text could not be read: {reason}")),
            }
        }
        (name, _) => {
            let name = name.unwrap_or_else(|| "without a name".into());
            out.heading(&format!("Attachment: {name}"));
            if is_email(&bytes) {
                // Read within each other, e-mails would let depth grow without limit.
                out.paragraph("An e-mail; it is not read within another.");
                return;
            }
            match super::extract(&bytes) {
                Ok(document) => append(out, document),
                Err(reason) => out.paragraph(&format!("It could not be read: {reason}")),
            }
        }
    }
}

fn append(out: &mut Builder, document: Document) {
    for section in document.sections {
        if !section.title.is_empty() {
            out.heading(&section.title);
        }
        for paragraph in section.text.split("\n\n") {
            out.paragraph(paragraph);
        }
    }
}

/// A part: its header lines and its body, one character a byte.
struct Part {
    headers: Vec<(String, String)>,
    body: String,
}

impl Part {
    fn read(text: &str) -> Self {
        let text = text.replace("\r\n", "\n");
        let (head, body) = match text.strip_prefix('\n') {
            Some(body) => ("", body),
            None => text.split_once("\n\n").unwrap_or((text.as_str(), "")),
        };
        Self { headers: headers(head), body: body.to_owned() }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The parts between boundary lines.
    fn split(&self, boundary: &str) -> Vec<Self> {
        let (open, close) = (format!("--{boundary}"), format!("--{boundary}--"));
        let mut parts: Vec<String> = Vec::new();
        for line in self.body.split_inclusive('\n') {
            let bare = line.trim_end();
            if bare == close || parts.len() > MAX_PARTS {
                break;
            } else if bare == open {
                parts.push(String::new());
            } else if let Some(part) = parts.last_mut() {
                part.push_str(line);
            }
        }
        parts.iter().map(|part| Self::read(part)).collect()
    }

    /// The body's bytes, its transfer encoding undone.
    fn bytes(&self) -> Vec<u8> {
        match self.header("content-transfer-encoding").unwrap_or_default().trim().to_ascii_lowercase().as_str() {
            "base64" => base64(&self.body),
            "quoted-printable" => quoted_printable(&self.body, false),
            _ => self.body.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect(),
        }
    }
}

/// Header lines, names in lower case, folded lines joined (RFC 5322, 2.2.3).
fn headers(head: &str) -> Vec<(String, String)> {
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in head.lines().take(500) {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = headers.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':')
            && !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_graphic())
        {
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    headers
}

/// A parameter of a header: `name="case.docx"`.
fn parameter(header: &str, wanted: &str) -> Option<String> {
    header.split(';').skip(1).find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim().eq_ignore_ascii_case(wanted).then(|| value.trim().trim_matches('"').to_owned())
    })
}

/// Encoded words in a header (RFC 2047): `=?utf-8?Q?caf=C3=A9?=`.
fn decode_words(header: &str) -> String {
    let mut out = String::new();
    let mut rest = header;
    while let Some(at) = rest.find("=?") {
        let word = &rest[at + 2..];
        let mut parts = word.splitn(4, '?');
        let decoded = (|| {
            let (charset, kind, text) = (parts.next()?, parts.next()?, parts.next()?);
            let after = parts.next()?.strip_prefix('=')?;
            let bytes = if kind.eq_ignore_ascii_case("b") { base64(text) } else { quoted_printable(text, true) };
            Some((Encoding::for_label(charset.as_bytes())?.decode(&bytes).0.into_owned(), after))
        })();
        let Some((decoded, after)) = decoded else {
            out.push_str(&rest[..at + 2]);
            rest = word;
            continue;
        };
        // White space between two encoded words is no text.
        if out.is_empty() || !rest[..at].trim().is_empty() {
            out.push_str(&rest[..at]);
        }
        out.push_str(&decoded);
        rest = after;
    }
    out.push_str(rest);
    out
}

fn base64(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() * 3 / 4);
    let (mut held, mut bits) = (0_u32, 0_u32);
    for byte in text.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        held = (held << 6 | u32::from(value)) & 0x00ff_ffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((held >> bits & 0xff) as u8);
        }
    }
    out
}

/// Undoes quoted-printable (RFC 2045, 6.7); in headers `_` is a space.
fn quoted_printable(text: &str, header: bool) -> Vec<u8> {
    let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match (bytes[at], bytes.get(at + 1), bytes.get(at + 2)) {
            (b'=', Some(b'\n'), _) => at += 1,
            (b'=', Some(high), Some(low)) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                let digit = |byte: u8| char::from(byte).to_digit(16).unwrap_or(0) as u8;
                out.push(digit(*high) << 4 | digit(*low));
                at += 2;
            }
            (b'_', ..) if header => out.push(b' '),
            (byte, ..) => out.push(byte),
        }
        at += 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMAIL: &str = "From: Jo <jo@example.org>\r\nTo: us@example.org\r\nSubject: =?utf-8?Q?Enghraifft_=E2=80=93?=\r\n =?utf-8?B?IGh1Yg==?=\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/mixed; boundary=\"b1\"\r\n\r\n--b1\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
        Dear all,\r\n\r\nThe hub=E2=80=99s story is at=\r\ntached.\r\n--b1\r\nContent-Type: text/plain; name=\"../../story.txt\"\r\nContent-Transfer-Encoding: base64\r\n\r\nV2UgbWV0Lg==\r\n\
        --b1\r\nContent-Type: application/zip; name=x.zip\r\nContent-Transfer-Encoding: base64\r\n\r\nUEsDBAo=\r\n--b1--\r\n";

    #[test]
    fn an_email_is_read_with_its_attachments() {
        assert!(is_email(EMAIL.as_bytes()));
        assert_eq!(sender(EMAIL.as_bytes()).as_deref(), Some("Jo <jo@example.org>"));
        let document = crate::fulltext::extract(EMAIL.as_bytes()).unwrap();
        assert_eq!(document.kind, DocumentKind::Email);
        assert_eq!(document.title.as_deref(), Some("Enghraifft – hub"));
        assert_eq!(document.sections[0].text, "Dear all,\n\nThe hub’s story is attached.");
        assert_eq!(
            (document.sections[1].title.as_str(), document.sections[1].text.as_str()),
            ("Attachment: story.txt", "We met.")
        );
        assert!(document.sections[2].text.starts_with("It could not be read: corrupt"));
        assert!(!document.text().contains("jo@"));
    }

    #[test]
    fn texts_with_fields_are_no_email() {
        assert!(!is_email(b"Title: Hub\nFrom: the CVC\n\nText\n"));
        assert!(!is_email(b"From here on: nothing\n\nText\n"));
    }
}
