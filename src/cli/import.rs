//! `import FILE… --stream S [--search ID] [--format F] [--stage abstract|fulltext …]`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ValueEnum;

use super::{Context, work};
use crate::error::{Exit, Failure, Outcome};
use crate::formats::Format;
use crate::model::{Stage, Verdict};
use crate::pipeline::{Imported, LabelCount, Overrides, Run, Taken, Taking, import_search, with_imports};
use crate::store::Store;

/// Import export files of databases and reference managers; the format is told by the content.
///
/// Decisions that a screening tool wrote into a file are counted, and taken only where --stage says at
/// which stage they were made.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  gleaner import medline.nbib --stream academic\n  gleaner import inbox/*.ris --stream academic --search alerts\n  gleaner import rayyan.ris --stream academic --stage abstract\n  gleaner import asreview.csv --stream academic --stage abstract --decisions-by 'Ann Ray' --decisions-only\n  gleaner import irrelevant.csv --stream academic --stage abstract --decisions-by 'Ann Ray' --verdict exclude"
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
    /// enw, refworks, cochrane, mods, bib, csv, xlsx, jsonl, csl-json
    #[arg(long, value_name = "FORMAT")]
    format: Option<String>,
    /// Take the decisions in the files, as made at this stage
    #[arg(long, value_enum, help_heading = "Decisions made elsewhere")]
    stage: Option<StageName>,
    /// Who made the decisions for which a file names nobody
    #[arg(long, value_name = "NAME", requires = "stage", help_heading = "Decisions made elsewhere")]
    decisions_by: Option<String>,
    /// What the files as a whole say, of entries without a verdict of their own (Covidence exports one list
    /// a verdict)
    #[arg(long, value_enum, requires = "decisions_by", help_heading = "Decisions made elsewhere")]
    verdict: Option<VerdictName>,
    /// Take only the decisions, on works that the stream has already; no record is added
    #[arg(long, requires = "stage", help_heading = "Decisions made elsewhere")]
    decisions_only: bool,
    /// Where a person decided otherwise before, withdraw that for what the file says; else it stays
    #[arg(long, requires = "stage", help_heading = "Decisions made elsewhere")]
    replace: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum StageName {
    Abstract,
    Fulltext,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum VerdictName {
    Include,
    Maybe,
    Exclude,
}

impl Args {
    fn taking(&self) -> Outcome<Option<Taking>> {
        let Some(stage) = self.stage else { return Ok(None) };
        let by = self.decisions_by.as_deref().map(str::trim);
        if by.is_some_and(str::is_empty) {
            return Err(Failure::usage("--decisions-by is empty").remedy("give the reviewer's name"));
        }
        Ok(Some(Taking {
            stage: if stage == StageName::Abstract { Stage::Abstract } else { Stage::Fulltext },
            by: by.map(str::to_owned),
            verdict: self.verdict.map(|verdict| match verdict {
                VerdictName::Include => Verdict::Include,
                VerdictName::Maybe => Verdict::Maybe,
                VerdictName::Exclude => Verdict::Exclude,
            }),
            replace: self.replace,
            only: self.decisions_only,
        }))
    }
}

/// Exit 1 where a file cannot be read; the others are imported all the same.
pub fn run(context: &Context, args: Args) -> Outcome<Exit> {
    let settings = work::settings(context)?;
    work::choice(&settings, std::slice::from_ref(&args.stream), None)?;
    let format = args.format.as_deref().map(format_named).transpose()?;
    let taking = args.taking()?;
    let store = settings.store.exists().then(|| Store::open_existing(&settings.store)).transpose()?;
    let settings = with_imports(settings, store.as_ref(), Some(&args.stream))?;
    drop(store);
    let run = Run::open(Arc::clone(&settings), Overrides::default(), work::progress(context))?;
    let stream = settings.stream(&args.stream).ok_or_else(|| Failure::usage(format!("no stream '{}'", args.stream)))?;
    let search = import_search(stream, args.search.as_deref())?;
    let mut imported = Vec::new();
    let mut failures = 0;
    for file in &args.files {
        match run.import_file(file, stream, search, format, taking.as_ref()) {
            Ok(done) => {
                if !context.json {
                    work::print_text(&told(file, &done))?;
                }
                for warning in done.warnings.iter().filter(|_| !context.quiet) {
                    eprintln!("warning: {}: {warning}", file.display());
                }
                imported.push(done);
            }
            // A flag is missing: no other file would fare better.
            Err(failure) if failure.exit == Exit::Usage => return Err(failure),
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

/// What a file brought, in words.
fn told(file: &Path, done: &Imported) -> String {
    let mut text = if done.known {
        format!("{}: imported before, no record added\n", file.display())
    } else if done.decisions.is_some() && done.records == 0 && done.set_aside == 0 && done.new_hits == 0 {
        format!("{}: {}, no record added\n", file.display(), done.format)
    } else {
        let aside = if done.set_aside > 0 { format!(", {} set aside", done.set_aside) } else { String::new() };
        format!(
            "{}: {}, {} records, {} of them new{aside}\n",
            file.display(),
            done.format,
            done.records,
            done.new_records
        )
    };
    if done.known_works > 0 {
        text += &format!("  {} entries are works of the stream already, by their gleaner-id\n", done.known_works);
    }
    if !done.labels.is_empty() {
        let counts: Vec<String> = done.labels.iter().map(counted).collect();
        text += &format!("  decisions in the file: {}\n", counts.join("; "));
    }
    match &done.decisions {
        Some(taken) => text += &decided(taken),
        None if done.labels.is_empty() => {}
        None => {
            let nameless = done.labels.iter().any(|count| count.reviewer.is_none());
            let by = if nameless { " --decisions-by NAME" } else { "" };
            text += &format!(
                "  none is taken: to take them, say where they were made: --stage abstract{by}, or --stage fulltext{by}\n"
            );
        }
    }
    text
}

/// `Ann Ray 3 include, 1 maybe, 2 exclude`.
fn counted(count: &LabelCount) -> String {
    let who = count.reviewer.as_deref().unwrap_or("nobody named");
    let stage = count.stage.map(|stage| format!(" at {}", stage.name())).unwrap_or_default();
    let each = [("include", count.include), ("maybe", count.maybe), ("exclude", count.exclude)];
    let each: Vec<String> =
        each.into_iter().filter(|(_, count)| *count > 0).map(|(name, count)| format!("{count} {name}")).collect();
    format!("{who}{stage} {}", each.join(", "))
}

fn decided(taken: &Taken) -> String {
    let mut parts = vec![format!("{} decisions added", taken.added)];
    let more = [
        (taken.replaced, "withdrawn for them"),
        (taken.known, "known already"),
        (taken.other_stage, "of another stage left out"),
        (taken.without_reason, "exclusions without a reason"),
    ];
    parts.extend(more.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")));
    let mut text = format!("  {}\n", parts.join(", "));
    if let Some((record, stands, says)) = taken.differing.first() {
        text += &format!(
            "  {} differ from what the same person decided before, which stands (first: {record} is {}, the file says \
             {}); --replace takes the file's\n",
            taken.differing.len(),
            stands.name(),
            says.name()
        );
    }
    if let Some(first) = taken.unmatched.first() {
        text += &format!(
            "  {} entries are no works of the stream, and their decisions are not taken (first: {first}); without \
             --decisions-only they are imported\n",
            taken.unmatched.len()
        );
    }
    text
}

fn format_named(name: &str) -> Outcome<Format> {
    Format::named(name).ok_or_else(|| {
        let names: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
        Failure::usage(format!("no format '{name}'")).remedy(format!("one of: {}", names.join(", ")))
    })
}
