//! Website protocols: a government's search, and sites by their sitemaps.

pub mod govuk;
pub mod sitemap;
