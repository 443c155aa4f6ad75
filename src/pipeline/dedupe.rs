//! Records to works.

use super::run::Run;
use crate::dedupe::cluster;
use crate::error::Outcome;
use crate::model::Record;

/// What a deduplication found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Deduplicated {
    pub records: usize,
    pub works: usize,
    /// Groups of works that might be one: for a person to judge.
    pub possible: usize,
    /// Links between works that wait for a person.
    pub proposed: usize,
    /// Records that changed their work.
    pub changed: usize,
}

impl Run {
    /// Brings clusters up to date: works are clustered once for the whole review.
    pub fn dedupe(&self) -> Outcome<Deduplicated> {
        let run = self.with_store(|store| store.begin_dedupe())?;
        let stored = self.with_store(|store| store.records())?;
        let records: Vec<&Record> = stored.iter().map(|stored| &stored.record).collect();
        let clusters = cluster(&records);
        let (settled, relations) = self.settle_duplicates(&stored, &clusters)?;
        let works: Vec<(i64, i64)> =
            settled.work_of.iter().enumerate().map(|(index, work)| (stored[index].id, stored[*work].id)).collect();
        let links: Vec<(i64, i64, bool, &str, f64, &str)> = clusters
            .merged
            .iter()
            .map(|link| (link, false))
            .chain(clusters.possible.iter().map(|link| (link, true)))
            .map(|(link, possible)| {
                let (a, b) = (stored[link.a].id, stored[link.b].id);
                (a.min(b), a.max(b), possible, link.rule.as_str(), link.score, link.why.as_str())
            })
            .collect();
        let changed = self.with_store(|store| {
            let changed = store.set_works(&works)?;
            store.set_links(&links)?;
            store.set_relations(&relations)?;
            Ok(changed)
        })?;
        let changed = changed + self.settle_late(run)?;
        self.with_store(|store| store.end_dedupe(run, changed))?;
        let (possible, proposed) = self.left_to_people()?;
        let mut distinct: Vec<i64> = works.iter().map(|(_, work)| *work).collect();
        distinct.sort_unstable();
        distinct.dedup();
        Ok(Deduplicated { records: stored.len(), works: distinct.len(), possible, proposed, changed })
    }
}
