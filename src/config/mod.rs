//! The review's config.toml, checked: every mistake with file, line, column and remedy.

pub mod settings;

pub use settings::*;
