//! RIS, in the dialects of the databases and reference managers.
//!
//! The tags follow the specification of Reference Manager and what the exports of Scopus, Web of
//! Science, Ovid, ProQuest, EBSCO, Embase, Cochrane, EndNote, Zotero, Rayyan, Covidence and
//! EPPI-Reviewer put in them.

use super::draft::Field;
use super::identifiers as ids;
use super::lines::lines;
use super::tagged::{Block, Collector};
use super::{FileContents, Format};
use crate::model::LocationKind;

/// Whether a text looks like RIS: a line begins an entry.
pub(super) fn looks_like(head: &str) -> bool {
    lines(head).any(|line| type_line(line.text).is_some())
}

/// Reads RIS.
pub(super) fn read(text: &str) -> FileContents {
    let mut collector = Collector::new(Format::Ris, text);
    let mut block = Block::default();
    let mut narrowest = 2;
    let (mut strays, mut first_stray) = (0, None);
    for line in lines(text) {
        if let Some((spaces, value)) = type_line(line.text) {
            // No `ER` before: the entry ends here. One that holds only its type so far goes on.
            if block.has("TY") && block.fields.len() > 1 {
                collector.finish(std::mem::take(&mut block), meaning, is_list);
            }
            narrowest = spaces.min(2);
            // Some exports run the next field into this line (`JOUR PMID - 33355555`).
            let (kind, more) = match value.split_once(' ') {
                Some((kind, more)) if kind.chars().all(|c| c.is_ascii_uppercase()) => (kind, more),
                _ => (value, ""),
            };
            block.add("TY", kind, line);
            if !more.is_empty() {
                block.add("N1", more, line);
            }
        } else if end_line(line.text) {
            if !block.is_empty() {
                block.end = line.next;
                collector.finish(std::mem::take(&mut block), meaning, is_list);
            }
        } else if let Some((tag, value)) = tag_line(line.text, narrowest) {
            block.add(tag, value, line);
        } else if !block.is_empty() {
            block.fold(line);
        } else if !line.text.trim().is_empty() {
            strays += 1;
            first_stray = first_stray.or(Some(line));
        }
    }
    if !block.is_empty() {
        collector.finish(block, meaning, is_list);
    }
    // Numbers between entries (`1.`) are customary.
    let numbering = first_stray.is_some_and(|line| line.text.trim().trim_end_matches('.').parse::<u32>().is_ok());
    collector.stray(strays, first_stray.filter(|_| !numbering));
    collector.contents
}

/// A line with a `TY` tag: how many spaces stand before its dash, and its value.
fn type_line(text: &str) -> Option<(usize, &str)> {
    let rest = text.trim_start().strip_prefix("TY")?;
    let after = rest.trim_start_matches([' ', '\t', '\u{a0}']);
    let value = after.strip_prefix('-')?;
    let word = value.trim();
    let good = !word.is_empty() && word.len() <= 60 && word.starts_with(|c: char| c.is_ascii_alphabetic());
    (good && rest.len() - after.len() <= 8).then_some((rest.chars().count() - after.chars().count(), word))
}

fn end_line(text: &str) -> bool {
    let rest = text.trim_start().strip_prefix("ER").map(str::trim);
    rest == Some("-")
        || text.trim_end() == "ER"
        || rest.is_some_and(|rest| rest.starts_with("- ") && text.starts_with("ER  -"))
}

/// Longer tags that some databases put among those of RIS.
const LONG_TAGS: [&str; 4] = ["PMCID", "PMID", "DOI", "ISSN"];

/// A tagged line. `narrowest` is how many spaces before the dash the entry's own `TY` line has: with
/// two, `AB - text` within a field is text.
fn tag_line(text: &str, narrowest: usize) -> Option<(&str, &str)> {
    for long in LONG_TAGS {
        let value =
            text.strip_prefix(long).map(|rest| rest.trim_start_matches(' ')).and_then(|rest| rest.strip_prefix("- "));
        if let Some(value) = value {
            return Some((long, value));
        }
    }
    let bytes = text.as_bytes();
    let tag = text.get(..2).filter(|_| bytes[0].is_ascii_uppercase())?;
    if !(bytes[1].is_ascii_uppercase() || bytes[1].is_ascii_digit()) {
        return None;
    }
    let rest = &text[2..];
    let after = rest.trim_start_matches([' ', '\t', '\u{a0}']);
    let spaces = rest.chars().count() - after.chars().count();
    let value = after.strip_prefix('-').filter(|_| spaces >= narrowest && spaces <= 8)?;
    let separate = value.is_empty() || value.starts_with(char::is_whitespace) || spaces >= 2;
    separate.then_some((tag, value))
}

/// What a tag means.
pub(super) fn meaning(tag: &str, value: &str) -> Field {
    match tag {
        "TI" => Field::Title(0),
        "T1" => Field::Title(1),
        "CT" => Field::Title(2),
        "BT" => Field::Venue(4),
        "ST" => Field::Title(6),
        "TT" => Field::OriginalTitle,
        "AB" => Field::Abstract(0),
        "N2" => Field::Abstract(1),
        "AU" | "A1" => Field::Author,
        "PY" | "Y1" | "DA" | "PD" => Field::Date,
        "JF" => Field::Venue(0),
        "T2" => Field::Venue(1),
        "JO" => Field::Venue(2),
        "JA" => Field::Venue(6),
        "J1" | "J2" => Field::Venue(7),
        "JI" | "J9" | "T3" => Field::Venue(8),
        "VL" => Field::Volume,
        "IS" | "CP" => Field::Issue,
        "SP" => Field::StartPage,
        "EP" => Field::EndPage,
        "C7" | "AR" => Field::ArticleNumber,
        "PB" | "PU" => Field::Publisher,
        "DO" | "DOI" => Field::Doi,
        "PMID" => Field::Pmid,
        "PMCID" => Field::Pmcid,
        "SN" | "ISSN" => Field::Serial,
        "TY" | "M3" | "PT" => Field::Type,
        "LA" => Field::Language,
        "KW" => Field::Keyword,
        "UR" | "LK" => Field::Url,
        "L1" => Field::FullText(LocationKind::Pdf),
        "L2" => Field::FullText(LocationKind::Unknown),
        // The proceedings in EndNote, affiliations in Web of Science, another database's number in Cochrane.
        "C3" if ids::named_pmid(value).is_some() => Field::Note,
        "C3" => Field::Venue(9),
        "AN" => Field::Accession,
        // What follows is often a DOI or a PMID, and never anything that must be read otherwise.
        "N1" | "L3" | "L4" | "M1" | "M2" | "ID" | "C1" | "C2" | "C4" | "C5" | "C6" | "C8" | "U1" | "U2" | "U3"
        | "U4" | "U5" | "NO" | "LB" => Field::Note,
        "PM" if value.trim().chars().all(|c| c.is_ascii_digit()) => Field::Pmid,
        _ => Field::Extra,
    }
}

/// Whether untagged lines after the tag are values of their own (`EndNote` writes keywords so).
fn is_list(tag: &str) -> bool {
    matches!(tag, "KW" | "UR" | "L1" | "L2" | "L3" | "L4" | "AU" | "A1" | "A2" | "SN")
}
