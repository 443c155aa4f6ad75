//! How a source is reached in this run, or why it is not.

use super::run::Run;
use crate::error::{Exit, Outcome};
use crate::net::Lane;
use crate::sources::reach::reach;
use crate::sources::{Access, Source, registry};

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
    /// What is not the source's own fault.
    pub fn reach(&self, id: &str) -> Outcome<Result<Reach, NoAccess>> {
        let Some(source) = registry::find(id) else {
            return Ok(Err(NoAccess(format!("this version of gleaner cannot ask {id}"))));
        };
        if let Some(reason) = &self.overrides.offline {
            return Ok(Err(NoAccess(reason.clone())));
        }
        let info = source.info();
        let stand_in = self.overrides.base_urls.get(id);
        // A missing address is this source's failure, not the run's.
        let reached = match reach(info, &self.settings, |name| self.key(name), stand_in) {
            Ok(reached) => reached,
            Err(failure) if failure.exit == Exit::Usage => return Ok(Err(NoAccess(failure.message))),
            Err(failure) => return Err(failure),
        };
        if let Some(name) = reached.missing_key() {
            return Ok(Err(NoAccess(format!("no key: set {name} (or {name}_FILE)"))));
        }
        let (rate, burst) = match self.overrides.requests_per_second {
            Some(rate) => (rate, 20),
            None => (reached.requests_per_second, reached.burst),
        };
        let access = reached.access;
        let lane = Lane::new(&access.base_url, rate, burst.max(1), info.concurrency.max(1));
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
