//! `BibTeX`.

use std::io::{self, Write};

use super::{Item, issn, notes};
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
    let ids = &record.identifiers;
    let (kind, venue) = kind(record);
    write!(out, "@{kind}{{{}", key(item.id))?;
    let mut field = |name: &str, value: &str| {
        if value.is_empty() { Ok(()) } else { write!(out, ",\n  {name} = {{{value}}}") }
    };
    let text = |value: &Option<String>| escaped(value.as_deref().unwrap_or_default());
    // The inner braces keep the title's capitals.
    let title = text(&record.title);
    field("title", &if title.is_empty() { title } else { format!("{{{title}}}") })?;
    field("author", &record.authors.iter().map(name).collect::<Vec<_>>().join(" and "))?;
    if let Some(date) = record.dates.first() {
        field("year", &format!("{:04}", date.year))?;
        field("month", &date.month.map(|month| month.to_string()).unwrap_or_default())?;
    }
    field(venue, &text(&record.venue))?;
    field("volume", &text(&record.volume))?;
    field("number", &text(&record.issue))?;
    field("pages", &text(&record.pages).replace('-', "--"))?;
    field("publisher", &text(&record.publisher))?;
    field("doi", ids.doi.as_deref().map(bare).unwrap_or_default().as_str())?;
    field("pmid", ids.pmid.as_deref().unwrap_or_default())?;
    field("issn", &ids.issn.iter().map(|number| issn(number)).collect::<Vec<_>>().join(", "))?;
    field("isbn", &ids.isbn.join(", "))?;
    field("language", &record.languages.join(", "))?;
    let keywords: Vec<String> = record.keywords.iter().map(|word| escaped(&word.replace([';', ','], " "))).collect();
    field("keywords", &keywords.join("; "))?;
    field("url", &record.urls.iter().map(|url| bare(url)).collect::<Vec<_>>().join(" "))?;
    field("abstract", &text(&record.abstract_text))?;
    for note in notes(item) {
        if let Some((name, value)) = note.split_once(": ") {
            field(name, &escaped(value))?;
        }
    }
    write!(out, "\n}}\n\n")
}

/// A key of letters, digits and what all programs allow.
fn key(id: &str) -> String {
    let key: String = id
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':') { c } else { '_' })
        .collect();
    if key.is_empty() { "work".to_owned() } else { key }
}

/// An address without what would end the value.
fn bare(value: &str) -> String {
    squeeze(value).replace('{', "%7B").replace('}', "%7D").replace('\\', "%5C")
}

fn name(author: &Author) -> String {
    let text = |part: &str| escaped(part).replace(" and ", " {and} ");
    if author.collective {
        return format!("{{{}}}", escaped(&author.family));
    }
    if author.given.is_empty() {
        text(&author.family)
    } else {
        format!("{}, {}", text(&author.family), text(&author.given))
    }
}

/// A text in which no sign is a command.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut previous = ' ';
    for c in squeeze(text).chars() {
        match c {
            '\\' => out.push_str("\\textbackslash{}"),
            '{' => out.push_str("\\textbraceleft{}"),
            '}' => out.push_str("\\textbraceright{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '&' | '%' | '$' | '#' | '_' => out.extend(['\\', c]),
            // Two of these in a row would become one sign.
            '-' | '`' | '\'' if previous == c => {
                out.push_str("{}");
                out.push(c);
            }
            _ => out.push(c),
        }
        previous = c;
    }
    out
}

/// The entry's type, and the field for its venue.
fn kind(record: &Record) -> (&'static str, &'static str) {
    let has = |kind: WorkType| record.types.contains(&kind);
    let kinds = [
        (WorkType::Thesis, "phdthesis", "series"),
        (WorkType::BookChapter, "incollection", "booktitle"),
        (WorkType::Book, "book", "series"),
        (WorkType::ConferencePaper, "inproceedings", "booktitle"),
        (WorkType::Report, "techreport", "series"),
    ];
    if let Some((_, name, venue)) = kinds.into_iter().find(|(kind, _, _)| has(*kind)) {
        return (name, venue);
    }
    let journal = [WorkType::JournalArticle, WorkType::Review, WorkType::Editorial, WorkType::Letter];
    let article = journal.into_iter().any(has) || (record.types.is_empty() && record.venue.is_some());
    if article { ("article", "journal") } else { ("misc", "journal") }
}
