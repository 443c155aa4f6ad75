//! Europe PMC: searching, citation searching both ways, look-up by DOI and full-text locations.
//!
//! A list goes by cursor mark; an absent mark, the same mark again or an empty page is its end.
//! Citation lists have neither abstracts nor DOIs, so each of their pages is followed by a search
//! for the same records; what that does not give is kept as the list had it.

mod citations;
mod result;

use serde::{Deserialize, Serialize};

use super::support::window::first_day;
use super::support::{endpoint, json, plan};
use super::{
    Access, Capabilities, Direction, Identifiers, KeyNeed, Next, Page, Plan, Question, Source, SourceError, SourceInfo,
    State,
};
use crate::model::{Location, MonthWindow};
use crate::net::{Body, Request, Response};
use crate::query::Platform;

/// Queries longer than this (bytes) go by POST.
const LONGEST_GET: usize = 1_500;
/// DOIs asked for at once.
const BATCH: usize = 50;
/// How often an empty page is asked for again.
const EMPTY_PAGES: u32 = 3;

static INFO: SourceInfo = SourceInfo {
    id: "europepmc",
    title: "Europe PMC",
    base_url: "https://www.ebi.ac.uk/europepmc/webservices/rest",
    key: KeyNeed::None,
    // 10 a second and 500 a minute.
    requests_per_second: 8.0,
    burst: 8,
    concurrency: 4,
    page_size: 500,
    max_page_size: 1_000,
    platform: Some(Platform::EuropePmc),
    ranked: false,
    gives_abstracts: true,
    can: Capabilities { search: true, cite_backward: true, cite_forward: true, look_up: true, locate: true },
};

