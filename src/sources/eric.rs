//! ERIC: searching, by Solr's offset. It dates records to the year.

use serde_json::Value;

use super::support::offset::{Offset, Reading};
use super::support::window::Years;
use super::support::{endpoint, json, plan, solr};
use super::{Access, Capabilities, KeyNeed, Page, Plan, Question, Source, SourceError, SourceInfo, State};
use crate::model::{Author, Identifiers, Location, LocationKind, PartialDate, Record, WorkType};
use crate::net::{Request, Response};
use crate::query::Platform;
use crate::text::{language, real_abstract};

static INFO: SourceInfo = SourceInfo {
    id: "eric",
    title: "ERIC",
    base_url: "https://api.ies.ed.gov/eric/",
    key: KeyNeed::None,
    // Its rate limit is unpublished.
    requests_per_second: 1.0,
    burst: 1,
    concurrency: 1,
    // Some texts say 20 by default and 200 at most, others 2,000: what comes is counted, not assumed.
    page_size: 200,
    max_page_size: 2_000,
    platform: Some(Platform::Eric),
    ranked: false,
    gives_abstracts: true,
    can: Capabilities { search: true, cite_backward: false, cite_forward: false, look_up: false, locate: false },
};

const READING: Reading = Reading { title: "ERIC", reach: u64::MAX, by_years: false };
const FIELDS: &str = "id,title,author,description,subject,publicationdateyear,publicationtype,source,sourceid,publisher,language,isbn,issn,url,e_fulltextauth,peerreviewed";

/// The Education Resources Information Center.
pub struct Eric;

impl Source for Eric {
    fn info(&self) -> &'static SourceInfo {
        &INFO
    }

    fn search(&self, _access: &Access, question: &Question<'_>) -> Result<Plan, SourceError> {
        let (years, window_exact) = Years::of(question.window);
        plan(question, Platform::Eric, window_exact, |query| {
            let query = match years.range("*", " TO ") {
                Some(range) => format!("({query}) AND publicationdateyear:[{range}]"),
                None => query,
            };
            (query.clone(), State::of(&Offset::of(query, Years::default())))
        })
    }

    fn next_request(&self, access: &Access, state: &State) -> Result<Request, SourceError> {
        let list: Offset = state.read()?;
        let mut url = endpoint(&access.base_url, &["eric", ""]);
        url.query_pairs_mut()
            .append_pair("search", &list.query)
            .append_pair("format", "json")
            .append_pair("fields", FIELDS)
            .append_pair("start", &list.start.to_string())
            .append_pair("rows", &list.size(access.page_size, READING).to_string());
        Ok(Request::get(url).header("accept", "application/json"))
    }

    fn parse(&self, _access: &Access, state: &State, response: &Response) -> Result<Page, SourceError> {
        solr::page(&state.read()?, response, READING, record)
    }
}

/// Reads a document.
///
/// # Errors
/// Why it is none, in lower case.
fn record(document: &Value) -> Result<Record, String> {
    let id = json::text(document, "id").ok_or("no id")?;
    let year = json::text(document, "publicationdateyear").and_then(|year| PartialDate::read(&year));
    let source_types = json::texts(document, "publicationtype");
    let languages = json::texts(document, "language");
    let full_text =
        json::text(document, "e_fulltextauth").is_some_and(|said| matches!(said.as_str(), "1" | "T" | "true"));
    Ok(Record {
        source: INFO.id.into(),
        title: json::text(document, "title"),
        abstract_text: json::text(document, "description").and_then(|text| real_abstract(&text)),
        authors: json::texts(document, "author").iter().filter_map(|name| Author::read(name)).collect(),
        dates: year.into_iter().collect(),
        venue: json::text(document, "source"),
        publisher: json::text(document, "publisher"),
        identifiers: Identifiers {
            issn: json::numbers(document, &["issn"]),
            isbn: json::numbers(document, &["isbn"]),
            other: vec![format!("eric:{id}")],
            ..Identifiers::default()
        },
        types: types(&source_types),
        source_types,
        languages: languages.iter().filter_map(|word| language::code(word)).map(str::to_owned).collect(),
        keywords: json::texts(document, "subject"),
        urls: json::texts(document, "url"),
        locations: full_text.then(|| pdf(&id)).into_iter().collect(),
        source_key: id,
        ..Record::default()
    })
}

/// Its words are `Reports - Research`, `Dissertations/Theses - Masters Theses`; beside `Journal Articles`
/// they say what an article reports.
fn types(words: &[String]) -> Vec<WorkType> {
    let first = |word: &String| word.split(['-', '/']).next().unwrap_or_default().trim().to_owned();
    let words: Vec<String> = words.iter().map(first).collect();
    let mut types = WorkType::read_all(words.iter().map(String::as_str));
    if types.contains(&WorkType::JournalArticle) {
        types.retain(|kind| *kind != WorkType::Report);
    }
    types
}

/// Where ERIC keeps the texts that it may give.
fn pdf(id: &str) -> Location {
    Location {
        url: format!("https://files.eric.ed.gov/fulltext/{id}.pdf"),
        kind: LocationKind::Pdf,
        licence: None,
        version: None,
    }
}
