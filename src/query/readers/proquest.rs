//! ProQuest. Rules: proquest.libguides.com (search tips, syntax), the platform's help on operators.
//!
//! PRE before NEAR before AND before OR before NOT, in any case of letters; NEAR alone is NEAR/4. A
//! field stands before its parenthesis: `ti(…)`, `ti,ab(…)`, `MAINSUBJECT.EXACT("…")`. Words next to
//! each other are joined by AND. `?` is one letter, `*` any number (ProQuest finds five at most),
//! `*2` and `[*2]` two at most. There are no stop words.

use super::marks;
use super::sets::{self, Known, referred};
use super::words::{Scan, nearest, needs_prefix};
use super::wos::clause_length;
use crate::model::PartialDate;
use crate::query::clause::{Dates, Heading, Vocabulary};
use crate::query::diagnostic::Diagnostic;
use crate::query::expression::{Grammar, Operator, PieceKind, build};
use crate::query::field::{Field, FieldSet, Scope};
use crate::query::lexer::{MOST_DISTANCE, is_quote};
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

/// What a field code stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Tag {
    Words(Scope),
    Heading { vocabulary: Vocabulary, explode: bool, major: bool },
    Dates,
    Native,
}

const fn field(field: Field) -> Tag {
    Tag::Words(Scope::of(&[field]))
}

const fn heading(vocabulary: Vocabulary, explode: bool, major: bool) -> Tag {
    Tag::Heading { vocabulary, explode, major }
}

/// All but the full text.
const NO_FULL_TEXT: Scope = Scope::Default;

