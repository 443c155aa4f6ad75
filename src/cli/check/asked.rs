//! What each search would ask of each source.

use serde::Serialize;

use crate::config::{self, ConfigProblem, Direction, Search, Settings, Stream};
use crate::query::{Diagnostic, Severity};
use crate::sources::reach::{KeyState, Reach, reach};
use crate::sources::{Question, Source, SourceError, registry};

#[derive(Debug, Serialize)]
pub(super) struct AskedStream {
    pub id: String,
    pub title: String,
    pub from: Option<String>,
    pub to: Option<String>,
    pub searches: Vec<AskedSearch>,
}

#[derive(Debug, Serialize)]
pub(super) struct AskedSearch {
    pub id: String,
    pub kind: &'static str,
    pub arm: String,
    pub label: String,
    pub enter: &'static str,
    pub directions: Vec<&'static str>,
    /// What it reads from disk.
    pub path: Option<String>,
    pub sources: Vec<AskedSource>,
}

#[derive(Debug, Serialize)]
pub(super) struct AskedSource {
    pub id: String,
    pub title: Option<&'static str>,
    /// Switched on, and known to this version.
    pub searched: bool,
    /// The queries as they would be sent.
    pub queries: Vec<String>,
    pub query_exact: Option<bool>,
    pub window_exact: Option<bool>,
    /// The stopping rule, where the source has no Boolean logic.
    pub max_records: Option<u64>,
    /// What the source cannot say, with byte offsets into the review's query.
    pub losses: Vec<Diagnostic>,
    pub keys: Vec<AskedKey>,
    pub requests_per_second: Option<f64>,
    pub page_size: Option<u32>,
    /// Why it cannot be asked.
    pub error: Option<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct AskedKey {
    pub variable: String,
    pub required: bool,
    pub present: bool,
}

/// Every stream's searches. A query that a source cannot be asked at all is added to the problems.
pub(super) fn streams(settings: &Settings, problems: &mut Vec<ConfigProblem>) -> Vec<AskedStream> {
    let mut streams = Vec::new();
    for stream in &settings.streams {
        streams.push(AskedStream {
            id: stream.id.clone(),
            title: stream.title.clone(),
            from: stream.window.from.map(|month| month.to_string()),
            to: stream.window.to.map(|month| month.to_string()),
            searches: stream.searches.iter().map(|search| asked(settings, stream, search, problems)).collect(),
        });
    }
    streams
}

fn asked(settings: &Settings, stream: &Stream, search: &Search, problems: &mut Vec<ConfigProblem>) -> AskedSearch {
    let sources = search.sources.iter().enumerate().map(|(position, id)| {
        let (source, unsupported) = one(settings, stream, search, id);
        if let (Some(message), Some(spot)) = (unsupported, search.source_spots.get(position)) {
            let remedy = "give this source a search of its own with a query that it can be asked";
            let message = format!("`{id}` cannot be asked this query: {message}");
            problems.push(ConfigProblem::at(spot, Severity::Error, message, remedy));
        }
        source
    });
    AskedSearch {
        sources: sources.collect(),
        id: search.id.clone(),
        kind: search.kind.name(),
        arm: search.arm.clone(),
        label: search.label.clone(),
        enter: match search.enter {
            config::Enter::Abstract => "abstract",
            config::Enter::Fulltext => "fulltext",
        },
        directions: search.directions.iter().copied().map(Direction::name).collect(),
        path: search.path.as_ref().map(|path| path.display().to_string()),
    }
}

/// What one source would be asked; the second part says why it can never be asked this.
fn one(settings: &Settings, stream: &Stream, search: &Search, id: &str) -> (AskedSource, Option<String>) {
    let mut asked = AskedSource {
        id: id.to_owned(),
        title: None,
        searched: false,
        queries: Vec::new(),
        query_exact: None,
        window_exact: None,
        max_records: None,
        losses: Vec::new(),
        keys: Vec::new(),
        requests_per_second: None,
        page_size: None,
        error: None,
    };
    let Some(source) = registry::find(id) else {
        asked.error = Some("this version cannot ask it".to_owned());
        return (asked, None);
    };
    let info = source.info();
    asked.title = Some(info.title);
    let reached = match reach(info, settings, config::secret, None) {
        Ok(reached) => reached,
        Err(failure) => {
            asked.error = Some(failure.to_string());
            return (asked, None);
        }
    };
    asked.searched = reached.enabled;
    asked.requests_per_second = Some(reached.requests_per_second);
    asked.page_size = Some(reached.access.page_size);
    asked.keys = reached.keys.iter().map(key).collect();
    asked.max_records = info.ranked.then_some(search.max_records);
    let unsupported = plan(&mut asked, source, stream, search, &reached);
    (asked, unsupported)
}

fn key(state: &KeyState) -> AskedKey {
    AskedKey { variable: state.variable.clone(), required: state.required, present: state.present }
}

/// Fills in the queries.
fn plan(
    asked: &mut AskedSource,
    source: &dyn Source,
    stream: &Stream,
    search: &Search,
    reached: &Reach,
) -> Option<String> {
    let query = search.query.as_ref()?;
    let question = Question { query: &query.tree, window: stream.window, max_records: search.max_records };
    match source.search(&reached.access, &question) {
        Ok(plan) => {
            asked.queries = plan.queries;
            asked.query_exact = Some(plan.query_exact);
            asked.window_exact = Some(plan.window_exact);
            asked.losses = plan.warnings;
            // Without its query a search would bring home the whole database.
            let nothing = asked.losses.iter().find(|loss| loss.code == "nothing-to-ask");
            nothing.map(|loss| loss.message.clone())
        }
        // Told among the keys already.
        Err(SourceError::KeyMissing(_)) => None,
        // `fit` has told of a source that does not search at all.
        Err(SourceError::Unsupported(message)) => source.info().can.search.then_some(message),
        Err(error) => {
            asked.error = Some(error.to_string());
            None
        }
    }
}
