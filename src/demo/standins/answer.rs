//! Small parts of answers.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Response, StatusCode};

/// An answer of a media type, with more headers.
pub fn of(status: u16, media_type: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(body.into());
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in [("content-type", media_type)].iter().chain(headers) {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// A JSON answer.
pub fn json(status: u16, headers: &[(&str, &str)], body: &serde_json::Value) -> Response<Body> {
    of(status, "application/json;charset=UTF-8", headers, body.to_string())
}

/// An XML answer.
pub fn xml(status: u16, headers: &[(&str, &str)], body: String) -> Response<Body> {
    of(status, "text/xml; charset=UTF-8", headers, body)
}

/// A web page.
pub fn html(status: u16, body: String) -> Response<Body> {
    of(status, "text/html; charset=utf-8", &[], body)
}

/// Query or form parameters by name.
pub fn parameters(text: &str) -> std::collections::HashMap<String, String> {
    url::form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

/// The page that begins at an offset.
pub fn page<T>(all: &[T], start: usize, count: usize) -> &[T] {
    let start = start.min(all.len());
    &all[start..(start + count).min(all.len())]
}

/// A number among parameters.
pub fn number(parameters: &std::collections::HashMap<String, String>, name: &str, default: usize) -> usize {
    parameters.get(name).and_then(|text| text.parse().ok()).unwrap_or(default)
}
