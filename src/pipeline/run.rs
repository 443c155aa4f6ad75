//! One run of the program on a review: its settings, its store, its way out.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use secrecy::SecretString;
use url::Url;

use super::progress::{Event, Progress};
use crate::config::{Settings, secret};
use crate::error::{Failure, Outcome};
use crate::net::{Client, ClientSettings, Lookup};
use crate::redact::Redactor;
use crate::sources::{KeyNeed, registry};
use crate::store::{RunLock, Store, StoreResult};

/// What replaces addresses, keys and rates in memory only (for `demo` and tests): never in
/// config.toml, the database, or a search's identity.
#[derive(Clone, Default)]
pub struct Overrides {
    /// By source id.
    pub base_urls: BTreeMap<String, Url>,
    /// Host names that stand for an address.
    pub hosts: HashMap<String, SocketAddr>,
    /// By environment variable's name.
    pub keys: BTreeMap<String, SecretString>,
    pub requests_per_second: Option<f64>,
    /// Whether nothing but `base_urls` and `hosts` may be reached.
    pub closed: bool,
    /// Why no source can be reached at all; a reason for the flow.
    pub offline: Option<String>,
}

/// A run: everything that a stage needs.
pub struct Run {
    pub settings: Arc<Settings>,
    pub(super) store: Mutex<Store>,
    pub(super) client: Client,
    pub(super) redactor: Redactor,
    pub(super) overrides: Overrides,
    pub(super) progress: Arc<dyn Progress>,
    _lock: Option<RunLock>,
}

impl Run {
    /// Takes the lock, opens the store, learns the keys.
    ///
    /// # Errors
    /// Exit 4 where another run holds the lock; what the store or a key file says.
    pub fn open(settings: Arc<Settings>, overrides: Overrides, progress: Arc<dyn Progress>) -> Outcome<Self> {
        let lock = RunLock::take(&settings.store)?;
        let store = Store::open(&settings.store)?;
        Self::with(settings, overrides, progress, store, Some(lock))
    }

    /// A run that only looks: without the lock, and where there is no database none is made.
    ///
    /// # Errors
    /// What the store or a key file says.
    pub fn look(settings: Arc<Settings>, overrides: Overrides, progress: Arc<dyn Progress>) -> Outcome<Self> {
        let store = if settings.store.exists() { Store::open_existing(&settings.store)? } else { Store::in_memory()? };
        Self::with(settings, overrides, progress, store, None)
    }

    fn with(
        settings: Arc<Settings>,
        overrides: Overrides,
        progress: Arc<dyn Progress>,
        store: Store,
        lock: Option<RunLock>,
    ) -> Outcome<Self> {
        let mut redactor = Redactor::default();
        for name in key_names(&settings) {
            if let Some(key) = key(&overrides, &name)? {
                redactor.learn(&key);
            }
        }
        let client = Client::new(ClientSettings {
            contact: settings.review.contact.clone(),
            timeout_s: settings.http.timeout_s,
            retries: settings.http.retries,
            allow_private: settings.http.allow_private,
            redactor: redactor.clone(),
            hosts: overrides.hosts.clone(),
            lookup: overrides.closed.then(nothing_else),
        })
        .map_err(|error| Failure::failed(error.to_string()))?;
        Ok(Self { settings, store: Mutex::new(store), client, redactor, overrides, progress, _lock: lock })
    }

    /// Works on the store; in async code other tasks go on meanwhile.
    pub(super) fn with_store<T>(&self, work: impl FnOnce(&mut Store) -> StoreResult<T>) -> Outcome<T> {
        let go = || {
            let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
            work(&mut store).map_err(Failure::from)
        };
        match tokio::runtime::Handle::try_current() {
            Ok(handle) if handle.runtime_flavor() == tokio::runtime::RuntimeFlavor::MultiThread => {
                tokio::task::block_in_place(go)
            }
            _ => go(),
        }
    }

    /// Reads from the store, at one moment.
    pub fn read<T>(&self, read: impl FnOnce(&Store) -> Outcome<T>) -> Outcome<T> {
        let store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        store.at_one_moment(read)
    }

    /// The key of that environment variable.
    pub(super) fn key(&self, name: &str) -> Outcome<Option<SecretString>> {
        key(&self.overrides, name)
    }

    /// Tells a person; a long message is cut (the rows keep it whole).
    pub(super) fn warn(&self, message: &str) {
        const LONGEST: usize = 300;
        let cut = message.char_indices().nth(LONGEST).map(|(at, _)| format!("{} …", &message[..at]));
        self.progress.event(&Event::Warning(cut.as_deref().unwrap_or(message)));
    }

    /// A text as rows and people may have it: no secret, and the sources' own addresses in place of
    /// those that stand in for them in this run.
    pub(super) fn public(&self, text: &str) -> String {
        let mut text = self.redactor.text(text);
        for (id, stand_in) in &self.overrides.base_urls {
            let stand_in = stand_in.as_str().trim_end_matches('/');
            if let (true, Some(source)) = (text.contains(stand_in), registry::find(id)) {
                text = text.replace(stand_in, source.info().base_url.trim_end_matches('/'));
            }
        }
        text
    }
}

/// A resolver that knows no name.
fn nothing_else() -> Lookup {
    Arc::new(|name| Err(std::io::Error::other(format!("{name} is not reached: nothing but the stand-ins is"))))
}

fn key(overrides: &Overrides, name: &str) -> Outcome<Option<SecretString>> {
    match overrides.keys.get(name) {
        Some(key) => Ok(Some(key.clone())),
        None => secret(name),
    }
}

/// The environment variables that may hold a key of this review.
fn key_names(settings: &Settings) -> Vec<String> {
    let mut names = Vec::new();
    for source in registry::SOURCES {
        if let KeyNeed::Optional(name) | KeyNeed::Required(name) = source.info().key {
            names.push(name.to_owned());
        }
    }
    for source in settings.sources.values() {
        names.extend(source.key_env.clone());
        names.extend(source.insttoken_env.clone());
    }
    names.sort_unstable();
    names.dedup();
    names
}
