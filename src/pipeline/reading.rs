//! The store read whole: works, who owns them, how they stand, and the ledger the flow counts from.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::duplicates::{related, studies};
use crate::config::{Effect, Enter, Search, SearchKind, Settings, Stream};
use crate::error::Outcome;
use crate::flow::{HitRow, Ledger, SearchSpec, StreamLedger, WorkStanding};
use crate::model::{Decision, MonthWindow, Record, Stage};
use crate::query::Matcher;
use crate::screen::{InForce, KEPT, LocalMatch, RuleSet, in_force, settle};
use crate::store::{RunStatus, SearchRun, Store, StoredDecision, StoredHit, StoredRecord};

/// Every record and work of the review.
pub struct Reading {
    /// By key.
    pub records: Vec<StoredRecord>,
    /// For each work's id the indexes of its records, by key.
    pub works: BTreeMap<i64, Vec<usize>>,
    /// For each work's id the record its document was got for, and the document's hash.
    pub documents: HashMap<i64, (i64, String)>,
    by_id: HashMap<i64, usize>,
}

/// A stream's hits, owners and standings, by the works' ids.
pub struct StreamReading {
    /// `(index of the search, hit, work)`.
    pub hits: Vec<(usize, StoredHit, i64)>,
    /// The index of the search whose arm owns the work: the lowest (refresh, config order).
    pub owners: BTreeMap<i64, usize>,
    pub standings: HashMap<i64, WorkStanding>,
    pub decisions: HashMap<i64, Vec<StoredDecision>>,
    pub versions: InForce,
}

impl Reading {
    /// Reads all records, works and documents.
    pub fn load(store: &Store) -> Outcome<Self> {
        let records = store.records()?;
        let mut works: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
        for (index, record) in records.iter().enumerate() {
            works.entry(record.work).or_default().push(index);
        }
        let by_id = records.iter().enumerate().map(|(index, record)| (record.id, index)).collect();
        Ok(Self { documents: store.documents_by_work()?, records, works, by_id })
    }

    /// The record of that id.
    pub fn record(&self, id: i64) -> Option<&StoredRecord> {
        self.by_id.get(&id).map(|index| &self.records[*index])
    }

    /// A work's records, by key.
    pub fn members(&self, work: i64) -> Vec<&Record> {
        self.works.get(&work).into_iter().flatten().map(|index| &self.records[*index].record).collect()
    }

    /// A work's id as people see it: its smallest record key.
    pub fn key(&self, work: i64) -> &str {
        self.works.get(&work).and_then(|members| members.first()).map_or("", |index| self.records[*index].key.as_str())
    }

    /// A stream's hits, owners and standings.
    pub fn stream(&self, store: &Store, settings: &Settings, stream: &Stream) -> Outcome<StreamReading> {
        let works: HashMap<i64, i64> = self.records.iter().map(|record| (record.id, record.work)).collect();
        let documents: HashSet<i64> = self.documents.keys().copied().collect();
        StreamReading::of(store, settings, stream, &works, &documents)
    }
}

impl StreamReading {
    fn of(
        store: &Store,
        settings: &Settings,
        stream: &Stream,
        works: &HashMap<i64, i64>,
        documents: &HashSet<i64>,
    ) -> Outcome<Self> {
        let searches: HashMap<&str, usize> =
            stream.searches.iter().enumerate().map(|(index, search)| (search.id.as_str(), index)).collect();
        let mut hits = Vec::new();
        let mut first: BTreeMap<i64, (i64, usize)> = BTreeMap::new();
        for hit in store.hits_of(&stream.id)? {
            // A search taken out of config keeps its rows and is no longer counted.
            let Some(search) = searches.get(hit.search.as_str()).copied() else { continue };
            let work = works.get(&hit.record).copied().unwrap_or(hit.record);
            let place = (hit.refresh, search);
            first.entry(work).and_modify(|known| *known = place.min(*known)).or_insert(place);
            hits.push((search, hit, work));
        }
        let versions = versions(settings, stream);
        let decisions = store.decisions_by_work(&stream.id)?;
        let standings = first
            .keys()
            .map(|work| {
                let rows: Vec<&Decision> = decisions.get(work).into_iter().flatten().map(|row| &row.decision).collect();
                (*work, settle(&in_force(&rows, &versions), documents.contains(work)))
            })
            .collect();
        let owners = first.into_iter().map(|(work, (_, search))| (work, search)).collect();
        Ok(Self { hits, owners, standings, decisions, versions })
    }

