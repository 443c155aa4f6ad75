//! The tagged export of Web of Science (`savedrecs.txt`, `.ciw`, `.isi`): `PT J`, indented lines that go
//! on, `ER`. Its tags are not those of RIS, though it often bears that file name.

use super::draft::Field;
use super::lines::{Line, lines};
use super::tagged::{Block, Collector};
use super::{FileContents, Format};

/// Whether a text looks like it.
pub(super) fn looks_like(head: &str) -> bool {
    let begins = |line: Line<'_>| line.text.trim_start_matches('\u{feff}').starts_with("PT ");
    lines(head).any(begins) && lines(head).any(|line| matches!(line.text.trim(), "ER" | "EF"))
}

/// Reads it.
pub(super) fn read(text: &str) -> FileContents {
    let mut collector = Collector::new(Format::WebOfScience, text);
    let mut block = Block::default();
    let (mut strays, mut first_stray) = (0, None);
    for line in lines(text) {
        match tag_line(line) {
            Some(("ER", _)) if !block.is_empty() => {
                block.end = line.next;
                collector.finish(std::mem::take(&mut block), meaning, is_list);
            }
            Some(("FN" | "VR" | "EF" | "ER", _)) => {}
            Some(("PT", value)) => {
                if block.has("PT") {
                    collector.finish(std::mem::take(&mut block), meaning, is_list);
                }
                block.add("PT", value, line);
            }
            Some((tag, value)) => block.add(tag, value, line),
            // Each indented line under a list is a value, so it must not be folded.
            None => match block.fields.last_mut() {
                Some(last) if is_list(last.tag) && !line.text.trim().is_empty() => {
                    last.more.push(line.text.trim());
                    block.end = line.next;
                }
                Some(_) => block.fold(line),
                None if line.text.trim().is_empty() => {}
                None => {
                    strays += 1;
                    first_stray = first_stray.or(Some(line));
                }
            },
        }
    }
    if !block.is_empty() {
        collector.finish(block, meaning, is_list);
    }
    collector.stray(strays, first_stray);
    collector.contents
}

fn tag_line(line: Line<'_>) -> Option<(&str, &str)> {
    // Files joined by hand have a mark of byte order in their middle.
    let text = line.text.trim_start_matches('\u{feff}');
    let bytes = text.as_bytes();
    let tag = text.get(..2).filter(|_| bytes[0].is_ascii_uppercase())?;
    let good = bytes[1].is_ascii_uppercase() || bytes[1].is_ascii_digit();
    (good && (bytes.len() == 2 || bytes[2] == b' ')).then(|| (tag, text[2..].trim()))
}

/// What a tag means; the tab-delimited export has the same as names of its columns.
pub(super) fn meaning(tag: &str, value: &str) -> Field {
    match tag {
        "TI" => Field::Title(0),
        "AB" => Field::Abstract(0),
        "AU" => Field::Author,
        "AF" => Field::FullAuthor,
        "CA" => Field::GroupAuthor,
        "SO" => Field::Venue(0),
        "J9" | "JI" => Field::Venue(5),
        "PY" => Field::Date,
        "PD" => Field::Month,
        "EA" => Field::Date,
        "VL" => Field::Volume,
        "IS" => Field::Issue,
        "BP" => Field::StartPage,
        "EP" => Field::EndPage,
        "PS" => Field::Pages,
        "AR" => Field::ArticleNumber,
        "PU" => Field::Publisher,
        "DI" => Field::Doi,
        "SN" | "EI" | "BN" => Field::Serial,
        "DT" => Field::Type,
        "LA" => Field::Language,
        "DE" => Field::Keyword,
        "UT" | "AN" => Field::Accession,
        "PM" => Field::Pmid,
        "PT" => match value {
            "B" | "S" | "P" => Field::Extra,
            _ => Field::Ignored,
        },
        "DA" => Field::Ignored,
        _ => Field::Extra,
    }
}

fn is_list(tag: &str) -> bool {
    matches!(tag, "AU" | "AF" | "CA" | "BE" | "ED" | "BA" | "BF" | "CR" | "C1")
}
