//! Refreshes: when each was begun, and how it ended.

use rusqlite::{OptionalExtension, params};

use super::{Store, StoreResult, now};

/// A refresh as stored.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct RefreshRow {
    pub number: i64,
    pub started_at: String,
    pub finished_at: Option<String>,
    pub exit: Option<u8>,
}

impl Store {
    /// The refresh that was begun and not ended, if any.
    pub fn unfinished_refresh(&self) -> StoreResult<Option<i64>> {
        Ok(self
            .connection
            .query_row("SELECT max(id) FROM refresh WHERE finished_at IS NULL", [], |row| row.get(0))
            .optional()?
            .flatten())
    }

    /// The number that what comes in now bears: the unfinished refresh's, else the next one's.
    pub fn current_refresh(&self) -> StoreResult<i64> {
        if let Some(unfinished) = self.unfinished_refresh()? {
            return Ok(unfinished);
        }
        Ok(self.connection.query_row("SELECT coalesce(max(id), 0) + 1 FROM refresh", [], |row| row.get(0))?)
    }

    /// Begins a refresh, or goes on with the one that was cut off; gives its number.
    pub fn begin_refresh(&mut self) -> StoreResult<i64> {
        let number = self.current_refresh()?;
        self.connection
            .execute("INSERT OR IGNORE INTO refresh (id, started_at) VALUES (?1, ?2)", params![number, now()])?;
        Ok(number)
    }

    /// Ends a refresh with its exit code.
    pub fn end_refresh(&mut self, refresh: i64, exit: u8) -> StoreResult<()> {
        self.connection
            .execute("UPDATE refresh SET finished_at = ?2, exit = ?3 WHERE id = ?1", params![refresh, now(), exit])?;
        Ok(())
    }

    /// Each refresh, oldest first.
    pub fn refreshes(&self) -> StoreResult<Vec<RefreshRow>> {
        let mut statement =
            self.connection.prepare("SELECT id, started_at, finished_at, exit FROM refresh ORDER BY id")?;
        let rows = statement.query_map([], |row| {
            Ok(RefreshRow { number: row.get(0)?, started_at: row.get(1)?, finished_at: row.get(2)?, exit: row.get(3)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// When a refresh was begun; `None` where its number is still to come.
    pub fn refresh_began(&self, refresh: i64) -> StoreResult<Option<String>> {
        Ok(self
            .connection
            .query_row("SELECT started_at FROM refresh WHERE id = ?1", [refresh], |row| row.get(0))
            .optional()?)
    }
}
