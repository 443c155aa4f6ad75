//! `EndNote` XML.

use std::io::{self, Write};

use quick_xml::escape::escape;

use super::{Item, issn, notes};
use crate::model::{Record, WorkType};
use crate::text::squeeze;

pub(super) fn write(items: &[Item<'_>], out: &mut dyn Write) -> io::Result<()> {
    write!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xml><records>\n")?;
    for item in items {
        let mut text = String::new();
        entry(item, &mut text);
        writeln!(out, "<record>{text}</record>")?;
    }
    writeln!(out, "</records></xml>")
}

fn entry(item: &Item<'_>, out: &mut String) {
    let record = item.record;
    let ids = &record.identifiers;
    let (name, number) = kind(record);
    out.push_str(&format!("<ref-type name=\"{name}\">{number}</ref-type>"));
    let authors = record.authors.iter().map(|a| if a.collective { format!("{},", a.family) } else { a.display() });
    group(out, "contributors", &list("authors", "author", authors));
    group(
        out,
        "titles",
        &[element("title", record.title.as_deref()), element("secondary-title", record.venue.as_deref())].concat(),
    );
    group(out, "periodical", &element("full-title", record.venue.as_deref()));
    out.push_str(&element("pages", record.pages.as_deref()));
    out.push_str(&element("volume", record.volume.as_deref()));
    out.push_str(&element("number", record.issue.as_deref()));
    out.push_str(&list("keywords", "keyword", record.keywords.iter().cloned()));
    let year = record.dates.first().map(|date| format!("{:04}", date.year));
    group(out, "dates", &element("year", year.as_deref()));
    out.push_str(&element("publisher", record.publisher.as_deref()));
    let serials: Vec<String> = ids.issn.iter().map(|number| issn(number)).chain(ids.isbn.iter().cloned()).collect();
    out.push_str(&element("isbn", Some(&serials.join("; "))));
    out.push_str(&element("electronic-resource-num", ids.doi.as_deref()));
    out.push_str(&element("abstract", record.abstract_text.as_deref()));
    out.push_str(&element("language", Some(&record.languages.join("; "))));
    out.push_str(&element("accession-num", ids.wos.as_deref().or(ids.scopus.as_deref()).or(ids.pmid.as_deref())));
    group(out, "urls", &list("related-urls", "url", record.urls.iter().cloned()));
    // A line a note: the line end must be written as a reference or it would be folded.
    let notes: Vec<String> = notes(item).iter().map(|note| escaped(note)).collect();
    out.push_str(&format!("<notes>{}</notes>", notes.join("&#xD;")));
}

fn group(out: &mut String, name: &str, inside: &str) {
    if !inside.is_empty() {
        out.push_str(&format!("<{name}>{inside}</{name}>"));
    }
}

fn list(outer: &str, inner: &str, values: impl Iterator<Item = String>) -> String {
    let inside: String = values.map(|value| element(inner, Some(&value))).collect();
    if inside.is_empty() { inside } else { format!("<{outer}>{inside}</{outer}>") }
}

fn element(name: &str, value: Option<&str>) -> String {
    let value = escaped(value.unwrap_or_default());
    if value.is_empty() { value } else { format!("<{name}>{value}</{name}>") }
}

/// Escaped, on one line, without signs that XML does not allow.
fn escaped(value: &str) -> String {
    let value: String =
        squeeze(value).chars().filter(|c| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}')).collect();
    escape(value).into_owned()
}

/// `EndNote`'s name and number of a type.
fn kind(record: &Record) -> (&'static str, u8) {
    let has = |kind: WorkType| record.types.contains(&kind);
    let kinds = [
        (WorkType::Thesis, "Thesis", 32),
        (WorkType::BookChapter, "Book Section", 5),
        (WorkType::Book, "Book", 6),
        (WorkType::ConferencePaper, "Conference Paper", 47),
        (WorkType::Report, "Report", 27),
        (WorkType::Dataset, "Dataset", 59),
        (WorkType::Webpage, "Web Page", 12),
        (WorkType::Preprint, "Unpublished Work", 34),
    ];
    if let Some((_, name, number)) = kinds.into_iter().find(|(kind, _, _)| has(*kind)) {
        return (name, number);
    }
    if record.types.iter().all(|kind| *kind == WorkType::Other) { ("Generic", 13) } else { ("Journal Article", 17) }
}
