//! CSV and TSV with a header, as databases, reference managers and screening tools write them.

use std::borrow::Cow;

use csv::{ReaderBuilder, StringRecord};

use super::lines::LineCounter;
use super::table::{self, ROWS_BEFORE_HEADER, Row};
use super::tagged::Collector;
use super::{FileContents, Format};

/// How many rows without an end to their quotes are set aside before the rest of the file is.
const MOST_OPEN_QUOTES: usize = 50;

/// How many bytes are read a second time for such rows.
const MOST_BYTES_AGAIN: usize = 256 << 20;

/// Where a file's header is and how its cells are told apart.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    delimiter: u8,
    /// Where the header row begins, in bytes.
    start: usize,
    header: Vec<String>,
}

/// The delimiter and the header, if the text has one: the row among the first that has most known
/// names, under the delimiter that shows most.
pub(super) fn shape(text: &str) -> Option<Shape> {
    let head = head_of(text);
    let mut best: Option<(usize, Shape)> = None;
    for delimiter in [b',', b'\t', b';', b'|'] {
        let mut reader =
            ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(head.as_bytes());
        let mut row = StringRecord::new();
        for _ in 0..ROWS_BEFORE_HEADER {
            if !matches!(reader.read_record(&mut row), Ok(true)) {
                break;
            }
            let first = row.get(0).is_some_and(|name| head.trim_start().starts_with(name));
            let Some(score) = table::header_score(&row, first) else { continue };
            if best.as_ref().is_none_or(|(most, _)| score > *most) {
                let start = row.position().map_or(0, |at| usize::try_from(at.byte()).unwrap_or(usize::MAX));
                let header = row.iter().map(|name| name.trim().to_owned()).collect();
                best = Some((score, Shape { delimiter, start, header }));
            }
        }
    }
    best.map(|(_, shape)| shape)
}

fn head_of(text: &str) -> &str {
    let mut end = text.len().min(1 << 18);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Reads CSV; `None` if no header can be found.
pub(super) fn read(text: &str) -> Option<FileContents> {
    let shape = shape(text)?;
    let mut collector = Collector::new(Format::Csv, text);
    if shape.start > 0 {
        let before = text[..shape.start].trim().lines().count();
        if before > 0 {
            collector.contents.warnings.push(format!("{before} lines before the header skipped"));
        }
    }
    let rows = rows(text, &shape, &mut collector);
    table::read(&shape.header, &rows, &mut collector);
    Some(collector.contents)
}

/// The rows after the header. A row whose quotes never end is set aside, and reading goes on after its
/// first line.
fn rows<'a>(text: &'a str, shape: &Shape, collector: &mut Collector<'_>) -> Vec<Row<'a>> {
    let mut rows: Vec<Row<'a>> = Vec::new();
    let raw_of = |start: usize, end: usize| Cow::Borrowed(text[start..end].trim_end_matches(['\r', '\n']));
    let mut lines = LineCounter::default();
    let mut base = shape.start;
    let mut header = true;
    let mut scanned = 0;
    for attempt in 0..=MOST_OPEN_QUOTES {
        let part = &text[base..];
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(shape.delimiter)
            .from_reader(part.as_bytes());
        let mut cells = StringRecord::new();
        let mut open = None;
        let mut start = 0;
        while matches!(reader.read_record(&mut cells), Ok(true)) {
            let end = usize::try_from(reader.position().byte()).unwrap_or(part.len()).min(part.len());
            // The reader skips empty lines before a row without saying so.
            let skipped = part[start..end].len() - part[start..end].trim_start_matches(['\n', '\r']).len();
            let (from, raw) = (start + skipped, &part[start + skipped..end]);
            start = end;
            if end == part.len() && raw.trim_end().contains('\n') && raw.matches('"').count() % 2 == 1 {
                open = Some((from, raw));
                break;
            }
            if std::mem::take(&mut header) {
                continue;
            }
            let line = lines.line_at(text, base + from);
            rows.push(Row { cells: cells.clone(), raw: raw_of(base + from, base + end), line });
        }
        let Some((from, raw)) = open else { break };
        let line = lines.line_at(text, base + from);
        scanned += part.len();
        let first = if attempt == MOST_OPEN_QUOTES || scanned > MOST_BYTES_AGAIN {
            raw.len()
        } else {
            raw.find('\n').map_or(raw.len(), |at| at + 1)
        };
        match as_text(&raw[..first], shape) {
            Some(cells) => {
                let note = format!("line {line}: a quotation mark without its fellow is taken as text");
                collector.contents.warnings.push(note);
                rows.push(Row { cells, raw: raw_of(base + from, base + from + first), line });
            }
            None => {
                let reason = "a quotation mark opens a cell and none ends it".to_owned();
                collector.set_aside(reason, raw[..first].trim_end(), line);
            }
        }
        base += from + first;
        header = false;
        if base >= text.len() {
            break;
        }
    }
    rows
}

/// The cells of a line in which quotation marks are text, if it has as many as the header.
fn as_text(line: &str, shape: &Shape) -> Option<StringRecord> {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .quoting(false)
        .delimiter(shape.delimiter)
        .from_reader(line.as_bytes());
    let cells = reader.records().next()?.ok()?;
    (cells.len() == shape.header.len()).then(|| cells.iter().map(|cell| cell.trim_matches('"')).collect())
}
