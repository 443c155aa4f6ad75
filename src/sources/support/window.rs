//! Windows of whole months where a source counts in years, and slices where it gives only so many hits.

use serde::{Deserialize, Serialize};

use crate::model::MonthWindow;

/// The first and last years that an open end is taken for when slices are cut; the outer slices
/// stay open, so nothing falls outside.
const NOMINAL: (i16, i16) = (1900, 2100);

/// The day from which to ask a source that writes a date known to the year alone as 1 January of it:
/// the first of January of the window's first year, since a work of that year may be dated so. The
/// local match does the rest. With it: whether that is exactly where the window begins.
pub fn first_day(window: MonthWindow) -> (Option<String>, bool) {
    (window.from.map(|from| format!("{:04}-01-01", from.year)), window.from.is_none_or(|from| from.month == 1))
}

/// The first and the last day of a window, open ends taken far off; `None` where both are open.
pub fn days(window: MonthWindow) -> Option<(String, String)> {
    if window.is_open() {
        return None;
    }
    let from = window.from.map_or_else(|| "1000-01-01".to_owned(), |from| format!("{from}-01"));
    let to = window.to.map_or_else(|| "2999-12-31".to_owned(), |to| format!("{to}-{:02}", to.last_day()));
    Some((from, to))
}

/// Whole years, both ends included; an end left out is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Years {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<i16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<i16>,
}

impl Years {
    /// The years that a window touches, and whether they are exactly the window.
    pub fn of(window: MonthWindow) -> (Self, bool) {
        let exact = window.from.is_none_or(|from| from.month == 1) && window.to.is_none_or(|to| to.month == 12);
        (Self { from: window.from.map(|from| from.year), to: window.to.map(|to| to.year) }, exact)
    }
    /// `FROM-TO`, with a mark for an open end; `None` where both are open.
    pub fn range(self, open: &str, between: &str) -> Option<String> {
        let end = |year: Option<i16>| year.map_or_else(|| open.to_owned(), |year| year.to_string());
        (self != Self::default()).then(|| format!("{}{between}{}", end(self.from), end(self.to)))
    }
    /// Two halves that make up the whole; `None` for a single year.
    pub fn halves(self) -> Option<[Self; 2]> {
        let from = self.from.unwrap_or_else(|| NOMINAL.0.min(self.to.unwrap_or(NOMINAL.0)));
        let to = self.to.unwrap_or_else(|| NOMINAL.1.max(from));
        if from >= to {
            return None;
        }
        let middle = from + (to - from) / 2;
        Some([Self { from: self.from, to: Some(middle) }, Self { from: Some(middle + 1), to: self.to }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_of_a_window() {
        let window = MonthWindow { from: "2020-03".parse().ok(), to: "2022-12".parse().ok() };
        assert_eq!(Years::of(window), (Years { from: Some(2020), to: Some(2022) }, false));
        assert!(Years::of(MonthWindow::default()).1);
    }

    #[test]
    fn a_window_from_within_a_year_is_asked_from_january() {
        let day = |from: &str| first_day(MonthWindow { from: from.parse().ok(), to: None });
        assert_eq!(day("2020-03"), (Some("2020-01-01".into()), false));
        assert_eq!(day("2020-01"), (Some("2020-01-01".into()), true));
        assert_eq!(first_day(MonthWindow::default()), (None, true));
    }

    #[test]
    fn halving_ends_and_loses_no_year() {
        for whole in
            [Years { from: Some(2020), to: Some(2023) }, Years::default(), Years { from: Some(2150), to: None }]
        {
            let (mut todo, mut single) = (vec![whole], Vec::new());
            while let Some(slice) = todo.pop() {
                match slice.halves() {
                    Some(halves) => todo.extend(halves),
                    None => single.push(slice),
                }
            }
            single.sort_by_key(|slice| slice.from);
            assert_eq!((single[0].from, single[single.len() - 1].to), (whole.from, whole.to));
            for pair in single.windows(2) {
                assert_eq!(pair[0].to.map(|to| to + 1), pair[1].from);
            }
        }
    }
}
