//! How a source is reached in this run, or why it is not.

use url::Url;

use super::run::Run;
use crate::config::SourceSettings;
use crate::error::Outcome;
use crate::net::Lane;
use crate::sources::{Access, KeyNeed, Source, registry};

/// A source, how it is asked, and its host's pace.
pub struct Reach {
    pub source: &'static dyn Source,
    pub access: Access,
    pub lane: Lane,
}

/// Why a source is not searched; a reason for the flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoAccess(pub String);

impl Run {
    /// Whether config switches a source off.
    pub(super) fn switched_off(&self, id: &str) -> bool {
        self.settings.sources.get(id).and_then(|source| source.enabled) == Some(false)
    }

    /// How a source is reached.
    ///
    /// # Errors
    /// A key file that cannot be read; an address that is none.
    pub fn reach(&self, id: &str) -> Outcome<Result<Reach, NoAccess>> {
        let Some(source) = registry::find(id) else {
            return Ok(Err(NoAccess(format!("this version of gleaner cannot ask {id}"))));
        };
        let info = source.info();
        let nothing = SourceSettings::default();
        let own = self.settings.sources.get(id).unwrap_or(&nothing);
        let default_name = match info.key {
            KeyNeed::None => None,
            KeyNeed::Optional(name) | KeyNeed::Required(name) => Some(name),
        };
        let key = match own.key_env.as_deref().or(default_name) {
            None => None,
            Some(name) => {
                let key = self.key(name)?;
                if key.is_none() && matches!(info.key, KeyNeed::Required(_)) {
                    return Ok(Err(NoAccess(format!("no key: set {name} (or {name}_FILE)"))));
                }
                key
            }
        };
        let insttoken = match &own.insttoken_env {
            Some(name) => self.key(name)?,
            None => None,
        };
        let base = own.base_url.as_deref().unwrap_or(info.base_url);
        let base_url = match self.overrides.base_urls.get(id) {
            Some(stand_in) => stand_in.clone(),
            None => match Url::parse(base) {
                Ok(url) => url,
                Err(error) => return Ok(Err(NoAccess(format!("base_url {base} is no address: {error}")))),
            },
        };
        let rate = self.overrides.requests_per_second.or(own.requests_per_second).unwrap_or(info.requests_per_second);
        let burst = if self.overrides.requests_per_second.is_some() { 20 } else { own.burst.unwrap_or(info.burst) };
        let lane = Lane::new(&base_url, rate, burst.max(1), info.concurrency.max(1));
        let sites = own.sites.iter().filter_map(|site| Url::parse(site).ok()).collect();
        let access = Access {
            base_url,
            contact: self.settings.review.contact.clone(),
            key,
            insttoken,
            page_size: own.page_size.unwrap_or(info.page_size).clamp(1, info.max_page_size.max(1)),
            product: own.product.clone(),
            sites,
        };
        Ok(Ok(Reach { source, access, lane }))
    }

    /// The sources that a side service may ask: those that a search names or that have a table of
    /// their own, in the registry's order, with what `can` says.
    pub(super) fn side_services(&self, can: impl Fn(&crate::sources::SourceInfo) -> bool) -> Vec<&'static str> {
        registry::SOURCES
            .iter()
            .map(|source| source.info())
            .filter(|info| can(info) && !self.switched_off(info.id))
            .filter(|info| {
                self.settings.sources.contains_key(info.id)
                    || self
                        .settings
                        .streams
                        .iter()
                        .flat_map(|stream| &stream.searches)
                        .any(|search| search.sources.iter().any(|id| id == info.id))
            })
            .map(|info| info.id)
            .collect()
    }
}
