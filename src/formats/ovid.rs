//! The text exports of Ovid: tagged (`AU  - Smith, Ann`) and labelled (`Author` with the value on the
//! next lines), each entry under its number in the list (`<1. >`).

use std::sync::LazyLock;

use regex::Regex;

use super::authors;
use super::draft::{Draft, Field};
use super::lines::{Line, lines};
use super::tagged::{Block, Collector};
use super::{FileContents, Format};

/// Whether a text looks like it: its first line that is not blank is a number in angle brackets, or
/// one of the first names the vendor.
pub(super) fn looks_like(head: &str) -> bool {
    let first = lines(head).find(|line| !line.text.trim().is_empty());
    first.is_some_and(|line| is_number(line.text))
        || lines(head)
            .take(50)
            .any(|line| tag_line(line.text).is_some_and(|(tag, value)| tag == "VN" && value.starts_with("Ovid")))
}

/// Reads it.
pub(super) fn read(text: &str) -> FileContents {
    let mut collector = Collector::new(Format::Ovid, text);
    let mut block = Block::default();
    let tagged = lines(text).any(|line| tag_line(line.text).is_some_and(|(tag, _)| matches!(tag, "TI" | "VN" | "DB")));
    let (mut strays, mut first_stray) = (0, None);
    for line in lines(text) {
        let field = if tagged { tag_line(line.text) } else { label_line(line) };
        if is_number(line.text) {
            finish(&mut collector, std::mem::take(&mut block));
        } else if let Some((tag, value)) = field {
            // The number may be lost: the vendor stands first in an entry.
            if tag == "VN" && block.has("VN") {
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
    if !block.is_empty() {
        collector.finish_with(block, meaning, is_list, put);
    }
}

/// `<1. >`, `<12>`.
fn is_number(text: &str) -> bool {
    let inner = text.trim_matches(['\u{feff}', ' ', '\t']).strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    inner.is_some_and(|inner| {
        let digits = inner.trim_end_matches([' ', '.']);
        (1..=7).contains(&digits.len()) && digits.chars().all(|c| c.is_ascii_digit())
    })
}

/// `AU  - Smith`; the whole list may be indented by a space.
fn tag_line(text: &str) -> Option<(&str, &str)> {
    let text = text.strip_prefix(' ').unwrap_or(text);
    let (tag, value) = text.split_once('-')?;
    let name = tag.trim_end();
    let gap = tag.len() - name.len();
    let good = ((2..=3).contains(&name.len()) || name == "SCORE")
        && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
        && (1..=4).contains(&gap)
        && (value.is_empty() || value.starts_with([' ', '\t']));
    good.then(|| (name, value.trim()))
}

/// `Author Keywords`: a line that is not indented.
fn label_line(line: Line<'_>) -> Option<(&str, &str)> {
    let text = line.text.trim_end();
    let good = text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.len() <= 60
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '/' | '-' | '(' | ')' | '&'));
    good.then_some((text, ""))
}

/// What a tag or label means.
fn meaning(tag: &str, _value: &str) -> Field {
    match tag {
        "TI" | "Title" => Field::Title(0),
        "TT" | "OT" | "Original Title" | "Translated Title" | "Foreign Title" => Field::OriginalTitle,
        "AU" | "Author" | "Authors" | "Authors Full Name" => Field::Author,
        "AB" | "Abstract" => Field::Abstract(0),
        "SO" | "Source" => Field::Source,
        "JN" | "JT" | "Journal Name" | "Journal" => Field::Venue(0),
        "JA" | "Journal Abbreviation" => Field::Venue(6),
        "YR" | "DP" | "DG" | "Year of Publication" | "Publication Date" | "Date of Publication" | "Publication Year"
        // `Publish Ahead of Print, 30 November 2015`
        | "Status" => Field::Date,
        "VO" | "Volume" => Field::Volume,
        "IP" | "Issue" => Field::Issue,
        "PG" | "Page" | "Pages" => Field::Pages,
        "PU" | "PB" | "Publisher" => Field::Publisher,
        "DO" | "DI" | "DOI Number" | "DOI" | "Digital Object Identifier" => Field::Doi,
        "PM" | "PMID" | "PubMed ID" => Field::Pmid,
        "PMC" | "PMCID" => Field::Pmcid,
        "IS" | "IT" | "IB" | "ISSN" | "ISBN" | "Electronic ISSN" | "ISSN Print" | "ISSN Electronic" => Field::Serial,
        "PT" | "DT" | "Publication Type" | "Document Type" => Field::Type,
        "LG" | "LA" | "Language" => Field::Language,
        "KW" | "SH" | "MH" | "KP" | "Author Keywords" | "Keywords" | "Key Phrase Identifiers" | "Subject Headings"
        | "MeSH Subject Headings" => Field::Keyword,
        "DE" | "ID" => Field::Keywords(','),
        "UR" | "JL" | "URL" => Field::Url,
        "AN" | "UI" | "Accession Number" | "Unique Identifier" => Field::Accession,
        // The entry's own place in the list and in the database.
        "VN" | "SCORE" | "Score" => Field::Ignored,
        _ => Field::Extra,
    }
}

fn is_list(tag: &str) -> bool {
    matches!(tag, "AU" | "SH" | "MH" | "KW")
}

/// Fields that Ovid decorates.
fn put(draft: &mut Draft, tag: &str, value: &str) -> bool {
    match meaning(tag, value) {
        Field::Author => {
            // Roles and addresses stand in brackets, with semicolons of their own.
            let bare = without_brackets(value);
            let names = bare.split(';').filter_map(name).filter_map(|name| authors::one(&name)).collect();
            draft.names(tag, value, names);
            true
        }
        Field::Title(_) => {
            let (title, kind) = split_title(value);
            draft.put(tag, Field::Title(0), title);
            if let Some(kind) = kind {
                draft.put("type of article", Field::Type, kind);
            }
            true
        }
        Field::Type => {
            // `Journal Article. Review.`, `Original Article:  PDF Only.`
            let kinds = value.split(':').next().unwrap_or_default().trim_end_matches(['.', ' ']);
            draft.put(tag, Field::Type, &kinds.replace(". ", "; "));
            true
        }
        Field::Language | Field::Keyword => {
            draft.put(tag, meaning(tag, value), value.trim_end_matches('.'));
            true
        }
        _ => false,
    }
}

fn without_brackets(value: &str) -> String {
    let mut depth = 0_usize;
    let keep = |c: &char| {
        depth += usize::from(*c == '[');
        let outside = depth == 0;
        depth = depth.saturating_sub(usize::from(*c == ']'));
        outside
    };
    value.chars().filter(keep).collect()
}

/// `Redlich, Carrie A. MD, MPH 1`: the name alone. A piece that holds
/// degrees only is none.
fn name(piece: &str) -> Option<String> {
    const DEGREES: [&str; 24] = [
        "MD", "PHD", "MPH", "RN", "MSC", "BSC", "DO", "MBA", "DRPH", "FAAN", "MS", "MA", "BA", "SCD", "DSC", "PT",
        "MBBS", "FRCS", "MRCP", "FRCP", "MSN", "DNP", "PSYD", "EDD",
    ];
    let mut words: Vec<&str> = piece.split_whitespace().collect();
    while let Some(last) = words.last() {
        let plain: String = last.chars().filter(|c| c.is_ascii_alphanumeric()).collect::<String>().to_uppercase();
        let mark = !last.chars().any(char::is_alphabetic);
        // The first words are the name itself, whatever they look like.
        let capitals = last.chars().filter(|c| c.is_uppercase()).count();
        let degree = DEGREES.contains(&plain.as_str()) && capitals > 1 && words.len() != 2;
        if !(mark || degree) {
            break;
        }
        words.pop();
    }
    let name = words.join(" ");
    let name = name.trim_end_matches([',', ';']);
    // A full stop after a whole word ends the list, not the word.
    let name = match name.strip_suffix('.') {
        Some(rest) if rest.rsplit([' ', ',', '.']).next().is_some_and(|word| word.chars().count() > 2) => rest,
        _ => name,
    };
    (!name.is_empty()).then(|| name.to_owned())
}

/// `A title.  [Article]`: the kind of article that Ovid hangs on a title.
fn split_title(value: &str) -> (&str, Option<&str>) {
    static KIND: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#"^(?<title>.*[.?!"”])\s*\[(?<kind>[A-Z][A-Za-z/:, -]{2,40})\]\.?$"#).ok());
    let found = KIND.as_ref().and_then(|kind| kind.captures(value.trim()));
    match found.as_ref().and_then(|found| Some((found.name("title")?, found.name("kind")?))) {
        Some((title, kind)) => (title.as_str(), Some(kind.as_str()).filter(|kind| *kind != "References")),
        None => (value, None),
    }
}
