//! Records, hits, clusters and filled abstracts.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Store, StoreResult, from_json, json, now, payloads};
use crate::ids::sha256_hex;
use crate::model::Record;

/// A record to store, with its own part of the payload (secrets replaced already).
#[derive(Clone, Copy, Debug)]
pub struct NewRecord<'a> {
    pub record: &'a Record,
    pub payload: &'a [u8],
}

/// A record as stored; an abstract filled from elsewhere stands in it, marked by `abstract_source`.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredRecord {
    pub id: i64,
    pub key: String,
    /// The id of its work's record with the smallest key.
    pub work: i64,
    pub record: Record,
    /// The hash of its payload.
    pub payload: Option<String>,
}

/// What storing a record did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordChange {
    New,
    Same,
    /// The source says something else than before; the earlier state is kept as a version.
    Changed,
}

/// Which search found a record.
#[derive(Clone, Copy, Debug)]
pub struct HitOrigin<'a> {
    pub stream: &'a str,
    pub search: &'a str,
    /// For submissions and imports the search's id.
    pub source: &'a str,
    pub refresh: i64,
    pub run: Option<i64>,
}

const RECORD_COLUMNS: &str = "r.id, r.key, coalesce(r.work, r.id), r.data, r.payload, f.source, f.text";
const RECORD_TABLES: &str = "record r LEFT JOIN filled_abstract f ON f.record = r.id";

fn stored(row: &Row<'_>) -> rusqlite::Result<(StoredRecord, Option<super::StoreError>)> {
    let data: String = row.get(3)?;
    let (mut record, error) = match from_json::<Record>(&data) {
        Ok(record) => (record, None),
        Err(error) => (Record::default(), Some(error)),
    };
    let filled: (Option<String>, Option<String>) = (row.get(5)?, row.get(6)?);
    if let (None, (Some(source), Some(text))) = (&record.abstract_text, filled) {
        record.abstract_text = Some(text);
        record.abstract_source = Some(source);
    }
    Ok((StoredRecord { id: row.get(0)?, key: row.get(1)?, work: row.get(2)?, record, payload: row.get(4)? }, error))
}

fn collect(
    rows: impl Iterator<Item = rusqlite::Result<(StoredRecord, Option<super::StoreError>)>>,
) -> StoreResult<Vec<StoredRecord>> {
    rows.map(|row| match row? {
        (record, None) => Ok(record),
        (_, Some(error)) => Err(error),
    })
    .collect()
}

/// Why two records are one work, or might be.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct LinkRow {
    /// The records' keys.
    pub a: String,
    pub b: String,
    pub rule: String,
    pub score: f64,
    pub why: String,
}

/// A record's id, key and work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordKey {
    pub id: i64,
    pub key: String,
    pub work: i64,
}

/// A distinct hit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredHit {
    pub stream: String,
    pub search: String,
    pub source: String,
    pub record: i64,
    pub refresh: i64,
}

