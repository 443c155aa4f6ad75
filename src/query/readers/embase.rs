//! Embase.com.
//!
//! Rules: Elsevier's support pages for Embase (operators, proximity, wildcards). AND, OR and NOT are
//! read from left to right, none before the others; words side by side are joined by AND; a phrase
//! stands in single or double quotation marks. NEAR/n and NEXT/n find words within n words of each
//! other, so with n−1 between; NEXT in this order. `*` any number of letters, `?` one, `$` one or none.
//! A word without a field is looked for everywhere.

use std::sync::LazyLock;

use regex::Regex;

use super::colon::{Code, Lexer, Syntax};
use super::pieces::{mapped, native};
use crate::query::clause::{Dates, Heading, Vocabulary};
use crate::query::expression::{Grammar, Operator, PieceKind};
use crate::query::field::{Field, FieldSet, Scope};
use crate::query::term::{Term, is_apostrophe};
use crate::query::tree::{Kind, Node};
use crate::query::{Parsed, Platform, Span};

struct Embase;

impl Syntax for Embase {
    const PLATFORM: Platform = Platform::Embase;
    const VOCABULARY: Vocabulary = Vocabulary::Emtree;
    const GRAMMAR: Grammar = Grammar {
        binding: |operator| if matches!(operator, Operator::Near { .. }) { 2 } else { 1 },
        order: "they are read from left to right",
        lifts_fields: true,
        ..Grammar::USUAL
    };
    const SINGLE_QUOTES: bool = true;
    const MOST_NUMBER: u16 = 256;

    fn code(code: &str) -> Option<Code> {
        let field = match code.to_ascii_lowercase().as_str() {
            "ti" | "tt" => Field::Title,
            "ab" => Field::Abstract,
            "kw" => Field::Keywords,
            "au" | "ca" | "oc" => Field::Author,
            "ad" | "ff" => Field::Affiliation,
            "jt" | "ta" => Field::Journal,
            "it" | "pt" => Field::PublicationType,
            "la" => Field::Language,
            "do" | "is" | "id" | "ui" | "an" | "ii" | "li" | "pii" | "ib" => Field::Identifier,
            "lnk" => Field::Subheading,
            "tn" | "rn" | "dn" | "cn" => Field::Substance,
            "de" => return Some(Code::Heading),
            "py" => return Some(Code::Year),
            "cl" | "cy" | "df" | "mn" | "ms" | "nc" | "pd" | "sd" | "dd" | "ed" | "lc" | "sp" | "vi" | "ip" | "bp"
            | "pg" | "oa" | "pb" | "so" | "cd" | "ls" | "dc" | "exp" | "mj" => return Some(Code::Other),
            _ => return None,
        };
        Some(Code::Fields(FieldSet::of(&[field])))
    }

    fn between(number: Option<u16>) -> u16 {
        number.unwrap_or(1).saturating_sub(1)
    }

    fn special(lexer: &mut Lexer<'_, Self>) -> bool {
        match lexer.peek() {
            Some('[') => limit(lexer),
            Some('/') => slash(lexer),
            _ => false,
        }
    }
}

/// Reads a query or a strategy of numbered lines.
pub(super) fn read(text: &str) -> Parsed {
    super::colon::read::<Embase>(text, |_, _| Vec::new())
}

/// `/exp`, `/de`, `/mj`, `/exp/mj`, `/exp/dm_dt,dm_th`, `/it`, behind what was read last.
fn slash(lexer: &mut Lexer<'_, Embase>) -> bool {
    let start = lexer.at;
    let mut at = start;
    let (mut heading, mut explode, mut major, mut broad) = (false, false, false, false);
    let mut subheadings = Vec::new();
    let mut field = None;
    while let Some(rest) = lexer.text[at..lexer.end].strip_prefix('/') {
        let length =
            rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b',')).count();
        let name = rest[..length].trim_end_matches(',').to_ascii_lowercase();
        match name.as_str() {
            "exp" => explode = true,
            "de" => {}
            "mj" => major = true,
            "br" => broad = true,
            _ if name.contains('_') => subheadings.extend(name.split(',').map(str::to_owned)),
            _ => {
                field = Embase::code(&name).map(|code| (code, at + 1 + name.len()));
                break;
            }
        }
        heading = true;
        at += 1 + name.len();
    }
    if !lexer.pieces.last().is_some_and(|piece| piece.kind.ends_operand()) {
        return false;
    }
    if let Some((code, end)) = field.filter(|_| !heading) {
        lexer.at = end;
        lexer.in_fields(vec![code], start..end);
        return true;
    }
    if !heading {
        return false;
    }
    lexer.at = at;
    let (node, place) = lexer.budget.take_last_operand(&mut lexer.pieces, &Embase::GRAMMAR, at, lexer.told);
    let span = place.start..at;
    let words = node.clone();
    let explode = explode || broad;
    let headings = mapped(node, &|node| {
        let name = lexer.text[node.span.clone()].trim_matches(|c| is_apostrophe(c) || crate::query::lexer::is_quote(c));
        let heading = Heading::new(Vocabulary::Emtree, name)?;
        Some(Kind::Heading(Heading { explode, major, subheadings: subheadings.clone(), ..heading }))
    });
    let node = match broad {
        // A broad search finds the words too.
        true => Node::new(Kind::Or(vec![headings, words]), span.clone()),
        false => Node::new(headings.kind, span.clone()),
    };
    lexer.push(PieceKind::Operand(node), span);
    true
}

