//! JSON: one record a line (our own export, or objects with the names that CSV columns have), and
//! the items of citation processors (CSL).

use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::authors::Separator;
use super::columns;
use super::draft::{Draft, Field};
use super::lines::{LineCounter, lines};
use super::tagged::Collector;
use super::{FileContents, Format, MAX_ENTRY_BYTES, labels};
use crate::model::{Author, Record};

/// The format of a text that begins with a bracket.
pub(super) fn looks_like(start: &str) -> Option<Format> {
    if let Some(inside) = start.strip_prefix('[') {
        return inside.trim_start().starts_with('{').then_some(Format::CslJson);
    }
    let line = lines(start).next()?.text;
    if line.len() > MAX_ENTRY_BYTES {
        return Some(Format::Jsonl);
    }
    matches!(serde_json::from_str(line), Ok(Value::Object(_))).then_some(Format::Jsonl)
}

/// Reads one JSON object a line.
pub(super) fn read_lines(text: &str) -> FileContents {
    let mut collector = Collector::new(Format::Jsonl, text);
    for line in lines(text).filter(|line| !line.text.trim().is_empty()) {
        take(&mut collector, line.text.trim(), line.number);
    }
    collector.contents
}

/// Reads an array of CSL items.
pub(super) fn read_csl(text: &str) -> FileContents {
    let mut collector = Collector::new(Format::CslJson, text);
    let mut counter = LineCounter::default();
    for (start, end) in items(text) {
        let line = counter.line_at(text, start);
        take(&mut collector, &text[start..end], line);
    }
    collector.contents
}

/// Where the objects of an array begin and end; each is parsed by itself, so that a bad one costs only
/// itself.
fn items(text: &str) -> Vec<(usize, usize)> {
    let (mut items, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    let (mut quoted, mut escaped) = (false, false);
    for (at, byte) in text.bytes().enumerate() {
        if quoted {
            quoted = escaped || byte != b'"';
            escaped = byte == b'\\' && !escaped;
            continue;
        }
        match byte {
            b'"' => (quoted, escaped) = (true, false),
            b'{' => {
                if depth == 0 {
                    start = at;
                }
                depth += 1;
            }
            b'}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    items.push((start, at + 1));
                }
            }
            _ => {}
        }
    }
    if depth > 0 {
        items.push((start, text.len()));
    }
    items
}

fn take(collector: &mut Collector<'_>, raw: &str, line: usize) {
    if raw.len() > MAX_ENTRY_BYTES {
        collector.set_aside(format!("the entry is larger than {} MiB", MAX_ENTRY_BYTES >> 20), raw, line);
        return;
    }
    let object = match serde_json::from_str(raw) {
        Ok(Value::Object(object)) => object,
        Ok(_) => return collector.set_aside("no JSON object".to_owned(), raw, line),
        Err(error) => return collector.set_aside(format!("no well-formed JSON: {error}"), raw, line),
    };
    let object = unnested(object);
    let id = object.get("id").and_then(text_of).filter(|id| !id.is_empty());
    let before = collector.contents.entries.len();
    if object.contains_key("identifiers") || object.contains_key("source_key") {
        match own(&object) {
            Ok(draft) => collector.take(draft, raw, line),
            Err(error) => collector.set_aside(format!("no record of ours: {error}"), raw, line),
        }
    } else {
        collector.take(plain(&object), raw, line);
    }
    if let Some(entry) = collector.contents.entries.get_mut(before) {
        entry.id = id;
    }
}

/// An object with the names that columns have.
fn plain(object: &Map<String, Value>) -> Draft {
    let names: Vec<String> = object.keys().cloned().collect();
    let texts: Vec<Option<String>> = object.values().map(text_of).collect();
    let verdicts = labels::Columns::of(&names);
    let mut draft = Draft::default();
    draft.labels = verdicts.labels(|at| texts.get(at)?.as_deref());
    for (at, (name, value)) in object.iter().enumerate() {
        if verdicts.has(at) {
            draft.keep(name, texts[at].as_deref().unwrap_or_default());
        } else {
            put(&mut draft, name, value);
        }
    }
    draft
}

/// A work of our canonical export holds its record in `record`, beside the decisions: the record with
/// the work's id.
fn unnested(mut object: Map<String, Value>) -> Map<String, Value> {
    match object.remove("record") {
        Some(Value::Object(mut record)) if record.contains_key("source_key") => {
            record.extend(object.remove("id").map(|id| ("id".to_owned(), id)));
            record
        }
        Some(other) => {
            object.insert("record".to_owned(), other);
            object
        }
        None => object,
    }
}

