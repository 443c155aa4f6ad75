//! Scopus, advanced search. Rules: dev.elsevier.com/sc_search_tips, help.scopus.com (Boolean and
//! proximity operators), and libraries' notes of Elsevier's answers on the order.
//!
//! OR before W/n and PRE/n before AND before AND NOT, in any case of letters. Words next to each
//! other are joined by AND. Double quotation marks make a loose phrase, braces an exact one. Hyphens
//! and apostrophes only part words. Stop words outside of phrases are ignored.

use super::marks;
use super::sets::{self, Known, referred};
use super::words::{Scan, nearest, needs_prefix, with_phrases};
use super::wos::clause_length;
use crate::model::PartialDate;
use crate::query::clause::{Dates, Native};
use crate::query::diagnostic::{Collector, Diagnostic};
use crate::query::expression::{Grammar, Operator, Piece, PieceKind, build};
use crate::query::field::{Field, Scope};
use crate::query::lexer::{MOST_DISTANCE, is_quote};
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

/// What a field code stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Tag {
    Words(Scope),
    /// Codes of document types.
    Type,
    /// What gleaner has no field for.
    Native,
}

const TOPIC_AND_AUTHORS: Scope = Scope::of(&[Field::Title, Field::Abstract, Field::Keywords, Field::Author]);

const TAGS: &[(&str, Tag)] = &[
    ("TITLE-ABS-KEY", Tag::Words(Scope::Default)),
    ("TITLE-ABS-KEY-AUTH", Tag::Words(TOPIC_AND_AUTHORS)),
    ("TITLE-ABS", Tag::Words(Scope::of(&[Field::Title, Field::Abstract]))),
    ("TITLE", Tag::Words(Scope::of(&[Field::Title]))),
    ("ABS", Tag::Words(Scope::of(&[Field::Abstract]))),
    ("KEY", Tag::Words(Scope::of(&[Field::Keywords]))),
    ("AUTHKEY", Tag::Words(Scope::of(&[Field::Keywords]))),
    ("INDEXTERMS", Tag::Words(Scope::of(&[Field::Keywords]))),
    ("ALL", Tag::Words(Scope::All)),
    ("AUTH", Tag::Words(Scope::of(&[Field::Author]))),
    ("AUTHOR-NAME", Tag::Words(Scope::of(&[Field::Author]))),
    ("AUTHLASTNAME", Tag::Words(Scope::of(&[Field::Author]))),
    ("AUTHFIRST", Tag::Words(Scope::of(&[Field::Author]))),
    ("FIRSTAUTH", Tag::Words(Scope::of(&[Field::Author]))),
    ("AUTHCOLLAB", Tag::Words(Scope::of(&[Field::Author]))),
    ("EDITOR", Tag::Words(Scope::of(&[Field::Author]))),
    ("AFFIL", Tag::Words(Scope::of(&[Field::Affiliation]))),
    ("AFFILORG", Tag::Words(Scope::of(&[Field::Affiliation]))),
    ("AFFILCITY", Tag::Words(Scope::of(&[Field::Affiliation]))),
    ("AFFILCOUNTRY", Tag::Words(Scope::of(&[Field::Affiliation]))),
    ("SRCTITLE", Tag::Words(Scope::of(&[Field::Journal]))),
    ("EXACTSRCTITLE", Tag::Words(Scope::of(&[Field::Journal]))),
    ("SRCTITLE-ABBREV", Tag::Words(Scope::of(&[Field::Journal]))),
    ("LANGUAGE", Tag::Words(Scope::of(&[Field::Language]))),
    ("DOI", Tag::Words(Scope::of(&[Field::Identifier]))),
    ("EID", Tag::Words(Scope::of(&[Field::Identifier]))),
    ("ISSN", Tag::Words(Scope::of(&[Field::Identifier]))),
    ("ISSNP", Tag::Words(Scope::of(&[Field::Identifier]))),
    ("EISSN", Tag::Words(Scope::of(&[Field::Identifier]))),
    ("ISBN", Tag::Words(Scope::of(&[Field::Identifier]))),
    ("PMID", Tag::Words(Scope::of(&[Field::Identifier]))),
    ("CHEM", Tag::Words(Scope::of(&[Field::Substance]))),
    ("CHEMNAME", Tag::Words(Scope::of(&[Field::Substance]))),
    ("CASREGNUMBER", Tag::Words(Scope::of(&[Field::Substance]))),
    ("DOCTYPE", Tag::Type),
    ("AF-ID", Tag::Native),
    ("ARTNUM", Tag::Native),
    ("AU-ID", Tag::Native),
    ("BOOKPUB", Tag::Native),
    ("CODEN", Tag::Native),
    ("CONF", Tag::Native),
    ("CONFLOC", Tag::Native),
    ("CONFNAME", Tag::Native),
    ("CONFSPONSORS", Tag::Native),
    ("FUND-ACR", Tag::Native),
    ("FUND-ALL", Tag::Native),
    ("FUND-NO", Tag::Native),
    ("FUND-SPONSOR", Tag::Native),
    ("ISSUE", Tag::Native),
    ("MANUFACTURER", Tag::Native),
    ("OPENACCESS", Tag::Native),
    ("ORCID", Tag::Native),
    ("ORIG-LOAD-DATE", Tag::Native),
    ("PAGEFIRST", Tag::Native),
    ("PAGELAST", Tag::Native),
    ("PAGES", Tag::Native),
    ("PUBDATETXT", Tag::Native),
    ("PUBLISHER", Tag::Native),
    ("PUBSTAGE", Tag::Native),
    ("REF", Tag::Native),
    ("REFARTNUM", Tag::Native),
    ("REFAUTH", Tag::Native),
    ("REFEID", Tag::Native),
    ("REFPAGE", Tag::Native),
    ("REFPUBYEAR", Tag::Native),
    ("REFSRCTITLE", Tag::Native),
    ("REFTITLE", Tag::Native),
    ("SEQBANK", Tag::Native),
    ("SEQNUMBER", Tag::Native),
    ("SRCTYPE", Tag::Native),
    ("SUBJAREA", Tag::Native),
    ("SUBJTERMS", Tag::Native),
    ("TRADENAME", Tag::Native),
    ("VOLUME", Tag::Native),
    ("WEBSITE", Tag::Native),
];

