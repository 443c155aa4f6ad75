//! `BibTeX` and `BibLaTeX`, as reference managers and databases write them.

mod latex;
mod parse;

use std::collections::HashMap;

use super::draft::{Draft, Field};
use super::lines::LineCounter;
use super::tagged::Collector;
use super::{FileContents, Format, MAX_ENTRY_BYTES, authors};
use crate::model::Author;
use parse::BibEntry;

/// Whether a text looks like it: an entry begins somewhere.
pub(super) fn looks_like(head: &str) -> bool {
    let mut rest = head;
    while let Some(at) = rest.find('@') {
        let line_before = rest[..at].rsplit(['\n', '\r', '}', ')']).next().unwrap_or_default();
        rest = &rest[at + 1..];
        let kind = rest.trim_start();
        let word = kind.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(kind.len());
        let after = kind[word..].trim_start();
        if line_before.trim().is_empty() && word > 2 && after.starts_with(['{', '(']) && after.contains('=') {
            return true;
        }
    }
    false
}

/// Reads it.
pub(super) fn read(text: &str) -> FileContents {
    let mut collector = Collector::new(Format::BibTeX, text);
    let pieces = parse::pieces(text);
    let parents: HashMap<String, usize> = pieces
        .iter()
        .enumerate()
        .filter_map(|(at, piece)| Some((piece.entry.as_ref().ok()?.key.to_lowercase(), at)))
        .filter(|(key, _)| !key.is_empty())
        .collect();
    let mut lines = LineCounter::default();
    for piece in &pieces {
        let line = lines.line_at(text, piece.start);
        let raw = text[piece.start..piece.end].trim_end();
        if raw.len() > MAX_ENTRY_BYTES {
            collector.set_aside(format!("the entry is larger than {} MiB", MAX_ENTRY_BYTES >> 20), raw, line);
            continue;
        }
        match &piece.entry {
            Err(reason) => collector.set_aside(reason.clone(), raw, line),
            Ok(entry) => {
                if let Some(reason) = &piece.mended {
                    collector.contents.warnings.push(format!("line {line}: read line by line, for {reason}"));
                }
                let mut draft = Draft::default();
                fill(entry, &mut draft);
                let parent = entry
                    .fields
                    .iter()
                    .find(|(name, _)| name == "crossref")
                    .and_then(|(_, key)| pieces[*parents.get(&key.trim().to_lowercase())?].entry.as_ref().ok());
                if let Some(parent) = parent {
                    inherit(entry, parent, &mut draft);
                }
                collector.take(draft, raw, line);
            }
        }
    }
    collector.contents
}

fn fill(entry: &BibEntry, draft: &mut Draft) {
    draft.put("type", Field::Type, &entry.kind);
    draft.put("key", Field::Note, &entry.key);
    for (name, value) in &entry.fields {
        field(name, value, draft);
    }
}

fn field(name: &str, value: &str, draft: &mut Draft) {
    if name == "author" {
        draft.names(name, &latex::plain(value), names(value));
        return;
    }
    let plain = if matches!(name, "url" | "file" | "doi" | "link" | "pdf") {
        value.replace(['{', '}', '\\'], "")
    } else {
        latex::plain(value)
    };
    draft.put(name, meaning(name, &plain), &plain);
}

/// What a chapter has of the book it refers to: its title as venue, and what else it lacks.
fn inherit(entry: &BibEntry, parent: &BibEntry, draft: &mut Draft) {
    let has = |wanted: &str| entry.fields.iter().any(|(name, _)| name == wanted);
    for (name, value) in &parent.fields {
        match name.as_str() {
            "title" if !has("booktitle") => field("booktitle", value, draft),
            "year" | "date" if !has("year") && !has("date") => field(name, value, draft),
            "publisher" | "isbn" | "series" if !has(name) => field(name, value, draft),
            _ => {}
        }
    }
}

