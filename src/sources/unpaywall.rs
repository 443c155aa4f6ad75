//! Unpaywall: where a work's full text lies openly. It asks for a real address of those who ask.

use serde_json::Value;

use super::support::{endpoint_of, json};
use super::{Access, Capabilities, KeyNeed, Page, Source, SourceError, SourceInfo, State};
use crate::model::{Identifiers, Location, LocationKind};
use crate::net::{Request, Response};

static INFO: SourceInfo = SourceInfo {
    id: "unpaywall",
    title: "Unpaywall",
    base_url: "https://api.unpaywall.org/v2",
    key: KeyNeed::None,
    // 100,000 a day.
    requests_per_second: 10.0,
    burst: 5,
    concurrency: 4,
    page_size: 1,
    max_page_size: 1,
    platform: None,
    ranked: false,
    gives_abstracts: false,
    can: Capabilities { search: false, cite_backward: false, cite_forward: false, look_up: false, locate: true },
};

/// The Unpaywall API.
pub struct Unpaywall;

impl Source for Unpaywall {
    fn info(&self) -> &'static SourceInfo {
        &INFO
    }

    fn locate(&self, _access: &Access, identifiers: &Identifiers) -> Result<Option<State>, SourceError> {
        Ok(identifiers.doi.as_ref().map(State::of))
    }

    fn next_request(&self, access: &Access, state: &State) -> Result<Request, SourceError> {
        let doi: String = state.read()?;
        let contact = access.contact.as_deref().filter(|contact| contact.contains('@'));
        let Some(contact) = contact else {
            return Err(SourceError::Unsupported("Unpaywall wants an e-mail address: set review.contact".into()));
        };
        let mut url = endpoint_of(&access.base_url, &[], &doi);
        url.query_pairs_mut().append_pair("email", contact);
        Ok(Request::get(url).header("accept", "application/json"))
    }

    fn parse(&self, _access: &Access, _state: &State, response: &Response) -> Result<Page, SourceError> {
        let body = json::body(response)?;
        if body.get("doi").is_none() {
            return Err(SourceError::Shape("there is no doi".into()));
        }
        let listed = body.get("oa_locations").and_then(Value::as_array).into_iter().flatten();
        let best = body.get("best_oa_location").filter(|best| best.is_object());
        let mut locations: Vec<Location> = best.into_iter().chain(listed).flat_map(places).collect();
        // PDFs before pages; of each the best first, as it lists them.
        locations.sort_by_key(|location| location.kind != LocationKind::Pdf);
        let mut known = Vec::new();
        locations.retain(|location| {
            let new = !known.contains(&location.url);
            known.push(location.url.clone());
            new
        });
        Ok(Page { locations, ..Page::default() })
    }
}

/// The PDF and the page of a location.
fn places(location: &Value) -> Vec<Location> {
    let licence = json::text(location, "license");
    let version = match json::text(location, "version").as_deref() {
        Some("publishedVersion") => Some("published"),
        Some("acceptedVersion") => Some("accepted"),
        Some("submittedVersion") => Some("submitted"),
        _ => None,
    };
    let at = |name: &str, kind: LocationKind| {
        let url = json::text(location, name).filter(|url| url.starts_with("http"))?;
        Some(Location { url, kind, licence: licence.clone(), version: version.map(str::to_owned) })
    };
    let pdf = at("url_for_pdf", LocationKind::Pdf);
    let page = at("url_for_landing_page", LocationKind::Html).or_else(|| at("url", LocationKind::Unknown));
    pdf.into_iter().chain(page).collect()
}
