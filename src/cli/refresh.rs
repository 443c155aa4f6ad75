//! `refresh [STREAM…]`.

use super::{Context, reports, work};
use crate::error::{Exit, Outcome};
use crate::pipeline::Refreshed;

/// The whole way: search, deduplicate, screen, retrieve, screen the full texts, follow citations.
/// What a timer calls. Killed at any moment, the next run goes on where it stopped.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  gleaner refresh\n  gleaner refresh academic --quiet\n  gleaner --config review/config.toml refresh --json"
)]
pub struct Args {
    /// Streams by id; all if none is named
    #[arg(value_name = "STREAM")]
    streams: Vec<String>,
}

/// Exit 3 where a source failed or lacks its key.
pub fn run(context: &Context, args: Args) -> Outcome<Exit> {
    let run = work::run(context)?;
    let choice = work::choice(&run.settings, &args.streams, None)?;
    let done = work::runtime()?.block_on(run.refresh(&choice))?;
    run.read(|store| reports::write_all(&run.settings, store))?;
    tell(context, &done)?;
    Ok(done.exit())
}

/// Says what a refresh did.
pub(super) fn tell(context: &Context, done: &Refreshed) -> Outcome<()> {
    if context.json {
        return work::print_json(done);
    }
    let mut text = format!(
        "refresh {}{}: {} new records, {} records are {} works\n",
        done.refresh,
        if done.resumed { " (taken up again)" } else { "" },
        done.new_records,
        done.deduplicated.records,
        done.deduplicated.works
    );
    text.push_str(&format!(
        "  abstracts filled: {} · full texts found: {} of {} sought\n",
        done.filled, done.retrieved.found, done.retrieved.sought
    ));
    if !done.whole {
        text.push_str("  partly done: a source failed or lacks its key; run it again once that is mended\n");
    }
    work::print_text(&text)
}
