//! A synthetic corpus, generated from a fixed seed: scholarly works as six databases hold them, pages
//! of two websites, references and case studies that people sent.
//!
//! Nothing in it is real: places are, but no work, author, journal or finding is. Its batches are
//! chosen so that the review at the project's root, run on it, arrives at the published table. No
//! number of that table is known to anything else: with one record changed here, the table changes.

pub mod cases;
pub mod prose;
pub mod scholarly;
pub mod titles;
pub mod vocabulary;
pub mod web;
pub mod work;

use fastrand::Rng;

pub use prose::Topic;
pub use work::{
    ASSETS, Database, Day, Delivery, Holding, Person, Quirks, REPORTS, REPOSITORY, Reference, SITE, Shelf,
    SubmittedFile, WebDocument, Work,
};

/// The seed of everything by chance.
const SEED: u64 = 0x1960_2023;

/// Everything that the stand-ins serve and the demo's folder holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Corpus {
    pub works: Vec<Work>,
    pub documents: Vec<WebDocument>,
    pub references: Vec<Reference>,
    pub submissions: Vec<SubmittedFile>,
}

impl Corpus {
    /// The corpus: the same at every call, on every machine.
    pub fn generate() -> Self {
        let mut rng = Rng::with_seed(SEED);
        let mut titles = titles::Titles::default();
        let works = scholarly::works(&mut rng, &mut titles);
        let documents = web::documents(&mut rng, &mut titles);
        let references = web::references(&documents);
        let submissions = cases::files(&mut rng, &mut titles);
        Self { works, documents, references, submissions }
    }

    /// What members sent, as a RIS file.
    pub fn members_ris(&self) -> String {
        let mut out = String::new();
        for reference in &self.references {
            let Some(document) = self.documents.get(reference.document) else {
                continue;
            };
            let Day { year, month, day } = document.date;
            out.push_str(&format!(
                "TY  - {}\r\nTI  - {}\r\nAU  - {}\r\nPY  - {year}\r\nDA  - {year}/{month:02}/{day:02}/\r\n\
                 PB  - {}\r\nUR  - {}\r\nER  - \r\n\r\n",
                reference.ris_type,
                reference.title,
                document.organisation,
                document.organisation,
                document.url()
            ));
        }
        out
    }
}

impl WebDocument {
    /// Its address. GOV.UK's is the real site's: the stand-in answers in its place.
    pub fn url(&self) -> String {
        match self.shelf {
            Shelf::GovUk => format!("https://www.gov.uk{}", self.path),
            Shelf::Site => format!("http://{SITE}{}", self.path),
            Shelf::Report => {
                format!("http://{REPORTS}{}{}", self.path, if self.as_pdf { ".pdf" } else { "" })
            }
        }
    }
}

#[cfg(test)]
mod tests;
