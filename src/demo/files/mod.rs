//! Writers of the few kinds of file that the demo needs: small, plain and whole.

pub mod docx;
pub mod html;
pub mod jats;
pub mod pdf;

/// Text for an element or attribute of HTML and XML.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
