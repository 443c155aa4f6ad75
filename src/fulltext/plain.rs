//! Plain text, with front matter and Markdown headings where it has them.

use super::builder::{Builder, clean};
use super::{Document, DocumentKind, ExtractError};
use crate::ids;
use crate::text::language;

/// The lines `Key: value` that a text begins with, and the text after them.
///
/// The block ends at the first blank line; a fence of `---` around it is taken off. A value goes on
/// in indented lines. A text whose first line is no such line has none.
pub fn front_matter(text: &str) -> (Vec<(String, String)>, &str) {
    let text = text.trim_start_matches('\u{feff}');
    let mut rest = text.trim_start_matches(['\r', '\n']);
    let fenced = first_line(rest).0.trim_end() == "---";
    if fenced {
        rest = first_line(rest).1;
    }
    let mut fields: Vec<(String, String)> = Vec::new();
    while !rest.is_empty() && fields.len() < 100 {
        let (line, after) = first_line(rest);
        if fenced && line.trim_end() == "---" {
            return (fields, after);
        }
        if line.trim().is_empty() && !fenced {
            break;
        }
        match (field(line), fields.last_mut()) {
            (Some(pair), _) => fields.push(pair),
            (None, Some((_, value))) if line.starts_with([' ', '\t']) => {
                value.push('\n');
                value.push_str(line.trim());
            }
            (None, _) if fenced && line.trim().is_empty() => {}
            // Not a block of fields after all: prose whose first line holds a colon.
            _ => return (Vec::new(), text),
        }
        rest = after;
    }
    // A fence that never closes is a rule above prose.
    if fields.is_empty() || fenced { (Vec::new(), text) } else { (fields, rest) }
}

fn first_line(text: &str) -> (&str, &str) {
    match text.split_once('\n') {
        Some((line, rest)) => (line.trim_end_matches('\r'), rest),
        None => (text, ""),
    }
}

/// `Key: value`: the key begins with a letter, has at most six words and 60 characters.
fn field(line: &str) -> Option<(String, String)> {
    let (key, value) = line.split_once(':')?;
    let plain = key.starts_with(char::is_alphabetic)
        && key.chars().count() <= 60
        && key.split_whitespace().count() <= 6
        && key
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '/' | '(' | ')' | '\'' | '’' | '?'))
        && (value.is_empty() || value.starts_with([' ', '\t']));
    plain.then(|| (clean(key), value.trim().to_owned()))
}

/// Reads a plain text. Its front matter stands as the first section, one field a paragraph.
pub fn extract(text: &str) -> Result<Document, ExtractError> {
    let mut out = Builder::new(DocumentKind::Text);
    let (fields, body) = front_matter(text);
    for (key, value) in &fields {
        match key.to_lowercase().as_str() {
            "title" | "teitl" => out.document.title = Some(clean(value)).filter(|title| !title.is_empty()),
            "language" | "lang" | "iaith" => out.document.language = language::code(value).map(str::to_owned),
            "doi" => out.document.doi = ids::normal_doi(value),
            _ => {}
        }
        out.paragraph(&format!("{key}: {value}"));
    }
    let mut paragraph = String::new();
    for line in body.lines() {
        let heading = line.trim_start_matches('#');
        let level = line.len() - heading.len();
        if (1..=6).contains(&level) && heading.starts_with(' ') {
            out.paragraph(&std::mem::take(&mut paragraph));
            let title = clean(heading.trim_end_matches(['#', ' ']));
            if level == 1 && out.document.title.is_none() {
                out.document.title = Some(title.clone());
            }
            out.heading(&title);
        } else if line.trim().is_empty() {
            out.paragraph(&std::mem::take(&mut paragraph));
        } else {
            paragraph.push_str(line);
            paragraph.push('\n');
        }
        if out.is_full() {
            break;
        }
    }
    out.paragraph(&paragraph);
    let document = out.finish();
    if document.sections.is_empty() { Err(ExtractError::Empty) } else { Ok(document) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_matter_is_read() {
        let text = "Title: Warm hub\r\nOrganisation: CVC\r\nNotes: one\r\n  two\r\n\r\n## What we did\r\nWe met.\r\nAgain.\r\n";
        let (fields, body) = front_matter(text);
        assert_eq!(fields.len(), 3);
        assert_eq!(fields[2], ("Notes".into(), "one\ntwo".into()));
        assert!(body.trim_start().starts_with("## What"));
        let document = extract(text).unwrap();
        assert_eq!(document.title.as_deref(), Some("Warm hub"));
        assert_eq!(document.sections.last().unwrap().title, "What we did");
        assert_eq!(document.sections.last().unwrap().text, "We met. Again.");
    }

    #[test]
    fn a_fence_is_taken_off_and_prose_is_left_alone() {
        assert_eq!(front_matter("---\ntitle: A\n\narea: B\n---\nbody").0.len(), 2);
        for prose in [
            "We met: it was good.\nThen more.\n\nx",
            "Note: this is prose\nthat goes on without a key\n",
            "http://example.org is a page\n",
            "---\nno fields\n---\n",
            "--- \ntitle: never closed",
        ] {
            assert_eq!(front_matter(prose), (vec![], prose), "{prose}");
        }
    }
}
