//! Matching records locally: words over folded text, three-valued.

mod beginnings;
mod fact;
mod fold;
mod near;
mod pattern;
mod plan;
mod view;
mod words;

use std::cell::Cell;

use self::beginnings::{Beginnings, head};
use self::fold::Folded;
use self::plan::{ABSTRACT, Compiler, FULL_TEXT, Form, KEYWORDS, Plan, TITLE, WHOLE_KEYWORD};
use self::view::{Mark, View};
use self::words::{WordAt, Words, each_word, is_possessive};
use super::field::Scope;
use super::tree::{Node, Tree};
use super::{Fields, Hit, Match};
use crate::model::Truth;

/// Words between two keywords: no phrase and no NEAR reaches across.
const KEYWORD_GAP: u32 = 1000;

/// A compiled query: cheap to match many times, and from many threads.
#[derive(Debug)]
pub struct Matcher {
    plan: Plan,
    index: Index,
}

/// Several parts of queries, matched with one look at a record.
#[derive(Debug)]
pub(super) struct Parts {
    plans: Vec<Plan>,
    index: Index,
}

impl Parts {
    /// Compiles nodes, each with the fields that are looked at where it stands.
    pub fn new<'n>(nodes: impl IntoIterator<Item = (&'n Node, Scope)>) -> Self {
        let mut compiler = Compiler::default();
        let plans = nodes.into_iter().map(|(node, scope)| compiler.plan(node, scope, false)).collect();
        Self { plans, index: Index::of(compiler) }
    }

    /// The value of each.
    pub fn truths(&self, fields: &Fields<'_>) -> Vec<Truth> {
        let decide = |view: &View<'_>| self.plans.iter().map(|plan| view.decide(plan)).collect();
        self.index.look(fields, self.index.needs_places, decide)
    }
}

/// All terms of a query, to be found with one look at a text.
#[derive(Debug)]
struct Index {
    /// Each distinct term as it is shown.
    terms: Vec<String>,
    /// For each term, the fields in which a hit is evidence: it stands there not under NOT and outside NEAR.
    shown_in: Vec<u8>,
    /// Whether anything asks where terms stand, and not only whether.
    needs_places: bool,
    forms: Vec<Form>,
    beginnings: Beginnings,
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
    /// Whether it is all that a keyword says, subheadings apart.
    whole: bool,
}

/// What one record needs; used again for the next.
#[derive(Debug, Default)]
struct Scratch {
    folded: Folded,
    found_in: Vec<u8>,
    occurrences: Vec<Occurrence>,
    candidates: Vec<(usize, usize, u32)>,
}

thread_local! {
    static SCRATCH: Cell<Scratch> = Cell::default();
}

/// A scratch past this is not kept: full texts are few.
const MOST_KEPT: usize = 1 << 20;

impl Matcher {
    /// Compiles a tree.
    pub fn new(tree: &Tree) -> Self {
        let mut compiler = Compiler::default();
        let plan = compiler.plan(&tree.root, Scope::Default, true);
        Self { plan, index: Index::of(compiler) }
    }

    /// Whether the fields match, and where.
    pub fn evaluate(&self, fields: &Fields<'_>) -> Match {
        let Index { terms, shown_in, .. } = &self.index;
        self.index.look(fields, true, |view| {
            let mut marked = vec![false; view.occurrences.len()];
            let mut facts: Vec<Hit> = Vec::new();
            let value = view.value(&self.plan, &mut |mark| match mark {
                Mark::Occurrence(at) => marked[at] = true,
                Mark::Field { field, term } => {
                    facts.push(Hit { field, term: terms[term as usize].clone(), start: 0, end: 0 });
                }
            });
            let mut hits: Vec<Hit> = Vec::new();
            for (occurrence, marked) in view.occurrences.iter().zip(marked) {
                if !marked && shown_in[occurrence.term as usize] & occurrence.field == 0 {
                    continue;
                }
                let field = match occurrence.field {
                    TITLE => "title",
                    ABSTRACT => "abstract",
                    KEYWORDS => "keywords",
                    _ => "fulltext",
                };
                show(&mut hits, field, &terms[occurrence.term as usize], occurrence);
            }
            hits.extend(facts);
            Match { value, hits }
        })
    }

    /// Whether the fields match; cheaper than [`Self::evaluate`].
    pub fn truth(&self, fields: &Fields<'_>) -> Truth {
        self.index.look(fields, self.index.needs_places, |view| view.decide(&self.plan))
    }
}

impl Index {
    fn of(compiler: Compiler) -> Self {
        let Compiler { terms, shown_in, forms, needs_places, .. } = compiler;
        let beginnings = Beginnings::of(forms.iter().map(|form| form.words.as_slice()));
        Self { terms, shown_in, needs_places, forms, beginnings }
    }

