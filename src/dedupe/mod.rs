//! Deduplication: records to works. Pure; order and batching do not matter.
//!
//! [`cluster`] links records by equal identifiers ([`exact`]) and by what their fields say
//! ([`block`] chooses the pairs, [`mod@score`] weighs them), and joins the links from the surest down;
//! a union that a [`veto`] forbids anywhere between the two sides is refused ([`join`]). Everything
//! happens in an order that the records' contents and keys give, never that of their arrival.

mod block;
mod compact;
mod exact;
mod features;
mod fields;
mod join;
mod marks;
mod merged;
mod origin;
mod pair;
mod part;
pub mod relation;
mod score;
mod settle;
#[cfg(test)]
mod tests;
mod title;
mod veto;

use serde::{Deserialize, Serialize};

use crate::model::Record;
pub use block::Place;
use features::{Features, Scheme};
use join::Joiner;
pub use merged::merged;
pub use origin::{FieldOrigin, origins};
pub use pair::{FieldReport, Outcome, PairReport, Verdict, explain_pair};
pub use part::{Changed, Index, Near, Part, VERSION, part, places_of};
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

/// A link before joining.
#[derive(Clone, Copy)]
struct Proposal {
    a: u32,
    b: u32,
    why: Why,
}

/// What speaks for a link, in the order of how sure it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Why {
    /// What the fields say, in hundredths of a point.
    Fields(i32),
    Identifier(Scheme),
    Person,
    SameRecord,
}

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
    let mut batch = Batch::default();
    for record in records {
        batch.add(record);
    }
    batch.cluster(judged)
}

/// Records to cluster, taken in one by one: of each only what is compared is kept.
#[derive(Default)]
pub struct Batch {
    features: Vec<Features>,
    keys: Vec<Box<str>>,
    places: Vec<(block::Place, u32)>,
}

impl Batch {
    /// Takes a record in; its index is the number of those before it.
    pub fn add(&mut self, record: &Record) {
        let (features, key) = (Features::of(record), record.key());
        let index = index(self.features.len());
        self.places.extend(block::places(&features, &key).into_iter().map(|place| (place, index)));
        self.features.push(features);
        self.keys.push(key.into());
    }
    /// Clusters them; what people said of pairs holds.
    pub fn cluster(self, judged: &Judged) -> Clusters {
        let Self { mut features, keys, mut places } = self;
        let order = Order::of(&keys, &features);
        let mut proposals = Vec::new();
        for group in exact::groups(&mut features, &order) {
            identifier_links(&group, &mut proposals);
        }
        places.retain(|(_, at)| !order.repeated[*at as usize]);
        let blocks = block::Blocks::of(places, features.len());
        let mut possible = Vec::new();
        let mut seen = vec![u32::MAX; features.len()];
        for one in 0..features.len() {
            for other in blocks.after(one) {
                if seen[other] == index(one) || other == one {
                    continue;
                }
                seen[other] = index(one);
                compare(&features, one, other, &mut proposals, &mut possible);
            }
        }
        drop(blocks);
        Joining { features: &features, keys: &keys, order: &order }.join(proposals, possible, judged)
    }
}

fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn compare(features: &[Features], a: usize, b: usize, proposals: &mut Vec<Proposal>, possible: &mut Vec<Proposal>) {
    if let Some(score) = score(&features[a], &features[b])
        && score.points >= POSSIBLE
    {
        let proposal = Proposal { a: index(a), b: index(b), why: Why::Fields(score.points) };
        if score.points >= THRESHOLD { proposals } else { possible }.push(proposal);
    }
}

/// The order in which records come where nothing else decides: by key, then by content.
struct Order {
    /// Records from the first to the last.
    sorted: Vec<u32>,
    /// For each record its position in `sorted`.
    rank: Vec<u32>,
    /// Records that repeat the one before them in `sorted`, key and content: they add nothing.
    repeated: Vec<bool>,
}

impl Order {
    fn of(keys: &[Box<str>], features: &[Features]) -> Self {
        let mut sorted: Vec<u32> = (0..index(keys.len())).collect();
        sorted.sort_by(|a, b| {
            let (a, b) = (*a as usize, *b as usize);
            let content = |at: usize| compact::signature(&features[at]);
            keys[a].cmp(&keys[b]).then_with(|| content(a).cmp(&content(b)))
        });
        let mut rank = vec![0; keys.len()];
        let mut repeated = vec![false; keys.len()];
        for (position, at) in sorted.iter().enumerate() {
            let at = *at as usize;
            rank[at] = index(position);
            let before = position.checked_sub(1).map(|before| sorted[before] as usize);
            repeated[at] = before.is_some_and(|before| keys[before] == keys[at] && features[before] == features[at]);
        }
        Self { sorted, rank, repeated }
    }
}

/// Links to clusters.
struct Joining<'a> {
    features: &'a [Features],
    keys: &'a [Box<str>],
    order: &'a Order,
}

