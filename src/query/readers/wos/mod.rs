//! Web of Science, advanced search. Rules: webofscience.help.clarivate.com (search operators, search
//! rules, field tags) and images.webofknowledge.com (operators).
//!
//! NEAR before SAME before NOT before AND before OR, in any case of letters; NEAR alone is NEAR/15.
//! Words next to each other are joined by AND, more tightly than by any operator, so that none may
//! stand beside a NEAR. Hyphens and apostrophes only part words. Without quotation marks a word is
//! lemmatised; that is the platform's own and no part of the tree.

mod tags;

use self::tags::{TAGS, Tag};
use super::marks;
use super::sets::{self, Known};
use super::words::{Item, Scan, all_of, clause_length, is_number, nearest};
use crate::model::PartialDate;
use crate::query::clause::{Dates, Native};
use crate::query::diagnostic::{Collector, Diagnostic};
use crate::query::expression::{Grammar, Operator, PieceKind, build};
use crate::query::field::{Field, Scope};
use crate::query::lexer::is_quote;
use crate::query::term::is_wildcard;
use crate::query::tree::{Kind, Node};
use crate::query::{Parsed, Platform, Span};

/// What NEAR without a number means.
const USUAL_DISTANCE: u16 = 15;
/// Letters that must stand before, or after, a `*` at a word's end, or beginning.
const SHORTEST_STEM: usize = 3;
/// The most terms of a search in all fields (49 operators between them).
const MOST_IN_ALL: usize = 50;

const GRAMMAR: Grammar = Grammar {
    binding: |operator| match operator {
        Operator::Near { .. } => 5,
        Operator::Same => 4,
        Operator::Not => 3,
        Operator::And => 2,
        Operator::Or => 1,
    },
    order: "Web of Science reads AND first",
    implied: Operator::And,
    tells_implied: true,
    lifts_fields: true,
};

/// Reads a query or a history of numbered sets.
pub(super) fn read(text: &str) -> Parsed {
    let mut parsed = sets::parsed(text, '#', |part, known, told| {
        let scan = Scan::new(text, part.clone(), told);
        let mut reader = Reader { scan, known, run: Vec::new(), bare: Vec::new() };
        reader.run();
        let Reader { scan, bare, .. } = reader;
        let pieces = scan.pieces;
        tell_bare(&bare, told);
        tell_most(&pieces, told);
        build(pieces, &GRAMMAR, part.start + text[part].trim_end().len(), told)
    });
    if parsed.lines.is_empty()
        && let Some(tree) = &parsed.tree
        && only_years(&tree.root)
    {
        let message = "years alone are no search: name something to look for too";
        parsed.diagnostics.push(Diagnostic::warning("years-alone", &tree.root.span, message));
    }
    parsed
}

/// How much a text looks like Web of Science.
pub(super) fn likelihood(text: &str) -> u32 {
    let mut found = 0;
    for (at, _) in text.match_indices('=') {
        let before = text[..at].trim_end_matches(' ');
        let name = before.rsplit(|c: char| !c.is_ascii_uppercase()).next().unwrap_or_default();
        let alone = !before[..before.len() - name.len()].ends_with(|c: char| c.is_alphanumeric() || c == '-');
        found += usize::from(alone && TAGS.iter().any(|(tag, _, _)| *tag == name));
    }
    marks(found, text.matches(" NEAR/").count())
}

struct Reader<'a> {
    scan: Scan<'a, Tag>,
    known: &'a Known,
    /// Words with nothing between them.
    run: Vec<Item>,
    /// Operands that no field was named for.
    bare: Vec<Span>,
}

