//! Deduplication: records to works. Pure; order and batching do not matter.
//!
//! [`cluster`] links records by equal identifiers ([`exact`]) and by what their fields say
//! ([`block`] chooses the pairs, [`mod@score`] weighs them), and joins the links from the surest down;
//! a union that a [`veto`] forbids anywhere between the two sides is refused ([`join`]). Everything
//! happens in an order that the records' contents and keys give, never that of their arrival.

mod block;
mod exact;
mod features;
mod fields;
mod join;
mod marks;
mod merged;
mod origin;
mod pair;
pub mod relation;
mod score;
mod settle;
#[cfg(test)]
mod tests;
mod title;
mod veto;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::Record;
use features::Features;
use join::Joiner;
pub use merged::merged;
pub use origin::{FieldOrigin, origins};
pub use pair::{FieldReport, Outcome, PairReport, Verdict, explain_pair};
use score::{POSSIBLE, Score, THRESHOLD, score};
pub use settle::{Ruling, Settled, settle};

/// Why two records are one work (or might be).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// Indexes into the input.
    pub a: usize,
    pub b: usize,
    /// The rule's name (`same-doi`, `title-author-year` …).
    pub rule: String,
    /// 0 to 1.
    pub score: f64,
    /// The fields compared, in words (`title: equal; year: 2020 / 2021`).
    pub why: String,
}

/// Which records are one work.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Clusters {
    /// For each record the index of its work's first record (the smallest key).
    pub work_of: Vec<usize>,
    /// The links that made the clusters.
    pub merged: Vec<Link>,
    /// Pairs for a person to judge.
    pub possible: Vec<Link>,
}

/// A link before joining, in positions of the canonical order.
struct Proposal {
    a: usize,
    b: usize,
    rule: &'static str,
    /// Identifiers stand above every score.
    points: i32,
    why: String,
}

/// What an identifier counts, above any sum of fields.
const IDENTIFIER: i32 = 10_000;

/// What people said of pairs of records (indexes into the input): it outranks every rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judged {
    /// One work, whatever forbids it.
    pub same: Vec<(usize, usize)>,
    /// Never one work, also not through others.
    pub apart: Vec<(usize, usize)>,
}

/// Clusters records. The result depends on the set of records alone.
pub fn cluster(records: &[&Record]) -> Clusters {
    cluster_judged(records, &Judged::default())
}

/// Clusters records; what people said of pairs holds. Where they contradict each other, `apart` wins.
pub fn cluster_judged(records: &[&Record], judged: &Judged) -> Clusters {
    let Prepared { mut features, keys, inputs } = prepare(records);
    let judged = positions(judged, &inputs);
    let mut proposals = Vec::new();
    for group in exact::groups(&mut features) {
        identifier_links(&group, &mut proposals);
    }
    let compared = identical(&features, &mut proposals);
    let mut possible = Vec::new();
    for (a, b) in block::pairs(&features, &compared) {
        if let Some(score) = score(&features[a], &features[b])
            && score.points >= POSSIBLE
        {
            let proposal = Proposal { a, b, rule: score.rule(), points: score.points, why: score.why() };
            if score.points >= THRESHOLD { &mut proposals } else { &mut possible }.push(proposal);
        }
    }

    // From the surest down; ties by content and key, which is what positions are ordered by.
    proposals.sort_by(|x, y| y.points.cmp(&x.points).then((x.a, x.b).cmp(&(y.a, y.b))).then(x.rule.cmp(y.rule)));
    let mut joiner = Joiner::new(&features);
    joiner.keep_apart(&judged.apart);
    let mut made = same_key(&keys);
    for proposal in &made {
        joiner.join_same(proposal.a, proposal.b);
    }
    for (a, b) in judged.same {
        if joiner.root(a) != joiner.root(b) && !joiner.are_apart(a, b) {
            joiner.join_same(a, b);
            made.push(Proposal { a, b, rule: "a-person", points: 2 * IDENTIFIER, why: "a person said so".to_owned() });
        }
    }
    for mut proposal in proposals {
        if joiner.root(proposal.a) == joiner.root(proposal.b) {
            continue;
        }
        match joiner.join(proposal.a, proposal.b) {
            Ok(()) => made.push(proposal),
            Err(reason) => {
                proposal.why = format!("{}; refused: {reason}", proposal.why);
                possible.push(proposal);
            }
        }
    }
    possible.retain(|proposal| {
        joiner.root(proposal.a) != joiner.root(proposal.b) && !joiner.are_apart(proposal.a, proposal.b)
    });
    Clusters {
        work_of: works(&mut joiner, &keys, &inputs),
        merged: made.into_iter().map(|proposal| link(proposal, &inputs)).collect(),
        possible: possible.into_iter().map(|proposal| link(proposal, &inputs)).collect(),
    }
}

