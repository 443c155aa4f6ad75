//! A review of a strategy under the headings of PRESS 2015 (McGowan et al., J Clin Epidemiol 2016;
//! 75:40-6): what can be found by looking at the text. What only a person can judge is asked.

use serde::Serialize;

use super::field::{Field, Scope};
use super::lints::{Setting, lint};
use super::term::Term;
use super::tree::{Kind, Node};
use super::{Diagnostic, Heading, Platform, Severity, render};

/// What was found under all headings.
#[derive(Clone, Debug, Serialize)]
pub struct Review {
    /// The platform in whose syntax the query was read.
    pub platform: &'static str,
    /// Whether it can be searched with: nothing told of it is an error.
    pub readable: bool,
    pub sections: Vec<Section>,
}

/// One of PRESS's headings.
#[derive(Clone, Debug, Serialize)]
pub struct Section {
    pub title: &'static str,
    /// What a person is to judge.
    pub question: &'static str,
    /// What the software found, in sentences.
    pub notes: Vec<String>,
    /// What is told of it, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

const TITLES: [(&str, &str); 6] = [
    ("Translation of the research question", "Are these the concepts of the question, none missing and none too much?"),
    ("Boolean and proximity operators", "Do AND, OR, NOT and nearness join what belongs together?"),
    ("Subject headings", "Are the headings right, exploded where they should be, and none missing?"),
    ("Text word searching", "Are all words for each concept there: synonyms, spellings, abbreviations, truncation?"),
    ("Spelling, syntax and line numbers", "Is anything misspelt, or written in another platform's syntax?"),
    ("Limits and filters", "Does every limit follow from the question, and is none missing?"),
];

/// The heading that a code belongs under.
fn section_of(code: &str) -> usize {
    match code {
        "term-in-two-concepts" => 0,
        "mixed-precedence"
        | "implied-and"
        | "operator-in-lower-case"
        | "operator-sign"
        | "joined-by-comma"
        | "excluding-words"
        | "excluding-heading"
        | "or-with-not"
        | "missing-operand"
        | "missing-operator"
        | "near-with-and"
        | "near-with-not"
        | "near-with-field"
        | "near-with-heading"
        | "near-beside-or"
        | "mixed-proximity"
        | "missing-distance"
        | "distance-too-large"
        | "unnecessary-parentheses"
        | "same-as-and"
        | "not-without-and"
        | "proximity-of-one"
        | "proximity-unquoted"
        | "unsupported-proximity" => 1,
        "missing-spelling"
        | "missing-number"
        | "covered-term"
        | "repeated-term"
        | "short-truncation"
        | "leading-wildcard"
        | "inner-truncation"
        | "stray-truncation"
        | "wildcard-in-phrase"
        | "stemmed-phrase"
        | "wildcard-in-proximity"
        | "untagged"
        | "field-missing"
        | "unquoted-phrase"
        | "exact-phrase"
        | "stop-word"
        | "limited-truncation" => 3,
        "filter-in-part"
        | "field-outside-query"
        | "unsupported-suffix"
        | "dates-turned-round"
        | "years-alone"
        | "malformed-year"
        | "wildcard-in-year" => 5,
        _ => 4,
    }
}

/// Reviews a query; `to` are the platforms whose losses are told.
pub fn review(text: &str, from: Platform, to: &[Platform]) -> Review {
    let linted = lint(text, from, Setting::default());
    let mut sections: Vec<Section> = TITLES
        .iter()
        .map(|(title, question)| Section { title, question, notes: Vec::new(), diagnostics: Vec::new() })
        .collect();
    for told in linted.diagnostics {
        sections[section_of(told.code)].diagnostics.push(told);
    }
    let readable =
        sections.iter().flat_map(|section| &section.diagnostics).all(|told| told.severity != Severity::Error);
    match &linted.parsed.tree {
        None => {
            sections[0].notes.push("The query cannot be read: see what is told under the headings below.".to_owned())
        }
        Some(tree) => {
            let found = Found::of(&tree.root);
            let concepts = tree.concepts();
            sections[0].notes = concepts_noted(&concepts);
            sections[1].notes = found.operators();
            sections[2].notes = headings_noted(&found, &concepts, from);
            sections[3].notes = found.words();
            sections[5].notes = found.limits();
            for platform in to {
                let rendered = render(tree, *platform);
                sections.push(losses(*platform, rendered.exact, rendered.warnings));
            }
        }
    }
    sections[4].notes.push(match linted.parsed.lines.len() {
        0 => "One query without numbered lines.".to_owned(),
        lines => format!("{lines} numbered lines; the result is that of the last."),
    });
    Review { platform: from.name(), readable, sections }
}

fn losses(platform: Platform, exact: bool, warnings: Vec<Diagnostic>) -> Section {
    let title = platform.title();
    let note = match exact {
        true => format!("{title} is asked exactly what the query means."),
        false => format!("{title} is not asked exactly what the query means; clause by clause:"),
    };
    Section {
        title: platform.title(),
        question: "Is what this platform cannot say made good?",
        notes: vec![note],
        diagnostics: warnings,
    }
}

/// What stands in a tree.
#[derive(Default)]
struct Found<'a> {
    ands: usize,
    ors: usize,
    nots: usize,
    nears: Vec<String>,
    terms: Vec<&'a Term>,
    headings: Vec<&'a Heading>,
    limits: Vec<String>,
}

