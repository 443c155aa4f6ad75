//! Pages of lines to sections of paragraphs: running heads dropped, hyphens joined.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use regex::Regex;

use crate::fulltext::builder::Builder;
use crate::fulltext::{Document, DocumentKind};
use crate::ids;

/// How many lines at a page's top and bottom may be running heads and feet.
const EDGE: usize = 3;

/// A document of pages; each page with text is a section, anchored `p. N`.
pub fn document(pages: &[String]) -> Document {
    let mut lines: Vec<Vec<&str>> = pages.iter().map(|page| page.lines().map(str::trim).collect()).collect();
    while lines.last().is_some_and(|page| page.iter().all(|line| line.is_empty())) {
        lines.pop();
    }
    let count = lines.len();
    drop_running(&mut lines);
    let kept_hyphens = hyphenated(&lines);
    let mut out = Builder::new(DocumentKind::Pdf);
    for (number, page) in lines.iter().enumerate() {
        out.page(number + 1);
        for block in page.split(|line| line.is_empty()) {
            out.paragraph(&join(block, &kept_hyphens));
        }
    }
    let mut document = out.finish();
    document.pages = Some(count);
    document.doi = pages.first().and_then(|page| only_doi(page));
    document
}

/// Blanks lines at the pages' edges that stand on most pages, numbers apart. The first time one
/// stands it is kept: it may be the title.
fn drop_running(pages: &mut [Vec<&str>]) {
    if pages.len() < 3 {
        return;
    }
    let mut seen: HashMap<String, usize> = HashMap::new();
    for page in pages.iter() {
        let shapes: HashSet<String> = edges(page).into_iter().map(|at| shape(page[at])).collect();
        for shape in shapes {
            *seen.entry(shape).or_default() += 1;
        }
    }
    let running: HashSet<String> =
        seen.into_iter().filter(|(_, count)| count * 2 > pages.len()).map(|(shape, _)| shape).collect();
    let mut kept: HashSet<String> = HashSet::new();
    for page in pages.iter_mut() {
        for at in edges(page) {
            let shape = shape(page[at]);
            if running.contains(&shape) && !kept.insert(shape) {
                page[at] = "";
            }
        }
    }
}

/// Where the first and last lines with text are.
fn edges(page: &[&str]) -> Vec<usize> {
    let filled: Vec<usize> = (0..page.len()).filter(|at| !page[*at].is_empty()).collect();
    let mut edges: Vec<usize> = filled.iter().take(EDGE).chain(filled.iter().rev().take(EDGE)).copied().collect();
    edges.sort_unstable();
    edges.dedup();
    edges
}

/// A line without its numbers: page numbers differ.
fn shape(line: &str) -> String {
    line.chars().filter(|c| !c.is_ascii_digit()).collect::<String>().trim().to_lowercase()
}

/// Words that the document hyphenates within a line: at a line's end they keep the hyphen.
fn hyphenated(pages: &[Vec<&str>]) -> HashSet<String> {
    let words = pages.iter().flatten().flat_map(|line| line.split_whitespace());
    words
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
        .filter(|word| word.contains('-'))
        .collect()
}

/// A block's lines as one. A hyphen at a line's end goes where small letters follow, unless the
/// document spells the word with it elsewhere.
fn join(lines: &[&str], kept_hyphens: &HashSet<String>) -> String {
    let mut out = String::new();
    for line in lines {
        let before = out.ends_with('-').then(|| out.split_whitespace().last().unwrap_or_default().to_lowercase());
        match before {
            Some(before) if before.len() > 1 && line.starts_with(char::is_lowercase) => {
                let after = line.split_whitespace().next().unwrap_or_default().to_lowercase();
                let whole = format!("{before}{after}");
                if !kept_hyphens.contains(whole.trim_matches(|c: char| !c.is_alphanumeric())) {
                    out.pop();
                }
            }
            Some(before) if before.len() > 1 => {}
            _ if !out.is_empty() => out.push(' '),
            _ => {}
        }
        out.push_str(line);
    }
    out
}

/// The DOI of the first page, if it names exactly one: with several, which is its own is unknown.
fn only_doi(page: &str) -> Option<String> {
    static DOI: OnceLock<Option<Regex>> = OnceLock::new();
    let pattern = DOI.get_or_init(|| Regex::new(r"\b10\.\d{4,9}/[^\s\x22<>]+").ok()).as_ref()?;
    let found: HashSet<String> =
        pattern.find_iter(page).take(50).filter_map(|found| ids::normal_doi(found.as_str())).collect();
    (found.len() == 1).then(|| found.into_iter().next()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_become_sections() {
        let page = |number: usize, text: &str| format!("Journal of Hubs {number}\n\n{text}\n\nPage {number} of 3\n");
        let pages = [
            page(
                1,
                "Warm hubs\n\nWe studied multi-sector work with commun-\nities, doi:10.5555/hub.1, and multi-\nsector aid in Ynys-\nMôn.",
            ),
            page(2, "Second"),
            page(3, "Third"),
            String::new(),
        ];
        let document = document(&pages);
        assert_eq!(document.pages, Some(3));
        assert_eq!(document.doi.as_deref(), Some("10.5555/hub.1"));
        assert_eq!(
            document.sections[0].text,
            "Journal of Hubs 1\n\nWarm hubs\n\nWe studied multi-sector work with communities, doi:10.5555/hub.1, and multi-sector \
             aid in Ynys-Môn.\n\nPage 1 of 3"
        );
        assert_eq!((document.sections[1].text.as_str(), document.sections[1].anchor.as_str()), ("Second", "p. 2"));
        let at = document.text().find("Third").unwrap();
        assert_eq!(document.anchor_at(at).as_deref(), Some("p. 3"));
    }
}
