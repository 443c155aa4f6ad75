//! Rows for the reports: the log of searches and the exclusions.

use super::export::stands;
use super::reading::{Reading, enters_at_abstract};
use super::screen::merged_work;
use crate::config::{Search, SearchKind, Settings};
use crate::error::Outcome;
use crate::model::{Decider, Stage, Verdict};
use crate::report::{Exclusion, SearchLog};
use crate::store::{ImportRow, Store};

/// Each search run, in config order, then by refresh; for files each file as taken in.
pub fn search_logs(settings: &Settings, store: &Store) -> Outcome<Vec<SearchLog>> {
    // What a search was before it was asked again stands before what it is now.
    let mut runs = store.runs_before()?;
    runs.extend(store.runs()?);
    runs.sort_by_key(|run| run.refresh);
    let files = store.imported_files()?;
    let mut logs = Vec::new();
    for stream in &settings.streams {
        for search in &stream.searches {
            let own = runs.iter().filter(|run| run.stream == stream.id && run.search == search.id);
            logs.extend(own.map(|run| SearchLog {
                stream: stream.title.clone(),
                search: search.id.clone(),
                kind: search.kind.name().to_owned(),
                source: run.source.clone(),
                platform: None,
                database: None,
                refresh: run.refresh,
                round: run.round,
                queries: run.queries.clone(),
                exact: run.query_exact && run.window_exact,
                from: run.window_from.clone(),
                to: run.window_to.clone(),
                started_at: run.started_at.clone(),
                finished_at: run.finished_at.clone(),
                reported: run.reported.map(i64::unsigned_abs),
                received: run.received.unsigned_abs(),
                set_aside: run.set_aside.unsigned_abs(),
                status: run.status.name().to_owned(),
                reason: run.reason.clone(),
                warnings: run.warnings.clone(),
            }));
            if !matches!(search.kind, SearchKind::Import | SearchKind::Submitted) {
                continue;
            }
            logs.extend(taken_in(&stream.title, &stream.id, search, &files));
        }
    }
    Ok(logs)
}

/// What an import or a call-out took in: a row for each export file; the files of a call-out's folder
/// are one row a refresh.
fn taken_in(title: &str, stream: &str, search: &Search, files: &[ImportRow]) -> Vec<SearchLog> {
    let mut logs: Vec<SearchLog> = Vec::new();
    for file in files.iter().filter(|file| file.stream == stream && file.search == search.id) {
        let submitted = search.kind == SearchKind::Submitted;
        if let Some(known) = logs.iter_mut().find(|log| submitted && log.refresh == file.refresh) {
            known.received += file.records.unsigned_abs();
            known.started_at = known.started_at.clone().min(file.at.clone());
            known.finished_at = known.finished_at.clone().max(Some(file.at.clone()));
            continue;
        }
        let what = match (submitted, &search.path) {
            (true, Some(path)) => format!("folder {}", path.file_name().unwrap_or_default().to_string_lossy()),
            _ => format!("file {} ({})", file.name, file.format),
        };
        logs.push(SearchLog {
            stream: title.to_owned(),
            search: search.id.clone(),
            kind: search.kind.name().to_owned(),
            source: search.id.clone(),
            platform: search.platform.clone(),
            database: search.database.clone(),
            refresh: file.refresh,
            queries: vec![what],
            exact: true,
            started_at: file.at.clone(),
            finished_at: Some(file.at.clone()),
            received: file.records.unsigned_abs(),
            status: "complete".to_owned(),
            ..SearchLog::default()
        });
    }
    logs
}

/// Each excluded work with its primary reason, by stream in config order, then stage, then work.
pub fn exclusions(settings: &Settings, store: &Store) -> Outcome<Vec<Exclusion>> {
    store.at_one_moment(|store| read_exclusions(settings, store))
}

fn read_exclusions(settings: &Settings, store: &Store) -> Outcome<Vec<Exclusion>> {
    let reading = Reading::load(store)?;
    let mut exclusions = Vec::new();
    for stream in &settings.streams {
        let of_stream = reading.stream(store, settings, stream)?;
        let mut own: Vec<(Stage, Exclusion)> = Vec::new();
        for (work, owner) in &of_stream.owners {
            let standing = of_stream.standing(*work);
            let (status, stage, reason) =
                stands(&standing, enters_at_abstract(stream, *owner), stream.fulltext_stage.is_some());
            if status != "excluded" {
                continue;
            }
            let in_force = of_stream.in_force(*work);
            let decided =
                |decision: &&&crate::model::Decision| decision.stage == stage && decision.verdict == Verdict::Exclude;
            // A person's exclusion outranks a rule's.
            let Some(decision) = in_force
                .iter()
                .filter(|decision| decision.by.is_person())
                .find(decided)
                .or_else(|| in_force.iter().rev().find(decided))
            else {
                continue;
            };
            let record = merged_work(&reading, *work);
            own.push((
                stage,
                Exclusion {
                    work: reading.key(*work).to_owned(),
                    year: record.year(),
                    doi: record.identifiers.doi,
                    title: record.title.unwrap_or_default(),
                    stream: stream.title.clone(),
                    stage: if stage == Stage::Fulltext { "full text".to_owned() } else { "abstract".to_owned() },
                    reason: reason.unwrap_or_default(),
                    criterion: decision.criterion.clone(),
                    by: match &decision.by {
                        Decider::Rule(_) => "rule".to_owned(),
                        Decider::Reviewer(name) => name.clone(),
                    },
                    at: decision.at.clone(),
                    evidence: decision
                        .evidence
                        .iter()
                        .map(|evidence| format!("{}: {}", evidence.field, evidence.what))
                        .collect(),
                    secondary: decision.secondary.clone(),
                    note: decision.note.clone(),
                },
            ));
        }
        own.sort_by(|a, b| (a.0, &a.1.work).cmp(&(b.0, &b.1.work)));
        exclusions.extend(own.into_iter().map(|(_, exclusion)| exclusion));
    }
    Ok(exclusions)
}