/// Words that Scopus does not look for outside of a phrase.
const STOP_WORDS: &[&str] = &[
    "a",
    "about",
    "again",
    "all",
    "almost",
    "also",
    "although",
    "always",
    "am",
    "among",
    "an",
    "another",
    "any",
    "are",
    "as",
    "at",
    "be",
    "because",
    "been",
    "being",
    "between",
    "both",
    "but",
    "by",
    "can",
    "could",
    "did",
    "do",
    "does",
    "done",
    "due",
    "during",
    "each",
    "either",
    "enough",
    "especially",
    "etc",
    "ever",
    "for",
    "from",
    "further",
    "had",
    "hardly",
    "has",
    "have",
    "having",
    "he",
    "her",
    "here",
    "him",
    "his",
    "how",
    "however",
    "i",
    "if",
    "in",
    "into",
    "is",
    "it",
    "its",
    "itself",
    "just",
    "made",
    "mainly",
    "make",
    "many",
    "may",
    "me",
    "might",
    "more",
    "most",
    "mostly",
    "much",
    "must",
    "my",
    "nearly",
    "neither",
    "no",
    "nor",
    "obtained",
    "of",
    "often",
    "on",
    "our",
    "over",
    "overall",
    "perhaps",
    "quite",
    "rather",
    "really",
    "regarding",
    "said",
    "seem",
    "seen",
    "several",
    "she",
    "should",
    "show",
    "showed",
    "shown",
    "shows",
    "significantly",
    "since",
    "so",
    "some",
    "such",
    "than",
    "that",
    "the",
    "their",
    "theirs",
    "them",
    "then",
    "there",
    "thereby",
    "therefore",
    "these",
    "they",
    "this",
    "those",
    "through",
    "thus",
    "to",
    "too",
    "under",
    "until",
    "upon",
    "use",
    "used",
    "using",
    "various",
    "very",
    "was",
    "we",
    "were",
    "what",
    "when",
    "where",
    "whereas",
    "which",
    "while",
    "whose",
    "why",
    "will",
    "with",
    "within",
    "without",
    "would",
    "you",
];

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
        let rest = &self.scan.rest()[1..];
        let length = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        if length == 0 {
            return false;
        }
        let span = self.scan.at..self.scan.at + 1 + length;
        self.scan.at = span.end;
        match referred(self.known, rest[..length].parse().ok(), &span, self.scan.told) {
            Some(node) => self.scan.operand(node),
            None => self.scan.unread(Platform::Scopus, span),
        }
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
                if needs_prefix(tag.scope(), outer) {
                    self.scan.push(PieceKind::Prefix(tag.scope()), span);
                }
                self.scan.begin_field(tag);
            }
            (_, None) if gap == 0 && !is_operator(&upper) => {
                let instead = nearest(name, TAGS.iter().map(|(tag, _)| *tag));
                let instead = instead.map(|name| format!("; did you mean {name}(…)?")).unwrap_or_default();
                let message = format!("Scopus has no field {name}(…){instead}");
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
            "AND" => return self.and_or_not(span),
            "OR" => Operator::Or,
            "NOT" => {
                let message = "Scopus writes AND NOT";
                let told = Diagnostic::warning("not-without-and", &span, message).fixed_by(&span, "AND NOT");
                self.scan.told.push(told);
                Operator::Not
            }
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
        if !matches!(operator, Operator::Near { .. }) {
            self.scan.tell_case(&span);
        }
        self.scan.operator(operator, span);
        true
    }

    /// AND, or AND NOT in one.
    fn and_or_not(&mut self, and: Span) -> bool {
        let rest = &self.scan.text[and.end..];
        let next = rest.trim_start();
        let not = next.get(..3).is_some_and(|word| word.eq_ignore_ascii_case("not"))
            && next[3..].chars().next().is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '{') || is_quote(c));
        let end = if not { and.end + rest.len() - next.len() + 3 } else { and.end };
        let span = and.start..end;
        self.scan.tell_case(&span);
        self.scan.operator(if not { Operator::Not } else { Operator::And }, span);
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
        if self.scan.field() != Some(&Tag::Type) && beside_words && STOP_WORDS.contains(&text.to_lowercase().as_str()) {
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

impl Tag {
    fn scope(self) -> Scope {
        match self {
            Self::Words(scope) => scope,
            Self::Type => Scope::of(&[Field::PublicationType]),
            Self::Native => Scope::Default,
        }
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

/// Whether the order is fixed, and the distance.
fn proximity(word: &str) -> Option<(bool, u16)> {
    let (ordered, digits) = match word.strip_prefix("PRE/") {
        Some(digits) => (true, digits),
        None => (false, word.strip_prefix("W/")?),
    };
    let sound = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    sound.then(|| (ordered, digits.parse().unwrap_or(u16::MAX)))
}

fn is_operator(word: &str) -> bool {
    matches!(word, "AND" | "OR" | "NOT") || proximity(word).is_some()
}

/// Scopus itself writes `EXCLUDE(a) OR EXCLUDE(b)` and means neither a nor b.
fn join_exclusions(pieces: &mut [Piece], excluded: &[usize]) {
    for pair in excluded.windows(2) {
        if let [one, other] = *pair
            && other == one + 2
            && let PieceKind::Operator(operator) = &mut pieces[one + 1].kind
        {
            *operator = Operator::And;
        }
    }
}

/// Tells of proximity operators that differ within one chain, and of an OR beside one without
/// parentheses, which Scopus reads first.
fn tell_chains(pieces: &[Piece], told: &mut Collector) {
    let mut groups: Vec<Option<(Operator, Span)>> = vec![None];
    let mut after_operand = false;
    for piece in pieces {
        let Some(last) = groups.last_mut() else { return };
        match &piece.kind {
            PieceKind::Open => groups.push(None),
            PieceKind::Close => {
                groups.pop();
                if groups.is_empty() {
                    groups.push(None);
                }
            }
            PieceKind::Operator(operator) => {
                if let Some((before, start)) = last {
                    let span = start.start..piece.span.end;
                    tell_pair(*before, *operator, &span, told);
                }
                *last = Some((*operator, piece.span.clone()));
            }
            // An AND that nobody wrote ends a chain.
            PieceKind::Operand(_) if after_operand => *last = None,
            PieceKind::Operand(_) | PieceKind::Prefix(_) | PieceKind::Suffix(_) => {}
        }
        after_operand = piece.kind.ends_operand();
    }
}

fn tell_pair(one: Operator, other: Operator, span: &Span, told: &mut Collector) {
    let near = |operator| matches!(operator, Operator::Near { .. });
    if near(one) && near(other) && one != other {
        let message = "one chain of W/n or PRE/n must have one operator and one number: use parentheses, or the same in all of it";
        told.push(Diagnostic::error("mixed-proximity", span, message));
    } else if near(one) && other == Operator::Or || one == Operator::Or && near(other) {
        let message = "Scopus reads OR before W/n and PRE/n: put the OR, or the proximity, in parentheses";
        told.push(Diagnostic::error("near-beside-or", span, message));
    }
}
