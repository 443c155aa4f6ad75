//! The counts against rows made by hand, against a slow count written another way, and against
//! conservation on random ledgers.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

fn search(id: &str, kind: &str, arm: &str, enters_at_fulltext: bool, sources: &[&str]) -> SearchSpec {
    SearchSpec {
        id: id.into(),
        kind: kind.into(),
        arm: arm.into(),
        label: arm.to_uppercase(),
        enters_at_fulltext,
        sources: sources.iter().map(ToString::to_string).collect(),
        not_searched: Vec::new(),
    }
}

fn hit(search: usize, source: &str, record: &str, work: &str, refresh: i64) -> HitRow {
    HitRow { search, source: source.into(), record: record.into(), work: work.into(), refresh }
}

/// Two arms, one of two searches that share a record; one work found by both arms.
fn small() -> Ledger {
    let searches = vec![
        search("a", "database", "database", false, &["scopus", "wos"]),
        SearchSpec {
            not_searched: vec![("ovid".into(), "no key".into())],
            ..search("b", "import", "database", false, &["ovid", "b"])
        },
        search("c", "citation", "citation", true, &["openalex"]),
    ];
    let hits = vec![
        hit(0, "scopus", "s1", "w1", 1),
        hit(0, "wos", "v1", "w1", 1),
        hit(0, "wos", "v1", "w1", 2),
        hit(1, "b", "s1", "w1", 1),
        hit(0, "scopus", "s2", "w2", 1),
        hit(0, "scopus", "s3", "w3", 1),
        hit(2, "openalex", "o3", "w3", 1),
        // Found by the citation search a refresh before the database had it.
        hit(0, "wos", "v4", "w4", 2),
        hit(2, "openalex", "o4", "w4", 1),
    ];
    let advanced = Standing::Advanced { by_person: false };
    let standings = BTreeMap::from([
        (
            "w1".to_owned(),
            WorkStanding {
                abstract_stage: advanced.clone(),
                retrieval: Retrieval::Retrieved,
                fulltext: advanced.clone(),
                removed: None,
            },
        ),
        (
            "w2".to_owned(),
            WorkStanding {
                abstract_stage: Standing::Excluded { by_person: true, reason: "My own".into() },
                fulltext: advanced,
                ..WorkStanding::default()
            },
        ),
        ("w4".to_owned(), WorkStanding { retrieval: Retrieval::NotRetrieved, ..WorkStanding::default() }),
    ]);
    Ledger {
        review: "R".into(),
        version: "1".into(),
        streams: vec![StreamLedger {
            id: "s".into(),
            title: "S".into(),
            has_abstract: true,
            has_fulltext: true,
            searches,
            hits,
            standings,
            abstract_reasons: vec!["Not relevant".into(), "Not a journal article".into(), "Not relevant".into()],
            fulltext_reasons: vec!["Not relevant".into()],
        }],
        studies: BTreeMap::new(),
    }
}

#[test]
fn a_small_ledger_in_the_shape_of_the_interface() {
    let flow = count(&small()).generated_at("2026-11-24T00:00:00Z");
    assert_eq!(conserve(&flow), Ok(()));
    insta::assert_json_snapshot!(flow);
    let text = serde_json::to_string(&flow).unwrap();
    assert_eq!(serde_json::from_str::<Flow>(&text).unwrap(), flow);
}

#[test]
fn an_empty_review_is_done() {
    let flow = count(&Ledger::default());
    assert!(!flow.interim);
    assert_eq!(conserve(&flow), Ok(()));
}

#[test]
fn what_breaks_is_named() {
    let mut flow = count(&small());
    flow.streams[0].arms[0].identified += 1;
    flow.streams[0].arms[1].included += 1;
    flow.interim = false;
    insta::assert_snapshot!(conserve(&flow).unwrap_err().join("\n"));
}

const ARMS: [&str; 3] = ["database", "citation", "web"];

fn standing() -> impl Strategy<Value = Standing> {
    prop_oneof![
        Just(Standing::Awaiting),
        any::<bool>().prop_map(|by_person| Standing::Advanced { by_person }),
        (any::<bool>(), prop::sample::select(vec!["r1", "r2", "own b", "own a"]))
            .prop_map(|(by_person, reason)| Standing::Excluded { by_person, reason: reason.into() }),
    ]
}

fn work_standing() -> impl Strategy<Value = WorkStanding> {
    let removed = prop_oneof![6 => Just(None), 1 => Just(Some(Removal::Automation)), 1 => Just(Some(Removal::Other))];
    let retrieval = prop_oneof![Just(Retrieval::Awaiting), Just(Retrieval::Retrieved), Just(Retrieval::NotRetrieved)];
    (removed, standing(), retrieval, standing()).prop_map(|(removed, abstract_stage, retrieval, fulltext)| {
        WorkStanding { removed, abstract_stage, retrieval, fulltext }
    })
}

