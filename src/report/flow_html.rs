//! The flow as a web page: the diagram, and the table under it.

use super::page::page;
use super::table::{TableInput, html_body};
use super::{flow_svg, words};
use crate::flow::Flow;

/// Renders the page.
pub fn render(flow: &Flow, table: &TableInput<'_>) -> String {
    let body = format!("<div class=\"wide\">\n{}</div>\n<h2>Table</h2>\n{}", flow_svg::render(flow), html_body(table));
    page(&format!("PRISMA 2020 flow: {}", flow.review), &words::dated(flow), &body)
}
