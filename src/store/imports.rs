//! Files taken in: export files and submissions.

use rusqlite::{OptionalExtension, params};

use super::records::{self, HitOrigin, NewRecord, RecordChange};
use super::runs::{Seen, set_aside};
use super::{Store, StoreResult, json, now};
use crate::model::SetAside;

/// A file and what it held.
#[derive(Clone, Debug)]
pub struct ImportedFile<'a> {
    /// The SHA-256 of its bytes.
    pub hash: &'a str,
    pub name: &'a str,
    pub format: &'a str,
    pub records: Vec<NewRecord<'a>>,
    pub set_aside: &'a [SetAside],
}

/// A file taken in, as stored.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ImportRow {
    pub name: String,
    pub stream: String,
    pub search: String,
    pub format: String,
    pub records: i64,
    pub refresh: i64,
    pub at: String,
}

impl Store {
    /// Whether these bytes were imported by this search before.
    pub fn was_imported(&self, hash: &str, stream: &str, search: &str) -> StoreResult<bool> {
        Ok(self
            .connection
            .prepare_cached("SELECT 1 FROM import_file WHERE hash = ?1 AND stream = ?2 AND search = ?3")?
            .query_row([hash, stream, search], |_| Ok(()))
            .optional()?
            .is_some())
    }

    /// Stores a file's records in short transactions, and last that the file was taken in: killed
    /// between, the next import of the same bytes goes through it again and adds nothing twice.
    pub fn import(&mut self, origin: &HitOrigin<'_>, file: &ImportedFile<'_>) -> StoreResult<Seen> {
        let mut seen = Seen { records: file.records.len(), ..Seen::default() };
        for part in file.records.chunks(200) {
            let transaction = self.connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
            for new in part {
                let (record, change) = records::save(&transaction, *new, origin.refresh)?;
                seen.new_records += usize::from(change == RecordChange::New);
                seen.changed += usize::from(change == RecordChange::Changed);
                seen.new_hits += usize::from(records::add_hit(&transaction, origin, record)?);
            }
            transaction.commit()?;
        }
        let transaction = self.connection.transaction()?;
        for aside in file.set_aside {
            set_aside(&transaction, file.name, aside)?;
        }
        transaction.execute(
            "INSERT OR IGNORE INTO import_file (hash, stream, search, name, format, records, refresh, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                file.hash,
                origin.stream,
                origin.search,
                file.name,
                file.format,
                file.records.len() as i64,
                origin.refresh,
                now()
            ],
        )?;
        transaction.commit()?;
        Ok(seen)
    }

    /// Keeps what is no record, with its reason and bytes.
    pub fn set_aside(&mut self, origin: &str, aside: &[SetAside]) -> StoreResult<()> {
        let transaction = self.connection.transaction()?;
        for aside in aside {
            set_aside(&transaction, origin, aside)?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Keeps contact and consent of who sent a record in, apart from it.
    pub fn set_submitter(&mut self, record: i64, fields: &[(String, String)]) -> StoreResult<()> {
        self.connection
            .prepare_cached("INSERT INTO submitter (record, fields) VALUES (?1, ?2) ON CONFLICT (record) DO UPDATE SET fields = excluded.fields WHERE fields IS NOT excluded.fields")?
            .execute(params![record, json(&fields)?])?;
        Ok(())
    }

    /// Each file taken in.
    pub fn imported_files(&self) -> StoreResult<Vec<ImportRow>> {
        let mut statement = self.connection.prepare(
            "SELECT name, stream, search, format, records, refresh, at FROM import_file ORDER BY stream, search, name, hash",
        )?;
        let rows = statement.query_map([], |row| {
            Ok(ImportRow {
                name: row.get(0)?,
                stream: row.get(1)?,
                search: row.get(2)?,
                format: row.get(3)?,
                records: row.get(4)?,
                refresh: row.get(5)?,
                at: row.get(6)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
