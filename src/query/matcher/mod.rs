//! Matching records locally: words over folded text, three-valued.

mod fold;
mod near;
mod pattern;

use std::collections::HashMap;

use aho_corasick::Anchored;
use aho_corasick::automaton::Automaton;
use aho_corasick::nfa::contiguous::NFA;

use self::fold::Folded;
use self::near::Near;
use self::pattern::WordPattern;
use super::clause::Dates;
use super::field::{Field, FieldSet, Scope};
use super::tree::{Kind, Node, Tree};
use super::{Fields, Hit, Match};
use crate::model::{PartialDate, Truth};

const TITLE: u8 = 1;
const ABSTRACT: u8 = 2;
const KEYWORDS: u8 = 4;
const FULL_TEXT: u8 = 8;
/// Words between two keywords: no phrase and no NEAR reaches across.
const KEYWORD_GAP: u32 = 1000;

/// A compiled query: cheap to match many times, and from many threads.
#[derive(Debug)]
pub struct Matcher {
    plan: Plan,
    /// Each distinct term as it is shown.
    terms: Vec<String>,
    /// For each term, the fields in which a hit is evidence: it stands there not under NOT and outside NEAR.
    shown_in: Vec<u8>,
    forms: Vec<Form>,
    /// Finds the stems that a word begins with.
    stems: Option<NFA>,
    /// Which words may begin a stem.
    beginnings: Beginnings,
    /// For each stem, the forms whose first word begins with it.
    of_stem: Vec<Vec<u32>>,
    /// Forms whose first word begins with a wildcard.
    unanchored: Vec<u32>,
}

/// One way in which a term may stand in a text.
#[derive(Debug)]
struct Form {
    term: u32,
    words: Vec<WordPattern>,
}

#[derive(Debug)]
enum Plan {
    Term {
        term: u32,
        scope: Scope,
    },
    Near {
        near: Near,
        scope: Scope,
        shown: bool,
    },
    And(Vec<Plan>),
    Or(Vec<Plan>),
    Not(Box<Plan>),
    /// A heading, by its words among the keywords. It is never false: a narrower heading counts too,
    /// and not every source hands headings over.
    Heading {
        term: u32,
    },
    Dates(Dates),
    /// What cannot be told here.
    Unknown,
}

/// A term found in a field: bytes of the original, and word numbers.
#[derive(Clone, Copy, Debug)]
struct Occurrence {
    term: u32,
    field: u8,
    start: usize,
    end: usize,
    first: u32,
    last: u32,
}

impl Matcher {
    /// Compiles a tree.
    pub fn new(tree: &Tree) -> Self {
        let mut compiler = Compiler::default();
        let plan = compiler.plan(&tree.root, Scope::Default, true);
        let Compiler { terms, shown_in, forms, .. } = compiler;
        let mut numbers: HashMap<&str, usize> = HashMap::new();
        let mut stems: Vec<&str> = Vec::new();
        let mut of_stem: Vec<Vec<u32>> = Vec::new();
        let mut unanchored = Vec::new();
        for (at, form) in (0_u32..).zip(&forms) {
            let stem = form.words[0].stem.as_str();
            if stem.is_empty() {
                unanchored.push(at);
                continue;
            }
            let number = *numbers.entry(stem).or_insert_with(|| {
                stems.push(stem);
                of_stem.push(Vec::new());
                stems.len() - 1
            });
            of_stem[number].push(at);
        }
        // Building fails only past 2^31 states; a query is at most a mebibyte long. Without the
        // automaton every form is tried at every word: slow, and the same answer.
        let automaton = if stems.is_empty() { None } else { NFA::new(&stems).ok() };
        if automaton.is_none() {
            unanchored = (0..u32::try_from(forms.len()).unwrap_or(u32::MAX)).collect();
        }
        let beginnings = Beginnings::of(&stems);
        Self { plan, terms, shown_in, forms, stems: automaton, beginnings, of_stem, unanchored }
    }

