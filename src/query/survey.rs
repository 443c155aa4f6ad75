//! What each clause of a query brings on a set of records.

use serde::Serialize;

use super::field::Scope;
use super::matcher::Parts;
use super::tree::{Kind, Node, Tree};
use super::{Fields, Line};
use crate::model::Truth;

/// How many records a clause is true for, and for how many that cannot be told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    pub found: u64,
    pub unknown: u64,
}

impl Count {
    /// Counts a value.
    pub fn add(&mut self, value: Truth) {
        match value {
            Truth::True => self.found += 1,
            Truth::Unknown => self.unknown += 1,
            Truth::False => {}
        }
    }
}

/// A node of the tree and what it brings where it stands.
#[derive(Clone, Debug)]
pub struct Clause<'t> {
    pub node: &'t Node,
    pub depth: usize,
    pub count: Count,
    /// Records that it brings and no other operand of its OR does; `None` if it stands in no OR.
    pub alone: Option<u64>,
    /// The OR that it stands in, by its place among the clauses.
    group: Option<usize>,
}

/// One of the groups that the query joins by AND at its top.
#[derive(Clone, Debug)]
pub struct Concept<'t> {
    pub node: &'t Node,
    pub count: Count,
    /// What the query would bring without it.
    pub without: Count,
}

/// More words joined by AND are a list and no concepts.
const MOST_CONCEPTS: usize = 32;

/// Counts a query's clauses on records that are shown to it one by one.
#[derive(Debug)]
pub struct Survey<'t> {
    clauses: Vec<Clause<'t>>,
    concepts: Vec<Concept<'t>>,
    lines: Vec<(&'t Line, Count)>,
    records: u64,
    /// All clauses, then each concept and the query without it, then the lines that could be read.
    parts: Parts,
}

impl<'t> Survey<'t> {
    /// Prepares to count a tree and the lines of the strategy that it was read from.
    pub fn new(tree: &'t Tree, lines: &'t [Line]) -> Self {
        let mut clauses = Vec::new();
        let mut scopes = Vec::new();
        let mut waiting = vec![(&tree.root, 0, Scope::Default, None)];
        while let Some((node, depth, scope, group)) = waiting.pop() {
            let at = clauses.len();
            let (inside, group_of_parts) = match &node.kind {
                Kind::Limit { scope, .. } => (*scope, None),
                Kind::Or(_) => (scope, Some(at)),
                _ => (scope, None),
            };
            clauses.push(Clause { node, depth, count: Count::default(), alone: group.map(|_| 0), group });
            scopes.push(scope);
            let parts = node.children().into_iter().rev();
            waiting.extend(parts.map(|part| (part, depth + 1, inside, group_of_parts)));
        }
        let joined = joined(&tree.root, Scope::Default);
        let is_concept = |node: &Node| !matches!(node.kind, Kind::Not(_) | Kind::Dates(_));
        // With a single group there is nothing to be without.
        let concepts = joined.iter().filter(|(node, _)| is_concept(node)).count();
        let several = (2..=MOST_CONCEPTS).contains(&concepts) && joined.len() <= 2 * MOST_CONCEPTS;
        let chosen: Vec<usize> = (0..joined.len()).filter(|at| several && is_concept(joined[*at].0)).collect();
        let without: Vec<(Node, Scope)> = chosen.iter().map(|at| without(&joined, *at)).collect();
        let concept = |at: &usize| Concept { node: joined[*at].0, count: Count::default(), without: Count::default() };
        let read: Vec<(&Line, &Node)> = lines.iter().filter_map(|line| Some((line, line.node.as_ref()?))).collect();

        let of_clauses = clauses.iter().zip(&scopes).map(|(clause, scope)| (clause.node, *scope));
        let of_concepts = chosen.iter().zip(&without).flat_map(|(at, (rest, scope))| [joined[*at], (rest, *scope)]);
        let of_lines = read.iter().map(|(_, node)| (*node, Scope::Default));
        let parts = Parts::new(of_clauses.chain(of_concepts).chain(of_lines));
        let concepts = chosen.iter().map(concept).collect();
        let lines = read.into_iter().map(|(line, _)| (line, Count::default())).collect();
        Self { clauses, concepts, lines, records: 0, parts }
    }

