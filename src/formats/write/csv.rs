//! CSV that is safe to open in a spreadsheet.

use std::borrow::Cow;
use std::io::{self, Write};

use super::super::runs_in_spreadsheets;
use super::{Item, issn};
use crate::model::Author;
use crate::text::squeeze;

/// The columns of every export, before those that the export adds.
const COLUMNS: [&str; 25] = [
    "gleaner-id",
    "title",
    "original_title",
    "abstract",
    "authors",
    "year",
    "dates",
    "venue",
    "volume",
    "issue",
    "pages",
    "publisher",
    "types",
    "languages",
    "keywords",
    "doi",
    "pmid",
    "pmcid",
    "issn",
    "isbn",
    "openalex",
    "scopus",
    "wos",
    "arxiv",
    "urls",
];

pub(super) fn write(items: &[Item<'_>], out: &mut dyn Write) -> io::Result<()> {
    let added: Vec<&str> =
        items.first().map(|item| item.extra.iter().map(|(name, _)| name.as_str()).collect()).unwrap_or_default();
    let mut table = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    let header = COLUMNS.iter().copied().chain(["identifiers"]).chain(added.iter().copied());
    table.write_record(header.map(|name| guarded(name).into_owned())).map_err(io_error)?;
    for item in items {
        let mut cells = cells(item);
        cells.extend(added.iter().map(|name| {
            item.extra.iter().find(|(other, _)| other == name).map(|(_, value)| value.clone()).unwrap_or_default()
        }));
        table.write_record(cells.iter().map(|cell| guarded(cell).into_owned())).map_err(io_error)?;
    }
    table.flush()
}

fn cells(item: &Item<'_>) -> Vec<String> {
    let record = item.record;
    let ids = &record.identifiers;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let joined = |values: &mut dyn Iterator<Item = String>| values.collect::<Vec<_>>().join("; ");
    vec![
        item.id.to_owned(),
        text(&record.title),
        text(&record.original_title),
        text(&record.abstract_text),
        joined(&mut record.authors.iter().map(name)),
        record.year().map(|year| year.to_string()).unwrap_or_default(),
        joined(&mut record.dates.iter().map(ToString::to_string)),
        text(&record.venue),
        text(&record.volume),
        text(&record.issue),
        text(&record.pages),
        text(&record.publisher),
        joined(&mut record.types.iter().map(|kind| kind.name().to_owned())),
        record.languages.join("; "),
        joined(&mut record.keywords.iter().map(|word| word.replace(';', ","))),
        text(&ids.doi),
        text(&ids.pmid),
        text(&ids.pmcid),
        joined(&mut ids.issn.iter().map(|number| issn(number))),
        ids.isbn.join("; "),
        text(&ids.openalex),
        text(&ids.scopus),
        text(&ids.wos),
        text(&ids.arxiv),
        record.urls.join(" "),
        ids.other.join("; "),
    ]
}

/// A name without the sign that parts names; a group's ends with a comma.
fn name(author: &Author) -> String {
    let name = if author.collective { format!("{},", author.family) } else { author.display() };
    name.replace(';', ",")
}

/// A cell that no spreadsheet takes for a formula. The apostrophe is taken off on import.
fn guarded(cell: &str) -> Cow<'_, str> {
    if runs_in_spreadsheets(cell) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

fn io_error(error: csv::Error) -> io::Error {
    io::Error::other(squeeze(&error.to_string()))
}
