//! The client against a server of our own on a loopback port.

use std::io::Write;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use secrecy::SecretString;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use url::Url;

use super::*;
use crate::redact::Redactor;

/// What the server does with the n-th request (from 0), given its head.
type Handler = Arc<dyn Fn(usize, &str) -> Act + Send + Sync>;

enum Act {
    Send(Vec<u8>),
    Drip(Vec<u8>),
    Hang,
}

struct Server {
    address: SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Server {
    async fn start(handler: impl Fn(usize, &str) -> Act + Send + Sync + 'static) -> Self {
        let handler: Handler = Arc::new(handler);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let seen = heads.clone();
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let (handler, seen) = (handler.clone(), seen.clone());
                tokio::spawn(async move {
                    let mut head = Vec::new();
                    let mut piece = [0; 4096];
                    while !head.windows(4).any(|window| window == b"\r\n\r\n") {
                        match socket.read(&mut piece).await {
                            Ok(0) | Err(_) => return,
                            Ok(read) => head.extend_from_slice(&piece[..read]),
                        }
                    }
                    let head = String::from_utf8_lossy(&head).into_owned();
                    let act = {
                        let mut seen = seen.lock().unwrap();
                        seen.push(head.clone());
                        handler(seen.len() - 1, &head)
                    };
                    match act {
                        Act::Send(bytes) => {
                            let _ = socket.write_all(&bytes).await;
                        }
                        Act::Drip(bytes) => {
                            for byte in bytes {
                                if socket.write_all(&[byte]).await.is_err() {
                                    return;
                                }
                                tokio::time::sleep(Duration::from_millis(200)).await;
                            }
                        }
                        Act::Hang => tokio::time::sleep(Duration::from_secs(60)).await,
                    }
                });
            }
        });
        Self { address, heads }
    }
    fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://{}{path}", self.address)).unwrap()
    }
    fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

fn answer(status: u16, headers: &str, body: &[u8]) -> Act {
    let length = body.len();
    let mut bytes =
        format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n").into_bytes();
    bytes.extend_from_slice(body);
    Act::Send(bytes)
}

fn client(settings: ClientSettings) -> Client {
    Client::new(ClientSettings { timeout_s: 1, ..settings }).unwrap()
}

fn fast(url: &Url) -> Lane {
    Lane::new(url, 1_000.0, 100, 8)
}

async fn get(client: &Client, url: Url) -> Result<Response, NetError> {
    client.send(&fast(&url), &Request::get(url)).await
}

fn found(url: Url) -> Request {
    Request { found: true, ..Request::get(url) }
}

#[tokio::test]
async fn answers_come_with_headers_in_lower_case() {
    let server = Server::start(|_, _| answer(404, "X-Thing: A\r\n", b"none")).await;
    let client = client(ClientSettings { contact: Some("team@example.org".into()), ..ClientSettings::default() });
    let response = get(&client, server.url("/a?b=c")).await.unwrap();
    assert_eq!((response.status, response.header("x-thing"), &response.body[..]), (404, Some("A"), &b"none"[..]));
    assert!(server.heads()[0].contains("(mailto:team@example.org)"), "{:?}", server.heads());
    let traffic = client.traffic()[&server.address.to_string()];
    assert_eq!(traffic, Traffic { attempts: 1, retries: 0, bytes: 4 });
}

#[tokio::test]
async fn both_forms_of_retry_after_are_waited_for() {
    let server = Server::start(|n, _| match n {
        0 => answer(429, "Retry-After: 1\r\n", b""),
        1 => {
            let date = httpdate::fmt_http_date(std::time::SystemTime::now() + Duration::from_secs(2));
            answer(503, &format!("Retry-After: {date}\r\n"), b"")
        }
        _ => answer(200, "", b"ok"),
    })
    .await;
    let begun = Instant::now();
    let response = get(&client(ClientSettings::default()), server.url("/")).await.unwrap();
    assert_eq!(response.status, 200);
    assert!(begun.elapsed() >= Duration::from_millis(1_900), "{:?}", begun.elapsed());
    assert_eq!(server.heads().len(), 3);
}

#[tokio::test]
async fn long_waits_and_spent_quotas_are_not_slept_on() {
    let server = Server::start(|n, _| match n {
        0 => answer(429, "Retry-After: 86400\r\n", b""),
        _ => answer(429, "X-ELS-Status: QUOTA_EXCEEDED - Quota Exceeded\r\nRetry-After: 1\r\n", b""),
    })
    .await;
    let client = client(ClientSettings::default());
    let begun = Instant::now();
    assert_eq!(get(&client, server.url("/")).await.unwrap().status, 429);
    assert_eq!(get(&client, server.url("/")).await.unwrap().status, 429);
    assert!(begun.elapsed() < Duration::from_secs(1));
    assert_eq!(server.heads().len(), 2);
}

