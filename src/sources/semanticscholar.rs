//! Semantic Scholar: bulk searching, citation searching both ways, look-up by DOI and open PDFs.
//!
//! A bulk search goes by token, which is absent or null on the last page; an empty one has no `data`
//! at all. Citation lists go by offset and end at 9,999. A work that it knows only from a list of
//! references has no id of its own there.

mod paper;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json as value};

use super::support::window::first_day;
use super::support::{endpoint, endpoint_of, json, plan};
use super::{
    Access, Capabilities, Direction, Identifiers, KeyNeed, Next, Page, Plan, Question, Source, SourceError, SourceInfo,
    State,
};
use crate::model::MonthWindow;
use crate::net::{Body, Request, Response};
use crate::query::Platform;

/// Works of a citation list at once.
const CITED: u64 = 1_000;
/// How far a citation list goes.
const REACH: u64 = 9_999;
/// DOIs asked for at once.
const BATCH: usize = 500;
const FIELDS: &str = "paperId,externalIds,title,abstract,year,publicationDate,authors,venue,journal,publicationTypes,publicationVenue,openAccessPdf";

static INFO: SourceInfo = SourceInfo {
    id: "semanticscholar",
    title: "Semantic Scholar",
    base_url: "https://api.semanticscholar.org/graph/v1",
    key: KeyNeed::Optional("SEMANTICSCHOLAR_API_KEY"),
    // With a key; without one the pool is shared, and full more often than not.
    requests_per_second: 1.0,
    burst: 1,
    concurrency: 1,
    // A bulk page has up to 1,000 whatever is asked for.
    page_size: 1_000,
    max_page_size: 1_000,
    platform: Some(Platform::SemanticScholar),
    ranked: false,
    gives_abstracts: true,
    can: Capabilities { search: true, cite_backward: true, cite_forward: true, look_up: true, locate: true },
};

/// The Semantic Scholar Academic Graph.
pub struct SemanticScholar;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum At {
    /// A bulk search.
    Bulk(Bulk),
    /// A page of works that cite or are cited.
    Cited { paper: String, direction: String, offset: u64 },
    /// Works by DOI.
    Batch { dois: Vec<String> },
    /// Where a work's full text lies.
    Locate { paper: String },
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Bulk {
    query: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    dates: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    /// Records that arrived before.
    arrived: u64,
}

impl Source for SemanticScholar {
    fn info(&self) -> &'static SourceInfo {
        &INFO
    }

    fn search(&self, _access: &Access, question: &Question<'_>) -> Result<Plan, SourceError> {
        let (dates, window_exact) = dates(question.window);
        plan(question, Platform::SemanticScholar, window_exact, |query| {
            let bulk = Bulk { query: query.clone(), dates: dates.clone(), ..Bulk::default() };
            (query, State::of(&At::Bulk(bulk)))
        })
    }

    fn cite(&self, _access: &Access, seed: &Identifiers, direction: Direction) -> Result<State, SourceError> {
        let paper = name(seed).ok_or_else(|| SourceError::NotFound("a work without DOI, PMID or arXiv id".into()))?;
        Ok(State::of(&At::Cited { paper, direction: direction.name().to_owned(), offset: 0 }))
    }

    fn look_up(&self, _access: &Access, dois: &[String]) -> Result<Vec<State>, SourceError> {
        Ok(dois.chunks(BATCH).map(|dois| State::of(&At::Batch { dois: dois.to_vec() })).collect())
    }

    fn locate(&self, _access: &Access, identifiers: &Identifiers) -> Result<Option<State>, SourceError> {
        Ok(name(identifiers).map(|paper| State::of(&At::Locate { paper })))
    }

    fn next_request(&self, access: &Access, state: &State) -> Result<Request, SourceError> {
        let mut request = match state.read()? {
            At::Bulk(bulk) => {
                let mut url = endpoint(&access.base_url, &["paper", "search", "bulk"]);
                {
                    let mut pairs = url.query_pairs_mut();
                    pairs.append_pair("query", &bulk.query).append_pair("fields", FIELDS);
                    bulk.dates.iter().for_each(|dates| _ = pairs.append_pair("publicationDateOrYear", dates));
                    bulk.token.iter().for_each(|token| _ = pairs.append_pair("token", token));
                }
                Request::get(url)
            }
            At::Cited { paper, direction, offset } => {
                let list = if direction == Direction::Forward.name() { "citations" } else { "references" };
                let mut url = endpoint_of(&access.base_url, &["paper"], &format!("{paper}/{list}"));
                let limit = CITED.min(REACH.saturating_sub(offset)).max(1);
                url.query_pairs_mut()
                    .append_pair("fields", FIELDS)
                    .append_pair("offset", &offset.to_string())
                    .append_pair("limit", &limit.to_string());
                Request::get(url)
            }
            At::Batch { dois } => {
                let mut url = endpoint(&access.base_url, &["paper", "batch"]);
                url.query_pairs_mut().append_pair("fields", FIELDS);
                let ids: Vec<String> = dois.iter().map(|doi| format!("DOI:{doi}")).collect();
                Request::post(url, Body::Json(value!({ "ids": ids })))
            }
            At::Locate { paper } => {
                let mut url = endpoint_of(&access.base_url, &["paper"], &paper);
                url.query_pairs_mut().append_pair("fields", "openAccessPdf,externalIds");
                Request::get(url)
            }
        };
        request.secret_headers.extend(access.key.clone().map(|key| ("x-api-key".to_owned(), key)));
        Ok(request.header("accept", "application/json"))
    }

