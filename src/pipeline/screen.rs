//! Screening by rules: the local match, then the criteria of both stages.

use std::collections::HashMap;

use serde::Serialize;

use super::harvest::Choice;
use super::reading::{Reading, StreamReading, enters_at_abstract, local_match};
use super::run::Run;
use crate::config::{Settings, Stream};
use crate::dedupe::merged;
use crate::error::Outcome;
use crate::flow::{Retrieval, Standing};
use crate::model::{Decider, Decision, Evidence, Record, Stage, Verdict};
use crate::screen::{KEPT, LocalMatch, Removable, RuleSet, WorkView, judge, judge_hit};
use crate::store::{NewDecision, SearchRun, Store};

/// Decisions are written so many at a time: a click never waits for a screening.
const BATCH: usize = 200;

/// What a screening did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Screened {
    /// Works looked at.
    pub works: usize,
    /// Rule decisions that are new or other than before.
    pub decided: usize,
    pub excluded: usize,
    pub advanced: usize,
    /// Works that wait for a person.
    pub waiting: usize,
}

/// A rule decision that would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Flip {
    pub stream: String,
    pub work: String,
    pub title: String,
    pub stage: Stage,
    /// The rule's verdict now, if there is one.
    pub before: Option<Verdict>,
    pub after: Verdict,
    pub reason: Option<String>,
    /// Whether a person has decided the work at this stage: the rule then changes nothing.
    pub decided_by_person: bool,
}

/// A rule's word on a work, ready to be a row.
struct Ruling {
    /// The id of the record shown: the work's smallest key.
    record: i64,
    work: i64,
    stage: Stage,
    verdict: Verdict,
    criterion: Option<String>,
    reason: Option<String>,
    version: String,
    evidence: Vec<Evidence>,
    secondary: Vec<String>,
}

impl Run {
    /// Removes what the local match finds definitely outside of its searches.
    pub fn screen_identification(&self, choice: &Choice) -> Outcome<Screened> {
        self.screen_with(choice, Stage::Identification)
    }

    /// Applies the criteria of the abstract stage.
    pub fn screen_abstracts(&self, choice: &Choice) -> Outcome<Screened> {
        self.screen_with(choice, Stage::Abstract)
    }

    /// Applies the criteria of the full-text stage to what is retrieved.
    pub fn screen_fulltexts(&self, choice: &Choice) -> Outcome<Screened> {
        self.screen_with(choice, Stage::Fulltext)
    }

    fn screen_with(&self, choice: &Choice, stage: Stage) -> Outcome<Screened> {
        let mut total = Screened::default();
        let settings = std::sync::Arc::clone(&self.settings);
        let reading = self.with_reading()?;
        let runs = self.with_store(|store| store.runs())?;
        for stream in settings.streams.iter().filter(|stream| choice.has_stream(stream)) {
            let stream_reading = self.read(|store| reading.stream(store, &settings, stream))?;
            let rulings = self.read(|store| rule(store, &settings, stream, stage, &reading, &stream_reading, &runs))?;
            if let Some(rules) = RuleSet::of(&settings, stream, stage) {
                self.with_store(|store| store.note_rule_set(&rules.version, &stream.id, stage, &rules.text))?;
            }
            for ruling in &rulings {
                total.works += 1;
                match ruling.verdict {
                    Verdict::Exclude | Verdict::Remove => total.excluded += 1,
                    Verdict::Include => total.advanced += 1,
                    _ => total.waiting += 1,
                }
            }
            let known = |ruling: &&Ruling| {
                says_the_same(&stream_reading.in_force(ruling.work), ruling, reading.key(ruling.work))
            };
            let changed: Vec<&Ruling> = rulings.iter().filter(|ruling| !known(ruling)).collect();
            total.decided += changed.len();
            for batch in changed.chunks(BATCH) {
                let deciders: Vec<Decider> = batch.iter().map(|ruling| Decider::Rule(ruling.version.clone())).collect();
                let rows: Vec<NewDecision<'_>> =
                    batch.iter().zip(&deciders).map(|(ruling, by)| row(ruling, &stream.id, by)).collect();
                self.with_store(|store| store.decide(&rows))?;
            }
        }
        Ok(total)
    }

