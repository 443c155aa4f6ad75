//! `query review`: a strategy under the headings of PRESS 2015.

use std::io::Write;

use super::{QueryArgs, print_json};
use crate::cli::Context;
use crate::error::{Exit, Outcome};
use crate::query::review::review;
use crate::query::{Platform, detect};

/// Review a strategy under the headings of PRESS 2015: what can be found by looking at it
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  gleaner query review --file queries/topic.query --to scopus --to pubmed
  gleaner query review --from pubmed --markdown --file strategy.txt > review.md")]
pub struct Args {
    #[command(flatten)]
    query: QueryArgs,
    /// The syntax that the query is in; found out where left out
    #[arg(long, value_name = "P", value_parser = super::readable)]
    from: Option<Platform>,
    /// A platform whose losses are told too; can be given several times
    #[arg(long, value_name = "P", value_parser = super::writable)]
    to: Vec<Platform>,
    /// In Markdown
    #[arg(long)]
    markdown: bool,
}

/// Prints the review; what it finds never fails it.
pub fn run(context: &Context, args: Args) -> Outcome<Exit> {
    let source = args.query.read()?;
    let from = args.from.unwrap_or_else(|| detect(&source.text));
    let review = review(&source.text, from, &args.to);
    if context.json {
        print_json(&review)?;
    } else {
        std::io::stdout().write_all(review.written(&source.text, args.markdown).as_bytes())?;
    }
    Ok(Exit::Done)
}
