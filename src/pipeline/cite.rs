//! Citation searching, round after round: seeds are the stream's included works.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::access::{NoAccess, Reach};
use super::harvest::{Choice, ended_since};
use super::progress::Event;
use super::reading::Reading;
use super::run::Run;
use super::screen::merged_work;
use super::watch::Watch;
use crate::config::{Direction, Search, SearchKind, Seeds, Stream};
use crate::error::{Failure, Outcome, read_file};
use crate::flow::Standing;
use crate::ids::normal_doi;
use crate::model::Identifiers;
use crate::sources::{Next, State};
use crate::store::{HitOrigin, NewRecord, NewRun, PageRow, Planned, RunStatus, SearchRun};

/// No seed is followed over more pages than this in one direction.
const MOST_PAGES: usize = 1_000;

/// A seed and direction still to be asked: what a run's pending states hold.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Pending {
    /// The seed's work, by the id of its record; 0 for a seed out of a file.
    seed: i64,
    name: String,
    forward: bool,
    state: State,
    pages: usize,
}

impl Run {
    /// One round of every citation search of the chosen streams. Gives whether all went well, and
    /// whether any search still had seeds to ask in this round.
    pub async fn cite_round(&self, refresh: i64, round: u32, choice: &Choice) -> Outcome<(bool, bool)> {
        let settings = Arc::clone(&self.settings);
        let (mut whole, mut any) = (true, false);
        for stream in settings.streams.iter().filter(|stream| choice.has_stream(stream)) {
            for search in
                stream.searches.iter().filter(|search| search.kind == SearchKind::Citation && round <= search.rounds)
            {
                let reading = self.with_reading()?;
                let seeds = self.seeds(stream, search, round, &reading)?;
                any |= !seeds.is_empty();
                for source in search.sources.iter().filter(|source| !self.switched_off(source)) {
                    if choice.source.as_ref().is_none_or(|only| only == source) {
                        whole &= self.cite_with(refresh, round, stream, search, source, &seeds).await?;
                    }
                }
            }
        }
        Ok((whole, any))
    }

    /// The most rounds that any chosen citation search declares.
    pub(super) fn citation_rounds(&self, choice: &Choice) -> u32 {
        let streams = self.settings.streams.iter().filter(|stream| choice.has_stream(stream));
        let searches = streams.flat_map(|stream| &stream.searches).filter(|search| search.kind == SearchKind::Citation);
        searches.map(|search| search.rounds).max().unwrap_or(0)
    }

    /// The seeds of a round, by key: `(work or 0, name, identifiers)`. Round 1 starts from the works
    /// included through the stream's other searches (or a file of DOIs), round n+1 from what round n
    /// included.
    fn seeds(
        &self,
        stream: &Stream,
        search: &Search,
        round: u32,
        reading: &Reading,
    ) -> Outcome<Vec<(i64, String, Identifiers)>> {
        if let (1, Some(Seeds::File(path))) = (round, &search.seeds) {
            return seed_file(path);
        }
        let of_stream = self.read(|store| reading.stream(store, &self.settings, stream))?;
        let citation: BTreeSet<usize> = stream
            .searches
            .iter()
            .enumerate()
            .filter(|(_, search)| search.kind == SearchKind::Citation)
            .map(|(index, _)| index)
            .collect();
        let elsewhere: BTreeSet<i64> =
            of_stream.hits.iter().filter(|(search, ..)| !citation.contains(search)).map(|(.., work)| *work).collect();
        let brought: BTreeMap<i64, u32> = self.with_store(|store| store.citation_rounds(&stream.id, &search.id))?;
        let mut first_round: BTreeMap<i64, u32> = BTreeMap::new();
        for (record, round) in brought {
            let work = reading.record(record).map_or(record, |record| record.work);
            first_round.entry(work).and_modify(|known| *known = round.min(*known)).or_insert(round);
        }
        let mut seeds: Vec<(i64, String, Identifiers)> = Vec::new();
        for work in of_stream.owners.keys() {
            let standing = of_stream.standing(*work);
            let last = if stream.fulltext_stage.is_some() { standing.fulltext } else { standing.abstract_stage };
            let included = standing.removed.is_none() && matches!(last, Standing::Advanced { .. });
            let of_round =
                if elsewhere.contains(work) { round == 1 } else { first_round.get(work) == Some(&(round - 1)) };
            if included && of_round {
                seeds.push((*work, reading.key(*work).to_owned(), merged_work(reading, *work).identifiers));
            }
        }
        seeds.sort_by(|a, b| a.1.cmp(&b.1));
        Ok(seeds)
    }

