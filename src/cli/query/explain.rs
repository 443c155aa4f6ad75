//! `query explain`: how a query is read, and what each of its clauses brings on records at hand.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::records::{self, Records};
use super::{QueryArgs, Source, compare, print_json, print_line};
use crate::cli::{Context, work};
use crate::error::{Exit, Outcome};
use crate::pipeline::Event;
use crate::query::{Count, Fields, Kind, Line, Node, Platform, Survey, Tree};

/// Show how a query is read, and what each clause brings on the review's records or on export files
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  gleaner query explain \"(communit* OR neighbour*) AND wellbeing\"
  gleaner query explain --file queries/academic.query --input scopus.ris wos.txt
  gleaner query explain --file strategy.txt --from ovid --input medline.nbib
  gleaner query explain --file new.query --compare old.query

Without --input the records of the review at --config are counted; without a review only the tree is drawn.")]
pub struct Args {
    #[command(flatten)]
    query: QueryArgs,
    /// The syntax that the query is in; found out where left out
    #[arg(long, value_name = "P", value_parser = super::readable)]
    from: Option<Platform>,
    /// Export files whose records are counted, in place of the review's
    #[arg(long, value_name = "FILE", num_args = 1..)]
    input: Vec<String>,
    /// Count the review's records besides those of --input
    #[arg(long)]
    stored: bool,
    /// Another version, a file or a text: what only one of the two finds
    #[arg(long, value_name = "QUERY|FILE", allow_hyphen_values = true)]
    compare: Option<String>,
    /// How many records a comparison shows of each kind
    #[arg(long, value_name = "N", default_value_t = 5)]
    examples: usize,
}

/// Draws the tree, counts, compares.
pub fn run(context: &Context, args: Args) -> Outcome<Exit> {
    let source = args.query.read()?;
    let mut parsed = source.parse(args.from);
    let lines = std::mem::take(&mut parsed.lines);
    let tree = source.sound_of(context, parsed)?;
    let records = records::find(context, &args.input, args.stored)?;
    if let Some(other) = args.compare {
        let other = compare_source(&other)?;
        let other_tree = other.sound(context, args.from)?;
        let name = |source: &Source, side: &str| source.origin.clone().unwrap_or_else(|| side.to_owned());
        let names = [name(&source, "the query"), name(&other, "the other")];
        return compare::run(context, names, [&tree, &other_tree], records.as_ref(), args.examples);
    }
    match records {
        Some(records) => counted(context, &source, &tree, &lines, &records)?,
        None if context.json => print_json(&json!({"query": tree.to_string(), "tree": described(&tree.root)}))?,
        None => print_line(tree.outline().trim_end())?,
    }
    Ok(Exit::Done)
}

/// A file where there is one of that name, else the text of a query.
fn compare_source(given: &str) -> Outcome<Source> {
    let path = PathBuf::from(given);
    if given == "-" || path.is_file() {
        Source::of_file(&path)
    } else {
        Ok(Source { text: given.to_owned(), origin: None })
    }
}

