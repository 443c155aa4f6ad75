//! Pieces of any syntax, built into a tree by that syntax's own order of operators. It recovers and
//! tells all mistakes at once.

use std::fmt;

use super::Span;
use super::diagnostic::{Collector, Diagnostic};
use super::field::Scope;
use super::tree::{Kind, Node};

/// The deepest nesting that is read; it bounds the recursion of all that walks a tree.
pub const MOST_DEPTH: usize = 200;
/// The most nodes that a query may have, lines that it refers to counted at each place.
pub const MOST_NODES: usize = 200_000;

/// A part of a query's text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Piece {
    pub kind: PieceKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum PieceKind {
    Open,
    Close,
    Operator(Operator),
    /// A clause read already, or a line that is referred to.
    Operand(Node),
    /// The fields of the operand that follows: `title:`, `TI=`, `TITLE(`.
    Prefix(Scope),
    /// The fields of the operand before: `[tiab]`, `.ti,ab.`, `:ti,ab`.
    Suffix(Scope),
}

impl PieceKind {
    /// Whether an operand can begin with it.
    pub fn begins_operand(&self) -> bool {
        matches!(self, Self::Open | Self::Operand(_) | Self::Prefix(_) | Self::Operator(Operator::Not))
    }
    /// Whether an operand can end with it.
    pub fn ends_operand(&self) -> bool {
        matches!(self, Self::Close | Self::Operand(_) | Self::Suffix(_))
    }
}

/// What joins two operands. `Not` is "and not"; where an operand is due it stands before one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    And,
    Or,
    Not,
    Near {
        distance: u16,
        ordered: bool,
    },
    /// Both, bound more tightly than by `And`: Web of Science's SAME.
    Same,
}

/// As the language writes it.
impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::And => f.write_str("AND"),
            Self::Same => f.write_str("SAME"),
            Self::Or => f.write_str("OR"),
            Self::Not => f.write_str("NOT"),
            Self::Near { distance, ordered: false } => write!(f, "NEAR/{distance}"),
            Self::Near { distance, ordered: true } => write!(f, "PRE/{distance}"),
        }
    }
}

/// How a syntax joins operands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grammar {
    /// How tightly an operator binds, from 1; of equal ones the left comes first.
    pub binding: fn(Operator) -> u8,
    /// What is said of AND and OR side by side without parentheses: which is read first.
    pub order: &'static str,
    /// What joins two operands with nothing between them.
    pub implied: Operator,
    /// Whether that is told.
    pub tells_implied: bool,
    /// Whether a NEAR whose operands name the same fields, or of which only the last names any, is a
    /// NEAR in these fields (`a adj3 b.ti.`); else a field inside is an error.
    pub lifts_fields: bool,
}

impl Grammar {
    /// NEAR before NOT and AND before OR; a missing operator is AND.
    pub const USUAL: Self = Self {
        binding: |operator| match operator {
            Operator::Near { .. } => 3,
            Operator::And | Operator::Not | Operator::Same => 2,
            Operator::Or => 1,
        },
        order: "AND is read first",
        implied: Operator::And,
        tells_implied: true,
        lifts_fields: false,
    };

    /// How tightly a NOT in front of an operand binds: more than AND and OR, less than NEAR.
    fn prefix_binding(&self) -> u8 {
        let loose = [Operator::And, Operator::Or, Operator::Not].map(self.binding);
        loose.into_iter().max().unwrap_or_default() + 1
    }
}

/// Builds a tree of pieces. `end` is where the text ends. `None` where nothing is left to look for.
pub(super) fn build(pieces: Vec<Piece>, grammar: &Grammar, end: usize, told: &mut Collector) -> Option<Node> {
    let pieces = balance(pieces, told);
    if pieces.is_empty() {
        return None;
    }
    tell_mixed(&pieces, grammar, told);
    let mut builder = Builder { pieces, grammar, at: 0, depth: 0, nodes: 0, told, end };
    builder.expression(0).map(|part| part.node)
}

/// Tells of parentheses without a partner, and takes closing ones without away.
fn balance(pieces: Vec<Piece>, told: &mut Collector) -> Vec<Piece> {
    let mut open: Vec<Span> = Vec::new();
    let mut kept = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match piece.kind {
            PieceKind::Open => open.push(piece.span.clone()),
            PieceKind::Close if open.pop().is_none() => {
                let message = "this parenthesis closes nothing";
                told.push(Diagnostic::error("unbalanced-parenthesis", &piece.span, message));
                continue;
            }
            _ => {}
        }
        kept.push(piece);
    }
    for span in open {
        told.push(Diagnostic::error("unbalanced-parenthesis", &span, "this parenthesis is never closed"));
    }
    kept
}

