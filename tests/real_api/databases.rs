//! The databases whose answers are lists of one shape: every file that lies in their folders is read,
//! or passed over with a reason. A new file is tested by lying there.

use gleaner::sources::{Page, Source, SourceError, State, registry};
use serde_json::{Value, json};

use crate::recorded::{all_answers, ask, count};

/// How a file is asked for, and what its body must come to.
enum Wanted {
    /// Its records, by their keys in order, counted by another road.
    Records(Value, Vec<String>),
    /// The addresses of full texts.
    Locations(Value, Vec<String>),
    /// The works that a citation list names.
    Works(Value, usize),
    /// An error of this kind.
    Error(Value, &'static str),
    PassedOver(&'static str),
}

/// The texts at a path within each item of a list.
fn texts(body: &Value, list: &str, path: &str) -> Vec<String> {
    let items = body.pointer(list).and_then(Value::as_array).unwrap_or_else(|| panic!("no list at {list}"));
    let text = |item: &Value| match item.pointer(path) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    };
    items.iter().map(text).collect()
}

fn lower(texts: Vec<String>) -> Vec<String> {
    texts.into_iter().map(|text| text.to_lowercase()).collect()
}

fn offset() -> Value {
    json!({"query": "x"})
}

fn wanted(database: &str, file: &str, body: &str) -> Wanted {
    let json = || serde_json::from_str::<Value>(body).unwrap_or_else(|error| panic!("{file}: {error}"));
    match (database, file) {
        ("arxiv", name) if name.starts_with("error_400") => Wanted::Error(offset(), "Rejected"),
        ("arxiv", _) => Wanted::Records(offset(), arxiv_ids(body)),
        ("base", name) if name.starts_with("oai_") => Wanted::PassedOver("an answer of a harvesting interface"),
        ("base", _) => Wanted::Records(offset(), captures(r#"<str name="dcdocid">([^<]+)<"#, body)),
        ("core", name) if name.starts_with("v2_") => Wanted::PassedOver("version 2, another interface"),
        ("core", _) => Wanted::Records(json!({"list": offset()}), texts(&json(), "/results", "/id")),
        ("datacite", name) if name.starts_with("error_404") => {
            Wanted::Error(json!({"query": "x", "cursor": "1"}), "NotFound")
        }
        ("datacite", "dois_page_size5.json") => {
            let keys = lower(texts(&json(), "/data", "/attributes/doi"));
            Wanted::Records(json!({"query": "x", "cursor": "1"}), keys)
        }
        ("datacite", name) if name.starts_with("old_solr") => Wanted::PassedOver("the interface of 2016"),
        ("datacite", _) => Wanted::PassedOver("a single DOI, which is not asked for"),
        ("dimensions", _) => Wanted::PassedOver("what a notebook printed, no answer of the interface"),
        ("doaj", name) if name.starts_with("search_articles") => {
            Wanted::Records(offset(), texts(&json(), "/results", "/id"))
        }
        ("doaj", _) => Wanted::PassedOver("a journal, or a single article"),
        ("eric", _) => Wanted::Records(offset(), texts(&json(), "/response/docs", "/id")),
        ("ieee", _) => Wanted::Records(offset(), texts(&json(), "/articles", "/article_number")),
        ("lens", _) => Wanted::PassedOver("the sample of a request"),
        ("opencitations", name)
            if name.contains("metadata") || name.contains("count") || name.ends_with("_oci.json") =>
        {
            Wanted::PassedOver("metadata of version 1, a count, or a single citation")
        }
        ("opencitations", name) => {
            let direction = if name.contains("references") { "backward" } else { "forward" };
            let member = if direction == "forward" { "/citing" } else { "/cited" };
            let mut works = texts(&json(), "", member);
            works.sort_unstable();
            works.dedup();
            Wanted::Works(json!({"cited": {"seed": "doi:10.5555/x", "direction": direction}}), works.len())
        }
        ("plos", _) => Wanted::Records(offset(), lower(texts(&json(), "/response/docs", "/id"))),
        ("semanticscholar", name) => semanticscholar(name, &json),
        ("springer", _) => Wanted::Records(offset(), texts(&json(), "/records", "/doi")),
        ("unpaywall", name) if name.starts_with("error_404") => Wanted::Error(json!("10.5555/x"), "NotFound"),
        ("unpaywall", name) if name.starts_with("search_") => Wanted::PassedOver("a search, which is not asked for"),
        ("unpaywall", _) => {
            let pdfs = texts(&json(), "/oa_locations", "/url_for_pdf");
            Wanted::Locations(json!("10.5555/x"), pdfs.into_iter().filter(|url| !url.is_empty()).collect())
        }
        _ => panic!("{database}/{file} is not known to this test"),
    }
}

fn semanticscholar(name: &str, json: &dyn Fn() -> Value) -> Wanted {
    let bulk = json!({"bulk": {"query": "x", "token": "before"}});
    let cited = |direction: &str| json!({"cited": {"paper": "DOI:10.5555/x", "direction": direction, "offset": 0}});
    match name {
        "search_empty.json" => Wanted::Records(json!({"bulk": {"query": "x"}}), Vec::new()),
        _ if name.starts_with("error_400") => Wanted::Error(bulk, "Rejected"),
        _ if name.starts_with("error_403") => Wanted::Error(bulk, "Refused"),
        _ if name.starts_with("error_404") => Wanted::Error(bulk, "NotFound"),
        _ if name.starts_with("citations") => {
            Wanted::Records(cited("forward"), texts(&json(), "/data", "/citingPaper/paperId"))
        }
        _ if name.starts_with("references") => {
            Wanted::Records(cited("backward"), texts(&json(), "/data", "/citedPaper/paperId"))
        }
        "search_match_title.json" => Wanted::PassedOver("a match by title, which is not asked for"),
        _ if name.starts_with("paper_") => Wanted::PassedOver("a single paper without identifiers"),
        _ => Wanted::Records(bulk, texts(&json(), "/data", "/paperId")),
    }
}

fn arxiv_ids(body: &str) -> Vec<String> {
    let ids = captures(r"<id>https?://arxiv.org/abs/([^<]+)</id>", body);
    let version = regex::Regex::new(r"v\d+$").unwrap();
    ids.iter().map(|id| version.replace(id, "").into_owned()).collect()
}

fn captures(pattern: &str, text: &str) -> Vec<String> {
    let pattern = regex::Regex::new(pattern).unwrap();
    pattern.captures_iter(text).map(|found| found[1].to_owned()).collect()
}

/// The page holds what the body was counted to hold.
fn check(place: &str, wanted: Wanted, page: Result<Page, SourceError>) -> usize {
    match wanted {
        Wanted::Error(_, kind) => {
            let told = format!("{:?}", page.expect_err(place));
            assert!(told.starts_with(kind), "{place}: {told}");
            0
        }
        Wanted::Records(_, keys) => {
            let page = page.unwrap_or_else(|error| panic!("{place}: {error}"));
            assert_eq!(page.set_aside, [], "{place}");
            let found: Vec<&str> = page.records.iter().map(|one| one.record.source_key.as_str()).collect();
            assert_eq!(found.len(), keys.len(), "{place}");
            // A work without an id of its own (an empty key here) has one made of its title.
            for (found, key) in found.iter().zip(&keys) {
                assert!(found == key || key.is_empty() && found.contains(':'), "{place}: {found} for {key}");
            }
            for one in &page.records {
                let payload = String::from_utf8_lossy(&one.payload);
                assert!(one.record.title.is_some() == payload.contains("title"), "{place}: {payload}");
            }
            page.records.len()
        }
        Wanted::Locations(_, urls) => {
            let page = page.unwrap_or_else(|error| panic!("{place}: {error}"));
            for url in urls {
                assert!(page.locations.iter().any(|location| location.url == url), "{place}: {url}");
            }
            0
        }
        Wanted::Works(_, works) => {
            let page = page.unwrap_or_else(|error| panic!("{place}: {error}"));
            assert_eq!(page.reported, Some(works as u64), "{place}");
            0
        }
        Wanted::PassedOver(_) => 0,
    }
}

#[tokio::test]
async fn every_file_of_their_folders_is_read() {
    let databases = [
        "arxiv",
        "base",
        "core",
        "datacite",
        "dimensions",
        "doaj",
        "eric",
        "ieee",
        "lens",
        "opencitations",
        "plos",
        "semanticscholar",
        "springer",
        "unpaywall",
    ];
    for database in databases {
        let Some(answers) = all_answers(database) else { return };
        let source: &dyn Source = registry::find(database).unwrap();
        let (mut read, mut records) = (0, 0);
        for (file, recorded) in &answers {
            let place = format!("{database}/{file}");
            let wanted = wanted(database, file, &recorded.text());
            let state = match &wanted {
                Wanted::PassedOver(reason) => {
                    println!("passed over {place}: {reason}");
                    continue;
                }
                Wanted::Records(state, _)
                | Wanted::Locations(state, _)
                | Wanted::Works(state, _)
                | Wanted::Error(state, _) => State(state.clone()),
            };
            let page = ask(source, &state, recorded).await;
            records += check(&place, wanted, page);
            read += 1;
        }
        println!("{database}: {read} of {} files read, {records} records", answers.len());
    }
}

#[test]
fn the_counting_is_another_road() {
    assert_eq!(count("<entry>", "<entry></entry><entry></entry>"), 2);
    assert_eq!(arxiv_ids("<id>http://arxiv.org/abs/cs/0601001v1</id>"), ["cs/0601001"]);
}
