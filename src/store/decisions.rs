//! Decisions: rows are only added.

use std::collections::HashMap;

use rusqlite::{OptionalExtension, Row, params};

use super::{Store, StoreError, StoreResult, from_json, json, now};
use crate::model::{Decider, Decision, Evidence, Stage, Verdict};

/// A decision to add.
#[derive(Clone, Debug)]
pub struct NewDecision<'a> {
    /// The id of the record that was shown.
    pub record: i64,
    pub stream: &'a str,
    pub stage: Stage,
    pub verdict: Verdict,
    pub criterion: Option<&'a str>,
    pub reason: Option<&'a str>,
    pub by: &'a Decider,
    pub evidence: &'a [Evidence],
    pub secondary: &'a [String],
    pub note: Option<&'a str>,
    pub withdraws: Option<i64>,
    /// The hash of what a rule looked at.
    pub input: Option<&'a str>,
    /// The client's key: the same key again adds nothing and gives the same row.
    pub idempotency: Option<&'a str>,
}

impl<'a> NewDecision<'a> {
    /// A decision without criterion, reason or evidence.
    pub fn plain(record: i64, stream: &'a str, stage: Stage, verdict: Verdict, by: &'a Decider) -> Self {
        Self {
            record,
            stream,
            stage,
            verdict,
            criterion: None,
            reason: None,
            by,
            evidence: &[],
            secondary: &[],
            note: None,
            withdraws: None,
            input: None,
            idempotency: None,
        }
    }
}

/// A decision as stored, with its record's ids.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredDecision {
    pub decision: Decision,
    pub record: i64,
    /// The id of the record's work.
    pub work: i64,
    pub input: Option<String>,
}

const COLUMNS: &str =
    "d.id, r.key, d.stream, d.stage, d.verdict, d.criterion, d.reason, d.rule, d.reviewer, d.evidence, d.secondary,
    d.note, d.withdraws, d.at, d.record, coalesce(r.work, r.id), d.input";

fn stored(row: &Row<'_>) -> rusqlite::Result<Result<StoredDecision, StoreError>> {
    let (stage, verdict): (String, String) = (row.get(3)?, row.get(4)?);
    let (evidence, secondary): (String, String) = (row.get(9)?, row.get(10)?);
    let (rule, reviewer): (Option<String>, Option<String>) = (row.get(7)?, row.get(8)?);
    let (Some(stage), Some(verdict)) = (Stage::read(&stage), Verdict::read(&verdict)) else {
        return Ok(Err(StoreError::Corrupt(format!("decision of stage {stage}, verdict {verdict}"))));
    };
    let by = match (rule, reviewer) {
        (Some(rule), _) => Decider::Rule(rule),
        (None, reviewer) => Decider::Reviewer(reviewer.unwrap_or_default()),
    };
    let lists = from_json::<Vec<Evidence>>(&evidence).and_then(|evidence| Ok((evidence, from_json(&secondary)?)));
    let (evidence, secondary) = match lists {
        Ok(lists) => lists,
        Err(error) => return Ok(Err(error)),
    };
    Ok(Ok(StoredDecision {
        decision: Decision {
            id: row.get(0)?,
            record: row.get(1)?,
            stream: row.get(2)?,
            stage,
            verdict,
            criterion: row.get(5)?,
            reason: row.get(6)?,
            by,
            evidence,
            secondary,
            note: row.get(11)?,
            withdraws: row.get(12)?,
            at: row.get(13)?,
        },
        record: row.get(14)?,
        work: row.get(15)?,
        input: row.get(16)?,
    }))
}

