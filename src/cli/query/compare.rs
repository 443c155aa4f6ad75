//! `query explain --compare`: two versions of a query on the same records.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::json;

use super::explain::{each_record, shortened};
use super::print_json;
use super::records::Records;
use crate::cli::{Context, work};
use crate::error::{Exit, Outcome};
use crate::model::Truth;
use crate::query::{Count, Kind, Matcher, Node, Scope, Tree};

/// What two queries find of the same records.
#[derive(Default, Serialize)]
struct Comparison {
    records: u64,
    of: String,
    counts: [Count; 2],
    both: u64,
    only: [Side; 2],
    neither: u64,
}

/// What only one of them finds.
#[derive(Default, Serialize)]
struct Side {
    records: u64,
    /// Of these, those for which the other says unknown, not no.
    other_unknown: u64,
    examples: Vec<Example>,
}

#[derive(Serialize)]
struct Example {
    id: String,
    title: Option<String>,
    /// The terms that are found in it.
    terms: Vec<String>,
}

/// Terms of the two trees, each with the fields that it is looked for in.
#[derive(Serialize)]
struct Terms {
    both: Vec<String>,
    only: [Vec<String>; 2],
}

/// Compares two trees, and their finds where there are records.
pub(super) fn run(
    context: &Context,
    names: [String; 2],
    trees: [&Tree; 2],
    records: Option<&Records>,
    examples: usize,
) -> Outcome<Exit> {
    let terms = terms(trees);
    let comparison = records.map(|records| compared(context, trees, records, examples));
    if context.json {
        let queries: Vec<serde_json::Value> =
            names.iter().zip(trees).map(|(name, tree)| json!({"name": name, "query": tree.to_string()})).collect();
        print_json(&json!({"queries": queries, "comparison": comparison, "terms": terms}))?;
    } else {
        work::print_text(&as_text(&names, comparison.as_ref(), &terms))?;
    }
    Ok(Exit::Done)
}

fn compared(context: &Context, trees: [&Tree; 2], records: &Records, examples: usize) -> Comparison {
    let matchers = trees.map(Matcher::new);
    let mut found = Comparison { of: records.origin.clone(), ..Comparison::default() };
    each_record(context, records, |id, fields| {
        let values = [0, 1].map(|side| matchers[side].truth(fields));
        found.records += 1;
        for (count, value) in found.counts.iter_mut().zip(values) {
            count.add(value);
        }
        let side = match values.map(|value| value == Truth::True) {
            [true, true] => return found.both += 1,
            [false, false] => return found.neither += 1,
            [true, false] => 0,
            [false, true] => 1,
        };
        let only = &mut found.only[side];
        only.records += 1;
        only.other_unknown += u64::from(values[1 - side] == Truth::Unknown);
        if only.examples.len() < examples {
            let hits = matchers[side].evaluate(fields).hits;
            let terms: BTreeSet<String> = hits.into_iter().map(|hit| hit.term).collect();
            let title = fields.title.map(str::to_owned);
            only.examples.push(Example { id: id.to_owned(), title, terms: terms.into_iter().collect() });
        }
    });
    found
}

/// Every term, heading and other clause of a tree, with its fields where they are not the usual ones.
fn leaves(node: &Node, scope: Scope, excluded: bool, into: &mut BTreeSet<String>) {
    match &node.kind {
        Kind::And(_) | Kind::Or(_) | Kind::Near { .. } => {
            node.children().into_iter().for_each(|part| leaves(part, scope, excluded, into));
        }
        Kind::Not(part) => leaves(part, scope, !excluded, into),
        Kind::Limit { scope, node } => leaves(node, *scope, excluded, into),
        Kind::Term(_) | Kind::Heading(_) | Kind::Dates(_) | Kind::Native(_) => {
            let fields = match (&node.kind, scope) {
                (Kind::Term(_), Scope::All | Scope::Named(_)) => format!("{scope}:"),
                _ => String::new(),
            };
            into.insert(format!("{}{fields}{}", if excluded { "NOT " } else { "" }, node.label()));
        }
    }
}

fn terms(trees: [&Tree; 2]) -> Terms {
    let sets = trees.map(|tree| {
        let mut set = BTreeSet::new();
        leaves(&tree.root, Scope::Default, false, &mut set);
        set
    });
    let less = |one: usize| sets[one].difference(&sets[1 - one]).cloned().collect();
    Terms { both: sets[0].intersection(&sets[1]).cloned().collect(), only: [less(0), less(1)] }
}

fn as_text(names: &[String; 2], comparison: Option<&Comparison>, terms: &Terms) -> String {
    let mut text = String::new();
    if let Some(comparison) = comparison {
        text.push_str(&format!("{} records of {}\n\n", comparison.records, comparison.of));
        text.push_str(&format!("{:>8} {:>8}\n", "found", "unknown"));
        for (name, Count { found, unknown }) in names.iter().zip(&comparison.counts) {
            text.push_str(&format!("{found:>8} {unknown:>8}  {name}\n"));
        }
        text.push_str(&format!("\n{:>8}  both\n", comparison.both));
        for (name, only) in names.iter().zip(&comparison.only) {
            let unknown = match only.other_unknown {
                0 => String::new(),
                unknown => format!(" ({unknown} of them unknown to the other)"),
            };
            text.push_str(&format!("{:>8}  only {name}{unknown}\n", only.records));
        }
        text.push_str(&format!("{:>8}  neither\n", comparison.neither));
        for (name, only) in names.iter().zip(&comparison.only).filter(|(_, only)| !only.examples.is_empty()) {
            text.push_str(&format!("\nOnly {name}, {} of {}\n", only.examples.len(), only.records));
            for example in &only.examples {
                let title = shortened(example.title.as_deref().unwrap_or("(no title)"), 80);
                text.push_str(&format!("  {}  {title}\n", example.id));
                text.push_str(&format!("      by {}\n", shortened(&example.terms.join(", "), 100)));
            }
        }
        text.push('\n');
    }
    text.push_str(&format!("Terms in both: {}\n", terms.both.len()));
    for (name, only) in names.iter().zip(&terms.only) {
        let said = if only.is_empty() { "none".to_owned() } else { only.join(", ") };
        text.push_str(&format!("Terms only in {name}: {said}\n"));
    }
    text
}
