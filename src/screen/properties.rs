//! Properties of settling: whatever the order of arrival, the same end.

use proptest::prelude::*;

use super::{InForce, in_force, settle, stage_conflict};
use crate::flow::{Removal, Retrieval, Standing, WorkStanding};
use crate::model::{Decider, Decision, Stage, Verdict};

const STAGES: [Stage; 4] = [Stage::Identification, Stage::Abstract, Stage::Retrieval, Stage::Fulltext];

fn versions() -> InForce {
    InForce {
        identification: ["now".to_owned()].into(),
        abstract_stage: Some("now".into()),
        fulltext: Some("now".into()),
        retrieval: Some("now".into()),
    }
}

/// A decision as a rule (of this or an earlier version) or a person makes it at a stage.
fn decision() -> impl Strategy<Value = Decision> {
    let by = prop_oneof![
        Just(Decider::Rule("now".into())),
        Just(Decider::Rule("before".into())),
        Just(Decider::Reviewer("ann".into())),
        Just(Decider::Reviewer("bob".into())),
    ];
    (by, 0..4usize, 0..3usize, 0..2usize, proptest::option::weighted(0.2, 1..12i64)).prop_map(
        |(by, stage, verdict, record, withdraws)| {
            let stage = STAGES[stage];
            let verdicts = match (stage, by.is_person()) {
                (Stage::Identification, true) => [Verdict::Remove; 3],
                (Stage::Identification, false) => [Verdict::Remove, Verdict::Include, Verdict::Remove],
                (Stage::Retrieval, _) => [Verdict::Close; 3],
                (_, true) => [Verdict::Include, Verdict::Exclude, Verdict::Maybe],
                (_, false) => [Verdict::Include, Verdict::Exclude, Verdict::Flag],
            };
            let withdraws = withdraws.filter(|_| by.is_person());
            Decision {
                id: 0,
                record: ["a:1", "b:2"][record].into(),
                stream: "s".into(),
                stage,
                verdict: if withdraws.is_some() { Verdict::Withdraw } else { verdicts[verdict] },
                criterion: None,
                reason: Some("off topic".into()),
                by,
                evidence: vec![],
                secondary: vec![],
                note: None,
                withdraws,
                at: String::new(),
            }
        },
    )
}

fn decisions() -> impl Strategy<Value = Vec<Decision>> {
    proptest::collection::vec(decision(), 0..12).prop_map(|mut decisions| {
        for (index, decision) in decisions.iter_mut().enumerate() {
            decision.id = index as i64 + 1;
            // A row withdraws an earlier one, or nothing that there is.
            decision.withdraws = decision.withdraws.map(|earlier| earlier.min(decision.id - 1));
        }
        decisions
    })
}

fn standing(decisions: &[Decision], has_document: bool) -> WorkStanding {
    let all: Vec<&Decision> = decisions.iter().collect();
    settle(&in_force(&all, &versions()), has_document)
}

fn by_person(standing: &Standing) -> Option<bool> {
    match standing {
        Standing::Awaiting => None,
        Standing::Advanced { by_person } | Standing::Excluded { by_person, .. } => Some(*by_person),
    }
}

proptest! {
    #[test]
    fn the_order_of_arrival_does_not_matter(
        (decisions, shuffled) in decisions().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
        document in any::<bool>(),
    ) {
        prop_assert_eq!(standing(&decisions, document), standing(&shuffled, document));
    }

    #[test]
    fn a_person_outranks_every_rule(decisions in decisions(), document in any::<bool>()) {
        let all: Vec<&Decision> = decisions.iter().collect();
        let in_force = in_force(&all, &versions());
        let settled = settle(&in_force, document);
        let people = |stage| in_force.iter().any(|row| row.stage == stage && row.by.is_person());
        for (stage, standing) in [(Stage::Abstract, &settled.abstract_stage), (Stage::Fulltext, &settled.fulltext)] {
            if people(stage) {
                prop_assert_ne!(by_person(standing), Some(false));
            }
            if stage_conflict(&in_force, stage).is_some() {
                prop_assert_eq!(standing, &Standing::Awaiting);
            }
        }
        // What a person let through at a later stage no rule keeps out at an earlier one.
        if people(Stage::Fulltext) || people(Stage::Retrieval) {
            prop_assert_ne!(settled.removed, Some(Removal::Automation));
            let by_rule = matches!(settled.abstract_stage, Standing::Excluded { by_person: false, .. });
            prop_assert!(!by_rule);
        }
        // Without the rules nothing that people settled is another way.
        let alone: Vec<Decision> = decisions.iter().filter(|row| row.by.is_person()).cloned().collect();
        let alone = standing(&alone, document);
        if people(Stage::Fulltext) {
            prop_assert_eq!(&settled.fulltext, &alone.fulltext);
        }
        if people(Stage::Abstract) {
            prop_assert_eq!(&settled.abstract_stage, &alone.abstract_stage);
        }
    }

    #[test]
    fn withdrawn_rows_and_old_versions_never_count(decisions in decisions(), document in any::<bool>()) {
        let gone = super::withdrawn(&decisions);
        let all: Vec<&Decision> = decisions.iter().collect();
        let in_force = in_force(&all, &versions());
        for row in &in_force {
            prop_assert!(!gone.contains(&row.id) && row.verdict != Verdict::Withdraw);
            prop_assert_ne!(&row.by, &Decider::Rule("before".into()));
        }
        let left: Vec<Decision> = decisions
            .iter()
            .filter(|row| !gone.contains(&row.id) && row.verdict != Verdict::Withdraw && row.by != Decider::Rule("before".into()))
            .cloned()
            .collect();
        prop_assert_eq!(standing(&left, document), settle(&in_force, document));
    }

    #[test]
    fn a_withdrawal_undone_restores_what_was(decisions in decisions(), document in any::<bool>()) {
        let before = standing(&decisions, document);
        let gone = super::withdrawn(&decisions);
        for row in decisions.iter().filter(|row| row.by.is_person() && !gone.contains(&row.id)) {
            let mut more = decisions.clone();
            let next = more.len() as i64 + 1;
            let withdraw = |id, earlier| Decision { id, verdict: Verdict::Withdraw, withdraws: Some(earlier), ..row.clone() };
            more.push(withdraw(next, row.id));
            more.push(withdraw(next + 1, next));
            prop_assert_eq!(&before, &standing(&more, document));
        }
    }
}

#[test]
fn a_give_up_rule_that_the_stream_no_longer_states_closes_nothing() {
    let close = |by: Decider| Decision {
        id: 1,
        record: "a:1".into(),
        stream: "s".into(),
        stage: Stage::Retrieval,
        verdict: Verdict::Close,
        criterion: None,
        reason: None,
        by,
        evidence: vec![],
        secondary: vec![],
        note: None,
        withdraws: None,
        at: String::new(),
    };
    let retrieval = |by| standing(&[close(by)], false).retrieval;
    assert_eq!(retrieval(Decider::Rule("now".into())), Retrieval::NotRetrieved);
    assert_eq!(retrieval(Decider::Rule("before".into())), Retrieval::Awaiting);
    assert_eq!(retrieval(Decider::Reviewer("ann".into())), Retrieval::NotRetrieved);
}
