//! What the tagged formats share: entries made of lines that begin with a tag.

use super::draft::{Draft, Field};
use super::lines::Line;
use super::{Entry, FileContents, Format, MAX_ENTRY_BYTES, excerpt, labels};
use crate::model::SetAside;

/// A field of an entry: its tag and its values (more than one where untagged lines follow it).
pub(super) struct TaggedField<'a> {
    pub(super) tag: &'a str,
    pub(super) value: String,
    /// Untagged lines that follow, each a value of its own where the tag is a list.
    pub(super) more: Vec<&'a str>,
}

/// The lines of one entry.
#[derive(Default)]
pub(super) struct Block<'a> {
    pub(super) fields: Vec<TaggedField<'a>>,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) line: usize,
}

impl<'a> Block<'a> {
    pub(super) fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }
    pub(super) fn has(&self, tag: &str) -> bool {
        self.fields.iter().any(|field| field.tag == tag)
    }
    /// Adds a tagged line.
    pub(super) fn add(&mut self, tag: &'a str, value: &str, line: Line<'a>) {
        if self.is_empty() {
            self.start = line.start;
            self.line = line.number;
        }
        self.end = line.next;
        self.fields.push(TaggedField { tag, value: value.trim().to_owned(), more: Vec::new() });
    }
    /// Adds an untagged line to the last field: folded text if it is indented, else a line of its own.
    pub(super) fn fold(&mut self, line: Line<'a>) {
        let Some(last) = self.fields.last_mut() else { return };
        let text = line.text.trim();
        if text.is_empty() {
            return;
        }
        self.end = line.next;
        if line.text.starts_with([' ', '\t']) && last.more.is_empty() {
            last.value.push(' ');
            last.value.push_str(text);
        } else {
            last.more.push(text);
        }
    }
}

/// Collects the entries of a file.
pub(super) struct Collector<'a> {
    text: &'a str,
    pub(super) contents: FileContents,
}

impl<'a> Collector<'a> {
    pub(super) fn new(format: Format, text: &'a str) -> Self {
        Self { text, contents: FileContents::new(format) }
    }

    /// Reads a block by its dialect's table: `meaning` says what a tag means, `list` whether an
    /// untagged line after it is a value of its own.
    pub(super) fn finish(
        &mut self,
        block: Block<'a>,
        meaning: impl Fn(&str, &str) -> Field,
        list: impl Fn(&str) -> bool,
    ) {
        self.finish_with(block, meaning, list, |_, _, _| false);
    }

    /// As [`Self::finish`], where `put` may take a field in a way of its own.
    pub(super) fn finish_with(
        &mut self,
        block: Block<'a>,
        meaning: impl Fn(&str, &str) -> Field,
        list: impl Fn(&str) -> bool,
        put: impl Fn(&mut Draft, &str, &str) -> bool,
    ) {
        let raw = self.text.get(block.start..block.end).unwrap_or_default().trim_end();
        if raw.len() > MAX_ENTRY_BYTES {
            self.set_aside(format!("the entry is larger than {} MiB", MAX_ENTRY_BYTES >> 20), raw, block.line);
            return;
        }
        let mut draft = Draft::default();
        let mut take = |tag: &str, value: &str| {
            if !put(&mut draft, tag, value) {
                draft.put(tag, meaning(tag, value), value);
            }
        };
        for field in &block.fields {
            if list(field.tag) {
                take(field.tag, &field.value);
                field.more.iter().for_each(|more| take(field.tag, more));
            } else if field.more.is_empty() {
                take(field.tag, &field.value);
            } else {
                take(field.tag, format!("{} {}", field.value, field.more.join(" ")).trim());
            }
        }
        self.take(draft, raw, block.line);
    }

    /// Adds what a draft becomes.
    pub(super) fn take(&mut self, mut draft: Draft, raw: &str, line: usize) {
        let (labels, clash) = labels::settled(std::mem::take(&mut draft.labels));
        if clash {
            let warning = format!("line {line}: one reviewer says different things of the entry; neither is taken");
            self.contents.warnings.push(warning);
        }
        match draft.finish() {
            Ok(record) => self.contents.entries.push(Entry { record, raw: raw.to_owned(), line, id: None, labels }),
            Err(reason) => self.set_aside(reason.to_owned(), raw, line),
        }
    }

    pub(super) fn set_aside(&mut self, reason: String, raw: &str, line: usize) {
        self.contents.set_aside.push(SetAside { reason, raw: raw.as_bytes().to_vec(), line: Some(line) });
    }

    /// Notes lines outside entries.
    pub(super) fn stray(&mut self, count: usize, first: Option<Line<'_>>) {
        if let Some(first) = first {
            let lines = if count == 1 { "line" } else { "lines" };
            self.contents.warnings.push(format!(
                "{count} {lines} outside of entries skipped, the first at line {}: {}",
                first.number,
                excerpt(first.text)
            ));
        }
    }
}
