//! Counting a ledger. Each function below names the rule of the ledger (DESIGN.md) that it holds.

use std::collections::{BTreeMap, BTreeSet};

use super::ledger::{HitRow, Ledger, Removal, Retrieval, Standing, StreamLedger, WorkStanding};
use super::shape::{
    AbstractFlow, ArmFlow, ByWhom, Flow, FulltextFlow, NotSearched, Ordered, Previous, RetrievalFlow, ReviewTotals,
    SCHEMA, StreamFlow, StudiesReports,
};

/// Counts a ledger. The flow depends on the set of its hits, never on their order; it has no
/// moment of its own: stamp it with [`Flow::generated_at`].
pub fn count(ledger: &Ledger) -> Flow {
    let streams: Vec<StreamFlow> = ledger.streams.iter().map(|stream| count_stream(stream, &ledger.studies)).collect();
    Flow {
        schema: SCHEMA.to_owned(),
        review: ledger.review.clone(),
        version: ledger.version.clone(),
        generated_at: String::new(),
        interim: streams.iter().any(|stream| stream.awaiting() > 0),
        streams,
        review_totals: totals(ledger),
    }
}

/// Rule 2, last sentence: a work in two streams is a duplicate in neither; the overlap stands apart.
fn totals(ledger: &Ledger) -> ReviewTotals {
    let mut streams_of: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for (index, stream) in ledger.streams.iter().enumerate() {
        for hit in &stream.hits {
            streams_of.entry(&hit.work).or_default().insert(index);
        }
    }
    ReviewTotals {
        works: streams_of.len() as u64,
        in_several_streams: streams_of.values().filter(|streams| streams.len() > 1).count() as u64,
    }
}

fn count_stream(stream: &StreamLedger, studies: &BTreeMap<String, String>) -> StreamFlow {
    let hits = distinct(stream);
    let owners = owners(stream, &hits);
    let mut arms: Vec<ArmFlow> = Vec::new();
    let mut about: BTreeSet<&str> = BTreeSet::new();
    for search in &stream.searches {
        if !arms.iter().any(|arm| arm.id == search.arm) {
            let mut included = Vec::new();
            arms.push(count_arm(stream, &search.arm, &hits, &owners, &mut included));
            about.extend(included.into_iter().map(|work| studies.get(work).map_or(work, String::as_str)));
        }
    }
    let included = arms.iter().map(|arm| arm.included).sum();
    // A work that nobody linked to another is its own study.
    let studies = about.len() as u64;
    let new = StudiesReports { studies, reports: included };
    StreamFlow {
        id: stream.id.clone(),
        title: stream.title.clone(),
        arms,
        included,
        studies,
        previous: Previous::default(),
        new,
        total: new,
        carried_over: 0,
    }
}

/// Rule 1: a hit is a record found by a search in a source, however many runs returned it.
/// Hits of a search that the stream does not have cannot be counted in any arm and are left out.
fn distinct(stream: &StreamLedger) -> BTreeMap<(usize, &str, &str), &HitRow> {
    let mut distinct: BTreeMap<(usize, &str, &str), &HitRow> = BTreeMap::new();
    for hit in stream.hits.iter().filter(|hit| hit.search < stream.searches.len()) {
        let first = distinct.entry((hit.search, &hit.source, &hit.record)).or_insert(hit);
        if hit.refresh < first.refresh {
            *first = hit;
        }
    }
    distinct
}

/// Rule 2: the search whose arm owns each work, that of the lowest (refresh, config order).
fn owners<'a>(
    stream: &'a StreamLedger,
    hits: &BTreeMap<(usize, &str, &str), &'a HitRow>,
) -> BTreeMap<&'a str, &'a str> {
    let mut first: BTreeMap<&str, (i64, usize)> = BTreeMap::new();
    for hit in hits.values() {
        let rank = (hit.refresh, hit.search);
        first.entry(&hit.work).and_modify(|best| *best = rank.min(*best)).or_insert(rank);
    }
    first.into_iter().map(|(work, (_, search))| (work, stream.searches[search].arm.as_str())).collect()
}

/// Counts an arm; the works that it includes are added to `included`.
fn count_arm<'a>(
    stream: &StreamLedger,
    id: &str,
    hits: &BTreeMap<(usize, &str, &str), &HitRow>,
    owners: &BTreeMap<&'a str, &str>,
    included: &mut Vec<&'a str>,
) -> ArmFlow {
    let mut arm = ArmFlow { id: id.to_owned(), ..ArmFlow::default() };
    sources(stream, hits, &mut arm);
    let searches = stream.searches.iter().filter(|search| search.arm == id);
    // The searches of an arm agree on where they enter; should they not, the abstracts are screened.
    let enters_at_fulltext = searches.clone().all(|search| search.enters_at_fulltext);
    arm.label = searches.clone().next().map(|search| search.label.clone()).unwrap_or_default();
    for search in searches {
        if !arm.kinds.contains(&search.kind) {
            arm.kinds.push(search.kind.clone());
        }
    }
    if stream.has_abstract && !enters_at_fulltext {
        arm.abstract_stage = Some(AbstractFlow { reasons: zeros(&stream.abstract_reasons), ..AbstractFlow::default() });
    }
    if stream.has_fulltext {
        arm.retrieval = Some(RetrievalFlow::default());
        arm.fulltext = Some(FulltextFlow { reasons: zeros(&stream.fulltext_reasons), ..FulltextFlow::default() });
    }
    let unseen = WorkStanding::default();
    let mut owned = 0;
    let mut own_reasons = OwnReasons::default();
    for work in owners.iter().filter(|(_, owner)| **owner == id).map(|(work, _)| *work) {
        owned += 1;
        let before = arm.included;
        count_work(stream.standings.get(work).unwrap_or(&unseen), &mut arm, &mut own_reasons);
        included.extend((arm.included > before).then_some(work));
    }
    own_reasons.append(&mut arm);
    // Rule 3. Every owned work has a hit in the arm that owns it, so this never falls below zero.
    arm.removed.duplicates = arm.identified - owned;
    arm
}

