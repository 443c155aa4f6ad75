//! What `status` and `doctor` ask.

use super::{Store, StoreResult};

/// How much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Totals {
    pub records: i64,
    pub works: i64,
    pub hits: i64,
    pub decisions: i64,
    pub documents: i64,
    pub set_aside: i64,
    pub payload_bytes: i64,
}

/// Something set aside.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct SetAsideRow {
    pub origin: String,
    pub reason: String,
    pub line: Option<i64>,
    pub payload: String,
}

/// A change that came from outside.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct EventRow {
    pub kind: String,
    pub record: Option<String>,
    pub detail: String,
    pub refresh: i64,
}

impl Store {
    /// How much there is, counted now.
    pub fn totals(&self) -> StoreResult<Totals> {
        Ok(self.connection.query_row(
            "SELECT (SELECT count(*) FROM record), (SELECT count(DISTINCT coalesce(work, id)) FROM record),
                    (SELECT count(*) FROM hit), (SELECT count(*) FROM decision), (SELECT count(*) FROM document),
                    (SELECT count(*) FROM set_aside), (SELECT coalesce(sum(length(bytes)), 0) FROM payload)",
            [],
            |row| {
                Ok(Totals {
                    records: row.get(0)?,
                    works: row.get(1)?,
                    hits: row.get(2)?,
                    decisions: row.get(3)?,
                    documents: row.get(4)?,
                    set_aside: row.get(5)?,
                    payload_bytes: row.get(6)?,
                })
            },
        )?)
    }

    /// A number that changes when another connection has changed the file.
    pub fn data_version(&self) -> StoreResult<i64> {
        Ok(self.connection.pragma_query_value(None, "data_version", |row| row.get(0))?)
    }

    /// Everything set aside, with its reason.
    pub fn set_aside_rows(&self) -> StoreResult<Vec<SetAsideRow>> {
        let mut statement = self
            .connection
            .prepare("SELECT origin, reason, line, payload FROM set_aside ORDER BY origin, line, reason, payload")?;
        let rows = statement.query_map([], |row| {
            Ok(SetAsideRow { origin: row.get(0)?, reason: row.get(1)?, line: row.get(2)?, payload: row.get(3)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The changes noted, oldest first.
    pub fn events(&self) -> StoreResult<Vec<EventRow>> {
        let mut statement = self.connection.prepare(
            "SELECT e.kind, r.key, e.detail, e.refresh FROM event e LEFT JOIN record r ON r.id = e.record ORDER BY e.id",
        )?;
        let rows = statement.query_map([], |row| {
            Ok(EventRow { kind: row.get(0)?, record: row.get(1)?, detail: row.get(2)?, refresh: row.get(3)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Payloads whose bytes no longer have their hash.
    pub fn broken_payloads(&self) -> StoreResult<Vec<String>> {
        let mut statement = self.connection.prepare("SELECT hash, bytes FROM payload")?;
        let mut rows = statement.query([])?;
        let mut broken = Vec::new();
        while let Some(row) = rows.next()? {
            let (hash, packed): (String, Vec<u8>) = (row.get(0)?, row.get(1)?);
            if super::payloads::unpack(&packed).map_or(true, |bytes| crate::ids::sha256_hex(&bytes) != hash) {
                broken.push(hash);
            }
        }
        Ok(broken)
    }
}
