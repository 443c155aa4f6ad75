//! Documents and the attempts to get them.

use std::collections::HashMap;

use rusqlite::{OptionalExtension, params};

use super::{Store, StoreResult, from_json, json, now, payloads};
use crate::fulltext::Document;

/// An attempt to get a record's document.
#[derive(Clone, Copy, Debug)]
pub struct NewAttempt<'a> {
    /// The record for which it was sought.
    pub record: i64,
    pub refresh: i64,
    /// Where the address came from (`europepmc`, `record`, `supplied` …).
    pub origin: &'a str,
    /// Without secrets.
    pub url: &'a str,
    /// `ok`, or a stable name of what went wrong.
    pub outcome: &'a str,
    /// In words, what went wrong.
    pub detail: &'a str,
    /// The document's hash, bytes' size and text, where there is one.
    pub document: Option<(&'a str, usize, &'a Document)>,
}

/// An attempt as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAttempt {
    pub record: String,
    pub refresh: i64,
    pub origin: String,
    pub url: String,
    pub outcome: String,
    pub detail: String,
    pub document: Option<String>,
    pub at: String,
}

impl Store {
    /// Adds attempts (and their documents) in one transaction.
    pub fn add_attempts(&mut self, attempts: &[NewAttempt<'_>]) -> StoreResult<()> {
        let transaction = self.connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        for attempt in attempts {
            if let Some((hash, size, document)) = attempt.document {
                transaction
                    .prepare_cached("INSERT OR IGNORE INTO document (hash, size, text, at) VALUES (?1, ?2, ?3, ?4)")?
                    .execute(params![hash, size as i64, payloads::pack(json(document)?.as_bytes())?, now()])?;
            }
            transaction
                .prepare_cached(
                    "INSERT INTO retrieval_attempt (record, refresh, origin, url, outcome, detail, document, at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                )?
                .execute(params![
                    attempt.record,
                    attempt.refresh,
                    attempt.origin,
                    attempt.url,
                    attempt.outcome,
                    attempt.detail,
                    attempt.document.map(|(hash, ..)| hash),
                    now()
                ])?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// For each work that has a document: the record it was got for, and the latest one's hash.
    pub fn documents_by_work(&self) -> StoreResult<HashMap<i64, (i64, String)>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT coalesce(r.work, r.id), a.record, a.document FROM retrieval_attempt a JOIN record r ON r.id = a.record
             WHERE a.document IS NOT NULL ORDER BY r.key DESC, a.id",
        )?;
        let mut documents = HashMap::new();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?;
        for row in rows {
            let (work, document) = row?;
            documents.insert(work, document);
        }
        Ok(documents)
    }

    /// Whether a record has the document of that hash already.
    pub fn has_document(&self, record: i64, hash: &str) -> StoreResult<bool> {
        Ok(self
            .connection
            .prepare_cached("SELECT 1 FROM retrieval_attempt WHERE record = ?1 AND document = ?2")?
            .exists(params![record, hash])?)
    }

    /// The text of the document of that hash.
    pub fn document(&self, hash: &str) -> StoreResult<Option<Document>> {
        let packed: Option<Vec<u8>> = self
            .connection
            .prepare_cached("SELECT text FROM document WHERE hash = ?1")?
            .query_row([hash], |row| row.get(0))
            .optional()?;
        packed
            .map(|packed| {
                let bytes = payloads::unpack(&packed)?;
                from_json(&String::from_utf8_lossy(&bytes))
            })
            .transpose()
    }

    /// The attempts for one work's records, in the order they were made.
    pub fn attempts_on(&self, work: i64) -> StoreResult<Vec<StoredAttempt>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT r.key, a.refresh, a.origin, a.url, a.outcome, a.detail, a.document, a.at FROM retrieval_attempt a
             JOIN record r ON r.id = a.record WHERE r.work = ?1 OR r.id = ?1 ORDER BY a.id",
        )?;
        let rows = statement.query_map([work], |row| {
            Ok(StoredAttempt {
                record: row.get(0)?,
                refresh: row.get(1)?,
                origin: row.get(2)?,
                url: row.get(3)?,
                outcome: row.get(4)?,
                detail: row.get(5)?,
                document: row.get(6)?,
                at: row.get(7)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// For each work without a document, in how many refreshes it was sought in vain.
    pub fn failed_refreshes(&self) -> StoreResult<HashMap<i64, u32>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT coalesce(r.work, r.id), count(DISTINCT a.refresh) FROM retrieval_attempt a JOIN record r ON r.id = a.record
             GROUP BY 1 HAVING count(a.document) = 0",
        )?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The works that were sought in this refresh already.
    pub fn sought_in(&self, refresh: i64) -> StoreResult<std::collections::HashSet<i64>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT DISTINCT coalesce(r.work, r.id) FROM retrieval_attempt a JOIN record r ON r.id = a.record WHERE a.refresh = ?1",
        )?;
        let rows = statement.query_map([refresh], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
