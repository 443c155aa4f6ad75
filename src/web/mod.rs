//! The reviewers' queue in the browser.
//!
//! Pages are rendered on the server and work before any script runs. A decision is acknowledged once
//! it is on disk. Titles and abstracts are shown as text; nothing is loaded from elsewhere.

mod app;
mod decide;
mod differences;
mod duplicates;
mod guard;
mod highlight;
mod pages;
mod queue;
mod routes;

pub use app::{App, Serving};
pub use routes::{fresh_key, router, serve};
