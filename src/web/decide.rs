//! What a person's click does: rows are added, and are on disk before the page answers.

use crate::error::{Failure, Outcome};
use crate::model::{Decider, Stage, Verdict};
use crate::screen::withdrawn;
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

/// What became of a click.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is on disk, under this id (now, or since it was first sent).
    Kept(i64),
    /// Its form was sent before with another verdict, which stands.
    SentBefore,
}

/// Adds a decision. The reviewer's own earlier decisions on other records of the same work are
/// withdrawn: this one is meant for the work as it is now.
pub fn decide(store: &mut Store, reviewer: &str, click: &Click<'_>) -> Outcome<Taken> {
    if let Some(known) = store.decision_by_key(click.idempotency)? {
        let known = known.decision;
        let same = (known.record.as_str(), known.stream.as_str()) == (click.record, click.stream)
            && (known.stage, known.verdict) == (click.stage, click.verdict)
            && (known.reason.as_deref(), known.note.as_deref()) == (click.reason, click.note);
        return Ok(if same { Taken::Kept(known.id) } else { Taken::SentBefore });
    }
    let stored = store.record(click.record)?.ok_or_else(|| Failure::usage(format!("no record {}", click.record)))?;
    let by = Decider::Reviewer(reviewer.to_owned());
    let all = store.decisions_on(stored.work)?;
    let earlier: Vec<&StoredDecision> = active(&all, reviewer)
        .filter(|row| {
            row.record != stored.id && row.decision.stream == click.stream && row.decision.stage == click.stage
        })
        .collect();
    let keys: Vec<String> =
        earlier.iter().map(|row| format!("{}/withdraws/{}", click.idempotency, row.decision.id)).collect();
    // A withdrawal lies with the decision that it withdraws: should the work split, both go together.
    let mut rows: Vec<NewDecision<'_>> = earlier
        .iter()
        .zip(&keys)
        .map(|(row, key)| NewDecision {
            withdraws: Some(row.decision.id),
            idempotency: Some(key),
            ..NewDecision::plain(row.record, click.stream, click.stage, Verdict::Withdraw, &by)
        })
        .collect();
    rows.push(NewDecision {
        reason: click.reason,
        note: click.note,
        idempotency: Some(click.idempotency),
        ..NewDecision::plain(stored.id, click.stream, click.stage, click.verdict, &by)
    });
    let ids = store.decide(&rows)?;
    ids.last().map(|id| Taken::Kept(*id)).ok_or_else(|| Failure::failed("nothing was decided"))
}

/// Withdraws the reviewer's latest decision in a stream that is still in force, and what it had
/// withdrawn comes back; gives the decision undone. The same key again undoes nothing more.
pub fn undo(store: &mut Store, reviewer: &str, stream: &str, idempotency: &str) -> Outcome<Option<StoredDecision>> {
    if let Some(known) = store.decision_by_key(idempotency)? {
        return Ok(known.decision.withdraws.map(|id| store.decision(id)).transpose()?.flatten());
    }
    let all = store.decisions_of(reviewer, stream)?;
    let Some(latest) = active(&all, reviewer).last() else {
        return Ok(None);
    };
    let with_it = store.withdrawals_with(latest.decision.id)?;
    let by = Decider::Reviewer(reviewer.to_owned());
    let withdraw = |row: &StoredDecision| NewDecision {
        withdraws: Some(row.decision.id),
        ..NewDecision::plain(row.record, stream, row.decision.stage, Verdict::Withdraw, &by)
    };
    let mut rows: Vec<NewDecision<'_>> = with_it.iter().map(withdraw).collect();
    rows.push(NewDecision { idempotency: Some(idempotency), ..withdraw(latest) });
    store.decide(&rows)?;
    Ok(Some(latest.clone()))
}

