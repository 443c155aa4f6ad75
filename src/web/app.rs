//! What the server keeps between requests: settings, one connection, and the records as last read.

use std::sync::{Arc, Mutex, PoisonError};

use crate::config::{Settings, Stream};
use crate::error::{Failure, Outcome};
use crate::flow::{Flow, count};
use crate::pipeline::{Reading, StreamReading, ledger};
use crate::store::Store;

/// How to serve.
#[derive(Clone, Debug)]
pub struct Serving {
    /// Who decides: the one local reviewer.
    pub reviewer: String,
    /// Host names (with port) that requests may name; loopback names are always allowed.
    pub hosts: Vec<String>,
}

/// The application's state; shared by all requests.
pub struct App {
    pub settings: Arc<Settings>,
    pub serving: Serving,
    /// Stands in every form; a request without it is refused.
    pub token: String,
    store: Mutex<Kept>,
}

struct Kept {
    store: Store,
    /// The records as read at a state of the file that other connections have not changed since.
    reading: Option<(i64, Arc<Reading>)>,
}

impl App {
    /// Takes an open store.
    pub fn new(settings: Arc<Settings>, store: Store, serving: Serving, token: String) -> Self {
        Self { settings, serving, token, store: Mutex::new(Kept { store, reading: None }) }
    }

    /// Works on the store.
    pub fn with_store<T>(&self, work: impl FnOnce(&mut Store) -> Outcome<T>) -> Outcome<T> {
        let mut kept = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        work(&mut kept.store)
    }

    /// Works on the store in a way that changes works: the records are read anew.
    pub fn changing<T>(&self, work: impl FnOnce(&mut Store) -> Outcome<T>) -> Outcome<T> {
        let mut kept = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        kept.reading = None;
        work(&mut kept.store)
    }

    /// The records and one stream's state.
    pub fn read(&self, stream: &Stream) -> Outcome<(Arc<Reading>, StreamReading)> {
        let mut kept = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        let Kept { store, reading: known } = &mut *kept;
        store.at_one_moment(|store| {
            let version = store.data_version()?;
            let reading = match known {
                Some((at, reading)) if *at == version => Arc::clone(reading),
                _ => {
                    let reading = Arc::new(Reading::load(store)?);
                    *known = Some((version, Arc::clone(&reading)));
                    reading
                }
            };
            let of_stream = reading.stream(store, &self.settings, stream)?;
            Ok((reading, of_stream))
        })
    }

    /// The flow, counted now.
    pub fn flow(&self) -> Outcome<Flow> {
        self.with_store(|store| Ok(count(&ledger(&self.settings, store)?)))
    }

    /// The stream of that id.
    pub fn stream(&self, id: &str) -> Outcome<&Stream> {
        self.settings.stream(id).ok_or_else(|| Failure::usage(format!("no stream '{id}'")))
    }
}
