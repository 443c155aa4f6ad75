//! Text: normal forms, language, markup, encodings.

pub mod encoding;
pub mod html;
pub mod language;
mod months;
pub mod normalise;

pub use months::month;
pub use normalise::{fold, real_abstract, squeeze, words};
