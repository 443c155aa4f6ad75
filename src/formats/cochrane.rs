//! The text export of the Cochrane Library: `Record #1 of 271`, then `TAG: value`, one a line.

use super::authors;
use super::draft::{Draft, Field};
use super::lines::{Line, lines};
use super::tagged::{Block, Collector};
use super::{FileContents, Format};
use crate::model::Author;

/// Whether a text looks like it.
pub(super) fn looks_like(head: &str) -> bool {
    lines(head).any(|line| is_heading(line)) && lines(head).any(|line| tag_line(line).is_some())
}

/// Reads it.
pub(super) fn read(text: &str) -> FileContents {
    let mut collector = Collector::new(Format::Cochrane, text);
    let mut block = Block::default();
    let (mut strays, mut first_stray) = (0, None);
    for line in lines(text) {
        if is_heading(line) {
            finish(&mut collector, std::mem::take(&mut block));
        } else if let Some((tag, value)) = tag_line(line) {
            // A heading may be lost: an entry has one number.
            if tag == "ID" && block.has("ID") {
                finish(&mut collector, std::mem::take(&mut block));
            }
            block.add(tag, value, line);
        } else if !block.is_empty() {
            block.fold(line);
        } else if !line.text.trim().is_empty() {
            strays += 1;
            first_stray = first_stray.or(Some(line));
        }
    }
    finish(&mut collector, block);
    collector.stray(strays, first_stray);
    collector.contents
}

fn finish<'a>(collector: &mut Collector<'a>, block: Block<'a>) {
    if block.is_empty() {
        return;
    }
    // Reviews name their authors in full, family name first and without a comma; the register of trials
    // has initials.
    let review = block.fields.iter().any(|field| field.tag == "ID" && field.value.starts_with("CD"));
    let names = |draft: &mut Draft, tag: &str, value: &str| {
        let Some(author) = (tag == "AU").then(|| full_name(value)).flatten().filter(|_| review) else { return false };
        draft.names(tag, value, vec![author]);
        true
    };
    collector.finish_with(block, meaning, |_| false, names);
}

/// `van der Berg Anna Maria`: particles and the next word are the family name.
fn full_name(value: &str) -> Option<Author> {
    if value.contains([',', ';']) || authors::one(value).is_none_or(|author| author.collective) {
        return None;
    }
    let words: Vec<&str> = value.split_whitespace().collect();
    let first = words.iter().position(|word| !is_particle(word))?;
    let (family, given) = words.split_at(first + 1);
    (!given.is_empty()).then(|| Author { family: family.join(" "), given: given.join(" "), collective: false })
}

fn is_particle(word: &str) -> bool {
    const WORDS: [&str; 20] = [
        "de", "del", "della", "di", "da", "dos", "do", "du", "des", "van", "von", "der", "den", "ten", "ter", "la",
        "le", "el", "al", "st",
    ];
    WORDS.contains(&word.to_lowercase().trim_end_matches('.'))
}

fn is_heading(line: Line<'_>) -> bool {
    let text = line.text.trim_start_matches('\u{feff}').trim();
    let Some((number, of)) = text.strip_prefix("Record #").and_then(|rest| rest.split_once(" of ")) else {
        return false;
    };
    [number, of].iter().all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit()))
}

const TAGS: [&str; 21] = [
    "ID", "AU", "TI", "SO", "YR", "VL", "NO", "PG", "PM", "XR", "PT", "PB", "KY", "CC", "DOI", "AB", "US", "LA", "SN",
    "AD", "CY",
];

fn tag_line(line: Line<'_>) -> Option<(&str, &str)> {
    let (tag, value) = line.text.split_once(':')?;
    (TAGS.contains(&tag) && (value.is_empty() || value.starts_with(' '))).then(|| (tag, value.trim()))
}

/// What a tag means.
fn meaning(tag: &str, _value: &str) -> Field {
    match tag {
        "ID" => Field::Accession,
        "TI" => Field::Title(0),
        "AU" => Field::Author,
        "SO" => Field::Venue(0),
        "YR" => Field::Date,
        "VL" => Field::Volume,
        "NO" => Field::Issue,
        "PG" => Field::Pages,
        "PM" => Field::Pmid,
        "XR" => Field::Note,
        "PT" => Field::Type,
        "PB" => Field::Publisher,
        "KY" => Field::Keyword,
        "DOI" => Field::Doi,
        "AB" => Field::Abstract(0),
        "US" => Field::Url,
        "LA" => Field::Language,
        "SN" => Field::Serial,
        _ => Field::Extra,
    }
}
