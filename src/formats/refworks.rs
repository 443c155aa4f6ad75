//! The tagged export of `RefWorks`: `RT Journal Article`, one tag a line, after a legend of the tags that
//! newer versions leave out.

use super::draft::Field;
use super::lines::lines;
use super::tagged::{Block, Collector};
use super::{FileContents, Format};

/// Whether a text looks like it.
pub(super) fn looks_like(head: &str) -> bool {
    let has = |wanted: &[&str]| {
        lines(head).any(|line| {
            tag_line(line.text)
                .is_some_and(|(tag, value)| wanted.contains(&tag) && value.starts_with(char::is_alphanumeric))
        })
    };
    has(&["RT"]) && has(&["T1", "A1", "JF", "YR", "K1", "SR", "ID"])
}

/// Reads it.
pub(super) fn read(text: &str) -> FileContents {
    let mut collector = Collector::new(Format::RefWorks, text);
    let mut block = Block::default();
    let (mut strays, mut first_stray) = (0, None);
    // The legend before the first entry is the format's own.
    let mut legend = text.trim_start_matches('\u{feff}').trim_start().to_lowercase().starts_with("refworks export");
    for line in lines(text) {
        match tag_line(line.text) {
            Some(("RT", value)) => {
                legend = false;
                if !block.is_empty() {
                    collector.finish(std::mem::take(&mut block), meaning, is_list);
                }
                block.add("RT", value, line);
            }
            Some((tag, value)) if !block.is_empty() => block.add(tag, value, line),
            _ if !block.is_empty() => block.fold(line),
            _ if legend || line.text.trim().is_empty() => {}
            _ => {
                strays += 1;
                first_stray = first_stray.or(Some(line));
            }
        }
    }
    if !block.is_empty() {
        collector.finish(block, meaning, is_list);
    }
    collector.stray(strays, first_stray);
    collector.contents
}

/// The tags of the format: other words of two capitals at a line's beginning are text.
const TAGS: &str = " RT SR ID A1 T1 JF JO YR FD VO IS SP OP K1 AB NO A2 T2 ED PB PP A3 A4 A5 T3 SN AV AD AN LA CL SF OT \
                    LK DO CN DB DS IP RD ST U1 U2 U3 U4 U5 U6 U7 U8 U9 U10 U11 U12 U13 U14 U15 UL SL LL CR WT A6 WV WP OL \
                    PMID PMCID ";

fn tag_line(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start_matches('\u{feff}');
    let (tag, value) = text.split_once(' ').unwrap_or((text.trim_end(), ""));
    let known = (2..=5).contains(&tag.len()) && TAGS.contains(&format!(" {tag} "));
    known.then(|| (tag, value.trim()))
}

/// What a tag means, after the legend that the format itself carries.
fn meaning(tag: &str, _value: &str) -> Field {
    match tag {
        "RT" => Field::Type,
        "T1" => Field::Title(0),
        "ST" => Field::Title(6),
        "OT" => Field::OriginalTitle,
        "A1" => Field::Author,
        "JF" => Field::Venue(0),
        "T2" => Field::Venue(2),
        "JO" => Field::Venue(6),
        "T3" => Field::Venue(8),
        "YR" | "FD" => Field::Date,
        "VO" => Field::Volume,
        "IS" => Field::Issue,
        "SP" => Field::StartPage,
        "OP" => Field::EndPage,
        "K1" => Field::Keyword,
        "AB" => Field::Abstract(0),
        "PB" => Field::Publisher,
        "SN" => Field::Serial,
        "AN" => Field::Accession,
        "LA" => Field::Language,
        "LK" | "UL" => Field::Url,
        "DO" => Field::Doi,
        "PMID" => Field::Pmid,
        "PMCID" => Field::Pmcid,
        "NO" | "U1" | "U2" | "U3" | "U4" | "U5" => Field::Note,
        // How and in which language the library prints the entry.
        "SR" | "OL" => Field::Ignored,
        _ => Field::Extra,
    }
}

fn is_list(tag: &str) -> bool {
    matches!(tag, "K1" | "A1" | "LK" | "UL")
}
