//! The tagged export of `EndNote` (`.enw`, refer, BibIX), which Google Scholar and publishers write too.
//!
//! The tags are those of `EndNote`'s manual, *EndNote Import (ENW)*.

use super::draft::Field;
use super::lines::lines;
use super::tagged::{Block, Collector};
use super::{FileContents, Format};
use crate::model::LocationKind;

/// Whether a text looks like it: its first line that is not blank has a tag, and one of the first
/// lines says what, who or of which kind. In `BibTeX`, `%` begins a remark.
pub(super) fn looks_like(head: &str) -> bool {
    let first = lines(head).find(|line| !line.text.trim().is_empty());
    first.is_some_and(|line| tag_line(line.text).is_some())
        && lines(head).any(|line| tag_line(line.text).is_some_and(|(tag, _)| matches!(tag, "%0" | "%A" | "%T" | "%E")))
        && !lines(head).any(|line| line.text.starts_with('@'))
}

/// Reads it.
pub(super) fn read(text: &str) -> FileContents {
    let mut collector = Collector::new(Format::Enw, text);
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
                    collector.finish(std::mem::take(&mut block), meaning, is_list);
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
        collector.finish(block, meaning, is_list);
    }
    collector.stray(strays, first_stray);
    collector.contents
}

/// Whether a tag begins the next entry: after a blank line the kind, a second title, or the tag that
/// began this one; without one, a second kind once the entry has its title (some entries have two).
fn begins(block: &Block<'_>, tag: &str, blank: bool) -> bool {
    let Some(first) = block.fields.first() else { return false };
    if blank {
        tag == "%0" || tag == first.tag || (tag == "%T" && block.has("%T"))
    } else {
        tag == "%0" && block.has("%0") && block.has("%T")
    }
}

/// A tag is a percent sign and one character.
fn tag_line(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start_matches(['\u{feff}', ' ']);
    let (tag, value) = text.split_at_checked(2)?;
    let known = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || "!@$#&()*+<=>?[]^~".contains(c);
    (tag.starts_with('%') && tag[1..].starts_with(known) && (value.is_empty() || value.starts_with([' ', '\t'])))
        .then(|| (tag, value.trim()))
}

/// What a tag means.
fn meaning(tag: &str, _value: &str) -> Field {
    match tag {
        "%0" | "%9" => Field::Type,
        "%A" => Field::Author,
        "%T" => Field::Title(0),
        "%!" => Field::Title(6),
        "%Q" => Field::OriginalTitle,
        "%J" => Field::Venue(0),
        "%B" => Field::Venue(2),
        "%S" => Field::Venue(8),
        "%D" | "%8" => Field::Date,
        "%V" => Field::Volume,
        "%N" => Field::Issue,
        "%P" => Field::Pages,
        "%I" => Field::Publisher,
        "%@" => Field::Serial,
        "%G" => Field::Language,
        "%X" => Field::Abstract(0),
        "%K" => Field::Keyword,
        "%U" => Field::Url,
        "%>" => Field::FullText(LocationKind::Unknown),
        "%M" => Field::Accession,
        // Meant for the DOI; numbers of other kinds stand there too.
        "%R" | "%Z" | "%O" | "%F" | "%1" | "%2" | "%3" | "%4" | "%#" | "%$" => Field::Note,
        _ => Field::Extra,
    }
}

/// `EndNote` writes each further keyword, author or address on a line of its own.
fn is_list(tag: &str) -> bool {
    matches!(tag, "%K" | "%U" | "%A" | "%>")
}
