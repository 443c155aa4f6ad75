//! `[criteria.ID]`.

use super::names::{list, nearest};
use super::queries;
use super::reader::Reader;
use super::section::{Section, Text, check_id};
use super::settings::{Criterion, Effect, Test};
use crate::model::WorkType;
use crate::text::language;

const KEYS: &[&str] =
    &["title", "reason", "query", "match", "fails", "effect", "min_text", "types", "languages", "window", "countries"];
/// The keys that say what a criterion looks at; it has exactly one of them.
const TESTS: &[&str] = &["query", "match", "types", "languages", "window", "countries"];

/// A criterion's name, where it stands, and what it says if that is sound.
pub(super) struct Named {
    pub id: Text,
    pub criterion: Option<Criterion>,
}

/// Every criterion in the order of the file, sound or not, so that stages can name them all.
pub(super) fn read(document: &Section<'_>) -> Vec<Named> {
    let mut all = Vec::new();
    for (id, span, table) in document.named("criteria") {
        check_id(document.reader, &id);
        let section = Section::open(document.reader, format!("[criteria.{}]", id.value), span, table, KEYS);
        let criterion = criterion(&section, &id);
        all.push(Named { id, criterion });
    }
    all
}

fn criterion(section: &Section<'_>, id: &Text) -> Option<Criterion> {
    let title = section.required("title", "\"what the table's Screening row says\"");
    let effects = [("exclude", Effect::Exclude), ("flag", Effect::Flag), ("order", Effect::Order)];
    if section.lacks("effect") {
        let remedy = "add effect = \"exclude\", \"flag\" (a person decides) or \"order\" (ranking alone)";
        section.reader.misfit(&section.span, format!("{} has no `effect`", section.name), remedy);
    }
    let effect = section.choice("effect", &effects);
    let test = test(section);
    check_effect(section, test.as_ref(), effect);
    // What only orders excludes nothing, so it needs no reason for the flow.
    let reason = match (effect, section.has("reason"), &title) {
        (Some(Effect::Order), false, Some(title)) => Some(title.value.clone()),
        _ => section.required("reason", "\"the reason for exclusion that the flow prints\"").map(|text| text.value),
    };
    let min_text = section.integer("min_text", 0..=1_000_000).unwrap_or(1);
    if section.has("min_text") && !matches!(test, None | Some(Test::Query { .. })) {
        let message = "`min_text` has no effect here: it applies to queries alone";
        section.reader.warn(&section.span_of("min_text"), message, "take it out");
    }
    Some(Criterion {
        id: id.value.clone(),
        title: title?.value,
        reason: reason?,
        test: test?,
        effect: effect?,
        min_text: usize::try_from(min_text).unwrap_or(1),
        spot: section.reader.spot(&id.span),
    })
}

/// What it looks at: exactly one of [`TESTS`].
fn test(section: &Section<'_>) -> Option<Test> {
    let mut present: Vec<&str> = TESTS.iter().copied().filter(|key| section.has(key)).collect();
    present.sort_by_key(|key| section.span_of(key).start);
    let fails = section.choice("fails", &[("no-match", false), ("match", true)]);
    match present.as_slice() {
        [] if TESTS.iter().any(|key| !section.lacks(key)) => None,
        [] => {
            let message = format!("{} tests nothing", section.name);
            section.reader.misfit(&section.span, message, format!("add {}", list(TESTS.iter().copied(), "or")));
            None
        }
        [key @ ("query" | "match")] => {
            let query = match *key {
                "query" => queries::file(section, "query"),
                _ => queries::text(section, "match"),
            };
            Some(Test::Query { query: Box::new(query?), fails_on_match: fails.unwrap_or(false) })
        }
        [key] => {
            if fails == Some(true) {
                let message = format!("`fails = \"match\"` applies to queries, not to `{key}`");
                section.reader.misfit(&section.span_of("fails"), message, "list what passes, and take `fails` out");
            }
            other_test(section, key)
        }
        [first, second, ..] => {
            let message = format!("{} has both `{first}` and `{second}`", section.name);
            let remedy = "make two criteria of it: each tests one thing";
            section.reader.misfit(&section.span_of(second), message, remedy);
            None
        }
    }
}

fn other_test(section: &Section<'_>, key: &str) -> Option<Test> {
    match key {
        "window" => match section.boolean("window") {
            Some(true) => Some(Test::Window),
            Some(false) => {
                let message = "`window = false` tests nothing";
                section.reader.error(&section.span_of("window"), message, "write window = true, or take it out");
                None
            }
            None => None,
        },
        "types" => listed(section, "types", read_type).map(Test::Types),
        "languages" => listed(section, "languages", read_language).map(Test::Languages),
        _ => listed(section, "countries", |name| Ok(name.to_owned())).map(Test::Countries),
    }
}

/// A list that is not empty, each item read; a wrong item is told with its remedy.
fn listed<T>(section: &Section<'_>, key: &str, read: impl Fn(&str) -> Result<T, (String, String)>) -> Option<Vec<T>> {
    let texts = section.texts(key)?;
    if texts.is_empty() {
        let remedy = format!("list at least one, or take `{key}` out");
        section.reader.error(&section.span_of(key), format!("`{key}` is empty"), remedy);
        return None;
    }
    let mut items = Vec::new();
    for text in texts {
        match read(&text.value) {
            Ok(item) => items.push(item),
            Err((message, remedy)) => section.reader.error(&text.span, message, remedy),
        }
    }
    Some(items)
}

fn read_type(name: &str) -> Result<WorkType, (String, String)> {
    name.parse().map_err(|()| {
        let names = || WorkType::ALL.iter().map(|kind| kind.name());
        // What a source would call it is as good a hint as the spelling.
        let meant = WorkType::read(name).map(WorkType::name).or_else(|| nearest(name, names()));
        let remedy = match meant {
            Some(known) => format!("did you mean `{known}`?"),
            None => format!("the types are {}", names().collect::<Vec<_>>().join(", ")),
        };
        (format!("unknown type `{name}`"), remedy)
    })
}

fn read_language(name: &str) -> Result<String, (String, String)> {
    language::code(name)
        .map(str::to_owned)
        .ok_or_else(|| (format!("unknown language `{name}`"), "write its two-letter code, such as \"en\"".to_owned()))
}

fn check_effect(section: &Section<'_>, test: Option<&Test>, effect: Option<Effect>) {
    if matches!(test, Some(Test::Countries(_))) && effect.is_some_and(|effect| effect != Effect::Flag) {
        let message = "`countries` may only flag: where a study took place is no field that a rule can trust";
        section.reader.misfit(&section.span_of("effect"), message, "write effect = \"flag\": a person then decides");
    }
}

/// The index of a criterion that a stage names; an unknown name is told.
pub(super) fn find(reader: &Reader, name: &Text, criteria: &[Named]) -> Option<usize> {
    let found = criteria.iter().position(|criterion| criterion.id.value == name.value);
    if found.is_none() {
        let names = || criteria.iter().map(|criterion| criterion.id.value.as_str());
        let remedy = match nearest(&name.value, names()) {
            Some(known) => format!("did you mean `{known}`?"),
            None if criteria.is_empty() => format!("add [criteria.{}]", name.value),
            None => format!("add [criteria.{}], or name one of {}", name.value, list(names(), "or")),
        };
        reader.misfit(&name.span, format!("unknown criterion `{}`", name.value), remedy);
    }
    found
}
