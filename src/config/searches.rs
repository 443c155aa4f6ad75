//! `[[streams.searches]]` and their arms.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;

use super::load::check_file;
use super::names::list;
use super::section::{Section, Text, check_id};
use super::settings::{Direction, Enter, Search, SearchKind, Seeds, SourceSettings};
use super::{queries, source_tables};

const ALL: &[&str] = &[
    "id",
    "kind",
    "arm",
    "label",
    "enter",
    "query",
    "sources",
    "max_records",
    "directions",
    "rounds",
    "seeds",
    "path",
    "platform",
    "database",
];
/// The keys of every kind.
const COMMON: &[&str] = &["id", "kind", "arm", "label", "enter"];

const KINDS: &[(&str, SearchKind)] = &[
    ("database", SearchKind::Database),
    ("citation", SearchKind::Citation),
    ("website", SearchKind::Website),
    ("submitted", SearchKind::Submitted),
    ("import", SearchKind::Import),
];

/// The keys that a kind has beside [`COMMON`].
fn keys_of(kind: SearchKind) -> &'static [&'static str] {
    match kind {
        SearchKind::Database | SearchKind::Website => &["query", "sources", "max_records"],
        SearchKind::Citation => &["sources", "directions", "rounds", "seeds"],
        SearchKind::Submitted => &["path"],
        SearchKind::Import => &["path", "platform", "database"],
    }
}

/// Which stages the stream has.
#[derive(Clone, Copy)]
pub(super) struct Stages {
    pub abstract_stage: bool,
    pub fulltext_stage: bool,
}

/// A search, and what its arm must agree on.
struct Read {
    search: Search,
    span: Range<usize>,
    enter_span: Range<usize>,
    label: Option<Text>,
}

/// A stream's searches in the order of the file; mistakes are told.
pub(super) fn read(
    stream: &Section<'_>,
    stream_id: &str,
    stages: Stages,
    sources: &BTreeMap<String, SourceSettings>,
) -> Vec<Search> {
    let mut read: Vec<Read> = Vec::new();
    for (span, table) in stream.tables("searches", "streams.searches") {
        let section = Section::open(stream.reader, "[[streams.searches]]", span, table, ALL);
        let id = section.id("id");
        if let Some(id) = id.as_ref().filter(|id| read.iter().any(|earlier| earlier.search.id == id.value)) {
            let message = format!("two searches of `{stream_id}` have the id `{}`", id.value);
            section.reader.misfit(&id.span, message, "give each search of a stream an id of its own");
        }
        let id = id.map(|id| id.value).unwrap_or_default();
        if let Some(search) = search(&section, id, stages, sources) {
            read.push(search);
        }
    }
    if read.is_empty() && !stream.has("searches") {
        let message = format!("the stream `{stream_id}` has no search");
        stream.reader.warn(&stream.span, message, "add [[streams.searches]], or import files into it by hand");
    }
    agree(stream, &read);
    name_arms(read)
}

fn search(
    section: &Section<'_>,
    id: String,
    stages: Stages,
    sources: &BTreeMap<String, SourceSettings>,
) -> Option<Read> {
    if section.lacks("kind") {
        let names = list(KINDS.iter().map(|(name, _)| *name), "or");
        let message = format!("{} has no `kind`", section.name);
        section.reader.misfit(&section.span, message, format!("add kind = {names}"));
    }
    let kind = section.choice("kind", KINDS)?;
    for key in ALL.iter().filter(|key| section.has(key) && !COMMON.contains(key) && !keys_of(kind).contains(key)) {
        let message = format!("`{key}` does not belong to a search of kind `{}`", kind.name());
        let remedy = format!("take it out; this kind has {}", list(keys_of(kind).iter().copied(), "and"));
        section.reader.misfit(&section.span_of(key), message, remedy);
    }
    let networked = matches!(kind, SearchKind::Database | SearchKind::Website | SearchKind::Citation);
    let asks = matches!(kind, SearchKind::Database | SearchKind::Website);
    if asks {
        section.required("query", "\"queries/NAME.query\"");
    }
    let query = asks.then(|| queries::file(section, "query")).flatten();
    let citation = kind == SearchKind::Citation;
    let named = if networked { named_sources(section, kind, sources) } else { Vec::new() };
    let search = Search {
        id,
        kind,
        arm: arm(section, kind),
        label: String::new(),
        enter: enter(section, stages),
        query,
        source_spots: named.iter().map(|source| section.reader.spot(&source.span)).collect(),
        sources: named.into_iter().map(|source| source.value).collect(),
        max_records: asks.then(|| section.integer("max_records", 1..=10_000_000)).flatten().unwrap_or(5000),
        directions: if citation { directions(section) } else { Vec::new() },
        rounds: if citation { rounds(section) } else { 1 },
        seeds: citation.then(|| seeds(section)),
        path: path(section, kind),
        platform: section.string("platform"),
        database: section.string("database"),
    };
    Some(Read {
        search,
        span: section.span.clone(),
        enter_span: section.span_of("enter"),
        label: section.text("label"),
    })
}

fn arm(section: &Section<'_>, kind: SearchKind) -> String {
    let default = if kind == SearchKind::Import { SearchKind::Database } else { kind };
    let Some(arm) = section.text("arm") else { return default.name().to_owned() };
    if check_id(section.reader, &arm) && arm.value == "previous" {
        let message = "`previous` is the arm of what an earlier version of the review found";
        section.reader.error(&arm.span, message, "give the arm another name");
    }
    arm.value
}

