//! Springer Nature's `q`. Rules: dev.springernature.com/docs/supported-query-params. A word without a field
//! is looked for everywhere, full text too; `year:` is for paying plans, so no dates are written. What it
//! does with words is unconfirmed.

use super::Reach;
use super::index::{Profile, Wildcards, Words};
use super::tags::Tags;
use crate::query::Platform;

pub(super) struct Springer;

impl Profile for Springer {
    const PLATFORM: Platform = Platform::Springer;
    const TAGS: Tags = Tags {
        default: Reach::Wider(""),
        all: Reach::Wider(""),
        full_text: Reach::Wider(""),
        title_abstract: Reach::Wider(""),
        title_keywords: Reach::Exact("title,keyword"),
        abstract_keywords: Reach::Wider(""),
        title: Reach::Exact("title"),
        abstract_text: Reach::Wider(""),
        keywords: Reach::Exact("keyword"),
        author: Reach::Exact("name"),
        affiliation: Reach::Exact("orgname"),
        journal: Reach::Exact("journal"),
        language: Reach::Exact("language"),
        ..Tags::NONE
    };
    const WORDS: Words = Words::Unconfirmed;
    const WILDCARDS: Wildcards = Wildcards::Nowhere;
    const SLOP: bool = false;
}
