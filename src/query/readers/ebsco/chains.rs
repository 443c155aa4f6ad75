//! How far a field code without parentheses reaches.

use crate::query::expression::{Operator, Piece, PieceKind};

/// A field code holds for all of a proximity that it stands before: `TI a N3 b` is `TI (a N3 b)`.
pub(super) fn fields_over_proximity(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut out = Vec::with_capacity(pieces.len());
    // Where the parentheses that are put in close.
    let mut closing: Vec<usize> = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        out.push(piece.clone());
        while closing.last() == Some(&at) {
            closing.pop();
            out.push(Piece { kind: PieceKind::Close, span: piece.span.clone() });
        }
        if matches!(piece.kind, PieceKind::Prefix(_))
            && let Some(end) = chain_end(&pieces, at + 1)
        {
            out.push(Piece { kind: PieceKind::Open, span: piece.span.clone() });
            closing.push(end);
        }
    }
    out
}

/// The last piece of a proximity that begins at a place; `None` where there is none.
fn chain_end(pieces: &[Piece], start: usize) -> Option<usize> {
    let mut end = None;
    let mut at = operand_end(pieces, start)?;
    while let Some(PieceKind::Operator(Operator::Near { .. })) = pieces.get(at + 1).map(|piece| &piece.kind)
        && let Some(next) = operand_end(pieces, at + 2)
    {
        end = Some(next);
        at = next;
    }
    end
}

/// The last piece of the operand that begins at a place.
fn operand_end(pieces: &[Piece], start: usize) -> Option<usize> {
    match pieces.get(start)?.kind {
        PieceKind::Operand(_) => Some(start),
        PieceKind::Open => {
            let mut open = 0_usize;
            for (at, piece) in pieces.iter().enumerate().skip(start) {
                match piece.kind {
                    PieceKind::Open => open += 1,
                    PieceKind::Close => open = open.saturating_sub(1),
                    _ => {}
                }
                if open == 0 {
                    return Some(at);
                }
            }
            None
        }
        _ => None,
    }
}
