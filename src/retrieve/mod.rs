//! Where a work's full text is looked for, in which order, and whether what came is it.
//!
//! A state machine without I/O; `pipeline` drives it:
//!
//! ```text
//! let mut retrieval = Retrieval::new(&work, &services);
//! loop {
//!     match retrieval.step() {
//!         Step::Ask { source_id, identifiers } => retrieval.answer_locations(ask(source_id, identifiers)),
//!         Step::Fetch { request, .. } => retrieval.answer(client.send(request)),
//!         Step::Done => break,
//!     }
//! }
//! let retrieved = retrieval.finish();
//! ```
//!
//! The order: what was supplied; what the services name (Europe PMC's JATS, OpenAlex's locations,
//! Crossref's links, then any other service); locations and addresses in the work's own records;
//! last the DOI's landing page. A landing page's `citation_pdf_url` is tried as soon as it is seen.
//! What is left goes to a person ([`places::for_a_person`]).

mod fit;
mod judge;
mod outcome;
pub mod places;

use std::collections::{HashSet, VecDeque};

use url::Url;

use crate::fulltext::{self, Document};
use crate::model::{Identifiers, Location, Record};
use crate::net::{NetError, Request, Response};

pub use fit::fits;
pub use outcome::{Attempt, Outcome};
use places::Place;

/// The most addresses that are fetched for one work.
const MAX_FETCHES: usize = 15;

/// What is known of a work whose full text is sought.
#[derive(Clone, Debug, Default)]
pub struct WorkForRetrieval {
    /// All its records.
    pub records: Vec<Record>,
    /// A file that somebody supplied for it: the first place looked at, and taken at its word (no
    /// title is compared).
    pub supplied: Option<Vec<u8>>,
}

/// A source that may be asked where the full text lies.
#[derive(Clone, Debug)]
pub struct Service {
    /// `europepmc`, `openalex`, `crossref`, or another that can locate.
    pub source_id: String,
    /// Its address in this run: what it names below this address comes out of config, and is fetched
    /// as such; all other addresses are found ones ([`Request::found`]).
    pub base_url: Url,
}

/// What to do next.
#[derive(Clone, Debug)]
pub enum Step {
    /// Ask a source's `locate`, then call [`Retrieval::answer_locations`].
    Ask { source_id: String, identifiers: Box<Identifiers> },
    /// Send the request, then call [`Retrieval::answer`]. `origin` says who named the address.
    Fetch { request: Box<Request>, origin: String },
    /// Nothing more: call [`Retrieval::finish`].
    Done,
}

/// A document that fits the work.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub bytes: Vec<u8>,
    pub document: Document,
    /// Who named the address; `supplied` for a supplied file.
    pub origin: String,
    /// The address that answered; empty for a supplied file.
    pub url: String,
}

/// A document that a person may be able to read though we are not: a scan, an encrypted file.
#[derive(Clone, Debug, PartialEq)]
pub struct Unread {
    pub bytes: Vec<u8>,
    pub outcome: Outcome,
    pub origin: String,
    pub url: String,
}

/// How it ended.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Retrieved {
    pub found: Option<Found>,
    /// The first document that came and cannot be read; worth a person's look if nothing was found.
    pub unread: Option<Unread>,
    /// Every try, in order.
    pub attempts: Vec<Attempt>,
}

/// The search for one work's full text.
#[derive(Debug)]
pub struct Retrieval {
    records: Vec<Record>,
    identifiers: Identifiers,
    services: VecDeque<Service>,
    asked: Option<Service>,
    places: VecDeque<Place>,
    own_places_added: bool,
    fetching: Option<Place>,
    seen: HashSet<String>,
    fetches: usize,
    /// A page that fits but names a file that may be the whole document: taken if none is.
    reserve: Option<Found>,
    result: Retrieved,
}

impl Retrieval {
    /// Begins. A supplied file is read at once (a PDF in a child process: call this, and
    /// [`Retrieval::answer`], where waiting for some seconds does no harm).
    pub fn new(work: &WorkForRetrieval, services: &[Service]) -> Self {
        let mut services = services.to_vec();
        let rank = |service: &Service| match service.source_id.as_str() {
            "europepmc" => 0,
            "openalex" => 1,
            "crossref" => 2,
            _ => 3,
        };
        services.sort_by_key(rank);
        let mut retrieval = Self {
            identifiers: places::identifiers(&work.records),
            records: work.records.clone(),
            services: services.into(),
            asked: None,
            places: VecDeque::new(),
            own_places_added: false,
            fetching: None,
            seen: HashSet::new(),
            fetches: 0,
            reserve: None,
            result: Retrieved::default(),
        };
        if let Some(bytes) = &work.supplied {
            retrieval.take_supplied(bytes);
        }
        retrieval
    }

