//! What holds between pieces that stand beside each other: exclusions, and chains of proximities.

use crate::query::Span;
use crate::query::diagnostic::{Collector, Diagnostic};
use crate::query::expression::{Operator, Piece, PieceKind};

/// Scopus itself writes `EXCLUDE(a) OR EXCLUDE(b)` and means neither a nor b.
pub(super) fn join_exclusions(pieces: &mut [Piece], excluded: &[usize]) {
    for pair in excluded.windows(2) {
        if let [one, other] = *pair
            && other == one + 2
            && let PieceKind::Operator(operator) = &mut pieces[one + 1].kind
        {
            *operator = Operator::And;
        }
    }
}

/// Tells of proximity operators that differ within one chain, and of an OR beside one without
/// parentheses, which Scopus reads first.
pub(super) fn tell_chains(pieces: &[Piece], told: &mut Collector) {
    let mut groups: Vec<Option<(Operator, Span)>> = vec![None];
    let mut after_operand = false;
    for piece in pieces {
        let Some(last) = groups.last_mut() else { return };
        match &piece.kind {
            PieceKind::Open => groups.push(None),
            PieceKind::Close => {
                groups.pop();
                if groups.is_empty() {
                    groups.push(None);
                }
            }
            PieceKind::Operator(operator) => {
                if let Some((before, start)) = last {
                    let span = start.start..piece.span.end;
                    tell_pair(*before, *operator, &span, told);
                }
                *last = Some((*operator, piece.span.clone()));
            }
            // An AND that nobody wrote ends a chain.
            PieceKind::Operand(_) if after_operand => *last = None,
            PieceKind::Operand(_) | PieceKind::Prefix(_) | PieceKind::Suffix(_) => {}
        }
        after_operand = piece.kind.ends_operand();
    }
}

fn tell_pair(one: Operator, other: Operator, span: &Span, told: &mut Collector) {
    let near = |operator| matches!(operator, Operator::Near { .. });
    if near(one) && near(other) && one != other {
        let message = "one chain of W/n or PRE/n must have one operator and one number: use parentheses, or the same in all of it";
        told.push(Diagnostic::error("mixed-proximity", span, message));
    } else if near(one) && other == Operator::Or || one == Operator::Or && near(other) {
        let message = "Scopus reads OR before W/n and PRE/n: put the OR, or the proximity, in parentheses";
        told.push(Diagnostic::error("near-beside-or", span, message));
    }
}
