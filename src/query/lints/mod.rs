//! What is told of a query beyond reading it: what its platform will not take, what costs records, and
//! what can be written more plainly. One family of lints a file; every code that is ever told, the
//! readers' and writers' included, is described in [`registry`].

mod cover;
mod dates;
mod fields;
mod lines;
mod marks;
mod meaning;
mod negation;
mod parentheses;
mod plural;
pub mod registry;
mod repair;
mod repeated;
mod rules;
mod size;
mod spelling;
mod stemming;
mod surface;
#[cfg(test)]
mod tests;
mod variants;

use self::rules::Rules;
use self::surface::{Operand, Token};
use super::diagnostic::Collector;
use super::field::Scope;
use super::term::Term;
use super::tree::{Kind, Node};
use super::{Diagnostic, Parsed, Platform, Span, read};

pub(super) use self::cover::covers as finds_all_of;
pub use self::meaning::same_meaning;
pub use self::repair::{Repaired, repair};

/// What is known of a query beside its text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Setting<'a> {
    /// The field that was chosen beside the search box, if any.
    pub field: Option<&'a str>,
}

/// A query looked at.
#[derive(Clone, Debug)]
pub struct Linted {
    pub parsed: Parsed,
    /// What the reader told and what the lints found, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a query in a platform's syntax and looks for everything that is to be said of it.
pub fn lint(text: &str, platform: Platform, setting: Setting<'_>) -> Linted {
    let mut linted = look(text, platform, setting);
    repair::verify(text, platform, &mut linted);
    linted
}

/// The same without finding out which fixes keep the meaning.
fn look(text: &str, platform: Platform, setting: Setting<'_>) -> Linted {
    let parsed = read(text, platform);
    let mut told = Collector::default();
    for diagnostic in &parsed.diagnostics {
        told.push(diagnostic.clone());
    }
    if text.len() > super::parser::MOST_BYTES {
        return Linted { diagnostics: told.finish(), parsed };
    }
    let tokens = surface::tokens(text, platform);
    let broken = parsed.diagnostics.iter().any(|told| told.code.starts_with("unbalanced-"));
    let root = parsed.tree.as_ref().map(|tree| &tree.root).filter(|_| !broken);
    let leaves = root.map(leaves).unwrap_or_default();
    let operands = surface::operands(&tokens);
    let subject = Subject {
        text,
        platform,
        setting,
        rules: rules::of(platform),
        tokens,
        operands,
        root,
        leaves,
        parsed: &parsed,
    };
    for family in registry::FAMILIES {
        let mut found = Vec::new();
        (family.check)(&subject, &mut found);
        for diagnostic in found {
            if !parsed.diagnostics.iter().any(|known| says_the_same(known, &diagnostic)) {
                told.push(diagnostic);
            }
        }
    }
    Linted { diagnostics: told.finish(), parsed }
}

/// Whether a reader told of this already.
fn says_the_same(known: &Diagnostic, other: &Diagnostic) -> bool {
    known.code == other.code
        && known.start < other.end.max(other.start + 1)
        && other.start < known.end.max(known.start + 1)
}

/// What a lint looks at.
struct Subject<'a> {
    text: &'a str,
    platform: Platform,
    setting: Setting<'a>,
    rules: &'static Rules,
    tokens: Vec<Token>,
    operands: Vec<Operand>,
    /// The tree, where its parentheses and quotation marks are whole.
    root: Option<&'a Node>,
    leaves: Vec<Leaf<'a>>,
    parsed: &'a Parsed,
}

/// A term of the tree.
#[derive(Clone)]
struct Leaf<'a> {
    term: &'a Term,
    scope: Scope,
    /// The term alone.
    span: Span,
    /// The term with its field.
    whole: Span,
    /// Under an odd number of NOTs.
    negative: bool,
    /// Inside a NEAR.
    near: bool,
    /// The group of alternatives that it stands in: the span of the outermost OR around it, without
    /// an AND in between; its own if there is none.
    group: Span,
}

/// Every term of a tree in the order of the text; a line that is referred to twice gives its terms twice.
fn leaves(root: &Node) -> Vec<Leaf<'_>> {
    struct Around {
        scope: Scope,
        negative: bool,
        near: bool,
        group: Option<Span>,
        whole: Option<Span>,
    }
    fn walk<'a>(node: &'a Node, around: &Around, leaves: &mut Vec<Leaf<'a>>) {
        let next = |change: &dyn Fn(&mut Around)| {
            let mut next = Around { group: around.group.clone(), whole: None, ..*around };
            change(&mut next);
            next
        };
        let next = match &node.kind {
            Kind::Term(term) => {
                let whole = around.whole.clone().unwrap_or_else(|| node.span.clone());
                leaves.push(Leaf {
                    term,
                    scope: around.scope,
                    span: node.span.clone(),
                    group: around.group.clone().unwrap_or_else(|| whole.clone()),
                    whole,
                    negative: around.negative,
                    near: around.near,
                });
                return;
            }
            Kind::Limit { scope, .. } => next(&|next| {
                next.scope = *scope;
                next.whole = Some(around.whole.clone().unwrap_or_else(|| node.span.clone()));
            }),
            Kind::Or(_) => next(&|next| next.group = Some(around.group.clone().unwrap_or_else(|| node.span.clone()))),
            Kind::And(_) => next(&|next| next.group = None),
            Kind::Not(_) => next(&|next| {
                next.negative = !around.negative;
                next.group = None;
            }),
            Kind::Near { .. } => next(&|next| {
                next.near = true;
                next.group = None;
            }),
            _ => return,
        };
        for child in node.children() {
            walk(child, &next, leaves);
        }
    }
    let mut leaves = Vec::new();
    let around = Around { scope: Scope::Default, negative: false, near: false, group: None, whole: None };
    walk(root, &around, &mut leaves);
    leaves
}

/// Whether all that is in the inner fields is in the outer ones.
fn holds(outer: Scope, inner: Scope) -> bool {
    use super::field::FieldSet;
    let set = |scope: Scope| match scope {
        Scope::All => None,
        Scope::Default => Some(FieldSet::TOPIC),
        Scope::Named(set) => Some(set),
    };
    match (set(outer), set(inner)) {
        _ if outer == inner => true,
        (None, _) => true,
        (_, None) => false,
        (Some(outer), Some(inner)) => inner.without(outer).is_empty(),
    }
}

/// Whether words are looked for there, and not an indexer's or a library's own values.
fn is_text(scope: Scope) -> bool {
    match scope {
        Scope::Named(set) => set.without(super::field::FieldSet::TEXT).is_empty(),
        Scope::Default | Scope::All => true,
    }
}
