//! What another tool's authors expect of a linter, against ours: for each of their cases the same
//! findings at the same places. Their codes stand beside ours in a table. And the rules that vendors
//! state of what is valid.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use gleaner::query::lints::{Setting, lint};
use gleaner::query::{Diagnostic, Platform, Severity};
use serde_json::Value;

fn cases(name: &str) -> Vec<Value> {
    let Some(path) = support::real_data(&format!("query/{name}")) else { return Vec::new() };
    serde_json::from_slice(&std::fs::read(path).expect("readable")).expect("JSON")
}

/// Their code, what they call it, and the codes of ours that say the same.
const TABLE: &[(&str, &[&str])] = &[
    ("PARSE_0002 unbalanced-parentheses", &["unbalanced-parenthesis"]),
    ("PARSE_0003 unbalanced-quotes", &["unbalanced-quote"]),
    // An operand or an operator that is missing, or a field where none can stand.
    (
        "PARSE_0004 invalid-token-sequence",
        &["missing-operand", "implied-and", "field-on-group", "field-without-term", "unbalanced-parenthesis"],
    ),
    ("PARSE_0007 query-in-quotes", &["query-in-quotes"]),
    ("PARSE_0009 unsupported-suffix", &["unsupported-suffix"]),
    ("PARSE_0010 unsupported-prefix-platform-identifier", &["platform-name"]),
    ("STRUCT_0001 implicit-precedence", &["mixed-precedence"]),
    ("STRUCT_0002 operator-capitalization", &["operator-in-lower-case"]),
    ("STRUCT_0003 boolean-operator-readability", &["operator-sign"]),
    (
        "STRUCT_0004 invalid-proximity-use",
        &["proximity-unquoted", "proximity-of-one", "missing-distance", "unsupported-proximity"],
    ),
    // Not told here: capitals in a term change nothing on EBSCOhost.
    ("STRUCT_0005 search-term-lowercase", &[]),
    ("FIELD_0001 field-unsupported", &["unknown-field", "field-in-lower-case"]),
    ("FIELD_0002 field-missing", &["untagged", "field-missing"]),
    ("FIELD_0003 field-extracted", &["field-outside-query"]),
    ("FIELD_0004 field-implicit", &["untagged", "field-missing"]),
    ("TERM_0001 non-standard-quotes", &["apostrophes-as-quotes", "curly-quotes"]),
    ("TERM_0002 year-format-invalid", &["malformed-year"]),
    ("TERM_0003 doi-format-invalid", &["malformed-doi"]),
    ("TERM_0004 isbn-format-invalid", &["malformed-issn"]),
    ("QUALITY_0003 journal-filter-in-subquery", &["filter-in-part"]),
    ("QUALITY_0004 unnecessary-parentheses", &["unnecessary-parentheses"]),
    ("QUALITY_0005 redundant-term", &["repeated-term", "covered-term"]),
    ("PUBMED_0002 invalid-character", &["replaced-character", "foreign-wildcard"]),
    ("PUBMED_0003 invalid-wildcard-use", &["short-truncation", "inner-truncation"]),
    ("EBSCO_0001 wildcard-unsupported", &["leading-wildcard", "short-truncation"]),
    ("WOS_0001 too-many-terms", &["too-many-terms"]),
    ("WOS_0003 year-without-terms", &["years-alone"]),
    ("WOS_0006 wildcard-in-year", &["wildcard-in-year"]),
    ("WOS_0007 wildcard-left-short-length", &["leading-wildcard", "short-truncation"]),
    ("WOS_0008 wildcard-right-short-length", &["short-truncation"]),
    ("WOS_0009 wildcard-after-special-char", &["wildcard-after-mark"]),
    ("WOS_0010 wildcard-standalone", &["lone-wildcard"]),
    ("WOS_0011 wildcard-unsupported", &["foreign-wildcard"]),
    ("WOS_0012 invalid-character", &["stray-backslash", "replaced-character"]),
    ("WOS_0013 invalid-near-query", &["near-with-and"]),
    ("LINT_2001 deprecated-syntax", &["deprecated-field"]),
];

