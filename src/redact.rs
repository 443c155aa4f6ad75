//! Secrets, and texts that cannot print them.

use secrecy::{ExposeSecret, SecretString};

/// What stands where a secret stood.
pub const REDACTED: &str = "REDACTED";

/// The secrets of a run; replaces them wherever they would be stored or shown.
#[derive(Clone, Default)]
pub struct Redactor {
    secrets: Vec<String>,
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Redactor({} secrets)", self.secrets.len())
    }
}

impl Redactor {
    /// Learns a secret (and its percent-encoded form). Secrets shorter than four characters are
    /// not searched for: they would blank out ordinary text.
    pub fn learn(&mut self, secret: &SecretString) {
        let plain = secret.expose_secret();
        if plain.len() < 4 {
            return;
        }
        let encoded: String = url::form_urlencoded::byte_serialize(plain.as_bytes()).collect();
        for form in [plain.to_owned(), encoded] {
            if !self.secrets.contains(&form) {
                self.secrets.push(form);
            }
        }
        self.secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    }

    /// The text without any known secret.
    pub fn text(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in &self.secrets {
            if text.contains(secret.as_str()) {
                text = text.replace(secret.as_str(), REDACTED);
            }
        }
        text
    }

    /// The bytes without any known secret.
    pub fn bytes(&self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        for secret in &self.secrets {
            bytes = replace_bytes(&bytes, secret.as_bytes(), REDACTED.as_bytes());
        }
        bytes
    }
}

fn replace_bytes(haystack: &[u8], needle: &[u8], with: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(haystack.len());
    let mut rest = haystack;
    while let Some(at) = rest.windows(needle.len()).position(|window| window == needle) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(with);
        rest = &rest[at + needle.len()..];
    }
    out.extend_from_slice(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_replaced_plain_and_encoded() {
        let mut redactor = Redactor::default();
        redactor.learn(&SecretString::from("a+b/c=key"));
        assert_eq!(redactor.text("k=a+b/c=key&e=a%2Bb%2Fc%3Dkey"), "k=REDACTED&e=REDACTED");
        assert_eq!(redactor.bytes(b"xa+b/c=keyx"), b"xREDACTEDx");
        assert!(!format!("{redactor:?}").contains("key"));
    }
}
