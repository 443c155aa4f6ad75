//! BASE, the Bielefeld Academic Search Engine: searching repositories by offset, in Solr's XML.
//!
//! It answers those whose address it has let in. A list goes as far as record 1,100 (offset 1,000,
//! 100 at once): a longer one is divided by years.

use super::support::dates::in_words;
use super::support::offset::{Offset, Reading};
use super::support::window::Years;
use super::support::xml::{self, Element};
use super::support::{answer, endpoint, plan};
use super::{Access, Capabilities, KeyNeed, Page, PageRecord, Plan, Question, Source, SourceError, SourceInfo, State};
use crate::ids::normal_doi;
use crate::model::{Author, Identifiers, Location, LocationKind, PartialDate, Record, SetAside, WorkType};
use crate::net::{Request, Response};
use crate::query::Platform;
use crate::text::{html, language, real_abstract, squeeze};

static INFO: SourceInfo = SourceInfo {
    id: "base",
    title: "BASE",
    base_url: "https://api.base-search.net/cgi-bin",
    key: KeyNeed::None,
    requests_per_second: 1.0,
    burst: 1,
    concurrency: 1,
    page_size: 100,
    max_page_size: 100,
    platform: Some(Platform::Base),
    ranked: false,
    gives_abstracts: true,
    can: Capabilities { search: true, cite_backward: false, cite_forward: false, look_up: false, locate: false },
};

const READING: Reading = Reading { title: "BASE", reach: 1_100, by_years: true };

/// The HTTP interface of BASE.
pub struct Base;

impl Source for Base {
    fn info(&self) -> &'static SourceInfo {
        &INFO
    }

    fn search(&self, _access: &Access, question: &Question<'_>) -> Result<Plan, SourceError> {
        let (years, window_exact) = Years::of(question.window);
        plan(question, Platform::Base, window_exact, |query| {
            let list = Offset::of(query, years);
            (in_years(&list), State::of(&list))
        })
    }

    fn next_request(&self, access: &Access, state: &State) -> Result<Request, SourceError> {
        let list: Offset = state.read()?;
        let mut url = endpoint(&access.base_url, &["BaseHttpInterface.fcgi"]);
        url.query_pairs_mut()
            .append_pair("func", "PerformSearch")
            .append_pair("query", &in_years(&list))
            .append_pair("hits", &list.size(access.page_size.min(INFO.max_page_size), READING).to_string())
            .append_pair("offset", &list.start.to_string());
        Ok(Request::get(url).header("accept", "application/xml"))
    }

    fn parse(&self, _access: &Access, state: &State, response: &Response) -> Result<Page, SourceError> {
        let list: Offset = state.read()?;
        answer::checked(response)?;
        let text = String::from_utf8_lossy(&response.body);
        let total = text.find("numFound=\"").map(|at| &text[at + "numFound=\"".len()..]);
        let total = total.and_then(|rest| rest.split('"').next()?.parse().ok());
        let Some(total) = total else {
            let said = answer::said(response);
            return Err(match said.to_lowercase().contains("denied") {
                true => SourceError::Refused(format!("{said}: BASE answers only addresses that it has let in")),
                false => SourceError::Shape("numFound is no count".into()),
            });
        };
        let mut page = Page::default();
        let documents = xml::pieces(&text, &["doc"]);
        for document in &documents {
            let payload = document.text.as_bytes().to_vec();
            match xml::parse(document.text).and_then(|document| record(&document)) {
                Ok(record) => page.records.push(PageRecord { record, payload }),
                Err(reason) => page.set_aside.push(SetAside { reason, raw: payload, line: None }),
            }
        }
        list.turn(&mut page, documents.len() as u64, total, READING)?;
        Ok(page)
    }
}

/// The query within its years.
fn in_years(list: &Offset) -> String {
    match list.years.range("*", " TO ") {
        Some(range) => format!("({}) AND dcyear:[{range}]", list.query),
        None => list.query.clone(),
    }
}

/// The texts of a field: `<str name="…">` or `<arr name="…"><str>`.
fn texts(document: &Element, name: &str) -> Vec<String> {
    let field = document.elements().find(|field| field.attribute("name") == Some(name));
    let Some(field) = field else { return Vec::new() };
    let values: Vec<&Element> = if field.name == "arr" { field.elements().collect() } else { vec![field] };
    let plain = |value: &Element| squeeze(&html::plain(&value.text().unwrap_or_default()));
    values.into_iter().map(plain).filter(|text| !text.is_empty()).collect()
}

/// Reads a document.
///
/// # Errors
/// Why it is none, in lower case.
fn record(document: &Element) -> Result<Record, String> {
    let first = |name: &str| texts(document, name).into_iter().next();
    let source_types = texts(document, "dctype");
    let links = [texts(document, "dclink"), texts(document, "dcidentifier")].concat();
    let doi = texts(document, "dcdoi").into_iter().chain(links.iter().cloned()).find_map(|text| normal_doi(&text));
    let open = first("dcoa").as_deref() == Some("1");
    let mut urls: Vec<String> = links.into_iter().filter(|link| link.starts_with("http")).collect();
    urls.dedup();
    Ok(Record {
        source: INFO.id.into(),
        source_key: first("dcdocid").ok_or("no document id")?,
        title: first("dctitle"),
        abstract_text: first("dcdescription").and_then(|text| real_abstract(&text)),
        authors: texts(document, "dccreator").iter().filter_map(|name| Author::read(name)).collect(),
        dates: dates(document),
        venue: first("dcsource"),
        publisher: first("dcpublisher"),
        identifiers: Identifiers { doi, ..Identifiers::default() },
        types: types(document, &source_types),
        source_types,
        languages: texts(document, "dclang")
            .iter()
            .filter_map(|word| language::code(word))
            .map(str::to_owned)
            .collect(),
        keywords: texts(document, "dcsubject"),
        locations: urls.first().filter(|_| open).map(|url| location(url)).into_iter().collect(),
        urls,
        ..Record::default()
    })
}

/// The date in the words of the repository; the year where they name none.
fn dates(document: &Element) -> Vec<PartialDate> {
    let told: Vec<PartialDate> = texts(document, "dcdate").iter().flat_map(|words| in_words(words)).collect();
    let year = texts(document, "dcyear").first().and_then(|year| PartialDate::read(year));
    if told.is_empty() { year.into_iter().collect() } else { told }
}

/// BASE's own number for a type where it says one, else the repository's words.
fn types(document: &Element, words: &[String]) -> Vec<WorkType> {
    let kind = |number: &String| match number.as_str() {
        "11" => Some(WorkType::Book),
        "111" => Some(WorkType::BookChapter),
        "121" => Some(WorkType::JournalArticle),
        "122" | "13" => Some(WorkType::ConferencePaper),
        "14" => Some(WorkType::Report),
        "15" => Some(WorkType::Review),
        "16" => Some(WorkType::Other),
        "18" | "181" | "182" | "183" => Some(WorkType::Thesis),
        "7" => Some(WorkType::Dataset),
        _ => None,
    };
    let mut types: Vec<WorkType> = texts(document, "dctypenorm").iter().filter_map(kind).collect();
    if types.is_empty() {
        let last = |word: &String| word.rsplit('/').next().unwrap_or_default().to_owned();
        let words: Vec<String> = words.iter().map(last).collect();
        types = WorkType::read_all(words.iter().map(String::as_str));
    }
    types
}

fn location(url: &str) -> Location {
    Location { url: url.to_owned(), kind: LocationKind::Unknown, licence: None, version: None }
}
