//! DataCite's `query`, Elasticsearch's query string. Rules: support.datacite.org, "How can I search the
//! metadata". What it does with words is unconfirmed.

use super::Reach;
use super::index::{Profile, Wildcards, Words, years};
use super::tags::Tags;
use crate::query::{Dates, Platform};

pub(super) struct DataCite;

impl Profile for DataCite {
    const PLATFORM: Platform = Platform::DataCite;
    const TAGS: Tags = Tags {
        default: Reach::Exact("titles.title,descriptions.description,subjects.subject"),
        title_abstract: Reach::Exact("titles.title,descriptions.description"),
        title: Reach::Exact("titles.title"),
        abstract_text: Reach::Exact("descriptions.description"),
        title_keywords: Reach::Exact("titles.title,subjects.subject"),
        abstract_keywords: Reach::Exact("descriptions.description,subjects.subject"),
        keywords: Reach::Exact("subjects.subject"),
        all: Reach::Wider(""),
        full_text: Reach::Wider(""),
        author: Reach::Exact("creators.name"),
        affiliation: Reach::Exact("creators.affiliation.name"),
        journal: Reach::Exact("container.title"),
        publication_type: Reach::Exact("types.resourceType"),
        language: Reach::Exact("language"),
        ..Tags::NONE
    };
    const WORDS: Words = Words::Unconfirmed;
    const WILDCARDS: Wildcards = Wildcards::Within;

    fn dates(dates: &Dates) -> Option<(String, bool)> {
        Some(years("publicationYear", dates, ["*", "*"]))
    }
}
