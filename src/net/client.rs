//! The client: hosts' turns, attempts, redirects, robots.txt and the circuit breaker around
//! [`exchange`](super::exchange).

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::sync::OnceCell;
use url::{Host as UrlHost, Url};

use super::NetError;
use super::exchange::{Hop, Raw, exchange};
use super::guard::{self, Lookup, Resolver};
use super::message::{Method, Request, Response};
use super::rate::{Hint, Host, Lane, hint, host_key};
use super::retry::{Verdict, backoff, judge};
use super::robots::{self, Rules};
use super::traffic::{Counters, Traffic};
use crate::redact::Redactor;

/// After so many failed requests in a row a host is left alone.
const FAILURES: u32 = 5;
/// So many redirects are followed.
const REDIRECTS: usize = 10;
/// An address that was found is tried again at most so often.
const FOUND_RETRIES: u32 = 2;

/// How a run goes out.
#[derive(Clone)]
pub struct ClientSettings {
    /// Stands in the User-Agent as `mailto:`, so that a server's people can write.
    pub contact: Option<String>,
    /// Seconds for an answer to begin and for each pause within it; an attempt ends after three times that.
    pub timeout_s: u64,
    /// Attempts after the first.
    pub retries: u32,
    /// Whether found addresses may reach private networks and odd ports.
    pub allow_private: bool,
    /// The run's secrets, kept out of errors, logs and response headers.
    pub redactor: Redactor,
    /// Host names that stand for an address in memory only (the demo's stand-in sites); neither the
    /// guard nor the rule on ports holds for them. Names in lower case.
    pub hosts: HashMap<String, SocketAddr>,
    /// Takes the place of the system's resolver, in tests.
    pub lookup: Option<Lookup>,
}

impl Default for ClientSettings {
    fn default() -> Self {
        Self {
            contact: None,
            timeout_s: 30,
            retries: 5,
            allow_private: false,
            redactor: Redactor::default(),
            hosts: HashMap::new(),
            lookup: None,
        }
    }
}

/// The one way out. Cheap to clone; clones share limiters, breakers, robots.txt and counters.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    settings: ClientSettings,
    /// For addresses out of config: the system's proxies hold.
    open: reqwest::Client,
    /// For loopback and stand-in hosts: no proxy.
    direct: reqwest::Client,
    /// For found addresses: no proxy (it would resolve names behind the guard's back).
    guarded: reqwest::Client,
    hosts: Mutex<HashMap<String, Arc<Host>>>,
    robots: Mutex<HashMap<String, RobotsCell>>,
    counters: Counters,
}

type RobotsCell = Arc<OnceCell<Result<Rules, NetError>>>;

impl Client {
    /// Sets up connections; none is opened.
    ///
    /// # Errors
    /// [`NetError::Request`] where TLS or the User-Agent cannot be set up.
    pub fn new(settings: ClientSettings) -> Result<Self, NetError> {
        let hosts = settings.hosts.iter().map(|(name, address)| (name.to_lowercase(), *address)).collect();
        let resolver = Resolver { hosts: Arc::new(hosts), lookup: settings.lookup.clone(), guarded: false };
        let guarded_resolver = Resolver { guarded: true, ..resolver.clone() };
        let agent = user_agent(settings.contact.as_deref());
        let build = |resolver: Resolver, proxies: bool| {
            let mut builder = reqwest::Client::builder()
                .user_agent(&agent)
                .redirect(reqwest::redirect::Policy::none())
                .connect_timeout(Duration::from_secs(settings.timeout_s.clamp(1, 15)))
                .pool_idle_timeout(Duration::from_secs(60))
                .dns_resolver(Arc::new(resolver));
            if !proxies {
                builder = builder.no_proxy();
            }
            builder.build().map_err(|error| NetError::Request(error.without_url().to_string()))
        };
        let inner = Inner {
            open: build(resolver.clone(), true)?,
            direct: build(resolver, false)?,
            guarded: build(guarded_resolver, false)?,
            settings,
            hosts: Mutex::default(),
            robots: Mutex::default(),
            counters: Counters::default(),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Sends a request and waits for its answer, through turns, attempts and redirects. `lane` is
    /// the pace of the request's own host; other hosts met on the way get [`Lane::polite`].
    /// POSTs are sent again like GETs: all of ours only read.
    ///
    /// # Errors
    /// [`NetError`]; a status is no error, it is in the response.
    pub async fn send(&self, lane: &Lane, request: &Request) -> Result<Response, NetError> {
        self.inner.follow(lane, request, request.found, false).await.map_err(|error| self.inner.redacted(error))
    }

    /// What each host was asked so far.
    pub fn traffic(&self) -> BTreeMap<String, Traffic> {
        self.inner.counters.all()
    }
}

fn user_agent(contact: Option<&str>) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let contact: String = contact.unwrap_or_default().chars().filter(char::is_ascii_graphic).collect();
    let name = robots::PRODUCT;
    if contact.is_empty() { format!("{name}/{version}") } else { format!("{name}/{version} (mailto:{contact})") }
}

impl Inner {
    /// Follows redirects by hand, each hop guarded.
    async fn follow(&self, lane: &Lane, request: &Request, obey: bool, cut: bool) -> Result<Response, NetError> {
        let mut url = request.url.clone();
        url.set_fragment(None);
        let mut method = request.method;
        for _ in 0..=REDIRECTS {
            self.without_tls(&mut url);
            // An address out of config is trusted; where it redirects to another place, that was found.
            let guarded = request.found || !same_place(&request.url, &url);
            let secrets = may_have_secrets(&request.url, &url);
            if guarded {
                self.check(&url)?;
            }
            let own = Lane::polite(&url);
            let lane = if host_key(&url) == host_key(&request.url) { lane } else { &own };
            let host = self.host(lane);
            if obey {
                self.obey_robots(&url, &host).await?;
            }
            let hop = Hop { method, url: &url, request, secrets, cut };
            let raw = self.attempts(&lane.host, &host, &hop, guarded).await?;
            let location = raw.headers.iter().find(|(name, _)| name == "location").map(|(_, value)| value.clone());
            let (301 | 302 | 303 | 307 | 308, Some(location)) = (raw.status, location) else {
                return Ok(self.response(raw, url));
            };
            if matches!(raw.status, 301..=303) {
                method = Method::Get;
            }
            let mut next =
                url.join(location.trim()).map_err(|_| NetError::Redirects(format!("'{location}' is no address")))?;
            if !matches!(next.scheme(), "http" | "https") {
                return Err(NetError::Redirects(format!("to '{}', which is no web address", next.scheme())));
            }
            next.set_fragment(None);
            tracing::debug!(from = %self.shown(&url), to = %self.shown(&next), status = raw.status, "redirected");
            url = next;
        }
        Err(NetError::Redirects(format!("more than {REDIRECTS} in a row")))
    }

