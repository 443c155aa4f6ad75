//! Semantic Scholar's bulk search. Rules: api.semanticscholar.org/api-docs, "Paper bulk search": `+`, `|`, `-`,
//! quotation marks, `"a b"~n`; title and abstract; all words are stemmed, in English.

use super::Reach;
use super::index::{Profile, Wildcards, Words};
use super::tags::Tags;
use crate::query::Platform;

pub(super) struct SemanticScholar;

impl Profile for SemanticScholar {
    const PLATFORM: Platform = Platform::SemanticScholar;
    const TAGS: Tags = Tags {
        default: Reach::Exact(""),
        all: Reach::NoFullText(""),
        title_abstract: Reach::Exact(""),
        title_keywords: Reach::Wider(""),
        abstract_keywords: Reach::Wider(""),
        title: Reach::Wider(""),
        abstract_text: Reach::Wider(""),
        ..Tags::NONE
    };
    const WORDS: Words = Words::Stemmed;
    const WILDCARDS: Wildcards = Wildcards::AtEnd(3);

    /// The signs for the words. No exclusion is ever written, since all words are stemmed.
    fn finish(query: String) -> String {
        let parts = query.split('"').enumerate().map(|(at, part)| match at % 2 {
            0 => part.replace(" AND ", " + ").replace(" OR ", " | "),
            _ => part.to_owned(),
        });
        parts.collect::<Vec<_>>().join("\"")
    }
}