/// Stores a record within a transaction; gives its id and what changed.
pub(super) fn save(connection: &Connection, new: NewRecord<'_>, refresh: i64) -> StoreResult<(i64, RecordChange)> {
    let data = json(new.record)?;
    let data_hash = sha256_hex(data.as_bytes());
    let key = new.record.key();
    let known: Option<(i64, String, String, Option<String>)> = connection
        .prepare_cached("SELECT id, data_hash, data, payload FROM record WHERE key = ?1")?
        .query_row([&key], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
        .optional()?;
    match known {
        Some((id, hash, ..)) if hash == data_hash => Ok((id, RecordChange::Same)),
        Some((id, old_hash, old_data, old_payload)) => {
            let before: Record = from_json(&old_data)?;
            let after = with_what_was_known(&old_data, &data)?;
            let data = json(&after)?;
            let data_hash = sha256_hex(data.as_bytes());
            if data_hash == old_hash {
                return Ok((id, RecordChange::Same));
            }
            let payload = payloads::put(connection, new.payload)?;
            let at = now();
            connection
                .prepare_cached(
                    "INSERT INTO record_version (record, data, data_hash, payload, replaced_at) VALUES (?1, ?2, ?3, ?4, ?5)",
                )?
                .execute(params![id, old_data, old_hash, old_payload, at])?;
            connection
                .prepare_cached("UPDATE record SET data = ?2, data_hash = ?3, payload = ?4 WHERE id = ?1")?
                .execute(params![id, data, data_hash, payload])?;
            let kind = change_kind(&before, &after);
            connection
                .prepare_cached("INSERT INTO event (kind, record, detail, refresh, at) VALUES (?1, ?2, ?3, ?4, ?5)")?
                .execute(params![kind, id, changed_fields(&before, &after), refresh, at])?;
            Ok((id, RecordChange::Changed))
        }
        None => {
            let payload = payloads::put(connection, new.payload)?;
            connection
                .prepare_cached(
                    "INSERT INTO record (key, source, data, data_hash, payload, added_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                )?
                .execute(params![key, new.record.source, data, data_hash, payload, now()])?;
            Ok((connection.last_insert_rowid(), RecordChange::New))
        }
    }
}

/// A record as it is given now, with the fields that it had before and that this answer leaves out: a
/// list that names a work in short must not cost it the abstract that a search gave.
fn with_what_was_known(before: &str, after: &str) -> StoreResult<Record> {
    let (before, mut after): (serde_json::Value, serde_json::Value) = (from_json(before)?, from_json(after)?);
    fill_in(&mut after, before);
    serde_json::from_value(after).map_err(|error| super::StoreError::Corrupt(error.to_string()))
}

fn fill_in(after: &mut serde_json::Value, before: serde_json::Value) {
    let (Some(after), serde_json::Value::Object(before)) = (after.as_object_mut(), before) else { return };
    for (name, known) in before {
        match after.get_mut(&name) {
            Some(given) => fill_in(given, known),
            None => {
                after.insert(name, known);
            }
        }
    }
}

fn change_kind(before: &Record, after: &Record) -> &'static str {
    let retracted = |record: &Record| record.types.contains(&crate::model::WorkType::Retraction);
    if !retracted(before) && retracted(after) {
        "retracted"
    } else if before.abstract_text.is_none() && after.abstract_text.is_some() {
        "late-abstract"
    } else {
        "changed"
    }
}

fn changed_fields(before: &Record, after: &Record) -> String {
    let (Ok(before), Ok(after)) = (serde_json::to_value(before), serde_json::to_value(after)) else {
        return String::new();
    };
    let (Some(before), Some(after)) = (before.as_object(), after.as_object()) else { return String::new() };
    let mut names: Vec<&str> = before.keys().chain(after.keys()).map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    names.retain(|name| before.get(*name) != after.get(*name));
    names.join(", ")
}

/// Notes that a search found a record; true if it is the first time since the last release.
pub(super) fn add_hit(connection: &Connection, origin: &HitOrigin<'_>, record: i64) -> StoreResult<bool> {
    let added = connection
        .prepare_cached(
            "INSERT OR IGNORE INTO hit (stream, search, source, record, refresh, run) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![origin.stream, origin.search, origin.source, record, origin.refresh, origin.run])?;
    Ok(added > 0)
}

impl Store {
    /// Every record, by key.
    pub fn records(&self) -> StoreResult<Vec<StoredRecord>> {
        let mut statement =
            self.connection.prepare(&format!("SELECT {RECORD_COLUMNS} FROM {RECORD_TABLES} ORDER BY r.key"))?;
        collect(statement.query_map([], stored)?)
    }

    /// The record of that key.
    pub fn record(&self, key: &str) -> StoreResult<Option<StoredRecord>> {
        let mut statement = self
            .connection
            .prepare_cached(&format!("SELECT {RECORD_COLUMNS} FROM {RECORD_TABLES} WHERE r.key = ?1"))?;
        Ok(collect(statement.query_map([key], stored)?)?.pop())
    }

    /// The records of one work, by key.
    pub fn members(&self, work: i64) -> StoreResult<Vec<StoredRecord>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {RECORD_COLUMNS} FROM {RECORD_TABLES} WHERE r.work = ?1 OR r.id = ?1 ORDER BY r.key"
        ))?;
        collect(statement.query_map([work], stored)?)
    }

    /// For each record id its work's id, and the other way: only what deduplication changed is written.
    pub fn set_works(&mut self, works: &[(i64, i64)]) -> StoreResult<usize> {
        let mut changed = 0;
        // Short transactions: a decision never waits for a deduplication.
        for part in works.chunks(500) {
            let transaction = self.connection.transaction()?;
            {
                let mut update =
                    transaction.prepare_cached("UPDATE record SET work = ?2 WHERE id = ?1 AND work IS NOT ?2")?;
                for (record, work) in part {
                    changed += update.execute(params![record, work])?;
                }
            }
            transaction.commit()?;
        }
        Ok(changed)
    }

    /// Replaces the links between records: `(a, b, possible, rule, score, why)` by record ids. In short
    /// transactions: killed between, the next deduplication writes the rest.
    pub fn set_links(&mut self, links: &[(i64, i64, bool, &str, f64, &str)]) -> StoreResult<()> {
        let mut known: HashMap<(i64, i64, bool), (String, f64, String)> = HashMap::new();
        {
            let mut read = self.connection.prepare("SELECT a, b, possible, rule, score, why FROM link")?;
            let rows = read.query_map([], |row| {
                Ok(((row.get(0)?, row.get(1)?, row.get(2)?), (row.get(3)?, row.get(4)?, row.get(5)?)))
            })?;
            for row in rows {
                let (key, value) = row?;
                known.insert(key, value);
            }
        }
        let mut new = Vec::new();
        for link in links {
            let (a, b, possible, rule, score, why) = *link;
            let same =
                known.remove(&(a, b, possible)).is_some_and(|old| old.0 == rule && old.1 == score && old.2 == why);
            if !same {
                new.push(link);
            }
        }
        for part in new.chunks(500) {
            let transaction = self.connection.transaction()?;
            {
                let mut put = transaction.prepare_cached(
                    "INSERT OR REPLACE INTO link (a, b, possible, rule, score, why) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                )?;
                for (a, b, possible, rule, score, why) in part {
                    put.execute(params![a, b, possible, rule, score, why])?;
                }
            }
            transaction.commit()?;
        }
        let gone: Vec<(i64, i64, bool)> = known.into_keys().collect();
        for part in gone.chunks(500) {
            let transaction = self.connection.transaction()?;
            {
                let mut drop =
                    transaction.prepare_cached("DELETE FROM link WHERE a = ?1 AND b = ?2 AND possible = ?3")?;
                for (a, b, possible) in part {
                    drop.execute(params![a, b, possible])?;
                }
            }
            transaction.commit()?;
        }
        Ok(())
    }

    /// The links between records of a work (merged), or that name one of them (possible), by key.
    pub fn links(&self, possible: bool) -> StoreResult<Vec<LinkRow>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT ra.key, rb.key, l.rule, l.score, l.why FROM link l JOIN record ra ON ra.id = l.a JOIN record rb ON rb.id = l.b
             WHERE l.possible = ?1 ORDER BY ra.key, rb.key",
        )?;
        let rows = statement.query_map([possible], |row| {
            Ok(LinkRow { a: row.get(0)?, b: row.get(1)?, rule: row.get(2)?, score: row.get(3)?, why: row.get(4)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Records of a stream without an abstract that a source was not yet asked to fill in this
    /// refresh: `(record id, key, DOI)`.
    pub fn unfilled(&self, source: &str, refresh: i64) -> StoreResult<Vec<(i64, String, String)>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT r.id, r.key, json_extract(r.data, '$.identifiers.doi') FROM record r
             WHERE json_extract(r.data, '$.abstract') IS NULL AND json_extract(r.data, '$.identifiers.doi') IS NOT NULL
               AND r.source NOT IN (?1, 'submission')
               AND NOT EXISTS (SELECT 1 FROM filled_abstract f WHERE f.record = r.id)
               AND NOT EXISTS (SELECT 1 FROM record m JOIN filled_abstract f ON f.record = m.id WHERE m.work = r.work)
               AND NOT EXISTS (SELECT 1 FROM record m WHERE m.work = r.work AND json_extract(m.data, '$.abstract') IS NOT NULL)
               AND NOT EXISTS (SELECT 1 FROM fill_attempt a WHERE a.record = r.id AND a.source = ?1 AND a.refresh >= ?2)
             ORDER BY r.key",
        )?;
        let rows = statement.query_map(params![source, refresh], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Notes that `source` was asked for the abstracts of these records, and what it gave
    /// `(record id, text, payload)`.
    pub fn fill(
        &mut self,
        source: &str,
        refresh: i64,
        asked: &[i64],
        found: &[(i64, String, Vec<u8>)],
    ) -> StoreResult<()> {
        let transaction = self.connection.transaction()?;
        for record in asked {
            transaction
                .prepare_cached("INSERT OR REPLACE INTO fill_attempt (record, source, refresh) VALUES (?1, ?2, ?3)")?
                .execute(params![record, source, refresh])?;
        }
        for (record, text, payload) in found {
            let payload = payloads::put(&transaction, payload)?;
            transaction
                .prepare_cached(
                    "INSERT OR IGNORE INTO filled_abstract (record, source, text, payload, at) VALUES (?1, ?2, ?3, ?4, ?5)",
                )?
                .execute(params![record, source, text, payload, now()])?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Every record's id, key and work, by key: the light way to read clusters.
    pub fn record_keys(&self) -> StoreResult<Vec<RecordKey>> {
        let mut statement =
            self.connection.prepare_cached("SELECT id, key, coalesce(work, id) FROM record ORDER BY key")?;
        let rows =
            statement.query_map([], |row| Ok(RecordKey { id: row.get(0)?, key: row.get(1)?, work: row.get(2)? }))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The smallest key of the records with that DOI (in its normal form).
    pub fn key_of_doi(&self, doi: &str) -> StoreResult<Option<String>> {
        Ok(self
            .connection
            .prepare_cached("SELECT min(key) FROM record WHERE json_extract(data, '$.identifiers.doi') = ?1")?
            .query_row([doi], |row| row.get(0))?)
    }

    /// A stream's hits since the last release.
    pub fn hits_of(&self, stream: &str) -> StoreResult<Vec<StoredHit>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT stream, search, source, record, refresh FROM hit
             WHERE release = 0 AND stream = ?1 ORDER BY search, source, record",
        )?;
        let rows = statement.query_map([stream], |row| {
            Ok(StoredHit {
                stream: row.get(0)?,
                search: row.get(1)?,
                source: row.get(2)?,
                record: row.get(3)?,
                refresh: row.get(4)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The searches that hits name: `(stream, search, hits)`.
    pub fn hit_searches(&self) -> StoreResult<Vec<(String, String, i64)>> {
        let mut statement = self
            .connection
            .prepare("SELECT stream, search, count(*) FROM hit GROUP BY stream, search ORDER BY stream, search")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
