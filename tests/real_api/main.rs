//! Recorded responses of the real databases, served on a loopback port and read through the real
//! client and the real connectors.
//!
//! The recordings are no part of this repository (`support::real_data`). Each module takes one
//! database, counts what a body holds by a road of its own, and names every file that it passes
//! over with the reason.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../support/mod.rs"]
mod support;

mod recorded;

mod crossref;
mod databases;
mod europepmc;
mod govuk;
mod openalex;
mod pubmed;
mod scopus;
mod sitemap;
mod wos;
