//! The review's table: a column a stream, from what it looked for to what it includes.

use std::collections::BTreeSet;

use serde::Serialize;

use super::grid::Grid;
use super::page::page;
use super::{pretty, words};
use crate::config::{Effect, Search, SearchKind, Settings, StageSettings, Stream};
use crate::flow::{ArmFlow, Flow, StreamFlow};
use crate::model::{MonthWindow, YearMonth};

/// What the table is made from.
#[derive(Clone, Debug)]
pub struct TableInput<'a> {
    pub flow: &'a Flow,
    /// One for each stream of the flow.
    pub streams: Vec<StreamTexts>,
}

/// A stream's display texts, generated where config gives none. A line feed begins a new line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StreamTexts {
    pub id: String,
    pub title: String,
    pub description: String,
    pub geography: String,
    pub timeframe: String,
    pub strategy: String,
    pub screening: String,
}

impl<'a> TableInput<'a> {
    /// The flow with its streams' texts from config.
    pub fn new(settings: &Settings, flow: &'a Flow) -> Self {
        let streams = flow
            .streams
            .iter()
            .map(|counted| match settings.stream(&counted.id) {
                Some(stream) => StreamTexts::of(settings, stream),
                // A stream taken out of config keeps its numbers.
                None => StreamTexts { id: counted.id.clone(), title: counted.title.clone(), ..StreamTexts::default() },
            })
            .collect();
        Self { flow, streams }
    }
}

impl StreamTexts {
    /// The texts of one stream. In texts from config `{n}` is the number of databases searched.
    pub fn of(settings: &Settings, stream: &Stream) -> Self {
        let databases: BTreeSet<&str> = stream
            .searches
            .iter()
            .filter(|search| search.kind == SearchKind::Database)
            .flat_map(|search| search.sources.iter().map(String::as_str))
            .collect();
        let given =
            |text: &Option<String>| text.as_ref().map(|text| text.trim().replace("{n}", &databases.len().to_string()));
        Self {
            id: stream.id.clone(),
            title: stream.title.clone(),
            description: stream.description.clone(),
            geography: stream.geography.clone(),
            timeframe: given(&stream.timeframe).unwrap_or_else(|| timeframe(stream.window)),
            strategy: given(&stream.strategy).unwrap_or_else(|| strategy(stream)),
            screening: given(&stream.screening).unwrap_or_else(|| screening(settings, stream)),
        }
    }
}

