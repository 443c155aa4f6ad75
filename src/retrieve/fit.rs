//! Whether a document is the work that was sought.

use rapidfuzz::fuzz;

use crate::fulltext::Document;
use crate::ids;
use crate::model::Record;
use crate::text::words;

/// How much of a document's beginning may hold its title and DOI, in bytes: a repository's cover
/// sheet and a journal's head come first.
const HEAD: usize = 8_000;
/// How alike two titles must be (of 1).
const ALIKE: f64 = 0.86;
/// Titles of fewer words ("Editorial", "Social prescribing") need a second sign.
const SHORT: usize = 4;

/// Whether a document is one of the records: by DOI, by its own title, or by a record's title in
/// its beginning. A short title must stand beside an author's name, since other works hold it too.
pub fn fits(document: &Document, records: &[Record]) -> bool {
    let head = head(document);
    let compact: String = head.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    let own_doi = document.doi.as_deref().and_then(ids::normal_doi);
    let by_doi = records
        .iter()
        .filter_map(|record| record.identifiers.doi.as_deref())
        .any(|doi| own_doi.as_deref() == Some(doi) || holds_doi(&compact, doi));
    if by_doi {
        return true;
    }
    let head = words(&head);
    let own_title = document.title.as_deref().map(words).unwrap_or_default();
    records.iter().any(|record| {
        let titles = [&record.title, &record.original_title];
        titles
            .into_iter()
            .flatten()
            .map(|title| words(title))
            .any(|title| title_fits(&title, &own_title, &head, record))
    })
}

fn title_fits(title: &[String], own: &[String], head: &[String], record: &Record) -> bool {
    if title.is_empty() {
        return false;
    }
    let alike = titles_alike(title, own);
    if title.len() >= SHORT {
        return alike || stands_in(title, head);
    }
    let mut authors = record.authors.iter().map(|author| words(&author.family)).filter(|name| !name.is_empty());
    let signed = authors.any(|name| head.windows(name.len()).any(|window| window == name));
    (alike && (signed || record.authors.is_empty())) || (signed && stands_in(title, head))
}

/// Two titles are alike, or the shorter is the longer's beginning or end (a subtitle, a site's name).
fn titles_alike(a: &[String], b: &[String]) -> bool {
    if a.is_empty() || b.is_empty() {
        return false;
    }
    let (a_text, b_text) = (a.join(" "), b.join(" "));
    if fuzz::ratio(a_text.chars(), b_text.chars()) >= ALIKE {
        return true;
    }
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    short.len() >= SHORT && (long.starts_with(short) || long.ends_with(short))
}

/// Whether the title's words stand in the text in a row, a few of them spelled otherwise or lost.
fn stands_in(title: &[String], text: &[String]) -> bool {
    if text.windows(title.len()).any(|window| window == title) {
        return true;
    }
    // A line break may have split or joined words: compare letters, without spaces.
    let joined = title.concat();
    if joined.len() >= 20 && text.concat().contains(&joined) {
        return true;
    }
    let wanted = title.join(" ");
    let length = title.len() + 2;
    title.len() >= SHORT
        && text.windows(length.min(text.len()).max(1)).enumerate().any(|(at, window)| {
            // Only where the title's first or second word is near: comparing everywhere is slow.
            let near = window.first().is_some_and(|word| title[..2].contains(word));
            (near || at == 0) && fuzz::ratio(wanted.chars(), window.join(" ").chars()) >= ALIKE - 0.04
        })
}

/// Whether the DOI stands there and does not go on (`10.1/a` is not in `10.1/ab`).
fn holds_doi(compact: &str, doi: &str) -> bool {
    let doi: String = doi.to_lowercase();
    compact.match_indices(&doi).any(|(at, _)| !compact[at + doi.len()..].starts_with(|c: char| c.is_ascii_digit()))
}

fn head(document: &Document) -> String {
    let mut head = String::new();
    for section in &document.sections {
        for part in [&section.title, &section.text] {
            head.extend(part.chars().take(HEAD));
            head.push('\n');
        }
        if head.len() >= HEAD {
            break;
        }
    }
    head.chars().take(HEAD).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fulltext::Section;
    use crate::model::{Author, Identifiers};

    fn record(title: &str, doi: Option<&str>) -> Vec<Record> {
        let identifiers = Identifiers { doi: doi.map(str::to_owned), ..Identifiers::default() };
        vec![Record { title: Some(title.into()), identifiers, ..Record::default() }]
    }

    fn document(title: Option<&str>, text: &str) -> Document {
        let section = Section { text: text.into(), ..Section::default() };
        Document { title: title.map(str::to_owned), sections: vec![section], ..Document::default() }
    }

    const TITLE: &str = "Community hubs and wellbeing in rural Wales: a mixed-methods evaluation";

    #[test]
    fn the_work_is_known_by_title_or_doi() {
        let sought = record(TITLE, Some("10.5555/hub.1"));
        for (own, text) in [
            (Some("Community Hubs and Well-being in Rural Wales: A Mixed Methods Evaluation"), ""),
            (Some("Community hubs and wellbeing in rural Wales"), ""),
            (
                None,
                "Repository cover sheet. Community hubs and wellbeing in rural\nWales: a mixed-methods evalu ation. Smith J",
            ),
            (None, "Community hubs and wellbeing in rural Wales a mixed method evaluation by Smith"),
            (None, "Cover. https://doi.org/10.5555/HUB.1 Some text"),
        ] {
            assert!(fits(&document(own, text), &sought), "{own:?} {text}");
        }
    }

    #[test]
    fn other_works_are_not_it() {
        let sought = record(TITLE, Some("10.5555/hub.1"));
        for (own, text) in [
            (Some("Community gardens and nutrition in urban Scotland: a cohort study"), "Gardens. 10.5555/hub.12"),
            (None, "Instructions for authors. Community hubs are welcome topics."),
            (None, ""),
        ] {
            assert!(!fits(&document(own, text), &sought), "{own:?} {text}");
        }
    }

    #[test]
    fn a_short_title_needs_its_author() {
        let mut sought = record("Social prescribing", None);
        sought[0].authors.push(Author { family: "Rhys-Jones".into(), ..Author::default() });
        let text = "Social prescribing is much discussed.";
        assert!(!fits(&document(None, text), &sought));
        assert!(fits(&document(None, &format!("{text} By A Rhys-Jones")), &sought));
    }
}
