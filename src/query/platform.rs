//! The platforms whose syntax is written and read.

use std::fmt;
use std::str::FromStr;

/// A syntax that queries are read from or written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Platform {
    Gleaner,
    PubMed,
    Wos,
    Scopus,
    OpenAlex,
    Crossref,
    EuropePmc,
    GovUk,
}

impl Platform {
    /// Every platform that is written.
    pub const ALL: [Self; 8] = [
        Self::Gleaner,
        Self::PubMed,
        Self::Wos,
        Self::Scopus,
        Self::OpenAlex,
        Self::Crossref,
        Self::EuropePmc,
        Self::GovUk,
    ];

    /// The name that flags take.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gleaner => "gleaner",
            Self::PubMed => "pubmed",
            Self::Wos => "wos",
            Self::Scopus => "scopus",
            Self::OpenAlex => "openalex",
            Self::Crossref => "crossref",
            Self::EuropePmc => "europepmc",
            Self::GovUk => "govuk",
        }
    }

    /// The name that people know.
    pub fn title(self) -> &'static str {
        match self {
            Self::Gleaner => "gleaner",
            Self::PubMed => "PubMed",
            Self::Wos => "Web of Science",
            Self::Scopus => "Scopus",
            Self::OpenAlex => "OpenAlex",
            Self::Crossref => "Crossref",
            Self::EuropePmc => "Europe PMC",
            Self::GovUk => "GOV.UK",
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Names of the interface whose syntax is not written yet.
const NOT_YET: [&str; 22] = [
    "ovid",
    "ebsco",
    "proquest",
    "cochrane",
    "embase",
    "arxiv",
    "lucene",
    "semanticscholar",
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
    "oaipmh",
    "wordpress",
];

impl FromStr for Platform {
    type Err = String;

    /// Reads a platform's name or alias, or a source's id; case does not matter.
    fn from_str(name: &str) -> Result<Self, String> {
        let lower = name.trim().to_ascii_lowercase();
        let canonical = match lower.as_str() {
            "medline" => "ovid",
            "ebscohost" => "ebsco",
            "webofscience" | "web-of-science" => "wos",
            other => other,
        };
        if let Some(platform) = Self::ALL.into_iter().find(|platform| platform.name() == canonical) {
            return Ok(platform);
        }
        let known = Self::ALL.map(Self::name).join(", ");
        if NOT_YET.contains(&canonical) || matches!(canonical, "sitemap" | "feed") {
            return Err(format!("the syntax of {canonical} is not supported yet; supported are {known}"));
        }
        Err(format!("no platform is called `{name}`; supported are {known}"))
    }
}
