//! Dimensions: searching publications by its query language, after a login.
//!
//! The key is exchanged for a token, which is kept in [`Session`](super::Session) and so in memory alone. A token that
//! ran out is asked for anew, once. A list gives 50,000 records; a longer one is divided by years.

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json as value};

use super::support::offset::{Offset, Reading, wrapped};
use super::support::window::Years;
use super::support::{endpoint, json, plan};
use super::{Access, Capabilities, KeyNeed, Next, Page, Plan, Question, Source, SourceError, SourceInfo, State};
use crate::ids::normal_doi;
use crate::model::{Author, Identifiers, PartialDate, Record, WorkType};
use crate::net::{Body, Request, Response};
use crate::query::Platform;
use crate::text::real_abstract;

static INFO: SourceInfo = SourceInfo {
    id: "dimensions",
    title: "Dimensions",
    base_url: "https://app.dimensions.ai/api",
    key: KeyNeed::Required("DIMENSIONS_API_KEY"),
    // 30 a minute.
    requests_per_second: 0.5,
    burst: 1,
    concurrency: 1,
    page_size: 500,
    max_page_size: 1_000,
    platform: Some(Platform::Dimensions),
    ranked: false,
    gives_abstracts: true,
    can: Capabilities { search: true, cite_backward: false, cite_forward: false, look_up: false, locate: false },
};

const READING: Reading = Reading { title: "Dimensions", reach: 50_000, by_years: true };
const FIELDS: &str = "id+doi+pmid+pmcid+arxiv_id+title+abstract+authors+date+year+journal+book_title+proceedings_title+publisher+volume+issue+pages+issn+isbn+type+mesh_terms+linkout";

/// The Dimensions Analytics API.
pub struct Dimensions;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct At {
    list: Offset,
    /// Whether the token was refused and another one has been asked for.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    renewed: bool,
}

impl Source for Dimensions {
    fn info(&self) -> &'static SourceInfo {
        &INFO
    }

    fn search(&self, _access: &Access, question: &Question<'_>) -> Result<Plan, SourceError> {
        let (years, window_exact) = Years::of(question.window);
        plan(question, Platform::Dimensions, window_exact, |query| {
            let list = Offset::of(query, years);
            (list.query.clone(), State::of(&At { list, renewed: false }))
        })
    }

    fn next_request(&self, access: &Access, state: &State) -> Result<Request, SourceError> {
        let at: At = state.read()?;
        let Some(key) = &access.key else { return Err(SourceError::KeyMissing("DIMENSIONS_API_KEY".into())) };
        let Some(token) = access.session.token() else {
            let mut request = Request::post(endpoint(&access.base_url, &["auth.json"]), Body::Json(value!({})));
            request.secret_json.push(("key".into(), key.clone()));
            return Ok(request.header("accept", "application/json"));
        };
        let url = endpoint(&access.base_url, &["dsl", "v2"]);
        let mut request = Request::post(url, Body::Text(asked(&at.list, access))).header("accept", "application/json");
        let jwt: SecretString = format!("JWT {}", token.expose_secret()).into();
        request.secret_headers.push(("authorization".into(), jwt));
        Ok(request)
    }

    fn parse(&self, access: &Access, state: &State, response: &Response) -> Result<Page, SourceError> {
        let at: At = state.read()?;
        if matches!(response.status, 401 | 403) && access.session.token().is_some() && !at.renewed {
            access.session.forget();
            let next = Next::More(State::of(&At { renewed: true, ..at }));
            return Ok(Page { next, ..Page::default() });
        }
        let body = json::body(response)?;
        if access.session.token().is_none() {
            let token = body.get("token").and_then(Value::as_str);
            let token = token.ok_or_else(|| SourceError::Shape("the login gave no token".into()))?;
            access.session.keep(token.to_owned().into());
            return Ok(Page { next: Next::More(state.clone()), ..Page::default() });
        }
        if let Some(told) = body.get("errors") {
            return Err(SourceError::Rejected(details(told)));
        }
        let total = body.pointer("/_stats/total_count").and_then(json::count);
        let total = total.ok_or_else(|| SourceError::Shape("_stats.total_count is no count".into()))?;
        let items = json::items(response, &["publications"])?;
        let mut page = Page::default();
        (page.records, page.set_aside) = json::records(&items, record);
        at.list.turn(&mut page, items.len() as u64, total, READING)?;
        page.next = wrapped(page.next, |list| At { list, renewed: false })?;
        Ok(page)
    }
}