/// A line of our own export: a record with the work's id and what else the export added.
fn own(object: &Map<String, Value>) -> Result<Draft, serde_json::Error> {
    let record: Record = serde_json::from_value(Value::Object(object.clone()))?;
    let mut draft = Draft::of(record);
    for (name, value) in object.iter().filter(|(name, _)| NAMES.get(name.as_str()).is_none()) {
        if let Some(text) = text_of(value) {
            draft.put(
                &if name == "id" { "gleaner-id".to_owned() } else { format!("gleaner-{name}") },
                Field::Extra,
                &text,
            );
        }
    }
    Ok(draft)
}

/// The names that a record's fields have.
static NAMES: LazyLock<Value> = LazyLock::new(|| serde_json::to_value(full()).unwrap_or_default());

/// A record in which no field is empty, to know the names that a record has.
fn full() -> Record {
    let some = || Some("x".to_owned());
    let date = crate::model::PartialDate { year: 2000, month: None, day: None };
    Record {
        title: some(),
        original_title: some(),
        abstract_text: some(),
        abstract_source: some(),
        authors: vec![Author::default()],
        dates: vec![date],
        venue: some(),
        volume: some(),
        issue: some(),
        pages: some(),
        publisher: some(),
        types: vec![crate::model::WorkType::Other],
        source_types: vec![String::new()],
        languages: vec![String::new()],
        keywords: vec![String::new()],
        urls: vec![String::new()],
        locations: vec![crate::model::Location {
            url: String::new(),
            kind: crate::model::LocationKind::Unknown,
            licence: None,
            version: None,
        }],
        extra: [(String::new(), Vec::new())].into(),
        ..Record::default()
    }
}

fn put(draft: &mut Draft, name: &str, value: &Value) {
    match (name, value) {
        ("author" | "authors", Value::Array(list)) => {
            let names: Vec<Author> = list.iter().filter_map(author).collect();
            draft.names(name, &value.to_string(), names);
        }
        ("issued" | "published" | "published-print" | "published-online", Value::Object(date)) => {
            if let Some(text) = date_of(date) {
                draft.put(name, Field::Date, &text);
            }
        }
        ("id", _) => {
            if let Some(text) = text_of(value) {
                draft.put(name, Field::Extra, &text);
            }
        }
        (_, Value::Array(list)) => {
            let field = meaning(name);
            list.iter().filter_map(text_of).for_each(|text| draft.put(name, field, &text));
        }
        _ => {
            if let Some(text) = text_of(value) {
                draft.put(name, meaning(name), &text);
            }
        }
    }
}

/// What a key means: as a column of that name, with what CSL calls its own.
fn meaning(name: &str) -> Field {
    match name {
        "container-title-short" | "journalAbbreviation" => Field::Venue(5),
        "event-title" | "collection-title" => Field::Venue(8),
        "keyword" => Field::Keywords(','),
        _ => match columns::known(name) {
            Some(Field::Authors(_)) => Field::Authors(Separator::Semicolon),
            Some(field) => field,
            None => Field::Extra,
        },
    }
}

fn author(value: &Value) -> Option<Author> {
    let part = |name: &str| value.get(name).and_then(text_of).unwrap_or_default();
    match value {
        Value::String(name) => super::authors::one(name),
        Value::Object(_) => {
            let family = [part("non-dropping-particle"), part("family")].join(" ").trim().to_owned();
            let literal = [part("literal"), part("name")].concat();
            if !family.is_empty() {
                let collective = value.get("collective").and_then(Value::as_bool).unwrap_or(false);
                Some(Author { family, given: part("given"), collective })
            } else if part("literal").is_empty() {
                super::authors::one(&literal)
            } else {
                Some(Author::collective(&literal))
            }
        }
        _ => None,
    }
}

/// `{"date-parts": [[2020, 3, 9]]}` or `{"raw": "2020-03"}`.
fn date_of(date: &Map<String, Value>) -> Option<String> {
    if let Some(parts) = date.get("date-parts").and_then(|parts| parts.get(0)).and_then(Value::as_array) {
        let parts: Vec<String> = parts.iter().take(3).filter_map(text_of).collect();
        return Some(parts.join("-"));
    }
    date.get("raw").or_else(|| date.get("literal")).and_then(text_of)
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(true) => Some("true".to_owned()),
        Value::Bool(false) => Some("false".to_owned()),
        Value::Null => None,
        Value::Array(_) | Value::Object(_) => Some(value.to_string()),
    }
}
