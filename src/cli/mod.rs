//! Commands, one file each. The only place that prints.
//!
//! A command is a module with `Args` (clap) and `run(&Context, Args) -> Outcome<Exit>`; adding one
//! is a file and a line in each of the two lists here.

mod check;
mod cite;
mod completions;
mod dedupe;
mod demo;
mod explain;
mod export;
mod extract_pdf;
mod import;
mod init;
mod problems;
mod query;
mod refresh;
mod reports;
mod retrieve;
mod screen;
mod search;
mod serve;
mod status;
mod work;

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use crate::error::{Exit, Outcome};

/// Literature searching, deduplication, screening and a PRISMA flow that adds up.
#[derive(Debug, Parser)]
#[command(name = "gleaner", version, propagate_version = true, max_term_width = 100)]
pub struct Cli {
    #[command(flatten)]
    pub context: Context,
    #[command(subcommand)]
    pub command: Command,
}

/// Global flags, accepted before and after the command.
#[derive(Clone, Debug, clap::Args)]
pub struct Context {
    /// The review's config.toml; relative paths in it are relative to its folder
    #[arg(long, global = true, value_name = "FILE", default_value = "./config.toml")]
    pub config: PathBuf,
    /// One JSON document on stdout, and nothing else there
    #[arg(long, global = true)]
    pub json: bool,
    /// Only errors on stderr
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// More on stderr
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// When to colour (NO_COLOR is honoured)
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub color: Color,
}

impl Context {
    /// Whether to colour what goes to a stream.
    pub fn colours(&self, stream: &impl IsTerminal) -> bool {
        let refused = |variable: &str| std::env::var_os(variable).is_some_and(|value| !value.is_empty());
        match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => stream.is_terminal() && !refused("NO_COLOR"),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Scaffold a commented review that `check` accepts
    Init(init::Args),
    /// Tell every mistake in the config and its queries, and what each source would be asked
    Check(check::Args),
    /// The seed's review, end to end and offline, on stand-ins with a synthetic corpus
    Demo(demo::Args),
    /// Run the declared searches
    Search(search::Args),
    /// Import export files
    Import(import::Args),
    /// Bring clusters up to date
    Dedupe(Box<dedupe::Args>),
    /// Apply the criteria
    Screen(screen::Args),
    /// Find and store full texts
    Retrieve(retrieve::Args),
    /// One citation round by hand
    Cite(cite::Args),
    /// The whole way: what a timer calls
    Refresh(refresh::Args),
    /// The reviewers' queue in the browser
    Serve(serve::Args),
    /// Write works with their status and stable ids
    Export(export::Args),
    /// A work's whole story
    Explain(explain::Args),
    /// The table, the flow, the searches, the exclusions
    Report(reports::Args),
    /// Where the review stands
    Status(status::StatusArgs),
    /// Check integrity, conservation, keys
    Doctor(status::DoctorArgs),
    /// Print shell completions
    Completions(completions::Args),
    /// Read a PDF on stdin and print its pages' text as JSON
    #[command(hide = true)]
    ExtractPdf(extract_pdf::Args),
    /// Translate, check, match and explain Boolean queries
    Query(query::Args),
}

fn run(context: &Context, command: Command) -> Outcome<Exit> {
    match command {
        Command::Init(args) => init::run(context, args),
        Command::Check(args) => check::run(context, args),
        Command::Demo(args) => demo::run(context, args),
        Command::Search(args) => search::run(context, args),
        Command::Import(args) => import::run(context, args),
        Command::Dedupe(args) => dedupe::run(context, *args),
        Command::Screen(args) => screen::run(context, args),
        Command::Retrieve(args) => retrieve::run(context, args),
        Command::Cite(args) => cite::run(context, args),
        Command::Refresh(args) => refresh::run(context, args),
        Command::Serve(args) => serve::run(context, args),
        Command::Export(args) => export::run(context, args),
        Command::Explain(args) => explain::run(context, args),
        Command::Report(args) => reports::run(context, args),
        Command::Status(args) => status::status(context, args),
        Command::Doctor(args) => status::doctor(context, args),
        Command::Completions(args) => completions::run(context, args),
        Command::ExtractPdf(args) => extract_pdf::run(context, args),
        Command::Query(args) => query::run(context, args),
    }
}

/// With `-v` each request and answer is told on stderr (addresses without their secrets).
fn log(context: &Context) {
    if context.verbose > 0 {
        tracing_subscriber::fmt()
            .with_max_level(if context.verbose > 1 { tracing::Level::DEBUG } else { tracing::Level::INFO })
            .with_writer(std::io::stderr)
            .with_ansi(context.colours(&std::io::stderr()))
            .init();
    }
}

/// Runs the command line and gives its exit code.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { Exit::Usage as u8 } else { 0 });
        }
    };
    log(&cli.context);
    match run(&cli.context, cli.command) {
        Ok(exit) => ExitCode::from(exit as u8),
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::from(failure.exit as u8)
        }
    }
}
