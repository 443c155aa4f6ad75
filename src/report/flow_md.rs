//! The flow in Markdown: a table a stream, a column an arm.

use super::boxes::{Diagram, Item, Value, diagrams, items, items_of};
use super::grid::Grid;
use super::words;
use crate::flow::Flow;

/// Renders the flow.
pub fn render(flow: &Flow) -> String {
    let mut text = format!("# PRISMA 2020 flow: {}\n\n{}.\n", flow.review, words::dated(flow));
    for note in words::notes(flow) {
        text.push_str(&format!("\n{note}\n"));
    }
    for diagram in diagrams(flow) {
        text.push_str(&format!("\n## {}\n\n{}", diagram.title, grid(&diagram).markdown()));
        let mut below = Vec::new();
        for text in diagram.previous.iter().chain([&diagram.included]) {
            items_of(text, &mut below);
        }
        text.push('\n');
        for item in below {
            let name = if item.line.is_empty() { &item.title } else { &item.line };
            if let Some(value) = item.value {
                text.push_str(&format!("- {name} {}\n", value.bracketed()));
            }
        }
    }
    let totals = flow.review_totals;
    text.push_str(&format!(
        "\n{} in the whole review, {} in several streams.\n",
        words::counted(totals.works, "work", "works"),
        totals.in_several_streams
    ));
    text
}

fn grid(diagram: &Diagram) -> Grid {
    let columns: Vec<Vec<Item>> = diagram.arms.iter().map(items).collect();
    let rows = rows_in_order(&columns);
    let header = std::iter::once(String::new()).chain(diagram.arms.iter().map(|arm| arm.label.clone())).collect();
    Grid {
        header,
        rows: rows
            .into_iter()
            .map(|row| {
                let name = match (row.line.is_empty(), row.part) {
                    (true, _) => row.title.clone(),
                    (false, true) => format!("– – {}", row.line),
                    (false, false) => format!("– {}", row.line),
                };
                let cells = columns.iter().map(|column| {
                    let item = column.iter().find(|item| item.title == row.title && item.line == row.line);
                    match item.map(|item| &item.value) {
                        Some(Some(Value::Number(number))) => number.to_string(),
                        Some(Some(Value::NotSearched)) => "not searched".to_owned(),
                        // The box has no number of its own, or the arm has no such box.
                        _ => String::new(),
                    }
                });
                std::iter::once(name).chain(cells).collect()
            })
            .collect(),
        numbers: (1..=diagram.arms.len()).collect(),
    }
}

/// The rows of all arms, each once: the boxes in the diagram's order, in each box the lines of the
/// first arm, then what others add.
fn rows_in_order(columns: &[Vec<Item>]) -> Vec<Item> {
    const ORDER: [&str; 12] = [
        "Records identified from",
        "Records removed before screening",
        "Records screened",
        "Records excluded",
        "Records awaiting screening",
        "Reports sought for retrieval",
        "Reports not retrieved",
        "Reports awaiting retrieval",
        "Reports assessed for eligibility",
        "Reports excluded",
        "Reports awaiting assessment",
        "Reports included",
    ];
    let mut rows: Vec<Item> = Vec::new();
    for title in ORDER {
        for item in columns.iter().flatten().filter(|item| item.title == title) {
            if !rows.iter().any(|row| row.title == item.title && row.line == item.line) {
                rows.push(item.clone());
            }
        }
    }
    rows
}
