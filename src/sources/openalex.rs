//! OpenAlex: searching in titles and abstracts, citation searching both ways, look-up by DOI and
//! full-text locations.
//!
//! Every list goes by cursor. The last page is an empty one; a page that is empty before as many
//! works arrived as were reported is asked for again before it is believed.

mod work;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::support::window::first_day;
use super::support::{answer, bearer, endpoint, endpoint_of, json, planned};
use super::{
    Access, Capabilities, Direction, Identifiers, KeyNeed, Next, Page, Plan, Question, Source, SourceError, SourceInfo,
    State,
};
use crate::model::MonthWindow;
use crate::net::{Request, Response};
use crate::query::{self, Kind, Node, Platform, Scope};

/// A longer request is answered with 400 (bytes of the whole address).
const LONGEST_ADDRESS: usize = 4_094;
/// What a cursor may take of that.
const CURSOR_ROOM: usize = 300;
/// DOIs asked for at once.
const BATCH: usize = 50;
/// How often an empty page is asked for again.
const EMPTY_PAGES: u32 = 3;

static INFO: SourceInfo = SourceInfo {
    id: "openalex",
    title: "OpenAlex",
    base_url: "https://api.openalex.org",
    key: KeyNeed::Optional("OPENALEX_API_KEY"),
    requests_per_second: 10.0,
    burst: 10,
    concurrency: 4,
    page_size: 100,
    max_page_size: 100,
    platform: Some(Platform::OpenAlex),
    ranked: false,
    gives_abstracts: true,
    can: Capabilities { search: true, cite_backward: true, cite_forward: true, look_up: true, locate: true },
};

