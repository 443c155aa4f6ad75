//! The tree that every dialect is read into and written from.

use std::fmt;

use super::Span;
use super::clause::{Dates, Heading, Native};
use super::field::Scope;
use super::term::Term;

/// A query read. Two trees are equal if they mean the same by the same structure, wherever they stood.
#[derive(Clone, Debug, PartialEq)]
pub struct Tree {
    pub root: Node,
}

/// A part of a query and the bytes of the text that it was read from.
#[derive(Clone, Debug)]
pub struct Node {
    pub kind: Kind,
    pub span: Span,
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

/// What a part of a query is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A word or phrase, wildcards included.
    Term(Term),
    /// All of these (two or more).
    And(Vec<Node>),
    /// Any of these (two or more).
    Or(Vec<Node>),
    /// Not this.
    Not(Box<Node>),
    /// Both in one field, not overlapping, at most `distance` words between them; in any order, or
    /// (`ordered`) the left one first. Operands are terms, OR groups of operands, or further NEARs:
    /// no AND, NOT, field limit, nor clauses that are no words.
    Near { distance: u16, ordered: bool, left: Box<Node>, right: Box<Node> },
    /// Looked for in these fields; an inner limit replaces an outer one. Headings, dates and native
    /// clauses have their own place to look, whatever is named around them.
    Limit { scope: Scope, node: Box<Node> },
    /// Indexed with a heading of a controlled vocabulary.
    Heading(Heading),
    /// Published then.
    Dates(Dates),
    /// What only one platform understands.
    Native(Native),
}

impl Node {
    /// A node at a place.
    pub fn new(kind: Kind, span: Span) -> Self {
        Self { kind, span }
    }

    /// The parts of this node.
    pub fn children(&self) -> Vec<&Self> {
        match &self.kind {
            Kind::Term(_) | Kind::Heading(_) | Kind::Dates(_) | Kind::Native(_) => Vec::new(),
            Kind::And(nodes) | Kind::Or(nodes) => nodes.iter().collect(),
            Kind::Not(node) | Kind::Limit { node, .. } => vec![node],
            Kind::Near { left, right, .. } => vec![left, right],
        }
    }

    /// What it says itself, its parts left out.
    pub fn label(&self) -> String {
        match &self.kind {
            Kind::Term(term) => term.to_string(),
            Kind::And(_) => "AND".to_owned(),
            Kind::Or(_) => "OR".to_owned(),
            Kind::Not(_) => "NOT".to_owned(),
            Kind::Near { distance, ordered, .. } => format!("{}/{distance}", near_name(*ordered)),
            Kind::Heading(heading) => heading.to_string(),
            Kind::Dates(dates) => dates.to_string(),
            Kind::Native(native) => native.to_string(),
            Kind::Limit { scope, .. } => format!("in {scope}"),
        }
    }

    /// Whether it needs parentheses inside something else.
    fn is_compound(&self) -> bool {
        match &self.kind {
            Kind::Term(_) | Kind::Limit { .. } | Kind::Heading(_) | Kind::Dates(_) | Kind::Native(_) => false,
            Kind::And(nodes) | Kind::Or(nodes) if nodes.len() == 1 => nodes[0].is_compound(),
            Kind::And(_) | Kind::Or(_) | Kind::Not(_) | Kind::Near { .. } => true,
        }
    }

    fn write_inside(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_compound() { write!(f, "({self})") } else { write!(f, "{self}") }
    }
}

/// gleaner's own syntax in its canonical form: reading it gives the same tree again.
impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Term(term) => write!(f, "{term}"),
            Kind::And(nodes) => write_joined(f, nodes, " AND "),
            Kind::Or(nodes) => write_joined(f, nodes, " OR "),
            Kind::Not(node) => {
                f.write_str("NOT ")?;
                node.write_inside(f)
            }
            Kind::Near { distance, ordered, left, right } => {
                left.write_inside(f)?;
                write!(f, " {}/{distance} ", near_name(*ordered))?;
                right.write_inside(f)
            }
            Kind::Heading(heading) => write!(f, "{heading}"),
            Kind::Dates(dates) => write!(f, "{dates}"),
            Kind::Native(native) => write!(f, "{native}"),
            Kind::Limit { scope, node } => {
                write!(f, "{scope}:")?;
                node.write_inside(f)
            }
        }
    }
}

/// The language's operator.
fn near_name(ordered: bool) -> &'static str {
    if ordered { "PRE" } else { "NEAR" }
}

fn write_joined(f: &mut fmt::Formatter<'_>, nodes: &[Node], operator: &str) -> fmt::Result {
    for (index, node) in nodes.iter().enumerate() {
        if index > 0 {
            f.write_str(operator)?;
        }
        // `a AND NOT b` needs no more parentheses; in a group of one nothing is added.
        if nodes.len() == 1 || matches!(&node.kind, Kind::Not(_)) {
            write!(f, "{node}")?;
        } else {
            node.write_inside(f)?;
        }
    }
    Ok(())
}

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.root)
    }
}

impl Tree {
    /// Every term in the order of the text, those under NOT included.
    pub fn terms(&self) -> Vec<&Term> {
        let mut terms = Vec::new();
        collect(&self.root, true, &mut terms);
        terms
    }

    /// Every term in the order of the text that is not under NOT.
    pub fn positive_terms(&self) -> Vec<&Term> {
        let mut terms = Vec::new();
        collect(&self.root, false, &mut terms);
        terms
    }

    /// The groups that are joined by AND at the top, those that only exclude left out: what a
    /// search strategy calls its concepts. One that is no AND has itself as its only concept.
    pub fn concepts(&self) -> Vec<&Node> {
        let mut concepts = Vec::new();
        let mut waiting = vec![&self.root];
        while let Some(node) = waiting.pop() {
            match &node.kind {
                Kind::And(nodes) => waiting.extend(nodes.iter().rev()),
                Kind::Limit { node, .. } => waiting.push(node),
                Kind::Not(_) => {}
                // A period narrows down; it is no concept.
                Kind::Dates(_) => {}
                Kind::Term(_) | Kind::Or(_) | Kind::Near { .. } | Kind::Heading(_) | Kind::Native(_) => {
                    concepts.push(node);
                }
            }
        }
        concepts
    }

    /// Whether at least two concepts must all be there: such a query, made an excluding criterion,
    /// drops what misses any one of them.
    pub fn is_conjunctive(&self) -> bool {
        self.concepts().len() >= 2
    }

    /// Every node with its depth, each before its parts.
    pub fn nodes(&self) -> Vec<(&Node, usize)> {
        let mut nodes = Vec::new();
        let mut waiting = vec![(&self.root, 0)];
        while let Some((node, depth)) = waiting.pop() {
            nodes.push((node, depth));
            waiting.extend(node.children().into_iter().rev().map(|child| (child, depth + 1)));
        }
        nodes
    }

    /// The tree as indented lines, one a node.
    pub fn outline(&self) -> String {
        self.nodes().into_iter().map(|(node, depth)| format!("{}{}\n", "  ".repeat(depth), node.label())).collect()
    }
}

fn collect<'a>(node: &'a Node, under_not: bool, terms: &mut Vec<&'a Term>) {
    match &node.kind {
        Kind::Term(term) => terms.push(term),
        Kind::Not(_) if !under_not => {}
        _ => {
            for child in node.children() {
                collect(child, under_not, terms);
            }
        }
    }
}
