//! Search strings of published reviews, in the syntax of many platforms: read as gleaner's they may
//! be full of mistakes, but reading, writing and matching them never panics and never takes long.

mod support;

use std::time::{Duration, Instant};

use gleaner::query::{Fields, Matcher, Platform, Severity, Tree, detect, parse, read, render, render_split, show};
use regex::Regex;
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

/// Strings that are not read, and the fault of their own that each has.
const FAULTS: &[(&str, &str, &str)] = &[
    ("clef/CD008686", "foreign-field", "is in PubMed's syntax, with prose for lines; its label is a guess"),
    ("clef/CD009044", "unbalanced-parenthesis", "line 2 ends in `(1`, the rest of which was cut off"),
    ("clef/CD007394", "unbalanced-quote", "a quotation mark has no partner"),
    ("clef/CD009263", "unbalanced-parenthesis", "it has more closing than opening parentheses"),
    ("clef/CD012930", "unknown-line", "line 18 is `or/11-77`, and there are 24 lines"),
];

/// What a strategy becomes elsewhere: balanced, free of the syntax that it came in, and read again
/// where the other syntax is read.
fn translated(id: &str, from: Platform, tree: &Tree) {
    let signs = match from {
        Platform::Ovid => r"\.(?:ti|ab|tw|mp|kf|pt|sh|fs)(?:,[a-z]{2})*\.|\badj\d|\bexp [A-Z]|\bor/\d",
        Platform::PubMed => r"(?i)\[(?:tiab|ti|tw|mesh|mh|majr|pt|all fields|title/abstract)(?::[a-z~0-9]+)?\]",
        _ => r"\b(?:TS|TI|AB)=",
    };
    let residue = Regex::new(signs).expect("a pattern");
    for platform in Platform::written() {
        let query = render(tree, platform).query;
        let count = |sign: char| query.matches(sign).count();
        assert_eq!(count('('), count(')'), "{id} for {platform}: {query}");
        // What only its own platform understands is written there in gleaner's own language too.
        if platform != from && platform != Platform::Gleaner {
            assert!(!residue.is_match(&query), "{id} for {platform}: {query}");
        }
        if platform.is_read() && !query.is_empty() {
            let errors = read(&query, platform).diagnostics;
            let errors: Vec<_> = errors.iter().filter(|told| told.severity == Severity::Error).collect();
            assert!(errors.is_empty(), "{id} for {platform}: {errors:?}\n{query}");
        }
    }
}

/// Published strategies: read, their labels a guess of who collected them; one has none.
#[test]
fn published_strategies_are_read_but_for_faults_of_their_own() {
    let Some(path) = support::real_data("query/real_queries.json") else { return };
    let bytes = std::fs::read(path).expect("readable");
    let cases: Vec<Value> = serde_json::from_slice(&bytes).expect("JSON");
    let mut sound = 0;
    let mut faulty = 0;
    for case in &cases {
        let id = case["id"].as_str().expect("an id");
        let query = case["query"].as_str().expect("a query");
        let from = case["platform"].as_str().and_then(|name| name.parse().ok()).unwrap_or_else(|| detect(query));
        let parsed = read(query, from);
        for told in &parsed.diagnostics {
            assert!(query.get(told.start..told.end).is_some(), "{id}: {told:?}");
        }
        let errors: Vec<&str> =
            parsed.diagnostics.iter().filter(|told| told.severity == Severity::Error).map(|told| told.code).collect();
        match FAULTS.iter().find(|(faulty, ..)| *faulty == id) {
            Some((_, code, why)) => {
                assert!(errors.contains(code), "{id} {why}, but that was not told: {errors:?}");
                faulty += 1;
            }
            None => {
                assert_eq!(errors, [""; 0], "{id}");
                let tree = parsed.sound().expect("no errors");
                translated(id, from, &tree);
                assert_eq!(parse(&tree.to_string()).sound(), Ok(tree), "{id}");
                sound += 1;
            }
        }
    }
    assert_eq!(faulty, FAULTS.len());
    println!("{sound} strategies read, {faulty} with faults of their own");
}

/// What the vendors' help says of Ovid's and the Cochrane Library's operators.
#[test]
fn the_rules_of_ovid_and_cochrane_hold() {
    let Some(path) = support::real_data("query/vendor_rules.json") else { return };
    let bytes = std::fs::read(path).expect("readable");
    let rules: Vec<Value> = serde_json::from_slice(&bytes).expect("JSON");
    let mut held = 0;
    for rule in &rules {
        let platform = match rule["platform"].as_str() {
            Some("ovid") => Platform::Ovid,
            Some("cochrane") => Platform::Cochrane,
            _ => continue,
        };
        let query = rule["query"].as_str().expect("a query");
        let parsed = read(query, platform).sound();
        match rule["kind"].as_str() {
            Some("invalid") => assert!(parsed.is_err(), "{query}"),
            Some("equivalence") => {
                let same = rule["expected_equivalent"].as_str().expect("a query");
                assert_eq!(parsed, read(same, platform).sound(), "{query}");
            }
            Some("proximity-offset") => {
                assert_eq!(parsed.expect("sound").to_string(), "heart NEAR/2 attack");
            }
            Some("phrase") => assert_eq!(parsed.expect("sound").to_string(), "all:\"hearing aid*\""),
            other => panic!("{other:?}: {query}"),
        }
        held += 1;
    }
    println!("{held} rules hold");
}

/// The worked strategy of the shared folder is read, and written for Ovid it is read again as the same.
#[test]
fn the_worked_strategy_is_read_and_written_for_ovid() {
    let Some(folder) = support::real_data("query") else { return };
    let Ok(text) = std::fs::read_to_string(folder.join("../../STRATEGY.md")) else {
        println!("skipped: no STRATEGY.md beside the real data");
        return;
    };
    let block = |name: &str| {
        let start = text.find(&format!("## {name}\n```\n")).expect("a section") + name.len() + 8;
        &text[start..start + text[start..].find("```").expect("an end")]
    };
    let parsed = read(block("ovid"), Platform::Ovid);
    assert_eq!(parsed.diagnostics, []);
    assert_eq!(parsed.lines.len(), 12);
    assert_eq!(parsed.sound().expect("sound").concepts().len(), 4);
    let own = parse(block("gleaner")).sound().expect("sound");
    let rendered = render(&own, Platform::Ovid);
    assert!(rendered.exact && rendered.warnings.is_empty());
    let again = read(&rendered.query, Platform::Ovid).sound().expect("sound");
    assert_eq!(render(&again, Platform::Ovid).query, rendered.query);
}
