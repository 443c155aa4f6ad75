//! Crossref.

use gleaner::model::{Identifiers, MonthWindow, Record};
use gleaner::query;
use gleaner::sources::crossref::Crossref;
use gleaner::sources::{Next, Question, Source, SourceError, State};
use serde_json::Value;

use crate::recorded::{Recorded, access, ask, recordings, serve_recorded};

fn list_state() -> State {
    let tree = query::parse("widget").tree.unwrap();
    let question = Question { query: &tree, window: MonthWindow::default(), max_records: 5_000 };
    let access = access(&Crossref, &"http://127.0.0.1/".parse().unwrap());
    Crossref.search(&access, &question).unwrap().states.remove(0)
}

fn work_state() -> State {
    let access = access(&Crossref, &"http://127.0.0.1/".parse().unwrap());
    Crossref.look_up(&access, &["10.1000/a,b".to_owned()]).unwrap().remove(0)
}

fn first_text(value: &Value) -> Option<&str> {
    value.get(0).and_then(Value::as_str).filter(|text| !text.trim().is_empty())
}

/// Compares a record with the JSON that it came from.
fn same(file: &str, work: &Value, record: &Record) {
    let doi = work["DOI"].as_str().unwrap().to_lowercase();
    assert_eq!(record.source_key, doi, "{file}");
    assert_eq!(record.identifiers.doi.as_deref(), Some(doi.as_str()), "{file}");
    assert_eq!(record.title.is_some(), first_text(&work["title"]).is_some(), "{file} {doi}: title");
    let years = ["published-print", "published-online", "published-other", "published", "issued", "posted"];
    let years = years.iter().filter_map(|name| work[*name]["date-parts"][0][0].as_i64());
    let journal_issue = work["journal-issue"]["published-print"]["date-parts"][0][0].as_i64();
    let year = years.chain(journal_issue).filter(|year| (1000..3000).contains(year)).min();
    assert_eq!(record.year().map(i64::from), year, "{file} {doi}: year");
    let jats = work["abstract"].as_str().unwrap_or_default();
    assert_eq!(record.abstract_text.is_some(), !jats.trim().is_empty(), "{file} {doi}: abstract");
    let told = record.abstract_text.as_deref().unwrap_or_default();
    assert!(!told.contains("<jats:") && !told.contains("</"), "{file} {doi}: {told}");
    // Every word between tags must still be there.
    for word in jats.replace("><", "> <").split(['<', '>']).step_by(2).flat_map(str::split_whitespace) {
        let plain = word.chars().all(char::is_alphanumeric);
        let heading = ["abstract", "summary"].contains(&word.to_lowercase().as_str());
        assert!(!plain || heading || told.contains(word), "{file} {doi}: the abstract has lost '{word}'");
    }
    let named = |person: &&Value| ["family", "given", "name"].iter().any(|name| person[*name].is_string());
    let people = |name: &str| work[name].as_array().map_or(0, |people| people.iter().filter(named).count());
    let authors = if people("author") > 0 { people("author") } else { people("editor") };
    assert_eq!(record.authors.len(), authors, "{file} {doi}: authors");
    assert_eq!(record.source_types.is_empty(), work["type"].is_null(), "{file} {doi}: type");
}

