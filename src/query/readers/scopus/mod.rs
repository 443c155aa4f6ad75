//! Scopus, advanced search. Rules: dev.elsevier.com/sc_search_tips, help.scopus.com (Boolean and
//! proximity operators), and libraries' notes of Elsevier's answers on the order.
//!
//! OR before W/n and PRE/n before AND before AND NOT, in any case of letters. Words next to each
//! other are joined by AND. Double quotation marks make a loose phrase, braces an exact one. Hyphens
//! and apostrophes only part words. Stop words outside of phrases are ignored.

mod chains;
mod tags;

use self::chains::{join_exclusions, tell_chains};
use self::tags::{STOP_WORDS, TAGS, Tag};
use super::marks;
use super::sets::{self, Known};
use super::words::{Scan, clause_length, is_number, nearest, with_phrases};
use crate::model::PartialDate;
use crate::query::clause::{Dates, Native};
use crate::query::diagnostic::Diagnostic;
use crate::query::expression::{Grammar, Operator, build};
use crate::query::field::{Field, Scope};
use crate::query::lexer::is_quote;
use crate::query::publication;
use crate::query::term::{Term, is_wildcard};
use crate::query::tree::{Kind, Node};
use crate::query::{Parsed, Platform, Span};

const GRAMMAR: Grammar = Grammar {
    binding: |operator| match operator {
        Operator::Or => 4,
        Operator::Near { .. } => 3,
        Operator::And | Operator::Same => 2,
        Operator::Not => 1,
    },
    order: "Scopus reads OR first",
    implied: Operator::And,
    tells_implied: true,
    lifts_fields: true,
};

/// Reads a query.
pub(super) fn read(text: &str) -> Parsed {
    sets::parsed(text, '#', |part, known, told| {
        let mut reader = Reader { scan: Scan::new(text, part.clone(), told), known, excluded: Vec::new(), bare: None };
        reader.run();
        let Reader { scan, excluded, bare, .. } = reader;
        let mut pieces = scan.pieces;
        if let Some(span) = bare {
            let message = "no field is named: read as TITLE-ABS-KEY(…), as the search box does; advanced search and the API look in all fields";
            told.push(Diagnostic::warning("field-missing", &span, message));
        }
        join_exclusions(&mut pieces, &excluded);
        tell_chains(&pieces, told);
        build(pieces, &GRAMMAR, part.start + text[part].trim_end().len(), told).map(with_phrases)
    })
}

/// How much a text looks like Scopus.
pub(super) fn likelihood(text: &str) -> u32 {
    let squeezed = text.replace(" (", "(").to_uppercase();
    let count = |signs: &[&str]| signs.iter().map(|sign| squeezed.matches(sign).count()).sum();
    let sure = [
        "TITLE-ABS-KEY(",
        "TITLE-ABS(",
        "AUTHKEY(",
        "LIMIT-TO(",
        "PUBYEAR ",
        "AFFILCOUNTRY(",
        "SRCTITLE(",
        "INDEXTERMS(",
        "DOCTYPE(",
    ];
    marks(count(&sure), count(&[" AND NOT ", " W/", " PRE/", "ABS(", "KEY("]))
}

struct Reader<'a> {
    scan: Scan<'a, Tag>,
    known: &'a Known,
    /// The places among the pieces of what EXCLUDE names.
    excluded: Vec<usize>,
    /// The first operand that no field was named for.
    bare: Option<Span>,
}

