//! Scopus Search (Elsevier), the STANDARD view: no abstract, the first author only.
//!
//! Reading goes by `start` up to 5,000 hits. A larger search is split by year; a single year that
//! is still larger goes by cursor, which only subscribers may use. Where it is refused, what can be
//! reached is read and the rest is told in a warning.

mod answer;
mod entry;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::support::window::Years;
use super::support::{endpoint, json, plan};
use super::{Access, Capabilities, KeyNeed, Next, Page, Plan, Question, Source, SourceError, SourceInfo, State};
use crate::net::{Request, Response};
use crate::query::Platform;

/// `start` must stay below this.
const REACH: u64 = 5_000;
/// The largest page that a key without a subscription may ask for.
const SMALL_PAGE: u32 = 25;

static INFO: SourceInfo = SourceInfo {
    id: "scopus",
    title: "Scopus",
    base_url: "https://api.elsevier.com",
    key: KeyNeed::Required("SCOPUS_API_KEY"),
    requests_per_second: 6.0,
    burst: 1,
    concurrency: 1,
    // Fewer pages spend less of the weekly quota; a key that may not is answered by smaller ones.
    page_size: 200,
    max_page_size: 200,
    platform: Some(Platform::Scopus),
    ranked: false,
    gives_abstracts: false,
    can: Capabilities { search: true, cite_backward: false, cite_forward: false, look_up: false, locate: false },
};

/// The Scopus Search API.
pub struct Scopus;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct At {
    /// The query without its years.
    query: String,
    years: Years,
    start: u64,
    /// The cursor to send; `*` begins one.
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<String>,
    /// Set once a cursor was refused: `start` is all there is.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    no_cursor: bool,
    /// A slice of a search whose total was reported already.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    slice: bool,
    /// The page size, where the server refused the configured one.
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u32>,
    /// The total of the first page.
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<u64>,
    /// Hits that arrived so far.
    arrived: u64,
}

impl At {
    fn text(&self) -> String {
        let mut text = if self.years == Years::default() { self.query.clone() } else { format!("({})", self.query) };
        if let Some(from) = self.years.from {
            text.push_str(&format!(" AND PUBYEAR > {}", from - 1));
        }
        if let Some(to) = self.years.to {
            text.push_str(&format!(" AND PUBYEAR < {}", to + 1));
        }
        text
    }
    fn count(&self, access: &Access) -> u32 {
        self.count.unwrap_or(access.page_size).clamp(1, INFO.max_page_size)
    }
}

impl Source for Scopus {
    fn info(&self) -> &'static SourceInfo {
        &INFO
    }

    fn search(&self, _access: &Access, question: &Question<'_>) -> Result<Plan, SourceError> {
        let (years, window_exact) = Years::of(question.window);
        plan(question, Platform::Scopus, window_exact, |query| {
            let at = At { query, years, ..At::default() };
            (at.text(), State::of(&at))
        })
    }

    fn next_request(&self, access: &Access, state: &State) -> Result<Request, SourceError> {
        let at: At = state.read()?;
        let Some(key) = access.key.clone() else { return Err(SourceError::KeyMissing("SCOPUS_API_KEY".into())) };
        let mut url = endpoint(&access.base_url, &["content", "search", "scopus"]);
        let count = at.count(access);
        {
            let mut pairs = url.query_pairs_mut();
            pairs.append_pair("query", &at.text()).append_pair("view", "STANDARD");
            match &at.cursor {
                Some(cursor) => pairs.append_pair("cursor", cursor),
                None => pairs.append_pair("start", &at.start.to_string()),
            };
            let left = if at.cursor.is_some() { u64::from(count) } else { REACH.saturating_sub(at.start) };
            pairs.append_pair("count", &u64::from(count).min(left.max(1)).to_string());
        }
        let mut request = Request::get(url).header("accept", "application/json");
        request.secret_headers = secrets(key, access.insttoken.clone());
        Ok(request)
    }

    fn parse(&self, access: &Access, state: &State, response: &Response) -> Result<Page, SourceError> {
        let at: At = state.read()?;
        if let Some(page) = second_try(access, &at, response) {
            return Ok(page);
        }
        let body = answer::body(response)?;
        let results = body.get("search-results").ok_or_else(|| SourceError::Shape("no search-results".into()))?;
        let total = results
            .get("opensearch:totalResults")
            .and_then(json::count)
            .ok_or_else(|| SourceError::Shape("search-results.opensearch:totalResults is no count".into()))?;
        let mut items = match results.get("entry") {
            None => Vec::new(),
            Some(_) => json::items(response, &["search-results", "entry"])?,
        };
        let mut page = Page::default();
        if let [only] = &items[..]
            && let Some(said) = answer::entry_error(only.get())
        {
            if !said.to_lowercase().contains("empty") {
                return Err(SourceError::Rejected(said));
            }
            items.clear();
        }
        let first = at.total.is_none();
        page.reported = (first && !at.slice).then_some(total);
        if let Some(before) = at.total.filter(|before| *before != total) {
            page.warnings.push(format!("the total changed from {before} to {total} while reading"));
        }
        let arrived = at.arrived + items.len() as u64;
        if items.is_empty() && arrived < total {
            return Err(SourceError::Unavailable(format!("an empty page after {arrived} of {total} hits")));
        }
        (page.records, page.set_aside) = json::records(&items, entry::record);
        let at = At { total: Some(total), arrived, ..at };
        page.next = next(&at, first, total, items.len() as u64, results, &mut page.warnings);
        Ok(page)
    }
}

