//! Phrases that are not kept to the letter.

use super::Subject;
use super::registry::{Code, Severity};
use super::surface::TokenKind;
use crate::query::Platform;
use crate::query::diagnostic::Diagnostic;

pub(super) const CODES: &[Code] = &[
    Code {
        code: "stemmed-phrase",
        severity: Severity::Hint,
        title: "A phrase that is stemmed anyway",
        text: "This platform reduces words to their stems in quoted phrases too (arXiv reads a phrase as its words): \
               the quotation marks do not keep it to the letter, and it finds more than it says.",
        example: "\"community organising\"",
        platform: Platform::OpenAlex,
        better: None,
        fix: false,
    },
    Code {
        code: "wildcard-in-phrase",
        severity: Severity::Error,
        title: "A wildcard in a quoted phrase",
        text: "This platform takes no wildcards between quotation marks: the phrase is refused, or the sign is looked \
               for as it is. On the Cochrane Library NEXT joins words to a phrase and takes wildcards.",
        example: "\"hearing aid*\"",
        platform: Platform::Cochrane,
        better: Some("hearing NEXT aid*"),
        fix: false,
    },
];

pub(super) fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let title = subject.platform.title();
    let phrases = subject.operands.iter().filter(|operand| operand.token.kind == TokenKind::Quoted);
    for phrase in phrases {
        let inside = &subject.text[phrase.inner(subject.text)];
        let several = inside.split_whitespace().count() > 1;
        if !subject.rules.wildcards_in_phrases && inside.contains(['*', '?']) && several {
            let message = format!("{title} takes no wildcard in a phrase");
            found.push(Diagnostic::error("wildcard-in-phrase", &phrase.token.span, message));
        }
        if let Some(name) = subject.rules.stems.filter(|_| several) {
            let message = format!("{name} stems the words of a phrase: it finds more than it says");
            found.push(Diagnostic::hint("stemmed-phrase", &phrase.token.span, message));
        }
    }
}
