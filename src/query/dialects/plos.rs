//! PLOS, Solr. Rules: api.plos.org/solr/search-fields. What it does with words is unconfirmed. It holds no
//! authors' keywords.

use super::Reach;
use super::index::{Profile, Wildcards, Words, days};
use super::tags::Tags;
use crate::query::{Dates, Platform};

pub(super) struct Plos;

impl Profile for Plos {
    const PLATFORM: Platform = Platform::Plos;
    const TAGS: Tags = Tags {
        default: Reach::Exact("title,abstract"),
        title_abstract: Reach::Exact("title,abstract"),
        title: Reach::Exact("title"),
        abstract_text: Reach::Exact("abstract"),
        title_keywords: Reach::Wider("title,abstract"),
        abstract_keywords: Reach::Wider("title,abstract"),
        all: Reach::Wider("everything"),
        full_text: Reach::Wider("everything"),
        author: Reach::Exact("author"),
        affiliation: Reach::Exact("affiliate"),
        journal: Reach::Exact("journal"),
        publication_type: Reach::Exact("article_type"),
        ..Tags::NONE
    };
    const WORDS: Words = Words::Unconfirmed;
    const WILDCARDS: Wildcards = Wildcards::Within;

    fn dates(dates: &Dates) -> Option<(String, bool)> {
        let [from, to] = days(dates);
        let from = from.map_or("*".to_owned(), |day| format!("{day}T00:00:00Z"));
        let to = to.map_or("*".to_owned(), |day| format!("{day}T23:59:59Z"));
        Some((format!("publication_date:[{from} TO {to}]"), true))
    }
}
