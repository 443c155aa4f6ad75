//! A result's JSON to a record; results of type `core`, `lite` and `idlist` alike.

use std::collections::BTreeMap;

use serde_json::Value;
use url::Url;

use crate::ids::normal_doi;
use crate::model::{Author, Identifiers, Location, LocationKind, PartialDate, Record, SetAside, WorkType};
use crate::net::Response;
use crate::sources::support::{dates, endpoint, json};
use crate::sources::{PageRecord, SourceError};
use crate::text::{language, real_abstract};

use json::text;

/// What a list's page held.
pub(super) struct Found {
    pub(super) records: Vec<PageRecord>,
    pub(super) set_aside: Vec<SetAside>,
    /// Results on the page, those set aside included.
    pub(super) count: u64,
    pub(super) reported: u64,
    pub(super) cursor: Option<String>,
}

/// The body as JSON; an error told within HTTP 200 becomes one.
pub(super) fn body(response: &Response) -> Result<Value, SourceError> {
    let body = json::body(response)?;
    match (text(&body, "errMsg"), text(&body, "errCode").as_deref()) {
        (Some(told), Some("404")) => Err(SourceError::NotFound(told)),
        (Some(told), Some(code)) if code.starts_with('5') => Err(SourceError::Unavailable(told)),
        (Some(told), _) => Err(SourceError::Rejected(told)),
        (None, _) => Ok(body),
    }
}

/// Reads a page of results.
pub(super) fn list(response: &Response) -> Result<Found, SourceError> {
    let body = body(response)?;
    let reported = body.get("hitCount").and_then(json::count);
    let reported = reported.ok_or_else(|| SourceError::Shape("hitCount is no count".into()))?;
    let items = json::items(response, &["resultList", "result"])?;
    let (records, set_aside) = json::records(&items, record);
    Ok(Found { records, set_aside, count: items.len() as u64, reported, cursor: text(&body, "nextCursorMark") })
}

/// Reads a result.
///
/// # Errors
/// Why it is none, in lower case.
pub(super) fn record(result: &Value) -> Result<Record, String> {
    if !result.is_object() {
        return Err("not an object".into());
    }
    let id = text(result, "id").ok_or("no id")?;
    let source = text(result, "source").ok_or("no source")?;
    let issue = result.get("journalInfo").unwrap_or(&Value::Null);
    let journal = issue.get("journal").unwrap_or(&Value::Null);
    let book = result.get("bookOrReportDetails").unwrap_or(&Value::Null);
    let source_types = types(result);
    Ok(Record {
        source: "europepmc".into(),
        source_key: format!("{source}/{id}"),
        title: text(result, "title"),
        abstract_text: text(result, "abstractText").and_then(|text| real_abstract(&text)),
        authors: authors(result),
        dates: published(result, issue),
        venue: text(journal, "title")
            .or_else(|| text(result, "journalTitle"))
            .or_else(|| text(result, "journalAbbreviation"))
            .or_else(|| text(book, "comprisingTitle")),
        volume: text(issue, "volume").or_else(|| text(result, "journalVolume")).or_else(|| text(result, "volume")),
        issue: text(issue, "issue").or_else(|| text(result, "issue")),
        pages: text(result, "pageInfo"),
        publisher: text(book, "publisher"),
        identifiers: identifiers(result, journal, book, &source, &id),
        types: WorkType::read_all(source_types.iter().map(String::as_str)),
        source_types,
        languages: text(result, "language")
            .and_then(|word| language::code(&word))
            .map(str::to_owned)
            .into_iter()
            .collect(),
        keywords: keywords(result),
        urls: vec![format!("https://europepmc.org/article/{source}/{id}")],
        locations: locations(result),
        extra: extra(result),
        ..Record::default()
    })
}

fn identifiers(result: &Value, journal: &Value, book: &Value, source: &str, id: &str) -> Identifiers {
    let digits = |id: &String| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    let own = |name: &str| (source == name).then(|| id.to_owned());
    let issns = [text(journal, "issn"), text(journal, "essn"), text(result, "journalIssn")];
    let mut issn: Vec<String> = issns
        .iter()
        .flatten()
        .flat_map(|text| text.split(';'))
        .map(|issn| issn.trim().replace('-', "").to_uppercase())
        .filter(|issn| issn.len() == 8)
        .collect();
    issn.sort_unstable();
    issn.dedup();
    let isbns = [text(book, "isbn13"), text(book, "isbn10")];
    let isbn = isbns.into_iter().flatten().next().map(|isbn| isbn.replace(['-', ' '], "")).into_iter().collect();
    Identifiers {
        doi: text(result, "doi").and_then(|doi| normal_doi(&doi)),
        pmid: text(result, "pmid").or_else(|| own("MED")).filter(digits),
        pmcid: text(result, "pmcid").or_else(|| own("PMC")).filter(|id| id.starts_with("PMC")),
        issn,
        isbn,
        ..Identifiers::default()
    }
}

