//! Decisions made elsewhere: what screening tools wrote into an export becomes rows of the ledger, but only
//! when somebody asks for it, says the stage, and a name stands for each.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde::Serialize;

use super::reading::reasons;
use super::run::Run;
use crate::config::Stream;
use crate::dedupe::cluster;
use crate::error::{Failure, Outcome};
use crate::formats::{Entry, Label};
use crate::ids::sha256_hex;
use crate::model::{Decider, Record, Stage, Verdict};
use crate::screen::withdrawn;
use crate::store::{NewDecision, StoredDecision};

/// How the decisions of an export file are taken.
#[derive(Clone, Debug)]
pub struct Taking {
    /// The stage that they are taken at, unless the file says another.
    pub stage: Stage,
    /// Who decided what bears no name in the file.
    pub by: Option<String>,
    /// What the file as a whole says of an entry that has no verdict of its own.
    pub verdict: Option<Verdict>,
    /// Whether a verdict replaces another one of the same person; else that one stays.
    pub replace: bool,
    /// Whether the file is read for its decisions alone, and its records are not imported.
    pub only: bool,
}

/// How many verdicts of somebody an export file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LabelCount {
    /// `None` where the file names nobody.
    pub reviewer: Option<String>,
    /// `None` where the file does not say it.
    pub stage: Option<Stage>,
    pub include: usize,
    pub maybe: usize,
    pub exclude: usize,
}

/// What became of the verdicts of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Taken {
    /// Decisions added.
    pub added: usize,
    /// Decided so already, or taken from these bytes before.
    pub known: usize,
    /// Earlier decisions of the same person that were withdrawn for others.
    pub replaced: usize,
    /// Where the same person decided otherwise and that was left: record, what stands, what the file says.
    pub differing: Vec<(String, Verdict, Verdict)>,
    /// Verdicts of another stage.
    pub other_stage: usize,
    /// Exclusions at full text that name no reason.
    pub without_reason: usize,
    /// Titles of entries that are no work of the stream, where only decisions were asked for.
    pub unmatched: Vec<String>,
}

/// Counts the verdicts of entries, by person and stage.
pub(super) fn count(entries: &[Entry]) -> Vec<LabelCount> {
    let mut counts: BTreeMap<(Option<&str>, Option<Stage>), LabelCount> = BTreeMap::new();
    for label in entries.iter().flat_map(|entry| &entry.labels) {
        let count = counts.entry((label.reviewer.as_deref(), label.stage)).or_insert_with(|| LabelCount {
            reviewer: label.reviewer.clone(),
            stage: label.stage,
            ..LabelCount::default()
        });
        match label.verdict {
            Verdict::Include => count.include += 1,
            Verdict::Exclude => count.exclude += 1,
            _ => count.maybe += 1,
        }
    }
    counts.into_values().collect()
}

/// The id that our own export gave an entry.
fn own_id(entry: &Entry) -> Option<&str> {
    entry.record.extra.get("gleaner-id")?.first().map(String::as_str)
}

/// A verdict on its way.
struct Vote<'a> {
    record: i64,
    key: &'a str,
    reviewer: &'a str,
    label: &'a Label,
}

impl Run {
    /// For each entry the record of the stream that it is, by the id that our own export gave it.
    pub(super) fn known_works(&self, stream: &Stream, entries: &[Entry]) -> Outcome<Vec<Option<(i64, String)>>> {
        if !entries.iter().any(|entry| own_id(entry).is_some()) {
            return Ok(vec![None; entries.len()]);
        }
        let (keys, hits) = self.with_store(|store| Ok((store.record_keys()?, store.hits_of(&stream.id)?)))?;
        let works: HashMap<i64, i64> = keys.iter().map(|row| (row.id, row.work)).collect();
        let of_stream: HashSet<i64> = hits.iter().filter_map(|hit| works.get(&hit.record).copied()).collect();
        let by_key: HashMap<&str, i64> =
            keys.iter().filter(|row| of_stream.contains(&row.work)).map(|row| (row.key.as_str(), row.id)).collect();
        let known = |entry: &Entry| {
            let id = own_id(entry)?;
            by_key.get(id).map(|record| (*record, id.to_owned()))
        };
        Ok(entries.iter().map(known).collect())
    }

