//! A tree compiled: terms by number, and what is asked of them.

use std::collections::HashMap;

use super::fact::Fact;
use super::near::Near;
use super::pattern::{self, WordPattern};
use crate::query::clause::{Dates, Heading};
use crate::query::field::{Field, FieldSet, Scope};
use crate::query::term::Term;
use crate::query::tree::{Kind, Node};

pub(super) const TITLE: u8 = 1;
pub(super) const ABSTRACT: u8 = 2;
pub(super) const KEYWORDS: u8 = 4;
pub(super) const FULL_TEXT: u8 = 8;
/// Not a field of its own: the term is all that a keyword says.
pub(super) const WHOLE_KEYWORD: u8 = 16;
/// Every field that is text.
pub(super) const TEXT: u8 = TITLE | ABSTRACT | KEYWORDS | FULL_TEXT;

/// What is asked.
#[derive(Debug)]
pub(super) enum Plan {
    /// Any of these terms.
    Terms {
        terms: Vec<u32>,
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
    /// A heading, by its words as a keyword.
    Heading {
        heading: Heading,
        term: u32,
        shown: bool,
    },
    /// Something that the records say of a work outside its texts.
    Fact {
        fact: Fact,
        term: u32,
        shown: bool,
    },
    Dates(Dates),
    /// What cannot be told here.
    Unknown,
}

/// One way in which a term may stand in a text.
#[derive(Debug)]
pub(super) struct Form {
    pub term: u32,
    pub words: Vec<WordPattern>,
}

/// The bits of the text fields that a scope looks at.
pub(super) fn looked_at(scope: Scope) -> u8 {
    match scope {
        Scope::Default | Scope::All => TEXT,
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

/// A tree on its way to a plan, and all its terms.
#[derive(Default)]
pub(super) struct Compiler {
    numbers: HashMap<String, u32>,
    /// Each distinct term as it is shown.
    pub terms: Vec<String>,
    /// For each term, the fields in which a hit is evidence: it stands there not under NOT and outside NEAR.
    pub shown_in: Vec<u8>,
    pub forms: Vec<Form>,
    /// Whether anything asks where terms stand, and not only whether.
    pub needs_places: bool,
}

impl Compiler {
    /// The number of a term that is looked for in texts.
    fn term(&mut self, term: &Term) -> u32 {
        let key = term.to_string();
        if let Some(number) = self.numbers.get(&key) {
            return *number;
        }
        let number = self.name(term);
        self.forms.extend(pattern::compile(term).into_iter().map(|words| Form { term: number, words }));
        self.numbers.insert(key, number);
        number
    }

    /// The number of a term that is shown only.
    fn name(&mut self, term: &Term) -> u32 {
        let number = u32::try_from(self.terms.len()).unwrap_or(u32::MAX);
        self.terms.push(term.text());
        self.shown_in.push(0);
        number
    }

    /// The plan of a node that stands in a scope. `shown`: its hits are evidence.
    pub fn plan(&mut self, node: &Node, scope: Scope, shown: bool) -> Plan {
        match &node.kind {
            Kind::Term(_) | Kind::Or(_) => self.any(node, scope, shown),
            Kind::And(nodes) => Plan::And(nodes.iter().map(|node| self.plan(node, scope, shown)).collect()),
            Kind::Not(node) => Plan::Not(Box::new(self.plan(node, scope, false))),
            Kind::Limit { scope, node } => self.plan(node, *scope, shown),
            Kind::Heading(heading) => match heading.term() {
                Some(term) => {
                    self.needs_places = true;
                    Plan::Heading { heading: heading.clone(), term: self.term(&term), shown }
                }
                None => Plan::Unknown,
            },
            Kind::Dates(dates) => Plan::Dates(*dates),
            Kind::Native(_) => Plan::Unknown,
            Kind::Near { .. } => match self.near(node) {
                Some(near) => {
                    self.needs_places = true;
                    let near = Plan::Near { near, scope, shown };
                    match scope {
                        // What stands near what in an author's name or an affiliation is not told.
                        Scope::Named(set) if !set.without(FieldSet::TEXT).is_empty() => {
                            Plan::Or(vec![near, Plan::Unknown])
                        }
                        _ => near,
                    }
                }
                // A tree that was not read by a parser of ours: operands without a place are ANDed.
                None => Plan::And(node.children().into_iter().map(|child| self.plan(child, scope, shown)).collect()),
            },
        }
    }

    /// A term or an OR; ORs within ORs are one, and so are all their terms.
    fn any(&mut self, node: &Node, scope: Scope, shown: bool) -> Plan {
        let mut plans = Vec::new();
        let mut terms = Vec::new();
        let mut waiting = vec![node];
        while let Some(node) = waiting.pop() {
            match &node.kind {
                Kind::Or(nodes) => waiting.extend(nodes.iter().rev()),
                Kind::Term(term) => {
                    plans.extend(self.facts(term, scope, shown));
                    let fields = looked_at(scope);
                    if fields != 0 {
                        let number = self.term(term);
                        if shown {
                            self.shown_in[number as usize] |= fields;
                        }
                        terms.push(number);
                    }
                }
                _ => plans.push(self.plan(node, scope, shown)),
            }
        }
        if !terms.is_empty() {
            plans.insert(0, Plan::Terms { terms, scope });
        }
        match plans.len() {
            1 => plans.remove(0),
            _ => Plan::Or(plans),
        }
    }

    /// What a term asks of fields that are no text.
    fn facts(&mut self, term: &Term, scope: Scope, shown: bool) -> Vec<Plan> {
        let Scope::Named(set) = scope else { return Vec::new() };
        let facts: Vec<Fact> = set.without(FieldSet::TEXT).fields().map(|field| Fact::new(field, term)).collect();
        facts.into_iter().map(|fact| Plan::Fact { fact, term: self.name(term), shown }).collect()
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
