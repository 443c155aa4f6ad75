//! GOV.UK: a search answer out of its documentation, and content items of every kind.

use std::path::{Path, PathBuf};

use gleaner::model::{Identifiers, LocationKind};
use gleaner::net::Response;
use gleaner::sources::websites::govuk::GovUk;
use gleaner::sources::{Source, SourceError, State};
use serde_json::{Value, json};

use crate::recorded::{access, all_answers, ask};
use crate::support::real_data;

#[tokio::test]
async fn the_documented_search_answer_is_read() {
    let Some(all) = all_answers("govuk") else { return };
    let mut read = 0;
    for answer in all.values().filter(|answer| answer.file.contains("search")) {
        let state = State(json!({"search": {"q": "tax", "max_records": 1}}));
        let page = ask(&GovUk, &state, answer).await.unwrap_or_else(|error| panic!("{}: {error}", answer.file));
        let body = answer.json();
        assert_eq!(page.reported, body["total"].as_u64(), "{}", answer.file);
        let results = body["results"].as_array().unwrap();
        assert_eq!((page.records.len(), page.set_aside.len()), (results.len(), 0), "{}", answer.file);
        for (kept, result) in page.records.iter().zip(results) {
            assert_eq!(kept.record.title.as_deref(), result["title"].as_str());
            assert_eq!(kept.record.source_key, result["link"].as_str().unwrap());
            assert_eq!(kept.record.abstract_text.is_some(), result["description"].is_string());
            assert_eq!(kept.record.dates.is_empty(), result["public_timestamp"].is_null());
        }
        read += results.len();
    }
    println!("govuk: {read} results");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            files.extend(self::files(&entry));
        } else if entry.extension().is_some_and(|extension| extension == "json") {
            files.push(entry);
        }
    }
    files.sort();
    files
}

/// Attached documents of a type, by another road: every `url` in `attachments` and every `href` in lists of documents.
fn pdfs(item: &Value) -> Vec<String> {
    let details = item["details"].as_object().unwrap();
    let mut found: Vec<String> = Vec::new();
    for attachment in item["details"]["attachments"].as_array().into_iter().flatten() {
        found.extend(attachment["url"].as_str().map(str::to_owned));
    }
    let hrefs = regex::Regex::new(r#"href=["']([^"']+)["']"#).unwrap();
    for (name, list) in details {
        for html in
            list.as_array().into_iter().flatten().filter(|_| name.ends_with("documents")).filter_map(Value::as_str)
        {
            found.extend(hrefs.captures_iter(html).map(|href| href[1].to_owned()));
        }
    }
    found.retain(|url| url.to_lowercase().ends_with(".pdf"));
    found.sort();
    found.dedup();
    found
}

#[test]
fn every_content_item_says_where_its_documents_lie() {
    let Some(folder) = real_data("web/govuk/content") else { return };
    let access = access(&GovUk, &"https://www.gov.uk".parse().unwrap());
    let (mut items, mut documents, mut gone) = (0, 0, 0);
    for file in files(&folder) {
        let item: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        let path = item["base_path"].as_str().unwrap();
        let identifiers = Identifiers { other: vec![format!("govuk:{path}")], ..Identifiers::default() };
        let state = GovUk.locate(&access, &identifiers).unwrap().unwrap();
        let url = GovUk.next_request(&access, &state).unwrap().url;
        assert_eq!(url.path(), format!("/api/content{path}"), "{}", file.display());
        let body = std::fs::read(&file).unwrap();
        let result = GovUk.parse(&access, &state, &Response { status: 200, headers: Vec::new(), body, url });
        items += 1;
        match item["document_type"].as_str().unwrap() {
            "gone" => {
                gone += 1;
                assert!(matches!(result, Err(SourceError::NotFound(_))), "{}", file.display());
            }
            "redirect" => assert_eq!(result.unwrap().locations.len(), 1, "{}", file.display()),
            _ => {
                let page = result.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
                let located = page.locations.iter().filter(|at| at.kind == LocationKind::Pdf).count();
                assert_eq!(located, pdfs(&item).len(), "{}: {:?}", file.display(), page.locations);
                assert!(
                    page.locations.iter().any(|at| at.url == format!("https://www.gov.uk{path}")),
                    "{}",
                    file.display()
                );
                let withdrawn = item["withdrawn_notice"].get("withdrawn_at").is_some();
                assert_eq!(page.warnings.len(), usize::from(withdrawn), "{}", file.display());
                documents += located;
            }
        }
    }
    println!("govuk: {items} content items, {documents} documents, {gone} gone");
}
