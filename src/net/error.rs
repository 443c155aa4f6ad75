//! Why nothing came back.

/// What kept a request from being answered. Statuses are no errors: they are answers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NetError {
    /// No answer, or not the whole of it, within the time limit (seconds for one attempt).
    #[error("no whole answer within {0} s")]
    Timeout(u64),
    /// The connection could not be made or broke off.
    #[error("cannot be reached: {0}")]
    Connect(String),
    /// The body is larger than the request's limit (bytes, after decompression).
    #[error("larger than {0} bytes")]
    TooLarge(usize),
    /// The address guard refused.
    #[error("not fetched: {0}")]
    Blocked(String),
    /// The host's robots.txt does not allow it, or could not be read.
    #[error("not fetched: {0}")]
    Robots(String),
    /// The host failed too often in a row and is left alone for the rest of the run.
    #[error("{0} is left alone for the rest of this run: it failed {1} times in a row")]
    CircuitOpen(String, u32),
    /// A redirect that cannot be followed, or too many of them.
    #[error("a redirect that cannot be followed: {0}")]
    Redirects(String),
    /// The request itself cannot be made (a header that is no header).
    #[error("the request cannot be made: {0}")]
    Request(String),
}

impl NetError {
    /// Whether another attempt may do better.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Timeout(_) | Self::Connect(_))
    }
}
