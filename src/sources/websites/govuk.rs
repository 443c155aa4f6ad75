//! GOV.UK: its Search API, and its Content API for where documents lie.
//!
//! The search takes plain words and ranks; there is no Boolean logic, so it is harvested to a stated
//! number and matched locally, for which the indexed text comes along. The date filter knows the
//! last major update alone: only its lower end is sent, since a page first published within the
//! window may have been updated after it, and each record says both dates.

mod content;
mod result;

use serde::{Deserialize, Serialize};

use crate::model::Identifiers;
use crate::net::{Request, Response};
use crate::query::Platform;
use crate::sources::support::{answer, endpoint, json, plan};
use crate::sources::{
    Access, Capabilities, KeyNeed, Next, Page, Plan, Question, Source, SourceError, SourceInfo, State,
};

/// What is asked for; every name stands in the API's list of fields.
const FIELDS: &str = "title,description,link,public_timestamp,first_published_at,format,content_store_document_type,\
    organisations,content_id,indexable_content";
/// What the API's own documentation shows, where it refuses the list above.
const FEWER_FIELDS: &str = "title,description,link,public_timestamp,format,organisations";

static INFO: SourceInfo = SourceInfo {
    id: "govuk",
    title: "GOV.UK",
    base_url: "https://www.gov.uk",
    key: KeyNeed::None,
    requests_per_second: 5.0,
    burst: 1,
    concurrency: 1,
    page_size: 100,
    max_page_size: 1_500,
    platform: Some(Platform::GovUk),
    ranked: true,
    gives_abstracts: true,
    can: Capabilities { search: true, cite_backward: false, cite_forward: false, look_up: false, locate: true },
};

/// The search and content APIs of GOV.UK.
pub struct GovUk;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum At {
    Search(Search),
    /// One page, for where its documents lie: its path.
    Content(String),
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Search {
    q: String,
    /// The first day of the window.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    start: u64,
    max_records: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<u64>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    fewer_fields: bool,
}

impl Source for GovUk {
    fn info(&self) -> &'static SourceInfo {
        &INFO
    }

    fn search(&self, _access: &Access, question: &Question<'_>) -> Result<Plan, SourceError> {
        plan(question, Platform::GovUk, question.window.is_open(), |q| {
            let search = Search {
                q: q.clone(),
                from: question.window.from.map(|from| format!("{from}-01")),
                max_records: question.max_records,
                ..Search::default()
            };
            (q, State::of(&At::Search(search)))
        })
    }

    fn locate(&self, _access: &Access, identifiers: &Identifiers) -> Result<Option<State>, SourceError> {
        let path = identifiers.other.iter().find_map(|other| other.strip_prefix("govuk:/"));
        Ok(path.map(|path| State::of(&At::Content(path.to_owned()))))
    }

    fn next_request(&self, access: &Access, state: &State) -> Result<Request, SourceError> {
        let mut url;
        match state.read()? {
            At::Content(path) => {
                let mut segments = vec!["api", "content"];
                segments.extend(path.split('/').filter(|segment| !segment.is_empty() && *segment != ".."));
                url = endpoint(&access.base_url, &segments);
            }
            At::Search(search) => {
                url = endpoint(&access.base_url, &["api", "search.json"]);
                let count = count(access, &search);
                let mut pairs = url.query_pairs_mut();
                pairs
                    .append_pair("q", &search.q)
                    .append_pair("count", &count.to_string())
                    .append_pair("start", &search.start.to_string())
                    .append_pair("fields", if search.fewer_fields { FEWER_FIELDS } else { FIELDS });
                if let Some(from) = &search.from {
                    pairs.append_pair("filter_public_timestamp", &format!("from:{from}"));
                }
            }
        }
        Ok(Request::get(url).header("accept", "application/json"))
    }

    fn parse(&self, access: &Access, state: &State, response: &Response) -> Result<Page, SourceError> {
        match state.read()? {
            At::Content(_) => content::page(response),
            At::Search(search) => {
                let refused_field = response.status == 422 && answer::said(response).to_lowercase().contains("field");
                if refused_field && !search.fewer_fields {
                    return Ok(Page {
                        warnings: vec![
                            "GOV.UK refused a field: first dates and indexed texts are not asked for".into(),
                        ],
                        next: Next::More(State::of(&At::Search(Search { fewer_fields: true, ..search }))),
                        ..Page::default()
                    });
                }
                hits(access, search, response)
            }
        }
    }
}

fn count(access: &Access, search: &Search) -> u64 {
    let left = search.max_records.saturating_sub(search.start);
    u64::from(access.page_size).clamp(1, u64::from(INFO.max_page_size)).min(left.max(1))
}

fn hits(access: &Access, search: Search, response: &Response) -> Result<Page, SourceError> {
    let body = json::body(response)?;
    let total =
        body.get("total").and_then(json::count).ok_or_else(|| SourceError::Shape("total is no count".into()))?;
    let items = json::items(response, &["results"])?;
    let mut page = Page { reported: search.total.is_none().then_some(total), ..Page::default() };
    if let Some(before) = search.total.filter(|before| *before != total) {
        page.warnings.push(format!("the total changed from {before} to {total} while reading"));
    }
    let came = items.len() as u64;
    if came == 0 && search.start < total.min(search.max_records) {
        return Err(SourceError::Unavailable(format!("an empty page at {} of {total}", search.start)));
    }
    let asked = count(access, &search);
    (page.records, page.set_aside) = json::records(&items, result::record);
    let start = search.start + came.min(asked);
    if start >= total {
        return Ok(page);
    }
    if start >= search.max_records {
        page.warnings.push(format!("the first {start} of {total} hits were read, by rank: the search's max_records"));
        return Ok(page);
    }
    page.next = Next::More(State::of(&At::Search(Search { start, total: Some(total), ..search })));
    Ok(page)
}

#[cfg(test)]
mod tests;
