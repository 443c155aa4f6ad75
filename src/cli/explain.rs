//! `explain WORK`.

use super::{Context, work};
use crate::error::{Exit, Outcome};
use crate::model::{Decider, Decision};
use crate::pipeline::{Story, story};

/// A work's whole story: hits, merges, decisions with evidence, documents.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  gleaner explain scopus:2-s2.0-85100000001\n  gleaner explain 10.1000/xyz --json")]
pub struct Args {
    /// The work's id, the key of any of its records, or a DOI
    #[arg(value_name = "WORK")]
    work: String,
}

/// Prints the story.
pub fn run(context: &Context, args: Args) -> Outcome<Exit> {
    let (settings, store) = work::reading(context)?;
    let story = story(&settings, &store, &args.work)?;
    if context.json {
        work::print_json(&story)?;
    } else {
        work::print_text(&told(&story))?;
    }
    Ok(Exit::Done)
}

fn told(story: &Story) -> String {
    let record = &story.work.record;
    let mut text = format!("{}\n{}\n", story.work.id, record.title.as_deref().unwrap_or("(no title)"));
    let authors: Vec<String> = record.authors.iter().take(6).map(|author| author.display()).collect();
    let year = record.year().map(|year| year.to_string()).unwrap_or_else(|| "no year".into());
    text.push_str(&format!("{} · {} · {}\n", authors.join("; "), year, record.venue.as_deref().unwrap_or("no venue")));
    text.push_str("\nRecords\n");
    for source in &story.sources {
        let filled = source.abstract_from.as_ref().map(|from| format!(" (abstract from {from})")).unwrap_or_default();
        text.push_str(&format!("  {}: {}{filled}\n", source.key, source.title.as_deref().unwrap_or("(no title)")));
    }
    for link in &story.merges {
        text.push_str(&format!("  {} = {}: {} ({:.2}): {}\n", link.a, link.b, link.rule, link.score, link.why));
    }
    for link in &story.possible {
        text.push_str(&format!("  {} may be {}: {} ({:.2}): {}\n", link.a, link.b, link.rule, link.score, link.why));
    }
    for stream in &story.work.streams {
        let reason = stream.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
        text.push_str(&format!(
            "\nStream {}, arm {}: {} ({}){reason}\n",
            stream.stream,
            stream.arm,
            stream.status,
            stream.stage.name()
        ));
        for (search, source) in &stream.hits {
            text.push_str(&format!("  found by {search} in {source}\n"));
        }
        for decision in story.history.iter().filter(|decision| decision.stream == stream.stream) {
            text.push_str(&decided(decision));
        }
    }
    for seed in &story.seeds {
        text.push_str(&format!(
            "  {} citation of {} ({}/{}, round {})\n",
            seed.direction, seed.seed, seed.stream, seed.search, seed.round
        ));
    }
    if !story.attempts.is_empty() {
        text.push_str("\nDocument\n");
    }
    for attempt in &story.attempts {
        let detail = if attempt.detail.is_empty() { String::new() } else { format!(": {}", attempt.detail) };
        text.push_str(&format!("  {} {} {}{detail}\n", attempt.outcome, attempt.origin, attempt.url));
    }
    text
}

fn decided(decision: &Decision) -> String {
    let who = match &decision.by {
        Decider::Rule(version) => format!("rule {version}"),
        Decider::Reviewer(name) => name.clone(),
    };
    let mut text = format!("  {} {}: {} by {who}", decision.at, decision.stage.name(), decision.verdict.name());
    if let Some(withdrawn) = decision.withdraws {
        text.push_str(&format!(" (withdraws decision {withdrawn})"));
    }
    if let Some(reason) = &decision.reason {
        text.push_str(&format!(", {reason}"));
    }
    if let Some(criterion) = &decision.criterion {
        text.push_str(&format!(" [{criterion}]"));
    }
    text.push('\n');
    for evidence in decision.evidence.iter().take(8) {
        text.push_str(&format!(
            "      {} {}:{}-{}: {}\n",
            evidence.record, evidence.field, evidence.start, evidence.end, evidence.what
        ));
    }
    if decision.evidence.len() > 8 {
        text.push_str(&format!("      … {} more (--json has all)\n", decision.evidence.len() - 8));
    }
    text
}
