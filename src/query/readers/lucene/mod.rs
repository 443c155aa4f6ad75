//! Lucene's syntax, as Europe PMC, DOAJ, CORE, arXiv and other indexes take it. Rules: the classic
//! query parser's own documentation, and each platform's help for its fields and its implied operator.

mod arrange;
mod clauses;
mod fields;
mod tokens;

use self::fields::Flavour;
use self::tokens::Token;
use super::MARK;
use crate::query::diagnostic::{Collector, Diagnostic};
use crate::query::expression::{Grammar, Operator, build};
use crate::query::field::Scope;
use crate::query::parser::nothing;
use crate::query::tree::{Kind, Node, Tree};
use crate::query::{Parsed, Platform, Span};

/// Reads a query as a platform takes it.
pub(super) fn read(text: &str, platform: Platform) -> Parsed {
    let flavour = Flavour::of(platform);
    let mut told = Collector::default();
    let tokens = settle_lower(tokens::cut(text, &flavour, &mut told), flavour.implied, &mut told);
    if tokens.is_empty() && told.diagnostics.is_empty() {
        told.push(nothing(text));
    }
    let pieces = arrange::arrange(tokens, flavour.implied, &mut told);
    let grammar = Grammar {
        binding: |_| 1,
        order: "each group is read by what is required in it",
        implied: flavour.implied,
        tells_implied: true,
        lifts_fields: false,
    };
    let root = build(pieces, &grammar, text.trim_end().len(), &mut told);
    let tree = root.map(|root| Tree { root: under(root, flavour.unnamed) });
    Parsed { tree, diagnostics: told.finish(), lines: Vec::new() }
}

/// Operators in lower case between two operands. These platforms read them as words, most as stop words:
/// where words are joined by AND they are read as the operator, which seems meant and loses nothing;
/// where words are joined by OR they are passed over.
fn settle_lower(tokens: Vec<(Token, Span)>, implied: Operator, told: &mut Collector) -> Vec<(Token, Span)> {
    let mut settled: Vec<(Token, Span)> = Vec::with_capacity(tokens.len());
    let mut tokens = tokens.into_iter().peekable();
    while let Some((token, span)) = tokens.next() {
        let Token::Lower(operator, node) = token else {
            settled.push((token, span));
            continue;
        };
        let before = settled.last().is_some_and(|(token, _)| matches!(token, Token::Operand(_) | Token::Close));
        let after = tokens.peek().is_some_and(|(token, _)| {
            matches!(token, Token::Operand(_) | Token::Open | Token::Field(_) | Token::Must | Token::Not)
        });
        if !before || !after {
            settled.extend(node.map(|node| (Token::Operand(node), span)));
            continue;
        }
        let shown = operator.to_string();
        let message = match implied {
            Operator::And => format!(
                "operators are known in capitals only; read as {shown}, which seems meant: write it in capitals, or in quotes if the word is meant"
            ),
            _ => format!(
                "operators are known in capitals only, and this word is passed over: write {shown} if the operator is meant"
            ),
        };
        told.push(Diagnostic::warning("operator-in-lower-case", &span, message).fixed_by(&span, shown));
        if implied == Operator::And {
            settled.push((if operator == Operator::Not { Token::Not } else { Token::Joint(operator) }, span));
        }
    }
    settled
}

/// A node whose words without a field are looked for here.
fn under(node: Node, scope: Scope) -> Node {
    if scope == Scope::Default || !holds_words(&node) {
        return node;
    }
    if !holds_limit(&node) {
        let span = node.span.clone();
        return Node::new(Kind::Limit { scope, node: Box::new(node) }, span);
    }
    let span = node.span.clone();
    let each = |nodes: Vec<Node>| nodes.into_iter().map(|node| under(node, scope)).collect();
    let kind = match node.kind {
        Kind::And(nodes) => Kind::And(each(nodes)),
        Kind::Or(nodes) => Kind::Or(each(nodes)),
        Kind::Not(node) => Kind::Not(Box::new(under(*node, scope))),
        kind => kind,
    };
    Node::new(kind, span)
}

fn holds_limit(node: &Node) -> bool {
    matches!(node.kind, Kind::Limit { .. }) || node.children().into_iter().any(holds_limit)
}

fn holds_words(node: &Node) -> bool {
    matches!(node.kind, Kind::Term(_)) || node.children().into_iter().any(holds_words)
}

/// How much of a text is written as Europe PMC writes.
pub(super) fn europepmc_likelihood(text: &str) -> u32 {
    const FIELDS: [&str; 12] = [
        "TITLE_ABS:",
        "TITLE:",
        "ABSTRACT:",
        "KW:",
        "AUTH:",
        "AFF:",
        "PUB_YEAR:",
        "FIRST_PDATE:",
        "PUB_TYPE:",
        "HAS_ABSTRACT:",
        "OPEN_ACCESS:",
        "SRC:",
    ];
    marks(text, &FIELDS) * MARK
}

/// How much of a text is written as arXiv writes. `ti:` and `au:` are fields of others too.
pub(super) fn arxiv_likelihood(text: &str) -> u32 {
    marks(text, &["abs:", "cat:", "ANDNOT", "submittedDate:", "jr:"]) * MARK
        + marks(text, &["ti:", "au:", "all:"]) * (MARK / 10)
}

/// How much of a text is written as DOAJ writes.
pub(super) fn doaj_likelihood(text: &str) -> u32 {
    marks(text, &["bibjson."]) * MARK
}

/// How much of a text is written as CORE writes.
pub(super) fn core_likelihood(text: &str) -> u32 {
    marks(text, &["yearPublished", "fullText:", "documentType:", "dataProviders:"]) * MARK
}

/// How much of a text is in Lucene's syntax, whatever the fields are.
pub(super) fn likelihood(text: &str) -> u32 {
    let prefixed = |sign: char| {
        u32::try_from(text.split_whitespace().filter(|word| word.starts_with(sign)).take(50).count()).unwrap_or(0)
    };
    let signs = marks(text, &["&&", "||", "^2", "^3", "^4", "^5", "\"~", "*:*"]);
    let ranges = u32::try_from(text.match_indices(":[").take(50).count()).unwrap_or(0);
    (signs + ranges) * MARK + prefixed('+') * (MARK / 2)
}

fn marks(text: &str, marks: &[&str]) -> u32 {
    let word_begins = |at: usize| !text[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let found = marks.iter().flat_map(|mark| {
        let lettered = mark.starts_with(|c: char| c.is_ascii_alphabetic());
        text.match_indices(mark).filter(move |(at, _)| !lettered || word_begins(*at)).take(super::MOST_MARKS)
    });
    u32::try_from(found.take(super::MOST_MARKS).count()).unwrap_or(u32::MAX)
}
