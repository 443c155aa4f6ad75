//! GOV.UK's `q`: plain user text, ranked (alphagov/search-api; no operators are documented).

use super::ranked;
use crate::query::{Platform, Rendered, Tree};

/// More is no question that a person types, and ranks everything alike.
const MOST_BYTES: usize = 500;

pub(super) fn render(tree: &Tree) -> Rendered {
    ranked::render(tree, Platform::GovUk, MOST_BYTES)
}
