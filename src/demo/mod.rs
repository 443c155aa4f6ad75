//! The seed's review, end to end and offline: stand-ins of the databases and websites on loopback,
//! over a synthetic corpus.

pub mod corpus;
pub mod files;
pub mod folder;
pub mod standins;

use std::collections::BTreeMap;

use secrecy::SecretString;

use crate::config::Settings;
use crate::pipeline::Overrides;
use standins::StandIns;

/// How fast a stand-in may be asked: nobody else waits for it.
const REQUESTS_PER_SECOND: f64 = 1_000.0;

/// What stands in for addresses, keys and paces while the stand-ins run: in memory only. Nothing
/// but the stand-ins is reached.
pub fn overrides(standins: &StandIns) -> Overrides {
    let keys: BTreeMap<String, SecretString> =
        standins.keys.iter().map(|(name, key)| ((*name).to_owned(), SecretString::from(*key))).collect();
    Overrides {
        base_urls: standins.base_urls.iter().map(|(id, url)| ((*id).to_owned(), url.clone())).collect(),
        hosts: standins.hosts.clone(),
        keys,
        requests_per_second: Some(REQUESTS_PER_SECOND),
        offline: None,
        closed: true,
    }
}

/// The review's settings with the stand-in site in place of the sites that it names.
pub fn settings(settings: &Settings, standins: &StandIns) -> Settings {
    let mut settings = settings.clone();
    if let Some(sitemap) = settings.sources.get_mut("sitemap") {
        sitemap.sites.clone_from(&standins.sites);
    }
    settings
}
