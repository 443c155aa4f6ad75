//! What the flow is counted from: the store's rows, read whole, with decisions settled.

use std::collections::BTreeMap;

/// A review's ledger at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ledger {
    pub review: String,
    pub version: String,
    /// Config order.
    pub streams: Vec<StreamLedger>,
    /// For works that accepted links join to others the study that they are about; every other work is a study by
    /// itself.
    pub studies: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct StreamLedger {
    pub id: String,
    pub title: String,
    pub has_abstract: bool,
    pub has_fulltext: bool,
    /// Config order.
    pub searches: Vec<SearchSpec>,
    /// Every distinct hit (record, search, source) first seen since the last release.
    pub hits: Vec<HitRow>,
    /// How each work of the stream stands; works without an entry are awaiting at their arm's first stage.
    pub standings: BTreeMap<String, WorkStanding>,
    /// The exclusion reasons of each stage, in config order.
    pub abstract_reasons: Vec<String>,
    pub fulltext_reasons: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct SearchSpec {
    pub id: String,
    /// `database`, `citation` …
    pub kind: String,
    pub arm: String,
    pub label: String,
    /// Whether its hits enter at full text.
    pub enters_at_fulltext: bool,
    /// The sources that it names (for submissions and imports its own id).
    pub sources: Vec<String>,
    /// Sources not searched (no key, failed, switched off is not here), with the reason.
    pub not_searched: Vec<(String, String)>,
}

/// A distinct hit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HitRow {
    /// Index into the stream's searches.
    pub search: usize,
    pub source: String,
    /// The record's key and its work's id.
    pub record: String,
    pub work: String,
    /// The refresh that first saw it (1, 2, …).
    pub refresh: i64,
}

/// How a work stands in a stream: the decisions in force, settled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkStanding {
    pub removed: Option<Removal>,
    pub abstract_stage: Standing,
    pub retrieval: Retrieval,
    pub fulltext: Standing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removal {
    /// By the local match.
    Automation,
    /// By a person with a reason.
    Other,
}

/// A verdict settled, and by whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    #[default]
    Awaiting,
    Advanced {
        by_person: bool,
    },
    Excluded {
        by_person: bool,
        reason: String,
    },
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Retrieval {
    /// Still sought.
    #[default]
    Awaiting,
    Retrieved,
    /// Closed by a person, or by the stream's give-up rule.
    NotRetrieved,
}
