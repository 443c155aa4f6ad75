//! Databases and website protocols, one file each, pure: state → request, response → page.
//!
//! Everything that waits, retries, archives and counts lives once, in `net` and `pipeline`.

pub mod arxiv;
pub mod base;
pub mod core;
pub mod crossref;
pub mod datacite;
pub mod dimensions;
pub mod doaj;
pub mod eric;
pub mod europepmc;
pub mod fit;
pub mod ieee;
pub mod lens;
pub mod openalex;
pub mod opencitations;
pub mod plos;
pub mod pubmed;
pub mod reach;
pub mod registry;
pub mod scopus;
pub mod semanticscholar;
pub mod springer;
pub mod support;
pub mod unpaywall;
pub mod websites;
pub mod wos;

use std::sync::{Arc, Mutex, PoisonError};

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::config::Direction;
use crate::model::{Identifiers, Location, MonthWindow, Record, SetAside};
use crate::net::{Request, Response};
use crate::query::{Diagnostic, Platform, Tree};

/// What a source is, offers and allows; `docs/sources.md` tells the same.
#[derive(Clone, Copy, Debug)]
pub struct SourceInfo {
    /// The id that config names.
    pub id: &'static str,
    /// The name that reports print.
    pub title: &'static str,
    pub base_url: &'static str,
    pub key: KeyNeed,
    /// The published rate; config sets it, the server's headers may only lower it.
    pub requests_per_second: f64,
    pub burst: u32,
    /// Requests under way at once.
    pub concurrency: usize,
    pub page_size: u32,
    pub max_page_size: u32,
    /// The syntax its queries are rendered in.
    pub platform: Option<Platform>,
    /// Whether it has no Boolean logic: harvested by rank to `max_records`, never called exact.
    pub ranked: bool,
    /// Whether its records carry abstracts; others are filled by DOI.
    pub gives_abstracts: bool,
    pub can: Capabilities,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyNeed {
    None,
    /// Works without; the environment variable's default name.
    Optional(&'static str),
    Required(&'static str),
}

/// Which of [`Source`]'s questions it answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Capabilities {
    pub search: bool,
    pub cite_backward: bool,
    pub cite_forward: bool,
    pub look_up: bool,
    pub locate: bool,
}

/// How a source is reached in this run: config's values over the source's own, and its keys.
#[derive(Clone, Debug)]
pub struct Access {
    pub base_url: Url,
    pub contact: Option<String>,
    pub key: Option<SecretString>,
    pub insttoken: Option<SecretString>,
    pub page_size: u32,
    /// wos: `starter` or `expanded`.
    pub product: Option<String>,
    /// sitemap: the sites' addresses.
    pub sites: Vec<Url>,
    /// What a login gave.
    pub session: Session,
}

/// The token of a source that has to be logged in to: in memory alone, shared by all who ask the
/// source in this run. It is the one thing that a source remembers, since a token is too secret for
/// a state.
#[derive(Clone, Debug, Default)]
pub struct Session(Arc<Mutex<Option<SecretString>>>);

impl Session {
    /// The token, if there was a login.
    pub fn token(&self) -> Option<SecretString> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
    /// Keeps a token.
    pub fn keep(&self, token: SecretString) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(token);
    }
    /// Forgets the token.
    pub fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// What a search asks of a source.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    pub query: &'a Tree,
    pub window: MonthWindow,
    /// The stopping rule for ranked sources.
    pub max_records: u64,
}

/// How a source will be asked.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The queries exactly as sent, one for each request series (their union is the search).
    pub queries: Vec<String>,
    /// Whether the source's answer means exactly what the query means (window apart).
    pub query_exact: bool,
    /// Whether the source's date limit is exactly the window.
    pub window_exact: bool,
    pub warnings: Vec<Diagnostic>,
    /// One state to begin from for each query.
    pub states: Vec<State>,
}

/// Where a source's state machine stands; saved with each page, so that a run can go on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct State(pub serde_json::Value);

