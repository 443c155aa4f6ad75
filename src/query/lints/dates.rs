//! Periods that cannot be right.

use super::Subject;
use super::registry::{Code, Severity};
use crate::query::Platform;
use crate::query::diagnostic::Diagnostic;
use crate::query::tree::{Kind, Node};

pub(super) const CODES: &[Code] = &[Code {
    code: "dates-turned-round",
    severity: Severity::Error,
    title: "A period that ends before it begins",
    text: "No record was published then; first and last may have been exchanged.",
    example: "wellbeing AND date:2023..2020",
    platform: Platform::Gleaner,
    better: Some("wellbeing AND date:2020..2023"),
    fix: false,
}];

pub(super) fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if let Some(root) = subject.root {
        turned_round(root, found);
    }
}

fn turned_round(node: &Node, found: &mut Vec<Diagnostic>) {
    if let Kind::Dates(dates) = &node.kind
        && let (Some(from), Some(to)) = (dates.from, dates.to)
        && (from.year, from.month.unwrap_or(1), from.day.unwrap_or(1))
            > (to.year, to.month.unwrap_or(12), to.day.unwrap_or(31))
    {
        found.push(Diagnostic::error("dates-turned-round", &node.span, "this period ends before it begins"));
    }
    node.children().into_iter().for_each(|child| turned_round(child, found));
}
