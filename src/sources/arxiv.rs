//! arXiv: searching by offset, and the PDF of a preprint.
//!
//! One request in three seconds, 30,000 records of a list and no more: a longer one is divided by
//! the year of submission. Pages come empty now and then, or with no body at all, and are asked for
//! again. Errors come as an entry called `Error`.

use super::support::offset::{Offset, Reading};
use super::support::window::Years;
use super::support::xml::{self, Element};
use super::support::{answer, endpoint, plan};
use super::{Access, Capabilities, KeyNeed, Page, PageRecord, Plan, Question, Source, SourceError, SourceInfo, State};
use crate::ids::normal_doi;
use crate::model::{Author, Identifiers, Location, LocationKind, PartialDate, Record, SetAside, WorkType};
use crate::net::{Request, Response};
use crate::query::Platform;
use crate::text::real_abstract;

static INFO: SourceInfo = SourceInfo {
    id: "arxiv",
    title: "arXiv",
    base_url: "https://export.arxiv.org/api",
    key: KeyNeed::None,
    requests_per_second: 0.33,
    burst: 1,
    concurrency: 1,
    page_size: 500,
    max_page_size: 2_000,
    platform: Some(Platform::Arxiv),
    ranked: false,
    gives_abstracts: true,
    can: Capabilities { search: true, cite_backward: false, cite_forward: false, look_up: false, locate: true },
};

const READING: Reading = Reading { title: "arXiv", reach: 30_000, by_years: true };
/// What stands before an id that is asked for by itself.
const BY_ID: &str = "id_list:";

/// The arXiv API.
pub struct Arxiv;

impl Source for Arxiv {
    fn info(&self) -> &'static SourceInfo {
        &INFO
    }

    fn search(&self, _access: &Access, question: &Question<'_>) -> Result<Plan, SourceError> {
        // Its day of submission is the first version's; the month is cut here.
        let (years, window_exact) = Years::of(question.window);
        plan(question, Platform::Arxiv, window_exact, |query| {
            let list = Offset::of(query, years);
            (in_years(&list), State::of(&list))
        })
    }

    fn locate(&self, _access: &Access, identifiers: &Identifiers) -> Result<Option<State>, SourceError> {
        let id = identifiers.arxiv.as_ref().map(|id| format!("{BY_ID}{id}"));
        Ok(id.map(|id| State::of(&Offset::of(id, Years::default()))))
    }

    fn next_request(&self, access: &Access, state: &State) -> Result<Request, SourceError> {
        let list: Offset = state.read()?;
        let mut url = endpoint(&access.base_url, &["query"]);
        {
            let mut pairs = url.query_pairs_mut();
            match list.query.strip_prefix(BY_ID) {
                Some(id) => pairs.append_pair("id_list", id),
                None => pairs.append_pair("search_query", &in_years(&list)),
            };
            pairs
                .append_pair("start", &list.start.to_string())
                .append_pair("max_results", &list.size(access.page_size, READING).to_string())
                .append_pair("sortBy", "submittedDate")
                .append_pair("sortOrder", "ascending");
        }
        Ok(Request::get(url).header("accept", "application/atom+xml"))
    }

    fn parse(&self, _access: &Access, state: &State, response: &Response) -> Result<Page, SourceError> {
        let list: Offset = state.read()?;
        let text = String::from_utf8_lossy(&response.body);
        let entries = xml::pieces(&text, &["entry"]);
        if let Some(told) = entries.first().and_then(|entry| error(entry.text)) {
            return Err(if response.status >= 500 {
                SourceError::Unavailable(told)
            } else {
                SourceError::Rejected(told)
            });
        }
        answer::checked(response)?;
        if text.trim().is_empty() {
            return Err(SourceError::Unavailable("an empty answer".into()));
        }
        let total = text.split_once("totalResults").and_then(|(_, rest)| rest.split_once('>'));
        let total = total.and_then(|(_, rest)| rest.split('<').next()?.trim().parse().ok());
        let Some(total) = total else {
            return Err(match text.contains("</feed>") {
                true => SourceError::Shape("totalResults is no count".into()),
                false => SourceError::Unavailable("the answer is cut short".into()),
            });
        };
        let mut page = Page::default();
        for entry in &entries {
            let payload = entry.text.as_bytes().to_vec();
            match xml::parse(entry.text).and_then(|entry| record(&entry)) {
                Ok(record) => page.records.push(PageRecord { record, payload }),
                Err(reason) => page.set_aside.push(SetAside { reason, raw: payload, line: None }),
            }
        }
        page.locations = page.records.iter().flat_map(|found| found.record.locations.clone()).collect();
        list.turn(&mut page, entries.len() as u64, total, READING)?;
        Ok(page)
    }
}

/// The query within its years of submission.
fn in_years(list: &Offset) -> String {
    let Years { from, to } = list.years;
    if list.years == Years::default() {
        return list.query.clone();
    }
    let (from, to) = (from.unwrap_or(1991), to.unwrap_or(2999));
    format!("({}) AND submittedDate:[{from:04}01010000 TO {to:04}12312359]", list.query)
}

/// What an entry tells that is no record but an error.
fn error(entry: &str) -> Option<String> {
    let entry = xml::parse(entry).ok()?;
    let is_error = entry.text_at("id").is_some_and(|id| id.contains("/api/errors"));
    is_error.then(|| entry.text_at("summary").unwrap_or_else(|| "an error without words".into()))
}

/// Reads an entry.
///
/// # Errors
/// Why it is none, in lower case.
fn record(entry: &Element) -> Result<Record, String> {
    let address = entry.text_at("id").ok_or("no id")?;
    let id = address.split_once("/abs/").map(|(_, id)| without_version(id)).ok_or("an id that is none of arXiv")?;
    let link = |title: &str| {
        let found = entry.all("link").find(|link| link.attribute("title") == Some(title));
        found.and_then(|link| link.attribute("href")).map(str::to_owned)
    };
    let authors = entry.all("author").filter_map(|author| Author::read(&author.text_at("name")?));
    Ok(Record {
        source: INFO.id.into(),
        source_key: id.clone(),
        title: entry.text_at("title"),
        abstract_text: entry.text_at("summary").and_then(|text| real_abstract(&text)),
        authors: authors.collect(),
        dates: entry.text_at("published").and_then(|date| PartialDate::read(&date)).into_iter().collect(),
        venue: entry.text_at("journal_ref"),
        identifiers: Identifiers {
            doi: entry.text_at("doi").and_then(|doi| normal_doi(&doi)),
            arxiv: Some(id),
            ..Identifiers::default()
        },
        types: vec![WorkType::Preprint],
        source_types: vec!["preprint".into()],
        keywords: entry.all("category").filter_map(|category| category.attribute("term")).map(str::to_owned).collect(),
        urls: vec![address.replacen("http://", "https://", 1)],
        locations: link("pdf").map(pdf).into_iter().collect(),
        ..Record::default()
    })
}

fn pdf(url: String) -> Location {
    Location { url, kind: LocationKind::Pdf, licence: None, version: Some("submitted".into()) }
}

/// `2202.12139v1` is a version of `2202.12139`.
fn without_version(id: &str) -> String {
    match id.rsplit_once('v') {
        Some((bare, version)) if !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit()) => {
            bare.into()
        }
        _ => id.into(),
    }
}