    pub(super) fn with_reading(&self) -> Outcome<Reading> {
        self.read(Reading::load)
    }

    /// What would flip if the criteria as config has them now were applied; nothing is written.
    pub fn preview(&self, choice: &Choice, stage: Stage) -> Outcome<Vec<Flip>> {
        let settings = std::sync::Arc::clone(&self.settings);
        let reading = self.with_reading()?;
        let mut flips = Vec::new();
        for stream in settings.streams.iter().filter(|stream| choice.has_stream(stream)) {
            let of_stream = self.read(|store| reading.stream(store, &settings, stream))?;
            for ruling in self.read(|store| rule(store, &settings, stream, stage, &reading, &of_stream, &[]))? {
                let all = of_stream.decisions.get(&ruling.work).map(Vec::as_slice).unwrap_or_default();
                // The rule's last word, whatever its version: that is what people saw.
                let before = all
                    .iter()
                    .rfind(|row| row.decision.stage == stage && !row.decision.by.is_person())
                    .map(|row| (row.decision.verdict, row.decision.reason.clone()));
                if before.as_ref() == Some(&(ruling.verdict, ruling.reason.clone())) {
                    continue;
                }
                let members = reading.members(ruling.work);
                flips.push(Flip {
                    stream: stream.id.clone(),
                    work: reading.key(ruling.work).to_owned(),
                    title: merged(&members).title.unwrap_or_default(),
                    stage,
                    before: before.map(|(verdict, _)| verdict),
                    after: ruling.verdict,
                    reason: ruling.reason,
                    decided_by_person: of_stream
                        .in_force(ruling.work)
                        .iter()
                        .any(|decision| decision.stage == stage && decision.by.is_person()),
                });
            }
        }
        flips.sort_by(|a, b| (&a.stream, &a.work).cmp(&(&b.stream, &b.work)));
        Ok(flips)
    }
}

fn row<'a>(ruling: &'a Ruling, stream: &'a str, by: &'a Decider) -> NewDecision<'a> {
    NewDecision {
        criterion: ruling.criterion.as_deref(),
        reason: ruling.reason.as_deref(),
        evidence: &ruling.evidence,
        secondary: &ruling.secondary,
        ..NewDecision::plain(ruling.record, stream, ruling.stage, ruling.verdict, by)
    }
}

/// Whether the rule decision in force says what the ruling says, evidence and all, of the record that is
/// the work's now: whether works merged before or after they were screened does not show.
fn says_the_same(in_force: &[&Decision], ruling: &Ruling, record: &str) -> bool {
    let known = in_force.iter().rev().find(|decision| decision.stage == ruling.stage && !decision.by.is_person());
    match known {
        Some(known) => {
            known.by == Decider::Rule(ruling.version.clone())
                && known.record == record
                && known.verdict == ruling.verdict
                && known.criterion == ruling.criterion
                && known.reason == ruling.reason
                && known.evidence == ruling.evidence
                && known.secondary == ruling.secondary
        }
        // Not removed and never was: no row is needed to say so.
        None => ruling.stage == Stage::Identification && ruling.verdict == Verdict::Include,
    }
}

