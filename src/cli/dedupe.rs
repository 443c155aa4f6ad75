//! `dedupe`: the review's clusters, or files alone.

use std::path::PathBuf;

use super::dedupe_files::run_on_files;
use super::{Context, work};
use crate::error::{Exit, Outcome};

/// Bring the review's clusters up to date, or cluster the records of files alone
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  gleaner dedupe\n  gleaner dedupe --input a.ris b.csv --output clusters.csv")]
pub struct Args {
    /// Work on these export files alone, without the review's store
    #[arg(long, value_name = "FILE", num_args = 1.., requires = "output")]
    input: Vec<PathBuf>,
    /// Where to write `id,cluster_id`, one row a record in input order
    #[arg(long, value_name = "OUT.csv", requires = "input")]
    output: Option<PathBuf>,
}

/// Deduplicates the review, or files.
pub fn run(context: &Context, args: Args) -> Outcome<Exit> {
    if let Some(output) = args.output {
        return run_on_files(context, &args.input, &output);
    }
    let run = work::run(context)?;
    let done = run.dedupe()?;
    if context.json {
        work::print_json(&done)?;
    } else {
        work::print_text(&format!(
            "{} records are {} works; {} possible duplicates wait for a person\n",
            done.records, done.works, done.possible
        ))?;
    }
    Ok(Exit::Done)
}
