//! BASE's interface. Rules: the interface guide of base-search.net (fields `dctitle`, `dcdescription`,
//! `dcsubject`, `dcyear`). What it does with words is unconfirmed.

use super::Reach;
use super::index::{Profile, Wildcards, Words, years};
use super::tags::Tags;
use crate::query::{Dates, Platform};

pub(super) struct Base;

impl Profile for Base {
    const PLATFORM: Platform = Platform::Base;
    const TAGS: Tags = Tags {
        default: Reach::Exact("dctitle,dcdescription,dcsubject"),
        title_abstract: Reach::Exact("dctitle,dcdescription"),
        title: Reach::Exact("dctitle"),
        abstract_text: Reach::Exact("dcdescription"),
        title_keywords: Reach::Exact("dctitle,dcsubject"),
        abstract_keywords: Reach::Exact("dcdescription,dcsubject"),
        keywords: Reach::Exact("dcsubject"),
        all: Reach::Wider(""),
        author: Reach::Exact("dccreator"),
        language: Reach::Exact("dclang"),
        ..Tags::NONE
    };
    const WORDS: Words = Words::Unconfirmed;
    const WILDCARDS: Wildcards = Wildcards::Within;
    const SLOP: bool = false;

    fn dates(dates: &Dates) -> Option<(String, bool)> {
        Some(years("dcyear", dates, ["*", "*"]))
    }
}