fn rule(
    store: &Store,
    settings: &Settings,
    stream: &Stream,
    stage: Stage,
    reading: &Reading,
    of_stream: &StreamReading,
    runs: &[SearchRun],
) -> Outcome<Vec<Ruling>> {
    if stage == Stage::Identification {
        return Ok(removals(stream, reading, of_stream, runs));
    }
    let Some(rules) = RuleSet::of(settings, stream, stage) else { return Ok(Vec::new()) };
    let mut rulings = Vec::new();
    for (work, owner) in &of_stream.owners {
        let standing = of_stream.standing(*work);
        let at_abstract = enters_at_abstract(stream, *owner);
        if standing.removed.is_some() || (stage == Stage::Abstract && !at_abstract) {
            continue;
        }
        let document = match stage {
            Stage::Abstract => None,
            _ if at_abstract && !matches!(standing.abstract_stage, Standing::Advanced { .. }) => continue,
            _ if standing.retrieval != Retrieval::Retrieved => continue,
            _ => match reading.documents.get(work) {
                Some((record, hash)) => store.document(hash)?.map(|document| (*record, document.text())),
                None => continue,
            },
        };
        let members = reading.members(*work);
        let merged = merged(&members);
        let full_text = document
            .as_ref()
            .map(|(record, text)| (text.as_str(), reading.record(*record).map_or("", |record| record.key.as_str())));
        let judgement = judge(&rules, &WorkView { members: &members, merged: &merged, full_text });
        rulings.push(Ruling {
            record: *work,
            work: *work,
            stage,
            verdict: judgement.verdict,
            criterion: judgement.criterion,
            reason: judgement.reason,
            version: rules.version.clone(),
            evidence: judgement.evidence,
            secondary: judgement.secondary,
        });
    }
    Ok(rulings)
}

/// The local match over a stream's works. A work goes only if every one of its hits in the stream
/// would go; a removal is taken back where a late field makes it indefinite.
fn removals(stream: &Stream, reading: &Reading, of_stream: &StreamReading, runs: &[SearchRun]) -> Vec<Ruling> {
    let mut exactness: HashMap<(&str, &str), (bool, bool)> = HashMap::new();
    for run in runs.iter().filter(|run| run.stream == stream.id && !run.queries.is_empty()) {
        exactness.insert((&run.search, &run.source), (run.query_exact, run.window_exact));
    }
    let mut locals: HashMap<(usize, &str), Option<LocalMatch>> = HashMap::new();
    let mut by_work: HashMap<i64, Vec<(usize, &str)>> = HashMap::new();
    for (search, hit, work) in &of_stream.hits {
        by_work.entry(*work).or_default().push((*search, &hit.source));
        locals.entry((*search, &hit.source)).or_insert_with(|| {
            let searched = &stream.searches[*search];
            let (query_exact, window_exact) =
                exactness.get(&(searched.id.as_str(), hit.source.as_str())).copied().unwrap_or((false, false));
            local_match(stream, searched, query_exact, window_exact)
        });
    }
    let mut rulings = Vec::new();
    for work in of_stream.owners.keys() {
        let mut hits = by_work.remove(work).unwrap_or_default();
        hits.sort_unstable();
        hits.dedup();
        let members = reading.members(*work);
        let merged = merged(&members);
        let view = WorkView { members: &members, merged: &merged, full_text: None };
        rulings.push(removal(*work, &hits, &locals, &view));
    }
    rulings
}

fn removal(
    work: i64,
    hits: &[(usize, &str)],
    locals: &HashMap<(usize, &str), Option<LocalMatch>>,
    view: &WorkView<'_>,
) -> Ruling {
    let judged = hits.iter().map(|hit| {
        let local = locals.get(hit)?.as_ref()?;
        Some((judge_hit(local, view)?, local.version()))
    });
    // None where a hit stays: the work stays with it.
    let all: Option<Vec<(Removable, String)>> = judged.collect();
    let ruling = Ruling {
        record: work,
        work,
        stage: Stage::Identification,
        verdict: Verdict::Include,
        criterion: None,
        reason: None,
        version: KEPT.to_owned(),
        evidence: Vec::new(),
        secondary: Vec::new(),
    };
    match all.and_then(|all| all.into_iter().next()) {
        Some((removable, version)) => Ruling {
            verdict: Verdict::Remove,
            reason: Some(removable.reason.to_owned()),
            evidence: removable.evidence,
            version,
            ..ruling
        },
        None => ruling,
    }
}

/// A work as one record, for what shows it.
pub(super) fn merged_work(reading: &Reading, work: i64) -> Record {
    merged(&reading.members(work))
}
