//! `screen abstract`, `screen fulltext`.

use clap::ValueEnum;

use super::{Context, work};
use crate::error::{Exit, Outcome};
use crate::model::Stage;

/// Apply the criteria of a stage; only a definite fail acts, and a person's decision stands.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  gleaner screen abstract --preview\n  gleaner screen fulltext academic")]
pub struct Args {
    /// The stage
    #[arg(value_enum)]
    stage: StageName,
    /// Streams by id; all if none is named
    #[arg(value_name = "STREAM")]
    streams: Vec<String>,
    /// List what would flip, both ways; write nothing
    #[arg(long)]
    preview: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum StageName {
    Abstract,
    Fulltext,
}

/// Screens, or lists what would flip.
pub fn run(context: &Context, args: Args) -> Outcome<Exit> {
    let stage = match args.stage {
        StageName::Abstract => Stage::Abstract,
        StageName::Fulltext => Stage::Fulltext,
    };
    if args.preview {
        return preview(context, &args.streams, stage);
    }
    let run = work::run(context)?;
    let choice = work::choice(&run.settings, &args.streams, None)?;
    let done = match stage {
        Stage::Fulltext => run.screen_fulltexts(&choice)?,
        _ => {
            run.screen_identification(&choice)?;
            run.screen_abstracts(&choice)?
        }
    };
    if context.json {
        work::print_json(&done)?;
    } else {
        work::print_text(&format!(
            "{} works: {} excluded, {} advanced by rule, {} wait for a person; {} decisions are new\n",
            done.works, done.excluded, done.advanced, done.waiting, done.decided
        ))?;
    }
    Ok(Exit::Done)
}

fn preview(context: &Context, streams: &[String], stage: Stage) -> Outcome<Exit> {
    let run = work::look(context)?;
    let flips = run.preview(&work::choice(&run.settings, streams, None)?, stage)?;
    if context.json {
        work::print_json(&flips)?;
        return Ok(Exit::Done);
    }
    let mut text = String::new();
    for flip in &flips {
        text.push_str(&format!(
            "{} {}: {} -> {}{}{}\n    {}\n",
            flip.stream,
            flip.work,
            flip.before.map_or("undecided", |verdict| verdict.name()),
            flip.after.name(),
            flip.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default(),
            if flip.decided_by_person { "; a person has decided it: that stands" } else { "" },
            flip.title
        ));
    }
    text.push_str(&format!("{} works would flip; nothing was written\n", flips.len()));
    work::print_text(&text)?;
    Ok(Exit::Done)
}
