//! `retrieve`.

use super::{Context, work};
use crate::error::{Exit, Outcome};

/// Find and store the full texts of what is sought; each attempt is logged with its outcome.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  gleaner retrieve academic")]
pub struct Args {
    /// Streams by id; all if none is named
    #[arg(value_name = "STREAM")]
    streams: Vec<String>,
}

/// Looks for documents.
pub fn run(context: &Context, args: Args) -> Outcome<Exit> {
    let run = work::run(context)?;
    let choice = work::choice(&run.settings, &args.streams, None)?;
    let refresh = run.read(|store| Ok(store.current_refresh()?))?;
    let done = work::runtime()?.block_on(run.retrieve(refresh, &choice))?;
    if context.json {
        work::print_json(&done)?;
    } else {
        work::print_text(&format!(
            "{} full texts found of {} sought, {} closed by rule\n",
            done.found, done.sought, done.closed
        ))?;
    }
    Ok(Exit::Done)
}
