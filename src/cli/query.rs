//! `query translate | lint | match | explain`.

mod matching;

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::{Value, json};

use super::Context;
use crate::error::{Exit, Failure, Outcome};
use crate::query::parser::MOST_BYTES;
use crate::query::{Diagnostic, Kind, Node, Parsed, Platform, Severity, Tree, detect, read, render, show};
use crate::text::encoding;

/// Translate, check, match and explain Boolean queries
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Write a query in a platform's syntax; what is lost is told on stderr
    Translate {
        #[command(flatten)]
        query: QueryArgs,
        /// The platform to write for, or a source's id
        #[arg(long, value_name = "P", value_parser = writable)]
        to: Platform,
        /// The syntax that the query is in; found out where left out
        #[arg(long, value_name = "P", value_parser = readable)]
        from: Option<Platform>,
    },
    /// Tell every mistake of a query, with its place; exit 1 where there is an error
    Lint {
        #[command(flatten)]
        query: QueryArgs,
        /// The syntax that the query is in; found out where left out
        #[arg(long, value_name = "P", value_parser = readable)]
        platform: Option<Platform>,
    },
    /// Tell which records of export files match, evaluated here: JSON lines
    Match(matching::Args),
    /// Show how a query is read
    Explain {
        #[command(flatten)]
        query: QueryArgs,
        /// The syntax that the query is in; found out where left out
        #[arg(long, value_name = "P", value_parser = readable)]
        from: Option<Platform>,
    },
}

/// A query on the command line or in a file.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct QueryArgs {
    /// The query's text
    #[arg(value_name = "QUERY", allow_hyphen_values = true)]
    text: Option<String>,
    /// A file with the query; `-` is stdin
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

/// A platform that queries are read from.
fn readable(name: &str) -> Result<Platform, String> {
    known(name, Platform::is_read, "read", Platform::read())
}

/// A platform that queries are written for.
fn writable(name: &str) -> Result<Platform, String> {
    known(name, Platform::is_written, "written", Platform::written())
}

fn known(
    name: &str,
    is_known: fn(Platform) -> bool,
    done: &str,
    all: impl Iterator<Item = Platform>,
) -> Result<Platform, String> {
    let all = all.map(Platform::name).collect::<Vec<_>>().join(", ");
    let platform: Platform = name.parse().map_err(|_| format!("no platform is called `{name}`; there are {all}"))?;
    let title = platform.title();
    if is_known(platform) { Ok(platform) } else { Err(format!("queries of {title} are not {done}; there are {all}")) }
}

/// A query's text and the file it came from.
struct Source {
    text: String,
    origin: Option<String>,
}

impl QueryArgs {
    fn read(self) -> Outcome<Source> {
        match (self.text, self.file) {
            (Some(text), _) => Ok(Source { text, origin: None }),
            (None, Some(file)) => Source::of_file(&file),
            (None, None) => Err(Failure::usage("a query or --file is needed")),
        }
    }
}

impl Source {
    /// Reads a file, whatever its encoding; `-` is stdin.
    fn of_file(file: &Path) -> Outcome<Self> {
        // Four bytes a character at most: a longer file is refused as a query, not cut to one.
        let most = 4 * MOST_BYTES as u64 + 4;
        let mut bytes = Vec::new();
        if file.as_os_str() == "-" {
            std::io::stdin().take(most).read_to_end(&mut bytes)?;
        } else {
            let opened = std::fs::File::open(file);
            opened
                .and_then(|opened| opened.take(most).read_to_end(&mut bytes))
                .map_err(|error| Failure::failed(format!("cannot be read: {error}")).in_file(file))?;
        }
        // UTF-8 is taken as it is, so that offsets are the file's own.
        let text = match String::from_utf8(bytes) {
            Ok(text) if !text.contains('\0') => text,
            Ok(text) => encoding::decode(text.as_bytes()).text,
            Err(error) => encoding::decode(error.as_bytes()).text,
        };
        Ok(Self { text, origin: Some(file.display().to_string()) })
    }

