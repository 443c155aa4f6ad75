//! The MEDLINE format of `PubMed` (`.nbib`), also written by ERIC and others.

use super::draft::Field;
use super::lines::lines;
use super::tagged::{Block, Collector};
use super::{FileContents, Format};

/// Whether a text looks like it: tags padded to four characters that RIS does not have.
pub(super) fn looks_like(head: &str) -> bool {
    let tagged: Vec<(&str, &str)> = lines(head).take(400).filter_map(|line| tag_line(line.text)).collect();
    let own = tagged.iter().any(|(tag, _)| matches!(*tag, "PMID" | "OWN" | "STAT" | "PMCR" | "PMC" | "ISSN" | "PST"));
    own && tagged.len() > 1 && !tagged.iter().any(|(tag, _)| *tag == "TY")
}

/// Reads it.
pub(super) fn read(text: &str) -> FileContents {
    let mut collector = Collector::new(Format::Nbib, text);
    let mut block = Block::default();
    let mut blank = false;
    let (mut strays, mut first_stray) = (0, None);
    for line in lines(text) {
        if line.text.trim().is_empty() {
            blank = true;
            continue;
        }
        match tag_line(line.text) {
            Some((tag, value)) => {
                if begins(&block, tag, blank) {
                    collector.finish(std::mem::take(&mut block), meaning, |_| false);
                }
                block.add(tag, value, line);
            }
            None if !block.is_empty() => block.fold(line),
            None => {
                strays += 1;
                first_stray = first_stray.or(Some(line));
            }
        }
        blank = false;
    }
    if !block.is_empty() {
        collector.finish(block, meaning, |_| false);
    }
    collector.stray(strays, first_stray);
    collector.contents
}

/// Whether a tag begins the next entry: a second PMID, or after a blank line the tag that began this
/// one (or `OWN`, which begins entries without a PMID).
fn begins(block: &Block<'_>, tag: &str, blank: bool) -> bool {
    let Some(first) = block.fields.first() else { return false };
    (tag == "PMID" && (block.has("PMID") || blank))
        || (blank && (tag == first.tag || (tag == "OWN" && block.has("OWN"))))
}

fn tag_line(text: &str) -> Option<(&str, &str)> {
    let (tag, value) = text.split_at_checked(4)?;
    // ERIC writes `ISSN - `, some programs `PMID-123`.
    let blank = if tag.ends_with(' ') { value } else { value.strip_prefix(' ').unwrap_or(value) };
    let value = blank.strip_prefix('-')?;
    let tight = tag == "PMID" && value.starts_with(|c: char| c.is_ascii_digit());
    let tag = tag.trim_end();
    let good = (2..=4).contains(&tag.len())
        && tag.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        && tag.as_bytes()[0].is_ascii_uppercase();
    (good && (tight || value.is_empty() || value.starts_with([' ', '\t']))).then(|| (tag, value.trim()))
}

/// What a tag means (the help page of `PubMed` lists them).
fn meaning(tag: &str, value: &str) -> Field {
    match tag {
        "TI" => Field::Title(0),
        "BTI" => Field::Title(2),
        "CTI" => Field::Venue(3),
        "TT" => Field::OriginalTitle,
        "AB" => Field::Abstract(0),
        "OAB" => Field::Abstract(2),
        "AU" => Field::Author,
        "FAU" => Field::FullAuthor,
        "CN" => Field::GroupAuthor,
        "DP" | "DEP" => Field::Date,
        "JT" => Field::Venue(0),
        "TA" => Field::Venue(2),
        "VI" => Field::Volume,
        "IP" => Field::Issue,
        "PG" => Field::Pages,
        "PB" => Field::Publisher,
        "PMID" => Field::Pmid,
        "PMC" => Field::Pmcid,
        "AID" | "LID" if value.starts_with("http") => Field::Url,
        "AID" | "LID" => Field::MarkedIdentifier,
        "IS" | "ISSN" | "ISBN" => Field::Serial,
        "PT" => Field::Type,
        "LA" => Field::Language,
        "OT" | "MH" => Field::Keyword,
        "SI" => Field::Trial,
        "URL" => Field::Url,
        "GN" => Field::Note,
        _ => Field::Extra,
    }
}
