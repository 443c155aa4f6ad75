//! Lucene's own syntax, for an index whose fields have the usual names. Rules: the classic query parser's
//! documentation. What the index does with words is its own affair; they are written as meant.

use super::Reach;
use super::index::{Profile, Wildcards, Words, days};
use super::tags::Tags;
use crate::query::{Dates, Platform};

pub(super) struct Lucene;

impl Profile for Lucene {
    const PLATFORM: Platform = Platform::Lucene;
    const TAGS: Tags = Tags {
        default: Reach::Exact(""),
        all: Reach::Wider(""),
        full_text: Reach::Wider(""),
        title_abstract: Reach::Exact("title,abstract"),
        title: Reach::Exact("title"),
        abstract_text: Reach::Exact("abstract"),
        title_keywords: Reach::Exact("title,keywords"),
        abstract_keywords: Reach::Exact("abstract,keywords"),
        keywords: Reach::Exact("keywords"),
        author: Reach::Exact("author"),
        affiliation: Reach::Exact("affiliation"),
        journal: Reach::Exact("journal"),
        publication_type: Reach::Exact("type"),
        language: Reach::Exact("language"),
        ..Tags::NONE
    };
    const WORDS: Words = Words::AsWritten;
    const WILDCARDS: Wildcards = Wildcards::Within;

    fn dates(dates: &Dates) -> Option<(String, bool)> {
        let [from, to] = days(dates);
        let open = |end: Option<String>| end.unwrap_or("*".to_owned());
        Some((format!("date:[{} TO {}]", open(from), open(to)), true))
    }
}
