//! Springer Nature's metadata: searching by record number, counted from 1.
//!
//! Its answers repeat the key, in `apiKey` and in the address of the next page; both are passed over
//! here and struck out of what is archived. Limits on years need a premium plan, so the years are
//! left to the local match.

use serde_json::Value;

use super::support::offset::{Offset, Reading};
use super::support::window::Years;
use super::support::{endpoint, json, plan};
use super::{Access, Capabilities, KeyNeed, Page, Plan, Question, Source, SourceError, SourceInfo, State};
use crate::ids::normal_doi;
use crate::model::{Author, Identifiers, Location, LocationKind, PartialDate, Record, WorkType};
use crate::net::{Request, Response};
use crate::query::Platform;
use crate::text::{language, real_abstract};

static INFO: SourceInfo = SourceInfo {
    id: "springer",
    title: "Springer Nature",
    base_url: "https://api.springernature.com",
    key: KeyNeed::Required("SPRINGER_API_KEY"),
    // Quotas stand behind its portal.
    requests_per_second: 1.0,
    burst: 1,
    concurrency: 1,
    // More than 25 at once needs a premium plan.
    page_size: 25,
    max_page_size: 100,
    platform: Some(Platform::Springer),
    ranked: false,
    gives_abstracts: true,
    can: Capabilities { search: true, cite_backward: false, cite_forward: false, look_up: false, locate: false },
};

const READING: Reading = Reading { title: "Springer Nature", reach: u64::MAX, by_years: false };

/// The Springer Nature meta API.
pub struct Springer;

impl Source for Springer {
    fn info(&self) -> &'static SourceInfo {
        &INFO
    }

    fn search(&self, _access: &Access, question: &Question<'_>) -> Result<Plan, SourceError> {
        plan(question, Platform::Springer, question.window.is_open(), |query| {
            let list = Offset::of(query, Years::default());
            (list.query.clone(), State::of(&list))
        })
    }

    fn next_request(&self, access: &Access, state: &State) -> Result<Request, SourceError> {
        let list: Offset = state.read()?;
        let Some(key) = access.key.clone() else { return Err(SourceError::KeyMissing("SPRINGER_API_KEY".into())) };
        let mut url = endpoint(&access.base_url, &["meta", "v2", "json"]);
        url.query_pairs_mut()
            .append_pair("q", &list.query)
            .append_pair("s", &(list.start + 1).to_string())
            .append_pair("p", &list.size(access.page_size, READING).to_string());
        let mut request = Request::get(url).header("accept", "application/json");
        request.secret_query.push(("api_key".into(), key));
        Ok(request)
    }

    fn parse(&self, _access: &Access, state: &State, response: &Response) -> Result<Page, SourceError> {
        let list: Offset = state.read()?;
        let body = json::body(response)?;
        let total = body.pointer("/result/0/total").and_then(json::count);
        let total = total.ok_or_else(|| SourceError::Shape("result[0].total is no count".into()))?;
        let items = json::items(response, &["records"])?;
        let mut page = Page::default();
        (page.records, page.set_aside) = json::records(&items, record);
        list.turn(&mut page, items.len() as u64, total, READING)?;
        Ok(page)
    }
}

/// Reads a record.
///
/// # Errors
/// Why it is none, in lower case.
fn record(known: &Value) -> Result<Record, String> {
    let doi = json::text(known, "doi").or_else(|| json::text(known, "identifier")).and_then(|doi| normal_doi(&doi));
    let key = doi.clone().or_else(|| json::text(known, "identifier")).ok_or("no identifier")?;
    let creators = known.get("creators").and_then(Value::as_array).into_iter().flatten();
    let mut source_types = json::texts(known, "contentType");
    source_types.extend(json::texts(known, "genre"));
    let day = ["publicationDate", "onlineDate", "printDate"].iter().filter_map(|name| json::text(known, name));
    let mut dates: Vec<PartialDate> = day.filter_map(|date| PartialDate::read(&date)).collect();
    dates.dedup();
    Ok(Record {
        source: INFO.id.into(),
        source_key: key,
        title: json::text(known, "title"),
        abstract_text: abstract_text(known),
        authors: creators.filter_map(|creator| Author::read(&json::text(creator, "creator")?)).collect(),
        dates,
        venue: json::text(known, "publicationName"),
        volume: json::text(known, "volume"),
        issue: json::text(known, "number"),
        pages: pages(known),
        publisher: json::text(known, "publisher"),
        identifiers: Identifiers {
            doi,
            issn: json::numbers(known, &["issn", "eIssn", "electronicIssn"]),
            isbn: json::numbers(known, &["isbn", "printIsbn", "electronicIsbn"]),
            ..Identifiers::default()
        },
        types: WorkType::read_all(source_types.iter().map(String::as_str)),
        source_types,
        languages: json::text(known, "language")
            .and_then(|word| language::code(&word))
            .map(str::to_owned)
            .into_iter()
            .collect(),
        keywords: json::texts(known, "keyword"),
        locations: locations(known),
        ..Record::default()
    })
}

/// A text, or an object of a heading and paragraphs.
fn abstract_text(known: &Value) -> Option<String> {
    let told = known.get("abstract")?;
    let text = json::plain(told).unwrap_or_else(|| json::texts(told, "p").join(" "));
    real_abstract(&text)
}

fn pages(known: &Value) -> Option<String> {
    let start = json::text(known, "startingPage")?;
    Some(json::text(known, "endingPage").map_or_else(|| start.clone(), |end| format!("{start}-{end}")))
}

/// The addresses of an open text.
fn locations(known: &Value) -> Vec<Location> {
    let open = json::text(known, "openaccess").is_some_and(|said| said.eq_ignore_ascii_case("true"));
    let addresses = known.get("url").and_then(Value::as_array).into_iter().flatten().filter(|_| open);
    let place = |address: &Value| {
        let kind = match json::text(address, "format").unwrap_or_default().as_str() {
            "pdf" => LocationKind::Pdf,
            "html" => LocationKind::Html,
            _ => LocationKind::Unknown,
        };
        Some(Location { url: json::text(address, "value")?, kind, licence: None, version: Some("published".into()) })
    };
    addresses.filter_map(place).collect()
}
