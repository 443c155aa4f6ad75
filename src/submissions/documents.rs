//! A file that is one submission.

use super::fields::{self, Meaning};
use super::{SOURCE, Submission, Submissions, dates, folder};
use crate::fulltext::{self, Document, DocumentKind};
use crate::ids;
use crate::model::{Author, Record, SetAside, WorkType};
use crate::text::{language, real_abstract, squeeze};

/// How many paragraphs at a document's head may be fields of a template.
const HEAD: usize = 80;

/// Reads a document and adds it, or sets it aside.
pub fn read(name: &str, bytes: Vec<u8>, out: &mut Submissions) {
    let (bytes, mut personal) = without_people(bytes);
    let mut document = match fulltext::extract(&bytes) {
        Ok(document) => document,
        Err(error) => {
            out.set_aside.push((name.to_owned(), SetAside { reason: error.to_string(), raw: bytes, line: None }));
            return;
        }
    };
    if document.kind == DocumentKind::Email {
        personal.extend(fulltext::email::sender(&bytes).map(|sender| ("From".to_owned(), sender)));
    }
    let fields = take_fields(&mut document, &mut personal);
    let mut record = Record {
        source: SOURCE.to_owned(),
        source_key: format!("file:{}", folder::normal_name(folder::stem(name))),
        ..Record::default()
    };
    for (label, answer) in &fields {
        fill(&mut record, label, answer, &format!("{name}: "), &mut out.warnings);
    }
    if record.title.is_none() {
        record.title = title(&document, name, &mut out.warnings);
    }
    complete(&mut record, &document);
    let raw = bytes.clone();
    out.items.push(Submission { record, file: name.to_owned(), document: Some((bytes, document)), personal, raw });
}

/// Takes what tells of people out of a text's front matter; other files stay as they are.
fn without_people(bytes: Vec<u8>) -> (Vec<u8>, Vec<(String, String)>) {
    let Ok(text) = std::str::from_utf8(&bytes) else { return (bytes, Vec::new()) };
    if text.trim_start().starts_with('<') {
        return (bytes, Vec::new());
    }
    let (fields, body) = fulltext::front_matter(text);
    let (personal, others): (Vec<_>, Vec<_>) =
        fields.into_iter().partition(|(label, _)| fields::meaning(label).is_personal());
    if personal.is_empty() {
        return (bytes, Vec::new());
    }
    let mut kept = String::with_capacity(text.len());
    for (label, value) in others {
        kept.push_str(&format!("{label}: {}\n", value.replace('\n', "\n  ")));
    }
    kept.push('\n');
    kept.push_str(body.trim_start_matches(['\r', '\n']));
    (kept.into_bytes(), personal)
}

/// The fields `Label: answer` at a document's head, of known labels; those of people are taken out of its text.
fn take_fields(document: &mut Document, personal: &mut Vec<(String, String)>) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    let mut seen = 0;
    for section in &mut document.sections {
        let mut kept: Vec<&str> = Vec::new();
        let mut changed = false;
        for paragraph in section.text.split("\n\n") {
            seen += 1;
            let pair = if seen <= HEAD { paragraph.split_once(": ") } else { None };
            let pair = pair.filter(|(label, _)| label.chars().count() <= 80);
            match pair.map(|(label, answer)| (fields::meaning(label), label, answer)) {
                Some((meaning, label, answer)) if meaning.is_personal() => {
                    personal.push((label.to_owned(), answer.to_owned()));
                    changed = true;
                    continue;
                }
                Some((meaning, label, answer)) if meaning != Meaning::Other => {
                    fields.push((label.to_owned(), answer.to_owned()));
                }
                _ => {}
            }
            kept.push(paragraph);
        }
        if changed {
            section.text = kept.join("\n\n");
        }
    }
    document.sections.retain(|section| !section.title.is_empty() || !section.text.is_empty());
    fields
}

/// Puts an answer where it belongs in a record. `place` (file, line) begins its warnings.
pub fn fill(record: &mut Record, label: &str, answer: &str, place: &str, warnings: &mut Vec<String>) {
    if fields::is_blank(answer) {
        return;
    }
    let plain = crate::text::html::plain(answer);
    match fields::meaning(label) {
        Meaning::Title if record.title.is_none() => record.title = Some(plain).filter(|title| !title.is_empty()),
        // A second title is the other language's.
        Meaning::Title if record.original_title.is_none() => record.original_title = Some(plain),
        Meaning::Organisation if record.publisher.is_none() => record.publisher = Some(plain),
        Meaning::Place => record.extra.entry("place".into()).or_default().push(plain),
        Meaning::Date => match dates::read(answer) {
            Some(read) => {
                if read.ambiguous {
                    warnings.push(format!(
                        "{place}'{}' can be read as two dates; only the year {} is used. Write it as 2020-03-09",
                        squeeze(answer),
                        read.date.year
                    ));
                    record.extra.entry("ambiguous_date".into()).or_default().push(plain);
                }
                if !record.dates.contains(&read.date) {
                    record.dates.push(read.date);
                }
            }
            None => warnings.push(format!("{place}'{}' is no date", squeeze(answer))),
        },
        Meaning::Links => {
            for link in fields::links(answer) {
                if !record.urls.contains(&link) {
                    record.urls.push(link);
                }
            }
        }
        Meaning::Doi => record.identifiers.doi = ids::normal_doi(answer),
        Meaning::Authors => record.authors.extend(answer.split([';', '\n']).filter_map(Author::read)),
        Meaning::Language => record.languages.extend(language::code(answer).map(str::to_owned)),
        Meaning::Type => {
            record.types.extend(WorkType::read(answer));
            record.source_types.push(plain);
        }
        Meaning::Summary if record.abstract_text.is_none() => record.abstract_text = real_abstract(&plain),
        Meaning::Submitted => {
            if dates::read(answer).is_some_and(|read| read.ambiguous) {
                record.extra.entry("ambiguous_date".into()).or_default().push(format!("{label}: {plain}"));
            }
            record.extra.entry("submitted".into()).or_default().push(format!("{label}: {plain}"));
        }
        Meaning::Organisation | Meaning::Title | Meaning::Summary => {
            record.extra.entry(squeeze(label)).or_default().push(plain);
        }
        Meaning::Id | Meaning::Contact | Meaning::Consent | Meaning::Other => {}
    }
}

/// The type where none is given, and what the document itself says.
pub fn complete(record: &mut Record, document: &Document) {
    if record.types.is_empty() {
        record.types.push(WorkType::CaseStudy);
    }
    if record.languages.is_empty() {
        record.languages.extend(document.language.clone());
    }
    if record.identifiers.doi.is_none() && document.kind != DocumentKind::Pdf {
        record.identifiers.doi.clone_from(&document.doi);
    }
}

/// A document's own title, its first heading, or its first line if that is short; else the file's name.
fn title(document: &Document, name: &str, warnings: &mut Vec<String>) -> Option<String> {
    let first = document.sections.first();
    let heading = first.map(|section| section.title.clone()).filter(|title| !title.is_empty());
    let line = first
        .and_then(|section| section.text.split("\n\n").next())
        .filter(|line| (1..=25).contains(&line.split_whitespace().count()) && !line.ends_with('.'))
        .map(str::to_owned);
    let own = document.title.clone().or(heading).or(line);
    if own.is_none() {
        warnings.push(format!("{name}: has no title; its file name stands for it"));
    }
    own.or_else(|| Some(squeeze(&folder::stem(name).rsplit('/').next()?.replace(['_', '-'], " "))))
}
