//! `dedupe --input FILE… --output OUT.csv`: files to clusters, without a store.

mod written;

use std::collections::HashSet;
use std::io::IsTerminal;
use std::num::NonZeroUsize;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use indicatif::{ProgressBar, ProgressStyle};

use super::super::{Context, work};
use super::explain::told;
use crate::dedupe::relation::relations;
use crate::dedupe::{Clusters, Link, cluster, explain_pair, settle};
use crate::error::{Exit, Failure, Outcome, read_file};
use crate::formats::{self, FileContents};
use crate::model::{Record, RelationKind};

/// What is asked of files.
pub struct OnFiles<'a> {
    pub inputs: &'a [PathBuf],
    pub output: Option<&'a Path>,
    pub possible: Option<&'a Path>,
    pub unique: Option<&'a Path>,
    pub one_work: &'a [RelationKind],
    pub jobs: Option<NonZeroUsize>,
}

/// One row of the output, in input order.
struct Row {
    /// The input's own `id`.
    id: Option<String>,
    /// `None` for a record set aside: it keeps a row and a cluster of its own.
    record: Option<Record>,
}

/// The rows of all files, their ids, and what the rules make of them.
struct Done {
    rows: Vec<Row>,
    ids: Vec<String>,
    /// For each row the position from 0 of its work's first row.
    work_of: Vec<usize>,
    /// Links in positions of rows.
    merged: Vec<Link>,
    possible: Vec<Link>,
}

/// Clusters the records of files and writes `id,cluster_id`, one row a record in input order. The
/// id is the input's own, or the position from 1 across the files where any is missing, empty or
/// repeated. Each output is replaced whole or not at all.
pub fn run(context: &Context, asked: &OnFiles<'_>) -> Outcome<Exit> {
    let format = asked.unique.map(written::format_of).transpose()?;
    let shown = Shown::new(context);
    let done = deduplicate(context, asked, &shown)?;
    if let Some(output) = asked.output {
        written::clusters(output, &done)?;
    }
    if let Some(possible) = asked.possible {
        written::possible(possible, &done, asked.jobs, &shown)?;
    }
    if let (Some(unique), Some(format)) = (asked.unique, format) {
        written::unique(unique, format, &done)?;
    }
    shown.end();
    written::report(context, asked, &done)?;
    Ok(Exit::Done)
}

/// Explains two records of files by their ids.
pub fn explain(context: &Context, asked: &OnFiles<'_>, pair: &[String]) -> Outcome<Exit> {
    let shown = Shown::new(context);
    let rows = read_all(context, asked, &shown)?;
    let ids = ids(context, &rows);
    shown.end();
    let find = |wanted: &String| -> Outcome<&Record> {
        let at = ids.iter().position(|id| id == wanted);
        let row = at.and_then(|at| rows.get(at)).ok_or_else(|| {
            Failure::usage(format!("no record has the id '{wanted}'"))
                .remedy("ids are the files' own, or positions from 1 across the files")
        })?;
        row.record.as_ref().ok_or_else(|| Failure::usage(format!("the record '{wanted}' was set aside")))
    };
    let [a, b] = pair else { return Err(Failure::usage("--explain takes two ids")) };
    let (one, other) = (find(a)?, find(b)?);
    let report = explain_pair(one, other);
    if context.json {
        work::print_json(&serde_json::json!({ "a": a, "b": b, "pair": report }))?;
    } else {
        work::print_text(&told((a, one), (b, other), &report))?;
    }
    Ok(Exit::Done)
}

fn deduplicate(context: &Context, asked: &OnFiles<'_>, shown: &Shown) -> Outcome<Done> {
    let rows = read_all(context, asked, shown)?;
    let ids = ids(context, &rows);
    let (positions, records): (Vec<usize>, Vec<&Record>) =
        rows.iter().enumerate().filter_map(|(at, row)| Some((at, row.record.as_ref()?))).unzip();
    shown.begin(&format!("comparing {} records", records.len()), None);
    let clusters = cluster(&records);
    let settled = by_policy(&records, &clusters, asked.one_work);
    // A work is named by its first row, so that the file reads from top to bottom.
    let mut first: Vec<Option<usize>> = vec![None; records.len()];
    let mut work_of: Vec<usize> = (0..rows.len()).collect();
    for (at, work) in positions.iter().zip(&settled) {
        work_of[*at] = *first[*work].get_or_insert(*at);
    }
    let in_rows = |link: Link| Link { a: positions[link.a], b: positions[link.b], ..link };
    let one = |link: &Link| work_of[link.a] == work_of[link.b];
    let merged: Vec<Link> = clusters.merged.into_iter().map(in_rows).filter(one).collect();
    let possible = clusters.possible.into_iter().map(in_rows).filter(|link| !one(link)).collect();
    Ok(Done { rows, ids, work_of, merged, possible })
}

/// The rules' clusters as policy wants them.
fn by_policy(records: &[&Record], clusters: &Clusters, one_work: &[RelationKind]) -> Vec<usize> {
    let settled = settle(records, clusters, one_work, &[], &[]).work_of;
    if one_work.is_empty() {
        return settled;
    }
    let links = relations(records, &settled).into_iter().filter(|link| one_work.contains(&link.kind));
    let linked: Vec<(usize, usize)> = links.map(|link| (link.a, link.b)).collect();
    settle(records, clusters, one_work, &linked, &[]).work_of
}

/// Reads the files, several at a time, and tells in their order what was wrong.
fn read_all(context: &Context, asked: &OnFiles<'_>, shown: &Shown) -> Outcome<Vec<Row>> {
    shown.begin("reading", Some(asked.inputs.len()));
    let read = in_parallel(asked.inputs, threads(asked.jobs), |input| {
        let contents =
            formats::read(&read_file(input)?, None).map_err(|error| Failure::failed(error.to_string()).in_file(input));
        shown.step();
        contents
    });
    let mut rows = Vec::new();
    for (input, contents) in asked.inputs.iter().zip(read) {
        let contents = contents?;
        tell(context, input, &contents);
        rows.extend(in_input_order(contents));
    }
    Ok(rows)
}

fn threads(jobs: Option<NonZeroUsize>) -> usize {
    jobs.or_else(|| std::thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get)
}

/// Does the same with each of a list on several threads; the results stand in the list's order.
fn in_parallel<T: Sync, R: Send>(list: &[T], threads: usize, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let one_thread = || {
        let mut own = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = list.get(at) else { return own };
            own.push((at, work(item)));
        }
    };
    let mut done: Vec<(usize, R)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads.clamp(1, list.len().max(1))).map(|_| scope.spawn(one_thread)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
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

/// Progress on stderr, where that is a terminal.
struct Shown {
    bar: Option<ProgressBar>,
}

impl Shown {
    fn new(context: &Context) -> Self {
        Self { bar: (std::io::stderr().is_terminal() && !context.quiet).then(ProgressBar::new_spinner) }
    }

    /// A new stage, of so many steps where that is known.
    fn begin(&self, what: &str, steps: Option<usize>) {
        let Some(bar) = &self.bar else { return };
        let template =
            if steps.is_some() { "{msg:32} {bar:24} {pos}/{len} {eta}" } else { "{msg:32} {spinner} {elapsed}" };
        bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_message(what.to_owned());
        bar.set_length(steps.unwrap_or_default() as u64);
        bar.set_position(0);
        bar.enable_steady_tick(std::time::Duration::from_millis(200));
    }

    fn step(&self) {
        if let Some(bar) = &self.bar {
            bar.inc(1);
        }
    }

    fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
