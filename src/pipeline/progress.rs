//! What a run tells while it goes on; the command line draws it.

/// Something happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// A stage of the refresh begins (`searching`, `deduplicating` …).
    Stage(&'a str),
    /// A search of a source goes on: how many records arrived of how many reported.
    Searching { label: &'a str, received: u64, reported: Option<u64> },
    /// A search of a source ended, and how.
    Searched { label: &'a str, received: u64, outcome: &'a str },
    /// So many of so many are done.
    Step { done: u64, of: u64 },
    /// Something a person should know.
    Warning(&'a str),
}

/// Who listens.
pub trait Progress: Send + Sync {
    /// Takes an event; must be quick.
    fn event(&self, event: &Event<'_>);
}

/// Nobody listens.
pub struct Silent;

impl Progress for Silent {
    fn event(&self, _event: &Event<'_>) {}
}
