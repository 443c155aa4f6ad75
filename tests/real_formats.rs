//! Export files that nobody here wrote: counts, no panic, no hang.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail by panic")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use gleaner::dedupe::cluster;
use gleaner::formats::{self, Format};

/// Files whose count in the index is not the number of records they hold, with the reason.
const INDEX_IS_WRONG: &[(&str, usize, &str)] = &[
    ("csv/citation-file-___baseline_abstrackr.csv", 10, "a caption within the table, of one cell, counts as a row"),
    ("csv/bibliotobler__Zotero_AutourDeTobler.csv", 42, "one row holds an item type and the date of its making only"),
    ("bibtex/srdedupe__mini_scopus.bib", 90, "two @set entries list other entries and describe no document"),
    ("nbib/jabref__MedlinePlainImporterTestMultiTitle.txt", 1, "an entry with a title and a PMCR number is a record"),
];

/// The share of the files with a count above zero that must give it, as the index has it.
const LEAST_AGREED: f64 = 0.98;

struct Listed {
    path: PathBuf,
    name: String,
    /// Unknown where the index says nothing.
    records: Option<usize>,
}

fn listed(root: &Path) -> Vec<Listed> {
    let index = std::fs::read_to_string(root.join("INDEX.tsv")).unwrap();
    let rows = index.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
    rows.map(|row| Listed {
        path: root.join(row[0]).join(row[1]),
        name: format!("{}/{}", row[0], row[1]),
        records: row[2].parse().ok(),
    })
    .collect()
}

#[test]
fn exports_hold_the_records_that_their_index_says() {
    let Some(root) = support::real_data("exports") else { return };
    let (mut wrong, mut agreed, mut counted) = (Vec::new(), 0, 0);
    for file in listed(&root) {
        let bytes = std::fs::read(&file.path).unwrap();
        let outcome = formats::read(&bytes, None);
        let found = outcome.as_ref().map_or(0, |contents| contents.entries.len());
        let note = match &outcome {
            Ok(contents) => {
                let first = contents.set_aside.first().map(|aside| (aside.line, aside.reason.clone()));
                let aside = contents.set_aside.len();
                format!("as {}, {aside} set aside {first:?} {:?}", contents.format.name(), contents.warnings)
            }
            Err(error) => error.to_string(),
        };
        let Some(records) = file.records else {
            println!("{}: {found}, not counted in the index; {note}", file.name);
            continue;
        };
        let corrected = INDEX_IS_WRONG.iter().find(|(name, _, _)| *name == file.name).map(|(_, right, _)| *right);
        if records > 0 {
            counted += 1;
            agreed += usize::from(found == records);
        }
        if found != corrected.unwrap_or(records) {
            wrong.push(format!("{}: {found} for {records}; {note}", file.name));
        }
    }
    println!("{agreed} of {counted} files with a count above zero hold what the index says");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(agreed as f64 >= counted as f64 * LEAST_AGREED, "only {agreed} of {counted}");
}

/// Files of the review set that are not ten works of the set, with how many works are others, and why.
const BASELINE_OTHERS: &[(&str, usize, &str)] = &[
    ("baseline_cinahl.ris", 9, "the first hits of another database"),
    ("baseline_cochrane.csv", 3, "the hits of another database"),
    ("baseline_cochrane_endnote.ris", 3, "the hits of another database"),
    ("baseline_covidence.csv", 2, "two of the works are others in that project"),
    ("baseline_covidence_endnote.ris", 2, "two of the works are others in that project"),
    ("baseline_covidence_mendeley.ris", 2, "two of the works are others in that project"),
    ("baseline_covidence_refworks.ris", 2, "two of the works are others in that project"),
    ("baseline_covidence_zotero.ris", 2, "two of the works are others in that project"),
    ("baseline_googlescholar.csv", 10, "the first hits of another database"),
    ("baseline_mdpi.ris", 11, "the first hits of another database"),
    ("baseline_openalex.ris", 9, "the first hits of another database"),
    ("baseline_pubmed.csv", 10, "the first hits of another database"),
    ("baseline_scopus.csv", 10, "the first hits of another database"),
    ("baseline_webofscience.ris", 10, "the first hits of another database"),
];

#[test]
fn one_set_of_works_comes_out_of_every_tool_and_format() {
    let Some(root) = support::real_data("exports") else { return };
    let prefix = "citation-file-___";
    let mut records = Vec::new();
    for file in listed(&root) {
        let Some((_, name)) = file.name.split_once(prefix) else { continue };
        let contents = formats::read(&std::fs::read(&file.path).unwrap(), None).unwrap();
        // Two files of the set hold the hundred records that it was drawn from.
        if contents.entries.len() <= 11 {
            records.extend(contents.entries.into_iter().map(|entry| (name.to_owned(), entry.record)));
        }
    }
    let work_of = cluster(&records.iter().map(|(_, record)| record).collect::<Vec<_>>()).work_of;
    let mut works: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for ((name, _), work) in records.iter().zip(&work_of) {
        works.entry(name).or_default().insert(*work);
    }
    let set = &works["baseline_embase.ris"];
    assert_eq!(set.len(), 10);
    let mut wrong = Vec::new();
    for (name, own) in &works {
        let count = records.iter().filter(|(file, _)| file == name).count();
        let others = own.difference(set).count();
        let expected = BASELINE_OTHERS.iter().find(|(file, ..)| file == name);
        if let Some((_, number, why)) = expected {
            println!("{name}: {number} works are not in the set: {why}");
        }
        if others != expected.map_or(0, |(_, number, _)| *number) || own.len() != count {
            wrong.push(format!("{name}: {count} records, {} works, {others} of them not in the set", own.len()));
        }
    }
    assert!(works.len() >= 20 && wrong.is_empty(), "{wrong:#?}");
}

fn walk(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() { walk(&entry, into) } else { into.push(entry) }
    }
}

#[test]
fn nothing_makes_a_reader_panic_or_hang() {
    for folder in ["exports", "hostile/gen"] {
        let Some(root) = support::real_data(folder) else { return };
        let mut files = Vec::new();
        walk(&root, &mut files);
        for path in files {
            let bytes = std::fs::read(&path).unwrap();
            for format in std::iter::once(None).chain(Format::ALL.map(Some)) {
                let start = Instant::now();
                let outcome = formats::read(&bytes, format);
                let spent = start.elapsed();
                assert!(spent < Duration::from_secs(5), "{} as {format:?} took {spent:?}", path.display());
                if let Err(error) = outcome {
                    assert!(error.to_string().len() < 2_000, "{error}");
                }
            }
        }
    }
}
