//! Queries too long for one request, divided into several whose union is the query.

use super::render;
use crate::query::tree::{Kind, Node, Tree};
use crate::query::{Diagnostic, Platform, Rendered};

/// No source is asked more often than this for one query.
const MOST_PARTS: usize = 64;
/// How many OR groups are tried before a part is left as it is.
const MOST_TRIES: usize = 12;

/// How large a query of a platform may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the query as it stands in a URL (percent-encoded).
    pub bytes: usize,
    /// AND, OR, NOT and the operators of proximity together.
    pub operators: Option<usize>,
}

/// What stands in a URL that every server and proxy between takes; most take 8,192 bytes of a request's
/// first line, keys and paging included.
const SAFE_BYTES: usize = 6_000;

impl Limits {
    /// Nothing but a number of bytes.
    pub fn bytes(bytes: usize) -> Self {
        Self { bytes, operators: None }
    }

    /// What is known of a platform. Where it names no limit, that of URLs is taken if it is asked by GET.
    pub fn of(platform: Platform) -> Self {
        let unlimited = Self::bytes(usize::MAX);
        match platform {
            // The whole request line may have 4,094 bytes (developers.openalex.org, "Large Boolean queries").
            Platform::OpenAlex => Self::bytes(3_800),
            // One help page names 49 operators, another none; the API's documentation names none.
            Platform::Wos => Self { bytes: SAFE_BYTES, operators: Some(49) },
            Platform::Scopus
            | Platform::Arxiv
            | Platform::Doaj
            | Platform::DataCite
            | Platform::Eric
            | Platform::Base
            | Platform::Plos
            | Platform::Ieee
            | Platform::Springer
            | Platform::SemanticScholar => Self::bytes(SAFE_BYTES),
            // Asked by POST, pasted by people, or ranked and cut already.
            _ => unlimited,
        }
    }

    /// What of a query is too much, in words.
    fn exceeded(self, query: &str, platform: Platform) -> Option<String> {
        let length = encoded_length(query);
        if length > self.bytes {
            return Some(format!("the query is {length} bytes long as it is sent, {platform} takes {}", self.bytes));
        }
        let operators = operators(query);
        let most = self.operators.filter(|most| operators > *most)?;
        Some(format!("the query has {operators} operators, {platform} takes {most}"))
    }
}

/// Renders a tree as one query or several, each at most `max_query_bytes` long as it stands in a
/// URL (percent-encoded); see [`render_within`].
pub fn render_split(tree: &Tree, platform: Platform, max_query_bytes: usize) -> Vec<Rendered> {
    render_within(tree, platform, Limits::bytes(max_query_bytes))
}

/// Renders a tree as one query or several, each within the limits. An OR group is divided, so that the
/// union of the answers is the query's. A part that cannot be divided further stays too long and carries
/// the warning `too-long`.
pub fn render_within(tree: &Tree, platform: Platform, limits: Limits) -> Vec<Rendered> {
    let mut done: Vec<Rendered> = Vec::new();
    let mut waiting = vec![(tree.clone(), render(tree, platform))];
    while let Some((tree, mut rendered)) = waiting.pop() {
        if let Some(exceeded) = limits.exceeded(&rendered.query, platform) {
            let may_divide = done.len() + waiting.len() + 2 <= MOST_PARTS;
            let length = encoded_length(&rendered.query);
            if let Some(halves) = may_divide.then(|| divide(&tree, platform, length)).flatten() {
                // The first half comes next.
                waiting.extend(halves.into_iter().rev());
                continue;
            }
            let message = format!("{exceeded}, and it cannot be divided");
            rendered.warnings.push(Diagnostic::warning("too-long", &tree.root.span, message));
        }
        if !done.iter().any(|known| known.query == rendered.query) {
            done.push(rendered);
        }
    }
    done
}

