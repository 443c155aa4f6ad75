//! `check`: the config, its queries and keys; what each source would be asked. No request is made.

mod asked;
mod safety;
mod text;

use serde_json::{Value, json};

use super::{Context, problems};
use crate::config::{self, ConfigProblem, Settings};
use crate::error::{Exit, Outcome};
use crate::query::Severity;
use crate::sources::fit::fit;

/// Tell every mistake in the config and its queries, with file, line, column and remedy; then what
/// each source would be asked, how exactly, and whether its key is there. Makes no request.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Exit 2 where there is a mistake; a missing key is none.
pub fn run(context: &Context, _args: Args) -> Outcome<Exit> {
    let (settings, mut problems) = match config::load(&context.config) {
        Ok((settings, notes)) => (Some(settings), notes),
        Err(errors) => (None, errors.0),
    };
    let mut asked = Vec::new();
    if let Some(settings) = &settings {
        problems.extend(fit(settings));
        problems.extend(safety::uncalibrated(settings));
        asked = asked::streams(settings, &mut problems);
    }
    let mistakes = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    if context.json {
        let document = json!({
            "ok": mistakes == 0,
            "problems": problems.iter().map(problems::as_json).collect::<Vec<Value>>(),
            "streams": asked,
        });
        println!("{document:#}");
    } else {
        tell(context, &problems, mistakes);
        if let Some(settings) = settings.as_ref().filter(|_| mistakes == 0) {
            print!("{}", text::report(settings, &asked));
        }
    }
    Ok(if mistakes == 0 { Exit::Done } else { Exit::Usage })
}

fn tell(context: &Context, problems: &[ConfigProblem], mistakes: usize) {
    let colour = context.colours(&std::io::stderr());
    for problem in problems {
        if problem.severity == Severity::Error || !context.quiet {
            eprintln!("{}\n", problems::shown(problem, colour));
        }
    }
    if mistakes > 0 {
        let noun = if mistakes == 1 { "mistake" } else { "mistakes" };
        eprintln!("error: {mistakes} {noun} in {}", context.config.display());
    }
}

/// Names of a review's parts as `check` prints them.
fn window(settings: &Settings, stream: usize) -> String {
    let Some(stream) = settings.streams.get(stream) else { return String::new() };
    let window = stream.window;
    match (window.from, window.to) {
        (None, None) => "any date".to_owned(),
        (Some(from), None) => format!("from {from}"),
        (None, Some(to)) => format!("to {to}"),
        (Some(from), Some(to)) => format!("{from} to {to}"),
    }
}
