//! Whether two queries mean the same, however they are written.

use std::collections::BTreeSet;

use crate::query::field::Scope;
use crate::query::tree::{Kind, Node, Tree};

/// Whether two trees are the same but for the order and repetition of what AND and OR join, groups
/// within a group of the same kind, and where a field is written.
pub fn same_meaning(one: &Tree, other: &Tree) -> bool {
    one == other || canonical(&one.root, Scope::Default) == canonical(&other.root, Scope::Default)
}

/// A text that is equal for parts that mean the same.
fn canonical(node: &Node, scope: Scope) -> String {
    match &node.kind {
        Kind::Term(term) => format!("{scope}:{}", term.to_string().to_lowercase()),
        Kind::Limit { scope, node } => canonical(node, *scope),
        Kind::Not(inside) => format!("NOT {}", canonical(inside, scope)),
        Kind::Near { distance, ordered, left, right } => {
            format!("({} {distance}/{ordered} {})", canonical(left, scope), canonical(right, scope))
        }
        Kind::And(_) | Kind::Or(_) => {
            let mut parts = BTreeSet::new();
            gather(node, scope, matches!(node.kind, Kind::Or(_)), &mut parts);
            if parts.len() == 1 {
                return parts.pop_first().unwrap_or_default();
            }
            let operator = if matches!(node.kind, Kind::Or(_)) { " OR " } else { " AND " };
            format!("({})", parts.into_iter().collect::<Vec<_>>().join(operator))
        }
        Kind::Heading(_) | Kind::Dates(_) | Kind::Native(_) => node.to_string(),
    }
}

/// What a group joins, groups of the same kind inside it taken apart.
fn gather(node: &Node, scope: Scope, or: bool, parts: &mut BTreeSet<String>) {
    match (&node.kind, or) {
        (Kind::Limit { scope, node }, _) => gather(node, *scope, or, parts),
        (Kind::Or(nodes), true) | (Kind::And(nodes), false) => {
            nodes.iter().for_each(|node| gather(node, scope, or, parts));
        }
        _ => _ = parts.insert(canonical(node, scope)),
    }
}

#[cfg(test)]
mod tests {
    use super::same_meaning;
    use crate::query::parse;

    #[test]
    fn how_it_is_written_does_not_matter() {
        let same = |one: &str, other: &str| same_meaning(&parse(one).sound().unwrap(), &parse(other).sound().unwrap());
        assert!(same("a OR (b OR a)", "b OR a"));
        assert!(same("title:(a OR b) AND c", "c AND (title:a OR title:b)"));
        assert!(same("a OR a", "A"));
        assert!(!same("a OR b AND c", "(a OR b) AND c"));
        assert!(!same("title:a", "a"));
        assert!(!same("a NEAR/2 b", "a NEAR/3 b"));
    }
}