    /// How a work stands.
    pub fn standing(&self, work: i64) -> WorkStanding {
        self.standings.get(&work).cloned().unwrap_or_default()
    }

    /// The decisions in force on a work.
    pub fn in_force(&self, work: i64) -> Vec<&Decision> {
        let rows: Vec<&Decision> = self.decisions.get(&work).into_iter().flatten().map(|row| &row.decision).collect();
        in_force(&rows, &self.versions)
    }
}

/// Hits of searches that config no longer has: they stay stored and are counted nowhere.
pub fn forgotten_searches(settings: &Settings, store: &Store) -> Outcome<Vec<String>> {
    let known =
        |stream: &str, search: &str| settings.stream(stream).is_some_and(|stream| stream.search(search).is_some());
    Ok(store
        .hit_searches()?
        .into_iter()
        .filter(|(stream, search, _)| !known(stream, search))
        .map(|(stream, search, hits)| {
            format!("{hits} hits of {stream}/{search} are counted nowhere: config no longer has that search (renamed?)")
        })
        .collect())
}

/// Whether a stream's work is screened at the abstract stage, by the search that owns it.
pub fn enters_at_abstract(stream: &Stream, search: usize) -> bool {
    stream.abstract_stage.is_some() && stream.searches.get(search).is_some_and(|search| search.enter == Enter::Abstract)
}

/// How a search's hits of one run are matched locally: what the source could say exactly stands.
/// Citation hits are held to the stream's dates; what came by hand is not: a person put it there.
pub(super) fn local_match(
    stream: &Stream,
    search: &Search,
    query_exact: bool,
    window_exact: bool,
) -> Option<LocalMatch> {
    let open = MonthWindow::default();
    match search.kind {
        SearchKind::Database | SearchKind::Website => {
            let query = search.query.as_ref()?;
            Some(LocalMatch {
                matcher: (!query_exact).then(|| Matcher::new(&query.tree)),
                query: query.text.clone(),
                window: if window_exact { open } else { stream.window },
            })
        }
        SearchKind::Citation => Some(LocalMatch { matcher: None, query: String::new(), window: stream.window }),
        SearchKind::Submitted | SearchKind::Import => None,
    }
}

/// The versions of a stream's rules as config has them now.
pub(super) fn versions(settings: &Settings, stream: &Stream) -> InForce {
    let mut identification = BTreeSet::from([KEPT.to_owned()]);
    for search in &stream.searches {
        for (query_exact, window_exact) in [(false, false), (false, true), (true, false), (true, true)] {
            identification.extend(local_match(stream, search, query_exact, window_exact).map(|local| local.version()));
        }
    }
    InForce {
        identification,
        abstract_stage: RuleSet::of(settings, stream, Stage::Abstract).map(|rules| rules.version),
        fulltext: RuleSet::of(settings, stream, Stage::Fulltext).map(|rules| rules.version),
        retrieval: stream.fulltext_stage.as_ref().and_then(|stage| stage.give_up_after).map(give_up_version),
    }
}

/// The version of a give-up rule: another limit is another rule.
pub(super) fn give_up_version(limit: u32) -> String {
    format!("give up after {limit}")
}

/// The ledger at one moment: what the flow is counted from.
pub fn ledger(settings: &Settings, store: &Store) -> Outcome<Ledger> {
    store.at_one_moment(|store| read_ledger(settings, store))
}