/// `March 2020-Jul 2023`: months by their first three letters, March written out as the published
/// table does; an open end is `from March 2020` or `to Jul 2023`, both open `any`.
fn timeframe(window: MonthWindow) -> String {
    let month = |at: YearMonth| {
        const NAMES: [&str; 12] =
            ["Jan", "Feb", "March", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let name = NAMES.get(usize::from(at.month).wrapping_sub(1)).copied().unwrap_or_default();
        format!("{name} {}", at.year)
    };
    match (window.from, window.to) {
        (Some(from), Some(to)) => format!("{}-{}", month(from), month(to)),
        (Some(from), None) => format!("From {}", month(from)),
        (None, Some(to)) => format!("To {}", month(to)),
        (None, None) => "Any".to_owned(),
    }
}

/// The kinds of searches in config order, databases by name up to three and by number beyond.
fn strategy(stream: &Stream) -> String {
    let mut parts: Vec<String> = Vec::new();
    for search in &stream.searches {
        let part = match search.kind {
            SearchKind::Database => database_search(stream),
            SearchKind::Citation => "citation searching".to_owned(),
            SearchKind::Website => "website searching".to_owned(),
            SearchKind::Submitted => "call-out".to_owned(),
            SearchKind::Import => imported(search),
        };
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    let mut text = parts.join(", ");
    if let Some(first) = text.get(..1) {
        let first = first.to_uppercase();
        text.replace_range(..1, &first);
    }
    text
}

fn database_search(stream: &Stream) -> String {
    let mut names: Vec<String> = Vec::new();
    for search in stream.searches.iter().filter(|search| search.kind == SearchKind::Database) {
        for source in &search.sources {
            let name = words::source_name(source);
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    match names.len() {
        0..=3 => format!("database search ({})", names.join(" + ")),
        number => format!("database search ({number} databases)"),
    }
}

fn imported(search: &Search) -> String {
    match (&search.database, &search.platform) {
        (Some(database), Some(platform)) => format!("records from {database} ({platform})"),
        (Some(name), None) | (None, Some(name)) => format!("records from {name}"),
        (None, None) => "imported records".to_owned(),
    }
}

/// The titles of the criteria that screen, abstracts first; equal titles once.
fn screening(settings: &Settings, stream: &Stream) -> String {
    let mut titles: Vec<&str> = Vec::new();
    let stages: [&Option<StageSettings>; 2] = [&stream.abstract_stage, &stream.fulltext_stage];
    for index in stages.into_iter().flatten().flat_map(|stage| &stage.criteria) {
        let criterion = settings.criteria.get(*index).filter(|criterion| criterion.effect != Effect::Order);
        if let Some(criterion) = criterion
            && !titles.contains(&criterion.title.as_str())
        {
            titles.push(&criterion.title);
        }
    }
    titles.join("\n")
}

/// `43 of 101 at full text`, an arm a line.
fn excluded(stream: &StreamFlow) -> String {
    let stages = stream.arms.iter().any(|arm| arm.abstract_stage.is_some() || arm.fulltext.is_some());
    if !stages {
        return "Not screened".to_owned();
    }
    let none = |finished: bool| if finished { "None" } else { "None so far" };
    let finished = |arm: &ArmFlow| arm.awaiting() == 0 && arm.not_searched.is_empty();
    let counts: Vec<Option<String>> = stream.arms.iter().map(excluded_of_arm).collect();
    if counts.iter().all(Option::is_none) {
        return none(stream.arms.iter().all(finished)).to_owned();
    }
    let label = stream.arms.len() > 1;
    let lines = stream.arms.iter().zip(counts).map(|(arm, counts)| {
        let counts = counts.unwrap_or_else(|| none(finished(arm)).to_owned());
        if label { format!("{}: {counts}", arm.label) } else { counts }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// `None` if nothing was excluded.
fn excluded_of_arm(arm: &ArmFlow) -> Option<String> {
    let abstracts = arm.abstract_stage.as_ref().map(|stage| (stage.excluded, stage.screened, "abstract"));
    let fulltexts = arm.fulltext.as_ref().map(|stage| (stage.excluded, stage.assessed, "full text"));
    let stages: Vec<(u64, u64, &str)> = [abstracts, fulltexts].into_iter().flatten().collect();
    if stages.iter().all(|(excluded, _, _)| *excluded == 0) {
        return None;
    }
    let counts = stages.iter().map(|(excluded, of, stage)| format!("{excluded} of {of} at {stage}"));
    Some(counts.collect::<Vec<_>>().join("; "))
}

/// `47 (37 database; 10 other sources)`; the bracket only where there is a database arm and another.
fn included(stream: &StreamFlow) -> String {
    let total = stream.total.reports;
    let is_database = |arm: &&ArmFlow| arm.kinds.iter().any(|kind| kind == SearchKind::Database.name());
    let database: Vec<&ArmFlow> = stream.arms.iter().filter(is_database).collect();
    if database.is_empty() || database.len() == stream.arms.len() {
        return total.to_string();
    }
    let from_databases: u64 = database.iter().map(|arm| arm.included).sum();
    let mut parts = vec![
        format!("{from_databases} database"),
        format!("{} other sources", stream.included.saturating_sub(from_databases)),
    ];
    let kept = stream.previous.reports.saturating_sub(stream.previous.withdrawn.reports);
    if kept > 0 {
        parts.push(format!("{kept} from previous version"));
    }
    format!("{total} ({})", parts.join("; "))
}

const ROWS: [&str; 7] = [
    "Description/e.g.",
    "Geography",
    "Timeframe",
    "Search strategy",
    "Screening",
    "Sources excluded",
    "Sources included",
];

fn column(texts: &StreamTexts, stream: &StreamFlow) -> [String; 7] {
    [
        texts.description.clone(),
        texts.geography.clone(),
        texts.timeframe.clone(),
        texts.strategy.clone(),
        texts.screening.clone(),
        excluded(stream),
        included(stream),
    ]
}

pub(super) fn grid(input: &TableInput<'_>) -> Grid {
    let columns: Vec<[String; 7]> =
        input.streams.iter().zip(&input.flow.streams).map(|(texts, stream)| column(texts, stream)).collect();
    let titles = input.streams.iter().map(|texts| texts.title.clone());
    let rows = ROWS.iter().enumerate().map(|(at, name)| {
        std::iter::once((*name).to_owned()).chain(columns.iter().map(|column| column[at].clone())).collect()
    });
    Grid { header: std::iter::once(String::new()).chain(titles).collect(), rows: rows.collect(), numbers: Vec::new() }
}

/// The table in Markdown, with notes below it while anything awaits.
pub fn markdown(input: &TableInput<'_>) -> String {
    let mut text = grid(input).markdown();
    for note in words::notes(input.flow) {
        text.push_str(&format!("\n{note}\n"));
    }
    text
}

/// The table as CSV; its notes are in the other forms.
pub fn csv(input: &TableInput<'_>) -> String {
    let mut grid = grid(input);
    let width = grid.header.len();
    for note in words::notes(input.flow) {
        let mut row = vec![String::new(); width];
        row[0] = note;
        grid.rows.push(row);
    }
    grid.csv()
}

/// The table as a web page.
pub fn html(input: &TableInput<'_>) -> String {
    page(&input.flow.review, &words::dated(input.flow), &html_body(input))
}

pub(super) fn html_body(input: &TableInput<'_>) -> String {
    let mut body = format!("<div class=\"wide\">\n{}</div>\n", grid(input).html("Evidence streams"));
    for note in words::notes(input.flow) {
        body.push_str(&format!("<p>{}</p>\n", super::page::escape(&note)));
    }
    body
}

#[derive(Serialize)]
struct JsonTable<'a> {
    schema: &'static str,
    review: &'a str,
    version: &'a str,
    generated_at: &'a str,
    interim: bool,
    streams: Vec<JsonColumn<'a>>,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct JsonColumn<'a> {
    id: &'a str,
    title: &'a str,
    description: String,
    geography: String,
    timeframe: String,
    strategy: String,
    screening: String,
    sources_excluded: String,
    sources_included: String,
}

/// The table as JSON (`gleaner/table/1`): a stream an object, the cells' texts under their rows' names.
pub fn json(input: &TableInput<'_>) -> String {
    let flow = input.flow;
    let streams = input.streams.iter().zip(&flow.streams).map(|(texts, stream)| {
        let [description, geography, timeframe, strategy, screening, sources_excluded, sources_included] =
            column(texts, stream);
        JsonColumn {
            id: &texts.id,
            title: &texts.title,
            description,
            geography,
            timeframe,
            strategy,
            screening,
            sources_excluded,
            sources_included,
        }
    });
    pretty(&JsonTable {
        schema: "gleaner/table/1",
        review: &flow.review,
        version: &flow.version,
        generated_at: &flow.generated_at,
        interim: flow.interim,
        streams: streams.collect(),
        notes: words::notes(flow),
    })
}
