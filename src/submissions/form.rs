//! A form's export: a table with one submission a row.

use std::collections::BTreeMap;

use super::documents::{complete, fill};
use super::fields::{self, Meaning};
use super::{SOURCE, Submission, Submissions};
use crate::fulltext;
use crate::ids::sha256_hex;
use crate::model::{Record, SetAside};
use crate::text::{encoding, fold, squeeze};

/// The most rows that are read of a form.
const MAX_ROWS: usize = 100_000;

/// Whether a file is a table: by its name, and by content that is no page or archive.
pub fn is_table(name: &str, bytes: &[u8]) -> bool {
    let name = name.to_lowercase();
    (name.ends_with(".csv") || name.ends_with(".tsv")) && !bytes.starts_with(b"PK") && !bytes.starts_with(b"%PDF")
}

struct Form {
    name: String,
    labels: Vec<String>,
    meanings: Vec<Meaning>,
    /// A short hash of the questions: what makes it this form and no other.
    hash: String,
    /// Whether it is a reference manager's export: its columns are no answers.
    references: bool,
}

/// Reads a form's rows and adds them.
pub fn read(name: &str, bytes: &[u8], out: &mut Submissions) {
    let decoded = encoding::decode(bytes);
    if decoded.lossy {
        out.warnings.push(format!("{name}: some characters are broken; save it as CSV UTF-8"));
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&decoded.text))
        .from_reader(decoded.text.as_bytes());
    let mut rows = reader.records();
    let labels: Vec<String> = match rows.next() {
        Some(Ok(header)) => header.iter().map(squeeze).collect(),
        _ => Vec::new(),
    };
    if labels.iter().filter(|label| !label.is_empty()).count() < 2 {
        let reason = "no table: its first line has no column names".to_owned();
        out.set_aside.push((name.to_owned(), SetAside { reason, raw: bytes.to_vec(), line: Some(1) }));
        return;
    }
    let form = Form::new(name, labels);
    let mut lines = Lines { text: &decoded.text, byte: 0, line: 1 };
    for row in rows.take(MAX_ROWS) {
        match row {
            Ok(row) if row.iter().all(fields::is_blank) => {}
            Ok(row) => {
                let line = lines.at(row.position());
                let mut answers: Vec<&str> = row.iter().collect();
                while answers.len() > form.labels.len() && answers.last().is_some_and(|last| fields::is_blank(last)) {
                    answers.pop();
                }
                if answers.len() > form.labels.len() && form.references {
                    out.warnings.push(format!(
                        "{name} line {line}: {} cells under {} column names; the last are not read",
                        answers.len(),
                        form.labels.len()
                    ));
                    answers.truncate(form.labels.len());
                }
                if answers.len() > form.labels.len() {
                    let reason = format!("{} cells under {} column names", answers.len(), form.labels.len());
                    let raw = answers.join(",").into_bytes();
                    out.set_aside.push((name.to_owned(), SetAside { reason, raw, line: Some(line) }));
                    continue;
                }
                let item = form.row(&answers, line, &mut out.warnings);
                out.items.push(item);
            }
            Err(error) => {
                let line = Some(lines.at(error.position()));
                let reason = format!("the row cannot be read: {error}");
                out.set_aside.push((name.to_owned(), SetAside { reason, raw: Vec::new(), line }));
            }
        }
    }
}

/// The delimiter that the first line has most of, outside quotes.
fn delimiter(text: &str) -> u8 {
    let mut quoted = false;
    let mut counts = [(b',', 0_usize), (b';', 0), (b'\t', 0)];
    for byte in text.bytes().take(20_000) {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            _ if !quoted => counts.iter_mut().filter(|(known, _)| *known == byte).for_each(|(_, count)| *count += 1),
            _ => {}
        }
    }
    // The first of equals: a comma.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(byte, _)| *byte)
}

/// Counts lines up to a row. The reader's own count is one too low after `\r\n`.
struct Lines<'a> {
    text: &'a str,
    byte: usize,
    line: usize,
}