/// `[english]/lim`, `[2010-2020]/py`.
fn limit(lexer: &mut Lexer<'_, Embase>) -> bool {
    let start = lexer.at;
    let rest = lexer.rest();
    let Some(close) = lexer.find(']', 200) else { return false };
    let Some(behind) = rest[close + 1..].strip_prefix('/') else { return false };
    let letters = behind.bytes().take_while(u8::is_ascii_alphabetic).count();
    let name = behind[..letters].to_ascii_lowercase();
    let span = start..start + close + 2 + letters;
    let inside = rest[1..close].trim().to_ascii_lowercase();
    lexer.at = span.end;
    let node = match name.as_str() {
        "lim" => named_limit(&inside, &span),
        "py" => Dates::read(&inside.replace(' ', "").replace('-', ".."))
            .map(|dates| Node::new(Kind::Dates(dates), span.clone())),
        _ => None,
    };
    let node = node.unwrap_or_else(|| native(Platform::Embase, &lexer.text[span.clone()], &span));
    lexer.push(PieceKind::Operand(node), span);
    true
}

const LANGUAGES: &[&str] = &[
    "arabic",
    "bulgarian",
    "chinese",
    "croatian",
    "czech",
    "danish",
    "dutch",
    "english",
    "finnish",
    "french",
    "german",
    "greek",
    "hebrew",
    "hungarian",
    "italian",
    "japanese",
    "korean",
    "norwegian",
    "persian",
    "polish",
    "portuguese",
    "romanian",
    "russian",
    "serbian",
    "slovak",
    "slovene",
    "spanish",
    "swedish",
    "thai",
    "turkish",
    "ukrainian",
];
const TYPES: &[&str] = &[
    "article",
    "article in press",
    "book",
    "chapter",
    "conference abstract",
    "conference paper",
    "conference review",
    "data papers",
    "editorial",
    "erratum",
    "letter",
    "note",
    "preprint",
    "review",
    "short survey",
    "tombstone",
];

/// A limit of the form `[…]/lim` that is a language, a type or a species.
fn named_limit(name: &str, span: &Span) -> Option<Node> {
    let words = |field| {
        let term = Node::new(Kind::Term(Term::read_plain(name)?), span.clone());
        Some(Node::new(Kind::Limit { scope: Scope::of(&[field]), node: Box::new(term) }, span.clone()))
    };
    if LANGUAGES.contains(&name) {
        return words(Field::Language);
    }
    if TYPES.contains(&name) {
        return words(Field::PublicationType);
    }
    let heading = match name {
        "humans" | "human" => "human",
        "animals" | "animal" => "animal",
        "male" => "male",
        "female" => "female",
        _ => return None,
    };
    let heading = Heading::new(Vocabulary::Emtree, heading)?;
    Some(Node::new(Kind::Heading(heading), span.clone()))
}

#[expect(clippy::unwrap_used, reason = "the patterns are constants, and a test uses them")]
fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap()
}

/// How much of the text only Embase.com's syntax has; see [`super::detect`].
pub(super) fn likelihood(text: &str) -> u32 {
    static OWN: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r#"(?i)['\w)]/(?:exp|de|mj|br|syn|dm_\w\w|dd_\w\w)\b|\]/(?:lim|py|sd)\b|'\s*:(?:ti|ab|kw|de)\b|\bnext/\d|:(?:ti|ab|kw|it|de)(?:,\s*(?:ti|ab|kw|de))*\b"#,
        )
    });
    static SHARED: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)\bnear/\d+\b|(?:^|[\s(])#\d+\b"));
    super::marks_in(text, &OWN, &SHARED)
}