    /// Whether the fields match, and where.
    pub fn evaluate(&self, fields: &Fields<'_>) -> Match {
        let view = self.look(fields);
        let mut marks = vec![false; view.occurrences.len()];
        let value = view.value(&self.plan, &mut |at| marks[at] = true);
        let mut hits: Vec<Hit> = Vec::new();
        for (occurrence, near) in view.occurrences.iter().zip(marks) {
            if !near && self.shown_in[occurrence.term as usize] & occurrence.field == 0 {
                continue;
            }
            let field = match occurrence.field {
                TITLE => "title",
                ABSTRACT => "abstract",
                KEYWORDS => "keywords",
                _ => "fulltext",
            };
            let term = self.terms[occurrence.term as usize].clone();
            hits.push(Hit { field, term, start: occurrence.start, end: occurrence.end });
        }
        Match { value, hits }
    }

    /// Whether the fields match; a little cheaper than [`Self::evaluate`].
    pub fn truth(&self, fields: &Fields<'_>) -> Truth {
        self.look(fields).value(&self.plan, &mut |_| {})
    }

    /// Finds all terms in all fields.
    fn look<'d>(&self, fields: &Fields<'d>) -> View<'d> {
        let mut view =
            View { dates: fields.dates, present: 0, found_in: vec![0; self.terms.len()], occurrences: Vec::new() };
        let mut folded = Folded::default();
        let mut scan = |field: u8, text: &str, base: usize, position: u32, view: &mut View<'_>| {
            folded.set(text);
            view.present |= field;
            self.scan(&folded, field, base, position, view)
        };
        let texts = [(TITLE, fields.title), (ABSTRACT, fields.abstract_text)];
        for (field, text) in texts {
            if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
                scan(field, text, 0, 0, &mut view);
            }
        }
        let mut base = 0;
        let mut position = 0;
        for keyword in fields.keywords.unwrap_or_default() {
            if !keyword.trim().is_empty() {
                position = scan(KEYWORDS, keyword, base, position, &mut view) + KEYWORD_GAP;
            }
            base += keyword.len() + "; ".len();
        }
        if let Some(text) = fields.full_text.filter(|text| !text.trim().is_empty()) {
            scan(FULL_TEXT, text, 0, 0, &mut view);
        }
        view
    }

    /// Finds terms in a folded text whose first word has the number `position`; gives the number after the last.
    fn scan(&self, folded: &Folded, field: u8, base: usize, position: u32, view: &mut View<'_>) -> u32 {
        let mut words = Words { text: folded.text.as_str(), at: 0, position };
        while let Some(word) = words.next() {
            if let Some(automaton) = self.stems.as_ref().filter(|_| self.beginnings.may_begin(word.text)) {
                self.walk(automaton, word.text, |form| self.attempt(form, &word, words, folded, field, base, view));
            }
            for &form in &self.unanchored {
                if self.forms[form as usize].words[0].accepts(word.text) {
                    self.attempt(form, &word, words, folded, field, base, view);
                }
            }
        }
        words.position
    }

    /// Hands over the forms whose first word's stem begins the word.
    fn walk(&self, automaton: &NFA, word: &str, mut candidate: impl FnMut(u32)) {
        let Ok(mut state) = automaton.start_state(Anchored::Yes) else { return };
        for (length, &byte) in (1..).zip(word.as_bytes()) {
            state = automaton.next_state(Anchored::Yes, state, byte);
            if !automaton.is_special(state) {
                continue;
            }
            if automaton.is_dead(state) {
                return;
            }
            if automaton.is_match(state) {
                for index in 0..automaton.match_len(state) {
                    let stem = automaton.match_pattern(state, index);
                    // A stem that only ends here did not begin the word.
                    if automaton.pattern_len(stem) == length {
                        self.of_stem[stem.as_usize()].iter().copied().for_each(&mut candidate);
                    }
                }
            }
        }
    }

    /// Records a form if all its words follow each other from `word` on (whose stem fits).
    #[expect(clippy::too_many_arguments, reason = "the state of one scan, passed on without a struct to borrow from")]
    fn attempt(
        &self,
        form: u32,
        word: &WordAt<'_>,
        mut rest: Words<'_>,
        folded: &Folded,
        field: u8,
        base: usize,
        view: &mut View<'_>,
    ) {
        let form = &self.forms[form as usize];
        if !form.words[0].accepts_after_stem(word.text) {
            return;
        }
        let mut end = word.start + word.text.len();
        let mut last = word.position;
        for wanted in &form.words[1..] {
            let Some(next) = rest.next().filter(|next| wanted.accepts(next.text)) else { return };
            end = next.start + next.text.len();
            last = next.position;
        }
        let (start, end) = folded.original(word.start, end);
        let found =
            Occurrence { term: form.term, field, start: base + start, end: base + end, first: word.position, last };
        view.found_in[form.term as usize] |= field;
        // The forms of one term may begin at one word: the longest stands.
        let known =
            view.occurrences.iter_mut().rev().take_while(|known| known.field == field && known.start == found.start);
        for known in known {
            if known.term == found.term {
                if found.end > known.end {
                    *known = found;
                }
                return;
            }
        }
        view.occurrences.push(found);
    }
}

