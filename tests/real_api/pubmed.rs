//! E-utilities, recorded by several projects.

use gleaner::sources::pubmed::PubMed;
use gleaner::sources::{Next, Page, SourceError, State};
use serde_json::json;

use crate::recorded::{Recorded, all_answers, ask, count};

/// What no source of ours asks for: passed over.
const PASSED_OVER: &[(&str, &str)] = &[
    ("esummary", "summaries: citations are fetched whole"),
    ("elink", "links between databases are not asked for"),
    ("epost", "ids are not posted: the search keeps its own history"),
    ("espell", "spelling is not asked for"),
    ("idconv", "PMC's id converter is another service"),
];

fn is_set(text: &str) -> bool {
    count("<Pubmed(Book)?Article", text) > 0
}

async fn fetch(recorded: &Recorded, total: usize) -> Result<Page, SourceError> {
    let history = json!({"web_env": "M", "query_key": "1", "total": total, "start": 0, "size": 10_000, "arrived": 0});
    let state = json!({"step": "fetch", "slice": {"term": "x"}, "history": history, "again": true});
    ask(&PubMed, &State(state), recorded).await
}

#[tokio::test]
async fn every_fetched_citation_becomes_a_record() {
    let Some(all) = all_answers("pubmed") else { return };
    let (mut citations, mut abstracts, mut dois) = (0, 0, 0);
    for answer in all.values().filter(|answer| is_set(&answer.text())) {
        let text = answer.text();
        let there = count(r"<PubmedArticle[\s>]", &text) + count(r"<PubmedBookArticle[\s>]", &text);
        let page = fetch(answer, there).await.unwrap_or_else(|error| panic!("{}: {error}", answer.file));
        assert_eq!((page.records.len(), page.set_aside.len()), (there, 0), "{}", answer.file);
        assert_eq!((&page.next, page.warnings.len()), (&Next::End, 0), "{}: {:?}", answer.file, page.warnings);
        for kept in &page.records {
            let (payload, record) = (String::from_utf8_lossy(&kept.payload), &kept.record);
            let told = format!("{}: {record:#?}", answer.file);
            // The references at the end have identifiers of their own.
            let own = payload.split("<ReferenceList").next().unwrap();
            assert!(record.title.is_some(), "{told}");
            assert!(record.year().is_some(), "{told}");
            let pmid = record.identifiers.pmid.as_deref().unwrap();
            assert!(own.contains(&format!(">{pmid}</PMID>")), "{told}");
            assert_eq!(record.abstract_text.is_some(), own.contains("<AbstractText"), "{told}");
            let has_doi = count(r#"IdType="doi"[^>]*>\s*10\."#, own) > 0;
            assert_eq!(record.identifiers.doi.is_some(), has_doi, "{told}");
            assert_eq!(record.identifiers.pmcid.is_some(), own.contains(r#"IdType="pmc""#), "{told}");
            let people = count(r"<Author[ >]", own.split("<InvestigatorList").next().unwrap());
            assert!(record.authors.len() <= people && (record.authors.is_empty() == (people == 0)), "{told}");
            assert_eq!(record.keywords.is_empty(), count("<(Keyword|DescriptorName)[ >]", own) == 0, "{told}");
            for part in [&record.title, &record.abstract_text].into_iter().flatten() {
                assert_eq!(count("</?(i|b|sup|sub|mml:math|AbstractText)>", part), 0, "{told}");
            }
            abstracts += usize::from(record.abstract_text.is_some());
            dois += usize::from(record.identifiers.doi.is_some());
        }
        citations += there;
    }
    println!("pubmed: {citations} citations, {abstracts} abstracts, {dois} dois");
    assert!(citations > 0);
}

#[tokio::test]
async fn every_search_is_counted() {
    let Some(all) = all_answers("pubmed") else { return };
    let counted = regex::Regex::new("<Count>([0-9]+)</Count>").unwrap();
    let mut searches = 0;
    for answer in all.values().filter(|answer| answer.text().contains("<eSearchResult")) {
        let text = answer.text();
        let whole: u64 = counted.captures(&text).unwrap()[1].parse().unwrap();
        let page = ask(&PubMed, &State(json!({"step": "search", "term": "x"})), answer).await;
        match page {
            Ok(page) => assert_eq!(page.reported, Some(whole), "{}", answer.file),
            Err(error) => panic!("{}: {error}", answer.file),
        }
        searches += 1;
    }
    println!("pubmed: {searches} searches");
}

#[tokio::test]
async fn errors_and_the_rest() {
    let Some(all) = all_answers("pubmed") else { return };
    for answer in all.values() {
        let text = answer.text();
        if is_set(&text) || text.contains("<eSearchResult") {
            continue;
        }
        let error = fetch(answer, 1).await.err();
        match answer.file.as_str() {
            name if name.contains("429") => assert_eq!(error, Some(SourceError::Throttled { retry_after_s: None })),
            name if name.contains("414") || name.contains("empty_id") || name.contains("past_9999") => {
                assert!(matches!(error, Some(SourceError::Rejected(_))), "{name}: {error:?}");
            }
            name => {
                let reason = PASSED_OVER.iter().find(|(part, _)| name.contains(part)).map(|(_, reason)| reason);
                println!("pubmed: passed over {name}: {}", reason.unwrap_or_else(|| panic!("{name}: {error:?}")));
                assert!(error.is_some(), "{name} is no article set and was read as one");
            }
        }
    }
}
