//! Lens, the query string of its scholarly API. Rules: docs.api.lens.org/request-scholar. The request must
//! carry `"stemming": false`: else all forms of a word are found. `keyword` is compared in one piece and
//! with its case, so it is not asked alone.

use super::Reach;
use super::index::{Profile, Wildcards, Words, days, years};
use super::tags::Tags;
use crate::query::{Dates, Platform};

pub(super) struct Lens;

impl Profile for Lens {
    const PLATFORM: Platform = Platform::Lens;
    const TAGS: Tags = Tags {
        default: Reach::Exact("title,abstract,field_of_study"),
        all: Reach::Wider(""),
        full_text: Reach::Wider(""),
        title_abstract: Reach::Exact("title,abstract"),
        title_keywords: Reach::Wider("title,abstract,field_of_study"),
        abstract_keywords: Reach::Wider("title,abstract,field_of_study"),
        title: Reach::Exact("title"),
        abstract_text: Reach::Exact("abstract"),
        author: Reach::Exact("author.display_name"),
        affiliation: Reach::Exact("author.affiliation.name"),
        journal: Reach::Exact("source.title"),
        language: Reach::Exact("language"),
        substance: Reach::Exact("chemical.substance_name"),
        ..Tags::NONE
    };
    const WORDS: Words = Words::AsWritten;
    const WILDCARDS: Wildcards = Wildcards::Within;

    fn dates(dates: &Dates) -> Option<(String, bool)> {
        let (text, exact) = years("year_published", dates, ["*", "*"]);
        if exact {
            return Some((text, true));
        }
        let [from, to] = days(dates);
        let open = |end: Option<String>| end.unwrap_or("*".to_owned());
        Some((format!("date_published:[{} TO {}]", open(from), open(to)), true))
    }
}
