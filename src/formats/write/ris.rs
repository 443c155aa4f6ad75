//! RIS.

use std::io::{self, Write};

use super::{Item, issn, notes, page_ends};
use crate::model::{Author, Record, WorkType};
use crate::text::squeeze;

pub(super) fn write(items: &[Item<'_>], out: &mut dyn Write) -> io::Result<()> {
    for item in items {
        entry(item, out)?;
    }
    Ok(())
}

fn entry(item: &Item<'_>, out: &mut dyn Write) -> io::Result<()> {
    let record = item.record;
    let mut line = |tag: &str, value: &str| {
        let value = squeeze(value);
        if value.is_empty() { Ok(()) } else { write!(out, "{tag}  - {value}\r\n") }
    };
    line("TY", kind(record))?;
    let singles = [
        ("TI", &record.title),
        ("TT", &record.original_title),
        ("AB", &record.abstract_text),
        ("T2", &record.venue),
        ("VL", &record.volume),
        ("IS", &record.issue),
        ("PB", &record.publisher),
        ("DO", &record.identifiers.doi),
        ("C2", &record.identifiers.pmcid),
    ];
    for (tag, value) in singles {
        line(tag, value.as_deref().unwrap_or_default())?;
    }
    for author in &record.authors {
        line("AU", &name(author))?;
    }
    if let Some(date) = record.dates.first() {
        line("PY", &format!("{:04}", date.year))?;
        if date.month.is_some() {
            line("DA", &date.to_string().replace('-', "/"))?;
        }
    }
    if let Some(pages) = &record.pages {
        let (start, end) = page_ends(pages);
        line("SP", start)?;
        line("EP", end.unwrap_or_default())?;
    }
    for number in &record.identifiers.issn {
        line("SN", &issn(number))?;
    }
    for number in &record.identifiers.isbn {
        line("SN", number)?;
    }
    let ids = &record.identifiers;
    for accession in [&ids.pmid, &ids.wos, &ids.scopus].into_iter().flatten() {
        line("AN", accession)?;
    }
    for (tag, values) in [("LA", &record.languages), ("KW", &record.keywords), ("UR", &record.urls)] {
        for value in values {
            line(tag, value)?;
        }
    }
    for note in notes(item) {
        line("N1", &note)?;
    }
    write!(out, "ER  - \r\n\r\n")
}

/// `Family, Given`; a group's name ends with a comma, as `EndNote` has it.
fn name(author: &Author) -> String {
    if author.collective { format!("{},", author.family) } else { author.display() }
}

/// The type of reference that says most of the record's types.
fn kind(record: &Record) -> &'static str {
    let has = |kind: WorkType| record.types.contains(&kind);
    let kinds = [
        (WorkType::Thesis, "THES"),
        (WorkType::BookChapter, "CHAP"),
        (WorkType::Book, "BOOK"),
        (WorkType::ConferencePaper, "CPAPER"),
        (WorkType::Report, "RPRT"),
        (WorkType::Dataset, "DATA"),
        (WorkType::Webpage, "ELEC"),
        (WorkType::Preprint, "UNPB"),
    ];
    if let Some((_, name)) = kinds.into_iter().find(|(kind, _)| has(*kind)) {
        return name;
    }
    if record.types.iter().all(|kind| *kind == WorkType::Other) { "GEN" } else { "JOUR" }
}
