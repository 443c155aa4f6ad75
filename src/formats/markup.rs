//! What the XML formats share: entries cut out by their tags, so that one that is broken does not take
//! the others with it.

use super::draft::Draft;
use super::lines::LineCounter;
use super::tagged::Collector;
use super::{FileContents, Format, MAX_ENTRY_BYTES};

/// Reads every entry of a text: the elements of the names `tags`, which do not nest. One that does not
/// end is set aside up to where the next one begins.
pub(super) fn read(
    text: &str,
    format: Format,
    tags: &[&str],
    entry: impl Fn(&str) -> Result<Draft, String>,
) -> FileContents {
    let mut collector = Collector::new(format, text);
    let mut lines = LineCounter::default();
    let mut following = next(text, tags, 0);
    while let Some((start, tag)) = following {
        let line = lines.line_at(text, start);
        following = next(text, tags, start + 1);
        let until = following.map_or(text.len(), |(next, _)| next);
        let close = format!("</{tag}>");
        let end = text[start..until].find(&close).map(|at| start + at + close.len());
        let raw = &text[start..end.unwrap_or(until)];
        if raw.len() > MAX_ENTRY_BYTES {
            collector.set_aside(format!("the record is larger than {} MiB", MAX_ENTRY_BYTES >> 20), raw, line);
        } else if end.is_none() {
            collector.set_aside("the record does not end".to_owned(), raw.trim_end(), line);
        } else {
            match entry(raw) {
                Ok(draft) => collector.take(draft, raw, line),
                Err(reason) => collector.set_aside(reason, raw, line),
            }
        }
    }
    collector.contents
}

/// Whether a text has an element of one of the names.
pub(super) fn has(text: &str, tags: &[&str]) -> bool {
    next(text, tags, 0).is_some()
}

/// Where the next of the elements begins, and its name.
fn next<'a>(text: &str, tags: &[&'a str], from: usize) -> Option<(usize, &'a str)> {
    text[from..].match_indices('<').find_map(|(at, _)| {
        let rest = &text[from + at + 1..];
        let tag = tags
            .iter()
            .find(|tag| rest.strip_prefix(**tag).is_some_and(|rest| rest.starts_with(['>', ' ', '\t', '\r', '\n'])))?;
        Some((from + at, *tag))
    })
}
