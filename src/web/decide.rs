//! What a person's click does: rows are added, and are on disk before the page answers.

use crate::error::{Failure, Outcome};
use crate::model::{Decider, Stage, Verdict};
use crate::store::{NewDecision, Store, StoredDecision};

/// A verdict as the form sends it.
#[derive(Clone, Debug)]
pub struct Click<'a> {
    pub stream: &'a str,
    pub stage: Stage,
    pub verdict: Verdict,
    pub reason: Option<&'a str>,
    pub note: Option<&'a str>,
    /// The key of the record that was shown.
    pub record: &'a str,
    /// The form's own key: sent twice, it counts once.
    pub idempotency: &'a str,
}

/// Adds a decision. The reviewer's own earlier decisions on other records of the same work are
/// withdrawn: this one is meant for the work as it is now.
pub fn decide(store: &mut Store, reviewer: &str, click: &Click<'_>) -> Outcome<i64> {
    let stored = store.record(click.record)?.ok_or_else(|| Failure::failed(format!("no record {}", click.record)))?;
    let by = Decider::Reviewer(reviewer.to_owned());
    let earlier: Vec<i64> = active(&store.decisions_on(stored.work)?, reviewer)
        .filter(|row| {
            row.record != stored.id && row.decision.stream == click.stream && row.decision.stage == click.stage
        })
        .map(|row| row.decision.id)
        .collect();
    let keys: Vec<String> = earlier.iter().map(|id| format!("{}/withdraws/{id}", click.idempotency)).collect();
    let mut rows: Vec<NewDecision<'_>> = earlier
        .iter()
        .zip(&keys)
        .map(|(id, key)| NewDecision {
            withdraws: Some(*id),
            idempotency: Some(key),
            ..NewDecision::plain(stored.id, click.stream, click.stage, Verdict::Withdraw, &by)
        })
        .collect();
    rows.push(NewDecision {
        reason: click.reason,
        note: click.note,
        idempotency: Some(click.idempotency),
        ..NewDecision::plain(stored.id, click.stream, click.stage, click.verdict, &by)
    });
    let ids = store.decide(&rows)?;
    ids.last().copied().ok_or_else(|| Failure::failed("nothing was decided"))
}

/// Withdraws the reviewer's latest decision in a stream that is still in force; gives the key of its record.
pub fn undo(store: &mut Store, reviewer: &str, stream: &str, idempotency: &str) -> Outcome<Option<StoredDecision>> {
    let all = store.decisions()?;
    let Some(latest) = active(&all, reviewer).filter(|row| row.decision.stream == stream).last() else {
        return Ok(None);
    };
    let by = Decider::Reviewer(reviewer.to_owned());
    store.decide(&[NewDecision {
        withdraws: Some(latest.decision.id),
        idempotency: Some(idempotency),
        ..NewDecision::plain(latest.record, stream, latest.decision.stage, Verdict::Withdraw, &by)
    }])?;
    Ok(Some(latest.clone()))
}

/// A reviewer's decisions that are not withdrawn, oldest first.
fn active<'a>(rows: &'a [StoredDecision], reviewer: &'a str) -> impl Iterator<Item = &'a StoredDecision> {
    let withdrawn: std::collections::BTreeSet<i64> = rows.iter().filter_map(|row| row.decision.withdraws).collect();
    rows.iter().filter(move |row| {
        row.decision.by == Decider::Reviewer(reviewer.to_owned())
            && row.decision.verdict != Verdict::Withdraw
            && !withdrawn.contains(&row.decision.id)
    })
}
