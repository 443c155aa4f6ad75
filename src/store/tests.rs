//! The store under repetition and sudden death: the same rows again add nothing.

use super::*;
use crate::model::{Record, SetAside};

const ORIGIN: HitOrigin<'static> = HitOrigin { stream: "s", search: "db", source: "europepmc", refresh: 1, run: None };
const RUN: NewRun<'static> = NewRun { refresh: 1, stream: "s", search: "db", source: "europepmc", round: 0 };

fn record(key: &str, abstract_text: Option<&str>) -> Record {
    Record {
        source: "europepmc".into(),
        source_key: key.into(),
        title: Some(format!("Title {key}")),
        abstract_text: abstract_text.map(str::to_owned),
        ..Record::default()
    }
}

fn page<'a>(records: &'a [Record], pending: &'a [serde_json::Value]) -> PageRow<'a> {
    PageRow {
        request: "GET https://example.org/".into(),
        status: 200,
        reported: None,
        came: None,
        warnings: &[],
        records: records.iter().map(|record| NewRecord { record, payload: b"payload" }).collect(),
        set_aside: &[],
        pending,
        seed: None,
    }
}

fn counted(store: &Store) -> (i64, i64, i64, i64) {
    let totals = store.totals().unwrap();
    (totals.records, totals.hits, totals.set_aside, totals.payload_bytes)
}

#[test]
fn a_file_imported_twice_or_cut_off_between_adds_nothing_twice() {
    let mut store = Store::in_memory().unwrap();
    let records: Vec<Record> = (0..450).map(|number| record(&format!("{number:03}"), None)).collect();
    let aside = [SetAside { reason: "no title".into(), raw: b"raw".to_vec(), line: Some(3) }];
    let file = |records: &'static [Record]| ImportedFile {
        hash: "h",
        name: "a.ris",
        format: "ris",
        records: records.iter().map(|record| NewRecord { record, payload: b"payload" }).collect(),
        set_aside: &[],
    };
    let records: &'static [Record] = Vec::leak(records);
    // Killed after the first of its transactions: records are there, the file is not noted.
    for new in &file(&records[..200]).records {
        let (id, _) = records::save(&store.connection, *new, 1).unwrap();
        records::add_hit(&store.connection, &ORIGIN, id).unwrap();
    }
    assert!(!store.was_imported("h", "s", "db").unwrap());
    let whole = ImportedFile { set_aside: &aside, ..file(records) };
    let seen = store.import(&ORIGIN, &whole).unwrap();
    assert_eq!((seen.records, seen.new_records, seen.new_hits), (450, 250, 250));
    assert!(store.was_imported("h", "s", "db").unwrap());
    let once = counted(&store);
    assert_eq!(once.0, 450);
    let again = store.import(&ORIGIN, &whole).unwrap();
    assert_eq!((again.new_records, again.new_hits, again.changed), (0, 0, 0));
    assert_eq!(counted(&store), once);
    assert_eq!(store.imported_files().unwrap().len(), 1);
}

#[test]
fn a_page_committed_twice_or_a_run_begun_anew_adds_no_record_and_no_hit() {
    let mut store = Store::in_memory().unwrap();
    let planned = Planned { pending: vec![serde_json::json!("first")], ..Planned::default() };
    let run = store.begin_run(&RUN, &planned).unwrap();
    let records = [record("1", Some("text")), record("2", None)];
    let next = [serde_json::json!("second")];
    let first = store.commit_page(run, &ORIGIN, 0, &page(&records, &next)).unwrap();
    assert_eq!((first.new_records, first.new_hits), (2, 2));
    let found = store.find_run(&RUN).unwrap().unwrap();
    assert_eq!((found.pending, found.pages, found.status), (next.to_vec(), 1, RunStatus::Running));
    let once = counted(&store);
    // The answer came again: the cursor had not been kept, or the run was begun anew.
    let again = store.commit_page(run, &ORIGIN, 0, &page(&records, &next)).unwrap();
    assert_eq!((again.new_records, again.new_hits, again.changed), (0, 0, 0));
    assert_eq!(store.begin_run(&RUN, &planned).unwrap(), run);
    store.commit_page(run, &ORIGIN, 0, &page(&records, &[])).unwrap();
    assert_eq!(counted(&store), once);
    let found = store.find_run(&RUN).unwrap().unwrap();
    assert_eq!((found.received, found.pages), (2, 1), "a run begun anew counts its pages anew");
}

