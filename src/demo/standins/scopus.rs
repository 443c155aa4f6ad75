//! Scopus Search, the STANDARD view.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Response};
use axum::routing::get;
use regex::Regex;
use serde_json::{Value, json};

use super::answer;
use super::shelves::Shelves;
use crate::demo::corpus::{Database, Quirks, Work};
use crate::model::WorkType;

/// `start` must stay below this.
const REACH: usize = 5_000;
const LARGEST_PAGE: usize = 200;

static YEARS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)(?:\s+AND\s+)?PUBYEAR\s*(>|<|=|AFT|BEF|IS)\s*(\d{4})").ok());

pub fn router(shelves: Arc<Shelves>) -> Router {
    Router::new().route("/content/search/scopus", get(search)).with_state(shelves)
}

async fn search(State(shelves): State<Arc<Shelves>>, headers: HeaderMap, RawQuery(query): RawQuery) -> Response<Body> {
    let key = headers.get("x-els-apikey").and_then(|value| value.to_str().ok());
    if key != Some("stand-in-key-of-scopus") {
        let status = json!({"statusCode": "AUTHENTICATION_ERROR", "statusText": "Invalid API Key"});
        return answer::json(401, &[], &json!({"service-error": {"status": status}}));
    }
    let parameters = answer::parameters(&query.unwrap_or_default());
    if parameters.contains_key("cursor") {
        let status =
            json!({"statusCode": "AUTHORIZATION_ERROR", "statusText": "Use of the cursor parameter is restricted"});
        return answer::json(403, &[], &json!({"service-error": {"status": status}}));
    }
    let count = answer::number(&parameters, "count", 25);
    let start = answer::number(&parameters, "start", 0);
    if count > LARGEST_PAGE || start >= REACH {
        let status = json!({"statusCode": "INVALID_INPUT", "statusText": "Exceeds the maximum number allowed for the service level"});
        return answer::json(400, &[], &json!({"service-error": {"status": status}}));
    }
    let text = parameters.get("query").cloned().unwrap_or_default();
    let hits = hits(&shelves, &text);
    let left = (20_000 - start / 25).to_string();
    let headers = [
        ("x-els-status", "OK"),
        ("x-ratelimit-limit", "20000"),
        ("x-ratelimit-remaining", left.as_str()),
        ("x-ratelimit-reset", "1796000000000"),
    ];
    answer::json(200, &headers, &results(&parameters, &text, &hits, start, count))
}

fn hits<'a>(shelves: &'a Shelves, text: &str) -> Vec<(&'a Work, &'a Quirks)> {
    let (mut after, mut before) = (i32::MIN, i32::MAX);
    let mut rest = text.to_owned();
    if let Some(pattern) = YEARS.as_ref() {
        for found in pattern.captures_iter(text) {
            let year: i32 = found[2].parse().unwrap_or(0);
            match found[1].to_ascii_uppercase().as_str() {
                ">" | "AFT" => after = year,
                "<" | "BEF" => before = year,
                _ => (after, before) = (year - 1, year + 1),
            }
        }
        rest = pattern.replace_all(text, "").into_owned();
    }
    let meeting = shelves.meeting(&rest, false);
    shelves
        .held(Database::Scopus)
        .filter(|(work, holding)| (after + 1..before).contains(&work.year_in(&holding.quirks)))
        .filter(|(work, _)| meeting[work.number])
        .map(|(work, holding)| (work, &holding.quirks))
        .collect()
}

fn results(
    parameters: &HashMap<String, String>,
    text: &str,
    hits: &[(&Work, &Quirks)],
    start: usize,
    count: usize,
) -> Value {
    let page = answer::page(hits, start, count);
    let link = |name: &str, start: usize| {
        let href = format!("https://api.elsevier.com/content/search/scopus?start={start}&count={count}&query=…");
        json!({"@_fa": "true", "@ref": name, "@href": href, "@type": "application/json"})
    };
    let mut links = vec![link("self", start), link("first", 0)];
    if start + page.len() < hits.len() {
        links.push(link("next", start + page.len()));
    }
    let entries: Vec<Value> = match hits.is_empty() {
        true => vec![json!({"@_fa": "true", "error": "Result set was empty"})],
        false => page.iter().map(|(work, quirks)| entry(work, quirks)).collect(),
    };
    json!({"search-results": {
        "opensearch:totalResults": hits.len().to_string(),
        "opensearch:startIndex": parameters.get("start").map_or("0", String::as_str),
        "opensearch:itemsPerPage": page.len().to_string(),
        "opensearch:Query": {"@role": "request", "@searchTerms": text, "@startPage": start.to_string()},
        "link": links,
        "entry": entries,
    }})
}

fn entry(work: &Work, quirks: &Quirks) -> Value {
    let id = work.scopus_id();
    let (subtype, description, aggregation) = kind(work.kind);
    let mut entry = json!({
        "@_fa": "true",
        "link": [
            {"@_fa": "true", "@ref": "self", "@href": format!("https://api.elsevier.com/content/abstract/scopus_id/{id}")},
            {"@_fa": "true", "@ref": "scopus",
             "@href": format!("https://www.scopus.com/inward/record.uri?partnerID=HzOxMe3b&scp={id}&origin=inward")},
        ],
        "prism:url": format!("https://api.elsevier.com/content/abstract/scopus_id/{id}"),
        "dc:identifier": format!("SCOPUS_ID:{id}"),
        "eid": format!("2-s2.0-{id}"),
        "dc:title": work.title_in(quirks),
        "prism:publicationName": work.venue,
        "prism:issn": work.issn.replace('-', ""),
        "prism:volume": work.volume.to_string(),
        "prism:issueIdentifier": work.issue.to_string(),
        "prism:pageRange": work.pages(),
        "prism:coverDate": work.date.iso(),
        "prism:coverDisplayDate": format!("{} {} {}", work.date.day, MONTHS[work.date.month as usize - 1], work.date.year),
        "citedby-count": "0",
        "affiliation": [{"@_fa": "true", "affilname": "University of the Estuary", "affiliation-country": "United Kingdom"}],
        "prism:aggregationType": aggregation,
        "subtype": subtype,
        "subtypeDescription": description,
        "source-id": "21100000001",
        "openaccess": "1",
        "openaccessFlag": true,
    });
    if let Some(first) = work.authors.first() {
        entry["dc:creator"] = json!(format!("{} {}.", work.family_in(first, quirks), first.initials()));
    }
    if !quirks.no_doi {
        entry["prism:doi"] = json!(work.doi);
    }
    entry
}

/// Code, description and place of publication.
fn kind(kind: WorkType) -> (&'static str, &'static str, &'static str) {
    match kind {
        WorkType::Review => ("re", "Review", "Journal"),
        WorkType::Letter => ("le", "Letter", "Journal"),
        WorkType::Editorial => ("ed", "Editorial", "Journal"),
        WorkType::Erratum => ("er", "Erratum", "Journal"),
        WorkType::ConferencePaper => ("cp", "Conference Paper", "Conference Proceeding"),
        WorkType::BookChapter => ("ch", "Book Chapter", "Book"),
        WorkType::Report | WorkType::Thesis => ("rp", "Report", "Report"),
        _ => ("ar", "Article", "Journal"),
    }
}

/// The months' names.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
