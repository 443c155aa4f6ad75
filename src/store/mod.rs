//! The SQLite file: the only state, and the only SQL.
//!
//! WAL, `synchronous=FULL`: what was acknowledged is on disk. Writers take one short transaction at
//! a time; readers never wait. The schema is `db/migrations/*.sql`, applied in order and counted in
//! `user_version`.

mod decisions;
mod documents;
mod duplicates;
mod imports;
mod lock;
mod payloads;
mod records;
mod refreshes;
mod runs;
mod summary;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

pub use decisions::{NewDecision, StoredDecision};
pub use documents::{NewAttempt, StoredAttempt};
pub use duplicates::{DedupeRun, LinkIds, NewRuling, RelationRow, StoredRuling};
pub use imports::{ImportRow, ImportedFile};
pub use lock::RunLock;
pub use records::{HitOrigin, LinkRow, NewRecord, RecordChange, RecordKey, StoredHit, StoredRecord};
pub use refreshes::RefreshRow;
pub use runs::{CitationRow, NewRun, PageRow, Planned, RunStatus, SearchRun, Seen};
pub use summary::{EventRow, SetAsideRow, Totals};

const MIGRATIONS: &[&str] = &[
    include_str!("../../db/migrations/0001_ledger.sql"),
    include_str!("../../db/migrations/0002_pages_set_aside.sql"),
    include_str!("../../db/migrations/0003_runs_before.sql"),
    include_str!("../../db/migrations/0004_duplicates.sql"),
];

/// What can go wrong with the database file.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database cannot be used: {0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("the database is of a newer version of gleaner (schema {found}, this program knows {known})")]
    Newer { found: i64, known: i64 },
    #[error("the database folder cannot be made: {0}")]
    Folder(std::io::Error),
    #[error("the database lock cannot be used: {0}")]
    LockFile(std::io::Error),
    #[error("another run holds the lock")]
    Locked,
    #[error("there is no database yet at {0}")]
    Missing(PathBuf),
    #[error("a stored value cannot be read: {0}")]
    Corrupt(String),
}

/// The result of everything the store does.
pub type StoreResult<T> = Result<T, StoreError>;

impl From<StoreError> for crate::error::Failure {
    fn from(error: StoreError) -> Self {
        use crate::error::{Exit, Failure};
        match &error {
            StoreError::Newer { .. } => {
                Failure::new(Exit::Usage, error.to_string()).remedy("use the newer program, or another database file")
            }
            StoreError::Locked => Failure::new(Exit::Locked, error.to_string())
                .remedy("wait until it ends; its lock ends with its process"),
            StoreError::Missing(_) => {
                Failure::usage(error.to_string()).remedy("run `gleaner refresh`, `search` or `import` first")
            }
            StoreError::Corrupt(_) => Failure::new(Exit::Broken, error.to_string()),
            StoreError::Sqlite(rusqlite::Error::SqliteFailure(code, _))
                if matches!(code.code, rusqlite::ErrorCode::NotADatabase | rusqlite::ErrorCode::DatabaseCorrupt) =>
            {
                Failure::new(Exit::Broken, error.to_string()).remedy("restore a backup; `gleaner doctor` says more")
            }
            _ => Failure::failed(error.to_string()),
        }
    }
}

/// An open review database.
pub struct Store {
    pub(crate) connection: Connection,
    path: PathBuf,
}

impl Store {
    /// Opens the file, making it (and its folder) where there is none, and brings its schema up to date.
    pub fn open(path: &Path) -> StoreResult<Self> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(StoreError::Folder)?;
        }
        Self::prepare(Connection::open(path)?, path)
    }

    /// Opens the file only if it is there already.
    pub fn open_existing(path: &Path) -> StoreResult<Self> {
        if !path.exists() {
            return Err(StoreError::Missing(path.to_path_buf()));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Self::prepare(Connection::open_with_flags(path, flags)?, path)
    }

    fn prepare(mut connection: Connection, path: &Path) -> StoreResult<Self> {
        connection.busy_timeout(Duration::from_secs(10))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", "ON")?;
        connection.pragma_update(None, "cache_size", -65_536)?;
        connection.set_prepared_statement_cache_capacity(128);
        migrate(&mut connection)?;
        Ok(Self { connection, path: path.to_path_buf() })
    }

    /// An empty database that no file keeps: what is asked where there is none yet.
    pub fn in_memory() -> StoreResult<Self> {
        Self::prepare(Connection::open_in_memory()?, Path::new(""))
    }

    /// Reads at one moment of the file, whatever others write meanwhile: what is counted together
    /// belongs together.
    pub fn at_one_moment<T>(&self, read: impl FnOnce(&Self) -> crate::error::Outcome<T>) -> crate::error::Outcome<T> {
        // Within such a moment already.
        if !self.connection.is_autocommit() {
            return read(self);
        }
        let moment = self.connection.unchecked_transaction().map_err(StoreError::from)?;
        let result = read(self);
        drop(moment);
        result
    }

    /// Where the file lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// SQLite's own integrity check: `Ok` or what is wrong.
    pub fn integrity(&self) -> StoreResult<Vec<String>> {
        let mut statement = self.connection.prepare("PRAGMA integrity_check")?;
        let mut findings: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        findings.retain(|finding| finding != "ok");
        let mut foreign = self.connection.prepare("PRAGMA foreign_key_check")?;
        let broken: Vec<String> = foreign
            .query_map([], |row| row.get::<_, String>(0))?
            .collect::<Result<Vec<_>, _>>()?
            .into_iter()
            .map(|table| format!("a row of {table} refers to nothing"))
            .collect();
        findings.extend(broken);
        Ok(findings)
    }
}

fn migrate(connection: &mut Connection) -> StoreResult<()> {
    let known = MIGRATIONS.len() as i64;
    let version = |connection: &Connection| -> rusqlite::Result<i64> {
        connection.pragma_query_value(None, "user_version", |row| row.get(0))
    };
    if version(connection)? == known {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let found = version(&transaction)?;
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    for migration in &MIGRATIONS[usize::try_from(found).unwrap_or_default()..] {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "user_version", known)?;
    transaction.commit()?;
    Ok(())
}

/// The time now, as rows hold it.
#[expect(clippy::disallowed_methods, reason = "the one place where the store reads the clock")]
pub(crate) fn now() -> String {
    jiff::Timestamp::now().round(jiff::Unit::Second).unwrap_or_else(|_| jiff::Timestamp::now()).to_string()
}

/// JSON for a column.
pub(crate) fn json<T: serde::Serialize>(value: &T) -> StoreResult<String> {
    serde_json::to_string(value).map_err(|error| StoreError::Corrupt(error.to_string()))
}

/// A column's JSON as a value.
pub(crate) fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> StoreResult<T> {
    serde_json::from_str(text).map_err(|error| StoreError::Corrupt(error.to_string()))
}
