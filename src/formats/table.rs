//! Tables with a header, out of CSV or a spreadsheet: what their columns mean and what a row becomes.

use std::borrow::Cow;

use csv::StringRecord;

use super::authors::{self, Separator};
use super::draft::{Draft, Field};
use super::tagged::Collector;
use super::{MAX_ENTRY_BYTES, columns, labels};

/// How many rows may stand before the header.
pub(super) const ROWS_BEFORE_HEADER: usize = 20;

/// A row under the header.
pub(super) struct Row<'a> {
    pub(super) cells: StringRecord,
    /// The row as it is kept.
    pub(super) raw: Cow<'a, str>,
    pub(super) line: usize,
}

/// How many known columns a row names; `None` where it is no header.
///
/// `first` says that nothing stands before the row.
pub(super) fn header_score(row: &StringRecord, first: bool) -> Option<usize> {
    let known: Vec<Field> = row.iter().filter_map(columns::known).collect();
    let telling = |field: &Field| {
        matches!(field, Field::Title(_) | Field::Abstract(_) | Field::Doi | Field::Pmid | Field::Url | Field::OpenAlex)
    };
    // A list of one column must begin with its header: any text has a line with one word.
    let list = first && matches!(known[..], [Field::Title(0) | Field::Doi | Field::Pmid]);
    let enough = known.iter().any(telling) && (row.len() > 1 || list);
    // A cell of a header is a name, not a text.
    let names = row.iter().filter(|cell| cell.len() <= 80).count();
    (enough && names * 10 >= row.len() * 9).then_some(known.len())
}

/// Reads the rows under a header.
pub(super) fn read(header: &[String], rows: &[Row<'_>], collector: &mut Collector<'_>) {
    let table = Table::new(header, rows);
    for row in rows {
        table.read(row, collector);
    }
}

/// What the columns mean.
struct Table<'a> {
    header: &'a [String],
    fields: Vec<Field>,
    id: Option<usize>,
    labels: labels::Columns,
    /// Our own export: its apostrophes before formulas are taken off.
    own: bool,
}

impl<'a> Table<'a> {
    fn new(header: &'a [String], rows: &[Row<'_>]) -> Self {
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
        let labels = labels::Columns::of(header);
        Self { header, fields, id, labels, own: header.iter().any(|name| name == "gleaner-id") }
    }

    fn read(&self, row: &Row<'_>, collector: &mut Collector<'_>) {
        let id = self.id.and_then(|at| row.cells.get(at)).map(|id| id.trim().to_owned()).filter(|id| !id.is_empty());
        let before = collector.contents.entries.len();
        self.read_row(row, collector);
        match (collector.contents.entries.get_mut(before), id) {
            (Some(entry), id) => entry.id = id,
            (None, Some(id)) => drop(collector.contents.set_aside_ids.insert(row.line, id)),
            (None, None) => {}
        }
    }

    fn read_row(&self, row: &Row<'_>, collector: &mut Collector<'_>) {
        let raw = row.raw.as_ref();
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
        draft.labels = self.labels.labels(|at| row.cells.get(at));
        for (at, cell) in row.cells.iter().enumerate() {
            let cell = if self.own { unguarded(cell) } else { Cow::Borrowed(cell) };
            if !self.own && is_missing(&cell) {
                continue;
            }
            if let Some(name) = self.header.get(at).filter(|_| self.labels.has(at)) {
                draft.keep(name, &cell);
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
