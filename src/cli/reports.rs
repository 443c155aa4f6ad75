//! `report FORM [--format F] [--output FILE]`, and what a refresh writes into reports/.

use std::path::PathBuf;

use super::{Context, work};
use crate::config::Settings;
use crate::error::{Exit, Failure, Outcome};
use crate::flow::{Flow, conserve, count};
use crate::pipeline::{exclusions, ledger, now, search_logs};
use crate::report::{Form, OutputFormat, ReportInput, render};
use crate::store::Store;

/// Print a report, counted now from stored rows; what does not add up is not printed
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  gleaner report table\n  gleaner report flow --format svg --output flow.svg\n  gleaner report exclusions --format csv"
)]
pub struct Args {
    /// table, flow, searches or exclusions
    #[arg(value_name = "FORM", value_parser = form)]
    form: Form,
    /// md, csv, html, json or svg, where it makes sense; by the output file's ending if left out
    #[arg(long, value_name = "FORMAT", value_parser = format)]
    format: Option<OutputFormat>,
    /// The file to write; stdout if left out
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

fn form(name: &str) -> Result<Form, String> {
    Form::read(name).ok_or_else(|| format!("one of: {}", Form::ALL.map(Form::name).join(", ")))
}

fn format(name: &str) -> Result<OutputFormat, String> {
    OutputFormat::read(name).ok_or_else(|| format!("one of: {}", OutputFormat::ALL.map(OutputFormat::name).join(", ")))
}

/// Prints or writes a report.
pub fn run(context: &Context, args: Args) -> Outcome<Exit> {
    let (settings, store) = work::reading(context)?;
    let by_ending = args.output.as_ref().and_then(|path| OutputFormat::read(path.extension()?.to_str()?));
    let usual = args.form.formats().first().copied().unwrap_or(OutputFormat::Md);
    let format = args.format.or(context.json.then_some(OutputFormat::Json)).or(by_ending).unwrap_or(usual);
    let text = store.at_one_moment(|store| rendered(&settings, store, args.form, format))?;
    match &args.output {
        Some(path) => work::write_file(path, text.as_bytes())?,
        None => work::print_text(&text)?,
    }
    Ok(Exit::Done)
}

/// The flow counted now; conservation is checked each time.
pub(super) fn flow(settings: &Settings, store: &Store) -> Outcome<Flow> {
    let flow = count(&ledger(settings, store)?).generated_at(now());
    conserve(&flow).map_err(|broken| {
        Failure::broken(format!("the numbers do not add up: {}", broken.join("; "))).remedy("run `gleaner doctor`")
    })?;
    Ok(flow)
}

/// One report as text.
pub(super) fn rendered(settings: &Settings, store: &Store, form: Form, format: OutputFormat) -> Outcome<String> {
    let flow = flow(settings, store)?;
    let searches = if form == Form::Searches { search_logs(settings, store)? } else { Vec::new() };
    let exclusions = if form == Form::Exclusions { exclusions(settings, store)? } else { Vec::new() };
    render(form, format, &ReportInput { settings, flow: &flow, searches: &searches, exclusions: &exclusions })
}

/// Writes every report in every form into reports/; gives how many files.
pub(super) fn write_all(settings: &Settings, store: &Store) -> Outcome<usize> {
    let flow = flow(settings, store)?;
    let (searches, exclusions) = (search_logs(settings, store)?, exclusions(settings, store)?);
    let input = ReportInput { settings, flow: &flow, searches: &searches, exclusions: &exclusions };
    let folder = settings.root.join("reports");
    let mut written = 0;
    for form in Form::ALL {
        for format in form.formats() {
            let text = render(form, *format, &input)?;
            work::write_file(&folder.join(format!("{}.{}", form.name(), format.name())), text.as_bytes())?;
            written += 1;
        }
    }
    Ok(written)
}