/// The operators of a query, those in quotation marks apart.
fn operators(query: &str) -> usize {
    let outside = query.split('"').step_by(2);
    let is_operator = |word: &&str| {
        let name = word.split('/').next().unwrap_or_default();
        matches!(name, "AND" | "OR" | "NOT" | "ANDNOT" | "NEAR" | "PRE" | "W" | "SAME" | "NEXT" | "|" | "+")
    };
    outside.flat_map(|part| part.split([' ', '(', ')'])).filter(is_operator).count()
}

fn encoded_length(query: &str) -> usize {
    url::form_urlencoded::byte_serialize(query.as_bytes()).map(str::len).sum()
}

/// Two halves, both shorter than the whole.
fn divide(tree: &Tree, platform: Platform, length: usize) -> Option<[(Tree, Rendered); 2]> {
    let mut groups: Vec<(usize, Vec<usize>)> = Vec::new();
    collect(&tree.root, &mut Vec::new(), &mut groups);
    groups.sort_by_key(|(size, _)| std::cmp::Reverse(*size));
    groups.into_iter().take(MOST_TRIES).find_map(|(_, path)| {
        let halves = [false, true].map(|second| {
            let half = Tree { root: half(&tree.root, &path, second) };
            let rendered = render(&half, platform);
            (half, rendered)
        });
        let shorter = halves.iter().all(|(_, half)| !half.query.is_empty() && encoded_length(&half.query) < length);
        shorter.then_some(halves)
    })
}

/// Every OR that is not under NOT, with its size and the way to it: over AND, OR, NEAR and fields an
/// OR may be drawn out to the top.
fn collect(node: &Node, path: &mut Vec<usize>, groups: &mut Vec<(usize, Vec<usize>)>) {
    if matches!(node.kind, Kind::Not(_)) {
        return;
    }
    if matches!(&node.kind, Kind::Or(nodes) if nodes.len() > 1) {
        groups.push((node.to_string().len(), path.clone()));
    }
    for (at, child) in node.children().into_iter().enumerate() {
        path.push(at);
        collect(child, path, groups);
        path.pop();
    }
}

/// The node with one half of the OR at the end of the path.
fn half(node: &Node, path: &[usize], second: bool) -> Node {
    let kind = match (&node.kind, path.split_first()) {
        (Kind::Or(nodes), None) => {
            let (first_half, second_half) = nodes.split_at(middle(nodes));
            let nodes = if second { second_half } else { first_half };
            if let [only] = nodes {
                return only.clone();
            }
            Kind::Or(nodes.to_vec())
        }
        (kind, None) => kind.clone(),
        (Kind::And(nodes), Some((at, rest))) => Kind::And(replaced(nodes, *at, rest, second)),
        (Kind::Or(nodes), Some((at, rest))) => Kind::Or(replaced(nodes, *at, rest, second)),
        (Kind::Near { distance, ordered, left, right }, Some((at, rest))) => {
            let (left, right) = if *at == 0 {
                (half(left, rest, second), (**right).clone())
            } else {
                ((**left).clone(), half(right, rest, second))
            };
            Kind::Near { distance: *distance, ordered: *ordered, left: Box::new(left), right: Box::new(right) }
        }
        (Kind::Limit { scope, node }, Some((_, rest))) => {
            Kind::Limit { scope: *scope, node: Box::new(half(node, rest, second)) }
        }
        // Nothing else has parts that may be divided.
        (kind, Some(_)) => kind.clone(),
    };
    Node::new(kind, node.span.clone())
}

fn replaced(nodes: &[Node], at: usize, rest: &[usize], second: bool) -> Vec<Node> {
    let replace = |(here, node): (usize, &Node)| if here == at { half(node, rest, second) } else { node.clone() };
    nodes.iter().enumerate().map(replace).collect()
}

/// Where both sides are about equally long; at least one node on each.
fn middle(nodes: &[Node]) -> usize {
    let sizes: Vec<usize> = nodes.iter().map(|node| node.to_string().len()).collect();
    let total: usize = sizes.iter().sum();
    let mut before = 0;
    let at = sizes.iter().position(|size| {
        before += size;
        before * 2 >= total
    });
    at.map_or(1, |at| at + 1).clamp(1, nodes.len() - 1)
}