impl State {
    /// A state from a source's own type.
    pub fn of<T: Serialize>(value: &T) -> Self {
        Self(serde_json::to_value(value).unwrap_or_default())
    }
    /// The source's own type again.
    pub fn read<T: serde::de::DeserializeOwned>(&self) -> Result<T, SourceError> {
        T::deserialize(&self.0).map_err(|error| SourceError::State(error.to_string()))
    }
}

/// A record with its own part of the payload.
#[derive(Clone, Debug, PartialEq)]
pub struct PageRecord {
    pub record: Record,
    /// The record's own JSON or XML, as it came.
    pub payload: Vec<u8>,
}

/// What one response held.
#[derive(Clone, Debug, Default)]
pub struct Page {
    pub records: Vec<PageRecord>,
    /// How many hits the source reports for the query, where it says.
    pub reported: Option<u64>,
    /// For `locate`: where the full text may lie.
    pub locations: Vec<Location>,
    pub warnings: Vec<String>,
    /// Records that could not be read.
    pub set_aside: Vec<SetAside>,
    /// Why reading has to stop before the end: what came counts, and the run fails with this reason.
    pub broken: Option<String>,
    pub next: Next,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub enum Next {
    #[default]
    End,
    More(State),
    /// Too many hits for one series: go on with these instead (this page's records count too).
    Split(Vec<State>),
}

/// What can go wrong with a source's answer. None is retried but `Throttled` and `Unavailable`
/// (and those by `net`, before a source sees them, up to the configured number).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    #[error("needs a key: set {0}")]
    KeyMissing(String),
    /// 401, 403: the key is wrong or does not allow this.
    #[error("refused: {0}")]
    Refused(String),
    /// The quota is spent: not slept on.
    #[error("the quota is spent{}", .until.as_deref().map(|until| format!(", until {until}")).unwrap_or_default())]
    QuotaSpent { until: Option<String> },
    /// 429 or the source's own word for it.
    #[error("too many requests")]
    Throttled { retry_after_s: Option<u64> },
    /// 5xx, an empty 200 where there is more, HTML from a proxy.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// 400, 414, 422: the source does not take the request.
    #[error("the request was rejected: {0}")]
    Rejected(String),
    #[error("not found: {0}")]
    NotFound(String),
    /// The answer does not have the expected shape.
    #[error("the answer is not as expected: {0}")]
    Shape(String),
    /// The query cannot be asked of this source.
    #[error("cannot be asked: {0}")]
    Unsupported(String),
    #[error("the saved state cannot be read: {0}")]
    State(String),
}

/// A database or a website protocol.
///
/// `search`, `cite`, `look_up` and `locate` give states to begin from; `next_request` and `parse`
/// step from there. All of it is pure.
pub trait Source: Send + Sync {
    /// What it is, offers and allows.
    fn info(&self) -> &'static SourceInfo;
    /// How it would be asked.
    fn search(&self, _access: &Access, _question: &Question<'_>) -> Result<Plan, SourceError> {
        Err(SourceError::Unsupported("this source does not search".into()))
    }
    /// Works that cite the seed (forward) or that it cites (backward).
    fn cite(&self, _access: &Access, _seed: &Identifiers, _direction: Direction) -> Result<State, SourceError> {
        Err(SourceError::Unsupported("this source does no citation searching".into()))
    }
    /// Records by DOI (normal forms), to fill what another source does not give.
    fn look_up(&self, _access: &Access, _dois: &[String]) -> Result<Vec<State>, SourceError> {
        Err(SourceError::Unsupported("this source does not look up records".into()))
    }
    /// Full-text locations of a work; `None` where it cannot be asked with these identifiers.
    fn locate(&self, _access: &Access, _identifiers: &Identifiers) -> Result<Option<State>, SourceError> {
        Ok(None)
    }
    /// The request that a state asks for.
    fn next_request(&self, access: &Access, state: &State) -> Result<Request, SourceError>;
    /// What the response to that request held.
    fn parse(&self, access: &Access, state: &State, response: &Response) -> Result<Page, SourceError>;
}
