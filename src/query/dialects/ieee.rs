//! IEEE Xplore's `querytext`. Rules: developer.ieee.org ("Leveraging Boolean": field names in quotation
//! marks; at most two wildcards a query, so none is sent). What it does with words is unconfirmed.

use super::Reach;
use super::index::{Profile, Wildcards, Words};
use super::tags::Tags;
use crate::query::Platform;

pub(super) struct Ieee;

impl Profile for Ieee {
    const PLATFORM: Platform = Platform::Ieee;
    const TAGS: Tags = Tags {
        default: Reach::Wider("\"All Metadata\""),
        all: Reach::NoFullText("\"All Metadata\""),
        title_abstract: Reach::Exact("\"Document Title\",\"Abstract\""),
        title_keywords: Reach::Exact("\"Document Title\",\"Index Terms\""),
        abstract_keywords: Reach::Exact("\"Abstract\",\"Index Terms\""),
        title: Reach::Exact("\"Document Title\""),
        abstract_text: Reach::Exact("\"Abstract\""),
        keywords: Reach::Exact("\"Index Terms\""),
        author: Reach::Exact("\"Authors\""),
        affiliation: Reach::Exact("\"Author Affiliations\""),
        journal: Reach::Exact("\"Publication Title\""),
        ..Tags::NONE
    };
    const WORDS: Words = Words::Unconfirmed;
    const WILDCARDS: Wildcards = Wildcards::Nowhere;
    const SLOP: bool = false;
}
