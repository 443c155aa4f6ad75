//! Marks that are not what they look like: invisible characters, escapes, apostrophes, commas.

use super::Subject;
use super::registry::{Code, Severity};
use super::surface::TokenKind;
use crate::query::Platform;
use crate::query::diagnostic::Diagnostic;
use crate::query::term::is_invisible;

pub(super) const CODES: &[Code] = &[
    Code {
        code: "invisible-character",
        severity: Severity::Warning,
        title: "A character that cannot be seen",
        text: "Text that is copied from a document or a web page can hold spaces without width, soft hyphens and \
               non-breaking spaces. Platforms read them as letters or as the end of a word, and nobody sees why a \
               term finds nothing.",
        example: "well\u{ad}being OR mutual\u{a0}aid",
        platform: Platform::Gleaner,
        better: Some("wellbeing OR \"mutual aid\""),
        fix: true,
    },
    Code {
        code: "stray-backslash",
        severity: Severity::Warning,
        title: "A backslash before a sign",
        text: "Text that has gone through a formatted page may keep its escapes: `cooperat\\*` is no truncation.",
        example: "TS=(cooperat\\* OR collaborat*)",
        platform: Platform::Wos,
        better: Some("TS=(cooperat* OR collaborat*)"),
        fix: true,
    },
    Code {
        code: "apostrophes-as-quotes",
        severity: Severity::Warning,
        title: "Apostrophes in the place of quotation marks",
        text: "A phrase stands between apostrophes. Only Embase.com reads these as quotation marks.",
        example: "'mutual aid' OR \"community action\"",
        platform: Platform::Gleaner,
        better: Some("\"mutual aid\" OR \"community action\""),
        fix: true,
    },
    Code {
        code: "joined-by-comma",
        severity: Severity::Warning,
        title: "Words joined by commas",
        text: "Commas join nothing in a query: the words are read as one phrase or as words that must all be there. \
               Write OR or AND.",
        example: "(cats, dogs, mice) AND allergy",
        platform: Platform::Gleaner,
        better: Some("(cats OR dogs OR mice) AND allergy"),
        fix: true,
    },
];

pub(super) fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    characters(subject.text, found);
    for operand in &subject.operands {
        let span = &operand.token.span;
        let written = &subject.text[span.clone()];
        match operand.token.kind {
            TokenKind::Apostrophes => {
                let message = "these apostrophes are no quotation marks";
                let phrase = format!("\"{}\"", &subject.text[operand.inner(subject.text)]);
                found.push(Diagnostic::warning("apostrophes-as-quotes", span, message).fixed_by(span, phrase));
            }
            // A name with a comma (`Smith, J`) or an inverted heading has one.
            TokenKind::Words if written.matches(", ").count() > 1 && operand.field.is_none() => {
                let parts: Vec<&str> = written.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
                let message = "commas join nothing: write OR, or AND";
                let quoted = |part: &&str| if part.contains(' ') { format!("\"{part}\"") } else { (*part).to_owned() };
                let listed = parts.iter().map(quoted).collect::<Vec<_>>().join(" OR ");
                let told = Diagnostic::warning("joined-by-comma", span, message);
                found.push(told.fixed_by(span, format!("({listed})")));
            }
            _ => {}
        }
    }
}

fn characters(text: &str, found: &mut Vec<Diagnostic>) {
    let mut letters = text.char_indices().peekable();
    while let Some((at, c)) = letters.next() {
        let span = at..at + c.len_utf8();
        // A mark at the beginning says how the file is encoded.
        if is_invisible(c) && at > 0 {
            let message = format!("a character that cannot be seen (U+{:04X})", u32::from(c));
            found.push(Diagnostic::warning("invisible-character", &span, message).fixed_by(&span, ""));
        } else if c.is_whitespace() && !matches!(c, ' ' | '\t' | '\r' | '\n') {
            let message = format!("this looks like a space and is another character (U+{:04X})", u32::from(c));
            found.push(Diagnostic::warning("invisible-character", &span, message).fixed_by(&span, " "));
        } else if c == '\\'
            && let Some((_, next)) =
                letters.next_if(|(_, next)| matches!(next, '*' | '?' | '$' | '(' | ')' | '[' | ']' | '_' | '#'))
        {
            let message = format!("`\\{next}` is written with a backslash: it is no more than a mark here");
            found.push(Diagnostic::warning("stray-backslash", &span, message).fixed_by(&span, ""));
        }
    }
}
