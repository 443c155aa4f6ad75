//! The known set: works that the searches must find and the rules must not exclude.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Serialize;

use super::export::stands;
use super::reading::{Reading, enters_at_abstract};
use crate::config::Settings;
use crate::error::{Failure, Outcome, read_file};
use crate::flow::Standing;
use crate::ids::normal_doi;
use crate::store::Store;
use crate::text::words;

/// How the searches and rules did on the known set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct KnownSet {
    pub listed: usize,
    /// As listed: no search found them.
    pub missed: Vec<String>,
    /// Found, but excluded or removed by a rule in every stream that found them: `(as listed, why)`.
    pub excluded_by_rule: Vec<(String, String)>,
}

/// Compares what is stored with `[review] known`; `None` where config names no list.
pub fn known_set(settings: &Settings, store: &Store) -> Outcome<Option<KnownSet>> {
    let Some(path) = &settings.review.known else { return Ok(None) };
    let listed = read_list(path)?;
    let reading = Reading::load(store)?;
    let (mut by_doi, mut by_title): (BTreeMap<String, i64>, BTreeMap<String, i64>) = Default::default();
    for record in &reading.records {
        if let Some(doi) = &record.record.identifiers.doi {
            by_doi.insert(doi.clone(), record.work);
        }
        if let Some(title) = &record.record.title {
            by_title.insert(words(title).join(" "), record.work);
        }
    }
    let mut found: BTreeSet<i64> = BTreeSet::new();
    let mut open: BTreeSet<i64> = BTreeSet::new();
    let mut why: BTreeMap<i64, String> = BTreeMap::new();
    for stream in &settings.streams {
        let of_stream = reading.stream(store, settings, stream)?;
        for (work, owner) in &of_stream.owners {
            found.insert(*work);
            let standing = of_stream.standing(*work);
            let (status, stage, reason) =
                stands(&standing, enters_at_abstract(stream, *owner), stream.fulltext_stage.is_some());
            let by_person = [&standing.abstract_stage, &standing.fulltext]
                .iter()
                .any(|standing| matches!(standing, Standing::Excluded { by_person: true, .. }));
            if matches!(status, "excluded" | "removed") && !by_person {
                why.insert(*work, format!("{} at {}: {}", status, stage.name(), reason.unwrap_or_default()));
            } else {
                open.insert(*work);
            }
        }
    }
    let mut set = KnownSet { listed: listed.len(), ..KnownSet::default() };
    for (name, doi, title) in listed {
        let work =
            doi.and_then(|doi| by_doi.get(&doi)).or_else(|| by_title.get(&title?)).filter(|work| found.contains(work));
        match work {
            None => set.missed.push(name),
            Some(work) if !open.contains(work) => {
                set.excluded_by_rule.push((name, why.get(work).cloned().unwrap_or_default()));
            }
            Some(_) => {}
        }
    }
    Ok(Some(set))
}

type Listed = (String, Option<String>, Option<String>);

/// A CSV with a column `doi`, `title`, or both.
fn read_list(path: &Path) -> Outcome<Vec<Listed>> {
    let bytes = read_file(path)?;
    let wrong = |message: String| Failure::usage(message).in_file(path).remedy("a CSV with a column `doi` or `title`");
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes.as_slice());
    let headers = reader.headers().map_err(|error| wrong(error.to_string()))?.clone();
    let column = |name: &str| {
        headers.iter().position(|header| header.trim_start_matches('\u{feff}').trim().eq_ignore_ascii_case(name))
    };
    let (doi, title) = (column("doi"), column("title"));
    if doi.is_none() && title.is_none() {
        return Err(wrong("has neither a column `doi` nor a column `title`".to_owned()));
    }
    let mut listed = Vec::new();
    for row in reader.records() {
        let row = row.map_err(|error| wrong(error.to_string()))?;
        let cell = |column: Option<usize>| {
            column.and_then(|column| row.get(column)).map(str::trim).filter(|text| !text.is_empty())
        };
        let Some(name) = cell(title).or(cell(doi)) else { continue };
        listed.push((name.to_owned(), cell(doi).and_then(normal_doi), cell(title).map(|title| words(title).join(" "))));
    }
    Ok(listed)
}
