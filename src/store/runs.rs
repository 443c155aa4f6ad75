//! Search runs and their pages: what was asked, how far it went.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Row, params};

use super::records::{self, HitOrigin, NewRecord, RecordChange};
use super::{Store, StoreResult, from_json, json, now, payloads};
use crate::model::SetAside;

/// Which execution of which search against which source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewRun<'a> {
    pub refresh: i64,
    pub stream: &'a str,
    pub search: &'a str,
    pub source: &'a str,
    /// Citation searching's round, from 1; 0 elsewhere.
    pub round: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunStatus {
    Running,
    Complete,
    Failed,
    NotSearched,
}

impl RunStatus {
    /// The name that the store and reports use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Complete => "complete",
            Self::Failed => "failed",
            Self::NotSearched => "not-searched",
        }
    }
    fn read(name: &str) -> Self {
        match name {
            "complete" => Self::Complete,
            "failed" => Self::Failed,
            "not-searched" => Self::NotSearched,
            _ => Self::Running,
        }
    }
}

/// A run as stored, with what its pages add up to.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchRun {
    pub id: i64,
    pub refresh: i64,
    pub stream: String,
    pub search: String,
    pub source: String,
    pub round: u32,
    /// The queries exactly as sent.
    pub queries: Vec<String>,
    pub query_exact: bool,
    pub window_exact: bool,
    pub window_from: Option<String>,
    pub window_to: Option<String>,
    /// The plan's, then what the pages warned of, each once.
    pub warnings: Vec<String>,
    /// The states to go on from, first in first out.
    pub pending: Vec<serde_json::Value>,
    pub status: RunStatus,
    pub reason: Option<String>,
    pub started_at: String,
    pub finished_at: Option<String>,
    /// How many hits the source reports, over all request series.
    pub reported: Option<i64>,
    /// How many records arrived: in a search each once, in citation searching each once a seed.
    pub received: i64,
    /// How many more could not be read.
    pub set_aside: i64,
    pub pages: i64,
}

/// How a run was planned.
#[derive(Clone, Debug, Default)]
pub struct Planned {
    pub queries: Vec<String>,
    pub query_exact: bool,
    pub window_exact: bool,
    pub window: (Option<String>, Option<String>),
    pub warnings: Vec<String>,
    pub pending: Vec<serde_json::Value>,
}

/// One response, to be committed whole.
#[derive(Clone, Debug)]
pub struct PageRow<'a> {
    /// Method and address, without secrets.
    pub request: String,
    pub status: u16,
    pub reported: Option<u64>,
    /// How many of the records had not come before in the run; `None`: all count.
    pub came: Option<usize>,
    pub warnings: &'a [String],
    pub records: Vec<NewRecord<'a>>,
    pub set_aside: &'a [SetAside],
    /// The states left after this page.
    pub pending: &'a [serde_json::Value],
    /// For citation searching: the seed and the direction.
    pub seed: Option<(i64, &'static str)>,
}

/// What a committed page brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    pub records: usize,
    pub new_hits: usize,
    pub new_records: usize,
    pub changed: usize,
}

/// The seed that brought a record.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct CitationRow {
    pub stream: String,
    pub search: String,
    /// The seed's key.
    pub seed: String,
    pub direction: String,
    pub round: u32,
}

/// What a run's pages add up to: hits reported, records, pages, what was set aside.
const SUMS: &str = "(SELECT sum(p.reported) FROM page p WHERE p.run = s.id),
    (SELECT coalesce(sum(p.records), 0) FROM page p WHERE p.run = s.id), (SELECT count(*) FROM page p WHERE p.run = s.id),
    (SELECT coalesce(sum(p.set_aside), 0) FROM page p WHERE p.run = s.id)";

/// Records of a page are written so many at a time: a click never waits for a page.
const BATCH: usize = 200;

const RUN_COLUMNS: &str =
    "s.id, s.refresh, s.stream, s.search, s.source, s.round, s.queries, s.query_exact, s.window_exact,
    s.window_from, s.window_to, s.warnings, s.pending, s.status, s.reason, s.started_at, s.finished_at";

/// What the pages of a run warned of, each once.
const PAGE_WARNINGS: &str =
    "(SELECT json_group_array(told) FROM (SELECT w.value AS told FROM page p, json_each(p.warnings) w WHERE p.run = s.id
     GROUP BY w.value ORDER BY min(p.number) LIMIT 50))";

