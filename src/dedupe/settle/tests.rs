//! Policy and people above the rules: what holds whatever was said, in whatever order records come.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::model::{Author, PartialDate, WorkType};

/// Copies of a few documents; `number % 3` tells which.
fn record(number: usize) -> Record {
    let titles = [
        "Walking groups and loneliness in three coastal towns of the north",
        "Choirs after stroke in four market towns and their hinterland",
        "Gardens on prescription between two valleys and a moor",
    ];
    Record {
        source: "file".into(),
        source_key: format!("{number:02}"),
        title: Some(titles[number % 3].into()),
        authors: vec![Author { family: "Pritchard".into(), given: "Elen".into(), collective: false }],
        dates: vec![PartialDate::of_year(2021).unwrap()],
        venue: Some("Journal of Community Health".into()),
        volume: Some("46".into()),
        pages: Some(format!("{}-{}", 100 * (1 + number % 3), 100 * (1 + number % 3) + 12)),
        ..Record::default()
    }
}

fn settled(records: &[Record], one_work: &[Kind], linked: &[(usize, usize)], rulings: &[Ruling]) -> Settled {
    let records: Vec<&Record> = records.iter().collect();
    settle(&records, &cluster(&records), one_work, linked, rulings)
}

fn works(records: &[Record], rulings: &[Ruling]) -> Vec<usize> {
    settled(records, &[], &[], rulings).work_of
}

#[test]
fn a_person_merges_and_parts() {
    let records: Vec<Record> = (0..6).map(record).collect();
    assert_eq!(works(&records, &[]), [0, 1, 2, 0, 1, 2]);
    let together = Ruling::Together(vec![0, 1]);
    assert_eq!(works(&records, std::slice::from_ref(&together)), [0, 0, 2, 0, 0, 2], "whole works become one");
    let apart = Ruling::Apart(vec![vec![0], vec![3]]);
    assert_eq!(works(&records, std::slice::from_ref(&apart)), [0, 1, 2, 3, 1, 2]);
    // 0 and 1 are one, 0 and 3 are not: 3 stands alone.
    assert_eq!(works(&records, &[together, apart]), [0, 0, 2, 3, 0, 2]);
}

#[test]
fn what_one_record_held_together_stays_together_without_it() {
    let records: Vec<Record> = [0, 3, 6, 9].into_iter().map(record).collect();
    assert_eq!(works(&records, &[]), [0, 0, 0, 0]);
    let out = Ruling::Apart(vec![vec![0], vec![1, 2, 3]]);
    assert_eq!(works(&records, &[out]), [0, 1, 1, 1], "the others are linked to one another too");
}

#[test]
fn the_later_word_holds() {
    let records: Vec<Record> = (0..3).map(record).collect();
    let (together, apart) = (Ruling::Together(vec![0, 1]), Ruling::Apart(vec![vec![0], vec![1]]));
    let first = settled(&records, &[], &[], &[together.clone(), apart.clone()]);
    assert_eq!((first.work_of, first.overruled), (vec![0, 1, 2], vec![0]));
    let second = settled(&records, &[], &[], &[apart, together]);
    assert_eq!((second.work_of, second.overruled), (vec![0, 0, 2], vec![0]));
}

#[test]
fn policy_divides_a_preprint_from_its_article_and_keeps_the_copies_of_each() {
    let mut records: Vec<Record> = [0, 3, 6, 9].into_iter().map(record).collect();
    for preprint in &mut records[2..] {
        preprint.types = vec![WorkType::Preprint];
        (preprint.volume, preprint.pages, preprint.venue) = (None, None, None);
    }
    for article in &mut records[..2] {
        article.types = vec![WorkType::JournalArticle];
    }
    assert_eq!(works(&records, &[]), [0, 0, 2, 2]);
    let one = settled(&records, &[Kind::PreprintOf], &[], &[]);
    assert_eq!(one.work_of, [0, 0, 0, 0], "where the review counts them as one work");
    // A person outranks policy.
    assert_eq!(works(&records, &[Ruling::Together(vec![0, 2])]), [0, 0, 0, 0]);
}

#[test]
fn links_that_the_review_counts_as_one_work_unite() {
    let records: Vec<Record> = (0..4).map(record).collect();
    assert_eq!(settled(&records, &[Kind::ErratumOf], &[(1, 0)], &[]).work_of, [0, 0, 2, 0]);
}

fn rulings(records: usize) -> impl Strategy<Value = Vec<(bool, Vec<usize>)>> {
    vec((any::<bool>(), vec(0..records, 2..4)), 0..6)
}

fn read(said: &[(bool, Vec<usize>)]) -> Vec<Ruling> {
    said.iter()
        .map(|(together, named)| {
            let mut named = named.clone();
            named.sort_unstable();
            named.dedup();
            if *together {
                Ruling::Together(named)
            } else {
                Ruling::Apart(named.into_iter().map(|at| vec![at]).collect())
            }
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn what_people_said_holds_in_any_order_of_records(said in rulings(9), turn in 0usize..9) {
        let records: Vec<Record> = (0..9).map(record).collect();
        let rulings = read(&said);
        let settled = settled(&records, &[], &[], &rulings);
        for (index, ruling) in rulings.iter().enumerate().filter(|(index, _)| !settled.overruled.contains(index)) {
            match ruling {
                Ruling::Together(all) => {
                    prop_assert!(all.windows(2).all(|pair| settled.work_of[pair[0]] == settled.work_of[pair[1]]), "{index}");
                }
                Ruling::Apart(sides) => {
                    for (at, side) in sides.iter().enumerate() {
                        for other in &sides[at + 1..] {
                            prop_assert_ne!(settled.work_of[side[0]], settled.work_of[other[0]], "{}", index);
                        }
                    }
                }
            }
        }
        // The latest word is never overruled.
        prop_assert!(rulings.is_empty() || !settled.overruled.contains(&(rulings.len() - 1)));

        let mut turned = records.clone();
        turned.rotate_left(turn);
        let place = |at: usize| (at + records.len() - turn) % records.len();
        let moved: Vec<Ruling> = rulings
            .iter()
            .map(|ruling| match ruling {
                Ruling::Together(all) => Ruling::Together(all.iter().map(|at| place(*at)).collect()),
                Ruling::Apart(sides) => {
                    Ruling::Apart(sides.iter().map(|side| side.iter().map(|at| place(*at)).collect()).collect())
                }
            })
            .collect();
        let again = works(&turned, &moved);
        for at in 0..records.len() {
            prop_assert_eq!(place(settled.work_of[at]), again[place(at)]);
        }
    }
}
