//! DataCite: searching by cursor.
//!
//! Its cursor has been seen to repeat records, which identity takes care of; the end is where no link
//! leads on or a page comes empty.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::support::window::Years;
use super::support::{endpoint, json, plan};
use super::{Access, Capabilities, KeyNeed, Next, Page, Plan, Question, Source, SourceError, SourceInfo, State};
use crate::ids::normal_doi;
use crate::model::{Author, Identifiers, PartialDate, Record, WorkType};
use crate::net::{Request, Response};
use crate::query::Platform;
use crate::text::{language, real_abstract};

static INFO: SourceInfo = SourceInfo {
    id: "datacite",
    title: "DataCite",
    base_url: "https://api.datacite.org",
    key: KeyNeed::None,
    // 1,000 in 5 minutes for those who say who they are.
    requests_per_second: 3.0,
    burst: 3,
    concurrency: 1,
    page_size: 500,
    max_page_size: 1_000,
    platform: Some(Platform::DataCite),
    ranked: false,
    gives_abstracts: true,
    can: Capabilities { search: true, cite_backward: false, cite_forward: false, look_up: false, locate: false },
};

/// The DOIs of DataCite.
pub struct DataCite;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct At {
    query: String,
    /// `1` begins.
    cursor: String,
    /// Records that arrived before.
    arrived: u64,
}

impl Source for DataCite {
    fn info(&self) -> &'static SourceInfo {
        &INFO
    }

    fn search(&self, _access: &Access, question: &Question<'_>) -> Result<Plan, SourceError> {
        let (years, window_exact) = Years::of(question.window);
        plan(question, Platform::DataCite, window_exact, |query| {
            let query = match years.range("*", " TO ") {
                Some(range) => format!("({query}) AND publicationYear:[{range}]"),
                None => query,
            };
            (query.clone(), State::of(&At { query, cursor: "1".into(), arrived: 0 }))
        })
    }

    fn next_request(&self, access: &Access, state: &State) -> Result<Request, SourceError> {
        let at: At = state.read()?;
        let mut url = endpoint(&access.base_url, &["dois"]);
        {
            let mut pairs = url.query_pairs_mut();
            pairs
                .append_pair("query", &at.query)
                .append_pair("page[cursor]", &at.cursor)
                .append_pair("page[size]", &access.page_size.clamp(1, INFO.max_page_size).to_string())
                .append_pair("disable-facets", "true")
                .append_pair("affiliation", "false");
            access.contact.iter().for_each(|contact| _ = pairs.append_pair("mailto", contact));
        }
        Ok(Request::get(url).header("accept", "application/vnd.api+json"))
    }

    fn parse(&self, _access: &Access, state: &State, response: &Response) -> Result<Page, SourceError> {
        let at: At = state.read()?;
        let body = json::body(response)?;
        let total = body.pointer("/meta/total").and_then(json::count);
        let total = total.ok_or_else(|| SourceError::Shape("meta.total is no count".into()))?;
        let items = json::items(response, &["data"])?;
        let (records, set_aside) = json::records(&items, record);
        let arrived = at.arrived + items.len() as u64;
        let mut page = Page { records, set_aside, reported: (at.arrived == 0).then_some(total), ..Page::default() };
        let following = body.pointer("/links/next").and_then(Value::as_str).and_then(cursor_of);
        match following {
            Some(cursor) if cursor == at.cursor => page.broken = Some("DataCite gave the same cursor again".into()),
            Some(_) if items.is_empty() && arrived < total => {
                return Err(SourceError::Unavailable(format!("an empty page after {arrived} of {total} records")));
            }
            // Repeats may make up for what is still missing: only much more than all is no list any more.
            Some(_) if arrived > total.saturating_mul(2) + 5_000 => {
                page.broken = Some("DataCite gave far more records than it reported: reading ended there".into());
            }
            Some(cursor) if !items.is_empty() => {
                page.next = Next::More(State::of(&At { cursor, arrived, ..at }));
            }
            _ if arrived < total => {
                page.warnings.push(format!("DataCite reported {total} records and gave {arrived}"));
            }
            _ => {}
        }
        Ok(page)
    }
}

