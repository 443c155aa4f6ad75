//! The Cochrane Library's search manager.
//!
//! Rules: its help (cochranelibrary.com/search-manager-help). A word without a field is looked for in
//! all text; words side by side are joined by AND; a phrase stands in quotation marks and takes no
//! wildcards, NEXT does; NEAR alone is NEAR/6, and NEAR/n allows n words between; `*` any number of
//! letters anywhere, `?` one. Read: NEAR and NEXT, then NOT and AND, then OR.

use std::sync::LazyLock;

use regex::Regex;

use super::colon::{Code, Lexer, Syntax};
use super::pieces::native;
use crate::query::clause::{Dates, Heading, Vocabulary};
use crate::query::diagnostic::Diagnostic;
use crate::query::expression::{Grammar, PieceKind};
use crate::query::field::{Field, FieldSet, Scope};
use crate::query::lexer::is_quote;
use crate::query::term::is_wildcard;
use crate::query::tree::{Kind, Node};
use crate::query::{Parsed, Platform, Span, subheadings};

/// What NEAR without a number allows between.
const USUAL_DISTANCE: u16 = 6;

struct Cochrane;

impl Syntax for Cochrane {
    const PLATFORM: Platform = Platform::Cochrane;
    const VOCABULARY: Vocabulary = Vocabulary::Mesh;
    const GRAMMAR: Grammar = Grammar { tells_implied: true, lifts_fields: true, ..Grammar::USUAL };
    const SINGLE_QUOTES: bool = false;
    const MOST_NUMBER: u16 = 255;

    fn code(code: &str) -> Option<Code> {
        let field = match code.to_ascii_lowercase().as_str() {
            "ti" => Field::Title,
            "ab" => Field::Abstract,
            "kw" | "ky" => Field::Keywords,
            "au" => Field::Author,
            "so" | "sn" => Field::Journal,
            "pt" => Field::PublicationType,
            "la" => Field::Language,
            "an" | "id" | "doi" => Field::Identifier,
            "mh" => return Some(Code::Heading),
            "yr" | "py" => return Some(Code::Year),
            "tb" | "og" | "rr" | "cc" | "crg" => return Some(Code::Other),
            "tx" => Field::FullText,
            _ => return None,
        };
        Some(Code::Fields(FieldSet::of(&[field])))
    }

    fn between(number: Option<u16>) -> u16 {
        number.unwrap_or(USUAL_DISTANCE)
    }

    fn special(lexer: &mut Lexer<'_, Self>) -> bool {
        match lexer.peek() {
            Some('{') => set(lexer),
            Some('[') => heading(lexer),
            Some('M' | 'm') => printed_heading(lexer).is_some(),
            _ => false,
        }
    }

    fn phrase(lexer: &mut Lexer<'_, Self>, inside: &Span, whole: &Span) {
        let text = &lexer.text[inside.clone()];
        if text.contains(is_wildcard) && text.trim().contains(char::is_whitespace) {
            let message = "a phrase takes no wildcards in the Cochrane Library: put NEXT between the words";
            let words = text.split_whitespace().collect::<Vec<_>>().join(" NEXT ");
            let told = Diagnostic::error("wildcard-in-phrase", whole, message).fixed_by(whole, format!("({words})"));
            lexer.told.push(told);
        }
    }
}

/// Reads a query or a strategy of numbered lines.
pub(super) fn read(text: &str) -> Parsed {
    super::colon::read::<Cochrane>(text, limits)
}

#[expect(clippy::unwrap_used, reason = "the patterns are constants, and a test uses them")]
fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap()
}

