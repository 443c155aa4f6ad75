//! Terms that are looked for twice: written again, covered by a wider term, or in two concepts.

use std::collections::{HashMap, HashSet};

use super::cover::covers;
use super::registry::{Code, Severity};
use super::surface::{Joiner, TokenKind};
use super::{Leaf, Subject, holds, is_text};
use crate::query::Platform;
use crate::query::Span;
use crate::query::diagnostic::Diagnostic;
use crate::query::field::Scope;
use crate::query::term::Term;
use crate::query::tree::{Kind, Node};

pub(super) const CODES: &[Code] = &[
    Code {
        code: "repeated-term",
        severity: Severity::Hint,
        title: "A term written twice",
        text: "The same term in the same fields stands more than once in one group. It is found once either way; \
               one of them may have been meant to be another word.",
        example: "thorac* OR lung OR thorac*",
        platform: Platform::Gleaner,
        better: Some("lung OR thorac*"),
        fix: true,
    },
    Code {
        code: "covered-term",
        severity: Severity::Hint,
        title: "A term that another one covers",
        text: "Among alternatives: another term finds all that this one finds (`health*` beside `healthy`, `sleep` \
               beside `\"sleep deprivation\"`). Among terms that must all be there: this one is found wherever \
               another one is. It changes nothing. Either it can go, or the wider one is wider than was meant.",
        example: "health* OR healthy OR wellbeing",
        platform: Platform::Gleaner,
        better: Some("health* OR wellbeing"),
        fix: true,
    },
    Code {
        code: "term-in-two-concepts",
        severity: Severity::Warning,
        title: "A term in two concepts",
        text: "The same term stands in two groups that are joined by AND. A record with this word alone satisfies \
               both, so the second group asks nothing more of it.",
        example: "(care OR nursing) AND (care OR quality)",
        platform: Platform::Gleaner,
        better: None,
        fix: false,
    },
];

/// The most terms of a group that are compared with each other.
const MOST_COMPARED: usize = 1_500;

/// A term directly in a group, and where all of it stands.
struct Member<'a> {
    term: &'a Term,
    key: String,
    scope: Scope,
    span: Span,
    whole: Span,
}

pub(super) fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if let Some(root) = subject.root {
        groups(subject, root, Scope::Default, None, found);
    }
    across(subject, found);
}

fn key(term: &Term) -> String {
    term.to_string().to_lowercase()
}

/// Looks at each group that is not inside one of its own kind.
fn groups(subject: &Subject<'_>, node: &Node, scope: Scope, around: Option<bool>, found: &mut Vec<Diagnostic>) {
    let scope = if let Kind::Limit { scope, .. } = node.kind { scope } else { scope };
    let or = match node.kind {
        Kind::Or(_) => Some(true),
        Kind::And(_) => Some(false),
        // A field around a group does not part it from the one outside.
        Kind::Limit { .. } => around,
        _ => None,
    };
    if let Some(or) = or.filter(|_| or != around && !matches!(node.kind, Kind::Limit { .. })) {
        let mut members = Vec::new();
        gather(node, scope, or, None, &mut members);
        compare(subject, &members, or, found);
    }
    for child in node.children() {
        groups(subject, child, scope, or, found);
    }
}

fn gather<'a>(node: &'a Node, scope: Scope, or: bool, whole: Option<&Span>, members: &mut Vec<Member<'a>>) {
    match (&node.kind, or) {
        (Kind::Term(term), _) => {
            let whole = whole.unwrap_or(&node.span).clone();
            members.push(Member { term, key: key(term), scope, span: node.span.clone(), whole });
        }
        (Kind::Limit { scope, node: inside }, _) => {
            gather(inside, *scope, or, Some(whole.unwrap_or(&node.span)), members)
        }
        (Kind::Or(nodes), true) | (Kind::And(nodes), false) => {
            nodes.iter().for_each(|node| gather(node, scope, or, None, members));
        }
        _ => {}
    }
}

