//! Dimensions' search language: `search publications in title_abstract_only for "…"`. Rules:
//! docs.dimensions.ai/dsl ("Searching using full-text"). One index a query: what looks in one of title and
//! abstract looks in both. What it does with words is unconfirmed. A period belongs to the query's `where`.

use super::Reach;
use super::index::{Profile, Wildcards, Words};
use super::tags::Tags;
use crate::query::Platform;

pub(super) struct Dimensions;

impl Profile for Dimensions {
    const PLATFORM: Platform = Platform::Dimensions;
    const TAGS: Tags = Tags {
        default: Reach::Exact(""),
        all: Reach::NoFullText(""),
        title_abstract: Reach::Exact(""),
        title_keywords: Reach::Wider(""),
        abstract_keywords: Reach::Wider(""),
        title: Reach::Wider(""),
        abstract_text: Reach::Wider(""),
        ..Tags::NONE
    };
    const WORDS: Words = Words::Unconfirmed;
    const WILDCARDS: Wildcards = Wildcards::Within;

    /// Inside a string of the language quotation marks and backslashes are escaped.
    fn finish(query: String) -> String {
        let inside = query.replace('\\', "\\\\").replace('"', "\\\"");
        format!("search publications in title_abstract_only for \"{inside}\"")
    }
}