/// The first two bytes of all stems, as a bitmap: most words are no candidates, and that is told
/// without a walk.
struct Beginnings(Vec<u64>);

impl Beginnings {
    fn of(stems: &[&str]) -> Self {
        let mut bits = vec![0_u64; (1 << 16) / 64];
        let mut set = |first: u8, second: u8| {
            let at = usize::from(u16::from_be_bytes([first, second]));
            bits[at / 64] |= 1 << (at % 64);
        };
        for stem in stems {
            match *stem.as_bytes() {
                [] => {}
                [only] => (0..=u8::MAX).for_each(|second| set(only, second)),
                [first, second, ..] => set(first, second),
            }
        }
        Self(bits)
    }

    fn may_begin(&self, word: &str) -> bool {
        let at = match *word.as_bytes() {
            [] => return false,
            // Only a stem of one letter can begin it, and that has all pairs.
            [only] => usize::from(u16::from_be_bytes([only, 0])),
            [first, second, ..] => usize::from(u16::from_be_bytes([first, second])),
        };
        self.0[at / 64] >> (at % 64) & 1 == 1
    }
}

impl std::fmt::Debug for Beginnings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Beginnings")
    }
}

/// What was found in a record.
struct View<'d> {
    dates: &'d [PartialDate],
    present: u8,
    /// For each term, the fields that it was found in.
    found_in: Vec<u8>,
    occurrences: Vec<Occurrence>,
}

impl View<'_> {
    fn value(&self, plan: &Plan, mark: &mut dyn FnMut(usize)) -> Truth {
        match plan {
            Plan::Term { term, scope } => {
                if self.found_in[*term as usize] & looked_at(*scope) != 0 {
                    Truth::True
                } else {
                    self.absence(*scope)
                }
            }
            Plan::Near { near, scope, shown } => {
                let mut found = false;
                for field in [TITLE, ABSTRACT, KEYWORDS, FULL_TEXT] {
                    if looked_at(*scope) & self.present & field != 0 {
                        found |= near::find(near, field, &self.occurrences, |at| {
                            if *shown {
                                mark(at);
                            }
                        });
                    }
                }
                if found { Truth::True } else { self.absence(*scope) }
            }
            // No early end: every NEAR is to mark its hits.
            Plan::And(plans) => plans.iter().fold(Truth::True, |value, plan| value.and(self.value(plan, mark))),
            Plan::Or(plans) => plans.iter().fold(Truth::False, |value, plan| value.or(self.value(plan, mark))),
            Plan::Not(plan) => !self.value(plan, mark),
            Plan::Heading { term } if self.found_in[*term as usize] & KEYWORDS != 0 => Truth::True,
            Plan::Heading { .. } | Plan::Unknown => Truth::Unknown,
            Plan::Dates(_) if self.dates.is_empty() => Truth::Unknown,
            Plan::Dates(period) => self.dates.iter().fold(Truth::False, |value, date| value.or(period.holds(*date))),
        }
    }

    /// The value of a clause that was not found: false where all that would decide it is there.
    fn absence(&self, scope: Scope) -> Truth {
        let full_text = self.present & FULL_TEXT != 0;
        let known = match scope {
            Scope::Default => full_text || self.present & (TITLE | ABSTRACT) == TITLE | ABSTRACT,
            Scope::All => full_text,
            Scope::Named(set) => set.without(FieldSet::TEXT).is_empty() && looked_at(scope) & !self.present == 0,
        };
        if known { Truth::False } else { Truth::Unknown }
    }
}

fn looked_at(scope: Scope) -> u8 {
    match scope {
        Scope::Default | Scope::All => TITLE | ABSTRACT | KEYWORDS | FULL_TEXT,
        Scope::Named(set) => [
            (Field::Title, TITLE),
            (Field::Abstract, ABSTRACT),
            (Field::Keywords, KEYWORDS),
            (Field::FullText, FULL_TEXT),
        ]
        .into_iter()
        .map(|(field, bit)| if set.has(field) { bit } else { 0 })
        .sum(),
    }
}