/// The search in its query language, within its years.
fn asked(list: &Offset, access: &Access) -> String {
    let query = &list.query;
    let from = list.years.from.map(|year| format!("year >= {year}"));
    let to = list.years.to.map(|year| format!("year <= {year}"));
    let years: Vec<String> = from.into_iter().chain(to).collect();
    let years = if years.is_empty() { String::new() } else { format!(" where {}", years.join(" and ")) };
    let size = list.size(access.page_size.clamp(1, INFO.max_page_size), READING);
    format!("{query}{years} return publications[{FIELDS}] sort by id asc limit {size} skip {}", list.start)
}

/// What it says of a query that it does not take.
fn details(errors: &Value) -> String {
    let query = errors.get("query").unwrap_or(errors);
    let mut told = json::texts(query, "header");
    told.extend(json::texts(query, "details"));
    if told.is_empty() { errors.to_string().chars().take(300).collect() } else { told.join(": ") }
}

/// Reads a publication.
///
/// # Errors
/// Why it is none, in lower case.
fn record(publication: &Value) -> Result<Record, String> {
    let source_types = json::texts(publication, "type");
    let journal = publication.get("journal").unwrap_or(&Value::Null);
    let authors = publication.get("authors").and_then(Value::as_array).into_iter().flatten();
    let date = json::text(publication, "date").and_then(|date| PartialDate::read(&date));
    let year = || json::text(publication, "year").and_then(|year| PartialDate::read(&year));
    let series = || ["book_title", "proceedings_title"].iter().find_map(|name| json::text(publication, name));
    Ok(Record {
        source: INFO.id.into(),
        source_key: json::text(publication, "id").ok_or("no id")?,
        title: json::text(publication, "title"),
        abstract_text: json::text(publication, "abstract").and_then(|text| real_abstract(&text)),
        authors: authors.filter_map(author).collect(),
        dates: date.or_else(year).into_iter().collect(),
        venue: json::text(journal, "title").or_else(series),
        volume: json::text(publication, "volume"),
        issue: json::text(publication, "issue"),
        pages: json::text(publication, "pages"),
        publisher: json::text(publication, "publisher"),
        identifiers: Identifiers {
            doi: json::text(publication, "doi").and_then(|doi| normal_doi(&doi)),
            pmid: json::text(publication, "pmid"),
            pmcid: json::text(publication, "pmcid"),
            arxiv: json::text(publication, "arxiv_id").map(|id| id.trim_start_matches("arXiv:").to_owned()),
            issn: json::numbers(publication, &["issn"]),
            isbn: json::numbers(publication, &["isbn"]),
            ..Identifiers::default()
        },
        types: source_types.iter().filter_map(|word| kind(word)).collect(),
        source_types,
        keywords: json::texts(publication, "mesh_terms"),
        urls: json::text(publication, "linkout").into_iter().collect(),
        ..Record::default()
    })
}

fn author(author: &Value) -> Option<Author> {
    let given = json::text(author, "first_name").unwrap_or_default();
    Some(Author { family: json::text(author, "last_name")?, given, collective: false })
}

fn kind(word: &str) -> Option<WorkType> {
    match word {
        "article" => Some(WorkType::JournalArticle),
        "chapter" => Some(WorkType::BookChapter),
        "proceeding" => Some(WorkType::ConferencePaper),
        "monograph" => Some(WorkType::Book),
        _ => WorkType::read(word),
    }
}
