//! Mistakes in a config, shown beside the lines that they lie in.

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};
use serde_json::{Value, json};

use crate::config::ConfigProblem;
use crate::query::Severity;

/// A problem with file, line, column, the line itself with a mark, and the remedy.
pub(super) fn shown(problem: &ConfigProblem, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Hint => Level::NOTE,
    };
    let file = problem.place.file.display().to_string();
    let title = level.primary_title(problem.message.as_str());
    let help = Level::HELP.message(problem.remedy.as_str());
    let group = match &problem.excerpt {
        Some(excerpt) => {
            let span = excerpt.span.clone();
            let snippet = Snippet::source(excerpt.text.as_ref())
                .path(file.as_str())
                .annotation(AnnotationKind::Primary.span(span));
            title.element(snippet).element(help)
        }
        None => {
            let mut origin = Origin::path(file.as_str());
            if let Some(line) = problem.place.line {
                origin = origin.line(line);
                if let Some(column) = problem.place.column {
                    origin = origin.char_column(column);
                }
            }
            title.element(origin).element(help)
        }
    };
    renderer.render(&[group])
}

/// A problem for scripts.
pub(super) fn as_json(problem: &ConfigProblem) -> Value {
    json!({
        "severity": problem.severity,
        "file": problem.place.file.display().to_string(),
        "line": problem.place.line,
        "column": problem.place.column,
        "message": problem.message,
        "remedy": problem.remedy,
    })
}
