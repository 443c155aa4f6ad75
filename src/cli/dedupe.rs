//! `dedupe`: the review's clusters, or files alone.

use super::{Context, work};
use crate::error::{Exit, Outcome};

/// Bring the review's clusters up to date
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  gleaner dedupe")]
pub struct Args {}

/// Deduplicates the review.
pub fn run(context: &Context, _args: Args) -> Outcome<Exit> {
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