impl Joining<'_> {
    /// Joins from the surest down; what nothing else decides, keys and contents do.
    fn join(&self, mut proposals: Vec<Proposal>, mut possible: Vec<Proposal>, judged: &Judged) -> Clusters {
        let same = judged.same.iter().map(|(a, b)| Proposal { a: index(*a), b: index(*b), why: Why::Person });
        proposals.extend(same.filter(|said| said.a != said.b));
        proposals.extend(self.same_key());
        for proposal in proposals.iter_mut().chain(&mut possible) {
            if self.rank(proposal.a) > self.rank(proposal.b) {
                std::mem::swap(&mut proposal.a, &mut proposal.b);
            }
        }
        let ranks = |proposal: &Proposal| (self.rank(proposal.a), self.rank(proposal.b));
        proposals.sort_unstable_by(|x, y| y.why.cmp(&x.why).then_with(|| ranks(x).cmp(&ranks(y))));
        let mut joiner = Joiner::new(self.features, &self.order.rank);
        joiner.keep_apart(&judged.apart);
        let (mut made, mut refused) = (Vec::new(), Vec::new());
        for proposal in proposals {
            let (a, b) = (proposal.a as usize, proposal.b as usize);
            if joiner.root(a) == joiner.root(b) {
                continue;
            }
            let forced = matches!(proposal.why, Why::Person | Why::SameRecord);
            match if forced { joiner.force(a, b) } else { joiner.join(a, b) } {
                Ok(()) => made.push(proposal),
                Err(reason) if !forced => refused.push((proposal, reason)),
                Err(_) => {}
            }
        }
        let mut for_a_person = |proposal: &Proposal| {
            let (a, b) = (proposal.a as usize, proposal.b as usize);
            joiner.root(a) != joiner.root(b) && !joiner.are_apart(a, b)
        };
        possible.retain(&mut for_a_person);
        refused.retain(|(proposal, _)| for_a_person(proposal));
        possible.sort_unstable_by_key(ranks);
        let mut possible: Vec<Link> = possible.iter().map(|proposal| self.link(proposal)).collect();
        possible.extend(refused.iter().map(|(proposal, reason)| {
            let link = self.link(proposal);
            Link { why: format!("{}; refused: {reason}", link.why), ..link }
        }));
        let merged = made.iter().map(|proposal| self.link(proposal)).collect();
        Clusters { work_of: self.works(&mut joiner), merged, possible }
    }
    fn rank(&self, at: u32) -> u32 {
        self.order.rank[at as usize]
    }
    /// One record as a source gave it at two times.
    fn same_key(&self) -> Vec<Proposal> {
        let once: Vec<u32> =
            self.order.sorted.iter().copied().filter(|at| !self.order.repeated[*at as usize]).collect();
        let pairs = once.windows(2).filter(|pair| self.keys[pair[0] as usize] == self.keys[pair[1] as usize]);
        pairs.map(|pair| Proposal { a: pair[0], b: pair[1], why: Why::SameRecord }).collect()
    }
    /// For each record that of its cluster with the smallest key.
    fn works(&self, joiner: &mut Joiner<'_>) -> Vec<usize> {
        let mut roots: Vec<usize> = (0..self.keys.len()).map(|at| joiner.root(at)).collect();
        let mut first: Vec<Option<usize>> = vec![None; roots.len()];
        let mut before = None;
        for at in self.order.sorted.iter().map(|at| *at as usize) {
            if let Some(before) = before.filter(|_| self.order.repeated[at]) {
                roots[at] = roots[before];
            }
            before = Some(at);
            first[roots[at]].get_or_insert(at);
        }
        roots.into_iter().enumerate().map(|(at, root)| first[root].unwrap_or(at)).collect()
    }
    fn link(&self, proposal: &Proposal) -> Link {
        let (a, b) = (proposal.a as usize, proposal.b as usize);
        let (rule, share, why) = match proposal.why {
            Why::SameRecord => ("same-record", 1.0, "the same record".to_owned()),
            Why::Person => ("a-person", 1.0, "a person said so".to_owned()),
            Why::Identifier(scheme) => (scheme.rule(), 1.0, format!("{}: equal", &scheme.rule()["same-".len()..])),
            Why::Fields(points) => {
                let score = score(&self.features[a], &self.features[b]).unwrap_or_default();
                (score.rule(), Score::as_share(points), score.why())
            }
        };
        Link { a: a.min(b), b: a.max(b), rule: rule.to_owned(), score: share, why }
    }
}

/// Every pair of a small group; in a large one each with the next and with the first.
fn identifier_links(group: &exact::Group, proposals: &mut Vec<Proposal>) {
    let members = &group.members;
    for (at, a) in members.iter().enumerate() {
        for (other, b) in members.iter().enumerate().skip(at + 1) {
            if members.len() <= 12 || at == 0 || other == at + 1 {
                proposals.push(Proposal { a: index(*a), b: index(*b), why: Why::Identifier(group.scheme) });
            } else {
                break;
            }
        }
    }
}
