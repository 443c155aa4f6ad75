//! Criteria that may lose relevant works.

use crate::config::{ConfigProblem, Effect, Settings, Test};
use crate::query::{Kind, Node, Severity};

/// A query that demands several things at once and excludes what lacks one of them loses relevant
/// works on real records (on labelled reviews, between 3 and 36 of 100), unless it was measured.
pub(super) fn uncalibrated(settings: &Settings) -> Vec<ConfigProblem> {
    let mut problems = Vec::new();
    for criterion in &settings.criteria {
        let Test::Query { query, fails_on_match: false } = &criterion.test else { continue };
        let demands = demands(&query.tree.root);
        if criterion.effect == Effect::Exclude && demands > 1 {
            let message = format!(
                "the criterion `{}` excludes what lacks one of {demands} things, and was not calibrated",
                criterion.id
            );
            let remedy = "write effect = \"order\" or \"flag\", or ask for any of them with OR";
            problems.push(ConfigProblem::at(&criterion.spot, Severity::Warning, message, remedy));
        }
    }
    problems
}

/// How many things a query demands together, at the least. What lies NEAR is one thing.
fn demands(node: &Node) -> usize {
    match &node.kind {
        Kind::And(nodes) => nodes.iter().map(demands).sum(),
        Kind::Or(nodes) => nodes.iter().map(demands).min().unwrap_or(0),
        Kind::Not(_) | Kind::Dates(_) => 0,
        Kind::Limit { node, .. } => demands(node),
        Kind::Term(_) | Kind::Near { .. } | Kind::Heading(_) | Kind::Native(_) => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_demanded_together_is_counted() {
        let count = |text: &str| demands(&crate::query::parse(text).sound().unwrap().root);
        assert_eq!(count("a OR b"), 1);
        assert_eq!(count("(a OR b) AND c AND NOT d"), 2);
        assert_eq!(count("(a AND b) OR c"), 1);
        assert_eq!(count("title:((a AND b) OR (c AND d AND e))"), 2);
        assert_eq!(count("a NEAR/3 b"), 1);
    }
}
