//! Europe PMC. Rules: europepmc.org/searchsyntax and the web service's reference guide, appendix 1. `KW`
//! holds the MeSH headings beside the keywords. Without a field all is searched, open full texts too.

use super::Reach;
use super::index::{Profile, Wildcards, Words, days, years};
use super::tags::Tags;
use crate::query::{Dates, Platform};

pub(super) struct EuropePmc;

impl Profile for EuropePmc {
    const PLATFORM: Platform = Platform::EuropePmc;
    const TAGS: Tags = Tags {
        default: Reach::Exact("TITLE_ABS,KW"),
        all: Reach::Wider(""),
        full_text: Reach::Wider(""),
        title_abstract: Reach::Exact("TITLE_ABS"),
        title_keywords: Reach::Exact("TITLE,KW"),
        abstract_keywords: Reach::Exact("ABSTRACT,KW"),
        title: Reach::Exact("TITLE"),
        abstract_text: Reach::Exact("ABSTRACT"),
        keywords: Reach::Exact("KW"),
        author: Reach::Exact("AUTH"),
        affiliation: Reach::Exact("AFF"),
        journal: Reach::Exact("JOURNAL"),
        publication_type: Reach::Exact("PUB_TYPE"),
        language: Reach::Exact("LANG"),
        substance: Reach::Exact("CHEM"),
    };
    const WORDS: Words = Words::AsWritten;
    const WILDCARDS: Wildcards = Wildcards::AtEnd(3);

    fn dates(dates: &Dates) -> Option<(String, bool)> {
        // Whole years as the publication year, anything finer as the date of first publication.
        let (text, exact) = years("PUB_YEAR", dates, ["1000", "3000"]);
        if exact {
            return Some((text, true));
        }
        let [from, to] = days(dates);
        let (from, to) = (from.unwrap_or("1000-01-01".to_owned()), to.unwrap_or("3000-12-31".to_owned()));
        Some((format!("FIRST_PDATE:[{from} TO {to}]"), true))
    }
}
