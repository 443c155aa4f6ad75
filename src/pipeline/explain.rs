//! A work's whole story: hits, merges, decisions with evidence, documents.

use std::collections::BTreeSet;

use serde::Serialize;

use super::duplicates::{Related, related};
use super::export::{ExportedWork, exported};
use crate::config::Settings;
use crate::dedupe::{FieldOrigin, origins};
use crate::error::{Failure, Outcome};
use crate::model::{Decision, DuplicateRuling, Record};
use crate::store::{CitationRow, LinkRow, Store, StoredAttempt, StoredRecord};

/// Everything the store knows of a work.
#[derive(Clone, Debug, Serialize)]
pub struct Story {
    #[serde(flatten)]
    pub work: ExportedWork,
    /// Each record's title and source, with the hash of its payload.
    pub sources: Vec<StoryRecord>,
    /// From which records each field of the merged view comes.
    pub fields: Vec<FieldOrigin>,
    /// Why its records are one work.
    pub merges: Vec<LinkRow>,
    /// What the rules link to other works' records, and policy or a person keeps apart.
    pub parted: Vec<LinkRow>,
    /// Pairs with other works for a person to judge.
    pub possible: Vec<LinkRow>,
    /// Works that belong together with it and are not the same.
    pub related: Vec<Related>,
    /// What people said of its records, withdrawn rulings too, oldest first.
    pub rulings: Vec<DuplicateRuling>,
    /// Which seeds brought it.
    pub seeds: Vec<CitationRow>,
    /// Every decision ever made, withdrawn ones too, oldest first.
    pub history: Vec<Decision>,
    pub attempts: Vec<StoryAttempt>,
}

#[derive(Clone, Debug, Serialize)]
pub struct StoryRecord {
    pub key: String,
    pub title: Option<String>,
    pub abstract_from: Option<String>,
    pub payload: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct StoryAttempt {
    pub refresh: i64,
    pub origin: String,
    pub url: String,
    pub outcome: String,
    pub detail: String,
    pub document: Option<String>,
    pub at: String,
}

impl From<StoredAttempt> for StoryAttempt {
    fn from(attempt: StoredAttempt) -> Self {
        Self {
            refresh: attempt.refresh,
            origin: attempt.origin,
            url: attempt.url,
            outcome: attempt.outcome,
            detail: attempt.detail,
            document: attempt.document,
            at: attempt.at,
        }
    }
}

/// The story of the work that a record key (any of its records'), or a DOI, names.
pub fn story(settings: &Settings, store: &Store, name: &str) -> Outcome<Story> {
    store.at_one_moment(|store| tell(settings, store, name))
}

fn tell(settings: &Settings, store: &Store, name: &str) -> Outcome<Story> {
    let key = find(store, name)?;
    let record = store.record(&key)?.ok_or_else(|| {
        Failure::failed(format!("no record {key}")).remedy("`gleaner export --format csv` lists the works' ids")
    })?;
    let members = store.members(record.work)?;
    let keys: BTreeSet<&str> = members.iter().map(|member| member.key.as_str()).collect();
    let id = keys.first().map_or(key.clone(), |first| (*first).to_owned());
    let work = exported(settings, store, None, None)?
        .into_iter()
        .find(|work| work.id == id)
        .ok_or_else(|| Failure::failed(format!("{id} was found by no search that config still has")))?;
    let within = |link: &LinkRow| (keys.contains(link.a.as_str()), keys.contains(link.b.as_str()));
    let (merges, parted): (Vec<LinkRow>, Vec<LinkRow>) = store
        .links(false)?
        .into_iter()
        .filter(|link| within(link) != (false, false))
        .partition(|link| within(link) == (true, true));
    let possible =
        store.links(true)?.into_iter().filter(|link| matches!(within(link), (true, false) | (false, true))).collect();
    let mut rulings: Vec<DuplicateRuling> = store.rulings()?.into_iter().map(|stored| stored.ruling).collect();
    rulings.retain(|ruling| ruling.sides.iter().flatten().any(|key| keys.contains(key.as_str())));
    let mut related = related(settings, store)?;
    related.retain(|link| link.works.0 == record.work || link.works.1 == record.work);
    let records: Vec<&Record> = members.iter().map(|member| &member.record).collect();
    let fields = origins(&records);
    let mut seeds = Vec::new();
    for member in &members {
        seeds.extend(store.citations_of(member.id)?);
    }
    Ok(Story {
        work,
        sources: members
            .iter()
            .map(|member| StoryRecord {
                key: member.key.clone(),
                title: member.record.title.clone(),
                abstract_from: member.record.abstract_source.clone(),
                payload: member.payload.clone(),
            })
            .collect(),
        fields,
        merges,
        parted,
        possible,
        related,
        rulings,
        seeds,
        history: store.decisions_on(record.work)?.into_iter().map(|row| row.decision).collect(),
        attempts: store.attempts_on(record.work)?.into_iter().map(StoryAttempt::from).collect(),
    })
}

/// The record that a key names, or a DOI.
///
/// # Errors
/// Exit 1 where there is none.
pub fn named_record(store: &Store, name: &str) -> Outcome<StoredRecord> {
    let key = find(store, name)?;
    store.record(&key)?.ok_or_else(|| Failure::failed(format!("no record {key}")))
}

pub(super) fn find(store: &Store, name: &str) -> Outcome<String> {
    if store.record(name)?.is_some() {
        return Ok(name.to_owned());
    }
    if let Some(doi) = crate::ids::normal_doi(name)
        && let Some(key) = store.key_of_doi(&doi)?
    {
        return Ok(key);
    }
    Err(Failure::failed(format!("no work is known as '{name}'"))
        .remedy("give a record's key (`scopus:2-s2.0-…`) or a DOI; `gleaner export --format csv` lists the works' ids"))
}
