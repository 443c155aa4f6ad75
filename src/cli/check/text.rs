//! What `check` prints of a sound review.

use std::fmt::Write;

use super::asked::{AskedSearch, AskedSource, AskedStream};
use crate::config::{Criterion, Effect, Pass, Settings, StageSettings};
use crate::query::Severity;

/// The whole report, ending in a newline.
pub(super) fn report(settings: &Settings, streams: &[AskedStream]) -> String {
    let mut out = String::new();
    let review = &settings.review;
    line(&mut out, 0, &format!("{}, version {}", review.title, review.version));
    line(&mut out, 0, &format!("stored in {}", settings.store.display()));
    if let Some(known) = &review.known {
        line(&mut out, 0, &format!("must find the works in {}", known.display()));
    }
    if review.contact.is_none() {
        line(&mut out, 0, "note: no contact: polite pools want one; add contact = \"you@example.org\" to [review]");
    }
    for (position, (stream, asked)) in settings.streams.iter().zip(streams).enumerate() {
        out.push('\n');
        line(&mut out, 0, &format!("{}: {}, {}", stream.id, stream.title, super::window(settings, position)));
        stage(&mut out, settings, "abstract", stream.abstract_stage.as_ref());
        stage(&mut out, settings, "full text", stream.fulltext_stage.as_ref());
        for (search, asked) in stream.searches.iter().zip(&asked.searches) {
            let query = search.query.as_ref().map_or("", |query| query.text.as_str());
            self::search(&mut out, asked, query);
        }
    }
    out.push_str("\nno mistakes\n");
    out
}

fn line(out: &mut String, depth: usize, text: &str) {
    let _ = writeln!(out, "{}{text}", "  ".repeat(depth));
}

fn stage(out: &mut String, settings: &Settings, name: &str, stage: Option<&StageSettings>) {
    let Some(stage) = stage else { return };
    let criteria: Vec<String> =
        stage.criteria.iter().filter_map(|index| settings.criteria.get(*index)).map(criterion).collect();
    let criteria = if criteria.is_empty() { "no criteria".to_owned() } else { criteria.join(", ") };
    let pass = match stage.pass {
        Pass::Rule => "the rest advances by rule",
        Pass::Person => "a person decides on the rest",
    };
    line(out, 1, &format!("{name}: {criteria}; {pass}"));
}

fn criterion(criterion: &Criterion) -> String {
    let effect = match criterion.effect {
        Effect::Exclude => "excludes",
        Effect::Flag => "flags",
        Effect::Order => "orders",
    };
    format!("{} {effect}", criterion.id)
}

fn search(out: &mut String, search: &AskedSearch, query: &str) {
    let enter = if search.enter == "abstract" { "the abstract stage" } else { "full text" };
    let directions =
        if search.directions.is_empty() { String::new() } else { format!(", {}", search.directions.join(" and ")) };
    let heading = format!(
        "{} search `{}`{directions}: arm `{}` ({}), enters at {enter}",
        search.kind, search.id, search.arm, search.label
    );
    line(out, 1, &heading);
    if let Some(path) = &search.path {
        line(out, 2, &format!("reads {path}"));
    }
    for source in &search.sources {
        self::source(out, source, query);
    }
}

fn source(out: &mut String, source: &AskedSource, query: &str) {
    let mut facts = vec![source.title.unwrap_or(&source.id).to_owned()];
    match source.query_exact {
        Some(true) => facts.push("exact".to_owned()),
        Some(false) => facts.push("not exact: cut locally".to_owned()),
        None => {}
    }
    match source.window_exact {
        Some(true) => facts.push("window exact".to_owned()),
        Some(false) => facts.push("window cut locally".to_owned()),
        None => {}
    }
    if let Some(most) = source.max_records {
        facts.push(format!("by rank, at most {most} records"));
    }
    if let Some(pace) = source.requests_per_second {
        facts.push(if pace == 1.0 { "1 request a second".to_owned() } else { format!("{pace} requests a second") });
    }
    if source.error.is_none() && !source.searched {
        facts.push("switched off".to_owned());
    }
    line(out, 2, &facts.join(" · "));
    if let Some(error) = &source.error {
        line(out, 3, &format!("note: {error}"));
    }
    for key in &source.keys {
        let state = match (key.present, key.required) {
            (true, _) => "is there".to_owned(),
            (false, true) => {
                format!("is not there, and nothing is searched without it: set {} or {0}_FILE", key.variable)
            }
            (false, false) => "is not there; it works without".to_owned(),
        };
        line(out, 3, &format!("key {} {state}", key.variable));
    }
    for query in &source.queries {
        for text in query.lines() {
            line(out, 3, &format!("| {text}"));
        }
    }
    for (message, clauses) in losses(source, query) {
        let more = if clauses.len() > SHOWN { format!(" and {} more", clauses.len() - SHOWN) } else { String::new() };
        let clauses: Vec<String> = clauses.iter().take(SHOWN).map(|clause| format!("`{clause}`")).collect();
        let clauses = if clauses.is_empty() { String::new() } else { format!(": {}{more}", clauses.join(", ")) };
        line(out, 3, &format!("warning: {message}{clauses}"));
    }
}

/// How many clauses are shown of those that one loss concerns.
const SHOWN: usize = 5;
/// The longest clause that is shown, in characters.
const LONGEST: usize = 40;

/// Each loss once, in the order of the query, with the clauses that it concerns.
fn losses(source: &AskedSource, query: &str) -> Vec<(String, Vec<String>)> {
    let mut losses: Vec<(String, Vec<String>)> = Vec::new();
    for loss in source.losses.iter().filter(|loss| loss.severity != Severity::Hint) {
        let message = format!("{} [{}]", loss.message, loss.code);
        let position = losses.iter().position(|(known, _)| *known == message).unwrap_or_else(|| {
            losses.push((message, Vec::new()));
            losses.len() - 1
        });
        let clause =
            query.get(loss.start..loss.end).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
        let clause = match clause.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}…", &clause[..end]),
            None => clause,
        };
        // A loss of the whole query names no clause.
        let whole = loss.end.saturating_sub(loss.start) >= query.trim().len();
        if let Some((_, clauses)) = losses.get_mut(position)
            && !whole
            && !clause.is_empty()
            && !clauses.contains(&clause)
        {
            clauses.push(clause);
        }
    }
    losses
}