#[tokio::test]
async fn attempts_end_and_a_failing_host_is_left_alone() {
    let server = Server::start(|_, _| answer(503, "Retry-After: 0\r\n", b"down")).await;
    let client = client(ClientSettings { retries: 2, ..ClientSettings::default() });
    for _ in 0..5 {
        assert_eq!(get(&client, server.url("/")).await.unwrap().status, 503);
    }
    assert_eq!(server.heads().len(), 15);
    let error = get(&client, server.url("/")).await.unwrap_err();
    assert!(matches!(error, NetError::CircuitOpen(_, 5)), "{error}");
    assert_eq!(server.heads().len(), 15);
}

#[tokio::test]
async fn what_was_found_reaches_no_private_address() {
    let server = Server::start(|_, _| answer(200, "", b"secret")).await;
    let guarded = client(ClientSettings::default());
    for url in [server.url("/"), Url::parse("http://localhost/").unwrap(), Url::parse("http://127.0.0.1/").unwrap()] {
        let error = guarded.send(&fast(&url), &found(url.clone())).await.unwrap_err();
        assert!(matches!(error, NetError::Blocked(_)), "{url}: {error}");
    }
    let lookup: Lookup = Arc::new(|_| Ok(vec!["10.0.0.7".parse().unwrap()]));
    let inner = client(ClientSettings { lookup: Some(lookup), ..ClientSettings::default() });
    let url = Url::parse("http://rebound.example/").unwrap();
    let error = inner.send(&fast(&url), &found(url.clone())).await.unwrap_err();
    assert_eq!(error, NetError::Blocked("rebound.example is at 10.0.0.7, which is no public address".into()));
    assert!(server.heads().is_empty());
    let open = client(ClientSettings { allow_private: true, ..ClientSettings::default() });
    assert_eq!(open.send(&fast(&server.url("/")), &found(server.url("/x"))).await.unwrap().body, b"secret");
}

#[tokio::test]
async fn a_redirect_is_judged_like_a_find() {
    let inner = Server::start(|_, _| answer(200, "", b"secret")).await;
    let to = inner.url("/admin");
    let outer = Server::start(move |_, head| match head.split(' ').nth(1) {
        Some("/in") => answer(302, &format!("Location: {to}\r\n"), b""),
        Some("/here") => answer(302, "Location: /there#part\r\n", b""),
        Some("/loop") => answer(301, "Location: /loop\r\n", b""),
        Some("/file") => answer(301, "Location: file:///etc/passwd\r\n", b""),
        _ => answer(200, "", b"fine"),
    })
    .await;
    let client = client(ClientSettings::default());
    assert!(matches!(get(&client, outer.url("/in")).await, Err(NetError::Blocked(_))));
    assert!(inner.heads().is_empty());
    let response = get(&client, outer.url("/here")).await.unwrap();
    assert_eq!((response.body.as_slice(), response.url.path()), (&b"fine"[..], "/there"));
    assert!(matches!(get(&client, outer.url("/loop")).await, Err(NetError::Redirects(_))));
    assert!(matches!(get(&client, outer.url("/file")).await, Err(NetError::Redirects(_))));
}

#[tokio::test]
async fn secrets_stay_with_their_host_and_out_of_sight() {
    let other = Server::start(|_, _| answer(200, "", b"elsewhere")).await;
    let to = other.url("/x");
    let server = Server::start(move |n, _| match n {
        0 => answer(302, "Location: /again?api_key=topsecret\r\n", b""),
        _ => answer(302, &format!("Location: {to}\r\n"), b""),
    })
    .await;
    let secret = SecretString::from("topsecret");
    let mut redactor = Redactor::default();
    redactor.learn(&secret);
    let settings = ClientSettings { redactor, allow_private: true, ..ClientSettings::default() };
    let mut request = Request::get(server.url("/"));
    request.secret_query.push(("api_key".into(), secret.clone()));
    request.secret_headers.push(("X-Key".into(), secret));
    let response = client(settings).send(&fast(&request.url), &request).await.unwrap();
    assert_eq!(response.body, b"elsewhere");
    let heads = server.heads();
    assert!(heads.iter().all(|head| head.matches("topsecret").count() == 2), "{heads:?}");
    assert!(!other.heads()[0].contains("topsecret"));
    let dead = Url::parse("http://127.0.0.1:9/?k=topsecret").unwrap();
    let settings = ClientSettings { retries: 0, ..ClientSettings::default() };
    let error = get(&client(settings), dead).await.unwrap_err();
    assert!(matches!(&error, NetError::Connect(what) if !what.contains("topsecret")), "{error}");
}

