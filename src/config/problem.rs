//! What is wrong with a config, and how it becomes a failure of the command.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::error::{Exit, Failure, Place};
use crate::query::Severity;

/// One mistake, or one thing to be told, with its place and what to do about it.
#[derive(Clone, Debug)]
pub struct ConfigProblem {
    /// A mistake is an error; what works but may not be meant is a warning.
    pub severity: Severity,
    pub place: Place,
    /// In lower case, without a full stop.
    pub message: String,
    pub remedy: String,
    /// The text it lies in, unless showing that text could show a key.
    pub excerpt: Option<Excerpt>,
}

/// Where in a text a problem lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The whole file.
    pub text: Arc<str>,
    /// Bytes of `text`, on character boundaries.
    pub span: Range<usize>,
}

/// A place of a config that was sound by itself, so that what is found later can be told there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    pub place: Place,
    pub excerpt: Option<Excerpt>,
}

impl ConfigProblem {
    /// A problem found at a place after the config was read.
    pub fn at(spot: &Spot, severity: Severity, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            severity,
            place: spot.place.clone(),
            message: message.into(),
            remedy: remedy.into(),
            excerpt: spot.excerpt.clone(),
        }
    }
    /// Whether two say the same of the same place.
    pub(super) fn repeats(&self, other: &Self) -> bool {
        self.place == other.place && self.message == other.message
    }
}

impl fmt::Display for ConfigProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}\n  help: {}", self.place, self.message, self.remedy)
    }
}

/// Every mistake of a config, in the order of the files, with the warnings beside them; at least
/// one is an error.
#[derive(Clone, Debug)]
pub struct ConfigErrors(pub Vec<ConfigProblem>);

impl ConfigErrors {
    /// The mistakes without the warnings.
    pub fn errors(&self) -> impl Iterator<Item = &ConfigProblem> {
        self.0.iter().filter(|problem| problem.severity == Severity::Error)
    }
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, problem) in self.errors().enumerate() {
            if position > 0 {
                f.write_str("\nerror: ")?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigErrors {}

impl From<ConfigErrors> for Failure {
    /// Exit 2; the text tells every mistake, one after the other.
    fn from(errors: ConfigErrors) -> Self {
        let mut all = errors.errors();
        match (all.next(), all.next()) {
            (Some(only), None) => Self {
                exit: Exit::Usage,
                message: only.message.clone(),
                place: Some(only.place.clone()),
                remedy: Some(only.remedy.clone()),
            },
            _ => Self::usage(errors.to_string()),
        }
    }
}

/// The line and column (both from 1, columns in characters) of a byte of a text.
pub(super) fn line_and_column(text: &str, byte: usize) -> (usize, usize) {
    let byte = floor_boundary(text, byte);
    let before = &text[..byte];
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    (line, before[start..].chars().count() + 1)
}

/// The nearest character boundary at or before a byte, within the text.
pub(super) fn floor_boundary(text: &str, byte: usize) -> usize {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    byte
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_characters_from_one() {
        assert_eq!(line_and_column("a\nñb", 4), (2, 2));
        assert_eq!(line_and_column("a\nñb", 3), (2, 1));
        assert_eq!(line_and_column("", 9), (1, 1));
    }
}
