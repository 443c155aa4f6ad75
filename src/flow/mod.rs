//! The counts and their conservation: stored rows in, PRISMA's numbers out. Pure.
//!
//! [`count()`] turns a [`Ledger`] into a [`Flow`]; [`conserve()`] checks every equation that a flow
//! must satisfy. No counter is kept anywhere: whoever wants a number counts it from the rows.

mod conserve;
mod count;
pub mod ledger;
pub mod shape;
#[cfg(test)]
mod tests;

pub use conserve::conserve;
pub use count::count;
pub use ledger::*;
pub use shape::*;
