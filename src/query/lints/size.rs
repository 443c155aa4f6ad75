//! Queries with more parts than a platform takes.

use super::Subject;
use super::registry::{Code, Severity};
use super::surface::TokenKind;
use crate::query::Platform;
use crate::query::diagnostic::Diagnostic;

pub(super) const CODES: &[Code] = &[
    Code {
        code: "too-many-terms",
        severity: Severity::Error,
        title: "More terms than the platform takes",
        text: "Web of Science takes 16,000 terms in a query, and 50 in All Fields (`ALL=`). Divide the query, or look \
               in the topic fields (`TS=`).",
        example: "",
        platform: Platform::Wos,
        better: None,
        fix: false,
    },
    Code {
        code: "too-many-wildcards",
        severity: Severity::Error,
        title: "More wildcards than the platform takes",
        text: "IEEE Xplore takes two words with wildcards in a query. Write the words out, or divide the query.",
        example: "robot* AND drone* AND swarm*",
        platform: Platform::Ieee,
        better: None,
        fix: false,
    },
];

pub(super) fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let title = subject.platform.title();
    let terms: Vec<_> = subject.leaves.iter().collect();
    let span = terms.first().zip(terms.last()).map(|(first, last)| first.whole.start..last.whole.end);
    if let Some(most) = subject.rules.most_terms.filter(|most| terms.len() > *most)
        && let Some(span) = &span
    {
        let message = format!("{title} takes {most} terms in a query; here are {}", terms.len());
        found.push(Diagnostic::error("too-many-terms", span, message));
    }
    if let Some(most) = subject.rules.most_wildcards {
        let words = subject.operands.iter().filter(|operand| operand.token.kind != TokenKind::Other);
        let places: Vec<_> =
            words.filter(|operand| subject.text[operand.token.span.clone()].contains(['*', '?'])).collect();
        if let (Some(first), Some(last)) = (places.first().filter(|_| places.len() > most), places.last()) {
            let message = format!("{title} takes {most} wildcards in a query; here are {}", places.len());
            let span = first.token.span.start..last.token.span.end;
            found.push(Diagnostic::error("too-many-wildcards", &span, message));
        }
    }
}
