//! `status`, `doctor`.

use serde_json::json;

use super::{Context, work};
use crate::config::{Settings, secret};
use crate::error::{Exit, Outcome};
use crate::flow::{conserve, count};
use crate::pipeline::{LinkStatus, forgotten_searches, ledger, related, waiting as duplicates};
use crate::sources::{KeyNeed, registry};
use crate::store::{RunStatus, Store};

/// Where the review stands: refreshes, searches, works, what waits for people
#[derive(Debug, clap::Args)]
pub struct StatusArgs {}

/// Check integrity, conservation, keys, payloads and documents
#[derive(Debug, clap::Args)]
pub struct DoctorArgs {}

/// Prints where the review stands.
pub fn status(context: &Context, _args: StatusArgs) -> Outcome<Exit> {
    let (settings, store) = work::reading(context)?;
    let totals = store.totals()?;
    let refreshes = store.refreshes()?;
    // The latest refresh's, and those that were run by hand since.
    let latest = refreshes.last().map_or(0, |refresh| refresh.number);
    let runs: Vec<_> = store.runs()?.into_iter().filter(|run| run.refresh >= latest.max(1)).collect();
    let flow = count(&ledger(&settings, &store)?);
    let failed: Vec<_> = runs.iter().filter(|run| run.status != RunStatus::Complete).collect();
    let possible = duplicates(&settings, &store)?.len();
    let proposed = related(&settings, &store)?.into_iter().filter(|link| link.status == LinkStatus::Proposed).count();
    if context.json {
        work::print_json(&json!({
            "possible_duplicates": possible, "proposed_links": proposed,
            "totals": totals, "refreshes": refreshes, "interim": flow.interim, "events": store.events()?,
            "set_aside": store.set_aside_rows()?,
            "runs": runs.iter().map(|run| json!({
                "stream": run.stream, "search": run.search, "source": run.source, "round": run.round,
                "status": run.status.name(), "reason": run.reason, "reported": run.reported, "received": run.received,
                "set_aside": run.set_aside, "warnings": run.warnings,
            })).collect::<Vec<_>>(),
            "streams": flow.streams.iter().map(|stream| json!({
                "id": stream.id, "included": stream.included, "awaiting": waiting(stream),
            })).collect::<Vec<_>>(),
        }))?;
        return Ok(Exit::Done);
    }
    let mut text = format!(
        "{}\n{} records · {} works · {} documents · {} set aside\n",
        settings.review.title, totals.records, totals.works, totals.documents, totals.set_aside
    );
    match refreshes.last() {
        None => text.push_str("no refresh yet\n"),
        Some(refresh) => text.push_str(&format!(
            "refresh {}: begun {}, {}\n",
            refresh.number,
            refresh.started_at,
            match (&refresh.finished_at, refresh.exit) {
                (Some(at), Some(0)) => format!("done {at}"),
                (Some(at), exit) => format!("ended {at} with exit code {}", exit.unwrap_or_default()),
                (None, _) => "not finished: `gleaner refresh` goes on with it".to_owned(),
            }
        )),
    }
    for run in failed {
        let reason = run.reason.clone().unwrap_or_else(|| "cut off".into());
        text.push_str(&format!("  {}/{}/{}: {}: {reason}\n", run.stream, run.search, run.source, run.status.name()));
    }
    for run in runs.iter().filter(|run| run.status == RunStatus::Complete) {
        if let Some(note) = &run.reason {
            text.push_str(&format!("  {}/{}/{}: {note}\n", run.stream, run.search, run.source));
        }
    }
    for stream in &flow.streams {
        text.push_str(&format!("{}: {} included, {} awaiting\n", stream.title, stream.included, waiting(stream)));
    }
    if possible + proposed > 0 {
        text.push_str(&format!(
            "{possible} groups of possible duplicates and {proposed} links between works wait for a person\n"
        ));
    }
    work::print_text(&text)?;
    Ok(Exit::Done)
}

fn waiting(stream: &crate::flow::StreamFlow) -> u64 {
    stream.awaiting()
}

/// Checks everything; exit 5 where an invariant is broken.
pub fn doctor(context: &Context, _args: DoctorArgs) -> Outcome<Exit> {
    let (settings, store) = work::reading(context)?;
    let conserved = conserve(&count(&ledger(&settings, &store)?)).err().unwrap_or_default();
    let checks: Vec<(&str, Vec<String>, bool)> = vec![
        ("database integrity", store.integrity()?, true),
        ("conservation of the flow", conserved, true),
        ("payloads have their hashes", store.broken_payloads()?, true),
        ("documents lie in fulltext/ as they came", documents(&settings, &store)?, true),
        ("every hit belongs to a search of config", forgotten_searches(&settings, &store)?, false),
        ("keys of the sources named", missing_keys(&settings)?, false),
    ];
    let broken = checks.iter().any(|(_, findings, grave)| *grave && !findings.is_empty());
    if context.json {
        let rows: Vec<_> = checks
            .iter()
            .map(|(name, findings, grave)| json!({ "check": name, "ok": findings.is_empty(), "grave": grave, "findings": findings }))
            .collect();
        work::print_json(&json!({ "ok": !broken, "checks": rows }))?;
    } else {
        let mut text = String::new();
        for (name, findings, grave) in &checks {
            let mark = match (findings.is_empty(), grave) {
                (true, _) => "ok     ",
                (false, true) => "BROKEN ",
                (false, false) => "note   ",
            };
            text.push_str(&format!("{mark} {name}\n"));
            for finding in findings {
                text.push_str(&format!("        {finding}\n"));
            }
        }
        work::print_text(&text)?;
    }
    Ok(if broken { Exit::Broken } else { Exit::Done })
}

fn documents(settings: &Settings, store: &Store) -> Outcome<Vec<String>> {
    let mut findings = Vec::new();
    let mut hashes: Vec<String> = store.documents_by_work()?.into_values().map(|(_, hash)| hash).collect();
    hashes.sort();
    hashes.dedup();
    for hash in hashes {
        let Some(document) = store.document(&hash)? else { continue };
        let path = crate::pipeline::document_path(&settings.root, &hash, document.kind);
        match std::fs::read(&path) {
            Ok(bytes) if crate::ids::sha256_hex(&bytes) == hash => {}
            Ok(_) => findings.push(format!("{}: its bytes changed", path.display())),
            Err(error) => findings.push(format!("{}: {error}", path.display())),
        }
    }
    Ok(findings)
}

fn missing_keys(settings: &Settings) -> Outcome<Vec<String>> {
    let mut findings = Vec::new();
    for source in registry::SOURCES {
        let info = source.info();
        let named = settings
            .streams
            .iter()
            .flat_map(|stream| &stream.searches)
            .any(|search| search.sources.iter().any(|id| id == info.id));
        let own = settings.sources.get(info.id);
        let off = own.and_then(|own| own.enabled) == Some(false);
        if let (true, false, KeyNeed::Required(name)) = (named, off, info.key) {
            let name = own.and_then(|own| own.key_env.as_deref()).unwrap_or(name);
            if secret(name)?.is_none() {
                findings.push(format!("{}: set {name} (or {name}_FILE)", info.title));
            }
        }
    }
    Ok(findings)
}
