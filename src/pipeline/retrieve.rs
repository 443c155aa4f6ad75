//! Getting the documents of what is sought, each attempt logged with its outcome.

use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;
use tokio::task::JoinSet;

use super::harvest::Choice;
use super::progress::Event;
use super::reading::{Reading, StreamReading, enters_at_abstract, give_up_version};
use super::run::Run;
use crate::config::Stream;
use crate::error::{Failure, Outcome};
use crate::flow::{Retrieval as Standing, Standing as Verdicted};
use crate::fulltext::{Document, DocumentKind};
use crate::ids::sha256_hex;
use crate::model::{Decider, Location, Record, Stage, Verdict};
use crate::net::Lane;
use crate::retrieve::{Retrieval, Service, Step, WorkForRetrieval};
use crate::sources::Next;
use crate::store::{NewAttempt, NewDecision};

/// Works sought at once; the hosts' own limits hold within.
const AT_ONCE: usize = 16;

/// What a retrieval did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Retrieved {
    /// Works that were looked for.
    pub sought: usize,
    pub found: usize,
    /// Closed as not retrieved by the stream's give-up rule.
    pub closed: usize,
}

impl Retrieved {
    pub(super) fn add(&mut self, other: &Self) {
        self.sought += other.sought;
        self.found += other.found;
        self.closed += other.closed;
    }
}

impl Run {
    /// Looks for the full text of every work that is sought and was not looked for in this refresh.
    pub async fn retrieve(self: &Arc<Self>, refresh: i64, choice: &Choice) -> Outcome<Retrieved> {
        let reading = self.with_reading()?;
        let settings = Arc::clone(&self.settings);
        let done = self.with_store(|store| store.sought_in(refresh))?;
        let mut works: Vec<i64> = Vec::new();
        for stream in settings.streams.iter().filter(|stream| choice.has_stream(stream)) {
            let of_stream = self.read(|store| reading.stream(store, &settings, stream))?;
            works.extend(sought(stream, &of_stream).filter(|work| !done.contains(work)));
        }
        works.sort_unstable();
        works.dedup();
        let mut retrieved = Retrieved { sought: works.len(), ..Retrieved::default() };
        let services = self.services()?;
        let mut tasks: JoinSet<Outcome<bool>> = JoinSet::new();
        let total = works.len() as u64;
        let mut finished = 0;
        let mut waiting = works.into_iter();
        loop {
            while tasks.len() < AT_ONCE
                && let Some(work) = waiting.next()
            {
                let (run, services) = (Arc::clone(self), services.clone());
                let records: Vec<Record> = reading.members(work).into_iter().cloned().collect();
                tasks.spawn(async move { run.retrieve_work(refresh, work, records, &services).await });
            }
            let Some(ended) = tasks.join_next().await else { break };
            let found = ended.map_err(|error| Failure::failed(format!("a retrieval broke off: {error}")))??;
            retrieved.found += usize::from(found);
            finished += 1;
            self.progress.event(&Event::Step { done: finished, of: total });
        }
        retrieved.closed = self.give_up(choice)?;
        Ok(retrieved)
    }

    fn services(&self) -> Outcome<Vec<Service>> {
        let mut services = Vec::new();
        for id in self.side_services(|info| info.can.locate) {
            match self.reach(id)? {
                Ok(reach) => services.push(Service { source_id: id.to_owned(), base_url: reach.access.base_url }),
                Err(reason) => self.warn(&format!("{id} is not asked for full texts: {}", reason.0)),
            }
        }
        Ok(services)
    }

    async fn retrieve_work(
        &self,
        refresh: i64,
        work: i64,
        records: Vec<Record>,
        services: &[Service],
    ) -> Outcome<bool> {
        let mut retrieval = Retrieval::new(&WorkForRetrieval { records, supplied: None }, services);
        loop {
            match retrieval.step() {
                Step::Done => break,
                Step::Ask { source_id, identifiers } => {
                    let locations = self.locate(&source_id, &identifiers).await;
                    retrieval.answer_locations(locations);
                }
                Step::Fetch { request, .. } => {
                    let lane = self.lane_for(&request.url);
                    let mut response = self.client.send(&lane, &request).await;
                    if let Ok(response) = &mut response {
                        response.body = self.redactor.bytes(&response.body);
                    }
                    // Reading a document takes a child process or some time: other tasks go on.
                    tokio::task::block_in_place(|| retrieval.answer(response));
                }
            }
        }
        let result = retrieval.finish();
        let kept = match &result.found {
            Some(found) => Some((self.keep_document(&found.bytes, &found.document)?, found)),
            None => None,
        };
        let told: Vec<(String, String)> =
            result.attempts.iter().map(|attempt| (self.public(&attempt.url), self.public(&attempt.detail))).collect();
        let mut rows: Vec<NewAttempt<'_>> = result
            .attempts
            .iter()
            .zip(&told)
            .map(|(attempt, (url, detail))| NewAttempt {
                record: work,
                refresh,
                origin: &attempt.origin,
                url,
                outcome: attempt.outcome.name(),
                detail,
                document: None,
            })
            .collect();
        match &kept {
            Some((hash, found)) => {
                let row = rows.iter_mut().rev().find(|row| row.origin == found.origin && row.outcome == "ok");
                if let Some(row) = row {
                    row.document = Some((hash, found.bytes.len(), &found.document));
                }
            }
            None if rows.is_empty() => rows.push(NewAttempt {
                record: work,
                refresh,
                origin: "none",
                url: "",
                outcome: "not-found",
                detail: "no source names a place to look",
                document: None,
            }),
            None => {}
        }
        self.with_store(|store| store.add_attempts(&rows))?;
        Ok(kept.is_some())
    }

