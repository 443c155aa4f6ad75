//! The XML of `EndNote`, which Zotero, Bookends and others write too.
//!
//! Entities are never expanded but the predefined and HTML ones, and nothing outside of the file is
//! read.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::draft::{Draft, Field};
use super::{FileContents, Format, markup};
use crate::model::LocationKind;
use crate::text::html;

/// How deep elements may lie in one another.
const MAX_DEPTH: usize = 64;

/// Whether the beginning of an XML text looks like it.
pub(super) fn looks_like(head: &str) -> bool {
    markup::has(head, &["record"])
        && ["<ref-type", "<records", "<titles", "<contributors"].iter().any(|tag| head.contains(tag))
}

/// Reads it.
pub(super) fn read(text: &str) -> FileContents {
    markup::read(text, Format::EndNoteXml, &["record"], record)
}

/// One record's fields: each element that holds text itself (within `style` too), by the path to it.
fn record(raw: &str) -> Result<Draft, String> {
    let mut reader = Reader::from_str(raw);
    reader.config_mut().check_end_names = true;
    let mut draft = Draft::default();
    let mut path: Vec<String> = Vec::new();
    let mut text = String::new();
    loop {
        match reader.read_event().map_err(|error| format!("no well-formed XML: {error}"))? {
            Event::Start(element) => {
                let name = element.local_name().as_ref().to_owned();
                if path.len() >= MAX_DEPTH {
                    return Err(format!("elements lie deeper than {MAX_DEPTH}"));
                }
                if name == "ref-type" {
                    let attribute = element.try_get_attribute("name").ok().flatten();
                    if let Some(kind) = attribute {
                        draft.put("ref-type", Field::Type, &html::entities(&kind.value));
                    }
                }
                if name != "style" {
                    path.push(name);
                    text.clear();
                }
            }
            Event::End(element) => {
                if element.local_name().as_ref() == "style" {
                    continue;
                }
                put(&mut draft, &path, &text);
                text.clear();
                path.pop();
            }
            Event::Text(part) => text.push_str(&part),
            Event::CData(part) => text.push_str(&part),
            Event::GeneralRef(name) => text.push_str(&reference(&name)),
            Event::Eof => return Ok(draft),
            _ => {}
        }
    }
}

/// What a reference stands for. Line ends, which `EndNote` writes as `&#xD;`, stay line ends.
fn reference(name: &str) -> String {
    match name {
        "#13" | "#xD" | "#xd" | "#10" | "#xA" | "#xa" => "\n".to_owned(),
        _ => html::entities(&format!("&{name};")),
    }
}

fn put(draft: &mut Draft, path: &[String], text: &str) {
    let (Some(name), text) = (path.last(), text.trim()) else { return };
    if text.is_empty() {
        return;
    }
    let parent = path.len().checked_sub(2).map_or("", |at| path[at].as_str());
    let field = meaning(parent, name);
    // A list in one field has an entry a line.
    if matches!(field, Field::Author | Field::Keyword | Field::Url | Field::FullText(_)) {
        for line in text.split(['\n', '\r']) {
            draft.put(name, field, line);
        }
    } else if field == Field::Note {
        // Our own exports have a field a line here.
        let (own, others): (Vec<&str>, Vec<&str>) =
            text.split(['\n', '\r']).partition(|line| line.starts_with("gleaner-"));
        own.into_iter().for_each(|line| draft.put(name, field, line));
        draft.put(name, field, &others.join("\n"));
    } else {
        draft.put(name, field, text);
    }
}

/// What an element means.
fn meaning(parent: &str, name: &str) -> Field {
    match (parent, name) {
        ("titles", "title") => Field::Title(0),
        ("titles", "short-title") | (_, "short-title") => Field::Title(6),
        ("titles", "translated-title") | (_, "orig-pub") => Field::OriginalTitle,
        ("titles", "secondary-title") => Field::Venue(1),
        ("periodical", "full-title") => Field::Venue(0),
        ("periodical", "abbr-1") => Field::Venue(5),
        ("titles", "alt-title" | "tertiary-title") | ("alt-periodical", _) | ("periodical", _) => Field::Venue(8),
        ("authors", "author") => Field::Author,
        (_, "abstract") => Field::Abstract(0),
        (_, "research-notes") => Field::Abstract(4),
        ("dates", "year") | ("pub-dates", "date") => Field::Date,
        (_, "volume") => Field::Volume,
        (_, "number") => Field::Issue,
        (_, "pages") => Field::Pages,
        (_, "custom7") => Field::ArticleNumber,
        (_, "publisher") => Field::Publisher,
        (_, "isbn" | "issn") => Field::Serial,
        (_, "electronic-resource-num") => Field::Doi,
        (_, "accession-num") => Field::Accession,
        (_, "language") => Field::Language,
        (_, "work-type") => Field::Type,
        ("keywords", "keyword") => Field::Keyword,
        ("pdf-urls", "url") => Field::FullText(LocationKind::Pdf),
        ("text-urls", "url") => Field::FullText(LocationKind::Unknown),
        ("related-urls" | "web-urls" | "urls" | "image-urls", _) => Field::Url,
        (_, "custom1" | "custom2" | "custom3" | "custom4" | "custom5" | "custom6" | "notes" | "label") => Field::Note,
        // The library that the file came from says nothing of the document.
        (_, "database" | "source-app" | "rec-number" | "key" | "ref-type") => Field::Ignored,
        _ => Field::Extra,
    }
}
