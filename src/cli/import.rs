//! `import FILE… --stream S [--search ID] [--format F]`.

use std::path::PathBuf;
use std::sync::Arc;

use super::{Context, work};
use crate::error::{Exit, Failure, Outcome};
use crate::formats::Format;
use crate::pipeline::{Overrides, Run, import_search, with_imports};
use crate::store::Store;

/// Import export files of databases and reference managers; the format is told by the content.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  gleaner import medline.nbib --stream academic\n  gleaner import inbox/*.ris --stream academic --search alerts"
)]
pub struct Args {
    /// Export files of databases, reference managers and screening tools
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The stream that they belong to
    #[arg(long, value_name = "STREAM")]
    stream: String,
    /// The import search that they belong to, where the stream has several
    #[arg(long, value_name = "ID")]
    search: Option<String>,
    /// The format, where the content does not tell: ris, nbib, pubmed-xml, wos, ovid, endnote-xml,
    /// enw, refworks, cochrane, mods, bib, csv, jsonl, csl-json
    #[arg(long, value_name = "FORMAT")]
    format: Option<String>,
}

/// Exit 1 where a file cannot be read; the others are imported all the same.
pub fn run(context: &Context, args: Args) -> Outcome<Exit> {
    let settings = work::settings(context)?;
    work::choice(&settings, std::slice::from_ref(&args.stream), None)?;
    let format = args.format.as_deref().map(format_named).transpose()?;
    let store = settings.store.exists().then(|| Store::open_existing(&settings.store)).transpose()?;
    let settings = with_imports(settings, store.as_ref(), Some(&args.stream))?;
    drop(store);
    let run = Run::open(Arc::clone(&settings), Overrides::default(), work::progress(context))?;
    let stream = settings.stream(&args.stream).ok_or_else(|| Failure::usage(format!("no stream '{}'", args.stream)))?;
    let search = import_search(stream, args.search.as_deref())?;
    let mut imported = Vec::new();
    let mut failures = 0;
    for file in &args.files {
        match run.import_file(file, stream, search, format) {
            Ok(done) => {
                if !context.json {
                    let text = if done.known {
                        format!("{}: imported before, nothing added\n", file.display())
                    } else {
                        format!(
                            "{}: {}, {} records, {} of them new{}\n",
                            file.display(),
                            done.format,
                            done.records,
                            done.new_records,
                            if done.set_aside > 0 { format!(", {} set aside", done.set_aside) } else { String::new() }
                        )
                    };
                    work::print_text(&text)?;
                }
                for warning in done.warnings.iter().filter(|_| !context.quiet) {
                    eprintln!("warning: {}: {warning}", file.display());
                }
                imported.push(done);
            }
            Err(failure) => {
                failures += 1;
                eprintln!("error: {failure}");
            }
        }
    }
    if context.json {
        work::print_json(&imported)?;
    }
    Ok(if failures > 0 { Exit::Failed } else { Exit::Done })
}

fn format_named(name: &str) -> Outcome<Format> {
    Format::named(name).ok_or_else(|| {
        let names: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
        Failure::usage(format!("no format '{name}'")).remedy(format!("one of: {}", names.join(", ")))
    })
}