    /// Finds all terms in all fields, and hands what was found over.
    fn look<T>(&self, fields: &Fields<'_>, places: bool, use_it: impl FnOnce(&View<'_>) -> T) -> T {
        let mut scratch = SCRATCH.take();
        scratch.found_in.clear();
        scratch.found_in.resize(self.terms.len(), 0);
        scratch.occurrences.clear();
        let mut present = 0;
        for (field, text) in [(TITLE, fields.title), (ABSTRACT, fields.abstract_text)] {
            if let Some(text) = text.filter(|text| !is_blank(text)) {
                present |= field;
                self.scan_text(text, field, places, &mut scratch);
            }
        }
        if fields.keywords.is_some_and(|keywords| keywords.iter().any(|keyword| !is_blank(keyword))) {
            present |= KEYWORDS;
            self.scan_keywords(fields.keywords.unwrap_or_default(), places, &mut scratch);
        }
        if let Some(text) = fields.full_text.filter(|text| !is_blank(text)) {
            present |= FULL_TEXT;
            self.scan_text(text, FULL_TEXT, places, &mut scratch);
        }
        let view = View { fields, present, found_in: &scratch.found_in, occurrences: &scratch.occurrences };
        let result = use_it(&view);
        if scratch.folded.text.capacity() <= MOST_KEPT && scratch.occurrences.capacity() <= MOST_KEPT / 32 {
            SCRATCH.set(scratch);
        }
        result
    }

    fn scan_text(&self, text: &str, field: u8, places: bool, scratch: &mut Scratch) {
        scratch.folded.set(text);
        let Scratch { folded, found_in, occurrences, candidates } = scratch;
        Scan { index: self, folded, field, base: 0, places, found_in, occurrences, candidates }.run(0);
    }

    fn scan_keywords(&self, keywords: &[String], places: bool, scratch: &mut Scratch) {
        let mut base = 0;
        let mut position = 0;
        for keyword in keywords {
            if !is_blank(keyword) {
                scratch.folded.set(keyword);
                let from = scratch.occurrences.len();
                let Scratch { folded, found_in, occurrences, candidates } = &mut *scratch;
                let field = KEYWORDS;
                let after =
                    Scan { index: self, folded, field, base, places, found_in, occurrences, candidates }.run(position);
                // What stands after the first slash are subheadings.
                let head = folded.text.split('/').next().unwrap_or_default().len();
                let mut words = Words { text: &folded.text[..head], at: 0, position };
                while words.next().is_some() {}
                for found in &mut occurrences[from..] {
                    found.whole = found.first == position && found.last + 1 == words.position;
                    found_in[found.term as usize] |= if found.whole { WHOLE_KEYWORD } else { 0 };
                }
                position = after + KEYWORD_GAP;
            }
            base += keyword.len() + "; ".len();
        }
    }
}

/// Adds a hit. The forms of one term may begin at one word: the longest stands.
fn show(hits: &mut Vec<Hit>, field: &'static str, term: &str, found: &Occurrence) {
    let here = |hit: &&mut Hit| hit.field == field && hit.start == found.start;
    match hits.iter_mut().rev().take_while(here).find(|hit| hit.term == term) {
        Some(known) => known.end = known.end.max(found.end),
        None => hits.push(Hit { field, term: term.to_owned(), start: found.start, end: found.end }),
    }
}

/// Whether a text says nothing.
fn is_blank(text: &str) -> bool {
    // Nearly every text begins with a letter.
    !text.as_bytes().first().is_some_and(u8::is_ascii_graphic) && text.trim().is_empty()
}

/// One text being looked through.
struct Scan<'a> {
    index: &'a Index,
    folded: &'a Folded,
    field: u8,
    /// Where the text begins in the field.
    base: usize,
    /// Whether places are wanted, or only whether a term is there.
    places: bool,
    found_in: &'a mut Vec<u8>,
    occurrences: &'a mut Vec<Occurrence>,
    /// Words at which a form may begin, with the number of the word after.
    candidates: &'a mut Vec<(usize, usize, u32)>,
}

impl Scan<'_> {
    /// Finds terms in the text, whose first word has the number `position`; gives the number after the last.
    fn run(&mut self, mut position: u32) -> u32 {
        let Self { index, folded, .. } = *self;
        let text = folded.text.as_str();
        let mut candidates = std::mem::take(self.candidates);
        each_word(text, |start, end| {
            let is_word = !is_possessive(text, start, end);
            position += u32::from(is_word);
            if index.beginnings.may_begin(text, start, end) {
                candidates.push((start, end, position));
            }
        });
        for (start, end, next) in candidates.drain(..) {
            // The s of a possessive counts with the word before it.
            let word = WordAt { text: &text[start..end], start, position: next.saturating_sub(1) };
            let rest = Words { text, at: end, position: next };
            let next = || rest.clone().next().map_or(0, |word| head(text, word.start, word.text.len()));
            index.beginnings.each(text, start, end, next, |form| self.attempt(form, &word, rest));
        }
        *self.candidates = candidates;
        position
    }

    /// Records a form if all its words follow each other from `word` on, then `rest`.
    fn attempt(&mut self, form: u32, word: &WordAt<'_>, mut rest: Words<'_>) {
        let form = &self.index.forms[form as usize];
        if !self.places && self.found_in[form.term as usize] & self.field != 0 {
            return;
        }
        if !form.words[0].accepts(word.text) {
            return;
        }
        let mut end = word.start + word.text.len();
        let mut last = word.position;
        for wanted in &form.words[1..] {
            let Some(next) = rest.next().filter(|next| wanted.accepts(next.text)) else { return };
            end = next.start + next.text.len();
            last = next.position;
        }
        self.found_in[form.term as usize] |= self.field;
        if self.places {
            self.record(form.term, word, end, last);
        }
    }

    fn record(&mut self, term: u32, word: &WordAt<'_>, end: usize, last: u32) {
        let (start, end) = self.folded.original(word.start, end);
        let (start, end) = (self.base + start, self.base + end);
        let field = self.field;
        let mut known = self.occurrences.iter().rev().take_while(|known| known.field == field && known.start == start);
        if known.any(|known| known.term == term && known.end == end) {
            return;
        }
        self.occurrences.push(Occurrence { term, field, start, end, first: word.position, last, whole: false });
    }
}
