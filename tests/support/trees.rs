//! Trees of queries in a form in which equal meanings look equal.

use std::collections::BTreeSet;

use gleaner::query::{Field, FieldSet, Kind, Node, Scope, Term, Tree};

/// A query without what order, nesting and places in the text add to it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Plain {
    /// A term in lower case, in fields.
    Term {
        text: String,
        fields: String,
    },
    /// A heading in lower case and in our own words: vocabulary, main topic, narrower ones, subheadings.
    Heading {
        name: String,
        how: String,
    },
    /// Dates and clauses of one platform, as our language writes them.
    Other(String),
    And(BTreeSet<Plain>),
    Or(BTreeSet<Plain>),
    Not(Box<Plain>),
    Near {
        distance: u16,
        ordered: bool,
        left: Box<Plain>,
        right: Box<Plain>,
    },
}

impl Plain {
    /// The plain form of a tree.
    pub fn of(tree: &Tree) -> Self {
        plain(&tree.root, Scope::Default)
    }

    /// The same with every part changed, the innermost first.
    pub fn map(&self, change: &impl Fn(Self) -> Self) -> Self {
        let all = |parts: &BTreeSet<Self>| parts.iter().map(|part| part.map(change)).collect::<Vec<_>>();
        change(match self {
            Self::And(parts) => Self::and(all(parts)),
            Self::Or(parts) => Self::or(all(parts)),
            Self::Not(part) => Self::not(part.map(change)),
            Self::Near { distance, ordered, left, right } => {
                Self::near(*distance, *ordered, left.map(change), right.map(change))
            }
            leaf => leaf.clone(),
        })
    }

    /// Whether any part is a clause that only its own platform understands.
    pub fn holds_native(&self) -> bool {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().any(Self::holds_native),
            Self::Not(part) => part.holds_native(),
            Self::Other(text) => text.starts_with("only."),
            Self::Near { .. } | Self::Term { .. } | Self::Heading { .. } => false,
        }
    }

    pub fn and(parts: Vec<Self>) -> Self {
        let flat = parts.into_iter().flat_map(|part| match part {
            Self::And(parts) => parts.into_iter().collect(),
            other => vec![other],
        });
        let mut parts: BTreeSet<Self> = flat.collect();
        match parts.len() {
            1 => parts.pop_first().expect("one"),
            _ => Self::And(parts),
        }
    }

    pub fn or(parts: Vec<Self>) -> Self {
        let flat = parts.into_iter().flat_map(|part| match part {
            Self::Or(parts) => parts.into_iter().collect(),
            other => vec![other],
        });
        let mut parts: BTreeSet<Self> = flat.collect();
        match parts.len() {
            1 => parts.pop_first().expect("one"),
            _ => Self::Or(parts),
        }
    }

    pub fn not(part: Self) -> Self {
        match part {
            Self::Not(part) => *part,
            other => Self::Not(Box::new(other)),
        }
    }

    pub fn near(distance: u16, ordered: bool, left: Self, right: Self) -> Self {
        let (left, right) = if ordered || left <= right { (left, right) } else { (right, left) };
        Self::Near { distance, ordered, left: Box::new(left), right: Box::new(right) }
    }
}

fn plain(node: &Node, scope: Scope) -> Plain {
    match &node.kind {
        Kind::Term(term) => in_fields(term, scope),
        Kind::And(nodes) => Plain::and(nodes.iter().map(|node| plain(node, scope)).collect()),
        Kind::Or(nodes) => Plain::or(nodes.iter().map(|node| plain(node, scope)).collect()),
        Kind::Not(node) => Plain::not(plain(node, scope)),
        Kind::Near { distance, ordered, left, right } => {
            Plain::near(*distance, *ordered, plain(left, scope), plain(right, scope))
        }
        Kind::Limit { scope, node } => plain(node, *scope),
        Kind::Heading(heading) => {
            let mut bare = heading.clone();
            bare.name = "x".to_owned();
            Plain::Heading { name: heading.name.to_lowercase(), how: bare.to_string().to_lowercase() }
        }
        Kind::Dates(_) | Kind::Native(_) => Plain::Other(node.to_string()),
    }
}

/// A term in several fields is the OR of it in each.
fn in_fields(term: &Term, scope: Scope) -> Plain {
    let text = term.to_string().to_lowercase().replace('"', "");
    let one = |fields: &str| Plain::Term { text: text.clone(), fields: fields.to_owned() };
    match scope {
        Scope::Named(set) if set != FieldSet::TOPIC => Plain::or(set.fields().map(Field::name).map(one).collect()),
        Scope::Default | Scope::Named(_) => one("topic"),
        Scope::All => one("all"),
    }
}
