//! Vendors' own rules, other tools' cases, and strategies written by hand: each read by the reader of
//! its platform.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail by panic")]

mod support;

use std::path::Path;

use gleaner::query::{Kind, Node, Parsed, Platform, Severity, Tree, parse, read, render};
use serde_json::Value;

fn cases(root: &Path, file: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(root.join(file)).unwrap();
    serde_json::from_str::<Vec<Value>>(&text).unwrap()
}

fn platform(case: &Value) -> Option<Platform> {
    case["platform"].as_str().and_then(|name| name.parse().ok()).filter(|platform: &Platform| platform.is_read())
}

fn has_error(parsed: &Parsed) -> bool {
    parsed.diagnostics.iter().any(|told| told.severity == Severity::Error)
}

/// The same with groups in groups of their own kind taken apart, and limits that change nothing left out.
fn flat(node: &Node) -> Node {
    let each = |nodes: &[Node]| -> Vec<Node> { nodes.iter().map(flat).collect() };
    let kind = match &node.kind {
        Kind::And(nodes) => Kind::And(
            each(nodes)
                .into_iter()
                .flat_map(|node| match node.kind {
                    Kind::And(inner) => inner,
                    kind => vec![Node::new(kind, node.span)],
                })
                .collect(),
        ),
        Kind::Or(nodes) => Kind::Or(
            each(nodes)
                .into_iter()
                .flat_map(|node| match node.kind {
                    Kind::Or(inner) => inner,
                    kind => vec![Node::new(kind, node.span)],
                })
                .collect(),
        ),
        Kind::Not(inside) => Kind::Not(Box::new(flat(inside))),
        Kind::Near { distance, ordered, left, right } => Kind::Near {
            distance: *distance,
            ordered: *ordered,
            left: Box::new(flat(left)),
            right: Box::new(flat(right)),
        },
        Kind::Limit { scope, node } => Kind::Limit { scope: *scope, node: Box::new(flat(node)) },
        leaf => leaf.clone(),
    };
    Node::new(kind, 0..0)
}

/// The operands of AND and OR in one order, since that means the same.
fn sorted(node: Node) -> Node {
    let in_order = |nodes: Vec<Node>| {
        let mut nodes: Vec<Node> = nodes.into_iter().map(sorted).collect();
        nodes.sort_by_key(ToString::to_string);
        nodes
    };
    let kind = match node.kind {
        Kind::And(nodes) => Kind::And(in_order(nodes)),
        Kind::Or(nodes) => Kind::Or(in_order(nodes)),
        Kind::Not(inside) => Kind::Not(Box::new(sorted(*inside))),
        Kind::Limit { scope, node } => Kind::Limit { scope, node: Box::new(sorted(*node)) },
        kind => kind,
    };
    Node::new(kind, 0..0)
}

fn same(one: &Tree, other: &Tree) -> bool {
    sorted(flat(&one.root)) == sorted(flat(&other.root))
}

#[test]
fn vendors_rules_hold() {
    let Some(root) = support::real_data("query") else { return };
    let mut held = 0;
    for case in cases(&root, "vendor_rules.json") {
        let Some(platform) = platform(&case) else { continue };
        let (query, kind) = (case["query"].as_str().unwrap(), case["kind"].as_str().unwrap());
        let parsed = read(query, platform);
        match kind {
            "invalid" => assert!(has_error(&parsed), "{platform}: {query} must not be read"),
            "valid" => assert!(!has_error(&parsed), "{platform}: {query}: {:?}", parsed.diagnostics),
            "precedence" | "implicit-and" | "default-distance" => {
                let expected = read(case["expected_equivalent"].as_str().unwrap(), platform).sound().unwrap();
                let tree = parsed.sound().unwrap_or_else(|told| panic!("{platform}: {query}: {told:?}"));
                assert!(same(&tree, &expected), "{platform}: {query}: {tree}, not {expected}");
            }
            // Said in words, or of platforms that are not read: held by the platform's own tests.
            _ => continue,
        }
        held += 1;
    }
    assert!(held >= 19, "{held} rules");
}

#[test]
fn scopus_reads_a_proximity_of_nothing_as_a_phrase() {
    let Some(root) = support::real_data("query") else { return };
    let rules = cases(&root, "vendor_rules.json");
    let rule = rules.iter().find(|case| case["platform"] == "scopus" && case["kind"] == "equivalence").unwrap();
    let tree = |text: &Value| read(text.as_str().unwrap(), Platform::Scopus).sound().unwrap();
    assert_eq!(tree(&rule["query"]), tree(&rule["expected_equivalent"]));
}

#[test]
fn what_is_valid_is_read_and_nothing_else() {
    let Some(root) = support::real_data("query") else { return };
    let cases = cases(&root, "validity_cases.json");
    assert_eq!(cases.len(), 38);
    for case in cases {
        let query = case["query"].as_str().unwrap();
        let parsed = read(query, Platform::Findpapers);
        assert_eq!(!has_error(&parsed), case["expected_valid"].as_bool().unwrap(), "{query}: {:?}", parsed.diagnostics);
    }
}

