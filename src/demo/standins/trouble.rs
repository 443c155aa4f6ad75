//! What really goes wrong: an occasional 429 and 503, by the count of requests, so that every run of
//! the demo meets the same ones.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use axum::middleware::{self, Next};
use serde_json::json;

use super::answer;

/// The requests whose answer is trouble: the third, and then one in so many.
const FIRST: usize = 3;
const EVERY: usize = 150;

/// Counts a stand-in's requests.
#[derive(Default)]
pub struct Counter(AtomicUsize);

impl Counter {
    pub fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
    fn next(&self) -> usize {
        self.0.fetch_add(1, Ordering::Relaxed) + 1
    }
}

/// A router with its counter and its troubles.
pub fn with(router: Router, id: &'static str, counter: Arc<Counter>) -> Router {
    router.layer(middleware::from_fn_with_state((id, counter), answer_or_fail))
}

async fn answer_or_fail(
    State((id, counter)): State<(&'static str, Arc<Counter>)>,
    request: Request,
    next: Next,
) -> Response<Body> {
    // A stand-in that fails once more often than it must would make every test of the web slower.
    let count = counter.next();
    if count % EVERY == FIRST {
        too_many(id)
    } else if count % EVERY == FIRST + EVERY / 2 {
        unavailable()
    } else {
        next.run(request).await
    }
}

/// A 429 in the words of the service.
fn too_many(id: &str) -> Response<Body> {
    let wait = [("retry-after", "0")];
    match id {
        "scopus" => answer::json(
            429,
            &wait,
            &json!({"error-response": {"error-code": "TOO_MANY_REQUESTS", "error-message": "Too many requests"}}),
        ),
        "openalex" => {
            answer::json(429, &wait, &json!({"error": "Rate limit exceeded", "message": "100 requests per second"}))
        }
        "crossref" => answer::of(429, "text/html", &wait, "<html><body><h1>429 Too Many Requests</h1></body></html>"),
        "pubmed" => answer::json(
            429,
            &wait,
            &json!({"error": "API rate limit exceeded", "api-key": "127.0.0.1", "count": "4", "limit": "3"}),
        ),
        _ => answer::of(429, "text/plain", &wait, "Too Many Requests"),
    }
}

fn unavailable() -> Response<Body> {
    let body = "<html><head><title>503 Service Temporarily Unavailable</title></head><body>\
                <h1>503 Service Temporarily Unavailable</h1></body></html>";
    answer::of(503, "text/html", &[("retry-after", "0")], body)
}