/// Shows every record to `each`, telling how far it is.
pub(super) fn each_record(context: &Context, records: &Records, mut each: impl FnMut(&str, &Fields<'_>)) {
    const OFTEN: usize = 500;
    let progress = work::progress(context);
    let step = |done: usize| {
        let (done, of) = (done as u64, records.records.len() as u64);
        progress.event(&Event::Step { done, of });
    };
    for (done, named) in records.records.iter().enumerate() {
        if done % OFTEN == 0 {
            step(done);
        }
        each(&named.id, &Fields::of(&[&named.record]));
    }
    step(records.records.len());
}

fn counted(context: &Context, source: &Source, tree: &Tree, lines: &[Line], records: &Records) -> Outcome<()> {
    let mut survey = Survey::new(tree, lines);
    each_record(context, records, |_, fields| {
        survey.add(fields);
    });
    if context.json {
        print_json(&as_json(source, tree, &survey, records))
    } else {
        work::print_text(&as_text(source, &survey, records))
    }
}

/// The words of a strategy's line, on one line.
fn line_text(source: &Source, line: &Line) -> String {
    source.text.get(line.span.clone()).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn as_text(source: &Source, survey: &Survey<'_>, records: &Records) -> String {
    let whole = survey.whole();
    let no = survey.records() - whole.found - whole.unknown;
    let mut text = format!("{} records of {}\n", survey.records(), records.origin);
    text.push_str(&format!("{} found, {} unknown, {no} not\n\n", whole.found, whole.unknown));
    text.push_str(&format!("{:>8} {:>8} {:>8}\n", "found", "unknown", "alone"));
    for clause in survey.clauses() {
        let alone = clause.alone.map(|alone| alone.to_string()).unwrap_or_default();
        let Count { found, unknown } = clause.count;
        let label = format!("{}{}", "  ".repeat(clause.depth), clause.node.label());
        text.push_str(&format!("{found:>8} {unknown:>8} {alone:>8}  {label}\n"));
    }
    if !survey.lines().is_empty() {
        text.push_str(&format!("\nLines\n{:>8} {:>8}\n", "found", "unknown"));
    }
    for (line, count) in survey.lines() {
        let said = line_text(source, line);
        text.push_str(&format!("{:>8} {:>8}  {:>3}  {said}\n", count.found, count.unknown, line.label));
    }
    if !survey.concepts().is_empty() {
        text.push_str(&format!("\nConcepts\n{:>8} {:>8} {:>8}\n", "found", "unknown", "without"));
    }
    for concept in survey.concepts() {
        let Count { found, unknown } = concept.count;
        let said = shortened(&concept.node.to_string(), 60);
        text.push_str(&format!("{found:>8} {unknown:>8} {:>8}  {said}\n", concept.without.found));
    }
    for (title, terms) in [("Brings nothing", idle(survey)), ("Adds nothing to its OR", redundant(survey))] {
        if !terms.is_empty() {
            text.push_str(&format!("\n{title}: {}\n", terms.join(", ")));
        }
    }
    text
}

/// Terms and headings that are true for no record.
fn idle(survey: &Survey<'_>) -> Vec<String> {
    let is_leaf = |node: &Node| matches!(node.kind, Kind::Term(_) | Kind::Heading(_));
    let clauses = survey.clauses().iter().filter(|clause| is_leaf(clause.node) && clause.count.found == 0);
    clauses.map(|clause| clause.node.label()).collect()
}

/// What is true for some records, each of which another operand of its OR brings too.
fn redundant(survey: &Survey<'_>) -> Vec<String> {
    let clauses = survey.clauses().iter().filter(|clause| clause.count.found > 0 && clause.alone == Some(0));
    clauses.map(|clause| shortened(&clause.node.to_string(), 60)).collect()
}

/// At most so many characters, the rest a dot dot dot.
pub(super) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}

fn as_json(source: &Source, tree: &Tree, survey: &Survey<'_>, records: &Records) -> Value {
    let mut clauses = survey.clauses().iter();
    let lines: Vec<Value> = survey
        .lines()
        .iter()
        .map(|(line, count)| {
            json!({
                "line": line.label, "text": line_text(source, line), "start": line.span.start, "end": line.span.end,
                "found": count.found, "unknown": count.unknown,
            })
        })
        .collect();
    let concepts: Vec<Value> = survey
        .concepts()
        .iter()
        .map(|concept| {
            json!({
                "query": concept.node.to_string(), "start": concept.node.span.start, "end": concept.node.span.end,
                "found": concept.count.found, "unknown": concept.count.unknown, "without": concept.without,
            })
        })
        .collect();
    json!({
        "query": tree.to_string(),
        "records": survey.records(),
        "of": records.origin,
        "found": survey.whole().found,
        "unknown": survey.whole().unknown,
        "tree": described_with(&tree.root, &mut |value| {
            // Clauses come in the order in which the tree is drawn.
            if let Some(clause) = clauses.next() {
                value["found"] = clause.count.found.into();
                value["unknown"] = clause.count.unknown.into();
                if let Some(alone) = clause.alone {
                    value["alone"] = alone.into();
                }
            }
        }),
        "lines": lines,
        "concepts": concepts,
        "brings_nothing": idle(survey),
        "adds_nothing": redundant(survey),
    })
}

/// A node as JSON: its kind, what it says, its place, its parts.
fn described(node: &Node) -> Value {
    described_with(node, &mut |_| {})
}

/// The same with what `more` adds to each, before its parts.
fn described_with(node: &Node, more: &mut dyn FnMut(&mut Value)) -> Value {
    let mut value = match &node.kind {
        Kind::Term(term) => json!({"kind": "term", "term": term.text()}),
        Kind::And(_) => json!({"kind": "and"}),
        Kind::Or(_) => json!({"kind": "or"}),
        Kind::Not(_) => json!({"kind": "not"}),
        Kind::Near { distance, ordered, .. } => json!({"kind": "near", "distance": distance, "ordered": ordered}),
        Kind::Heading(heading) => json!({"kind": "heading", "heading": heading.to_string()}),
        Kind::Dates(dates) => json!({"kind": "dates", "dates": dates.to_string()}),
        Kind::Native(native) => json!({"kind": "native", "platform": native.platform.name(), "text": native.text}),
        Kind::Limit { scope, .. } => json!({"kind": "limit", "fields": scope.to_string()}),
    };
    value["start"] = node.span.start.into();
    value["end"] = node.span.end.into();
    more(&mut value);
    let parts: Vec<Value> = node.children().into_iter().map(|part| described_with(part, more)).collect();
    if !parts.is_empty() {
        value["parts"] = parts.into();
    }
    value
}
