//! The platforms whose syntax is read and written.

use std::fmt;
use std::str::FromStr;

macro_rules! platforms {
    ($($variant:ident = $name:literal, $title:literal;)*) => {
        /// A syntax that queries are read from or written in.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Platform { $($variant),* }

        impl Platform {
            /// Every platform.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name that flags take.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// The name that people know.
            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),* }
            }
        }
    };
}

platforms! {
    Gleaner = "gleaner", "gleaner";
    PubMed = "pubmed", "PubMed";
    Ovid = "ovid", "Ovid";
    Wos = "wos", "Web of Science";
    Scopus = "scopus", "Scopus";
    Ebsco = "ebsco", "EBSCOhost";
    ProQuest = "proquest", "ProQuest";
    Cochrane = "cochrane", "Cochrane Library";
    Embase = "embase", "Embase.com";
    Arxiv = "arxiv", "arXiv";
    Lucene = "lucene", "Lucene";
    EuropePmc = "europepmc", "Europe PMC";
    OpenAlex = "openalex", "OpenAlex";
    Crossref = "crossref", "Crossref";
    SemanticScholar = "semanticscholar", "Semantic Scholar";
    Eric = "eric", "ERIC";
    Lens = "lens", "Lens";
    Ieee = "ieee", "IEEE Xplore";
    Springer = "springer", "Springer Nature";
    DataCite = "datacite", "DataCite";
    Base = "base", "BASE";
    Doaj = "doaj", "DOAJ";
    Core = "core", "CORE";
    Plos = "plos", "PLOS";
    Dimensions = "dimensions", "Dimensions";
    GovUk = "govuk", "GOV.UK";
    Findpapers = "findpapers", "findpapers";
}

impl Platform {
    /// Whether queries are read in its syntax.
    pub fn is_read(self) -> bool {
        matches!(
            self,
            Self::Gleaner
                | Self::PubMed
                | Self::Ovid
                | Self::Cochrane
                | Self::Embase
                | Self::Wos
                | Self::Scopus
                | Self::Ebsco
                | Self::ProQuest
                | Self::Findpapers
                | Self::Lucene
                | Self::EuropePmc
                | Self::Doaj
                | Self::Core
                | Self::Arxiv
        )
    }

    /// Whether queries are written in its syntax.
    pub fn is_written(self) -> bool {
        matches!(
            self,
            Self::Gleaner
                | Self::PubMed
                | Self::Ovid
                | Self::Cochrane
                | Self::Embase
                | Self::Wos
                | Self::Scopus
                | Self::Ebsco
                | Self::ProQuest
                | Self::OpenAlex
                | Self::Crossref
                | Self::EuropePmc
                | Self::GovUk
                | Self::Lucene
                | Self::Arxiv
                | Self::Doaj
                | Self::Core
                | Self::Plos
                | Self::DataCite
                | Self::Eric
                | Self::Base
                | Self::Lens
                | Self::Ieee
                | Self::Springer
                | Self::SemanticScholar
                | Self::Dimensions
        )
    }

    /// Every platform that is read.
    pub fn read() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|platform| platform.is_read())
    }

    /// Every platform that is written.
    pub fn written() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|platform| platform.is_written())
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Platform {
    type Err = String;

    /// Reads a platform's name or alias; case does not matter.
    fn from_str(name: &str) -> Result<Self, String> {
        let lower = name.trim().to_ascii_lowercase();
        let canonical = match lower.as_str() {
            "medline" => "ovid",
            "ebscohost" => "ebsco",
            "webofscience" | "web-of-science" => "wos",
            other => other,
        };
        Self::ALL.iter().copied().find(|platform| platform.name() == canonical).ok_or_else(|| {
            let known = Self::ALL.iter().map(|platform| platform.name()).collect::<Vec<_>>().join(", ");
            format!("no platform is called `{name}`; there are {known}")
        })
    }
}
