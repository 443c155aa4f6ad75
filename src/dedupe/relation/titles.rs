//! Titles that name another document, and the titles by which documents are named.

use super::FEWEST_WORDS;
use crate::model::Record;
use crate::text::words;

/// What a title says that its document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Erratum,
    Retraction,
    Protocol,
    Update,
}

impl Mark {
    /// The mark in words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Erratum => "an erratum",
            Self::Retraction => "a retraction",
            Self::Protocol => "a protocol",
            Self::Update => "an update",
        }
    }
}

/// The forms of a title under which it is looked up, compact (letters and digits only, folded).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TitleKeys {
    pub mark: Option<Mark>,
    /// Without the mark.
    pub whole: String,
    /// What stands before the last colon, where that is a title by itself: a subtitle says what kind of study
    /// it is, and a protocol's says another thing than its article's.
    pub head: Option<String>,
}

impl TitleKeys {
    /// Every form, each once.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.whole.as_str()).chain(self.head.as_deref())
    }
    /// Whether the marked title's words name this one.
    pub fn is_named_by(&self, marked: &Self) -> bool {
        let named = self.whole == marked.whole;
        let by_head = marked.mark == Some(Mark::Protocol) && self.head.as_deref() == Some(marked.whole.as_str());
        named || by_head
    }
}

/// A title's letters and digits, folded.
pub fn compact(text: &str) -> String {
    words(text).concat()
}

/// The keys of a title; `None` where it is too short to name one document.
pub fn keys(title: &str) -> Option<TitleKeys> {
    let (body, mut mark) = without_brackets(title.trim());
    let (body, before) = without_prefix(body);
    mark = before.or(mark);
    let (body, after) = without_suffix(body);
    mark = mark.or(after);
    let all = words(body);
    if all.len() < FEWEST_WORDS {
        return None;
    }
    let head = body.rfind(": ").map(|at| words(&body[..at])).filter(|head| head.len() >= FEWEST_WORDS);
    Some(TitleKeys { mark, whole: all.concat(), head: head.filter(|_| mark.is_none()).map(|head| head.concat()) })
}

/// Takes off what databases put in brackets at the end; `(vol 85, pg 553, 2010)` is an erratum's address.
fn without_brackets(text: &str) -> (&str, Option<Mark>) {
    let mut body = text;
    let mut mark = None;
    loop {
        let bare = body.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '.' | ',' | ';'));
        let opening = match bare.chars().last() {
            Some(']') => '[',
            Some(')') => '(',
            _ => return (body, mark),
        };
        let Some(start) = bare.rfind(opening).filter(|start| *start > 0) else { return (body, mark) };
        let inside = words(&bare[start..]);
        let first = inside.first().map_or("", String::as_str);
        let address = first == "vol" && inside.len() > 3;
        if !(opening == '[' || address || matches!(first, "erratum" | "corrigendum" | "correction")) {
            return (body, mark);
        }
        let corrects = matches!(first, "erratum" | "corrigendum" | "correction") && inside.len() == 1;
        if address || corrects {
            mark = Some(Mark::Erratum);
        }
        body = bare[..start].trim_end();
    }
}

/// Openings that announce a notice; `RETRACTED:` is the retracted article itself and no mark.
const OPENINGS: &[(&str, Mark)] = &[
    ("author correction to", Mark::Erratum),
    ("publisher correction to", Mark::Erratum),
    ("author correction", Mark::Erratum),
    ("publisher correction", Mark::Erratum),
    ("publisher s correction", Mark::Erratum),
    ("correction to", Mark::Erratum),
    ("correction", Mark::Erratum),
    ("corrections to", Mark::Erratum),
    ("erratum to", Mark::Erratum),
    ("erratum for", Mark::Erratum),
    ("erratum", Mark::Erratum),
    ("errata to", Mark::Erratum),
    ("errata", Mark::Erratum),
    ("corrigendum to", Mark::Erratum),
    ("corrigendum for", Mark::Erratum),
    ("corrigendum", Mark::Erratum),
    ("addendum to", Mark::Erratum),
    ("addendum", Mark::Erratum),
    ("retraction notice to", Mark::Retraction),
    ("retraction notice", Mark::Retraction),
    ("retraction note to", Mark::Retraction),
    ("retraction note", Mark::Retraction),
    ("notice of retraction", Mark::Retraction),
    ("retraction of", Mark::Retraction),
    ("retraction", Mark::Retraction),
    ("expression of concern", Mark::Retraction),
    ("study protocol for", Mark::Protocol),
    ("study protocol", Mark::Protocol),
    ("protocol for", Mark::Protocol),
    ("protocol of", Mark::Protocol),
    ("update of", Mark::Update),
    ("update to", Mark::Update),
];

