//! The part of a review that new or changed records touch, so that its clusters can be worked out
//! without the rest.
//!
//! The clusters of a set are those of its connected parts: what is linked by nothing that could
//! make a union does not act on one another. A part is grown from what changed by asking the
//! stored [`Index`] who is near to whom, and clustered exactly as the whole would be.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use super::block::{self, Place, REACH};
use super::features::{Features, Scheme};
use super::score::{THRESHOLD, score};
use super::{Clusters, Joining, Judged, Order, Proposal, compare, exact, identifier_links};
use crate::model::Record;

/// The version of the rules and of what is stored for them: another one, and everything is
/// deduplicated anew.
pub const VERSION: i64 = 1;

/// Those next to a place in its block, the nearest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Near {
    pub before: Vec<i64>,
    pub after: Vec<i64>,
}

/// Where the places of all records are kept (see [`places_of`]), as they are after the change.
pub trait Index {
    /// What asking it may give instead of an answer.
    type Error;
    /// At most `reach` records on each side of a place, without the record itself.
    fn near(&mut self, place: Place, record: i64, reach: usize) -> Result<Near, Self::Error>;
    /// Every record of a block.
    fn members(&mut self, block: i64) -> Result<Vec<i64>, Self::Error>;
    /// A record as it is now; `None` where there is none any more.
    fn record(&mut self, id: i64) -> Result<Option<Record>, Self::Error>;
    /// The records that the last deduplication linked with this one, merged or not.
    fn linked(&mut self, id: i64) -> Result<Vec<i64>, Self::Error>;
}

/// A record that is new, or was changed, or is to be looked at again.
#[derive(Clone, Debug, PartialEq)]
pub struct Changed {
    pub id: i64,
    /// As the last deduplication saw it; `None` if it did not.
    pub before: Option<Record>,
}

/// Where a record stands in the index: its places in blocks, and one for each identifier.
pub fn places_of(record: &Record) -> Vec<Place> {
    let (features, key) = (Features::of(record), record.key());
    let own = block::own_order(&key);
    let mut places = block::places(&features, &key);
    places.extend(features.identifiers().map(|(scheme, value)| Place { block: exact::key(scheme, value), order: own }));
    places.sort_unstable();
    places
}

/// Records that have to be clustered together, and those that might be duplicates of theirs.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// The records' ids: first those of the part, then the others.
    pub ids: Vec<i64>,
    pub records: Vec<Record>,
    /// How many belong to the part; the rest are only compared, and keep their works.
    pub own: usize,
    features: Vec<Features>,
    pairs: Vec<(usize, usize)>,
}

impl Part {
    /// Clusters the part; what people said of pairs of its records (positions in `ids`) holds.
    pub fn cluster(&self, judged: &Judged) -> Clusters {
        let keys: Vec<Box<str>> = self.records.iter().map(|record| record.key().into()).collect();
        let order = Order::of(&keys, &self.features);
        let (mut proposals, mut possible): (Vec<Proposal>, Vec<Proposal>) = (Vec::new(), Vec::new());
        let mut own = self.features[..self.own].to_vec();
        for group in exact::groups(&mut own, &order) {
            identifier_links(&group, &mut proposals);
        }
        for (a, b) in &self.pairs {
            compare(&self.features, *a, *b, &mut proposals, &mut possible);
        }
        Joining { features: &self.features, keys: &keys, order: &order }.join(proposals, possible, judged)
    }
}

/// Grows the part that these changes touch. `same`: pairs that people joined, which belong together.
///
/// # Errors
/// What the index gives.
pub fn part<I: Index>(index: &mut I, changed: &[Changed], same: &[(i64, i64)]) -> Result<Part, I::Error> {
    let mut growing = Growing {
        index,
        changed: changed.iter().map(|change| change.id).collect(),
        known: HashMap::new(),
        trust: HashMap::new(),
        queue: VecDeque::new(),
    };
    let mut own: BTreeSet<i64> = BTreeSet::new();
    for change in changed {
        growing.begin(change)?;
    }
    let mut joined: HashMap<i64, Vec<i64>> = HashMap::new();
    for (a, b) in same {
        joined.entry(*a).or_default().push(*b);
        joined.entry(*b).or_default().push(*a);
    }
    let mut pairs: BTreeSet<(i64, i64)> = BTreeSet::new();
    while let Some(id) = growing.queue.pop_front() {
        if own.contains(&id) || growing.know(id)?.is_none() {
            continue;
        }
        own.insert(id);
        growing.queue.extend(joined.get(&id).into_iter().flatten());
        growing.spread(id, &mut pairs)?;
    }
    growing.finish(&own, &pairs)
}

struct Growing<'a, I> {
    index: &'a mut I,
    changed: BTreeSet<i64>,
    known: HashMap<i64, Option<Known>>,
    /// Whether an identifier's block is trusted.
    trust: HashMap<i64, bool>,
    queue: VecDeque<i64>,
}

struct Known {
    record: Record,
    features: Features,
    /// Whether its identifiers were judged.
    judged: bool,
}

