//! Lucene's way of joining clauses, written with parentheses.
//!
//! Its parser does not order operators: each clause of a group is required, optional or prohibited.
//! AND makes both its neighbours required, OR (where words are joined by AND) makes both optional, `+`
//! requires, NOT and `-` prohibit. Where one is required the optional ones only order what is found.
//! (org.apache.lucene.queryparser.classic.QueryParserBase, `addClause`.)

use super::tokens::Token;
use crate::query::Span;
use crate::query::diagnostic::{Collector, Diagnostic};
use crate::query::expression::{MOST_DEPTH, Operator, Piece, PieceKind};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Occur {
    Must,
    Should,
    MustNot,
}

/// A clause with what stood before it.
struct Clause {
    joint: Option<(Operator, Span)>,
    plus: bool,
    not: Option<Span>,
    body: Vec<Piece>,
    span: Span,
}

#[derive(Default)]
struct Group {
    open: Option<Span>,
    clauses: Vec<Clause>,
    joint: Option<(Operator, Span)>,
    plus: bool,
    not: Option<Span>,
    fields: Vec<Piece>,
}

impl Group {
    fn add(&mut self, mut body: Vec<Piece>, span: Span) {
        let mut pieces = std::mem::take(&mut self.fields);
        let start = pieces.first().map_or(span.start, |piece| piece.span.start);
        pieces.append(&mut body);
        let clause = Clause {
            joint: self.joint.take(),
            plus: std::mem::take(&mut self.plus),
            not: self.not.take(),
            body: pieces,
            span: start..span.end,
        };
        self.clauses.push(clause);
    }

    fn is_waiting(&self) -> bool {
        self.joint.is_some() || self.not.is_some() || !self.fields.is_empty()
    }
}

/// The pieces of a text, with parentheses where the order of operators would matter.
pub(super) fn arrange(tokens: Vec<(Token, Span)>, implied: Operator, told: &mut Collector) -> Vec<Piece> {
    let mut groups = vec![Group::default()];
    let mut skipped = 0_usize;
    for (token, span) in tokens {
        let depth = groups.len();
        let Some(group) = groups.last_mut() else { break };
        match token {
            Token::Open if depth > MOST_DEPTH => {
                if skipped == 0 {
                    let message = format!("nested more than {MOST_DEPTH} deep");
                    told.push(Diagnostic::error("too-deep", &span, message));
                }
                skipped += 1;
            }
            Token::Close if skipped > 0 => skipped -= 1,
            Token::Open => groups.push(Group { open: Some(span), ..Group::default() }),
            Token::Close if depth == 1 => {
                let message = "this parenthesis closes nothing";
                told.push(Diagnostic::error("unbalanced-parenthesis", &span, message));
            }
            Token::Close => close(&mut groups, span, implied, told),
            Token::Joint(operator) => match &group.joint {
                Some((_, before)) => tell_missing(before, told),
                None => group.joint = Some((operator, span)),
            },
            Token::Not => {
                if let Some(before) = group.not.replace(span) {
                    tell_missing(&before, told);
                }
            }
            Token::Must => group.plus = true,
            Token::Field(scope) => group.fields.push(Piece { kind: PieceKind::Prefix(scope), span }),
            Token::Operand(node) => {
                let piece = Piece { kind: PieceKind::Operand(node), span: span.clone() };
                group.add(vec![piece], span);
            }
            // Settled before.
            Token::Lower(..) => {}
        }
    }
    // What was never closed is told of where the pieces are built.
    while groups.len() > 1 {
        let Some(group) = groups.pop() else { break };
        let open = group.open.clone().unwrap_or(0..0);
        let mut pieces = vec![Piece { kind: PieceKind::Open, span: open.clone() }];
        let end = group.clauses.last().map_or(open.end, |clause| clause.span.end);
        pieces.extend(settle(group, implied, told));
        if let Some(outer) = groups.last_mut() {
            outer.add(pieces, open.start..end);
        }
    }
    groups.pop().map(|group| settle(group, implied, told)).unwrap_or_default()
}

fn close(groups: &mut Vec<Group>, span: Span, implied: Operator, told: &mut Collector) {
    let Some(group) = groups.pop() else { return };
    let open = group.open.clone().unwrap_or(span.clone());
    let mut pieces = vec![Piece { kind: PieceKind::Open, span: open.clone() }];
    pieces.extend(settle(group, implied, told));
    pieces.push(Piece { kind: PieceKind::Close, span: span.clone() });
    if let Some(outer) = groups.last_mut() {
        outer.add(pieces, open.start..span.end);
    }
}

fn tell_missing(span: &Span, told: &mut Collector) {
    told.push(Diagnostic::error("missing-operand", span, "something to look for is missing after this"));
}