#[tokio::test]
async fn bodies_are_read_to_their_limit_also_after_decompression() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..64 {
        encoder.write_all(&vec![0; 1 << 20]).unwrap();
    }
    let bomb = encoder.finish().unwrap();
    assert!(bomb.len() < 100_000);
    let server = Server::start(move |_, head| match head.split(' ').nth(1) {
        Some("/bomb") => answer(200, "Content-Encoding: gzip\r\n", &bomb),
        _ => answer(200, "", &vec![b'x'; 5_000]),
    })
    .await;
    let client = client(ClientSettings::default());
    for (path, limit) in [("/bomb", 1 << 20), ("/plain", 4_999)] {
        let request = Request { max_bytes: limit, ..Request::get(server.url(path)) };
        assert_eq!(client.send(&fast(&request.url), &request).await, Err(NetError::TooLarge(limit)), "{path}");
    }
    let request = Request { max_bytes: 5_000, ..Request::get(server.url("/plain")) };
    assert_eq!(client.send(&fast(&request.url), &request).await.unwrap().body.len(), 5_000);
}

#[tokio::test]
async fn neither_silence_nor_dripping_holds_us() {
    let server = Server::start(|_, head| match head.split(' ').nth(1) {
        Some("/hang") => Act::Hang,
        _ => Act::Drip(format!("HTTP/1.1 200 X\r\ncontent-length: 900\r\n\r\n{}", "x".repeat(900)).into_bytes()),
    })
    .await;
    let client = client(ClientSettings { retries: 0, ..ClientSettings::default() });
    for path in ["/hang", "/drip"] {
        let begun = Instant::now();
        assert_eq!(get(&client, server.url(path)).await, Err(NetError::Timeout(1)), "{path}");
        assert!(begun.elapsed() < Duration::from_secs(5), "{path}: {:?}", begun.elapsed());
    }
}

#[tokio::test]
async fn a_broken_connection_is_tried_again() {
    let server = Server::start(|n, _| match n {
        0 => Act::Send(b"HTTP/1.1 200 X\r\ncontent-length: 50\r\n\r\nshort".to_vec()),
        1 => Act::Send(Vec::new()),
        _ => answer(200, "", b"whole"),
    })
    .await;
    assert_eq!(get(&client(ClientSettings::default()), server.url("/")).await.unwrap().body, b"whole");
}

#[tokio::test]
async fn robots_txt_is_asked_once_and_obeyed() {
    let server = Server::start(|_, head| match head.split(' ').nth(1) {
        Some("/robots.txt") => answer(200, "", b"User-agent: *\nDisallow: /private\n"),
        _ => answer(200, "", b"page"),
    })
    .await;
    let hosts = [("site.test".to_owned(), server.address)].into();
    let client = client(ClientSettings { hosts, ..ClientSettings::default() });
    let url = |path: &str| Url::parse(&format!("http://site.test{path}")).unwrap();
    let send = |path: &str| {
        let request = found(url(path));
        let client = &client;
        async move { client.send(&fast(&request.url), &request).await }
    };
    assert_eq!(send("/open").await.unwrap().body, b"page");
    assert_eq!(send("/open?2").await.unwrap().body, b"page");
    assert!(matches!(send("/private/x").await, Err(NetError::Robots(_))));
    assert_eq!(server.heads().iter().filter(|head| head.starts_with("GET /robots.txt")).count(), 1);
    // An address out of config is not subject to it.
    assert_eq!(get(&client, url("/private/x")).await.unwrap().body, b"page");
}

#[tokio::test]
async fn a_robots_txt_that_fails_forbids_and_one_that_is_missing_allows() {
    for (status, allowed) in [(404, true), (403, true), (500, false), (503, false)] {
        let server = Server::start(move |_, head| match head.split(' ').nth(1) {
            Some("/robots.txt") => answer(status, "Retry-After: 0\r\n", b""),
            _ => answer(200, "", b"page"),
        })
        .await;
        let client = client(ClientSettings { allow_private: true, retries: 0, ..ClientSettings::default() });
        let request = found(server.url("/x"));
        let result = client.send(&fast(&request.url), &request).await;
        assert_eq!(result.is_ok(), allowed, "{status}: {result:?}");
    }
}
