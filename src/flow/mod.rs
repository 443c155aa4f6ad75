//! The counts and their conservation: stored rows in, PRISMA's numbers out. Pure.

pub mod ledger;

pub use ledger::*;
