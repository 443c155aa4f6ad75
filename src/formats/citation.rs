//! Citations in one line, as CSV exports of `PubMed` and Embase have them.

use std::sync::LazyLock;

use regex::Regex;

use super::dates::read_date;
use crate::model::PartialDate;

/// The parts of a citation; those it lacks are empty.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Citation {
    pub(super) venue: String,
    pub(super) date: Option<PartialDate>,
    pub(super) volume: String,
    pub(super) issue: String,
    pub(super) pages: String,
}

/// `Eur J Med Genet. 2020 Feb;63(2):103640. doi: …`
static PUBMED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?<venue>[^.;]+(?:\([^)]*\))?)\.\s(?<date>\d{4}[^;:.]*);(?<volume>[^(:;.]*)(?:\((?<issue>[^)]*)\))?(?::(?<pages>[^.;]*))?").ok()
});

/// `Endoscopic Ultrasound (2014) 3:3 (152-160). Date of Publication: 2014`
static EMBASE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^(?<venue>.+?) \((?<date>\d{4})\)(?: (?<volume>[^\s:(]+)(?::(?<issue>\S+))?)?(?: \((?<pages>[^)]*)\))?",
    )
    .ok()
});

/// Reads a citation; `None` where it has neither shape.
pub(super) fn read(text: &str) -> Option<Citation> {
    let found = [&PUBMED, &EMBASE].into_iter().find_map(|shape| shape.as_ref()?.captures(text))?;
    let part = |name: &str| found.name(name).map(|part| part.as_str().trim().to_owned()).unwrap_or_default();
    Some(Citation {
        venue: part("venue"),
        date: read_date(&part("date")),
        volume: part("volume").trim_end_matches('.').to_owned(),
        issue: part("issue").trim_end_matches('.').to_owned(),
        pages: part("pages"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_shapes() {
        let cited = read("Eur J Med Genet. 2020 Feb;63(2):103640. doi: 10.1016/x. Epub 2019 Mar 25.").unwrap();
        assert_eq!(
            (cited.venue.as_str(), cited.volume.as_str(), cited.pages.as_str()),
            ("Eur J Med Genet", "63", "103640")
        );
        assert_eq!(cited.date.map(|date| date.to_string()).as_deref(), Some("2020-02"));
        let cited = read("Endoscopic Ultrasound (2014) 3:3 (152-160). Date of Publication: 2014").unwrap();
        assert_eq!(
            (cited.venue.as_str(), cited.issue.as_str(), cited.pages.as_str()),
            ("Endoscopic Ultrasound", "3", "152-160")
        );
        assert_eq!(read("Scopus"), None);
    }
}
