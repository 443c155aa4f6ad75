//! Cutting a pasted strategy into lines, whatever the page or program that it came from did to it:
//! labels in several styles or none, numbers of results, headers, lines wrapped or glued together.

use std::sync::LazyLock;

use regex::Regex;

use super::Raw;
use crate::query::Span;

#[expect(clippy::unwrap_used, reason = "the patterns are constants, and a test uses them")]
fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap()
}

/// What stands above and below a strategy in a history that was printed or saved.
static HEADER: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?ix)^(?: database(?:\(s\))?\s*: | search\s+(?:strategy|history|name|date)\s*(?::.*)?$
            | \#?\s*(?:▲|▼)?\s*search(?:es)?(?:\s+(?:statement|query))?\s+(?:results?|hits|items\ found)
                (?:\s+(?:type|actions|annotations|time|query)\b.*)?$
            | (?:id|line|no\.?|set|\#)\s+search(?:es)?(?:\s+(?:hits|results?)\b.*)?$
            | date\s+run\s*: | comment\s*: | last\s+saved\s*: | description\s*: | [-*_=\s]{3,}$ )",
    )
});
/// A line that cannot be meant otherwise than to refer to others.
static REFERS: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?ix)^\W*(?: (?:or|and)\s*/\s*\#?\d | \(*\#?S?\d{1,4}\)*\s+(?:and|or|not)\s+\(*(?:\#?S?\d{1,4}\b|\() | limit\s+\#?\d+\s+to\b
            | remove\s+duplicates\s+from\s+\#?\d | \(*\#\d{1,4}\b ) | \b(?:and|or|not)\s+\(*\#\d{1,4}\b | ^\W*\{(?:or|and)\b",
    )
});
/// A label: `1.`, `1)`, `#1`, `S1`, `1` with white space behind; group 2 what makes it certain.
static LABEL: LazyLock<Regex> = LazyLock::new(|| regex(r"^(?:line\s+)?([#S]?)(\d{1,4})([.):\]]?)(?:[\s\u{a0}]+|$)"));
/// What cannot begin a line, but can follow a number inside one.
static CONTINUES: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"(?i)^(?:(?:and|or|not|to|adj\d*|near(?:/\d+)?|next(?:/\d+)?|use|same)(?:[\s(#]|$)|[),.;])")
});
/// What an operand must follow.
static EXPECTS: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)(?:^|[\s)])(?:and|or|not|to|from|limit|adj\d*|near(?:/\d+)?|next(?:/\d+)?|[wn]/?\d+|pre/\d+|same|exp)$|(?:^|[\s)])(?:and|or)\s*/$|[(,=:\-]$",
    )
});
/// What must follow an operand.
static FOLLOWS: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"(?i)^(?:(?:and|or|not|adj\d*|near(?:/\d+)?|next(?:/\d+)?|[wn]/?\d+|pre/\d+|same)(?:[\s(]|$)|\))")
});
/// A number of results at a line's end: in parentheses or brackets, or after a tab or several spaces.
static COUNT_BEHIND: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"(?i)(?:\s+[(\[](\d[\d,.]*)(?:\s*(?:hits?|results?|records?))?[)\]]|\t\s*\d[\d,.]*(?:\t.*)?)\s*$")
});
/// A number at a line's end.
static NUMBER_BEHIND: LazyLock<Regex> = LazyLock::new(|| regex(r"\s+\d[\d,]*\s*$"));
/// The end of a clause to which nothing belongs any more.
static DONE: LazyLock<Regex> = LazyLock::new(|| regex(r#"(?i)(?:[/.)\]"”'’]|:[a-z]{2}(?:,[a-z]{2})*|[#\]]\d{1,4})$"#));
/// A number of results at a line's beginning.
static NUMBER_BEFORE: LazyLock<Regex> = LazyLock::new(|| regex(r"^\(?\d[\d,]*\)?[\s\u{a0}]+"));

/// The lines of a strategy; empty where the text is a single query.
pub(in super::super) fn cut(text: &str) -> Vec<Raw> {
    let lines = content(text);
    let Some(first) = lines.first() else { return Vec::new() };
    let mut cut = match label(text, first) {
        Some((number, inside, certain)) => labelled(text, &lines, number, inside, certain),
        None => Vec::new(),
    };
    if cut.is_empty() {
        cut = unlabelled(text, &lines);
    }
    without_counts(text, &mut cut);
    cut.retain(|line| !line.span.is_empty());
    cut
}

/// The lines with something in them, white space around them and headers taken off.
fn content(text: &str) -> Vec<Span> {
    let mut lines = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive(['\n', '\r', '\u{2028}', '\u{b}']) {
        let span = trimmed(text, at..at + line.len());
        at += line.len();
        if !span.is_empty() && !HEADER.is_match(&text[span.clone()]) {
            lines.push(span);
        }
    }
    lines
}

/// Whether a text ends so that an operand must follow.
fn expects(text: &str) -> bool {
    EXPECTS.is_match(last(text))
}

/// The end of a text, which decides.
fn last(text: &str) -> &str {
    let mut start = text.len().saturating_sub(24);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    &text[start..]
}

fn trimmed(text: &str, span: Span) -> Span {
    let part = &text[span.clone()];
    let blank = |c: char| c.is_whitespace() || c == '\u{feff}';
    let start = span.start + (part.len() - part.trim_start_matches(blank).len());
    start..(start + text[start..span.end].trim_end_matches(blank).len())
}

/// A label at a line's beginning: its number, where the rest begins, whether it is one for certain.
fn label(text: &str, line: &Span) -> Option<(u32, usize, bool)> {
    let part = &text[line.clone()];
    let found = LABEL.captures(part)?;
    let end = found.get(0)?.end();
    let rest = &part[end..];
    if rest.is_empty() || CONTINUES.is_match(rest) && !rest.to_ascii_lowercase().starts_with("not ") {
        return None;
    }
    let certain = !found[3].is_empty() || part[..end].ends_with('\t');
    Some((found[2].parse().ok()?, line.start + end, certain))
}

/// A history with its newest line first: labels that go down to 1. In the order in which it was run.
fn descending(text: &str, lines: &[Span]) -> Vec<Raw> {
    let mut starts: Vec<(u32, usize, usize)> = Vec::new();
    for line in lines {
        if let Some((number, inside, _)) = label(text, line)
            && starts.last().is_none_or(|start| start.0 == number + 1)
        {
            starts.push((number, inside, line.start));
        }
    }
    if starts.len() < 2 || starts.last().is_none_or(|start| start.0 != 1) {
        return Vec::new();
    }
    let end = lines.last().map_or(0, |line| line.end);
    let ends: Vec<usize> = starts.iter().skip(1).map(|start| start.2).chain([end]).collect();
    let line = |((number, inside, _), end): ((u32, usize, usize), usize)| Raw {
        label: number.to_string(),
        span: trimmed(text, inside..end.max(inside)),
    };
    starts.into_iter().zip(ends).map(line).rev().collect()
}

/// Lines that begin with their labels; what has none goes on from the line before.
fn labelled(text: &str, lines: &[Span], number: u32, inside: usize, certain: bool) -> Vec<Raw> {
    if number > 1 {
        let lines = descending(text, lines);
        if !lines.is_empty() {
            return lines;
        }
    }
    let mut starts = vec![(number, inside, lines[0].start)];
    for line in &lines[1..] {
        let known = starts.last().map_or(0, |start| start.0);
        if let Some((number, inside, certain)) = label(text, line)
            && (number == known + 1 || certain && number > known)
        {
            starts.push((number, inside, line.start));
        }
    }
    let end = lines.last().map_or(0, |line| line.end);
    let mut all: Vec<(u32, usize, usize)> = Vec::new();
    for (at, start) in starts.iter().enumerate() {
        all.push(*start);
        let next = starts.get(at + 1);
        // Lines that the copy has glued to this one.
        let most = match next {
            Some(next) => next.0,
            None if starts.len() == 1 => u32::MAX,
            None => start.0 + 1,
        };
        glued(text, *start, next.map_or(end, |next| next.2), most, &mut all);
    }
    // One label alone may be a number that begins a query.
    if all.len() < 2 && !certain {
        return Vec::new();
    }
    let ends = all.iter().skip(1).map(|start| start.2).chain([end]).collect::<Vec<_>>();
    let line = |((number, inside, _), end): ((u32, usize, usize), usize)| Raw {
        label: number.to_string(),
        span: trimmed(text, inside..end.max(inside)),
    };
    all.into_iter().zip(ends).map(line).collect()
}

/// Labels inside a line, each one more than the one before and below `most`, where one line can end
/// and the next begin.
fn glued(text: &str, start: (u32, usize, usize), end: usize, most: u32, all: &mut Vec<(u32, usize, usize)>) {
    let mut next = start.0 + 1;
    let mut at = start.1;
    while next < most {
        let sign = next.to_string();
        let Some(found) = text[at..end].match_indices(sign.as_str()).find_map(|(offset, _)| {
            let number = at + offset;
            let label_start = number - usize::from(text[..number].ends_with('#'));
            let before = text[start.1..label_start].trim_end();
            let parted = before.len() < label_start - start.1;
            let (_, inside, _) = label(text, &(label_start..end)).filter(|label| label.0 == next)?;
            let complete = before.ends_with(|c: char| c.is_alphanumeric() || "/.)]\"”$*?#:".contains(c));
            (parted && complete && !expects(before)).then_some((next, inside, label_start))
        }) else {
            return;
        };
        at = found.1;
        all.push(found);
        next += 1;
    }
}

/// Lines counted from 1, if they are lines at all and not one query broken across them.
fn unlabelled(text: &str, lines: &[Span]) -> Vec<Raw> {
    if lines.len() < 2 {
        return Vec::new();
    }
    let refers = lines.iter().any(|line| REFERS.is_match(&text[line.clone()]));
    if !refers && is_one_query(text, lines) {
        return Vec::new();
    }
    let number = |(at, span): (usize, &Span)| Raw { label: (at + 1).to_string(), span: span.clone() };
    lines.iter().filter(|line| !is_command(&text[(*line).clone()])).enumerate().map(number).collect()
}

/// A command that is no search and gets no number.
fn is_command(line: &str) -> bool {
    let mut words = line.split_whitespace();
    words.next().is_some_and(|word| word.eq_ignore_ascii_case("use"))
        && words.next().is_some()
        && words.next().is_none()
}

/// Whether a line goes on in the next one: parentheses open, or an operator at the seam.
fn is_one_query(text: &str, lines: &[Span]) -> bool {
    let mut depth = 0_i64;
    lines.windows(2).all(|pair| {
        let (line, next) = (&text[pair[0].clone()], &text[pair[1].clone()]);
        depth += line.chars().map(|c| i64::from(c == '(') - i64::from(c == ')')).sum::<i64>();
        depth > 0 || expects(line) || FOLLOWS.is_match(next)
    })
}

/// Takes numbers of results off: those that show themselves, and those that all lines have.
fn without_counts(text: &str, lines: &mut [Raw]) {
    for line in lines.iter_mut() {
        let part = &text[line.span.clone()];
        if let Some(found) = COUNT_BEHIND.find(part)
            && found.start() > 0
            && !expects(part[..found.start()].trim_end())
        {
            line.span.end = line.span.start + found.start();
            line.span = trimmed(text, line.span.clone());
        }
        let part = &text[line.span.clone()];
        if let Some((count, rest)) = part.split_once('\t')
            && count.chars().all(|c| c.is_ascii_digit() || c == ',')
            && !rest.trim().is_empty()
        {
            line.span = trimmed(text, line.span.start + count.len()..line.span.end);
        }
    }
    if lines.len() < 2 {
        return;
    }
    let behind = |line: &Raw| {
        let part = &text[line.span.clone()];
        let found = NUMBER_BEHIND.find(part)?;
        let before = part[..found.start()].trim_end();
        (!before.is_empty() && !expects(before)).then_some(line.span.start + before.len())
    };
    // A word with a number (`type 2`) ends so too; a field, a parenthesis or a line says that the clause
    // is done, and a comma that the number counts.
    let done = |line: &&Raw| {
        behind(line).is_some_and(|end| DONE.is_match(last(&text[..end])) || text[end..line.span.end].contains(','))
    };
    if lines.iter().all(|line| behind(line).is_some()) && lines.iter().filter(done).count() * 2 >= lines.len() {
        for line in lines.iter_mut() {
            line.span.end = behind(line).unwrap_or(line.span.end);
        }
        return;
    }
    let before = |line: &Raw| {
        let part = &text[line.span.clone()];
        let found = NUMBER_BEFORE.find(part)?;
        let rest = &part[found.end()..];
        (!rest.is_empty() && !CONTINUES.is_match(rest)).then_some(line.span.start + found.end())
    };
    if lines.iter().all(|line| before(line).is_some()) {
        for line in lines.iter_mut() {
            line.span.start = before(line).unwrap_or(line.span.start);
        }
    }
}
