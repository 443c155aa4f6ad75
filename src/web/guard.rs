//! Who may ask: Host, Origin, and the headers that keep pages to themselves.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::App;

const HEADERS: &[(&str, &str)] = &[
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cache-control", "no-store"),
];

/// Refuses a foreign Host (DNS rebinding) and, for what changes something, a foreign Origin.
pub async fn guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    if !host_allowed(&app, request.headers()) {
        return (StatusCode::FORBIDDEN, "this server does not answer to that host name\n").into_response();
    }
    if request.method() != Method::GET && request.method() != Method::HEAD && !origin_allowed(request.headers()) {
        return (StatusCode::FORBIDDEN, "the request comes from another site\n").into_response();
    }
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        response.headers_mut().entry(*name).or_insert(HeaderValue::from_static(value));
    }
    response
}

fn host_allowed(app: &App, headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(header::HOST).and_then(|host| host.to_str().ok()) else { return false };
    let name = host.rsplit_once(':').map_or(host, |(name, port)| if port.ends_with(']') { host } else { name });
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
        || app.serving.hosts.iter().any(|allowed| allowed == host || allowed == name)
}

fn origin_allowed(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    match headers.get(header::ORIGIN).map(|origin| origin.to_str().unwrap_or_default()) {
        // Old browsers leave it out on same-site forms; the token in the form still has to be there.
        None => true,
        Some(origin) => origin.split_once("://").is_some_and(|(_, origin_host)| origin_host == host),
    }
}