#[tokio::test]
async fn every_recording_is_read() {
    let Some(mut recordings) = recordings("crossref") else { return };
    let passed_over: Vec<String> =
        recordings.keys().filter(|file| file.starts_with("zotero_unixref")).cloned().collect();
    for file in passed_over {
        println!("passed over {file}: UNIXREF XML of another interface, which is not asked");
        recordings.remove(&file);
    }
    if recordings.remove("redirect_301_http_to_https.html").is_some() {
        println!("passed over redirect_301_http_to_https.html: the client follows redirects, connectors see none");
    }
    let (mut lists, mut singles, mut errors, mut records, mut abstracts) = (0, 0, 0, 0, 0);
    for (file, recorded) in &recordings {
        if recorded.status >= 400 {
            let told = ask(&Crossref, &list_state(), recorded).await.unwrap_err();
            let right = match recorded.status {
                400 => matches!(told, SourceError::Rejected(_)),
                404 => matches!(told, SourceError::NotFound(_)),
                _ => matches!(told, SourceError::Unavailable(_)),
            };
            assert!(right, "{file}: {told:?}");
            println!("{file}: {told}");
            errors += 1;
            continue;
        }
        let body = recorded.json();
        let single = body["message-type"] == "work";
        let state = if single { work_state() } else { list_state() };
        let page = ask(&Crossref, &state, recorded).await.unwrap_or_else(|error| panic!("{file}: {error}"));
        let works = match single {
            true => vec![body["message"].clone()],
            false => body["message"]["items"].as_array().cloned().unwrap(),
        };
        assert!(page.set_aside.is_empty(), "{file}: {:?}", page.set_aside);
        assert_eq!(page.records.len(), works.len(), "{file}");
        for (work, record) in works.iter().zip(&page.records) {
            same(file, work, &record.record);
        }
        if single {
            singles += 1;
        } else {
            assert_eq!(page.reported, body["message"]["total-results"].as_u64(), "{file}");
            let more = works.len() as u64 <= page.reported.unwrap() && body["message"]["next-cursor"].is_string();
            assert_eq!(matches!(page.next, Next::More(_)), more && !works.is_empty(), "{file}: {:?}", page.next);
            lists += 1;
        }
        records += page.records.len();
        abstracts += page.records.iter().filter(|record| record.record.abstract_text.is_some()).count();
    }
    println!("crossref: {lists} lists, {singles} works, {errors} errors, {records} records, {abstracts} abstracts");
}

#[tokio::test]
async fn the_recorded_pages_of_one_search_follow_each_other() {
    let Some(recordings) = recordings("crossref") else { return };
    let names = ["cursorset2_page1.json", "cursorset2_page2.json", "cursorset2_page3.json"];
    let tape: Vec<Recorded> = names.iter().filter_map(|name| recordings.get(*name).cloned()).collect();
    if tape.len() < 3 {
        println!("passed over: the three pages are not all here");
        return;
    }
    let server = serve_recorded(tape).await;
    let access = access(&Crossref, &server.base);
    let (mut state, mut keys, mut asked) = (list_state(), Vec::new(), 0);
    let warnings = loop {
        let page = crate::recorded::ask_at(&Crossref, &access, &state).await.unwrap();
        asked += 1;
        if matches!(page.next, Next::More(_)) {
            keys.extend(page.records.into_iter().map(|record| record.record.source_key));
        }
        match page.next {
            Next::More(next) => state = next,
            _ => break page.warnings,
        }
    };
    // The fourth answer is the third again: the list ends there, and says so.
    assert_eq!((keys.len(), asked, warnings.len()), (60, 4, 1), "{warnings:?}");
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), 60);
}

#[tokio::test]
async fn a_recorded_work_tells_where_its_full_text_lies() {
    let Some(recordings) = recordings("crossref") else { return };
    for (file, recorded) in recordings.iter().filter(|(_, recorded)| recorded.status == 200) {
        if !file.ends_with(".json") || recorded.json()["message-type"] != "work" {
            continue;
        }
        let identifiers = Identifiers { doi: Some("10.1000/x".into()), ..Identifiers::default() };
        let access = access(&Crossref, &"http://127.0.0.1/".parse().unwrap());
        let state = Crossref.locate(&access, &identifiers).unwrap().unwrap();
        let page = ask(&Crossref, &state, recorded).await.unwrap();
        let links = recorded.json()["message"]["link"].as_array().cloned().unwrap_or_default();
        let mut addresses: Vec<&str> = links.iter().filter_map(|link| link["URL"].as_str()).collect();
        addresses.sort_unstable();
        addresses.dedup();
        assert_eq!(page.locations.len(), addresses.len(), "{file}");
    }
}
