//! The addresses where a work may lie.

use url::Url;

use super::Service;
use crate::model::{Identifiers, Location, LocationKind, Record};
use crate::net::Request;

/// An address to try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub url: Url,
    /// Who named it.
    pub origin: String,
    /// Whether it came out of a record, page or answer rather than from config.
    pub found: bool,
}

impl Place {
    /// An address out of a record or page.
    pub fn found(url: Url, origin: String) -> Self {
        Self { url, origin, found: true }
    }
    /// The request for it.
    pub fn request(&self) -> Request {
        let request = Request { found: self.found, ..Request::get(self.url.clone()) };
        request.header("accept", "application/xml, application/pdf, text/html;q=0.9, */*;q=0.5")
    }
    /// What makes it the same place as another.
    pub fn identity(&self) -> String {
        identity(&self.url)
    }
}

/// An address without scheme, fragment and closing slash: `http` and `https` are one place.
pub fn identity(url: &Url) -> String {
    let mut url = url.clone();
    url.set_fragment(None);
    let text = url.as_str();
    text.split_once("://").map_or(text, |(_, rest)| rest).trim_end_matches('/').to_owned()
}

/// All identifiers of a work's records: of each kind the first in the order of the records.
pub fn identifiers(records: &[Record]) -> Identifiers {
    let mut all = Identifiers::default();
    for ids in records.iter().map(|record| &record.identifiers) {
        let pairs = [
            (&mut all.doi, &ids.doi),
            (&mut all.pmid, &ids.pmid),
            (&mut all.pmcid, &ids.pmcid),
            (&mut all.openalex, &ids.openalex),
            (&mut all.scopus, &ids.scopus),
            (&mut all.wos, &ids.wos),
            (&mut all.arxiv, &ids.arxiv),
        ];
        for (kept, new) in pairs {
            if kept.is_none() {
                kept.clone_from(new);
            }
        }
    }
    all
}

/// Whether a service knows works by an identifier that this one has.
pub fn can_be_asked(source_id: &str, ids: &Identifiers) -> bool {
    match source_id {
        "europepmc" => ids.pmcid.is_some() || ids.pmid.is_some() || ids.doi.is_some(),
        "openalex" => ids.openalex.is_some() || ids.doi.is_some() || ids.pmid.is_some(),
        _ => ids.doi.is_some(),
    }
}

/// Locations in the order they are tried: JATS, then PDF, then what may be either, then pages; of
/// one kind the published version first.
pub fn of_locations(locations: &[Location], origin: &str, service: Option<&Service>) -> Vec<Place> {
    let kind = |location: &Location| match location.kind {
        LocationKind::Jats => 0,
        LocationKind::Pdf => 1,
        LocationKind::Unknown => 2,
        LocationKind::Html => 3,
    };
    let version = |location: &Location| match location.version.as_deref() {
        Some("published") => 0,
        None => 1,
        Some("accepted") => 2,
        Some(_) => 3,
    };
    let mut sorted: Vec<&Location> = locations.iter().collect();
    sorted.sort_by_key(|location| (kind(location), version(location)));
    sorted
        .into_iter()
        .filter_map(|location| address(&location.url))
        .map(|url| Place { found: !service.is_some_and(|service| is_below(&url, service)), origin: origin.into(), url })
        .collect()
}

/// What the records themselves name, arXiv's copy, and last the page behind the DOI.
pub fn of_records(records: &[Record], ids: &Identifiers) -> Vec<Place> {
    let mut places = Vec::new();
    for record in records {
        places.extend(of_locations(&record.locations, &format!("record of {}", record.source), None));
    }
    if let Some(url) = ids.arxiv.as_ref().and_then(|id| address(&format!("https://arxiv.org/pdf/{id}"))) {
        places.push(Place::found(url, "arxiv".into()));
    }
    for record in records {
        let own = record.urls.iter().filter_map(|url| address(url));
        places.extend(own.map(|url| Place::found(url, format!("record of {}", record.source))));
    }
    if let Some(url) = ids.doi.as_ref().and_then(|doi| address(&format!("https://doi.org/{doi}"))) {
        places.push(Place::found(url, "doi".into()));
    }
    places
}

/// Where a person may look for a work that was not retrieved: its addresses, without duplicates,
/// those of its DOI and PMID first.
pub fn for_a_person(records: &[Record]) -> Vec<String> {
    let ids = identifiers(records);
    let mut links: Vec<String> = Vec::new();
    links.extend(ids.doi.as_ref().map(|doi| format!("https://doi.org/{doi}")));
    links.extend(ids.pmcid.as_ref().map(|id| format!("https://pmc.ncbi.nlm.nih.gov/articles/{id}/")));
    links.extend(ids.pmid.as_ref().map(|id| format!("https://pubmed.ncbi.nlm.nih.gov/{id}/")));
    for url in of_records(records, &Identifiers::default()) {
        if !links.iter().any(|known| known == url.url.as_str()) {
            links.push(url.url.into());
        }
    }
    links
}

fn address(text: &str) -> Option<Url> {
    let url = Url::parse(text.trim()).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
}

/// Whether an address lies on a service's own host, by scheme, host and port.
fn is_below(url: &Url, service: &Service) -> bool {
    url.origin() == service.base_url.origin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_have_an_order() {
        let location = |url: &str, kind, version: Option<&str>| Location {
            url: url.into(),
            kind,
            licence: None,
            version: version.map(str::to_owned),
        };
        let locations = [
            location("https://a.org/page", LocationKind::Html, Some("published")),
            location("https://a.org/accepted.pdf", LocationKind::Pdf, Some("accepted")),
            location("https://a.org/published.pdf", LocationKind::Pdf, Some("published")),
            location("ftp://a.org/x", LocationKind::Pdf, None),
            location("https://epmc.org/rest/PMC1/fullTextXML", LocationKind::Jats, None),
        ];
        let service =
            Service { source_id: "europepmc".into(), base_url: Url::parse("https://epmc.org/rest/").unwrap() };
        let places = of_locations(&locations, "europepmc", Some(&service));
        let paths: Vec<(&str, bool)> = places.iter().map(|place| (place.url.path(), place.found)).collect();
        assert_eq!(
            paths,
            [("/rest/PMC1/fullTextXML", false), ("/published.pdf", true), ("/accepted.pdf", true), ("/page", true)]
        );
    }

    #[test]
    fn one_place_under_two_schemes() {
        let identity = |text: &str| identity(&Url::parse(text).unwrap());
        assert_eq!(identity("http://a.org/x/#top"), identity("https://a.org/x"));
        assert_ne!(identity("http://a.org/x?id=1"), identity("http://a.org/x?id=2"));
    }
}
