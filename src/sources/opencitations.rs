//! OpenCitations: citation searching both ways, by the Index; what is found is described by Meta.
//!
//! The Index gives a whole list at once, of identifiers alone. Meta is then asked for titles; what it
//! does not know stays a record of its identifiers, to be filled by DOI from another source.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::support::{endpoint_of, json};
use super::{
    Access, Capabilities, Direction, Identifiers, KeyNeed, Next, Page, PageRecord, Source, SourceError, SourceInfo,
    State,
};
use crate::ids::normal_doi;
use crate::model::{Author, PartialDate, Record, WorkType};
use crate::net::{Request, Response};

/// Works described at once: their identifiers stand in the address.
const BATCH: usize = 20;

static INFO: SourceInfo = SourceInfo {
    id: "opencitations",
    title: "OpenCitations",
    base_url: "https://api.opencitations.net",
    key: KeyNeed::Optional("OPENCITATIONS_TOKEN"),
    // 180 a minute.
    requests_per_second: 2.5,
    burst: 2,
    concurrency: 1,
    page_size: 20,
    max_page_size: 20,
    platform: None,
    ranked: false,
    gives_abstracts: false,
    can: Capabilities { search: false, cite_backward: true, cite_forward: true, look_up: false, locate: false },
};

/// The OpenCitations Index and Meta.
pub struct OpenCitations;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum At {
    /// The list of a seed, by `doi:…` or `pmid:…`.
    Cited { seed: String, direction: String },
    /// The works of that list still to be described, each as the Index names it.
    Described { works: Vec<String> },
}

impl Source for OpenCitations {
    fn info(&self) -> &'static SourceInfo {
        &INFO
    }

    fn cite(&self, _access: &Access, seed: &Identifiers, direction: Direction) -> Result<State, SourceError> {
        let doi = seed.doi.as_ref().map(|doi| format!("doi:{doi}"));
        let seed = doi.or_else(|| seed.pmid.as_ref().map(|pmid| format!("pmid:{pmid}")));
        let seed = seed.ok_or_else(|| SourceError::NotFound("a work without DOI or PMID".into()))?;
        Ok(State::of(&At::Cited { seed, direction: direction.name().to_owned() }))
    }

    fn next_request(&self, access: &Access, state: &State) -> Result<Request, SourceError> {
        let url = match state.read()? {
            At::Cited { seed, direction } => {
                let list = if direction == Direction::Forward.name() { "citations" } else { "references" };
                endpoint_of(&access.base_url, &["index", "v2", list], &seed)
            }
            At::Described { works } => {
                let names: Vec<&str> = works.iter().take(BATCH).filter_map(|work| best_name(work)).collect();
                endpoint_of(&access.base_url, &["meta", "v1", "metadata"], &names.join("__"))
            }
        };
        let mut request = Request::get(url).header("accept", "application/json");
        request.secret_headers.extend(access.key.clone().map(|key| ("authorization".to_owned(), key)));
        Ok(request)
    }

    fn parse(&self, _access: &Access, state: &State, response: &Response) -> Result<Page, SourceError> {
        match state.read()? {
            At::Cited { direction, .. } => parse_cited(&direction, response),
            At::Described { works } => parse_described(works, response),
        }
    }
}

/// One name out of `omid:br/… doi:… pmid:…`, the surest first; a bare DOI (version 1) as one.
fn best_name(work: &str) -> Option<&str> {
    let names = || work.split_whitespace();
    ["doi:", "pmid:", "omid:"]
        .iter()
        .find_map(|scheme| names().find(|name| name.starts_with(scheme)))
        .or_else(|| names().next())
}

