//! What several test files share.

use std::path::{Path, PathBuf};

/// A folder or file of the real data (nobody here wrote it, and it is no part of this repository):
/// under env `GLEANER_REAL_DATA`, by default `../shared/real` beside the repository.
///
/// Where it is missing, says so and gives `None`, so that the test can pass by returning; but fails
/// if env `GLEANER_REQUIRE` contains `real-data`.
#[must_use]
pub fn real_data(sub: &str) -> Option<PathBuf> {
    let root = std::env::var_os("GLEANER_REAL_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/real"), PathBuf::from);
    let path = root.join(sub);
    if path.exists() {
        return Some(path);
    }
    let required = std::env::var("GLEANER_REQUIRE").is_ok_and(|list| list.contains("real-data"));
    assert!(!required, "real data is required but {} is missing", path.display());
    println!("skipped: no real data at {}", path.display());
    None
}
