//! A paper's JSON to a record.

use serde_json::Value;

use crate::ids::{normal_doi, sha256_hex};
use crate::model::{Author, Identifiers, Location, LocationKind, PartialDate, Record, WorkType};
use crate::sources::support::json::{numbers, text, texts};
use crate::text::{fold, real_abstract};

/// Reads a paper.
///
/// # Errors
/// Why it is none, in lower case.
pub(super) fn record(paper: &Value) -> Result<Record, String> {
    if !paper.is_object() {
        return Err("not an object".into());
    }
    let title = text(paper, "title");
    let identifiers = identifiers(paper);
    let journal = paper.get("journal").unwrap_or(&Value::Null);
    let source_types = texts(paper, "publicationTypes");
    Ok(Record {
        source: "semanticscholar".into(),
        source_key: key(paper, &identifiers, title.as_deref()).ok_or("neither an id nor a title")?,
        title,
        abstract_text: text(paper, "abstract").and_then(|words| real_abstract(&words)),
        authors: authors(paper),
        dates: date(paper).into_iter().collect(),
        venue: text(journal, "name").or_else(|| text(paper, "venue")),
        volume: text(journal, "volume"),
        pages: text(journal, "pages"),
        types: WorkType::read_all(source_types.iter().map(String::as_str)),
        source_types,
        locations: locations(paper),
        identifiers,
        ..Record::default()
    })
}

/// Its own id; where it has none, another's; else its title's hash, so that it comes out the same
/// again.
fn key(paper: &Value, identifiers: &Identifiers, title: Option<&str>) -> Option<String> {
    let other = || identifiers.doi.as_ref().map(|doi| format!("doi:{doi}"));
    let by_title = || title.map(|title| format!("title:{}", &sha256_hex(fold(title).as_bytes())[..24]));
    text(paper, "paperId").or_else(other).or_else(by_title)
}

fn authors(paper: &Value) -> Vec<Author> {
    let listed = paper.get("authors").and_then(Value::as_array).into_iter().flatten();
    listed.filter_map(|author| Author::read(&text(author, "name")?)).collect()
}

/// The day where it is known, else the year.
fn date(paper: &Value) -> Option<PartialDate> {
    let day = text(paper, "publicationDate").and_then(|date| PartialDate::read(&date));
    day.or_else(|| PartialDate::read(&text(paper, "year")?))
}

fn identifiers(paper: &Value) -> Identifiers {
    let others = paper.get("externalIds").unwrap_or(&Value::Null);
    let doi = text(others, "DOI").and_then(|doi| normal_doi(&doi));
    let pmcid = text(others, "PubMedCentral").map(|id| format!("PMC{}", id.trim_start_matches("PMC")));
    let venue = paper.get("publicationVenue").unwrap_or(&Value::Null);
    Identifiers {
        doi,
        pmid: text(others, "PubMed"),
        pmcid,
        arxiv: text(others, "ArXiv"),
        issn: numbers(venue, &["issn", "alternate_issns"]),
        other: text(others, "ACL").map(|id| format!("acl:{id}")).into_iter().collect(),
        ..Identifiers::default()
    }
}

/// The open PDF, where it knows one.
pub(super) fn locations(paper: &Value) -> Vec<Location> {
    let open = paper.get("openAccessPdf").unwrap_or(&Value::Null);
    let url = text(open, "url").filter(|url| url.starts_with("http"));
    let licence = text(open, "license");
    url.map(|url| Location { url, kind: LocationKind::Pdf, licence, version: None }).into_iter().collect()
}
