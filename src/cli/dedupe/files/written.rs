//! What `dedupe --input` writes: clusters, pairs for a person, each work once, and a summary.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::path::Path;

use serde::Serialize;

use super::super::super::{Context, work};
use super::{Done, OnFiles, Shown, in_parallel, threads};
use crate::dedupe::{Link, PairReport, Verdict, explain_pair, merged};
use crate::error::{Failure, Outcome};
use crate::formats::{self, Format, Item, runs_in_spreadsheets};
use crate::model::Record;

fn table(file: &Path, rows: impl Iterator<Item = Vec<String>>) -> Outcome {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let wrong = |error: String| Failure::failed(error).in_file(file);
    for row in rows {
        writer.write_record(row).map_err(|error| wrong(error.to_string()))?;
    }
    let bytes = writer.into_inner().map_err(|error| wrong(error.to_string()))?;
    work::write_file(file, &bytes)
}

/// `id,cluster_id`, one row a record.
pub(super) fn clusters(output: &Path, done: &Done) -> Outcome {
    let header = vec!["id".to_owned(), "cluster_id".to_owned()];
    let rows = done.ids.iter().zip(&done.work_of).map(|(id, work)| vec![id.clone(), done.ids[*work].clone()]);
    table(output, std::iter::once(header).chain(rows))
}

/// The fields of a pair that the list of possible pairs has a column for.
const COMPARED: [&str; 9] = ["title", "authors", "date", "venue", "volume", "issue", "pages", "doi", "abstract"];

/// The pairs for a person: ids, clusters, rule, score, and for each field how it compares (with its likeness from 0 to 1 where that is
/// measured). Cells that a spreadsheet would run are made harmless.
pub(super) fn possible(file: &Path, done: &Done, jobs: Option<NonZeroUsize>, shown: &Shown) -> Outcome {
    shown.begin("explaining pairs", Some(done.possible.len()));
    let mut links: Vec<&Link> = done.possible.iter().collect();
    links.sort_by(|x, y| y.score.total_cmp(&x.score).then((x.a, x.b).cmp(&(y.a, y.b))));
    let rows = in_parallel(&links, threads(jobs), |link| {
        let (a, b) = (done.rows[link.a].record.as_ref(), done.rows[link.b].record.as_ref());
        let report = a.zip(b).map(|(a, b)| explain_pair(a, b));
        shown.step();
        let id = |at: usize| done.ids[at].clone();
        let title = |record: Option<&Record>| record.and_then(|record| record.title.clone()).unwrap_or_default();
        let mut row = vec![id(link.a), id(link.b), id(done.work_of[link.a]), id(done.work_of[link.b])];
        row.extend([link.rule.clone(), format!("{:.3}", link.score), link.why.clone()]);
        row.extend(COMPARED.map(|name| compared(report.as_ref(), name)));
        row.extend([title(a), title(b)]);
        row.into_iter().map(harmless).collect()
    });
    let names = ["id_a", "id_b", "cluster_a", "cluster_b", "rule", "score", "why"];
    let header = names.into_iter().chain(COMPARED).chain(["title_a", "title_b"]).map(str::to_owned).collect();
    table(file, std::iter::once(header).chain(rows))
}

fn compared(report: Option<&PairReport>, name: &str) -> String {
    let field = report.and_then(|report| report.fields.iter().find(|field| field.name == name));
    match field {
        Some(field) if field.verdict != Verdict::Unknown => match field.score {
            Some(score) => format!("{} {score:.2}", field.verdict.name()),
            None => field.verdict.name().to_owned(),
        },
        _ => String::new(),
    }
}

fn harmless(cell: String) -> String {
    if runs_in_spreadsheets(&cell) { format!("'{cell}") } else { cell }
}

/// The format that a file's ending says.
pub(super) fn format_of(file: &Path) -> Outcome<Format> {
    Ok(match file.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase).as_deref() {
        Some("ris") => Format::Ris,
        Some("csv") => Format::Csv,
        Some("bib") => Format::BibTeX,
        Some("nbib") => Format::Nbib,
        Some("xml") => Format::EndNoteXml,
        Some("json") => Format::CslJson,
        Some("jsonl") => Format::Jsonl,
        _ => {
            return Err(Failure::usage("the ending of the file says no format that is written")
                .in_file(file)
                .remedy("end it in .ris, .csv, .bib, .nbib, .xml (EndNote), .json (CSL) or .jsonl"));
        }
    })
}

