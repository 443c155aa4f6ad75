//! What is merged, what is not, and that order does not matter.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::model::{Author, PartialDate, WorkType};

/// A journal article of our own; tests change what they are about.
fn article(key: &str) -> Record {
    Record {
        source: "file".into(),
        source_key: key.into(),
        title: Some("Walking groups and loneliness in three coastal towns: a mixed methods study".into()),
        authors: vec![
            Author { family: "Pritchard".into(), given: "Elen".into(), collective: false },
            Author { family: "Okafor".into(), given: "Ada".into(), collective: false },
        ],
        dates: vec![PartialDate::of_year(2021).unwrap()],
        venue: Some("Journal of Community Health".into()),
        volume: Some("46".into()),
        issue: Some("3".into()),
        pages: Some("512-524".into()),
        types: vec![WorkType::JournalArticle],
        ..Record::default()
    }
}

fn with(key: &str, change: impl FnOnce(&mut Record)) -> Record {
    let mut record = article(key);
    change(&mut record);
    record
}

fn other_article(key: &str) -> Record {
    with(key, |r| {
        r.title = Some("Choirs after stroke in a rural health board area".into());
        (r.volume, r.pages) = (None, Some("17-29".into()));
    })
}

fn works(records: &[Record]) -> Vec<usize> {
    cluster(&records.iter().collect::<Vec<_>>()).work_of
}

fn one_work(a: &Record, b: &Record) -> bool {
    works(&[a.clone(), b.clone()]) == [0, 0] || works(&[a.clone(), b.clone()]) == [1, 1]
}

#[test]
fn copies_in_other_dress_are_one_work() {
    let doi = |record: &mut Record| record.identifiers.doi = Some("10.1000/walk".into());
    let changes: Vec<(&str, Record)> = vec![
        (
            "abbreviations",
            with("b", |r| {
                r.venue = Some("J Community Health".into());
                r.authors = vec![Author { family: "Pritchard".into(), given: "E".into(), collective: false }];
                r.pages = Some("512-24".into());
            }),
        ),
        (
            "case, hyphens, a year apart",
            with("b", |r| {
                r.title = Some("WALKING-GROUPS AND LONELINESS IN THREE COASTAL TOWNS: A MIXED-METHODS STUDY".into());
                r.dates = vec![PartialDate::of_year(2020).unwrap()];
            }),
        ),
        (
            "fields missing",
            with("b", |r| {
                (r.venue, r.volume, r.issue, r.pages) = (None, None, None, None);
            }),
        ),
        ("subtitle lost", with("b", |r| r.title = Some("Walking groups and loneliness in three coastal towns".into()))),
        (
            "a misprint",
            with("b", |r| {
                r.title = Some("Walking groups and lonliness in three coastal towns: a mixed methods study".into());
            }),
        ),
    ];
    for (what, changed) in changes {
        assert!(one_work(&article("a"), &changed), "{what}");
    }
    let (mut a, mut b) =
        (article("a"), Record { source: "crossref".into(), source_key: "b".into(), ..Record::default() });
    doi(&mut a);
    doi(&mut b);
    assert!(one_work(&a, &b), "equal DOIs, one without any other field");
}

#[test]
fn siblings_are_not_merged() {
    let title = |text: &str, key: &str| with(key, |r| r.title = Some(text.into()));
    let place = |record: &mut Record, volume: &str, pages: &str| {
        record.volume = Some(volume.into());
        record.pages = Some(pages.into());
    };
    let base = "Walking groups and loneliness in three coastal towns";
    let mut pairs = vec![
        ("parts", title(&format!("{base}, part I"), "a"), title(&format!("{base}, part II"), "b")),
        ("years in titles", title(&format!("{base}, 2019"), "a"), title(&format!("{base}, 2020"), "b")),
        ("an erratum", title(base, "a"), title(&format!("Erratum to: {base}"), "b")),
        ("a reply", title(base, "a"), title(&format!("Reply to: {base}"), "b")),
        ("a protocol", title(base, "a"), title(&format!("{base}: study protocol"), "b")),
        ("a type", article("a"), with("b", |r| (r.types, r.pages) = (vec![WorkType::Erratum], None))),
        ("a supplement's abstract", article("a"), with("b", |r| place(r, "46", "S12-S13"))),
        ("another volume", article("a"), with("b", |r| place(r, "47", "12-24"))),
        ("adjacent pages", article("a"), with("b", |r| place(r, "46", "525-530"))),
        (
            "a substituted word",
            article("a"),
            with("b", |r| {
                r.title = Some("Walking groups and frailty in three coastal towns: a mixed methods study".into());
                r.pages = None;
            }),
        ),
        (
            "other authors",
            with("a", |r| (r.venue, r.pages) = (None, None)),
            with("b", |r| {
                (r.venue, r.pages, r.volume) = (None, None, None);
                r.authors = vec![Author { family: "Lindqvist".into(), given: "Bo".into(), collective: false }];
            }),
        ),
        (
            "titles alone",
            with("a", |r| *r = Record { title: r.title.clone(), source_key: "a".into(), ..Record::default() }),
            with("b", |r| *r = Record { title: r.title.clone(), source_key: "b".into(), ..Record::default() }),
        ),
        (
            "PMIDs",
            with("a", |r| r.identifiers.pmid = Some("1".into())),
            with("b", |r| r.identifiers.pmid = Some("2".into())),
        ),
        (
            "registrations",
            with("a", |r| r.identifiers.other = vec!["nct:NCT00000001".into()]),
            with("b", |r| r.identifiers.other = vec!["nct:NCT00000002".into()]),
        ),
        (
            "editorials",
            title("Editorial", "a"),
            with("b", |r| {
                (r.title, r.issue, r.pages) = (Some("Editorial".into()), Some("4".into()), None);
            }),
        ),
    ];
    for (what, a, b) in &mut pairs {
        assert!(!one_work(a, b), "{what}");
    }
}