    /// A host that stands for an address in memory has no certificate: it is spoken to without.
    fn without_tls(&self, url: &mut Url) {
        let stands_in = url.host_str().is_some_and(|host| self.settings.hosts.contains_key(host));
        if stands_in && url.scheme() == "https" && url.set_scheme("http").is_err() {
            tracing::debug!("the scheme stays");
        }
    }

    /// One hop: turns and attempts.
    async fn attempts(&self, key: &str, host: &Arc<Host>, hop: &Hop<'_>, guarded: bool) -> Result<Raw, NetError> {
        let limit = Duration::from_secs(self.settings.timeout_s.max(1));
        let retries = if hop.request.found { self.settings.retries.min(FOUND_RETRIES) } else { self.settings.retries };
        let http = self.http(hop.url, guarded);
        let mut attempt = 0;
        loop {
            let turn = host.turn().await;
            if host.failures() >= FAILURES {
                return Err(NetError::CircuitOpen(key.to_owned(), FAILURES));
            }
            let begun = tokio::time::Instant::now();
            let result = exchange(http, hop, limit).await;
            let now = now();
            self.count(key, attempt, &result);
            self.log(hop, &result, attempt, begun.elapsed());
            let (wait, failing) = match &result {
                Ok(raw) => {
                    host.lower(hint(&raw.headers));
                    match judge(raw.status, &raw.headers, now) {
                        Verdict::Answer => (None, raw.status >= 500),
                        Verdict::Again(wait) => {
                            // The server's own wait holds for all workers, ours for this one.
                            if let Some(wait) = wait.filter(|_| attempt < retries) {
                                host.pause(wait);
                            }
                            (Some(wait.unwrap_or_else(|| backoff(attempt))), raw.status >= 500)
                        }
                    }
                }
                Err(error) => (error.is_transient().then(|| backoff(attempt)), error.is_transient()),
            };
            drop(turn);
            match wait.filter(|_| attempt < retries) {
                Some(wait) => {
                    tokio::time::sleep(wait).await;
                    attempt += 1;
                }
                None => {
                    let throttled = matches!(&result, Ok(raw) if raw.status == 429);
                    if !throttled {
                        host.failed(failing);
                    }
                    return result;
                }
            }
        }
    }

    fn host(&self, lane: &Lane) -> Arc<Host> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        let host = hosts.entry(lane.host.clone()).or_insert_with(|| Arc::new(Host::new(lane))).clone();
        drop(hosts);
        host.adopt(lane);
        host
    }

    /// The guard before resolving; the guarded client's resolver does the rest.
    fn check(&self, url: &Url) -> Result<(), NetError> {
        if self.settings.allow_private || self.is_stand_in(url) { Ok(()) } else { guard::check(url) }
    }

    fn is_stand_in(&self, url: &Url) -> bool {
        url.host_str().is_some_and(|host| self.settings.hosts.contains_key(&host.to_lowercase()))
    }

