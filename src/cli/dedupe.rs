//! `dedupe`: the review's clusters, what people say of them, or files alone.

mod explain;
mod files;
mod rulings;

use std::num::NonZeroUsize;
use std::path::PathBuf;

use super::{Context, work};
use crate::error::{Exit, Failure, Outcome};
use crate::model::{RelationKind, RulingAction};
use crate::pipeline::What;
use files::OnFiles;
use rulings::Said;
pub(super) use rulings::line as ruling_line;

/// Bring the review's works up to date, say what is one work and what is not, or cluster files alone
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  gleaner dedupe                                           bring the review's works up to date
  gleaner dedupe --waiting                                 what waits for a person
  gleaner dedupe --explain pubmed:31 scopus:2-s2.0-85      a pair: rule, fields, scores
  gleaner dedupe --merge pubmed:31 scopus:2-s2.0-85 --by 'A. Reviewer' --why 'a misprint in the DOI'
  gleaner dedupe --split pubmed:31 --by 'A. Reviewer' --why 'the 2019 survey, not the 2021 one'
  gleaner dedupe --link preprint-of europepmc:PPR/PPR1 pubmed:31 --by 'A. Reviewer' --why 'same trial'
  gleaner dedupe --undo                                    the last ruling or deduplication
  gleaner dedupe --input a.ris b.csv --output clusters.csv --possible pairs.csv --unique unique.ris")]
pub struct Args {
    /// Work on these export files alone, without the review's store
    #[arg(long, value_name = "FILE", num_args = 1.., help_heading = "On files alone")]
    input: Vec<PathBuf>,
    /// Where to write `id,cluster_id`, one row a record in input order
    #[arg(long, value_name = "OUT.csv", requires = "input", help_heading = "On files alone")]
    output: Option<PathBuf>,
    /// Where to write the pairs that a person should look at, with rule and scores
    #[arg(long, value_name = "FILE.csv", requires = "input", help_heading = "On files alone")]
    possible: Option<PathBuf>,
    /// Where to write each work once, from the best fields of its records; the ending says the format
    #[arg(long, value_name = "FILE", requires = "input", help_heading = "On files alone")]
    unique: Option<PathBuf>,
    /// Links whose works are counted as one (as `one_work` in config.toml)
    #[arg(long, value_name = "KIND", num_args = 1.., value_parser = kind, requires = "input", help_heading = "On files alone")]
    one_work: Vec<RelationKind>,
    /// How many threads read and compare (all processors if left out)
    #[arg(long, value_name = "N", requires = "input", help_heading = "On files alone")]
    jobs: Option<NonZeroUsize>,
    /// What the rules make of two records: rule, fields and scores. IDs are record keys, works' ids or DOIs; with
    /// --input, ids of the files
    #[arg(long, value_names = ["ID", "ID"], num_args = 2, group = "asked")]
    explain: Option<Vec<String>>,
    /// These are one work
    #[arg(long, value_name = "ID", num_args = 2.., group = "asked", requires = "said", help_heading = "What people say")]
    merge: Option<Vec<String>>,
    /// These are not the same: a record apart from the rest of its work, records of a work apart from each other, or
    /// works that might have been one
    #[arg(long, value_name = "ID", num_args = 1.., group = "asked", requires = "said", help_heading = "What people say")]
    split: Option<Vec<String>>,
    /// This work stays one, whatever the rules will say
    #[arg(long, value_name = "ID", group = "asked", requires = "said", help_heading = "What people say")]
    keep: Option<String>,
    /// The first is a preprint, an erratum … of the second: they are one study. KIND: preprint-of, erratum-of,
    /// retraction-of, update-of, conference-of, protocol-of, part-of
    #[arg(long, value_names = ["KIND", "ID", "ID"], num_args = 3, group = "asked", requires = "said", help_heading = "What people say")]
    link: Option<Vec<String>>,
    /// There is no such link
    #[arg(long, value_names = ["KIND", "ID", "ID"], num_args = 3, group = "asked", requires = "said", help_heading = "What people say")]
    unlink: Option<Vec<String>>,
    /// Who says so
    #[arg(long, value_name = "NAME", env = "GLEANER_REVIEWER", help_heading = "What people say")]
    by: Option<String>,
    /// Why
    #[arg(long, value_name = "TEXT", group = "said", help_heading = "What people say")]
    why: Option<String>,
    /// Take back a ruling (by its number), or the last deduplication (`run`); without ID whichever came last
    #[arg(long, value_name = "ID", num_args = 0..=1, default_missing_value = "last", value_parser = what, group = "asked", help_heading = "What people say")]
    undo: Option<What>,
    /// List what people said, withdrawn rulings too
    #[arg(long, group = "asked", help_heading = "What people say")]
    rulings: bool,
    /// List what waits for a person: possible duplicates in groups, and links between works
    #[arg(long, group = "asked", help_heading = "What people say")]
    waiting: bool,
}

