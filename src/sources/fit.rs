//! Whether the sources that a config names can do what its searches ask of them.

use super::{SourceInfo, registry};
use crate::config::{ConfigProblem, Direction, Search, SearchKind, Settings, Spot};
use crate::query::Severity;

/// What does not fit, at its place in the config: a source asked for what it cannot do is an error;
/// a source that this version cannot ask at all is a warning, since a run reports it as not searched
/// and goes on.
pub fn fit(settings: &Settings) -> Vec<ConfigProblem> {
    let mut problems = Vec::new();
    for search in settings.streams.iter().flat_map(|stream| &stream.searches) {
        for (id, spot) in search.sources.iter().zip(&search.source_spots) {
            match registry::find(id) {
                Some(source) => problems.extend(mismatch(source.info(), search, spot)),
                None => problems.push(ConfigProblem::at(
                    spot,
                    Severity::Warning,
                    format!("this version cannot ask `{id}`: it will be reported as not searched"),
                    "import that source's export files, or take it out",
                )),
            }
        }
    }
    problems
}

fn mismatch(info: &SourceInfo, search: &Search, spot: &Spot) -> Option<ConfigProblem> {
    let id = info.id;
    match search.kind {
        SearchKind::Database | SearchKind::Website if !info.can.search => Some(ConfigProblem::at(
            spot,
            Severity::Error,
            format!("`{id}` cannot be searched with a query"),
            format!("give it a [sources.{id}] table instead, and it is asked where it can help"),
        )),
        SearchKind::Citation => {
            let able = |direction: &Direction| match direction {
                Direction::Backward => info.can.cite_backward,
                Direction::Forward => info.can.cite_forward,
            };
            let unable: Vec<&str> = search
                .directions
                .iter()
                .filter(|direction| !able(direction))
                .map(|direction| direction.name())
                .collect();
            // Another source of the search may go the other way.
            let severity = if unable.len() == search.directions.len() { Severity::Error } else { Severity::Warning };
            (!unable.is_empty()).then(|| {
                let message = format!("`{id}` does no {} citation searching", unable.join(" or "));
                ConfigProblem::at(spot, severity, message, "choose another source, or other directions")
            })
        }
        _ => None,
    }
}
