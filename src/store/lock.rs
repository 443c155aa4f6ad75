//! The run lock: the operating system's, on the database's `.lock` file; it dies with its process.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use super::{StoreError, StoreResult};

/// Held by refresh, search, import, dedupe, screen, cite and retrieve; never by serve, report or status.
#[derive(Debug)]
pub struct RunLock {
    _file: File,
}

impl RunLock {
    /// Takes the lock of a database, or says that another run holds it.
    pub fn take(database: &Path) -> StoreResult<Self> {
        if let Some(folder) = database.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(StoreError::Folder)?;
        }
        let mut name = database.as_os_str().to_owned();
        name.push(".lock");
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(Path::new(&name))
            .map_err(StoreError::LockFile)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Locked),
            Err(TryLockError::Error(error)) => Err(StoreError::LockFile(error)),
        }
    }
}
