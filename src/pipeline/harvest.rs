//! Database and website searches: one task a search and source, page by page, each page committed.

use std::sync::Arc;

use serde_json::{Value, json};

use tokio::task::JoinSet;

use super::access::{NoAccess, Reach};
use super::ask::{Answer, AskError};
use super::progress::Event;
use super::run::Run;
use super::watch::Watch;
use crate::config::{Search, SearchKind, Stream};
use crate::error::{Failure, Outcome};
use crate::sources::{Next, Plan, Question, State};
use crate::store::{HitOrigin, NewRecord, NewRun, PageRow, Planned, RunStatus, SearchRun};

/// One hit missing in so many that were reported is still taken for the whole.
const GAP: i64 = 20;

/// Which searches to run.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Streams by id; all if empty.
    pub streams: Vec<String>,
    /// One source alone.
    pub source: Option<String>,
}

impl Choice {
    /// Whether a stream is chosen.
    pub fn has_stream(&self, stream: &Stream) -> bool {
        self.streams.is_empty() || self.streams.contains(&stream.id)
    }
}

/// A search of one source, as tasks name it.
#[derive(Clone, Debug)]
struct Task {
    stream: usize,
    search: usize,
    source: String,
}

/// A planned search of one source, for `search --dry-run` and `check`.
pub struct PlannedSearch {
    pub stream: String,
    pub search: String,
    pub source: String,
    pub plan: Result<Plan, String>,
    pub requests_per_second: f64,
    pub page_size: u32,
}

impl Run {
    /// Runs the declared database and website searches. Gives whether all went well: a source that
    /// failed or has no key leaves its own state where it was, and the rest goes on.
    pub async fn harvest(self: &Arc<Self>, refresh: i64, choice: &Choice) -> Outcome<bool> {
        let mut tasks = JoinSet::new();
        for task in self.tasks(choice) {
            let run = Arc::clone(self);
            tasks.spawn(async move { run.search_source(refresh, &task).await });
        }
        let mut whole = true;
        while let Some(ended) = tasks.join_next().await {
            whole &= ended.map_err(|error| Failure::failed(format!("a search broke off: {error}")))??;
        }
        Ok(whole)
    }

    fn tasks(&self, choice: &Choice) -> Vec<Task> {
        let mut tasks = Vec::new();
        for (stream_index, stream) in
            self.settings.streams.iter().enumerate().filter(|(_, stream)| choice.has_stream(stream))
        {
            for (search_index, search) in stream.searches.iter().enumerate() {
                if !matches!(search.kind, SearchKind::Database | SearchKind::Website) {
                    continue;
                }
                for source in &search.sources {
                    let chosen = choice.source.as_ref().is_none_or(|only| only == source);
                    if chosen && !self.switched_off(source) {
                        tasks.push(Task { stream: stream_index, search: search_index, source: source.clone() });
                    }
                }
            }
        }
        tasks
    }

    /// How each search would be asked; no request is made.
    pub fn plans(&self, choice: &Choice) -> Outcome<Vec<PlannedSearch>> {
        let mut plans = Vec::new();
        for task in self.tasks(choice) {
            let (stream, search) = self.named(&task);
            let mut planned = PlannedSearch {
                stream: stream.id.clone(),
                search: search.id.clone(),
                source: task.source.clone(),
                plan: Err(String::new()),
                requests_per_second: 0.0,
                page_size: 0,
            };
            match self.reach(&task.source)? {
                Err(NoAccess(reason)) => planned.plan = Err(reason),
                Ok(reach) => {
                    planned.requests_per_second = reach.lane.requests_per_second;
                    planned.page_size = reach.access.page_size;
                    planned.plan = plan(&reach, stream, search);
                }
            }
            plans.push(planned);
        }
        Ok(plans)
    }

    fn named(&self, task: &Task) -> (&Stream, &Search) {
        let stream = &self.settings.streams[task.stream];
        (stream, &stream.searches[task.search])
    }

