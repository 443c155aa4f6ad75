//! `completions SHELL`.

use clap::CommandFactory;

use super::{Cli, Context};
use crate::error::{Exit, Outcome};

/// Print shell completions on stdout, to be sourced by the shell
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The shell to write them for
    shell: clap_complete::Shell,
}

/// Prints the completions.
pub fn run(_context: &Context, args: Args) -> Outcome<Exit> {
    clap_complete::generate(args.shell, &mut Cli::command(), "gleaner", &mut std::io::stdout());
    Ok(Exit::Done)
}