    async fn locate(&self, source: &str, identifiers: &crate::model::Identifiers) -> Result<Vec<Location>, String> {
        let reach = match self.reach(source).map_err(|failure| failure.message)? {
            Ok(reach) => reach,
            Err(reason) => return Err(reason.0),
        };
        let Some(mut state) = reach.source.locate(&reach.access, identifiers).map_err(|error| error.to_string())?
        else {
            return Ok(Vec::new());
        };
        let mut locations = Vec::new();
        for _ in 0..8 {
            match self.ask(&reach, &state).await {
                Ok(answer) => {
                    locations.extend(answer.page.locations);
                    locations.extend(answer.page.records.into_iter().flat_map(|one| one.record.locations));
                    match answer.page.next {
                        Next::More(next) => state = next,
                        _ => break,
                    }
                }
                Err(error) if error.is_not_found() => break,
                Err(error) => return Err(self.public(&error.to_string())),
            }
        }
        Ok(locations)
    }

    /// The pace of an address: its source's, where it lies below a source's own address.
    fn lane_for(&self, url: &url::Url) -> Lane {
        for source in crate::sources::registry::SOURCES {
            if let Ok(Ok(reach)) = self.reach(source.info().id)
                && url.host_str() == reach.access.base_url.host_str()
                && url.port_or_known_default() == reach.access.base_url.port_or_known_default()
            {
                return reach.lane;
            }
        }
        match self.overrides.requests_per_second {
            Some(rate) => Lane::new(url, rate, 20, AT_ONCE),
            None => Lane::polite(url),
        }
    }

    /// Closes what the stream's give-up rule says is not to be had.
    fn give_up(&self, choice: &Choice) -> Outcome<usize> {
        let settings = Arc::clone(&self.settings);
        let failed = self.with_store(|store| store.failed_refreshes())?;
        let reading = self.with_reading()?;
        let mut closed = 0;
        for stream in settings.streams.iter().filter(|stream| choice.has_stream(stream)) {
            let Some(limit) = stream.fulltext_stage.as_ref().and_then(|stage| stage.give_up_after) else { continue };
            let of_stream = self.read(|store| reading.stream(store, &settings, stream))?;
            let by = Decider::Rule(give_up_version(limit));
            let reason = format!("not retrieved in {limit} refreshes");
            let rows: Vec<NewDecision<'_>> = sought(stream, &of_stream)
                .filter(|work| failed.get(work).is_some_and(|count| *count >= limit))
                .map(|work| NewDecision {
                    reason: Some(&reason),
                    ..NewDecision::plain(work, &stream.id, Stage::Retrieval, Verdict::Close, &by)
                })
                .collect();
            closed += rows.len();
            // Short transactions: a click never waits.
            for batch in rows.chunks(200) {
                self.with_store(|store| store.decide(batch))?;
            }
        }
        Ok(closed)
    }

    /// Keeps a document's bytes in fulltext/ under their hash; gives the hash.
    pub(super) fn keep_document(&self, bytes: &[u8], document: &Document) -> Outcome<String> {
        let hash = sha256_hex(bytes);
        let path = document_path(&self.settings.root, &hash, document.kind);
        if path.exists() {
            return Ok(hash);
        }
        let folder = path.parent().map(PathBuf::from).unwrap_or_default();
        std::fs::create_dir_all(&folder)?;
        // Written aside and moved: a file under its hash is whole.
        let mut file = crate::files::beside(&folder)?;
        std::io::Write::write_all(&mut file, bytes)?;
        file.as_file().sync_all()?;
        file.persist(&path).map_err(|error| Failure::failed(error.to_string()).in_file(&path))?;
        Ok(hash)
    }
}

/// Where a document of that hash lies.
pub fn document_path(root: &std::path::Path, hash: &str, kind: DocumentKind) -> PathBuf {
    let extension = match kind {
        DocumentKind::Pdf => "pdf",
        DocumentKind::Html => "html",
        DocumentKind::Jats => "xml",
        DocumentKind::Docx => "docx",
        _ => "txt",
    };
    root.join("fulltext").join(format!("{hash}.{extension}"))
}

/// A stream's works whose document is sought and not there.
fn sought<'a>(stream: &'a Stream, of_stream: &'a StreamReading) -> impl Iterator<Item = i64> + 'a {
    of_stream.owners.iter().filter(|_| stream.fulltext_stage.is_some()).filter_map(|(work, owner)| {
        let standing = of_stream.standing(*work);
        let advanced =
            !enters_at_abstract(stream, *owner) || matches!(standing.abstract_stage, Verdicted::Advanced { .. });
        (advanced && standing.removed.is_none() && standing.retrieval == Standing::Awaiting).then_some(*work)
    })
}

impl Reading {
    /// Whether a work has a document.
    pub fn has_document(&self, work: i64) -> bool {
        self.documents.contains_key(&work)
    }
}
