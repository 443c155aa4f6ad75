//! `export --format F [--status S] [--stream S]`.

use std::path::PathBuf;

use clap::ValueEnum;

use super::{Context, work};
use crate::error::{Exit, Failure, Outcome};
use crate::formats::{Format, Item, write};
use crate::pipeline::{ExportedWork, exported};

/// Write works with their status and stable ids; decisions made elsewhere come back by them.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  gleaner export --format csv --status included\n  gleaner export --format ris --stream academic --output included.ris"
)]
pub struct Args {
    /// The format
    #[arg(long, value_enum)]
    format: FormatName,
    /// Only works that stand so: included, excluded, removed, awaiting, "not retrieved"
    #[arg(long, value_name = "STATUS")]
    status: Option<String>,
    /// Only works of this stream
    #[arg(long, value_name = "STREAM")]
    stream: Option<String>,
    /// The file to write; stdout if left out
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FormatName {
    Ris,
    Csv,
    Jsonl,
    Bib,
    Nbib,
    EndnoteXml,
    CslJson,
}

const STATUSES: [&str; 5] = ["included", "excluded", "removed", "awaiting", "not retrieved"];

/// Writes the works.
pub fn run(context: &Context, args: Args) -> Outcome<Exit> {
    let (settings, store) = work::reading(context)?;
    if let Some(stream) = &args.stream {
        work::choice(&settings, std::slice::from_ref(stream), None)?;
    }
    let status = args.status.as_ref().map(|status| status.replace(['-', '_'], " "));
    if let Some(status) = status.as_deref().filter(|status| !STATUSES.contains(status)) {
        return Err(Failure::usage(format!("no status '{status}'")).remedy(format!("one of: {}", STATUSES.join(", "))));
    }
    let works = exported(&settings, &store, args.stream.as_deref(), status.as_deref())?;
    let bytes = written(&works, args.format)?;
    match &args.output {
        Some(path) => {
            work::write_file(path, &bytes)?;
            if !context.quiet {
                eprintln!("{} works written to {}", works.len(), path.display());
            }
        }
        None => work::print_text(&String::from_utf8_lossy(&bytes))?,
    }
    Ok(Exit::Done)
}

fn written(works: &[ExportedWork], format: FormatName) -> Outcome<Vec<u8>> {
    let mut out = Vec::new();
    if format == FormatName::Jsonl {
        // The canonical form: everything, without ids of rows and times.
        for work in works {
            serde_json::to_writer(&mut out, work).map_err(|error| Failure::failed(error.to_string()))?;
            out.push(b'\n');
        }
        return Ok(out);
    }
    let items: Vec<Item<'_>> =
        works.iter().map(|work| Item { id: &work.id, record: &work.record, extra: columns(work) }).collect();
    write(written_format(format)?, &items, &mut out)?;
    Ok(out)
}

fn written_format(format: FormatName) -> Outcome<Format> {
    Ok(match format {
        FormatName::Ris => Format::Ris,
        FormatName::Csv => Format::Csv,
        FormatName::Jsonl => Format::Jsonl,
        FormatName::Bib => Format::BibTeX,
        FormatName::Nbib => Format::Nbib,
        FormatName::EndnoteXml => Format::EndNoteXml,
        FormatName::CslJson => Format::CslJson,
    })
}

/// What a work's row says besides its record.
fn columns(work: &ExportedWork) -> Vec<(String, String)> {
    let join = |texts: Vec<String>| texts.join("; ");
    let each = |of: &dyn Fn(&crate::pipeline::WorkInStream) -> String| {
        join(work.streams.iter().map(|stream| format!("{}: {}", stream.stream, of(stream))).collect())
    };
    vec![
        ("status".into(), each(&|stream| stream.status.to_owned())),
        ("stage".into(), each(&|stream| stream.stage.name().to_owned())),
        (
            "reason".into(),
            join(
                work.streams
                    .iter()
                    .filter_map(|stream| Some(format!("{}: {}", stream.stream, stream.reason.as_ref()?)))
                    .collect(),
            ),
        ),
        ("arm".into(), each(&|stream| stream.arm.clone())),
        ("records".into(), join(work.records.clone())),
    ]
}
