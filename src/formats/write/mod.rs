//! Records to export files.
//!
//! Each entry carries the work's stable id in a field that comes back on import as
//! `extra["gleaner-id"]`, so that decisions made elsewhere find their work again. What a format has no
//! place for (exact dates, several types, identifiers) goes into notes that begin with `gleaner-` and is
//! read back from there.

mod bibtex;
mod csv;
mod endnote;
mod json;
mod nbib;
mod ris;

use std::io::{self, Write};

use super::Format;
use crate::model::Record;
use crate::text::squeeze;

/// One work of an export.
#[derive(Clone, Debug)]
pub struct Item<'a> {
    /// The work's stable id.
    pub id: &'a str,
    /// The record that stands for it.
    pub record: &'a Record,
    /// Further columns (a status, a decision …), the same for all items of an export.
    pub extra: Vec<(String, String)>,
}

/// Writes items in a format.
///
/// # Errors
/// Those of `out`, and [`io::ErrorKind::Unsupported`] for a format that is read only (not among
/// [`Format::WRITTEN`]).
pub fn write(format: Format, items: &[Item<'_>], out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Ris => ris::write(items, out),
        Format::Nbib => nbib::write(items, out),
        Format::EndNoteXml => endnote::write(items, out),
        Format::BibTeX => bibtex::write(items, out),
        Format::Csv => csv::write(items, out),
        Format::Jsonl => json::write_lines(items, out),
        Format::CslJson => json::write_csl(items, out),
        Format::WebOfScience
        | Format::Ovid
        | Format::Enw
        | Format::RefWorks
        | Format::Cochrane
        | Format::PubmedXml
        | Format::Mods
        | Format::Xlsx => Err(io::Error::new(io::ErrorKind::Unsupported, format!("{} is read only", format.name()))),
    }
}

/// The notes of an item: its id, its extra columns, and what the format cannot say otherwise.
fn notes(item: &Item<'_>) -> Vec<String> {
    let record = item.record;
    let ids = &record.identifiers;
    let joined = |values: &mut dyn Iterator<Item = String>| values.collect::<Vec<_>>().join("; ");
    let mut notes = vec![("id".to_owned(), item.id.to_owned())];
    notes.extend(item.extra.iter().map(|(name, value)| (name.replace([' ', ':'], "-"), value.clone())));
    notes.extend([
        ("types".to_owned(), joined(&mut record.types.iter().map(|kind| kind.name().to_owned()))),
        ("dates".to_owned(), joined(&mut record.dates.iter().map(ToString::to_string))),
        ("identifiers".to_owned(), ids.other.join("; ")),
    ]);
    let single = [
        ("openalex", &ids.openalex),
        ("scopus", &ids.scopus),
        ("wos", &ids.wos),
        ("arxiv", &ids.arxiv),
        ("pmid", &ids.pmid),
        ("pmcid", &ids.pmcid),
        ("original-title", &record.original_title),
    ];
    notes.extend(single.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.clone()?))));
    notes
        .into_iter()
        .map(|(name, value)| (name, squeeze(&value)))
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("gleaner-{}: {value}", name.trim_start_matches("gleaner-")))
        .collect()
}

/// The two ends of pages such as `123-130`.
fn page_ends(pages: &str) -> (&str, Option<&str>) {
    match pages.split_once('-') {
        Some((start, end)) if !start.is_empty() && !end.is_empty() && !end.contains('-') => (start, Some(end)),
        _ => (pages, None),
    }
}

/// An ISSN with its hyphen.
fn issn(digits: &str) -> String {
    match digits.split_at_checked(4) {
        Some((first, second)) if second.len() == 4 => format!("{first}-{second}"),
        _ => digits.to_owned(),
    }
}