fn stream() -> impl Strategy<Value = StreamLedger> {
    let searches = vec((0..3usize, prop::sample::subsequence(vec!["x", "y", "z"], 0..=3), any::<bool>()), 1..5);
    let hits = vec((0..5usize, 0..3usize, 0..30usize, 1..4i64), 0..80);
    let standings = prop::collection::btree_map(0..14usize, work_standing(), 0..14);
    (searches, hits, standings, any::<bool>(), any::<bool>(), any::<[bool; 3]>()).prop_map(
        |(searches, hits, standings, has_abstract, has_fulltext, enters)| {
            let searches: Vec<SearchSpec> = searches
                .into_iter()
                .enumerate()
                .map(|(index, (arm, sources, failed))| {
                    let mut spec = search(&format!("q{index}"), "database", ARMS[arm], enters[arm], &sources);
                    if failed && let Some(source) = spec.sources.last() {
                        spec.not_searched.push((source.clone(), "failed".into()));
                    }
                    spec
                })
                .collect();
            let hits = hits
                .into_iter()
                .map(|(query, source, record, refresh)| {
                    // Records of one work are those of one number modulo 14.
                    hit(
                        query % searches.len(),
                        ["x", "y", "z"][source],
                        &format!("k{record}"),
                        &format!("w{}", record % 14),
                        refresh,
                    )
                })
                .collect();
            StreamLedger {
                id: "s".into(),
                title: "S".into(),
                has_abstract,
                has_fulltext,
                searches,
                hits,
                standings: standings.into_iter().map(|(work, standing)| (format!("w{work}"), standing)).collect(),
                abstract_reasons: vec!["r1".into(), "r2".into()],
                fulltext_reasons: vec!["r2".into()],
            }
        },
    )
}

/// Where a hit ends, in one word: the count written again, from the side of each single hit.
fn fate(stream: &StreamLedger, hit: &HitRow) -> String {
    let rank = |other: &HitRow| (other.refresh, other.search, other.source.clone(), other.record.clone());
    let first = stream.hits.iter().filter(|other| other.work == hit.work).min_by_key(|other| rank(other)).unwrap();
    if rank(first) != rank(hit) {
        return "duplicate".into();
    }
    let arm = &stream.searches[hit.search].arm;
    let late = stream.searches.iter().filter(|search| search.arm == *arm).all(|search| search.enters_at_fulltext);
    let standing = stream.standings.get(&hit.work).cloned().unwrap_or_default();
    let whom = |person: bool| if person { "reviewer" } else { "rule" };
    let mut path = String::new();
    match standing.removed {
        Some(removal) => return format!("{removal:?}"),
        None if stream.has_abstract && !late => match standing.abstract_stage {
            Standing::Awaiting => return "abstract:awaiting".into(),
            Standing::Excluded { by_person, reason } => {
                return format!("abstract:excluded:{}:{reason}", whom(by_person));
            }
            Standing::Advanced { by_person } => path = format!("advanced:{} ", whom(by_person)),
        },
        None => {}
    }
    if !stream.has_fulltext {
        let by = if path.contains("reviewer") { "reviewer" } else { "rule" };
        return format!("{path}included:{by}");
    }
    path += "sought ";
    match (standing.retrieval, standing.fulltext) {
        (Retrieval::Awaiting, _) => path + "retrieval:awaiting",
        (Retrieval::NotRetrieved, _) => path + "not-retrieved",
        (_, Standing::Awaiting) => path + "fulltext:awaiting",
        (_, Standing::Excluded { by_person, reason }) => {
            format!("{path}fulltext:excluded:{}:{reason}", whom(by_person))
        }
        (_, Standing::Advanced { by_person }) => format!("{path}included:{}", whom(by_person)),
    }
}