    async fn search_source(&self, refresh: i64, task: &Task) -> Outcome<bool> {
        let (stream, search) = self.named(task);
        let new = NewRun { refresh, stream: &stream.id, search: &search.id, source: &task.source, round: 0 };
        let label = format!("{}/{}/{}", stream.id, search.id, task.source);
        let known = self.with_store(|store| store.find_run(&new))?;
        let began = self.with_store(|store| store.refresh_began(refresh))?;
        let done = known.as_ref().is_some_and(|run| ended_since(run, began.as_deref()));
        let planned = self.reach(&task.source)?.map_err(|NoAccess(reason)| reason);
        let (reach, plan) = match planned.and_then(|reach| Ok((plan(&reach, stream, search)?, reach))) {
            Ok((plan, reach)) => (reach, plan),
            Err(_) if done => return Ok(true),
            Err(reason) => return self.not_searched(&new, &label, &reason),
        };
        // The query may have been changed since: only the same question is answered already.
        let planned = self.planned(stream, &plan);
        let known = known.filter(|run| asks_the_same(run, &planned));
        if done && known.is_some() {
            return Ok(true);
        }
        let going_on = known.filter(|run| run.status == RunStatus::Running && run.pages > 0);
        let website = search.kind == SearchKind::Website;
        let mut resumed = going_on.is_some();
        let mut run = match going_on {
            Some(run) => run,
            None => self.begin(&new, &planned)?,
        };
        loop {
            match self.follow(&reach, &new, &mut run, &label, website).await? {
                None => return self.finished(&run, &label, !website && !reach.source.info().ranked),
                // A saved cursor may have expired: the search begins anew, and identity keeps it right.
                Some(_) if resumed => {
                    resumed = false;
                    run = self.begin(&new, &planned)?;
                }
                Some(error) => return self.failed(&run, &label, &error),
            }
        }
    }

    fn planned(&self, stream: &Stream, plan: &Plan) -> Planned {
        Planned {
            queries: plan.queries.iter().map(|query| self.public(query)).collect(),
            query_exact: plan.query_exact,
            window_exact: plan.window_exact,
            window: (
                stream.window.from.map(|month| month.to_string()),
                stream.window.to.map(|month| month.to_string()),
            ),
            warnings: plan.warnings.iter().map(|warning| self.public(&warning.message)).collect(),
            pending: plan.states.iter().map(|state| json!({ SERIES: state.0 })).collect(),
        }
    }

    fn begin(&self, new: &NewRun<'_>, planned: &Planned) -> Outcome<SearchRun> {
        self.with_store(|store| {
            store.begin_run(new, planned)?;
            store.find_run(new)
        })?
        .ok_or_else(|| Failure::broken("a search run that was begun is not there"))
    }

    /// Follows a run's states to their end; `Some` is what stopped it.
    async fn follow(
        &self,
        reach: &Reach,
        new: &NewRun<'_>,
        run: &mut SearchRun,
        label: &str,
        website: bool,
    ) -> Outcome<Option<AskError>> {
        let mut watch = Watch::default();
        let origin = HitOrigin {
            stream: new.stream,
            search: new.search,
            source: new.source,
            refresh: new.refresh,
            run: Some(run.id),
        };
        while let Some(state) = run.pending.first().cloned() {
            let (state, begins_series) = read_state(state);
            let name = state.to_string();
            if begins_series {
                watch.begin_series();
            }
            if !watch.is_new(name) {
                if !website {
                    return Ok(Some(AskError::Broken("the source repeats itself: it sent us where we were".into())));
                }
                self.warn(&format!("{label}: the site repeats itself; this series ends here"));
                run.pending.remove(0);
                self.with_store(|store| store.set_pending(run.id, &run.pending))?;
                continue;
            }
            let Answer { mut page, request, status } = match self.ask(reach, &State(state)).await {
                Ok(answer) => answer,
                Err(error) => return Ok(Some(error)),
            };
            // A website's pages are its own list; a database's are held to its total.
            let came = if website { watch.new_records(&page) } else { watch.take(&mut page) };
            run.pending.remove(0);
            match page.next.clone() {
                Next::End => {}
                Next::More(next) => run.pending.insert(0, next.0),
                Next::Split(states) => run.pending.splice(0..0, states.into_iter().map(|state| state.0)).for_each(drop),
            }
            let reported = page.reported.filter(|_| begins_series);
            for warning in &page.warnings {
                self.warn(&format!("{label}: {warning}"));
            }
            let warnings: Vec<String> = page.warnings.iter().map(|warning| self.public(warning)).collect();
            let row = PageRow {
                request,
                status,
                reported,
                came: Some(came),
                warnings: &warnings,
                records: page
                    .records
                    .iter()
                    .map(|one| NewRecord { record: &one.record, payload: &one.payload })
                    .collect(),
                set_aside: &page.set_aside,
                pending: &run.pending,
                seed: None,
            };
            self.with_store(|store| store.commit_page(run.id, &origin, 0, &row))?;
            run.received += came as i64;
            run.set_aside += page.set_aside.len() as i64;
            run.pages += 1;
            if let Some(reported) = reported {
                run.reported = Some(run.reported.unwrap_or(0) + reported as i64);
            }
            self.progress.event(&Event::Searching {
                label,
                received: run.received.unsigned_abs(),
                reported: run.reported.map(i64::unsigned_abs),
            });
            if let Some(reason) = page.broken {
                return Ok(Some(AskError::Broken(reason)));
            }
        }
        Ok(None)
    }

