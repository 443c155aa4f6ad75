//! What a person says of duplicates, and taking it back.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::PoisonError;

use serde::Serialize;

use super::super::explain::named_record;
use super::super::run::Run;
use super::resettle;
use crate::config::Settings;
use crate::error::{Failure, Outcome};
use crate::model::{DuplicateRuling, RelationKind, RulingAction, rulings_in_force};
use crate::store::{DedupeRun, NewRuling, Store, StoredRecord, StoredRuling};

/// What is asked for. Names are record keys, works' ids or DOIs.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Anything but a withdrawal.
    pub action: RulingAction,
    /// Of a link accepted or refused: the first name is the preprint, the erratum … of the second.
    pub kind: Option<RelationKind>,
    pub names: &'a [String],
    pub by: &'a str,
    pub why: &'a str,
    /// Sent twice, it counts once.
    pub idempotency: Option<&'a str>,
}

/// What a ruling did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ruled {
    pub ruling: DuplicateRuling,
    /// The works that its records are now: their ids, each with its records' keys.
    pub works: BTreeMap<String, Vec<String>>,
    /// Records that changed their work.
    pub changed: usize,
}

/// Stores a ruling, and settles the works that it touches.
///
/// # Errors
/// Exit 2 where a name is not known, or the names are not what the action needs.
pub fn rule(store: &mut Store, settings: &Settings, asked: &Asked<'_>) -> Outcome<Ruled> {
    if let Some(known) = asked.idempotency.map(|key| store.ruling_by_key(key)).transpose()?.flatten() {
        return ruled(store, known, 0);
    }
    let mut named = Vec::new();
    for name in asked.names {
        named.push(named_record(store, name)?);
    }
    let sides = sides(store, asked, &named)?;
    let new = NewRuling {
        action: asked.action,
        kind: asked.kind,
        by: asked.by,
        why: asked.why,
        sides: &sides,
        withdraws: None,
        idempotency: asked.idempotency,
    };
    let id = store.rule_on_duplicates(&new)?;
    let touched: Vec<i64> = sides.into_iter().flatten().collect();
    let changed = resettle(store, settings, &touched)?;
    ruled(store, stored(store, id)?, changed)
}

fn stored(store: &Store, id: i64) -> Outcome<StoredRuling> {
    let mut all = store.rulings()?.into_iter();
    all.find(|stored| stored.ruling.id == id)
        .ok_or_else(|| Failure::usage(format!("no ruling {id}")).remedy("`gleaner dedupe --rulings` lists them"))
}

fn ruled(store: &Store, stored: StoredRuling, changed: usize) -> Outcome<Ruled> {
    let mut works: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for record in stored.sides.iter().flatten() {
        let work = store.work_of(*record)?;
        if seen.insert(work) {
            let keys: Vec<String> = store.members(work)?.into_iter().map(|member| member.key).collect();
            works.insert(keys.first().cloned().unwrap_or_default(), keys);
        }
    }
    Ok(Ruled { ruling: stored.ruling, works, changed })
}

/// The records that a ruling is made on, by side.
fn sides(store: &Store, asked: &Asked<'_>, named: &[StoredRecord]) -> Outcome<Vec<Vec<i64>>> {
    let mut works: Vec<i64> = Vec::new();
    for record in named {
        if !works.contains(&record.work) {
            works.push(record.work);
        }
    }
    let wrong = |message: &str, remedy: &str| Err(Failure::usage(message).remedy(remedy));
    let members =
        |work: i64| -> Outcome<Vec<i64>> { Ok(store.members(work)?.iter().map(|member| member.id).collect()) };
    match asked.action {
        RulingAction::Merge if works.len() < 2 => wrong(
            "these are one work already",
            "`gleaner dedupe --keep ID` makes it stay one, whatever the rules will say",
        ),
        RulingAction::Merge | RulingAction::Keep => {
            let mut together = Vec::new();
            for work in works {
                together.extend(members(work)?);
            }
            match (asked.action, together.len()) {
                (RulingAction::Keep, 1) => wrong(
                    "this work has one record: there is nothing to keep together",
                    "name a work of several records",
                ),
                _ => Ok(vec![together]),
            }
        }
        RulingAction::Split => split(named, &works, members),
        RulingAction::Accept | RulingAction::Refuse => match (named, works.len()) {
            ([a, b], 2) => Ok(vec![vec![a.id], vec![b.id]]),
            ([_, _], _) => {
                wrong("these are one work: there is no link between them", "`gleaner dedupe --split` parts them")
            }
            _ => wrong("a link stands between two works", "name two"),
        },
        RulingAction::Withdraw => wrong("a ruling is withdrawn by its number", "`gleaner dedupe --undo ID`"),
    }
}

