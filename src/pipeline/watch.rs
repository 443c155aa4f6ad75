//! Whether a source that is read page by page gets anywhere, and tells one total.

use std::collections::HashSet;

use crate::sources::{Next, Page};

/// No run asks for more pages than this.
const MOST_PAGES: usize = 100_000;
/// So many pages in a row may hold nothing but records that came before.
const IDLE_PAGES: usize = 10;
/// How far beyond twice its total a source is read.
const BEYOND: usize = 1_000;

/// Watches one run; forgotten when the program ends, since every rule holds over few pages.
#[derive(Default)]
pub(super) struct Watch {
    /// States asked for.
    states: HashSet<String>,
    /// Keys of the series' records.
    records: HashSet<String>,
    set_aside: usize,
    /// Pages in a row that brought nothing new.
    idle: usize,
    /// The series' total as told last.
    total: Option<u64>,
    change_told: bool,
}

impl Watch {
    /// Begins a request series: its records and its total are its own.
    pub(super) fn begin_series(&mut self) {
        *self = Self { states: std::mem::take(&mut self.states), ..Self::default() };
    }

    /// Whether a state is asked for the first time.
    pub(super) fn is_new(&mut self, state: String) -> bool {
        self.states.insert(state) && self.states.len() <= MOST_PAGES
    }

    /// Looks at a page of a database: gives how many of its records are new to the series, adds
    /// warnings, and ends a reading that goes round in circles or beyond all bounds.
    pub(super) fn take(&mut self, page: &mut Page) -> usize {
        let fresh = self.new_records(page);
        self.set_aside += page.set_aside.len();
        let idle = fresh == 0 && !page.records.is_empty();
        self.idle = if idle { self.idle + 1 } else { 0 };
        if let Some(reported) = page.reported {
            if let Some(before) = self.total.filter(|before| *before != reported && !self.change_told) {
                page.warnings.push(format!("the source's total changed from {before} to {reported} while it was read"));
                self.change_told = true;
            }
            self.total = Some(reported);
        }
        if page.next == Next::End || page.broken.is_some() {
            return fresh;
        }
        let arrived = self.records.len() + self.set_aside;
        let total = self.total.and_then(|total| usize::try_from(total).ok());
        if total.is_some_and(|total| arrived > total.saturating_mul(2).saturating_add(BEYOND)) {
            page.broken = Some("the source gave far more than it reported: reading ended there".into());
        } else if self.idle >= IDLE_PAGES {
            let told = format!("the source repeats itself: {IDLE_PAGES} pages in a row brought nothing new");
            if total.is_some_and(|total| arrived >= total) {
                // All that was reported is there.
                page.warnings.push(told);
                page.next = Next::End;
            } else {
                page.broken = Some(told);
            }
        }
        fresh
    }

    /// How many records of a page the series had not brought yet.
    pub(super) fn new_records(&mut self, page: &Page) -> usize {
        page.records.iter().filter(|one| self.records.insert(one.record.key())).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Record;
    use crate::sources::{PageRecord, State};

    fn page(keys: std::ops::Range<u32>, reported: u64) -> Page {
        let records = keys.map(|key| {
            let record = Record { source: "openalex".into(), source_key: format!("W{key}"), ..Record::default() };
            PageRecord { record, payload: Vec::new() }
        });
        let next = Next::More(State(serde_json::Value::Null));
        Page { records: records.collect(), reported: Some(reported), next, ..Page::default() }
    }

    #[test]
    fn records_count_once_a_series() {
        let mut watch = Watch::default();
        assert_eq!(watch.take(&mut page(0..3, 9)), 3);
        assert_eq!(watch.take(&mut page(2..5, 9)), 2);
        watch.begin_series();
        assert_eq!(watch.take(&mut page(0..3, 7)), 3);
    }

    #[test]
    fn a_changed_total_is_told_once() {
        let mut watch = Watch::default();
        let mut told = Vec::new();
        for (number, total) in [9, 9, 8, 7].into_iter().enumerate() {
            let number = number as u32;
            let mut page = page(number..number + 1, total);
            watch.take(&mut page);
            told.extend(page.warnings);
        }
        assert_eq!(told, ["the source's total changed from 9 to 8 while it was read"]);
    }

    #[test]
    fn circles_end_whole_or_broken() {
        for (total, broken) in [(2, false), (3, true)] {
            let mut watch = Watch::default();
            let mut last = Page::default();
            for _ in 0..=IDLE_PAGES {
                last = page(0..2, total);
                watch.take(&mut last);
            }
            assert_eq!((last.broken.is_some(), last.next == Next::End), (broken, !broken), "{last:?}");
        }
        let mut watch = Watch::default();
        assert!(watch.is_new("a".into()) && watch.is_new("b".into()) && !watch.is_new("a".into()));
    }

    #[test]
    fn far_beyond_the_total_is_broken() {
        let mut watch = Watch::default();
        let mut first = page(0..1_002, 1);
        watch.take(&mut first);
        assert_eq!(first.broken, None);
        let mut second = page(1_002..1_003, 1);
        assert_eq!(watch.take(&mut second), 1);
        assert!(second.broken.is_some());
    }
}
