//! Reading the syntaxes of platforms, one file each.

use super::parser::{parse, refused};
use super::{Diagnostic, Parsed, Platform};

/// Reads a query in a platform's syntax.
pub fn read(text: &str, platform: Platform) -> Parsed {
    if let Some(refused) = refused(text) {
        return refused;
    }
    match platform {
        Platform::Gleaner => parse(text),
        _ => {
            let message = format!("queries in the syntax of {} are not read", platform.title());
            let diagnostics = vec![Diagnostic::error("unread-platform", &(0..text.len()), message)];
            Parsed { tree: None, diagnostics, lines: Vec::new() }
        }
    }
}

/// The platform in whose syntax a text most probably is: told by its fields, operators and lines.
pub fn detect(_text: &str) -> Platform {
    Platform::Gleaner
}
