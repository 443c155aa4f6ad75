//! What was found in a record, and what a plan makes of it.

use super::plan::{ABSTRACT, FULL_TEXT, KEYWORDS, Plan, TITLE, WHOLE_KEYWORD, looked_at};
use super::{Occurrence, near};
use crate::model::Truth;
use crate::query::Fields;
use crate::query::clause::Heading;
use crate::query::field::Scope;
use crate::text::fold;

/// What was found in a record.
pub(super) struct View<'a> {
    pub fields: &'a Fields<'a>,
    /// The text fields that are there.
    pub present: u8,
    /// For each term, the fields that it was found in.
    pub found_in: &'a [u8],
    /// In order of field and place.
    pub occurrences: &'a [Occurrence],
}

/// Something that took part in what was decided.
pub(super) enum Mark {
    /// The occurrence of this number.
    Occurrence(usize),
    /// A field as a whole.
    Field { field: &'static str, term: u32 },
}

impl View<'_> {
    /// The value of a plan. What took part of NEARs, headings and facts is handed to `mark`; so
    /// nothing ends early.
    pub fn value(&self, plan: &Plan, mark: &mut dyn FnMut(Mark)) -> Truth {
        match plan {
            Plan::Terms { terms, scope } => self.any(terms, *scope),
            Plan::Near { near, scope, shown } => {
                let mut found = false;
                for field in [TITLE, ABSTRACT, KEYWORDS, FULL_TEXT] {
                    if looked_at(*scope) & self.present & field != 0 {
                        found |= near::find(near, field, self.found_in, self.occurrences, |at| {
                            if *shown {
                                mark(Mark::Occurrence(at));
                            }
                        });
                    }
                }
                if found { Truth::True } else { self.absence(*scope) }
            }
            Plan::And(plans) => plans.iter().fold(Truth::True, |value, plan| value.and(self.value(plan, mark))),
            Plan::Or(plans) => plans.iter().fold(Truth::False, |value, plan| value.or(self.value(plan, mark))),
            Plan::Not(plan) => !self.value(plan, mark),
            Plan::Heading { heading, term, shown } => self.heading(heading, *term, *shown, mark),
            Plan::Fact { fact, term, shown } => {
                let value = fact.value(self.fields.records);
                if *shown && value == Truth::True {
                    mark(Mark::Field { field: fact.field.name(), term: *term });
                }
                value
            }
            Plan::Unknown => Truth::Unknown,
            Plan::Dates(_) if self.fields.dates.is_empty() => Truth::Unknown,
            Plan::Dates(period) => {
                self.fields.dates.iter().fold(Truth::False, |value, date| value.or(period.holds(*date)))
            }
        }
    }

    /// The value alone; ends as soon as it is certain.
    pub fn decide(&self, plan: &Plan) -> Truth {
        let all = |plans: &[Plan], end: Truth, join: fn(Truth, Truth) -> Truth| {
            let mut value = !end;
            for plan in plans {
                value = join(value, self.decide(plan));
                if value == end {
                    break;
                }
            }
            value
        };
        match plan {
            Plan::And(plans) => all(plans, Truth::False, Truth::and),
            Plan::Or(plans) => all(plans, Truth::True, Truth::or),
            Plan::Not(plan) => !self.decide(plan),
            _ => self.value(plan, &mut |_| {}),
        }
    }

    fn any(&self, terms: &[u32], scope: Scope) -> Truth {
        let fields = looked_at(scope);
        if terms.iter().any(|term| self.found_in[*term as usize] & fields != 0) {
            Truth::True
        } else {
            self.absence(scope)
        }
    }

    /// The value of a clause that was not found in texts: false where all that would decide it is there.
    fn absence(&self, scope: Scope) -> Truth {
        let full_text = self.present & FULL_TEXT != 0;
        let known = match scope {
            Scope::Default => full_text || self.present & (TITLE | ABSTRACT) == TITLE | ABSTRACT,
            Scope::All => full_text,
            // Its other fields are facts of their own.
            Scope::Named(_) => looked_at(scope) & !self.present == 0,
        };
        if known { Truth::False } else { Truth::Unknown }
    }

    /// A heading is true where it is a keyword of its own, and never false: a narrower heading counts
    /// too, and not every source hands headings over. What is not told of main topics and
    /// subheadings is unknown.
    fn heading(&self, heading: &Heading, term: u32, shown: bool, mark: &mut dyn FnMut(Mark)) -> Truth {
        if self.found_in[term as usize] & WHOLE_KEYWORD == 0 {
            return Truth::Unknown;
        }
        let keywords = self.fields.keywords.unwrap_or_default();
        let mut stands = false;
        for (at, found) in self.occurrences.iter().enumerate() {
            if found.term == term && found.whole && says(keyword_at(keywords, found.start), heading) {
                stands = true;
                if shown {
                    mark(Mark::Occurrence(at));
                }
            }
        }
        if stands { Truth::True } else { Truth::Unknown }
    }
}

/// The keyword that holds an offset of all keywords joined by `; `.
fn keyword_at(keywords: &[String], offset: usize) -> &str {
    let mut end = 0;
    for keyword in keywords {
        end += keyword.len() + "; ".len();
        if offset < end {
            return keyword;
        }
    }
    ""
}

/// Whether a keyword with the heading's words says what else the heading asks: a main topic
/// (`*Heart/surgery`, `Heart/*surgery`) and one of the subheadings.
fn says(keyword: &str, heading: &Heading) -> bool {
    let folded = |text: &str| fold(text).chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let said: Vec<String> = keyword.split('/').skip(1).map(folded).collect();
    let is_said = |wanted: &String| said.contains(&folded(wanted));
    (!heading.major || keyword.contains('*'))
        && (heading.subheadings.is_empty() || heading.subheadings.iter().any(is_said))
}
