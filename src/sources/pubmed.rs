//! PubMed by NCBI's E-utilities: esearch keeps the hits on the history server, efetch reads them.
//!
//! A search gives at most its first 9,999 hits, whatever is asked: a larger one is split. The window
//! is asked for in whole years (`datetype=pdat`, which finds print and electronic dates), since
//! a citation whose date is a bare year stands under no month; the local match cuts to the month.
//! A single year that is still too large is split by the day of entry (`edat`), which every
//! citation has.

mod error;
mod fetch;
mod search;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::support::window::Years;
use super::support::{endpoint, plan};
use super::{Access, Capabilities, KeyNeed, Page, Plan, Question, Source, SourceError, SourceInfo, State};
use crate::net::{Body, Request, Response};
use crate::query::Platform;

/// How many DOIs one look-up asks for.
const LOOK_UP: usize = 50;

static INFO: SourceInfo = SourceInfo {
    id: "pubmed",
    title: "PubMed",
    base_url: "https://eutils.ncbi.nlm.nih.gov/entrez/eutils",
    key: KeyNeed::Optional("PUBMED_API_KEY"),
    requests_per_second: 3.0,
    burst: 1,
    concurrency: 1,
    page_size: 200,
    max_page_size: 500,
    platform: Some(Platform::PubMed),
    ranked: false,
    gives_abstracts: true,
    can: Capabilities { search: true, cite_backward: false, cite_forward: false, look_up: true, locate: false },
};

/// PubMed.
pub struct PubMed;

/// Which hits of a query: those of some years, and of some days of entry.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Slice {
    term: String,
    years: Years,
    /// Days of entry, both ends included; an end left out is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    entered: Option<Days>,
    /// A part of a search whose total was reported already.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    part: bool,
    /// The total of what this was split from, and how often halving has not lowered it.
    #[serde(skip_serializing_if = "Option::is_none")]
    split_from: Option<u64>,
    unchanged: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Days {
    from: Option<Date>,
    to: Option<Date>,
}

/// Hits on the history server, or a list of ids where the server kept none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct History {
    web_env: String,
    query_key: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ids: Vec<String>,
    total: u64,
    start: u64,
    /// How many are asked for at once.
    size: u64,
    arrived: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "lowercase")]
enum At {
    Search {
        #[serde(flatten)]
        slice: Slice,
        /// The history was lost once and is built again.
        #[serde(default)]
        again: bool,
    },
    Fetch {
        slice: Slice,
        history: History,
        #[serde(default)]
        again: bool,
    },
}

impl Source for PubMed {
    fn info(&self) -> &'static SourceInfo {
        &INFO
    }

    fn search(&self, _access: &Access, question: &Question<'_>) -> Result<Plan, SourceError> {
        let (years, window_exact) = Years::of(question.window);
        plan(question, Platform::PubMed, window_exact, |term| {
            let slice = Slice { term: term.clone(), years, ..Slice::default() };
            (term, State::of(&At::Search { slice, again: false }))
        })
    }

    fn look_up(&self, _access: &Access, dois: &[String]) -> Result<Vec<State>, SourceError> {
        let of = |dois: &[String]| {
            let terms: Vec<String> =
                dois.iter().filter(|doi| !doi.contains('"')).map(|doi| format!("\"{doi}\"[doi]")).collect();
            let slice = Slice { term: terms.join(" OR "), ..Slice::default() };
            (!slice.term.is_empty()).then(|| State::of(&At::Search { slice, again: false }))
        };
        Ok(dois.chunks(LOOK_UP).filter_map(of).collect())
    }

    fn next_request(&self, access: &Access, state: &State) -> Result<Request, SourceError> {
        let (utility, mut form) = match state.read()? {
            At::Search { slice, .. } => ("esearch.fcgi", search::form(&slice)),
            At::Fetch { history, .. } => ("efetch.fcgi", fetch::form(&history)),
        };
        form.insert(0, ("db".into(), "pubmed".into()));
        form.push(("retmode".into(), "xml".into()));
        form.push(("tool".into(), "gleaner".into()));
        form.extend(access.contact.clone().map(|contact| ("email".to_owned(), contact)));
        let mut request = Request::post(endpoint(&access.base_url, &[utility]), Body::Form(form));
        request.secret_query = access.key.clone().map(|key| ("api_key".to_owned(), key)).into_iter().collect();
        Ok(request)
    }

    fn parse(&self, access: &Access, state: &State, response: &Response) -> Result<Page, SourceError> {
        match state.read()? {
            At::Search { slice, again } => {
                let text = error::text(response)?;
                search::page(slice, again, u64::from(access.page_size.clamp(1, INFO.max_page_size)), &text)
            }
            At::Fetch { slice, history, again } => fetch::page(slice, history, again, response),
        }
    }
}

#[cfg(test)]
mod tests;
