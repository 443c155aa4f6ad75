//! One page of a site as a record.

use url::Url;

use super::metadata;
use crate::fulltext::{ExtractError, html};
use crate::model::{Location, LocationKind, Record, SetAside};
use crate::net::Response;
use crate::sources::{Page, PageRecord, SourceError};
use crate::text::encoding;

/// How much of the main text is kept, in characters.
const BODY_CHARACTERS: usize = 20_000;
/// How much of what is set aside is kept, in bytes.
const ASIDE_BYTES: usize = 4_000;

/// Reads a page. One that cannot be read is set aside with its reason, and the rest goes on.
pub fn read(asked: &Url, lastmod: Option<String>, response: &Response) -> Result<Page, SourceError> {
    if response.status == 429 {
        return Err(SourceError::Throttled { retry_after_s: None });
    }
    let mut page = Page::default();
    match record(asked, response) {
        Ok(mut record) => {
            record.extra.extend(lastmod.map(|date| ("lastmod".to_owned(), vec![date])));
            page.records.push(PageRecord { record, payload: response.body.clone() });
        }
        Err(reason) => page.set_aside.push(SetAside {
            reason: format!("{asked}: {reason}"),
            raw: response.body[..response.body.len().min(ASIDE_BYTES)].to_vec(),
            line: None,
        }),
    }
    Ok(page)
}

fn record(asked: &Url, response: &Response) -> Result<Record, String> {
    if !response.is_success() {
        return Err(format!("status {}", response.status));
    }
    let pdf = response.body.starts_with(b"%PDF-");
    let mut record = if pdf { Record::default() } else { web_page(response)? };
    let kind = if pdf { LocationKind::Pdf } else { LocationKind::Html };
    record.source = "sitemap".into();
    record.source_key = asked.to_string();
    record.urls = vec![asked.to_string()];
    if response.url != *asked && response.url.host_str().is_some() {
        record.urls.push(response.url.to_string());
    }
    record.locations.push(Location { url: asked.to_string(), kind, licence: None, version: None });
    Ok(record)
}

fn web_page(response: &Response) -> Result<Record, String> {
    let kind = response.media_type();
    if !(kind.is_empty() || kind.starts_with("text/") || kind.contains("html") || kind.contains("xml")) {
        return Err(format!("no web page but {kind}"));
    }
    let text = encoding::decode(&response.body).text;
    let document = match html::extract(&text) {
        Ok(document) => Some(document),
        // What it says of itself in its head still counts.
        Err(ExtractError::NoTextLayer) => None,
        Err(error) => return Err(error.to_string()),
    };
    let mut record = metadata::record(&text, &response.url);
    if let Some(document) = document {
        let body: String = document.text().chars().take(BODY_CHARACTERS).collect();
        record.extra.insert("body".into(), vec![body]);
        record.title = record.title.or(document.title);
        if record.languages.is_empty() {
            record.languages.extend(document.language);
        }
    }
    if record.title.is_none() && !record.extra.contains_key("body") {
        return Err("a page without title and text".into());
    }
    Ok(record)
}
