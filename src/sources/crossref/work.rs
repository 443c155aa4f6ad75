//! A work's JSON to a record.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::ids::normal_doi;
use crate::model::{Author, Identifiers, Location, LocationKind, PartialDate, Record, WorkType};
use crate::sources::support::json::{text, texts};
use crate::text::{fold, html, language, real_abstract, squeeze};

/// Reads a work.
///
/// # Errors
/// Why it is none, in lower case.
pub fn record(work: &Value) -> Result<Record, String> {
    if !work.is_object() {
        return Err("not an object".into());
    }
    let doi = work.get("DOI").and_then(Value::as_str).map(|doi| doi.trim().to_lowercase());
    let doi = doi.filter(|doi| !doi.is_empty()).ok_or("no DOI")?;
    let first = |name: &str| texts(work, name).into_iter().next();
    let title = title(work);
    let source_types: Vec<String> = [text(work, "type"), text(work, "subtype")].into_iter().flatten().collect();
    let told_types = source_types.iter().map(String::as_str).chain(update_type(work));
    Ok(Record {
        source: "crossref".into(),
        original_title: first("original-title").filter(|original| Some(original) != title.as_ref()),
        title,
        abstract_text: work.get("abstract").and_then(Value::as_str).and_then(abstract_text),
        authors: authors(work),
        dates: dates(work),
        venue: first("container-title").or_else(|| institution(work)).or_else(|| text(work, "group-title")),
        volume: text(work, "volume"),
        issue: text(work, "issue"),
        pages: text(work, "page").or_else(|| text(work, "article-number")),
        publisher: text(work, "publisher"),
        identifiers: identifiers(work, &doi),
        // The words that stand for a whole periodical are no type of a work.
        types: WorkType::read_all(told_types.filter(|word| *word != "journal")),
        source_types,
        languages: text(work, "language")
            .and_then(|word| language::code(&word))
            .map(str::to_owned)
            .into_iter()
            .collect(),
        urls: addresses(work),
        locations: locations(work),
        extra: extra(work),
        source_key: doi,
        ..Record::default()
    })
}

/// Title and subtitle, as other databases have them in one.
fn title(work: &Value) -> Option<String> {
    let title = texts(work, "title").into_iter().next()?;
    match texts(work, "subtitle").into_iter().next() {
        Some(subtitle) if !fold(&title).contains(&fold(&subtitle)) => Some(format!("{title}: {subtitle}")),
        _ => Some(title),
    }
}

/// The abstract without JATS markup and without a heading that only says what it is. Some
/// publishers deposit the markup escaped.
fn abstract_text(jats: &str) -> Option<String> {
    let escaped = ["&lt;jats:", "&lt;p&gt;", "&lt;/"].iter().any(|mark| jats.contains(mark));
    let jats = if escaped { html::entities(jats) } else { jats.to_owned() };
    real_abstract(&html::plain(without_heading(&jats)))
}

fn without_heading(jats: &str) -> &str {
    let mut rest = jats.trim_start();
    while let Some(tag) = rest.strip_prefix('<').and_then(|tail| tail.split_once('>')) {
        let name = tag.0.split([' ', '/']).next().unwrap_or_default().rsplit(':').next().unwrap_or_default();
        if matches!(name, "sec" | "abstract") {
            rest = tag.1.trim_start();
            continue;
        }
        if name != "title" {
            break;
        }
        let Some((heading, tail)) = tag.1.split_once("</") else { break };
        let heading = fold(&squeeze(&html::plain(heading)));
        let heading = heading.trim_end_matches(['.', ':', ' ']);
        if !matches!(heading, "abstract" | "summary" | "resume" | "resumen" | "zusammenfassung" | "") {
            break;
        }
        return tail.split_once('>').map_or(rest, |(_, after)| after);
    }
    jats
}

fn authors(work: &Value) -> Vec<Author> {
    let people = |name: &str| -> Vec<Author> {
        work.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(author).collect()
    };
    let authors = people("author");
    // An edited book has editors in their place.
    if authors.is_empty() { people("editor") } else { authors }
}

fn author(person: &Value) -> Option<Author> {
    match (text(person, "family"), text(person, "given")) {
        (Some(family), given) => Some(Author { family, given: given.unwrap_or_default(), collective: false }),
        (None, Some(given)) => Author::read(&given),
        (None, None) => text(person, "name").map(|name| Author::collective(&name)),
    }
}

/// Every date of publication; a part that is null or missing leaves the date less exact.
fn dates(work: &Value) -> Vec<PartialDate> {
    let of_issue = work.get("journal-issue").unwrap_or(&Value::Null);
    let names = ["published-print", "published-online", "published-other", "published", "issued", "posted"];
    let own = names.iter().filter_map(|name| work.get(*name));
    let all = own.chain(["published-print", "published-online"].iter().filter_map(|name| of_issue.get(*name)));
    let mut dates: Vec<PartialDate> = Vec::new();
    for parts in all.filter_map(|date| date.get("date-parts")?.as_array()).flatten() {
        let part = |index: usize| parts.get(index).and_then(Value::as_u64).and_then(|part| u32::try_from(part).ok());
        let year = part(0).and_then(|year| i32::try_from(year).ok());
        let Some(date) = year.and_then(|year| PartialDate::new(year, part(1), part(2))) else { continue };
        if !dates.contains(&date) {
            dates.push(date);
        }
    }
    dates
}

