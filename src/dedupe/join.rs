//! Links to clusters: a union whose members hold a pair that a veto forbids is refused.

use std::collections::{BTreeMap, BTreeSet};

use super::features::Features;
use super::veto::veto;

/// A cluster of more different members than this takes no further ones: what many records would
/// be merged into is a heading, not a work. It also bounds the vetoes to be asked.
const MOST_DIFFERENT: usize = 200;

/// Union–find over the canonical order.
pub struct Joiner<'a> {
    features: &'a [Features],
    parent: Vec<usize>,
    /// For each root, members that differ in what vetoes look at.
    different: Vec<Vec<usize>>,
    titled: Vec<bool>,
    /// For each root, the records that a person set apart from one of its members.
    apart: BTreeMap<usize, Vec<usize>>,
}

impl<'a> Joiner<'a> {
    /// Every record its own cluster.
    pub fn new(features: &'a [Features]) -> Self {
        Self {
            features,
            parent: (0..features.len()).collect(),
            different: (0..features.len()).map(|at| vec![at]).collect(),
            titled: features.iter().map(|record| record.title().is_some()).collect(),
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
        if self.different[root_a].len() + self.different[root_b].len() > MOST_DIFFERENT {
            return Err("too many different records for one work".to_owned());
        }
        for one in &self.different[root_a] {
            for other in &self.different[root_b] {
                if let Some(reason) = veto(&self.features[*one], &self.features[*other]) {
                    return Err(reason.why);
                }
            }
        }
        self.unite(root_a, root_b);
        Ok(())
    }
    /// Joins two records of one key: nothing forbids that a record is itself.
    pub fn join_same(&mut self, a: usize, b: usize) {
        let (root_a, root_b) = (self.root(a), self.root(b));
        if root_a != root_b {
            self.unite(root_a, root_b);
        }
    }
    fn unite(&mut self, root_a: usize, root_b: usize) {
        let (low, high) = (root_a.min(root_b), root_a.max(root_b));
        self.parent[high] = low;
        self.titled[low] |= self.titled[high];
        if let Some(apart) = self.apart.remove(&high) {
            self.apart.entry(low).or_default().extend(apart);
        }
        let moved = std::mem::take(&mut self.different[high]);
        let known: BTreeSet<&Features> = self.different[low].iter().map(|at| &self.features[*at]).collect();
        let new: Vec<usize> = moved.into_iter().filter(|at| !known.contains(&self.features[*at])).collect();
        self.different[low].extend(new);
    }
}
