//! The records that a query is tried on: of export files, and of the review.

use std::collections::HashSet;
use std::path::Path;

use crate::cli::{Context, work};
use crate::error::{Failure, Outcome, read_file};
use crate::formats::{self, Entry};
use crate::model::Record;
use crate::store::Store;

/// A record and the id that it is told by.
pub(super) struct Named {
    pub id: String,
    pub record: Record,
}

/// Records and where they came from.
pub(super) struct Records {
    pub records: Vec<Named>,
    /// In words: `3 export files`, `the review's database`.
    pub origin: String,
}

/// The records of the files, of the review, or of both. `None` where no file is named and there is
/// no review with a database.
pub(super) fn find(context: &Context, files: &[String], stored: bool) -> Outcome<Option<Records>> {
    let mut records = Vec::new();
    let mut origins = Vec::new();
    if !files.is_empty() {
        let entries = read_all(context, files)?;
        let ids = ids(context, &entries);
        let named = |(entry, id): (Option<Entry>, String)| entry.map(|entry| Named { id, record: entry.record });
        records.extend(entries.into_iter().zip(ids).filter_map(named));
        origins.push(if files.len() == 1 { files[0].clone() } else { format!("{} files", files.len()) });
    }
    if stored || files.is_empty() && context.config.exists() {
        let settings = match work::settings(context) {
            Ok(settings) => settings,
            Err(failure) if stored => return Err(failure),
            Err(_) => {
                warn(
                    context,
                    "the review's records are not counted: its config has mistakes (`gleaner check` tells them)",
                );
                return Ok(None);
            }
        };
        if settings.store.exists() {
            let rows = Store::open_existing(&settings.store)?.records()?;
            records.extend(rows.into_iter().map(|row| Named { id: row.record.key(), record: row.record }));
            origins.push(settings.store.display().to_string());
        } else if stored {
            let failure = Failure::failed("the review has no database yet").in_file(&settings.store);
            return Err(failure.remedy("search or import first, or name export files with --input"));
        }
    }
    let origin = origins.join(" and ");
    Ok((!origins.is_empty()).then_some(Records { records, origin }))
}

/// The entries of all files in their order; `None` stands for one that could not be read.
pub(super) fn read_all(context: &Context, files: &[String]) -> Outcome<Vec<Option<Entry>>> {
    let mut all = Vec::new();
    for file in files {
        let path = Path::new(file);
        let contents =
            formats::read(&read_file(path)?, None).map_err(|error| Failure::failed(error.to_string()).in_file(path))?;
        let mut entries: Vec<(usize, Option<Entry>)> =
            contents.entries.into_iter().map(|entry| (entry.line, Some(entry))).collect();
        for aside in &contents.set_aside {
            warn(context, &format!("{file}:{}: set aside: {}", aside.line.unwrap_or(1), aside.reason));
            entries.push((aside.line.unwrap_or(usize::MAX), None));
        }
        for warning in &contents.warnings {
            warn(context, &format!("{file}: {warning}"));
        }
        entries.sort_by_key(|(line, _)| *line);
        all.extend(entries.into_iter().map(|(_, entry)| entry));
    }
    Ok(all)
}

/// The entries' own ids, or their positions counted from 1 across the files.
pub(super) fn ids(context: &Context, entries: &[Option<Entry>]) -> Vec<String> {
    let own: Vec<&str> = entries.iter().flatten().filter_map(|entry| entry.id.as_deref()).map(str::trim).collect();
    let distinct: HashSet<&str> = own.iter().copied().filter(|id| !id.is_empty()).collect();
    if !own.is_empty() && distinct.len() == entries.len() {
        return own.into_iter().map(str::to_owned).collect();
    }
    if !own.is_empty() {
        warn(context, "some ids are empty or repeated: positions are used for all records");
    }
    (1..=entries.len()).map(|position| position.to_string()).collect()
}

fn warn(context: &Context, message: &str) {
    if !context.quiet {
        eprintln!("warning: {message}");
    }
}
