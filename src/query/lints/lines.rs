//! Numbered lines: those that nothing uses, and those that say the same.

use std::collections::HashMap;

use super::Subject;
use super::registry::{Code, Severity};
use crate::query::Platform;
use crate::query::diagnostic::Diagnostic;
use crate::query::tree::Node;
use crate::query::{Line, Span};

pub(super) const CODES: &[Code] = &[
    Code {
        code: "orphan-line",
        severity: Severity::Warning,
        title: "A line that no other line uses",
        text: "The result of a strategy is its last line. This one is referred to by none, so what it finds is not in \
               the result. It may have been forgotten when lines were put in before it.",
        example: "1 asthma.ti.\n2 child*.ti.\n3 adult*.ti.\n4 1 and 3",
        platform: Platform::Ovid,
        better: Some("1 asthma.ti.\n2 child*.ti.\n3 adult*.ti.\n4 1 and (2 or 3)"),
        fix: false,
    },
    Code {
        code: "repeated-line",
        severity: Severity::Hint,
        title: "Two lines that ask the same",
        text: "Two lines of a strategy mean the same. One of them may have been meant to be another.",
        example: "1 asthma.ti.\n2 asthma.ti.\n3 1 or 2",
        platform: Platform::Ovid,
        better: None,
        fix: false,
    },
];

pub(super) fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let lines = &subject.parsed.lines;
    if lines.len() < 2 || subject.parsed.tree.is_none() {
        return;
    }
    let used = used(lines);
    for (at, line) in lines.iter().enumerate().take(lines.len() - 1) {
        if !used[at] && line.node.is_some() {
            let message = format!("no other line uses line {}: what it finds is not in the result", line.label);
            found.push(Diagnostic::warning("orphan-line", &line.span, message));
        }
    }
    let mut seen: HashMap<String, &Line> = HashMap::new();
    for line in lines {
        let Some(node) = &line.node else { continue };
        match seen.get(&node.to_string().to_lowercase()) {
            Some(earlier) => {
                let message = format!("line {} asks the same as line {}", line.label, earlier.label);
                found.push(Diagnostic::hint("repeated-line", &line.span, message));
            }
            None => _ = seen.insert(node.to_string().to_lowercase(), line),
        }
    }
}

/// Which lines are in another: what a reference puts in keeps the place that it was read from.
pub(super) fn used(lines: &[Line]) -> Vec<bool> {
    fn collect(node: &Node, own: &Span, places: &mut Vec<usize>) {
        let children = node.children();
        if children.is_empty() && !(own.start <= node.span.start && node.span.start < own.end.max(own.start + 1)) {
            places.push(node.span.start);
        }
        children.into_iter().for_each(|child| collect(child, own, places));
    }
    let mut places = Vec::new();
    for line in lines {
        if let Some(node) = &line.node {
            let mut own = Vec::new();
            collect(node, &line.span, &mut own);
            own.sort_unstable();
            own.dedup();
            places.push(own);
        }
    }
    lines
        .iter()
        .map(|line| {
            places.iter().any(|places| {
                let at = places.partition_point(|place| *place < line.span.start);
                places.get(at).is_some_and(|place| *place < line.span.end)
            })
        })
        .collect()
}