/// The OpenAlex API.
pub struct OpenAlex;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum At {
    /// A list by cursor.
    List(List),
    /// A seed whose OpenAlex id is not known: the names to try for it, one after the other.
    Seed { names: Vec<String>, direction: String },
    /// One work, for its record.
    Work { name: String },
    /// One work, for where its full text lies: names to try.
    Locate { names: Vec<String> },
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct List {
    /// The parameter `search`, where full texts are asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    search: Option<String>,
    filter: String,
    /// `*` begins.
    cursor: String,
    /// Works that arrived before.
    arrived: u64,
    /// How often this page came empty.
    #[serde(skip_serializing_if = "is_zero")]
    empty: u32,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl List {
    fn of(filter: String) -> Self {
        Self { filter, cursor: "*".into(), ..Self::default() }
    }
    /// What is asked, as reports show it.
    fn text(&self) -> String {
        match (&self.search, self.filter.is_empty()) {
            (Some(search), true) => format!("search={search}"),
            (Some(search), false) => format!("search={search}&filter={}", self.filter),
            (None, _) => format!("filter={}", self.filter),
        }
    }
}

impl Source for OpenAlex {
    fn info(&self) -> &'static SourceInfo {
        &INFO
    }

    fn search(&self, access: &Access, question: &Question<'_>) -> Result<Plan, SourceError> {
        let full_text = asks_full_text(&question.query.root);
        let lists = |query: &str| search_list(query, full_text, question.window);
        let length = |list: &List| list_request(access, list).url.as_str().len() + CURSOR_ROOM;
        let room = LONGEST_ADDRESS.saturating_sub(length(&lists("")));
        // The union of the parts is the search.
        let parts = query::render_split(question.query, Platform::OpenAlex, room);
        let longest = parts.iter().map(|part| length(&lists(&part.query))).max().unwrap_or_default();
        if longest > LONGEST_ADDRESS {
            return Err(SourceError::Unsupported(format!(
                "a part of the query makes a request of {longest} bytes, and OpenAlex takes {LONGEST_ADDRESS}: divide it into several searches"
            )));
        }
        planned(parts, first_day(question.window).1, |query| {
            let list = lists(&query);
            (list.text(), State::of(&At::List(list)))
        })
    }

    fn cite(&self, _access: &Access, seed: &Identifiers, direction: Direction) -> Result<State, SourceError> {
        let at = match &seed.openalex {
            Some(id) => At::List(List::of(citation_filter(id, direction.name()))),
            None => At::Seed { names: names(seed)?, direction: direction.name().to_owned() },
        };
        Ok(State::of(&at))
    }

    fn look_up(&self, _access: &Access, dois: &[String]) -> Result<Vec<State>, SourceError> {
        // Commas and bars divide filters; a DOI that has one is asked for alone.
        let (plain, odd): (Vec<&String>, Vec<&String>) = dois.iter().partition(|doi| !doi.contains([',', '|']));
        let lists = batches(&plain).into_iter().map(|batch| At::List(List::of(format!("doi:{batch}"))));
        let single = odd.into_iter().map(|doi| At::Work { name: doi_name(doi) });
        Ok(lists.chain(single).map(|at| State::of(&at)).collect())
    }

    fn locate(&self, _access: &Access, identifiers: &Identifiers) -> Result<Option<State>, SourceError> {
        let names: Vec<String> =
            identifiers.openalex.iter().cloned().chain(names(identifiers).unwrap_or_default()).collect();
        Ok((!names.is_empty()).then(|| State::of(&At::Locate { names })))
    }

    fn next_request(&self, access: &Access, state: &State) -> Result<Request, SourceError> {
        Ok(match state.read()? {
            At::List(list) => list_request(access, &list),
            At::Work { name } => work_request(access, &name),
            At::Seed { names, .. } => {
                let mut request = work_request(access, first(&names)?);
                request.url.query_pairs_mut().append_pair("select", "id");
                request
            }
            At::Locate { names } => work_request(access, first(&names)?),
        })
    }

    fn parse(&self, _access: &Access, state: &State, response: &Response) -> Result<Page, SourceError> {
        match state.read()? {
            At::List(list) => parse_list(list, response),
            At::Work { name } => parse_work(&name, response),
            At::Seed { names, direction } => parse_seed(names, direction, response),
            At::Locate { names } => parse_locations(names, response),
        }
    }
}

fn first(names: &[String]) -> Result<&str, SourceError> {
    names.first().map(String::as_str).ok_or_else(|| SourceError::State("no name to ask for".into()))
}

/// What is searched is titles and abstracts, unless the query asks for full texts: the parameter
/// `search` has those too. Commas and bars divide filters and mean nothing within words or phrases,
/// so they become spaces. A work known to the
/// year alone is dated 1 January.
fn search_list(query: &str, full_text: bool, window: MonthWindow) -> List {
    let query = query.replace([',', '|'], " ");
    let from = first_day(window).0.map(|day| format!("from_publication_date:{day}"));
    let to = window.to.map(|to| format!("to_publication_date:{to}-{:02}", to.last_day()));
    let search = (!full_text).then(|| format!("title_and_abstract.search:{query}"));
    let filter = [search, from, to].into_iter().flatten().collect::<Vec<_>>().join(",");
    List { search: full_text.then_some(query), ..List::of(filter) }
}

fn asks_full_text(node: &Node) -> bool {
    let here = match &node.kind {
        Kind::Limit { scope: Scope::All, .. } => true,
        Kind::Limit { scope: Scope::Named(fields), .. } => fields.has(query::Field::FullText),
        _ => false,
    };
    here || node.children().into_iter().any(asks_full_text)
}

fn citation_filter(id: &str, direction: &str) -> String {
    if direction == Direction::Forward.name() { format!("cites:{id}") } else { format!("cited_by:{id}") }
}

/// The names that OpenAlex may know a work by.
fn names(identifiers: &Identifiers) -> Result<Vec<String>, SourceError> {
    let doi = identifiers.doi.as_deref().map(doi_name);
    let pmid = identifiers.pmid.as_deref().map(|pmid| format!("pmid:{pmid}"));
    let pmcid = identifiers.pmcid.as_deref().map(|pmcid| format!("pmcid:{pmcid}"));
    let names: Vec<String> = [doi, pmid, pmcid].into_iter().flatten().collect();
    if names.is_empty() {
        return Err(SourceError::NotFound("a work without OpenAlex id, DOI, PMID or PMCID".into()));
    }
    Ok(names)
}

fn doi_name(doi: &str) -> String {
    format!("https://doi.org/{doi}")
}

/// DOIs joined by bars, at most [`BATCH`] each and short enough for an address.
fn batches(dois: &[&String]) -> Vec<String> {
    let encoded = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).map(str::len).sum::<usize>() + 3;
    let mut batches: Vec<(String, usize, usize)> = Vec::new();
    for doi in dois {
        let length = encoded(doi);
        match batches.last_mut() {
            Some((batch, count, total)) if *count < BATCH && *total + length < LONGEST_ADDRESS - 600 => {
                batch.push('|');
                batch.push_str(doi);
                *count += 1;
                *total += length;
            }
            _ => batches.push(((*doi).clone(), 1, length)),
        }
    }
    batches.into_iter().map(|(batch, ..)| batch).collect()
}

fn list_request(access: &Access, list: &List) -> Request {
    let mut url = endpoint(&access.base_url, &["works"]);
    let size = access.page_size.clamp(1, INFO.max_page_size).to_string();
    {
        let mut pairs = url.query_pairs_mut();
        if let Some(search) = &list.search {
            pairs.append_pair("search", search);
        }
        if !list.filter.is_empty() {
            pairs.append_pair("filter", &list.filter);
        }
        pairs.append_pair("per_page", &size).append_pair("cursor", &list.cursor);
    }
    finished(access, url)
}

fn work_request(access: &Access, name: &str) -> Request {
    let url = endpoint_of(&access.base_url, &["works"], name);
    finished(access, url)
}

fn finished(access: &Access, mut url: url::Url) -> Request {
    if let Some(contact) = &access.contact {
        url.query_pairs_mut().append_pair("mailto", contact);
    }
    let mut request = Request::get(url).header("accept", "application/json");
    request.secret_headers = bearer(access.key.as_ref());
    request
}

