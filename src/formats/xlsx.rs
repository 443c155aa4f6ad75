//! Excel's workbooks: each sheet with a header, as a table.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use calamine::{DataRef, Reader, Xlsx};
use csv::StringRecord;
use serde_json::{Map, Value};
use zip::ZipArchive;

use super::table::{self, ROWS_BEFORE_HEADER, Row};
use super::tagged::Collector;
use super::{FileContents, Format, FormatError, MAX_FILE_BYTES};

/// How many files a workbook may consist of.
const MAX_MEMBERS: usize = 5_000;
/// How many cells are kept, empty ones between filled ones included.
const MAX_CELLS: usize = 10_000_000;
/// How many columns are read.
const MAX_COLUMNS: u32 = 2_000;

/// Whether bytes are a workbook.
pub(super) fn looks_like(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
        && ZipArchive::new(Cursor::new(bytes)).is_ok_and(|archive| archive.index_for_name("xl/workbook.xml").is_some())
}

/// Reads every sheet that has a header. Lines are rows, counted through the sheets.
///
/// # Errors
/// Where the archive is broken or inflates to more than a file may be.
pub(super) fn read(bytes: &[u8]) -> Result<FileContents, FormatError> {
    check_size(bytes, MAX_FILE_BYTES as u64)?;
    let broken =
        |error: &dyn std::fmt::Display| FormatError::Malformed(format!("the workbook cannot be read: {error}"));
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    let mut collector = Collector::new(Format::Xlsx, "");
    let (mut above, mut cells) = (0, 0);
    for name in workbook.sheet_names() {
        let rows = match rows(&mut workbook, &name, &mut cells) {
            Ok(rows) => rows,
            Err(error) => {
                collector.contents.warnings.push(format!("sheet '{name}' cannot be read: {error}"));
                continue;
            }
        };
        let last = rows.last().map_or(0, |(row, _)| *row);
        if !rows.is_empty() {
            sheet(&name, rows, above, &mut collector);
        }
        above += last;
    }
    Ok(collector.contents)
}

/// A small archive may inflate to anything.
fn check_size(bytes: &[u8], most: u64) -> Result<(), FormatError> {
    let broken = |error: &dyn std::fmt::Display| FormatError::Malformed(format!("the archive cannot be read: {error}"));
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    if archive.len() > MAX_MEMBERS {
        return Err(FormatError::Malformed(format!("the archive has {} members", archive.len())));
    }
    let mut size = 0;
    for index in 0..archive.len() {
        let member = archive.by_index(index).map_err(|error| broken(&error))?;
        let copied = std::io::copy(&mut member.take(most - size + 1), &mut std::io::sink());
        size += copied.map_err(|error| broken(&error))?;
        if size > most {
            return Err(FormatError::Malformed(format!("the workbook inflates to more than {} KiB", most >> 10)));
        }
    }
    Ok(())
}

/// A row of a sheet: its number (from 1) and its cells that are not empty, by column.
type Cells = (usize, BTreeMap<u32, String>);

fn rows(workbook: &mut Xlsx<Cursor<&[u8]>>, name: &str, cells: &mut usize) -> Result<Vec<Cells>, String> {
    let mut reader = workbook.worksheet_cells_reader(name).map_err(|error| error.to_string())?;
    let mut rows: BTreeMap<u32, BTreeMap<u32, String>> = BTreeMap::new();
    while let Some(cell) = reader.next_cell().map_err(|error| error.to_string())? {
        let (row, column) = cell.get_position();
        let text = text_of(cell.get_value());
        if text.is_empty() {
            continue;
        }
        if column >= MAX_COLUMNS {
            return Err(format!("row {} has a cell beyond column {MAX_COLUMNS}; save it as CSV", row + 1));
        }
        let row = rows.entry(row).or_default();
        let width = row.last_key_value().map_or(0, |(last, _)| *last as usize + 1);
        *cells += (column as usize + 1).saturating_sub(width);
        if *cells > MAX_CELLS {
            return Err(format!("more than {MAX_CELLS} cells; save it as CSV"));
        }
        row.insert(column, text);
    }
    Ok(rows.into_iter().map(|(row, cells)| (row as usize + 1, cells)).collect())
}

