//! A history of searches, one a line, whose lines refer to each other: `#1 AND #2`.

use crate::query::Span;

/// A numbered line: its number and where its query stands.
pub(super) type Numbered = (u32, Span);

/// The lines of a history in the order of their numbers; empty where the text is one query. Lines
/// without numbers are numbered by their order.
pub(super) fn numbered(text: &str) -> Vec<Numbered> {
    let lines = spans(text);
    if lines.len() < 2 {
        return Vec::new();
    }
    let labels: Vec<Option<(u32, usize)>> = lines.iter().map(|line| label(&text[line.clone()])).collect();
    let known = labels.iter().flatten().count();
    if known >= 2 && labels[0].is_some() && are_distinct(&labels) {
        return continued(lines, &labels);
    }
    let refers = lines
        .iter()
        .any(|line| text[line.clone()].split(|c: char| c.is_whitespace() || matches!(c, '(' | ')')).any(is_reference));
    if !refers {
        return Vec::new();
    }
    (1..).zip(lines).collect()
}

/// Where the lines that hold anything stand, white space around them apart.
fn spans(text: &str) -> Vec<Span> {
    let mut at = 0;
    let mut spans = Vec::new();
    for line in text.split_inclusive('\n') {
        let start = at + (line.len() - line.trim_start().len());
        if !line.trim().is_empty() {
            spans.push(start..start + line.trim().len());
        }
        at += line.len();
    }
    spans
}

fn is_reference(word: &str) -> bool {
    word.strip_prefix('#').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The number that a line begins with (`#1 `, `#1: `, `1. `, `1) `, `1<tab>`) and where its query begins.
fn label(line: &str) -> Option<(u32, usize)> {
    let marked = line.starts_with('#');
    let digits = line.trim_start_matches('#');
    let length = digits.find(|c: char| !c.is_ascii_digit())?;
    let number = digits[..length].parse().ok()?;
    let rest = &digits[length..];
    let sign = rest.starts_with([':', '.', ')', '\t']);
    let rest = rest.strip_prefix([':', '.', ')']).unwrap_or(rest);
    let query = rest.trim_start();
    let separate = rest.len() > query.len() && (marked || sign);
    let word = query.split_whitespace().next().unwrap_or_default();
    let is_operator = ["and", "or", "not"].iter().any(|operator| word.eq_ignore_ascii_case(operator));
    (separate && !is_operator && !query.is_empty()).then(|| (number, line.len() - query.len()))
}

fn are_distinct(labels: &[Option<(u32, usize)>]) -> bool {
    let mut numbers: Vec<u32> = labels.iter().flatten().map(|(number, _)| *number).collect();
    let all = numbers.len();
    numbers.sort_unstable();
    numbers.dedup();
    numbers.len() == all
}

/// Lines with their numbers; one without belongs to the one before.
fn continued(lines: Vec<Span>, labels: &[Option<(u32, usize)>]) -> Vec<Numbered> {
    let mut numbered: Vec<Numbered> = Vec::new();
    for (line, label) in lines.into_iter().zip(labels) {
        match (label, numbered.last_mut()) {
            (Some((number, offset)), _) => numbered.push((*number, line.start + offset..line.end)),
            (None, Some((_, last))) => last.end = line.end,
            (None, None) => {}
        }
    }
    numbered.sort_by_key(|(number, _)| *number);
    numbered
}
