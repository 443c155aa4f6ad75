//! What the sources share: reading answers, dates in words, XML trees, addresses.

pub mod answer;
pub mod json;
pub mod offset;
pub mod solr;
pub mod window;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{Plan, Question, SourceError, State};
use crate::query::{self, Limits, Platform, Rendered};
pub use crate::text::{dates, xml};

/// How a question is asked in a platform's syntax: as one query, or in parts whose union it is where it
/// is longer than the platform takes. `begin` gives, for each, the query as it is sent and the state to
/// begin from.
///
/// # Errors
/// `Unsupported` where nothing of the query, or of a part of it, can be said there.
pub fn plan(
    question: &Question<'_>,
    platform: Platform,
    window_exact: bool,
    begin: impl Fn(String) -> (String, State),
) -> Result<Plan, SourceError> {
    // A number of operators is no limit of an interface, only of what people paste.
    let limits = Limits { operators: None, ..Limits::of(platform) };
    planned(query::render_within(question.query, platform, limits), window_exact, begin)
}

/// How the parts of a query are asked; see [`plan`].
pub fn planned(
    parts: Vec<Rendered>,
    window_exact: bool,
    begin: impl Fn(String) -> (String, State),
) -> Result<Plan, SourceError> {
    let mut plan =
        Plan { queries: Vec::new(), query_exact: true, window_exact, warnings: Vec::new(), states: Vec::new() };
    for part in parts {
        if part.query.trim().is_empty() {
            let why = part.warnings.first().map(|warning| warning.message.clone()).unwrap_or_default();
            return Err(SourceError::Unsupported(format!("nothing of the query can be said there: {why}")));
        }
        let (query, state) = begin(part.query);
        plan.queries.push(query);
        plan.states.push(state);
        plan.query_exact &= part.exact;
        for warning in part.warnings {
            if !plan.warnings.contains(&warning) {
                plan.warnings.push(warning);
            }
        }
    }
    Ok(plan)
}

/// An address under a source's base. A base that already ends with the beginning of the path (as
/// when a whole endpoint was configured) does not get it twice.
pub fn endpoint(base: &Url, path: &[&str]) -> Url {
    let mut url = base.clone();
    let have: Vec<String> =
        base.path_segments().into_iter().flatten().filter(|part| !part.is_empty()).map(str::to_owned).collect();
    let common = (0..=path.len().min(have.len()))
        .rev()
        .find(|count| have[have.len() - count..].iter().map(String::as_str).eq(path[..*count].iter().copied()))
        .unwrap_or(0);
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(&path[common..]);
    }
    url
}

/// The header of a bearer token.
pub fn bearer(key: Option<&SecretString>) -> Vec<(String, SecretString)> {
    let token = |key: &SecretString| ("authorization".to_owned(), format!("Bearer {}", key.expose_secret()).into());
    key.map(token).into_iter().collect()
}

/// An address under a source's base that ends with a name as it is, slashes and all (a DOI, an
/// address); only what would end the path is escaped.
pub fn endpoint_of(base: &Url, path: &[&str], name: &str) -> Url {
    let mut url = endpoint(base, path);
    let path = format!("{}/{}", url.path().trim_end_matches('/'), name.replace('%', "%25"));
    url.set_path(&path);
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_the_path_as_they_are() {
        let url = endpoint_of(&Url::parse("http://127.0.0.1:9/").unwrap(), &["works"], "10.1000/a?b#c%d<e>");
        assert_eq!(url.as_str(), "http://127.0.0.1:9/works/10.1000/a%3Fb%23c%25d%3Ce%3E");
    }

    #[test]
    fn endpoints_follow_the_base() {
        let at = |base: &str| endpoint(&Url::parse(base).unwrap(), &["content", "search"]).to_string();
        assert_eq!(at("http://127.0.0.1:9"), "http://127.0.0.1:9/content/search");
        assert_eq!(at("http://127.0.0.1:9/x/"), "http://127.0.0.1:9/x/content/search");
        assert_eq!(at("http://127.0.0.1:9/content"), "http://127.0.0.1:9/content/search");
        assert_eq!(at("http://127.0.0.1:9/content/search"), "http://127.0.0.1:9/content/search");
    }
}
