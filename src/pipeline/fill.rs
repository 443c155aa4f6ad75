//! Abstracts that a source does not give, from another source by DOI, and marked as such.

use std::collections::HashMap;

use super::run::Run;
use crate::error::Outcome;
use crate::model::Record;
use crate::sources::{Next, PageRecord, State};

/// DOIs asked for at once.
const BATCH: usize = 50;

impl Run {
    /// Fills missing abstracts. A source that fails here is a warning and never changes the exit code.
    pub async fn fill_abstracts(&self, refresh: i64) -> Outcome<usize> {
        let mut filled = 0;
        for source in self.side_services(|info| info.can.look_up && info.gives_abstracts) {
            filled += self.fill_from(source, refresh).await?;
        }
        Ok(filled)
    }

    async fn fill_from(&self, source: &str, refresh: i64) -> Outcome<usize> {
        let wanted = self.with_store(|store| store.unfilled(source, refresh))?;
        if wanted.is_empty() {
            return Ok(0);
        }
        let reach = match self.reach(source)? {
            Ok(reach) => reach,
            Err(reason) => {
                self.warn(&format!("abstracts are not filled from {source}: {}", reason.0));
                return Ok(0);
            }
        };
        let mut filled = 0;
        for batch in wanted.chunks(BATCH) {
            let mut dois: Vec<String> = batch.iter().map(|(_, _, doi)| doi.clone()).collect();
            dois.sort_unstable();
            dois.dedup();
            let found = match reach.source.look_up(&reach.access, &dois) {
                Ok(states) => self.look_up(&reach, states).await,
                Err(error) => Err(error.to_string()),
            };
            let found = match found {
                Ok(found) => found,
                Err(reason) => {
                    self.warn(&format!("abstracts are not filled from {source}: {}", self.public(&reason)));
                    return Ok(filled);
                }
            };
            let abstracts: Vec<(i64, String, Vec<u8>)> = batch
                .iter()
                .filter_map(|(id, _, doi)| {
                    let found = found.get(doi)?;
                    Some((*id, found.record.abstract_text.clone()?, found.payload.clone()))
                })
                .collect();
            let asked: Vec<i64> = batch.iter().map(|(id, ..)| *id).collect();
            filled += abstracts.len();
            self.with_store(|store| store.fill(source, refresh, &asked, &abstracts))?;
        }
        Ok(filled)
    }

    async fn look_up(&self, reach: &super::Reach, states: Vec<State>) -> Result<HashMap<String, PageRecord>, String> {
        let mut found: HashMap<String, PageRecord> = HashMap::new();
        let mut pending = states;
        // Each state asks for at most a batch: so many steps are more than enough.
        for _ in 0..BATCH * 4 {
            let Some(state) = pending.pop() else { return Ok(found) };
            match self.ask(reach, &state).await {
                Ok(answer) => {
                    match answer.page.next {
                        Next::End => {}
                        Next::More(next) => pending.push(next),
                        Next::Split(states) => pending.extend(states),
                    }
                    for one in answer.page.records {
                        keep_better(&mut found, one);
                    }
                }
                Err(error) if error.is_not_found() => {}
                Err(error) => return Err(error.to_string()),
            }
        }
        Ok(found)
    }
}

/// Of several records with one DOI the one with an abstract counts, then the smaller key.
fn keep_better(found: &mut HashMap<String, PageRecord>, one: PageRecord) {
    let Some(doi) = one.record.identifiers.doi.clone() else { return };
    let rank = |record: &Record| (record.abstract_text.is_none(), record.key());
    match found.get(&doi) {
        Some(known) if rank(&known.record) <= rank(&one.record) => {}
        _ => {
            found.insert(doi, one);
        }
    }
}
