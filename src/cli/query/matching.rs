//! `query match`: a query against the records of export files, on this machine alone.

use std::io::Write;
use std::path::PathBuf;

use serde::Serialize;

use super::Source;
use super::records::{ids, read_all};
use crate::cli::Context;
use crate::error::{Exit, Failure, Outcome};
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
