//! PubMed's, arXiv's and other platforms' syntax against cases and rules that others wrote down.

mod support;

use gleaner::query::{Fields, Kind, Matcher, Node, Parsed, Platform, Severity, parse, read, render};
use serde_json::Value;

/// The cases of a file that are of a platform.
fn cases(name: &str, platform: &str) -> Vec<Value> {
    let Some(path) = support::real_data(&format!("query/{name}")) else { return Vec::new() };
    let bytes = std::fs::read(path).expect("readable");
    let cases: Vec<Value> = serde_json::from_slice(&bytes).expect("JSON");
    cases.into_iter().filter(|case| case["platform"] == platform).collect()
}

fn said(parsed: Parsed) -> String {
    parsed.tree.map(|tree| tree.to_string()).unwrap_or_default()
}

fn text<'a>(case: &'a Value, key: &str) -> &'a str {
    case[key].as_str().unwrap_or_default()
}

#[test]
fn published_pubmed_strategies_are_read() {
    let mut unread = Vec::new();
    let cases = cases("real_queries.json", "pubmed");
    for case in &cases {
        let parsed = read(text(case, "query"), Platform::PubMed);
        let errors: Vec<&str> =
            parsed.diagnostics.iter().filter(|told| told.severity == Severity::Error).map(|told| told.code).collect();
        if let Some(tree) = &parsed.tree {
            for platform in Platform::written() {
                let rendered = render(tree, platform);
                if platform.is_read() && !rendered.query.is_empty() {
                    let back = read(&rendered.query, platform);
                    assert!(back.sound().is_ok(), "{platform}: {}", rendered.query);
                }
            }
        }
        if !errors.is_empty() {
            unread.push((text(case, "id").to_owned(), errors));
        }
    }
    // One strategy has a quotation mark without a partner.
    let known = [("clef/CD007394".to_owned(), vec!["unbalanced-quote"])];
    assert!(cases.is_empty() || unread == known, "{unread:?}");
}

/// The other tool's notation (`AND[OR[x[[ti]], …], …]`) as a PubMed query with all parentheses.
fn in_full(expected: &str) -> String {
    let operators = [("AND[", " AND "), ("OR[", " OR "), ("NOT[", " NOT "), ("RANGE[", " : ")];
    for (name, operator) in operators {
        if let Some(inside) = expected.strip_prefix(name).and_then(|rest| rest.strip_suffix(']')) {
            let parts: Vec<String> = parts(inside).into_iter().map(in_full).collect();
            return if name == "RANGE[" { parts.join(operator) } else { format!("({})", parts.join(operator)) };
        }
    }
    if let Some((distance, inside)) = expected.strip_prefix("NEAR/").and_then(|rest| rest.split_once('[')) {
        let inside = inside.strip_suffix(']').unwrap_or(inside);
        return inside.replace("]]", &format!(":~{distance}]")).replace("[[", "[");
    }
    expected.replace("[[", "[").replace("]]", "]")
}

/// A tree with an AND inside an AND taken in.
fn shape(node: &Node) -> String {
    match &node.kind {
        Kind::And(nodes) => {
            let parts: Vec<String> = nodes.iter().map(shape).collect();
            let inside =
                |part: &String| part.strip_prefix("AND[").and_then(|part| part.strip_suffix(']')).map(str::to_owned);
            let parts: Vec<String> = parts.iter().map(|part| inside(part).unwrap_or_else(|| part.clone())).collect();
            format!("AND[{}]", parts.join(" & "))
        }
        Kind::Or(nodes) => format!("OR[{}]", nodes.iter().map(shape).collect::<Vec<_>>().join(" | ")),
        Kind::Not(node) => format!("NOT[{}]", shape(node)),
        _ => node.to_string(),
    }
}

/// Divides at commas that stand inside nothing.
fn parts(text: &str) -> Vec<&str> {
    let mut depth = 0_i32;
    let mut start = 0;
    let mut parts = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            '[' => depth += 1,
            ']' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts
}

#[test]
fn parse_cases() {
    for case in cases("parse_cases.json", "pubmed") {
        let query = text(&case, "query");
        let parsed = read(query, Platform::PubMed);
        assert!(parsed.diagnostics.iter().all(|told| told.severity != Severity::Error), "{query}");
        if let Some(expected) = case["expected_parsed"].as_str() {
            let expected = read(&in_full(expected), Platform::PubMed).tree.expect("a tree");
            assert_eq!(shape(&parsed.tree.expect("a tree").root), shape(&expected.root), "{query}");
        } else if let Some(expected) = case["expected_generic"].as_str() {
            same_records(query, &parsed, expected);
        }
    }
}

