//! Nouns in one number only: council without councils.

use super::Subject;
use super::registry::{Code, Severity};
use super::spelling::{last_word, tell_missing};
use crate::query::Platform;
use crate::query::diagnostic::Diagnostic;
use crate::query::term::Word;

pub(super) const CODES: &[Code] = &[Code {
    code: "missing-number",
    severity: Severity::Hint,
    title: "A noun in one number only",
    text: "The singular is looked for and the plural is not, or the other way round, on a platform that looks for \
           words as they are written. Truncate the word, or add the other form. Only nouns that are common in \
           searches are known.",
    example: "title:council AND title:child",
    platform: Platform::Gleaner,
    better: Some("title:council* AND title:(child OR children)"),
    fix: true,
}];

/// Nouns whose plural ends in s, as people screen for them.
const NOUNS: &[&str] = &[
    "adolescent",
    "adult",
    "agency",
    "app",
    "approach",
    "assessment",
    "asset",
    "attitude",
    "authority",
    "barrier",
    "boy",
    "campaign",
    "cancer",
    "carer",
    "caregiver",
    "case",
    "charity",
    "citizen",
    "city",
    "clinic",
    "clinician",
    "cohort",
    "collaboration",
    "college",
    "community",
    "complication",
    "condition",
    "council",
    "country",
    "course",
    "deficit",
    "determinant",
    "device",
    "diagnosis",
    "disability",
    "disease",
    "disorder",
    "doctor",
    "drug",
    "effect",
    "employee",
    "employer",
    "environment",
    "event",
    "experience",
    "facilitator",
    "factor",
    "family",
    "fracture",
    "gene",
    "girl",
    "government",
    "group",
    "guideline",
    "hospital",
    "household",
    "hub",
    "infant",
    "infection",
    "initiative",
    "injury",
    "institution",
    "intervention",
    "judge",
    "law",
    "leader",
    "learner",
    "lesion",
    "manager",
    "medication",
    "medicine",
    "method",
    "midwife",
    "model",
    "mother",
    "neighborhood",
    "neighbourhood",
    "network",
    "newborn",
    "nurse",
    "organisation",
    "organization",
    "outcome",
    "parent",
    "participant",
    "partner",
    "partnership",
    "patient",
    "pharmacist",
    "physician",
    "policy",
    "practitioner",
    "predictor",
    "pregnancy",
    "prisoner",
    "procedure",
    "professional",
    "programme",
    "project",
    "provider",
    "pupil",
    "questionnaire",
    "refugee",
    "region",
    "relationship",
    "resident",
    "resource",
    "review",
    "risk",
    "school",
    "service",
    "setting",
    "smartphone",
    "strategy",
    "student",
    "study",
    "stroke",
    "surgeon",
    "surgery",
    "symptom",
    "system",
    "teacher",
    "teenager",
    "test",
    "therapist",
    "therapy",
    "tool",
    "town",
    "treatment",
    "trial",
    "tumor",
    "tumour",
    "university",
    "vaccine",
    "veteran",
    "village",
    "volunteer",
    "ward",
    "wearable",
    "website",
    "worker",
    "workplace",
    "workshop",
    "father",
    "migrant",
    "migration",
    "neighbor",
    "neighbour",
    "offender",
];
/// Nouns with a plural of their own.
const IRREGULAR: &[(&str, &str)] = &[
    ("child", "children"),
    ("man", "men"),
    ("woman", "women"),
    ("person", "people"),
    ("foot", "feet"),
    ("tooth", "teeth"),
    ("mouse", "mice"),
    ("criterion", "criteria"),
    ("diagnosis", "diagnoses"),
    ("analysis", "analyses"),
    ("midwife", "midwives"),
    ("life", "lives"),
    ("bacterium", "bacteria"),
    ("virus", "viruses"),
    ("fetus", "fetuses"),
    ("foetus", "foetuses"),
];

pub(super) fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if subject.rules.finds_plurals {
        return;
    }
    tell_missing(
        subject,
        "missing-number",
        "the form",
        |words: &[Word]| {
            let (at, word) = last_word(words)?;
            Some((at, other_number(&word.text)?))
        },
        found,
    );
}

/// The plural of a singular that is known, or the singular of its plural.
fn other_number(word: &str) -> Option<String> {
    let lower = word.to_lowercase();
    for (one, many) in IRREGULAR {
        if lower == *one {
            return Some((*many).to_owned());
        }
        if lower == *many {
            return Some((*one).to_owned());
        }
    }
    if NOUNS.contains(&lower.as_str()) {
        return Some(plural(&lower));
    }
    let singular = [lower.strip_suffix('s'), lower.strip_suffix("es")].into_iter().flatten().map(str::to_owned);
    let singular = singular.chain(lower.strip_suffix("ies").map(|stem| format!("{stem}y")));
    singular.filter(|one| NOUNS.contains(&one.as_str())).find(|one| plural(one) == lower)
}

fn plural(word: &str) -> String {
    match word.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        _ if word.ends_with("ch") || word.ends_with('s') => format!("{word}es"),
        _ => format!("{word}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::other_number;

    #[test]
    fn numbers() {
        for (one, many) in [
            ("council", "councils"),
            ("city", "cities"),
            ("child", "children"),
            ("approach", "approaches"),
            ("survey", ""),
            ("boy", "boys"),
        ] {
            let expected = Some(many).filter(|many| !many.is_empty());
            assert_eq!(other_number(one).as_deref(), expected);
            if let Some(many) = expected {
                assert_eq!(other_number(many).as_deref(), Some(one));
            }
        }
        assert_eq!(other_number("news"), None);
    }
}
