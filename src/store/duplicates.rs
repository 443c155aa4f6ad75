//! What people said of duplicates, links between works, and how the last deduplication can be undone.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{OptionalExtension, params};

use super::{Store, StoreError, StoreResult, now};
use crate::model::{DuplicateRuling, RelationKind, RulingAction};

/// A ruling to add.
#[derive(Clone, Copy, Debug)]
pub struct NewRuling<'a> {
    pub action: RulingAction,
    pub kind: Option<RelationKind>,
    pub by: &'a str,
    pub why: &'a str,
    /// Record ids, as [`DuplicateRuling::sides`].
    pub sides: &'a [Vec<i64>],
    pub withdraws: Option<i64>,
    /// The client's key: the same key again adds nothing and gives the same row.
    pub idempotency: Option<&'a str>,
}

/// A ruling as stored, with its records' ids.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredRuling {
    pub ruling: DuplicateRuling,
    pub sides: Vec<Vec<i64>>,
}

/// A link between works that are no duplicates, by record ids: `a` is the preprint, the erratum … of `b`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelationRow {
    pub a: i64,
    pub b: i64,
    pub kind: RelationKind,
    pub rule: String,
    pub why: String,
}

/// A link between records by their ids; see [`super::LinkRow`].
#[derive(Clone, Debug, PartialEq)]
pub struct LinkIds {
    pub a: i64,
    pub b: i64,
    pub rule: String,
    pub score: f64,
    pub why: String,
}

/// A deduplication that changed something.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct DedupeRun {
    pub id: i64,
    /// The last ruling that there was when it began; 0 for none.
    pub rulings: i64,
    /// Records that changed their work.
    pub changed: i64,
    pub ended_at: String,
}

const LINK_IDS: &str = "SELECT a, b, rule, score, why FROM link";

fn link(row: &rusqlite::Row<'_>) -> rusqlite::Result<LinkIds> {
    Ok(LinkIds { a: row.get(0)?, b: row.get(1)?, rule: row.get(2)?, score: row.get(3)?, why: row.get(4)? })
}