/// What the search manager prints behind a line of how it was run.
static PRINTED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?ix)[\s,;]*(?: \(\s*word\ variations\ (?:have\ been|were|will\ not\ be)\ searched\s*\)
            | \bin\ (?:all\ text|cochrane\ reviews(?:\ \([^)]*\))?|cochrane\ protocols|protocols|trials|other\ reviews|clinical\ answers|editorials|special\ collections
                |methods\ studies|technology\ assessments|economic\ evaluations|cochrane\ groups)
                (?:\s*(?:,|and)\s*(?:in\ )?(?:cochrane\ )?(?:reviews|protocols|trials|clinical\ answers|editorials|special\ collections)(?:\ \([^)]*\))?)* )\s*$",
    )
});
/// A limit to years of publication.
static YEARS: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)[\s,(]*\b(?:with\s+)?publication\s+year(?:\s+(?:from|between)\s+(\d{4})(?:\s*(?:to|and|-)\s*(\d{4}|present))?|\s+to\s+(\d{4})|\s+(\d{4}))[\s,)]*$",
    )
});
/// A limit to when the Library published it.
static ISSUED: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"(?i)[\s,(]*\b(?:with\s+)?(?:cochrane\s+library\s+)?publication\s+date\s+(?:from|between|in)\b.*$")
});
/// A heading as it is printed.
static DESCRIPTOR: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?ix)^mesh\s+descriptor:?\s*(?:\[(?<a>[^\]]*)\]|(?<b>[^\[\]()]*?))\s*
            (?<how>explode\ (?:all\ trees|\d+(?:\ \d+)*(?:,\ \d+)*)|this\ term\ only|explode\ tree\s*\d+(?:\s*,\s*\d+)*)
            (?:\s+(?:and\s+)?with\s+qualifiers?(?:\(s\))?:?\s*\[?(?<q>[^\])]*)\]?)?",
    )
});

/// Takes off a line's end how it was run, and gives the limits in it.
fn limits(text: &str, span: &mut Span) -> Vec<Node> {
    let whole = span.clone();
    let mut limits = Vec::new();
    loop {
        let part = &text[span.clone()];
        let found = if let Some(found) = PRINTED.find(part) {
            found.start()
        } else if let Some(found) = YEARS.captures(part) {
            limits.extend(years(&found, &whole));
            found.get(0).map_or(0, |all| all.start())
        } else if let Some(found) = ISSUED.find(part) {
            limits.push(native(Platform::Cochrane, found.as_str().trim_matches([' ', ',', '(']), &whole));
            found.start()
        } else {
            return limits;
        };
        span.end = span.start + found;
    }
}

fn years(found: &regex::Captures<'_>, whole: &Span) -> Option<Node> {
    let year = |at: usize| found.get(at).and_then(|year| Dates::read(year.as_str())).and_then(|dates| dates.from);
    let dates = match (year(1), year(2), year(3), year(4)) {
        (_, _, _, Some(only)) => Dates { from: Some(only), to: Some(only) },
        (_, _, Some(to), _) => Dates { from: None, to: Some(to) },
        (from, to, ..) => Dates { from, to },
    };
    (dates.from.is_some() || dates.to.is_some()).then(|| Node::new(Kind::Dates(dates), whole.clone()))
}

/// `MeSH descriptor: [Asthma] explode all trees and with qualifier(s): [therapy - TH]`.
fn printed_heading(lexer: &mut Lexer<'_, Cochrane>) -> Option<()> {
    // Its name and qualifiers are no longer than this.
    let near: usize = lexer.rest().chars().take(400).map(char::len_utf8).sum();
    let text = lexer.text;
    let found = DESCRIPTOR.captures(&text[lexer.at..lexer.at + near])?;
    let all = found.get(0)?;
    let span = lexer.at..lexer.at + all.end();
    let name = found.name("a").or_else(|| found.name("b"))?.as_str();
    let qualifiers = found.name("q").map(|found| found.as_str()).unwrap_or_default();
    let subheadings = qualifiers.split([',', ';']).filter_map(|name| {
        let name = name.split(" - ").next().unwrap_or_default().trim().to_ascii_lowercase().replace('&', "and");
        (!name.is_empty()).then_some(name)
    });
    let explode = found["how"].to_ascii_lowercase().starts_with("explode");
    let heading = Heading::new(Vocabulary::Mesh, name)?;
    let heading = Heading { explode, subheadings: subheadings.collect(), ..heading };
    lexer.at = span.end;
    lexer.operand(Kind::Heading(heading), span);
    Some(())
}