impl<I: Index> Growing<'_, I> {
    /// Puts in the queue what a change may have touched.
    fn begin(&mut self, change: &Changed) -> Result<(), I::Error> {
        self.queue.push_back(change.id);
        let mut left: BTreeSet<Place> = BTreeSet::new();
        let mut entered: BTreeSet<Place> = BTreeSet::new();
        let mut identifiers: BTreeSet<i64> = BTreeSet::new();
        let mut note = |record: &Record, features: &Features, places: &mut BTreeSet<Place>| {
            places.extend(block::places(features, &record.key()));
            identifiers.extend(features.identifiers().map(|(scheme, value)| exact::key(scheme, value)));
        };
        if let Some(before) = &change.before {
            note(before, &Features::of(before), &mut left);
            self.queue.extend(self.index.linked(change.id)?);
        }
        if let Some(known) = self.know(change.id)? {
            note(&known.record, &known.features, &mut entered);
        }
        for place in left.difference(&entered) {
            // Those that it stood between are nearer now.
            let near = self.index.near(*place, change.id, REACH)?;
            if near.before.len() + near.after.len() > REACH {
                self.queue.extend(near.before.into_iter().chain(near.after));
            }
        }
        for place in entered.difference(&left) {
            self.displaced(*place, change.id)?;
        }
        for block in identifiers {
            // Another title, and an identifier may lose its trust, or gain it.
            let members = self.index.members(block)?;
            if members.len() > 1 || change.before.is_some() {
                self.queue.extend(members);
            }
        }
        Ok(())
    }

    /// Puts in the queue the linked records between which one came, so that they are no longer near.
    fn displaced(&mut self, place: Place, id: i64) -> Result<(), I::Error> {
        let mut reach = REACH;
        let (before, after) = loop {
            let near = self.index.near(place, id, reach)?;
            let full = near.before.len() == reach || near.after.len() == reach;
            let old = |ids: Vec<i64>| ids.into_iter().filter(|id| !self.changed.contains(id)).take(REACH).collect();
            let (before, after): (Vec<i64>, Vec<i64>) = (old(near.before), old(near.after));
            // New records may stand before the old ones that are looked for.
            if !full || (before.len() == REACH && after.len() == REACH) || reach > self.changed.len() + REACH {
                break (before, after);
            }
            reach *= 2;
        };
        if before.len() + after.len() <= REACH && reach == REACH {
            return Ok(());
        }
        let after: BTreeSet<i64> = after.into_iter().collect();
        for one in before {
            let linked = self.index.linked(one)?;
            if linked.iter().any(|other| after.contains(other)) {
                self.queue.push_back(one);
                self.queue.extend(linked.into_iter().filter(|other| after.contains(other)));
            }
        }
        Ok(())
    }

    /// Compares a record of the part with all near to it, and puts in the queue what it may be one with.
    fn spread(&mut self, id: i64, pairs: &mut BTreeSet<(i64, i64)>) -> Result<(), I::Error> {
        self.judge(id)?;
        let Some(Some(known)) = self.known.get(&id) else { return Ok(()) };
        let places = block::places(&known.features, &known.record.key());
        let blocks: Vec<i64> = known.features.identifiers().map(|(scheme, value)| exact::key(scheme, value)).collect();
        for block in blocks {
            self.queue.extend(self.index.members(block)?);
        }
        for place in places {
            let near = self.index.near(place, id, REACH)?;
            for other in near.before.into_iter().chain(near.after) {
                if !pairs.insert((id.min(other), id.max(other))) {
                    continue;
                }
                self.judge(other)?;
                if let (Some(Some(a)), Some(Some(b))) = (self.known.get(&id), self.known.get(&other))
                    && score(&a.features, &b.features).is_some_and(|score| score.points >= THRESHOLD)
                {
                    self.queue.push_back(other);
                }
            }
        }
        Ok(())
    }

    fn know(&mut self, id: i64) -> Result<Option<&Known>, I::Error> {
        if !self.known.contains_key(&id) {
            let record = self.index.record(id)?;
            let known = record.map(|record| Known { features: Features::of(&record), record, judged: false });
            self.known.insert(id, known);
        }
        Ok(self.known.get(&id).and_then(Option::as_ref))
    }

    /// Takes the identifiers off a record that are not trusted.
    fn judge(&mut self, id: i64) -> Result<(), I::Error> {
        let Some(known) = self.know(id)? else { return Ok(()) };
        if known.judged {
            return Ok(());
        }
        let own: Vec<(Scheme, i64)> =
            known.features.identifiers().map(|(scheme, value)| (scheme, exact::key(scheme, value))).collect();
        for (scheme, block) in own {
            if !self.is_trusted(block)?
                && let Some(Some(known)) = self.known.get_mut(&id)
            {
                known.features.distrust(scheme);
            }
        }
        if let Some(Some(known)) = self.known.get_mut(&id) {
            known.judged = true;
        }
        Ok(())
    }

    fn is_trusted(&mut self, block: i64) -> Result<bool, I::Error> {
        if let Some(trusted) = self.trust.get(&block) {
            return Ok(*trusted);
        }
        let members = self.index.members(block)?;
        for id in &members {
            self.know(*id)?;
        }
        let mut bearers: Vec<&Known> = members.iter().filter_map(|id| self.known.get(id)?.as_ref()).collect();
        bearers.sort_by_cached_key(|known| known.record.key());
        let trusted = bearers.len() < 2 || exact::is_trusted(bearers.iter().map(|known| &known.features));
        self.trust.insert(block, trusted);
        Ok(trusted)
    }

    fn finish(mut self, own: &BTreeSet<i64>, pairs: &BTreeSet<(i64, i64)>) -> Result<Part, I::Error> {
        let others: BTreeSet<i64> = pairs.iter().flat_map(|(a, b)| [*a, *b]).filter(|id| !own.contains(id)).collect();
        let mut part = Part { own: own.len(), ..Part::default() };
        let mut at: BTreeMap<i64, usize> = BTreeMap::new();
        for id in own.iter().chain(&others) {
            if let Some(known) = self.known.remove(id).flatten() {
                at.insert(*id, part.ids.len());
                part.ids.push(*id);
                part.records.push(known.record);
                part.features.push(known.features);
            }
        }
        part.pairs = pairs.iter().filter_map(|(a, b)| Some((*at.get(a)?, *at.get(b)?))).collect();
        Ok(part)
    }
}

#[cfg(test)]
mod tests;
