//! What stands above the rules: the review's policy, and above that what people said.
//!
//! The rules' clusters are taken as they are but where policy or a person speaks. A work that policy
//! divides (a preprint and its article) or a person divides is joined anew without the unions that are forbidden. Of two rulings that contradict each other the later holds.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::relation::{Kind, Role, apart};
use super::{Clusters, Judged, Link, cluster, cluster_judged};
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

/// In a larger cluster not every pair is compared anew, and of a longer list of what is one work only neighbours are
/// united.
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
            let parts = all.divide(&members, &groups, &Groups::default(), &[], &forbidden);
            groups.replace(&members, &parts);
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
            if let Some(role) = Role::of(self.records[*at]) {
                by_role.entry(role).or_default().push(*at);
            }
        }
        let mut forbidden = Forbidden::new();
        let sides: Vec<&Vec<usize>> = by_role.values().collect();
        let pairs: usize = sides
            .iter()
            .enumerate()
            .map(|(i, a)| sides[i + 1..].iter().map(|b| a.len() * b.len()).sum::<usize>())
            .sum();
        if pairs > MOST_FORBIDDEN {
            return forbidden;
        }
        for (index, side) in sides.iter().enumerate() {
            for (a, b) in sides[index + 1..]
                .iter()
                .flat_map(|other| side.iter().flat_map(|a| other.iter().map(move |b| (*a, *b))))
            {
                if apart(self.records[a], self.records[b]).is_some_and(|kind| !one_work.contains(&kind)) {
                    forbid(&mut forbidden, a, b);
                }
            }
        }
        forbidden
    }

    /// The unions of one of the rules' clusters, joined anew without what is forbidden: of every pair, the surest
    /// first, since what linked a third record to both may be gone.
    fn rejoin(&self, members: &[usize], forbidden: &Forbidden) -> Vec<(usize, usize)> {
        let mut members = members.to_vec();
        members.sort_by(|a, b| (&self.keys[*a], a).cmp(&(&self.keys[*b], b)));
        if members.len() > MOST_PAIRED {
            return self.rejoin_many(&members, forbidden);
        }
        let mut links: Vec<(f64, usize, usize)> = Vec::new();
        for (index, a) in members.iter().enumerate() {
            for b in &members[index + 1..] {
                let pair = cluster(&[self.records[*a], self.records[*b]]);
                let same = self.keys[*a] == self.keys[*b];
                links.extend(pair.merged.first().map(|link| (link.score, *a, *b)).or(same.then_some((1.0, *a, *b))));
            }
        }
        // Stable: of equal scores the smaller keys come first.
        links.sort_by(|x, y| y.0.total_cmp(&x.0));
        links.into_iter().map(|(_, a, b)| (a, b)).collect()
    }

    fn rejoin_many(&self, members: &[usize], forbidden: &Forbidden) -> Vec<(usize, usize)> {
        let place: HashMap<usize, usize> = members.iter().enumerate().map(|(place, at)| (*at, place)).collect();
        let mut judged = Judged::default();
        for (at, others) in forbidden.iter().filter(|(at, _)| place.contains_key(at)) {
            judged.apart.extend(others.iter().filter_map(|other| Some((place[at], *place.get(other)?))));
        }
        judged.apart.sort_unstable();
        let records: Vec<&Record> = members.iter().map(|at| self.records[*at]).collect();
        let parts = cluster_judged(&records, &judged);
        members.iter().zip(&parts.work_of).map(|(at, part)| (members[*part], *at)).collect()
    }

    /// The rules' links between some records, the surest first: what joined a group among all records may not be
    /// found among its own.
    fn links(&self, members: &[usize]) -> Vec<(usize, usize)> {
        let within: HashSet<usize> = members.iter().copied().collect();
        let made = self.clusters.merged.iter().filter(|link| within.contains(&link.a) && within.contains(&link.b));
        let names = |link: &Link| {
            let (a, b) = (&self.keys[link.a], &self.keys[link.b]);
            if a <= b { (a, b) } else { (b, a) }
        };
        let mut links: Vec<&Link> = made.collect();
        links.sort_by(|x, y| y.score.total_cmp(&x.score).then_with(|| names(x).cmp(&names(y))));
        links.into_iter().map(|link| (link.a, link.b)).collect()
    }

    /// Divides a group by what is forbidden: joined anew from its fragments, after what people united.
    fn divide(
        &self,
        members: &[usize],
        blocks: &Groups,
        said: &Groups,
        linked: &[(usize, usize)],
        forbidden: &Forbidden,
    ) -> Groups {
        let mut by_block: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for at in members {
            by_block.entry(blocks.name(*at)).or_default().push(*at);
        }
        let mut joined = said.among(members);
        let mut unions: Vec<(usize, usize)> = Vec::new();
        let mut in_order: Vec<&Vec<usize>> = by_block.values().collect();
        in_order.sort_by_key(|block| block.iter().map(|at| (&self.keys[*at], *at)).min());
        for block in in_order {
            unions.extend(self.rejoin(block, forbidden));
        }
        let within: HashSet<usize> = members.iter().copied().collect();
        unions.extend(self.links(members).into_iter().filter(|(a, b)| blocks.name(*a) == blocks.name(*b)));
        unions.extend(linked.iter().filter(|(a, b)| within.contains(a) && within.contains(b)));
        for (a, b) in unions {
            if joined.may_unite(a, b, forbidden) {
                joined.unite(a, b);
            }
        }
        joined
    }

    /// Follows what people said; gives the rulings that later ones contradict.
    fn follow(&self, groups: &mut Groups, linked: &[(usize, usize)], rulings: &[Ruling]) -> Vec<usize> {
        let mut said = Groups::default();
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
                            if said.name(a) == said.name(b) {
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
            .filter(|(a, others)| others.iter().any(|b| groups.name(**a) == groups.name(*b)))
            .map(|(a, _)| groups.name(*a))
            .collect();
        contested.sort_unstable();
        contested.dedup();
        for root in contested {
            let members = groups.members(root);
            let joined = self.divide(&members, &before, &said, linked, &forbidden);
            groups.replace(&members, &joined);
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

/// Disjoint groups of records; who is named in none is alone.
#[derive(Clone, Debug, Default)]
struct Groups {
    /// For each record of a group of several the group's name (one of its members).
    named: HashMap<usize, usize>,
    members: BTreeMap<usize, Vec<usize>>,
}

impl Groups {
    fn of(work_of: &[usize]) -> Self {
        let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, work) in work_of.iter().enumerate() {
            members.entry(*work).or_default().push(at);
        }
        members.retain(|_, members| members.len() > 1);
        let named = members.iter().flat_map(|(name, members)| members.iter().map(|at| (*at, *name))).collect();
        Self { named, members }
    }

    /// The group's name.
    fn name(&self, at: usize) -> usize {
        self.named.get(&at).copied().unwrap_or(at)
    }

    fn members(&self, at: usize) -> Vec<usize> {
        self.members.get(&self.name(at)).cloned().unwrap_or_else(|| vec![at])
    }

    fn size(&self, at: usize) -> usize {
        self.members.get(&self.name(at)).map_or(1, Vec::len)
    }

    /// The groups of several.
    fn larger(&self) -> Vec<Vec<usize>> {
        self.members.values().cloned().collect()
    }

    /// The groups of some records alone.
    fn among(&self, records: &[usize]) -> Self {
        let mut among = Self::default();
        for at in records.iter().filter(|at| self.named.contains_key(at)) {
            among.members.entry(self.name(*at)).or_insert_with(|| self.members(*at));
        }
        among.named = among.members.iter().flat_map(|(name, all)| all.iter().map(|at| (*at, *name))).collect();
        among
    }

    fn unite(&mut self, a: usize, b: usize) {
        let (mut into, mut from) = (self.name(a), self.name(b));
        if into == from {
            return;
        }
        if self.size(into) < self.size(from) {
            std::mem::swap(&mut into, &mut from);
        }
        let moved = self.members.remove(&from).unwrap_or_else(|| vec![from]);
        self.named.extend(moved.iter().map(|at| (*at, into)));
        self.named.insert(into, into);
        self.members.entry(into).or_insert_with(|| vec![into]).extend(moved);
    }

    /// Whether no pair across two groups is forbidden.
    fn may_unite(&self, a: usize, b: usize, forbidden: &Forbidden) -> bool {
        let (smaller, other) = if self.size(a) <= self.size(b) { (a, b) } else { (b, a) };
        let other = self.name(other);
        self.name(a) == self.name(b)
            || self
                .members(smaller)
                .iter()
                .filter_map(|at| forbidden.get(at))
                .all(|others| others.iter().all(|at| self.name(*at) != other))
    }

    /// Puts the groups that some records form elsewhere in the place of the one that they form here.
    fn replace(&mut self, members: &[usize], parts: &Self) {
        let mut by_part: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for at in members {
            self.members.remove(&self.name(*at));
            by_part.entry(parts.name(*at)).or_default().push(*at);
        }
        for part in by_part.into_values() {
            for at in &part {
                self.named.insert(*at, part[0]);
            }
            if part.len() > 1 {
                self.members.insert(part[0], part);
            }
        }
    }
}

#[cfg(test)]
mod tests;
