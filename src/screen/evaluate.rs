//! A stage's rules on one work.

use super::{Rule, RuleSet, WorkView};
use crate::config::{Effect, Pass, Test};
use crate::model::{Evidence, Record, Truth, Verdict};
use crate::text;

/// The most words that one criterion's evidence names.
const MAX_EVIDENCE: usize = 40;

/// How a work does on one criterion.
#[derive(Clone, Debug, PartialEq)]
pub struct CriterionResult {
    /// True passes, false fails, unknown does not act.
    pub passes: Truth,
    pub evidence: Vec<Evidence>,
}

/// What a stage's rules say of a work.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// `Exclude`, `Include` (advances by rule) or `Flag` (a person decides).
    pub verdict: Verdict,
    /// The first failing criterion in config order: its id and its reason.
    pub criterion: Option<String>,
    pub reason: Option<String>,
    /// The reasons of the other failing criteria, in config order.
    pub secondary: Vec<String>,
    pub evidence: Vec<Evidence>,
}

/// Judges a work by a stage's rules.
pub fn judge(rules: &RuleSet, work: &WorkView<'_>) -> Judgement {
    let mut primary: Option<(&Rule, Vec<Evidence>)> = None;
    let mut flagged: Option<(&Rule, Vec<Evidence>)> = None;
    let mut secondary = Vec::new();
    let mut passed = Vec::new();
    for rule in &rules.rules {
        let result = evaluate(rule, rules, work);
        match (rule.criterion.effect, result.passes) {
            (Effect::Exclude, Truth::False) if primary.is_none() => primary = Some((rule, result.evidence)),
            (Effect::Exclude, Truth::False) if !secondary.contains(&rule.criterion.reason) => {
                secondary.push(rule.criterion.reason.clone());
            }
            (Effect::Flag, Truth::False) if flagged.is_none() => flagged = Some((rule, result.evidence)),
            (_, Truth::True) => passed.extend(result.evidence),
            _ => {}
        }
    }
    let (verdict, decisive) = match (primary, flagged, rules.pass) {
        (Some(primary), ..) => (Verdict::Exclude, Some(primary)),
        (None, Some(flagged), _) => (Verdict::Flag, Some(flagged)),
        (None, None, Pass::Rule) => (Verdict::Include, None),
        (None, None, Pass::Person) => (Verdict::Flag, None),
    };
    let (criterion, reason, evidence) = match decisive {
        Some((rule, evidence)) => (Some(rule.criterion.id.clone()), Some(rule.criterion.reason.clone()), evidence),
        None => (None, None, passed),
    };
    Judgement { verdict, criterion, reason, secondary, evidence }
}

/// How a work does on each of a stage's criteria, in their order.
pub fn evaluate_all(rules: &RuleSet, work: &WorkView<'_>) -> Vec<CriterionResult> {
    rules.rules.iter().map(|rule| evaluate(rule, rules, work)).collect()
}

fn evaluate(rule: &Rule, rules: &RuleSet, work: &WorkView<'_>) -> CriterionResult {
    let id = &rule.criterion.id;
    match &rule.criterion.test {
        Test::Query { fails_on_match, .. } => by_query(rule, *fails_on_match, work),
        Test::Types(wanted) => by_members(work, id, "types", |record| {
            (!record.types.is_empty()).then(|| record.types.iter().any(|kind| wanted.contains(kind)))
        }),
        Test::Languages(wanted) => by_members(work, id, "languages", |record| {
            (!record.languages.is_empty()).then(|| record.languages.iter().any(|language| wanted.contains(language)))
        }),
        Test::Window => {
            let dates = work.dates();
            let passes = rules.window.holds(&dates);
            let shown: Vec<String> = dates.iter().map(ToString::to_string).collect();
            let evidence =
                if passes == Truth::False { vec![work.whole(id, "dates", shown.join("; "))] } else { Vec::new() };
            CriterionResult { passes, evidence }
        }
        Test::Countries(countries) => by_countries(rule, countries, work),
    }
}

fn by_query(rule: &Rule, fails_on_match: bool, work: &WorkView<'_>) -> CriterionResult {
    let Some(matcher) = &rule.matcher else { return CriterionResult { passes: Truth::Unknown, evidence: Vec::new() } };
    let found = matcher.evaluate(&work.fields());
    let long_enough = work.text_length() >= rule.criterion.min_text;
    let passes = match (long_enough, fails_on_match) {
        (false, _) => Truth::Unknown,
        (true, false) => found.value,
        (true, true) => !found.value,
    };
    let mut evidence: Vec<Evidence> =
        found.hits.iter().take(MAX_EVIDENCE).map(|hit| work.evidence(&rule.criterion.id, hit)).collect();
    if passes == Truth::False && !fails_on_match {
        for field in ["title", "abstract", "fulltext"] {
            let present = match field {
                "title" => work.merged.title.is_some(),
                "abstract" => work.merged.abstract_text.is_some(),
                _ => work.full_text.is_some() || work.body().is_some(),
            };
            if present {
                evidence.push(work.whole(&rule.criterion.id, field, "does not match"));
            }
        }
    }
    CriterionResult { passes, evidence }
}

/// A rule on type or language acts only if every record with a known value fails.
fn by_members(
    work: &WorkView<'_>,
    criterion: &str,
    field: &str,
    passes: impl Fn(&Record) -> Option<bool>,
) -> CriterionResult {
    let known: Vec<bool> = work.members.iter().filter_map(|record| passes(record)).collect();
    let passes = if known.is_empty() { Truth::Unknown } else { Truth::from(known.contains(&true)) };
    let mut evidence = Vec::new();
    if passes == Truth::False {
        for record in work.members {
            let values: Vec<String> = match field {
                "types" => record.types.iter().map(|kind| kind.name().to_owned()).collect(),
                _ => record.languages.clone(),
            };
            if !values.is_empty() {
                let text = values.join("; ");
                evidence.push(Evidence {
                    criterion: criterion.to_owned(),
                    record: record.key(),
                    field: field.to_owned(),
                    field_hash: crate::ids::sha256_hex(text.as_bytes()),
                    start: 0,
                    end: 0,
                    what: text,
                });
            }
        }
    }
    CriterionResult { passes, evidence }
}

/// A study setting named in the text; it can only flag, since a text need not name its country.
fn by_countries(rule: &Rule, countries: &[String], work: &WorkView<'_>) -> CriterionResult {
    let fields = work.fields();
    let text: String =
        [fields.title, fields.abstract_text, fields.full_text].into_iter().flatten().collect::<Vec<_>>().join(" ");
    if text.chars().count() < rule.criterion.min_text.max(1) {
        return CriterionResult { passes: Truth::Unknown, evidence: Vec::new() };
    }
    let padded = format!(" {} ", text::words(&text).join(" "));
    let named = countries.iter().any(|country| {
        let country = text::words(country).join(" ");
        !country.is_empty() && padded.contains(&format!(" {country} "))
    });
    CriterionResult { passes: Truth::from(named), evidence: Vec::new() }
}