/// The cursor in the link to the next page.
fn cursor_of(link: &str) -> Option<String> {
    let url = url::Url::parse(link).ok()?;
    url.query_pairs().find(|(name, _)| name == "page[cursor]").map(|(_, cursor)| cursor.into_owned())
}

/// Reads a DOI.
///
/// # Errors
/// Why it is none, in lower case.
fn record(item: &Value) -> Result<Record, String> {
    let known = item.get("attributes").filter(|known| known.is_object()).ok_or("no attributes")?;
    let doi = json::text(known, "doi").or_else(|| json::text(item, "id")).and_then(|doi| normal_doi(&doi));
    let doi = doi.ok_or("no DOI")?;
    let list = |name: &str| known.get(name).and_then(Value::as_array).into_iter().flatten();
    let told = known.get("types").unwrap_or(&Value::Null);
    let source_types: Vec<String> =
        ["resourceTypeGeneral", "resourceType"].iter().filter_map(|name| json::text(told, name)).collect();
    let container = known.get("container").unwrap_or(&Value::Null);
    let publisher = known.get("publisher");
    Ok(Record {
        source: INFO.id.into(),
        source_key: doi.clone(),
        title: title(known),
        abstract_text: abstract_text(known),
        authors: list("creators").filter_map(author).collect(),
        dates: dates(known),
        venue: json::text(container, "title"),
        volume: json::text(container, "volume"),
        issue: json::text(container, "issue"),
        publisher: publisher.and_then(|name| json::plain(name).or_else(|| json::text(name, "name"))),
        identifiers: identifiers(known, container, doi),
        types: WorkType::read_all(source_types.iter().map(String::as_str)),
        source_types,
        languages: json::text(known, "language")
            .and_then(|word| language::code(&word))
            .map(str::to_owned)
            .into_iter()
            .collect(),
        keywords: list("subjects").filter_map(|subject| json::text(subject, "subject")).collect(),
        urls: json::text(known, "url").into_iter().collect(),
        ..Record::default()
    })
}

/// The title that is of no special kind, else the first.
fn title(known: &Value) -> Option<String> {
    let titles = known.get("titles").and_then(Value::as_array)?;
    let plain = titles.iter().find(|title| title.get("titleType").is_none_or(Value::is_null));
    plain.or(titles.first()).and_then(|title| json::text(title, "title"))
}

fn abstract_text(known: &Value) -> Option<String> {
    let texts = known.get("descriptions").and_then(Value::as_array).into_iter().flatten();
    let abstracts = texts.filter(|text| json::text(text, "descriptionType").as_deref() == Some("Abstract"));
    let joined: Vec<String> = abstracts.filter_map(|text| json::text(text, "description")).collect();
    real_abstract(&joined.join(" "))
}

fn author(creator: &Value) -> Option<Author> {
    let name = json::text(creator, "name");
    if json::text(creator, "nameType").as_deref() == Some("Organizational") {
        return name.map(|name| Author::collective(&name));
    }
    match (json::text(creator, "familyName"), json::text(creator, "givenName")) {
        (Some(family), given) => Some(Author { family, given: given.unwrap_or_default(), collective: false }),
        (None, _) => Author::read(&name?),
    }
}

/// The day of issue, else the year of publication.
fn dates(known: &Value) -> Vec<PartialDate> {
    let told = known.get("dates").and_then(Value::as_array).into_iter().flatten();
    let issued = told.filter(|date| json::text(date, "dateType").as_deref() == Some("Issued"));
    let mut dates: Vec<PartialDate> = issued.filter_map(|date| PartialDate::read(&json::text(date, "date")?)).collect();
    if dates.is_empty() {
        dates.extend(json::text(known, "publicationYear").and_then(|year| PartialDate::read(&year)));
    }
    dates
}

fn identifiers(known: &Value, container: &Value, doi: String) -> Identifiers {
    let issn = json::text(container, "identifierType").is_some_and(|kind| kind.to_uppercase().contains("ISSN"));
    Identifiers {
        arxiv: doi.strip_prefix("10.48550/arxiv.").map(str::to_owned),
        issn: if issn { json::numbers(container, &["identifier"]) } else { Vec::new() },
        isbn: json::numbers(known, &["isbn"]),
        doi: Some(doi),
        ..Identifiers::default()
    }
}
