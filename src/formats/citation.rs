//! Citations in one line, as CSV exports of `PubMed` and Embase and the text exports of Ovid have them.

use std::sync::LazyLock;

use regex::{Captures, Regex};

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

/// The shapes that Ovid's databases have, the most telling first.
static OVID: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        // `Forest Ecology & Management. 201(2-3):327-334, November 15, 2004.`, `J. Vol.43(5), Sep 2015, pp. 623-634.`
        r"^(?<venue>.+?)[.,]?\s+(?:Vol\.?\s*)?(?<volume>[0-9]+[A-Za-z]?)\((?<issue>[^:]*?)\)(?::(?<pages>[^,]+))?,\s*(?<date>[^:]*?[0-9]{4}[^:]*?)(?:, pp\. .*)?$",
        // `American Journal Of Industrial Medicine June 2015;58(6):688-696`
        r"^(?<venue>.+?)\.?\s(?<date>(?:[A-Z][a-z]+ )?(?:[0-9]{1,2},? )?[0-9]{4});\s*(?<volume>[0-9]+)(?:\((?<issue>[^)]*)\))?:\s*(?<pages>[^;]+)$",
        // `Journal of Political Studies 12, Winter 2007: 7-14.`
        r"^(?<venue>.+?),?\s(?<volume>[0-9]+)(?:\((?<issue>[^)]*)\))?,\s(?<date>[^:,]*[0-9]{4}):\s*(?<pages>[0-9][0-9-]*)",
        // `Journal of Current Affairs, 2013(1): 3-28.`
        r"^(?<venue>.+?),\s(?<date>[0-9]{4})\((?<issue>[^)]*)\):\s*(?<pages>[0-9][0-9-]*)",
        // `Hydrobiologia. 2007 15 June; 433-441.`
        r"^(?<venue>.+?)\.\s(?<date>[0-9]{4}[^;:]*);\s*(?<pages>[0-9]+-[0-9]+)",
        // `Methods in protein analysis.:359-370, 2004.`
        r"^(?:.*\]\. )?(?<venue>[^\]]+?)\.:(?<pages>[0-9][0-9-]*),\s*(?<date>[0-9]{4})",
        // `Neenan, Michael [Ed]. (2012). Coaching in practice. (pp. 11-31). xvii, 254 pp.`
        r"\((?<date>[0-9]{4})\)\. (?<venue>.+?)\. \(pp\. (?<pages>[^)]*)\)",
        // `Ecohydrology.`, while it is in press.
        r"^(?<venue>[^.0-9]+)\.$",
    ]
    .iter()
    .filter_map(|shape| Regex::new(shape).ok())
    .collect()
});

/// Where `pp. 623-634` follows the date.
static PAGES: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r", pp\. (?<pages>[0-9][^.,]*)").ok());

/// Reads a citation; `None` where it has neither shape.
pub(super) fn read(text: &str) -> Option<Citation> {
    let found = [&PUBMED, &EMBASE].into_iter().find_map(|shape| shape.as_ref()?.captures(text))?;
    Some(parts(&found))
}

/// Reads where a record of Ovid came out; `None` where it has none of its databases' shapes.
pub(super) fn of_ovid(text: &str) -> Option<Citation> {
    let text = text.trim();
    let mut cited = OVID.iter().find_map(|shape| shape.captures(text)).map(|found| parts(&found))?;
    if cited.pages.is_empty() {
        let pages = PAGES.as_ref().and_then(|shape| shape.captures(text));
        cited.pages = pages.and_then(|found| Some(found.name("pages")?.as_str().to_owned())).unwrap_or_default();
    }
    Some(cited)
}

fn parts(found: &Captures<'_>) -> Citation {
    let part = |name: &str| found.name(name).map(|part| part.as_str().trim().to_owned()).unwrap_or_default();
    Citation {
        venue: part("venue"),
        date: read_date(&part("date")),
        volume: part("volume").trim_end_matches('.').to_owned(),
        issue: part("issue").trim_end_matches('.').to_owned(),
        pages: part("pages").trim_end_matches('.').to_owned(),
    }
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

    #[test]
    fn the_shapes_of_ovid() {
        let told = |text: &str| {
            let cited = of_ovid(text).unwrap_or_default();
            let date = cited.date.map(|date| date.to_string()).unwrap_or_default();
            [cited.venue, cited.volume, cited.issue, cited.pages, date].join("|")
        };
        for (text, expected) in [
            ("Woodland & Water.   8(6):1048-1064, September 2015.", "Woodland & Water|8|6|1048-1064|2015-09"),
            (
                "Coast: The Journal. 201(2-3):327-334, November 15, 2004.",
                "Coast: The Journal|201|2-3|327-334|2004-11-15",
            ),
            ("Open Health. 10(2):e033458, 2020 02 18.", "Open Health|10|2|e033458|2020-02-18"),
            ("Mind and Method. Vol.43(5), Sep 2015, pp. 623-634. ", "Mind and Method|43|5|623-634|2015-09"),
            (
                "Abstracts A: Arts. Vol.75(2-A(E)),2014, pp. No Pagination Specified.",
                "Abstracts A: Arts|75|2-A(E)||2014",
            ),
            ("Journal Of Work Medicine June 2015;58(6):688-696", "Journal Of Work Medicine|58|6|688-696|2015-06"),
            ("Journal of Policy Studies 12, Winter 2007: 7-14.", "Journal of Policy Studies|12||7-14|2007"),
            ("Journal of Coastal Affairs, 2013(1): 3-28.", "Journal of Coastal Affairs||1|3-28|2013"),
            ("Lake Letters. 2007 15 June; 433-441.", "Lake Letters|||433-441|2007-06-15"),
            ("Gazette. 1288(3), Nov. 16, 2004.", "Gazette|1288|3||2004-11-16"),
            ("Ray, Ann [Editor]. Methods in care.:359-370, 2004.", "Methods in care|||359-370|2004"),
            (
                "Ray, Ann [Ed]. (2012). Care in practice: A guide. (pp. 11-31). xvii, 254 pp.",
                "Care in practice: A guide|||11-31|2012",
            ),
            ("Journal of Trauma Care. ", "Journal of Trauma Care||||"),
        ] {
            assert_eq!(told(text), expected, "{text}");
        }
        assert_eq!(of_ovid("in press"), None);
    }
}
