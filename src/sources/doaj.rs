//! The Directory of Open Access Journals: searching its articles by page.
//!
//! One list gives 1,000 records and no more, so a longer one is divided by years. It knows a date to
//! the month.

use serde_json::Value;

use super::support::offset::{Offset, Reading};
use super::support::window::Years;
use super::support::{endpoint_of, json, plan};
use super::{Access, Capabilities, KeyNeed, Next, Page, Plan, Question, Source, SourceError, SourceInfo, State};
use crate::ids::normal_doi;
use crate::model::{Author, Identifiers, Location, LocationKind, PartialDate, Record, WorkType};
use crate::net::{Request, Response};
use crate::query::Platform;
use crate::text::{language, real_abstract};

static INFO: SourceInfo = SourceInfo {
    id: "doaj",
    title: "DOAJ",
    base_url: "https://doaj.org/api/v4",
    key: KeyNeed::None,
    requests_per_second: 2.0,
    burst: 2,
    concurrency: 1,
    page_size: 100,
    // A larger one is cut to 100 without a word.
    max_page_size: 100,
    platform: Some(Platform::Doaj),
    ranked: false,
    gives_abstracts: true,
    can: Capabilities { search: true, cite_backward: false, cite_forward: false, look_up: false, locate: false },
};

const READING: Reading = Reading { title: "DOAJ", reach: 1_000, by_years: true };

/// The article search of DOAJ.
pub struct Doaj;

impl Source for Doaj {
    fn info(&self) -> &'static SourceInfo {
        &INFO
    }

    fn search(&self, _access: &Access, question: &Question<'_>) -> Result<Plan, SourceError> {
        let (years, window_exact) = Years::of(question.window);
        plan(question, Platform::Doaj, window_exact, |query| {
            let list = Offset::of(query, years);
            (in_years(&list), State::of(&list))
        })
    }

    fn next_request(&self, access: &Access, state: &State) -> Result<Request, SourceError> {
        let list: Offset = state.read()?;
        let size = u64::from(access.page_size.clamp(1, INFO.max_page_size));
        let mut url = endpoint_of(&access.base_url, &["search", "articles"], &in_years(&list));
        url.query_pairs_mut()
            .append_pair("page", &(list.start / size + 1).to_string())
            .append_pair("pageSize", &size.to_string())
            .append_pair("sort", "created_date:asc");
        Ok(Request::get(url).header("accept", "application/json"))
    }

    fn parse(&self, access: &Access, state: &State, response: &Response) -> Result<Page, SourceError> {
        let list: Offset = state.read()?;
        let body = json::body(response)?;
        let total = body.get("total").and_then(json::count);
        let total = total.ok_or_else(|| SourceError::Shape("total is no count".into()))?;
        let items = json::items(response, &["results"])?;
        let mut page = Page::default();
        (page.records, page.set_aside) = json::records(&items, record);
        let count = items.len() as u64;
        list.turn(&mut page, count, total, READING)?;
        // Pages are counted by their size: where one is smaller, the next would begin elsewhere.
        let size = u64::from(access.page_size.clamp(1, INFO.max_page_size));
        if count > 0 && count < size && matches!(page.next, Next::More(_)) {
            page.next = Next::End;
            page.broken = Some(format!("DOAJ gave a page of {count} records where {size} were asked for"));
        }
        Ok(page)
    }
}

/// The query within its years.
fn in_years(list: &Offset) -> String {
    match list.years.range("*", " TO ") {
        Some(range) => format!("({}) AND bibjson.year:[{range}]", list.query),
        None => list.query.clone(),
    }
}

/// Reads an article.
///
/// # Errors
/// Why it is none, in lower case.
fn record(article: &Value) -> Result<Record, String> {
    let id = json::text(article, "id").ok_or("no id")?;
    let known = article.get("bibjson").filter(|known| known.is_object()).ok_or("no bibjson")?;
    let journal = known.get("journal").unwrap_or(&Value::Null);
    let list = |name: &str| known.get(name).and_then(Value::as_array).into_iter().flatten();
    Ok(Record {
        source: INFO.id.into(),
        source_key: id,
        title: json::text(known, "title"),
        abstract_text: json::text(known, "abstract").and_then(|text| real_abstract(&text)),
        authors: list("author").filter_map(|author| Author::read(&json::text(author, "name")?)).collect(),
        dates: date(known).into_iter().collect(),
        venue: json::text(journal, "title"),
        volume: json::text(journal, "volume"),
        issue: json::text(journal, "number"),
        pages: pages(known),
        publisher: json::text(journal, "publisher"),
        identifiers: identifiers(known, journal),
        // It holds articles of journals and nothing else.
        types: vec![WorkType::JournalArticle],
        source_types: vec!["article".into()],
        languages: languages(journal),
        keywords: json::texts(known, "keywords"),
        urls: list("link").filter_map(|link| json::text(link, "url")).collect(),
        locations: list("link").filter_map(location).collect(),
        ..Record::default()
    })
}

/// The year and, where it is one, the month (`0` stands for none).
fn date(known: &Value) -> Option<PartialDate> {
    let year = json::text(known, "year")?.parse().ok()?;
    PartialDate::new(year, json::text(known, "month").and_then(|month| month.parse().ok()), None)
}

fn pages(known: &Value) -> Option<String> {
    let start = json::text(known, "start_page")?;
    match json::text(known, "end_page") {
        Some(end) if end != start => Some(format!("{start}-{end}")),
        _ => Some(start),
    }
}

fn identifiers(known: &Value, journal: &Value) -> Identifiers {
    let given = known.get("identifier").and_then(Value::as_array).into_iter().flatten();
    let doi = given
        .filter(|given| json::text(given, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("doi")))
        .find_map(|given| normal_doi(&json::text(given, "id")?));
    Identifiers { doi, issn: json::numbers(journal, &["issns"]), ..Identifiers::default() }
}

/// The journal's language, where it has only one: of several the article's is not known.
fn languages(journal: &Value) -> Vec<String> {
    let words = json::texts(journal, "language");
    match words.as_slice() {
        [only] => language::code(only).map(str::to_owned).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn location(link: &Value) -> Option<Location> {
    let kind = match json::text(link, "content_type").unwrap_or_default().to_lowercase() {
        kind if kind.contains("pdf") => LocationKind::Pdf,
        kind if kind.contains("html") => LocationKind::Html,
        _ => LocationKind::Unknown,
    };
    let full_text = json::text(link, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("fulltext"));
    let url = json::text(link, "url").filter(|_| full_text)?;
    Some(Location { url, kind, licence: None, version: Some("published".into()) })
}