/// A reviewer's decisions that are not withdrawn, oldest first.
fn active<'a>(rows: &'a [StoredDecision], reviewer: &'a str) -> impl Iterator<Item = &'a StoredDecision> {
    let withdrawn = withdrawn(rows.iter().map(|row| &row.decision));
    rows.iter().filter(move |row| {
        row.decision.by == Decider::Reviewer(reviewer.to_owned())
            && row.decision.verdict != Verdict::Withdraw
            && !withdrawn.contains(&row.decision.id)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Record;
    use crate::store::{HitOrigin, ImportedFile, NewRecord};

    /// Two records that are two works of a stream.
    fn store() -> Store {
        let mut store = Store::in_memory().unwrap();
        let records = ["1", "2"].map(|key| Record { source: "a".into(), source_key: key.into(), ..Record::default() });
        let origin = HitOrigin { stream: "s", search: "db", source: "a", refresh: 1, run: None };
        let file = ImportedFile {
            hash: "h",
            name: "f",
            format: "ris",
            records: records.iter().map(|record| NewRecord { record, payload: b"" }).collect(),
            set_aside: &[],
        };
        store.import(&origin, &file).unwrap();
        store.set_works(&[(1, 1), (2, 2)]).unwrap();
        store
    }

    fn click<'a>(record: &'a str, verdict: Verdict, key: &'a str) -> Click<'a> {
        Click { stream: "s", stage: Stage::Abstract, verdict, reason: None, note: None, record, idempotency: key }
    }

    fn in_force(store: &Store) -> Vec<(String, Verdict)> {
        let rows = store.decisions().unwrap();
        active(&rows, "ann").map(|row| (row.decision.record.clone(), row.decision.verdict)).collect()
    }

    #[test]
    fn a_form_sent_twice_counts_once_and_another_verdict_on_it_is_refused() {
        let mut store = store();
        let first = decide(&mut store, "ann", &click("a:1", Verdict::Include, "k")).unwrap();
        assert_eq!(decide(&mut store, "ann", &click("a:1", Verdict::Include, "k")).unwrap(), first);
        assert_eq!(decide(&mut store, "ann", &click("a:1", Verdict::Exclude, "k")).unwrap(), Taken::SentBefore);
        assert_eq!(decide(&mut store, "ann", &click("a:2", Verdict::Include, "k")).unwrap(), Taken::SentBefore);
        assert_eq!(in_force(&store), [("a:1".to_owned(), Verdict::Include)]);
    }

    #[test]
    fn an_undo_sent_twice_undoes_one_decision() {
        let mut store = store();
        decide(&mut store, "ann", &click("a:1", Verdict::Include, "k1")).unwrap();
        decide(&mut store, "ann", &click("a:2", Verdict::Include, "k2")).unwrap();
        for _ in 0..2 {
            let undone = undo(&mut store, "ann", "s", "u").unwrap().unwrap();
            assert_eq!(undone.decision.record, "a:2");
        }
        assert_eq!(in_force(&store), [("a:1".to_owned(), Verdict::Include)]);
        assert!(undo(&mut store, "bob", "s", "v").unwrap().is_none(), "nobody undoes another's decision");
    }

    #[test]
    fn undoing_the_settling_of_a_conflict_brings_the_conflict_back() {
        let mut store = store();
        decide(&mut store, "ann", &click("a:1", Verdict::Include, "k1")).unwrap();
        decide(&mut store, "ann", &click("a:2", Verdict::Exclude, "k2")).unwrap();
        store.set_works(&[(2, 1)]).unwrap();
        let conflict = in_force(&store);
        assert_eq!(conflict.len(), 2);
        decide(&mut store, "ann", &click("a:1", Verdict::Include, "k3")).unwrap();
        assert!(!in_force(&store).contains(&("a:2".to_owned(), Verdict::Exclude)));
        // Should the work split again, the withdrawal lies with what it withdraws.
        let rows = store.decisions().unwrap();
        let withdrawal = rows.iter().find(|row| row.decision.verdict == Verdict::Withdraw).unwrap();
        assert_eq!(withdrawal.decision.record, "a:2");
        undo(&mut store, "ann", "s", "u").unwrap();
        assert_eq!(in_force(&store), conflict);
    }
}
