//! What stands above the rules: the review's policy, and above that what people said.
//!
//! The rules' clusters are taken as they are but where policy or a person speaks. A work that policy
//! divides (a preprint and its article) or a person divides is joined anew from its pairs, the surest first,
//! without the unions that are forbidden. Of two rulings that contradict each other the later holds.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::relation::{Kind, apart};
use super::{Clusters, cluster};
use crate::model::Record;

/// What a person said of records (indexes into the input).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ruling {
    /// They are one work.
    Together(Vec<usize>),
    /// No record of one side is one work with a record of another.
    Apart(Vec<Vec<usize>>),
}

/// Works as policy and people want them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// For each record the index of its work's record with the smallest key.
    pub work_of: Vec<usize>,
    /// Rulings (indexes) that a later one contradicts: they do not hold, in whole or in part.
    pub overruled: Vec<usize>,
}

/// In a larger work not every pair is compared anew.
const MOST_PAIRED: usize = 64;
/// A work with more pairs than this that policy forbids is left whole: it is no work anyway.
const MOST_FORBIDDEN: usize = 1_000_000;

type Forbidden = HashMap<usize, HashSet<usize>>;

/// Settles the rules' clusters. `one_work`: the kinds of links that the review counts as one work, and
/// `linked` the pairs so linked. `rulings`: what people said, oldest first.
pub fn settle(
    records: &[&Record],
    clusters: &Clusters,
    one_work: &[Kind],
    linked: &[(usize, usize)],
    rulings: &[Ruling],
) -> Settled {
    let keys: Vec<String> = records.iter().map(|record| record.key()).collect();
    let all = All { records, keys: &keys, clusters };
    let mut groups = Groups::of(&clusters.work_of);
    for members in groups.larger() {
        let forbidden = all.forbidden_by_policy(&members, one_work);
        if !forbidden.is_empty() {
            groups.divide(&members, all.join(&members, Groups::alone(records.len()), &forbidden));
        }
    }
    for (a, b) in linked {
        let [one, other] = [*a, *b].map(|at| groups.members(at));
        let both: Vec<usize> = one.into_iter().chain(other).collect();
        if all.forbidden_by_policy(&both, one_work).is_empty() {
            groups.unite(*a, *b);
        }
    }
    let overruled = all.follow(&mut groups, linked, rulings);
    Settled { work_of: all.works(&mut groups), overruled }
}

struct All<'a> {
    records: &'a [&'a Record],
    keys: &'a [String],
    clusters: &'a Clusters,
}

impl All<'_> {
    fn forbidden_by_policy(&self, members: &[usize], one_work: &[Kind]) -> Forbidden {
        let mut by_role: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for at in members {
            if let Some(role) = super::relation::Role::of(self.records[*at]) {
                by_role.entry(role).or_default().push(*at);
            }
        }
        let mut forbidden = Forbidden::new();
        let sides: Vec<&Vec<usize>> = by_role.values().collect();
        let pairs: usize = sides.iter().enumerate().map(|(i, a)| sides[i + 1..].iter().map(|b| a.len() * b.len()).sum::<usize>()).sum();
        if pairs > MOST_FORBIDDEN {
            return forbidden;
        }
        for (index, side) in sides.iter().enumerate() {
            for (a, b) in sides[index + 1..].iter().flat_map(|other| side.iter().flat_map(|a| other.iter().map(move |b| (*a, *b)))) {
                if apart(self.records[a], self.records[b]).is_some_and(|kind| !one_work.contains(&kind)) {
                    forbid(&mut forbidden, a, b);
                }
            }
        }
        forbidden
    }

    /// Joins some records by their links, the surest first, beginning with groups that stand already.
    fn join(&self, members: &[usize], mut groups: Groups, forbidden: &Forbidden) -> Groups {
        for (_, a, b) in self.links(members) {
            if groups.may_unite(a, b, forbidden) {
                groups.unite(a, b);
            }
        }
        groups
    }

    /// The links between some records of the rules' clusters: those that made the clusters, and where there
    /// are not too many records those of every pair, since a union needs but one link of several.
    fn links(&self, members: &[usize]) -> Vec<(f64, usize, usize)> {
        let within: HashSet<usize> = members.iter().copied().collect();
        let made = self.clusters.merged.iter().filter(|link| within.contains(&link.a) && within.contains(&link.b));
        let mut links: Vec<(f64, usize, usize)> = made.map(|link| (link.score, link.a, link.b)).collect();
        let mut by_cluster: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for at in members {
            by_cluster.entry(self.clusters.work_of[*at]).or_default().push(*at);
        }
        for part in by_cluster.values() {
            for (index, a) in part.iter().enumerate() {
                // One record given twice is itself.
                let rest = part[index + 1..].iter().filter(|b| part.len() <= MOST_PAIRED || self.keys[*a] == self.keys[**b]);
                for b in rest {
                    let pair = cluster(&[self.records[*a], self.records[*b]]);
                    links.extend(pair.merged.first().map(|link| (link.score, *a, *b)));
                }
            }
        }
        let names = |link: &(f64, usize, usize)| {
            let (a, b) = (&self.keys[link.1], &self.keys[link.2]);
            if a <= b { (a, b) } else { (b, a) }
        };
        links.sort_by(|x, y| y.0.total_cmp(&x.0).then_with(|| names(x).cmp(&names(y))));
        links
    }

    /// Follows what people said; gives the rulings that later ones contradict.
    fn follow(&self, groups: &mut Groups, linked: &[(usize, usize)], rulings: &[Ruling]) -> Vec<usize> {
        let mut said = Groups::alone(self.records.len());
        let mut forbidden = Forbidden::new();
        let mut overruled = Vec::new();
        for (index, ruling) in rulings.iter().enumerate().rev() {
            let mut holds = true;
            match ruling {
                Ruling::Together(members) => {
                    for (at, a) in members.iter().enumerate() {
                        let next = if members.len() <= MOST_PAIRED { members.len() } else { members.len().min(at + 2) };
                        for b in &members[at + 1..next] {
                            if said.may_unite(*a, *b, &forbidden) {
                                said.unite(*a, *b);
                            } else {
                                holds = false;
                            }
                        }
                    }
                }
                Ruling::Apart(sides) => {
                    for (at, side) in sides.iter().enumerate() {
                        for (a, b) in sides[at + 1..].iter().flatten().flat_map(|b| side.iter().map(|a| (*a, *b))) {
                            if said.of[a] == said.of[b] {
                                holds = false;
                            } else {
                                forbid(&mut forbidden, a, b);
                            }
                        }
                    }
                }
            }
            if !holds {
                overruled.push(index);
            }
        }
        overruled.reverse();
        let before = groups.clone();
        for members in said.larger() {
            members.windows(2).for_each(|pair| groups.unite(pair[0], pair[1]));
        }
        let mut contested: Vec<usize> = forbidden
            .iter()
            .filter(|(a, others)| others.iter().any(|b| groups.of[**a] == groups.of[*b]))
            .map(|(a, _)| groups.of[*a])
            .collect();
        contested.sort_unstable();
        contested.dedup();
        for root in contested {
            let members = groups.members(root);
            // Within what policy and rules made, and no further.
            let within = |a: usize, b: usize| before.of[a] == before.of[b];
            let mut joined = said.clone();
            let links = self.links(&members).into_iter().map(|(_, a, b)| (a, b));
            for (a, b) in links.chain(linked.iter().copied().filter(|(a, _)| groups.of[*a] == root)) {
                if within(a, b) && joined.may_unite(a, b, &forbidden) {
                    joined.unite(a, b);
                }
            }
            groups.divide(&members, joined);
        }
        overruled
    }

    /// For each record the record of its group with the smallest key.
    fn works(&self, groups: &mut Groups) -> Vec<usize> {
        let mut work_of: Vec<usize> = (0..self.records.len()).collect();
        for members in groups.larger() {
            let Some(first) = members.iter().copied().min_by_key(|at| (&self.keys[*at], *at)) else { continue };
            for at in members {
                work_of[at] = first;
            }
        }
        work_of
    }
}

