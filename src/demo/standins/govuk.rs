//! GOV.UK: ranked search and the content API, and the pages themselves.

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
use crate::demo::corpus::{ASSETS, Shelf, WebDocument};
use crate::demo::files::{escaped, html};

/// The real site's name, for addresses that records hold.
pub const HOST: &str = "www.gov.uk";
const MOST: usize = 1_500;
const KNOWN: &[&str] = &["q", "count", "start", "fields", "order", "filter_public_timestamp", "reject_format", "debug"];

pub fn router(shelves: Arc<Shelves>) -> Router {
    Router::new()
        .route("/api/search.json", get(search))
        .route("/api/content/{*path}", get(content))
        .route("/{*path}", get(page))
        .with_state(shelves)
}

async fn search(State(shelves): State<Arc<Shelves>>, RawQuery(query): RawQuery) -> Response<Body> {
    let parameters = answer::parameters(&query.unwrap_or_default());
    let count = answer::number(&parameters, "count", 10);
    let unknown = parameters
        .keys()
        .find(|name| !KNOWN.contains(&name.as_str()) && !name.starts_with("filter_") && !name.starts_with("fields"));
    if count > MOST || unknown.is_some() {
        let told = unknown.map_or_else(
            || format!("Maximum result set size (as specified in 'count') is {MOST}"),
            |name| format!("Unexpected parameters: {name}"),
        );
        return answer::json(422, &[], &json!({"error": told}));
    }
    let (from, to) = period(parameters.get("filter_public_timestamp").map_or("", String::as_str));
    let expression = Expression::read(parameters.get("q").map_or("", String::as_str));
    let wanted = expression.words();
    let mut hits: Vec<(usize, &WebDocument)> = shelves
        .corpus
        .documents
        .iter()
        .filter(|document| document.shelf == Shelf::GovUk)
        .filter(|document| {
            let day = document.date.iso();
            from.as_deref().is_none_or(|from| day.as_str() >= from) && to.as_deref().is_none_or(|to| day.as_str() <= to)
        })
        .map(|document| (overlap(&wanted, &shelves.documents[document.number]), document))
        .filter(|(score, _)| wanted.is_empty() || *score > 0)
        .collect();
    hits.sort_by_key(|(score, document)| (std::cmp::Reverse(*score), document.number));
    let start = answer::number(&parameters, "start", 0);
    let results: Vec<Value> =
        answer::page(&hits, start, count).iter().map(|(score, document)| result(*score, document)).collect();
    let body = json!({"results": results, "total": hits.len(), "start": start, "aggregates": {}, "suggested_queries": [],
                      "suggested_autocomplete": [], "es_cluster": "A"});
    answer::json(200, &[], &body)
}

/// `from:2020-03-01,to:2023-07-31`.
fn period(filter: &str) -> (Option<String>, Option<String>) {
    let end = |name: &str| {
        filter.split(',').find_map(|part| part.trim().strip_prefix(name)?.strip_prefix(':').map(str::to_owned))
    };
    (end("from"), end("to"))
}

fn result(score: usize, document: &WebDocument) -> Value {
    json!({
        "title": document.title,
        "link": document.path,
        "description": document.description,
        "first_published_at": format!("{}T09:30:00Z", document.date.iso()),
        "public_timestamp": format!("{}T09:30:00Z", document.date.iso()),
        "format": document.format,
        "content_store_document_type": document.format,
        "document_type": "edition",
        "organisations": [{"title": document.organisation, "link": "/government/organisations/invented"}],
        "indexable_content": indexed(document),
        "index": "govuk",
        "es_score": score,
        "_id": document.path,
    })
}

/// The text that the site's search has of a page; what lies in a PDF it has not.
fn indexed(document: &WebDocument) -> String {
    if document.as_pdf {
        return document.description.clone();
    }
    document.body.iter().map(|(heading, text)| format!("{heading} {text}")).collect::<Vec<_>>().join(" ")
}

fn find<'a>(shelves: &'a Shelves, path: &str) -> Option<&'a WebDocument> {
    let path = format!("/{}", path.trim_start_matches('/'));
    shelves.corpus.documents.iter().find(|document| document.shelf == Shelf::GovUk && document.path == path)
}

async fn content(State(shelves): State<Arc<Shelves>>, Path(path): Path<String>) -> Response<Body> {
    let Some(document) = find(&shelves, &path) else {
        return answer::html(404, "<html><body><h1>Page not found</h1></body></html>".into());
    };
    let stamp = format!("{}T09:30:00Z", document.date.iso());
    let mut details = json!({"body": body_html(document), "attachments": []});
    if document.as_pdf {
        details["attachments"] = json!([{
            "accessible": false,
            "attachment_type": "file",
            "content_type": "application/pdf",
            "filename": format!("{}.pdf", document.number),
            "title": document.title,
            "url": pdf_url(document),
        }]);
        details["documents"] = json!([attachment_html(document)]);
    }
    let body = json!({
        "base_path": document.path,
        "title": document.title,
        "description": document.description,
        "document_type": document.format,
        "schema_name": "publication",
        "locale": "en",
        "phase": "live",
        "first_published_at": stamp,
        "public_updated_at": stamp,
        "updated_at": stamp,
        "withdrawn_notice": {},
        "details": details,
        "links": {"organisations": [{"title": document.organisation, "base_path": "/government/organisations/invented"}]},
    });
    answer::json(200, &[("cache-control", "max-age=1800, public")], &body)
}

fn pdf_url(document: &WebDocument) -> String {
    format!("http://{ASSETS}/media/{}.pdf", document.number)
}

/// The page's own text; where a PDF holds it, a line about that.
fn body_html(document: &WebDocument) -> String {
    if document.as_pdf {
        return format!("<div class=\"govspeak\"><p>{}</p></div>", escaped(&document.description));
    }
    let sections: String = document
        .body
        .iter()
        .map(|(heading, text)| format!("<h2>{}</h2>\n<p>{}</p>\n", escaped(heading), escaped(text)))
        .collect();
    format!("<div class=\"govspeak\">{sections}</div>")
}

fn attachment_html(document: &WebDocument) -> String {
    format!(
        "<section class=\"gem-c-attachment\"><h3><a href=\"{}\">{}</a></h3><p>PDF</p></section>",
        pdf_url(document),
        escaped(&document.title)
    )
}

async fn page(State(shelves): State<Arc<Shelves>>, Path(path): Path<String>) -> Response<Body> {
    match find(&shelves, &path) {
        Some(document) => answer::html(200, page_html(document)),
        None => answer::html(404, "<html><body><h1>Page not found</h1></body></html>".into()),
    }
}

/// The page as a browser gets it.
pub fn page_html(document: &WebDocument) -> String {
    let meta = [
        ("description", document.description.clone()),
        ("govuk:first-published-at", format!("{}T09:30:00+00:00", document.date.iso())),
        ("govuk:format", document.format.to_owned()),
    ];
    let (sections, end) = if document.as_pdf {
        (vec![(String::new(), document.description.clone())], attachment_html(document))
    } else {
        (document.body.clone(), String::new())
    };
    html::write(&document.title, &meta, &sections, &end)
}
