//! The whole way, as the design orders it: what a timer calls.

use std::sync::Arc;

use serde::Serialize;

use super::dedupe::Deduplicated;
use super::harvest::Choice;
use super::known::{KnownSet, known_set};
use super::progress::Event;
use super::reading::forgotten_searches;
use super::retrieve::Retrieved;
use super::run::Run;
use super::screen::Screened;
use crate::error::{Exit, Outcome};

/// What a refresh did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Refreshed {
    /// Its number; a killed one goes on under its own.
    pub refresh: i64,
    /// Whether one that was cut off was taken up again.
    pub resumed: bool,
    /// Records not known before.
    pub new_records: i64,
    pub deduplicated: Deduplicated,
    /// Abstracts filled from another source.
    pub filled: usize,
    pub removed: Screened,
    pub abstracts: Screened,
    pub retrieved: Retrieved,
    pub fulltexts: Screened,
    /// Rounds of citation searching that had seeds.
    pub rounds: u32,
    /// How the searches and rules did on `[review] known`, where config names it.
    pub known: Option<KnownSet>,
    /// Whether every source answered.
    pub whole: bool,
}

impl Refreshed {
    /// 0, or 3 where a source failed or lacks its key.
    pub fn exit(&self) -> Exit {
        if self.whole { Exit::Done } else { Exit::Partly }
    }
}

impl Run {
    /// Searches, deduplicates, screens, retrieves, screens the full texts; then the same for each
    /// round of citation searching, until the rounds are done or no round has seeds.
    pub async fn refresh(self: &Arc<Self>, choice: &Choice) -> Outcome<Refreshed> {
        let resumed = self.with_store(|store| store.unfinished_refresh())?.is_some();
        let refresh = self.with_store(|store| store.begin_refresh())?;
        let before = self.with_store(|store| store.totals())?.records;
        let mut done = Refreshed { refresh, resumed, whole: true, ..Refreshed::default() };
        for forgotten in self.read(|store| forgotten_searches(&self.settings, store))? {
            self.warn(&forgotten);
        }
        self.stage("searching");
        done.whole &= self.take_in(choice)?;
        done.whole &= self.harvest(refresh, choice).await?;
        self.settle_stages(refresh, choice, &mut done).await?;
        for round in 1..=self.citation_rounds(choice) {
            self.stage("citation searching");
            let (whole, any) = self.cite_round(refresh, round, choice).await?;
            done.whole &= whole;
            if !any {
                break;
            }
            done.rounds = round;
            self.settle_stages(refresh, choice, &mut done).await?;
        }
        done.known = self.check_known()?;
        done.new_records = self.with_store(|store| store.totals())?.records - before;
        self.with_store(|store| store.end_refresh(refresh, done.exit() as u8))?;
        Ok(done)
    }

    async fn settle_stages(self: &Arc<Self>, refresh: i64, choice: &Choice, done: &mut Refreshed) -> Outcome<()> {
        self.stage("deduplicating");
        done.deduplicated = self.dedupe()?;
        self.stage("filling abstracts");
        done.filled += self.fill_abstracts(refresh).await?;
        self.stage("screening abstracts");
        done.removed = self.screen_identification(choice)?;
        done.abstracts = self.screen_abstracts(choice)?;
        self.stage("retrieving full texts");
        let retrieved = self.retrieve(refresh, choice).await?;
        done.retrieved.add(&retrieved);
        self.stage("screening full texts");
        done.fulltexts = self.screen_fulltexts(choice)?;
        Ok(())
    }

    fn check_known(&self) -> Outcome<Option<KnownSet>> {
        let known = self.read(|store| known_set(&self.settings, store))?;
        for name in known.iter().flat_map(|known| &known.missed) {
            self.warn(&format!("known work missed by every search: {name}"));
        }
        for (name, why) in known.iter().flat_map(|known| &known.excluded_by_rule) {
            self.warn(&format!("known work kept out by a rule: {name}: {why}"));
        }
        Ok(known)
    }

    pub(super) fn stage(&self, name: &str) {
        tracing::info!("{name}");
        self.progress.event(&Event::Stage(name));
    }
}