    /// The records of the stream that entries without our id are, as deduplication would find them.
    pub(super) fn match_works(
        &self,
        stream: &Stream,
        entries: &[Entry],
        targets: &mut [Option<(i64, String)>],
    ) -> Outcome<()> {
        let (stored, hits) = self.with_store(|store| Ok((store.records()?, store.hits_of(&stream.id)?)))?;
        let found: HashSet<i64> = hits.iter().map(|hit| hit.record).collect();
        let stored: Vec<_> = stored.into_iter().filter(|row| found.contains(&row.id)).collect();
        let records: Vec<&Record> =
            stored.iter().map(|row| &row.record).chain(entries.iter().map(|entry| &entry.record)).collect();
        let work_of = cluster(&records).work_of;
        let mut first: HashMap<usize, usize> = HashMap::new();
        for (index, work) in work_of[..stored.len()].iter().enumerate() {
            first.entry(*work).or_insert(index);
        }
        for (target, work) in targets.iter_mut().zip(&work_of[stored.len()..]) {
            if let (None, Some(index)) = (target.as_ref(), first.get(work)) {
                *target = Some((stored[*index].id, stored[*index].key.clone()));
            }
        }
        Ok(())
    }

    /// What must be so before anything of the file is stored.
    pub(super) fn check_taking(&self, stream: &Stream, entries: &[Entry], taking: &Taking) -> Outcome<()> {
        let has = match taking.stage {
            Stage::Abstract => stream.abstract_stage.is_some(),
            _ => stream.fulltext_stage.is_some(),
        };
        if !has {
            return Err(Failure::usage(format!("stream {} has no stage {}", stream.id, taking.stage.name())));
        }
        let nameless = votes_at(entries, taking).filter(|(_, label)| label.reviewer.is_none()).count();
        if nameless > 0 && taking.by.is_none() {
            return Err(Failure::usage(format!("{nameless} decisions in the file name nobody"))
                .remedy("say who made them: --decisions-by NAME"));
        }
        Ok(())
    }

    /// Stores the verdicts of entries as decisions on their records. `hash` is that of the file's bytes: a
    /// verdict of the same bytes is taken once, also where it was undone since.
    pub(super) fn take_decisions(
        &self,
        stream: &Stream,
        (name, hash): (&str, &str),
        entries: &[Entry],
        targets: &[Option<(i64, String)>],
        taking: &Taking,
    ) -> Outcome<Taken> {
        let all: Vec<(usize, Label)> = votes_at(entries, taking).collect();
        let mut taken = Taken {
            other_stage: entries
                .iter()
                .flat_map(|entry| &entry.labels)
                .filter(|label| label.stage.is_some_and(|stage| stage != taking.stage))
                .count(),
            ..Taken::default()
        };
        let lost: BTreeSet<usize> = all.iter().map(|(at, _)| *at).filter(|at| targets[*at].is_none()).collect();
        for at in lost {
            taken.unmatched.push(entries[at].record.title.clone().unwrap_or_else(|| "(no title)".to_owned()));
        }
        let (keys, decided) =
            self.with_store(|store| Ok((store.record_keys()?, store.decisions_by_work(&stream.id)?)))?;
        let works: HashMap<i64, i64> = keys.iter().map(|row| (row.id, row.work)).collect();
        let configured = reasons(&self.settings, stream, taking.stage);
        let mut pending: HashMap<(i64, &str), Verdict> = HashMap::new();
        for (at, label) in &all {
            let Some((record, key)) = &targets[*at] else { continue };
            let reviewer = label.reviewer.as_deref().or(taking.by.as_deref()).unwrap_or_default();
            let vote = Vote { record: *record, key, reviewer, label };
            // Two entries of the file may be one record.
            match pending.get(&(*record, reviewer)) {
                Some(verdict) if *verdict == label.verdict => continue,
                Some(verdict) => {
                    taken.differing.push((key.clone(), *verdict, label.verdict));
                    continue;
                }
                None => {}
            }
            pending.insert((*record, reviewer), label.verdict);
            let rows = decided.get(works.get(record).unwrap_or(record)).map_or(&[][..], Vec::as_slice);
            self.take_one(stream, (name, hash), taking, &vote, rows, &configured, &mut taken)?;
        }
        Ok(taken)
    }

