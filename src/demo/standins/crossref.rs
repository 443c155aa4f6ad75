//! Crossref: ranked by words, no Boolean logic; lists by cursor.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::Response;
use axum::routing::get;
use serde_json::{Value, json};

use super::answer;
use super::expression::{Expression, overlap};
use super::shelves::Shelves;
use crate::demo::corpus::{Database, Quirks, Work};
use crate::demo::files::escaped;
use crate::model::WorkType;

const MOST_ROWS: usize = 1_000;
/// The pool's real rate is 3 a second; on loopback nobody need wait for it.
const HEADERS: &[(&str, &str)] = &[
    ("x-rate-limit-limit", "1000"),
    ("x-rate-limit-interval", "1s"),
    ("x-concurrency-limit", "3"),
    ("x-api-pool", "polite-array"),
];

pub fn router(shelves: Arc<Shelves>) -> Router {
    Router::new()
        .route("/works", get(list))
        .route("/v1/works", get(list))
        .route("/works/{*doi}", get(single))
        .route("/v1/works/{*doi}", get(single))
        .with_state(shelves)
}

async fn list(State(shelves): State<Arc<Shelves>>, RawQuery(query): RawQuery) -> Response<Body> {
    let parameters = answer::parameters(&query.unwrap_or_default());
    let rows = answer::number(&parameters, "rows", 20);
    if rows > MOST_ROWS {
        let told = json!({"status": "failed", "message-type": "validation-failure", "message": [
            {"type": "integer-not-valid", "value": rows.to_string(),
             "message": "Integer specified as 5000 but must be a positive integer less than or equal to 1000."}]});
        return answer::json(400, HEADERS, &told);
    }
    let words = ["query.bibliographic", "query", "query.title"].iter().find_map(|name| parameters.get(*name));
    let hits = match ranked(&shelves, words.map(String::as_str), parameters.get("filter").map_or("", String::as_str)) {
        Ok(hits) => hits,
        Err(filter) => {
            let told = json!({"status": "failed", "message-type": "validation-failure", "message": [
                {"type": "filter-not-available", "value": filter, "message": "Filter specified does not exist"}]});
            return answer::json(400, HEADERS, &told);
        }
    };
    let start = match parameters.get("cursor").map(String::as_str) {
        None => answer::number(&parameters, "offset", 0),
        Some("*") => 0,
        Some(cursor) => match cursor.strip_prefix("AoJ/").and_then(|at| at.strip_suffix("==")?.parse().ok()) {
            Some(at) => at,
            None => {
                let told =
                    json!({"status": "failed", "message-type": "cursor-invalid", "message": "cursor is invalid"});
                return answer::json(404, HEADERS, &told);
            }
        },
    };
    let page = answer::page(&hits, start, rows);
    let items: Vec<Value> = page.iter().map(|(work, quirks, score)| item(work, quirks, *score)).collect();
    // The next cursor is always there, on the last page too.
    let message = json!({"facets": {}, "next-cursor": format!("AoJ/{}==", start + page.len()), "total-results": hits.len(),
                         "items": items, "items-per-page": rows,
                         "query": {"start-index": 0, "search-terms": words}});
    answer::json(
        200,
        HEADERS,
        &json!({"status": "ok", "message-type": "work-list", "message-version": "1.0.0", "message": message}),
    )
}

async fn single(State(shelves): State<Arc<Shelves>>, Path(doi): Path<String>) -> Response<Body> {
    match shelves.by_doi(&doi, Database::Crossref) {
        Some((work, holding)) => {
            let message = item(work, &holding.quirks, 1);
            let body = json!({"status": "ok", "message-type": "work", "message-version": "1.0.0", "message": message});
            answer::json(200, HEADERS, &body)
        }
        None => answer::of(404, "text/plain", HEADERS, "Resource not found."),
    }
}

type Ranked<'a> = (&'a Work, &'a Quirks, usize);

/// The works that share a word with the query, best first, or the name of a filter that is none.
fn ranked<'a>(shelves: &'a Shelves, words: Option<&str>, filter: &str) -> Result<Vec<Ranked<'a>>, String> {
    let expression = words.map(Expression::read);
    let wanted = expression.as_ref().map(Expression::words);
    let mut hits: Vec<Ranked<'_>> = shelves
        .held(Database::Crossref)
        .map(|(work, holding)| {
            let score = wanted.as_ref().map_or(1, |wanted| overlap(wanted, &shelves.shown[work.number]));
            (work, &holding.quirks, score)
        })
        .filter(|(_, _, score)| *score > 0)
        .collect();
    let mut dois: Vec<String> = Vec::new();
    for clause in filter.split(',').filter(|clause| !clause.is_empty()) {
        let (name, value) = clause.split_once(':').unwrap_or((clause, ""));
        match name {
            "from-pub-date" => hits.retain(|(work, ..)| work.date.iso().as_str() >= value),
            // A date may be a year or a month: `~` sorts after every digit and hyphen.
            "until-pub-date" => hits.retain(|(work, ..)| work.date.iso() <= format!("{value}~")),
            "doi" => dois.extend(crate::ids::normal_doi(value)),
            "has-abstract" | "type" => {}
            other => return Err(other.to_owned()),
        }
    }
    if !dois.is_empty() {
        hits.retain(|(work, ..)| dois.contains(&work.doi));
    }
    hits.sort_by_key(|(work, _, score)| (std::cmp::Reverse(*score), work.number));
    Ok(hits)
}

fn item(work: &Work, quirks: &Quirks, score: usize) -> Value {
    let authors: Vec<Value> = work
        .authors
        .iter()
        .map(|author| json!({"given": author.given, "family": work.family_in(author, quirks), "sequence": "additional", "affiliation": []}))
        .collect();
    let date = json!({"date-parts": [[work.date.year, work.date.month, work.date.day]]});
    let mut item = json!({
        "DOI": work.doi,
        "URL": format!("https://doi.org/{}", work.doi),
        "type": kind(work.kind),
        "title": [work.title_in(quirks)],
        "container-title": [work.venue],
        "publisher": work.publisher,
        "ISSN": [work.issn],
        "volume": work.volume.to_string(),
        "issue": work.issue.to_string(),
        "page": work.pages(),
        "author": authors,
        "issued": date,
        "published": date,
        "language": "en",
        "score": score,
        "reference-count": work.cites.len(),
        "is-referenced-by-count": 0,
        "source": "Crossref",
        "prefix": "10.5555",
        "member": "0",
        "resource": {"primary": {"URL": work.landing_page()}},
    });
    if let Some(text) = work.abstract_in(quirks) {
        item["abstract"] = json!(format!("<jats:title>Abstract</jats:title><jats:p>{}</jats:p>", escaped(text)));
    }
    item
}

/// Crossref has no word for a review: it is a journal article there.
fn kind(kind: WorkType) -> &'static str {
    match kind {
        WorkType::BookChapter => "book-chapter",
        WorkType::ConferencePaper => "proceedings-article",
        WorkType::Report => "report",
        WorkType::Thesis => "dissertation",
        WorkType::Preprint => "posted-content",
        _ => "journal-article",
    }
}
