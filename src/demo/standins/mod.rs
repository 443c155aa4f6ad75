//! Stand-ins of the databases and websites, served on loopback. They speak the real wire formats over
//! the corpus, with paging, rate headers, keys, and now and then a 429 or a 503.
//!
//! The databases and GOV.UK have a port each, to be set as `base_url` in memory. Sites that a record
//! or page names have fixed host names under `.test`, all served by one port and told apart by the
//! request's `Host`.

mod answer;
mod crossref;
mod europepmc;
pub mod expression;
mod govuk;
mod openalex;
mod pubmed;
mod scopus;
mod shelves;
mod sites;
mod trouble;
mod wos;

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

use super::corpus::{ASSETS, Corpus, REPORTS, REPOSITORY, SITE};
use shelves::Shelves;
use trouble::Counter;

/// Invented keys; a stand-in that needs one refuses any other.
const KEYS: &[(&str, &str)] = &[
    ("SCOPUS_API_KEY", "stand-in-key-of-scopus"),
    ("WOS_API_KEY", "stand-in-key-of-web-of-science"),
    ("OPENALEX_API_KEY", "stand-in-key-of-openalex"),
];

/// Host names that the site server answers to.
const HOSTS: &[&str] = &[
    "harbour-press.test",
    "lantern-open.test",
    "weir-and-sons.test",
    "kestrel-academic.test",
    REPOSITORY,
    REPORTS,
    SITE,
    ASSETS,
    govuk::HOST,
];

/// The running stand-ins. They stop when this is dropped.
pub struct StandIns {
    /// By source id: what takes the place of `base_url`.
    pub base_urls: BTreeMap<&'static str, Url>,
    /// Host names and where they are served, in memory only.
    pub hosts: HashMap<String, SocketAddr>,
    /// Environment variables' names and the keys that the stand-ins take.
    pub keys: Vec<(&'static str, &'static str)>,
    /// What takes the place of the sitemap source's sites.
    pub sites: Vec<String>,
    counters: BTreeMap<&'static str, Arc<Counter>>,
    servers: Vec<JoinHandle<()>>,
}

/// Makes a stand-in's router.
type Serves = fn(Arc<Shelves>) -> Router;

/// Starts all stand-ins on free ports.
///
/// # Errors
/// Where no port can be had on loopback.
pub async fn start(corpus: &Corpus) -> std::io::Result<StandIns> {
    let shelves = Arc::new(Shelves::of(corpus));
    let services: [(&'static str, Serves); 7] = [
        ("scopus", scopus::router),
        ("wos", wos::router),
        ("openalex", openalex::router),
        ("crossref", crossref::router),
        ("pubmed", pubmed::router),
        ("europepmc", europepmc::router),
        ("govuk", govuk::router),
    ];
    let mut standins = StandIns {
        base_urls: BTreeMap::new(),
        hosts: HashMap::new(),
        keys: KEYS.to_vec(),
        sites: vec![format!("http://{SITE}/sitemap.xml")],
        counters: BTreeMap::new(),
        servers: Vec::new(),
    };
    for (id, router) in services {
        let address = standins.serve(id, router(Arc::clone(&shelves))).await?;
        // GOV.UK's two interfaces lie below /api.
        let below = if id == "govuk" { "/api" } else { "" };
        let base = Url::parse(&format!("http://{address}{below}")).map_err(std::io::Error::other)?;
        standins.base_urls.insert(id, base);
    }
    let address = standins.serve("sites", sites::router(shelves)).await?;
    standins.hosts = HOSTS.iter().map(|host| ((*host).to_owned(), address)).collect();
    Ok(standins)
}

impl StandIns {
    async fn serve(&mut self, id: &'static str, router: Router) -> std::io::Result<SocketAddr> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let counter = Arc::new(Counter::default());
        self.counters.insert(id, Arc::clone(&counter));
        let router = trouble::with(router, id, counter);
        self.servers.push(tokio::spawn(async move {
            // Accepting ends only with the task.
            let _ = axum::serve(listener, router).await;
        }));
        Ok(address)
    }

    /// How many requests each stand-in has answered so far, troubles included.
    pub fn requests(&self) -> BTreeMap<&'static str, usize> {
        self.counters.iter().map(|(id, counter)| (*id, counter.count())).collect()
    }
}

impl Drop for StandIns {
    fn drop(&mut self) {
        self.servers.iter().for_each(JoinHandle::abort);
    }
}
