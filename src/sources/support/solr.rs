//! Solr's envelope: `response {numFound, start, docs}`.

use std::collections::BTreeSet;

use serde_json::Value;

use super::json;
use super::offset::{Offset, Reading};
use crate::model::Record;
use crate::net::Response;
use crate::sources::{Page, SourceError};

/// A page of a list by offset.
///
/// # Errors
/// An error that Solr tells within its envelope, `Shape` where the envelope is another, and those of
/// [`Offset::turn`].
pub fn page(
    list: &Offset,
    response: &Response,
    reading: Reading,
    record: impl Fn(&Value) -> Result<Record, String>,
) -> Result<Page, SourceError> {
    let body = json::body(response)?;
    if let Some(told) = body.pointer("/error/msg").and_then(json::plain) {
        return Err(SourceError::Rejected(told));
    }
    let total = body.pointer("/response/numFound").and_then(json::count);
    let total = total.ok_or_else(|| SourceError::Shape("response.numFound is no count".into()))?;
    let items = json::items(response, &["response", "docs"])?;
    let mut page = Page::default();
    (page.records, page.set_aside) = json::records(&items, record);
    list.turn(&mut page, items.len() as u64, total, reading)?;
    Ok(page)
}

/// The last names of paths such as `/Biology/Ecology`, each once.
pub fn leaves(paths: &[String]) -> Vec<String> {
    let mut known = BTreeSet::new();
    let leaves = paths.iter().filter_map(|path| path.rsplit('/').next()).filter(|leaf| !leaf.is_empty());
    leaves.filter(|leaf| known.insert(leaf.to_lowercase())).map(str::to_owned).collect()
}