    fn take_supplied(&mut self, bytes: &[u8]) {
        let origin = "supplied".to_owned();
        match fulltext::extract(bytes) {
            Ok(document) => {
                self.log(&origin, "", Outcome::Ok, "");
                self.result.found = Some(Found { bytes: bytes.to_vec(), document, origin, url: String::new() });
            }
            Err(error) => {
                let outcome = judge::outcome_of(&error, bytes);
                self.log(&origin, "", outcome, &error.to_string());
                self.keep_unread(bytes, outcome, &origin, "");
            }
        }
    }

    /// The next step. Until it is answered, the same step comes again.
    pub fn step(&mut self) -> Step {
        loop {
            if self.result.found.is_some() {
                return Step::Done;
            }
            if let Some(service) = &self.asked {
                return Step::Ask {
                    source_id: service.source_id.clone(),
                    identifiers: Box::new(self.identifiers.clone()),
                };
            }
            if self.fetching.is_none() {
                self.fetching = self.next_place();
            }
            if let Some(place) = &self.fetching {
                return Step::Fetch { request: Box::new(place.request()), origin: place.origin.clone() };
            }
            if self.fetches >= MAX_FETCHES {
                return Step::Done;
            }
            if let Some(service) = self.services.pop_front() {
                self.asked = places::can_be_asked(&service.source_id, &self.identifiers).then_some(service);
            } else if !self.own_places_added {
                self.own_places_added = true;
                self.places.extend(places::of_records(&self.records, &self.identifiers));
            } else {
                return Step::Done;
            }
        }
    }

    fn next_place(&mut self) -> Option<Place> {
        while self.fetches < MAX_FETCHES
            && let Some(place) = self.places.pop_front()
        {
            if self.seen.insert(place.identity()) {
                self.fetches += 1;
                return Some(place);
            }
        }
        None
    }

    /// What the source that was to be asked names, or why it could not be asked.
    pub fn answer_locations(&mut self, locations: Result<Vec<Location>, String>) {
        let Some(service) = self.asked.take() else { return };
        match locations {
            Ok(locations) if locations.is_empty() => {
                self.log(&service.source_id, "", Outcome::NotFound, "names no copy");
            }
            Ok(locations) => self.places.extend(places::of_locations(&locations, &service.source_id, Some(&service))),
            Err(reason) => self.log(&service.source_id, "", Outcome::Unavailable, &reason),
        }
    }

    /// What came back for the request. Reads the document: see [`Retrieval::new`].
    pub fn answer(&mut self, response: Result<Response, NetError>) {
        let Some(place) = self.fetching.take() else { return };
        let response = match response {
            Ok(response) => response,
            Err(error) => {
                self.log(&place.origin, place.url.as_str(), judge::outcome_of_net(&error), &error.to_string());
                return;
            }
        };
        self.seen.insert(places::identity(&response.url));
        let judged = judge::judge(&response, &self.records);
        let url = response.url.to_string();
        self.log(&place.origin, &url, judged.outcome, &judged.detail);
        for link in judged.links.into_iter().rev() {
            self.places.push_front(Place::found(link, format!("citation_pdf_url of {}", place.origin)));
        }
        match (judged.outcome, judged.document) {
            (Outcome::Ok, Some(document)) => {
                let found = Found { bytes: response.body, document, origin: place.origin, url };
                if judged.reserve {
                    self.reserve.get_or_insert(found);
                } else {
                    self.result.found = Some(found);
                }
            }
            (outcome, _) => self.keep_unread(&response.body, outcome, &place.origin, &url),
        }
    }

    /// The document, if one was found, and every try.
    pub fn finish(mut self) -> Retrieved {
        if self.result.found.is_none() {
            self.result.found = self.reserve.take();
        }
        self.result
    }

    fn keep_unread(&mut self, bytes: &[u8], outcome: Outcome, origin: &str, url: &str) {
        let readable_by_a_person = matches!(outcome, Outcome::NoTextLayer | Outcome::Encrypted);
        if readable_by_a_person && self.result.unread.is_none() {
            self.result.unread =
                Some(Unread { bytes: bytes.to_vec(), outcome, origin: origin.to_owned(), url: url.to_owned() });
        }
    }

    fn log(&mut self, origin: &str, url: &str, outcome: Outcome, detail: &str) {
        self.result.attempts.push(Attempt {
            origin: origin.to_owned(),
            url: url.to_owned(),
            outcome,
            detail: detail.to_owned(),
        });
    }
}

#[cfg(test)]
mod tests;
