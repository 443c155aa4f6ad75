//! Parentheses that change nothing.

use std::collections::HashMap;

use super::Subject;
use super::registry::{Code, Severity};
use super::surface::{Joiner, TokenKind};
use crate::query::Platform;
use crate::query::diagnostic::Diagnostic;

pub(super) const CODES: &[Code] = &[Code {
    code: "unnecessary-parentheses",
    severity: Severity::Hint,
    title: "Parentheses that change nothing",
    text: "A group of alternatives inside a group of alternatives, or an AND inside an AND, means the same \
           without its parentheses; so do two pairs around one group. Fewer parentheses are easier to check.",
    example: "a OR (b OR c)",
    platform: Platform::Gleaner,
    better: Some("a OR b OR c"),
    fix: true,
}];

/// A pair of parentheses: its tokens, what joins inside it and around it.
struct Pair {
    open: usize,
    inside: Vec<Joiner>,
}

pub(super) fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let tokens = &subject.tokens;
    let mut open: Vec<Pair> = Vec::new();
    let mut top = Vec::new();
    let mut closed: Vec<(usize, usize, Vec<Joiner>, Option<usize>)> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            TokenKind::Open => open.push(Pair { open: at, inside: Vec::new() }),
            TokenKind::Close => {
                let Some(pair) = open.pop() else { return };
                let doubled = pair.open.checked_sub(1).is_some_and(|before| tokens[before].kind == TokenKind::Open)
                    && tokens.get(at + 1).is_some_and(|after| after.kind == TokenKind::Close);
                if let Some(outer) = open.last_mut().filter(|_| doubled) {
                    outer.inside.extend(&pair.inside);
                }
                closed.push((pair.open, at, pair.inside, open.last().map(|outer| outer.open)));
            }
            TokenKind::Operator(joiner, _) => match open.last_mut() {
                Some(pair) => pair.inside.push(joiner),
                None => top.push(joiner),
            },
            _ => {}
        }
    }
    if !open.is_empty() {
        return;
    }
    let joined: HashMap<usize, &[Joiner]> =
        closed.iter().map(|(open, _, inside, _)| (*open, inside.as_slice())).collect();
    for (start, end, inside, outer) in &closed {
        let before = start.checked_sub(1).map(|at| tokens[at].kind);
        let after = tokens.get(end + 1).map(|token| token.kind);
        // A field or NOT or NEAR beside it holds for the whole group.
        let held = |kind: Option<TokenKind>| {
            matches!(kind, Some(TokenKind::FieldBefore | TokenKind::FieldAfter))
                || matches!(kind, Some(TokenKind::Operator(Joiner::Not | Joiner::Near, _)))
        };
        if held(before) || held(after) {
            continue;
        }
        let around = match outer {
            Some(outer) => joined.get(outer).copied(),
            None => Some(top.as_slice()),
        };
        let doubled = before == Some(TokenKind::Open) && after == Some(TokenKind::Close);
        let same = around.is_some_and(|around| is_one_kind(inside, around));
        if !(doubled && outer.is_some() || same) {
            continue;
        }
        let span = tokens[*start].span.start..tokens[*end].span.end;
        let message = "these parentheses change nothing";
        let inner = &subject.text[tokens[*start].span.end..tokens[*end].span.start];
        found.push(Diagnostic::hint("unnecessary-parentheses", &span, message).fixed_by(&span, inner.trim()));
    }
}

/// Whether inside and around there is the same operator only.
fn is_one_kind(inside: &[Joiner], around: &[Joiner]) -> bool {
    let Some(first) = inside.first().filter(|first| matches!(first, Joiner::And | Joiner::Or)) else { return false };
    !around.is_empty() && inside.iter().chain(around).all(|joiner| joiner == first)
}
