//! CORE v3: searching repositories' works by offset.
//!
//! Beyond 10,000 records a list has to be scrolled, which costs several times as much and needs a
//! key, so a longer list is divided by years instead. Its titles hold line breaks, its publishers
//! quotation marks, and authors of references leak into its authors.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json as value};

use super::support::offset::{Offset, Reading, wrapped};
use super::support::window::Years;
use super::support::{dates, endpoint, json, plan};
use super::{Access, Capabilities, KeyNeed, Page, Plan, Question, Source, SourceError, SourceInfo, State};
use crate::ids::normal_doi;
use crate::model::{Author, Identifiers, Location, LocationKind, PartialDate, Record, WorkType};
use crate::net::{Body, Request, Response};
use crate::query::Platform;
use crate::text::{language, real_abstract};

static INFO: SourceInfo = SourceInfo {
    id: "core",
    title: "CORE",
    base_url: "https://api.core.ac.uk/v3",
    key: KeyNeed::Optional("CORE_API_KEY"),
    // 10 a minute without a key and with a personal one 25: the lower, since the key may be any.
    requests_per_second: 0.16,
    burst: 1,
    concurrency: 1,
    page_size: 100,
    max_page_size: 100,
    platform: Some(Platform::Core),
    ranked: false,
    gives_abstracts: true,
    can: Capabilities { search: true, cite_backward: false, cite_forward: false, look_up: false, locate: true },
};

const READING: Reading = Reading { title: "CORE", reach: 10_000, by_years: true };

/// Copies of a work that are looked at for its text.
const COPIES: u32 = 10;

/// The works of CORE.
pub struct Core;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum At {
    List(Offset),
    /// Where a work's full text lies.
    Locate {
        doi: String,
    },
}

impl Source for Core {
    fn info(&self) -> &'static SourceInfo {
        &INFO
    }

    fn search(&self, _access: &Access, question: &Question<'_>) -> Result<Plan, SourceError> {
        let (years, window_exact) = Years::of(question.window);
        plan(question, Platform::Core, window_exact, |query| {
            let list = Offset::of(query, years);
            (in_years(&list), State::of(&At::List(list)))
        })
    }

    fn locate(&self, _access: &Access, identifiers: &Identifiers) -> Result<Option<State>, SourceError> {
        Ok(identifiers.doi.as_ref().map(|doi| State::of(&At::Locate { doi: doi.clone() })))
    }

    fn next_request(&self, access: &Access, state: &State) -> Result<Request, SourceError> {
        // By POST, since a strategy may be longer than an address.
        let body = match state.read()? {
            At::List(list) => value!({
                "q": in_years(&list),
                "limit": list.size(access.page_size.min(INFO.max_page_size), READING),
                "offset": list.start,
            }),
            At::Locate { doi } => {
                value!({ "q": format!("doi:\"{}\"", doi.replace(['"', '\\'], " ")), "limit": COPIES, "offset": 0 })
            }
        };
        let url = endpoint(&access.base_url, &["search", "works"]);
        let mut request = Request::post(url, Body::Json(body)).header("accept", "application/json");
        request.secret_headers = super::support::bearer(access.key.as_ref());
        Ok(request)
    }

    fn parse(&self, _access: &Access, state: &State, response: &Response) -> Result<Page, SourceError> {
        let at: At = state.read()?;
        let body = json::body(response)?;
        let total = body.get("totalHits").and_then(json::count);
        let total = total.ok_or_else(|| SourceError::Shape("totalHits is no count".into()))?;
        let items = json::items(response, &["results"])?;
        let mut page = Page::default();
        (page.records, page.set_aside) = json::records(&items, record);
        match at {
            At::List(list) => {
                list.turn(&mut page, items.len() as u64, total, READING)?;
                page.next = wrapped(page.next, At::List)?;
                Ok(page)
            }
            At::Locate { doi } => {
                let copies = page.records.into_iter().map(|found| found.record);
                let same = copies.filter(|record| record.identifiers.doi.as_ref() == Some(&doi));
                Ok(Page { locations: same.flat_map(|record| record.locations).collect(), ..Page::default() })
            }
        }
    }
}

/// The query within its years.
fn in_years(list: &Offset) -> String {
    let from = list.years.from.map(|year| format!(" AND yearPublished>={year}")).unwrap_or_default();
    let to = list.years.to.map(|year| format!(" AND yearPublished<={year}")).unwrap_or_default();
    if list.years == Years::default() { list.query.clone() } else { format!("({}){from}{to}", list.query) }
}

/// Reads a work.
///
/// # Errors
/// Why it is none, in lower case.
fn record(work: &Value) -> Result<Record, String> {
    let id = json::text(work, "id").ok_or("no id")?;
    let list = |name: &str| work.get(name).and_then(Value::as_array).into_iter().flatten();
    let source_types = json::texts(work, "documentType");
    let language = work.get("language").and_then(|known| json::text(known, "code").or_else(|| json::plain(known)));
    let publisher = json::text(work, "publisher").map(|name| name.trim_matches(['\'', '"', ' ']).to_owned());
    Ok(Record {
        source: INFO.id.into(),
        source_key: id,
        title: json::text(work, "title"),
        abstract_text: json::text(work, "abstract").and_then(|text| real_abstract(&text)),
        authors: list("authors").filter_map(|author| Author::read(&json::text(author, "name")?)).collect(),
        dates: dates_of(work),
        venue: list("journals").find_map(|journal| json::text(journal, "title")),
        publisher: publisher.filter(|name| !name.is_empty()),
        identifiers: identifiers(work),
        types: WorkType::read_all(source_types.iter().map(String::as_str)),
        source_types,
        languages: language.and_then(|word| language::code(&word)).map(str::to_owned).into_iter().collect(),
        urls: list("links").filter_map(|link| json::text(link, "url")).collect(),
        locations: json::text(work, "downloadUrl").map(location).into_iter().collect(),
        ..Record::default()
    })
}

/// The day, unless it is a year written as 1 January; the year else.
fn dates_of(work: &Value) -> Vec<PartialDate> {
    let day = json::text(work, "publishedDate").and_then(|date| dates::padded(&date));
    let year = json::text(work, "yearPublished").and_then(|year| PartialDate::read(&year));
    day.or(year).into_iter().collect()
}

fn identifiers(work: &Value) -> Identifiers {
    let journals = work.get("journals").and_then(Value::as_array).into_iter().flatten();
    let mut issn: Vec<String> = journals.flat_map(|journal| json::numbers(journal, &["identifiers"])).collect();
    issn.dedup();
    Identifiers {
        doi: json::text(work, "doi").and_then(|doi| normal_doi(&doi)),
        pmid: json::text(work, "pubmedId").filter(|pmid| pmid.bytes().all(|byte| byte.is_ascii_digit())),
        arxiv: json::text(work, "arxivId"),
        issn,
        ..Identifiers::default()
    }
}

fn location(url: String) -> Location {
    let pdf = url.to_lowercase().split(['?', '#']).next().is_some_and(|path| path.ends_with(".pdf"));
    Location { url, kind: if pdf { LocationKind::Pdf } else { LocationKind::Unknown }, licence: None, version: None }
}
