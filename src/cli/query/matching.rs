//! `query match`: a query against the records of export files, on this machine alone.

use std::collections::HashSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::Source;
use crate::cli::Context;
use crate::error::{Exit, Failure, Outcome, read_file};
use crate::formats::{self, Entry};
use crate::query::{Fields, Hit, Matcher, Platform};

/// Tell which records of export files match, evaluated here: JSON lines
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The query, unless --file gives it, and then the export files
    #[arg(value_name = "QUERY|FILE", required = true, allow_hyphen_values = true)]
    inputs: Vec<String>,
    /// A file with the query; `-` is stdin
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// The syntax that the query is in; found out where left out
    #[arg(long, value_name = "P", value_parser = super::readable)]
    from: Option<Platform>,
}

#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    /// `null` is unknown: a field that would decide it is missing.
    matched: Option<bool>,
    hits: Vec<Hit>,
}

/// Matches every record and prints a line for each.
pub fn run(context: &Context, args: Args) -> Outcome<Exit> {
    let mut inputs = args.inputs;
    let source = match &args.file {
        Some(file) => Source::of_file(file)?,
        None => Source { text: inputs.remove(0), origin: None },
    };
    if inputs.is_empty() {
        return Err(Failure::usage("no export file is named").remedy("name at least one file after the query"));
    }
    let matcher = Matcher::new(&source.sound(context, args.from)?);
    let entries = read_all(context, &inputs)?;
    let ids = ids(context, &entries);
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for (entry, id) in entries.iter().zip(&ids) {
        let (matched, hits) = match entry {
            Some(entry) => {
                let found = matcher.evaluate(&Fields::of(&[&entry.record]));
                (found.value.known(), found.hits)
            }
            None => (None, Vec::new()),
        };
        let line = serde_json::to_string(&Line { id, matched, hits });
        writeln!(out, "{}", line.map_err(|error| Failure::failed(error.to_string()))?)?;
    }
    out.flush()?;
    Ok(Exit::Done)
}

/// The entries of all files in their order; `None` stands for one that could not be read.
fn read_all(context: &Context, files: &[String]) -> Outcome<Vec<Option<Entry>>> {
    let mut all = Vec::new();
    for file in files {
        let path = Path::new(file);
        let contents =
            formats::read(&read_file(path)?, None).map_err(|error| Failure::failed(error.to_string()).in_file(path))?;
        let mut entries: Vec<(usize, Option<Entry>)> =
            contents.entries.into_iter().map(|entry| (entry.line, Some(entry))).collect();
        for aside in &contents.set_aside {
            warn(context, &format!("{file}:{}: set aside: {}", aside.line.unwrap_or(1), aside.reason));
            entries.push((aside.line.unwrap_or(usize::MAX), None));
        }
        for warning in &contents.warnings {
            warn(context, &format!("{file}: {warning}"));
        }
        entries.sort_by_key(|(line, _)| *line);
        all.extend(entries.into_iter().map(|(_, entry)| entry));
    }
    Ok(all)
}

/// The entries' own ids, or their positions counted from 1 across the files.
fn ids(context: &Context, entries: &[Option<Entry>]) -> Vec<String> {
    let own: Vec<&str> = entries.iter().flatten().filter_map(|entry| entry.id.as_deref()).map(str::trim).collect();
    let distinct: HashSet<&str> = own.iter().copied().filter(|id| !id.is_empty()).collect();
    if !own.is_empty() && distinct.len() == entries.len() {
        return own.into_iter().map(str::to_owned).collect();
    }
    if !own.is_empty() {
        warn(context, "some ids are empty or repeated: positions are used for all records");
    }
    (1..=entries.len()).map(|position| position.to_string()).collect()
}

fn warn(context: &Context, message: &str) {
    if !context.quiet {
        eprintln!("warning: {message}");
    }
}