/// What a field means.
fn meaning(name: &str, value: &str) -> Field {
    match name {
        "title" | "shorttitle" => Field::Title(if name == "title" { 0 } else { 5 }),
        "origtitle" | "titleaddon" => Field::OriginalTitle,
        "abstract" => Field::Abstract(0),
        "journal" | "journaltitle" | "fulljournal" => Field::Venue(0),
        "booktitle" => Field::Venue(1),
        "shortjournal" | "abbrev_source_title" => Field::Venue(5),
        "eventtitle" | "series" => Field::Venue(8),
        "year" | "date" | "earlyaccessdate" | "early-access-date" => Field::Date,
        "month" => Field::Month,
        "volume" => Field::Volume,
        "number" | "issue" => Field::Issue,
        "pages" => Field::Pages,
        "art_number" | "article-number" | "eid" => Field::ArticleNumber,
        "publisher" => Field::Publisher,
        "institution" | "school" | "organization" => Field::Publisher,
        "doi" => Field::Doi,
        "pmid" | "pubmed_id" => Field::Pmid,
        "pmcid" | "pmc" => Field::Pmcid,
        "issn" | "isbn" | "eissn" | "issn1" | "issn2" => Field::Serial,
        "type" | "document_type" | "entrysubtype" => Field::Type,
        "language" | "langid" => Field::Language,
        "keywords" | "keyword" | "author_keywords" | "keywords-plus" | "mendeley-tags" => {
            Field::Keywords(if value.contains(';') { ';' } else { ',' })
        }
        "url" | "link" | "howpublished" => Field::Url,
        "unique-id" => Field::Wos,
        "eprint" => Field::Arxiv,
        "note" | "annote" | "key" | "source" => Field::Note,
        _ => Field::Extra,
    }
}

/// The names of an author field: `and` between them, outside of braces.
fn names(value: &str) -> Vec<Author> {
    let mut names = Vec::new();
    let (mut depth, mut from) = (0_usize, 0);
    let folded = value.replace(['\n', '\r', '\t'], " ");
    for (at, c) in folded.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ' ' if depth == 0
                && at >= from
                && folded[at..].get(..5).is_some_and(|w| w.eq_ignore_ascii_case(" and ")) =>
            {
                names.push(&folded[from..at]);
                from = at + 5;
            }
            _ => {}
        }
    }
    names.push(folded.get(from..).unwrap_or_default());
    names.into_iter().filter_map(|text| name(text.trim())).collect()
}

/// Words that begin a family name in small letters.
const PARTICLES: [&str; 24] = [
    "von", "van", "vom", "vander", "der", "den", "de", "del", "della", "dela", "di", "da", "dos", "das", "do", "du",
    "la", "le", "ten", "ter", "zu", "zur", "af", "al",
];

fn name(text: &str) -> Option<Author> {
    // A name wholly in braces is a group's, unless it is but one word.
    let inner = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).filter(|inner| !inner.contains('{'));
    if let Some(group) = inner.filter(|inner| inner.trim().contains(' ') && !inner.contains(',')) {
        return Some(Author::collective(&latex::plain(group)));
    }
    let plain = latex::plain(text);
    let parts: Vec<&str> = plain.split(',').map(str::trim).collect();
    if let [family, junior, given] = parts[..] {
        return Some(Author {
            family: family.into(),
            given: format!("{given} {junior}").trim().into(),
            collective: false,
        });
    }
    // `Ludwig van Beethoven`: the family name begins with the first word in lower case.
    if parts.len() == 1 {
        let words: Vec<&str> = plain.split_whitespace().collect();
        let particle = words.iter().position(|word| PARTICLES.contains(word));
        if let Some(at) = particle.filter(|at| *at > 0 && *at + 1 < words.len()) {
            return Some(Author { family: words[at..].join(" "), given: words[..at].join(" "), collective: false });
        }
    }
    authors::one(&plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_all_shapes() {
        let shown = |value: &str| names(value).iter().map(Author::display).collect::<Vec<_>>();
        assert_eq!(
            shown(r"Knuth, Donald E. and Leslie Lamport and {World Health Organization}"),
            ["Knuth, Donald E.", "Lamport, Leslie", "World Health Organization"]
        );
        assert_eq!(
            shown(r"Ludwig van Beethoven and King, Jr, Martin L. and {\'E}cole, X and others"),
            ["van Beethoven, Ludwig", "King, Martin L. Jr", "École, X"]
        );
    }
}