fn run(row: &Row<'_>) -> rusqlite::Result<SearchRun> {
    let list = |text: String| -> Vec<String> { from_json(&text).unwrap_or_default() };
    let mut warnings = list(row.get(11)?);
    warnings.extend(list(row.get(21)?));
    Ok(SearchRun {
        id: row.get(0)?,
        refresh: row.get(1)?,
        stream: row.get(2)?,
        search: row.get(3)?,
        source: row.get(4)?,
        round: row.get(5)?,
        queries: list(row.get(6)?),
        query_exact: row.get(7)?,
        window_exact: row.get(8)?,
        window_from: row.get(9)?,
        window_to: row.get(10)?,
        warnings,
        pending: from_json(&row.get::<_, String>(12)?).unwrap_or_default(),
        status: RunStatus::read(&row.get::<_, String>(13)?),
        reason: row.get(14)?,
        started_at: row.get(15)?,
        finished_at: row.get(16)?,
        reported: row.get(17)?,
        received: row.get(18)?,
        pages: row.get(19)?,
        set_aside: row.get(20)?,
    })
}

impl Store {
    /// The run of that search in that refresh, if it was begun.
    pub fn find_run(&self, wanted: &NewRun<'_>) -> StoreResult<Option<SearchRun>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {RUN_COLUMNS}, {SUMS}, {PAGE_WARNINGS} FROM search_run s
             WHERE s.refresh = ?1 AND s.stream = ?2 AND s.search = ?3 AND s.source = ?4 AND s.round = ?5"
        ))?;
        Ok(statement
            .query_row(params![wanted.refresh, wanted.stream, wanted.search, wanted.source, wanted.round], run)
            .optional()?)
    }

    /// Begins a run, or begins it anew; gives its id. What a complete one was stays in the log.
    pub fn begin_run(&mut self, new: &NewRun<'_>, planned: &Planned) -> StoreResult<i64> {
        let transaction = self.connection.transaction()?;
        // A run that was complete and is asked again stays in the log as it was.
        transaction.execute(
            &format!(
                "INSERT INTO search_run_before (run, queries, query_exact, window_exact, window_from, window_to, warnings, reason,
                   started_at, finished_at, reported, received, pages, set_aside)
                 SELECT id, queries, query_exact, window_exact, window_from, window_to, warnings, reason, started_at, finished_at,
                   {SUMS} FROM search_run s
                 WHERE status = 'complete' AND refresh = ?1 AND stream = ?2 AND search = ?3 AND source = ?4 AND round = ?5"
            ),
            params![new.refresh, new.stream, new.search, new.source, new.round],
        )?;
        transaction.execute(
            "INSERT INTO search_run (refresh, stream, search, source, round, queries, query_exact, window_exact, window_from,
               window_to, warnings, pending, status, started_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 'running', ?13)
             ON CONFLICT (refresh, stream, search, source, round) DO UPDATE SET queries = excluded.queries,
               query_exact = excluded.query_exact, window_exact = excluded.window_exact, window_from = excluded.window_from,
               window_to = excluded.window_to, warnings = excluded.warnings, pending = excluded.pending, status = 'running',
               reason = NULL, finished_at = NULL,
               started_at = CASE search_run.status WHEN 'complete' THEN excluded.started_at ELSE search_run.started_at END",
            params![
                new.refresh,
                new.stream,
                new.search,
                new.source,
                new.round,
                json(&planned.queries)?,
                planned.query_exact,
                planned.window_exact,
                planned.window.0,
                planned.window.1,
                json(&planned.warnings)?,
                json(&planned.pending)?,
                now()
            ],
        )?;
        let id: i64 = transaction.query_row(
            "SELECT id FROM search_run WHERE refresh = ?1 AND stream = ?2 AND search = ?3 AND source = ?4 AND round = ?5",
            params![new.refresh, new.stream, new.search, new.source, new.round],
            |row| row.get(0),
        )?;
        // A run begun anew counts its pages anew; the records and hits that came stay.
        transaction.execute("DELETE FROM page WHERE run = ?1", [id])?;
        transaction.commit()?;
        Ok(id)
    }

    /// Says how a run ended.
    pub fn end_run(&mut self, id: i64, status: RunStatus, reason: Option<&str>) -> StoreResult<()> {
        self.connection.execute(
            "UPDATE search_run SET status = ?2, reason = ?3, finished_at = ?4 WHERE id = ?1",
            params![id, status.name(), reason, now()],
        )?;
        Ok(())
    }

    /// Replaces the states that a run goes on from.
    pub fn set_pending(&mut self, id: i64, pending: &[serde_json::Value]) -> StoreResult<()> {
        self.connection.execute("UPDATE search_run SET pending = ?2 WHERE id = ?1", params![id, json(&pending)?])?;
        Ok(())
    }

    /// Commits one page: its records and their hits in short transactions, and last what was set aside
    /// and the states to go on from. Killed between, the same page is asked for again and adds nothing
    /// twice.
    pub fn commit_page(
        &mut self,
        run: i64,
        origin: &HitOrigin<'_>,
        round: u32,
        page: &PageRow<'_>,
    ) -> StoreResult<Seen> {
        let mut seen = Seen { records: page.records.len(), ..Seen::default() };
        for part in page.records.chunks(BATCH) {
            let transaction = self.connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
            for new in part {
                let (record, change) = records::save(&transaction, *new, origin.refresh)?;
                seen.new_records += usize::from(change == RecordChange::New);
                seen.changed += usize::from(change == RecordChange::Changed);
                seen.new_hits += usize::from(records::add_hit(&transaction, origin, record)?);
                if let Some((seed, direction)) = page.seed {
                    transaction
                        .prepare_cached(
                            "INSERT OR IGNORE INTO citation (stream, search, source, seed, direction, record, round)
                             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                        )?
                        .execute(params![
                            origin.stream,
                            origin.search,
                            origin.source,
                            seed,
                            direction,
                            record,
                            round
                        ])?;
                }
            }
            transaction.commit()?;
        }
        let transaction = self.connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let place = format!("{}/{}/{}", origin.stream, origin.search, origin.source);
        for aside in page.set_aside {
            set_aside(&transaction, &place, aside)?;
        }
        transaction
            .prepare_cached(
                "INSERT INTO page (run, number, request, status, reported, records, warnings, at, set_aside)
                 SELECT ?1, coalesce(max(number), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 FROM page WHERE run = ?1",
            )?
            .execute(params![
                run,
                page.request,
                page.status,
                page.reported.map(|reported| reported as i64),
                page.came.unwrap_or(page.records.len()) as i64,
                json(&page.warnings)?,
                now(),
                page.set_aside.len() as i64
            ])?;
        transaction
            .prepare_cached("UPDATE search_run SET pending = ?2 WHERE id = ?1")?
            .execute(params![run, json(&page.pending)?])?;
        transaction.commit()?;
        Ok(seen)
    }

    /// Every run, by refresh, stream, search, source and round.
    pub fn runs(&self) -> StoreResult<Vec<SearchRun>> {
        let mut statement = self.connection.prepare(&format!(
            "SELECT {RUN_COLUMNS}, {SUMS}, {PAGE_WARNINGS} FROM search_run s ORDER BY s.refresh, s.stream, s.search, s.source, s.round"
        ))?;
        let rows = statement.query_map([], run)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What runs were before they were asked again, as [`Store::runs`] orders them, then by time. Their
    /// ids are their runs'.
    pub fn runs_before(&self) -> StoreResult<Vec<SearchRun>> {
        let mut statement = self.connection.prepare(
            "SELECT s.id, s.refresh, s.stream, s.search, s.source, s.round, b.queries, b.query_exact, b.window_exact, b.window_from,
               b.window_to, b.warnings, '[]', 'complete', b.reason, b.started_at, b.finished_at, b.reported, b.received, b.pages,
               b.set_aside, '[]'
             FROM search_run_before b JOIN search_run s ON s.id = b.run
             ORDER BY s.refresh, s.stream, s.search, s.source, s.round, b.id",
        )?;
        let rows = statement.query_map([], run)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The requests of a run, in order, with what each brought.
    pub fn pages(&self, run: i64) -> StoreResult<Vec<(String, i64)>> {
        let mut statement =
            self.connection.prepare("SELECT request, records FROM page WHERE run = ?1 ORDER BY number")?;
        let rows = statement.query_map([run], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// For each record that a citation search brought, the first round that did.
    pub fn citation_rounds(&self, stream: &str, search: &str) -> StoreResult<BTreeMap<i64, u32>> {
        let mut statement = self.connection.prepare_cached(
            // A seed out of a file is no record of the review: its round stands with the run of the hit.
            "SELECT record, min(round) FROM (
               SELECT record, round FROM citation WHERE stream = ?1 AND search = ?2
               UNION ALL
               SELECT h.record, s.round FROM hit h JOIN search_run s ON s.id = h.run WHERE h.stream = ?1 AND h.search = ?2)
             GROUP BY record",
        )?;
        let rows = statement.query_map([stream, search], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Which seeds of which searches brought a record.
    pub fn citations_of(&self, record: i64) -> StoreResult<Vec<CitationRow>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT c.stream, c.search, r.key, c.direction, c.round FROM citation c JOIN record r ON r.id = c.seed
             WHERE c.record = ?1 ORDER BY c.stream, c.search, r.key, c.direction",
        )?;
        let rows = statement.query_map([record], |row| {
            Ok(CitationRow {
                stream: row.get(0)?,
                search: row.get(1)?,
                seed: row.get(2)?,
                direction: row.get(3)?,
                round: row.get(4)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// Keeps what is no record, with its reason and bytes.
pub(super) fn set_aside(connection: &rusqlite::Connection, origin: &str, aside: &SetAside) -> StoreResult<()> {
    let payload = payloads::put(connection, &aside.raw)?;
    connection
        .prepare_cached(
            "INSERT OR IGNORE INTO set_aside (origin, reason, line, payload, at) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![origin, aside.reason, aside.line.map(|line| line as i64), payload, now()])?;
    Ok(())
}
