//! Known names, and the nearest one to a name that is not known.

/// The ids of all sources, in the interface's order. `sources::registry` holds the sources
/// themselves; `pipeline` checks one list against the other.
pub const SOURCE_IDS: &[&str] = &[
    "openalex",
    "crossref",
    "pubmed",
    "europepmc",
    "scopus",
    "wos",
    "semanticscholar",
    "arxiv",
    "doaj",
    "core",
    "datacite",
    "opencitations",
    "eric",
    "lens",
    "unpaywall",
    "plos",
    "springer",
    "ieee",
    "dimensions",
    "base",
    "govuk",
    "oaipmh",
    "wordpress",
    "sitemap",
    "feed",
];

/// Names that people use for a source and that are not its id.
const SOURCE_ALIASES: &[(&str, &str)] = &[
    ("webofscience", "wos"),
    ("isi", "wos"),
    ("medline", "pubmed"),
    ("ncbi", "pubmed"),
    ("epmc", "europepmc"),
    ("pmc", "europepmc"),
    ("elsevier", "scopus"),
    ("s2", "semanticscholar"),
    ("oai", "oaipmh"),
    ("rss", "feed"),
    ("atom", "feed"),
    ("gov", "govuk"),
];

/// The source that a wrong id most likely means.
pub(super) fn nearest_source(word: &str) -> Option<&'static str> {
    let folded = fold(word);
    let alias = SOURCE_ALIASES.iter().find(|(alias, _)| *alias == folded).map(|(_, id)| *id);
    alias.or_else(|| nearest(word, SOURCE_IDS.iter().copied()))
}

/// The nearest of the known names, if one is near: at most a third of the letters differ (a
/// transposition counts once), or one name begins with the other. Case, spaces, hyphens, underscores
/// and dots are not compared. Of equally near names, the first.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = fold(word);
    if word.is_empty() {
        return None;
    }
    let mut best: Option<(usize, &'a str)> = None;
    for name in known {
        let folded = fold(name);
        let longest = word.chars().count().max(folded.chars().count());
        let shortest = word.chars().count().min(folded.chars().count());
        let begins = shortest >= 3 && (folded.starts_with(&word) || word.starts_with(&folded));
        let distance = rapidfuzz::distance::osa::distance(word.chars(), folded.chars());
        let near = distance <= (longest / 3).max(1) && distance < longest;
        if (near || begins) && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, name));
        }
    }
    best.map(|(_, name)| name)
}

fn fold(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, ' ' | '-' | '_' | '.')).flat_map(char::to_lowercase).collect()
}

/// `a, b and c`.
pub(super) fn list<'a>(names: impl IntoIterator<Item = &'a str>, joint: &str) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    match names.split_last() {
        None => String::new(),
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} {joint} {last}", others.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found() {
        let keys = ["title", "contact", "version", "known"];
        assert_eq!(nearest("titel", keys), Some("title"));
        assert_eq!(nearest("contakt", keys), Some("contact"));
        assert_eq!(nearest("xyz", keys), None);
        assert_eq!(nearest("", keys), None);
        assert_eq!(nearest_source("Web of Science"), Some("wos"));
        assert_eq!(nearest_source("pubmd"), Some("pubmed"));
        assert_eq!(nearest_source("europe-pmc"), Some("europepmc"));
        assert_eq!(nearest("journal article", ["journal-article", "other"]), Some("journal-article"));
    }

    #[test]
    fn lists_read_as_a_sentence() {
        assert_eq!(list(["a"], "or"), "a");
        assert_eq!(list(["a", "b", "c"], "or"), "a, b or c");
    }
}
