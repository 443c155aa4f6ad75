//! Lists that are read by offset: how far they were read, and what comes next.

use serde::{Deserialize, Serialize};

use super::window::Years;
use crate::sources::{Next, Page, SourceError, State};

/// How often a page that came empty before the end is asked for again.
const EMPTY_PAGES: u32 = 3;

/// Where reading a list by offset stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Offset {
    /// The query, the years apart.
    pub query: String,
    /// The slice of years; open at both ends where the list was never divided and no window is set.
    #[serde(skip_serializing_if = "is_default")]
    pub years: Years,
    /// A slice of a list that was divided: its total is not the search's.
    #[serde(skip_serializing_if = "is_default")]
    pub slice: bool,
    /// Records before the page.
    #[serde(skip_serializing_if = "is_default")]
    pub start: u64,
    /// The total that the page before told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// How often this page came empty.
    #[serde(skip_serializing_if = "is_default")]
    pub empty: u32,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// How a source's lists may be read.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// The name in warnings.
    pub title: &'static str,
    /// How many records of one list can be reached.
    pub reach: u64,
    /// Whether a longer list may be divided by years.
    pub by_years: bool,
}

impl Offset {
    /// A list from its beginning.
    pub fn of(query: String, years: Years) -> Self {
        Self { query, years, ..Self::default() }
    }

    /// How many records the page may ask for.
    pub fn size(&self, wanted: u32, reading: Reading) -> u64 {
        u64::from(wanted).min(reading.reach.saturating_sub(self.start)).max(1)
    }

    /// What a page of `count` records (those set aside included) of `total` leads to. Sets what the
    /// page reports, its warnings and the next state.
    ///
    /// # Errors
    /// `Unavailable` where pages before the end keep coming empty.
    pub fn turn(&self, page: &mut Page, count: u64, total: u64, reading: Reading) -> Result<(), SourceError> {
        let Reading { title, reach, by_years } = reading;
        let first = self.total.is_none();
        page.reported = (first && !self.slice).then_some(total);
        if let Some(before) = self.total.filter(|before| *before != total) {
            page.warnings.push(format!("the total changed from {before} to {total} while reading"));
        }
        let start = self.start + count;
        if start >= total {
            return Ok(());
        }
        if count == 0 {
            if self.empty >= EMPTY_PAGES {
                return Err(SourceError::Unavailable(format!("an empty page after {start} of {total} records")));
            }
            page.next = Next::More(State::of(&Self { empty: self.empty + 1, total: Some(total), ..self.clone() }));
            return Ok(());
        }
        if first
            && total > reach
            && by_years
            && let Some(halves) = self.years.halves()
        {
            let fresh = |years| Self { query: self.query.clone(), years, slice: true, ..Self::default() };
            page.next = Next::Split(halves.map(|years| State::of(&fresh(years))).to_vec());
            return Ok(());
        }
        if start >= reach {
            page.broken = Some(format!(
                "{title} gives only the first {reach} records of a list, and this one has {total}: narrow the query or the window"
            ));
            return Ok(());
        }
        page.next = Next::More(State::of(&Self { start, total: Some(total), empty: 0, ..self.clone() }));
        Ok(())
    }
}

/// The next states of a list as those of a source that wraps them in its own.
///
/// # Errors
/// `State` where one is no list.
pub fn wrapped<T: Serialize>(next: Next, wrap: impl Fn(Offset) -> T) -> Result<Next, SourceError> {
    let wrap = |state: &State| Ok(State::of(&wrap(state.read()?)));
    Ok(match next {
        Next::End => Next::End,
        Next::More(state) => Next::More(wrap(&state)?),
        Next::Split(states) => Next::Split(states.iter().map(wrap).collect::<Result<_, _>>()?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const READING: Reading = Reading { title: "Somewhere", reach: 100, by_years: true };

    fn turned(offset: &Offset, count: u64, total: u64) -> Result<Page, SourceError> {
        let mut page = Page::default();
        offset.turn(&mut page, count, total, READING).map(|()| page)
    }

    #[test]
    fn a_list_is_read_to_its_end() {
        let mut offset = Offset::of("q".into(), Years::default());
        let mut read = 0;
        loop {
            let page = turned(&offset, 30_u64.min(95 - read), 95).unwrap();
            assert_eq!(page.reported, (read == 0).then_some(95));
            read += 30_u64.min(95 - read);
            match page.next {
                Next::More(state) => offset = state.read().unwrap(),
                next => break assert_eq!((next, read), (Next::End, 95)),
            }
        }
    }

    #[test]
    fn a_long_list_is_divided_and_a_long_year_is_told() {
        let whole = Offset::of("q".into(), Years { from: Some(2020), to: Some(2021) });
        let Next::Split(halves) = turned(&whole, 30, 250).unwrap().next else { panic!("not divided") };
        assert_eq!(halves.len(), 2);
        let year: Offset = halves[0].read().unwrap();
        let page = turned(&year, 30, 150).unwrap();
        assert_eq!((page.reported, page.broken.is_some()), (None, false));
        let last = Offset { start: 90, total: Some(150), ..year };
        assert_eq!(last.size(30, READING), 10);
        assert!(turned(&last, 10, 150).unwrap().broken.unwrap().contains("150"));
    }

    #[test]
    fn an_empty_page_is_asked_for_again_and_then_told() {
        let mut offset = Offset { start: 30, total: Some(95), ..Offset::of("q".into(), Years::default()) };
        for _ in 0..EMPTY_PAGES {
            let Next::More(state) = turned(&offset, 0, 95).unwrap().next else { panic!("it gave up") };
            offset = state.read().unwrap();
            assert_eq!(offset.start, 30);
        }
        assert!(matches!(turned(&offset, 0, 95), Err(SourceError::Unavailable(_))));
        assert_eq!(turned(&Offset::default(), 0, 0).unwrap().next, Next::End);
    }
}
