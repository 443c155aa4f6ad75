//! Unpaywall: where a DOI's text is open.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::Response;
use axum::routing::get;
use serde_json::{Value, json};

use super::answer;
use super::shelves::Shelves;
use crate::demo::corpus::{Delivery, Work};

pub fn router(shelves: Arc<Shelves>) -> Router {
    Router::new().route("/v2/{*doi}", get(single)).route("/{*doi}", get(single)).with_state(shelves)
}

async fn single(
    State(shelves): State<Arc<Shelves>>,
    Path(doi): Path<String>,
    RawQuery(query): RawQuery,
) -> Response<Body> {
    let parameters = answer::parameters(&query.unwrap_or_default());
    if !parameters.get("email").is_some_and(|email| email.contains('@')) {
        let told = json!({"HTTP_status_code": 422, "error": true, "message": "Email address required in API call"});
        return answer::json(422, &[], &told);
    }
    match shelves.any_by_doi(&doi) {
        Some(work) => answer::json(200, &[], &value(work)),
        None => {
            let message = format!(
                "'{doi}' isn't in Unpaywall. See https://support.unpaywall.org/a/solutions/articles/44001900286"
            );
            answer::json(404, &[], &json!({"HTTP_status_code": 404, "error": true, "message": message}))
        }
    }
}

fn value(work: &Work) -> Value {
    let location = |url: Option<String>, page: String, host: &str, version: &str| {
        json!({"url": url.clone().unwrap_or_else(|| page.clone()), "url_for_pdf": url, "url_for_landing_page": page,
               "evidence": "deprecated", "license": "cc-by", "version": version, "host_type": host, "is_best": true,
               "oa_date": work.date.iso()})
    };
    let publisher_pdf = if work.delivery == Delivery::LoginFirst { None } else { work.pdf_url() };
    let mut locations = vec![location(publisher_pdf, work.landing_page(), "publisher", "publishedVersion")];
    if work.delivery == Delivery::LoginFirst {
        let pdf = work.pdf_url();
        locations.push(location(pdf.clone(), pdf.unwrap_or_default(), "repository", "acceptedVersion"));
    }
    json!({
        "doi": work.doi,
        "doi_url": format!("https://doi.org/{}", work.doi),
        "title": work.title,
        "genre": "journal-article",
        "published_date": work.date.iso(),
        "year": work.date.year,
        "journal_name": work.venue,
        "publisher": work.publisher,
        "is_oa": true,
        "oa_status": "gold",
        "best_oa_location": locations.first(),
        "oa_locations": locations,
        "oa_locations_embargoed": [],
        "data_standard": 2,
    })
}
