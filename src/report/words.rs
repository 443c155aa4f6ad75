//! Words that several forms share.

use crate::flow::{ArmFlow, Flow, StreamFlow};
use crate::sources::registry;

/// A source's name as reports print it; a search's id stands for itself.
pub fn source_name(id: &str) -> String {
    registry::find(id).map_or_else(|| id.to_owned(), |source| source.info().title.to_owned())
}

/// `1 work`, `2 works`.
pub fn counted(number: u64, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}

/// Version and moment, under a report's title.
pub fn dated(flow: &Flow) -> String {
    let day = flow.generated_at.get(..10).unwrap_or(&flow.generated_at);
    let mark = if flow.interim { ", interim" } else { "" };
    if day.is_empty() {
        format!("Version {}{mark}", flow.version)
    } else {
        format!("Version {}{mark}, {day}", flow.version)
    }
}

/// What the reader must know before the numbers: what awaits where, and what was not searched.
pub fn notes(flow: &Flow) -> Vec<String> {
    let mut notes = Vec::new();
    if flow.interim {
        let streams: Vec<String> = flow.streams.iter().filter_map(waiting).collect();
        let total: u64 = flow.streams.iter().map(StreamFlow::awaiting).sum();
        notes.push(format!("Interim: {} awaiting. {}.", counted(total, "work is", "works are"), streams.join(". ")));
    }
    for stream in &flow.streams {
        for arm in &stream.arms {
            for missing in &arm.not_searched {
                notes.push(format!(
                    "Not searched: {} ({}), {}.",
                    source_name(&missing.source),
                    missing.reason,
                    arm_place(stream, arm)
                ));
            }
        }
    }
    notes
}

fn waiting(stream: &StreamFlow) -> Option<String> {
    let arms: Vec<String> = stream
        .arms
        .iter()
        .filter(|arm| arm.awaiting() > 0)
        .map(|arm| {
            let stages = [
                (arm.abstract_stage.as_ref().map_or(0, |stage| stage.awaiting), "at abstract"),
                (arm.retrieval.map_or(0, |stage| stage.awaiting), "for their documents"),
                (arm.fulltext.as_ref().map_or(0, |stage| stage.awaiting), "at full text"),
            ];
            let stages: Vec<String> = stages
                .iter()
                .filter(|(number, _)| *number > 0)
                .map(|(number, stage)| format!("{number} {stage}"))
                .collect();
            if stream.arms.len() > 1 { format!("{}: {}", arm.label, stages.join(", ")) } else { stages.join(", ") }
        })
        .collect();
    (!arms.is_empty()).then(|| format!("{}: {}", stream.title, arms.join("; ")))
}

fn arm_place(stream: &StreamFlow, arm: &ArmFlow) -> String {
    if stream.arms.len() > 1 { format!("{}, {}", stream.title, arm.label) } else { stream.title.clone() }
}
