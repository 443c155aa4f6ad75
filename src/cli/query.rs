//! `query translate | lint | codes | review | match | explain`.

mod compare;
mod explain;
mod linting;
mod matching;
mod records;
mod reviewing;

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::{Value, json};

use super::Context;
use crate::error::{Exit, Failure, Outcome};
use crate::query::parser::MOST_BYTES;
use crate::query::{Diagnostic, Mesh, Parsed, Platform, Severity, Tree, detect, read, render, render_with_mesh, show};
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
        /// NLM's MeSH descriptor file (desc2026.xml or d2026.bin, gzipped or not): headings become their
        /// entry terms, narrower headings' too, where the platform knows no headings
        #[arg(long, value_name = "FILE")]
        mesh: Option<PathBuf>,
    },
    Lint(linting::Args),
    Codes(linting::CodesArgs),
    Review(reviewing::Args),
    /// Tell which records of export files match, evaluated here: JSON lines
    Match(matching::Args),
    Explain(explain::Args),
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
        self.sound_of(context, self.parse(from))
    }

    /// The tree of what was read, telling what is wrong on stderr.
    fn sound_of(&self, context: &Context, parsed: Parsed) -> Outcome<Tree> {
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
        Command::Translate { query, to, from, mesh } => translate(context, &query.read()?, to, from, mesh.as_deref()),
        Command::Lint(args) => linting::run(context, args),
        Command::Codes(args) => linting::codes(context, &args),
        Command::Review(args) => reviewing::run(context, args),
        Command::Match(args) => matching::run(context, args),
        Command::Explain(args) => explain::run(context, args),
    }
}

fn translate(
    context: &Context,
    source: &Source,
    to: Platform,
    from: Option<Platform>,
    mesh: Option<&Path>,
) -> Outcome<Exit> {
    let tree = source.sound(context, from)?;
    let rendered = match mesh {
        Some(file) => render_with_mesh(&tree, to, &descriptors(file)?),
        None => render(&tree, to),
    };
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

/// Reads NLM's descriptor file.
fn descriptors(file: &Path) -> Outcome<Mesh> {
    let opened =
        std::fs::File::open(file).map_err(|error| Failure::failed(format!("cannot be read: {error}")).in_file(file))?;
    Mesh::read(opened).map_err(|error| Failure::failed(error.to_string()).in_file(file))
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
