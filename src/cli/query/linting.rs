//! `query lint`: everything that is to be said of a query, and its fixes; `query codes`: what it means.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::{QueryArgs, Source, print_json, print_line};
use crate::cli::Context;
use crate::error::{Exit, Failure, Outcome};
use crate::files;
use crate::query::lints::registry::{self, Code, Stage};
use crate::query::lints::{Linted, Setting, lint, repair};
use crate::query::{Diagnostic, Platform, Severity, detect, show};

/// Tell everything that is to be said of a query, with its place; exit 1 where there is an error
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  gleaner query lint --file queries/topic.query
  gleaner query lint --platform pubmed 'eHealth[ti] or mHealth[Title]'
  gleaner query lint --file queries/topic.query --fix            # the mended query on stdout
  gleaner query lint --file queries/topic.query --fix --write    # mended in place
  gleaner query codes missing-spelling                           # what a code means")]
pub struct Args {
    #[command(flatten)]
    query: QueryArgs,
    /// The syntax that the query is in; found out where left out
    #[arg(long, visible_alias = "from", value_name = "P", value_parser = super::readable)]
    platform: Option<Platform>,
    /// The field that was chosen beside the search box, if any
    #[arg(long, value_name = "FIELD")]
    field: Option<String>,
    /// Mend what can be mended without changing the meaning, and print the query
    #[arg(long)]
    fix: bool,
    /// With --fix: mend that too which changes what is found
    #[arg(long, requires = "fix")]
    unsafe_fixes: bool,
    /// With --fix: write the query back to its file
    #[arg(long, requires = "fix")]
    write: bool,
}

/// List what is told of queries, or say what a code means
#[derive(Debug, clap::Args)]
pub struct CodesArgs {
    /// The code to explain; all are listed where left out
    #[arg(value_name = "CODE")]
    code: Option<String>,
}

/// Lints a query, or mends it.
pub fn run(context: &Context, args: Args) -> Outcome<Exit> {
    let file = args.query.file.clone();
    if args.write && file.is_none() {
        return Err(Failure::usage("--write needs --file: there is nothing else to write back to"));
    }
    let source = args.query.read()?;
    let platform = args.platform.unwrap_or_else(|| detect(&source.text));
    let setting = Setting { field: args.field.as_deref() };
    if args.fix {
        let to = file.filter(|_| args.write);
        return fix(context, &source, platform, setting, args.unsafe_fixes, to);
    }
    let Linted { diagnostics, .. } = lint(&source.text, platform, setting);
    if context.json {
        print_json(&json!({"diagnostics": diagnostics}))?;
    } else {
        let colour = context.colours(&std::io::stdout());
        let shown = show(&source.text, source.origin.as_deref(), &diagnostics, colour);
        std::io::stdout().write_all(shown.as_bytes())?;
        if !context.quiet {
            eprintln!("{}", summary(&diagnostics));
        }
    }
    Ok(exit(&diagnostics))
}

fn exit(diagnostics: &[Diagnostic]) -> Exit {
    let broken = diagnostics.iter().any(|told| told.severity == Severity::Error);
    if broken { Exit::Failed } else { Exit::Done }
}

/// How many of each, and what can be done.
fn summary(diagnostics: &[Diagnostic]) -> String {
    let count = |severity| diagnostics.iter().filter(|told| told.severity == severity).count();
    let named = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Hint, "hint")];
    let named = named.map(|(severity, name)| (count(severity), name));
    let counted = named.iter().filter(|(count, _)| *count > 0).map(|(count, name)| plural(*count, name));
    let counted = counted.collect::<Vec<_>>().join(", ");
    let safe = diagnostics.iter().filter(|told| told.fix.as_ref().is_some_and(|fix| fix.safe)).count();
    let others = diagnostics.iter().filter(|told| told.fix.as_ref().is_some_and(|fix| !fix.safe)).count();
    let mended = match (safe, others) {
        (0, 0) => String::new(),
        (0, others) => format!("; --fix --unsafe-fixes mends {others}, and changes what is found"),
        (safe, 0) => format!("; --fix mends {safe}"),
        (safe, others) => format!("; --fix mends {safe}, with --unsafe-fixes {others} more"),
    };
    if counted.is_empty() { "nothing to say of this query".to_owned() } else { format!("{counted}{mended}") }
}

