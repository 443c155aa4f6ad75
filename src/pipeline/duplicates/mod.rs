//! Duplicates as people and policy want them: what they said is stored, holds in every later deduplication, and
//! can be undone.
//!
//! Works are a function of three things that are stored: the rules' links between records, the links between
//! works, and the rulings in force. [`settle`] computes it for all records after a deduplication, and
//! [`resettle`] for those that a ruling touches, at once.

mod related;
mod rule;
mod waiting;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::PoisonError;

use super::run::Run;
use crate::config::Settings;
use crate::dedupe::relation::{self, Relation};
use crate::dedupe::{Clusters, Link, Ruling, Settled, settle};
use crate::error::Outcome;
use crate::model::{DuplicateRuling, Record, RelationKind, RulingAction, rulings_in_force};
use crate::store::{LinkIds, RelationRow, Store, StoreResult, StoredRecord, StoredRuling};

pub use related::{LinkStatus, Related, related, studies};
pub use rule::{Asked, Ruled, Undone, What, rule, undo};
pub use waiting::{WaitingGroup, waiting};

/// The rulings in force with their records' ids, oldest first.
pub(super) fn in_force(store: &Store) -> StoreResult<Vec<StoredRuling>> {
    let all = store.rulings()?;
    let rulings: Vec<DuplicateRuling> = all.iter().map(|stored| stored.ruling.clone()).collect();
    let ids: BTreeSet<i64> = rulings_in_force(&rulings).into_iter().map(|ruling| ruling.id).collect();
    Ok(all.into_iter().filter(|stored| ids.contains(&stored.ruling.id)).collect())
}

/// Rulings on duplicates in positions of some records; those on other records are left out.
fn in_positions(rulings: &[StoredRuling], place: &HashMap<i64, usize>) -> Vec<Ruling> {
    let known = |side: &[i64]| -> Vec<usize> { side.iter().filter_map(|id| place.get(id).copied()).collect() };
    rulings
        .iter()
        .filter_map(|stored| match stored.ruling.action {
            RulingAction::Merge | RulingAction::Keep => {
                Some(Ruling::Together(stored.sides.iter().flat_map(|side| known(side)).collect()))
            }
            RulingAction::Split => Some(Ruling::Apart(stored.sides.iter().map(|side| known(side)).collect())),
            RulingAction::Accept | RulingAction::Refuse | RulingAction::Withdraw => None,
        })
        .collect()
}

/// The links whose works the review counts as one, but those that a person refused: pairs of record ids.
fn counted_as_one(settings: &Settings, rulings: &[StoredRuling], relations: &[RelationRow]) -> Vec<(i64, i64)> {
    let one_work = &settings.dedupe.one_work;
    let mut last: BTreeMap<(i64, i64, RelationKind), bool> = BTreeMap::new();
    for row in relations.iter().filter(|row| one_work.contains(&row.kind)) {
        last.insert((row.a, row.b, row.kind), true);
    }
    for stored in rulings {
        let (Some(kind), Some(a), Some(b)) = (
            stored.ruling.kind.filter(|kind| one_work.contains(kind)),
            stored.sides.first().and_then(|side| side.first()),
            stored.sides.get(1).and_then(|side| side.first()),
        ) else {
            continue;
        };
        last.insert((*a, *b, kind), stored.ruling.action == RulingAction::Accept);
    }
    last.into_iter().filter(|(_, holds)| *holds).map(|((a, b, _), _)| (a, b)).collect()
}

impl Run {
    /// Settles the rules' clusters of all records, and finds the links between the works.
    pub(super) fn settle_duplicates(
        &self,
        stored: &[StoredRecord],
        clusters: &Clusters,
    ) -> Outcome<(Settled, Vec<RelationRow>)> {
        let rulings = self.with_store(|store| in_force(store))?;
        let records: Vec<&Record> = stored.iter().map(|stored| &stored.record).collect();
        let place: HashMap<i64, usize> = stored.iter().enumerate().map(|(at, stored)| (stored.id, at)).collect();
        let said = in_positions(&rulings, &place);
        let one_work = &self.settings.dedupe.one_work;
        let mut settled = settle(&records, clusters, one_work, &[], &said);
        let row = |link: Relation| RelationRow {
            a: stored[link.a].id,
            b: stored[link.b].id,
            kind: link.kind,
            rule: link.rule.to_owned(),
            why: link.why,
        };
        let relations: Vec<RelationRow> =
            relation::relations(&records, &settled.work_of).into_iter().map(row).collect();
        let pairs = counted_as_one(&self.settings, &rulings, &relations);
        if !pairs.is_empty() {
            let linked: Vec<(usize, usize)> =
                pairs.iter().filter_map(|(a, b)| Some((*place.get(a)?, *place.get(b)?))).collect();
            settled = settle(&records, clusters, one_work, &linked, &said);
        }
        for index in &settled.overruled {
            let on_duplicates = rulings.iter().filter(|stored| is_on_duplicates(stored.ruling.action));
            if let Some(stored) = on_duplicates.clone().nth(*index) {
                self.warn(&format!(
                    "ruling {} ({} by {}) does not hold, in whole or in part: a later one says otherwise",
                    stored.ruling.id,
                    stored.ruling.action.name(),
                    stored.ruling.by
                ));
            }
        }
        Ok((settled, relations))
    }