/// `[mh "Heart Failure"]`, `[mh ^Asthma/TH,DT]`, `[mh Asthma[mj]]`, `[mh /DT]`.
fn heading(lexer: &mut Lexer<'_, Cochrane>) -> bool {
    let start = lexer.at;
    let rest = lexer.rest();
    let inside = &rest[1..];
    let lower = inside.get(..2).map(str::to_ascii_lowercase);
    if lower.as_deref() != Some("mh") || inside[2..].starts_with(char::is_alphanumeric) {
        return false;
    }
    let mut depth = 0_usize;
    let end = rest.char_indices().find_map(|(at, c)| {
        match c {
            '[' => depth += 1,
            ']' => depth -= 1,
            _ => {}
        }
        (depth == 0).then_some(at + 1)
    });
    let length = end.unwrap_or(rest.len());
    let span = start..start + length;
    if end.is_none() {
        lexer.error("unbalanced-bracket", &(start..start + 1), "this bracket is never closed");
    }
    let body = lexer.text[span.clone()].trim_start_matches('[').trim_end_matches(']');
    let body = body.get(2..).unwrap_or_default().trim();
    lexer.at = span.end;
    let major = body.to_ascii_lowercase().contains("[mj");
    let body = body.split("[mj").next().unwrap_or_default().split("[MJ").next().unwrap_or_default().trim();
    let explode = !body.starts_with('^');
    let body = body.trim_start_matches('^').trim();
    let (name, qualifiers) = match body.rfind('/') {
        Some(slash) => (&body[..slash], &body[slash + 1..]),
        None => (body, ""),
    };
    let name = name.trim().trim_matches(is_quote);
    let names = qualifiers.split(',').map(str::trim).filter(|code| !code.is_empty());
    let names: Vec<String> = names
        .map(|code| {
            subheadings::name_of(code).map_or_else(|| code.trim_matches(is_quote).to_ascii_lowercase(), str::to_owned)
        })
        .collect();
    if name.is_empty() && !names.is_empty() {
        let terms = names.iter().filter_map(|name| {
            let term = crate::query::Term::read_plain(name)?;
            Some(Node::new(Kind::Term(term), span.clone()))
        });
        let mut terms: Vec<Node> = terms.collect();
        let node = if terms.len() == 1 { terms.remove(0) } else { Node::new(Kind::Or(terms), span.clone()) };
        lexer.operand(Kind::Limit { scope: Scope::of(&[Field::Subheading]), node: Box::new(node) }, span);
        return true;
    }
    match Heading::new(Vocabulary::Mesh, name) {
        Some(heading) => lexer.operand(Kind::Heading(Heading { explode, major, subheadings: names, ..heading }), span),
        None => lexer.error("empty-term", &span, "there is no heading in these brackets"),
    }
    true
}

/// `{or #1-#5, #7}`.
fn set(lexer: &mut Lexer<'_, Cochrane>) -> bool {
    let start = lexer.at;
    let Some(length) = lexer.find('}', 2_000) else { return false };
    let inside = lexer.rest()[1..length].trim_start().to_ascii_lowercase();
    let all = inside.starts_with("and");
    if !all && !inside.starts_with("or") {
        return false;
    }
    let span = start..start + length + 1;
    lexer.at =
        span.start + 1 + lexer.rest()[1..length].find(|c: char| c.is_ascii_digit() || c == '#').unwrap_or(length - 1);
    let mut labels = Vec::new();
    while lexer.at < span.end {
        let Some((from, first)) = lexer.number() else { break };
        if lexer.rest().trim_start().starts_with(['-', '\u{2013}']) {
            let dash = lexer.rest().find(['-', '\u{2013}']).unwrap_or(0);
            lexer.at += dash + lexer.rest()[dash..].chars().next().map_or(0, char::len_utf8);
            let Some((to, last)) = lexer.number() else { break };
            labels.extend(lexer.strategy.range(&from, &to, &(first.start..last.end), lexer.told));
        } else {
            labels.push((from, first));
        }
        let rest = lexer.rest();
        let blank = rest.len() - rest.trim_start_matches([' ', ',']).len();
        lexer.at += blank;
    }
    lexer.at = span.end;
    if let Some(node) = lexer.strategy.join(&labels, all, &span, lexer.told) {
        lexer.push(PieceKind::Operand(node), span);
        lexer.field();
    } else if labels.is_empty() {
        lexer.error("missing-operand", &span, "no line is named here: write {or #1-#3}");
    }
    true
}

/// How much of the text only the Cochrane Library's syntax has; see [`super::detect`].
pub(super) fn likelihood(text: &str) -> u32 {
    static OWN: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?i)\[mh[\s^/]|\bmesh\s+descriptor\b|\{(?:or|and)\s*#|\bnext\b(?:[^/]|$)|:(?:ti|ab|kw)(?:,\s*(?:ti|ab|kw))*\b",
        )
    });
    static SHARED: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)\bnear(?:/\d+)?\b|(?:^|[\s(])#\d+\b"));
    super::marks_in(text, &OWN, &SHARED)
}
