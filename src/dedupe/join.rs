//! Links to clusters: a union whose members hold a pair that a veto forbids is refused.

use std::collections::{BTreeMap, BTreeSet};

use super::compact::signature;
use super::features::Features;
use super::veto::veto;

/// A cluster of more different members than this takes no further ones: what many records would
/// be merged into is a heading, not a work. It also bounds the vetoes to be asked.
const MOST_DIFFERENT: usize = 200;

/// Union–find over the canonical order.
pub struct Joiner<'a> {
    features: &'a [Features],
    /// The order that decides which member stands for a cluster.
    rank: &'a [u32],
    parent: Vec<usize>,
    /// For each root, members that differ in what vetoes look at.
    different: Vec<Vec<usize>>,
    signatures: Vec<u64>,
    titled: Vec<bool>,
    /// Each record's own position, for clusters of one.
    itself: Vec<usize>,
    /// For each root, the records that a person set apart from one of its members.
    apart: BTreeMap<usize, Vec<usize>>,
}

impl<'a> Joiner<'a> {
    /// Every record its own cluster.
    pub fn new(features: &'a [Features], rank: &'a [u32]) -> Self {
        Self {
            features,
            rank,
            parent: (0..features.len()).collect(),
            different: vec![Vec::new(); features.len()],
            signatures: features.iter().map(signature).collect(),
            titled: features.iter().map(|record| record.title().is_some()).collect(),
            itself: (0..features.len()).collect(),
            apart: BTreeMap::new(),
        }
    }
    /// Pairs that a person set apart: before anything is joined.
    pub fn keep_apart(&mut self, pairs: &[(usize, usize)]) {
        for (a, b) in pairs {
            self.apart.entry(*a).or_default().push(*b);
            self.apart.entry(*b).or_default().push(*a);
        }
    }
    /// Whether a person set a member of the one cluster apart from a member of the other.
    pub fn are_apart(&mut self, a: usize, b: usize) -> bool {
        let (root_a, root_b) = (self.root(a), self.root(b));
        let Some(others) = self.apart.get(&root_a).cloned() else { return false };
        others.into_iter().any(|other| self.root(other) == root_b)
    }
    /// The cluster's first record.
    pub fn root(&mut self, mut at: usize) -> usize {
        while self.parent[at] != at {
            self.parent[at] = self.parent[self.parent[at]];
            at = self.parent[at];
        }
        at
    }
    /// Joins the clusters of two linked records, or says why not.
    pub fn join(&mut self, a: usize, b: usize) -> Result<(), String> {
        let (root_a, root_b) = (self.root(a), self.root(b));
        if root_a == root_b {
            return Ok(());
        }
        if self.are_apart(a, b) {
            return Err("a person set them apart".to_owned());
        }
        let untitled = self.features[a].title().is_none() || self.features[b].title().is_none();
        if untitled && self.titled[root_a] && self.titled[root_b] {
            return Err("a record without a title does not join two works".to_owned());
        }
        let (one, other) = (self.members(root_a), self.members(root_b));
        if one.len() + other.len() > MOST_DIFFERENT {
            return Err("too many different records for one work".to_owned());
        }
        for one in one {
            for other in other {
                if let Some(reason) = veto(&self.features[*one], &self.features[*other]) {
                    return Err(reason.why);
                }
            }
        }
        self.unite(root_a, root_b);
        Ok(())
    }
    /// Joins two records of one key, or that a person joined: no rule forbids it, only a person.
    pub fn force(&mut self, a: usize, b: usize) -> Result<(), String> {
        let (root_a, root_b) = (self.root(a), self.root(b));
        if root_a != root_b {
            if self.are_apart(a, b) {
                return Err("a person set them apart".to_owned());
            }
            self.unite(root_a, root_b);
        }
        Ok(())
    }
    fn unite(&mut self, root_a: usize, root_b: usize) {
        let first = self.rank[root_a] <= self.rank[root_b];
        let (low, high) = if first { (root_a, root_b) } else { (root_b, root_a) };
        self.parent[high] = low;
        self.titled[low] |= self.titled[high];
        if let Some(apart) = self.apart.remove(&high) {
            self.apart.entry(low).or_default().extend(apart);
        }
        let moved = std::mem::take(&mut self.different[high]);
        let moved = if moved.is_empty() { vec![high] } else { moved };
        let kept = &mut self.different[low];
        if kept.is_empty() {
            kept.push(low);
        }
        let known: BTreeSet<u64> = kept.iter().map(|at| self.signatures[*at]).collect();
        kept.extend(moved.into_iter().filter(|at| !known.contains(&self.signatures[*at])));
    }
    /// The members of a root's cluster that differ; a record alone is kept without a list.
    fn members(&self, root: usize) -> &[usize] {
        let members = self.different[root].as_slice();
        if members.is_empty() { std::slice::from_ref(&self.itself[root]) } else { members }
    }
}