fn read_ledger(settings: &Settings, store: &Store) -> Outcome<Ledger> {
    let rows = store.record_keys()?;
    let keys: HashMap<i64, &str> = rows.iter().map(|row| (row.id, row.key.as_str())).collect();
    let works: HashMap<i64, i64> = rows.iter().map(|row| (row.id, row.work)).collect();
    let documents: HashSet<i64> = store.documents_by_work()?.into_keys().collect();
    let runs = store.runs()?;
    let name = |id: i64| keys.get(&id).map(|key| (*key).to_owned()).unwrap_or_default();
    let mut streams = Vec::new();
    for stream in &settings.streams {
        let reading = StreamReading::of(store, settings, stream, &works, &documents)?;
        let hits = reading.hits.iter().map(|(search, hit, work)| HitRow {
            search: *search,
            source: hit.source.clone(),
            record: name(hit.record),
            work: name(*work),
            refresh: hit.refresh,
        });
        streams.push(StreamLedger {
            id: stream.id.clone(),
            title: stream.title.clone(),
            has_abstract: stream.abstract_stage.is_some(),
            has_fulltext: stream.fulltext_stage.is_some(),
            searches: stream.searches.iter().map(|search| spec(settings, stream, search, &runs)).collect(),
            hits: hits.collect(),
            standings: reading.standings.iter().map(|(work, standing)| (name(*work), standing.clone())).collect(),
            abstract_reasons: reasons(settings, stream, Stage::Abstract),
            fulltext_reasons: reasons(settings, stream, Stage::Fulltext),
        });
    }
    Ok(Ledger {
        review: settings.review.title.clone(),
        version: settings.review.version.clone(),
        streams,
        studies: studies(&related(settings, store)?),
    })
}

fn spec(settings: &Settings, stream: &Stream, search: &Search, runs: &[SearchRun]) -> SearchSpec {
    let by_hand = matches!(search.kind, SearchKind::Submitted | SearchKind::Import);
    let off = |id: &String| settings.sources.get(id).and_then(|source| source.enabled) == Some(false);
    let sources: Vec<String> = if by_hand {
        vec![search.id.clone()]
    } else {
        search.sources.iter().filter(|source| !off(source)).cloned().collect()
    };
    let mut not_searched = Vec::new();
    for source in sources.iter().filter(|_| !by_hand) {
        let own =
            || runs.iter().filter(|run| run.stream == stream.id && run.search == search.id && run.source == *source);
        // Of the latest refresh the first round that did not end well, else the last: a round that went
        // well hides no other that failed.
        let refresh = own().map(|run| run.refresh).max();
        let latest = || own().filter(|run| Some(run.refresh) == refresh);
        let telling = latest().find(|run| run.status != RunStatus::Complete).or_else(|| latest().next_back());
        let reason = match telling.map(|run| (run.status, run.reason.clone())) {
            None => Some("not searched yet".to_owned()),
            Some((RunStatus::Complete, _)) => None,
            Some((RunStatus::Running, _)) => Some("the search was cut off and goes on at the next refresh".to_owned()),
            Some((_, reason)) => Some(reason.unwrap_or_else(|| "it failed".to_owned())),
        };
        not_searched.extend(reason.map(|reason| (source.clone(), reason)));
    }
    SearchSpec {
        id: search.id.clone(),
        kind: search.kind.name().to_owned(),
        arm: search.arm.clone(),
        label: search.label.clone(),
        enters_at_fulltext: search.enter == Enter::Fulltext || stream.abstract_stage.is_none(),
        sources,
        not_searched,
    }
}

/// The exclusion reasons of a stage's criteria, in config order; the shared list of reviewers too.
pub fn reasons(settings: &Settings, stream: &Stream, stage: Stage) -> Vec<String> {
    let stage = match stage {
        Stage::Abstract => stream.abstract_stage.as_ref(),
        _ => stream.fulltext_stage.as_ref(),
    };
    let mut reasons: Vec<String> = Vec::new();
    for criterion in
        stage.into_iter().flat_map(|stage| &stage.criteria).filter_map(|index| settings.criteria.get(*index))
    {
        if criterion.effect != Effect::Order && !reasons.contains(&criterion.reason) {
            reasons.push(criterion.reason.clone());
        }
    }
    reasons
}
