//! Strategies of several lines, of which the later ones refer to the earlier ones (`or/1-6`,
//! `#1 AND #2`): how a text is cut into its lines, and what a line's number stands for.
//!
//! Labels are kept without their sign: line 3, `#3` and `S3` are all `3`. As on every platform, a
//! line may refer only to lines that were run before it.

mod cut;

use std::collections::HashMap;

pub(super) use self::cut::cut;
use super::super::diagnostic::{Collector, Diagnostic};
use super::super::expression::{MOST_NODES, measured};
use super::super::tree::{Kind, Node};
use super::super::{Line, Span};
use super::settled;

/// A line as it stands in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Raw {
    pub label: String,
    /// What it asks for: the label and a number of results apart.
    pub span: Span,
}

/// Lines that a strategy may have.
const MOST_LINES: usize = 2_000;
/// All lines' nodes together; a line that repeats a longer one costs as much as it.
const MOST_NODES_OF_ALL_LINES: usize = 3 * MOST_NODES;

/// The lines of a strategy, read one after the other.
pub(in super::super) struct Strategy {
    raw: Vec<Raw>,
    numbers: HashMap<String, usize>,
    lines: Vec<Line>,
    sizes: Vec<usize>,
    /// For each line, the lines that it refers to.
    referred: Vec<Vec<usize>>,
    total: usize,
}

impl Strategy {
    pub fn new(mut raw: Vec<Raw>, told: &mut Collector) -> Self {
        if let Some(line) = raw.get(MOST_LINES) {
            let message = format!("a strategy may have at most {MOST_LINES} lines");
            told.push(Diagnostic::error("too-large", &line.span, message));
            raw.truncate(MOST_LINES);
        }
        let numbers = raw.iter().enumerate().rev().map(|(at, line)| (line.label.clone(), at)).collect();
        let referred = vec![Vec::new(); raw.len()];
        Self { raw, numbers, lines: Vec::new(), sizes: Vec::new(), referred, total: 0 }
    }

    /// Whether it has no lines, so that the text is one query.
    pub fn is_empty(&self) -> bool {
        self.raw.is_empty()
    }

    /// Whether a line of that label stands somewhere.
    pub fn has(&self, label: &str) -> bool {
        self.numbers.contains_key(label)
    }

    /// The line that is to be read next.
    pub fn next(&self) -> Option<Raw> {
        self.raw.get(self.lines.len()).cloned()
    }

    /// Takes what the line was read as.
    pub fn add(&mut self, node: Option<Node>, told: &mut Collector) {
        let Some(raw) = self.next() else { return };
        let size = node.as_ref().map_or(0, |node| measured(node).0);
        self.total = self.total.saturating_add(size);
        let fits = self.total <= MOST_NODES_OF_ALL_LINES;
        if !fits {
            told.push(too_large(&raw.span));
        }
        self.sizes.push(size);
        self.lines.push(Line { label: raw.label, span: raw.span, node: node.filter(|_| fits) });
    }

    /// What the line of that label asks for; told if there is no such line before this one.
    pub fn refer(&mut self, label: &str, span: &Span, told: &mut Collector) -> Option<Node> {
        let here = self.lines.len();
        let Some(&at) = self.numbers.get(label) else {
            let message = format!("there is no line {label}");
            told.push(Diagnostic::error("unknown-line", span, message));
            return None;
        };
        if at >= here {
            let message = if at == here {
                format!("line {label} refers to itself")
            } else {
                format!("line {label} comes only later: a line can refer to lines before it")
            };
            told.push(Diagnostic::error("line-not-yet-run", span, message));
            return None;
        }
        if !self.referred[here].contains(&at) {
            self.referred[here].push(at);
        }
        let node = self.lines[at].node.clone();
        if node.is_none() {
            let message = format!("line {label} could not be read");
            told.push(Diagnostic::error("unread-line", span, message));
        }
        node
    }

    /// What several lines ask for, joined. `spans` holds each label with its place; those that are
    /// no lines are told and left out.
    pub fn join(&mut self, labels: &[(String, Span)], all: bool, span: &Span, told: &mut Collector) -> Option<Node> {
        let here = self.lines.len();
        let known = |label: &str| self.numbers.get(label).filter(|at| **at < here).map_or(0, |at| self.sizes[*at]);
        let size: usize = labels.iter().map(|(label, _)| known(label)).sum();
        if size > MOST_NODES {
            told.push(too_large(span));
            return None;
        }
        let mut nodes: Vec<Node> = labels.iter().filter_map(|(label, span)| self.refer(label, span, told)).collect();
        match nodes.len() {
            0 | 1 => nodes.pop(),
            _ if all => Some(Node::new(Kind::And(nodes), span.clone())),
            _ => Some(Node::new(Kind::Or(nodes), span.clone())),
        }
    }

    /// The labels from one to another, both included, in the order of the lines. Labels that are
    /// numbers may leave others out. What is no line before this one is told, once for all of them.
    pub fn range(&self, from: &str, to: &str, span: &Span, told: &mut Collector) -> Vec<(String, Span)> {
        let (Ok(first), Ok(last)) = (from.parse::<u32>(), to.parse::<u32>()) else {
            return vec![(from.to_owned(), span.clone()), (to.to_owned(), span.clone())];
        };
        if first > last {
            let message = format!("a range of lines runs upwards: write {to}-{from}");
            told.push(Diagnostic::warning("reversed-range", span, message).fixed_by(span, format!("{to}-{from}")));
        }
        let (first, last) = (first.min(last), first.max(last));
        let inside = |line: &&Raw| line.label.parse::<u32>().is_ok_and(|number| (first..=last).contains(&number));
        let run = self.raw.iter().take(self.lines.len()).filter(inside);
        let labels = run.map(|line| (line.label.clone(), span.clone())).collect();
        if let Some(unknown) = [first, last].into_iter().find(|end| !self.has(&end.to_string())) {
            told.push(Diagnostic::error("unknown-line", span, format!("there is no line {unknown}")));
        } else if let Some(late) = self.raw.iter().skip(self.lines.len()).find(inside) {
            let message = format!("line {} is not before this one: a line can refer to lines before it", late.label);
            told.push(Diagnostic::error("line-not-yet-run", span, message));
        }
        labels
    }

    /// What the whole strategy asks for (its last line), and its lines. Lines that the last one does
    /// not need are told.
    pub fn finish(mut self, told: &mut Collector) -> (Option<Node>, Vec<Line>) {
        let Some(last) = self.lines.len().checked_sub(1) else { return (None, self.lines) };
        let mut needed = vec![false; self.lines.len()];
        let mut waiting = vec![last];
        while let Some(at) = waiting.pop() {
            if !std::mem::replace(&mut needed[at], true) {
                waiting.extend(&self.referred[at]);
            }
        }
        for (line, _) in self.lines.iter().zip(needed).filter(|(_, needed)| !needed) {
            let message =
                format!("the last line does not use line {}: what it finds is not part of the result", line.label);
            told.push(Diagnostic::warning("orphan-line", &line.span, message));
        }
        for line in &mut self.lines {
            line.node = line.node.take().map(settled);
        }
        (self.lines[last].node.clone(), self.lines)
    }
}

pub(super) fn too_large(span: &Span) -> Diagnostic {
    let message = format!("with all lines that it refers to the query has more than {MOST_NODES} parts");
    Diagnostic::error("too-large", span, message)
}