    /// Settles what people ruled while a deduplication went on.
    pub(super) fn settle_late(&self, run: i64) -> Outcome<usize> {
        let late: Vec<i64> = self.with_store(|store| {
            let begun = store.last_dedupe()?.filter(|last| last.id == run).map_or(0, |last| last.rulings);
            let rulings = store.rulings()?.into_iter().filter(|stored| stored.ruling.id > begun);
            Ok(rulings.flat_map(|stored| stored.sides).flatten().collect())
        })?;
        if late.is_empty() {
            return Ok(0);
        }
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        resettle(&mut store, &self.settings, &late)
    }

    /// What waits for people: groups of possible duplicates, and proposed links.
    pub(super) fn left_to_people(&self) -> Outcome<(usize, usize)> {
        self.read(|store| {
            let proposed = related(&self.settings, store)?;
            let proposed = proposed.iter().filter(|link| link.status == LinkStatus::Proposed).count();
            Ok((waiting(&self.settings, store)?.len(), proposed))
        })
    }
}

fn is_on_duplicates(action: RulingAction) -> bool {
    matches!(action, RulingAction::Merge | RulingAction::Keep | RulingAction::Split)
}

/// Settles the works that some records touch, from what is stored; gives how many records changed their work.
pub(super) fn resettle(store: &mut Store, settings: &Settings, touched: &[i64]) -> Outcome<usize> {
    let rulings = in_force(store)?;
    let relations = if settings.dedupe.one_work.is_empty() { Vec::new() } else { store.relations()? };
    let pairs = counted_as_one(settings, &rulings, &relations);
    let (stored, merges) = reached(store, touched, &rulings, &pairs)?;
    let place: HashMap<i64, usize> = stored.iter().enumerate().map(|(at, stored)| (stored.id, at)).collect();
    let records: Vec<&Record> = stored.iter().map(|stored| &stored.record).collect();
    let clusters = clusters_of(&stored, &merges, &place);
    let linked: Vec<(usize, usize)> =
        pairs.iter().filter_map(|(a, b)| Some((*place.get(a)?, *place.get(b)?))).collect();
    let settled = settle(&records, &clusters, &settings.dedupe.one_work, &linked, &in_positions(&rulings, &place));
    let works: Vec<(i64, i64)> =
        settled.work_of.iter().enumerate().map(|(at, work)| (stored[at].id, stored[*work].id)).collect();
    Ok(store.set_works(&works)?)
}

/// All records that are one work with those given, or were, or may become: by their works, the rules' links, what
/// people said, and the links that count as one work. By key; with the rules' links among them.
fn reached(
    store: &Store,
    touched: &[i64],
    rulings: &[StoredRuling],
    pairs: &[(i64, i64)],
) -> StoreResult<(Vec<StoredRecord>, Vec<LinkIds>)> {
    let mut near: HashMap<i64, Vec<i64>> = HashMap::new();
    let together = |stored: &&StoredRuling| matches!(stored.ruling.action, RulingAction::Merge | RulingAction::Keep);
    for side in rulings.iter().filter(together).flat_map(|stored| &stored.sides) {
        for id in side {
            near.entry(*id).or_default().extend(side);
        }
    }
    for (a, b) in pairs {
        near.entry(*a).or_default().push(*b);
        near.entry(*b).or_default().push(*a);
    }
    let mut seen: BTreeSet<i64> = BTreeSet::new();
    let mut waiting: Vec<i64> = touched.to_vec();
    let mut found: BTreeMap<String, StoredRecord> = BTreeMap::new();
    let mut merges: BTreeMap<(i64, i64), LinkIds> = BTreeMap::new();
    while let Some(id) = waiting.pop() {
        if !seen.insert(id) {
            continue;
        }
        let work = store.work_of(id)?;
        for member in store.members(work)? {
            waiting.push(member.id);
            found.insert(member.key.clone(), member);
        }
        for link in store.merges_of(id)? {
            waiting.extend([link.a, link.b]);
            merges.insert((link.a, link.b), link);
        }
        waiting.extend(near.get(&id).into_iter().flatten());
    }
    Ok((found.into_values().collect(), merges.into_values().collect()))
}

/// The rules' clusters, as their stored links make them.
fn clusters_of(stored: &[StoredRecord], merges: &[LinkIds], place: &HashMap<i64, usize>) -> Clusters {
    let mut work_of: Vec<usize> = (0..stored.len()).collect();
    let mut merged = Vec::new();
    for link in merges {
        let (Some(a), Some(b)) = (place.get(&link.a).copied(), place.get(&link.b).copied()) else { continue };
        let (one, other) = (work_of[a], work_of[b]);
        // Records are in the order of their keys: a work is named by its first.
        let (low, high) = (one.min(other), one.max(other));
        work_of.iter_mut().filter(|work| **work == high).for_each(|work| *work = low);
        let (a, b) = (a.min(b), a.max(b));
        merged.push(Link { a, b, rule: link.rule.clone(), score: link.score, why: link.why.clone() });
    }
    Clusters { work_of, merged, possible: Vec::new() }
}