#[test]
fn a_list_that_names_a_work_in_short_does_not_cost_it_its_abstract() {
    let mut store = Store::in_memory().unwrap();
    let run = store.begin_run(&RUN, &Planned::default()).unwrap();
    let mut full = record("1", Some("A council met."));
    full.identifiers.doi = Some("10.1000/1".into());
    full.identifiers.pmid = Some("1".into());
    let mut short = record("1", None);
    short.identifiers.pmid = Some("1".into());
    store.commit_page(run, &ORIGIN, 0, &page(&[full.clone()], &[])).unwrap();
    let seen = store.commit_page(run, &ORIGIN, 0, &page(&[short.clone()], &[])).unwrap();
    assert_eq!(seen.changed, 0);
    assert_eq!(store.record("europepmc:1").unwrap().unwrap().record, full);
    assert!(store.events().unwrap().is_empty());
    // Another title is a change, told and kept; what the answer leaves out stays.
    short.title = Some("Another title".into());
    let seen = store.commit_page(run, &ORIGIN, 0, &page(&[short], &[])).unwrap();
    assert_eq!(seen.changed, 1);
    assert_eq!(store.events().unwrap()[0].detail, "title");
    let now = store.record("europepmc:1").unwrap().unwrap().record;
    assert_eq!((now.title.as_deref(), now.abstract_text), (Some("Another title"), full.abstract_text));
}

#[test]
fn what_is_read_together_is_of_one_moment() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db.sqlite");
    let (mut writer, reader) = (Store::open(&path).unwrap(), Store::open(&path).unwrap());
    let run = writer.begin_run(&RUN, &Planned::default()).unwrap();
    reader
        .at_one_moment(|store| {
            let before = store.record_keys()?.len();
            // A refresh goes on meanwhile, and is not held up.
            writer.commit_page(run, &ORIGIN, 0, &page(&[record("1", None)], &[]))?;
            assert_eq!((before, store.hits_of(ORIGIN.stream)?.len()), (0, 0));
            store.at_one_moment(|store| {
                assert_eq!(store.hits_of(ORIGIN.stream)?.len(), 0);
                Ok(())
            })
        })
        .unwrap();
    assert_eq!(reader.hits_of(ORIGIN.stream).unwrap().len(), 1);
}

#[test]
fn a_complete_run_that_is_asked_again_stays_in_the_log() {
    let mut store = Store::in_memory().unwrap();
    let planned = |query: &str| Planned { queries: vec![query.to_owned()], ..Planned::default() };
    let run = store.begin_run(&RUN, &planned("cats")).unwrap();
    store.commit_page(run, &ORIGIN, 0, &page(&[record("1", None)], &[])).unwrap();
    // One that was cut off and is begun anew is the same asking.
    store.begin_run(&RUN, &planned("cats")).unwrap();
    assert!(store.runs_before().unwrap().is_empty());
    store.commit_page(run, &ORIGIN, 0, &page(&[record("1", None)], &[])).unwrap();
    store.end_run(run, RunStatus::Complete, None).unwrap();
    store.begin_run(&RUN, &planned("dogs")).unwrap();
    let before = store.runs_before().unwrap();
    assert_eq!(before.len(), 1);
    assert_eq!((before[0].queries.as_slice(), before[0].received, before[0].pages), (&["cats".to_owned()][..], 1, 1));
    assert_eq!(store.find_run(&RUN).unwrap().unwrap().queries, ["dogs"]);
}

#[test]
fn what_seeds_out_of_a_file_brought_has_its_round() {
    let mut store = Store::in_memory().unwrap();
    let run = store.begin_run(&NewRun { round: 1, ..RUN }, &Planned::default()).unwrap();
    let origin = HitOrigin { run: Some(run), ..ORIGIN };
    store.commit_page(run, &origin, 1, &page(&[record("1", None)], &[])).unwrap();
    let rounds = store.citation_rounds("s", "db").unwrap();
    assert_eq!(rounds.into_values().collect::<Vec<u32>>(), [1]);
}
