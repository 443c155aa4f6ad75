//! `cite`.

use serde_json::json;

use super::{Context, work};
use crate::error::{Exit, Outcome};

/// One round of citation searching by hand, from what is included now.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  gleaner cite academic")]
pub struct Args {
    /// Streams by id; all if none is named
    #[arg(value_name = "STREAM")]
    streams: Vec<String>,
    /// Which round: 1 starts from what the other searches brought, 2 from what round 1 included …
    #[arg(long, default_value_t = 1, value_name = "N")]
    round: u32,
}

/// Exit 3 where a source failed or lacks its key.
pub fn run(context: &Context, args: Args) -> Outcome<Exit> {
    let run = work::run(context)?;
    let choice = work::choice(&run.settings, &args.streams, None)?;
    let before = run.read(|store| Ok(store.totals()?))?;
    let refresh = run.read(|store| Ok(store.current_refresh()?))?;
    let (whole, seeds) = work::runtime()?.block_on(run.cite_round(refresh, args.round, &choice))?;
    let after = run.read(|store| Ok(store.totals()?))?;
    let (records, hits) = (after.records - before.records, after.hits - before.hits);
    if context.json {
        work::print_json(&json!({ "new_records": records, "new_hits": hits, "whole": whole, "had_seeds": seeds }))?;
    } else if seeds {
        work::print_text(&format!(
            "{records} new records, {hits} new hits; next: gleaner dedupe, gleaner screen abstract\n"
        ))?;
    } else {
        work::print_text("no included work to start from\n")?;
    }
    Ok(if whole { Exit::Done } else { Exit::Partly })
}