/// The pieces of a group without its parentheses.
fn settle(mut group: Group, implied: Operator, told: &mut Collector) -> Vec<Piece> {
    let waiting = group.is_waiting();
    let left_over: Vec<Piece> = std::mem::take(&mut group.fields);
    let trailing = group.joint.take();
    let not = group.not.take();
    let mut pieces = if is_simple(&group.clauses, implied) {
        straight(group.clauses)
    } else {
        weighed(group.clauses, implied, told)
    };
    if waiting {
        // An operator or a field that nothing follows: told of where the pieces are built.
        pieces.extend(trailing.map(|(operator, span)| Piece { kind: PieceKind::Operator(operator), span }));
        pieces.extend(not.map(|span| Piece { kind: PieceKind::Operator(Operator::Not), span }));
        pieces.extend(left_over);
    }
    pieces
}

/// Whether all clauses are joined alike, so that nothing has to be weighed.
fn is_simple(clauses: &[Clause], implied: Operator) -> bool {
    let joints: Vec<Operator> =
        clauses.iter().skip(1).map(|clause| clause.joint.as_ref().map_or(implied, |(operator, _)| *operator)).collect();
    let alike = |operator| joints.iter().all(|joint| *joint == operator);
    let plus = clauses.iter().any(|clause| clause.plus);
    let not = clauses.iter().any(|clause| clause.not.is_some());
    alike(Operator::And) || alike(Operator::Or) && !plus && !not
}

fn straight(clauses: Vec<Clause>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for clause in clauses {
        match (clause.joint, clause.not) {
            // `a AND NOT b` is one operator.
            (Some((Operator::And, and)), Some(not)) => {
                pieces.push(Piece { kind: PieceKind::Operator(Operator::Not), span: and.start..not.end });
            }
            (joint, not) => {
                pieces.extend(joint.map(|(operator, span)| Piece { kind: PieceKind::Operator(operator), span }));
                pieces.extend(not.map(|span| Piece { kind: PieceKind::Operator(Operator::Not), span }));
            }
        }
        pieces.extend(clause.body);
    }
    pieces
}

fn occurs(clauses: &[Clause], implied: Operator) -> Vec<Occur> {
    let mut occurs: Vec<Occur> = Vec::with_capacity(clauses.len());
    for clause in clauses {
        let joint = clause.joint.as_ref().map(|(operator, _)| *operator);
        if let Some(before) = occurs.last_mut().filter(|before| **before != Occur::MustNot) {
            match joint {
                Some(Operator::And) => *before = Occur::Must,
                Some(Operator::Or) if implied == Operator::And => *before = Occur::Should,
                _ => {}
            }
        }
        let required = match implied {
            Operator::And => joint != Some(Operator::Or),
            _ => joint == Some(Operator::And),
        };
        occurs.push(match () {
            () if clause.not.is_some() => Occur::MustNot,
            () if clause.plus || required => Occur::Must,
            () => Occur::Should,
        });
    }
    occurs
}

/// Clauses that are joined differently, as required, optional and prohibited ones.
fn weighed(clauses: Vec<Clause>, implied: Operator, told: &mut Collector) -> Vec<Piece> {
    let occurs = occurs(&clauses, implied);
    let mixes = |wanted| {
        clauses.iter().skip(1).any(|clause| matches!(&clause.joint, Some((operator, _)) if *operator == wanted))
    };
    if mixes(Operator::And) && mixes(Operator::Or) {
        let joints = clauses.iter().filter_map(|clause| clause.joint.as_ref());
        let span = joints
            .fold(None, |span: Option<Span>, (_, here)| Some(span.map_or(here.clone(), |span| span.start..here.end)));
        let message = "AND and OR are mixed without parentheses: this syntax makes what stands beside AND required and the rest optional. Write parentheses to say what is meant";
        told.push(Diagnostic::warning("mixed-precedence", &span.unwrap_or(0..0), message));
    }
    let required = occurs.contains(&Occur::Must);
    let mut wanted = Vec::new();
    let mut prohibited = Vec::new();
    for (clause, occur) in clauses.into_iter().zip(occurs) {
        match occur {
            Occur::Should if required => {
                let message = "this clause is optional here: it orders what is found and finds nothing more or less, so it is left out";
                told.push(Diagnostic::warning("optional-clause", &clause.span, message));
            }
            Occur::MustNot => prohibited.push(clause),
            _ => wanted.push(clause),
        }
    }
    let join = if required { Operator::And } else { Operator::Or };
    let place = wanted.first().or(prohibited.first()).map_or(0..0, |clause| clause.span.clone());
    let parted = !prohibited.is_empty() && wanted.len() > 1 && join == Operator::Or;
    let mut pieces = Vec::new();
    let parenthesis = |kind: PieceKind, at: usize| Piece { kind, span: at..at };
    if parted {
        pieces.push(parenthesis(PieceKind::Open, place.start));
    }
    let mut end = place.start;
    for (at, clause) in wanted.into_iter().enumerate() {
        if at > 0 {
            let span = clause.joint.map_or(clause.span.start..clause.span.start, |(_, span)| span);
            pieces.push(Piece { kind: PieceKind::Operator(join), span });
        }
        end = clause.span.end;
        pieces.extend(clause.body);
    }
    if parted {
        pieces.push(parenthesis(PieceKind::Close, end));
    }
    for clause in prohibited {
        let span = clause.not.unwrap_or(clause.span);
        pieces.push(Piece { kind: PieceKind::Operator(Operator::Not), span });
        pieces.extend(clause.body);
    }
    pieces
}
