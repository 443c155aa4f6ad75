//! Scopus Search, the STANDARD view, recorded by two projects.

use gleaner::sources::scopus::Scopus;
use gleaner::sources::{Next, State};
use serde_json::{Value, json};

use crate::recorded::{all_answers, ask, count};

#[tokio::test]
async fn every_entry_becomes_a_record() {
    let Some(all) = all_answers("scopus") else { return };
    let mut entries = 0;
    for answer in all.values() {
        let text = answer.text();
        let body: Value = serde_json::from_str(&text).unwrap();
        if body.get("search-results").is_none() {
            println!("scopus: passed over {}: no search", answer.file);
            assert!(ask(&Scopus, &State(json!({"query": "x"})), answer).await.is_err(), "{}", answer.file);
            continue;
        }
        let page = ask(&Scopus, &State(json!({"query": "x"})), answer)
            .await
            .unwrap_or_else(|error| panic!("{}: {error}", answer.file));
        let there = count(r#""dc:identifier""#, &text);
        assert_eq!((page.records.len(), page.set_aside.len()), (there, 0), "{}", answer.file);
        let total: u64 = body["search-results"]["opensearch:totalResults"].as_str().unwrap().parse().unwrap();
        assert_eq!(page.reported, Some(total), "{}", answer.file);
        assert_eq!(page.next == Next::End, total == there as u64, "{}", answer.file);
        for kept in &page.records {
            let (payload, record) = (String::from_utf8_lossy(&kept.payload), &kept.record);
            let told = format!("{}: {record:#?}", answer.file);
            assert!(record.title.is_some() && record.year().is_some() && !record.authors.is_empty(), "{told}");
            assert!(payload.contains(record.identifiers.scopus.as_deref().unwrap()), "{told}");
            assert_eq!(record.identifiers.doi.is_some(), payload.contains(r#""prism:doi""#), "{told}");
            assert_eq!(record.identifiers.pmid.is_some(), payload.contains(r#""pubmed-id""#), "{told}");
            assert_eq!(record.abstract_text.is_some(), payload.contains(r#""dc:description""#), "{told}");
            assert!(!record.types.is_empty(), "{told}");
        }
        entries += there;
    }
    println!("scopus: {entries} entries");
}
