//! The review's config.toml, checked: every mistake with file, line, column and remedy.
//!
//! [`load()`] reads the whole file and the queries it names, and either gives [`Settings`] that the
//! rest of the program can trust, or every mistake at once ([`ConfigErrors`]). A source's name is
//! held against [`SOURCE_IDS`]; what a source can do is `pipeline`'s to check, since the sources
//! lie on a higher floor.

mod criteria;
mod load;
mod names;
mod problem;
mod queries;
mod reader;
mod searches;
pub mod secrets;
mod section;
pub mod settings;
mod source_tables;
mod streams;
#[cfg(test)]
mod tests;

pub use load::load;
pub use names::{SOURCE_IDS, nearest};
pub use problem::{ConfigErrors, ConfigProblem, Excerpt, Spot};
pub use secrets::secret;
pub use settings::*;