impl Store {
    /// Adds a ruling; on return it is on disk. Gives its id.
    pub fn rule_on_duplicates(&mut self, new: &NewRuling<'_>) -> StoreResult<i64> {
        let transaction = self.connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        if let Some(key) = new.idempotency {
            let known: Option<i64> = transaction
                .prepare_cached("SELECT id FROM duplicate_ruling WHERE idempotency = ?1")?
                .query_row([key], |row| row.get(0))
                .optional()?;
            if let Some(id) = known {
                return Ok(id);
            }
        }
        transaction
            .prepare_cached(
                "INSERT INTO duplicate_ruling (action, kind, reviewer, why, withdraws, idempotency, at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                new.action.name(),
                new.kind.map(RelationKind::name),
                new.by,
                new.why,
                new.withdraws,
                new.idempotency,
                now()
            ])?;
        let id = transaction.last_insert_rowid();
        for (side, records) in new.sides.iter().enumerate() {
            for record in records {
                transaction
                    .prepare_cached("INSERT INTO duplicate_ruling_record (ruling, record, side) VALUES (?1, ?2, ?3)")?
                    .execute(params![id, record, side as i64])?;
            }
        }
        transaction.commit()?;
        Ok(id)
    }

    /// Every ruling, withdrawals too, oldest first.
    pub fn rulings(&self) -> StoreResult<Vec<StoredRuling>> {
        type Sides = BTreeMap<i64, Vec<(i64, String)>>;
        let mut sides: HashMap<i64, Sides> = HashMap::new();
        let mut statement = self.connection.prepare_cached(
            "SELECT s.ruling, s.side, s.record, r.key FROM duplicate_ruling_record s JOIN record r ON r.id = s.record
             ORDER BY s.ruling, s.side, r.key",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (ruling, side): (i64, i64) = (row.get(0)?, row.get(1)?);
            sides.entry(ruling).or_default().entry(side).or_default().push((row.get(2)?, row.get(3)?));
        }
        let mut statement = self.connection.prepare_cached(
            "SELECT id, action, kind, reviewer, why, withdraws, at FROM duplicate_ruling ORDER BY id",
        )?;
        let mut rows = statement.query([])?;
        let mut rulings = Vec::new();
        while let Some(row) = rows.next()? {
            let (id, action, kind): (i64, String, Option<String>) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let unknown = || StoreError::Corrupt(format!("ruling {id}: action {action}, kind {kind:?}"));
            let of_ruling: Vec<Vec<(i64, String)>> = sides.remove(&id).unwrap_or_default().into_values().collect();
            rulings.push(StoredRuling {
                ruling: DuplicateRuling {
                    id,
                    action: RulingAction::read(&action).ok_or_else(unknown)?,
                    kind: kind.as_deref().map(|kind| RelationKind::read(kind).ok_or_else(unknown)).transpose()?,
                    by: row.get(3)?,
                    why: row.get(4)?,
                    sides: of_ruling.iter().map(|side| side.iter().map(|(_, key)| key.clone()).collect()).collect(),
                    withdraws: row.get(5)?,
                    at: row.get(6)?,
                },
                sides: of_ruling.iter().map(|side| side.iter().map(|(id, _)| *id).collect()).collect(),
            });
        }
        Ok(rulings)
    }

    /// The ruling that a client's key stands for.
    pub fn ruling_by_key(&self, idempotency: &str) -> StoreResult<Option<StoredRuling>> {
        let id: Option<i64> = self
            .connection
            .prepare_cached("SELECT id FROM duplicate_ruling WHERE idempotency = ?1")?
            .query_row([idempotency], |row| row.get(0))
            .optional()?;
        Ok(id.and_then(|id| self.rulings().ok()?.into_iter().find(|ruling| ruling.ruling.id == id)))
    }

    /// The links between works as the last deduplication found them.
    pub fn relations(&self) -> StoreResult<Vec<RelationRow>> {
        let mut statement =
            self.connection.prepare_cached("SELECT a, b, kind, rule, why FROM relation ORDER BY a, b, kind")?;
        let mut rows = statement.query([])?;
        let mut relations = Vec::new();
        while let Some(row) = rows.next()? {
            let kind: String = row.get(2)?;
            let kind = RelationKind::read(&kind).ok_or_else(|| StoreError::Corrupt(format!("link of kind {kind}")))?;
            relations.push(RelationRow { a: row.get(0)?, b: row.get(1)?, kind, rule: row.get(3)?, why: row.get(4)? });
        }
        Ok(relations)
    }

    /// Replaces the links between works: only what changed is written, in short transactions.
    pub fn set_relations(&mut self, relations: &[RelationRow]) -> StoreResult<()> {
        let mut known: HashMap<(i64, i64, RelationKind), RelationRow> =
            self.relations()?.into_iter().map(|row| ((row.a, row.b, row.kind), row)).collect();
        let new: Vec<&RelationRow> =
            relations.iter().filter(|row| known.remove(&(row.a, row.b, row.kind)).as_ref() != Some(*row)).collect();
        for part in new.chunks(500) {
            let transaction = self.connection.transaction()?;
            for row in part {
                transaction
                    .prepare_cached(
                        "INSERT OR REPLACE INTO relation (a, b, kind, rule, why) VALUES (?1, ?2, ?3, ?4, ?5)",
                    )?
                    .execute(params![row.a, row.b, row.kind.name(), row.rule, row.why])?;
            }
            transaction.commit()?;
        }
        let gone: Vec<(i64, i64, RelationKind)> = known.into_keys().collect();
        for part in gone.chunks(500) {
            let transaction = self.connection.transaction()?;
            for (a, b, kind) in part {
                transaction
                    .prepare_cached("DELETE FROM relation WHERE a = ?1 AND b = ?2 AND kind = ?3")?
                    .execute(params![a, b, kind.name()])?;
            }
            transaction.commit()?;
        }
        Ok(())
    }

    /// The pairs that wait for a person, as the rules found them, by record ids.
    pub fn possible_links(&self) -> StoreResult<Vec<LinkIds>> {
        let mut statement = self.connection.prepare_cached(&format!("{LINK_IDS} WHERE possible ORDER BY a, b"))?;
        let rows = statement.query_map([], link)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The links of the rules' clusters that name a record.
    pub fn merges_of(&self, record: i64) -> StoreResult<Vec<LinkIds>> {
        let mut statement =
            self.connection.prepare_cached(&format!("{LINK_IDS} WHERE (a = ?1 OR b = ?1) AND NOT possible"))?;
        let rows = statement.query_map([record], link)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The work of a record.
    pub fn work_of(&self, record: i64) -> StoreResult<i64> {
        Ok(self
            .connection
            .prepare_cached("SELECT coalesce(work, id) FROM record WHERE id = ?1")?
            .query_row([record], |row| row.get(0))?)
    }

    /// Begins a deduplication: from here on what it changes is kept. One that was killed goes on.
    pub fn begin_dedupe(&mut self) -> StoreResult<i64> {
        let open = "SELECT id FROM dedupe_run WHERE ended_at IS NULL";
        if let Some(id) = self.connection.query_row(open, [], |row| row.get(0)).optional()? {
            return Ok(id);
        }
        self.connection.execute(
            "INSERT INTO dedupe_run (rulings, first_new, begun_at)
             VALUES ((SELECT coalesce(max(id), 0) FROM duplicate_ruling), (SELECT min(id) FROM record WHERE work IS NULL), ?1)",
            [now()],
        )?;
        Ok(self.connection.last_insert_rowid())
    }

    /// Ends a deduplication. One that changed nothing leaves the one before to be undone.
    pub fn end_dedupe(&mut self, run: i64, changed: usize) -> StoreResult<()> {
        let transaction = self.connection.transaction()?;
        let told: bool = transaction.query_row(
            "SELECT EXISTS (SELECT 1 FROM dedupe_work_before WHERE run = ?1) OR EXISTS (SELECT 1 FROM dedupe_link_before WHERE run = ?1)
                 OR EXISTS (SELECT 1 FROM dedupe_relation_before WHERE run = ?1)
                 OR EXISTS (SELECT 1 FROM dedupe_run WHERE id = ?1 AND first_new IS NOT NULL)",
            [run],
            |row| row.get(0),
        )?;
        if told {
            transaction.execute(
                "UPDATE dedupe_run SET ended_at = ?2, changed = ?3 WHERE id = ?1",
                params![run, now(), changed as i64],
            )?;
        }
        let (gone, limit) = if told { ("run < ?1", "id < ?1") } else { ("run = ?1", "id = ?1") };
        for table in ["dedupe_work_before", "dedupe_link_before", "dedupe_relation_before"] {
            transaction.execute(&format!("DELETE FROM {table} WHERE {gone}"), [run])?;
        }
        transaction.execute(&format!("DELETE FROM dedupe_run WHERE {limit}"), [run])?;
        transaction.commit()?;
        Ok(())
    }

    /// The last deduplication that changed something and was not undone.
    pub fn last_dedupe(&self) -> StoreResult<Option<DedupeRun>> {
        let sql = "SELECT id, rulings, changed, coalesce(ended_at, begun_at) FROM dedupe_run ORDER BY id DESC LIMIT 1";
        let read = |row: &rusqlite::Row<'_>| {
            Ok(DedupeRun { id: row.get(0)?, rulings: row.get(1)?, changed: row.get(2)?, ended_at: row.get(3)? })
        };
        Ok(self.connection.query_row(sql, [], read).optional()?)
    }

    /// Puts works and links back as they were before a run. In short transactions, each of which forgets what it
    /// put back: killed between, the same call does the rest.
    pub fn undo_dedupe(&mut self, run: i64) -> StoreResult<usize> {
        // From here on nothing is kept any more.
        self.connection
            .execute("UPDATE dedupe_run SET ended_at = coalesce(ended_at, begun_at) WHERE id = ?1", [run])?;
        let mut put_back = 0;
        // Records that the run saw first had no work.
        loop {
            let changed = self.connection.execute(
                "UPDATE record SET work = NULL WHERE id IN
                   (SELECT r.id FROM record r WHERE r.id >= (SELECT first_new FROM dedupe_run WHERE id = ?1) AND r.work IS NOT NULL
                      AND NOT EXISTS (SELECT 1 FROM dedupe_work_before WHERE run = ?1 AND record = r.id) LIMIT 500)",
                [run],
            )?;
            put_back += changed;
            if changed == 0 {
                break;
            }
        }
        self.connection.execute("UPDATE dedupe_run SET first_new = NULL WHERE id = ?1", [run])?;
        let part = "(SELECT record FROM dedupe_work_before WHERE run = ?1 ORDER BY record LIMIT 500)";
        let steps: [(&[String], &str); 3] = [
            (
                &[
                    format!(
                        "UPDATE record SET work = (SELECT work FROM dedupe_work_before WHERE run = ?1 AND record = record.id)
                         WHERE id IN {part}"
                    ),
                    format!("DELETE FROM dedupe_work_before WHERE run = ?1 AND record IN {part}"),
                ],
                "dedupe_work_before",
            ),
            (
                &[
                    "DELETE FROM link WHERE EXISTS (SELECT 1 FROM dedupe_link_before l
                       WHERE l.run = ?1 AND l.a = link.a AND l.b = link.b AND l.possible = link.possible)"
                        .to_owned(),
                    "INSERT INTO link SELECT a, b, possible, rule, score, why FROM dedupe_link_before WHERE run = ?1 AND rule IS NOT NULL"
                        .to_owned(),
                    "DELETE FROM dedupe_link_before WHERE run = ?1".to_owned(),
                ],
                "dedupe_link_before",
            ),
            (
                &[
                    "DELETE FROM relation WHERE EXISTS (SELECT 1 FROM dedupe_relation_before l
                       WHERE l.run = ?1 AND l.a = relation.a AND l.b = relation.b AND l.kind = relation.kind)"
                        .to_owned(),
                    "INSERT INTO relation SELECT a, b, kind, rule, why FROM dedupe_relation_before WHERE run = ?1 AND rule IS NOT NULL"
                        .to_owned(),
                    "DELETE FROM dedupe_relation_before WHERE run = ?1".to_owned(),
                ],
                "dedupe_relation_before",
            ),
        ];
        for (statements, table) in steps {
            let left = format!("SELECT EXISTS (SELECT 1 FROM {table} WHERE run = ?1)");
            while self.connection.query_row(&left, [run], |row| row.get::<_, bool>(0))? {
                let transaction = self.connection.transaction()?;
                for (index, statement) in statements.iter().enumerate() {
                    let changed = transaction.execute(statement, [run])?;
                    put_back += if table == "dedupe_work_before" && index == 0 { changed } else { 0 };
                }
                transaction.commit()?;
            }
        }
        self.connection.execute("DELETE FROM dedupe_run WHERE id = ?1", [run])?;
        Ok(put_back)
    }
}
