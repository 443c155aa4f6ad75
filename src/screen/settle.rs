//! From decisions to how a work stands.

use std::collections::{BTreeMap, BTreeSet};

use crate::flow::{Removal, Retrieval, Standing, WorkStanding};
use crate::model::{Decider, Decision, Stage, Verdict};

/// The rule-set versions whose decisions are in force.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InForce {
    /// The versions of the stream's local matches.
    pub identification: BTreeSet<String>,
    pub abstract_stage: Option<String>,
    pub fulltext: Option<String>,
    /// The give-up rule that the stream states.
    pub retrieval: Option<String>,
}

impl InForce {
    fn holds(&self, stage: Stage, version: &str) -> bool {
        match stage {
            Stage::Identification => self.identification.contains(version),
            Stage::Abstract => self.abstract_stage.as_deref() == Some(version),
            Stage::Fulltext => self.fulltext.as_deref() == Some(version),
            Stage::Retrieval => self.retrieval.as_deref() == Some(version),
        }
    }
}

/// People who disagree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// `(who, the record shown, verdict)`.
    pub votes: Vec<(String, String, Verdict)>,
}

/// The ids of the decisions that are withdrawn. A withdrawal that is itself withdrawn does not count:
/// an undo brings back what the click that it undoes had set aside.
pub fn withdrawn<'a>(decisions: impl IntoIterator<Item = &'a Decision>) -> BTreeSet<i64> {
    let mut withdrawals: Vec<(i64, i64)> =
        decisions.into_iter().filter_map(|decision| Some((decision.id, decision.withdraws?))).collect();
    // The latest first: a row withdraws only earlier ones.
    withdrawals.sort_unstable_by(|a, b| b.cmp(a));
    let mut gone = BTreeSet::new();
    for (by, earlier) in withdrawals {
        if !gone.contains(&by) {
            gone.insert(earlier);
        }
    }
    gone
}

/// The decisions of one work in one stream that are in force: not withdrawn; of each person the latest
/// on each record; of rules the latest of a current version. In the order they were made.
pub fn in_force<'a>(decisions: &[&'a Decision], versions: &InForce) -> Vec<&'a Decision> {
    let withdrawn = withdrawn(decisions.iter().copied());
    let mut latest: BTreeMap<(Stage, Option<&str>, &str), &'a Decision> = BTreeMap::new();
    for decision in decisions {
        if withdrawn.contains(&decision.id) || decision.verdict == Verdict::Withdraw {
            continue;
        }
        let slot = match &decision.by {
            Decider::Reviewer(name) => (decision.stage, Some(name.as_str()), decision.record.as_str()),
            Decider::Rule(version) if versions.holds(decision.stage, version) => (decision.stage, None, ""),
            Decider::Rule(_) => continue,
        };
        match latest.get(&slot) {
            Some(known) if known.id > decision.id => {}
            _ => {
                latest.insert(slot, decision);
            }
        }
    }
    let mut decisions: Vec<&Decision> = latest.into_values().collect();
    decisions.sort_by_key(|decision| decision.id);
    decisions
}

/// Whether people disagree on a work at a stage.
pub fn stage_conflict(in_force: &[&Decision], stage: Stage) -> Option<Conflict> {
    let votes: Vec<&Decision> = votes(in_force, stage);
    let excludes = votes.iter().any(|vote| vote.verdict == Verdict::Exclude);
    let advances = votes.iter().any(|vote| matches!(vote.verdict, Verdict::Include | Verdict::Maybe));
    (excludes && advances).then(|| Conflict {
        votes: votes
            .into_iter()
            .filter_map(|vote| match &vote.by {
                Decider::Reviewer(name) => Some((name.clone(), vote.record.clone(), vote.verdict)),
                Decider::Rule(_) => None,
            })
            .collect(),
    })
}

fn votes<'a>(in_force: &[&'a Decision], stage: Stage) -> Vec<&'a Decision> {
    in_force.iter().copied().filter(|decision| decision.stage == stage && decision.by.is_person()).collect()
}

/// How a work stands in a stream. `has_document`: whether its full text is there.
pub fn settle(in_force: &[&Decision], has_document: bool) -> WorkStanding {
    let abstract_votes = votes(in_force, Stage::Abstract);
    let fulltext_votes = votes(in_force, Stage::Fulltext);
    let closed = |decision: &&&Decision| decision.stage == Stage::Retrieval && decision.verdict == Verdict::Close;
    // Who closed a work as not retrieved had let it through before.
    let later_person =
        !fulltext_votes.is_empty() || in_force.iter().filter(closed).any(|decision| decision.by.is_person());
    let any_person = !abstract_votes.is_empty() || later_person;
    let removed = removal(in_force, any_person);
    let mut abstract_stage = stage_standing(in_force, Stage::Abstract);
    let by_rule_or_open = !matches!(abstract_stage, Standing::Excluded { by_person: true, .. })
        && stage_conflict(in_force, Stage::Abstract).is_none();
    if later_person && by_rule_or_open && !matches!(abstract_stage, Standing::Advanced { .. }) {
        // A person's decision at a later stage shields the earlier ones.
        abstract_stage = Standing::Advanced { by_person: true };
    }
    let closed = in_force.iter().any(|decision| closed(&decision));
    let retrieval = if has_document || !fulltext_votes.is_empty() {
        Retrieval::Retrieved
    } else if closed {
        Retrieval::NotRetrieved
    } else {
        Retrieval::Awaiting
    };
    WorkStanding { removed, abstract_stage, retrieval, fulltext: stage_standing(in_force, Stage::Fulltext) }
}

