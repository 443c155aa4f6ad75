//! The tree that every dialect is read into and written from.

use std::fmt;

use super::Span;
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
    /// Both in one field, in any order, not overlapping, at most `distance` words between them.
    /// Operands are terms, OR groups of operands, or further NEARs: no AND, NOT or field limit.
    Near { distance: u16, left: Box<Node>, right: Box<Node> },
    /// Looked for in these fields; an inner limit replaces an outer one.
    Limit { scope: Scope, node: Box<Node> },
}

/// The fields that a clause looks at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Title, abstract and keywords, and the full text where there is one.
    #[default]
    Default,
    /// The default fields and the full text, which must be there to say no.
    All,
    /// Exactly these fields.
    Named(FieldSet),
}

/// A set of fields; never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FieldSet {
    pub title: bool,
    pub abstract_text: bool,
    pub keywords: bool,
    pub full_text: bool,
}

impl FieldSet {
    /// No field yet; to be added to.
    pub(super) const NONE: Self = Self { title: false, abstract_text: false, keywords: false, full_text: false };
    /// Title, abstract and keywords.
    pub const TOPIC: Self = Self { title: true, abstract_text: true, keywords: true, full_text: false };

    /// The names that the language gives its fields.
    fn names(self) -> impl Iterator<Item = &'static str> {
        let fields = [
            (self.title, "title"),
            (self.abstract_text, "abstract"),
            (self.keywords, "keywords"),
            (self.full_text, "fulltext"),
        ];
        fields.into_iter().filter_map(|(named, name)| named.then_some(name))
    }
}

impl Scope {
    /// The names of fields that a prefix may have.
    pub(super) const NAMES: [&'static str; 6] = ["title", "abstract", "keywords", "fulltext", "all", "default"];

    /// Adds a field by name (case ignored); `false` if there is none of that name.
    pub(super) fn add(&mut self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        let mut set = match *self {
            Self::Named(set) => set,
            Self::Default | Self::All => FieldSet::NONE,
        };
        match name.as_str() {
            "title" | "ti" => set.title = true,
            "abstract" | "ab" => set.abstract_text = true,
            "keywords" | "keyword" | "kw" => set.keywords = true,
            "fulltext" => set.full_text = true,
            "all" => {
                *self = Self::All;
                return true;
            }
            "default" => return true,
            _ => return false,
        }
        if *self != Self::All {
            *self = Self::Named(set);
        }
        true
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::All => f.write_str("all"),
            Self::Named(set) => f.write_str(&set.names().collect::<Vec<_>>().join(",")),
        }
    }
}

impl Node {
    /// A node at a place.
    pub fn new(kind: Kind, span: Span) -> Self {
        Self { kind, span }
    }

    /// The parts of this node.
    pub fn children(&self) -> Vec<&Self> {
        match &self.kind {
            Kind::Term(_) => Vec::new(),
            Kind::And(nodes) | Kind::Or(nodes) => nodes.iter().collect(),
            Kind::Not(node) | Kind::Limit { node, .. } => vec![node],
            Kind::Near { left, right, .. } => vec![left, right],
        }
    }

    /// Whether it needs parentheses inside something else.
    fn is_compound(&self) -> bool {
        match &self.kind {
            Kind::Term(_) | Kind::Limit { .. } => false,
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
            Kind::Near { distance, left, right } => {
                left.write_inside(f)?;
                write!(f, " NEAR/{distance} ")?;
                right.write_inside(f)
            }
            Kind::Limit { scope, node } => {
                write!(f, "{scope}:")?;
                node.write_inside(f)
            }
        }
    }
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
                Kind::Term(_) | Kind::Or(_) | Kind::Near { .. } => concepts.push(node),
            }
        }
        concepts
    }

    /// Whether at least two concepts must all be there: such a query, made an excluding criterion,
    /// drops what misses any one of them.
    pub fn is_conjunctive(&self) -> bool {
        self.concepts().len() >= 2
    }

    /// The tree as indented lines, one a node.
    pub fn outline(&self) -> String {
        let mut lines = String::new();
        let mut waiting = vec![(&self.root, 0)];
        while let Some((node, depth)) = waiting.pop() {
            let label = match &node.kind {
                Kind::Term(term) => term.to_string(),
                Kind::And(_) => "AND".to_owned(),
                Kind::Or(_) => "OR".to_owned(),
                Kind::Not(_) => "NOT".to_owned(),
                Kind::Near { distance, .. } => format!("NEAR/{distance}"),
                Kind::Limit { scope, .. } => format!("in {scope}"),
            };
            lines.push_str(&"  ".repeat(depth));
            lines.push_str(&label);
            lines.push('\n');
            waiting.extend(node.children().into_iter().rev().map(|child| (child, depth + 1)));
        }
        lines
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
