//! ProQuest. Rules: proquest.libguides.com (search tips, syntax), the platform's help on operators.
//!
//! PRE before NEAR before AND before OR before NOT, in any case of letters; NEAR alone is NEAR/4. A
//! field stands before its parenthesis: `ti(…)`, `ti,ab(…)`, `MAINSUBJECT.EXACT("…")`. Words next to
//! each other are joined by AND. `?` is one letter, `*` any number (ProQuest finds five at most),
//! `*2` and `[*2]` two at most. There are no stop words.

mod tags;

use self::tags::{TAGS, Tag};
use super::marks;
use super::sets::{self, Known};
use super::words::{Scan, clause_length, is_number, nearest};
use crate::model::PartialDate;
use crate::query::clause::{Dates, Heading};
use crate::query::diagnostic::Diagnostic;
use crate::query::expression::{Grammar, Operator, build};
use crate::query::field::{FieldSet, Scope};
use crate::query::lexer::is_quote;
use crate::query::tree::{Kind, Node};
use crate::query::{Parsed, Platform, Span};

/// What NEAR without a number means.
const USUAL_DISTANCE: u16 = 4;
/// The most letters that are written as so many signs for a letter or none.
const MOST_SIGNS: usize = 3;

const GRAMMAR: Grammar = Grammar {
    binding: |operator| match operator {
        Operator::Near { ordered: true, .. } => 5,
        Operator::Near { ordered: false, .. } => 4,
        Operator::And | Operator::Same => 3,
        Operator::Or => 2,
        Operator::Not => 1,
    },
    order: "ProQuest reads AND before OR before NOT",
    implied: Operator::And,
    tells_implied: true,
    lifts_fields: true,
};

/// Reads a query or a numbered history.
pub(super) fn read(text: &str) -> Parsed {
    sets::parsed(text, 'S', |part, known, told| {
        let scan = Scan::new(text, part.clone(), told);
        let mut reader = Reader { scan, known, bare: None };
        reader.run();
        let Reader { scan, bare, .. } = reader;
        let pieces = scan.pieces;
        if let Some(span) = bare {
            let message = "no field is named: read as everything but the full text; ProQuest looks there too if it is set so. Write noft(…)";
            told.push(Diagnostic::warning("field-missing", &span, message));
        }
        build(pieces, &GRAMMAR, part.start + text[part].trim_end().len(), told)
    })
}

/// How much a text looks like ProQuest.
pub(super) fn likelihood(text: &str) -> u32 {
    let lower = text.to_lowercase();
    let count = |signs: &[&str]| signs.iter().map(|sign| lower.matches(sign).count()).sum();
    let sure = [
        "noft(",
        "ti,ab(",
        "ab,ti(",
        "ti,ab,",
        "mainsubject",
        "su.exact",
        "mesh.exact",
        "mjmesh",
        "emb.exact",
        ".exact.explode",
    ];
    marks(count(&sure), count(&["ti(", "ab(", "su(", " pre/", " near/", " n/", " p/"]))
}

struct Reader<'a> {
    scan: Scan<'a, Tag>,
    known: &'a Known,
    /// The first operand that no field was named for.
    bare: Option<Span>,
}

