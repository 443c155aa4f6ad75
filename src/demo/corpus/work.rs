//! What the corpus is made of: scholarly works, pages of websites, references that members sent,
//! case studies.

use super::prose::Topic;
use crate::model::{PartialDate, WorkType};

/// The databases that hold scholarly works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Database {
    Scopus,
    Wos,
    OpenAlex,
    Crossref,
    PubMed,
    EuropePmc,
}

/// A day. The corpus knows every work's to the day; what a database tells of it differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    pub year: i32,
    pub month: u32,
    pub day: u32,
}

impl Day {
    /// `2021-03-09`.
    pub fn iso(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
    /// The same as the model's date.
    pub fn partial(self) -> Option<PartialDate> {
        PartialDate::new(self.year, Some(self.month), Some(self.day))
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub given: &'static str,
    pub family: &'static str,
}

impl Person {
    /// `CM` of `Clara Maud`; hyphens count as spaces.
    pub fn initials(&self) -> String {
        self.given.split([' ', '-']).filter_map(|part| part.chars().next()).collect()
    }
}

/// How one database's record differs from the work: the mess of the real thing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quirks {
    pub no_doi: bool,
    pub upper_case_title: bool,
    /// `[Erratum appears in …]` at the title's end.
    pub erratum_note: bool,
    /// `&` for `and`.
    pub ampersand: bool,
    /// Without diacritics.
    pub plain_letters: bool,
    /// The issue's year, one after that of first publication.
    pub year_later: bool,
    pub no_abstract: bool,
}

/// One database's record of a work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    pub database: Database,
    pub quirks: Quirks,
}

/// How a work's full text is to be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Delivery {
    /// As JATS at Europe PMC, and as a page of the publisher's.
    Jats,
    /// A PDF that is named as such.
    Pdf,
    /// The landing page holds the text.
    Page,
    /// The landing page names the PDF in its metadata.
    PageNamesPdf,
    /// The publisher answers with a login page; a repository holds the PDF.
    LoginFirst,
    /// The publisher fails once and then serves the page.
    FailsOnce,
}

/// A scholarly work.
#[derive(Clone, Debug, PartialEq)]
pub struct Work {
    /// Its place in the corpus; ids are made of it.
    pub number: usize,
    pub title: String,
    pub abstract_text: Option<String>,
    /// The authors' keywords.
    pub keywords: Vec<String>,
    /// What the databases index it under; found by a search, not always shown.
    pub index_terms: Vec<String>,
    pub authors: Vec<Person>,
    pub venue: &'static str,
    pub publisher: &'static str,
    pub issn: &'static str,
    pub volume: u32,
    pub issue: u32,
    pub first_page: u32,
    pub date: Day,
    pub kind: WorkType,
    pub topic: Topic,
    pub doi: String,
    pub holdings: Vec<Holding>,
    /// Numbers of the works that it cites.
    pub cites: Vec<usize>,
    /// Titled sections.
    pub body: Vec<(String, String)>,
    pub delivery: Delivery,
}