impl Reader<'_> {
    fn run(&mut self) {
        while let Some(c) = self.scan.next_char() {
            match c {
                '(' => self.scan.open(),
                ')' => self.scan.close(),
                '{' => self.exact(),
                '#' if self.reference() => {}
                _ if is_quote(c) => self.phrase(),
                _ => {
                    if !self.field() && !self.operator() {
                        self.word();
                    }
                }
            }
        }
    }

    fn reference(&mut self) -> bool {
        let Some((digits, span)) = self.scan.set_number() else { return false };
        self.scan.reference(self.known, digits, span, Platform::Scopus);
        true
    }

    /// Takes a field code, PUBYEAR or a filter, if one stands here.
    fn field(&mut self) -> bool {
        let start = self.scan.at;
        let rest = self.scan.rest();
        let length = rest.find(|c: char| !(c.is_ascii_alphabetic() || c == '-')).unwrap_or(rest.len());
        let (name, after) = rest.split_at(length);
        let upper = name.to_ascii_uppercase();
        if upper == "PUBYEAR" {
            return self.years(start + length);
        }
        let gap = after.len() - after.trim_start().len();
        // A word before a parenthesis is a field in capitals, or where it touches it.
        if !after[gap..].starts_with('(') || gap > 0 && name != upper || length == 0 {
            return false;
        }
        let span = start..start + length;
        let open = span.end + gap;
        match (upper.as_str(), TAGS.iter().find(|(tag, _)| *tag == upper)) {
            ("LIMIT-TO" | "EXCLUDE", _) => self.filter(upper == "EXCLUDE", open),
            (_, Some((_, Tag::Native))) => {
                let end = open + clause_length(&self.scan.text[open..]);
                self.native(start..end);
            }
            (_, Some(&(_, tag))) => {
                self.scan.at = open;
                let outer = self.scan.outer_field().map(|tag| tag.scope());
                self.scan.begin_scope(tag, tag.scope(), outer, span);
            }
            (_, None) if gap == 0 && !is_operator(&upper) => {
                let Some(near) = nearest(name, TAGS.iter().map(|(tag, _)| *tag)) else {
                    let message = format!("the field {name}(…) is not known here and kept as it is, for Scopus alone");
                    self.scan.told.push(Diagnostic::warning("unknown-field", &span, message));
                    let end = open + clause_length(&self.scan.text[open..]);
                    self.native(start..end);
                    return true;
                };
                let message = format!("Scopus has no field {name}(…); did you mean {near}(…)?");
                self.scan.told.push(Diagnostic::error("unknown-field", &span, message));
                self.scan.at = open;
                self.scan.begin_field(Tag::Words(Scope::Default));
            }
            _ => return false,
        }
        true
    }

    fn native(&mut self, span: Span) {
        self.scan.at = span.end;
        let text = self.scan.text[span.clone()].to_owned();
        self.scan.operand(Node::new(Kind::Native(Native { platform: Platform::Scopus, text }), span));
    }

    /// Takes `PUBYEAR > 2019` and the like; the name ends at `after`.
    fn years(&mut self, after: usize) -> bool {
        let start = self.scan.at;
        let rest = &self.scan.text[after..];
        let sign = rest.trim_start();
        let signs = ["=", ">", "<", "IS", "AFT", "BEF"];
        let found =
            signs.into_iter().find(|name| sign.get(..name.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(name)));
        let value = found.map_or(sign, |found| &sign[found.len()..]);
        let blank = value.len() - value.trim_start().len();
        let value_at = after + rest.len() - value.len() + blank;
        let length =
            value[blank..].find(|c: char| c.is_whitespace() || matches!(c, '(' | ')')).unwrap_or(value.len() - blank);
        let span = start..value_at + length;
        self.scan.at = span.end.max(after);
        let year = value[blank..blank + length].parse::<i32>().ok().filter(|_| length == 4);
        let date = |year: Option<i32>| year.and_then(PartialDate::of_year);
        let (from, to) = match found {
            Some("=" | "IS") => (date(year), date(year)),
            Some(">" | "AFT") => (date(year.map(|year| year + 1)), None),
            Some("<" | "BEF") => (None, date(year.map(|year| year - 1))),
            _ => (None, None),
        };
        if from.is_none() && to.is_none() {
            let message = "write PUBYEAR > 2019, PUBYEAR < 2024 or PUBYEAR = 2020";
            self.scan.told.push(Diagnostic::error("malformed-year", &span, message));
            self.scan.unread(Platform::Scopus, span);
            return true;
        }
        self.scan.operand(Node::new(Kind::Dates(Dates { from, to }), span));
        true
    }

    /// Takes `LIMIT-TO(DOCTYPE,"ar")` or EXCLUDE, whose parenthesis stands at `open`.
    fn filter(&mut self, excludes: bool, open: usize) {
        let start = self.scan.at;
        let end = open + clause_length(&self.scan.text[open..]);
        let span = start..end;
        let inside = self.scan.text[open..end].trim_start_matches('(').trim_end_matches(')');
        let (name, value) = inside.split_once(',').unwrap_or((inside, ""));
        let (name, value) = (name.trim().to_ascii_uppercase(), value.trim().trim_matches(is_quote).trim().to_owned());
        let clause = match name.as_str() {
            "PUBYEAR" => value
                .parse()
                .ok()
                .and_then(PartialDate::of_year)
                .map(|year| Kind::Dates(Dates { from: Some(year), to: Some(year) })),
            "DOCTYPE" => in_field(Field::PublicationType, type_name(&value), &span),
            "LANGUAGE" => in_field(Field::Language, value, &span),
            "AFFILCOUNTRY" => in_field(Field::Affiliation, value, &span),
            "EXACTSRCTITLE" | "SRCTITLE" => in_field(Field::Journal, value, &span),
            "EXACTKEYWORD" => in_field(Field::Keywords, value, &span),
            "PREFNAMEAUID" | "AU-ID" | "AF-ID" | "SUBJAREA" | "PUBSTAGE" | "SRCTYPE" | "OA" | "FREETOREAD"
            | "FUND-SPONSOR" | "EXACTSRCTYPE" | "PUBYR" => None,
            _ => None,
        };
        self.scan.at = end;
        // What gleaner has no field for is kept whole, EXCLUDE and all.
        let Some(kind) = clause else {
            if excludes {
                self.excluded.push(self.scan.pieces.len());
            }
            return self.native(span);
        };
        let node = Node::new(kind, span.clone());
        if excludes {
            self.excluded.push(self.scan.pieces.len());
            self.scan.operand(Node::new(Kind::Not(Box::new(node)), span));
        } else {
            self.scan.operand(node);
        }
    }

    /// Takes an operator, if one stands here.
    fn operator(&mut self) -> bool {
        let span = self.scan.word(|c| c == '{');
        let word = self.scan.text[span.clone()].to_ascii_uppercase();
        let operator = match word.as_str() {
            "AND" => {
                self.scan.and_or_not(span);
                return true;
            }
            "OR" => Operator::Or,
            "NOT" => {
                let message = "Scopus writes AND NOT";
                let told = Diagnostic::warning("not-without-and", &span, message).fixed_by(&span, "AND NOT");
                self.scan.told.push(told);
                Operator::Not
            }
            _ => match proximity(&word) {
                Some((ordered, digits)) => Operator::Near { distance: self.scan.distance(digits, &span), ordered },
                None => return false,
            },
        };
        if !matches!(operator, Operator::Near { .. }) {
            self.scan.tell_case(&span);
        }
        self.scan.operator(operator, span);
        true
    }

    /// A loose phrase.
    fn phrase(&mut self) {
        let Some((inside, whole)) = self.scan.quoted() else { return };
        self.scan.tell_curly(&inside, &whole, "Scopus");
        let text = self.scan.text[inside].to_owned();
        if text.contains(is_wildcard) && text.trim().contains(' ') {
            let message =
                "Scopus's help both allows and ignores wildcards in a phrase: PRE/0 between the words is sure";
            self.scan.told.push(Diagnostic::hint("wildcard-in-phrase", &whole, message));
        }
        self.term(&text, whole);
    }

    /// An exact phrase in braces, in which wildcards are characters.
    fn exact(&mut self) {
        let start = self.scan.at;
        let rest = self.scan.rest();
        let Some(length) = rest.find('}') else {
            self.scan.told.push(Diagnostic::error(
                "unbalanced-brace",
                &(start..start + 1),
                "this brace is never closed",
            ));
            self.scan.at += 1;
            return;
        };
        let whole = start..start + length + 1;
        self.scan.at = whole.end;
        let text = rest[1..length].replace(is_wildcard, " ");
        let message = "braces ask for exactly this punctuation too: read as a phrase, which finds more";
        if text.contains(|c: char| !c.is_alphanumeric() && c != ' ') {
            self.scan.told.push(Diagnostic::hint("exact-phrase", &whole, message));
        }
        self.term(&text, whole);
    }

    fn word(&mut self) {
        let span = self.scan.word(|c| matches!(c, '{' | '}'));
        if span.is_empty() {
            let here = span.start..span.start + 1;
            self.scan.told.push(Diagnostic::error("unbalanced-brace", &here, "this brace closes nothing"));
            self.scan.at += 1;
            return;
        }
        self.scan.tell_foreign(&span, "write W/n or PRE/n");
        self.scan.at = span.end;
        let text = self.scan.text[span.clone()].to_owned();
        let beside_words =
            self.scan.pieces.last().is_some_and(|piece| piece.kind.ends_operand()) || self.word_follows();
        if self.scan.field() != Some(&Tag::Type)
            && beside_words
            && STOP_WORDS.split_whitespace().any(|word| text.eq_ignore_ascii_case(word))
        {
            let message = format!("Scopus does not look for `{text}` outside of a phrase: it is left out");
            self.scan.told.push(Diagnostic::hint("stop-word", &span, message));
            return;
        }
        self.term(&text, span);
    }

    /// Whether an operand follows with no operator between.
    fn word_follows(&mut self) -> bool {
        let at = self.scan.at;
        let next = self.scan.next_char();
        let word = self.scan.text[self.scan.word(|_| false)].to_ascii_uppercase();
        self.scan.at = at;
        next.is_some_and(|c| c != ')') && !is_operator(&word)
    }

    fn term(&mut self, text: &str, span: Span) {
        let tag = self.scan.field().copied();
        if tag.is_none() {
            self.bare.get_or_insert(span.clone());
        }
        let text = match tag {
            Some(Tag::Type) => type_name(text),
            // A dollar sign is a character like any other.
            _ => text.replace('$', " "),
        };
        let Some(node) = self.scan.term(&text, span) else { return };
        if let Kind::Term(term) = &node.kind {
            // A word may begin with a wildcard here.
            for told in term.check(&node.span).into_iter().filter(|told| told.code != "leading-wildcard") {
                self.scan.told.push(told);
            }
        }
        self.scan.operand(node);
    }
}

/// The name of a document type's code; what is no code stays.
fn type_name(code: &str) -> String {
    publication::of_scopus(code).map_or_else(|| code.to_owned(), |known| known.name.to_owned())
}

fn in_field(field: Field, text: String, span: &Span) -> Option<Kind> {
    let term = Term::read_plain(&text.replace(is_wildcard, " "))?;
    let node = Box::new(Node::new(Kind::Term(term), span.clone()));
    Some(Kind::Limit { scope: Scope::of(&[field]), node })
}

/// Whether the order is fixed, and the digits of the distance.
fn proximity(word: &str) -> Option<(bool, &str)> {
    let (ordered, digits) = match word.strip_prefix("PRE/") {
        Some(digits) => (true, digits),
        None => (false, word.strip_prefix("W/")?),
    };
    is_number(digits).then_some((ordered, digits))
}

fn is_operator(word: &str) -> bool {
    matches!(word, "AND" | "OR" | "NOT") || proximity(word).is_some()
}
