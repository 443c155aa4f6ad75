//! The seed's review, end to end and offline: stand-ins of the databases and websites on loopback,
//! over a synthetic corpus.

pub mod corpus;
pub mod files;
pub mod standins;