fn assert_agrees(stream: &StreamLedger, arm: &ArmFlow) {
    // A hit once, at the first refresh that saw it.
    let mut rows: Vec<HitRow> = stream.hits.clone();
    rows.sort_by_key(|row| (row.search, row.source.clone(), row.record.clone(), row.refresh));
    rows.dedup_by_key(|row| (row.search, row.source.clone(), row.record.clone()));
    let stream = StreamLedger { hits: rows, ..stream.clone() };
    let fates: Vec<String> = stream
        .hits
        .iter()
        .filter(|hit| stream.searches[hit.search].arm == arm.id)
        .map(|hit| fate(&stream, hit))
        .collect();
    let number = |part: &str| fates.iter().filter(|fate| fate.contains(part)).count() as u64;
    assert_eq!(arm.identified, fates.len() as u64);
    assert_eq!(arm.removed.duplicates, number("duplicate"));
    assert_eq!(arm.removed.automation, number("Automation"));
    assert_eq!(arm.removed.other, number("Other"));
    assert_eq!(arm.included, number("included:"));
    assert_eq!(arm.included_by.rule, number("included:rule"));
    if let Some(stage) = &arm.abstract_stage {
        assert_eq!(stage.screened, number("advanced:") + number("abstract:excluded"));
        assert_eq!(stage.excluded_by.reviewer, number("abstract:excluded:reviewer"));
        assert_eq!(stage.advanced_by.rule, number("advanced:rule"));
        assert_eq!(stage.awaiting, number("abstract:awaiting"));
        for (reason, count) in stage.reasons.iter() {
            let ending = format!(":{reason}");
            let expected =
                fates.iter().filter(|fate| fate.starts_with("abstract:excluded") && fate.ends_with(&ending)).count();
            assert_eq!(*count, expected as u64, "{reason}");
        }
    }
    if let (Some(retrieval), Some(stage)) = (&arm.retrieval, &arm.fulltext) {
        assert_eq!(retrieval.sought, number("sought"));
        assert_eq!(retrieval.awaiting, number("retrieval:awaiting"));
        assert_eq!(retrieval.not_retrieved, number("not-retrieved"));
        assert_eq!(stage.awaiting, number("fulltext:awaiting"));
        assert_eq!(stage.excluded_by.rule, number("fulltext:excluded:rule"));
        assert_eq!(stage.excluded, number("fulltext:excluded"));
    }
    let names: Vec<&str> = arm.fulltext.iter().flat_map(|stage| stage.reasons.iter().map(|(name, _)| name)).collect();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "a reason stands once");
}

/// Works w0 to w13 in the studies that links between them make: each is named by its smallest work.
fn linked(links: &[(usize, usize)]) -> BTreeMap<String, String> {
    let mut study: Vec<usize> = (0..14).collect();
    for (a, b) in links {
        let (low, high) = (study[*a].min(study[*b]), study[*a].max(study[*b]));
        study.iter_mut().filter(|name| **name == high).for_each(|name| *name = low);
    }
    study.iter().enumerate().map(|(work, name)| (format!("w{work}"), format!("w{name}"))).collect()
}

/// Studies of a stream's included works: from each, all that links lead to are struck out.
fn slow_studies(stream: &StreamLedger, links: &[(usize, usize)]) -> u64 {
    let mut included: BTreeSet<String> =
        stream.hits.iter().filter(|hit| fate(stream, hit).contains("included:")).map(|hit| hit.work.clone()).collect();
    let mut studies = 0;
    while let Some(first) = included.pop_first() {
        studies += 1;
        let mut reached = vec![first];
        let mut seen = BTreeSet::new();
        while let Some(work) = reached.pop() {
            if seen.insert(work.clone()) {
                let ends = links.iter().flat_map(|(a, b)| [(a, b), (b, a)]);
                reached.extend(ends.filter(|(from, _)| format!("w{from}") == work).map(|(_, to)| format!("w{to}")));
                included.remove(&work);
            }
        }
    }
    studies
}

proptest! {
    #[test]
    fn random_ledgers_conserve_and_agree_with_a_slow_count(
        streams in vec(stream(), 1..4),
        links in vec((0..14usize, 0..14usize), 0..8),
    ) {
        let ledger = Ledger { review: "R".into(), version: "1".into(), streams, studies: linked(&links) };
        let flow = count(&ledger);
        prop_assert_eq!(conserve(&flow), Ok(()));
        for (stream, counted) in ledger.streams.iter().zip(&flow.streams) {
            for arm in &counted.arms {
                assert_agrees(stream, arm);
            }
            prop_assert_eq!(counted.studies, slow_studies(stream, &links));
        }
        let works: BTreeSet<&str> =
            ledger.streams.iter().flat_map(|stream| &stream.hits).map(|hit| hit.work.as_str()).collect();
        prop_assert_eq!(flow.review_totals.works, works.len() as u64);
    }

    #[test]
    fn the_order_of_arrival_does_not_matter(mut stream in stream(), seed in any::<u64>()) {
        let before = count(&Ledger { streams: vec![stream.clone()], ..Ledger::default() });
        let mut random = fastrand::Rng::with_seed(seed);
        random.shuffle(&mut stream.hits);
        let repeated = stream.hits.clone();
        stream.hits.extend(repeated);
        prop_assert_eq!(count(&Ledger { streams: vec![stream], ..Ledger::default() }), before);
    }
}
