//! Text: normal forms, language, dates in words, markup, XML trees, encodings.

pub mod dates;
pub mod encoding;
pub mod html;
pub mod language;
mod months;
pub mod normalise;
pub mod xml;

pub use months::month;
pub use normalise::{fold, real_abstract, squeeze, words};
