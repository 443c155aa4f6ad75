//! Lens: searching scholarly works by scroll.
//!
//! A scroll's id changes with each answer and lives a minute; its end is 204, an empty list may be
//! 404. The pace is told in headers that count what is left of the minute.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json as value};

use super::support::window::Years;
use super::support::{answer, bearer, endpoint, json, plan};
use super::{Access, Capabilities, KeyNeed, Next, Page, Plan, Question, Source, SourceError, SourceInfo, State};
use crate::ids::normal_doi;
use crate::model::{Author, Identifiers, Location, LocationKind, PartialDate, Record, WorkType};
use crate::net::{Body, Request, Response};
use crate::query::Platform;
use crate::text::{language, real_abstract};

static INFO: SourceInfo = SourceInfo {
    id: "lens",
    title: "Lens",
    base_url: "https://api.lens.org",
    key: KeyNeed::Required("LENS_API_TOKEN"),
    // 10 a minute by the usual plan.
    requests_per_second: 0.16,
    burst: 1,
    concurrency: 1,
    page_size: 500,
    max_page_size: 1_000,
    platform: Some(Platform::Lens),
    ranked: false,
    gives_abstracts: true,
    can: Capabilities { search: true, cite_backward: false, cite_forward: false, look_up: false, locate: false },
};

const FIELDS: &[&str] = &[
    "lens_id",
    "external_ids",
    "title",
    "abstract",
    "authors",
    "date_published",
    "year_published",
    "source",
    "volume",
    "issue",
    "start_page",
    "end_page",
    "publication_type",
    "keywords",
    "mesh_terms",
    "languages",
    "open_access",
];

/// The scholarly search of Lens.
pub struct Lens;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct At {
    query: String,
    years: Years,
    #[serde(skip_serializing_if = "Option::is_none")]
    scroll: Option<String>,
    /// Records that arrived before.
    arrived: u64,
    total: u64,
}

impl Source for Lens {
    fn info(&self) -> &'static SourceInfo {
        &INFO
    }

    fn search(&self, _access: &Access, question: &Question<'_>) -> Result<Plan, SourceError> {
        let (years, window_exact) = Years::of(question.window);
        plan(question, Platform::Lens, window_exact, |query| {
            (query.clone(), State::of(&At { query, years, ..At::default() }))
        })
    }

    fn next_request(&self, access: &Access, state: &State) -> Result<Request, SourceError> {
        let at: At = state.read()?;
        if access.key.is_none() {
            return Err(SourceError::KeyMissing("LENS_API_TOKEN".into()));
        }
        let body = match &at.scroll {
            Some(scroll) => value!({ "scroll_id": scroll, "scroll": "1m", "include": FIELDS }),
            None => value!({
                "query": { "bool": { "must": wanted(&at) } },
                "stemming": false,
                "size": access.page_size.clamp(1, INFO.max_page_size),
                "scroll": "1m",
                "include": FIELDS,
            }),
        };
        let url = endpoint(&access.base_url, &["scholarly", "search"]);
        let mut request = Request::post(url, Body::Json(body)).header("accept", "application/json");
        request.secret_headers = bearer(access.key.as_ref());
        Ok(request)
    }

    fn parse(&self, _access: &Access, state: &State, response: &Response) -> Result<Page, SourceError> {
        let at: At = state.read()?;
        let first = at.scroll.is_none();
        if response.status == 204 || first && response.status == 404 {
            return ended(&at, first);
        }
        if response.status == 429 {
            let wait = response.header("x-rate-limit-retry-after-seconds").and_then(|wait| wait.trim().parse().ok());
            return Err(SourceError::Throttled { retry_after_s: wait.or_else(|| answer::retry_after(response)) });
        }
        let body = json::body(response)?;
        let total = body.get("total").and_then(json::count);
        let total = total.ok_or_else(|| SourceError::Shape("total is no count".into()))?;
        let items = json::items(response, &["data"])?;
        let (records, set_aside) = json::records(&items, record);
        let arrived = at.arrived + items.len() as u64;
        let mut page = Page { records, set_aside, reported: first.then_some(total), ..Page::default() };
        match body.get("scroll_id").and_then(Value::as_str) {
            Some(scroll) if arrived < total && !items.is_empty() => {
                let next = At { scroll: Some(scroll.to_owned()), arrived, total, ..at };
                page.next = Next::More(State::of(&next));
            }
            _ if arrived < total => {
                page.broken = Some(format!("Lens reported {total} records and its scroll ended after {arrived}"));
            }
            _ => {}
        }
        Ok(page)
    }
}

