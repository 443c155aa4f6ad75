//! A work's JSON to a record.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::ids::normal_doi;
use crate::model::{Author, Identifiers, Location, LocationKind, PartialDate, Record, WorkType};
use crate::sources::support::json::{text, texts};
use crate::text::dates::padded;
use crate::text::{html, language, real_abstract};

/// More words than any abstract has; a longer one is cut there.
const MOST_WORDS: usize = 100_000;

/// Reads a work.
///
/// # Errors
/// Why it is none, in lower case.
pub fn record(work: &Value) -> Result<Record, String> {
    if !work.is_object() {
        return Err("not an object".into());
    }
    let named = work.get("id").or_else(|| work.pointer("/ids/openalex"));
    let id = named.and_then(Value::as_str).and_then(id).ok_or("no OpenAlex id")?;
    let primary = work.get("primary_location").unwrap_or(&Value::Null);
    let venue = primary.get("source").unwrap_or(&Value::Null);
    let mut record = Record {
        source: "openalex".into(),
        source_key: id.clone(),
        title: text(work, "title").or_else(|| text(work, "display_name")),
        abstract_text: work.get("abstract_inverted_index").and_then(abstract_text),
        authors: authors(work),
        dates: dates(work),
        venue: text(venue, "display_name").or_else(|| text(primary, "raw_source_name")),
        publisher: text(venue, "host_organization_name"),
        identifiers: identifiers(work, id, venue),
        languages: text(work, "language")
            .and_then(|code| language::code(&code))
            .map(str::to_owned)
            .into_iter()
            .collect(),
        keywords: terms(work, "mesh", "descriptor_name"),
        urls: text(primary, "landing_page_url").into_iter().collect(),
        locations: locations(work),
        ..Record::default()
    };
    let biblio = work.get("biblio").unwrap_or(&Value::Null);
    (record.volume, record.issue) = (text(biblio, "volume"), text(biblio, "issue"));
    record.pages = match (text(biblio, "first_page"), text(biblio, "last_page")) {
        (Some(first), Some(last)) if first != last => Some(format!("{first}-{last}")),
        (first, last) => first.or(last),
    };
    record.source_types = source_types(work, primary);
    let in_journal = text(venue, "type").as_deref() == Some("journal");
    let mut words: Vec<&str> = record.source_types.iter().map(String::as_str).collect();
    if in_journal && words.contains(&"review") {
        // OpenAlex has one type a work; a review in a journal is a journal article as well.
        words.push("journal-article");
    }
    record.types = WorkType::read_all(words);
    record.extra = extra(work);
    Ok(record)
}

