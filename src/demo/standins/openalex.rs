//! OpenAlex: lists by cursor, single works, citation filters.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, Response, Uri};
use axum::routing::get;
use serde_json::{Map, Value, json};

use super::answer;
use super::shelves::Shelves;
use crate::demo::corpus::{Database, Delivery, Quirks, Work};
use crate::model::WorkType;

const LARGEST_PAGE: usize = 100;
const LONGEST_ADDRESS: usize = 4_094;

pub fn router(shelves: Arc<Shelves>) -> Router {
    Router::new().route("/works", get(list)).route("/works/{*name}", get(single)).with_state(shelves)
}

const HEADERS: &[(&str, &str)] = &[
    ("x-ratelimit-limit", "100000"),
    ("x-ratelimit-remaining", "99000"),
    ("x-ratelimit-limit-usd", "1"),
    ("x-ratelimit-remaining-usd", "0.9"),
    ("x-ratelimit-reset", "40000"),
];

fn refused(headers: &HeaderMap) -> Option<Response<Body>> {
    let given = headers.get("authorization").and_then(|value| value.to_str().ok());
    (given.is_some_and(|key| key != "Bearer stand-in-key-of-openalex")).then(|| {
        answer::json(401, &[], &json!({"error": "Invalid or missing API key", "message": "see /settings/api"}))
    })
}

async fn list(
    State(shelves): State<Arc<Shelves>>,
    headers: HeaderMap,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Response<Body> {
    if let Some(refused) = refused(&headers) {
        return refused;
    }
    if uri.to_string().len() > LONGEST_ADDRESS {
        return answer::json(400, &[], &json!({"error": "Invalid request", "message": "Request URL too long"}));
    }
    let parameters = answer::parameters(&query.unwrap_or_default());
    let size = answer::number(&parameters, "per_page", 25);
    let filter = parameters.get("filter").cloned().unwrap_or_default();
    let hits = match filtered(&shelves, &filter) {
        Ok(hits) if size <= LARGEST_PAGE => hits,
        Ok(_) => {
            return answer::json(
                400,
                &[],
                &json!({"error": "Pagination error.", "message": "per_page must be at most 100"}),
            );
        }
        Err(name) => {
            let message =
                format!("{name} is not a valid field. Valid fields are: cited_by, cites, doi, from_publication_date …");
            return answer::json(400, &[], &json!({"error": "Invalid query parameters error.", "message": message}));
        }
    };
    // The cursor is a place in the list; after the last work comes an empty page without one.
    let start = match parameters.get("cursor").map(String::as_str) {
        None | Some("*") => 0,
        Some(cursor) => cursor.strip_prefix("at-").and_then(|at| at.parse().ok()).unwrap_or(usize::MAX),
    };
    let page = answer::page(&hits, start, size);
    let next = (!page.is_empty()).then(|| format!("at-{}", start + page.len()));
    let results: Vec<Value> = page.iter().map(|(work, quirks)| value(&shelves, work, quirks)).collect();
    let meta = json!({"count": hits.len(), "db_response_time_ms": 5, "page": null, "per_page": size, "next_cursor": next,
                      "groups_count": null, "cost_usd": 0.0001});
    answer::json(200, HEADERS, &json!({"meta": meta, "results": results, "group_by": []}))
}

/// The works that meet a filter, or the name of a field that is none.
fn filtered<'a>(shelves: &'a Shelves, filter: &str) -> Result<Vec<(&'a Work, &'a Quirks)>, String> {
    let mut hits: Vec<(&Work, &Quirks)> =
        shelves.held(Database::OpenAlex).map(|(work, holding)| (work, &holding.quirks)).collect();
    for clause in filter.split(',').filter(|clause| !clause.is_empty()) {
        let (name, value) = clause.split_once(':').unwrap_or((clause, ""));
        let ids = || -> Vec<usize> { value.split('|').filter_map(number).collect() };
        match name {
            "title_and_abstract.search" | "default.search" => {
                let meeting = shelves.meeting(value, true);
                hits.retain(|(work, _)| meeting[work.number]);
            }
            "from_publication_date" => hits.retain(|(work, _)| work.date.iso().as_str() >= value),
            "to_publication_date" => hits.retain(|(work, _)| work.date.iso().as_str() <= value),
            "doi" => {
                let dois: Vec<String> = value.split('|').filter_map(crate::ids::normal_doi).collect();
                hits.retain(|(work, _)| dois.contains(&work.doi));
            }
            "cites" => {
                let seeds = ids();
                hits.retain(|(work, _)| work.cites.iter().any(|cited| seeds.contains(cited)));
            }
            "cited_by" => {
                let seeds = ids();
                hits.retain(|(work, _)| shelves.citing(work.number).iter().any(|citing| seeds.contains(citing)));
            }
            "openalex" | "ids.openalex" => {
                let wanted = ids();
                hits.retain(|(work, _)| wanted.contains(&work.number));
            }
            other => return Err(other.to_owned()),
        }
    }
    Ok(hits)
}

/// A work's number out of its id.
fn number(id: &str) -> Option<usize> {
    let digits = id.rsplit('/').next()?.strip_prefix(['W', 'w'])?;
    digits.parse::<usize>().ok()?.checked_sub(4_390_000_000)
}