fn without_prefix(text: &str) -> (&str, Option<Mark>) {
    for (opening, mark) in OPENINGS {
        if let Some(rest) = after_words(text, opening) {
            let rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '(' | '['));
            return (rest, Some(*mark));
        }
    }
    (text, None)
}

/// What follows the given words (folded, one space between) at a text's beginning.
fn after_words<'a>(text: &'a str, wanted: &str) -> Option<&'a str> {
    let mut rest = text;
    for word in wanted.split(' ') {
        rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
        let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
        if !rest[..end].eq_ignore_ascii_case(word) {
            return None;
        }
        rest = &rest[end..];
    }
    Some(rest)
}

/// A subtitle that says what the document is: `: a study protocol`, `: protocol for a cluster trial`, `: an update`.
fn without_suffix(text: &str) -> (&str, Option<Mark>) {
    let at = [": ", " - ", " – ", " — ", ". "].iter().filter_map(|sign| text.trim_end_matches('.').rfind(sign)).max();
    let Some(at) = at else { return (text, None) };
    let tail = words(&text[at..]);
    let mark = match tail.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["erratum" | "corrigendum" | "correction"] => Mark::Erratum,
        ["update"] | ["an", "update"] => Mark::Update,
        tail if tail.len() <= 14 && tail.contains(&"protocol") => Mark::Protocol,
        _ => return (text, None),
    };
    (&text[..at], Some(mark))
}

/// Whether `a` is a later version than `b` of one Cochrane review: `10.1002/14651858.CD001234.pub2`.
pub fn newer_version(a: &Record, b: &Record) -> Option<String> {
    let read = |record: &Record| -> Option<(String, u32)> {
        let doi = record.identifiers.doi.as_deref()?.strip_prefix("10.1002/14651858.")?.to_owned();
        let (number, version) = doi.split_once(".pub").unwrap_or((&doi, "1"));
        Some((number.to_owned(), version.parse().ok()?))
    };
    let ((one, newer), (other, older)) = (read(a)?, read(b)?);
    (one == other && newer > older).then(|| format!("versions {newer} and {older} of {}", one.to_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_names_its_document() {
        let plain = keys("Walking groups and loneliness in coastal towns").unwrap();
        assert_eq!(plain.mark, None);
        for (title, mark) in [
            ("Erratum: Walking groups and loneliness in coastal towns", Mark::Erratum),
            ("Correction to: Walking groups and loneliness in coastal towns.", Mark::Erratum),
            ("Corrigendum to \"Walking groups and loneliness in coastal towns\" [J Walk 4 (2020) 1-9]", Mark::Erratum),
            ("Walking groups and loneliness in coastal towns (vol 4, pg 1, 2020)", Mark::Erratum),
            ("Retraction notice to 'Walking groups and loneliness in coastal towns'", Mark::Retraction),
            ("Walking groups and loneliness in coastal towns: study protocol for a cluster trial", Mark::Protocol),
            ("Protocol for walking groups and loneliness in coastal towns", Mark::Protocol),
            ("Walking groups and loneliness in coastal towns: an update", Mark::Update),
        ] {
            let marked = keys(title).unwrap();
            assert_eq!(marked.mark, Some(mark), "{title}");
            assert!(plain.is_named_by(&marked), "{title}: {marked:?}");
        }
        assert_eq!(keys("RETRACTED: Walking groups and loneliness in coastal towns").unwrap().mark, None);
        assert_eq!(keys("Walking groups and loneliness in coastal towns [Erratum appears in X]").unwrap(), plain);
    }

    #[test]
    fn a_protocol_names_its_article_by_the_head_of_the_title() {
        let article = keys("Walking groups and loneliness in towns: a cluster randomised trial").unwrap();
        let protocol = keys("Walking groups and loneliness in towns: a study protocol").unwrap();
        assert!(article.is_named_by(&protocol));
        let erratum = keys("Erratum: Walking groups and loneliness in towns").unwrap();
        assert!(!article.is_named_by(&erratum), "a notice gives the whole title");
    }

    #[test]
    fn short_titles_name_nothing() {
        assert_eq!(keys("Erratum"), None);
        assert_eq!(keys("Correction: Editorial"), None);
    }
}