/// Tells of groups in which AND and OR stand side by side.
fn tell_mixed(pieces: &[Piece], grammar: &Grammar, told: &mut Collector) {
    #[derive(Default)]
    struct Group {
        and: Option<Span>,
        or: Option<Span>,
        told: bool,
    }
    let mut groups = vec![Group::default()];
    let mut after_operand = false;
    for piece in pieces {
        let inside = groups.len() > 1;
        let Some(group) = groups.last_mut() else { break };
        match &piece.kind {
            PieceKind::Open => groups.push(Group::default()),
            PieceKind::Close if inside => _ = groups.pop(),
            PieceKind::Operator(Operator::And) => _ = group.and.get_or_insert(piece.span.clone()),
            PieceKind::Operator(Operator::Not) if after_operand => _ = group.and.get_or_insert(piece.span.clone()),
            PieceKind::Operator(Operator::Or) => _ = group.or.get_or_insert(piece.span.clone()),
            _ => {}
        }
        after_operand = piece.kind.ends_operand();
        let Some(group) = groups.last_mut().filter(|group| !group.told) else { continue };
        if let (Some(and), Some(or)) = (&group.and, &group.or) {
            let span = and.start.min(or.start)..and.end.max(or.end);
            let order = grammar.order;
            let message =
                format!("AND and OR are mixed without parentheses: {order}. Write parentheses to say what is meant");
            told.push(Diagnostic::warning("mixed-precedence", &span, message));
            group.told = true;
        }
    }
}

/// A part built, and how deep it goes. `None` in its place: one is missing, and that was told.
struct Part {
    node: Node,
    height: usize,
}

struct Builder<'a> {
    pieces: Vec<Piece>,
    grammar: &'a Grammar,
    at: usize,
    depth: usize,
    nodes: usize,
    told: &'a mut Collector,
    end: usize,
}

