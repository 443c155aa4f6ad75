//! Europe PMC.

use gleaner::config::Direction;
use gleaner::model::{Identifiers, LocationKind, MonthWindow, Record};
use gleaner::query;
use gleaner::sources::europepmc::EuropePmc;
use gleaner::sources::{Access, Next, Question, Source, State};
use serde_json::Value;

use crate::recorded::{Recorded, access, ask, ask_at, recordings, serve_recorded};

fn nowhere() -> Access {
    access(&EuropePmc, &"http://127.0.0.1/".parse().unwrap())
}

fn list_state() -> State {
    let tree = query::parse("cancer").tree.unwrap();
    let question = Question { query: &tree, window: MonthWindow::default(), max_records: 5_000 };
    EuropePmc.search(&nowhere(), &question).unwrap().states.remove(0)
}

fn cited_state() -> State {
    let seed = Identifiers { pmid: Some("15723116".into()), ..Identifiers::default() };
    EuropePmc.cite(&nowhere(), &seed, Direction::Forward).unwrap()
}

/// Compares a record with the JSON that it came from.
fn same(file: &str, result: &Value, record: &Record) {
    let id = result["id"].as_str().unwrap();
    assert_eq!(record.source_key, format!("{}/{id}", result["source"].as_str().unwrap()), "{file}");
    let given = |name: &str| result[name].as_str().filter(|text| !text.is_empty());
    assert_eq!(record.title.is_some(), given("title").is_some(), "{file} {id}: title");
    assert_eq!(record.identifiers.pmid.as_deref(), given("pmid"), "{file} {id}: PMID");
    assert_eq!(record.identifiers.pmcid.as_deref(), given("pmcid"), "{file} {id}: PMCID");
    let doi = given("doi").map(str::to_lowercase);
    assert_eq!(record.identifiers.doi, doi, "{file} {id}: DOI");
    assert_eq!(record.abstract_text.is_some(), given("abstractText").is_some(), "{file} {id}: abstract");
    if let Some(year) = given("pubYear") {
        let years: Vec<String> = record.dates.iter().map(|date| date.year.to_string()).collect();
        assert!(years.iter().any(|other| other == year), "{file} {id}: {year} is not among {years:?}");
        for date in &record.dates {
            let given = result.to_string();
            assert!(given.contains(&date.year.to_string()), "{file} {id}: {date}");
        }
    }
    let listed = result["authorList"]["author"].as_array().map(Vec::len);
    let named = given("authorString").map_or(0, |names| names.split(", ").count());
    assert_eq!(record.authors.len(), listed.unwrap_or(named), "{file} {id}: authors");
    let types = result["pubTypeList"]["pubType"].as_array().map_or(0, Vec::len);
    assert!(record.source_types.len() >= types, "{file} {id}: types");
}

#[tokio::test]
async fn every_recorded_search_is_read() {
    let Some(recordings) = recordings("europepmc") else { return };
    let (mut lists, mut records, mut abstracts, mut others) = (0, 0, 0, 0);
    for (file, recorded) in &recordings {
        if file.starts_with("fullTextXML") {
            println!("passed over {file}: a full text, which retrieval reads");
            continue;
        }
        if file.starts_with("citations_") {
            others += 1;
            continue;
        }
        let body = recorded.json();
        let page = ask(&EuropePmc, &list_state(), recorded).await.unwrap_or_else(|error| panic!("{file}: {error}"));
        let results = body["resultList"]["result"].as_array().unwrap();
        assert_eq!((page.records.len(), page.set_aside.len()), (results.len(), 0), "{file}");
        assert_eq!(page.reported, body["hitCount"].as_u64(), "{file}");
        match (&page.next, body["nextCursorMark"].as_str()) {
            (Next::More(state), Some(mark)) => assert!(state.0.to_string().contains(mark), "{file}"),
            (Next::End, None) => {}
            (next, mark) => panic!("{file}: {next:?} after {mark:?}"),
        }
        for (result, record) in results.iter().zip(&page.records) {
            same(file, result, &record.record);
        }
        lists += 1;
        records += page.records.len();
        abstracts += page.records.iter().filter(|record| record.record.abstract_text.is_some()).count();
    }
    println!("europepmc: {lists} lists, {records} records, {abstracts} abstracts; {others} citation lists apart");
}

#[tokio::test]
async fn recorded_citation_lists_are_followed_and_kept_without_the_search() {
    let Some(recordings) = recordings("europepmc") else { return };
    for (file, recorded) in recordings.iter().filter(|(file, _)| file.starts_with("citations_")) {
        let body = recorded.json();
        let listed = body["citationList"]["citation"].as_array().unwrap();
        // The same answer again is no search result: the list's own records must be kept.
        let server = serve_recorded(vec![recorded.clone()]).await;
        let access = access(&EuropePmc, &server.base);
        let page = ask_at(&EuropePmc, &access, &cited_state()).await.unwrap();
        assert_eq!(page.reported, body["hitCount"].as_u64(), "{file}");
        let Next::More(filled) = page.next else {
            assert!(listed.is_empty(), "{file}");
            continue;
        };
        let page = ask_at(&EuropePmc, &access, &filled).await.unwrap();
        assert_eq!((page.records.len(), page.warnings.len()), (listed.len(), 1), "{file}");
        for (citation, record) in listed.iter().zip(&page.records) {
            let record = &record.record;
            assert_eq!(record.identifiers.pmid.as_deref(), citation["id"].as_str(), "{file}");
            assert_eq!(record.year().map(i64::from), citation["pubYear"].as_i64(), "{file}");
            assert!(record.title.is_some() && !record.authors.is_empty(), "{file}: {record:?}");
        }
        println!("{file}: {} of {}", listed.len(), page.reported.unwrap());
    }
}

#[tokio::test]
async fn recorded_results_tell_where_their_full_texts_lie() {
    let Some(recordings) = recordings("europepmc") else { return };
    let Some(recorded) = recordings.get("search_core.json").cloned() else { return };
    let identifiers = Identifiers { pmid: Some("1".into()), ..Identifiers::default() };
    let state = EuropePmc.locate(&nowhere(), &identifiers).unwrap().unwrap();
    let page = ask(&EuropePmc, &state, &Recorded { ..recorded.clone() }).await.unwrap();
    let body = recorded.json();
    let results = body["resultList"]["result"].as_array().unwrap();
    let listed = results.iter().flat_map(|result| result["fullTextUrlList"]["fullTextUrl"].as_array()).flatten();
    let open = listed.filter(|place| place["availabilityCode"] != "S").count();
    let jats = results.iter().filter(|result| result["isOpenAccess"] == "Y" && result["pmcid"].is_string()).count();
    let found =
        |wanted: bool| page.locations.iter().filter(|location| (location.kind == LocationKind::Jats) == wanted).count();
    assert_eq!((found(true), found(false)), (jats, open));
}
