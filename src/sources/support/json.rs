//! Reading JSON answers: the envelope as a value, each record as the bytes that came.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;

use super::answer;
use crate::model::SetAside;
use crate::net::Response;
use crate::sources::{PageRecord, SourceError};
use crate::text::{html, squeeze};

/// The body as JSON, after [`answer::checked`]. An empty or cut body is `Unavailable` (it may come
/// whole the next time), another syntax is `Shape`. Nesting deeper than 128 is `Shape`.
pub fn body(response: &Response) -> Result<Value, SourceError> {
    answer::checked(response)?;
    let bytes = response.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&response.body);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(SourceError::Unavailable("an empty answer".into()));
    }
    serde_json::from_slice(bytes).map_err(|error| match error.classify() {
        serde_json::error::Category::Eof => SourceError::Unavailable(format!("the answer is cut short: {error}")),
        _ => SourceError::Shape(format!("no JSON: {error}")),
    })
}

/// The items of the array at a path of members, each as it came. Call after [`body`].
pub fn items(response: &Response, path: &[&str]) -> Result<Vec<Box<RawValue>>, SourceError> {
    let bytes = response.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&response.body);
    let wrong = || SourceError::Shape(format!("{} is not an array", path.join(".")));
    let mut raw: Box<RawValue> = serde_json::from_slice(bytes).map_err(|_| wrong())?;
    for name in path {
        let mut members: BTreeMap<String, Box<RawValue>> = serde_json::from_str(raw.get()).map_err(|_| wrong())?;
        raw = members.remove(*name).ok_or_else(wrong)?;
    }
    serde_json::from_str(raw.get()).map_err(|_| wrong())
}

/// Reads each item; one that cannot be read is set aside with its reason and its bytes.
pub fn records(
    items: &[Box<RawValue>],
    read: impl Fn(&Value) -> Result<crate::model::Record, String>,
) -> (Vec<PageRecord>, Vec<SetAside>) {
    let (mut records, mut aside) = (Vec::new(), Vec::new());
    for item in items {
        let payload = item.get().as_bytes().to_vec();
        let value: Result<Value, String> = serde_json::from_str(item.get()).map_err(|error| error.to_string());
        match value.and_then(|value| read(&value)) {
            Ok(record) => records.push(PageRecord { record, payload }),
            Err(reason) => aside.push(SetAside { reason, raw: payload, line: None }),
        }
    }
    (records, aside)
}

/// A member's text without markup, or a number's digits; `None` if missing or empty.
pub fn text(value: &Value, name: &str) -> Option<String> {
    plain(value.get(name)?)
}

/// A value's text without markup, or a number's digits; also `{"$": "text"}`.
pub fn plain(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => html::plain(text),
        Value::Number(number) => number.to_string(),
        Value::Object(members) => html::plain(members.get("$")?.as_str()?),
        _ => return None,
    };
    let text = squeeze(&text);
    (!text.is_empty()).then_some(text)
}

/// A member's texts, whether it is an array or a single value.
pub fn texts(value: &Value, name: &str) -> Vec<String> {
    match value.get(name) {
        Some(Value::Array(items)) => items.iter().filter_map(plain).collect(),
        Some(single) => plain(single).into_iter().collect(),
        None => Vec::new(),
    }
}

/// ISSNs and ISBNs under some names, without separators, each once: `[9781, 9782]`, `EISSN-2618-6586`
/// and `http://…/isbn/978…` alike. What has neither their length nor their letters is left out.
pub fn numbers(value: &Value, names: &[&str]) -> Vec<String> {
    let mut numbers: Vec<String> = Vec::new();
    for text in names.iter().flat_map(|name| texts(value, name)) {
        for part in text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')) {
            let bare = part.trim_start_matches(|c: char| !c.is_ascii_digit());
            let number: String = bare.chars().filter(|c| *c != '-').collect::<String>().to_uppercase();
            let digits = number.strip_suffix('X').unwrap_or(&number);
            let known = numbers.contains(&number) || !digits.bytes().all(|byte| byte.is_ascii_digit());
            if matches!(number.len(), 8 | 10 | 13) && !known {
                numbers.push(number);
            }
        }
    }
    numbers
}

/// A count, as a number or as digits in a string.
pub fn count(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(body: &str) -> Response {
        Response { status: 200, headers: Vec::new(), body: body.into(), url: "http://127.0.0.1/".parse().unwrap() }
    }

    #[test]
    fn bodies() {
        assert!(body(&response("\u{feff}{\"a\":1}")).is_ok());
        assert!(matches!(body(&response("  ")), Err(SourceError::Unavailable(_))));
        assert!(matches!(body(&response("{\"a\":[1,")), Err(SourceError::Unavailable(_))));
        assert!(matches!(body(&response("{\"a\":<x/>}")), Err(SourceError::Shape(_))));
        assert!(matches!(
            body(&response(&"[".repeat(100_000))),
            Err(SourceError::Shape(_) | SourceError::Unavailable(_))
        ));
    }

    #[test]
    fn numbers_without_separators() {
        let value = serde_json::json!({"issn": ["EISSN-2618-6586", "0378-595x"], "isbn": "[978-1, 9781234567897]"});
        assert_eq!(numbers(&value, &["issn", "isbn", "none"]), ["26186586", "0378595X", "9781234567897"]);
    }

    #[test]
    fn items_are_kept_as_they_came() {
        let response = response(r#"{"a": {"b": [{"z":1, "a":  2.50}, 7]}}"#);
        let items = items(&response, &["a", "b"]).unwrap();
        assert_eq!(items[0].get(), r#"{"z":1, "a":  2.50}"#);
        let (records, aside) = records(&items, |value| match value.is_object() {
            true => Ok(crate::model::Record::default()),
            false => Err("no object".into()),
        });
        assert_eq!((records.len(), aside.len()), (1, 1));
        assert_eq!(aside[0].raw, b"7");
    }
}
