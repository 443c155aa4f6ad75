//! Working on pieces and nodes that were read already, for syntaxes that write fields behind.

use super::lines::too_large;
use crate::query::clause::Native;
use crate::query::diagnostic::Collector;
use crate::query::expression::{Grammar, MOST_NODES, Piece, PieceKind, build, measured};
use crate::query::tree::{Kind, Node};
use crate::query::{Platform, Span};

/// What a text may cost by operands that are built and changed before the whole is: one inside
/// another could double without end.
pub(super) struct Budget {
    nodes: usize,
}

impl Budget {
    pub fn new() -> Self {
        Self { nodes: MOST_NODES }
    }

    /// Takes the last operand's pieces away, and gives it built, with all of its place, parentheses
    /// included. Where it cannot be built that is told, and a clause without meaning stands for it. `at`
    /// is where the text has been read to.
    pub fn take_last_operand(
        &mut self,
        pieces: &mut Vec<Piece>,
        grammar: &Grammar,
        at: usize,
        told: &mut Collector,
    ) -> (Node, Span) {
        let mut start = pieces.len();
        let mut depth = 0_usize;
        while start > 0 {
            start -= 1;
            match pieces[start].kind {
                PieceKind::Close => depth += 1,
                PieceKind::Open if depth <= 1 => break,
                PieceKind::Open => depth -= 1,
                PieceKind::Operand(_) if depth == 0 => break,
                _ => {}
            }
        }
        let pieces = pieces.split_off(start);
        let end = pieces.last().map_or(at, |piece| piece.span.end);
        let whole = pieces.first().map_or(end, |piece| piece.span.start)..end;
        let built = if self.nodes == 0 { None } else { build(pieces, grammar, end, told) };
        let Some(node) = built else { return (native(Platform::Gleaner, "?", &whole), whole) };
        self.nodes = self.nodes.saturating_sub(measured(&node).0);
        if self.nodes == 0 {
            told.push(too_large(&whole));
        }
        (node, whole)
    }
}

/// A clause that only this platform understands.
pub(super) fn native(platform: Platform, text: &str, span: &Span) -> Node {
    Node::new(Kind::Native(Native { platform, text: text.to_owned() }), span.clone())
}

/// A node with each term that no field limits changed, where the change gives something.
pub(super) fn mapped(node: Node, change: &dyn Fn(&Node) -> Option<Kind>) -> Node {
    let span = node.span.clone();
    let each = |nodes: Vec<Node>| nodes.into_iter().map(|node| mapped(node, change)).collect();
    let kind = match node.kind {
        Kind::Term(_) => change(&node).unwrap_or(node.kind),
        Kind::And(nodes) => Kind::And(each(nodes)),
        Kind::Or(nodes) => Kind::Or(each(nodes)),
        Kind::Not(inside) => Kind::Not(Box::new(mapped(*inside, change))),
        kind => kind,
    };
    Node::new(kind, span)
}

/// A node without the fields that its words are limited to.
pub(super) fn without_fields(node: Node) -> Node {
    let span = node.span.clone();
    let each = |nodes: Vec<Node>| nodes.into_iter().map(without_fields).collect();
    let kind = match node.kind {
        Kind::Limit { node, .. } => return without_fields(*node),
        Kind::And(nodes) => Kind::And(each(nodes)),
        Kind::Or(nodes) => Kind::Or(each(nodes)),
        Kind::Not(inside) => Kind::Not(Box::new(without_fields(*inside))),
        kind => kind,
    };
    Node::new(kind, span)
}
