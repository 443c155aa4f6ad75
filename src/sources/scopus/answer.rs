//! Elsevier's errors: a spent weekly quota apart from a throttle, and errors inside HTTP 200.

use jiff::Timestamp;
use serde_json::Value;

use crate::net::Response;
use crate::sources::SourceError;
use crate::sources::support::{answer, json};

/// The body as JSON, or the error that it stands for.
pub fn body(response: &Response) -> Result<Value, SourceError> {
    if response.status == 429 || quota_spent(response) {
        return Err(if quota_spent(response) {
            SourceError::QuotaSpent { until: response.header("x-ratelimit-reset").and_then(reset) }
        } else {
            SourceError::Throttled { retry_after_s: answer::retry_after(response) }
        });
    }
    let body = json::body(response)?;
    match error_code(&body) {
        Some((code, text)) => Err(named(&code, text)),
        None => Ok(body),
    }
}

fn quota_spent(response: &Response) -> bool {
    let header = response.header("x-els-status").is_some_and(|status| status.contains("QUOTA_EXCEEDED"));
    header || (!response.is_success() && String::from_utf8_lossy(&response.body).contains("QUOTA_EXCEEDED"))
}

/// When the quota is there again, as RFC 3339: the documentation says epoch seconds, recordings
/// have milliseconds, and some answers a date in words (kept as it is).
fn reset(value: &str) -> Option<String> {
    let value = value.trim();
    match value.parse::<i64>() {
        Ok(number) if number > 100_000_000_000 => Timestamp::from_millisecond(number).ok(),
        Ok(number) if number > 0 => Timestamp::from_second(number).ok(),
        Ok(_) => None,
        Err(_) => return (!value.is_empty()).then(|| value.to_owned()),
    }
    .map(|at| at.to_string())
}

/// `{"service-error":{"status":{"statusCode","statusText"}}}` or
/// `{"error-response":{"error-code","error-message"}}`.
fn error_code(body: &Value) -> Option<(String, String)> {
    if let Some(status) = body.pointer("/service-error/status") {
        let of = |name| json::text(status, name).unwrap_or_default();
        return Some((of("statusCode"), of("statusText")));
    }
    let error = body.get("error-response")?;
    Some((json::text(error, "error-code").unwrap_or_default(), json::text(error, "error-message").unwrap_or_default()))
}

fn named(code: &str, text: String) -> SourceError {
    let told = format!("{code}: {text}");
    match code {
        "QUOTA_EXCEEDED" => SourceError::QuotaSpent { until: None },
        "TOO_MANY_REQUESTS" | "RATE_LIMIT_EXCEEDED" => SourceError::Throttled { retry_after_s: None },
        "RESOURCE_NOT_FOUND" => SourceError::NotFound(told),
        "AUTHENTICATION_ERROR" | "AUTHORIZATION_ERROR" | "APIKEY_INVALID" => SourceError::Refused(told),
        "GENERAL_SYSTEM_ERROR" | "INTERNAL_ERROR" => SourceError::Unavailable(told),
        _ => SourceError::Rejected(told),
    }
}

/// The error that stands in the place of an entry (`{"error": "Result set was empty"}`).
pub fn entry_error(entry: &str) -> Option<String> {
    let entry: Value = serde_json::from_str(entry).ok()?;
    json::text(&entry, "error").filter(|_| entry.get("dc:identifier").is_none())
}

#[cfg(test)]
mod tests {
    use super::reset;

    #[test]
    fn three_spellings_of_the_reset() {
        assert_eq!(reset("1594210657").as_deref(), Some("2020-07-08T12:17:37Z"));
        assert_eq!(reset("1594210657000").as_deref(), Some("2020-07-08T12:17:37Z"));
        assert_eq!(reset("Wed, 08 Jul 2020 12:17:37 GMT").as_deref(), Some("Wed, 08 Jul 2020 12:17:37 GMT"));
        assert_eq!(reset("0"), None);
    }
}
