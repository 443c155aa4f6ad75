//! Reading the syntaxes of platforms, one file each.

mod cochrane;
mod colon;
mod ebsco;
mod embase;
mod findpapers;
mod lines;
mod lucene;
mod ovid;
mod pasted;
mod pieces;
mod proquest;
mod pubmed;
mod scopus;
mod sets;
mod words;
mod wos;

use regex::Regex;

use super::field::Scope;
use super::parser::{parse, refused};
use super::term::{Joint, Term};
use super::tree::{Kind, Node};
use super::{Diagnostic, Parsed, Platform};

/// Reads a query in a platform's syntax.
pub fn read(text: &str, platform: Platform) -> Parsed {
    if let Some(refused) = refused(text) {
        return refused;
    }
    let pasted = pasted::around(text, platform);
    let text = &*pasted.blanked(text);
    let mut parsed = match platform {
        Platform::Gleaner => parse(text),
        Platform::Ebsco => ebsco::read(text),
        Platform::Findpapers => findpapers::read(text),
        Platform::ProQuest => proquest::read(text),
        Platform::PubMed => pubmed::read(text),
        Platform::Scopus => scopus::read(text),
        Platform::Wos => wos::read(text),
        Platform::Lucene | Platform::EuropePmc | Platform::Doaj | Platform::Core | Platform::Arxiv => {
            lucene::read(text, platform)
        }
        Platform::Ovid => ovid::read(text),
        Platform::Cochrane => cochrane::read(text),
        Platform::Embase => embase::read(text),
        _ => {
            let message = format!("queries in the syntax of {} are not read", platform.title());
            let diagnostics = vec![Diagnostic::error("unread-platform", &(0..text.len()), message)];
            Parsed { tree: None, diagnostics, lines: Vec::new() }
        }
    };
    let told = pasted.told();
    if !told.is_empty() {
        parsed.diagnostics.extend(told);
        parsed.diagnostics.sort_by_key(|told| (told.start, told.end, told.severity));
    }
    parsed
}

/// What a mark that only one syntax has counts; see [`detect`].
const MARK: u32 = 10;
/// Marks that are counted, so that a long text is not read to its end for one question.
const MOST_MARKS: usize = 100;

/// How much of a text is written as only one platform writes.
type Likelihood = fn(&str) -> u32;

/// The platform in whose syntax a text most probably is: told by its fields, operators and lines.
///
/// Each reader has a function `likelihood(text)`. It gives [`MARK`] for each thing that is written so
/// on its platform and nowhere else (`.ti,ab.`, `[tiab]`, `TITLE-ABS-KEY(`), a tenth of that, beside
/// such marks, for what few have (`NEAR/3`, `#1 AND #2`), nothing for what all have (AND, quotes), and counts at most
/// [`MOST_MARKS`] of them. The largest number wins; of equal ones the first in the list. Less than one
/// mark is too little to tell: that is gleaner's own language.
pub fn detect(text: &str) -> Platform {
    const LIKELIHOODS: &[(Platform, Likelihood)] = &[
        (Platform::Ebsco, ebsco::likelihood),
        (Platform::ProQuest, proquest::likelihood),
        (Platform::PubMed, pubmed::likelihood),
        (Platform::Scopus, scopus::likelihood),
        (Platform::Wos, wos::likelihood),
        (Platform::EuropePmc, lucene::europepmc_likelihood),
        (Platform::Arxiv, lucene::arxiv_likelihood),
        (Platform::Doaj, lucene::doaj_likelihood),
        (Platform::Core, lucene::core_likelihood),
        (Platform::Lucene, lucene::likelihood),
        (Platform::Ovid, ovid::likelihood),
        (Platform::Cochrane, cochrane::likelihood),
        (Platform::Embase, embase::likelihood),
    ];
    let mut best = (MARK - 1, Platform::Gleaner);
    for (platform, likelihood) in LIKELIHOODS {
        let found = likelihood(text);
        if found > best.0 {
            best = (found, *platform);
        }
    }
    best.1
}

/// A likelihood: of marks that only one syntax has, and beside them of those that few have.
fn marks(sure: usize, shared: usize) -> u32 {
    let count = |marks: usize| u32::try_from(marks.min(MOST_MARKS)).unwrap_or_default();
    if sure == 0 { 0 } else { MARK * count(sure) + MARK / 10 * count(shared) }
}

/// A node in its plainest form: without limits that change nothing (to the default fields where nothing
/// else is named around, or one directly inside another, which replaces it), and with words that are
/// next to each other as a phrase.
fn settled(node: Node) -> Node {
    settle(node, Scope::Default)
}

fn settle(node: Node, around: Scope) -> Node {
    let span = node.span.clone();
    let each = |nodes: Vec<Node>| nodes.into_iter().map(|node| settle(node, around)).collect();
    let kind = match node.kind {
        Kind::Limit { scope, node: inside } => {
            let inside = settle(*inside, scope);
            if scope == around || matches!(inside.kind, Kind::Limit { .. }) {
                return Node::new(inside.kind, span);
            }
            Kind::Limit { scope, node: Box::new(inside) }
        }
        Kind::And(nodes) => Kind::And(each(nodes)),
        Kind::Or(nodes) => Kind::Or(each(nodes)),
        Kind::Not(inside) => Kind::Not(Box::new(settle(*inside, around))),
        Kind::Near { distance, ordered, left, right } => {
            let (left, right) = (settle(*left, around), settle(*right, around));
            match (left.kind, right.kind) {
                // Words next to each other in this order are a phrase.
                (Kind::Term(first), Kind::Term(second)) if ordered && distance == 0 => {
                    Kind::Term(joined(first, second))
                }
                (first, second) => {
                    let (left, right) = (Node::new(first, left.span), Node::new(second, right.span));
                    Kind::Near { distance, ordered, left: Box::new(left), right: Box::new(right) }
                }
            }
        }
        kind => kind,
    };
    Node::new(kind, span)
}

/// The words of both in one phrase.
fn joined(mut first: Term, second: Term) -> Term {
    let start = first.words.len();
    first.words.extend(second.words);
    if let Some(word) = first.words.get_mut(start) {
        word.joint = Joint::Space;
    }
    first
}

/// What is found of a platform's own marks, and beside them of those that few share.
fn marks_in(text: &str, own: &Regex, shared: &Regex) -> u32 {
    let count = |pattern: &Regex| pattern.find_iter(text).take(MOST_MARKS).count();
    marks(count(own), count(shared))
}
