//! The log of searches, after PRISMA-S: each search exactly as it was run.

use serde::Serialize;

use super::grid::Grid;
use super::page::{escape, page};
use super::{pretty, words};
use crate::flow::Flow;

/// One search run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SearchLog {
    /// The stream's title.
    pub stream: String,
    pub search: String,
    /// `database`, `citation` …
    pub kind: String,
    /// The source's id, or the search's for files.
    pub source: String,
    /// What was searched elsewhere: an import's platform and database.
    pub platform: Option<String>,
    pub database: Option<String>,
    pub refresh: i64,
    pub round: u32,
    /// Exactly as sent, one a request series.
    pub queries: Vec<String>,
    /// Whether the source answered the query exactly; else what came back was matched locally.
    pub exact: bool,
    /// `2020-03`; `None` is open.
    pub from: Option<String>,
    pub to: Option<String>,
    pub started_at: String,
    pub finished_at: Option<String>,
    /// How many hits the source reported.
    pub reported: Option<u64>,
    /// How many records arrived.
    pub received: u64,
    /// How many more arrived and could not be read.
    pub set_aside: u64,
    /// `complete`, `failed` …
    pub status: String,
    /// Why it is not complete.
    pub reason: Option<String>,
    pub warnings: Vec<String>,
}

impl SearchLog {
    fn name(&self) -> String {
        match (&self.database, &self.platform) {
            (Some(database), Some(platform)) => format!("{database} ({platform})"),
            (Some(name), None) | (None, Some(name)) => name.clone(),
            (None, None) => words::source_name(&self.source),
        }
    }
    fn window(&self) -> String {
        match (&self.from, &self.to) {
            (Some(from), Some(to)) => format!("{from} to {to}"),
            (Some(from), None) => format!("from {from}"),
            (None, Some(to)) => format!("to {to}"),
            (None, None) => "none".to_owned(),
        }
    }
    fn day(&self) -> &str {
        self.started_at.get(..10).unwrap_or(&self.started_at)
    }
    fn state(&self) -> String {
        match &self.reason {
            Some(reason) => format!("{}: {reason}", self.status),
            None => self.status.clone(),
        }
    }
    fn reported(&self) -> String {
        // Unknown is a dash, zero is 0.
        self.reported.map_or_else(|| "–".to_owned(), |number| number.to_string())
    }
}

/// PRISMA-S item 13: 'searched up to' is the oldest successful date among the sources.
fn searched_up_to(log: &[SearchLog]) -> Option<&str> {
    let sources: std::collections::BTreeSet<(&str, &str, &str)> =
        log.iter().map(|run| (run.stream.as_str(), run.search.as_str(), run.source.as_str())).collect();
    let latest = sources.into_iter().filter_map(|source| {
        let runs = log.iter().filter(|run| (run.stream.as_str(), run.search.as_str(), run.source.as_str()) == source);
        runs.filter(|run| run.status == "complete").map(SearchLog::day).max()
    });
    latest.min()
}

fn summary(log: &[SearchLog]) -> Grid {
    let header = ["Stream", "Search", "Source", "Date", "Window", "Reported", "Received", "Status"];
    Grid {
        header: header.map(str::to_owned).into(),
        rows: log
            .iter()
            .map(|run| {
                vec![
                    run.stream.clone(),
                    if run.round > 0 { format!("{} (round {})", run.search, run.round) } else { run.search.clone() },
                    run.name(),
                    run.day().to_owned(),
                    run.window(),
                    run.reported(),
                    run.received.to_string(),
                    run.state(),
                ]
            })
            .collect(),
        numbers: vec![5, 6],
    }
}

fn limits(run: &SearchLog) -> Vec<String> {
    let mut limits = run.warnings.clone();
    if !run.exact && !run.queries.is_empty() {
        limits.push("the source cannot say the query exactly: what came back was matched by the review's query".into());
    }
    if let Some(reported) = run.reported
        && reported != run.received + run.set_aside
    {
        limits.push(format!("the source reported {reported} hits and {} arrived", run.received + run.set_aside));
    }
    if run.set_aside > 0 {
        limits.push(format!("{} could not be read and were set aside", run.set_aside));
    }
    limits
}

/// The log in Markdown: a table, then each search as sent.
pub fn markdown(flow: &Flow, log: &[SearchLog]) -> String {
    let mut text = format!("# Searches: {}\n\n{}.", flow.review, words::dated(flow));
    if let Some(day) = searched_up_to(log) {
        text.push_str(&format!(" Searched up to {day}."));
    }
    text.push_str(&format!("\n\n{}", summary(log).markdown()));
    for run in log.iter().filter(|run| !run.queries.is_empty()) {
        text.push_str(&format!("\n## {}: {}, {}, {}\n", run.stream, run.search, run.name(), run.day()));
        for query in &run.queries {
            // A fence longer than any in the query.
            let fence = "`".repeat(longest_run_of_ticks(query).max(2) + 1);
            text.push_str(&format!("\n{fence}\n{}\n{fence}\n", query.trim_end()));
        }
        for limit in limits(run) {
            text.push_str(&format!("\nLimit: {limit}.\n"));
        }
    }
    text
}

fn longest_run_of_ticks(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// The log as CSV, a run a row.
pub fn csv(log: &[SearchLog]) -> String {
    let mut grid = summary(log);
    grid.header.extend(["Query as sent".to_owned(), "Limits".to_owned()]);
    for (row, run) in grid.rows.iter_mut().zip(log) {
        row.push(run.queries.join("\n"));
        row.push(limits(run).join("\n"));
    }
    grid.csv()
}

/// The log as a web page.
pub fn html(flow: &Flow, log: &[SearchLog]) -> String {
    let up_to = searched_up_to(log).map(|day| format!(". Searched up to {day}")).unwrap_or_default();
    let mut body = format!("<div class=\"wide\">\n{}</div>\n", summary(log).html("Searches as run"));
    for run in log.iter().filter(|run| !run.queries.is_empty()) {
        let title = format!("{}: {}, {}, {}", run.stream, run.search, run.name(), run.day());
        body.push_str(&format!("<h2>{}</h2>\n", escape(&title)));
        for query in &run.queries {
            body.push_str(&format!("<pre>{}</pre>\n", escape(query)));
        }
        for limit in limits(run) {
            body.push_str(&format!("<p class=\"quiet\">Limit: {}.</p>\n", escape(&limit)));
        }
    }
    page(&format!("Searches: {}", flow.review), &format!("{}{up_to}", words::dated(flow)), &body)
}

/// The log as JSON (`gleaner/searches/1`).
pub fn json(flow: &Flow, log: &[SearchLog]) -> String {
    #[derive(Serialize)]
    struct Document<'a> {
        schema: &'static str,
        review: &'a str,
        version: &'a str,
        generated_at: &'a str,
        searched_up_to: Option<&'a str>,
        searches: &'a [SearchLog],
    }
    pretty(&Document {
        schema: "gleaner/searches/1",
        review: &flow.review,
        version: &flow.version,
        generated_at: &flow.generated_at,
        searched_up_to: searched_up_to(log),
        searches: log,
    })
}
