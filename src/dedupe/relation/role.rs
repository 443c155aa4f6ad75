//! What kind of publication a record is, as far as policy goes; only what is certain.

use crate::model::{Record, WorkType};
use crate::text::words;

/// What a document is among the versions of a study.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    Preprint,
    Conference,
    Article,
}

impl Role {
    /// A record's role; `None` where its fields do not say.
    pub fn of(record: &Record) -> Option<Self> {
        of(record)
    }
    /// The role in words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Preprint => "a preprint",
            Self::Conference => "a conference paper",
            Self::Article => "an article",
        }
    }
}

/// DOI prefixes under which only preprints are registered (Crossref and DataCite, by the servers' own pages).
const PREPRINT_PREFIXES: &[&str] = &[
    "10.48550/",          // arXiv
    "10.1101/20",         // bioRxiv and medRxiv by date; Cold Spring Harbor's journals bear 10.1101/gr. and the like
    "10.64898/",          // bioRxiv and medRxiv since 2025
    "10.21203/rs.",       // Research Square
    "10.20944/preprints", // Preprints.org
    "10.31234/osf.io",    // PsyArXiv
    "10.31235/osf.io",    // SocArXiv
    "10.31219/osf.io",    // OSF Preprints
    "10.26434/chemrxiv",  // ChemRxiv
    "10.2139/ssrn",       // SSRN
    "10.36227/techrxiv",  // TechRxiv
    "10.22541/au.",       // Authorea
    "10.2196/preprints",  // JMIR Preprints
];

/// Names of preprint servers, as venues give them.
const SERVERS: &[&str] =
    &["arxiv", "biorxiv", "medrxiv", "psyarxiv", "socarxiv", "chemrxiv", "techrxiv", "ssrn", "preprints", "authorea"];

/// A record's role; `None` where its fields do not say.
pub fn of(record: &Record) -> Option<Role> {
    let is = |kind: WorkType| record.types.contains(&kind);
    let plain = is(WorkType::JournalArticle) || is(WorkType::Review);
    let doi = record.identifiers.doi.as_deref();
    if doi.is_some_and(|doi| PREPRINT_PREFIXES.iter().any(|prefix| doi.starts_with(prefix))) {
        return Some(Role::Preprint);
    }
    let venue = words(record.venue.as_deref().unwrap_or_default());
    let on_server = venue.iter().any(|word| SERVERS.contains(&word.as_str()))
        || matches!(venue.iter().map(String::as_str).collect::<Vec<_>>().as_slice(), ["research", "square", ..]);
    let numbered = record.volume.is_some() || record.pages.is_some();
    if (on_server && doi.is_none()) || (is(WorkType::Preprint) && !plain && !(numbered && doi.is_some())) {
        return Some(Role::Preprint);
    }
    if is(WorkType::Preprint) || on_server {
        return None;
    }
    match (is(WorkType::ConferencePaper), plain) {
        (true, false) => Some(Role::Conference),
        (false, true) => Some(Role::Article),
        // A spreadsheet without types: a place in a journal is an article's.
        (false, false) if record.types.is_empty() && !venue.is_empty() && record.volume.is_some() => {
            Some(Role::Article)
        }
        _ => None,
    }
}

/// Why two records that the rules take for one document are two by policy: a preprint and its article, a
/// conference abstract and its article. `None` where they share an identifier or a place (then one
/// source only has another word for the type), or where it is not certain what each of them is.
pub fn apart(a: &Record, b: &Record) -> Option<super::Kind> {
    let kind = match (of(a)?, of(b)?) {
        (Role::Preprint, Role::Article | Role::Conference) | (Role::Article | Role::Conference, Role::Preprint) => {
            super::Kind::PreprintOf
        }
        (Role::Conference, Role::Article) | (Role::Article, Role::Conference) => super::Kind::ConferenceOf,
        _ => return None,
    };
    let (one, other) = (&a.identifiers, &b.identifiers);
    let shared = |one: &Option<String>, other: &Option<String>| one.is_some() && one == other;
    let same_number = shared(&one.doi, &other.doi)
        || shared(&one.pmid, &other.pmid)
        || shared(&one.pmcid, &other.pmcid)
        || shared(&one.openalex, &other.openalex)
        || shared(&one.scopus, &other.scopus)
        || shared(&one.wos, &other.wos);
    let same_place = shared(&a.volume, &b.volume) && shared(&a.pages, &b.pages);
    if same_number || same_place {
        return None;
    }
    // Databases differ in what they call a conference paper: two places or two DOIs have to say it too.
    let two_dois = one.doi.is_some() && other.doi.is_some();
    let venues = |record: &Record| record.venue.as_deref().map(super::titles::compact);
    let two_venues = venues(a).zip(venues(b)).is_some_and(|(one, other)| one != other);
    (kind == super::Kind::PreprintOf || two_dois || two_venues).then_some(kind)
}
