//! Crossref's `query`: words, ranked (api.crossref.org; no Boolean logic).

use super::ranked;
use crate::query::{Platform, Rendered, Tree};

/// Well below what a URL may have.
const MOST_BYTES: usize = 1500;

pub(super) fn render(tree: &Tree) -> Rendered {
    ranked::render(tree, Platform::Crossref, MOST_BYTES)
}