impl Reader<'_> {
    fn run(&mut self) {
        while let Some(c) = self.scan.next_char() {
            match c {
                '(' | ')' => {
                    self.flush();
                    if c == '(' { self.scan.open() } else { self.scan.close() }
                }
                '#' if self.reference() => {}
                _ if is_quote(c) => {
                    if let Some((inside, whole)) = self.scan.quoted() {
                        self.run.push(Item { inside, whole, quoted: true });
                    }
                }
                _ => {
                    if !self.field() && !self.operator() {
                        self.word();
                    }
                }
            }
        }
        self.flush();
    }

    /// Takes a reference to a set.
    fn reference(&mut self) -> bool {
        let Some((digits, span)) = self.scan.set_number() else { return false };
        self.flush();
        self.scan.reference(self.known, digits, span, Platform::Wos);
        true
    }

    /// Takes a field tag, if one stands here.
    fn field(&mut self) -> bool {
        let start = self.scan.at;
        let rest = self.scan.rest();
        let length = rest.find(|c: char| !(c.is_ascii_alphabetic() || c == '-')).unwrap_or(rest.len());
        let (name, after) = rest.split_at(length);
        let equals = after.len() - after.trim_start_matches(' ').len();
        // `TOPIC: (…)`, as histories were printed; a word before a colon in a text is none.
        let printed = after.starts_with(':') && TAGS.iter().any(|(_, long, _)| name == long.to_ascii_uppercase());
        if name.is_empty() || !after[equals..].starts_with('=') && !printed {
            return false;
        }
        let end = start + length + equals + 1;
        let span = start..end;
        if self.setting(name, &span) {
            return true;
        }
        let found =
            TAGS.iter().find(|(tag, long, _)| tag.eq_ignore_ascii_case(name) || long.eq_ignore_ascii_case(name));
        let Some(&(_, _, tag)) = found else {
            // `p=0.05` in a text is no field.
            if name.len() < 2 || name.bytes().any(|byte| byte.is_ascii_lowercase()) {
                return false;
            }
            self.flush();
            let names = TAGS.iter().map(|(tag, _, _)| *tag);
            let instead = if name == "DI" { Some("DO") } else { nearest(name, names) };
            let instead = instead.map(|name| format!("; did you mean {name}=?")).unwrap_or_default();
            let message = format!("Web of Science has no field {name}={instead}");
            self.scan.told.push(Diagnostic::error("unknown-field", &span, message));
            self.scan.at = end;
            self.scan.begin_field(Tag::Words(Scope::Default));
            return true;
        };
        self.flush();
        self.scan.at = end;
        self.begin(tag, span);
        true
    }

    /// Passes over what a history says of the databases and years that were searched; the years count.
    fn setting(&mut self, name: &str, span: &Span) -> bool {
        let settings = ["Indexes", "Editions", "Databases", "DocType", "Timespan"];
        if !settings.contains(&name) {
            return false;
        }
        self.flush();
        let rest = &self.scan.text[span.end..];
        let line = rest.find(['\n', ';']).unwrap_or(rest.len());
        let length = rest[..line].find("Timespan=").unwrap_or(line);
        let value = rest[..length].trim();
        let end = (span.end + length + usize::from(rest[length..].starts_with(';'))).min(self.scan.text.len());
        let whole = span.start..span.end + length;
        let years = value.split_once('-').filter(|_| name == "Timespan");
        let date = |text: &str| text.trim().parse().ok().and_then(PartialDate::of_year);
        let dates = years.map(|(from, to)| Dates { from: date(from), to: date(to) });
        if let Some(dates) = dates.filter(|dates| dates.from.is_some() && dates.to.is_some()) {
            self.scan.operator(Operator::And, span.clone());
            self.scan.operand(Node::new(Kind::Dates(dates), whole));
        } else {
            let message = "what was searched is no part of the query and is left out";
            self.scan.told.push(Diagnostic::hint("setting-left-out", &whole, message));
        }
        self.scan.at = end;
        true
    }

    fn begin(&mut self, tag: Tag, span: Span) {
        match tag {
            Tag::Native => self.native(span),
            Tag::Years | Tag::Days => {
                if self.scan.next_char().is_none_or(|c| c == ')') {
                    self.scan.told.push(Diagnostic::error("missing-operand", &span, "a year is missing after this"));
                }
                self.scan.begin_field(tag);
            }
            _ => {
                let outer = self.scan.outer_field().and_then(|tag| tag.scope());
                let scope = tag.scope().unwrap_or_default();
                if self.scan.next_char().is_none_or(|c| c == ')') {
                    // What is missing is told where a field stands before nothing.
                    self.scan.push(PieceKind::Prefix(scope), span);
                } else {
                    self.scan.begin_scope(tag, scope, outer, span);
                }
            }
        }
    }

    /// Takes a clause that gleaner has no field for, as it is.
    fn native(&mut self, tag: Span) {
        self.scan.next_char();
        let rest = self.scan.rest();
        let length = clause_length(rest);
        let span = tag.start..self.scan.at + length;
        self.scan.at = span.end;
        if length == 0 {
            self.scan.told.push(Diagnostic::error(
                "missing-operand",
                &tag,
                "something to look for is missing after this",
            ));
            return;
        }
        let text = self.scan.text[span.clone()].to_owned();
        self.scan.operand(Node::new(Kind::Native(Native { platform: Platform::Wos, text }), span));
    }

    /// Takes an operator, if one stands here.
    fn operator(&mut self) -> bool {
        let span = self.scan.word(|_| false);
        let word = self.scan.text[span.clone()].to_ascii_uppercase();
        let operator = match word.as_str() {
            "AND" => Operator::And,
            "OR" => Operator::Or,
            "NOT" => Operator::Not,
            "SAME" => Operator::Same,
            "NEAR" => Operator::Near { distance: USUAL_DISTANCE, ordered: false },
            _ => match word.strip_prefix("NEAR/") {
                Some(digits) if is_number(digits) => {
                    Operator::Near { distance: self.scan.distance(digits, &span), ordered: false }
                }
                _ => return false,
            },
        };
        self.flush();
        self.scan.tell_case(&span);
        if operator == Operator::Same
            && !matches!(self.scan.outer_field(), Some(Tag::Words(scope)) if *scope == Scope::of(&[Field::Affiliation]))
        {
            let message = "SAME means AND, except in an address";
            self.scan.told.push(Diagnostic::hint("same-as-and", &span, message));
        } else if operator == Operator::Same {
            let message = "SAME looks within one address: read as AND, which finds more";
            self.scan.told.push(Diagnostic::warning("same-as-and", &span, message));
        }
        self.scan.operator(operator, span);
        true
    }

    fn word(&mut self) {
        let span = self.scan.word(|_| false);
        self.scan.tell_foreign(&span, "write NEAR/n");
        self.scan.at = span.end;
        let text = &self.scan.text[span.clone()];
        if text.len() > 2 && text.starts_with('\'') && text.ends_with('\'') {
            let message = "apostrophes are no quotation marks here: write \"…\" for a phrase";
            self.scan.told.push(Diagnostic::warning("apostrophes-as-quotes", &span, message));
        }
        self.run.push(Item::bare(span));
    }

    /// Makes an operand of the words that were gathered.
    fn flush(&mut self) {
        let items = std::mem::take(&mut self.run);
        let (Some(first), Some(last)) = (items.first(), items.last()) else { return };
        let span = first.whole.start..last.whole.end;
        let tag = self.scan.field().copied();
        if tag.is_none() {
            self.bare.push(span.clone());
        }
        let operand = match tag.unwrap_or(Tag::Words(Scope::Default)) {
            Tag::Years | Tag::Days | Tag::Native => self.years(span.clone(), tag == Some(Tag::Days)),
            Tag::Identifier => {
                let text = self.scan.text[span.clone()].to_owned();
                self.tell_identifier(&text, &span);
                self.scan.term(&text, span.clone())
            }
            Tag::Names(_) => {
                let text = self.scan.text[span.clone()].to_owned();
                self.scan.checked_term(&text, span.clone())
            }
            Tag::Words(_) => {
                self.tell_run(&items, &span);
                let nodes = items.iter().filter_map(|item| self.item(item)).collect();
                all_of(nodes)
            }
        };
        match operand {
            Some(node) => self.scan.operand(node),
            None => self.scan.unread(Platform::Wos, span),
        }
    }

    /// Tells of words that AND is put between: of bare ones by the way, since that is how Web of
    /// Science is written; else an operator may have been forgotten.
    fn tell_run(&mut self, items: &[Item], span: &Span) {
        if items.len() < 2 {
            return;
        }
        let message = "words without an operator between them are joined by AND: write AND, or quotes around a phrase";
        self.scan.told.push(match items.iter().any(|item| item.quoted) {
            true => Diagnostic::warning("implied-and", span, message),
            false => Diagnostic::hint("implied-and", span, message),
        });
    }

    fn item(&mut self, item: &Item) -> Option<Node> {
        let written = self.scan.text[item.inside.clone()].to_owned();
        let mut text = written.clone();
        if let Some(at) = text.find('\\') {
            let message = "a backslash means nothing here and is left out";
            let place = item.inside.start + at..item.inside.start + at + 1;
            self.scan.told.push(Diagnostic::warning("stray-backslash", &place, message).fixed_by(&place, ""));
            text = text.replace('\\', "");
        }
        let mark = mark_before_wildcard(&text);
        if let Some(mark) = mark {
            let message = format!("a wildcard may not follow `{mark}`");
            self.scan.told.push(Diagnostic::error("wildcard-after-mark", &item.whole, message));
        }
        let node = self.scan.term(&text, item.whole.clone())?;
        if let Kind::Term(term) = &node.kind
            && mark.is_none()
        {
            for word in &term.words {
                tell_wildcards(&word.text, &item.whole, self.scan.told);
            }
        }
        Some(node)
    }

    fn years(&mut self, span: Span, days: bool) -> Option<Node> {
        let text = self.scan.text[span.clone()].replace(is_quote, "");
        if text.contains(is_wildcard) {
            let message = "a year takes no wildcards: write PY=2020-2023";
            self.scan.told.push(Diagnostic::error("wildcard-in-year", &span, message));
            return None;
        }
        let (from, to) = text.split_once(if days { '/' } else { '-' }).unwrap_or((&text, &text));
        let date = |text: &str| match days {
            true => PartialDate::read(text),
            false => text.trim().parse().ok().filter(|_| text.trim().len() == 4).and_then(PartialDate::of_year),
        };
        let (Some(from), Some(to)) = (date(from), date(to)) else {
            let form = if days { "DOP=2020-01-31/2020-12-31" } else { "PY=2020 or PY=2020-2023" };
            let message = format!("this is no year: write {form}");
            self.scan.told.push(Diagnostic::error("malformed-year", &span, message));
            return None;
        };
        Some(Node::new(Kind::Dates(Dates { from: Some(from), to: Some(to) }), span))
    }

    fn tell_identifier(&mut self, text: &str, span: &Span) {
        let text = text.replace(is_quote, "");
        let before = self.scan.text[..span.start].trim_end_matches(['(', ' ', '"']);
        let tag = before.trim_end_matches('=').rsplit(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
        let wildcard = text.contains(is_wildcard);
        if tag.eq_ignore_ascii_case("DO") && !text.starts_with("10.") && !wildcard {
            let message = "a DOI begins with 10.";
            self.scan.told.push(Diagnostic::error("malformed-doi", span, message));
        } else if tag.eq_ignore_ascii_case("IS") && !wildcard {
            let signs = text.chars().filter(|c| c.is_ascii_digit() || matches!(c, 'X' | 'x')).count();
            if !matches!(signs, 8 | 10 | 13) {
                let message = "an ISSN has 8 digits, an ISBN 10 or 13";
                self.scan.told.push(Diagnostic::error("malformed-issn", span, message));
            }
        }
    }
}

