//! Checked settings: what the rest of the program reads. Queries are read and parsed already.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::Spot;
use crate::model::{MonthWindow, RelationKind, WorkType};
use crate::query::Tree;

/// A whole review's settings.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The folder that relative paths of the config are relative to; the paths here are joined to it.
    pub root: PathBuf,
    /// The config file itself.
    pub file: PathBuf,
    pub review: Review,
    pub store: PathBuf,
    pub http: Http,
    pub dedupe: Dedupe,
    /// By source id; only sources that have a `[sources.ID]` table.
    pub sources: BTreeMap<String, SourceSettings>,
    /// In config order.
    pub criteria: Vec<Criterion>,
    pub streams: Vec<Stream>,
}

/// `[review]`.
#[derive(Clone, Debug, Default)]
pub struct Review {
    pub title: String,
    pub contact: Option<String>,
    pub version: String,
    /// Works that the searches must find.
    pub known: Option<PathBuf>,
    /// PRISMA-S item 9: why the searches have the limits that they have.
    pub limits: Option<String>,
    /// PRISMA-S item 10: published filters that the searches use.
    pub search_filters: Option<String>,
    /// PRISMA-S item 11: strategies taken over from earlier reviews.
    pub prior_work: Option<String>,
    /// PRISMA-S item 14: how the strategies were peer reviewed.
    pub peer_review: Option<String>,
}

/// `[http]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Http {
    pub allow_private: bool,
    pub timeout_s: u64,
    pub retries: u32,
}

/// `[dedupe]`: what counts as one work, and as one study.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dedupe {
    /// Kinds of links whose works are counted as one work. By default none: a work is the versions of one document.
    pub one_work: Vec<RelationKind>,
    /// Whether a link that a source tells by identifier holds until a person refuses it; else a person accepts.
    pub accept_told: bool,
}

/// `[sources.ID]`: what differs from the source's own defaults.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SourceSettings {
    pub base_url: Option<String>,
    pub requests_per_second: Option<f64>,
    pub burst: Option<u32>,
    pub page_size: Option<u32>,
    pub enabled: Option<bool>,
    pub key_env: Option<String>,
    /// scopus.
    pub insttoken_env: Option<String>,
    /// wos: `starter` or `expanded`.
    pub product: Option<String>,
    /// sitemap, feed, wordpress, oaipmh: the sites' addresses (`https://example.org/sitemap.xml`).
    pub sites: Vec<String>,
}

/// A query as the review names it.
#[derive(Clone, Debug)]
pub struct QueryText {
    /// The file, or `None` for text in config itself (`match = "…"`).
    pub file: Option<PathBuf>,
    pub text: String,
    pub tree: Tree,
}

/// `[criteria.ID]`.
#[derive(Clone, Debug)]
pub struct Criterion {
    pub id: String,
    pub title: String,
    pub reason: String,
    pub test: Test,
    pub effect: Effect,
    /// Characters of abstract (or body) under which a query criterion is unknown.
    pub min_text: usize,
    /// Where config names it.
    pub spot: Spot,
}

/// What a criterion looks at.
#[derive(Clone, Debug)]
pub enum Test {
    /// `fails_on_match`: `fails = "match"`.
    Query {
        query: Box<QueryText>,
        fails_on_match: bool,
    },
    Types(Vec<WorkType>),
    /// ISO 639-1.
    Languages(Vec<String>),
    /// The stream's window.
    Window,
    /// Study setting, ISO 3166-1 alpha-2 or names; flags only.
    Countries(Vec<String>),
}

/// What failing does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    Exclude,
    Flag,
    Order,
}

/// `[[streams]]`.
#[derive(Clone, Debug)]
pub struct Stream {
    pub id: String,
    pub title: String,
    pub description: String,
    pub geography: String,
    pub window: MonthWindow,
    /// Display texts, where config gives them.
    pub timeframe: Option<String>,
    pub strategy: Option<String>,
    pub screening: Option<String>,
    /// `None` is a stage the stream does not have.
    pub abstract_stage: Option<StageSettings>,
    pub fulltext_stage: Option<StageSettings>,
    /// In config order.
    pub searches: Vec<Search>,
}

/// `abstract = { criteria = […], pass = "…" }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageSettings {
    /// Indexes into `Settings::criteria`, in the stage's order.
    pub criteria: Vec<usize>,
    pub pass: Pass,
    /// full text only: after how many refreshes whose every attempt failed a work is closed as not
    /// retrieved by rule; `None`: only a person closes.
    pub give_up_after: Option<u32>,
}

/// What happens to what no rule excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    Rule,
    Person,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SearchKind {
    Database,
    Citation,
    Website,
    Submitted,
    Import,
}

impl SearchKind {
    /// The name that config and the flow use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Database => "database",
            Self::Citation => "citation",
            Self::Website => "website",
            Self::Submitted => "submitted",
            Self::Import => "import",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enter {
    Abstract,
    Fulltext,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    Backward,
    Forward,
}

impl Direction {
    /// The name that config and reports use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Backward => "backward",
            Self::Forward => "forward",
        }
    }
}

/// Where a citation search starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seeds {
    /// The stream's included works.
    Included,
    /// A file of DOIs, one a line.
    File(PathBuf),
}

/// `[[streams.searches]]`.
#[derive(Clone, Debug)]
pub struct Search {
    pub id: String,
    pub kind: SearchKind,
    pub arm: String,
    pub label: String,
    pub enter: Enter,
    /// database, website.
    pub query: Option<QueryText>,
    /// Source ids, in config order.
    pub sources: Vec<String>,
    /// Where config names each of `sources`.
    pub source_spots: Vec<Spot>,
    pub max_records: u64,
    /// citation.
    pub directions: Vec<Direction>,
    pub rounds: u32,
    pub seeds: Option<Seeds>,
    /// submitted: a folder; import: a glob.
    pub path: Option<PathBuf>,
    /// import: what was searched elsewhere, for PRISMA-S.
    pub platform: Option<String>,
    pub database: Option<String>,
}

impl Settings {
    /// The stream of that id.
    pub fn stream(&self, id: &str) -> Option<&Stream> {
        self.streams.iter().find(|stream| stream.id == id)
    }
}

impl Stream {
    /// The search of that id.
    pub fn search(&self, id: &str) -> Option<&Search> {
        self.searches.iter().find(|search| search.id == id)
    }
    /// The ids of its arms, in the order of their first search.
    pub fn arms(&self) -> Vec<&str> {
        let mut arms: Vec<&str> = Vec::new();
        for search in &self.searches {
            if !arms.contains(&search.arm.as_str()) {
                arms.push(&search.arm);
            }
        }
        arms
    }
}