fn identifiers(work: &Value, doi: &str) -> Identifiers {
    let numbers = |name: &str| {
        let mut numbers: Vec<String> = texts(work, name)
            .iter()
            .filter_map(|number| number.rsplit('/').next())
            .map(|number| number.replace(['-', ' '], "").to_uppercase())
            .filter(|number| !number.is_empty())
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    };
    let trials = work.get("clinical-trial-number").and_then(Value::as_array).into_iter().flatten();
    Identifiers {
        doi: normal_doi(doi),
        arxiv: doi.strip_prefix("10.48550/arxiv.").map(str::to_owned),
        issn: numbers("ISSN"),
        isbn: numbers("ISBN"),
        other: trials.filter_map(|trial| text(trial, "clinical-trial-number")).map(|n| format!("trial:{n}")).collect(),
        ..Identifiers::default()
    }
}

fn institution(work: &Value) -> Option<String> {
    let institution = work.get("institution")?;
    text(institution.get(0).unwrap_or(institution), "name")
}

fn addresses(work: &Value) -> Vec<String> {
    let found = [work.get("URL"), work.pointer("/resource/primary/URL")];
    let mut addresses: Vec<String> = Vec::new();
    for address in found.into_iter().flatten().filter_map(Value::as_str).map(str::trim) {
        if !address.is_empty() && !addresses.iter().any(|other| other == address) {
            addresses.push(address.to_owned());
        }
    }
    addresses
}

/// What the notice does to another work: a retraction notice is a retraction, a correction an erratum.
fn update_type(work: &Value) -> Option<&'static str> {
    let updates = work.get("update-to").and_then(Value::as_array)?;
    let mut kinds = updates.iter().filter_map(|update| text(update, "type")).map(|kind| kind.to_lowercase());
    kinds.find_map(|kind| match kind.as_str() {
        "retraction" | "partial_retraction" | "withdrawal" | "removal" => Some("retraction"),
        "correction" | "corrigendum" | "erratum" | "addendum" => Some("erratum"),
        _ => None,
    })
}

/// Links to other works, `kind:DOI`: corrections, retractions, versions, preprints.
fn extra(work: &Value) -> BTreeMap<String, Vec<String>> {
    let mut extra = BTreeMap::new();
    for name in ["update-to", "updated-by"] {
        let updates = work.get(name).and_then(Value::as_array).into_iter().flatten();
        let told: Vec<String> = updates
            .filter_map(|update| Some(format!("{}:{}", text(update, "type")?, text(update, "DOI")?.to_lowercase())))
            .collect();
        if !told.is_empty() {
            extra.insert(name.to_owned(), told);
        }
    }
    let relations = work.get("relation").and_then(Value::as_object).into_iter().flatten();
    let told: Vec<String> = relations
        .flat_map(|(kind, others)| {
            let others = others.as_array().into_iter().flatten();
            others.filter_map(move |other| Some(format!("{kind}:{}", text(other, "id")?.to_lowercase())))
        })
        .collect();
    if !told.is_empty() {
        extra.insert("relation".to_owned(), told);
    }
    let subjects = texts(work, "subject");
    if !subjects.is_empty() {
        // Subjects of the journal, not of the work.
        extra.insert("journal_subjects".to_owned(), subjects);
    }
    extra
}

/// Full-text links, those for readers and text mining before those for similarity checking.
pub fn locations(work: &Value) -> Vec<Location> {
    let links = work.get("link").and_then(Value::as_array).cloned().unwrap_or_default();
    let checking = |link: &&Value| text(link, "intended-application").as_deref() == Some("similarity-checking");
    let (last, first): (Vec<&Value>, Vec<&Value>) = links.iter().partition(checking);
    let mut found: Vec<Location> = Vec::new();
    for link in first.into_iter().chain(last) {
        let Some(address) = link.get("URL").and_then(Value::as_str).map(str::trim) else { continue };
        if address.is_empty() || found.iter().any(|other| other.url == address) {
            continue;
        }
        let version = text(link, "content-version");
        let kind = match text(link, "content-type").unwrap_or_default().as_str() {
            "application/pdf" => LocationKind::Pdf,
            "application/xml" | "text/xml" => LocationKind::Jats,
            "text/html" => LocationKind::Html,
            _ => LocationKind::Unknown,
        };
        let licence = licence(work, version.as_deref());
        let version = version.and_then(|version| match version.as_str() {
            "vor" => Some("published".to_owned()),
            "am" => Some("accepted".to_owned()),
            _ => None,
        });
        found.push(Location { url: address.to_owned(), kind, licence, version });
    }
    found
}

/// The licence of that version (text-mining licences aside), else of no stated version.
fn licence(work: &Value, version: Option<&str>) -> Option<String> {
    let licences = work.get("license").and_then(Value::as_array)?;
    let of = |wanted: &str| {
        let licence = licences.iter().find(|licence| text(licence, "content-version").as_deref() == Some(wanted))?;
        licence.get("URL").and_then(Value::as_str).map(str::to_owned)
    };
    version.and_then(of).or_else(|| of("unspecified"))
}
