//! ERIC's API, Solr. Rules: eric.ed.gov/?api. `subject` holds the descriptors. What it does with words,
//! and ranges of years, are unconfirmed.

use super::Reach;
use super::index::{Profile, Wildcards, Words, years};
use super::tags::Tags;
use crate::query::{Dates, Platform};

pub(super) struct Eric;

impl Profile for Eric {
    const PLATFORM: Platform = Platform::Eric;
    const TAGS: Tags = Tags {
        default: Reach::Exact("title,description,subject"),
        title_abstract: Reach::Exact("title,description"),
        title: Reach::Exact("title"),
        abstract_text: Reach::Exact("description"),
        title_keywords: Reach::Exact("title,subject"),
        abstract_keywords: Reach::Exact("description,subject"),
        keywords: Reach::Exact("subject"),
        all: Reach::Wider(""),
        author: Reach::Exact("author"),
        journal: Reach::Exact("source"),
        publication_type: Reach::Exact("publicationtype"),
        language: Reach::Exact("language"),
        ..Tags::NONE
    };
    const WORDS: Words = Words::Unconfirmed;
    const WILDCARDS: Wildcards = Wildcards::Within;

    fn dates(dates: &Dates) -> Option<(String, bool)> {
        Some(years("publicationdateyear", dates, ["*", "*"]))
    }
}