/// Records in the canonical order, each once.
struct Prepared {
    features: Vec<Features>,
    keys: Vec<String>,
    /// The inputs that are this very record.
    inputs: Vec<Vec<usize>>,
}

fn prepare(records: &[&Record]) -> Prepared {
    let mut order: Vec<(Features, String, usize)> =
        records.iter().enumerate().map(|(index, record)| (Features::of(record), record.key(), index)).collect();
    order.sort();
    let mut prepared = Prepared { features: Vec::new(), keys: Vec::new(), inputs: Vec::new() };
    for (features, key, index) in order {
        match prepared.inputs.last_mut() {
            Some(inputs) if prepared.keys.last() == Some(&key) && prepared.features.last() == Some(&features) => {
                inputs.push(index);
            }
            _ => {
                prepared.features.push(features);
                prepared.keys.push(key);
                prepared.inputs.push(vec![index]);
            }
        }
    }
    prepared
}

/// The same pairs as positions in the canonical order, the lower first, sorted.
fn positions(judged: &Judged, inputs: &[Vec<usize>]) -> Judged {
    let mut at = vec![0; inputs.iter().map(Vec::len).sum()];
    for (position, indexes) in inputs.iter().enumerate() {
        for index in indexes {
            at[*index] = position;
        }
    }
    let sorted = |pairs: &[(usize, usize)]| {
        let mut pairs: Vec<(usize, usize)> =
            pairs.iter().map(|(a, b)| (at[*a].min(at[*b]), at[*a].max(at[*b]))).filter(|(a, b)| a != b).collect();
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    };
    Judged { same: sorted(&judged.same), apart: sorted(&judged.apart) }
}

/// One record as a source gave it at two times.
fn same_key(keys: &[String]) -> Vec<Proposal> {
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    let mut proposals = Vec::new();
    for (at, key) in keys.iter().enumerate() {
        let earlier = *first.entry(key).or_insert(at);
        if earlier != at {
            let why = "the same record".to_owned();
            proposals.push(Proposal { a: earlier, b: at, rule: "same-record", points: 2 * IDENTIFIER, why });
        }
    }
    proposals
}

/// Every pair of a small group; in a large one each with the next and with the first.
fn identifier_links(group: &exact::Group, proposals: &mut Vec<Proposal>) {
    let members = &group.members;
    for (index, a) in members.iter().enumerate() {
        for (other, b) in members.iter().enumerate().skip(index + 1) {
            if members.len() <= 12 || index == 0 || other == index + 1 {
                let why = format!("{}: equal", &group.scheme.rule()["same-".len()..]);
                proposals.push(Proposal { a: *a, b: *b, rule: group.scheme.rule(), points: IDENTIFIER, why });
            } else {
                break;
            }
        }
    }
}

/// Links records that do not differ in anything that is compared, if that much is evidence at all;
/// gives those left to compare.
fn identical(features: &[Features], proposals: &mut Vec<Proposal>) -> Vec<usize> {
    let mut left: Vec<usize> = Vec::new();
    for at in 0..features.len() {
        if let Some(before) = left.last().copied()
            && features[before] == features[at]
            && let Some(score) = score(&features[before], &features[at])
            && score.points >= THRESHOLD
        {
            proposals.push(Proposal { a: before, b: at, rule: score.rule(), points: score.points, why: score.why() });
        } else {
            left.push(at);
        }
    }
    left
}

/// For each input the index of the record of its cluster with the smallest key.
fn works(joiner: &mut Joiner<'_>, keys: &[String], inputs: &[Vec<usize>]) -> Vec<usize> {
    let roots: Vec<usize> = (0..inputs.len()).map(|at| joiner.root(at)).collect();
    let mut smallest: BTreeMap<usize, usize> = BTreeMap::new();
    for (at, root) in roots.iter().enumerate() {
        let best = smallest.entry(*root).or_insert(at);
        if keys[at] < keys[*best] {
            *best = at;
        }
    }
    let mut work_of = vec![0; inputs.iter().map(Vec::len).sum()];
    for (root, indexes) in roots.iter().zip(inputs) {
        for index in indexes {
            work_of[*index] = inputs[smallest[root]][0];
        }
    }
    work_of
}

fn link(proposal: Proposal, inputs: &[Vec<usize>]) -> Link {
    let (a, b) = (inputs[proposal.a][0], inputs[proposal.b][0]);
    Link {
        a: a.min(b),
        b: a.max(b),
        rule: proposal.rule.to_owned(),
        score: if proposal.points >= IDENTIFIER { 1.0 } else { Score::as_share(proposal.points) },
        why: proposal.why,
    }
}
