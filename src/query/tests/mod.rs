//! The room as a whole.

use super::{Fields, Matcher, Platform, Severity, parse, render};
use crate::model::Truth;

const STRATEGY: &str = include_str!("strategy.query");

fn tree(text: &str) -> super::Tree {
    parse(text).sound().unwrap_or_else(|diagnostics| panic!("{text}: {diagnostics:?}"))
}

fn codes(text: &str) -> Vec<&'static str> {
    parse(text).diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
}

#[test]
fn a_strategy_reads_without_a_word() {
    let parsed = parse(STRATEGY);
    assert_eq!(parsed.diagnostics, []);
    let tree = parsed.sound().unwrap();
    assert!(tree.is_conjunctive());
    assert_eq!(tree.concepts().len(), 4);
    assert_eq!(parse(&tree.to_string()).sound().unwrap(), tree);
}

#[test]
fn mistakes_are_told_all_at_once() {
    assert_eq!(codes("(a OR b"), ["unbalanced-parenthesis"]);
    assert_eq!(codes("a) OR \"b"), ["unbalanced-parenthesis", "unbalanced-quote"]);
    assert_eq!(codes("() AND"), ["empty-group", "missing-operand"]);
    assert_eq!(codes("titel:x AND (a OR )"), ["unknown-field", "missing-operand"]);
    assert_eq!(codes("a AND b OR c"), ["mixed-precedence"]);
    assert_eq!(codes("cats or dogs"), ["operator-in-lower-case"]);
    assert_eq!(codes("public sector"), ["implied-and"]);
    assert_eq!(codes("(a AND b) NEAR/3 c"), ["near-with-and"]);
    assert_eq!(codes("*ology"), ["leading-wildcard"]);
    assert_eq!(codes(""), ["empty-query"]);
    assert_eq!(codes(&"(".repeat(1000)).len(), 200 + 1);
    assert!(codes(&format!("{}a{}", "(".repeat(1000), ")".repeat(1000))).contains(&"too-deep"));
    let parsed = parse(&format!("a{}", " NEAR/3 a".repeat(1000)));
    assert!(parsed.diagnostics.iter().any(|told| told.code == "too-deep" && told.severity == Severity::Error));
}

fn value(query: &str, title: Option<&str>, abstract_text: Option<&str>) -> Truth {
    Matcher::new(&tree(query)).evaluate(&Fields { title, abstract_text, ..Fields::default() }).value
}

#[test]
fn matching() {
    use Truth::{False, True, Unknown};
    let text = "The Multi‑sector Partnerships of Zürich’s councils: co-operation";
    for query in [
        "multi-sector*",
        "\"multi sector\"",
        "zurich",
        "council*",
        "partnership*",
        "co-operat*",
        "cooperat* OR co-operation",
        "zurich NEAR/0 councils",
        "councils NEAR/2 partnerships",
        "\"sector partnership*\"",
    ] {
        assert_eq!(value(query, Some(text), Some("x")), True, "{query}");
    }
    for query in ["sector*ship", "multisector", "cooperation", "council", "councils NEAR/1 partnerships"] {
        assert_eq!(value(query, Some(text), Some("x")), False, "{query}");
    }
    assert_eq!(value("multi-sector*", Some("multisectoral"), Some("x")), True);
    assert_eq!(value("absent", Some(text), None), Unknown);
    assert_eq!(value("title:absent", Some(text), None), False);
    assert_eq!(value("NOT zurich", Some(text), None), False);
    assert_eq!(value("all:absent", Some(text), Some("x")), Unknown);
    assert_eq!(value("keywords:absent", Some(text), Some("x")), Unknown);
}

#[test]
fn hits_point_into_the_original() {
    let matcher = Matcher::new(&tree("(\"café société*\" OR a NEAR/1 b) NOT zurich"));
    let keywords = ["x".to_owned(), "Zürich a".to_owned(), "b a".to_owned()];
    let title = "Le CAFE\u{301} Sociétés";
    let found = matcher.evaluate(&Fields { title: Some(title), keywords: Some(&keywords), ..Fields::default() });
    let hits: Vec<(&str, &str)> = found
        .hits
        .iter()
        .map(|hit| {
            (
                hit.field,
                if hit.field == "title" {
                    &title[hit.start..hit.end]
                } else {
                    &"x; Zürich a; b a"[hit.start..hit.end]
                },
            )
        })
        .collect();
    assert_eq!(hits, [("title", "CAFE\u{301} Sociétés"), ("keywords", "b"), ("keywords", "a")]);
    assert_eq!(found.value, Truth::False);
}

#[test]
fn renderings() {
    for platform in Platform::ALL {
        let rendered = render(&tree(STRATEGY), platform);
        println!("== {platform} exact {}\n{}\n", rendered.exact, rendered.query);
        for warning in rendered.warnings {
            println!("   {} {}..{} {}", warning.code, warning.start, warning.end, warning.message);
        }
    }
}