/// That a query finds the same records as the other tool's notation, in title and abstract. Of three
/// words near each other that tool wants two only; we want all.
fn same_records(query: &str, parsed: &Parsed, expected: &str) {
    let near = expected.contains("NEAR/0");
    let full = in_full(&expected.replace("[title]", "[[ti]]").replace("[abstract]", "[[ab]]"));
    let full = full.replace("digital[ti:~2], health[ti:~2]", "\"digital health\"[ti:~2]");
    let full = full.replace("health[ti:~2], digital[ti:~2]", "\"digital health\"[ti:~2]");
    // PubMed has no proximity in the abstract alone.
    if near || full.contains("[ab:~") {
        return;
    }
    let ours = Matcher::new(parsed.tree.as_ref().expect("a tree"));
    let theirs = Matcher::new(&read(&full, Platform::PubMed).sound().unwrap_or_else(|told| panic!("{full}: {told:?}")));
    let texts =
        ["eHealth", "mHealth", "diabetes digital", "digital one health", "digital one two three health", "none"];
    for title in texts {
        for abstract_text in texts {
            let fields = Fields {
                title: Some(title),
                abstract_text: Some(abstract_text),
                keywords: Some(&[]),
                ..Fields::default()
            };
            assert_eq!(
                ours.evaluate(&fields).value,
                theirs.evaluate(&fields).value,
                "{query}: {title} / {abstract_text}"
            );
        }
    }
}

#[test]
fn vendors_rules() {
    for (name, platform) in [("pubmed", Platform::PubMed), ("arxiv", Platform::Arxiv)] {
        for case in cases("vendor_rules.json", name) {
            let (query, expected) = (text(&case, "query"), text(&case, "expected_equivalent"));
            let found = said(read(query, platform));
            match text(&case, "kind") {
                "proximity" => assert_eq!(found, "default:(hip NEAR/2 pain)"),
                _ => assert_eq!(
                    found.replace(['(', ')'], ""),
                    said(read(expected, platform)).replace(['(', ')'], ""),
                    "{query}"
                ),
            }
        }
    }
    for case in cases("vendor_rules.json", "openalex") {
        let tree = parse(text(&case, "query")).tree.expect("a tree");
        let rendered = render(&tree, Platform::OpenAlex);
        assert!(!rendered.query.contains('*') && !rendered.exact, "{}", rendered.query);
        if text(&case, "kind") == "implicit-and" {
            assert_eq!(rendered.query, text(&case, "expected_equivalent"));
        }
    }
    let tree = parse("((cloud AND computing) OR virtualization) AND security").sound().expect("sound");
    assert_eq!(render(&tree, Platform::SemanticScholar).query, "((cloud + computing) | virtualization) + security");
    let tree = parse("fish NEAR/3 ladder").sound().expect("sound");
    assert_eq!(render(&tree, Platform::SemanticScholar).query, "\"fish ladder\"~3 | \"ladder fish\"~3");
}

#[test]
fn the_worked_strategy() {
    let Some(real) = support::real_data("query/SOURCES.md") else { return };
    let shared = real.ancestors().nth(3).expect("beside real");
    let Ok(strategy) = std::fs::read_to_string(shared.join("STRATEGY.md")) else { return };
    let block = |name: &str| -> String {
        let part = strategy.split(&format!("## {name}\n```\n")).nth(1).expect("a heading");
        part.split("```").next().unwrap_or_default().to_owned()
    };
    let by_hand = read(&block("pubmed"), Platform::PubMed);
    let codes: Vec<&str> = by_hand.diagnostics.iter().map(|told| told.code).collect();
    assert!(codes.is_empty(), "{codes:?}");
    let tree = parse(&block("gleaner")).sound().expect("sound");
    let rendered = render(&tree, Platform::PubMed);
    let back = read(&rendered.query, Platform::PubMed).sound().expect("sound");
    assert_eq!(back.concepts().len(), tree.concepts().len());
    // By hand too: PubMed's proximity takes no truncation, so that most NEARs are an AND there.
    assert!(rendered.warnings.iter().any(|told| told.code == "near-widened"));
}
