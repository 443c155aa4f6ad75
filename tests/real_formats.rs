//! Export files that nobody here wrote: counts, no panic, no hang.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail by panic")]

mod support;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

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
