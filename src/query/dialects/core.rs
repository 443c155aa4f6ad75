//! CORE, version 3. Rules: api.core.ac.uk/docs/v3 (fields, `yearPublished>=2020`). What it does with words,
//! wildcards and slop is unconfirmed. It holds no keywords.

use super::Reach;
use super::index::{Profile, Wildcards, Words};
use super::tags::Tags;
use crate::query::{Dates, Platform};

pub(super) struct Core;

impl Profile for Core {
    const PLATFORM: Platform = Platform::Core;
    const TAGS: Tags = Tags {
        default: Reach::Exact("title,abstract"),
        title_abstract: Reach::Exact("title,abstract"),
        title: Reach::Exact("title"),
        abstract_text: Reach::Exact("abstract"),
        title_keywords: Reach::Wider("title,abstract"),
        abstract_keywords: Reach::Wider("title,abstract"),
        all: Reach::Wider(""),
        full_text: Reach::Wider("title,abstract,fullText"),
        author: Reach::Exact("authors"),
        publication_type: Reach::Exact("documentType"),
        language: Reach::Exact("language"),
        ..Tags::NONE
    };
    const WORDS: Words = Words::Unconfirmed;
    const WILDCARDS: Wildcards = Wildcards::AtEnd(3);
    const SLOP: bool = false;

    fn dates(dates: &Dates) -> Option<(String, bool)> {
        let from = dates.from.map(|date| format!("yearPublished>={}", date.year));
        let to = dates.to.map(|date| format!("yearPublished<={}", date.year));
        let exact = [dates.from, dates.to].into_iter().flatten().all(|date| date.month.is_none());
        let ends: Vec<String> = from.into_iter().chain(to).collect();
        Some((format!("({})", ends.join(" AND ")), exact))
    }
}