impl Store {
    /// Adds decisions in one transaction; on return they are on disk. Gives their ids.
    pub fn decide(&mut self, decisions: &[NewDecision<'_>]) -> StoreResult<Vec<i64>> {
        let transaction = self.connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let mut ids = Vec::with_capacity(decisions.len());
        for new in decisions {
            if let Some(key) = new.idempotency {
                let known: Option<i64> = transaction
                    .prepare_cached("SELECT id FROM decision WHERE idempotency = ?1")?
                    .query_row([key], |row| row.get(0))
                    .optional()?;
                if let Some(id) = known {
                    ids.push(id);
                    continue;
                }
            }
            let (rule, reviewer) = match new.by {
                Decider::Rule(version) => (Some(version), None),
                Decider::Reviewer(name) => (None, Some(name)),
            };
            transaction
                .prepare_cached(
                    "INSERT INTO decision (record, stream, stage, verdict, criterion, reason, rule, reviewer, evidence, secondary,
                       note, withdraws, input, idempotency, at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
                )?
                .execute(params![
                    new.record,
                    new.stream,
                    new.stage.name(),
                    new.verdict.name(),
                    new.criterion,
                    new.reason,
                    rule,
                    reviewer,
                    json(&new.evidence)?,
                    json(&new.secondary)?,
                    new.note,
                    new.withdraws,
                    new.input,
                    new.idempotency,
                    now()
                ])?;
            ids.push(transaction.last_insert_rowid());
        }
        transaction.commit()?;
        Ok(ids)
    }

    /// Every decision, in the order they were made.
    pub fn decisions(&self) -> StoreResult<Vec<StoredDecision>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM decision d JOIN record r ON r.id = d.record ORDER BY d.id"
        ))?;
        statement.query_map([], stored)?.map(|row| row?).collect()
    }

    /// The decisions on one work's records, in the order they were made.
    pub fn decisions_on(&self, work: i64) -> StoreResult<Vec<StoredDecision>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM decision d JOIN record r ON r.id = d.record WHERE r.work = ?1 OR r.id = ?1 ORDER BY d.id"
        ))?;
        statement.query_map([work], stored)?.map(|row| row?).collect()
    }

    /// The decisions of one stream, grouped by work, each group in the order they were made.
    pub fn decisions_by_work(&self, stream: &str) -> StoreResult<HashMap<i64, Vec<StoredDecision>>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM decision d JOIN record r ON r.id = d.record WHERE d.stream = ?1 ORDER BY d.id"
        ))?;
        let mut groups: HashMap<i64, Vec<StoredDecision>> = HashMap::new();
        for row in statement.query_map([stream], stored)? {
            let decision = row??;
            groups.entry(decision.work).or_default().push(decision);
        }
        Ok(groups)
    }

    /// A reviewer's decisions in a stream, withdrawals too, in the order they were made.
    pub fn decisions_of(&self, reviewer: &str, stream: &str) -> StoreResult<Vec<StoredDecision>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM decision d JOIN record r ON r.id = d.record
             WHERE d.stream = ?1 AND d.reviewer = ?2 ORDER BY d.id"
        ))?;
        statement.query_map([stream, reviewer], stored)?.map(|row| row?).collect()
    }

    /// The decision that a client's key stands for.
    pub fn decision_by_key(&self, idempotency: &str) -> StoreResult<Option<StoredDecision>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM decision d JOIN record r ON r.id = d.record WHERE d.idempotency = ?1"
        ))?;
        statement.query_row([idempotency], stored).optional()?.transpose()
    }

    /// The withdrawals that came with a decision: rows whose client's key is the decision's with
    /// `/withdraws/…` behind it.
    pub fn withdrawals_with(&self, id: i64) -> StoreResult<Vec<StoredDecision>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM decision k JOIN decision d
               ON d.idempotency > k.idempotency || '/withdraws/' AND d.idempotency < k.idempotency || '/withdraws0'
             JOIN record r ON r.id = d.record WHERE k.id = ?1 ORDER BY d.id"
        ))?;
        statement.query_map([id], stored)?.map(|row| row?).collect()
    }

    /// The searches of a stream that found any record of the work of the record with that key.
    pub fn searches_of(&self, record: &str, stream: &str) -> StoreResult<Vec<String>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT DISTINCT h.search FROM record r JOIN record m ON m.id = r.id OR m.work = r.work
             JOIN hit h ON h.record = m.id WHERE r.key = ?1 AND h.stream = ?2 ORDER BY 1",
        )?;
        let rows = statement.query_map([record, stream], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The decision of that id.
    pub fn decision(&self, id: i64) -> StoreResult<Option<StoredDecision>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM decision d JOIN record r ON r.id = d.record WHERE d.id = ?1"
        ))?;
        statement.query_row([id], stored).optional()?.transpose()
    }

    /// Notes a version of a stage's criteria.
    pub fn note_rule_set(&mut self, version: &str, stream: &str, stage: Stage, rules: &str) -> StoreResult<()> {
        self.connection.execute(
            "INSERT OR IGNORE INTO rule_set (version, stream, stage, rules, at) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![version, stream, stage.name(), rules, now()],
        )?;
        Ok(())
    }
}