/// Each work once, in the order of the clusters: the best fields of its records, with their ids.
pub(super) fn unique(file: &Path, format: Format, done: &Done) -> Outcome {
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, work) in done.work_of.iter().enumerate().filter(|(at, _)| done.rows[*at].record.is_some()) {
        members.entry(*work).or_default().push(at);
    }
    let works: Vec<(&str, Record, String)> = members
        .iter()
        .map(|(work, members)| {
            let records: Vec<&Record> = members.iter().filter_map(|at| done.rows[*at].record.as_ref()).collect();
            let ids: Vec<&str> = members.iter().map(|at| done.ids[*at].as_str()).collect();
            (done.ids[*work].as_str(), merged(&records), ids.join("; "))
        })
        .collect();
    let items: Vec<Item<'_>> = works
        .iter()
        .map(|(id, record, ids)| Item { id, record, extra: vec![("records".to_owned(), ids.clone())] })
        .collect();
    let mut bytes = Vec::new();
    formats::write(format, &items, &mut bytes)?;
    work::write_file(file, &bytes)
}

/// What was done, in numbers.
#[derive(Serialize)]
struct Summary {
    records: usize,
    works: usize,
    /// Records beyond the first of each work.
    duplicates: usize,
    set_aside: usize,
    /// Works of several records, and the records of the largest.
    works_of_several: usize,
    largest: usize,
    /// Pairs for a person.
    possible: usize,
    /// How often each rule made a link.
    rules: BTreeMap<String, usize>,
    output: Option<String>,
    possible_file: Option<String>,
    unique_file: Option<String>,
}

/// Tells what was done.
pub(super) fn report(context: &Context, asked: &OnFiles<'_>, done: &Done) -> Outcome {
    let mut sizes: BTreeMap<usize, usize> = BTreeMap::new();
    for work in &done.work_of {
        *sizes.entry(*work).or_default() += 1;
    }
    let mut rules: BTreeMap<String, usize> = BTreeMap::new();
    for link in &done.merged {
        *rules.entry(link.rule.clone()).or_default() += 1;
    }
    let name = |file: Option<&Path>| file.map(|file| file.display().to_string());
    let pairs: BTreeSet<(usize, usize)> = done.possible.iter().map(|link| (link.a, link.b)).collect();
    let summary = Summary {
        records: done.rows.len(),
        works: sizes.len(),
        duplicates: done.rows.len() - sizes.len(),
        set_aside: done.rows.iter().filter(|row| row.record.is_none()).count(),
        works_of_several: sizes.values().filter(|size| **size > 1).count(),
        largest: sizes.values().copied().max().unwrap_or_default(),
        possible: pairs.len(),
        rules,
        output: name(asked.output),
        possible_file: name(asked.possible),
        unique_file: name(asked.unique),
    };
    if context.json {
        return work::print_json(&summary);
    }
    if context.quiet {
        return Ok(());
    }
    work::print_text(&in_words(&summary))
}

fn in_words(summary: &Summary) -> String {
    let mut text = format!(
        "{} records are {} works: {} duplicates\nworks of several records: {}; the largest has {}\n",
        summary.records, summary.works, summary.duplicates, summary.works_of_several, summary.largest
    );
    if summary.set_aside > 0 {
        text.push_str(&format!(
            "set aside, unreadable: {} (each keeps a row and a cluster of its own)\n",
            summary.set_aside
        ));
    }
    text.push_str(&format!("possible duplicates, for a person to judge: {} pairs", summary.possible));
    text.push_str(match (&summary.possible_file, summary.possible) {
        (None, 1..) => " (--possible FILE.csv lists them)\n",
        _ => "\n",
    });
    let width = summary.rules.keys().map(String::len).max().unwrap_or_default();
    if !summary.rules.is_empty() {
        text.push_str("Links by rule\n");
    }
    for (rule, number) in &summary.rules {
        text.push_str(&format!("  {rule:width$}  {number:>7}\n"));
    }
    for file in [&summary.output, &summary.possible_file, &summary.unique_file].into_iter().flatten() {
        text.push_str(&format!("written: {file}\n"));
    }
    text
}