async fn single(State(shelves): State<Arc<Shelves>>, headers: HeaderMap, Path(name): Path<String>) -> Response<Body> {
    if let Some(refused) = refused(&headers) {
        return refused;
    }
    let held = |work: &'_ Work| work.holding(Database::OpenAlex).is_some();
    let work = if let Some(number) = number(&name) {
        shelves.corpus.works.get(number).filter(|work| held(work))
    } else if let Some(pmid) = name.strip_prefix("pmid:") {
        shelves.corpus.works.iter().find(|work| held(work) && work.pmid() == pmid)
    } else if let Some(pmcid) = name.strip_prefix("pmcid:") {
        shelves.corpus.works.iter().find(|work| held(work) && work.pmcid().as_deref() == Some(pmcid))
    } else {
        shelves.by_doi(&name, Database::OpenAlex).map(|(work, _)| work)
    };
    match work.and_then(|work| Some((work, work.holding(Database::OpenAlex)?))) {
        Some((work, holding)) => answer::json(200, HEADERS, &value(&shelves, work, &holding.quirks)),
        None => answer::html(
            404,
            "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n".into(),
        ),
    }
}

fn value(shelves: &Shelves, work: &Work, quirks: &Quirks) -> Value {
    let address = |number: usize| format!("https://openalex.org/{}", shelves.corpus.works[number].openalex_id());
    let id = address(work.number);
    let doi = format!("https://doi.org/{}", work.doi);
    let locations = locations(work);
    let authorships: Vec<Value> = work
        .authors
        .iter()
        .map(|author| json!({"author_position": "middle", "author": {"display_name": format!("{} {}", author.given, author.family)}, "institutions": []}))
        .collect();
    let mut ids = json!({"openalex": id, "doi": doi});
    if work.holding(Database::PubMed).is_some() {
        ids["pmid"] = json!(format!("https://pubmed.ncbi.nlm.nih.gov/{}", work.pmid()));
    }
    if let Some(pmcid) = work.pmcid() {
        ids["pmcid"] = json!(format!("https://www.ncbi.nlm.nih.gov/pmc/articles/{}", pmcid.trim_start_matches("PMC")));
    }
    let references: Vec<String> = work.cites.iter().map(|cited| address(*cited)).collect();
    json!({
        "id": id,
        "doi": doi,
        "title": work.title_in(quirks),
        "display_name": work.title_in(quirks),
        "publication_year": work.date.year,
        "publication_date": work.date.iso(),
        "ids": ids,
        "language": "en",
        "primary_location": locations.first(),
        "type": kind(work.kind),
        "indexed_in": ["crossref"],
        "open_access": {"is_oa": true, "oa_status": "gold", "oa_url": work.landing_page(), "any_repository_has_fulltext": false},
        "authorships": authorships,
        "cited_by_count": shelves.citing(work.number).len(),
        "biblio": {"volume": work.volume.to_string(), "issue": work.issue.to_string(),
                   "first_page": work.first_page.to_string(), "last_page": (work.first_page + 13).to_string()},
        "is_retracted": false,
        "is_paratext": false,
        "keywords": [],
        "mesh": [],
        "locations_count": locations.len(),
        "locations": locations,
        "best_oa_location": locations.first(),
        "referenced_works_count": references.len(),
        "referenced_works": references,
        "related_works": [],
        "abstract_inverted_index": work.abstract_in(quirks).map(inverted),
        "counts_by_year": [],
        "updated_date": "2026-11-01T00:00:00.000000",
        "created_date": "2025-10-10T00:00:00",
    })
}

/// Where the text lies. A work whose publisher asks for a login comes with the repository's copy second.
fn locations(work: &Work) -> Vec<Value> {
    let source = json!({"id": "https://openalex.org/S4210000001", "display_name": work.venue, "issn_l": work.issn,
                        "issn": [work.issn], "type": source_kind(work.kind), "host_organization_name": work.publisher});
    let publisher_pdf = if work.delivery == Delivery::Pdf { work.pdf_url() } else { None };
    let mut locations = vec![json!({
        "is_oa": true,
        "landing_page_url": work.landing_page(),
        "pdf_url": publisher_pdf,
        "source": source,
        "license": "cc-by",
        "version": "publishedVersion",
    })];
    if work.delivery == Delivery::LoginFirst {
        locations.push(json!({
            "is_oa": true,
            "landing_page_url": null,
            "pdf_url": work.pdf_url(),
            "source": {"display_name": "Repository of the Estuary", "type": "repository"},
            "license": "cc-by",
            "version": "acceptedVersion",
        }));
    }
    locations
}

fn source_kind(kind: WorkType) -> &'static str {
    match kind {
        WorkType::BookChapter => "ebook platform",
        WorkType::ConferencePaper => "conference",
        WorkType::Report | WorkType::Thesis => "repository",
        _ => "journal",
    }
}

fn kind(kind: WorkType) -> &'static str {
    match kind {
        WorkType::Review => "review",
        WorkType::Letter => "letter",
        WorkType::Editorial => "editorial",
        WorkType::Erratum => "erratum",
        WorkType::BookChapter => "book-chapter",
        WorkType::Report => "report",
        WorkType::Thesis => "dissertation",
        WorkType::Preprint => "preprint",
        _ => "article",
    }
}

fn inverted(text: &str) -> Value {
    let mut index: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, word) in text.split_whitespace().enumerate() {
        index.entry(word).or_default().push(place);
    }
    Value::Object(index.into_iter().map(|(word, places)| (word.to_owned(), json!(places))).collect::<Map<_, _>>())
}