/// Another tool's notation of a tree (`AND[a[TI], OR[b[AB], c[AB]]]`) in gleaner's language.
fn in_our_language(text: &str, field: Option<&str>) -> String {
    let name = |tag: &str| match tag.trim_end_matches('=') {
        "TI" => "title:",
        "AB" => "abstract:",
        "SU" => "keywords:",
        "AU" => "author:",
        "TX" => "all:",
        _ => "",
    };
    let operator = text.split('[').next().unwrap();
    let is_operator = matches!(operator, "AND" | "OR" | "NOT") || operator.contains('/') && !operator.contains('"');
    if !is_operator {
        let (term, tag) = match text.strip_suffix(']').and_then(|text| text.rsplit_once('[')) {
            Some((term, tag)) => (term, Some(tag)),
            None => (text, None),
        };
        return format!("{}{term}", tag.or(field).map(name).unwrap_or_default());
    }
    let mut inside = &text[operator.len() + 1..text.len() - 1];
    let mut field = field;
    if let Some((tag, rest)) = inside.split_once("][")
        && !tag.contains([',', '['])
    {
        (field, inside) = (Some(tag), rest);
    }
    let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
    for (at, c) in inside.char_indices() {
        match c {
            '[' => depth += 1,
            ']' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(inside[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(inside[start..].trim());
    let near = operator.contains('/');
    let joint = match operator.split_once('/') {
        Some(("WITHIN", distance)) => format!(" PRE/{distance} "),
        Some((_, distance)) => format!(" NEAR/{distance} "),
        None if operator == "NOT" => " AND NOT ".to_owned(),
        None => format!(" {operator} "),
    };
    // A field holds for a proximity as a whole.
    let within = if near { None } else { field };
    let parts: Vec<String> = parts
        .into_iter()
        .map(|part| {
            let part = if near {
                part.strip_suffix("[TX]").or_else(|| part.strip_suffix("[TS=]")).unwrap_or(part)
            } else {
                part
            };
            in_our_language(part, within)
        })
        .collect();
    let group = format!("({})", parts.join(&joint));
    if near { format!("{}{group}", field.map(name).unwrap_or_default()) } else { group }
}

#[test]
fn other_tools_trees_come_out() {
    let Some(root) = support::real_data("query") else { return };
    let mut compared = 0;
    for case in cases(&root, "parse_cases.json") {
        let Some(platform @ (Platform::Wos | Platform::Ebsco)) = platform(&case) else { continue };
        let query = case["query"].as_str().unwrap();
        let found = ["expected_translation", "expected_query", "expected_parsed"];
        let expected = found.iter().find_map(|name| case[*name].as_str()).unwrap();
        // A field chosen beside the search box stands around the whole.
        let query = match case["field_general"].as_str() {
            Some("Title") => format!("TI=({query})"),
            _ => query.to_owned(),
        };
        let tree = read(&query, platform).sound().unwrap_or_else(|told| panic!("{query}: {told:?}"));
        let expected = parse(&in_our_language(expected, None)).sound().unwrap();
        let (one, other) = (spread(&tree), spread(&expected));
        assert!(same(&one, &other), "{query}: {tree}, not {expected}");
        compared += 1;
    }
    assert_eq!(compared, 19);
}

/// Limits around a group written at each of its terms, since that means the same.
fn spread(tree: &Tree) -> Tree {
    fn walk(node: &Node, scope: Option<gleaner::query::Scope>) -> Node {
        let each = |nodes: &[Node]| nodes.iter().map(|node| walk(node, scope)).collect();
        let kind = match &node.kind {
            Kind::And(nodes) => Kind::And(each(nodes)),
            Kind::Or(nodes) => Kind::Or(each(nodes)),
            Kind::Not(inside) => Kind::Not(Box::new(walk(inside, scope))),
            Kind::Limit { scope, node } => return walk(node, Some(*scope)),
            leaf => match scope {
                Some(scope) => Kind::Limit { scope, node: Box::new(Node::new(leaf.clone(), 0..0)) },
                None => leaf.clone(),
            },
        };
        Node::new(kind, 0..0)
    }
    Tree { root: walk(&tree.root, None) }
}

#[test]
fn strategies_written_by_hand_are_read_and_written() {
    let Some(path) = support::real_data("../STRATEGY.md") else { return };
    let text = std::fs::read_to_string(path).unwrap();
    let strategy = |name: &str| {
        let section = text.split(&format!("## {name}\n```\n")).nth(1).unwrap();
        section.split("```").next().unwrap().to_owned()
    };
    for platform in [Platform::Wos, Platform::Scopus] {
        let query = strategy(platform.name());
        let tree = read(&query, platform).sound().unwrap_or_else(|told| panic!("{platform}: {told:?}"));
        assert_eq!(tree.concepts().len(), 4, "{platform}");
    }
    let ours = parse(&strategy("gleaner")).sound().unwrap();
    for platform in [Platform::Wos, Platform::Scopus, Platform::Ebsco, Platform::ProQuest] {
        let written = render(&ours, platform);
        let again = read(&written.query, platform).sound().unwrap_or_else(|told| panic!("{platform}: {told:?}"));
        assert_eq!(again.concepts().len(), ours.concepts().len(), "{platform}");
    }
}

#[test]
fn nothing_of_published_strategies_stops_a_reader() {
    let Some(root) = support::real_data("query") else { return };
    for case in cases(&root, "real_queries.json") {
        let Some(query) = case["query"].as_str() else { continue };
        for platform in Platform::read() {
            let parsed = read(query, platform);
            assert!(parsed.tree.is_some() || !parsed.diagnostics.is_empty(), "{platform}: {query}");
        }
    }
}