    #[expect(clippy::too_many_arguments, reason = "one verdict with all that it is weighed against")]
    fn take_one(
        &self,
        stream: &Stream,
        (name, hash): (&str, &str),
        taking: &Taking,
        vote: &Vote<'_>,
        rows: &[StoredDecision],
        configured: &[String],
        taken: &mut Taken,
    ) -> Outcome<()> {
        let label = vote.label;
        let by = Decider::Reviewer(vote.reviewer.to_owned());
        let identity = [hash, vote.key, &stream.id, taking.stage.name(), vote.reviewer].join("\n");
        let idempotency = format!("import/{}", sha256_hex(identity.as_bytes()));
        if self.with_store(|store| store.decision_by_key(&idempotency))?.is_some() {
            taken.known += 1;
            return Ok(());
        }
        let gone = withdrawn(rows.iter().map(|row| &row.decision));
        let standing: Vec<&StoredDecision> = rows
            .iter()
            .filter(|row| {
                row.decision.by == by
                    && row.decision.stage == taking.stage
                    && row.decision.verdict != Verdict::Withdraw
                    && !gone.contains(&row.decision.id)
            })
            .collect();
        if standing.iter().any(|row| row.decision.verdict == label.verdict) {
            taken.known += 1;
            return Ok(());
        }
        if let (Some(other), false) = (standing.last(), taking.replace) {
            taken.differing.push((vote.key.to_owned(), other.decision.verdict, label.verdict));
            return Ok(());
        }
        // The config's own words for a reason, where the file has them in other letters.
        let reason = label.reason.as_deref().map(|reason| {
            configured.iter().find(|own| own.to_lowercase() == reason.to_lowercase()).map_or(reason, String::as_str)
        });
        taken.without_reason +=
            usize::from(label.verdict == Verdict::Exclude && taking.stage == Stage::Fulltext && reason.is_none());
        let note = format!("imported from {name}: {}", label.raw);
        let keys: Vec<String> =
            standing.iter().map(|row| format!("{idempotency}/withdraws/{}", row.decision.id)).collect();
        let withdrawals = standing.iter().zip(&keys).map(|(row, key)| NewDecision {
            withdraws: Some(row.decision.id),
            idempotency: Some(key),
            ..NewDecision::plain(row.record, &stream.id, taking.stage, Verdict::Withdraw, &by)
        });
        let mut new: Vec<NewDecision<'_>> = withdrawals.collect();
        new.push(NewDecision {
            reason,
            secondary: &label.secondary,
            note: Some(&note),
            idempotency: Some(&idempotency),
            ..NewDecision::plain(vote.record, &stream.id, taking.stage, label.verdict, &by)
        });
        self.with_store(|store| store.decide(&new))?;
        taken.replaced += standing.len();
        taken.added += 1;
        Ok(())
    }
}

/// The verdicts of entries that belong to the stage, with the entry's place; what the file as a whole says
/// stands for an entry that says nothing of the stage itself.
fn votes_at<'a>(entries: &'a [Entry], taking: &'a Taking) -> impl Iterator<Item = (usize, Label)> + 'a {
    entries.iter().enumerate().flat_map(move |(at, entry)| {
        let mut own: Vec<Label> = entry
            .labels
            .iter()
            .filter(|label| label.stage.is_none_or(|stage| stage == taking.stage))
            .cloned()
            .collect();
        if let (true, Some(verdict)) = (own.is_empty(), taking.verdict) {
            own.push(Label::of_file(verdict));
        }
        own.into_iter().map(move |label| (at, label))
    })
}
