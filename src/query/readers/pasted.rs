//! What was copied with a query from a platform's page and is no part of it: its name before the
//! query, and what it says of the search behind it.

use std::borrow::Cow;

use crate::query::{Diagnostic, Platform, Span};

/// Names that stand before a query with a colon behind them.
const NAMES: &[&str] = &[
    "web of science core collection",
    "web of science",
    "wos",
    "pubmed",
    "medline",
    "scopus",
    "ebscohost",
    "ebsco",
    "cinahl",
    "ovid",
    "proquest",
    "cochrane library",
    "cochrane",
    "embase",
    "search string",
    "search query",
    "search strategy",
];
/// How what stands behind a query begins, on a line of its own or behind white space.
const NOTES: &[&str] = &[
    "timespan:",
    "timespan=",
    "indexes:",
    "indexes=",
    "refined by:",
    "databases:",
    "search modes -",
    "limiters -",
    "expanders -",
    "interface -",
];

/// Where a query has such text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Pasted {
    before: Option<Span>,
    behind: Option<Span>,
}

/// Looks for it. Web of Science's own `Timespan=` and `Indexes=` are left to its reader, which reads
/// the years in them.
pub(super) fn around(text: &str, platform: Platform) -> Pasted {
    let start = text.len() - text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}').len();
    let name = NAMES.iter().find_map(|name| {
        let beginning = text.get(start..start + name.len())?;
        let rest = &text[start + name.len()..];
        let colon = rest.trim_start_matches(' ').strip_prefix(':')?;
        // `pubmed:x` without a space might be a field.
        let separate = colon.starts_with(char::is_whitespace) && !colon.trim().is_empty();
        (beginning.eq_ignore_ascii_case(name) && separate).then(|| text.len() - colon.trim_start().len())
    });
    let before = name.map(|end| start..end);
    let lower = text.to_ascii_lowercase();
    let from = before.as_ref().map_or(start, |before| before.end);
    let notes = NOTES.iter().filter(|note| platform != Platform::Wos || !note.ends_with('='));
    let notes = notes.filter_map(|note| {
        let at = lower[from..].find(note)? + from;
        let query = text[from..at].trim_end();
        let parted = text[..at].ends_with(char::is_whitespace) && !query.is_empty();
        // Not within a phrase.
        let whole = query.matches('"').count().is_multiple_of(2);
        (parted && whole).then(|| from + query.len())
    });
    let behind = notes.min().map(|start| start..text.trim_end().len());
    Pasted { before, behind }
}

impl Pasted {
    /// The text with spaces in its place, so that all else stands where it stood.
    pub fn blanked<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut blank = Cow::Borrowed(text);
        for span in [&self.before, &self.behind].into_iter().flatten() {
            blank.to_mut().replace_range(span.clone(), &" ".repeat(span.len()));
        }
        blank
    }

    /// What is told of it.
    pub fn told(&self) -> Vec<Diagnostic> {
        let before = self.before.iter().map(|span| {
            let message = "this is no part of the query and is left out; --from says which platform it is for";
            Diagnostic::warning("platform-name", span, message).fixed_by(span, "")
        });
        let behind = self.behind.iter().map(|span| {
            let message = "this is no part of the query and is left out: write limits into the query";
            Diagnostic::warning("unsupported-suffix", span, message).fixed_by(span, "")
        });
        before.chain(behind).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Pasted, around};
    use crate::query::Platform;

    #[test]
    fn what_is_no_query() {
        let left = |text: &'static str| around(text, Platform::Gleaner).blanked(text).trim().to_owned();
        assert_eq!(left("Web of Science: TS=asthma"), "TS=asthma");
        assert_eq!(left("TS=asthma \nTimespan: All years. Indexes: SCI-EXPANDED"), "TS=asthma");
        assert_eq!(left("EBSCOHost: a AND b"), "a AND b");
        assert_eq!(left("TS=x\nIndexes=SSCI"), "TS=x");
        assert_eq!(around("TS=x\nIndexes=SSCI", Platform::Wos), Pasted::default());
        for text in ["pubmed:x", "title: asthma", "\"a limiters - b\"", "scopus:", "medline AND x", "Timespan: x"] {
            assert_eq!(left(text), text);
        }
    }
}
