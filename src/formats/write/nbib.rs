//! The MEDLINE format.

use std::io::{self, Write};

use super::{Item, issn, notes};
use crate::model::{Author, PartialDate};
use crate::text::squeeze;

pub(super) fn write(items: &[Item<'_>], out: &mut dyn Write) -> io::Result<()> {
    for item in items {
        entry(item, out)?;
    }
    Ok(())
}

fn entry(item: &Item<'_>, out: &mut dyn Write) -> io::Result<()> {
    let record = item.record;
    let ids = &record.identifiers;
    let mut line = |tag: &str, value: &str| {
        let value = squeeze(value);
        if value.is_empty() { Ok(()) } else { writeln!(out, "{tag:<4}- {value}") }
    };
    // An entry begins with its owner, since not every one has a PMID.
    line("OWN", "gleaner")?;
    line("PMID", ids.pmid.as_deref().unwrap_or_default())?;
    let singles = [
        ("TI", &record.title),
        ("TT", &record.original_title),
        ("AB", &record.abstract_text),
        ("JT", &record.venue),
        ("VI", &record.volume),
        ("IP", &record.issue),
        ("PG", &record.pages),
        ("PB", &record.publisher),
        ("PMC", &ids.pmcid),
    ];
    for (tag, value) in singles {
        line(tag, value.as_deref().unwrap_or_default())?;
    }
    for author in &record.authors {
        if author.collective {
            line("CN", &author.family)?;
        } else {
            line("FAU", &author.display())?;
            line("AU", &short(author))?;
        }
    }
    if let Some(date) = record.dates.first() {
        line("DP", &dated(*date))?;
    }
    if let Some(doi) = &ids.doi {
        line("LID", &format!("{doi} [doi]"))?;
    }
    for number in &ids.issn {
        line("IS", &issn(number))?;
    }
    for number in &ids.isbn {
        line("ISBN", number)?;
    }
    for kind in &record.types {
        line("PT", &title_case(kind.name()))?;
    }
    for (tag, values) in [("LA", &record.languages), ("OT", &record.keywords), ("URL", &record.urls)] {
        for value in values {
            line(tag, value)?;
        }
    }
    for note in notes(item) {
        line("GN", &note)?;
    }
    writeln!(out)
}

/// `Smith JA`.
fn short(author: &Author) -> String {
    let initials: String = author
        .given
        .split([' ', '-', '.'])
        .filter_map(|word| word.chars().next())
        .flat_map(char::to_uppercase)
        .collect();
    format!("{} {initials}", author.family)
}

/// `2020 Mar 9`.
fn dated(date: PartialDate) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut text = format!("{:04}", date.year);
    if let Some(month) = date.month.and_then(|month| MONTHS.get(usize::from(month) - 1)) {
        text.push(' ');
        text.push_str(month);
        if let Some(day) = date.day {
            text.push_str(&format!(" {day}"));
        }
    }
    text
}

/// `Journal Article` from `journal-article`.
fn title_case(name: &str) -> String {
    let word = |word: &str| {
        let mut chars = word.chars();
        chars.next().map(|first| first.to_uppercase().chain(chars).collect::<String>()).unwrap_or_default()
    };
    name.split('-').map(word).collect::<Vec<_>>().join(" ")
}