fn removal(in_force: &[&Decision], any_person: bool) -> Option<Removal> {
    let at: Vec<&&Decision> = in_force.iter().filter(|decision| decision.stage == Stage::Identification).collect();
    if let Some(person) = at.iter().rev().find(|decision| decision.by.is_person()) {
        return (person.verdict == Verdict::Remove).then_some(Removal::Other);
    }
    let rule = at.last()?;
    (rule.verdict == Verdict::Remove && !any_person).then_some(Removal::Automation)
}

fn stage_standing(in_force: &[&Decision], stage: Stage) -> Standing {
    let people = votes(in_force, stage);
    if !people.is_empty() {
        if stage_conflict(in_force, stage).is_some() {
            return Standing::Awaiting;
        }
        if let Some(exclusion) = people.iter().find(|vote| vote.verdict == Verdict::Exclude) {
            return Standing::Excluded { by_person: true, reason: reason(exclusion) };
        }
        let maybe = people.iter().any(|vote| vote.verdict == Verdict::Maybe);
        return if maybe && stage == Stage::Fulltext {
            Standing::Awaiting
        } else {
            Standing::Advanced { by_person: true }
        };
    }
    match in_force.iter().rev().find(|decision| decision.stage == stage) {
        Some(rule) if rule.verdict == Verdict::Exclude => Standing::Excluded { by_person: false, reason: reason(rule) },
        Some(rule) if rule.verdict == Verdict::Include => Standing::Advanced { by_person: false },
        _ => Standing::Awaiting,
    }
}

fn reason(decision: &Decision) -> String {
    decision.reason.clone().filter(|reason| !reason.is_empty()).unwrap_or_else(|| "No reason given".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decision(id: i64, stage: Stage, verdict: Verdict, by: &str) -> Decision {
        let by = match by.strip_prefix("rule ") {
            Some(version) => Decider::Rule(version.into()),
            None => Decider::Reviewer(by.into()),
        };
        Decision {
            id,
            record: "a:1".into(),
            stream: "s".into(),
            stage,
            verdict,
            criterion: None,
            reason: Some("off topic".into()),
            by,
            evidence: vec![],
            secondary: vec![],
            note: None,
            withdraws: None,
            at: String::new(),
        }
    }

    fn standing(decisions: &[Decision], has_document: bool) -> WorkStanding {
        let versions = InForce {
            identification: ["l".to_owned()].into(),
            abstract_stage: Some("v2".into()),
            fulltext: Some("f".into()),
            retrieval: Some("g".into()),
        };
        let all: Vec<&Decision> = decisions.iter().collect();
        settle(&in_force(&all, &versions), has_document)
    }

    #[test]
    fn a_rule_of_an_old_version_is_not_in_force() {
        let old = decision(1, Stage::Abstract, Verdict::Exclude, "rule v1");
        assert_eq!(standing(&[old], false).abstract_stage, Standing::Awaiting);
    }

    #[test]
    fn a_person_outranks_a_rule_and_undo_brings_the_rule_back() {
        let rule = decision(1, Stage::Abstract, Verdict::Exclude, "rule v2");
        let person = decision(2, Stage::Abstract, Verdict::Include, "ann");
        let undo = Decision { withdraws: Some(2), ..decision(3, Stage::Abstract, Verdict::Withdraw, "ann") };
        let both = [rule, person, undo];
        assert_eq!(standing(&both[..2], false).abstract_stage, Standing::Advanced { by_person: true });
        assert!(matches!(standing(&both, false).abstract_stage, Standing::Excluded { by_person: false, .. }));
    }

    #[test]
    fn a_merge_of_include_and_exclude_is_a_conflict() {
        let include = decision(1, Stage::Abstract, Verdict::Include, "ann");
        let exclude = Decision { record: "b:2".into(), ..decision(2, Stage::Abstract, Verdict::Exclude, "ann") };
        assert_eq!(standing(&[include, exclude], false).abstract_stage, Standing::Awaiting);
    }

    #[test]
    fn a_later_decision_of_a_person_shields_the_earlier_stages() {
        let removed = decision(1, Stage::Identification, Verdict::Remove, "rule l");
        let rule = decision(2, Stage::Abstract, Verdict::Exclude, "rule v2");
        let person = decision(3, Stage::Fulltext, Verdict::Include, "ann");
        let all = [removed, rule, person];
        assert_eq!(standing(&all[..2], false).removed, Some(Removal::Automation));
        let shielded = standing(&all, false);
        assert_eq!(shielded.removed, None);
        assert_eq!(shielded.abstract_stage, Standing::Advanced { by_person: true });
        assert_eq!(shielded.retrieval, Retrieval::Retrieved);
    }

    #[test]
    fn a_maybe_goes_forward_at_abstract_and_waits_at_full_text() {
        let early = decision(1, Stage::Abstract, Verdict::Maybe, "ann");
        let late = decision(2, Stage::Fulltext, Verdict::Maybe, "ann");
        assert_eq!(
            standing(std::slice::from_ref(&early), false).abstract_stage,
            Standing::Advanced { by_person: true }
        );
        assert_eq!(standing(&[early, late], true).fulltext, Standing::Awaiting);
    }
}