impl<'a> Found<'a> {
    fn of(root: &'a Node) -> Self {
        let mut found = Self::default();
        found.walk(root, Scope::Default);
        found
    }

    fn walk(&mut self, node: &'a Node, scope: Scope) {
        let mut inner = scope;
        match &node.kind {
            Kind::And(_) => self.ands += 1,
            Kind::Or(_) => self.ors += 1,
            Kind::Not(_) => self.nots += 1,
            Kind::Near { distance, ordered, .. } => {
                self.nears.push(format!("{}/{distance}", if *ordered { "PRE" } else { "NEAR" }));
            }
            Kind::Term(term) if is_limit(scope) => self.limits.push(format!("{scope}: {}", term.text())),
            Kind::Term(term) => self.terms.push(term),
            Kind::Heading(heading) => self.headings.push(heading),
            Kind::Dates(dates) => self.limits.push(dates.to_string()),
            Kind::Native(native) => {
                self.limits.push(format!("a clause of {} alone: {}", native.platform.title(), native.text))
            }
            Kind::Limit { scope, .. } => inner = *scope,
        }
        for child in node.children() {
            self.walk(child, inner);
        }
    }

    fn operators(&self) -> Vec<String> {
        let mut notes = vec![format!(
            "{}, {}, {}.",
            counted(self.ands, "AND group"),
            counted(self.ors, "OR group"),
            counted(self.nots, "NOT")
        )];
        if !self.nears.is_empty() {
            let mut nears = self.nears.clone();
            nears.sort();
            nears.dedup();
            notes.push(format!("{}: {}.", counted(self.nears.len(), "proximity operator"), nears.join(", ")));
        }
        notes
    }

    fn words(&self) -> Vec<String> {
        let truncated = self.terms.iter().filter(|term| term.has_wildcard()).count();
        let phrases = self.terms.iter().filter(|term| term.words.len() > 1).count();
        vec![format!(
            "{}: {}, {truncated} with wildcards.",
            counted(self.terms.len(), "text word"),
            counted(phrases, "phrase")
        )]
    }

    fn limits(&self) -> Vec<String> {
        match self.limits.is_empty() {
            true => vec!["No limit is in the query: language, date and type of publication are open.".to_owned()],
            false => self.limits.iter().map(|limit| format!("Limit: {limit}.")).collect(),
        }
    }
}

/// Whether a field's words limit a search and do not describe its topic.
fn is_limit(scope: Scope) -> bool {
    const LIMITS: [Field; 3] = [Field::Language, Field::PublicationType, Field::Journal];
    matches!(scope, Scope::Named(set) if set.fields().all(|field| LIMITS.contains(&field)))
}

fn concepts_noted(concepts: &[&Node]) -> Vec<String> {
    let mut notes = vec![match concepts.len() {
        1 => "One concept: nothing is joined by AND at the top.".to_owned(),
        count => format!("{count} concepts joined by AND."),
    }];
    for (number, concept) in concepts.iter().enumerate() {
        const SHOWN: usize = 5;
        let found = Found::of(concept);
        let mut words: Vec<String> = found.terms.iter().take(SHOWN).map(|term| term.to_string()).collect();
        if found.terms.len() > SHOWN {
            words.push("…".to_owned());
        }
        let words = if words.is_empty() { String::new() } else { format!(": {}", words.join(", ")) };
        notes.push(format!(
            "Concept {}: {}, {}{words}",
            number + 1,
            counted(found.terms.len(), "text word"),
            counted(found.headings.len(), "heading")
        ));
    }
    notes
}

