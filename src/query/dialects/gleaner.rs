//! gleaner's own syntax, in its canonical form.

use crate::query::{Rendered, Tree};

pub(super) fn render(tree: &Tree) -> Rendered {
    Rendered { query: tree.to_string(), exact: true, warnings: Vec::new() }
}