    async fn cite_with(
        &self,
        refresh: i64,
        round: u32,
        stream: &Stream,
        search: &Search,
        source: &str,
        seeds: &[(i64, String, Identifiers)],
    ) -> Outcome<bool> {
        let new = NewRun { refresh, stream: &stream.id, search: &search.id, source, round };
        let label = format!("{}/{}/{source} (round {round})", stream.id, search.id);
        let known = self.with_store(|store| store.find_run(&new))?;
        let began = self.with_store(|store| store.refresh_began(refresh))?;
        if known.as_ref().is_some_and(|run| ended_since(run, began.as_deref())) {
            return Ok(true);
        }
        let reach = match self.reach(source)? {
            Ok(reach) => reach,
            Err(NoAccess(reason)) => return self.not_searched(&new, &label, &reason),
        };
        let mut run = match known.filter(|run| run.status == RunStatus::Running) {
            Some(run) => run,
            None => self.begin_citations(&new, stream, &reach, search, seeds)?,
        };
        let mut failure = None;
        let mut watch = Watch::default();
        while let Some(pending) = run.pending.first().cloned() {
            let Ok(pending) = serde_json::from_value::<Pending>(pending) else {
                return Err(Failure::broken(format!("{label}: a saved state cannot be read")));
            };
            match self.follow_seed(&reach, &new, &mut run, &pending, &mut watch).await? {
                None => {}
                Some(reason) => {
                    failure = Some(reason);
                    break;
                }
            }
            self.progress.event(&Event::Searching {
                label: &label,
                received: run.received.unsigned_abs(),
                reported: None,
            });
        }
        let (status, reason) = match &failure {
            None => (RunStatus::Complete, None),
            Some(reason) => (RunStatus::Failed, Some(reason.as_str())),
        };
        if let Some(reason) = reason {
            self.warn(&format!("{label}: {reason}"));
        }
        self.with_store(|store| store.end_run(run.id, status, reason))?;
        self.progress.event(&Event::Searched {
            label: &label,
            received: run.received.unsigned_abs(),
            outcome: status.name(),
        });
        Ok(failure.is_none())
    }

    fn begin_citations(
        &self,
        new: &NewRun<'_>,
        stream: &Stream,
        reach: &Reach,
        search: &Search,
        seeds: &[(i64, String, Identifiers)],
    ) -> Outcome<SearchRun> {
        let mut planned = Planned {
            queries: Vec::new(),
            query_exact: true,
            window_exact: false,
            window: (
                stream.window.from.map(|month| month.to_string()),
                stream.window.to.map(|month| month.to_string()),
            ),
            ..Planned::default()
        };
        let mut asked = BTreeSet::new();
        for direction in &search.directions {
            for (seed, name, identifiers) in seeds {
                match reach.source.cite(&reach.access, identifiers, *direction) {
                    Ok(state) => {
                        asked.insert(name);
                        let pending = Pending {
                            seed: *seed,
                            name: name.clone(),
                            forward: *direction == Direction::Forward,
                            state,
                            pages: 0,
                        };
                        planned.pending.push(serde_json::to_value(&pending).unwrap_or_default());
                    }
                    Err(error) => {
                        let error = self.public(&error.to_string());
                        planned.warnings.push(format!("seed {name}, {}: {error}", direction.name()));
                    }
                }
            }
            planned.queries.push(format!("{} citations of {} works", direction.name(), seeds.len()));
        }
        if !planned.warnings.is_empty() {
            // The log of searches names each of them.
            self.warn(&format!(
                "{}/{}/{}: {} of {} questions cannot be asked, for want of an identifier that the source knows",
                new.stream,
                new.search,
                new.source,
                planned.warnings.len(),
                planned.warnings.len() + planned.pending.len()
            ));
        }
        self.with_store(|store| {
            store.begin_run(new, &planned)?;
            store.find_run(new)
        })?
        .ok_or_else(|| Failure::broken("a search run that was begun is not there"))
    }

