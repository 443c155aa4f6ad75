//! Crossref: ranked searching (it has no Boolean logic), look-up by DOI and full-text links.
//!
//! A search is harvested by rank to a stated number of records and never called exact. Reading goes
//! by cursor. The next cursor stands on the last page too, and is often the same as the one sent, so
//! neither tells the end: the total, an empty page or the stopping rule does. Cursors live for
//! minutes; a run that goes on later begins the list again, and what came before is recognised.

mod work;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::support::{endpoint, endpoint_of, json};
use super::{
    Access, Capabilities, Identifiers, KeyNeed, Next, Page, PageRecord, Plan, Question, Source, SourceError,
    SourceInfo, State,
};
use crate::model::{MonthWindow, SetAside};
use crate::net::{Request, Response};
use crate::query::{self, Platform};

/// DOIs asked for at once, and how long they may be together (bytes).
const BATCH: (usize, usize) = (40, 3_000);
/// How often a dead cursor may begin the list again.
const RESTARTS: u32 = 3;

static INFO: SourceInfo = SourceInfo {
    id: "crossref",
    title: "Crossref",
    base_url: "https://api.crossref.org",
    key: KeyNeed::None,
    // Lists: 1 a second for everybody, 3 in the polite pool (December 2025).
    requests_per_second: 1.0,
    burst: 1,
    concurrency: 1,
    page_size: 250,
    max_page_size: 1_000,
    platform: Some(Platform::Crossref),
    ranked: true,
    gives_abstracts: true,
    can: Capabilities { search: true, cite_backward: false, cite_forward: false, look_up: true, locate: true },
};

