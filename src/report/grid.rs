//! A table of texts in Markdown, CSV and HTML. A line feed in a cell begins a new line there.

use super::page::escape;
use crate::formats::runs_in_spreadsheets;

/// Columns and rows.
#[derive(Clone, Debug, Default)]
pub struct Grid {
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
    /// Columns of numbers, set to the right.
    pub numbers: Vec<usize>,
}

impl Grid {
    /// Markdown's pipe table.
    pub fn markdown(&self) -> String {
        let line = |cells: &[String]| {
            let mut line = String::from("|");
            for cell in cells {
                line.push(' ');
                let cell = markdown_text(cell);
                line.push_str(&cell);
                if !cell.is_empty() {
                    line.push(' ');
                }
                line.push('|');
            }
            line.push('\n');
            line
        };
        let mut text = line(&self.header);
        let rules: Vec<&str> =
            (0..self.header.len()).map(|at| if self.numbers.contains(&at) { " ---: " } else { " --- " }).collect();
        text.push_str(&format!("|{}|\n", rules.join("|")));
        for row in &self.rows {
            text.push_str(&line(row));
        }
        text
    }
    /// CSV (RFC 4180, LF), safe to open in a spreadsheet: a cell that it would run as a formula is
    /// put behind an apostrophe.
    pub fn csv(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        for row in std::iter::once(&self.header).chain(&self.rows) {
            let cells =
                row.iter().map(|cell| if runs_in_spreadsheets(cell) { format!("'{cell}") } else { cell.clone() });
            // Writing to memory does not fail.
            let _ = writer.write_record(cells);
        }
        writer.into_inner().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }
    /// A `<table>`; the first cell of a row heads it.
    pub fn html(&self, caption: &str) -> String {
        let lines = |cell: &str| escape(cell).replace('\n', "<br>");
        let class = |at: usize| if self.numbers.contains(&at) { " class=\"number\"" } else { "" };
        let mut text = format!("<table>\n<caption>{}</caption>\n<thead><tr>", escape(caption));
        for (at, cell) in self.header.iter().enumerate() {
            text.push_str(&if cell.is_empty() {
                "<td></td>".to_owned()
            } else {
                format!("<th scope=\"col\"{}>{}</th>", class(at), lines(cell))
            });
        }
        text.push_str("</tr></thead>\n<tbody>\n");
        for row in &self.rows {
            text.push_str("<tr>");
            for (at, cell) in row.iter().enumerate() {
                text.push_str(&if at == 0 {
                    format!("<th scope=\"row\">{}</th>", lines(cell))
                } else {
                    format!("<td{}>{}</td>", class(at), lines(cell))
                });
            }
            text.push_str("</tr>\n");
        }
        text.push_str("</tbody>\n</table>\n");
        text
    }
}

/// A cell's text: what Markdown would read as structure is escaped.
fn markdown_text(cell: &str) -> String {
    let mut text = String::with_capacity(cell.len());
    for c in cell.trim().chars() {
        match c {
            '|' | '\\' | '`' => text.extend(['\\', c]),
            '<' => text.push_str("&lt;"),
            '\n' => text.push_str("<br>"),
            '\r' => {}
            c => text.push(c),
        }
    }
    text
}