fn plural(count: usize, name: &str) -> String {
    if count == 1 { format!("1 {name}") } else { format!("{count} {name}s") }
}

/// Prints the mended query, or writes it back; what is left is told on stderr.
fn fix(
    context: &Context,
    source: &Source,
    platform: Platform,
    setting: Setting<'_>,
    all: bool,
    to: Option<PathBuf>,
) -> Outcome<Exit> {
    let repaired = repair(&source.text, platform, setting, all);
    let Linted { diagnostics, .. } = lint(&repaired.text, platform, setting);
    if let Some(file) = &to {
        write_back(file, &source.text, &repaired.text)?;
    }
    let mended = Source { text: repaired.text, origin: source.origin.clone() };
    if context.json {
        print_json(&json!({
            "query": mended.text,
            "fixes": repaired.fixes,
            "diagnostics": diagnostics,
        }))?;
        return Ok(exit(&diagnostics));
    }
    mended.tell(context, &diagnostics);
    let done = plural(repaired.fixes, "fix").replace("fixs", "fixes");
    match to {
        Some(file) => print_line(&format!("{}: {done}", file.display()))?,
        None => {
            print_line(mended.text.trim_end_matches('\n'))?;
            if !context.quiet {
                eprintln!("{done}");
            }
        }
    }
    Ok(exit(&diagnostics))
}

/// Writes a file whole or not at all; one that is not UTF-8, or has changed since it was read, is
/// left alone.
fn write_back(file: &Path, before: &str, after: &str) -> Outcome {
    if file.as_os_str() == "-" {
        return Err(Failure::usage("--write needs a file: stdin cannot be written back"));
    }
    let failed = |error: &dyn std::fmt::Display| Failure::failed(format!("cannot be written: {error}")).in_file(file);
    match std::fs::read_to_string(file) {
        Ok(text) if text == before => {}
        Ok(_) => return Err(failed(&"it has changed since it was read")),
        Err(error) => return Err(failed(&format!("only files in UTF-8 are written back: {error}"))),
    }
    if before == after {
        return Ok(());
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut temporary = files::beside(folder).map_err(|error| failed(&error))?;
    temporary.write_all(after.as_bytes()).map_err(|error| failed(&error))?;
    temporary.as_file().sync_all().map_err(|error| failed(&error))?;
    let rights = std::fs::metadata(file).map_err(|error| failed(&error))?.permissions();
    temporary.as_file().set_permissions(rights).map_err(|error| failed(&error))?;
    temporary.persist(file).map_err(|error| failed(&error.error))?;
    Ok(())
}

/// Explains a code, or lists all.
pub fn codes(context: &Context, args: &CodesArgs) -> Outcome<Exit> {
    let Some(name) = &args.code else {
        return list(context);
    };
    let Some(code) = registry::find(name) else {
        return Err(Failure::usage(format!("no code is called `{name}`; `gleaner query codes` lists them")));
    };
    if context.json {
        print_json(&described(code, code.stage()))?;
    } else {
        print_line(code.section(code.stage(), "#").trim_end())?;
    }
    Ok(Exit::Done)
}

fn list(context: &Context) -> Outcome<Exit> {
    let all = || Stage::ALL.into_iter().flat_map(|stage| stage.codes().into_iter().map(move |code| (stage, code)));
    if context.json {
        let codes: Vec<_> = all().map(|(stage, code)| described(code, stage)).collect();
        print_json(&json!({ "codes": codes }))?;
        return Ok(Exit::Done);
    }
    let wide = all().map(|(_, code)| code.code.len()).max().unwrap_or_default();
    for (stage, code) in all() {
        let severity = format!("{:?}", code.severity).to_lowercase();
        let stage = format!("{stage:?}").to_lowercase();
        print_line(&format!("{:wide$}  {severity:7}  {stage:7}  {}", code.code, code.title))?;
    }
    Ok(Exit::Done)
}

fn described(code: &Code, stage: Stage) -> serde_json::Value {
    json!({
        "code": code.code,
        "severity": code.severity,
        "told_on": format!("{stage:?}").to_lowercase(),
        "title": code.title,
        "explanation": code.text,
        "example": Some(code.example).filter(|example| !example.is_empty()),
        "platform": code.platform.name(),
        "better": code.better,
        "fix": code.fix,
    })
}
