//! `dedupe --explain ID ID`: a pair, field by field.

use serde_json::json;

use super::super::{Context, work};
use crate::dedupe::{FieldReport, PairReport, explain_pair};
use crate::error::{Exit, Failure, Outcome};
use crate::model::Record;
use crate::pipeline::named_record;

/// How much of a long field is shown.
const SHOWN: usize = 300;

/// Explains two stored records.
pub fn stored(context: &Context, pair: &[String]) -> Outcome<Exit> {
    let (settings, store) = work::reading(context)?;
    let [a, b] = pair else { return Err(Failure::usage("--explain takes two ids")) };
    let (one, other) = (named_record(&store, a)?, named_record(&store, b)?);
    let report = explain_pair(&one.record, &other.record);
    let now = if one.work == other.work { "they are one work" } else { "they are two works" };
    let said: Vec<_> = store
        .rulings()?
        .into_iter()
        .map(|stored| stored.ruling)
        .filter(|ruling| [&one.key, &other.key].iter().all(|key| ruling.sides.iter().flatten().any(|of| of == *key)))
        .collect();
    let links: Vec<_> = crate::pipeline::related(&settings, &store)?
        .into_iter()
        .filter(|link| [link.works, (link.works.1, link.works.0)].contains(&(one.work, other.work)))
        .collect();
    if context.json {
        work::print_json(&json!({
            "a": one.key, "b": other.key, "one_work": one.work == other.work, "pair": report, "rulings": said, "links": links,
        }))?;
        return Ok(Exit::Done);
    }
    let mut text = told((&one.key, &one.record), (&other.key, &other.record), &report);
    text.push_str(&format!("\nIn this review {now}.\n"));
    for ruling in &said {
        text.push_str(&super::rulings::line(ruling));
    }
    for link in links {
        text.push_str(&format!("{} is {} {} ({})\n", link.a, link.kind.in_words().0, link.b, link.status.name()));
    }
    work::print_text(&text)?;
    Ok(Exit::Done)
}

/// A pair in words.
pub fn told(a: (&str, &Record), b: (&str, &Record), report: &PairReport) -> String {
    let mut text = format!("A  {}\nB  {}\n\n", a.0, b.0);
    text.push_str(&format!(
        "{} by the rule {} ({:.2}): {}\n",
        report.outcome.name(),
        report.rule,
        report.score,
        report.why
    ));
    for field in &report.fields {
        text.push_str(&told_field(field));
    }
    text
}

fn told_field(field: &FieldReport) -> String {
    let value = |value: &Option<String>| match value {
        None => "–".to_owned(),
        Some(text) => match text.char_indices().nth(SHOWN) {
            Some((at, _)) => format!("{} …", &text[..at]),
            None => text.clone(),
        },
    };
    let score = field.score.map(|score| format!(" ({score:.2})")).unwrap_or_default();
    format!(
        "\n{}: {}{score}\n  A  {}\n  B  {}\n",
        field.name,
        field.verdict.name(),
        value(&field.left),
        value(&field.right)
    )
}
