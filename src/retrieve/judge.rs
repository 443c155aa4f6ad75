//! What a response is: the document, or why not.

use url::Url;

use super::fit::fits;
use super::outcome::Outcome;
use crate::fulltext::{self, Document, DocumentKind, ExtractError, html};
use crate::model::{Record, WorkType};
use crate::net::{NetError, Response};
use crate::text::encoding;

/// A page of a journal's article with fewer words is its landing page: an abstract has some 250,
/// the page around it as many again.
const ARTICLE_WORDS: usize = 1_200;
/// Any page with fewer words is no text to assess.
const PAGE_WORDS: usize = 50;
/// A page with fewer words that names a file is taken for that file's cover, until the file fails.
const COVER_WORDS: usize = 500;

/// A response judged.
pub struct Judged {
    pub outcome: Outcome,
    pub detail: String,
    pub document: Option<Document>,
    /// Files that a page names as its document.
    pub links: Vec<Url>,
    /// Whether the document is a page that may be the cover of a file it names.
    pub reserve: bool,
}

impl Judged {
    fn of(outcome: Outcome, detail: impl Into<String>) -> Self {
        Self { outcome, detail: detail.into(), document: None, links: Vec::new(), reserve: false }
    }
}

/// Judges a response by status, bytes and title.
pub fn judge(response: &Response, records: &[Record]) -> Judged {
    if let Some((outcome, detail)) = by_status(response) {
        return Judged::of(outcome, detail);
    }
    let document = match fulltext::extract(&response.body) {
        Ok(document) => document,
        Err(error) => return Judged::of(outcome_of(&error, &response.body), error.to_string()),
    };
    if document.kind == DocumentKind::Html {
        return page(response, document, records);
    }
    if !fits(&document, records) {
        let title = document.title.as_deref().unwrap_or("without a title of its own");
        return Judged::of(Outcome::WrongDocument, format!("a document of another work: {title}"));
    }
    if document.kind == DocumentKind::Jats && is_abstract_only(&document) {
        return Judged::of(Outcome::NotADocument, "holds the abstract only");
    }
    Judged { document: Some(document), ..Judged::of(Outcome::Ok, "") }
}

fn by_status(response: &Response) -> Option<(Outcome, String)> {
    let outcome = match response.status {
        200..=299 => return None,
        404 | 410 => Outcome::NotFound,
        401 | 402 | 403 | 451 => match fulltext::extract(&response.body) {
            Err(ExtractError::LoginPage) => Outcome::LoginPage,
            _ => Outcome::Paywall,
        },
        408 | 504 => Outcome::Timeout,
        413 => Outcome::TooBig,
        _ => Outcome::Unavailable,
    };
    Some((outcome, format!("status {}", response.status)))
}

/// A page may be the document, its landing page, a paywall, or something else.
fn page(response: &Response, document: Document, records: &[Record]) -> Judged {
    if !fits(&document, records) {
        let title = document.title.as_deref().unwrap_or("without a title");
        return Judged::of(Outcome::WrongDocument, format!("a page of another work: {title}"));
    }
    let text = encoding::decode(&response.body).text;
    let words = document.words();
    let mut links = html::pdf_links(&text, &response.url);
    if is_article(records) && words < ARTICLE_WORDS {
        let (outcome, detail) = if is_sold(&text) {
            (Outcome::Paywall, "a landing page that sells the text")
        } else {
            (Outcome::NotADocument, "a landing page")
        };
        return Judged { links, ..Judged::of(outcome, detail) };
    }
    if words < COVER_WORDS && links.is_empty() {
        links = html::file_links(&text, &response.url);
    }
    if words < PAGE_WORDS {
        return Judged { links, ..Judged::of(Outcome::NotADocument, format!("a page of {words} words")) };
    }
    let reserve = words < COVER_WORDS && !links.is_empty();
    if !reserve {
        links.clear();
    }
    Judged { document: Some(document), links, reserve, ..Judged::of(Outcome::Ok, "") }
}

/// Whether a work is one that journals, books or repositories publish, with a landing page before the text.
fn is_article(records: &[Record]) -> bool {
    records.iter().any(|record| {
        record.identifiers.doi.is_some()
            || record.identifiers.pmid.is_some()
            || record.types.iter().any(|kind| {
                matches!(
                    kind,
                    WorkType::JournalArticle | WorkType::Review | WorkType::Preprint | WorkType::ConferencePaper
                )
            })
    })
}

fn is_sold(text: &str) -> bool {
    let text = text.to_lowercase();
    let signs = [
        "purchase access",
        "buy article",
        "buy this article",
        "purchase this article",
        "purchase pdf",
        "buy access",
        "rent this article",
        "access through your institution",
        "get access to the full",
        "subscribe to journal",
        "you do not have access",
        "add to cart",
        "access options",
    ];
    signs.iter().any(|sign| text.contains(sign))
}

/// An article in JATS whose only sections are its abstract and keywords.
fn is_abstract_only(document: &Document) -> bool {
    let body = document.sections.iter().filter(|section| !matches!(section.title.as_str(), "Abstract" | "Keywords"));
    let words: usize = body.map(|section| section.text.split_whitespace().count()).sum();
    words < PAGE_WORDS
}

/// The outcome that an extraction's failure is.
pub fn outcome_of(error: &ExtractError, bytes: &[u8]) -> Outcome {
    match error {
        ExtractError::LoginPage => Outcome::LoginPage,
        ExtractError::NoTextLayer if is_pdf(bytes) => Outcome::NoTextLayer,
        ExtractError::Empty | ExtractError::UnknownFormat(_) | ExtractError::NoTextLayer => Outcome::NotADocument,
        ExtractError::Encrypted => Outcome::Encrypted,
        ExtractError::Corrupt(_) => Outcome::Corrupt,
        ExtractError::TooLarge(_) => Outcome::TooBig,
        ExtractError::TooSlow(_) => Outcome::Timeout,
        ExtractError::NoReader(_) => Outcome::Unavailable,
    }
}

fn is_pdf(bytes: &[u8]) -> bool {
    bytes[..bytes.len().min(1024)].windows(5).any(|window| window == b"%PDF-")
}

/// The outcome that a failure of the network is.
pub fn outcome_of_net(error: &NetError) -> Outcome {
    match error {
        NetError::Timeout(_) => Outcome::Timeout,
        NetError::TooLarge(_) => Outcome::TooBig,
        NetError::Blocked(_) => Outcome::RefusedAddress,
        NetError::Robots(_) => Outcome::Robots,
        NetError::Connect(_) | NetError::CircuitOpen(..) | NetError::Redirects(_) | NetError::Request(_) => {
            Outcome::Unavailable
        }
    }
}