fn compare(subject: &Subject<'_>, members: &[Member<'_>], or: bool, found: &mut Vec<Diagnostic>) {
    let mut last: HashMap<(&str, Scope), usize> = HashMap::new();
    let mut told: HashSet<usize> = HashSet::new();
    for (at, member) in members.iter().enumerate() {
        if let Some(earlier) = last.insert((&member.key, member.scope), at)
            && members[earlier].span != member.span
        {
            told.insert(earlier);
            let message = format!("`{}` stands again in this group: one of them can go", member.term.text());
            found.push(removable(
                subject,
                Diagnostic::hint("repeated-term", &members[earlier].span, message),
                &members[earlier],
            ));
        }
    }
    if members.len() > MOST_COMPARED {
        return;
    }
    for (at, member) in members.iter().enumerate() {
        if told.contains(&at) || !is_text(member.scope) {
            continue;
        }
        let other = members.iter().enumerate().find(|(other, rival)| {
            let (wide, narrow) = if or { (*rival, member) } else { (member, *rival) };
            // Of two that cover each other the first stands.
            let first = !(covers(narrow.term, wide.term) && holds(narrow.scope, wide.scope)) || *other < at;
            *other != at
                && rival.span != member.span
                && !told.contains(other)
                && is_text(rival.scope)
                && holds(wide.scope, narrow.scope)
                && covers(wide.term, narrow.term)
                && first
                && (rival.key != member.key || rival.scope != member.scope)
        });
        let Some((_, rival)) = other else { continue };
        told.insert(at);
        let (this, that) = (member.term.text(), rival.term.text());
        let message = match or {
            true => format!("`{that}` finds all that `{this}` finds"),
            false => format!("wherever `{that}` is found `{this}` is too: it asks nothing more"),
        };
        found.push(removable(subject, Diagnostic::hint("covered-term", &member.span, message), member));
    }
}

/// With the fix that takes the term out, and the operator beside it.
fn removable(subject: &Subject<'_>, told: Diagnostic, member: &Member<'_>) -> Diagnostic {
    let tokens = &subject.tokens;
    let is_joiner =
        |at: usize| tokens.get(at).is_some_and(|token| matches!(token.kind.joiner(), Some(Joiner::And | Joiner::Or)));
    let Some(first) = tokens.iter().position(|token| token.span.start >= member.whole.start) else { return told };
    let after = tokens.iter().position(|token| token.span.start >= member.whole.end).unwrap_or(tokens.len());
    // A clause that is cut out of the middle of something is left alone.
    if tokens[first].span.start != member.whole.start || tokens[first].kind == TokenKind::Close {
        return told;
    }
    if is_joiner(after)
        && let Some(next) = tokens.get(after + 1)
    {
        return told.fixed_by(&(member.whole.start..next.span.start), "");
    }
    match first.checked_sub(1).filter(|before| is_joiner(*before)) {
        Some(before) => {
            let start = before.checked_sub(1).map_or(tokens[before].span.start, |at| tokens[at].span.end);
            told.fixed_by(&(start..member.whole.end), "")
        }
        None => told,
    }
}

/// Terms that stand in two groups joined by AND at the top.
fn across(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(root) = subject.root else { return };
    let mut concepts = Vec::new();
    fn split<'a>(node: &'a Node, concepts: &mut Vec<&'a Node>) {
        match &node.kind {
            Kind::And(nodes) => nodes.iter().for_each(|node| split(node, concepts)),
            Kind::Limit { node: inside, .. } if matches!(inside.kind, Kind::And(_)) => split(inside, concepts),
            _ => concepts.push(node),
        }
    }
    split(root, &mut concepts);
    if concepts.len() < 2 {
        return;
    }
    let alternatives = |leaf: &&Leaf<'_>| !leaf.negative && !leaf.near && is_text(leaf.scope);
    let mut seen: HashMap<String, (usize, Span)> = HashMap::new();
    for leaf in subject.leaves.iter().filter(alternatives) {
        // Only what is an alternative of its concept satisfies it alone.
        let concept =
            concepts.iter().position(|node| matches!(bare(node).kind, Kind::Or(_)) && leaf.group == bare(node).span);
        let Some(concept) = concept else { continue };
        match seen.get(&key(leaf.term)) {
            Some((earlier, span)) if *earlier != concept && *span != leaf.span => {
                let message = format!(
                    "`{}` stands in another group that is joined to this one by AND: it satisfies both alone",
                    leaf.term.text()
                );
                found.push(Diagnostic::warning("term-in-two-concepts", &leaf.span, message));
            }
            Some(_) => {}
            None => _ = seen.insert(key(leaf.term), (concept, leaf.span.clone())),
        }
    }
}

fn bare(node: &Node) -> &Node {
    match &node.kind {
        Kind::Limit { node, .. } => bare(node),
        _ => node,
    }
}
