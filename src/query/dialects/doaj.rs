//! DOAJ, articles. Rules: doaj.org/api/docs and the service's code (portality/api/current/discovery.py):
//! a query with `*`, `?` or `~` anywhere is refused, and a second field must come after AND or OR, so
//! that exclusions are written AND NOT. What it does with words is unconfirmed.

use super::Reach;
use super::index::{Profile, Wildcards, Words, years};
use super::tags::Tags;
use crate::query::{Dates, Platform};

pub(super) struct Doaj;

impl Profile for Doaj {
    const PLATFORM: Platform = Platform::Doaj;
    const TAGS: Tags = Tags {
        default: Reach::Exact("bibjson.title,bibjson.abstract,bibjson.keywords"),
        title_abstract: Reach::Exact("bibjson.title,bibjson.abstract"),
        title: Reach::Exact("bibjson.title"),
        abstract_text: Reach::Exact("bibjson.abstract"),
        title_keywords: Reach::Exact("bibjson.title,bibjson.keywords"),
        abstract_keywords: Reach::Exact("bibjson.abstract,bibjson.keywords"),
        keywords: Reach::Exact("bibjson.keywords"),
        all: Reach::Wider(""),
        full_text: Reach::Wider(""),
        author: Reach::Exact("bibjson.author.name"),
        affiliation: Reach::Exact("bibjson.author.affiliation"),
        journal: Reach::Exact("bibjson.journal.title"),
        language: Reach::Exact("bibjson.journal.language"),
        ..Tags::NONE
    };
    const WORDS: Words = Words::Unconfirmed;
    const WILDCARDS: Wildcards = Wildcards::Nowhere;
    const SLOP: bool = false;
    const NOT: &'static str = " AND NOT ";

    fn dates(dates: &Dates) -> Option<(String, bool)> {
        Some(years("bibjson.year", dates, ["1000", "3000"]))
    }
}
