//! What NOT may cost.

use super::registry::{Code, Severity};
use super::{Subject, is_text};
use crate::query::Platform;
use crate::query::diagnostic::Diagnostic;
use crate::query::field::Scope;
use crate::query::tree::{Kind, Node};

pub(super) const CODES: &[Code] = &[
    Code {
        code: "excluding-words",
        severity: Severity::Warning,
        title: "NOT with words of the text",
        text: "NOT drops every record that uses the words, those too that are about the topic and only mention them. \
               Reviews leave exclusion to screening, or exclude by headings and in a way that keeps what is about \
               both: `NOT (animals NOT humans)`.",
        example: "wellbeing NOT title:animal*",
        platform: Platform::Gleaner,
        better: Some("wellbeing"),
        fix: false,
    },
    Code {
        code: "excluding-heading",
        severity: Severity::Warning,
        title: "NOT with a heading that studies share",
        text: "A record about animals and humans is indexed with both headings, and NOT drops it. Keep it by a \
               second NOT: `NOT (animals NOT humans)`.",
        example: "wellbeing NOT mesh:\"Animals\"",
        platform: Platform::Gleaner,
        better: Some("wellbeing NOT (mesh:\"Animals\" NOT mesh:\"Humans\")"),
        fix: false,
    },
    Code {
        code: "or-with-not",
        severity: Severity::Warning,
        title: "All but something as an alternative",
        text: "`a OR NOT b` finds nearly everything that the database holds.",
        example: "wellbeing OR NOT protocol",
        platform: Platform::Gleaner,
        better: Some("wellbeing NOT protocol"),
        fix: false,
    },
];

pub(super) fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if let Some(root) = subject.root {
        walk(root, Scope::Default, false, found);
    }
}

fn walk(node: &Node, scope: Scope, negative: bool, found: &mut Vec<Diagnostic>) {
    let (scope, negative) = match &node.kind {
        Kind::Limit { scope, .. } => (*scope, negative),
        Kind::Not(inside) => {
            if !negative {
                tell(node, inside, scope, found);
            }
            (scope, !negative)
        }
        Kind::Or(nodes) if !negative => {
            for node in nodes.iter().filter(|node| matches!(node.kind, Kind::Not(_))) {
                let message = "an alternative that is all but something finds nearly everything";
                found.push(Diagnostic::warning("or-with-not", &node.span, message));
            }
            (scope, negative)
        }
        _ => (scope, negative),
    };
    for child in node.children() {
        walk(child, scope, negative, found);
    }
}

/// Tells of what is excluded, unless a second NOT takes care of what is about both.
fn tell(not: &Node, inside: &Node, scope: Scope, found: &mut Vec<Diagnostic>) {
    if holds_not(inside) {
        return;
    }
    if holds_words(inside, scope) {
        let message = "NOT also drops records that are about the topic and only use these words";
        found.push(Diagnostic::warning("excluding-words", &not.span, message));
    } else if holds_heading(inside) {
        let message = "NOT also drops records that are indexed with this and with what is wanted";
        found.push(Diagnostic::warning("excluding-heading", &not.span, message));
    }
}

fn holds_not(node: &Node) -> bool {
    matches!(node.kind, Kind::Not(_)) || node.children().into_iter().any(holds_not)
}

fn holds_heading(node: &Node) -> bool {
    matches!(node.kind, Kind::Heading(_)) || node.children().into_iter().any(holds_heading)
}

fn holds_words(node: &Node, scope: Scope) -> bool {
    match &node.kind {
        Kind::Term(_) => is_text(scope),
        Kind::Limit { scope, node } => holds_words(node, *scope),
        _ => node.children().into_iter().any(|child| holds_words(child, scope)),
    }
}