#[test]
fn one_doi_for_a_whole_supplement_is_not_trusted() {
    let mut records: Vec<Record> = ["Gardens on prescription", "Choirs after stroke", "Time banks in rural wards"]
        .iter()
        .enumerate()
        .map(|(at, title)| {
            with(&format!("k{at}"), |r| {
                r.title = Some((*title).into());
                r.identifiers.doi = Some("10.1000/supplement".into());
                (r.pages, r.authors) = (None, Vec::new());
            })
        })
        .collect();
    records.push(Record {
        source: "crossref".into(),
        source_key: "z".into(),
        identifiers: records[0].identifiers.clone(),
        ..Record::default()
    });
    assert_eq!(works(&records), [0, 1, 2, 3]);
}

#[test]
fn an_untitled_record_never_bridges_two_works() {
    let a = with("a", |r| r.identifiers.doi = Some("10.1000/one".into()));
    let b = with("b", |r| {
        r.title = Some("Choirs after stroke in a rural health board area".into());
        r.identifiers.pmid = Some("77".into());
        (r.pages, r.volume) = (Some("9-12".into()), Some("3".into()));
    });
    let bridge = Record {
        source: "x".into(),
        source_key: "c".into(),
        identifiers: crate::model::Identifiers {
            doi: Some("10.1000/one".into()),
            pmid: Some("77".into()),
            ..Default::default()
        },
        ..Record::default()
    };
    let clusters = cluster(&[&a, &b, &bridge]);
    assert_ne!(clusters.work_of[0], clusters.work_of[1]);
    assert_eq!(clusters.merged.len(), 1);
}

#[test]
fn a_veto_between_members_stops_a_merge_through_a_third() {
    let vague = with("m", |r| (r.pages, r.volume, r.issue) = (None, None, None));
    let a = article("a");
    let b = with("z", |r| (r.volume, r.pages) = (Some("47".into()), Some("12-24".into())));
    let work_of = works(&[a, vague, b]);
    assert_ne!(work_of[0], work_of[2]);
}

#[test]
fn links_say_why_and_refused_ones_are_for_a_person() {
    let (a, b) = (article("a"), with("b", |r| r.types = vec![WorkType::Erratum]));
    let b = Record { pages: None, ..b };
    let clusters = cluster(&[&a, &b]);
    assert!(clusters.possible[0].why.contains("refused: only one is of type erratum"), "{:?}", clusters.possible);
    let c = with("c", |r| r.issue = None);
    let clusters = cluster(&[&a, &c]);
    assert!(clusters.merged[0].why.contains("title: equal; authors: alike; year: equal"), "{:?}", clusters.merged);
}

#[test]
fn rules_and_vetoes_have_names() {
    let told = explain_pair(&article("a"), &with("b", |r| r.pages = Some("512-24".into())));
    assert_eq!((told.outcome, told.rule.as_str()), (Outcome::Duplicate, "same-title-and-place"));
    let told = explain_pair(&article("a"), &other_article("b"));
    assert_eq!((told.outcome, told.rule.as_str()), (Outcome::Distinct, "too-little"), "{told:?}");
    let erratum = with("b", |r| {
        r.title = Some("Erratum: choirs after stroke".into());
        r.pages = None;
    });
    assert_eq!(explain_pair(&article("a"), &erratum).rule, "only-one-erratum");
}

#[test]
fn what_people_say_outranks_the_rules() {
    let (a, b) = (article("a"), other_article("b"));
    let c = with("c", |r| r.issue = None);
    let records = [&a, &b, &c];
    let judged = Judged { same: vec![(1, 0)], apart: vec![(0, 2)] };
    let clusters = cluster_judged(&records, &judged);
    assert_eq!(clusters.work_of, [0, 0, 2]);
    assert!(clusters.possible.is_empty(), "what a person answered is not asked again");
    // The one who sets apart is believed.
    let judged = Judged { same: vec![(0, 2)], apart: vec![(2, 0)] };
    assert_eq!(cluster_judged(&records, &judged).work_of, [0, 1, 2]);
}

