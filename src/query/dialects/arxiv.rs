//! arXiv's `search_query`. Rules: info.arxiv.org/help/api/user-manual. Quotation marks make no phrase and
//! words are stemmed, as others observed (arxivql); ANDNOT excludes. It holds no keywords.

use super::Reach;
use super::index::{Profile, Wildcards, Words, days};
use super::tags::Tags;
use crate::query::{Dates, Platform};

pub(super) struct Arxiv;

impl Profile for Arxiv {
    const PLATFORM: Platform = Platform::Arxiv;
    const TAGS: Tags = Tags {
        default: Reach::Exact("ti,abs"),
        title_abstract: Reach::Exact("ti,abs"),
        title: Reach::Exact("ti"),
        abstract_text: Reach::Exact("abs"),
        title_keywords: Reach::Wider("ti,abs"),
        abstract_keywords: Reach::Wider("ti,abs"),
        all: Reach::NoFullText("all"),
        author: Reach::Exact("au"),
        journal: Reach::Exact("jr"),
        ..Tags::NONE
    };
    const WORDS: Words = Words::Stemmed;
    const WILDCARDS: Wildcards = Wildcards::Within;
    const PHRASES: bool = false;
    const SLOP: bool = false;
    const NOT: &'static str = " ANDNOT ";

    fn dates(dates: &Dates) -> Option<(String, bool)> {
        let [from, to] = days(dates);
        let digits = |day: Option<String>, open: &str| day.map_or(open.to_owned(), |day| day.replace('-', ""));
        let (from, to) = (digits(from, "10000101"), digits(to, "30001231"));
        Some((format!("submittedDate:[{from}0000 TO {to}2359]"), true))
    }
}