    fn http(&self, url: &Url, guarded: bool) -> &reqwest::Client {
        let loopback = match url.host() {
            Some(UrlHost::Ipv4(address)) => address.is_loopback(),
            Some(UrlHost::Ipv6(address)) => address.is_loopback(),
            Some(UrlHost::Domain(name)) => name == "localhost",
            None => false,
        };
        if self.is_stand_in(url) {
            &self.direct
        } else if guarded && !self.settings.allow_private {
            &self.guarded
        } else if loopback {
            &self.direct
        } else {
            &self.open
        }
    }

    async fn obey_robots(&self, url: &Url, host: &Arc<Host>) -> Result<(), NetError> {
        let origin = url.origin().ascii_serialization();
        let cell = {
            let mut cells = self.robots.lock().unwrap_or_else(PoisonError::into_inner);
            cells.entry(origin.clone()).or_default().clone()
        };
        let rules = cell.get_or_init(|| self.fetch_robots(url)).await.as_ref().map_err(Clone::clone)?;
        if let Some(delay) = rules.delay {
            host.lower(Hint { requests_per_second: Some(1.0 / delay.as_secs_f64()), concurrency: Some(1) });
        }
        let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
        if rules.allow(path) { Ok(()) } else { Err(NetError::Robots(format!("{origin}/robots.txt disallows it"))) }
    }

    /// RFC 9309: 4xx allows all, 5xx disallows all; a host that cannot be reached is told as such.
    async fn fetch_robots(&self, url: &Url) -> Result<Rules, NetError> {
        let mut address = url.clone();
        address.set_path("/robots.txt");
        address.set_query(None);
        let request = Request { found: true, max_bytes: robots::MAX_BYTES, ..Request::get(address.clone()) };
        let lane = Lane::polite(url);
        let follow = Box::pin(self.follow(&lane, &request, false, true));
        let response = match follow.await {
            Err(NetError::Redirects(_)) => return Ok(Rules::default()),
            other => other?,
        };
        match response.status {
            200..=299 => Ok(Rules::read(&String::from_utf8_lossy(&response.body), robots::PRODUCT)),
            500..=599 | 429 => Err(NetError::Robots(format!("{address} answers {}", response.status))),
            _ => Ok(Rules::default()),
        }
    }

    fn response(&self, raw: Raw, url: Url) -> Response {
        let redactor = &self.settings.redactor;
        let mut headers: Vec<(String, String)> =
            raw.headers.into_iter().map(|(name, value)| (name, redactor.text(&value))).collect();
        // Whoever reads a wait or a reset out of the headers needs to know from when it counts.
        if !headers.iter().any(|(name, _)| name == "date") {
            headers.push(("date".to_owned(), httpdate::fmt_http_date(now())));
        }
        let url = Url::parse(&redactor.text(url.as_str())).unwrap_or(url);
        Response { status: raw.status, headers, body: raw.body, url }
    }

    fn count(&self, key: &str, attempt: u32, result: &Result<Raw, NetError>) {
        let bytes = result.as_ref().map_or(0, |raw| raw.body.len() as u64);
        self.counters.count(key, |traffic| {
            traffic.attempts += 1;
            traffic.retries += u64::from(attempt > 0);
            traffic.bytes += bytes;
        });
    }

    fn log(&self, hop: &Hop<'_>, result: &Result<Raw, NetError>, attempt: u32, took: Duration) {
        let (url, ms) = (self.shown(hop.url), took.as_millis());
        match result {
            Ok(raw) => tracing::debug!(%url, status = raw.status, bytes = raw.body.len(), attempt, ms, "answered"),
            Err(error) => {
                let error = self.settings.redactor.text(&error.to_string());
                tracing::debug!(%url, error, attempt, ms, "no answer");
            }
        }
    }

    fn shown(&self, url: &Url) -> String {
        self.settings.redactor.text(url.as_str())
    }

    fn redacted(&self, error: NetError) -> NetError {
        let text = |text: String| self.settings.redactor.text(&text);
        match error {
            NetError::Connect(what) => NetError::Connect(text(what)),
            NetError::Blocked(what) => NetError::Blocked(text(what)),
            NetError::Robots(what) => NetError::Robots(text(what)),
            NetError::Redirects(what) => NetError::Redirects(text(what)),
            NetError::Request(what) => NetError::Request(text(what)),
            other => other,
        }
    }
}

fn now() -> SystemTime {
    SystemTime::now()
}

/// The same scheme, host and port; an upgrade from http to https on the scheme's own ports is no move.
fn same_place(from: &Url, to: &Url) -> bool {
    let same_host = from.host() == to.host();
    let same = same_host && from.scheme() == to.scheme() && from.port_or_known_default() == to.port_or_known_default();
    let upgraded =
        same_host && from.scheme() == "http" && to.scheme() == "https" && (from.port(), to.port()) == (None, None);
    same || upgraded
}

/// Secrets go to the place that they were meant for and nowhere else.
fn may_have_secrets(meant_for: &Url, url: &Url) -> bool {
    same_place(meant_for, url)
}
