//! Search strings of published reviews, in the syntax of many platforms: read as gleaner's they may
//! be full of mistakes, but reading, writing and matching them never panics and never takes long.

mod support;

use std::time::{Duration, Instant};

use gleaner::query::{Fields, Matcher, Platform, parse, render, render_split, show};
use serde_json::Value;

/// Every string called `query` in a file of cases.
fn queries(name: &str) -> Vec<String> {
    let Some(path) = support::real_data(&format!("query/{name}")) else { return Vec::new() };
    let bytes = std::fs::read(path).expect("readable");
    let cases: Vec<Value> = serde_json::from_slice(&bytes).expect("JSON");
    cases.iter().filter_map(|case| case["query"].as_str().map(str::to_owned)).collect()
}

#[test]
fn published_search_strings_never_panic_or_hang() {
    let files = [
        "real_queries.json",
        "linter_cases.json",
        "parse_cases.json",
        "translate_cases.json",
        "validity_cases.json",
        "vendor_rules.json",
    ];
    let mut read = 0;
    let mut sound = 0;
    let mut slowest = Duration::ZERO;
    for query in files.into_iter().flat_map(queries) {
        let start = Instant::now();
        let parsed = parse(&query);
        for told in &parsed.diagnostics {
            assert!(query.get(told.start..told.end).is_some(), "{told:?}\n{query}");
        }
        let _ = show(&query, None, &parsed.diagnostics, false);
        read += 1;
        if let Some(tree) = &parsed.tree {
            for platform in Platform::written() {
                let _ = render(tree, platform);
            }
            let parts = render_split(tree, Platform::OpenAlex, 4_000);
            assert!(!parts.is_empty());
            let fields = Fields { title: Some(&query), abstract_text: Some(&query), ..Fields::default() };
            let _ = Matcher::new(tree).evaluate(&fields);
        }
        if let Ok(tree) = parsed.sound() {
            sound += 1;
            assert_eq!(parse(&tree.to_string()).sound(), Ok(tree), "{query}");
        }
        slowest = slowest.max(start.elapsed());
    }
    println!("{read} queries, {sound} sound as gleaner's own, the slowest took {slowest:?}");
    assert!(slowest < Duration::from_secs(20), "{slowest:?}");
}
