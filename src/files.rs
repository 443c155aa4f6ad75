//! Files written aside and moved into place: whole or not at all.

use std::path::Path;

use tempfile::{Builder, NamedTempFile};

/// A file to be written and then persisted in the same folder. What it becomes may be read by whom
/// the umask lets read: a temporary file's own mode would keep colleagues out.
pub fn beside(folder: &Path) -> std::io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(".gleaner-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}