/// The mark that a wildcard directly follows, if there is one.
fn mark_before_wildcard(text: &str) -> Option<char> {
    let pairs = text.chars().zip(text.chars().skip(1));
    let marks = pairs.filter(|(_, after)| matches!(after, '*' | '?' | '$'));
    marks.map(|(before, _)| before).find(|before| "/@#.,:;!".contains(*before))
}

fn tell_wildcards(word: &str, span: &Span, told: &mut Collector) {
    let letters = word.chars().filter(|c| !is_wildcard(*c)).count();
    if letters == word.chars().count() {
        return;
    }
    let stem = word.trim_end_matches('*').chars().filter(|c| !is_wildcard(*c)).count();
    let tail = word.rfind(is_wildcard).map_or(0, |at| word[at + 1..].chars().count());
    if letters == 0 {
        let message = format!("`{word}` is a wildcard alone: write at least one letter with it");
        told.push(Diagnostic::error("lone-wildcard", span, message));
    } else if word.starts_with('*') && tail < SHORTEST_STEM && !word.ends_with('*') {
        let message = format!("`{word}`: Web of Science needs {SHORTEST_STEM} letters after `*` at a word's beginning");
        told.push(Diagnostic::error("short-truncation", span, message));
    } else if word.ends_with('*') && stem < SHORTEST_STEM {
        let message = format!("`{word}`: Web of Science needs {SHORTEST_STEM} letters before `*` at a word's end");
        told.push(Diagnostic::error("short-truncation", span, message));
    }
}