    /// Counts a record, and tells whether the whole query finds it.
    pub fn add(&mut self, fields: &Fields<'_>) -> Truth {
        let values = self.parts.truths(fields);
        let (of_clauses, rest) = values.split_at(self.clauses.len());
        let (of_concepts, of_lines) = rest.split_at(2 * self.concepts.len());
        self.records += 1;
        // For each OR how many of its parts are true.
        let mut true_parts = vec![0_u32; self.clauses.len()];
        for (clause, value) in self.clauses.iter_mut().zip(of_clauses) {
            clause.count.add(*value);
            if let Some(group) = clause.group {
                true_parts[group] += u32::from(*value == Truth::True);
            }
        }
        for (clause, value) in self.clauses.iter_mut().zip(of_clauses) {
            if let (Some(group), Some(alone)) = (clause.group, &mut clause.alone) {
                *alone += u64::from(*value == Truth::True && true_parts[group] == 1);
            }
        }
        for (concept, pair) in self.concepts.iter_mut().zip(of_concepts.chunks_exact(2)) {
            concept.count.add(pair[0]);
            concept.without.add(pair[1]);
        }
        for ((_, count), value) in self.lines.iter_mut().zip(of_lines) {
            count.add(*value);
        }
        of_clauses[0]
    }

    /// How many records were counted.
    pub fn records(&self) -> u64 {
        self.records
    }

    /// What the whole query brings.
    pub fn whole(&self) -> Count {
        self.clauses[0].count
    }

    /// Every node of the tree, each before its parts.
    pub fn clauses(&self) -> &[Clause<'t>] {
        &self.clauses
    }

    /// What is joined by AND at the top, exclusions and periods left out; empty with fewer than two or very many.
    pub fn concepts(&self) -> &[Concept<'t>] {
        &self.concepts
    }

    /// The lines of the strategy that could be read.
    pub fn lines(&self) -> &[(&'t Line, Count)] {
        &self.lines
    }
}

/// The operands of the ANDs at the top, each with its fields.
fn joined(node: &Node, scope: Scope) -> Vec<(&Node, Scope)> {
    match &node.kind {
        Kind::And(nodes) => nodes.iter().flat_map(|node| joined(node, scope)).collect(),
        Kind::Limit { scope, node: inside } if matches!(inside.kind, Kind::And(_)) => joined(inside, *scope),
        _ => vec![(node, scope)],
    }
}

/// The AND of all but one.
fn without(joined: &[(&Node, Scope)], left_out: usize) -> (Node, Scope) {
    let others = joined.iter().enumerate().filter(|(at, _)| *at != left_out).map(|(_, (node, scope))| {
        Node::new(Kind::Limit { scope: *scope, node: Box::new((*node).clone()) }, node.span.clone())
    });
    (Node::new(Kind::And(others.collect()), 0..0), Scope::Default)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::parse;

    #[test]
    fn clauses_are_counted_alone_and_together() {
        let tree = parse("(cats OR dogs OR eels) AND (food OR title:water) NOT mice").sound().unwrap();
        let mut survey = Survey::new(&tree, &[]);
        let titles = ["Cats and food", "Cats, dogs, water", "Dogs and food and mice", "Water alone"];
        let found: Vec<Truth> = titles
            .iter()
            .map(|title| {
                survey.add(&Fields { title: Some(title), abstract_text: Some("nothing"), ..Fields::default() })
            })
            .collect();
        assert_eq!(found, [Truth::True, Truth::True, Truth::False, Truth::False]);
        let shown: Vec<(String, u64, Option<u64>)> =
            survey.clauses().iter().map(|clause| (clause.node.label(), clause.count.found, clause.alone)).collect();
        let expected = [
            ("AND", 2, None),
            ("OR", 3, None),
            ("cats", 2, Some(1)),
            ("dogs", 2, Some(1)),
            ("eels", 0, Some(0)),
            ("OR", 4, None),
            ("food", 2, Some(2)),
            ("in title", 2, Some(2)),
            ("water", 2, None),
            ("NOT", 3, None),
            ("mice", 1, None),
        ];
        assert_eq!(shown, expected.map(|(label, found, alone)| (label.to_owned(), found, alone)));
        let concepts: Vec<(u64, u64)> =
            survey.concepts().iter().map(|concept| (concept.count.found, concept.without.found)).collect();
        assert_eq!(concepts, [(3, 3), (4, 2)]);
        assert_eq!((survey.records(), survey.whole()), (4, Count { found: 2, unknown: 0 }));
        survey.add(&Fields { title: Some("Cats"), ..Fields::default() });
        assert_eq!(survey.whole(), Count { found: 2, unknown: 1 });
    }
}
