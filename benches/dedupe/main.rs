//! How fast and how sure deduplication is: `cargo bench --bench dedupe -- PART…`.
//!
//! Parts: `sets` (each labelled set), `curve` (sensitivity against damage), `scale` (up to
//! `GLEANER_BENCH_RECORDS` records, default 100,000, made from the labelled ones), `adversarial`
//! (100,000 records of one title, of one DOI, of none), `more` (1,000 records to those of `scale`),
//! `compare` (bib-dedupe by the Python that `GLEANER_BIB_DEDUPE` names). Without parts: the first four.
//! The labelled sets are looked for in `GLEANER_REAL_DATA`, by default `../shared/real`.
//!
//! CPU seconds are those of the one thread that works, reading aside; memory is the process's peak.

#![expect(clippy::unwrap_used, reason = "a benchmark may fail loudly")]

mod damage;
mod more;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use damage::{Families, damage};
use gleaner::dedupe::{Batch, Clusters, Judged};
use gleaner::formats;
use gleaner::model::{Author, Identifiers, PartialDate, Record};

const SETS: &[&str] =
    &["cytology_screening", "haematology", "respiratory", "stroke", "neuroimaging", "digital_work", "mis_baseline"];

/// Records with the label of the work that they are.
struct Labelled {
    records: Vec<Record>,
    labels: Vec<String>,
}

fn folder() -> PathBuf {
    let root = std::env::var_os("GLEANER_REAL_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/real"), PathBuf::from);
    root.join("dedup")
}

fn labelled(set: &str) -> Labelled {
    let contents = formats::read(&std::fs::read(folder().join(set).join("records.csv")).unwrap(), None).unwrap();
    let mut truth = csv::Reader::from_path(folder().join(set).join("truth.csv")).unwrap();
    let truth: HashMap<String, String> =
        truth.records().map(|row| row.unwrap()).map(|row| (row[0].to_owned(), format!("{set} {}", &row[1]))).collect();
    let (mut records, mut labels) = (Vec::new(), Vec::new());
    let entries = contents.entries.into_iter().map(|entry| (entry.id.unwrap(), entry.record));
    let asides = contents
        .set_aside_ids
        .into_values()
        .map(|id| (id.clone(), Record { source: "aside".into(), source_key: id, ..Record::default() }));
    for (id, mut record) in entries.chain(asides) {
        labels.push(truth[&id].clone());
        record.source_key = format!("{set}-{id}");
        records.push(record);
    }
    Labelled { records, labels }
}

/// The CPU seconds of this thread so far.
fn cpu() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split_whitespace().next().and_then(|text| text.parse::<f64>().ok()).unwrap_or(f64::NAN) / 1e9
}

/// The process's peak of resident memory in MB.
fn peak() -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok()).unwrap_or(f64::NAN) / 1024.0
}

/// Sensitivity, works lost, wrong merges: as `evaluate_dedup.py` counts them.
fn measure(labels: &[u32], work_of: &[usize]) -> (f64, usize, usize) {
    let mut clusters: BTreeMap<usize, BTreeSet<u32>> = BTreeMap::new();
    for (work, label) in work_of.iter().zip(labels) {
        clusters.entry(*work).or_default().insert(*label);
    }
    let wrong = clusters.values().map(|works| works.len() - 1).sum();
    let mut visited: Vec<&BTreeSet<u32>> = clusters.values().collect();
    visited.sort_by_key(|works| works.len());
    let mut kept: HashMap<u32, usize> = HashMap::new();
    for works in visited {
        let work = works.iter().find(|work| !kept.contains_key(*work)).or_else(|| works.first()).unwrap();
        *kept.entry(*work).or_default() += 1;
    }
    let mut sizes: HashMap<u32, usize> = HashMap::new();
    labels.iter().for_each(|label| *sizes.entry(*label).or_default() += 1);
    let duplicates = labels.len() - sizes.len();
    let removed: usize =
        sizes.iter().map(|(work, size)| size - kept.get(work).copied().unwrap_or_default().max(1)).sum();
    let lost = sizes.keys().filter(|work| !kept.contains_key(*work)).count();
    (removed as f64 / duplicates.max(1) as f64, lost, wrong)
}

