//! The XML of `PubMed`: what its web page saves and what its interface sends.

mod article;
mod book;

use super::draft::Draft;
use super::{FileContents, Format, markup};
use crate::model::Record;
use crate::text::xml::{self, Element};

const TAGS: [&str; 2] = ["PubmedArticle", "PubmedBookArticle"];

/// Whether the beginning of an XML text looks like it.
pub(super) fn looks_like(head: &str) -> bool {
    markup::has(head, &["PubmedArticleSet", "PubmedBookArticleSet"]) || markup::has(head, &TAGS)
}

/// Reads it.
pub(super) fn read(text: &str) -> FileContents {
    markup::read(text, Format::PubmedXml, &TAGS, |raw| Ok(Draft::of(record(&xml::parse(raw)?)?)))
}

/// The record of a `PubmedArticle` or `PubmedBookArticle`.
///
/// # Errors
/// In lower case, what it lacks that every citation has.
pub fn record(root: &Element) -> Result<Record, String> {
    if root.name == "PubmedBookArticle" { book::record(root) } else { article::record(root) }
}
