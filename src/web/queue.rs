//! Which works stand in which view, in which order, and what a card shows.

use std::collections::BTreeMap;

use super::highlight::{Mark, Piece, excerpts, pieces};
use crate::config::{Effect, Stream, Test};
use crate::dedupe::merged;
use crate::error::Outcome;
use crate::flow::{Retrieval, Standing};
use crate::model::{Decider, Stage, Truth, Verdict};
use crate::pipeline::{Reading, StreamReading, enters_at_abstract};
use crate::screen::{CriterionResult, RuleSet, WorkView, evaluate_all, stage_conflict};

/// A list of works of a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// Undecided: no verdict, a conflict, a flag.
    Waiting,
    /// Advanced by rule: to be confirmed or overruled.
    RuleAdvanced,
    RuleExcluded,
    /// Decided by a person.
    Decided,
    /// Documents still sought (full text only).
    Sought,
}

impl View {
    pub const ALL: [Self; 5] = [Self::Waiting, Self::RuleAdvanced, Self::RuleExcluded, Self::Decided, Self::Sought];

    /// The name in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::RuleAdvanced => "advanced-by-rule",
            Self::RuleExcluded => "excluded-by-rule",
            Self::Decided => "decided",
            Self::Sought => "documents-sought",
        }
    }
    /// The name on the page.
    pub fn title(self) -> &'static str {
        match self {
            Self::Waiting => "Waiting for you",
            Self::RuleAdvanced => "Advanced by rule",
            Self::RuleExcluded => "Excluded by rule",
            Self::Decided => "Decided by a person",
            Self::Sought => "Documents sought",
        }
    }
    /// The view of that name.
    pub fn read(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.name() == name)
    }
}

/// The works of a stage by view, each in the order of their keys.
pub fn views(
    stream: &Stream,
    stage: Stage,
    reading: &Reading,
    of_stream: &StreamReading,
) -> BTreeMap<&'static str, Vec<i64>> {
    let mut lists: BTreeMap<&'static str, Vec<i64>> = BTreeMap::new();
    for (work, owner) in &of_stream.owners {
        let standing = of_stream.standing(*work);
        let at_abstract = enters_at_abstract(stream, *owner);
        if standing.removed.is_some() || (stage == Stage::Abstract && !at_abstract) {
            continue;
        }
        if stage == Stage::Fulltext && at_abstract && !matches!(standing.abstract_stage, Standing::Advanced { .. }) {
            continue;
        }
        let verdict = if stage == Stage::Abstract { &standing.abstract_stage } else { &standing.fulltext };
        let view = match (stage, standing.retrieval, verdict) {
            (Stage::Fulltext, Retrieval::NotRetrieved, _) => continue,
            (Stage::Fulltext, Retrieval::Awaiting, _) => View::Sought,
            (_, _, Standing::Awaiting) => View::Waiting,
            (_, _, Standing::Advanced { by_person: true } | Standing::Excluded { by_person: true, .. }) => {
                View::Decided
            }
            (_, _, Standing::Advanced { by_person: false }) => View::RuleAdvanced,
            (_, _, Standing::Excluded { by_person: false, .. }) => View::RuleExcluded,
        };
        lists.entry(view.name()).or_default().push(*work);
    }
    for list in lists.values_mut() {
        list.sort_by(|a, b| reading.key(*a).cmp(reading.key(*b)));
    }
    lists
}

/// A criterion as the card shows it: a sentence beside the text, not a code.
pub struct CardCriterion {
    pub title: String,
    /// `passes`, `fails` or `unknown`.
    pub result: &'static str,
    /// What that means for the rule.
    pub sentence: String,
}

/// Everything that a card shows.
pub struct Card {
    pub work: String,
    /// The record shown: decisions name it.
    pub record: String,
    pub title: Vec<Piece>,
    pub authors: String,
    pub details: Vec<String>,
    pub abstract_text: Vec<Piece>,
    pub abstract_source: Option<String>,
    pub keywords: Vec<Piece>,
    /// Excerpts of the full text around what matched.
    pub excerpts: Vec<Vec<Piece>>,
    pub document: Option<String>,
    pub links: Vec<(String, String)>,
    pub criteria: Vec<CardCriterion>,
    /// What the rules suggest, in a sentence.
    pub suggestion: Option<String>,
    pub conflict: Option<String>,
    pub history: Vec<String>,
    pub records: usize,
}

