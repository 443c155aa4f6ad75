//! Text: normal forms, language, markup, encodings.

pub mod encoding;
pub mod html;
pub mod language;
pub mod normalise;

pub use normalise::{fold, real_abstract, squeeze, words};
