//! Requests and responses, as sources and retrieval see them: plain values, no I/O.

use secrecy::SecretString;
use url::Url;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
}

/// What to send. `url` and `headers` hold nothing secret; secrets are added when it is sent.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: Method,
    pub url: Url,
    pub headers: Vec<(String, String)>,
    pub body: Option<Body>,
    /// Query parameters that hold a key: never stored, logged or shown.
    pub secret_query: Vec<(String, SecretString)>,
    /// Headers that hold a key.
    pub secret_headers: Vec<(String, SecretString)>,
    /// Whether the address came out of a record, page or feed rather than from config: it may then
    /// not reach private addresses or odd ports, and robots.txt is obeyed.
    pub found: bool,
    /// Members that hold a key, added to a JSON object as it is sent.
    pub secret_json: Vec<(String, SecretString)>,
    /// The largest body that is read, in bytes.
    pub max_bytes: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    Form(Vec<(String, String)>),
    Json(serde_json::Value),
    /// In the source's own language.
    Text(String),
}

impl Request {
    /// The largest body that a request reads unless it says otherwise: 64 MiB.
    pub const MAX_BYTES: usize = 64 << 20;

    /// A GET of an address out of config.
    pub fn get(url: Url) -> Self {
        Self {
            method: Method::Get,
            url,
            headers: Vec::new(),
            body: None,
            secret_query: Vec::new(),
            secret_headers: Vec::new(),
            secret_json: Vec::new(),
            found: false,
            max_bytes: Self::MAX_BYTES,
        }
    }
    /// A POST to an address out of config.
    pub fn post(url: Url, body: Body) -> Self {
        Self { method: Method::Post, body: Some(body), ..Self::get(url) }
    }
    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }
    /// What was sent, for the search log: method, address, form, JSON or text; no secrets.
    pub fn text(&self) -> String {
        let method = match self.method {
            Method::Get => "GET",
            Method::Post => "POST",
        };
        match &self.body {
            None => format!("{method} {}", self.url),
            Some(Body::Json(value)) => format!("{method} {} {value}", self.url),
            Some(Body::Text(text)) => format!("{method} {} {text}", self.url),
            Some(Body::Form(pairs)) => {
                let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
                format!("{method} {} {form}", self.url)
            }
        }
    }
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// The address that answered, after redirects.
    pub url: Url,
}

impl Response {
    /// The first header of that (lower-case) name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
    /// Whether the status is 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
    /// The media type, lower case, without parameters; empty if none is stated.
    pub fn media_type(&self) -> String {
        self.header("content-type").unwrap_or_default().split(';').next().unwrap_or_default().trim().to_lowercase()
    }
}
