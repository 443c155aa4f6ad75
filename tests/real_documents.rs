//! Documents that nobody here wrote: each is read or refused as it should be.

mod support;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use gleaner::fulltext::{Document, DocumentKind, ExtractError, extract};

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder can be listed")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no files in {}", folder.display());
    files
}

fn read(path: &Path) -> Result<Document, ExtractError> {
    extract(&std::fs::read(path).expect("the file can be read"))
}

#[test]
fn every_jats_article_is_read() {
    let Some(folder) = support::real_data("fulltext/jats") else { return };
    for path in files(&folder) {
        let name = path.display();
        let document = read(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(document.kind, DocumentKind::Jats, "{name}");
        assert!(document.title.as_deref().is_some_and(|title| title.len() > 10), "{name}: {:?}", document.title);
        assert!(document.doi.as_deref().is_some_and(|doi| doi.starts_with("10.")), "{name}: {:?}", document.doi);
        let source = String::from_utf8_lossy(&std::fs::read(&path).expect("the file can be read")).into_owned();
        let is_notice = source.contains("article-type=\"correction\"");
        assert!(document.words() > if is_notice { 20 } else { 400 }, "{name}: {} words", document.words());
        let listed = document.sections.iter().any(|section| section.title == "References");
        assert!(!listed, "{name}: its reference list is read");
        println!("{name}: {} words, {} sections", document.words(), document.sections.len());
    }
}

#[test]
fn every_article_page_is_read_without_its_surroundings() {
    let Some(folder) = support::real_data("fulltext/html") else { return };
    for path in files(&folder) {
        let name = path.display();
        let document = read(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(document.kind, DocumentKind::Html, "{name}");
        let titles: Vec<&str> = document.sections.iter().map(|section| section.title.as_str()).collect();
        println!("{name}: {} words, {:?} {:?}, {titles:?}", document.words(), document.title, document.doi);
        assert!(document.words() > 2_000, "{name}: {} words", document.words());
        for wanted in ["Abstract", "Results"] {
            let found = titles.iter().any(|title| title.starts_with(wanted));
            assert!(found, "{name}: no {wanted}");
        }
        assert!(!titles.contains(&"References"), "{name}");
        assert!(document.title.is_some() && document.doi.is_some(), "{name}");
    }
}

#[test]
fn hostile_files_are_read_or_refused_in_time() {
    let Some(folder) = support::real_data("hostile/gen") else { return };
    for path in files(&folder) {
        let begun = Instant::now();
        let outcome = read(&path);
        let took = begun.elapsed();
        let shown = outcome.as_ref().map(|document| (document.kind, document.words()));
        println!("{}: {shown:?} in {took:?}", path.display());
        assert!(took < Duration::from_secs(5), "{}: {took:?}", path.display());
    }
}