/// Identified, by source, and what was not searched.
fn sources(stream: &StreamLedger, hits: &BTreeMap<(usize, &str, &str), &HitRow>, arm: &mut ArmFlow) {
    for search in stream.searches.iter().filter(|search| search.arm == arm.id) {
        for source in &search.sources {
            let asked = !search.not_searched.iter().any(|(name, _)| name == source);
            let entry = arm.by_source.entry(source);
            if asked {
                entry.get_or_insert(0);
            }
        }
        for (source, reason) in &search.not_searched {
            arm.by_source.entry(source);
            let missing = NotSearched { source: source.clone(), reason: reason.clone() };
            if !arm.not_searched.contains(&missing) {
                arm.not_searched.push(missing);
            }
        }
    }
    // A source that failed this time may have hits of an earlier refresh: they count.
    for (search, source, _) in hits.keys() {
        if stream.searches[*search].arm == arm.id {
            *arm.by_source.entry(source).get_or_insert(0) += 1;
            arm.identified += 1;
        }
    }
}

/// Rule 9: configured reasons keep config order, also where nothing was excluded by them.
fn zeros(reasons: &[String]) -> Ordered<u64> {
    let mut zeros = Ordered::default();
    for reason in reasons {
        zeros.entry(reason);
    }
    zeros
}

/// Reasons that reviewers gave and config does not list; they come last, by name.
#[derive(Default)]
struct OwnReasons {
    at_abstract: BTreeMap<String, u64>,
    at_fulltext: BTreeMap<String, u64>,
}

impl OwnReasons {
    fn append(self, arm: &mut ArmFlow) {
        if let Some(stage) = &mut arm.abstract_stage {
            stage.reasons.0.extend(self.at_abstract);
        }
        if let Some(stage) = &mut arm.fulltext {
            stage.reasons.0.extend(self.at_fulltext);
        }
    }
}

fn add_reason(reasons: &mut Ordered<u64>, own: &mut BTreeMap<String, u64>, reason: &str) {
    match reasons.0.iter_mut().find(|(name, _)| name == reason) {
        Some((_, number)) => *number += 1,
        None => *own.entry(reason.to_owned()).or_default() += 1,
    }
}

/// Rules 3, 4, 9 and 10: one work through its arm, to where it was removed, excluded, closed,
/// included, or waits. A stage after the one that stopped it counts nothing.
fn count_work(standing: &WorkStanding, arm: &mut ArmFlow, own: &mut OwnReasons) {
    match standing.removed {
        Some(Removal::Automation) => return arm.removed.automation += 1,
        Some(Removal::Other) => return arm.removed.other += 1,
        None => {}
    }
    // A work of a stream without any stage is included as it came.
    let mut advanced_by_person = false;
    if let Some(stage) = &mut arm.abstract_stage {
        match &standing.abstract_stage {
            Standing::Awaiting => return stage.awaiting += 1,
            Standing::Excluded { by_person, reason } => {
                stage.screened += 1;
                stage.excluded += 1;
                stage.excluded_by.add(*by_person);
                return add_reason(&mut stage.reasons, &mut own.at_abstract, reason);
            }
            Standing::Advanced { by_person } => {
                stage.screened += 1;
                stage.advanced_by.add(*by_person);
                advanced_by_person = *by_person;
            }
        }
    }
    if let (Some(retrieval), Some(stage)) = (&mut arm.retrieval, &mut arm.fulltext) {
        retrieval.sought += 1;
        match standing.retrieval {
            Retrieval::Awaiting => return retrieval.awaiting += 1,
            Retrieval::NotRetrieved => return retrieval.not_retrieved += 1,
            Retrieval::Retrieved => {}
        }
        match &standing.fulltext {
            Standing::Awaiting => return stage.awaiting += 1,
            Standing::Excluded { by_person, reason } => {
                stage.assessed += 1;
                stage.excluded += 1;
                stage.excluded_by.add(*by_person);
                return add_reason(&mut stage.reasons, &mut own.at_fulltext, reason);
            }
            Standing::Advanced { by_person } => {
                stage.assessed += 1;
                advanced_by_person = *by_person;
            }
        }
    }
    include(&mut arm.included, &mut arm.included_by, advanced_by_person);
}

fn include(included: &mut u64, by: &mut ByWhom, by_person: bool) {
    *included += 1;
    by.add(by_person);
}
