//! gleaner searches, deduplicates, screens and counts for evidence reviews.
//!
//! The modules are floors: a module imports only from floors below its own
//! (`tests/floors.rs` holds this). Start reading at [`model`] for the words,
//! [`pipeline`] for the way through, [`flow`] for the numbers.

// floor 0
pub mod error;
pub mod files;
pub mod ids;
pub mod redact;
// floor 1
pub mod model;
// floor 2
pub mod text;
// floor 3
pub mod query;
// floor 4
pub mod formats;
pub mod fulltext;
// floor 5
pub mod config;
pub mod flow;
pub mod net;
pub mod store;
// floor 6
pub mod dedupe;
pub mod screen;
pub mod sources;
// floor 7
pub mod report;
pub mod retrieve;
pub mod submissions;
// floor 8
pub mod pipeline;
// floor 9
pub mod demo;
pub mod web;
// floor 10
pub mod cli;