fn forbid(forbidden: &mut Forbidden, a: usize, b: usize) {
    forbidden.entry(a).or_default().insert(b);
    forbidden.entry(b).or_default().insert(a);
}

/// Disjoint groups of records.
#[derive(Clone, Debug)]
struct Groups {
    /// For each record its group's name (one of its members).
    of: Vec<usize>,
    /// The members of groups of several.
    members: BTreeMap<usize, Vec<usize>>,
}

impl Groups {
    fn alone(records: usize) -> Self {
        Self { of: (0..records).collect(), members: BTreeMap::new() }
    }

    fn of(work_of: &[usize]) -> Self {
        let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, work) in work_of.iter().enumerate() {
            members.entry(*work).or_default().push(at);
        }
        members.retain(|_, members| members.len() > 1);
        Self { of: work_of.to_vec(), members }
    }

    fn members(&self, at: usize) -> Vec<usize> {
        self.members.get(&self.of[at]).cloned().unwrap_or_else(|| vec![at])
    }

    /// The groups of several.
    fn larger(&self) -> Vec<Vec<usize>> {
        self.members.values().cloned().collect()
    }

    fn unite(&mut self, a: usize, b: usize) {
        let (mut into, mut from) = (self.of[a], self.of[b]);
        if into == from {
            return;
        }
        let size = |root: usize| self.members.get(&root).map_or(1, Vec::len);
        if size(into) < size(from) {
            std::mem::swap(&mut into, &mut from);
        }
        let moved = self.members.remove(&from).unwrap_or_else(|| vec![from]);
        for at in &moved {
            self.of[*at] = into;
        }
        self.members.entry(into).or_insert_with(|| vec![into]).extend(moved);
    }

    /// Whether no pair across two groups is forbidden.
    fn may_unite(&self, a: usize, b: usize, forbidden: &Forbidden) -> bool {
        let (a, b) = (self.of[a], self.of[b]);
        let mut members = self.members(a);
        let mut other = b;
        if members.len() > self.members.get(&b).map_or(1, Vec::len) {
            (members, other) = (self.members(b), a);
        }
        a == b
            || members
                .iter()
                .filter_map(|at| forbidden.get(at))
                .all(|others| others.iter().all(|at| self.of[*at] != other))
    }

    /// Puts the groups that some records form elsewhere in the place of the one that they form here.
    fn divide(&mut self, members: &[usize], parts: Self) {
        if let Some(first) = members.first() {
            self.members.remove(&self.of[*first]);
        }
        let mut by_part: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for at in members {
            by_part.entry(parts.of[*at]).or_default().push(*at);
        }
        for part in by_part.into_values() {
            for at in &part {
                self.of[*at] = part[0];
            }
            if part.len() > 1 {
                self.members.insert(part[0], part);
            }
        }
    }
}

#[cfg(test)]
mod tests;
