//! What is printed of a review: the table, the flow, the log of searches, the exclusions. Pure:
//! a form renders what it is given, one file a form.

pub mod boxes;
pub mod exclusions;
mod flow_csv;
mod flow_html;
mod flow_md;
mod flow_svg;
mod grid;
mod layout;
mod page;
pub mod searches;
pub mod table;
#[cfg(test)]
mod tests;
mod words;

use crate::config::Settings;
use crate::error::{Failure, Outcome};
use crate::flow::Flow;
pub use exclusions::Exclusion;
pub use searches::SearchLog;

/// What is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One column a stream, from its description to what it includes.
    Table,
    /// PRISMA 2020's flow.
    Flow,
    /// PRISMA-S: each search as it was run.
    Searches,
    /// Each excluded work with its reason.
    Exclusions,
}

impl Form {
    /// Every form.
    pub const ALL: [Self; 4] = [Self::Table, Self::Flow, Self::Searches, Self::Exclusions];
    /// The name that the command line uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Flow => "flow",
            Self::Searches => "searches",
            Self::Exclusions => "exclusions",
        }
    }
    /// The form of that name.
    pub fn read(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.name() == name)
    }
    /// The formats it can be printed in, the usual one first.
    pub fn formats(self) -> &'static [OutputFormat] {
        use OutputFormat::{Csv, Html, Json, Md, Svg};
        match self {
            Self::Flow => &[Md, Svg, Html, Json, Csv],
            Self::Table | Self::Searches | Self::Exclusions => &[Md, Csv, Html, Json],
        }
    }
}

/// How it is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputFormat {
    Md,
    Csv,
    Html,
    Json,
    Svg,
}

impl OutputFormat {
    /// Every format.
    pub const ALL: [Self; 5] = [Self::Md, Self::Csv, Self::Html, Self::Json, Self::Svg];
    /// The name that the command line uses, and the file's ending.
    pub fn name(self) -> &'static str {
        match self {
            Self::Md => "md",
            Self::Csv => "csv",
            Self::Html => "html",
            Self::Json => "json",
            Self::Svg => "svg",
        }
    }
    /// The format of that name.
    pub fn read(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// What the forms are made from.
#[derive(Clone, Copy, Debug)]
pub struct ReportInput<'a> {
    pub settings: &'a Settings,
    /// Stamped with the moment it was counted.
    pub flow: &'a Flow,
    /// For [`Form::Searches`]; in config order, then by refresh.
    pub searches: &'a [SearchLog],
    /// For [`Form::Exclusions`].
    pub exclusions: &'a [Exclusion],
}

/// Renders a form.
///
/// # Errors
/// Exit 2 where the form has no such format.
pub fn render(form: Form, format: OutputFormat, input: &ReportInput<'_>) -> Outcome<String> {
    use OutputFormat::{Csv, Html, Json, Md, Svg};
    let flow = input.flow;
    let table = || table::TableInput::new(input.settings, flow);
    Ok(match (form, format) {
        (Form::Table, Md) => table::markdown(&table()),
        (Form::Table, Csv) => table::csv(&table()),
        (Form::Table, Html) => table::html(&table()),
        (Form::Table, Json) => table::json(&table()),
        (Form::Flow, Md) => flow_md::render(flow),
        (Form::Flow, Svg) => flow_svg::render(flow),
        (Form::Flow, Html) => flow_html::render(flow, &table()),
        (Form::Flow, Json) => pretty(flow),
        (Form::Flow, Csv) => flow_csv::render(flow),
        (Form::Searches, Md) => searches::markdown(flow, input.searches),
        (Form::Searches, Csv) => searches::csv(input.searches),
        (Form::Searches, Html) => searches::html(flow, input.searches),
        (Form::Searches, Json) => searches::json(flow, input.searches),
        (Form::Exclusions, Md) => exclusions::markdown(flow, input.exclusions),
        (Form::Exclusions, Csv) => exclusions::csv(input.exclusions),
        (Form::Exclusions, Html) => exclusions::html(flow, input.exclusions),
        (Form::Exclusions, Json) => exclusions::json(flow, input.exclusions),
        (Form::Table | Form::Searches | Form::Exclusions, Svg) => {
            let formats: Vec<&str> = form.formats().iter().map(|format| format.name()).collect();
            return Err(Failure::usage(format!("{} cannot be printed as {}", form.name(), format.name()))
                .remedy(format!("its formats are {}", formats.join(", "))));
        }
    })
}

/// JSON with the keys in the order of the type, ending in a line feed.
fn pretty<T: serde::Serialize>(value: &T) -> String {
    // Our own types with text keys: serialising them to a string cannot fail.
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}