fn numbered<'a>(labels: impl Iterator<Item = &'a String>) -> Vec<u32> {
    let mut known: HashMap<&str, u32> = HashMap::new();
    labels
        .map(|label| {
            let next = u32::try_from(known.len()).unwrap();
            *known.entry(label).or_insert(next)
        })
        .collect()
}

/// Clusters records as they come; gives the CPU seconds that it took, making them aside.
fn clustered(records: impl Iterator<Item = Record>) -> (Clusters, f64) {
    let mut batch = Batch::default();
    let mut took = 0.0;
    let mut records = records.peekable();
    while records.peek().is_some() {
        let some: Vec<Record> = records.by_ref().take(1_000).collect();
        let begun = cpu();
        some.iter().for_each(|record| batch.add(record));
        took += cpu() - begun;
    }
    let begun = cpu();
    let clusters = batch.cluster(&Judged::default());
    (clusters, took + cpu() - begun)
}

fn labelled_sets() {
    println!("set                  sensitivity  works lost  wrong merges  possible  CPU s");
    for set in SETS {
        let data = labelled(set);
        let (clusters, took) = clustered(data.records.into_iter());
        let (sensitivity, lost, wrong) = measure(&numbered(data.labels.iter()), &clusters.work_of);
        println!("{set:<20} {sensitivity:>11.4} {lost:>11} {wrong:>13} {:>9} {took:>6.2}", clusters.possible.len());
    }
}

fn curve(sets: &[Labelled]) {
    println!("damage  sensitivity  works lost  wrong merges  (each set by itself, added up, seed 7)");
    for percent in [0_u8, 2, 5, 10, 20, 30, 40, 50] {
        let mut random = fastrand::Rng::with_seed(7);
        let (mut found, mut duplicates, mut lost, mut wrong) = (0.0, 0.0, 0, 0);
        for data in sets {
            let damaged = data.records.iter().map(|record| {
                let mut record = record.clone();
                damage(&mut record, f64::from(percent) / 100.0, &mut random);
                record
            });
            let (clusters, _) = clustered(damaged);
            let measured = measure(&numbered(data.labels.iter()), &clusters.work_of);
            let works: BTreeSet<&String> = data.labels.iter().collect();
            let own = (data.labels.len() - works.len()) as f64;
            (found, duplicates) = (found + measured.0 * own, duplicates + own);
            (lost, wrong) = (lost + measured.1, wrong + measured.2);
        }
        println!("{percent:>4} % {:>12.4} {lost:>11} {wrong:>13}", found / duplicates);
    }
}

/// As many records as wanted: the labelled ones family after family, lightly damaged.
fn many(data: &Labelled, wanted: usize) -> impl Iterator<Item = Record> {
    let families = Families::of(data.records.iter());
    let mut random = fastrand::Rng::with_seed(11);
    (0..wanted).map(move |at| {
        // A family for each set and round: the sets hold some works of each other.
        let own = at % data.records.len();
        let set = SETS.iter().position(|set| data.labels[own].starts_with(set)).unwrap_or_default();
        let mut record = families.record(&data.records[own], at / data.records.len() * SETS.len() + set);
        damage(&mut record, 0.05, &mut random);
        record
    })
}

fn wanted() -> usize {
    std::env::var("GLEANER_BENCH_RECORDS").ok().and_then(|text| text.parse().ok()).unwrap_or(100_000)
}

fn scale(data: &Labelled) {
    let most = wanted();
    println!("records    CPU s   records/s   peak MB   sensitivity  works lost  wrong merges");
    for wanted in [most / 10, most] {
        let (clusters, took) = clustered(many(data, wanted));
        let memory = peak();
        let labels: Vec<u32> = {
            let own = numbered(data.labels.iter());
            let most = own.iter().max().map_or(1, |most| most + 1);
            (0..wanted).map(|at| own[at % own.len()] + most * u32::try_from(at / own.len()).unwrap()).collect()
        };
        let (sensitivity, lost, wrong) = measure(&labels, &clusters.work_of);
        println!(
            "{wanted:>9} {took:>6.1} {:>11.0} {memory:>9.0} {sensitivity:>13.4} {lost:>11} {wrong:>13}",
            wanted as f64 / took
        );
    }
}

