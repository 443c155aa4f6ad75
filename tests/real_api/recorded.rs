//! Recordings, and a server that gives them out.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use axum::extract::{Request, State as Shared};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use gleaner::net::{Client, ClientSettings, Lane, NetError};
use gleaner::sources::{Access, KeyNeed, Page, Source, SourceError, State};
use serde_json::Value;
use url::Url;

use crate::support::real_data;

/// One recorded response.
#[derive(Clone, Debug)]
pub struct Recorded {
    pub file: String,
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Recorded {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
    /// The body as JSON, for counting by another road than the connector's.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{}: {error}", self.file))
    }
}

/// Every response of a database whose class begins with `recorded`, by file name. `None`: no real data.
pub fn recordings(database: &str) -> Option<BTreeMap<String, Recorded>> {
    answers(database, |class| class.starts_with("recorded"))
}

/// Every response of a database, documentation's samples included.
pub fn all_answers(database: &str) -> Option<BTreeMap<String, Recorded>> {
    answers(database, |_| true)
}

fn answers(database: &str, wanted: impl Fn(&str) -> bool) -> Option<BTreeMap<String, Recorded>> {
    let folder = real_data("api")?;
    let manifest = std::fs::read_to_string(folder.join("MANIFEST.tsv")).unwrap();
    let mut lines = manifest.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let names = lines.next().unwrap();
    let column = |name: &str| names.iter().position(|other| *other == name).unwrap();
    let (db, file, status, class) = (column("db"), column("file"), column("status"), column("class"));
    let rows = lines.filter(|row| row[db] == database && wanted(row[class]));
    let read = |row: Vec<&str>| {
        let folder = folder.join(database);
        let recorded = Recorded {
            file: row[file].to_owned(),
            status: row[status].parse().unwrap_or(200),
            headers: headers(&folder, row[file]),
            body: std::fs::read(folder.join(row[file])).ok()?,
        };
        Some((recorded.file.clone(), recorded))
    };
    let recordings: BTreeMap<String, Recorded> = rows.filter_map(read).collect();
    assert!(!recordings.is_empty(), "no recordings of {database}");
    Some(recordings)
}

fn headers(folder: &Path, file: &str) -> Vec<(String, String)> {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let Ok(meta) = std::fs::read(folder.join(format!("{stem}.meta.json"))) else { return Vec::new() };
    let meta: Value = serde_json::from_slice(&meta).unwrap();
    let headers = meta.pointer("/response/headers").and_then(Value::as_object).cloned().unwrap_or_default();
    let mut headers: Vec<(String, String)> = headers
        .iter()
        .filter_map(|(name, value)| {
            let value = value.as_array().and_then(|values| values.first()).unwrap_or(value);
            Some((name.to_lowercase(), value.as_str()?.to_owned()))
        })
        .collect();
    let stated = meta.pointer("/response/content_type").and_then(Value::as_str);
    if let Some(stated) = stated.filter(|_| !headers.iter().any(|(name, _)| name == "content-type")) {
        headers.push(("content-type".to_owned(), stated.to_owned()));
    }
    headers
}

/// A server that gives out recordings one after the other, the last one ever again.
pub struct Server {
    pub base: Url,
    /// Method, path and query of every request.
    pub asked: Arc<Mutex<Vec<String>>>,
}

type Tape = (Arc<Vec<Recorded>>, Arc<Mutex<Vec<String>>>);

/// Serves recordings on a free loopback port until the test ends.
pub async fn serve_recorded(recordings: Vec<Recorded>) -> Server {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let tape: Tape = (Arc::new(recordings), asked.clone());
    let router = axum::Router::new().fallback(give).with_state(tape);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    Server { base, asked }
}

async fn give(Shared((recordings, asked)): Shared<Tape>, request: Request) -> Response {
    let nth = {
        let mut asked = asked.lock().unwrap();
        asked.push(format!("{} {}", request.method(), request.uri()));
        (asked.len() - 1).min(recordings.len() - 1)
    };
    let recorded = &recordings[nth];
    let mut response = Response::new(axum::body::Body::from(recorded.body.clone()));
    *response.status_mut() = StatusCode::from_u16(recorded.status).unwrap();
    // What described the connection and the encoding then does not describe ours.
    let skip = ["content-length", "content-encoding", "transfer-encoding", "connection", "location", "keep-alive"];
    for (name, value) in recorded.headers.iter().filter(|(name, _)| !skip.contains(&name.as_str())) {
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// How a source is reached at a server.
pub fn access(source: &dyn Source, base: &Url) -> Access {
    let info = source.info();
    Access {
        base_url: base.clone(),
        contact: Some("team@example.org".into()),
        key: (info.key != KeyNeed::None).then(|| "the-secret-key".into()),
        insttoken: None,
        session: gleaner::sources::Session::default(),
        page_size: info.page_size,
        product: None,
        sites: Vec::new(),
    }
}

/// Asks in a state and gets one recording for an answer: request, client, server, parse.
pub async fn ask(source: &dyn Source, state: &State, recorded: &Recorded) -> Result<Page, SourceError> {
    let server = serve_recorded(vec![recorded.clone()]).await;
    ask_at(source, &access(source, &server.base), state).await
}

/// Asks in a state at a server that runs.
pub async fn ask_at(source: &dyn Source, access: &Access, state: &State) -> Result<Page, SourceError> {
    let client = Client::new(ClientSettings { retries: 0, ..ClientSettings::default() }).unwrap();
    let request = source.next_request(access, state)?;
    let lane = Lane::new(&access.base_url, 1_000.0, 100, 4);
    let response = client.send(&lane, &request).await.unwrap_or_else(|error: NetError| panic!("{error}"));
    source.parse(access, state, &response)
}

/// How often a pattern occurs.
pub fn count(pattern: &str, text: &str) -> usize {
    regex::Regex::new(pattern).unwrap().find_iter(text).count()
}
