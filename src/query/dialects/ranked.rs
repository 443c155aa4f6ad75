//! Platforms without Boolean logic: the wanted terms as plain words, harvested by rank.

use crate::query::tree::{Node, Tree};
use crate::query::{Diagnostic, Platform, Rendered};

/// The wanted words, at most `most_bytes` of them, taken in turn from each concept so that none goes
/// unmentioned.
pub(super) fn render(tree: &Tree, platform: Platform, most_bytes: usize) -> Rendered {
    let span = &tree.root.span;
    let mut lists: Vec<std::vec::IntoIter<String>> =
        tree.concepts().into_iter().map(|concept| words(concept).into_iter()).collect();
    let mut query = String::new();
    let mut known: Vec<String> = Vec::new();
    let mut cut_short = false;
    while !lists.is_empty() && !cut_short {
        lists.retain_mut(|list| {
            let Some(word) = list.find(|word| !known.contains(&word.to_lowercase())) else { return false };
            if query.len() + usize::from(!query.is_empty()) + word.len() > most_bytes {
                cut_short = true;
                return false;
            }
            if !query.is_empty() {
                query.push(' ');
            }
            query.push_str(&word);
            known.push(word.to_lowercase());
            true
        });
    }
    let title = platform.title();
    let message =
        format!("{title} has no Boolean logic: the words are sent as they are and what is ranked first is taken");
    let mut warnings = vec![Diagnostic::warning("ranked", span, message)];
    if cut_short {
        let message = format!(
            "only the first {most_bytes} bytes of words are sent to {title}: what the others alone would find may be lost"
        );
        warnings.push(Diagnostic::warning("cut-short", span, message));
    }
    if query.is_empty() {
        let message = format!("nothing of this query can be asked of {title}");
        warnings.push(Diagnostic::warning("nothing-to-ask", span, message));
    }
    Rendered { query, exact: false, warnings }
}

/// The words of a concept's wanted terms; of those with a wildcard what stands before it.
fn words(concept: &Node) -> Vec<String> {
    const SHORTEST_STEM: usize = 4;
    let tree = Tree { root: concept.clone() };
    let words = tree.positive_terms().into_iter().flat_map(|term| term.words.iter());
    let sayable = words.filter(|word| !word.has_wildcard() || word.stem().chars().count() >= SHORTEST_STEM);
    sayable.map(|word| word.stem().to_owned()).collect()
}