fn kind(name: &str) -> Result<RelationKind, String> {
    RelationKind::read(name).ok_or_else(|| {
        let names: Vec<&str> = RelationKind::ALL.iter().map(|kind| kind.name()).collect();
        format!("the kinds are {}", names.join(", "))
    })
}

fn what(name: &str) -> Result<What, String> {
    match name {
        "last" => Ok(What::Last),
        "run" => Ok(What::Run),
        number => number
            .parse()
            .map(What::Ruling)
            .map_err(|_| "write a ruling's number (`gleaner dedupe --rulings` lists them), or `run`".to_owned()),
    }
}

/// Deduplicates the review or files, or takes what a person says.
pub fn run(context: &Context, args: Args) -> Outcome<Exit> {
    if !args.input.is_empty() {
        return on_files(context, args);
    }
    if let Some(pair) = &args.explain {
        return explain::stored(context, pair);
    }
    if args.rulings {
        return rulings::list(context);
    }
    if args.waiting {
        return rulings::list_waiting(context);
    }
    if let Some(what) = args.undo {
        return rulings::undo(context, what, args.by.as_deref(), args.why.as_deref());
    }
    if let Some(said) = said(&args)? {
        return rulings::say(context, &said);
    }
    let run = work::run(context)?;
    let done = run.dedupe()?;
    if context.json {
        work::print_json(&done)?;
    } else {
        work::print_text(&format!(
            "{} records are {} works; {} groups of possible duplicates and {} links between works wait for a person\n",
            done.records, done.works, done.possible, done.proposed
        ))?;
    }
    Ok(Exit::Done)
}

fn on_files(context: &Context, args: Args) -> Outcome<Exit> {
    if args.merge.is_some()
        || args.split.is_some()
        || args.keep.is_some()
        || args.link.is_some()
        || args.unlink.is_some()
        || args.undo.is_some()
        || args.rulings
        || args.waiting
    {
        return Err(Failure::usage("what people say is stored in a review, not in files")
            .remedy("take out --input, or import the files first: `gleaner import FILE… --stream S`"));
    }
    let on_files = OnFiles {
        inputs: &args.input,
        output: args.output.as_deref(),
        possible: args.possible.as_deref(),
        unique: args.unique.as_deref(),
        one_work: &args.one_work,
        jobs: args.jobs,
    };
    if let Some(pair) = &args.explain {
        return files::explain(context, &on_files, pair);
    }
    if args.output.is_none() {
        return Err(Failure::usage("--input needs --output OUT.csv (or --explain ID ID)"));
    }
    files::run(context, &on_files)
}

fn said(args: &Args) -> Outcome<Option<Said>> {
    let one = |id: &String| vec![id.clone()];
    let (action, names) = if let Some(names) = &args.merge {
        (RulingAction::Merge, names.clone())
    } else if let Some(names) = &args.split {
        (RulingAction::Split, names.clone())
    } else if let Some(name) = &args.keep {
        (RulingAction::Keep, one(name))
    } else if let Some(names) = &args.link {
        (RulingAction::Accept, names.clone())
    } else if let Some(names) = &args.unlink {
        (RulingAction::Refuse, names.clone())
    } else {
        return Ok(None);
    };
    let by = args.by.clone().ok_or_else(|| {
        Failure::usage("who says so?").remedy("name yourself with --by NAME, or in the variable GLEANER_REVIEWER")
    })?;
    let why = args.why.clone().unwrap_or_default();
    if by.trim().is_empty() || why.trim().is_empty() {
        return Err(Failure::usage("--by and --why may not be empty"));
    }
    let (kind, names) = match action {
        RulingAction::Accept | RulingAction::Refuse => {
            let read = names.first().map_or(Err(String::new()), |name| kind(name));
            (Some(read.map_err(|message| Failure::usage("no such kind of link").remedy(message))?), names[1..].to_vec())
        }
        _ => (None, names),
    };
    Ok(Some(Said { action, kind, names, by, why }))
}
