//! One step of a source's state machine: request, answer, page.

use std::time::Duration;

use super::access::Reach;
use super::run::Run;
use crate::model::SetAside;
use crate::net::{NetError, Request};
use crate::sources::{Page, SourceError, State};

/// The longest that a throttled source is waited for within a step.
const LONGEST_WAIT: Duration = Duration::from_secs(120);

/// What a step brought.
pub(super) struct Answer {
    pub page: Page,
    /// Method and address, without secrets.
    pub request: String,
    pub status: u16,
}

/// Why a step brought nothing.
#[derive(Clone, Debug, thiserror::Error)]
pub(super) enum AskError {
    #[error(transparent)]
    Source(#[from] SourceError),
    #[error(transparent)]
    Net(#[from] NetError),
    /// What the source gave cannot be all of it.
    #[error("{0}")]
    Broken(String),
}

impl AskError {
    /// Whether the source knows nothing of what was asked (a seed, a DOI): no failure of the source.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Source(SourceError::NotFound(_) | SourceError::Unsupported(_)))
    }
}

impl Run {
    fn unreachable(&self, request: &Request, error: &NetError) -> Answer {
        let url = self.public(request.url.as_str());
        let reason = format!("{url}: {}", self.public(&error.to_string()));
        let set_aside = vec![SetAside { reason, raw: url.into_bytes(), line: None }];
        Answer { page: Page { set_aside, ..Page::default() }, request: self.public(&request.text()), status: 0 }
    }

    /// Asks what a state asks for. Statuses are retried by the client; what a source says inside a
    /// success (too many requests, an empty page where there is more) is retried here.
    pub(super) async fn ask(&self, reach: &Reach, state: &State) -> Result<Answer, AskError> {
        let mut attempt = 0;
        loop {
            let request = reach.source.next_request(&reach.access, state)?;
            let mut response = match self.client.send(&reach.lane, &request).await {
                Ok(response) => response,
                // A page that a site's map or feed names, and that is not to be had: it is set aside
                // with its reason, and the search goes on.
                Err(error) if request.found => return Ok(self.unreachable(&request, &error)),
                Err(error) => return Err(error.into()),
            };
            response.body = self.redactor.bytes(&response.body);
            match reach.source.parse(&reach.access, state, &response) {
                Ok(page) => {
                    return Ok(Answer { page, request: self.public(&request.text()), status: response.status });
                }
                Err(error) => {
                    let wait = match &error {
                        SourceError::Throttled { retry_after_s } => retry_after_s.map(Duration::from_secs),
                        SourceError::Unavailable(_) => None,
                        _ => return Err(error.into()),
                    };
                    let wait = wait.unwrap_or_else(|| crate::net::retry::backoff(attempt));
                    if !response.is_success() || attempt >= self.settings.http.retries || wait > LONGEST_WAIT {
                        return Err(error.into());
                    }
                    attempt += 1;
                    tokio::time::sleep(wait).await;
                }
            }
        }
    }
}