fn sheet(name: &str, rows: Vec<Cells>, above: usize, collector: &mut Collector<'_>) {
    let record = |cells: &BTreeMap<u32, String>| -> StringRecord {
        let width = cells.last_key_value().map_or(0, |(last, _)| *last + 1);
        (0..width).map(|column| cells.get(&column).map_or("", String::as_str)).collect()
    };
    let scores = rows.iter().take(ROWS_BEFORE_HEADER).enumerate();
    let scores = scores.filter_map(|(at, (_, cells))| Some((table::header_score(&record(cells), at == 0)?, at)));
    // Of rows that name as many columns, the first.
    let Some((_, at)) = scores.max_by_key(|(score, at)| (*score, std::cmp::Reverse(*at))) else {
        let count = rows.len();
        collector.contents.warnings.push(format!("sheet '{name}' has no header row: its {count} rows are skipped"));
        return;
    };
    if at > 0 {
        collector.contents.warnings.push(format!("{at} lines before the header skipped"));
    }
    let header: Vec<String> = record(&rows[at].1).iter().map(|name| name.trim().to_owned()).collect();
    let rows: Vec<Row<'_>> = rows[at + 1..]
        .iter()
        .map(|(row, cells)| Row { cells: record(cells), raw: Cow::Owned(raw(&header, cells)), line: above + row })
        .collect();
    table::read(&header, &rows, collector);
}

/// A row as it is kept: a JSON object by the header's names.
fn raw(header: &[String], cells: &BTreeMap<u32, String>) -> String {
    let mut object = Map::new();
    for (column, text) in cells {
        let name = header.get(*column as usize).filter(|name| !name.is_empty() && !object.contains_key(*name)).cloned();
        object.insert(name.unwrap_or_else(|| format!("column {}", column + 1)), Value::String(text.clone()));
    }
    Value::Object(object).to_string()
}

