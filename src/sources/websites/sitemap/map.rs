//! One sitemap: an index, a list of pages, plain lines, or the lines of robots.txt; gzipped or not.

use std::io::Read;

use flate2::read::MultiGzDecoder;

use crate::net::Response;
use crate::sources::SourceError;
use crate::sources::support::{answer, xml};
use crate::text::encoding;

/// The protocol's limit for a map, uncompressed.
const MAX_BYTES: u64 = 50 << 20;
/// The protocol's limit of entries, doubled for those who overstep it.
const MAX_ENTRIES: usize = 100_000;

/// What a map names.
#[derive(Debug, Default, PartialEq)]
pub struct Contents {
    pub maps: Vec<String>,
    /// Address and `lastmod`.
    pub pages: Vec<(String, Option<String>)>,
    pub warnings: Vec<String>,
}

/// Reads a map.
pub fn read(response: &Response) -> Result<Contents, SourceError> {
    let unzipped;
    let bytes = if response.is_success() && response.body.starts_with(&[0x1f, 0x8b]) {
        unzipped = unzip(&response.body)?;
        &unzipped
    } else {
        answer::checked(response)?;
        &response.body
    };
    let text = encoding::decode(bytes).text;
    let text = text.trim_start();
    if text.is_empty() {
        return Err(SourceError::Unavailable("an empty sitemap".into()));
    }
    if !text.starts_with('<') {
        return lines(text);
    }
    let index = has(text, "sitemapindex");
    if !index && !has(text, "urlset") {
        return Err(SourceError::Shape("neither urlset nor sitemapindex".into()));
    }
    let mut contents = Contents::default();
    for piece in xml::pieces(text, &["url", "sitemap"]).into_iter().take(MAX_ENTRIES) {
        if !piece.whole {
            contents.warnings.push("the sitemap is cut short".into());
            break;
        }
        let entry = xml::parse(piece.text);
        let Some(link) = entry.as_ref().ok().and_then(|entry| entry.text_at("loc")) else {
            contents.warnings.push(format!("an entry of the sitemap cannot be read: {}", start(piece.text)));
            continue;
        };
        if piece.name == "sitemap" {
            contents.maps.push(link);
        } else {
            contents.pages.push((link, entry.ok().and_then(|entry| entry.text_at("lastmod"))));
        }
    }
    Ok(contents)
}

/// The `Sitemap:` lines of robots.txt.
pub fn robots(body: &[u8]) -> Result<Contents, SourceError> {
    let text = encoding::decode(body).text;
    let maps: Vec<String> = text
        .lines()
        .filter_map(|line| line.split_once(':'))
        .filter(|(name, _)| name.trim().eq_ignore_ascii_case("sitemap"))
        .map(|(_, link)| link.trim().to_owned())
        .collect();
    if maps.is_empty() {
        return Err(SourceError::NotFound("the site has no /sitemap.xml, and its robots.txt names no sitemap".into()));
    }
    Ok(Contents { maps, ..Contents::default() })
}

fn lines(text: &str) -> Result<Contents, SourceError> {
    let links = text.lines().map(str::trim).filter(|line| line.starts_with("http://") || line.starts_with("https://"));
    let pages: Vec<(String, Option<String>)> = links.take(MAX_ENTRIES).map(|link| (link.to_owned(), None)).collect();
    if pages.is_empty() {
        return Err(SourceError::Shape("neither XML nor lines of addresses".into()));
    }
    Ok(Contents { pages, ..Contents::default() })
}

fn unzip(bytes: &[u8]) -> Result<Vec<u8>, SourceError> {
    let mut out = Vec::new();
    match MultiGzDecoder::new(bytes).take(MAX_BYTES + 1).read_to_end(&mut out) {
        Err(error) => Err(SourceError::Shape(format!("not to be unzipped: {error}"))),
        Ok(_) if out.len() as u64 > MAX_BYTES => Err(SourceError::Shape("larger than 50 MiB unzipped".into())),
        Ok(_) => Ok(out),
    }
}

/// Whether an element of that name opens, with a prefix or without, near the beginning.
fn has(text: &str, name: &str) -> bool {
    let head: String = text.chars().take(5_000).collect();
    head.match_indices(name).any(|(at, _)| {
        let before = head[..at].rsplit('<').next().unwrap_or_default();
        head[..at].contains('<')
            && before.chars().all(|c| c.is_alphanumeric() || c == ':')
            && (before.is_empty() || before.ends_with(':'))
    })
}

fn start(text: &str) -> String {
    text.chars().take(80).collect()
}