/// Tells of operands without a field.
fn tell_bare(bare: &[Span], told: &mut Collector) {
    for span in bare {
        let message = "no field is named: read as TS= (topic). Write TS=, or ALL= if all fields are meant";
        told.push(Diagnostic::warning("field-missing", span, message));
    }
}

/// Tells of more terms than a search in all fields takes.
fn tell_most(pieces: &[crate::query::expression::Piece], told: &mut Collector) {
    let in_all = pieces.iter().any(|piece| piece.kind == PieceKind::Prefix(Scope::All));
    let operands: Vec<&Span> =
        pieces.iter().filter(|piece| matches!(&piece.kind, PieceKind::Operand(_))).map(|piece| &piece.span).collect();
    if let (true, Some(first), Some(last)) = (in_all && operands.len() > MOST_IN_ALL, operands.first(), operands.last())
    {
        let message = format!("a search in all fields takes at most {MOST_IN_ALL} terms: use TS=, or divide it");
        // With the field of the first, if it is not that of a group around all.
        let prefix = pieces.windows(2).find(|pair| &pair[1].span == *first).map(|pair| &pair[0]);
        let start = prefix
            .filter(|piece| matches!(piece.kind, PieceKind::Prefix(_)))
            .map_or(first.start, |piece| piece.span.start);
        told.push(Diagnostic::error("too-many-terms", &(start..last.end), message));
    }
}

fn only_years(node: &Node) -> bool {
    match &node.kind {
        Kind::Dates(_) => true,
        // A year that could not be read stands so.
        Kind::Native(native) => native.text.chars().all(|c| c.is_ascii_digit() || is_wildcard(c) || c == '-'),
        Kind::Term(_) | Kind::Heading(_) => false,
        _ => node.children().into_iter().all(only_years),
    }
}