    /// One step for one seed; `Some` is what stopped the source.
    async fn follow_seed(
        &self,
        reach: &Reach,
        new: &NewRun<'_>,
        run: &mut SearchRun,
        pending: &Pending,
        watch: &mut Watch,
    ) -> Outcome<Option<String>> {
        let direction = if pending.forward { Direction::Forward } else { Direction::Backward };
        let mut answer = match self.ask(reach, &pending.state).await {
            Ok(answer) => answer,
            Err(error) if error.is_not_found() => {
                self.warn(&format!("seed {}, {}: {}", pending.name, direction.name(), self.public(&error.to_string())));
                run.pending.remove(0);
                self.with_store(|store| store.set_pending(run.id, &run.pending))?;
                return Ok(None);
            }
            Err(error) => return Ok(Some(self.public(&error.to_string()))),
        };
        run.pending.remove(0);
        // A seed's list of one direction is a series of its own; it may have been begun before.
        if pending.pages == 0 {
            watch.begin_series();
        }
        watch.take(&mut answer.page);
        let next = match answer.page.next {
            Next::End => Vec::new(),
            Next::More(state) => vec![state],
            Next::Split(states) => states,
        };
        if next.contains(&pending.state) || pending.pages >= MOST_PAGES {
            answer.page.broken.get_or_insert_with(|| "the source repeats itself".into());
        }
        for warning in &answer.page.warnings {
            self.warn(&format!("seed {}, {}: {warning}", pending.name, direction.name()));
        }
        for state in next.into_iter().rev().filter(|_| answer.page.broken.is_none()) {
            let pending = Pending { state, pages: pending.pages + 1, ..pending.clone() };
            run.pending.insert(0, serde_json::to_value(&pending).unwrap_or_default());
        }
        let origin = HitOrigin {
            stream: new.stream,
            search: new.search,
            source: new.source,
            refresh: new.refresh,
            run: Some(run.id),
        };
        let warnings: Vec<String> = answer.page.warnings.iter().map(|warning| self.public(warning)).collect();
        let page = PageRow {
            request: answer.request,
            status: answer.status,
            reported: answer.page.reported.filter(|_| pending.pages == 0),
            came: None,
            warnings: &warnings,
            records: answer
                .page
                .records
                .iter()
                .map(|one| NewRecord { record: &one.record, payload: &one.payload })
                .collect(),
            set_aside: &answer.page.set_aside,
            pending: &run.pending,
            seed: (pending.seed != 0).then_some((pending.seed, direction.name())),
        };
        let seen = self.with_store(|store| store.commit_page(run.id, &origin, new.round, &page))?;
        run.received += seen.records as i64;
        Ok(answer.page.broken.map(|reason| format!("seed {}, {}: {reason}", pending.name, direction.name())))
    }
}

fn seed_file(path: &Path) -> Outcome<Vec<(i64, String, Identifiers)>> {
    let text = String::from_utf8_lossy(&read_file(path)?).into_owned();
    let dois: BTreeSet<String> = text.lines().filter_map(normal_doi).collect();
    if dois.is_empty() {
        return Err(Failure::usage("holds no DOI").in_file(path).remedy("write one DOI a line"));
    }
    Ok(dois.into_iter().map(|doi| (0, doi.clone(), Identifiers { doi: Some(doi), ..Identifiers::default() })).collect())
}
