//! IEEE Xplore: searching the metadata by record number, counted from 1.

use serde_json::Value;

use super::support::dates::in_words;
use super::support::offset::{Offset, Reading};
use super::support::window::Years;
use super::support::{endpoint, json, plan};
use super::{Access, Capabilities, KeyNeed, Page, Plan, Question, Source, SourceError, SourceInfo, State};
use crate::ids::normal_doi;
use crate::model::{Author, Identifiers, Location, LocationKind, PartialDate, Record, WorkType};
use crate::net::{Request, Response};
use crate::query::Platform;
use crate::text::real_abstract;

static INFO: SourceInfo = SourceInfo {
    id: "ieee",
    title: "IEEE Xplore",
    base_url: "https://ieeexploreapi.ieee.org/api/v1",
    key: KeyNeed::Required("IEEE_API_KEY"),
    // A free key has 200 calls a day; its pace is unpublished.
    requests_per_second: 1.0,
    burst: 1,
    concurrency: 1,
    page_size: 200,
    max_page_size: 200,
    platform: Some(Platform::Ieee),
    ranked: false,
    gives_abstracts: true,
    can: Capabilities { search: true, cite_backward: false, cite_forward: false, look_up: false, locate: false },
};

const READING: Reading = Reading { title: "IEEE Xplore", reach: u64::MAX, by_years: false };

/// The metadata search of IEEE Xplore.
pub struct Ieee;

impl Source for Ieee {
    fn info(&self) -> &'static SourceInfo {
        &INFO
    }

    fn search(&self, _access: &Access, question: &Question<'_>) -> Result<Plan, SourceError> {
        let (years, window_exact) = Years::of(question.window);
        plan(question, Platform::Ieee, window_exact, |query| {
            let list = Offset::of(query, years);
            (list.query.clone(), State::of(&list))
        })
    }

    fn next_request(&self, access: &Access, state: &State) -> Result<Request, SourceError> {
        let list: Offset = state.read()?;
        let Some(key) = access.key.clone() else { return Err(SourceError::KeyMissing("IEEE_API_KEY".into())) };
        let mut url = endpoint(&access.base_url, &["search", "articles"]);
        {
            let mut pairs = url.query_pairs_mut();
            pairs
                .append_pair("querytext", &list.query)
                .append_pair("format", "json")
                .append_pair("start_record", &(list.start + 1).to_string())
                .append_pair("max_records", &list.size(access.page_size, READING).to_string())
                .append_pair("sort_field", "article_number")
                .append_pair("sort_order", "asc");
            list.years.from.iter().for_each(|year| _ = pairs.append_pair("start_year", &year.to_string()));
            list.years.to.iter().for_each(|year| _ = pairs.append_pair("end_year", &year.to_string()));
        }
        let mut request = Request::get(url).header("accept", "application/json");
        request.secret_query.push(("apikey".into(), key));
        Ok(request)
    }

    fn parse(&self, _access: &Access, state: &State, response: &Response) -> Result<Page, SourceError> {
        let list: Offset = state.read()?;
        let body = json::body(response)?;
        let total = body.get("total_records").and_then(json::count);
        let total = total.ok_or_else(|| SourceError::Shape("total_records is no count".into()))?;
        let items = match body.get("articles") {
            None if total == 0 => Vec::new(),
            _ => json::items(response, &["articles"])?,
        };
        let mut page = Page::default();
        (page.records, page.set_aside) = json::records(&items, record);
        list.turn(&mut page, items.len() as u64, total, READING)?;
        Ok(page)
    }
}

/// Reads an article.
///
/// # Errors
/// Why it is none, in lower case.
fn record(article: &Value) -> Result<Record, String> {
    let number = json::text(article, "article_number").ok_or("no article number")?;
    let authors = article.pointer("/authors/authors").and_then(Value::as_array).into_iter().flatten();
    let source_types = json::texts(article, "content_type");
    Ok(Record {
        source: INFO.id.into(),
        source_key: number,
        title: json::text(article, "title"),
        abstract_text: json::text(article, "abstract").and_then(|text| real_abstract(&text)),
        authors: authors.filter_map(|author| Author::read(&json::text(author, "full_name")?)).collect(),
        dates: dates(article),
        venue: json::text(article, "publication_title"),
        volume: json::text(article, "volume"),
        issue: json::text(article, "issue"),
        pages: pages(article),
        publisher: json::text(article, "publisher"),
        identifiers: Identifiers {
            doi: json::text(article, "doi").and_then(|doi| normal_doi(&doi)),
            issn: json::numbers(article, &["issn"]),
            isbn: json::numbers(article, &["isbn"]),
            ..Identifiers::default()
        },
        types: source_types.iter().filter_map(|word| kind(word)).collect(),
        source_types,
        keywords: keywords(article),
        urls: json::text(article, "html_url").into_iter().collect(),
        locations: location(article).into_iter().collect(),
        ..Record::default()
    })
}

/// Its words name what a document appeared in, not what it is.
fn kind(word: &str) -> Option<WorkType> {
    match word.to_lowercase().as_str() {
        "conferences" => Some(WorkType::ConferencePaper),
        "journals" | "magazines" | "early access" | "early access articles" => Some(WorkType::JournalArticle),
        "books" | "ebooks" => Some(WorkType::BookChapter),
        "standards" => Some(WorkType::Other),
        _ => WorkType::read(word),
    }
}

/// As exactly as the words say it; the year of publication where they name none.
fn dates(article: &Value) -> Vec<PartialDate> {
    let year = json::text(article, "publication_year").and_then(|year| PartialDate::read(&year));
    let told = json::text(article, "publication_date").map(|words| in_words(&words)).unwrap_or_default();
    if told.is_empty() { year.into_iter().collect() } else { told }
}

fn pages(article: &Value) -> Option<String> {
    let start = json::text(article, "start_page")?;
    Some(json::text(article, "end_page").map_or_else(|| start.clone(), |end| format!("{start}-{end}")))
}

/// The authors' and the indexers' terms, each once.
fn keywords(article: &Value) -> Vec<String> {
    let terms = article.get("index_terms").and_then(Value::as_object).into_iter().flatten();
    let mut keywords: Vec<String> = Vec::new();
    for word in terms.flat_map(|(_, list)| json::texts(list, "terms")) {
        if !keywords.iter().any(|known| known.eq_ignore_ascii_case(&word)) {
            keywords.push(word);
        }
    }
    keywords
}

/// The PDF, where it is open.
fn location(article: &Value) -> Option<Location> {
    let open = json::text(article, "access_type").is_some_and(|access| access.to_uppercase().contains("OPEN"));
    let url = json::text(article, "pdf_url").filter(|_| open)?;
    Some(Location { url, kind: LocationKind::Pdf, licence: None, version: Some("published".into()) })
}