impl Lines<'_> {
    fn at(&mut self, position: Option<&csv::Position>) -> usize {
        let byte = position.and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(self.byte);
        let bytes = self.text.as_bytes();
        let mut byte = byte.clamp(self.byte, bytes.len());
        while bytes.get(byte).is_some_and(|next| matches!(next, b'\r' | b'\n')) {
            byte += 1;
        }
        self.line += bytes[self.byte..byte].iter().filter(|next| **next == b'\n').count();
        self.byte = byte;
        self.line
    }
}

impl Form {
    fn new(name: &str, labels: Vec<String>) -> Self {
        let meanings = labels.iter().map(|label| fields::meaning(label)).collect();
        let questions: Vec<String> = labels.iter().map(|label| fold(label)).collect();
        let has = |label: &str| questions.iter().any(|known| known == label);
        let references = has("item type") || (has("doi") && (has("authors") || has("author")));
        let hash = sha256_hex(questions.join("\n").as_bytes())[..8].to_owned();
        Self { name: name.to_owned(), labels, meanings, hash, references }
    }

    fn row(&self, answers: &[&str], line: usize, warnings: &mut Vec<String>) -> Submission {
        let place = format!("{} line {line}: ", self.name);
        let mut record = Record { source: SOURCE.to_owned(), ..Record::default() };
        let mut personal = Vec::new();
        let mut raw: BTreeMap<&str, &str> = BTreeMap::new();
        let cells =
            || self.labels.iter().zip(&self.meanings).zip(answers).map(|((label, kind), cell)| (label, *kind, *cell));
        for (label, meaning, answer) in cells().filter(|(_, _, answer)| !answer.trim().is_empty()) {
            if meaning.is_personal() {
                personal.push((label.clone(), answer.trim().to_owned()));
                if meaning == Meaning::Consent && fold(answer).starts_with("no") {
                    warnings.push(format!("{place}'{label}' is answered {}", squeeze(answer)));
                }
                continue;
            }
            raw.insert(label, answer);
            fill(&mut record, label, answer, &place, warnings);
        }
        if record.title.is_none() {
            warnings.push(format!("{place}has no title"));
        }
        record.source_key = self.key(&record, &personal, answers);
        let document = if self.references { None } else { self.document(&record, answers) };
        match &document {
            Some((_, document)) => complete(&mut record, document),
            None => complete(&mut record, &fulltext::Document::default()),
        }
        if let Some(ambiguous) = record.extra.get("ambiguous_date").filter(|_| record.dates.is_empty()) {
            warnings.push(format!("{place}{} can be read as two dates; kept as it is written", ambiguous.join(", ")));
        }
        let raw = serde_json::to_vec(&raw).unwrap_or_default();
        Submission { record, file: self.name.clone(), document, personal, raw }
    }

    /// The form's own id; without one, who sent it and its title; without those, all answers.
    fn key(&self, record: &Record, personal: &[(String, String)], answers: &[&str]) -> String {
        let id = self.meanings.iter().position(|meaning| *meaning == Meaning::Id).and_then(|at| answers.get(at));
        if let Some(id) = id.filter(|id| !id.trim().is_empty()) {
            return format!("form:{}:{}", self.hash, super::folder::normal_name(id));
        }
        let who = personal.iter().filter(|(label, _)| fields::meaning(label) == Meaning::Contact);
        let mut parts: Vec<String> = who.map(|(_, answer)| fold(answer)).collect();
        parts.extend(record.publisher.as_deref().map(fold));
        parts.extend(record.title.as_deref().map(fold));
        if parts.is_empty() {
            parts = answers.iter().map(|answer| fold(answer)).collect();
        }
        format!("row:{}:{}", self.hash, &sha256_hex(parts.join("\n").as_bytes())[..16])
    }