fn parse_cited(direction: &str, response: &Response) -> Result<Page, SourceError> {
    let body = json::body(response)?;
    let listed = body.as_array().ok_or_else(|| SourceError::Shape("the list is not an array".into()))?;
    let member = if direction == Direction::Forward.name() { "citing" } else { "cited" };
    let mut works: Vec<String> = Vec::new();
    for citation in listed {
        let work = json::text(citation, member);
        let work = work.ok_or_else(|| SourceError::Shape(format!("a citation without {member}")))?;
        // Version 1 names works by bare DOIs.
        let work = if work.contains(':') && !work.starts_with("10.") { work } else { format!("doi:{work}") };
        if !works.contains(&work) {
            works.push(work);
        }
    }
    let mut page = Page { reported: Some(works.len() as u64), ..Page::default() };
    if !works.is_empty() {
        page.next = Next::More(State::of(&At::Described { works }));
    }
    Ok(page)
}

fn parse_described(mut works: Vec<String>, response: &Response) -> Result<Page, SourceError> {
    let rest = works.split_off(BATCH.min(works.len()));
    let described = match json::body(response) {
        Ok(body) => body,
        // What it knows nothing of is no failure: the identifiers are there.
        Err(SourceError::NotFound(_)) => Value::Array(Vec::new()),
        Err(error) => return Err(error),
    };
    let described = described.as_array().ok_or_else(|| SourceError::Shape("the metadata are not an array".into()))?;
    let mut page = Page::default();
    for work in &works {
        let known = described.iter().find(|known| {
            let names = json::text(known, "id").unwrap_or_default().to_lowercase();
            names.split_whitespace().any(|name| work.to_lowercase().split_whitespace().any(|other| other == name))
        });
        let record = record(work, known.unwrap_or(&Value::Null));
        let payload = known.map_or_else(|| Value::String(work.clone()), Clone::clone).to_string().into_bytes();
        page.records.push(PageRecord { record, payload });
    }
    if !rest.is_empty() {
        page.next = Next::More(State::of(&At::Described { works: rest }));
    }
    Ok(page)
}

/// A record of a work's names and what Meta says of it.
fn record(work: &str, known: &Value) -> Record {
    let names = format!("{work} {}", json::text(known, "id").unwrap_or_default());
    let name = |scheme: &str| names.split_whitespace().find_map(|name| name.strip_prefix(scheme)).map(str::to_owned);
    let doi = name("doi:").and_then(|doi| normal_doi(&doi));
    let source_types = json::texts(known, "type");
    let venue = json::text(known, "venue");
    Record {
        source: INFO.id.into(),
        source_key: name("omid:").or_else(|| doi.clone()).unwrap_or_else(|| work.to_owned()),
        title: json::text(known, "title"),
        authors: authors(known),
        dates: json::text(known, "pub_date").and_then(|date| PartialDate::read(&date)).into_iter().collect(),
        volume: json::text(known, "volume"),
        issue: json::text(known, "issue"),
        pages: json::text(known, "page"),
        publisher: json::text(known, "publisher").map(|name| without_names(&name)),
        identifiers: Identifiers {
            doi,
            pmid: name("pmid:"),
            openalex: name("openalex:").filter(|id| id.starts_with('W')),
            issn: venue.as_deref().map(issn).unwrap_or_default(),
            ..Identifiers::default()
        },
        venue: venue.map(|venue| without_names(&venue)),
        types: WorkType::read_all(source_types.iter().map(String::as_str)),
        source_types,
        ..Record::default()
    }
}

/// `Peroni, Silvio [orcid:… omid:…]; Shotton, David […]`.
fn authors(known: &Value) -> Vec<Author> {
    let listed = json::text(known, "author").unwrap_or_default();
    listed.split(';').filter_map(|author| Author::read(&without_names(author))).collect()
}

/// A name without the identifiers in brackets behind it.
fn without_names(text: &str) -> String {
    text.split('[').next().unwrap_or_default().trim().to_owned()
}

fn issn(venue: &str) -> Vec<String> {
    let names = venue.split(['[', ']', ' ']).filter_map(|name| name.strip_prefix("issn:"));
    names.map(|number| number.replace('-', "").to_uppercase()).collect()
}