fn adversarial() {
    type Make = Box<dyn Fn(usize) -> Record>;
    const RECORDS: usize = 100_000;
    let title = "Walking groups and loneliness in three coastal towns: a mixed methods study";
    // Another author, year and place each: nothing but the one field is shared.
    let plain = |at: usize| Record {
        source: "file".into(),
        source_key: format!("{at:06}"),
        title: Some(title.into()),
        authors: vec![Author { family: format!("Name{}", at * 31), given: "A".into(), collective: false }],
        dates: PartialDate::of_year(1900 + i32::try_from(at % 120).unwrap()).into_iter().collect(),
        volume: Some((1 + at % 997).to_string()),
        pages: Some(format!("{}-{}", at * 10 + 1, at * 10 + 8)),
        ..Record::default()
    };
    let other_title = |at: usize| format!("{} number {at} of the towns {} and {}", &title[..20], at * 7, at * 13);
    let kinds: Vec<(&str, Make)> = vec![
        ("one title", Box::new(plain)),
        ("one title, two of each", Box::new(move |at| Record { source_key: format!("{at:06}"), ..plain(at / 2) })),
        (
            "one DOI, many titles",
            Box::new(move |at| Record {
                title: Some(other_title(at)),
                identifiers: Identifiers { doi: Some("10.1000/one".into()), ..Identifiers::default() },
                ..plain(at)
            }),
        ),
        ("no title", Box::new(move |at| Record { title: None, ..plain(at) })),
        (
            "nothing at all",
            Box::new(move |at| Record { source_key: format!("{at:06}"), source: "file".into(), ..Record::default() }),
        ),
    ];
    println!("100,000 records of        CPU s    works  possible");
    for (name, make) in kinds {
        let (clusters, took) = clustered((0..RECORDS).map(make));
        let works: BTreeSet<usize> = clusters.work_of.iter().copied().collect();
        println!("{name:<25} {took:>5.1} {:>8} {:>9}", works.len(), clusters.possible.len());
    }
}

fn compare() {
    let Some(python) = std::env::var_os("GLEANER_BIB_DEDUPE") else {
        println!("compare: GLEANER_BIB_DEDUPE names no Python that has bib-dedupe; left out");
        return;
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/dedupe/compare.py");
    println!("set                  gleaner CPU s  bib-dedupe CPU s   ratio");
    for set in ["neuroimaging", "digital_work"] {
        let (_, ours) = clustered(labelled(set).records.into_iter());
        let file = folder().join(set).join("records.csv");
        let output = std::process::Command::new(&python).arg(&script).arg(&file).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        let theirs = text.lines().last().and_then(|line| line.trim().parse::<f64>().ok());
        match theirs {
            Some(theirs) => println!("{set:<20} {ours:>13.3} {theirs:>17.1} {:>7.0}", theirs / ours),
            None => println!("{set}: bib-dedupe failed: {}", String::from_utf8_lossy(&output.stderr)),
        }
    }
}

fn main() {
    let parts: Vec<String> = std::env::args().skip(1).filter(|part| !part.starts_with("--")).collect();
    let asked = |part: &str, by_default: bool| parts.iter().any(|own| own == part) || (parts.is_empty() && by_default);
    if asked("adversarial", true) {
        adversarial();
    }
    if !folder().exists() {
        println!("no labelled sets at {}: the rest is left out", folder().display());
        return;
    }
    if asked("sets", true) {
        labelled_sets();
    }
    if asked("compare", false) {
        compare();
    }
    let sets: Vec<Labelled> = SETS.iter().map(|set| labelled(set)).collect();
    if asked("curve", true) {
        curve(&sets);
    }
    let mut all = Labelled { records: Vec::new(), labels: Vec::new() };
    for data in sets {
        all.records.extend(data.records);
        all.labels.extend(data.labels);
    }
    if asked("scale", true) {
        scale(&all);
    }
    if asked("more", false) {
        more::more(&all, wanted());
    }
}