/// The Crossref REST API.
pub struct Crossref;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum At {
    List(List),
    /// Works by DOI, in one request.
    Batch {
        dois: Vec<String>,
    },
    /// One work, for its record.
    Work {
        doi: String,
    },
    /// One work, for its links.
    Locate {
        doi: String,
    },
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct List {
    query: String,
    filter: String,
    /// `*` begins.
    cursor: String,
    /// Records that arrived before.
    arrived: u64,
    /// The stopping rule.
    most: u64,
    /// The first DOI of the page before: the same again is a list that goes round.
    #[serde(skip_serializing_if = "Option::is_none")]
    first: Option<String>,
    #[serde(skip_serializing_if = "is_zero")]
    restarts: u32,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl List {
    fn rows(&self, access: &Access) -> u64 {
        let size = u64::from(access.page_size.clamp(1, INFO.max_page_size));
        size.min(self.most.saturating_sub(self.arrived).max(1))
    }
}

impl Source for Crossref {
    fn info(&self) -> &'static SourceInfo {
        &INFO
    }

    fn search(&self, _access: &Access, question: &Question<'_>) -> Result<Plan, SourceError> {
        let rendered = query::render(question.query, Platform::Crossref);
        if rendered.query.is_empty() {
            return Err(SourceError::Unsupported("nothing of this query can be asked of Crossref".into()));
        }
        let (filter, window_exact) = window_filter(question.window);
        let query = rendered.query;
        let list = List { query, filter, cursor: "*".into(), most: question.max_records, ..List::default() };
        Ok(Plan {
            queries: vec![list.query.clone()],
            query_exact: false,
            window_exact,
            warnings: rendered.warnings,
            states: if list.most == 0 { Vec::new() } else { vec![State::of(&At::List(list))] },
        })
    }

    fn look_up(&self, _access: &Access, dois: &[String]) -> Result<Vec<State>, SourceError> {
        // A comma divides filters; a DOI that has one is asked for alone.
        let (plain, odd): (Vec<&String>, Vec<&String>) = dois.iter().partition(|doi| !doi.contains(','));
        let single = odd.into_iter().map(|doi| At::Work { doi: doi.clone() });
        Ok(batches(&plain).into_iter().map(|dois| At::Batch { dois }).chain(single).map(|at| State::of(&at)).collect())
    }

    fn locate(&self, _access: &Access, identifiers: &Identifiers) -> Result<Option<State>, SourceError> {
        Ok(identifiers.doi.clone().map(|doi| State::of(&At::Locate { doi })))
    }

    fn next_request(&self, access: &Access, state: &State) -> Result<Request, SourceError> {
        let mut url = match state.read()? {
            At::List(list) => list_address(access, &list),
            At::Batch { dois } => {
                let mut url = endpoint(&access.base_url, &["works"]);
                let filter = dois.iter().map(|doi| format!("doi:{doi}")).collect::<Vec<_>>().join(",");
                let rows = dois.len().max(1).to_string();
                url.query_pairs_mut().append_pair("filter", &filter).append_pair("rows", &rows);
                url
            }
            At::Work { doi } | At::Locate { doi } => endpoint_of(&access.base_url, &["works"], &doi),
        };
        if let Some(contact) = &access.contact {
            url.query_pairs_mut().append_pair("mailto", contact);
        }
        Ok(Request::get(url).header("accept", "application/json"))
    }

    fn parse(&self, access: &Access, state: &State, response: &Response) -> Result<Page, SourceError> {
        match state.read()? {
            At::List(list) => parse_list(access, list, response),
            At::Batch { dois } => parse_batch(&dois, response),
            At::Work { doi } => parse_work(&doi, response),
            At::Locate { .. } => parse_locations(response),
        }
    }
}

/// Crossref takes a work dated to the year for one of its first of January; so the year's beginning
/// stands in for a month within it, and what comes too much is removed by the window itself.
fn window_filter(window: MonthWindow) -> (String, bool) {
    let from = window.from.map(|from| format!("from-pub-date:{:04}", from.year));
    let to = window.to.map(|to| format!("until-pub-date:{to}"));
    let exact = window.from.is_none_or(|from| from.month == 1);
    ([from, to].into_iter().flatten().collect::<Vec<_>>().join(","), exact)
}

fn batches(dois: &[&String]) -> Vec<Vec<String>> {
    let mut batches: Vec<(Vec<String>, usize)> = Vec::new();
    for doi in dois {
        // Three characters for each that is escaped, and `doi:` with a comma.
        let length = doi.bytes().map(|byte| if byte.is_ascii_alphanumeric() { 1 } else { 3 }).sum::<usize>() + 9;
        match batches.last_mut() {
            Some((batch, total)) if batch.len() < BATCH.0 && *total + length <= BATCH.1 => {
                batch.push((*doi).clone());
                *total += length;
            }
            _ => batches.push((vec![(*doi).clone()], length)),
        }
    }
    batches.into_iter().map(|(batch, _)| batch).collect()
}

fn list_address(access: &Access, list: &List) -> url::Url {
    let mut url = endpoint(&access.base_url, &["works"]);
    {
        let mut pairs = url.query_pairs_mut();
        pairs.append_pair("query.bibliographic", &list.query);
        if !list.filter.is_empty() {
            pairs.append_pair("filter", &list.filter);
        }
        pairs.append_pair("rows", &list.rows(access).to_string()).append_pair("cursor", &list.cursor);
    }
    url
}

/// The message of a success; what else the envelope says is an error.
fn message(response: &Response, kind: &str) -> Result<Value, SourceError> {
    let mut body = json::body(response)?;
    let told = json::text(&body, "message-type").unwrap_or_default();
    if told != kind {
        return Err(SourceError::Shape(format!("message-type is '{told}', not '{kind}'")));
    }
    body.get_mut("message").map(Value::take).ok_or_else(|| SourceError::Shape("no message".into()))
}

/// The list's message and its items as they came.
fn list(response: &Response) -> Result<(Value, Vec<Box<RawValue>>), SourceError> {
    let message = message(response, "work-list")?;
    Ok((message, json::items(response, &["message", "items"])?))
}

/// Whether an answer says that the cursor sent is dead: 404 `cursor-invalid`, formerly 500 with an
/// exception's stack.
fn cursor_is_dead(response: &Response) -> bool {
    let said = || String::from_utf8_lossy(&response.body[..response.body.len().min(4_096)]).into_owned();
    match response.status {
        404 => said().contains("cursor-invalid"),
        500 => said().contains("clojure"),
        _ => false,
    }
}

fn parse_list(access: &Access, at: List, response: &Response) -> Result<Page, SourceError> {
    if at.cursor != "*" && at.restarts < RESTARTS && cursor_is_dead(response) {
        let again = List { cursor: "*".into(), arrived: 0, first: None, restarts: at.restarts + 1, ..at };
        return Ok(Page {
            warnings: vec!["the cursor had expired: the list is read from its beginning".into()],
            next: Next::More(State::of(&At::List(again))),
            ..Page::default()
        });
    }
    let (message, items) = list(response)?;
    let reported = message.get("total-results").and_then(json::count);
    let (records, set_aside) = json::records(&items, work::record);
    let arrived = at.arrived + items.len() as u64;
    let first = records.first().map(|record| record.record.source_key.clone());
    let mut page = Page { records, set_aside, reported, ..Page::default() };
    let wanted = reported.unwrap_or(u64::MAX).min(at.most);
    let goes_round = first.is_some() && first == at.first;
    let cursor = json::text(&message, "next-cursor");
    if goes_round {
        page.warnings.push("Crossref gave the same page again: reading ended there".into());
        return Ok(page);
    }
    // A short page ends the list only where no total says that there is more.
    let short = reported.is_none() && (items.len() as u64) < at.rows(access);
    match cursor {
        Some(cursor) if !items.is_empty() && arrived < wanted && !short => {
            page.next = Next::More(State::of(&At::List(List { cursor, arrived, first, ..at })));
        }
        _ if arrived < wanted && reported.is_some() => {
            page.warnings
                .push(format!("Crossref reported {} records and gave {arrived}", reported.unwrap_or_default()));
        }
        _ => {}
    }
    Ok(page)
}

fn parse_batch(dois: &[String], response: &Response) -> Result<Page, SourceError> {
    let (_, items) = list(response)?;
    let (mut records, set_aside) = json::records(&items, work::record);
    records.retain(|record| dois.contains(&record.record.source_key) || named(&record.record.identifiers, dois));
    Ok(Page { records, set_aside, ..Page::default() })
}

fn named(identifiers: &Identifiers, dois: &[String]) -> bool {
    identifiers.doi.as_ref().is_some_and(|doi| dois.contains(doi))
}

fn parse_work(doi: &str, response: &Response) -> Result<Page, SourceError> {
    let mut page = Page::default();
    match message(response, "work") {
        Err(SourceError::NotFound(_)) => page.warnings.push(format!("Crossref does not know {doi}")),
        Err(error) => return Err(error),
        Ok(message) => match work::record(&message) {
            Ok(record) => page.records.push(PageRecord { record, payload: response.body.clone() }),
            Err(reason) => page.set_aside.push(SetAside { reason, raw: response.body.clone(), line: None }),
        },
    }
    Ok(page)
}

fn parse_locations(response: &Response) -> Result<Page, SourceError> {
    let mut page = Page::default();
    match message(response, "work") {
        Err(SourceError::NotFound(_)) => {}
        Err(error) => return Err(error),
        Ok(message) => page.locations = work::locations(&message),
    }
    Ok(page)
}

#[cfg(test)]
mod tests;
