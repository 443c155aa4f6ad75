//! Web of Science Starter.

use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Response};
use axum::routing::get;
use regex::Regex;
use serde_json::{Value, json};

use super::answer;
use super::scopus::MONTHS;
use super::shelves::Shelves;
use crate::demo::corpus::{Database, Quirks, Work};
use crate::model::WorkType;

const LARGEST_PAGE: usize = 50;

static YEARS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\s*(?:AND\s+)?PY=\(?(\d{4})(?:-(\d{4}))?\)?").ok());

pub fn router(shelves: Arc<Shelves>) -> Router {
    Router::new().route("/documents", get(search)).with_state(shelves)
}

async fn search(State(shelves): State<Arc<Shelves>>, headers: HeaderMap, RawQuery(query): RawQuery) -> Response<Body> {
    let key = headers.get("x-apikey").and_then(|value| value.to_str().ok());
    if key != Some("stand-in-key-of-web-of-science") {
        let told = json!({"error_description": "The access token is missing", "error": "invalid_request"});
        return answer::json(401, &[], &told);
    }
    let parameters = answer::parameters(&query.unwrap_or_default());
    let limit = answer::number(&parameters, "limit", 10);
    if limit > LARGEST_PAGE {
        let told =
            json!({"error": {"status": 400, "title": "Bad request", "details": "limit must be between 0 and 50"}});
        return answer::json(400, &[], &told);
    }
    let page = answer::number(&parameters, "page", 1).max(1);
    let text = parameters.get("q").cloned().unwrap_or_default();
    let hits = hits(&shelves, &text);
    let shown: Vec<Value> =
        answer::page(&hits, (page - 1) * limit, limit).iter().map(|(work, quirks)| hit(work, quirks)).collect();
    let metadata = json!({"total": hits.len(), "page": page, "limit": limit});
    answer::json(200, &[], &json!({"metadata": metadata, "hits": shown}))
}

fn hits<'a>(shelves: &'a Shelves, text: &str) -> Vec<(&'a Work, &'a Quirks)> {
    let mut years = i32::MIN..=i32::MAX;
    let mut rest = text.to_owned();
    if let Some(pattern) = YEARS.as_ref() {
        if let Some(found) = pattern.captures(text) {
            let year = |at: usize| found.get(at).and_then(|year| year.as_str().parse().ok());
            let first = year(1).unwrap_or(i32::MIN);
            years = first..=year(2).unwrap_or(first);
        }
        rest = pattern.replace_all(text, "").into_owned();
    }
    let meeting = shelves.meeting(&rest, false);
    shelves
        .held(Database::Wos)
        .filter(|(work, holding)| years.contains(&work.year_in(&holding.quirks)))
        .filter(|(work, _)| meeting[work.number])
        .map(|(work, holding)| (work, &holding.quirks))
        .collect()
}

fn hit(work: &Work, quirks: &Quirks) -> Value {
    let authors: Vec<Value> = work
        .authors
        .iter()
        .map(|author| {
            let family = work.family_in(author, quirks);
            json!({"displayName": format!("{family}, {}", author.given), "wosStandard": format!("{family}, {}", author.initials())})
        })
        .collect();
    let id = work.wos_id();
    let month = MONTHS[work.date.month as usize - 1][..3].to_uppercase();
    let month = match (quirks.year_later, work.number % 3) {
        (true, _) => "JAN".to_owned(),
        (false, 0) => format!("{month} {}", work.date.day),
        (false, _) => month,
    };
    let mut identifiers = json!({"issn": work.issn});
    if !quirks.no_doi {
        // Web of Science keeps the letters as they were registered.
        identifiers["doi"] = json!(work.doi.to_uppercase());
    }
    let (kind, source_kinds) = kinds(work.kind);
    json!({
        "uid": id,
        "title": work.title_in(quirks),
        "types": [kind],
        "sourceTypes": source_kinds,
        "source": {
            "sourceTitle": work.venue.to_uppercase(),
            "publishYear": work.year_in(quirks),
            "publishMonth": month,
            "volume": work.volume.to_string(),
            "issue": work.issue.to_string(),
            "pages": {"range": work.pages(), "begin": work.first_page.to_string(),
                      "end": (work.first_page + 13).to_string(), "count": 14},
        },
        "names": {"authors": authors},
        "links": {
            "record": format!("https://www.webofscience.com/api/gateway?GWVersion=2&SrcApp=demo&KeyUT={id}"),
        },
        "citations": [{"db": "WOS", "count": 0}],
        "identifiers": identifiers,
        "keywords": {"authorKeywords": work.keywords},
    })
}

fn kinds(kind: WorkType) -> (&'static str, &'static [&'static str]) {
    match kind {
        WorkType::Review => ("Review", &["Review"]),
        WorkType::Letter => ("Letter", &["Letter"]),
        WorkType::Editorial => ("Editorial Material", &["Editorial Material"]),
        WorkType::Erratum => ("Correction", &["Correction"]),
        WorkType::ConferencePaper => ("Proceedings Paper", &["Proceedings Paper"]),
        WorkType::BookChapter => ("Book Chapter", &["Book Chapter"]),
        _ => ("Article", &["Article"]),
    }
}
