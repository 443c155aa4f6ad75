//! `search [STREAM…] [--source S] [--dry-run]`.

use serde_json::json;

use super::{Context, work};
use crate::error::{Exit, Outcome};
use crate::pipeline::{Choice, Run};

/// Run the declared database and website searches, and nothing else.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  gleaner search --dry-run\n  gleaner search academic --source openalex")]
pub struct Args {
    /// Streams by id; all if none is named
    #[arg(value_name = "STREAM")]
    streams: Vec<String>,
    /// Only this source
    #[arg(long, value_name = "SOURCE")]
    source: Option<String>,
    /// Print what would be asked, at which rate; make no request
    #[arg(long)]
    dry_run: bool,
}

/// Exit 3 where a source failed or lacks its key.
pub fn run(context: &Context, args: Args) -> Outcome<Exit> {
    if args.dry_run {
        let run = work::look(context)?;
        let choice = work::choice(&run.settings, &args.streams, args.source.as_deref())?;
        return dry_run(context, &run, &choice);
    }
    let run = work::run(context)?;
    let choice = work::choice(&run.settings, &args.streams, args.source.as_deref())?;
    let before = run.read(|store| Ok(store.totals()?))?;
    let refresh = run.read(|store| Ok(store.current_refresh()?))?;
    let whole = work::runtime()?.block_on(run.harvest(refresh, &choice))?;
    let after = run.read(|store| Ok(store.totals()?))?;
    let (records, hits) = (after.records - before.records, after.hits - before.hits);
    if context.json {
        work::print_json(&json!({ "new_records": records, "new_hits": hits, "whole": whole }))?;
    } else {
        work::print_text(&format!(
            "{records} new records, {hits} new hits; next: gleaner dedupe, gleaner screen abstract\n"
        ))?;
    }
    Ok(if whole { Exit::Done } else { Exit::Partly })
}

fn dry_run(context: &Context, run: &Run, choice: &Choice) -> Outcome<Exit> {
    let plans = run.plans(choice)?;
    let known = run.read(|store| Ok(store.runs()?))?;
    let mut documents = Vec::new();
    let mut text = String::new();
    for planned in &plans {
        let last = known
            .iter()
            .rev()
            .find(|run| run.stream == planned.stream && run.search == planned.search && run.source == planned.source)
            .and_then(|run| run.reported);
        // Without an earlier run nobody knows how many hits there are; the first page tells.
        let pages = last.map(|hits| hits.unsigned_abs().div_ceil(u64::from(planned.page_size.max(1))));
        let (queries, exact, problem) = match &planned.plan {
            Ok(plan) => (plan.queries.clone(), Some(plan.query_exact && plan.window_exact), None),
            Err(reason) => (Vec::new(), None, Some(reason.clone())),
        };
        let requests = pages.map(|pages| pages.max(queries.len() as u64));
        let seconds = requests.map(|requests| requests as f64 / planned.requests_per_second.max(0.001));
        text.push_str(&format!("{}/{}/{}\n", planned.stream, planned.search, planned.source));
        match &problem {
            Some(reason) => text.push_str(&format!("  not searched: {reason}\n")),
            None => {
                for query in &queries {
                    text.push_str(&format!("  {query}\n"));
                }
                let cost = match (requests, seconds) {
                    (Some(requests), Some(seconds)) => {
                        format!("{requests} requests by the last run's hits, {seconds:.0} s")
                    }
                    _ => format!("at least {} requests; the first page tells how many", queries.len()),
                };
                text.push_str(&format!("  {cost} at {} a second\n", planned.requests_per_second));
            }
        }
        documents.push(json!({
            "stream": planned.stream, "search": planned.search, "source": planned.source, "queries": queries, "exact": exact,
            "not_searched": problem, "requests": requests, "seconds": seconds,
            "requests_per_second": planned.requests_per_second,
        }));
    }
    if context.json {
        work::print_json(&documents)?
    } else {
        work::print_text(&text)?
    }
    Ok(Exit::Done)
}
