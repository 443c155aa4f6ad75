//! Hashes and normal forms of identifiers.

use sha2::{Digest, Sha256};

/// The SHA-256 of some bytes, in lower-case hex (64 characters).
pub fn sha256_hex(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let mut text = String::with_capacity(64);
    for byte in digest.iter() {
        use std::fmt::Write;
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// A DOI in its normal form: lower case, without resolver, `doi:` or trailing punctuation.
/// `None` if the text holds no DOI (`10.NNNN/…`).
pub fn normal_doi(text: &str) -> Option<String> {
    let start = text.find("10.")?;
    let doi = text[start..].trim().trim_end_matches(['.', ',', ';', ')', ']', '"', '\'', '>']);
    let doi: String = doi.split_whitespace().next()?.to_lowercase();
    let doi = doi.replace("%2f", "/");
    let (prefix, suffix) = doi.split_once('/')?;
    let registrant = &prefix[3..];
    let digits = registrant.chars().filter(char::is_ascii_digit).count();
    let plain = registrant.chars().all(|c| c.is_ascii_digit() || c == '.');
    (digits >= 4 && plain && !suffix.is_empty()).then_some(doi)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dois_come_to_one_form() {
        for text in ["https://doi.org/10.1000/ABC", "doi:10.1000/abc", "10.1000/abc.", " 10.1000/abc "] {
            assert_eq!(normal_doi(text).as_deref(), Some("10.1000/abc"), "{text}");
        }
        for text in ["", "10.", "10.12/x", "no doi", "10.1000/"] {
            assert_eq!(normal_doi(text), None, "{text}");
        }
    }
}
