//! PLOS: searching, by Solr's offset.
//!
//! Its limits are unpublished: 10 requests a minute is the figure of its old terms of use, kept here
//! as the cautious one.

use serde_json::Value;

use super::support::offset::{Offset, Reading};
use super::support::window::{Years, days};
use super::support::{endpoint, json, plan, solr};
use super::{Access, Capabilities, KeyNeed, Page, Plan, Question, Source, SourceError, SourceInfo, State};
use crate::ids::normal_doi;
use crate::model::{Author, Identifiers, PartialDate, Record, WorkType};
use crate::net::{Request, Response};
use crate::query::Platform;
use crate::text::real_abstract;

static INFO: SourceInfo = SourceInfo {
    id: "plos",
    title: "PLOS",
    base_url: "https://api.plos.org",
    key: KeyNeed::None,
    requests_per_second: 0.16,
    burst: 1,
    concurrency: 1,
    page_size: 100,
    max_page_size: 500,
    platform: Some(Platform::Plos),
    ranked: false,
    gives_abstracts: true,
    can: Capabilities { search: true, cite_backward: false, cite_forward: false, look_up: false, locate: false },
};

const READING: Reading = Reading { title: "PLOS", reach: u64::MAX, by_years: false };
const FIELDS: &str = "id,title_display,abstract,author_display,journal,publication_date,volume,issue,elocation_id,eissn,article_type,subject";

/// The PLOS search service.
pub struct Plos;

impl Source for Plos {
    fn info(&self) -> &'static SourceInfo {
        &INFO
    }

    fn search(&self, _access: &Access, question: &Question<'_>) -> Result<Plan, SourceError> {
        let days = days(question.window);
        plan(question, Platform::Plos, true, |query| {
            let query = match &days {
                Some((from, to)) => format!("({query}) AND publication_date:[{from}T00:00:00Z TO {to}T23:59:59Z]"),
                None => query,
            };
            (query.clone(), State::of(&Offset::of(query, Years::default())))
        })
    }

    fn next_request(&self, access: &Access, state: &State) -> Result<Request, SourceError> {
        let list: Offset = state.read()?;
        let mut url = endpoint(&access.base_url, &["search"]);
        url.query_pairs_mut()
            .append_pair("q", &list.query)
            // Besides whole articles its index holds their sections.
            .append_pair("fq", "doc_type:full")
            .append_pair("fl", FIELDS)
            .append_pair("sort", "id asc")
            .append_pair("start", &list.start.to_string())
            .append_pair("rows", &list.size(access.page_size, READING).to_string())
            .append_pair("wt", "json");
        Ok(Request::get(url).header("accept", "application/json"))
    }

    fn parse(&self, _access: &Access, state: &State, response: &Response) -> Result<Page, SourceError> {
        solr::page(&state.read()?, response, READING, record)
    }
}

/// Reads an article.
///
/// # Errors
/// Why it is none, in lower case.
fn record(article: &Value) -> Result<Record, String> {
    let id = json::text(article, "id").ok_or("no id")?;
    let doi = normal_doi(&id);
    let source_types = json::texts(article, "article_type");
    Ok(Record {
        source: INFO.id.into(),
        title: json::text(article, "title_display").or_else(|| json::text(article, "title")),
        abstract_text: real_abstract(&json::texts(article, "abstract").join(" ")),
        authors: json::texts(article, "author_display").iter().filter_map(|name| Author::read(name)).collect(),
        dates: json::text(article, "publication_date").and_then(|date| PartialDate::read(&date)).into_iter().collect(),
        venue: json::text(article, "journal"),
        volume: json::text(article, "volume"),
        issue: json::text(article, "issue"),
        pages: json::text(article, "elocation_id"),
        publisher: Some("Public Library of Science".into()),
        identifiers: Identifiers {
            doi: doi.clone(),
            issn: json::numbers(article, &["eissn"]),
            ..Identifiers::default()
        },
        types: WorkType::read_all(source_types.iter().map(String::as_str)),
        source_types,
        keywords: solr::leaves(&json::texts(article, "subject")),
        source_key: doi.unwrap_or(id),
        ..Record::default()
    })
}
