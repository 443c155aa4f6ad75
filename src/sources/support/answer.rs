//! What an HTTP answer means before a source looks into it.

use std::time::SystemTime;

use jiff::Timestamp;
use serde_json::Value;

use crate::net::{Response, retry};
use crate::sources::SourceError;
use crate::text::html;

/// How much of a server's own words is shown.
const SAID_CHARACTERS: usize = 300;

/// Passes an answer on that has a 2xx status and no web page for a body.
///
/// A web page at 200 comes from a proxy, a login or a maintenance notice: `Unavailable`.
pub fn checked(response: &Response) -> Result<(), SourceError> {
    if let Some(until) = quota_spent(response) {
        return Err(SourceError::QuotaSpent { until });
    }
    if !response.is_success() {
        return Err(by_status(response.status, said(response), retry_after(response)));
    }
    if is_page(&response.body) {
        return Err(SourceError::Unavailable(format!("a web page came instead of data: {}", said(response))));
    }
    Ok(())
}

/// The error that a status stands for, with the server's own words.
pub fn by_status(status: u16, said: String, retry_after_s: Option<u64>) -> SourceError {
    let told = if said.is_empty() { format!("status {status}") } else { format!("status {status}: {said}") };
    match status {
        401 | 403 => SourceError::Refused(told),
        404 | 410 => SourceError::NotFound(told),
        429 => SourceError::Throttled { retry_after_s },
        400..=499 => SourceError::Rejected(told),
        _ => SourceError::Unavailable(told),
    }
}

/// The server's own wait in seconds, from `Retry-After` as a number or a date.
pub fn retry_after(response: &Response) -> Option<u64> {
    retry::retry_after(&response.headers, sent_at(response)).map(|wait| wait.as_secs())
}

/// Whether a quota is spent by the rule of [`retry::quota_spent`], and until when, where the server says.
fn quota_spent(response: &Response) -> Option<Option<String>> {
    let now = sent_at(response);
    if !retry::quota_spent(response.status, &response.headers, now) {
        return None;
    }
    let wait = response.header("x-ratelimit-reset").and_then(|text| retry::reset(text, now));
    let known = now > SystemTime::UNIX_EPOCH;
    let until = wait.filter(|_| known).and_then(|wait| Timestamp::try_from(now + wait).ok());
    Some(until.and_then(|until| until.round(jiff::Unit::Second).ok()).map(|until| until.to_string()))
}

/// The `Date` of the answer; `net` adds it where the server does not.
fn sent_at(response: &Response) -> SystemTime {
    let told = response.header("date").and_then(|date| httpdate::parse_http_date(date.trim()).ok());
    told.unwrap_or(SystemTime::UNIX_EPOCH)
}

/// Whether a body is an HTML page.
pub fn is_page(body: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&body[..body.len().min(512)]).trim_start_matches('\u{feff}').to_lowercase();
    let head = head.trim_start();
    head.starts_with("<!doctype html") || head.starts_with("<html") || head.starts_with("<head")
}

/// The server's own words: a message member of a JSON body, else the beginning of the text.
pub fn said(response: &Response) -> String {
    let words = serde_json::from_slice::<Value>(&response.body).ok().and_then(|value| message(&value, 0));
    let text = words.unwrap_or_else(|| {
        html::plain(&String::from_utf8_lossy(&response.body[..response.body.len().min(4 * SAID_CHARACTERS)]))
    });
    text.chars().take(SAID_CHARACTERS).collect()
}

/// A message in an error body, under one of the names that APIs use.
fn message(value: &Value, depth: usize) -> Option<String> {
    const NAMES: &[&str] =
        &["statusText", "message", "msg", "details", "detail", "error_description", "error-message", "title", "error"];
    if let Value::Array(items) = value {
        return items.iter().filter(|_| depth < 5).find_map(|item| message(item, depth + 1));
    }
    let object = value.as_object().filter(|_| depth < 5)?;
    let named = NAMES.iter().filter_map(|name| object.get(*name)).find_map(Value::as_str);
    named.map(str::to_owned).or_else(|| object.values().find_map(|inner| message(inner, depth + 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(status: u16, body: &str) -> Response {
        let url = "http://127.0.0.1/".parse().unwrap();
        Response { status, headers: vec![("retry-after".into(), "7".into())], body: body.into(), url }
    }

    #[test]
    fn statuses_become_named_errors() {
        let error = |status, body| checked(&response(status, body)).unwrap_err();
        assert_eq!(error(429, ""), SourceError::Throttled { retry_after_s: Some(7) });
        assert_eq!(error(404, ""), SourceError::NotFound("status 404".into()));
        let body = r#"{"service-error":{"status":{"statusCode":"X","statusText":"Not entitled"}}}"#;
        assert_eq!(error(401, body), SourceError::Refused("status 401: Not entitled".into()));
        assert!(matches!(error(200, " <!DOCTYPE html><p>Sign in"), SourceError::Unavailable(_)));
        assert!(matches!(error(503, "down"), SourceError::Unavailable(_)));
        assert_eq!(checked(&response(200, "{}")), Ok(()));
    }

    #[test]
    fn a_spent_budget_is_no_throttle() {
        let mut spent = response(429, "");
        let headers =
            [("date", "Tue, 24 Nov 2026 12:00:00 GMT"), ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "43200")];
        spent.headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        let until = Some("2026-11-25T00:00:00Z".to_owned());
        assert_eq!(checked(&spent), Err(SourceError::QuotaSpent { until }));
    }
}