impl Reader<'_> {
    fn run(&mut self) {
        while let Some(c) = self.scan.next_char() {
            match c {
                '(' => self.scan.open(),
                ')' => self.scan.close(),
                '{' | '}' => self.scan.at += 1,
                _ if is_quote(c) => self.phrase(),
                _ => {
                    if !self.reference() && !self.field() && !self.operator() {
                        self.word();
                    }
                }
            }
        }
    }

    /// Takes a reference to a line: `S1`, `[S1]`.
    fn reference(&mut self) -> bool {
        let span = self.scan.word(|_| false);
        let word = &self.scan.text[span.clone()];
        let bare = word.strip_prefix('[').and_then(|word| word.strip_suffix(']')).unwrap_or(word);
        let digits = bare.strip_prefix(['S', 's']).filter(|digits| is_number(digits));
        let Some(digits) = digits.filter(|_| self.scan.field().is_none()) else { return false };
        self.scan.reference(self.known, digits, span, Platform::ProQuest);
        true
    }

    /// Takes field codes before a parenthesis, if they stand here.
    fn field(&mut self) -> bool {
        let start = self.scan.at;
        let rest = self.scan.rest();
        let named = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | ',' | '-');
        let length = rest.find(|c: char| !named(c)).unwrap_or(rest.len());
        let names = rest[..length].to_ascii_uppercase();
        if length == 0 || !rest[length..].starts_with('(') || is_operator(&names) {
            return false;
        }
        let span = start..start + length;
        let mut scope: Option<FieldSet> = None;
        let mut single: Option<Tag> = None;
        let mut unknown = false;
        let mut offset = start;
        for name in names.split(',') {
            let place = offset..offset + name.len();
            offset = place.end + 1;
            let bare = name.strip_suffix(".EXACT").unwrap_or(name);
            let find = |name: &str| TAGS.iter().find(|(known, _)| *known == name);
            let Some((_, tag)) = find(name).or_else(|| find(bare)) else {
                unknown |= !self.tell_unknown(name, &place);
                continue;
            };
            match tag {
                Tag::Words(Scope::Named(set)) => scope = Some(scope.unwrap_or(FieldSet::NONE).with(*set)),
                // `su,noft(…)` is all that the wider one has.
                tag => single = Some(*tag),
            }
        }
        let tag = match (scope, single) {
            (_, Some(tag)) => tag,
            (None, None) if unknown => Tag::Native,
            // Title, abstract and keywords are what a word without a field is looked for in.
            (Some(set), None) if set == FieldSet::TOPIC => Tag::Words(Scope::Default),
            (Some(set), None) => Tag::Words(Scope::Named(set)),
            (None, None) => Tag::Words(Scope::Default),
        };
        self.scan.at = span.end;
        self.begin(tag, span);
        true
    }

    /// Tells of a field that is not known here; whether it is a slip. Else ProQuest may well have it in
    /// one of its databases.
    fn tell_unknown(&mut self, name: &str, place: &Span) -> bool {
        let near = nearest(name, TAGS.iter().map(|(known, _)| *known));
        self.scan.told.push(match near {
            Some(near) => {
                let message = format!("ProQuest has no field {name}(…); did you mean {near}(…)?");
                Diagnostic::error("unknown-field", place, message)
            }
            None => {
                let message = format!("the field {name}(…) is not known here and kept as it is, for ProQuest alone");
                Diagnostic::warning("unknown-field", place, message)
            }
        });
        near.is_some()
    }

    fn begin(&mut self, tag: Tag, span: Span) {
        if tag == Tag::Native {
            let whole = span.start..self.scan.at + clause_length(self.scan.rest());
            self.scan.at = whole.end;
            return self.scan.unread(Platform::ProQuest, whole);
        }
        if let Tag::Words(scope) = tag {
            let outer = self.scan.outer_field().and_then(|tag| tag.scope());
            return self.scan.begin_scope(tag, scope, outer, span);
        }
        self.scan.begin_field(tag);
    }

    /// Takes an operator, if one stands here.
    fn operator(&mut self) -> bool {
        let span = self.scan.word(|_| false);
        let word = self.scan.text[span.clone()].to_ascii_uppercase();
        let operator = match word.as_str() {
            "AND" => {
                self.scan.and_or_not(span);
                return true;
            }
            "OR" => Operator::Or,
            "NOT" => Operator::Not,
            _ => match proximity(&word) {
                Some((ordered, "")) => Operator::Near { distance: USUAL_DISTANCE, ordered },
                Some((ordered, digits)) => Operator::Near { distance: self.scan.distance(digits, &span), ordered },
                None => return false,
            },
        };
        self.scan.tell_case(&span);
        self.scan.operator(operator, span);
        true
    }

    fn phrase(&mut self) {
        let Some((inside, whole)) = self.scan.quoted() else { return };
        self.scan.tell_curly(&inside, &whole, "ProQuest");
        // Braces inside quotation marks keep the platform's own variants on.
        let text = self.scan.text[inside].replace(['{', '}'], " ");
        self.operand(&text, whole);
    }

    /// The words of a heading up to an operator or the end of its group.
    fn heading_words(&self) -> Span {
        let start = self.scan.at;
        let rest = self.scan.rest();
        let end = rest.find(|c: char| matches!(c, '(' | ')') || is_quote(c)).unwrap_or(rest.len());
        let mut at = 0;
        for word in rest[..end].split_inclusive(char::is_whitespace) {
            if is_operator(&word.trim().to_ascii_uppercase()) {
                break;
            }
            at += word.len();
        }
        start..start + rest[..at].trim_end().len()
    }

    fn word(&mut self) {
        let span = match self.scan.field() {
            Some(Tag::Heading { .. }) => self.heading_words(),
            _ => self.scan.word(|c| matches!(c, '{' | '}')),
        };
        self.scan.tell_foreign(&span, "write NEAR/n or PRE/n");
        self.scan.at = span.end;
        let text = self.scan.text[span.clone()].to_owned();
        self.operand(&text, span);
    }

    fn operand(&mut self, text: &str, span: Span) {
        let tag = self.scan.field().copied();
        if tag.is_none() {
            self.bare.get_or_insert(span.clone());
        }
        let node = match tag.unwrap_or(Tag::Words(Scope::Default)) {
            Tag::Heading { vocabulary, explode, major } => {
                let heading = Heading::new(vocabulary, &text.replace(" -- ", "/"));
                heading.map(|heading| Node::new(Kind::Heading(Heading { explode, major, ..heading }), span.clone()))
            }
            Tag::Dates => self.dates(text, &span),
            Tag::Words(_) | Tag::Native => {
                let text = self.in_our_signs(text, &span);
                self.scan.checked_term(&text, span.clone())
            }
        };
        match node {
            Some(node) => self.scan.operand(node),
            None => self.scan.unread(Platform::ProQuest, span),
        }
    }

    /// `*2` and `[*2]` as so many letters or none; more than three as any number.
    fn in_our_signs(&mut self, text: &str, span: &Span) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(star) = rest.find('*') {
            let (before, after) = (&rest[..star], &rest[star + 1..]);
            let bracket = before.ends_with('[');
            out.push_str(&before.trim_end_matches('[').replace('$', " "));
            let length = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
            let most = after[..length].parse::<usize>().ok().filter(|_| length <= 2);
            match most {
                Some(most) if most <= MOST_SIGNS => out.push_str(&"$".repeat(most)),
                Some(most) => {
                    let message = format!("at most {most} letters are read as any number, which finds more");
                    self.scan.told.push(Diagnostic::hint("limited-truncation", span, message));
                    out.push('*');
                }
                None => out.push('*'),
            }
            rest = if most.is_some() { &after[length..] } else { after };
            if bracket {
                rest = rest.strip_prefix(']').unwrap_or(rest);
            }
        }
        out.push_str(&rest.replace('$', " "));
        out
    }

    /// `2020`, `2020-2023`, `20200301-20230731`, `>2019`, `<2024`.
    fn dates(&mut self, text: &str, span: &Span) -> Option<Node> {
        let text = text.trim();
        // Of a day, `>` is read as from that day on, which finds it too; of a year the next one is meant.
        let moved = |text: &str, by: i16| {
            let date = compact_date(text)?;
            PartialDate::new(i32::from(date.year + if date.month.is_none() { by } else { 0 }), None, None)
                .filter(|_| date.month.is_none())
                .or(Some(date))
        };
        let (from, to) = if let Some(rest) = text.strip_prefix(">=") {
            (compact_date(rest), None)
        } else if let Some(rest) = text.strip_prefix("<=") {
            (None, compact_date(rest))
        } else if let Some(rest) = text.strip_prefix('>') {
            (moved(rest, 1), None)
        } else if let Some(rest) = text.strip_prefix('<') {
            (None, moved(rest, -1))
        } else {
            let (from, to) = text.split_once('-').unwrap_or((text, text));
            (compact_date(from), compact_date(to))
        };
        let open = text.starts_with(['<', '>']);
        if from.is_none() && to.is_none() || !open && (from.is_none() || to.is_none()) {
            let message = "this is no date: write pd(20200301-20230731) or yr(2020-2023)";
            self.scan.told.push(Diagnostic::error("malformed-year", span, message));
            return None;
        }
        Some(Node::new(Kind::Dates(Dates { from, to }), span.clone()))
    }
}

/// `2020`, `202003` or `20200331`.
pub(super) fn compact_date(text: &str) -> Option<PartialDate> {
    let text = text.trim();
    if !matches!(text.len(), 4 | 6 | 8) || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize| text.get(from..from + 2).and_then(|part| part.parse::<u32>().ok());
    PartialDate::new(text[..4].parse().ok()?, part(4), part(6))
}

/// Whether the order is fixed, and the digits of the distance; none where the name stands alone.
fn proximity(word: &str) -> Option<(bool, &str)> {
    let (name, digits) = match word.split_once('/') {
        Some((name, digits)) => (name, Some(digits)),
        None => (word, None),
    };
    let ordered = match name {
        "NEAR" | "N" => false,
        "PRE" | "P" => true,
        _ => return None,
    };
    match digits {
        // One letter alone is a word.
        None => (name.len() > 1).then_some((ordered, "")),
        Some(digits) => is_number(digits).then_some((ordered, digits)),
    }
}

fn is_operator(word: &str) -> bool {
    matches!(word, "AND" | "OR" | "NOT") || proximity(word).is_some()
}
