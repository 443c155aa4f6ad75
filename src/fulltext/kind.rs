//! What a document is, told by its bytes.

use super::ExtractError;
use super::{email, xml};

/// The largest text document (JATS, HTML, plain) that is read, in bytes.
const MAX_TEXT_FILE: usize = 32 << 20;

/// A document's kind; texts are decoded already.
pub enum Kind {
    Jats(String),
    Html(String),
    Text(String),
    /// An e-mail as it was sent, one character a byte.
    Email(String),
    Pdf,
    /// A ZIP archive: an office document perhaps.
    Archive,
}

/// Tells the kind.
pub fn detect(bytes: &[u8]) -> Result<Kind, ExtractError> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(ExtractError::Empty);
    }
    // Servers and scanners put some bytes before the mark; readers look for it in the first 1,024.
    if bytes[..bytes.len().min(1024)].windows(5).any(|window| window == b"%PDF-") {
        return Ok(Kind::Pdf);
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Ok(Kind::Archive);
    }
    if let Some(name) = foreign(bytes) {
        // An office document under a password is an old-style file that holds the new one.
        let package: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        if bytes.starts_with(b"\xd0\xcf\x11\xe0") && bytes.windows(package.len()).any(|window| window == package) {
            return Err(ExtractError::Encrypted);
        }
        return Err(ExtractError::UnknownFormat(name.to_owned()));
    }
    if bytes.len() > MAX_TEXT_FILE {
        return Err(ExtractError::TooLarge(format!("{} MiB of text", bytes.len() >> 20)));
    }
    text_kind(bytes)
}

/// Formats that are known and not read, by their first bytes.
fn foreign(bytes: &[u8]) -> Option<&'static str> {
    const MAGIC: &[(&[u8], &str)] = &[
        (b"\x1f\x8b", "a gzip archive"),
        (b"BZh", "a bzip2 archive"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
        (b"Rar!", "a rar archive"),
        (b"\xd0\xcf\x11\xe0", "an old Office file: save it as .docx or .pdf"),
        (b"{\\rtf", "RTF: save it as .docx or .pdf"),
        (b"%!PS", "PostScript: save it as .pdf"),
        (b"\x89PNG", "an image"),
        (b"\xff\xd8\xff", "an image"),
        (b"GIF8", "an image"),
        (b"II*\0", "an image"),
        (b"MM\0*", "an image"),
        (b"\x7fELF", "a program"),
        (b"MZ\x90", "a program"),
    ];
    MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, name)| *name)
}

fn text_kind(bytes: &[u8]) -> Result<Kind, ExtractError> {
    let unknown = |name: &str| Err(ExtractError::UnknownFormat(name.to_owned()));
    if email::is_email(bytes) {
        return Ok(Kind::Email(bytes.iter().map(|byte| char::from(*byte)).collect()));
    }
    let text = xml::decode(bytes);
    let odd = text.chars().take(4_000).filter(|c| c.is_control() && !c.is_whitespace() || *c == '\u{fffd}').count();
    let seen = text.chars().take(4_000).count();
    if odd * 20 > seen {
        return unknown("binary data");
    }
    let head = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if head.starts_with('<') {
        match root_element(head).as_deref() {
            Some("article" | "pmc-articleset" | "articles" | "OAI-PMH" | "records") if holds_article(head) => {
                return Ok(Kind::Jats(text));
            }
            Some(root) if head.starts_with("<?xml") && !root.eq_ignore_ascii_case("html") => {
                return unknown(&format!("XML with the root <{}>", root.chars().take(40).collect::<String>()));
            }
            _ => {}
        }
    }
    if head.starts_with('<') {
        let root = root_element(head).unwrap_or_default().to_ascii_lowercase();
        return if HTML_ROOTS.contains(&root.as_str()) {
            Ok(Kind::Html(text))
        } else {
            unknown("markup of an unknown kind")
        };
    }
    let beginning: String = head.chars().take(4_000).collect::<String>().to_ascii_lowercase();
    if ["<!doctype html", "<html", "<head>", "<body"].iter().any(|mark| beginning.contains(mark)) {
        return Ok(Kind::Html(text));
    }
    let compact: String = head.chars().filter(|c| !c.is_whitespace()).take(2).collect();
    if ["{\"", "{}", "[{", "[[", "[\""].contains(&compact.as_str()) {
        return unknown("JSON");
    }
    Ok(Kind::Text(text))
}

/// Elements that a page or a page's fragment begins with.
const HTML_ROOTS: &[&str] = &[
    "html",
    "head",
    "body",
    "title",
    "meta",
    "link",
    "base",
    "script",
    "style",
    "noscript",
    "div",
    "p",
    "span",
    "a",
    "b",
    "i",
    "strong",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "table",
    "form",
    "section",
    "main",
    "center",
    "ul",
    "ol",
    "header",
    "nav",
    "font",
    "br",
    "hr",
    "img",
    "pre",
    "blockquote",
    "article",
];

/// JATS of PLOS, PMC or SciELO: an `article` that has a `front` or a `body` with its meta data.
fn holds_article(text: &str) -> bool {
    let has = |tag: &str| text.contains(&format!("<{tag}>")) || text.contains(&format!("<{tag} "));
    has("article") && (has("front") || has("article-meta"))
}

/// The first element's local name, after declaration, comments, instructions and document type.
fn root_element(text: &str) -> Option<String> {
    let mut rest = text;
    for _ in 0..100 {
        rest = rest.trim_start();
        let end = if rest.starts_with("<!--") {
            rest.find("-->")? + 3
        } else if rest.starts_with("<?") {
            rest.find("?>")? + 2
        } else if rest.starts_with("<!") {
            doctype_end(rest)?
        } else {
            let name: String = rest
                .strip_prefix('<')?
                .chars()
                .take_while(|c| c.is_alphanumeric() || matches!(c, ':' | '-' | '_' | '.'))
                .take(100)
                .collect();
            let local = name.rsplit(':').next().unwrap_or_default().to_owned();
            return (!local.is_empty()).then_some(local);
        };
        rest = &rest[end..];
    }
    None
}

/// The end of a document type declaration, its internal subset in brackets included.
fn doctype_end(text: &str) -> Option<usize> {
    let mut brackets = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '[' => brackets += 1,
            ']' => brackets = brackets.saturating_sub(1),
            '>' if brackets == 0 => return Some(at + 1),
            _ => {}
        }
    }
    None
}
