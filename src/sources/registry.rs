//! The one list of sources.

use super::Source;

/// Every source, in the order of the interface's list of ids.
pub const SOURCES: &[&dyn Source] = &[
    // Databases.
    &super::openalex::OpenAlex,
    &super::crossref::Crossref,
    &super::pubmed::PubMed,
    &super::europepmc::EuropePmc,
    &super::scopus::Scopus,
    &super::wos::Wos,
    &super::semanticscholar::SemanticScholar,
    &super::arxiv::Arxiv,
    &super::doaj::Doaj,
    &super::core::Core,
    &super::datacite::DataCite,
    &super::opencitations::OpenCitations,
    &super::eric::Eric,
    &super::lens::Lens,
    &super::unpaywall::Unpaywall,
    &super::plos::Plos,
    &super::springer::Springer,
    &super::ieee::Ieee,
    &super::dimensions::Dimensions,
    &super::base::Base,
    // Website protocols.
    &super::websites::govuk::GovUk,
    &super::websites::sitemap::Sitemap,
];

/// The source of that id.
pub fn find(id: &str) -> Option<&'static dyn Source> {
    SOURCES.iter().copied().find(|source| source.info().id == id)
}