/// The Europe PMC REST service.
pub struct EuropePmc;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum At {
    /// A search by cursor mark.
    List(List),
    /// A seed whose Europe PMC id is searched for by DOI.
    Seed { doi: String, direction: String },
    /// A page of works that cite or are cited.
    Cited(citations::Cited),
    /// The same works with abstracts and DOIs.
    Filled(citations::Filled),
    /// Where a work's full text lies.
    Locate { query: String },
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct List {
    query: String,
    /// `*` begins.
    cursor: String,
    /// Records that arrived before.
    arrived: u64,
    /// How often this page came empty.
    #[serde(skip_serializing_if = "is_zero")]
    empty: u32,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl List {
    fn of(query: String) -> Self {
        Self { query, cursor: "*".into(), ..Self::default() }
    }
}

impl Source for EuropePmc {
    fn info(&self) -> &'static SourceInfo {
        &INFO
    }

    fn search(&self, _access: &Access, question: &Question<'_>) -> Result<Plan, SourceError> {
        plan(question, Platform::EuropePmc, first_day(question.window).1, |query| {
            let list = List::of(in_window(query, question.window));
            (list.query.clone(), State::of(&At::List(list)))
        })
    }

    fn cite(&self, _access: &Access, seed: &Identifiers, direction: Direction) -> Result<State, SourceError> {
        let direction = direction.name().to_owned();
        let at = match (&seed.pmid, &seed.pmcid, &seed.doi) {
            (Some(pmid), ..) => At::Cited(citations::Cited::of("MED", pmid, direction)),
            (None, Some(pmcid), _) => At::Cited(citations::Cited::of("PMC", pmcid, direction)),
            (None, None, Some(doi)) => At::Seed { doi: doi.clone(), direction },
            (None, None, None) => return Err(SourceError::NotFound("a work without PMID, PMCID or DOI".into())),
        };
        Ok(State::of(&at))
    }

    fn look_up(&self, _access: &Access, dois: &[String]) -> Result<Vec<State>, SourceError> {
        let query = |dois: &[String]| dois.iter().map(|doi| doi_query(doi)).collect::<Vec<_>>().join(" OR ");
        Ok(dois.chunks(BATCH).map(|dois| State::of(&At::List(List::of(query(dois))))).collect())
    }

    fn locate(&self, _access: &Access, identifiers: &Identifiers) -> Result<Option<State>, SourceError> {
        let pmcid = identifiers.pmcid.as_ref().map(|pmcid| format!("PMCID:{pmcid}"));
        let pmid = identifiers.pmid.as_ref().map(|pmid| format!("(EXT_ID:{pmid} AND SRC:MED)"));
        let doi = identifiers.doi.as_deref().map(doi_query);
        Ok(pmcid.or(pmid).or(doi).map(|query| State::of(&At::Locate { query })))
    }

    fn next_request(&self, access: &Access, state: &State) -> Result<Request, SourceError> {
        let size = access.page_size.clamp(1, INFO.max_page_size);
        Ok(match state.read()? {
            At::List(list) => search_request(access, &list.query, "core", &list.cursor, size),
            At::Seed { doi, .. } => search_request(access, &doi_query(&doi), "idlist", "*", 2),
            At::Cited(cited) => cited.request(access),
            At::Filled(filled) => search_request(access, &filled.query(), "core", "*", INFO.max_page_size),
            At::Locate { query } => search_request(access, &query, "core", "*", 2),
        })
    }

    fn parse(&self, access: &Access, state: &State, response: &Response) -> Result<Page, SourceError> {
        match state.read()? {
            At::List(list) => parse_list(list, response),
            At::Seed { doi, direction } => parse_seed(&doi, direction, response),
            At::Cited(cited) => cited.parse(response),
            At::Filled(filled) => Ok(filled.parse(response)),
            At::Locate { .. } => parse_locations(access, response),
        }
    }
}

/// The query within the window, by the date of first publication; a record known to the year alone
/// is dated 1 January.
fn in_window(query: String, window: MonthWindow) -> String {
    if window.is_open() {
        return query;
    }
    let from = first_day(window).0.unwrap_or_else(|| "1000-01-01".to_owned());
    let to = window.to.map_or_else(|| "3000-12-31".to_owned(), |to| format!("{to}-{:02}", to.last_day()));
    format!("({query}) AND (FIRST_PDATE:[{from} TO {to}])")
}

fn doi_query(doi: &str) -> String {
    format!("DOI:\"{}\"", doi.replace(['"', '\\'], " "))
}

fn search_request(access: &Access, query: &str, kind: &str, cursor: &str, size: u32) -> Request {
    let size = size.to_string();
    let pairs = [
        ("query", query),
        ("resultType", kind),
        ("cursorMark", cursor),
        ("pageSize", size.as_str()),
        ("format", "json"),
        ("synonym", "FALSE"),
    ];
    let mut pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    pairs.extend(access.contact.clone().map(|contact| ("email".to_owned(), contact)));
    if query.len() > LONGEST_GET {
        return Request::post(endpoint(&access.base_url, &["searchPOST"]), Body::Form(pairs))
            .header("accept", "application/json");
    }
    let mut url = endpoint(&access.base_url, &["search"]);
    url.query_pairs_mut().extend_pairs(pairs);
    Request::get(url).header("accept", "application/json")
}

fn parse_list(list: List, response: &Response) -> Result<Page, SourceError> {
    let found = result::list(response)?;
    let arrived = list.arrived + found.count;
    let missing = arrived < found.reported;
    let mut page =
        Page { records: found.records, set_aside: found.set_aside, reported: Some(found.reported), ..Page::default() };
    page.next = match found.cursor {
        _ if found.count == 0 && missing && list.empty < EMPTY_PAGES => {
            Next::More(State::of(&At::List(List { empty: list.empty + 1, ..list })))
        }
        // A cursor mark to go on with, and nothing comes: not the end, and not to be passed over.
        Some(cursor) if found.count == 0 && missing && cursor != list.cursor => {
            let told = format!("an empty page after {arrived} of {} records", found.reported);
            return Err(SourceError::Unavailable(told));
        }
        Some(cursor) if found.count > 0 && cursor != list.cursor => {
            if arrived > found.reported.saturating_mul(2) + 5_000 {
                page.broken = Some("Europe PMC gave far more records than it reported: reading ended there".into());
                Next::End
            } else {
                Next::More(State::of(&At::List(List { cursor, arrived, empty: 0, ..list })))
            }
        }
        _ => Next::End,
    };
    if page.next == Next::End && missing && page.broken.is_none() {
        page.warnings.push(format!("Europe PMC reported {} records and gave {arrived}", found.reported));
    }
    Ok(page)
}

fn parse_seed(doi: &str, direction: String, response: &Response) -> Result<Page, SourceError> {
    let body = result::body(response)?;
    let first = body.pointer("/resultList/result/0");
    let known = first.and_then(|first| Some((json::text(first, "source")?, json::text(first, "id")?)));
    let Some((source, id)) = known else {
        return Err(SourceError::NotFound(format!("Europe PMC does not know {doi}")));
    };
    let next = At::Cited(citations::Cited::of(&source, &id, direction));
    Ok(Page { next: Next::More(State::of(&next)), ..Page::default() })
}

/// The text in JATS first, where it is open; then the addresses that Europe PMC lists.
fn parse_locations(access: &Access, response: &Response) -> Result<Page, SourceError> {
    let body = result::body(response)?;
    let results = body.pointer("/resultList/result").and_then(serde_json::Value::as_array);
    let mut locations: Vec<Location> = Vec::new();
    for found in results.into_iter().flatten() {
        locations.extend(result::jats(found, &access.base_url));
        locations.extend(result::locations(found));
    }
    locations.dedup_by(|one, other| one.url == other.url);
    Ok(Page { locations, ..Page::default() })
}

#[cfg(test)]
mod tests;
