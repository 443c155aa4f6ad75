//! `[[streams]]` and their stages.

use std::collections::BTreeMap;
use std::ops::Range;

use super::criteria::{self, Named};
use super::reader::Reader;
use super::searches;
use super::section::Section;
use super::settings::{Pass, SourceSettings, StageSettings, Stream};
use crate::model::{MonthWindow, YearMonth};

const KEYS: &[&str] = &[
    "id",
    "title",
    "description",
    "geography",
    "from",
    "to",
    "timeframe",
    "strategy",
    "screening",
    "abstract",
    "fulltext",
    "searches",
];

/// Every stream that can be named; mistakes are told.
pub(super) fn read(
    document: &Section<'_>,
    criteria: &[Named],
    sources: &BTreeMap<String, SourceSettings>,
) -> Vec<Stream> {
    let mut streams: Vec<Stream> = Vec::new();
    let tables = document.tables("streams", "streams");
    if tables.is_empty() && document.lacks("streams") {
        document.reader.misfit(&document.span, "config.toml has no stream", "add [[streams]] with an id and a title");
    }
    for (span, table) in tables {
        let section = Section::open(document.reader, "[[streams]]", span, table, KEYS);
        let id = section.id("id");
        if let Some(id) = id.as_ref().filter(|id| streams.iter().any(|stream| stream.id == id.value)) {
            let message = format!("two streams have the id `{}`", id.value);
            section.reader.misfit(&id.span, message, "give each stream an id of its own");
        }
        streams.push(stream(&section, id.map(|id| id.value).unwrap_or_default(), criteria, sources));
    }
    streams
}

fn stream(section: &Section<'_>, id: String, criteria: &[Named], sources: &BTreeMap<String, SourceSettings>) -> Stream {
    let abstract_stage = stage(section, "abstract", Pass::Rule, criteria);
    let fulltext_stage = stage(section, "fulltext", Pass::Person, criteria);
    if !section.has("abstract") && !section.has("fulltext") {
        let message = format!("the stream `{id}` has no stage: everything found is included unscreened");
        section.reader.warn(&section.span, message, "add abstract = { criteria = […] } or fulltext = { … }");
    }
    let stages = searches::Stages { abstract_stage: section.has("abstract"), fulltext_stage: section.has("fulltext") };
    let searches = searches::read(section, &id, stages, sources);
    Stream {
        title: section.string("title").unwrap_or_else(|| id.clone()),
        description: section.string("description").unwrap_or_default(),
        geography: section.string("geography").unwrap_or_default(),
        window: window(section),
        timeframe: section.string("timeframe"),
        strategy: display(section, "strategy"),
        screening: display(section, "screening"),
        abstract_stage,
        fulltext_stage,
        searches,
        id,
    }
}

fn window(section: &Section<'_>) -> MonthWindow {
    let month = |key: &str| -> Option<YearMonth> {
        let text = section.text(key)?;
        let month: Result<YearMonth, String> = text.value.parse();
        if let Err(message) = &month {
            let (message, remedy) = message.split_once(": ").unwrap_or((message, "write a month as 2020-03"));
            section.reader.error(&text.span, format!("`{key}`: {message}"), remedy);
        }
        month.ok()
    };
    let window = MonthWindow { from: month("from"), to: month("to") };
    if let (Some(from), Some(to)) = (window.from, window.to)
        && from > to
    {
        let message = format!("the window ends ({to}) before it begins ({from})");
        section.reader.error(&section.span_of("to"), message, "exchange `from` and `to`");
    }
    window
}

/// A display text: it holds no count but `{n}`, since every number comes from stored rows.
fn display(section: &Section<'_>, key: &str) -> Option<String> {
    let text = section.text(key)?;
    let rest = text.value.replace("{n}", "");
    if rest.contains(['{', '}']) {
        let message = format!("`{key}` holds braces that stand for nothing");
        section.reader.error(&text.span, message, "write {n} for the number of databases searched");
    } else if rest.contains(|c: char| c.is_ascii_digit()) {
        let message = format!("`{key}` holds a number, which no search will keep true");
        section.reader.warn(&text.span, message, "write {n} for the number of databases searched");
    }
    Some(text.value)
}

fn stage(section: &Section<'_>, key: &str, default: Pass, criteria: &[Named]) -> Option<StageSettings> {
    let known: &[&str] = &["criteria", "pass", "give_up_after"];
    let stage = section.table(key, &format!("the stage `{key}`"), known)?;
    let names = stage.texts("criteria").unwrap_or_default();
    let indexes = names.iter().filter_map(|name| criteria::find(stage.reader, name, criteria)).collect();
    if key != "fulltext" && stage.has("give_up_after") {
        let message = "`give_up_after` belongs to `fulltext`: it closes what could not be retrieved";
        stage.reader.error(&stage.span_of("give_up_after"), message, "move it there");
    }
    let give_up = stage.integer("give_up_after", 1..=1000).and_then(|refreshes| u32::try_from(refreshes).ok());
    Some(StageSettings {
        criteria: indexes,
        pass: stage.choice("pass", &[("rule", Pass::Rule), ("person", Pass::Person)]).unwrap_or(default),
        give_up_after: give_up,
    })
}

/// Tells of criteria that no stage names.
pub(super) fn warn_unused_criteria(reader: &Reader, criteria: &[Named], streams: &[Stream]) {
    for (index, criterion) in criteria.iter().enumerate() {
        let stages = streams.iter().flat_map(|stream| [&stream.abstract_stage, &stream.fulltext_stage]);
        if !stages.flatten().any(|stage| stage.criteria.contains(&index)) {
            let span: &Range<usize> = &criterion.id.span;
            let message = format!("no stage uses the criterion `{}`", criterion.id.value);
            reader.warn(span, message, "name it in a stream's abstract or fulltext, or take it out");
        }
    }
}
