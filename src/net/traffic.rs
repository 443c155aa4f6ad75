//! What a run has asked of each host: for progress and status.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Attempts and bytes of one host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Requests sent, attempts again and robots.txt included.
    pub attempts: u64,
    /// How many of them were attempts again.
    pub retries: u64,
    /// Body bytes received, after decompression.
    pub bytes: u64,
}

#[derive(Debug, Default)]
pub(super) struct Counters(Mutex<BTreeMap<String, Traffic>>);

impl Counters {
    pub(super) fn count(&self, host: &str, change: impl FnOnce(&mut Traffic)) {
        let mut hosts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(hosts.entry(host.to_owned()).or_default());
    }
    pub(super) fn all(&self) -> BTreeMap<String, Traffic> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