/// The body as JSON. 429 stands for the pace and for the daily budget; 403 once stood for the pace.
/// Where no header tells which, the words do.
fn body(response: &Response) -> Result<Value, SourceError> {
    let error = match json::body(response) {
        Err(error @ (SourceError::Refused(_) | SourceError::Throttled { .. })) => error,
        other => return other,
    };
    let said = answer::said(response).to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| said.contains(word));
    Err(match error {
        SourceError::Throttled { .. } if says(&["budget", "daily", "credits", "quota", "insufficient"]) => {
            SourceError::QuotaSpent { until: None }
        }
        SourceError::Refused(_) if response.status == 403 && says(&["rate limit", "too many requests"]) => {
            SourceError::Throttled { retry_after_s: answer::retry_after(response) }
        }
        error => error,
    })
}

fn parse_list(list: List, response: &Response) -> Result<Page, SourceError> {
    let body = body(response)?;
    let meta = body.get("meta").ok_or_else(|| SourceError::Shape("no meta".into()))?;
    let reported = meta.get("count").and_then(json::count);
    let items = json::items(response, &["results"])?;
    let (records, set_aside) = json::records(&items, work::record);
    let cursor = json::text(meta, "next_cursor");
    let arrived = list.arrived + items.len() as u64;
    let mut page = Page { records, set_aside, reported, ..Page::default() };
    let missing = reported.is_some_and(|reported| arrived < reported);
    page.next = match cursor {
        _ if items.is_empty() && missing && list.empty < EMPTY_PAGES => {
            Next::More(State::of(&At::List(List { empty: list.empty + 1, ..list.clone() })))
        }
        // There is a cursor to go on with, and nothing comes: not the end, and not to be passed over.
        Some(_) if items.is_empty() && missing => {
            let reported = reported.unwrap_or_default();
            return Err(SourceError::Unavailable(format!("an empty page after {arrived} of {reported} works")));
        }
        Some(cursor) if !items.is_empty() && cursor == list.cursor => {
            let told = "OpenAlex gave the same cursor again: reading ended there".to_owned();
            if missing {
                page.broken = Some(told)
            } else {
                page.warnings.push(told)
            }
            Next::End
        }
        Some(_) if reported.is_some_and(|reported| arrived > reported.saturating_mul(2) + 1_000) => {
            page.broken = Some("OpenAlex gave far more works than it reported: reading ended there".into());
            Next::End
        }
        Some(cursor) if !items.is_empty() => {
            Next::More(State::of(&At::List(List { cursor, arrived, empty: 0, ..list })))
        }
        _ => Next::End,
    };
    if page.next == Next::End && missing && page.broken.is_none() {
        let reported = reported.unwrap_or_default();
        page.warnings.push(format!("OpenAlex reported {reported} works and gave {arrived}"));
    }
    Ok(page)
}

/// One work's JSON; `None` where OpenAlex does not know it (a 404 comes as a web page).
fn single(response: &Response) -> Result<Option<Value>, SourceError> {
    match body(response) {
        Ok(body) if body.get("id").is_some() => Ok(Some(body)),
        Ok(_) => Err(SourceError::Shape("the work has no id".into())),
        Err(SourceError::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

fn parse_work(name: &str, response: &Response) -> Result<Page, SourceError> {
    let mut page = Page::default();
    match single(response)? {
        None => page.warnings.push(format!("OpenAlex does not know {name}")),
        Some(body) => match work::record(&body) {
            Ok(record) => page.records.push(super::PageRecord { record, payload: response.body.clone() }),
            Err(reason) => {
                page.set_aside.push(crate::model::SetAside { reason, raw: response.body.clone(), line: None });
            }
        },
    }
    Ok(page)
}

fn parse_seed(mut names: Vec<String>, direction: String, response: &Response) -> Result<Page, SourceError> {
    let next = match single(response)? {
        Some(body) => {
            let id = body.get("id").and_then(Value::as_str).and_then(work::id);
            let id = id.ok_or_else(|| SourceError::Shape("id is no OpenAlex id".into()))?;
            At::List(List::of(citation_filter(&id, &direction)))
        }
        None if names.len() > 1 => {
            names.remove(0);
            At::Seed { names, direction }
        }
        None => {
            let told = names.first().map_or("the seed", String::as_str);
            return Err(SourceError::NotFound(format!("OpenAlex does not know {told}")));
        }
    };
    Ok(Page { next: Next::More(State::of(&next)), ..Page::default() })
}

fn parse_locations(mut names: Vec<String>, response: &Response) -> Result<Page, SourceError> {
    let mut page = Page::default();
    match single(response)? {
        Some(body) => page.locations = work::locations(&body),
        None if names.len() > 1 => {
            names.remove(0);
            page.next = Next::More(State::of(&At::Locate { names }));
        }
        None => {}
    }
    Ok(page)
}

#[cfg(test)]
mod tests;
