//! CSV and TSV with a header, as databases, reference managers and screening tools write them.

use std::borrow::Cow;

use csv::{ReaderBuilder, StringRecord};

use super::authors::{self, Separator};
use super::draft::{Draft, Field};
use super::lines::LineCounter;
use super::tagged::Collector;
use super::{FileContents, Format, MAX_ENTRY_BYTES, columns};

/// How many rows may stand before the header.
const ROWS_BEFORE_HEADER: usize = 20;
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
            let Some(score) = header_score(&row, head) else { continue };
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

/// How many known columns a row names; `None` where it is no header.
fn header_score(row: &StringRecord, head: &str) -> Option<usize> {
    let known: Vec<Field> = row.iter().filter_map(columns::known).collect();
    let telling = |field: &Field| {
        matches!(field, Field::Title(_) | Field::Abstract(_) | Field::Doi | Field::Pmid | Field::Url | Field::OpenAlex)
    };
    // A list of one column must begin with its header: any text has a line with one word.
    let list = matches!(known[..], [Field::Title(0) | Field::Doi | Field::Pmid])
        && row.get(0).is_some_and(|name| head.trim_start().starts_with(name));
    let enough = known.iter().any(telling) && (row.len() > 1 || list);
    // A cell of a header is a name, not a text.
    let names = row.iter().filter(|cell| cell.len() <= 80).count();
    (enough && names * 10 >= row.len() * 9).then_some(known.len())
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
    let table = Table::new(&shape.header, &rows);
    for row in &rows {
        table.read(row, text, &mut collector);
    }
    Some(collector.contents)
}

struct Row {
    cells: StringRecord,
    start: usize,
    end: usize,
    line: usize,
}

/// The rows after the header. A row whose quotes never end is set aside, and reading goes on after its
/// first line.
fn rows(text: &str, shape: &Shape, collector: &mut Collector<'_>) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
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
            rows.push(Row { cells: cells.clone(), start: base + from, end: base + end, line });
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
                rows.push(Row { cells, start: base + from, end: base + from + first, line });
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

/// What the columns mean.
struct Table<'a> {
    header: &'a [String],
    fields: Vec<Field>,
    id: Option<usize>,
    /// Our own export: its apostrophes before formulas are taken off.
    own: bool,
}

impl<'a> Table<'a> {
    fn new(header: &'a [String], rows: &[Row]) -> Self {
        let mut fields: Vec<Field> = header.iter().map(|name| columns::meaning(name, header)).collect();
        for (at, field) in fields.iter_mut().enumerate() {
            let column = || rows.iter().take(2_000).filter_map(|row| row.cells.get(at));
            match field {
                Field::Authors(between) if header.iter().any(|name| name == "Item DOI") => *between = Separator::Glued,
                Field::Authors(between) => *between = authors::separator(column()),
                Field::FullAuthors(between) => *between = authors::separator(column()),
                Field::Keywords(between) => *between = keyword_separator(column()),
                _ => {}
            }
        }
        let id = header.iter().position(|name| columns::is_id(name));
        Self { header, fields, id, own: header.iter().any(|name| name == "gleaner-id") }
    }

    fn read(&self, row: &Row, text: &str, collector: &mut Collector<'_>) {
        let id = self.id.and_then(|at| row.cells.get(at)).map(|id| id.trim().to_owned()).filter(|id| !id.is_empty());
        let before = collector.contents.entries.len();
        self.read_row(row, text, collector);
        match (collector.contents.entries.get_mut(before), id) {
            (Some(entry), id) => entry.id = id,
            (None, Some(id)) => drop(collector.contents.set_aside_ids.insert(row.line, id)),
            (None, None) => {}
        }
    }

    fn read_row(&self, row: &Row, text: &str, collector: &mut Collector<'_>) {
        let raw = text[row.start..row.end].trim_end_matches(['\r', '\n']);
        if row.cells.iter().all(|cell| cell.trim().is_empty()) {
            return;
        }
        if raw.len() > MAX_ENTRY_BYTES {
            collector.set_aside(format!("the row is larger than {} MiB", MAX_ENTRY_BYTES >> 20), raw, row.line);
            return;
        }
        if self.header.len() > 2 && row.cells.len() == 1 {
            collector.set_aside(format!("one cell where the header has {}", self.header.len()), raw, row.line);
            return;
        }
        let mut draft = Draft::default();
        for (at, cell) in row.cells.iter().enumerate() {
            let cell = if self.own { unguarded(cell) } else { Cow::Borrowed(cell) };
            if !self.own && is_missing(&cell) {
                continue;
            }
            match (self.header.get(at), self.fields.get(at)) {
                (Some(name), Some(field)) => draft.put(name, *field, &cell),
                _ => draft.put(&format!("column {}", at + 1), Field::Extra, &cell),
            }
        }
        collector.take(draft, raw, row.line);
    }
}

/// How programs write that a cell has no value.
fn is_missing(cell: &str) -> bool {
    matches!(cell.trim(), "" | "NA" | "N/A" | "#N/A" | "NaN" | "nan" | "NULL" | "null" | "None" | "<NA>")
}

fn keyword_separator<'a>(values: impl Iterator<Item = &'a str>) -> char {
    let (mut semicolons, mut commas, mut bars) = (0, 0, 0);
    for value in values {
        semicolons += usize::from(value.contains(';'));
        bars += usize::from(value.contains('|'));
        commas += usize::from(value.contains(','));
    }
    if semicolons * 3 >= commas.max(bars) && semicolons > 0 {
        ';'
    } else if bars * 3 >= commas && bars > 0 {
        '|'
    } else {
        ','
    }
}

/// A cell as it was before [`super::write()`] put an apostrophe before what a spreadsheet would run.
fn unguarded(cell: &str) -> Cow<'_, str> {
    match cell.strip_prefix('\'') {
        Some(rest) if super::runs_in_spreadsheets(rest) => Cow::Borrowed(rest),
        _ => Cow::Borrowed(cell),
    }
}