/// What an answer without content stands for.
fn ended(at: &At, first: bool) -> Result<Page, SourceError> {
    let mut page = Page { reported: first.then_some(0), ..Page::default() };
    if at.arrived < at.total {
        page.broken = Some(format!("Lens reported {} records and its scroll ended after {}", at.total, at.arrived));
    }
    Ok(page)
}

fn wanted(at: &At) -> Vec<Value> {
    let mut wanted = vec![value!({ "query_string": {
        "query": at.query, "fields": ["title", "abstract", "keyword", "mesh_term.mesh_heading"], "default_operator": "and",
    } })];
    if at.years != Years::default() {
        let mut range = serde_json::Map::new();
        at.years.from.iter().for_each(|year| _ = range.insert("gte".into(), (*year).into()));
        at.years.to.iter().for_each(|year| _ = range.insert("lte".into(), (*year).into()));
        wanted.push(value!({ "range": { "year_published": range } }));
    }
    wanted
}

/// Reads a work.
///
/// # Errors
/// Why it is none, in lower case.
fn record(work: &Value) -> Result<Record, String> {
    let source = work.get("source").unwrap_or(&Value::Null);
    let list = |name: &str| work.get(name).and_then(Value::as_array).into_iter().flatten();
    let source_types = json::texts(work, "publication_type");
    let date = json::text(work, "date_published").and_then(|date| PartialDate::read(&date));
    let year = || json::text(work, "year_published").and_then(|year| PartialDate::read(&year));
    let mut keywords = json::texts(work, "keywords");
    keywords.extend(list("mesh_terms").filter_map(|term| json::text(term, "mesh_heading")));
    Ok(Record {
        source: INFO.id.into(),
        source_key: json::text(work, "lens_id").ok_or("no lens_id")?,
        title: json::text(work, "title"),
        abstract_text: json::text(work, "abstract").and_then(|text| real_abstract(&text)),
        authors: list("authors").filter_map(author).collect(),
        dates: date.or_else(year).into_iter().collect(),
        venue: json::text(source, "title"),
        volume: json::text(work, "volume"),
        issue: json::text(work, "issue"),
        pages: pages(work),
        publisher: json::text(source, "publisher"),
        identifiers: identifiers(work, source),
        types: WorkType::read_all(source_types.iter().map(String::as_str)),
        source_types,
        languages: json::texts(work, "languages")
            .iter()
            .filter_map(|word| language::code(word))
            .map(str::to_owned)
            .collect(),
        keywords,
        locations: locations(work),
        ..Record::default()
    })
}

fn author(author: &Value) -> Option<Author> {
    if let Some(name) = json::text(author, "collective_name") {
        return Some(Author::collective(&name));
    }
    let given = json::text(author, "first_name").or_else(|| json::text(author, "initials")).unwrap_or_default();
    Some(Author { family: json::text(author, "last_name")?, given, collective: false })
}

fn pages(work: &Value) -> Option<String> {
    let start = json::text(work, "start_page")?;
    Some(json::text(work, "end_page").map_or_else(|| start.clone(), |end| format!("{start}-{end}")))
}

fn identifiers(work: &Value, source: &Value) -> Identifiers {
    let named = |kind: &str| {
        let given = work.get("external_ids").and_then(Value::as_array).into_iter().flatten();
        given
            .filter(|id| json::text(id, "type").is_some_and(|told| told.eq_ignore_ascii_case(kind)))
            .find_map(|id| json::text(id, "value"))
    };
    let issn = source.get("issn").and_then(Value::as_array).into_iter().flatten();
    Identifiers {
        doi: named("doi").and_then(|doi| normal_doi(&doi)),
        pmid: named("pmid"),
        pmcid: named("pmcid").map(|id| format!("PMC{}", id.trim_start_matches("PMC"))),
        openalex: named("openalex"),
        issn: issn.flat_map(|issn| json::numbers(issn, &["value"])).collect(),
        ..Identifiers::default()
    }
}

fn locations(work: &Value) -> Vec<Location> {
    let open = work.get("open_access").unwrap_or(&Value::Null);
    let licence = json::text(open, "license");
    let places = open.get("locations").and_then(Value::as_array).into_iter().flatten();
    let pdfs = places.flat_map(|place| json::texts(place, "pdf_urls"));
    pdfs.map(|url| Location { url, kind: LocationKind::Pdf, licence: licence.clone(), version: None }).collect()
}