    /// The answers as a text: the questions are its headings. It reads back to the same document.
    fn document(&self, record: &Record, answers: &[&str]) -> Option<(Vec<u8>, fulltext::Document)> {
        let mut text = String::new();
        if let Some(title) = &record.title {
            text.push_str(&format!("# {title}\n\n"));
        }
        for ((label, meaning), answer) in self.labels.iter().zip(&self.meanings).zip(answers) {
            let told = meaning.is_personal() || matches!(meaning, Meaning::Id | Meaning::Submitted | Meaning::Title);
            if told || fields::is_blank(answer) {
                continue;
            }
            text.push_str(&format!("## {label}\n\n"));
            for line in answer.lines() {
                // An answer's line that begins with # is no heading.
                if line.starts_with('#') {
                    text.push_str("    ");
                }
                text.push_str(line);
                text.push('\n');
            }
            text.push('\n');
        }
        let document = fulltext::extract(text.as_bytes()).ok()?;
        Some((text.into_bytes(), document))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXPORT: &str = "\u{feff}ID,Start time,Email,Name,Organisation name,Title of practice example / Teitl,When did it happen? / Dyddiad,What did you do?,Links,Consent to publish\r\n\
        1,03/11/2026 09:14,jo@example.org,Jo,CVC,\"Hub, \"\"warm\"\"\",13/03/2021,\"Line one\r\n# two, with comma\",\"https://example.org/r.pdf\nexample.org/b\",Yes\r\n\
        2,11/03/2026 10:00,,=cmd|' /C calc'!A0,,<b>Bold</b> title,03/04/2021,,n/a,No\r\n\
        ,,,,,,,,,\r\n";

    fn read_text(text: &str) -> Submissions {
        let mut out = Submissions::default();
        read("form.csv", text.as_bytes(), &mut out);
        out
    }

    #[test]
    fn rows_become_submissions() {
        let read = read_text(EXPORT);
        assert_eq!(read.items.len(), 2);
        let first = &read.items[0];
        assert_eq!(first.record.title.as_deref(), Some("Hub, \"warm\""));
        assert_eq!(first.record.dates[0].to_string(), "2021-03-13");
        assert_eq!(first.record.urls.len(), 2);
        assert_eq!(first.personal.len(), 3);
        let (bytes, document) = first.document.as_ref().unwrap();
        assert!(
            document
                .sections
                .iter()
                .any(|section| section.title == "What did you do?" && section.text == "Line one # two, with comma")
        );
        assert_eq!(&fulltext::extract(bytes).unwrap(), document);
        for text in [String::from_utf8_lossy(bytes), String::from_utf8_lossy(&first.raw)] {
            assert!(!text.contains("jo@") && !text.contains("Consent"), "{text}");
        }
        let second = &read.items[1];
        assert_eq!(second.record.title.as_deref(), Some("Bold title"));
        assert_eq!(second.record.dates[0].to_string(), "2021");
        assert!(read.warnings.iter().any(|warning| warning.starts_with("form.csv line 5: '03/04/2021' can be read")));
        assert!(read.warnings.iter().any(|warning| warning.contains("answered No")));
    }

    #[test]
    fn a_corrected_row_keeps_its_key() {
        let corrected = read_text(&EXPORT.replace("Line one", "Line 1"));
        let key = |read: &Submissions| read.items[0].record.source_key.clone();
        assert_eq!(key(&corrected), key(&read_text(EXPORT)));
        let without = |text: &str| read_text(&text.replace("ID,", "Number,"));
        assert_eq!(key(&without(EXPORT)), key(&without(&EXPORT.replace("Line one", "Line 1"))));
        assert_ne!(without(EXPORT).items[0].record.source_key, without(EXPORT).items[1].record.source_key);
    }

    #[test]
    fn what_is_no_table_is_set_aside() {
        assert_eq!(read_text("just text\nmore").set_aside.len(), 1);
        assert_eq!(read_text("a,b\n1,2,3\n").set_aside[0].1.line, Some(2));
        assert_eq!(read_text("Title;Area\nHub;Gwynedd\n").items.len(), 1);
    }
}