    /// Says how a reading that came to its end did. What a database reported and what arrived are
    /// held together: a few apart are a note (totals are estimates at some sources, and records come
    /// and go while they are read); a gap of more than one in [`GAP`] is a failure, so that a list
    /// that was cut short never passes for the whole.
    fn finished(&self, run: &SearchRun, label: &str, held_to_total: bool) -> Outcome<bool> {
        let arrived = run.received + run.set_aside;
        let apart = run.reported.filter(|reported| held_to_total && *reported != arrived);
        let aside = if run.set_aside > 0 { format!(" ({} of them set aside)", run.set_aside) } else { String::new() };
        let parts = run.queries.len().max(1) as i64;
        let asked = if parts > 1 { format!(" in {parts} parts that overlap") } else { String::new() };
        let note =
            apart.map(|reported| format!("the source reported {reported} hits{asked}, {arrived} arrived{aside}"));
        if let (Some(reported), Some(note)) = (apart, &note)
            && falls_short(reported, arrived, parts)
        {
            return self.failed(run, label, &AskError::Broken(note.clone()));
        }
        if let Some(note) = &note {
            self.warn(&format!("{label}: {note}"));
        }
        self.with_store(|store| store.end_run(run.id, RunStatus::Complete, note.as_deref()))?;
        self.progress.event(&Event::Searched { label, received: run.received.unsigned_abs(), outcome: "complete" });
        Ok(true)
    }

    fn failed(&self, run: &SearchRun, label: &str, error: &AskError) -> Outcome<bool> {
        let reason = self.public(&error.to_string());
        self.warn(&format!("{label}: {reason}"));
        self.with_store(|store| store.end_run(run.id, RunStatus::Failed, Some(&reason)))?;
        self.progress.event(&Event::Searched { label, received: run.received.unsigned_abs(), outcome: "failed" });
        Ok(false)
    }

    pub(super) fn not_searched(&self, new: &NewRun<'_>, label: &str, reason: &str) -> Outcome<bool> {
        let reason = &self.public(reason);
        self.warn(&format!("{label}: not searched: {reason}"));
        self.with_store(|store| {
            let id = store.begin_run(new, &Planned::default())?;
            store.end_run(id, RunStatus::NotSearched, Some(reason))
        })?;
        self.progress.event(&Event::Searched { label, received: 0, outcome: "not searched" });
        Ok(false)
    }
}

/// Marks a state that begins a request series, wherever a run is taken up again: its first answer tells
/// the series' total. Parts that a source divides a series into have theirs told already.
const SERIES: &str = "series";

fn read_state(pending: Value) -> (Value, bool) {
    match pending {
        Value::Object(mut marked) if marked.len() == 1 && marked.contains_key(SERIES) => {
            (marked.remove(SERIES).unwrap_or_default(), true)
        }
        state => (state, false),
    }
}

/// Whether a run came to its end since its refresh was begun. What was searched by hand before, under
/// the number of a refresh still to come, is searched again: a source may have more by now. Rows know
/// the time to the second; within the same one it is searched again too.
pub(super) fn ended_since(run: &SearchRun, began: Option<&str>) -> bool {
    run.status == RunStatus::Complete
        && began.zip(run.finished_at.as_deref()).is_some_and(|(began, finished)| finished > began)
}

fn asks_the_same(run: &SearchRun, planned: &Planned) -> bool {
    run.queries == planned.queries
        && (run.query_exact, run.window_exact) == (planned.query_exact, planned.window_exact)
        && (&run.window_from, &run.window_to) == (&planned.window.0, &planned.window.1)
}

fn plan(reach: &Reach, stream: &Stream, search: &Search) -> Result<Plan, String> {
    let Some(query) = &search.query else { return Err("the search has no query".to_owned()) };
    let question = Question { query: &query.tree, window: stream.window, max_records: search.max_records };
    reach.source.search(&reach.access, &question).map_err(|error| error.to_string())
}

/// Whether too few hits arrived of those that were reported, over all parts of the query. Parts overlap,
/// so that their totals together are more than the hits there are; but the largest is no less than
/// their mean, and so much must have arrived.
fn falls_short(reported: i64, arrived: i64, parts: i64) -> bool {
    let least = reported / parts;
    (least - arrived).saturating_mul(GAP) > least
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_of_a_series_is_known_wherever_a_run_is_taken_up() {
        assert_eq!(read_state(json!({ SERIES: { "cursor": "*" } })), (json!({ "cursor": "*" }), true));
        assert_eq!(read_state(json!({ "cursor": "c2" })), (json!({ "cursor": "c2" }), false));
        assert_eq!(read_state(json!("page 2")), (json!("page 2"), false));
    }

    #[test]
    fn parts_that_overlap_are_no_gap() {
        assert!(!falls_short(100, 96, 1) && falls_short(100, 94, 1));
        assert!(!falls_short(100, 120, 1), "more than reported is told elsewhere");
        // Two parts of 100 each that share 60 hits.
        assert!(!falls_short(200, 140, 2) && falls_short(200, 90, 2));
    }
}