#[test]
fn a_hundred_thousand_records_of_one_title_stay_linear() {
    // Everything equal but the year: each is compared with those next to it, however many there are.
    let records: Vec<Record> = (0..20_000)
        .map(|at| Record {
            dates: PartialDate::of_year(1000 + at % 2000).into_iter().collect(),
            authors: vec![Author { family: format!("Name{at}"), ..Author::default() }],
            ..with(&format!("k{at:06}"), |_| ())
        })
        .collect();
    let mut batch = Batch::default();
    records.iter().for_each(|record| batch.add(record));
    let places = batch.places.len();
    let blocks = block::Blocks::of(batch.places, records.len());
    let compared: usize = (0..records.len()).map(|at| blocks.after(at).count()).sum();
    assert!(compared <= places * block::REACH, "{compared} comparisons of {places} places");
}

#[test]
fn the_merged_view_takes_the_best_field() {
    let mut a = with("b", |r| {
        r.title = Some("WALKING GROUPS".into());
        r.abstract_text = Some("Short.".into());
    });
    a.source = "scopus".into();
    let b = with("a", |r| {
        r.title = Some("Walking groups".into());
        r.abstract_text = Some("A longer abstract.".into());
        r.authors.truncate(1);
        r.identifiers.pmid = Some("7".into());
    });
    let view = merged(&[&a, &b]);
    assert_eq!(view, merged(&[&b, &a]));
    assert_eq!(view.key(), "file:a");
    assert_eq!(view.title.as_deref(), Some("Walking groups"));
    assert_eq!(view.abstract_text.as_deref(), Some("A longer abstract."));
    assert_eq!(view.abstract_source, None);
    assert_eq!(view.authors.len(), 2);
    assert_eq!(view.identifiers.pmid.as_deref(), Some("7"));
    assert_eq!(merged(&[]), Record::default());
}

/// Records that differ in a few small ways, so that many are alike.
pub(super) fn record() -> impl Strategy<Value = Record> {
    let titles = prop::sample::select(vec![
        "",
        "Editorial",
        "Walking groups and loneliness in three coastal towns",
        "Walking groups and loneliness in three coastal towns: a mixed methods study",
        "Walking groups and lonliness in three coastal towns, part 2",
        "Choirs after stroke in a rural health board area",
    ]);
    let option = |values: Vec<&'static str>| prop::option::of(prop::sample::select(values));
    (
        0..40u32,
        titles,
        prop::option::of(2019..2022i32),
        option(vec!["46", "47"]),
        option(vec!["512-524", "525-530", "1-12"]),
        option(vec!["10.1000/a", "10.1000/b"]),
        option(vec!["1", "2", "3"]),
        vec(prop::sample::select(vec!["Pritchard", "Okafor", "Lindqvist"]), 0..3),
    )
        .prop_map(|(key, title, year, volume, pages, doi, pmid, authors)| Record {
            source: "s".into(),
            source_key: format!("{key:02}"),
            title: Some(title.to_owned()).filter(|title| !title.is_empty()),
            dates: year.and_then(PartialDate::of_year).into_iter().collect(),
            volume: volume.map(str::to_owned),
            pages: pages.map(str::to_owned),
            authors: authors.into_iter().map(|name| Author { family: name.into(), ..Author::default() }).collect(),
            identifiers: crate::model::Identifiers {
                doi: doi.map(str::to_owned),
                pmid: pmid.map(str::to_owned),
                ..Default::default()
            },
            ..Record::default()
        })
}

/// The partition by key, whatever the order of the input.
fn partition(records: &[Record]) -> BTreeMap<String, String> {
    let clusters = cluster(&records.iter().collect::<Vec<_>>());
    records.iter().zip(&clusters.work_of).map(|(record, work)| (record.key(), records[*work].key())).collect()
}

proptest! {
    #[test]
    fn the_set_of_records_decides_not_their_order(mut records in vec(record(), 0..25), seed in any::<u64>()) {
        let before = partition(&records);
        // A work's name is its smallest key.
        for (key, work) in &before {
            prop_assert!(work <= key);
            prop_assert_eq!(&before[work], work);
        }
        let mut random = fastrand::Rng::with_seed(seed);
        random.shuffle(&mut records);
        prop_assert_eq!(&partition(&records), &before);
        // The same records once more add nothing.
        let again = records.clone();
        records.extend(again);
        prop_assert_eq!(partition(&records), before);
    }

    #[test]
    fn the_merged_view_does_not_depend_on_order(mut records in vec(record(), 1..8), seed in any::<u64>()) {
        let before = merged(&records.iter().collect::<Vec<_>>());
        fastrand::Rng::with_seed(seed).shuffle(&mut records);
        prop_assert_eq!(merged(&records.iter().collect::<Vec<_>>()), before);
    }

    #[test]
    fn any_text_is_read(title in ".{0,80}", pages in ".{0,20}", volume in ".{0,20}") {
        let record = Record {
            title: Some(title),
            pages: Some(pages),
            volume: Some(volume),
            ..Record::default()
        };
        let clusters = cluster(&[&record, &record.clone()]);
        prop_assert_eq!(clusters.work_of, [0, 0]);
    }
}
