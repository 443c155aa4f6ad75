//! The network: the only user of reqwest and governor.

pub mod message;

pub use message::{Body, Method, Request, Response};
