//! The error policy.
//!
//! A room whose callers branch on what went wrong has a typed error of its own
//! (`sources::SourceError`, `net::NetError`, `formats::FormatError` …). What reaches a user is a
//! [`Failure`]: an exit code, a message in lower case that says what is wrong, the place where it
//! is wrong, and a remedy. Nothing prints but `cli`; nothing panics on what came from outside.
//!
//! Exit codes are fixed by the interface: see [`Exit`].

use std::fmt;
use std::path::{Path, PathBuf};

/// How a command ended; the process's exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// Failed, nothing half-written.
    Failed = 1,
    /// Usage or configuration error.
    Usage = 2,
    /// Partly done: at least one source failed or lacks its key; the rest is committed.
    Partly = 3,
    /// Another run holds the lock.
    Locked = 4,
    /// The stored data breaks an invariant.
    Broken = 5,
}

/// Where in a file something is wrong. Lines and columns count from 1; columns count characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub file: PathBuf,
    pub line: Option<usize>,
    pub column: Option<usize>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
            if let Some(column) = self.column {
                write!(f, ":{column}")?;
            }
        }
        Ok(())
    }
}

/// What a user is told when a command cannot go on.
#[derive(Clone, Debug, thiserror::Error)]
pub struct Failure {
    pub exit: Exit,
    pub message: String,
    pub place: Option<Place>,
    pub remedy: Option<String>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        f.write_str(&self.message)?;
        if let Some(remedy) = &self.remedy {
            write!(f, "\n  help: {remedy}")?;
        }
        Ok(())
    }
}

impl Failure {
    /// A failure with an exit code and a message (lower case, no full stop).
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into(), place: None, remedy: None }
    }
    /// Exit 1: failed, nothing half-written.
    pub fn failed(message: impl Into<String>) -> Self {
        Self::new(Exit::Failed, message)
    }
    /// Exit 2: a usage or configuration error.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }
    /// Exit 5: the stored data breaks an invariant.
    pub fn broken(message: impl Into<String>) -> Self {
        Self::new(Exit::Broken, message)
    }
    /// Adds the file that is wrong.
    #[must_use]
    pub fn in_file(mut self, file: impl AsRef<Path>) -> Self {
        self.place = Some(Place { file: file.as_ref().to_path_buf(), line: None, column: None });
        self
    }
    /// Adds the file, line and column that are wrong.
    #[must_use]
    pub fn at(mut self, file: impl AsRef<Path>, line: usize, column: usize) -> Self {
        self.place = Some(Place { file: file.as_ref().to_path_buf(), line: Some(line), column: Some(column) });
        self
    }
    /// Adds what the user can do about it.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::failed(error.to_string())
    }
}

/// The result of everything that a command runs.
pub type Outcome<T = ()> = Result<T, Failure>;

/// Reads a file, naming it when that fails.
pub fn read_file(path: &Path) -> Outcome<Vec<u8>> {
    std::fs::read(path).map_err(|error| Failure::failed(format!("cannot be read: {error}")).in_file(path))
}
