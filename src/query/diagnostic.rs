//! What is told of a query, and how it is shown.

use std::collections::HashMap;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde::Serialize;

use super::Span;

/// What is told of a query. Offsets are bytes of the query's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// A stable code in kebab case (`unbalanced-parenthesis`); docs/query-language.md lists them.
    pub code: &'static str,
    pub severity: Severity,
    pub message: String,
    pub start: usize,
    pub end: usize,
    /// What may be written instead, where there is such a thing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
}

/// Text to be put in the place of other text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fix {
    pub start: usize,
    pub end: usize,
    pub text: String,
    /// Whether it was found out that the query means the same with it; else it changes what is found.
    pub safe: bool,
}

/// How bad it is: an error makes the query unreadable, a warning may change what it finds, a hint does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Error,
    Warning,
    Hint,
}

impl Diagnostic {
    /// A mistake that makes the query unreadable.
    pub fn error(code: &'static str, span: &Span, message: impl Into<String>) -> Self {
        Self { code, severity: Severity::Error, message: message.into(), start: span.start, end: span.end, fix: None }
    }
    /// Something that may not mean what was wanted.
    pub fn warning(code: &'static str, span: &Span, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, span, message) }
    }
    /// The same with what may be written in the place of a span. Whether that is safe is found out by
    /// [`lint`](super::lints::lint).
    #[must_use]
    pub fn fixed_by(self, span: &Span, text: impl Into<String>) -> Self {
        Self { fix: Some(Fix { start: span.start, end: span.end, text: text.into(), safe: false }), ..self }
    }
    /// Something worth knowing.
    pub fn hint(code: &'static str, span: &Span, message: impl Into<String>) -> Self {
        Self { severity: Severity::Hint, ..Self::error(code, span, message) }
    }
}

/// Diagnostics collected up to a limit, so that a damaged file cannot fill the screen or the memory.
#[derive(Debug, Default)]
pub(super) struct Collector {
    pub diagnostics: Vec<Diagnostic>,
    left_out: usize,
}

impl Collector {
    /// More than anyone reads.
    const MOST: usize = 200;

    pub fn push(&mut self, diagnostic: Diagnostic) {
        // An error is never left out altogether: without it an unreadable query would pass for sound.
        let first_error = diagnostic.severity == Severity::Error
            && self.left_out > 0
            && self.diagnostics.iter().all(|known| known.severity != Severity::Error);
        if self.diagnostics.len() < Self::MOST || first_error {
            self.diagnostics.push(diagnostic);
        } else {
            self.left_out += 1;
        }
    }

    /// In the order of the text.
    pub fn finish(mut self) -> Vec<Diagnostic> {
        self.diagnostics.sort_by_key(|diagnostic| (diagnostic.start, diagnostic.end, diagnostic.severity));
        if self.left_out > 0 {
            let message = format!("{} more are not shown", self.left_out);
            self.diagnostics.push(Diagnostic::hint("more-diagnostics", &(0..0), message));
        }
        self.diagnostics
    }
}

/// Shows diagnostics beside the text that they speak of, each with line, column and marks; what is
/// said of several places in the same words is said once. `origin` is the file's name, if the query
/// came from a file.
pub fn show(text: &str, origin: Option<&str>, diagnostics: &[Diagnostic], colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut groups: Vec<Vec<&Diagnostic>> = Vec::new();
    let mut known: HashMap<(&str, &str, Severity), usize> = HashMap::new();
    for diagnostic in diagnostics {
        let key = (diagnostic.code, diagnostic.message.as_str(), diagnostic.severity);
        let group = *known.entry(key).or_insert(groups.len());
        match groups.get_mut(group) {
            Some(group) => group.push(diagnostic),
            None => groups.push(vec![diagnostic]),
        }
    }
    let mut shown = String::new();
    for group in groups {
        let Some(first) = group.first() else { continue };
        let level = match first.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Hint => Level::HELP,
        };
        let title = level.primary_title(first.message.as_str()).id(first.code);
        let marks = group.iter().map(|told| {
            AnnotationKind::Primary
                .span(on_boundaries(text, told.start, told.end))
                .label(told.fix.as_ref().and_then(remedy))
        });
        let mut snippet = Snippet::source(text).annotations(marks).fold(true);
        if let Some(origin) = origin {
            snippet = snippet.path(origin);
        }
        let report: [Group<'_>; 1] = [title.element(snippet)];
        shown.push_str(&renderer.render(&report));
        shown.push('\n');
    }
    shown
}

/// A fix in few words, where it is short.
fn remedy(fix: &Fix) -> Option<String> {
    const MOST: usize = 60;
    match fix.text.as_str() {
        "" => Some("take it out".to_owned()),
        text if text.len() <= MOST && !text.contains('\n') => Some(format!("write {text}")),
        _ => None,
    }
}

/// The nearest span that lies within the text and cuts no character.
fn on_boundaries(text: &str, start: usize, end: usize) -> Span {
    let mut start = start.min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let mut end = end.clamp(start, text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    start..end
}