fn secrets(key: SecretString, insttoken: Option<SecretString>) -> Vec<(String, SecretString)> {
    let mut secrets = vec![("x-els-apikey".to_owned(), key)];
    secrets.extend(insttoken.map(|token| ("x-els-insttoken".to_owned(), token)));
    secrets
}

/// Where to go on after a page of `came` hits.
fn next(at: &At, first: bool, total: u64, came: u64, results: &serde_json::Value, warnings: &mut Vec<String>) -> Next {
    if at.arrived >= total || came == 0 {
        return Next::End;
    }
    if at.cursor.is_some() {
        let following = results.pointer("/cursor/@next").and_then(serde_json::Value::as_str);
        return match following {
            Some(cursor) if at.cursor.as_deref() != Some(cursor) => {
                Next::More(State::of(&At { cursor: Some(cursor.to_owned()), ..at.clone() }))
            }
            _ => {
                // The shortfall itself fails the run, where it is more than a few.
                warnings.push(format!("the cursor ended after {} of {total} hits", at.arrived));
                Next::End
            }
        };
    }
    if first && total > REACH && !at.no_cursor {
        let fresh = At { start: 0, arrived: 0, total: None, slice: true, ..at.clone() };
        return match at.years.halves() {
            Some(halves) => {
                Next::Split(halves.into_iter().map(|years| State::of(&At { years, ..fresh.clone() })).collect())
            }
            None => Next::More(State::of(&At { cursor: Some("*".into()), ..fresh })),
        };
    }
    let start = at.start + came;
    if start >= REACH {
        warnings.push(format!(
            "only {start} of {total} hits can be reached in one year without a subscriber's cursor: narrow the query"
        ));
        return Next::End;
    }
    Next::More(State::of(&At { start, ..at.clone() }))
}

/// Refusals that another request may get around: a page size above the key's service level, and a
/// cursor without a subscription.
fn second_try(access: &Access, at: &At, response: &Response) -> Option<Page> {
    let said = || super::support::answer::said(response).to_lowercase();
    let again = |at: At, warning: &str| {
        Some(Page { warnings: vec![warning.to_owned()], next: Next::More(State::of(&at)), ..Page::default() })
    };
    match response.status {
        400 if at.count(access) > SMALL_PAGE && said().contains("service level") => again(
            At { count: Some(SMALL_PAGE), ..at.clone() },
            "the key's service level does not allow the page size: going on with 25",
        ),
        400 | 401 | 403 if at.cursor.is_some() && said().contains("cursor") => again(
            At { cursor: None, no_cursor: true, ..at.clone() },
            "a cursor needs a subscription: reading the first 5,000 hits of the year",
        ),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