fn headings_noted(found: &Found<'_>, concepts: &[&Node], platform: Platform) -> Vec<String> {
    let has_none = [Platform::Wos, Platform::Scopus, Platform::Arxiv, Platform::OpenAlex, Platform::Findpapers];
    if found.headings.is_empty() && has_none.contains(&platform) {
        return vec![format!("{} has no headings of a controlled vocabulary.", platform.title())];
    }
    let mut notes = Vec::new();
    for heading in &found.headings {
        let how = match (heading.explode, heading.major) {
            (true, false) => "with its narrower headings",
            (true, true) => {
                "with its narrower headings, as a main topic only: records that are indexed with it otherwise are missed"
            }
            (false, false) => "without its narrower headings: explode it unless these are not wanted",
            (false, true) => {
                "without its narrower headings, as a main topic only: records that are indexed with it otherwise are missed"
            }
        };
        notes.push(format!("{heading}: {how}."));
        let words = heading.term();
        let is_there =
            words.is_some_and(|words| found.terms.iter().any(|term| super::lints::finds_all_of(term, &words)));
        if !is_there {
            notes.push(format!("No text word stands for {heading}: records that are not indexed yet are missed."));
        }
    }
    for (number, concept) in concepts.iter().enumerate() {
        let inside = Found::of(concept);
        if inside.headings.is_empty() && !inside.terms.is_empty() {
            notes.push(format!("Concept {} has text words and no heading.", number + 1));
        }
        if inside.terms.is_empty() && !inside.headings.is_empty() {
            notes.push(format!("Concept {} has headings and no text word.", number + 1));
        }
    }
    notes
}

fn counted(count: usize, name: &str) -> String {
    if count == 1 { format!("1 {name}") } else { format!("{count} {name}s") }
}

impl Review {
    /// The review as readable text, or in Markdown. `text` is the query.
    pub fn written(&self, text: &str, markdown: bool) -> String {
        let platform: Platform = self.platform.parse().unwrap_or(Platform::Gleaner);
        let mut out = String::new();
        let (mark, bullet) = if markdown { ("## ", "- ") } else { ("", "  - ") };
        if markdown {
            out.push_str(&format!(
                "# Review of a search strategy (PRESS 2015)\n\nRead in the syntax of {}.\n",
                platform.title()
            ));
        } else {
            out.push_str(&format!(
                "Review of a search strategy (PRESS 2015), read in the syntax of {}\n",
                platform.title()
            ));
        }
        for (number, section) in self.sections.iter().enumerate() {
            out.push_str(&format!("\n{mark}{}. {}\n", number + 1, section.title));
            out.push_str(&if markdown {
                format!("*{}*\n\n", section.question)
            } else {
                format!("  {}\n", section.question)
            });
            for note in &section.notes {
                out.push_str(&format!("{bullet}{note}\n"));
            }
            for told in &section.diagnostics {
                out.push_str(&format!("{bullet}{}\n", one_line(text, told, markdown)));
            }
            if section.notes.is_empty() && section.diagnostics.is_empty() {
                out.push_str(&format!("{bullet}Nothing was found.\n"));
            }
        }
        out
    }
}

/// A finding in a line: how bad, its code, where, what it speaks of.
fn one_line(text: &str, told: &Diagnostic, markdown: bool) -> String {
    const SHOWN: usize = 40;
    let before = text.get(..told.start).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let clause = text.get(told.start..told.end).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    let mut short: String = clause.chars().take(SHOWN).collect();
    if clause.chars().count() > SHOWN {
        short.push('…');
    }
    let severity = format!("{:?}", told.severity).to_lowercase();
    match markdown {
        true => format!(
            "**{severity}** `{}` at {line}:{column}, `{}`: {}",
            told.code,
            short.replace('`', "'"),
            told.message
        ),
        false => format!("{severity}[{}] {line}:{column} `{short}`: {}", told.code, told.message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUERY: &str = "(mesh:\"Volunteers\" OR volunteer* OR \"mutual aid\") AND (wellbeing OR behaviour OR mesh.only:\"Quality of Life\")\nAND (care NEAR/3 (home OR house)) AND date:2020..2023 NOT title:animal*";

    #[test]
    fn a_review_as_it_is_read() {
        let review = review(QUERY, Platform::Gleaner, &[Platform::Scopus]);
        assert!(review.readable && review.sections.len() == 7);
        insta::assert_snapshot!("review_text", review.written(QUERY, false));
        insta::assert_snapshot!("review_markdown", review.written(QUERY, true));
    }

    #[test]
    fn what_cannot_be_read_is_reviewed_too() {
        let review = review("(a OR", Platform::Gleaner, &[]);
        assert!(!review.readable);
        assert!(review.written("(a OR", false).contains("unbalanced-parenthesis"));
        let _ = super::review("", Platform::Gleaner, &[Platform::Wos]).written("", true);
    }
}
