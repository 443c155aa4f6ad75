//! Each excluded work with its reason, and the words that speak for it.

use serde::Serialize;

use super::grid::Grid;
use super::page::page;
use super::{pretty, words};
use crate::flow::Flow;

/// A work excluded from a stream.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Exclusion {
    /// The work's stable id.
    pub work: String,
    pub title: String,
    pub doi: Option<String>,
    pub year: Option<i16>,
    /// The stream's title.
    pub stream: String,
    /// `abstract`, `full text`.
    pub stage: String,
    /// PRISMA's reason, the primary one.
    pub reason: String,
    /// The criterion's id, where one decided.
    pub criterion: Option<String>,
    /// `rule`, or the reviewer's name.
    pub by: String,
    pub at: String,
    /// The words found, as shown to reviewers.
    pub evidence: Vec<String>,
    pub secondary: Vec<String>,
    pub note: Option<String>,
}

fn grid(exclusions: &[Exclusion]) -> Grid {
    let header = [
        "Work",
        "Title",
        "Year",
        "DOI",
        "Stream",
        "Stage",
        "Reason",
        "Criterion",
        "By",
        "Date",
        "Evidence",
        "Also",
        "Note",
    ];
    Grid {
        header: header.map(str::to_owned).into(),
        rows: exclusions
            .iter()
            .map(|row| {
                vec![
                    row.work.clone(),
                    row.title.clone(),
                    row.year.map(|year| year.to_string()).unwrap_or_default(),
                    row.doi.clone().unwrap_or_default(),
                    row.stream.clone(),
                    row.stage.clone(),
                    row.reason.clone(),
                    row.criterion.clone().unwrap_or_default(),
                    row.by.clone(),
                    row.at.get(..10).unwrap_or(&row.at).to_owned(),
                    row.evidence.join("; "),
                    row.secondary.join("; "),
                    row.note.clone().unwrap_or_default(),
                ]
            })
            .collect(),
        numbers: Vec::new(),
    }
}

/// In Markdown.
pub fn markdown(flow: &Flow, exclusions: &[Exclusion]) -> String {
    let number = words::counted(exclusions.len() as u64, "exclusion", "exclusions");
    format!("# Exclusions: {}\n\n{}, {number}.\n\n{}", flow.review, words::dated(flow), grid(exclusions).markdown())
}

/// As CSV.
pub fn csv(exclusions: &[Exclusion]) -> String {
    grid(exclusions).csv()
}

/// As a web page.
pub fn html(flow: &Flow, exclusions: &[Exclusion]) -> String {
    let body = format!("<div class=\"wide\">\n{}</div>\n", grid(exclusions).html("Excluded works"));
    page(&format!("Exclusions: {}", flow.review), &words::dated(flow), &body)
}

/// As JSON (`gleaner/exclusions/1`).
pub fn json(flow: &Flow, exclusions: &[Exclusion]) -> String {
    #[derive(Serialize)]
    struct Document<'a> {
        schema: &'static str,
        review: &'a str,
        version: &'a str,
        generated_at: &'a str,
        exclusions: &'a [Exclusion],
    }
    pretty(&Document {
        schema: "gleaner/exclusions/1",
        review: &flow.review,
        version: &flow.version,
        generated_at: &flow.generated_at,
        exclusions,
    })
}
