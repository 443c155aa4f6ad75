//! The Starter API: JSON, pages of 50, no abstracts, and fewer search tags.

use super::{At, hit};
use crate::net::{Request, Response};
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