impl Builder<'_> {
    fn peek(&self) -> Option<&PieceKind> {
        self.pieces.get(self.at).map(|piece| &piece.kind)
    }

    /// The span of the last piece taken.
    fn last_span(&self) -> Span {
        self.at.checked_sub(1).and_then(|at| self.pieces.get(at)).map_or(0..0, |piece| piece.span.clone())
    }

    /// Operands joined by operators that bind at least so tightly.
    fn expression(&mut self, least: u8) -> Option<Part> {
        let mut left = self.operand();
        let mut last: Option<Operator> = None;
        while let Some((operator, written)) = self.operator() {
            let binding = (self.grammar.binding)(operator);
            if binding < least {
                break;
            }
            let place = if written { self.pieces[self.at].span.clone() } else { self.last_span() };
            if written {
                self.at += 1;
            } else {
                self.tell_implied(operator);
            }
            let right = self.expression(binding + 1);
            let chained = last.is_some_and(|last| chains(last, operator));
            left = self.join(left, right, operator, chained, &place);
            last = Some(operator);
        }
        left
    }

    /// The operator that stands here, and whether it is written.
    fn operator(&self) -> Option<(Operator, bool)> {
        match self.peek()? {
            PieceKind::Operator(operator) => Some((*operator, true)),
            kind if kind.begins_operand() => Some((self.grammar.implied, false)),
            _ => None,
        }
    }

    fn tell_implied(&mut self, operator: Operator) {
        if self.grammar.tells_implied {
            let span = self.last_span().start..self.pieces[self.at].span.end;
            let message =
                format!("no operator between these: read as {operator}. Write {operator}, or quotes around a phrase");
            self.told.push(Diagnostic::warning("implied-and", &span, message));
        }
    }

    fn join(
        &mut self,
        left: Option<Part>,
        right: Option<Part>,
        operator: Operator,
        chained: bool,
        place: &Span,
    ) -> Option<Part> {
        let (left, right) = match (left, right) {
            (Some(left), Some(right)) => (left, right),
            // Of `NOT` without what it excludes from, the exclusion is left.
            (None, Some(right)) if operator == Operator::Not => return Some(negated(right)),
            (left, right) => return left.or(right),
        };
        let grows = usize::from(!chained);
        let height = (left.height + grows).max(right.height + 1 + usize::from(operator == Operator::Not));
        if self.depth + height > MOST_DEPTH {
            if self.depth + left.height <= MOST_DEPTH {
                self.tell_too_deep(place);
            }
            return Some(Part { height: MOST_DEPTH + 1, ..left });
        }
        let span = left.node.span.start.min(right.node.span.start)..left.node.span.end.max(right.node.span.end);
        let right = if operator == Operator::Not { negated(right) } else { right };
        let kind = match operator {
            Operator::Or => gathered(left.node, right.node, chained, Kind::Or),
            Operator::And | Operator::Not | Operator::Same => gathered(left.node, right.node, chained, Kind::And),
            Operator::Near { distance, ordered } => self.near(distance, ordered, left.node, right.node),
        };
        Some(Part { node: Node::new(kind, span), height })
    }

    /// A NEAR, or an AND in its place where an operand cannot have a position.
    fn near(&mut self, distance: u16, ordered: bool, left: Node, right: Node) -> Kind {
        let (left, right, scope) = match self.grammar.lifts_fields {
            true => lifted(left, right),
            false => (left, right, None),
        };
        let mut sound = true;
        for operand in [&left, &right] {
            let (code, what, remedy) = match obstacle(operand) {
                None => continue,
                Some(Obstacle::And) => ("near-with-and", "AND", "write the NEAR once for each, or quote a phrase"),
                Some(Obstacle::Not) => ("near-with-not", "NOT", "put the NOT outside"),
                Some(Obstacle::Limit) => {
                    ("near-with-field", "a field", "put the field around the whole: title:(a NEAR/3 b)")
                }
                Some(Obstacle::NoWords) => {
                    ("near-with-heading", "a heading, a date or the like", "only words have a place in a text")
                }
            };
            sound = false;
            let message = format!("NEAR cannot have {what} inside: {remedy}");
            self.told.push(Diagnostic::error(code, &operand.span, message));
        }
        let span = left.span.start.min(right.span.start)..left.span.end.max(right.span.end);
        let kind = match sound {
            true => Kind::Near { distance, ordered, left: Box::new(left), right: Box::new(right) },
            false => Kind::And(vec![left, right]),
        };
        match scope {
            Some(scope) => Kind::Limit { scope, node: Box::new(Node::new(kind, span)) },
            None => kind,
        }
    }

    fn operand(&mut self) -> Option<Part> {
        let mut part = self.bare_operand();
        while let Some(&PieceKind::Suffix(scope)) = self.peek() {
            let end = self.pieces[self.at].span.end;
            self.at += 1;
            part = part.map(|part| limited(scope, part.node.span.start.min(end)..end.max(part.node.span.end), part));
        }
        part
    }

    /// An operand without what may follow it.
    fn bare_operand(&mut self) -> Option<Part> {
        let Some(piece) = self.pieces.get(self.at) else {
            self.missing(self.end..self.end);
            return None;
        };
        let span = piece.span.clone();
        match &piece.kind {
            PieceKind::Operand(node) => {
                let node = node.clone();
                self.at += 1;
                self.counted(node, &span)
            }
            PieceKind::Operator(Operator::Not) => self.negation(&span),
            PieceKind::Prefix(scope) => {
                let scope = *scope;
                if self.too_deep() {
                    return None;
                }
                self.at += 1;
                self.depth += 1;
                let part = self.operand();
                self.depth -= 1;
                part.map(|part| limited(scope, span.start..part.node.span.end.max(span.end), part))
            }
            PieceKind::Open => self.group(&span),
            PieceKind::Close | PieceKind::Operator(_) | PieceKind::Suffix(_) => {
                self.missing(span);
                None
            }
        }
    }

    /// A clause taken in, if the query does not grow too large by it.
    fn counted(&mut self, node: Node, span: &Span) -> Option<Part> {
        let (nodes, height) = measured(&node);
        let before = self.nodes;
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes > MOST_NODES {
            if before <= MOST_NODES {
                let message = format!("with all lines that it refers to the query has more than {MOST_NODES} parts");
                self.told.push(Diagnostic::error("too-large", span, message));
            }
            return None;
        }
        if self.depth + height > MOST_DEPTH {
            self.tell_too_deep(span);
            return None;
        }
        Some(Part { node, height })
    }

    fn negation(&mut self, not: &Span) -> Option<Part> {
        if self.too_deep() {
            return None;
        }
        self.at += 1;
        self.depth += 1;
        let part = self.expression(self.grammar.prefix_binding());
        self.depth -= 1;
        part.map(|part| {
            let mut part = negated(part);
            // A line that is referred to stands elsewhere in the text.
            part.node.span = not.start..part.node.span.end.max(not.end);
            part
        })
    }

    fn group(&mut self, open: &Span) -> Option<Part> {
        if self.too_deep() {
            return None;
        }
        self.at += 1;
        if self.peek() == Some(&PieceKind::Close) {
            let span = open.start..self.pieces[self.at].span.end;
            self.at += 1;
            self.told.push(Diagnostic::error("empty-group", &span, "there is nothing between these parentheses"));
            return None;
        }
        self.depth += 1;
        let inside = if self.at < self.pieces.len() { self.expression(0) } else { None };
        self.depth -= 1;
        if self.peek() == Some(&PieceKind::Close) {
            self.at += 1;
        }
        inside
    }

    /// Tells that an operand is missing; names the operator beside the hole.
    fn missing(&mut self, here: Span) {
        let before = self.at.checked_sub(1).map(|at| &self.pieces[at]);
        let beside = before.filter(|piece| !piece.kind.ends_operand() && piece.kind != PieceKind::Open);
        let (span, side) = beside.map_or((here, "before"), |piece| (piece.span.clone(), "after"));
        let message = format!("something to look for is missing {side} this");
        self.told.push(Diagnostic::error("missing-operand", &span, message));
        // A suffix that follows nothing would never be taken.
        while let Some(PieceKind::Suffix(_)) = self.peek() {
            self.at += 1;
        }
    }

    /// Whether there is no going deeper; then it is told and the part is skipped.
    fn too_deep(&mut self) -> bool {
        if self.depth < MOST_DEPTH {
            return false;
        }
        let span = self.pieces[self.at].span.clone();
        self.tell_too_deep(&span);
        let mut open = 0_usize;
        while let Some(kind) = self.peek() {
            match kind {
                PieceKind::Open => open += 1,
                PieceKind::Close if open == 0 => break,
                PieceKind::Close => open -= 1,
                _ => {}
            }
            self.at += 1;
        }
        true
    }

    fn tell_too_deep(&mut self, span: &Span) {
        let message = format!("nested more than {MOST_DEPTH} deep");
        self.told.push(Diagnostic::error("too-deep", span, message));
    }
}

