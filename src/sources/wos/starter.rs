//! The Starter API: JSON, pages of 50, no abstracts, and fewer search tags.

use super::{At, hit, warning};
use crate::net::{Request, Response};
use crate::query::Diagnostic;
use crate::sources::support::{endpoint, json};
use crate::sources::{Access, Page, SourceError};

/// The API's own base.
pub const BASE: &str = "https://api.clarivate.com/apis/wos-starter/v1";
/// The largest page.
const LIMIT: u64 = 50;

/// The page size to ask for.
pub fn limit(access: &Access) -> u64 {
    u64::from(access.page_size).clamp(1, LIMIT)
}

/// The page that begins at the offset.
pub fn request(access: &Access, at: &At, limit: u64) -> Request {
    let mut url = endpoint(&access.base_url, &["documents"]);
    url.query_pairs_mut()
        .append_pair("q", &at.text())
        .append_pair("db", "WOS")
        .append_pair("limit", &limit.to_string())
        .append_pair("page", &(at.offset / limit + 1).to_string());
    Request::get(url).header("accept", "application/json")
}

/// The total, the page size that the server says it used, and the hits of a page.
pub fn page(response: &Response) -> Result<(u64, Option<u64>, Page), SourceError> {
    let body = json::body(response)?;
    if let Some(error) = body.get("error") {
        return Err(SourceError::Rejected(json::text(error, "details").unwrap_or_else(|| error.to_string())));
    }
    let total = body
        .pointer("/metadata/total")
        .and_then(json::count)
        .ok_or_else(|| SourceError::Shape("metadata.total is no count".into()))?;
    let limit = body.pointer("/metadata/limit").and_then(json::count).filter(|limit| *limit > 0);
    let items = json::items(response, &["hits"])?;
    let (records, set_aside) = json::records(&items, hit::record);
    Ok((total, limit, Page { records, set_aside, ..Page::default() }))
}

/// The Starter API cannot search abstracts or keywords alone (`AB`, `AK`, `KP`): the topic (`TS`),
/// which holds them, is asked instead and the local match narrows it. Under `NOT` that would lose
/// records, so such a query cannot be asked.
pub fn without_missing_tags(query: &str) -> Result<Option<(String, Diagnostic)>, SourceError> {
    let outside = outside_quotes(query);
    let tags: Vec<usize> =
        ["AB=", "AK=", "KP="].iter().flat_map(|tag| outside.match_indices(tag)).map(|(at, _)| at).collect();
    if tags.is_empty() {
        return Ok(None);
    }
    if outside.split(|c: char| !c.is_ascii_alphabetic()).any(|word| word == "NOT") {
        return Err(SourceError::Unsupported(
            "the Starter API does not search abstracts or keywords alone, and under NOT a wider field would lose \
             records: search the topic instead, or set product = \"expanded\""
                .into(),
        ));
    }
    let mut query = query.to_owned();
    for at in tags {
        query.replace_range(at..at + 2, "TS");
    }
    let message = "Web of Science Starter does not search abstracts or keywords alone: the topic (TS) is asked instead";
    Ok(Some((query, warning("widened-field", message.into()))))
}

/// The query with what stands in quotation marks blanked out, byte for byte.
fn outside_quotes(query: &str) -> String {
    let mut quoted = false;
    let blank = |byte: u8| {
        if byte == b'"' {
            quoted = !quoted;
        }
        if quoted || !byte.is_ascii() { b' ' } else { byte }
    };
    query.bytes().map(blank).map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_tags_are_widened_or_refused() {
        let (query, _) = without_missing_tags(r#"TI=(a) OR AB=("AB=é") OR AK=(c)"#).unwrap().unwrap();
        assert_eq!(query, r#"TI=(a) OR TS=("AB=é") OR TS=(c)"#);
        assert_eq!(without_missing_tags("TS=(a NOT b)").unwrap(), None);
        assert!(without_missing_tags("TS=(a) NOT AB=(b)").is_err());
    }
}