fn enter(section: &Section<'_>, stages: Stages) -> Enter {
    let first = if stages.abstract_stage || !stages.fulltext_stage { Enter::Abstract } else { Enter::Fulltext };
    let choices = [("abstract", Enter::Abstract), ("fulltext", Enter::Fulltext)];
    let Some(enter) = section.choice("enter", &choices) else { return first };
    let there = match enter {
        Enter::Abstract => stages.abstract_stage,
        Enter::Fulltext => stages.fulltext_stage,
    };
    if !there {
        let message = "the stream does not have the stage that this search enters at";
        section.reader.misfit(&section.span_of("enter"), message, "add the stage to the stream, or leave `enter` out");
    }
    enter
}

fn named_sources(section: &Section<'_>, kind: SearchKind, settings: &BTreeMap<String, SourceSettings>) -> Vec<Text> {
    if !section.has("sources") {
        if section.lacks("sources") {
            let message = format!("a search of kind `{}` has no `sources`", kind.name());
            section.reader.misfit(&section.span, message, "add sources = [\"openalex\"] or another source's id");
        }
        return Vec::new();
    }
    let Some(texts) = section.texts("sources") else { return Vec::new() };
    if texts.is_empty() {
        let remedy = "name at least one source, such as \"openalex\"";
        section.reader.error(&section.span_of("sources"), "`sources` is empty", remedy);
    }
    let mut names = Vec::new();
    for text in texts {
        if !source_tables::check(section, &text) {
            continue;
        }
        if settings.get(&text.value).is_some_and(|source| source.enabled == Some(false)) {
            let message = format!("`{}` is switched off and will not be searched", text.value);
            section.reader.warn(&text.span, message, format!("take enabled = false out of [sources.{}]", text.value));
        }
        names.push(text);
    }
    names
}

fn directions(section: &Section<'_>) -> Vec<Direction> {
    let both = vec![Direction::Backward, Direction::Forward];
    let Some(texts) = section.texts("directions") else { return both };
    let mut directions = Vec::new();
    for text in texts {
        match both.iter().find(|direction| direction.name() == text.value) {
            Some(direction) => directions.push(*direction),
            None => {
                let remedy = match super::nearest(&text.value, ["backward", "forward"]) {
                    Some(name) => format!("did you mean `{name}`?"),
                    None => "it may be backward or forward".to_owned(),
                };
                section.reader.error(&text.span, format!("unknown direction `{}`", text.value), remedy);
            }
        }
    }
    if directions.is_empty() {
        let span = section.span_of("directions");
        section.reader.misfit(&span, "`directions` names none", "name backward, forward or both");
    }
    directions
}

fn rounds(section: &Section<'_>) -> u32 {
    section.integer("rounds", 1..=20).and_then(|rounds| u32::try_from(rounds).ok()).unwrap_or(1)
}

fn seeds(section: &Section<'_>) -> Seeds {
    let Some(text) = section.text("seeds").filter(|text| text.value != "included") else { return Seeds::Included };
    let path = section.reader.resolve(&text.value);
    check_file(section, &text.span, &path, "the file of seeds");
    Seeds::File(path)
}

fn path(section: &Section<'_>, kind: SearchKind) -> Option<PathBuf> {
    match kind {
        SearchKind::Submitted => {
            Some(section.reader.resolve(section.string("path").as_deref().unwrap_or("submissions/")))
        }
        SearchKind::Import => section.string("path").map(|path| section.reader.resolve(&path)),
        _ => None,
    }
}

/// Tells of searches of one arm that enter at different stages or are labelled differently.
fn agree(stream: &Section<'_>, read: &[Read]) {
    for (position, later) in read.iter().enumerate() {
        let Some(first) = read[..position].iter().find(|earlier| earlier.search.arm == later.search.arm) else {
            continue;
        };
        let arm = &later.search.arm;
        let (one, other) = (&first.search.id, &later.search.id);
        if first.search.enter != later.search.enter {
            let span = if later.enter_span.is_empty() { &later.span } else { &later.enter_span };
            let message = format!("the searches `{one}` and `{other}` of the arm `{arm}` enter at different stages");
            stream.reader.misfit(span, message, "give both the same `enter`, or one of them another `arm`");
        }
        let labelled = read[..position].iter().filter(|earlier| earlier.search.arm == *arm);
        let label = labelled.filter_map(|earlier| earlier.label.as_ref()).next();
        if let (Some(label), Some(own)) = (label, later.label.as_ref())
            && label.value != own.value
        {
            let message = format!("the arm `{arm}` is labelled both `{}` and `{}`", label.value, own.value);
            stream.reader.misfit(&own.span, message, "give the arm one `label`, or one of the searches another `arm`");
        }
    }
}

/// Gives every search its arm's label: the first that one of the arm's searches states, or else
/// the arm's name in words.
fn name_arms(read: Vec<Read>) -> Vec<Search> {
    let mut labels: BTreeMap<String, String> = BTreeMap::new();
    for entry in &read {
        if let Some(label) = &entry.label {
            labels.entry(entry.search.arm.clone()).or_insert_with(|| label.value.clone());
        }
    }
    let named = |mut search: Search| {
        search.label = labels.get(&search.arm).cloned().unwrap_or_else(|| in_words(&search.arm));
        search
    };
    read.into_iter().map(|entry| named(entry.search)).collect()
}

/// `call-out` as `Call out`.
fn in_words(id: &str) -> String {
    let words = id.replace(['-', '_'], " ");
    let mut characters = words.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}