/// The authors' list, else the string that names them.
fn authors(result: &Value) -> Vec<Author> {
    let listed = result.pointer("/authorList/author").and_then(Value::as_array).into_iter().flatten();
    let authors: Vec<Author> = listed.filter_map(author).collect();
    if !authors.is_empty() {
        return authors;
    }
    let names = text(result, "authorString").unwrap_or_default();
    names.trim_end_matches('.').split(", ").filter_map(Author::read).collect()
}

fn author(author: &Value) -> Option<Author> {
    if let Some(name) = text(author, "collectiveName") {
        return Some(Author::collective(&name));
    }
    let given = text(author, "firstName").or_else(|| text(author, "initials")).unwrap_or_default();
    match text(author, "lastName") {
        Some(family) => Some(Author { family, given, collective: false }),
        None => text(author, "fullName").and_then(|name| Author::read(&name)),
    }
}

/// The dates of print and online publication. A date of print known to the month or year is padded
/// to a day in `printPublicationDate`, and `firstPublicationDate` may repeat it; the words beside it
/// are as exact as it is known.
fn published(result: &Value, issue: &Value) -> Vec<PartialDate> {
    let read = |value: &Value, name: &str| text(value, name).and_then(|date| PartialDate::read(&date));
    let print = text(issue, "printPublicationDate").and_then(|date| dates::padded(&date));
    let words = text(issue, "dateOfPublication").map(|words| dates::in_words(&words)).unwrap_or_default();
    let mut dates: Vec<PartialDate> = words.clone();
    if dates.is_empty() {
        dates.extend(print);
    }
    dates.extend(read(result, "electronicPublicationDate"));
    let first = text(result, "firstPublicationDate").and_then(|date| dates::padded(&date));
    dates.extend(first.filter(|first| words.is_empty() || Some(*first) != print));
    for year in [read(result, "pubYear"), read(issue, "yearOfPublication")].into_iter().flatten() {
        if dates.iter().all(|date| date.year != year.year) {
            dates.push(year);
        }
    }
    let mut known = Vec::new();
    dates.retain(|date| {
        !known.contains(date) && {
            known.push(*date);
            true
        }
    });
    dates
}

/// A list of words, or one string with `;` between them.
fn types(result: &Value) -> Vec<String> {
    let listed = result.get("pubTypeList").map(|list| json::texts(list, "pubType")).unwrap_or_default();
    if !listed.is_empty() {
        return listed;
    }
    let told = text(result, "pubType").or_else(|| text(result, "citationType")).unwrap_or_default();
    told.split(';').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The authors' keywords and the names of the MeSH headings.
fn keywords(result: &Value) -> Vec<String> {
    let mut keywords = result.get("keywordList").map(|list| json::texts(list, "keyword")).unwrap_or_default();
    let headings = result.pointer("/meshHeadingList/meshHeading").and_then(Value::as_array).into_iter().flatten();
    keywords.extend(headings.filter_map(|heading| text(heading, "descriptorName")));
    let mut known = Vec::new();
    keywords.retain(|keyword| {
        !known.contains(keyword) && {
            known.push(keyword.clone());
            true
        }
    });
    keywords
}

/// Corrections, comments and retractions, `type:source/id`.
fn extra(result: &Value) -> BTreeMap<String, Vec<String>> {
    let links = result.pointer("/commentCorrectionList/commentCorrection").and_then(Value::as_array);
    let told: Vec<String> = links
        .into_iter()
        .flatten()
        .filter_map(|link| Some(format!("{}:{}/{}", text(link, "type")?, text(link, "source")?, text(link, "id")?)))
        .collect();
    let mut extra = BTreeMap::new();
    if !told.is_empty() {
        extra.insert("comment_correction".to_owned(), told);
    }
    extra
}

/// The addresses of open full texts (`OA` open access, `F` free); closed ones lead to a login.
pub(super) fn locations(result: &Value) -> Vec<Location> {
    let listed = result.pointer("/fullTextUrlList/fullTextUrl").and_then(Value::as_array).into_iter().flatten();
    let licence = text(result, "license");
    let mut found: Vec<Location> = Vec::new();
    for place in listed.filter(|place| text(place, "availabilityCode").as_deref() != Some("S")) {
        let Some(address) = place.get("url").and_then(Value::as_str).map(str::trim).filter(|url| !url.is_empty())
        else {
            continue;
        };
        let kind = match text(place, "documentStyle").as_deref() {
            Some("pdf") => LocationKind::Pdf,
            Some("html" | "doi") => LocationKind::Html,
            _ => LocationKind::Unknown,
        };
        if found.iter().all(|other| other.url != address) {
            found.push(Location { url: address.to_owned(), kind, licence: licence.clone(), version: None });
        }
    }
    found.sort_by_key(|location| location.kind != LocationKind::Pdf);
    found
}

/// The service's own full text, which it gives for open access only.
pub(super) fn jats(result: &Value, base: &Url) -> Option<Location> {
    let open = text(result, "isOpenAccess").as_deref() == Some("Y") && text(result, "inEPMC").as_deref() != Some("N");
    let pmcid = text(result, "pmcid").filter(|pmcid| open && pmcid.starts_with("PMC"))?;
    let url = endpoint(base, &[pmcid.as_str(), "fullTextXML"]).to_string();
    Some(Location { url, kind: LocationKind::Jats, licence: text(result, "license"), version: None })
}
