//! JSON: one record a line, and the items of citation processors.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::{Item, issn, notes};
use crate::model::{Author, PartialDate, Record, WorkType};

/// One object a line: the record with the work's `id` and the added fields.
pub(super) fn write_lines(items: &[Item<'_>], out: &mut dyn Write) -> io::Result<()> {
    for item in items {
        let mut object = Map::new();
        object.insert("id".to_owned(), item.id.into());
        for (name, value) in &item.extra {
            object.insert(name.clone(), value.clone().into());
        }
        if let Value::Object(record) = serde_json::to_value(item.record)? {
            object.extend(record);
        }
        serde_json::to_writer(&mut *out, &Value::Object(object))?;
        writeln!(out)?;
    }
    Ok(())
}

/// An array of CSL items.
pub(super) fn write_csl(items: &[Item<'_>], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "[")?;
    for (at, item) in items.iter().enumerate() {
        serde_json::to_writer(&mut *out, &csl(item))?;
        writeln!(out, "{}", if at + 1 < items.len() { "," } else { "" })?;
    }
    writeln!(out, "]")
}

fn csl(item: &Item<'_>) -> Value {
    let record = item.record;
    let ids = &record.identifiers;
    let mut object = Map::new();
    let mut put = |name: &str, value: Value| {
        let empty = value.is_null() || value.as_str().is_some_and(str::is_empty);
        if !empty {
            object.insert(name.to_owned(), value);
        }
    };
    put("id", item.id.into());
    put("type", kind(record).into());
    let singles = [
        ("title", &record.title),
        ("abstract", &record.abstract_text),
        ("container-title", &record.venue),
        ("volume", &record.volume),
        ("issue", &record.issue),
        ("page", &record.pages),
        ("publisher", &record.publisher),
        ("DOI", &ids.doi),
        ("PMID", &ids.pmid),
        ("PMCID", &ids.pmcid),
    ];
    for (name, value) in singles {
        put(name, value.clone().into());
    }
    if !record.authors.is_empty() {
        put("author", record.authors.iter().map(name).collect());
    }
    if let Some(date) = record.dates.first() {
        put("issued", json!({ "date-parts": [parts(*date)] }));
    }
    put("ISSN", ids.issn.iter().map(|number| issn(number)).collect::<Vec<_>>().join(", ").into());
    put("ISBN", ids.isbn.join(" ").into());
    put("URL", record.urls.first().cloned().into());
    put("language", record.languages.join(", ").into());
    put("keyword", record.keywords.join(", ").into());
    for note in notes(item) {
        if let Some((name, value)) = note.split_once(": ") {
            put(name, value.into());
        }
    }
    Value::Object(object)
}

fn name(author: &Author) -> Value {
    if author.collective {
        json!({ "literal": author.family })
    } else if author.given.is_empty() {
        json!({ "family": author.family })
    } else {
        json!({ "family": author.family, "given": author.given })
    }
}

fn parts(date: PartialDate) -> Vec<i16> {
    let rest = [date.month, date.day].into_iter().map_while(|part| part.map(i16::from));
    std::iter::once(date.year).chain(rest).collect()
}

/// The type's name in CSL 1.0.2.
fn kind(record: &Record) -> &'static str {
    let has = |kind: WorkType| record.types.contains(&kind);
    let kinds = [
        (WorkType::Thesis, "thesis"),
        (WorkType::BookChapter, "chapter"),
        (WorkType::Book, "book"),
        (WorkType::ConferencePaper, "paper-conference"),
        (WorkType::Report, "report"),
        (WorkType::Dataset, "dataset"),
        (WorkType::Webpage, "webpage"),
    ];
    if let Some((_, name)) = kinds.into_iter().find(|(kind, _)| has(*kind)) {
        return name;
    }
    if record.types.iter().all(|kind| *kind == WorkType::Other) { "document" } else { "article-journal" }
}
