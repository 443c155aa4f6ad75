//! Web of Science: the Starter API (no abstracts) and the Expanded API (`product = "expanded"`).

mod expanded;
mod full_record;
mod hit;
mod starter;

use serde::{Deserialize, Serialize};

use super::support::window::Years;
use super::support::{answer, plan};
use super::{Access, Capabilities, KeyNeed, Next, Page, Plan, Question, Source, SourceError, SourceInfo, State};
use crate::net::{Request, Response};
use crate::query::Platform;

/// At most so many hits of a query can be read.
const REACH: u64 = 100_000;

static INFO: SourceInfo = SourceInfo {
    id: "wos",
    title: "Web of Science",
    base_url: starter::BASE,
    key: KeyNeed::Required("WOS_API_KEY"),
    requests_per_second: 1.0,
    burst: 1,
    concurrency: 1,
    page_size: 50,
    max_page_size: 100,
    platform: Some(Platform::Wos),
    ranked: false,
    gives_abstracts: false,
    can: Capabilities { search: true, cite_backward: false, cite_forward: false, look_up: false, locate: false },
};

/// The Web of Science APIs of Clarivate.
pub struct Wos;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct At {
    /// The query without its years.
    query: String,
    years: Years,
    /// How many hits lie before the next page.
    offset: u64,
    /// The page size, from the first page on, so that pages keep their places.
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<u64>,
    /// Hits that arrived so far.
    arrived: u64,
    /// The total of the first page.
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<u64>,
    /// A slice of a search whose total was reported already.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    slice: bool,
}

impl At {
    fn text(&self) -> String {
        match (self.years.from, self.years.to) {
            (None, None) => self.query.clone(),
            // The range has no open form; the collection begins in 1864.
            (from, to) => format!("({}) AND PY=({}-{})", self.query, from.unwrap_or(1800), to.unwrap_or(2100)),
        }
    }
}

fn is_expanded(access: &Access) -> bool {
    access.product.as_deref() == Some("expanded")
}

impl Source for Wos {
    fn info(&self) -> &'static SourceInfo {
        &INFO
    }

    fn search(&self, _access: &Access, question: &Question<'_>) -> Result<Plan, SourceError> {
        let (years, window_exact) = Years::of(question.window);
        plan(question, Platform::Wos, window_exact, |query| {
            let at = At { query, years, ..At::default() };
            (at.text(), State::of(&at))
        })
    }

    fn next_request(&self, access: &Access, state: &State) -> Result<Request, SourceError> {
        let at: At = state.read()?;
        let Some(key) = access.key.clone() else { return Err(SourceError::KeyMissing("WOS_API_KEY".into())) };
        let limit = limit(access, &at);
        let mut request = match is_expanded(access) {
            true => expanded::request(access, &at, limit),
            false => starter::request(access, &at, limit),
        };
        request.secret_headers = vec![("x-apikey".to_owned(), key)];
        Ok(request)
    }

    fn parse(&self, access: &Access, state: &State, response: &Response) -> Result<Page, SourceError> {
        let at: At = state.read()?;
        if quota_spent(response) {
            return Err(SourceError::QuotaSpent { until: None });
        }
        answer::checked(response)?;
        let (total, said_limit, mut page) = match is_expanded(access) {
            true => expanded::page(response)?,
            false => starter::page(response)?,
        };
        let came = (page.records.len() + page.set_aside.len()) as u64;
        let first = at.total.is_none();
        page.reported = (first && !at.slice).then_some(total);
        if let Some(before) = at.total.filter(|before| *before != total) {
            page.warnings.push(format!("the total changed from {before} to {total} while reading"));
        }
        if came == 0 && at.offset < total {
            return Err(SourceError::Unavailable(format!("an empty page after {} of {total} hits", at.offset)));
        }
        // The server may give smaller pages than asked for: its word for that is taken on the first.
        let asked = limit(access, &at);
        let limit = if first { said_limit.map_or(asked, |said| said.min(asked)) } else { asked };
        // Expanded counts records, so that a short page loses none; Starter counts pages.
        let step = if is_expanded(access) { came } else { limit };
        let at =
            At { offset: at.offset + step, arrived: at.arrived + came, total: Some(total), limit: Some(limit), ..at };
        page.next = next(&at, first, total, &mut page.warnings);
        Ok(page)
    }
}

fn limit(access: &Access, at: &At) -> u64 {
    at.limit.unwrap_or_else(|| if is_expanded(access) { expanded::limit(access) } else { starter::limit(access) })
}

fn next(at: &At, first: bool, total: u64, warnings: &mut Vec<String>) -> Next {
    if at.offset >= total {
        if at.arrived < total {
            warnings.push(format!("only {} of the {total} hits arrived", at.arrived));
        }
        return Next::End;
    }
    if first
        && total > REACH
        && let Some(halves) = at.years.halves()
    {
        let fresh = At { offset: 0, arrived: 0, total: None, slice: true, ..at.clone() };
        return Next::Split(halves.into_iter().map(|years| State::of(&At { years, ..fresh.clone() })).collect());
    }
    if at.offset >= REACH {
        warnings.push(format!("only {REACH} of {total} hits of a year can be reached: narrow the query"));
        return Next::End;
    }
    Next::More(State::of(at))
}

/// A daily or yearly quota that is used up; a mere 429 is a throttle.
fn quota_spent(response: &Response) -> bool {
    let gone = |name| response.header(name).is_some_and(|left| left.trim() == "0");
    let said = || String::from_utf8_lossy(&response.body[..response.body.len().min(2_000)]).to_lowercase();
    match response.status {
        429 => gone("x-ratelimit-remaining-day") || gone("x-rec-amtperyear-remaining") || said().contains("quota"),
        403 => gone("x-rec-amtperyear-remaining") || said().contains("quota"),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
