//! What people say of duplicates: stored, listed, taken back.

use serde_json::json;

use super::super::{Context, work};
use crate::error::{Exit, Outcome};
use crate::model::{DuplicateRuling, RelationKind, RulingAction, rulings_in_force};
use crate::pipeline::{Asked, LinkStatus, Related, Ruled, Undone, WaitingGroup, What, related, waiting};

/// What is said on the command line.
pub struct Said {
    pub action: RulingAction,
    pub kind: Option<RelationKind>,
    pub names: Vec<String>,
    pub by: String,
    pub why: String,
}

/// Stores what a person says, and tells what it did.
pub fn say(context: &Context, said: &Said) -> Outcome<Exit> {
    let run = work::run(context)?;
    let asked = Asked {
        action: said.action,
        kind: said.kind,
        names: &said.names,
        by: &said.by,
        why: &said.why,
        idempotency: None,
    };
    let ruled = run.rule_on_duplicates(&asked)?;
    if context.json {
        work::print_json(&ruled)?;
    } else {
        work::print_text(&told(&ruled))?;
    }
    Ok(Exit::Done)
}

fn told(ruled: &Ruled) -> String {
    let mut text = line(&ruled.ruling);
    for (work, records) in &ruled.works {
        let others: Vec<&str> = records.iter().filter(|key| *key != work).map(String::as_str).collect();
        let rest = if others.is_empty() { String::new() } else { format!(" with {}", others.join(", ")) };
        text.push_str(&format!("  work {work}{rest}\n"));
    }
    text.push_str(&format!(
        "{} changed their work; `gleaner dedupe --undo {}` takes it back\n",
        records(ruled.changed),
        ruled.ruling.id
    ));
    text
}

fn records(number: usize) -> String {
    format!("{number} {}", if number == 1 { "record" } else { "records" })
}

/// A ruling in one line.
pub fn line(ruling: &DuplicateRuling) -> String {
    let why = if ruling.why.is_empty() { String::new() } else { format!(": {}", ruling.why) };
    format!("ruling {} by {} on {}: {}{why}\n", ruling.id, ruling.by, ruling.at, ruling.in_words())
}

/// Takes back a ruling or the last deduplication.
pub fn undo(context: &Context, what: What, by: Option<&str>, why: Option<&str>) -> Outcome<Exit> {
    let run = work::run(context)?;
    let undone = run.undo_on_duplicates(what, by.unwrap_or("command line"), why.unwrap_or("undone"))?;
    if context.json {
        work::print_json(&undone)?;
        return Ok(Exit::Done);
    }
    let text = match &undone {
        Undone::Ruling(ruled) => told(ruled),
        Undone::Run { changed, ended_at } => format!(
            "undone: the deduplication of {ended_at}; {} as before it\n\
             The next `gleaner dedupe` or refresh applies the rules again: change [dedupe] in config.toml, or say what is not the \
             same with --split, to have it otherwise\n",
            if *changed == 1 { "1 record is".to_owned() } else { format!("{changed} records are") }
        ),
    };
    work::print_text(&text)?;
    Ok(Exit::Done)
}

/// Lists what people said.
pub fn list(context: &Context) -> Outcome<Exit> {
    let (_, store) = work::reading(context)?;
    let all: Vec<DuplicateRuling> = store.rulings()?.into_iter().map(|stored| stored.ruling).collect();
    let in_force: Vec<i64> = rulings_in_force(&all).into_iter().map(|ruling| ruling.id).collect();
    if context.json {
        let rows = all.iter().map(|ruling| json!({ "ruling": ruling, "in_force": in_force.contains(&ruling.id) }));
        work::print_json(&rows.collect::<Vec<_>>())?;
        return Ok(Exit::Done);
    }
    let mut text = String::new();
    for ruling in &all {
        let gone = ruling.action != RulingAction::Withdraw && !in_force.contains(&ruling.id);
        text.push_str(&format!("{}{}\n", line(ruling).trim_end(), if gone { " (withdrawn)" } else { "" }));
    }
    if all.is_empty() {
        text.push_str("nobody said anything of duplicates yet\n");
    }
    work::print_text(&text)?;
    Ok(Exit::Done)
}

/// Lists what waits for a person.
pub fn list_waiting(context: &Context) -> Outcome<Exit> {
    let (settings, store) = work::reading(context)?;
    let groups = waiting(&settings, &store)?;
    let links: Vec<Related> =
        related(&settings, &store)?.into_iter().filter(|link| link.status == LinkStatus::Proposed).collect();
    if context.json {
        work::print_json(&json!({ "possible": groups, "links": links }))?;
        return Ok(Exit::Done);
    }
    work::print_text(&told_waiting(&groups, &links))?;
    Ok(Exit::Done)
}

fn told_waiting(groups: &[WaitingGroup], links: &[Related]) -> String {
    let mut text = format!("{} groups of possible duplicates\n", groups.len());
    for group in groups {
        text.push_str(&format!("\n{}\n", group.works.join("  ")));
        for link in &group.links {
            text.push_str(&format!(
                "  {} may be {}: {} ({:.2}): {}\n",
                link.a, link.b, link.rule, link.score, link.why
            ));
        }
    }
    text.push_str(&format!("\n{} links between works\n", links.len()));
    for link in links {
        let why = link.why.as_deref().unwrap_or_default();
        text.push_str(&format!("  {} may be {} {}: {why}\n", link.a, link.kind.in_words().0, link.b));
    }
    if !groups.is_empty() || !links.is_empty() {
        text.push_str("\n`gleaner serve` shows them side by side; --merge, --split, --link and --unlink decide here\n");
    }
    text
}
