//! `dedupe --input FILE… --output OUT.csv`: files to clusters, without a store.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::{Context, work};
use crate::dedupe::cluster;
use crate::error::{Exit, Failure, Outcome, read_file};
use crate::formats::{self, FileContents};
use crate::model::Record;

/// One row of the output, in input order.
struct Row {
    /// The input's own `id`.
    id: Option<String>,
    /// `None` for a record set aside: it keeps a row and a cluster of its own.
    record: Option<Record>,
}

/// Clusters the records of files and writes `id,cluster_id`, one row a record in input order. The
/// id is the input's own, or the position from 1 across the files where any is missing, empty or
/// repeated. The output is replaced whole or not at all.
pub fn run_on_files(context: &Context, inputs: &[PathBuf], output: &Path) -> Outcome<Exit> {
    let mut rows = Vec::new();
    for input in inputs {
        let contents = formats::read(&read_file(input)?, None)
            .map_err(|error| Failure::failed(error.to_string()).in_file(input))?;
        tell(context, input, &contents);
        rows.extend(in_input_order(contents));
    }
    let ids = ids(context, &rows);
    let work_of = works(&rows);
    write(output, &ids, &work_of)?;
    report(context, &rows, &work_of, output)?;
    Ok(Exit::Done)
}

fn tell(context: &Context, input: &Path, contents: &FileContents) {
    if context.quiet {
        return;
    }
    for warning in &contents.warnings {
        eprintln!("warning: {}: {warning}", input.display());
    }
    for aside in &contents.set_aside {
        let line = aside.line.map(|line| format!(":{line}")).unwrap_or_default();
        eprintln!("warning: {}{line}: set aside: {}", input.display(), aside.reason);
    }
}

/// Records and what was set aside, by the lines they begin at.
fn in_input_order(contents: FileContents) -> Vec<Row> {
    let mut aside_ids = contents.set_aside_ids;
    let asides = contents.set_aside.into_iter().map(|aside| {
        let line = aside.line.unwrap_or(usize::MAX);
        (line, aside_ids.remove(&line), None)
    });
    let entries = contents.entries.into_iter().map(|entry| (entry.line, entry.id, Some(entry.record)));
    let mut all: Vec<_> = entries.chain(asides).collect();
    all.sort_by_key(|(line, _, _)| *line);
    all.into_iter().map(|(_, id, record)| Row { id, record }).collect()
}

/// The inputs' own ids if every record has one and no two are equal, else positions from 1.
fn ids(context: &Context, rows: &[Row]) -> Vec<String> {
    let own: Vec<&str> = rows.iter().filter_map(|row| row.id.as_deref().map(str::trim)).collect();
    let positions = || (1..=rows.len()).map(|at| at.to_string()).collect();
    if own.is_empty() {
        return positions();
    }
    let missing = own.len() < rows.len() || own.iter().any(|id| id.is_empty());
    let repeated = own.iter().collect::<HashSet<_>>().len() < own.len();
    if missing || repeated {
        if !context.quiet {
            let what = if missing { "a record has no id" } else { "an id is repeated" };
            eprintln!("warning: {what}: positions from 1 are used as ids for all records");
        }
        return positions();
    }
    own.into_iter().map(str::to_owned).collect()
}

/// For each row the position from 0 of its work's first row.
fn works(rows: &[Row]) -> Vec<usize> {
    let (positions, records): (Vec<usize>, Vec<&Record>) =
        rows.iter().enumerate().filter_map(|(at, row)| Some((at, row.record.as_ref()?))).unzip();
    let clusters = cluster(&records);
    // A work is named by its first row, so that the file reads from top to bottom.
    let mut first: Vec<Option<usize>> = vec![None; records.len()];
    let mut work_of: Vec<usize> = (0..rows.len()).collect();
    for (at, work) in positions.iter().zip(&clusters.work_of) {
        work_of[*at] = *first[*work].get_or_insert(*at);
    }
    work_of
}

fn write(output: &Path, ids: &[String], work_of: &[usize]) -> Outcome {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let wrong = |error: String| Failure::failed(error).in_file(output);
    writer.write_record(["id", "cluster_id"]).map_err(|error| wrong(error.to_string()))?;
    for (id, work) in ids.iter().zip(work_of) {
        writer.write_record([id, &ids[*work]]).map_err(|error| wrong(error.to_string()))?;
    }
    let bytes = writer.into_inner().map_err(|error| wrong(error.to_string()))?;
    work::write_file(output, &bytes)
}

fn report(context: &Context, rows: &[Row], work_of: &[usize], output: &Path) -> Outcome {
    let works = work_of.iter().collect::<HashSet<_>>().len();
    let duplicates = rows.len() - works;
    let set_aside = rows.iter().filter(|row| row.record.is_none()).count();
    if context.json {
        return work::print_json(&serde_json::json!({
            "records": rows.len(), "works": works, "duplicates": duplicates, "set_aside": set_aside,
            "output": output.display().to_string(),
        }));
    }
    if context.quiet {
        return Ok(());
    }
    work::print_text(&format!("{} records are {works} works: {duplicates} duplicates\n", rows.len()))
}