#[derive(Default)]
struct Compiler {
    numbers: HashMap<String, u32>,
    terms: Vec<String>,
    shown_in: Vec<u8>,
    forms: Vec<Form>,
}

impl Compiler {
    fn term(&mut self, term: &super::Term) -> u32 {
        let shown = term.to_string();
        if let Some(number) = self.numbers.get(&shown) {
            return *number;
        }
        let number = u32::try_from(self.terms.len()).unwrap_or(u32::MAX);
        self.forms.extend(pattern::compile(term).into_iter().map(|words| Form { term: number, words }));
        self.numbers.insert(shown.clone(), number);
        self.terms.push(term.text());
        self.shown_in.push(0);
        number
    }

    fn plan(&mut self, node: &Node, scope: Scope, shown: bool) -> Plan {
        match &node.kind {
            Kind::Term(term) => {
                let term = self.term(term);
                if shown {
                    self.shown_in[term as usize] |= looked_at(scope);
                }
                Plan::Term { term, scope }
            }
            Kind::And(nodes) => Plan::And(nodes.iter().map(|node| self.plan(node, scope, shown)).collect()),
            Kind::Or(nodes) => Plan::Or(nodes.iter().map(|node| self.plan(node, scope, shown)).collect()),
            Kind::Not(node) => Plan::Not(Box::new(self.plan(node, scope, false))),
            Kind::Limit { scope, node } => self.plan(node, *scope, shown),
            Kind::Heading(heading) => match heading.term() {
                Some(term) => {
                    let term = self.term(&term);
                    if shown {
                        self.shown_in[term as usize] |= KEYWORDS;
                    }
                    Plan::Heading { term }
                }
                None => Plan::Unknown,
            },
            Kind::Dates(dates) => Plan::Dates(*dates),
            Kind::Native(_) => Plan::Unknown,
            Kind::Near { .. } => match self.near(node) {
                Some(near) => Plan::Near { near, scope, shown },
                // A tree that was not read by a parser of ours: operands without a place are ANDed.
                None => Plan::And(node.children().into_iter().map(|child| self.plan(child, scope, shown)).collect()),
            },
        }
    }

    fn near(&mut self, node: &Node) -> Option<Near> {
        match &node.kind {
            Kind::Term(term) => Some(Near::Term(self.term(term))),
            Kind::Or(nodes) => nodes.iter().map(|node| self.near(node)).collect::<Option<_>>().map(Near::Or),
            Kind::Near { distance, ordered, left, right } => Some(Near::Pair {
                distance: u32::from(*distance),
                ordered: *ordered,
                left: Box::new(self.near(left)?),
                right: Box::new(self.near(right)?),
            }),
            _ => None,
        }
    }
}

/// The words of a folded text from a place on.
#[derive(Clone, Copy)]
struct Words<'a> {
    text: &'a str,
    at: usize,
    /// The next word's number.
    position: u32,
}

struct WordAt<'a> {
    text: &'a str,
    start: usize,
    position: u32,
}

/// Letters and digits; outside ASCII, folding leaves nothing else.
const IS_LETTER: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        let value = byte as u8;
        table[byte] = value.is_ascii_lowercase() || value.is_ascii_digit() || value >= 0x80;
        byte += 1;
    }
    table
};

impl<'a> Words<'a> {
    #[inline]
    fn next(&mut self) -> Option<WordAt<'a>> {
        let bytes = self.text.as_bytes();
        let rest = &bytes[self.at..];
        let Some(skipped) = rest.iter().position(|byte| IS_LETTER[usize::from(*byte)]) else {
            self.at = bytes.len();
            return None;
        };
        let start = self.at + skipped;
        let rest = &rest[skipped..];
        let length = rest.iter().position(|byte| !IS_LETTER[usize::from(*byte)]).unwrap_or(rest.len());
        self.at = start + length;
        let text = &self.text[start..self.at];
        // The s of a possessive counts as no word of its own.
        if length == 1
            && text == "s"
            && start > 1
            && bytes[start - 1] == b'\''
            && IS_LETTER[usize::from(bytes[start - 2])]
        {
            return Some(WordAt { text, start, position: self.position.saturating_sub(1) });
        }
        self.position += 1;
        Some(WordAt { text, start, position: self.position - 1 })
    }
}