const TAGS: &[(&str, Tag)] = &[
    ("TI", field(Field::Title)),
    ("TITLE", field(Field::Title)),
    ("AB", field(Field::Abstract)),
    ("ABSTRACT", field(Field::Abstract)),
    ("SU", field(Field::Keywords)),
    ("SUBJECT", field(Field::Keywords)),
    ("MAINSUBJECT", field(Field::Keywords)),
    ("IF", field(Field::Keywords)),
    ("DIDENTIFIER", field(Field::Keywords)),
    ("DE", field(Field::Keywords)),
    ("KW", field(Field::Keywords)),
    ("NOFT", Tag::Words(NO_FULL_TEXT)),
    ("FT", field(Field::FullText)),
    ("FULLTEXT", field(Field::FullText)),
    ("ALL", Tag::Words(Scope::All)),
    ("AU", field(Field::Author)),
    ("AUTHOR", field(Field::Author)),
    ("CA", field(Field::Author)),
    ("ED", field(Field::Author)),
    ("AF", field(Field::Affiliation)),
    ("PUB", field(Field::Journal)),
    ("JN", field(Field::Journal)),
    ("PUBID", Tag::Native),
    ("LA", field(Field::Language)),
    ("DTYPE", field(Field::PublicationType)),
    ("AT", field(Field::PublicationType)),
    ("RTYPE", field(Field::PublicationType)),
    ("STYPE", Tag::Native),
    ("DOI", field(Field::Identifier)),
    ("ISSN", field(Field::Identifier)),
    ("ISBN", field(Field::Identifier)),
    ("PMID", field(Field::Identifier)),
    ("AN", field(Field::Identifier)),
    ("RN", field(Field::Substance)),
    ("SUBST", field(Field::Substance)),
    ("MESH", heading(Vocabulary::Mesh, false, false)),
    ("MESH.EXACT", heading(Vocabulary::Mesh, false, false)),
    ("MESH.EXPLODE", heading(Vocabulary::Mesh, true, false)),
    ("MESH.EXACT.EXPLODE", heading(Vocabulary::Mesh, true, false)),
    ("MJMESH", heading(Vocabulary::Mesh, false, true)),
    ("MJMESH.EXACT", heading(Vocabulary::Mesh, false, true)),
    ("MJMESH.EXACT.EXPLODE", heading(Vocabulary::Mesh, true, true)),
    ("EMB", heading(Vocabulary::Emtree, false, false)),
    ("EMB.EXACT", heading(Vocabulary::Emtree, false, false)),
    ("EMB.EXACT.EXPLODE", heading(Vocabulary::Emtree, true, false)),
    ("MJEMB.EXACT", heading(Vocabulary::Emtree, false, true)),
    ("MJEMB.EXACT.EXPLODE", heading(Vocabulary::Emtree, true, true)),
    ("SU.EXACT", heading(Vocabulary::Thesaurus, false, false)),
    ("SU.EXACT.EXPLODE", heading(Vocabulary::Thesaurus, true, false)),
    ("SUBJECT.EXACT", heading(Vocabulary::Thesaurus, false, false)),
    ("MAINSUBJECT.EXACT", heading(Vocabulary::Thesaurus, false, false)),
    ("MAINSUBJECT.EXACT.EXPLODE", heading(Vocabulary::Thesaurus, true, false)),
    ("MJSUB", heading(Vocabulary::Thesaurus, false, true)),
    ("MJSUB.EXACT", heading(Vocabulary::Thesaurus, false, true)),
    ("MJSUB.EXACT.EXPLODE", heading(Vocabulary::Thesaurus, true, true)),
    ("EXACT", heading(Vocabulary::Thesaurus, false, false)),
    ("PD", Tag::Dates),
    ("YR", Tag::Dates),
    ("PY", Tag::Dates),
    ("ALLCAPS", Tag::Native),
    ("BK", Tag::Native),
    ("CC", Tag::Native),
    ("CF", Tag::Native),
    ("CL", Tag::Native),
    ("CP", Tag::Native),
    ("CY", Tag::Native),
    ("DEG", Tag::Native),
    ("DG", Tag::Native),
    ("FAV", Tag::Native),
    ("GI", Tag::Native),
    ("ISS", Tag::Native),
    ("LOC", Tag::Native),
    ("LUPD", Tag::Native),
    ("ME", Tag::Native),
    ("PAGE", Tag::Native),
    ("PB", Tag::Native),
    ("PEER", Tag::Native),
    ("PER", Tag::Native),
    ("PO", Tag::Native),
    ("PSTYPE", Tag::Native),
    ("SCH", Tag::Native),
    ("SEC", Tag::Native),
    ("UD", Tag::Native),
    ("VO", Tag::Native),
    ("VOL", Tag::Native),
];

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
        let digits = bare.strip_prefix(['S', 's']).filter(|digits| {
            !digits.is_empty() && digits.len() <= 3 && digits.bytes().all(|byte| byte.is_ascii_digit())
        });
        let Some(digits) = digits.filter(|_| self.scan.field().is_none()) else { return false };
        self.scan.at = span.end;
        match referred(self.known, digits.parse().ok(), &span, self.scan.told) {
            Some(node) => self.scan.operand(node),
            None => self.scan.unread(Platform::ProQuest, span),
        }
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
        let mut offset = start;
        for name in names.split(',') {
            let place = offset..offset + name.len();
            offset = place.end + 1;
            let Some((_, tag)) = TAGS.iter().find(|(known, _)| *known == name) else {
                let instead = nearest(name, TAGS.iter().map(|(known, _)| *known));
                let instead = instead.map(|name| format!("; did you mean {name}(…)?")).unwrap_or_default();
                let message = format!("ProQuest has no field {name}(…) that is known here{instead}");
                self.scan.told.push(Diagnostic::error("unknown-field", &place, message));
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
            // Title, abstract and keywords are what a word without a field is looked for in.
            (Some(set), None) if set == FieldSet::TOPIC => Tag::Words(Scope::Default),
            (Some(set), None) => Tag::Words(Scope::Named(set)),
            (None, None) => Tag::Words(Scope::Default),
        };
        self.scan.at = span.end;
        self.begin(tag, span);
        true
    }

    fn begin(&mut self, tag: Tag, span: Span) {
        if tag == Tag::Native {
            let whole = span.start..self.scan.at + clause_length(self.scan.rest());
            self.scan.at = whole.end;
            return self.scan.unread(Platform::ProQuest, whole);
        }
        if let Tag::Words(scope) = tag {
            let outer = self.scan.outer_field().and_then(|tag| tag.scope());
            if needs_prefix(scope, outer) {
                self.scan.push(PieceKind::Prefix(scope), span);
            }
        }
        self.scan.begin_field(tag);
    }

    /// Takes an operator, if one stands here.
    fn operator(&mut self) -> bool {
        let span = self.scan.word(|_| false);
        let word = self.scan.text[span.clone()].to_ascii_uppercase();
        let operator = match word.as_str() {
            "AND" => return self.and_not(span),
            "OR" => Operator::Or,
            "NOT" => Operator::Not,
            _ => match proximity(&word) {
                Some((ordered, distance)) => {
                    if distance > MOST_DISTANCE {
                        let message = format!("a distance may be at most {MOST_DISTANCE}");
                        self.scan.told.push(Diagnostic::error("distance-too-large", &span, message));
                    }
                    Operator::Near { distance: distance.min(MOST_DISTANCE), ordered }
                }
                None => return false,
            },
        };
        self.scan.tell_case(&span);
        self.scan.operator(operator, span);
        true
    }

    /// AND, or AND NOT in one.
    fn and_not(&mut self, and: Span) -> bool {
        let rest = &self.scan.text[and.end..];
        let next = rest.trim_start();
        let not = next.get(..3).is_some_and(|word| word.eq_ignore_ascii_case("not"))
            && next[3..].starts_with(|c: char| c.is_whitespace() || c == '(' || is_quote(c));
        let end = if not { and.end + rest.len() - next.len() + 3 } else { and.end };
        let span = and.start..end;
        self.scan.tell_case(&span);
        self.scan.operator(if not { Operator::Not } else { Operator::And }, span);
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
        let year = |text: &str| text.trim().parse::<i32>().ok().filter(|_| text.trim().len() == 4);
        let of_year = |year: Option<i32>| year.and_then(PartialDate::of_year);
        let (from, to) = if let Some(rest) = text.strip_prefix(">=") {
            (of_year(year(rest)), None)
        } else if let Some(rest) = text.strip_prefix("<=") {
            (None, of_year(year(rest)))
        } else if let Some(rest) = text.strip_prefix('>') {
            (of_year(year(rest).map(|year| year + 1)), None)
        } else if let Some(rest) = text.strip_prefix('<') {
            (None, of_year(year(rest).map(|year| year - 1)))
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

impl Tag {
    fn scope(self) -> Option<Scope> {
        match self {
            Self::Words(scope) => Some(scope),
            _ => None,
        }
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

/// Whether the order is fixed, and the distance.
fn proximity(word: &str) -> Option<(bool, u16)> {
    let (name, digits) = word.split_once('/').unwrap_or((word, ""));
    let ordered = match name {
        "NEAR" | "N" => false,
        "PRE" | "P" => true,
        _ => return None,
    };
    if digits.is_empty() && !word.contains('/') {
        // One letter alone is a word.
        return (name.len() > 1).then_some((ordered, USUAL_DISTANCE));
    }
    let sound = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    sound.then(|| (ordered, digits.parse().unwrap_or(u16::MAX)))
}

fn is_operator(word: &str) -> bool {
    matches!(word, "AND" | "OR" | "NOT") || proximity(word).is_some()
}