fn ours(code: &str) -> &'static [&'static str] {
    let found = TABLE.iter().find(|(theirs, _)| theirs.split(' ').next() == Some(code));
    found.unwrap_or_else(|| panic!("their code {code} is not in the table")).1
}

/// The byte offset of a character.
fn byte(text: &str, character: u64) -> usize {
    text.char_indices().nth(character as usize).map_or(text.len(), |(at, _)| at)
}

/// Whether ours say what they expect there: at each place that they name, or from the first of them
/// to the end of the last.
fn is_told(query: &str, expected: &Value, told: &[Diagnostic]) -> bool {
    let codes = ours(expected["code"].as_str().unwrap());
    let told: Vec<&Diagnostic> = told.iter().filter(|told| codes.contains(&told.code)).collect();
    let places: Vec<(usize, usize)> = expected["position"]
        .as_array()
        .unwrap()
        .iter()
        .map(|place| (byte(query, place[0].as_u64().unwrap()), byte(query, place[1].as_u64().unwrap())))
        .collect();
    let at = |place: (usize, usize)| told.iter().any(|told| (told.start, told.end) == place);
    match (places.first(), places.iter().map(|place| place.1).max()) {
        (Some(first), Some(end)) => places.iter().all(|place| at(*place)) || at((first.0, end)),
        _ => !told.is_empty(),
    }
}

#[test]
fn the_same_findings_as_another_linter() {
    let cases = cases("linter_cases.json");
    if cases.is_empty() {
        return;
    }
    let mut same = 0;
    let mut differences = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        let query = case["query"].as_str().unwrap();
        let platform: Platform = case["platform"].as_str().unwrap().parse().unwrap();
        let field = case["field_general"].as_str().filter(|field| !field.is_empty());
        let told = lint(query, platform, Setting { field }).diagnostics;
        let expected = case["expected_messages"].as_array().unwrap();
        let missing: Vec<&Value> = expected.iter().filter(|expected| !is_told(query, expected, &told)).collect();
        // Where they find nothing, nothing is wrong with it here either.
        let too_much: Vec<&Diagnostic> = match expected.is_empty() {
            true => told.iter().filter(|told| told.severity != Severity::Hint).collect(),
            false => Vec::new(),
        };
        if missing.is_empty() && too_much.is_empty() {
            same += 1;
            continue;
        }
        let missing = missing.iter().map(|missing| format!("{} at {}", missing["label"], missing["position"]));
        differences.push(format!(
            "{number} {platform} `{}`\n   missing: {}\n   told: {:?}",
            query.chars().take(100).collect::<String>(),
            missing.collect::<Vec<_>>().join(", "),
            told.iter().map(|told| format!("{} {}..{}", told.code, told.start, told.end)).collect::<Vec<_>>(),
        ));
    }
    println!("{same} of {} cases the same\n{}", cases.len(), differences.join("\n"));
    assert!(same >= LEAST, "{same}");
}

/// How many of the cases must be the same.
const LEAST: usize = 81;

#[test]
fn what_vendors_call_valid() {
    for rule in cases("vendor_rules.json") {
        let query = rule["query"].as_str().unwrap();
        let platform: Platform = rule["platform"].as_str().unwrap().parse().unwrap();
        let valid = match rule["kind"].as_str().unwrap() {
            "valid" => true,
            "invalid" => false,
            _ => continue,
        };
        if !platform.is_read() {
            continue;
        }
        let told = lint(query, platform, Setting::default()).diagnostics;
        let errors: Vec<&Diagnostic> = told.iter().filter(|told| told.severity == Severity::Error).collect();
        assert_eq!(errors.is_empty(), valid, "{platform} `{query}` ({}): {told:#?}", rule["note"]);
    }
}