    fn parse(&self, _access: &Access, state: &State, response: &Response) -> Result<Page, SourceError> {
        let body = json::body(response)?;
        match state.read()? {
            At::Bulk(bulk) => parse_bulk(&bulk, &body, response),
            At::Cited { paper, direction, offset } => parse_cited(&paper, &direction, offset, &body, response),
            At::Batch { .. } => {
                // What it does not know is null in its place.
                let items = json::items(response, &[])?.into_iter().filter(|item| item.get() != "null");
                let (records, set_aside) = json::records(&items.collect::<Vec<_>>(), paper::record);
                Ok(Page { records, set_aside, ..Page::default() })
            }
            At::Locate { .. } => Ok(Page { locations: paper::locations(&body), ..Page::default() }),
        }
    }
}

/// The name that it may know a work by.
fn name(identifiers: &Identifiers) -> Option<String> {
    let doi = identifiers.doi.as_ref().map(|doi| format!("DOI:{doi}"));
    let pmid = identifiers.pmid.as_ref().map(|pmid| format!("PMID:{pmid}"));
    let arxiv = identifiers.arxiv.as_ref().map(|arxiv| format!("ARXIV:{arxiv}"));
    doi.or(pmid).or(arxiv)
}

/// Days, or an open end, and whether they are the window. How it compares a work of which it knows
/// the year alone is not told, so the first year is asked for from its beginning.
fn dates(window: MonthWindow) -> (Option<String>, bool) {
    let (from, exact) = first_day(window);
    let to = window.to.map(|to| format!("{to}-{:02}", to.last_day())).unwrap_or_default();
    ((!window.is_open()).then(|| format!("{}:{to}", from.unwrap_or_default())), exact)
}

fn parse_bulk(bulk: &Bulk, body: &Value, response: &Response) -> Result<Page, SourceError> {
    let total = body.get("total").and_then(json::count);
    let total = total.ok_or_else(|| SourceError::Shape("total is no count".into()))?;
    let items = match body.get("data") {
        None if total == 0 => Vec::new(),
        _ => json::items(response, &["data"])?,
    };
    let (records, set_aside) = json::records(&items, paper::record);
    let arrived = bulk.arrived + items.len() as u64;
    let first = bulk.token.is_none();
    let mut page = Page { records, set_aside, reported: first.then_some(total), ..Page::default() };
    match body.get("token").and_then(Value::as_str).filter(|token| !token.is_empty()) {
        Some(token) if bulk.token.as_deref() == Some(token) => {
            page.broken = Some("Semantic Scholar gave the same token again".into());
        }
        Some(_) if items.is_empty() && arrived < total => {
            return Err(SourceError::Unavailable(format!("an empty page after {arrived} of {total} records")));
        }
        Some(token) if !items.is_empty() => {
            let next = Bulk { token: Some(token.to_owned()), arrived, ..bulk.clone() };
            page.next = Next::More(State::of(&At::Bulk(next)));
        }
        _ if arrived < total => {
            page.warnings.push(format!("Semantic Scholar reported {total} records and gave {arrived}"));
        }
        _ => {}
    }
    Ok(page)
}

fn parse_cited(
    paper: &str,
    direction: &str,
    offset: u64,
    body: &Value,
    response: &Response,
) -> Result<Page, SourceError> {
    let member = if direction == Direction::Forward.name() { "citingPaper" } else { "citedPaper" };
    let items = json::items(response, &["data"])?;
    let (records, set_aside) = json::records(&items, |item| paper::record(item.get(member).unwrap_or(&Value::Null)));
    let mut page = Page { records, set_aside, ..Page::default() };
    match body.get("next").and_then(json::count) {
        Some(next) if next >= REACH => {
            page.warnings.push(format!("Semantic Scholar gives at most {REACH} works of a citation list"));
        }
        Some(next) if next > offset => {
            let (paper, direction) = (paper.to_owned(), direction.to_owned());
            page.next = Next::More(State::of(&At::Cited { paper, direction, offset: next }));
        }
        _ => {}
    }
    Ok(page)
}