impl Work {
    /// Its record in a database, if that holds it.
    pub fn holding(&self, database: Database) -> Option<&Holding> {
        self.holdings.iter().find(|holding| holding.database == database)
    }
    /// `W…`.
    pub fn openalex_id(&self) -> String {
        format!("W{}", 4_390_000_000 + self.number)
    }
    /// `2-s2.0-…` without its head.
    pub fn scopus_id(&self) -> String {
        (85_100_000_000 + self.number).to_string()
    }
    /// `WOS:…`.
    pub fn wos_id(&self) -> String {
        format!("WOS:{:015}", 700_100_000 + self.number)
    }
    pub fn pmid(&self) -> String {
        (61_000_000 + self.number).to_string()
    }
    /// `PMC…`, where Europe PMC has the full text.
    pub fn pmcid(&self) -> Option<String> {
        (self.delivery == Delivery::Jats).then(|| format!("PMC{}", 41_000_000 + self.number))
    }
    /// The publisher's host name.
    pub fn host(&self) -> &'static str {
        match self.publisher {
            "Harbour Press" => "harbour-press.test",
            "Lantern Open" => "lantern-open.test",
            "Weir & Sons" => "weir-and-sons.test",
            _ => "kestrel-academic.test",
        }
    }
    /// The landing page at the publisher's.
    pub fn landing_page(&self) -> String {
        format!("http://{}/article/{}", self.host(), self.number)
    }
    /// The PDF, where there is one: at the publisher's or, behind a login page, at the repository.
    pub fn pdf_url(&self) -> Option<String> {
        match self.delivery {
            Delivery::Pdf | Delivery::PageNamesPdf => Some(format!("http://{}/pdf/{}.pdf", self.host(), self.number)),
            Delivery::LoginFirst => Some(format!("http://{REPOSITORY}/{}.pdf", self.number)),
            Delivery::Jats | Delivery::Page | Delivery::FailsOnce => None,
        }
    }
    /// The title as a database spells it.
    pub fn title_in(&self, quirks: &Quirks) -> String {
        let mut title = self.title.clone();
        if quirks.ampersand {
            title = title.replace(" and ", " & ");
        }
        if quirks.plain_letters {
            title = deunicode::deunicode(&title);
        }
        if quirks.upper_case_title {
            title = title.to_uppercase();
        }
        if quirks.erratum_note {
            title
                .push_str(&format!(" [Erratum appears in {}. {};{}:{}]", self.venue, self.date.year, self.volume, 400));
        }
        title
    }
    /// A family name as a database spells it.
    pub fn family_in(&self, person: &Person, quirks: &Quirks) -> String {
        if quirks.plain_letters { deunicode::deunicode(person.family) } else { person.family.to_owned() }
    }
    /// The abstract as a database has it.
    pub fn abstract_in(&self, quirks: &Quirks) -> Option<&str> {
        if quirks.no_abstract { None } else { self.abstract_text.as_deref() }
    }
    /// The year of the issue as a database tells it.
    pub fn year_in(&self, quirks: &Quirks) -> i32 {
        self.date.year + i32::from(quirks.year_later)
    }
    /// What a search of a database looks at: title, abstract, keywords, index terms.
    pub fn indexed_text(&self) -> String {
        let mut text = self.title.clone();
        for part in self.abstract_text.iter().chain(&self.keywords).chain(&self.index_terms) {
            text.push_str(" . ");
            text.push_str(part);
        }
        text
    }
    /// `112-125`.
    pub fn pages(&self) -> String {
        format!("{}-{}", self.first_page, self.first_page + 13)
    }
}

/// The repository's host name.
pub const REPOSITORY: &str = "repository.gleaner-demo.test";
/// Where members' references lie.
pub const REPORTS: &str = "reports.gleaner-demo.test";
/// The website that is searched by its sitemap.
pub const SITE: &str = "community-voices.test";
/// Attachments of the government's site.
pub const ASSETS: &str = "assets.gleaner-demo.test";

/// Where a page of the web lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shelf {
    GovUk,
    Site,
    /// Named by members; on a host of its own.
    Report,
}

/// A page or document of the web.
#[derive(Clone, Debug, PartialEq)]
pub struct WebDocument {
    pub number: usize,
    pub shelf: Shelf,
    /// `/government/publications/…`.
    pub path: String,
    pub title: String,
    pub description: String,
    pub organisation: &'static str,
    pub date: Day,
    /// GOV.UK's document type (`research`, `guidance` …), or the page's kind.
    pub format: &'static str,
    pub topic: Topic,
    pub body: Vec<(String, String)>,
    /// Whether the text lies in a PDF that the page links to.
    pub as_pdf: bool,
}

/// A reference in a list that a member sent: one of the web documents, as somebody typed it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// Number of the web document.
    pub document: usize,
    /// RIS type (`RPRT`, `BLOG`, `VIDEO` …).
    pub ris_type: &'static str,
    /// The title as typed.
    pub title: String,
}

/// A file that somebody sent after the call-out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubmittedFile {
    /// Name within the submissions folder.
    pub name: String,
    pub bytes: Vec<u8>,
    /// How many case studies it holds.
    pub case_studies: usize,
}