fn text_of(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        // Whole numbers are kept as such: years, PMIDs, volumes.
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) => text.trim().to_owned(),
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Bool(value) => value.to_string(),
        DataRef::DateTime(date) => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use proptest::prelude::*;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn archive(members: &[(&str, &str)]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in members {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(text.as_bytes()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    /// A workbook of sheets, each by its name and the XML of its rows.
    fn workbook(sheets: &[(&str, &str)]) -> Vec<u8> {
        const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let mut names = String::new();
        let mut relations = String::new();
        let mut members = Vec::new();
        for (at, (name, rows)) in sheets.iter().enumerate() {
            names += &format!("<sheet name=\"{name}\" sheetId=\"{0}\" r:id=\"rId{0}\"/>", at + 1);
            relations += &format!(
                "<Relationship Id=\"rId{0}\" Type=\"{RELATIONS}/worksheet\" Target=\"worksheets/sheet{0}.xml\"/>",
                at + 1
            );
            members.push((
                format!("xl/worksheets/sheet{}.xml", at + 1),
                format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>"),
            ));
        }
        let shared = "<si><t>Title</t></si><si><r><t xml:space=\"preserve\">Rich </t></r><r><t>title</t></r></si>";
        let package = "http://schemas.openxmlformats.org/package/2006/relationships";
        members.extend([
            (
                "_rels/.rels".to_owned(),
                format!(
                    "<Relationships xmlns=\"{package}\"><Relationship Id=\"rId1\" Type=\"{RELATIONS}/officeDocument\" \
                     Target=\"xl/workbook.xml\"/></Relationships>"
                ),
            ),
            (
                "xl/workbook.xml".to_owned(),
                format!("<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><sheets>{names}</sheets></workbook>"),
            ),
            (
                "xl/_rels/workbook.xml.rels".to_owned(),
                format!(
                    "<Relationships xmlns=\"{package}\">{relations}</Relationships>"
                ),
            ),
            ("xl/sharedStrings.xml".to_owned(), format!("<sst xmlns=\"{MAIN}\" count=\"2\" uniqueCount=\"2\">{shared}</sst>")),
            (
                "xl/styles.xml".to_owned(),
                format!("<styleSheet xmlns=\"{MAIN}\"><cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"),
            ),
        ]);
        let members: Vec<(&str, &str)> = members.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        archive(&members)
    }

    fn text(place: &str, text: &str) -> String {
        format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
    }

    fn table() -> String {
        [
            format!("<row r=\"1\">{}</row>", text("A1", "Exported for the review")),
            format!(
                "<row r=\"3\"><c r=\"A3\" t=\"s\"><v>0</v></c>{}{}{}</row>",
                text("B3", "Publication Year"),
                text("C3", "Date"),
                text("D3", "PubMed ID")
            ),
            "<row r=\"4\"><c r=\"A4\" t=\"s\"><v>1</v></c><c r=\"B4\"><v>2021</v></c>\
             <c r=\"C4\" s=\"1\"><v>44270</v></c><c r=\"D4\"><v>99000061</v></c></row>"
                .to_owned(),
            format!("<row r=\"6\">{}<c r=\"B6\"><f>2+2018</f><v>2020</v></c></row>", text("A6", "After an empty row")),
            format!("<row r=\"7\">{}</row>", text("A7", "A remark below the table")),
        ]
        .concat()
    }

    #[test]
    fn sheets_with_a_header_are_read_and_the_others_told() {
        let second = format!(
            "<row r=\"1\">{}{}</row><row r=\"2\">{}{}</row>",
            text("A1", "Title"),
            text("B1", "DOI"),
            text("A2", "On another sheet"),
            text("B2", "10.1000/sheet.2")
        );
        let notes = format!("<row r=\"1\">{}</row>", text("A1", "Made by hand"));
        let bytes = workbook(&[("data", &table()), ("notes", &notes), ("more", &second)]);
        let contents = super::super::read(&bytes, None).unwrap();
        assert_eq!(contents.format, Format::Xlsx);
        let told: Vec<_> = contents
            .entries
            .iter()
            .map(|entry| (entry.line, entry.record.title.as_deref().unwrap_or_default(), entry.record.dates.len()))
            .collect();
        assert_eq!(told, [(4, "Rich title", 2), (6, "After an empty row", 1), (10, "On another sheet", 0)]);
        let first = &contents.entries[0];
        assert_eq!(first.record.dates[1].to_string(), "2021-03-15");
        assert_eq!(first.record.identifiers.pmid.as_deref(), Some("99000061"));
        assert_eq!(
            first.raw,
            "{\"Date\":\"2021-03-15\",\"PubMed ID\":\"99000061\",\"Publication Year\":\"2021\",\"Title\":\"Rich title\"}"
        );
        let aside: Vec<_> = contents.set_aside.iter().map(|aside| (aside.line, aside.reason.as_str())).collect();
        assert_eq!(aside, [(Some(7), "one cell where the header has 4")]);
        assert!(contents.warnings.iter().any(|warning| warning.contains("'notes' has no header row")));
    }

    #[test]
    fn bombs_and_far_cells_are_refused() {
        let far = format!("<row r=\"1\">{}</row><row r=\"2\">{}</row>", text("A1", "Title"), text("XFD2", "far"));
        let error = super::super::read(&workbook(&[("s", &far)]), None).unwrap_err().to_string();
        assert!(error.contains("Excel workbook"), "{error}");
        let bytes = archive(&[("xl/workbook.xml", "<workbook/>"), ("xl/sharedStrings.xml", &"x".repeat(20_000))]);
        assert_eq!(check_size(&bytes, 20_011), Ok(()));
        let error = check_size(&bytes, 20_010).unwrap_err().to_string();
        assert!(error.contains("inflates to more than"), "{error}");
        assert!(super::super::read(b"PK\x03\x04 no archive", None).is_err());
        assert!(
            super::super::read(&archive(&[("word/document.xml", "<w/>")]), None)
                .unwrap_err()
                .to_string()
                .contains("ZIP")
        );
    }

    proptest! {
        #[test]
        fn no_damage_makes_the_reader_panic(places in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6), rows in "(<row( r=\"[0-9]{0,7}\")?>|</row>|<c r=\"[A-Z]{0,4}[0-9]{0,8}\"( t=\"(s|str|b|e|d|inlineStr)\")?( s=\"[0-9]\")?>|<v>-?[0-9.e]{0,9}</v>|<is><t>x</t></is>|</c>|<f>|</f>){0,30}") {
            let mut bytes = workbook(&[("data", &rows)]);
            let _ = super::super::read(&bytes, None);
            for (place, byte) in places {
                let at = place.index(bytes.len());
                bytes[at] = byte;
            }
            let _ = super::super::read(&bytes, None);
        }
    }
}