/// `W…` out of an id or an address that ends with one.
pub fn id(text: &str) -> Option<String> {
    let id = text.trim().rsplit('/').next()?.to_uppercase();
    let digits = id.strip_prefix('W')?;
    (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(id)
}

/// The words put back in their places; places that no word holds are passed over.
fn abstract_text(index: &Value) -> Option<String> {
    let mut words: Vec<(u64, &str)> = Vec::new();
    for (word, places) in index.as_object()? {
        words.extend(places.as_array()?.iter().filter_map(Value::as_u64).map(|place| (place, word.as_str())));
    }
    words.sort_unstable();
    words.truncate(MOST_WORDS);
    let text = words.into_iter().map(|(_, word)| word).collect::<Vec<_>>().join(" ");
    real_abstract(&html::plain(&text))
}

fn authors(work: &Value) -> Vec<Author> {
    let authorships = work.get("authorships").and_then(Value::as_array).into_iter().flatten();
    let name = |authorship: &Value| {
        let author = authorship.get("author").unwrap_or(&Value::Null);
        text(author, "display_name").or_else(|| text(authorship, "raw_author_name"))
    };
    authorships.filter_map(name).filter_map(|name| Author::read(&name)).collect()
}

fn dates(work: &Value) -> Vec<PartialDate> {
    let date = text(work, "publication_date").and_then(|date| padded(&date));
    let year = text(work, "publication_year").and_then(|year| PartialDate::read(&year));
    date.or(year).into_iter().collect()
}

fn identifiers(work: &Value, openalex: String, venue: &Value) -> Identifiers {
    let ids = work.get("ids").unwrap_or(&Value::Null);
    let last =
        |name: &str| text(ids, name).and_then(|id| id.trim_end_matches('/').rsplit('/').next().map(str::to_owned));
    let doi = text(work, "doi").or_else(|| text(ids, "doi")).and_then(|doi| normal_doi(&doi));
    let digits = |id: &String| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    let pmcid = last("pmcid").map(|id| id.trim_start_matches(['P', 'M', 'C', 'p', 'm', 'c']).to_owned()).filter(digits);
    let mut issn: Vec<String> = texts(venue, "issn").into_iter().chain(text(venue, "issn_l")).collect();
    issn.iter_mut().for_each(|issn| *issn = issn.replace('-', "").to_uppercase());
    issn.sort_unstable();
    issn.dedup();
    Identifiers {
        arxiv: doi.as_deref().and_then(|doi| doi.strip_prefix("10.48550/arxiv.")).map(str::to_owned),
        doi,
        pmid: last("pmid").filter(digits),
        pmcid: pmcid.map(|digits| format!("PMC{digits}")),
        openalex: Some(openalex),
        issn,
        ..Identifiers::default()
    }
}

/// OpenAlex's own type, Crossref's, and the one that the place of publication gave.
fn source_types(work: &Value, primary: &Value) -> Vec<String> {
    let mut types: Vec<String> = Vec::new();
    let words = [text(work, "type"), text(work, "type_crossref"), text(primary, "raw_type")];
    for word in words.into_iter().flatten() {
        if !types.contains(&word) {
            types.push(word);
        }
    }
    types
}

fn terms(work: &Value, list: &str, name: &str) -> Vec<String> {
    let mut terms: Vec<String> = Vec::new();
    for term in work.get(list).and_then(Value::as_array).into_iter().flatten().filter_map(|term| text(term, name)) {
        if !terms.contains(&term) {
            terms.push(term);
        }
    }
    terms
}

/// OpenAlex's `keywords` are guessed by a classifier and not searched, so they are no keywords here.
fn extra(work: &Value) -> BTreeMap<String, Vec<String>> {
    let mut extra = BTreeMap::new();
    let guessed = terms(work, "keywords", "display_name");
    if !guessed.is_empty() {
        extra.insert("guessed_keywords".to_owned(), guessed);
    }
    for flag in ["is_retracted", "is_paratext"] {
        if work.get(flag) == Some(&Value::Bool(true)) {
            extra.insert(flag.to_owned(), vec!["true".to_owned()]);
        }
    }
    extra
}

/// Where a full text may lie: the best open location first; closed ones only with their own file.
pub fn locations(work: &Value) -> Vec<Location> {
    let best = work.get("best_oa_location").into_iter();
    let all = work.get("locations").and_then(Value::as_array).into_iter().flatten();
    let mut found: Vec<Location> = Vec::new();
    for place in best.chain(all).filter(|place| place.is_object()) {
        let open = place.get("is_oa") == Some(&Value::Bool(true));
        let version = text(place, "version").map(|version| version.trim_end_matches("Version").to_lowercase());
        let pages = [("pdf_url", LocationKind::Pdf, true), ("landing_page_url", LocationKind::Html, open)];
        for (name, kind, wanted) in pages {
            // An address keeps its ampersands: it is no markup.
            let address =
                place.get(name).and_then(Value::as_str).map(str::trim).filter(|url| !url.is_empty() && wanted);
            let Some(address) = address.filter(|address| found.iter().all(|other| other.url != *address)) else {
                continue;
            };
            let location =
                Location { url: address.to_owned(), kind, licence: text(place, "license"), version: version.clone() };
            found.push(location);
        }
    }
    found
}
