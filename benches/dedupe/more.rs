//! Adding records to many: the places lie in an SQLite file, and only the part that is touched is
//! read, clustered and written.

use std::time::Instant;

use gleaner::dedupe::{Changed, Index, Judged, Near, Place, part, places_of};
use gleaner::model::Record;
use rusqlite::{Connection, params};

use super::{Labelled, cpu, many};

const SCHEMA: &str = "
CREATE TABLE record (id INTEGER PRIMARY KEY, data TEXT NOT NULL, work INTEGER);
CREATE TABLE place (block INTEGER, place INTEGER, record INTEGER, PRIMARY KEY (block, place, record)) WITHOUT ROWID;
CREATE TABLE link (a INTEGER, b INTEGER, why TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID;
CREATE INDEX link_b ON link (b);
";

struct File(Connection);

impl File {
    fn ids(&self, sql: &str, values: impl rusqlite::Params) -> rusqlite::Result<Vec<i64>> {
        self.0.prepare_cached(sql)?.query_map(values, |row| row.get(0))?.collect()
    }
}

impl Index for File {
    type Error = rusqlite::Error;
    fn near(&mut self, place: Place, record: i64, reach: usize) -> rusqlite::Result<Near> {
        let reach = i64::try_from(reach).unwrap_or(i64::MAX);
        let values = params![place.block, place.order, record, reach];
        Ok(Near {
            before: self.ids(
                "SELECT record FROM place WHERE block = ?1 AND (place, record) < (?2, ?3)
                 ORDER BY place DESC, record DESC LIMIT ?4",
                values,
            )?,
            after: self.ids(
                "SELECT record FROM place WHERE block = ?1 AND (place, record) > (?2, ?3)
                 ORDER BY place, record LIMIT ?4",
                values,
            )?,
        })
    }
    fn members(&mut self, block: i64) -> rusqlite::Result<Vec<i64>> {
        self.ids("SELECT record FROM place WHERE block = ?1", [block])
    }
    fn record(&mut self, id: i64) -> rusqlite::Result<Option<Record>> {
        let mut statement = self.0.prepare_cached("SELECT data FROM record WHERE id = ?1")?;
        let data: String = statement.query_row([id], |row| row.get(0))?;
        Ok(serde_json::from_str(&data).ok())
    }
    fn linked(&mut self, id: i64) -> rusqlite::Result<Vec<i64>> {
        self.ids("SELECT b FROM link WHERE a = ?1 UNION ALL SELECT a FROM link WHERE b = ?1", [id])
    }
}

/// Stores `before` records, then adds 1,000 and brings their part up to date, to the last write.
pub fn more(data: &Labelled, before: usize) {
    const ADDED: usize = 1_000;
    let folder = tempfile::tempdir().unwrap();
    let mut file = File(Connection::open(folder.path().join("places.sqlite")).unwrap());
    file.0.pragma_update(None, "journal_mode", "WAL").unwrap();
    file.0.execute_batch(SCHEMA).unwrap();
    let mut places: Vec<(i64, i64, i64)> = Vec::new();
    let mut added = Vec::new();
    let transaction = file.0.transaction().unwrap();
    for (at, record) in many(data, before + ADDED).enumerate() {
        if at >= before {
            added.push(record);
            continue;
        }
        let id = i64::try_from(at).unwrap();
        let mut insert = transaction.prepare_cached("INSERT INTO record VALUES (?1, ?2, ?1)").unwrap();
        insert.execute(params![id, serde_json::to_string(&record).unwrap()]).unwrap();
        places.extend(places_of(&record).into_iter().map(|place| (place.block, place.order, id)));
    }
    places.sort_unstable();
    for (block, order, id) in places {
        let mut insert = transaction.prepare_cached("INSERT INTO place VALUES (?1, ?2, ?3)").unwrap();
        insert.execute(params![block, order, id]).unwrap();
    }
    transaction.commit().unwrap();

    let (wall, begun) = (Instant::now(), cpu());
    file.0.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut changed = Vec::new();
    for (at, record) in added.iter().enumerate() {
        let id = i64::try_from(before + at).unwrap();
        let mut insert = file.0.prepare_cached("INSERT INTO record VALUES (?1, ?2, ?1)").unwrap();
        insert.execute(params![id, serde_json::to_string(record).unwrap()]).unwrap();
        for place in places_of(record) {
            let mut insert = file.0.prepare_cached("INSERT INTO place VALUES (?1, ?2, ?3)").unwrap();
            insert.execute(params![place.block, place.order, id]).unwrap();
        }
        changed.push(Changed { id, before: None });
    }
    let part = part(&mut file, &changed, &[]).unwrap();
    let clusters = part.cluster(&Judged::default());
    for (at, id) in part.ids.iter().enumerate().take(part.own) {
        let mut update = file.0.prepare_cached("UPDATE record SET work = ?2 WHERE id = ?1").unwrap();
        update.execute(params![id, part.ids[clusters.work_of[at]]]).unwrap();
    }
    for link in clusters.merged.iter().chain(&clusters.possible) {
        let mut insert = file.0.prepare_cached("INSERT OR REPLACE INTO link VALUES (?1, ?2, ?3)").unwrap();
        insert.execute(params![part.ids[link.a], part.ids[link.b], link.why]).unwrap();
    }
    file.0.execute_batch("COMMIT").unwrap();
    println!(
        "{ADDED} records to {before}: {:.2} s, {:.2} CPU s; {} records looked at again",
        wall.elapsed().as_secs_f64(),
        cpu() - begun,
        part.own
    );
}
