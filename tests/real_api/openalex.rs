//! OpenAlex.

use std::collections::BTreeMap;

use gleaner::config::Direction;
use gleaner::model::{Identifiers, Record};
use gleaner::sources::openalex::OpenAlex;
use gleaner::sources::{Next, Page, Source, SourceError, State};
use serde_json::Value;

use crate::recorded::{Recorded, access, ask, recordings, serve_recorded};

fn list_state() -> State {
    let seed = Identifiers { openalex: Some("W1".into()), ..Identifiers::default() };
    OpenAlex.cite(&access(&OpenAlex, &"http://127.0.0.1/".parse().unwrap()), &seed, Direction::Forward).unwrap()
}

fn work_state() -> State {
    let access = access(&OpenAlex, &"http://127.0.0.1/".parse().unwrap());
    OpenAlex.look_up(&access, &["10.1000/a,b".to_owned()]).unwrap().remove(0)
}

/// The abstract by another road: words dealt out to numbered places.
fn abstract_words(work: &Value) -> Vec<String> {
    let mut places: BTreeMap<u64, String> = BTreeMap::new();
    for (word, at) in work["abstract_inverted_index"].as_object().into_iter().flatten() {
        for place in at.as_array().unwrap() {
            places.insert(place.as_u64().unwrap(), word.clone());
        }
    }
    places.into_values().collect()
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Compares a record with the JSON that it came from.
fn same(file: &str, work: &Value, record: &Record) {
    let id = work["id"].as_str().or_else(|| work["ids"]["openalex"].as_str()).unwrap();
    assert!(id.ends_with(&record.source_key), "{file}: {id} became {}", record.source_key);
    let title = work["title"].as_str().or_else(|| work["display_name"].as_str()).filter(|title| !title.is_empty());
    assert_eq!(record.title.is_some(), title.is_some(), "{file} {id}: title");
    let year = work["publication_year"].as_i64();
    assert_eq!(record.year().map(i64::from), year, "{file} {id}: year");
    let doi = work["doi"].as_str().or_else(|| work["ids"]["doi"].as_str());
    let doi = doi.map(|doi| doi.trim_start_matches("https://doi.org/").to_lowercase());
    assert_eq!(record.identifiers.doi, doi, "{file} {id}: DOI");
    let pmid = work["ids"]["pmid"].as_str().map(|pmid| pmid.trim_start_matches("https://pubmed.ncbi.nlm.nih.gov/"));
    assert_eq!(record.identifiers.pmid.as_deref(), pmid, "{file} {id}: PMID");
    let words = abstract_words(work);
    assert_eq!(record.abstract_text.is_some(), !words.is_empty(), "{file} {id}: abstract");
    if !words.concat().contains(['<', '&']) {
        let told = letters(record.abstract_text.as_deref().unwrap_or_default());
        assert_eq!(told, letters(&words.concat()), "{file} {id}: abstract");
    }
    assert_eq!(record.authors.len(), work["authorships"].as_array().map_or(0, Vec::len), "{file} {id}: authors");
}

async fn page(recorded: &Recorded, state: &State) -> Page {
    ask(&OpenAlex, state, recorded).await.unwrap_or_else(|error| panic!("{}: {error}", recorded.file))
}

#[tokio::test]
async fn every_recording_is_read() {
    let Some(mut recordings) = recordings("openalex") else { return };
    let mut error = |file: &str| recordings.remove(file);
    // What is no list of works and no work.
    let passed_over = [
        ("rate_limit_status_200.json", "the rate-limit endpoint, which is not asked"),
        ("works_group_by_type.json", "a count by type, which is not asked"),
    ];
    for (file, reason) in passed_over {
        let Some(recorded) = error(file) else { continue };
        println!("passed over {file}: {reason}");
        assert!(matches!(ask(&OpenAlex, &list_state(), &recorded).await, Err(SourceError::Shape(_))), "{file}");
    }
    for file in ["error_400_invalid_filter.json", "error_400_invalid_select.json"] {
        let Some(recorded) = error(file) else { continue };
        let told = ask(&OpenAlex, &list_state(), &recorded).await;
        assert!(matches!(&told, Err(SourceError::Rejected(said)) if said.contains("DOESNTEXIST")), "{file}: {told:?}");
    }
    if let Some(recorded) = error("rate_limit_status_401.json") {
        assert!(matches!(ask(&OpenAlex, &list_state(), &recorded).await, Err(SourceError::Refused(_))));
    }
    if let Some(recorded) = error("error_404_not_found_html.html") {
        assert!(matches!(ask(&OpenAlex, &list_state(), &recorded).await, Err(SourceError::NotFound(_))));
        let page = page(&recorded, &work_state()).await;
        assert_eq!((page.records.len(), page.warnings.len()), (0, 1));
    }
    let (mut lists, mut singles, mut records, mut abstracts) = (0, 0, 0, 0);
    for recorded in recordings.values() {
        let body = recorded.json();
        let page = match body.get("results") {
            Some(results) => {
                let page = page(recorded, &list_state()).await;
                let results = results.as_array().unwrap();
                assert_eq!(page.records.len(), results.len(), "{}", recorded.file);
                assert_eq!(page.reported, body["meta"]["count"].as_u64(), "{}", recorded.file);
                let cursor = body["meta"]["next_cursor"].as_str().filter(|_| !results.is_empty());
                match (&page.next, cursor) {
                    (Next::More(state), Some(cursor)) => assert!(state.0.to_string().contains(cursor)),
                    (Next::End, None) => {}
                    (Next::More(_), None) if results.is_empty() && body["meta"]["count"] != 0 => {}
                    (next, _) => panic!("{}: {next:?}", recorded.file),
                }
                for (work, record) in results.iter().zip(&page.records) {
                    if work.get("publication_year").is_some() {
                        same(&recorded.file, work, &record.record);
                    }
                }
                lists += 1;
                page
            }
            None => {
                let page = page(recorded, &work_state()).await;
                assert_eq!(page.records.len(), 1, "{}", recorded.file);
                same(&recorded.file, &body, &page.records[0].record);
                singles += 1;
                page
            }
        };
        assert!(page.set_aside.is_empty(), "{}: {:?}", recorded.file, page.set_aside);
        records += page.records.len();
        abstracts += page.records.iter().filter(|record| record.record.abstract_text.is_some()).count();
    }
    println!("openalex: {lists} lists, {singles} works, {records} records, {abstracts} abstracts");
}

#[tokio::test]
async fn a_recorded_list_is_followed_to_its_empty_last_page() {
    let Some(recordings) = recordings("openalex") else { return };
    let names = ["works_filter_ids_cursor_star_2026.json", "works_cursor_last_page_empty.json"];
    let tape: Vec<Recorded> = names.iter().filter_map(|name| recordings.get(*name).cloned()).collect();
    if tape.len() < 2 {
        println!("passed over: the two pages are not both here");
        return;
    }
    let server = serve_recorded(tape).await;
    let access = access(&OpenAlex, &server.base);
    let (mut state, mut records) = (list_state(), 0);
    loop {
        let page = crate::recorded::ask_at(&OpenAlex, &access, &state).await.unwrap();
        records += page.records.len();
        assert!(page.warnings.is_empty(), "{:?}", page.warnings);
        match page.next {
            Next::More(next) => state = next,
            _ => break,
        }
    }
    assert_eq!((records, server.asked.lock().unwrap().len()), (2, 2));
}
