//! The flow as CSV: a number a row.

use super::boxes::{Item, Value, diagrams, items, items_of};
use super::grid::Grid;
use crate::flow::Flow;

/// Renders the flow; a source not searched has an empty number.
pub fn render(flow: &Flow) -> String {
    let mut rows = Vec::new();
    let mut add = |stream: &str, arm: &str, items: Vec<Item>| {
        for item in items {
            let number = match item.value {
                Some(Value::Number(number)) => number.to_string(),
                Some(Value::NotSearched) => String::new(),
                None => continue,
            };
            rows.push(vec![stream.to_owned(), arm.to_owned(), item.title, item.line, number]);
        }
    };
    for diagram in diagrams(flow) {
        for arm in &diagram.arms {
            add(&diagram.id, &arm.id, items(arm));
        }
        let mut whole = Vec::new();
        for text in diagram.previous.iter().chain([&diagram.included]) {
            items_of(text, &mut whole);
        }
        add(&diagram.id, "", whole);
    }
    Grid { header: ["stream", "arm", "box", "line", "n"].map(str::to_owned).into(), rows, numbers: vec![4] }.csv()
}
