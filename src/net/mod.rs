//! The network: the only user of reqwest and governor.
//!
//! [`Client::send`] is the one way out. It waits for the host's turn ([`rate`]), tries again where
//! that may help ([`retry`]), follows redirects by hand, keeps addresses that came out of records
//! away from private networks ([`guard`]), obeys robots.txt for them ([`robots`]), and reads no more
//! than it was told to. Statuses are answers: they come back as a [`Response`] once trying again is
//! over. No secret stands in any error, log line or response.

#![expect(clippy::disallowed_methods, reason = "this is the room that builds clients and reads the servers' dates")]

mod client;
mod error;
mod exchange;
pub mod guard;
pub mod message;
pub mod rate;
pub mod retry;
pub mod robots;
#[cfg(test)]
mod tests;
mod traffic;

pub use client::{Client, ClientSettings};
pub use error::NetError;
pub use guard::Lookup;
pub use message::{Body, Method, Request, Response};
pub use rate::Lane;
pub use traffic::Traffic;
