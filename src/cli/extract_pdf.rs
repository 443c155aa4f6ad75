//! `extract-pdf`: the child process that reads a PDF where `pdftotext` is not installed.

use std::io::Read;

use super::Context;
use crate::error::{Exit, Failure, Outcome};
use crate::fulltext::pdf;

/// Read a PDF on stdin and print its pages' text as JSON (used by gleaner itself)
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Prints the pages.
pub fn run(_context: &Context, _args: Args) -> Outcome<Exit> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes)?;
    let answer = pdf::pages::read(&bytes);
    let json = serde_json::to_string(&answer).map_err(|error| Failure::failed(error.to_string()))?;
    println!("{json}");
    Ok(Exit::Done)
}
