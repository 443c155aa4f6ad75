//! Fields: named in two ways, limiting a part only, or chosen beside the search box.

use std::collections::HashMap;

use super::Subject;
use super::registry::{Code, Severity};
use super::surface::TokenKind;
use crate::query::Platform;
use crate::query::diagnostic::Diagnostic;
use crate::query::field::{Field, FieldSet, Scope};
use crate::query::tree::{Kind, Node};

pub(super) const CODES: &[Code] = &[
    Code {
        code: "mixed-field-forms",
        severity: Severity::Hint,
        title: "One field written in two ways",
        text: "`[ti]` and `[Title]` are the same field. One form for each field is easier to check.",
        example: "asthma[ti] OR wheez*[Title]",
        platform: Platform::PubMed,
        better: Some("asthma[ti] OR wheez*[ti]"),
        fix: true,
    },
    Code {
        code: "deprecated-field",
        severity: Severity::Warning,
        title: "A field by the name that export files give it",
        text: "Web of Science's export files name fields by tags of their own (`DI`, `DE`, `ID`), which its search does \
               not take, or no longer takes.",
        example: "DI=10.1000/xyz123",
        platform: Platform::Wos,
        better: Some("DO=10.1000/xyz123"),
        fix: true,
    },
    Code {
        code: "filter-in-part",
        severity: Severity::Warning,
        title: "A journal or language for one alternative only",
        text: "A journal or a language limits one alternative, and the others go without it. Put it around the whole \
               query if that was meant.",
        example: "asthma OR (wheez* AND journal:Lancet)",
        platform: Platform::Gleaner,
        better: Some("(asthma OR wheez*) AND journal:Lancet"),
        fix: false,
    },
    Code {
        code: "field-outside-query",
        severity: Severity::Warning,
        title: "A field chosen beside the search box",
        text: "A field was chosen beside the search box (`--field`). It is not in the query's text, so whoever copies \
               or reports the query loses it. PRISMA-S asks for the strategy exactly as it was run: write the field in.",
        example: "asthma",
        platform: Platform::Gleaner,
        better: None,
        fix: false,
    },
];

pub(super) fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    forms(subject, found);
    deprecated(subject, found);
    if let Some(root) = subject.root {
        filters(root, Scope::Default, None, found);
    }
    if let Some(field) = subject.setting.field.filter(|field| !field.trim().is_empty()) {
        let message =
            format!("the field `{field}` was chosen beside the query: write it into the query, so that it is not lost");
        let span = subject.text.len() - subject.text.trim_start().len()..subject.text.trim_end().len();
        found.push(Diagnostic::warning("field-outside-query", &(span.start.min(span.end)..span.end), message));
    }
}

/// PubMed's long names of fields and their short ones.
const LONG: &[(&str, &str)] = &[
    ("title", "ti"),
    ("title/abstract", "tiab"),
    ("mesh", "mh"),
    ("mesh terms", "mh"),
    ("mesh major topic", "majr"),
    ("text word", "tw"),
    ("author", "au"),
    ("journal", "ta"),
    ("publication type", "pt"),
    ("date - publication", "dp"),
    ("publication date", "dp"),
    ("language", "la"),
    ("affiliation", "ad"),
    ("all fields", "all"),
    ("other term", "ot"),
    ("subheading", "sh"),
];

/// Tells of a field that is written in another form than where it came first.
fn forms(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if subject.platform != Platform::PubMed {
        return;
    }
    let mut first: HashMap<String, &str> = HashMap::new();
    for token in subject.tokens.iter().filter(|token| token.kind == TokenKind::FieldAfter) {
        let written = &subject.text[token.span.clone()];
        let name = written.trim_matches(['[', ']']).trim().to_ascii_lowercase();
        let short = LONG.iter().find(|(long, _)| *long == name).map_or(name.as_str(), |(_, short)| *short);
        let form = *first.entry(short.to_owned()).or_insert(written);
        if !form.eq_ignore_ascii_case(written) {
            let message = format!("{written} is the field that is written {form} before");
            found.push(Diagnostic::hint("mixed-field-forms", &token.span, message).fixed_by(&token.span, form));
        }
    }
}

/// Fields of Web of Science that go by another name in export files, or did in its search.
const FORMER: &[(&str, &str)] = &[("DI=", "DO="), ("JI=", "SO="), ("DE=", "AK="), ("ID=", "KP="), ("C1=", "AD=")];

fn deprecated(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if subject.platform != Platform::Wos {
        return;
    }
    for token in subject.tokens.iter().filter(|token| token.kind == TokenKind::FieldBefore) {
        let written = &subject.text[token.span.clone()];
        if let Some((_, now)) = FORMER.iter().find(|(former, _)| former.eq_ignore_ascii_case(written)) {
            let message = format!("Web of Science searches this field as {now}; {written} is its name in export files");
            found.push(Diagnostic::warning("deprecated-field", &token.span, message).fixed_by(&token.span, *now));
        }
    }
}

/// Tells of journals and languages in an AND that is one alternative of an OR. `part`: whether an OR
/// and an AND are around.
fn filters(node: &Node, scope: Scope, around: Option<bool>, found: &mut Vec<Diagnostic>) {
    let filter =
        matches!(scope, Scope::Named(set) if set.without(FieldSet::of(&[Field::Journal, Field::Language])).is_empty());
    let (scope, around) = match &node.kind {
        Kind::Term(term) => {
            if filter && around == Some(true) {
                let message = format!(
                    "`{}` limits one alternative only: put it around the whole query if that is meant",
                    term.text()
                );
                found.push(Diagnostic::warning("filter-in-part", &node.span, message));
            }
            return;
        }
        Kind::Limit { scope, .. } => (*scope, around),
        // Several journals as alternatives are one filter.
        Kind::Or(_) => (scope, around.or(Some(false))),
        Kind::And(_) => (scope, around.map(|_| true)),
        Kind::Not(_) => return,
        _ => (scope, around),
    };
    for child in node.children() {
        filters(child, scope, around, found);
    }
}
