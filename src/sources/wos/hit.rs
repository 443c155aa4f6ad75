//! One hit of the Starter API.

use serde_json::Value;

use crate::ids::normal_doi;
use crate::model::{Author, Identifiers, Record, WorkType};
use crate::sources::support::{dates, json};

/// The record of a hit.
pub fn record(hit: &Value) -> Result<Record, String> {
    let uid = json::text(hit, "uid").ok_or("a hit without uid")?;
    let null = Value::Null;
    let part = |name| hit.get(name).unwrap_or(&null);
    let (source, names, ids) = (part("source"), part("names"), part("identifiers"));
    let (types, source_types) = types(hit);
    let mut record = Record {
        source: "wos".into(),
        source_key: uid.clone(),
        title: json::text(hit, "title"),
        authors: authors(names),
        dates: dates::in_words(&format!(
            "{} {}",
            json::text(source, "publishMonth").unwrap_or_default(),
            json::text(source, "publishYear").unwrap_or_default()
        )),
        venue: json::text(source, "sourceTitle"),
        volume: json::text(source, "volume"),
        issue: json::text(source, "issue"),
        pages: pages(source.get("pages")).or_else(|| json::text(source, "articleNumber")),
        identifiers: identifiers(ids, uid),
        types,
        source_types,
        keywords: json::texts(part("keywords"), "authorKeywords"),
        urls: hit.pointer("/links/record").and_then(json::plain).into_iter().collect(),
        ..Record::default()
    };
    if !record.identifiers.issn.is_empty() && record.identifiers.isbn.is_empty() && record.types == [WorkType::Review] {
        // A review in a journal is also a journal article.
        record.types.insert(0, WorkType::JournalArticle);
    }
    Ok(record)
}

fn authors(names: &Value) -> Vec<Author> {
    let people = names.get("authors").and_then(Value::as_array).into_iter().flatten().filter_map(|author| {
        let name = json::text(author, "displayName").or_else(|| json::text(author, "wosStandard"))?;
        Author::read(&name)
    });
    let groups = ["corp", "groupAuthors"].into_iter().flat_map(|kind| {
        names
            .get(kind)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|group| Some(Author::collective(&json::text(group, "displayName")?)))
    });
    people.chain(groups).collect()
}

fn pages(pages: Option<&Value>) -> Option<String> {
    let pages = pages?;
    json::text(pages, "range").or_else(|| match (json::text(pages, "begin"), json::text(pages, "end")) {
        (Some(begin), Some(end)) if begin != end => Some(format!("{begin}-{end}")),
        (begin, _) => begin,
    })
}

fn identifiers(ids: &Value, uid: String) -> Identifiers {
    Identifiers {
        doi: json::text(ids, "doi").and_then(|doi| normal_doi(&doi)),
        pmid: json::text(ids, "pmid").and_then(|pmid| digits(&pmid)),
        issn: json::numbers(ids, &["issn", "eissn"]),
        isbn: json::numbers(ids, &["isbn", "eisbn"]),
        wos: Some(uid),
        ..Identifiers::default()
    }
}

/// The digits of `MEDLINE:123` or `123`.
pub fn digits(pmid: &str) -> Option<String> {
    let pmid = pmid.rsplit(':').next().unwrap_or_default().trim();
    (!pmid.is_empty() && pmid.bytes().all(|byte| byte.is_ascii_digit())).then(|| pmid.to_owned())
}

fn types(hit: &Value) -> (Vec<WorkType>, Vec<String>) {
    let mut words = json::texts(hit, "types");
    for word in json::texts(hit, "sourceTypes") {
        if !words.iter().any(|known| known.eq_ignore_ascii_case(&word)) {
            words.push(word);
        }
    }
    (WorkType::read_all(words.iter().map(String::as_str)), words)
}
