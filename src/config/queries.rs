//! Queries that a config names or holds, read and parsed.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use super::problem::ConfigProblem;
use super::reader::{Reader, problem_in, read_text};
use super::section::{Section, Text};
use super::settings::QueryText;
use crate::query::{Diagnostic, Severity, parse};

/// The query in the file that a key names. What is wrong in it is told at its place in that file.
pub(super) fn file(section: &Section<'_>, key: &str) -> Option<QueryText> {
    let name = section.text(key)?;
    let reader = section.reader;
    let path = reader.resolve(&name.value);
    if let Some(known) = reader.queries.borrow().get(&path) {
        return known.clone();
    }
    let query = read_file(reader, &name, &path);
    reader.queries.borrow_mut().insert(path, query.clone());
    query
}

fn read_file(reader: &Reader, name: &Text, path: &Path) -> Option<QueryText> {
    let text = match read_text(path) {
        Ok(text) => text,
        Err(unreadable) => {
            if let Some(sound) = unreadable.sound {
                let text: Arc<str> = Arc::from(sound);
                let end = text.len()..text.len();
                reader.push(problem_in(Severity::Error, path, &text, &end, unreadable.message, unreadable.remedy));
            } else {
                let message = format!("the query file {} {}", path.display(), unreadable.message);
                let root = reader.root.display();
                reader.error(&name.span, message, format!("{}, seen from {root}", unreadable.remedy));
            }
            return None;
        }
    };
    let shared: Arc<str> = Arc::from(text.as_str());
    let parsed = parse(&text);
    for diagnostic in &parsed.diagnostics {
        tell(reader, diagnostic, |severity, message, remedy| {
            problem_in(severity, path, &shared, &(diagnostic.start..diagnostic.end), message, remedy)
        });
    }
    let tree = parsed.sound().ok()?;
    Some(QueryText { file: Some(path.to_path_buf()), text, tree })
}

/// The query that a key holds.
pub(super) fn text(section: &Section<'_>, key: &str) -> Option<QueryText> {
    let text = section.text(key)?;
    let reader = section.reader;
    // Where the text stands in the config as it is, its offsets are the config's, shifted.
    let inside = reader.text.get(text.span.clone()).and_then(|raw| raw.find(&text.value));
    let parsed = parse(&text.value);
    for diagnostic in &parsed.diagnostics {
        let span: Range<usize> = match inside {
            Some(shift) => {
                let start = text.span.start + shift;
                start + diagnostic.start..start + diagnostic.end
            }
            None => text.span.clone(),
        };
        tell(reader, diagnostic, |severity, message, remedy| {
            problem_in(severity, &reader.file, &reader.text, &span, message, remedy)
        });
    }
    let tree = parsed.sound().ok()?;
    Some(QueryText { file: None, text: text.value, tree })
}

/// Tells an error or warning; hints are `query lint`'s to give.
fn tell(reader: &Reader, diagnostic: &Diagnostic, place: impl Fn(Severity, String, String) -> ConfigProblem) {
    if diagnostic.severity != Severity::Hint {
        let message = format!("{} [{}]", diagnostic.message, diagnostic.code);
        reader.push(place(diagnostic.severity, message, "see `gleaner query lint` for the language".to_owned()));
    }
}