/// Whether an operator adds to the group that the one before it made.
fn chains(last: Operator, operator: Operator) -> bool {
    match last {
        Operator::Or => operator == Operator::Or,
        Operator::And | Operator::Not => matches!(operator, Operator::And | Operator::Not),
        Operator::Same => operator == Operator::Same,
        Operator::Near { .. } => false,
    }
}

/// Two operands in a group, or one more in the group that the left one is.
fn gathered(left: Node, right: Node, chained: bool, kind: fn(Vec<Node>) -> Kind) -> Kind {
    match left.kind {
        Kind::And(mut nodes) | Kind::Or(mut nodes) if chained => {
            nodes.push(right);
            kind(nodes)
        }
        _ => kind(vec![left, right]),
    }
}

fn negated(part: Part) -> Part {
    let span = part.node.span.clone();
    Part { node: Node::new(Kind::Not(Box::new(part.node)), span), height: part.height + 1 }
}

fn limited(scope: Scope, span: Span, part: Part) -> Part {
    Part { node: Node::new(Kind::Limit { scope, node: Box::new(part.node) }, span), height: part.height + 1 }
}

/// The operands of a NEAR without their field, if they name the same, or only the right one any.
fn lifted(left: Node, right: Node) -> (Node, Node, Option<Scope>) {
    match (left, right) {
        (
            Node { kind: Kind::Limit { scope: one, node: left }, .. },
            Node { kind: Kind::Limit { scope: other, node: right }, .. },
        ) if one == other => (*left, *right, Some(one)),
        (left, Node { kind: Kind::Limit { scope, node: right }, .. }) if !matches!(left.kind, Kind::Limit { .. }) => {
            (left, *right, Some(scope))
        }
        (left, right) => (left, right, None),
    }
}

enum Obstacle {
    And,
    Not,
    Limit,
    NoWords,
}

/// What keeps a node from having a position in a text.
fn obstacle(node: &Node) -> Option<Obstacle> {
    match &node.kind {
        Kind::And(_) => Some(Obstacle::And),
        Kind::Not(_) => Some(Obstacle::Not),
        Kind::Limit { .. } => Some(Obstacle::Limit),
        Kind::Heading(_) | Kind::Dates(_) | Kind::Native(_) => Some(Obstacle::NoWords),
        // What lies inside a NEAR was looked at when it was made.
        Kind::Term(_) | Kind::Near { .. } => None,
        Kind::Or(nodes) => nodes.iter().find_map(obstacle),
    }
}

/// How many nodes there are, and how deep they go below the first.
pub(super) fn measured(node: &Node) -> (usize, usize) {
    let mut count = 0;
    let mut deepest = 0;
    let mut waiting = vec![(node, 0)];
    while let Some((node, depth)) = waiting.pop() {
        count += 1;
        deepest = deepest.max(depth);
        waiting.extend(node.children().into_iter().map(|child| (child, depth + 1)));
    }
    (count, deepest)
}
