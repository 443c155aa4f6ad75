//! How a try ended, under names that logs and reports keep.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How a try ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// A document that fits the work.
    Ok,
    /// No such address, or the service names none.
    NotFound,
    /// The text is sold.
    Paywall,
    /// A login or challenge page came in place of the document.
    LoginPage,
    /// The host's robots.txt does not allow it.
    Robots,
    TooBig,
    Timeout,
    /// A PDF of pictures.
    NoTextLayer,
    Encrypted,
    Corrupt,
    /// Something else than a document: a landing page, an image, a list.
    NotADocument,
    /// A document of another title and DOI.
    WrongDocument,
    /// The address may not be reached: a private network, an odd port.
    RefusedAddress,
    /// The server or service failed; a later run may do better.
    Unavailable,
}

impl Outcome {
    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::NotFound => "not-found",
            Self::Paywall => "paywall",
            Self::LoginPage => "login-page",
            Self::Robots => "robots",
            Self::TooBig => "too-big",
            Self::Timeout => "timeout",
            Self::NoTextLayer => "no-text-layer",
            Self::Encrypted => "encrypted",
            Self::Corrupt => "corrupt",
            Self::NotADocument => "not-a-document",
            Self::WrongDocument => "wrong-document",
            Self::RefusedAddress => "refused-address",
            Self::Unavailable => "unavailable",
        }
    }

    /// Whether the same try may end otherwise another day.
    pub fn may_change(self) -> bool {
        matches!(self, Self::Timeout | Self::Unavailable)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One try, for the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Who named the address: `supplied`, a source's id, `record of SOURCE`, `citation_pdf_url of …`, `doi`.
    pub origin: String,
    /// The address that answered (or was to); empty where a service was asked or a file supplied.
    pub url: String,
    pub outcome: Outcome,
    /// In a person's words, what was wrong; may be empty.
    pub detail: String,
}