    /// Reads the query in a syntax.
    fn parse(&self, from: Option<Platform>) -> Parsed {
        read(&self.text, from.unwrap_or_else(|| detect(&self.text)))
    }

    /// Reads the query, telling what is wrong on stderr.
    fn sound(&self, context: &Context, from: Option<Platform>) -> Outcome<Tree> {
        let parsed = self.parse(from);
        self.tell(context, &parsed.diagnostics);
        let errors = parsed.diagnostics.iter().filter(|told| told.severity == Severity::Error).count();
        parsed.sound().map_err(|_| {
            let what = if errors == 1 { "1 error".to_owned() } else { format!("{errors} errors") };
            let failure = Failure::failed(format!("the query cannot be read: {what}"));
            match &self.origin {
                Some(origin) => failure.in_file(origin),
                None => failure,
            }
        })
    }

    /// Shows diagnostics on stderr; hints only where more is asked for, warnings not where quiet is.
    fn tell(&self, context: &Context, diagnostics: &[Diagnostic]) {
        let least = match (context.quiet, context.verbose) {
            (true, _) => Severity::Error,
            (false, 0) => Severity::Warning,
            (false, _) => Severity::Hint,
        };
        let shown: Vec<Diagnostic> = diagnostics.iter().filter(|told| told.severity <= least).cloned().collect();
        let colour = context.colours(&std::io::stderr());
        eprint!("{}", show(&self.text, self.origin.as_deref(), &shown, colour));
    }
}

/// Runs a `query` command.
pub fn run(context: &Context, args: Args) -> Outcome<Exit> {
    match args.command {
        Command::Translate { query, to, from } => translate(context, &query.read()?, to, from),
        Command::Lint { query, platform } => lint(context, &query.read()?, platform),
        Command::Match(args) => matching::run(context, args),
        Command::Explain { query, from } => explain(context, &query.read()?, from),
    }
}

fn translate(context: &Context, source: &Source, to: Platform, from: Option<Platform>) -> Outcome<Exit> {
    let tree = source.sound(context, from)?;
    let rendered = render(&tree, to);
    if context.json {
        let warnings: Vec<Value> = rendered
            .warnings
            .iter()
            .map(|told| json!({"code": told.code, "message": told.message, "start": told.start, "end": told.end}))
            .collect();
        print_json(&json!({"query": rendered.query, "exact": rendered.exact, "warnings": warnings}))?;
    } else {
        source.tell(context, &rendered.warnings);
        print_line(&rendered.query)?;
    }
    Ok(Exit::Done)
}

fn lint(context: &Context, source: &Source, platform: Option<Platform>) -> Outcome<Exit> {
    let parsed = source.parse(platform);
    let exit = match parsed.diagnostics.iter().any(|told| told.severity == Severity::Error) {
        true => Exit::Failed,
        false => Exit::Done,
    };
    if context.json {
        print_json(&json!({"diagnostics": parsed.diagnostics}))?;
    } else {
        let colour = context.colours(&std::io::stdout());
        let shown = show(&source.text, source.origin.as_deref(), &parsed.diagnostics, colour);
        std::io::stdout().write_all(shown.as_bytes())?;
    }
    Ok(exit)
}

fn explain(context: &Context, source: &Source, from: Option<Platform>) -> Outcome<Exit> {
    let tree = source.sound(context, from)?;
    if context.json {
        print_json(&json!({"query": tree.to_string(), "tree": described(&tree.root)}))?;
    } else {
        print_line(tree.outline().trim_end())?;
    }
    Ok(Exit::Done)
}

/// A node as JSON: its kind, what it says, its place, its parts.
fn described(node: &Node) -> Value {
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
    let parts: Vec<Value> = node.children().into_iter().map(described).collect();
    if !parts.is_empty() {
        value["parts"] = parts.into();
    }
    value
}

/// A line on stdout.
fn print_line(line: &str) -> Outcome {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}

/// One JSON document on stdout, in a line.
fn print_json(value: &impl Serialize) -> Outcome {
    let text = serde_json::to_string(value).map_err(|error| Failure::failed(error.to_string()))?;
    print_line(&text)
}
