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
    if story.sources.len() > 1 {
        text.push_str("\nMerged view: the best of each field\n");
        for field in &story.fields {
            let others = if field.others > 0 { format!(" ({} give another)", field.others) } else { String::new() };
            text.push_str(&format!(
                "  {}: {}, from {}{others}\n",
                field.field,
                short(&field.value),
                field.records.join(", ")
            ));
        }
        text.push_str("\nWhy its records are one work\n");
    }
    for link in &story.merges {
        text.push_str(&format!("  {} = {}: {} ({:.2}): {}\n", link.a, link.b, link.rule, link.score, link.why));
    }
    for link in &story.parted {
        text.push_str(&format!(
            "  {} and {} are kept apart: {} ({:.2}): {}\n",
            link.a, link.b, link.rule, link.score, link.why
        ));
    }
    for link in &story.possible {
        text.push_str(&format!("  {} may be {}: {} ({:.2}): {}\n", link.a, link.b, link.rule, link.score, link.why));
    }
    text.push_str(&others(story));
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

/// What belongs together with the work, and what people said of its records.
fn others(story: &Story) -> String {
    let mut text = String::new();
    for link in &story.related {
        let words = link.kind.in_words();
        let (relation, other) = if link.a == story.work.id { (words.0, &link.b) } else { (words.1, &link.a) };
        let by = link.by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
        let why = link.why.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
        text.push_str(&format!("  {relation} {other} ({}{by}){why}\n", link.status.name()));
    }
    if !text.is_empty() {
        text.insert_str(0, "\nBelongs together with\n");
    }
    if !story.rulings.is_empty() {
        text.push_str("\nWhat people said of duplicates\n");
    }
    for ruling in &story.rulings {
        text.push_str(&format!("  {}", super::dedupe::ruling_line(ruling)));
    }
    text
}

/// The beginning of a long value.
fn short(value: &str) -> String {
    const SHOWN: usize = 90;
    match value.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{} …", &value[..at]),
        None => value.to_owned(),
    }
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
