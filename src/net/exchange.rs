//! One attempt: a request out, a response in, within limits of time and size.

use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::timeout;
use url::Url;

use super::NetError;
use super::guard::Refused;
use super::message::{Body, Method, Request};

/// One request as it goes out on one hop.
pub(super) struct Hop<'a> {
    pub(super) method: Method,
    pub(super) url: &'a Url,
    pub(super) request: &'a Request,
    /// Whether the request's secrets may go to this address.
    pub(super) secrets: bool,
    /// A body over the limit is cut off there instead of refused (robots.txt).
    pub(super) cut: bool,
}

/// What came back on one hop.
pub(super) struct Raw {
    pub(super) status: u16,
    /// Names in lower case.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

/// Sends one request once. `limit` holds for the head and for each piece of the body; the whole may
/// take three times as long, so that a server which drips cannot hold on to us.
pub(super) async fn exchange(http: &reqwest::Client, hop: &Hop<'_>, limit: Duration) -> Result<Raw, NetError> {
    let late = || NetError::Timeout(limit.as_secs().max(1));
    timeout(limit * 3, attempt(http, hop, limit)).await.map_err(|_| late())?
}

async fn attempt(http: &reqwest::Client, hop: &Hop<'_>, limit: Duration) -> Result<Raw, NetError> {
    let late = || NetError::Timeout(limit.as_secs().max(1));
    let broken = |error: reqwest::Error| told(error, limit);
    let built = build(http, hop)?;
    let mut response = timeout(limit, http.execute(built)).await.map_err(|_| late())?.map_err(broken)?;
    let status = response.status().as_u16();
    let headers = response
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str().to_lowercase(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    let max = hop.request.max_bytes;
    let mut body = Vec::new();
    while let Some(piece) = timeout(limit, response.chunk()).await.map_err(|_| late())?.map_err(broken)? {
        if body.len() + piece.len() > max {
            if hop.cut {
                body.extend_from_slice(&piece[..max - body.len()]);
                break;
            }
            return Err(NetError::TooLarge(max));
        }
        body.extend_from_slice(&piece);
    }
    Ok(Raw { status, headers, body })
}

fn build(http: &reqwest::Client, hop: &Hop<'_>) -> Result<reqwest::Request, NetError> {
    let mut url = hop.url.clone();
    // A redirect may carry the key in its address already.
    let named: Vec<String> = url.query_pairs().map(|(name, _)| name.into_owned()).collect();
    for (name, value) in hop.request.secret_query.iter().filter(|(name, _)| hop.secrets && !named.contains(name)) {
        url.query_pairs_mut().append_pair(name, value.expose_secret());
    }
    let mut built = match hop.method {
        Method::Get => http.get(url),
        Method::Post => http.post(url),
    };
    if hop.method == Method::Post {
        built = match &hop.request.body {
            None => built,
            Some(Body::Form(pairs)) => built.form(pairs),
            Some(Body::Json(value)) => {
                let content_type = (reqwest::header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
                built.header(content_type.0, content_type.1).body(with_secrets(value, hop).to_string())
            }
            Some(Body::Text(text)) => {
                let content_type =
                    (reqwest::header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
                built.header(content_type.0, content_type.1).body(text.clone())
            }
        };
    }
    built = built.headers(headers(hop)?);
    built.build().map_err(|error| NetError::Request(chain(&error.without_url())))
}

/// A JSON object with the members that hold a key.
fn with_secrets(value: &serde_json::Value, hop: &Hop<'_>) -> serde_json::Value {
    let mut value = value.clone();
    if let Some(members) = value.as_object_mut().filter(|_| hop.secrets) {
        let secrets = hop.request.secret_json.iter();
        members.extend(secrets.map(|(name, secret)| (name.clone(), secret.expose_secret().into())));
    }
    value
}

fn headers(hop: &Hop<'_>) -> Result<HeaderMap, NetError> {
    let mut headers = HeaderMap::new();
    let wrong = |name: &str| NetError::Request(format!("'{name}' is no header that can be sent"));
    for (name, value) in &hop.request.headers {
        let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong(name))?;
        headers.insert(key, HeaderValue::from_str(value).map_err(|_| wrong(name))?);
    }
    let secret_headers: &[(String, SecretString)] = if hop.secrets { &hop.request.secret_headers } else { &[] };
    for (name, value) in secret_headers {
        let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong(name))?;
        let mut value = HeaderValue::from_str(value.expose_secret()).map_err(|_| wrong(name))?;
        value.set_sensitive(true);
        headers.insert(key, value);
    }
    Ok(headers)
}

/// A transport error in our own words, without the address (it may hold a key).
fn told(error: reqwest::Error, limit: Duration) -> NetError {
    if let Some(refused) = refusal(&error) {
        return refused;
    }
    if error.is_timeout() {
        return NetError::Timeout(limit.as_secs().max(1));
    }
    if error.is_builder() || error.is_request() && !error.is_connect() && error.is_redirect() {
        return NetError::Request(chain(&error.without_url()));
    }
    NetError::Connect(chain(&error.without_url()))
}

fn refusal(error: &reqwest::Error) -> Option<NetError> {
    let mut source: Option<&(dyn std::error::Error + 'static)> = std::error::Error::source(error);
    while let Some(inner) = source {
        if let Some(Refused(refused)) = inner.downcast_ref::<Refused>() {
            return Some(refused.clone());
        }
        source = inner.source();
    }
    None
}

/// The innermost causes tell most: the whole chain on one line.
fn chain(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        let part = inner.to_string();
        if !text.contains(&part) {
            text.push_str(": ");
            text.push_str(&part);
        }
        source = inner.source();
    }
    text
}