/// Assembles the card of a work at a stage. `document` is its full text, at the full-text stage.
pub fn card(
    rules: Option<&RuleSet>,
    stage: Stage,
    work: i64,
    reading: &Reading,
    of_stream: &StreamReading,
    document: Option<(&str, &str)>,
) -> Outcome<Card> {
    let members = reading.members(work);
    let merged = merged(&members);
    let view = WorkView { members: &members, merged: &merged, full_text: document };
    let results = rules.map(|rules| evaluate_all(rules, &view)).unwrap_or_default();
    let marks = |field: &str| -> Vec<Mark> { rules.map(|rules| marks(rules, &results, field)).unwrap_or_default() };
    let cut = |text: Option<&str>, field: &str| text.map(|text| pieces(text, &marks(field))).unwrap_or_default();
    let keywords = merged.keywords.join("; ");
    let body = document.map(|(text, _)| text).or_else(|| view.body());
    let in_force = of_stream.in_force(work);
    let suggestion = in_force.iter().rev().find(|decision| decision.stage == stage && !decision.by.is_person()).map(
        |decision| match (decision.verdict, &decision.reason) {
            (Verdict::Exclude, Some(reason)) => format!("The rules exclude it: {reason}."),
            (Verdict::Include, _) => "The rules let it through.".to_owned(),
            (Verdict::Flag, Some(reason)) => format!("The rules flag it: {reason}."),
            _ => "The rules leave it to you.".to_owned(),
        },
    );
    let history = of_stream.decisions.get(&work).into_iter().flatten().map(|row| {
        let decision = &row.decision;
        let who = match &decision.by {
            Decider::Rule(_) => "a rule",
            Decider::Reviewer(name) => name,
        };
        let reason = decision.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
        format!("{}: {} {} by {who}{reason}", decision.at, decision.stage.name(), decision.verdict.name())
    });
    let mut links: Vec<(String, String)> = Vec::new();
    if let Some(doi) = &merged.identifiers.doi {
        links.push((format!("doi:{doi}"), format!("https://doi.org/{doi}")));
    }
    let web = |url: &&String| url.starts_with("https://") || url.starts_with("http://");
    links.extend(merged.urls.iter().filter(web).take(3).map(|url| (url.clone(), url.clone())));
    Ok(Card {
        work: reading.key(work).to_owned(),
        record: reading.key(work).to_owned(),
        title: cut(merged.title.as_deref().or(Some("(no title)")), "title"),
        authors: authors(&merged),
        details: details(&merged),
        abstract_text: cut(merged.abstract_text.as_deref(), "abstract"),
        abstract_source: merged.abstract_source.clone(),
        keywords: cut((!keywords.is_empty()).then_some(keywords.as_str()), "keywords"),
        excerpts: body.map(|text| excerpts(text, &marks("fulltext"), 220, 12)).unwrap_or_default(),
        document: reading.documents.get(&work).map(|(_, hash)| hash.clone()),
        links,
        criteria: rules.map(|rules| criteria(rules, &results)).unwrap_or_default(),
        suggestion,
        conflict: stage_conflict(&in_force, stage).map(|conflict| {
            let votes: Vec<String> = conflict
                .votes
                .iter()
                .map(|(who, record, verdict)| format!("{who}: {} ({record})", verdict.name()))
                .collect();
            votes.join("; ")
        }),
        history: history.collect(),
        records: members.len(),
    })
}

fn authors(record: &crate::model::Record) -> String {
    let mut names: Vec<String> = record.authors.iter().take(6).map(|author| author.display()).collect();
    if record.authors.len() > 6 {
        names.push(format!("and {} more", record.authors.len() - 6));
    }
    names.join("; ")
}

fn details(record: &crate::model::Record) -> Vec<String> {
    let mut details = Vec::new();
    details.extend(record.venue.clone());
    details.extend(record.dates.iter().min().map(ToString::to_string));
    if !record.types.is_empty() {
        details.push(record.types.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(", "));
    }
    if !record.languages.is_empty() {
        details.push(record.languages.join(", "));
    }
    details
}

/// What matched in a field, over all criteria: an include term where matching passes, an exclude term
/// where it fails.
fn marks(rules: &RuleSet, results: &[CriterionResult], field: &str) -> Vec<Mark> {
    let mut marks = Vec::new();
    for (rule, result) in rules.rules.iter().zip(results) {
        let kind = match &rule.criterion.test {
            Test::Query { fails_on_match: true, .. } => "exclude",
            _ => "include",
        };
        for evidence in
            result.evidence.iter().filter(|evidence| evidence.field == field && evidence.start < evidence.end)
        {
            marks.push(Mark {
                start: evidence.start,
                end: evidence.end,
                kind,
                criterion: rule.criterion.title.clone(),
            });
        }
    }
    marks
}

fn criteria(rules: &RuleSet, results: &[CriterionResult]) -> Vec<CardCriterion> {
    let sentence = |effect: Effect, passes: Truth, reason: &str| match (passes, effect) {
        (Truth::True, _) => "passes".to_owned(),
        (Truth::Unknown, _) => "cannot be told from what is here".to_owned(),
        (Truth::False, Effect::Exclude) => format!("fails: {reason}"),
        (Truth::False, Effect::Flag) => format!("look here: {reason}"),
        (Truth::False, Effect::Order) => "no match (used for the order alone)".to_owned(),
    };
    rules
        .rules
        .iter()
        .zip(results)
        .map(|(rule, result)| CardCriterion {
            title: rule.criterion.title.clone(),
            result: match result.passes {
                Truth::True => "passes",
                Truth::False => "fails",
                Truth::Unknown => "unknown",
            },
            sentence: sentence(rule.criterion.effect, result.passes, &rule.criterion.reason),
        })
        .collect()
}
