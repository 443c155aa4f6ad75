//! Works with their decisions, for export: the canonical form, without ids of rows and times.

use std::collections::BTreeMap;

use serde::Serialize;

use super::duplicates::{LinkStatus, related, studies};
use super::reading::{Reading, enters_at_abstract};
use super::screen::merged_work;
use crate::config::Settings;
use crate::error::Outcome;
use crate::flow::{Removal, Retrieval, Standing, WorkStanding};
use crate::model::{Decision, Evidence, Record, RelationKind, Stage, Verdict};
use crate::store::Store;

/// A work as it is exported.
#[derive(Clone, Debug, Serialize)]
pub struct ExportedWork {
    /// The smallest key of its records: stable.
    pub id: String,
    /// The best of each field.
    pub record: Record,
    /// Its records' keys.
    pub records: Vec<String>,
    /// By stream, in config order.
    pub streams: Vec<WorkInStream>,
    /// The links to works that belong together with it: refused ones are left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<ExportedLink>,
    /// The study that it is about, where accepted links make it one with other works.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub study: Option<String>,
}

/// A link of a work, without ids of rows: `a` is the preprint, the erratum … of `b`.
#[derive(Clone, Debug, Serialize)]
pub struct ExportedLink {
    pub kind: RelationKind,
    pub a: String,
    pub b: String,
    pub status: LinkStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// How a work stands in a stream.
#[derive(Clone, Debug, Serialize)]
pub struct WorkInStream {
    pub stream: String,
    pub arm: String,
    /// `included`, `excluded`, `removed`, `not retrieved` or `awaiting`.
    pub status: &'static str,
    /// The stage that it reached.
    pub stage: Stage,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// `(search, source)` of each hit.
    pub hits: Vec<(String, String)>,
    /// The decisions in force.
    pub decisions: Vec<ExportedDecision>,
    /// The document's hash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
}

/// A decision without its row's id and time.
#[derive(Clone, Debug, Serialize)]
pub struct ExportedDecision {
    pub record: String,
    pub stage: Stage,
    pub verdict: Verdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub criterion: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    pub by: crate::model::Decider,
    pub evidence: Vec<Evidence>,
    pub secondary: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl From<&Decision> for ExportedDecision {
    fn from(decision: &Decision) -> Self {
        Self {
            record: decision.record.clone(),
            stage: decision.stage,
            verdict: decision.verdict,
            criterion: decision.criterion.clone(),
            reason: decision.reason.clone(),
            by: decision.by.clone(),
            evidence: decision.evidence.clone(),
            secondary: decision.secondary.clone(),
            note: decision.note.clone(),
        }
    }
}

/// Every work that a stream found, by id. `stream` keeps those of one stream, `status` those that
/// stand so in any of the streams asked for.
pub fn exported(
    settings: &Settings,
    store: &Store,
    stream: Option<&str>,
    status: Option<&str>,
) -> Outcome<Vec<ExportedWork>> {
    store.at_one_moment(|store| read_works(settings, store, stream, status))
}

fn read_works(
    settings: &Settings,
    store: &Store,
    stream: Option<&str>,
    status: Option<&str>,
) -> Outcome<Vec<ExportedWork>> {
    let reading = Reading::load(store)?;
    let mut works: BTreeMap<String, ExportedWork> = BTreeMap::new();
    let related = related(settings, store)?;
    let studies = studies(&related);
    let mut links: BTreeMap<i64, Vec<ExportedLink>> = BTreeMap::new();
    for link in related.into_iter().filter(|link| link.status != LinkStatus::Refused) {
        let exported = ExportedLink { kind: link.kind, a: link.a, b: link.b, status: link.status, by: link.by };
        links.entry(link.works.0).or_default().push(exported.clone());
        links.entry(link.works.1).or_default().push(exported);
    }
    for of in settings.streams.iter().filter(|of| stream.is_none_or(|id| of.id == id)) {
        let of_stream = reading.stream(store, settings, of)?;
        let mut hits: BTreeMap<i64, Vec<(String, String)>> = BTreeMap::new();
        for (_, hit, work) in &of_stream.hits {
            hits.entry(*work).or_default().push((hit.search.clone(), hit.source.clone()));
        }
        for (work, owner) in &of_stream.owners {
            let standing = of_stream.standing(*work);
            let (status, stage, reason) =
                stands(&standing, enters_at_abstract(of, *owner), of.fulltext_stage.is_some());
            let mut found = hits.remove(work).unwrap_or_default();
            found.sort();
            found.dedup();
            let mut decisions: Vec<ExportedDecision> =
                of_stream.in_force(*work).into_iter().filter(says_something).map(ExportedDecision::from).collect();
            decisions.sort_by(|a, b| (a.stage, &a.by, &a.record).cmp(&(b.stage, &b.by, &b.record)));
            let entry = works.entry(reading.key(*work).to_owned()).or_insert_with(|| ExportedWork {
                id: reading.key(*work).to_owned(),
                record: merged_work(&reading, *work),
                records: reading.members(*work).iter().map(|record| record.key()).collect(),
                streams: Vec::new(),
                related: links.remove(work).unwrap_or_default(),
                study: studies.get(reading.key(*work)).cloned(),
            });
            entry.streams.push(WorkInStream {
                stream: of.id.clone(),
                arm: of.searches.get(*owner).map(|search| search.arm.clone()).unwrap_or_default(),
                status,
                stage,
                reason,
                hits: found,
                decisions,
                document: reading.documents.get(work).map(|(_, hash)| hash.clone()),
            });
        }
    }
    let mut works: Vec<ExportedWork> = works.into_values().collect();
    if let Some(status) = status {
        works.retain(|work| work.streams.iter().any(|stream| stream.status == status));
    }
    Ok(works)
}

/// A removal that a rule took back says no more than that there is none.
fn says_something(decision: &&Decision) -> bool {
    decision.by.is_person() || decision.stage != Stage::Identification || decision.verdict == Verdict::Remove
}

/// A standing in words: status, the stage reached, the reason.
pub(super) fn stands(
    standing: &WorkStanding,
    at_abstract: bool,
    has_fulltext: bool,
) -> (&'static str, Stage, Option<String>) {
    match standing.removed {
        Some(Removal::Automation) => return ("removed", Stage::Identification, Some("local match".to_owned())),
        Some(Removal::Other) => return ("removed", Stage::Identification, Some("by a reviewer".to_owned())),
        None => {}
    }
    if at_abstract {
        match &standing.abstract_stage {
            Standing::Awaiting => return ("awaiting", Stage::Abstract, None),
            Standing::Excluded { reason, .. } => return ("excluded", Stage::Abstract, Some(reason.clone())),
            Standing::Advanced { .. } if !has_fulltext => return ("included", Stage::Abstract, None),
            Standing::Advanced { .. } => {}
        }
    }
    if !has_fulltext {
        // A stream without stages includes what it finds.
        return ("included", Stage::Abstract, None);
    }
    match (standing.retrieval, &standing.fulltext) {
        (Retrieval::Awaiting, _) => ("awaiting", Stage::Retrieval, None),
        (Retrieval::NotRetrieved, _) => ("not retrieved", Stage::Retrieval, None),
        (Retrieval::Retrieved, Standing::Awaiting) => ("awaiting", Stage::Fulltext, None),
        (Retrieval::Retrieved, Standing::Excluded { reason, .. }) => {
            ("excluded", Stage::Fulltext, Some(reason.clone()))
        }
        (Retrieval::Retrieved, Standing::Advanced { .. }) => ("included", Stage::Fulltext, None),
    }
}
