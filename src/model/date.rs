//! Dates as sources give them (a year, a month, a day) and windows of whole months.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Truth;

/// A date known to the year, the month or the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PartialDate {
    pub year: i16,
    pub month: Option<u8>,
    pub day: Option<u8>,
}

impl PartialDate {
    /// A date from its parts; `None` where the year is not between 1000 and 2999. A month or day
    /// out of range is dropped, not guessed.
    pub fn new(year: i32, month: Option<u32>, day: Option<u32>) -> Option<Self> {
        let year = i16::try_from(year).ok().filter(|year| (1000..3000).contains(year))?;
        let month = month.filter(|month| (1..=12).contains(month)).and_then(|month| u8::try_from(month).ok());
        let day = month.and(day).filter(|day| (1..=31).contains(day)).and_then(|day| u8::try_from(day).ok());
        Some(Self { year, month, day })
    }
    /// A date known to the year.
    pub fn of_year(year: i32) -> Option<Self> {
        Self::new(year, None, None)
    }
    /// Reads `2021`, `2021-03`, `2021-03-09`, `2021/03/09`, `2021-03-09T…`; anything else is `None`.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.split(['T', ' ']).next()?;
        let mut parts = text.split(['-', '/']).filter(|part| !part.is_empty());
        let year = parts.next().filter(|year| year.len() == 4)?.parse().ok()?;
        let month = parts.next().and_then(|month| month.parse().ok());
        let day = parts.next().and_then(|day| day.parse().ok());
        Self::new(year, month, day)
    }
    /// The first month that it may lie in.
    pub fn first_month(self) -> YearMonth {
        YearMonth { year: self.year, month: self.month.unwrap_or(1) }
    }
    /// The last month that it may lie in.
    pub fn last_month(self) -> YearMonth {
        YearMonth { year: self.year, month: self.month.unwrap_or(12) }
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
        }
        if let Some(day) = self.day {
            write!(f, "-{day:02}")?;
        }
        Ok(())
    }
}

impl From<PartialDate> for String {
    fn from(date: PartialDate) -> Self {
        date.to_string()
    }
}

impl TryFrom<String> for PartialDate {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::read(&text).ok_or_else(|| format!("'{text}' is no date"))
    }
}

/// A month of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct YearMonth {
    pub year: i16,
    pub month: u8,
}

impl YearMonth {
    /// The number of its last day.
    pub fn last_day(self) -> u8 {
        match self.month {
            4 | 6 | 9 | 11 => 30,
            2 if self.year % 4 == 0 && (self.year % 100 != 0 || self.year % 400 == 0) => 29,
            2 => 28,
            _ => 31,
        }
    }
}

impl fmt::Display for YearMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl FromStr for YearMonth {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("'{text}' is no month: write it as 2020-03");
        let (year, month) = text.split_once('-').ok_or_else(wrong)?;
        if year.len() != 4 || month.len() != 2 {
            return Err(wrong());
        }
        let year: i16 = year.parse().map_err(|_| wrong())?;
        let month: u8 = month.parse().map_err(|_| wrong())?;
        if !(1000..3000).contains(&year) || !(1..=12).contains(&month) {
            return Err(wrong());
        }
        Ok(Self { year, month })
    }
}

/// Whole months, both ends included; an end left out is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MonthWindow {
    pub from: Option<YearMonth>,
    pub to: Option<YearMonth>,
}

impl MonthWindow {
    /// True if neither end is set.
    pub fn is_open(self) -> bool {
        self.from.is_none() && self.to.is_none()
    }
    /// Whether one date may lie within.
    pub fn may_hold(self, date: PartialDate) -> bool {
        self.from.is_none_or(|from| date.last_month() >= from) && self.to.is_none_or(|to| date.first_month() <= to)
    }
    /// A work is outside only if every date it has is wholly outside; without a date it is unknown.
    pub fn holds(self, dates: &[PartialDate]) -> Truth {
        if self.is_open() {
            return Truth::True;
        }
        if dates.is_empty() {
            return Truth::Unknown;
        }
        Truth::from(dates.iter().any(|date| self.may_hold(*date)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_read_and_print() {
        for (text, printed) in
            [("2021", "2021"), ("2021-3-9", "2021-03-09"), ("2021/03", "2021-03"), ("2021-13", "2021")]
        {
            assert_eq!(PartialDate::read(text).map(|date| date.to_string()).as_deref(), Some(printed));
        }
        assert_eq!(PartialDate::read("in press"), None);
    }

    #[test]
    fn a_window_holds_whole_months() {
        let window = MonthWindow { from: "2020-03".parse().ok(), to: "2023-07".parse().ok() };
        let holds = |text: &str| window.holds(&[PartialDate::read(text).unwrap()]);
        assert_eq!(holds("2020-03-01"), Truth::True);
        assert_eq!(holds("2020-02-29"), Truth::False);
        assert_eq!(holds("2020"), Truth::True);
        assert_eq!(holds("2023-07-31"), Truth::True);
        assert_eq!(holds("2023-08"), Truth::False);
        assert_eq!(window.holds(&[]), Truth::Unknown);
    }
}