/// One record alone: apart from the rest of its work. Several records of one work: apart from each other. Works:
/// apart as they are.
fn split(named: &[StoredRecord], works: &[i64], members: impl Fn(i64) -> Outcome<Vec<i64>>) -> Outcome<Vec<Vec<i64>>> {
    if let [only] = named {
        let rest: Vec<i64> = members(only.work)?.into_iter().filter(|id| *id != only.id).collect();
        if rest.is_empty() {
            return Err(Failure::usage(format!("{} is a work by itself", only.key))
                .remedy("name another record that it is not the same as"));
        }
        return Ok(vec![vec![only.id], rest]);
    }
    let mut sides = Vec::new();
    for work in works {
        let mut of_work: Vec<i64> =
            named.iter().filter(|record| record.work == *work).map(|record| record.id).collect();
        of_work.dedup();
        match of_work.as_slice() {
            [_] => sides.push(members(*work)?),
            several => sides.extend(several.iter().map(|id| vec![*id])),
        }
    }
    if sides.len() < 2 {
        return Err(Failure::usage("one record is named twice").remedy("name two records that are not the same"));
    }
    Ok(sides)
}

impl Run {
    /// Stores what a person says on the command line, under the run's lock; see [`rule`].
    pub fn rule_on_duplicates(&self, asked: &Asked<'_>) -> Outcome<Ruled> {
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        rule(&mut store, &self.settings, asked)
    }

    /// Takes it back; see [`undo`].
    pub fn undo_on_duplicates(&self, what: What, by: &str, why: &str) -> Outcome<Undone> {
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        undo(&mut store, &self.settings, what, by, why, None)
    }
}

/// What was undone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Undone {
    Ruling(Ruled),
    /// The last deduplication: how many records have their earlier work again.
    Run {
        changed: usize,
        ended_at: String,
    },
}

/// Which undoing is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The latest ruling in force or the last deduplication, whichever came later.
    Last,
    Ruling(i64),
    /// The last deduplication.
    Run,
}

/// Withdraws a ruling, or puts back what the last deduplication changed.
///
/// # Errors
/// Exit 2 where there is nothing to undo, or rulings were made after the deduplication.
pub fn undo(
    store: &mut Store,
    settings: &Settings,
    what: What,
    by: &str,
    why: &str,
    idempotency: Option<&str>,
) -> Outcome<Undone> {
    if let Some(known) = idempotency.map(|key| store.ruling_by_key(key)).transpose()?.flatten() {
        return Ok(Undone::Ruling(ruled(store, known, 0)?));
    }
    let all: Vec<DuplicateRuling> = store.rulings()?.into_iter().map(|stored| stored.ruling).collect();
    let in_force = rulings_in_force(&all);
    let run = store.last_dedupe()?;
    let later = |run: &DedupeRun| all.last().is_some_and(|ruling| ruling.id > run.rulings);
    let id = match (what, &run) {
        (What::Ruling(id), _) => id,
        (What::Run, None) => {
            return Err(Failure::usage("there is no deduplication to undo")
                .remedy("only the last that changed something can be undone, and once"));
        }
        (What::Run, Some(last)) => return undo_run(store, last, &all),
        (What::Last, Some(last)) if in_force.is_empty() || !later(last) => return undo_run(store, last, &all),
        (What::Last, _) => match in_force.last() {
            Some(ruling) => ruling.id,
            None => {
                return Err(Failure::usage("there is nothing to undo")
                    .remedy("`gleaner dedupe --rulings` lists what people said"));
            }
        },
    };
    let target = stored(store, id)?;
    let withdrawn = target.ruling.action != RulingAction::Withdraw && !in_force.iter().any(|ruling| ruling.id == id);
    if withdrawn {
        return Err(Failure::usage(format!("ruling {id} is withdrawn already"))
            .remedy("`gleaner dedupe --rulings` lists those in force"));
    }
    let new = NewRuling {
        action: RulingAction::Withdraw,
        kind: target.ruling.kind,
        by,
        why,
        sides: &target.sides,
        withdraws: Some(id),
        idempotency,
    };
    let withdrawal = store.rule_on_duplicates(&new)?;
    let touched: Vec<i64> = target.sides.into_iter().flatten().collect();
    let changed = resettle(store, settings, &touched)?;
    Ok(Undone::Ruling(ruled(store, stored(store, withdrawal)?, changed)?))
}

fn undo_run(store: &mut Store, run: &DedupeRun, all: &[DuplicateRuling]) -> Outcome<Undone> {
    // What was in force then has to be in force now, and nothing else.
    let then: Vec<DuplicateRuling> = all.iter().filter(|ruling| ruling.id <= run.rulings).cloned().collect();
    let ids = |rulings: &[DuplicateRuling]| -> BTreeSet<i64> {
        rulings_in_force(rulings).into_iter().map(|ruling| ruling.id).collect()
    };
    let since: Vec<String> = ids(all).symmetric_difference(&ids(&then)).map(ToString::to_string).collect();
    if !since.is_empty() {
        return Err(Failure::usage(format!(
            "rulings were made or withdrawn since the last deduplication: {}",
            since.join(", ")
        ))
        .remedy(
            "undo that first: `gleaner dedupe --undo ID`, the latest first; `gleaner dedupe --rulings` lists them",
        ));
    }
    let changed = store.undo_dedupe(run.id)?;
    Ok(Undone::Run { changed, ended_at: run.ended_at.clone() })
}
