//! Dates in a source's words: `Nov-Dec 2019`, `1998 Dec-1999 Jan`, `AUG 15 2009`, `Spring 2020`.

use super::month;
use crate::model::{PartialDate, YearMonth};

/// A date of a source that writes what it knows to the year alone as 1 January of that year
/// (OpenAlex's `publication_date`, Europe PMC's `firstPublicationDate`): such a date says the year.
/// What did come out on a 1 January loses its day; a date taken at its word would lose the work to
/// every window that begins later in the year.
pub fn padded(text: &str) -> Option<PartialDate> {
    let date = PartialDate::read(text)?;
    if (date.month, date.day) == (Some(1), Some(1)) { PartialDate::of_year(date.year.into()) } else { Some(date) }
}

/// Every date that a text names, as exactly as it names it: a range of months gives each of its
/// months, a season its year. A day is kept only where the text names one month and one day.
pub fn in_words(text: &str) -> Vec<PartialDate> {
    if is_iso(text) {
        return PartialDate::read(text).into_iter().collect();
    }
    let (mut years, mut months, mut days) = (Vec::new(), Vec::new(), Vec::new());
    let mut year_first = None;
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if let Some(month) = month(word) {
            year_first.get_or_insert(false);
            months.push((month, years.len()));
        } else if let Some(year) = year(word) {
            year_first.get_or_insert(true);
            years.push(year);
        } else if let Some(day) = word.parse::<u32>().ok().filter(|day| (1..=31).contains(day)) {
            days.push(day);
        }
    }
    if months.is_empty() {
        let mut dates: Vec<PartialDate> = years.into_iter().filter_map(PartialDate::of_year).collect();
        dates.dedup();
        return dates;
    }
    let Some(last) = years.len().checked_sub(1) else { return Vec::new() };
    let of = |seen: usize| if year_first == Some(true) { seen.saturating_sub(1) } else { seen.min(last) };
    let day = if months.len() == 1 && days.len() == 1 { days.first().copied() } else { None };
    let mut dates: Vec<PartialDate> =
        months.iter().filter_map(|(month, seen)| PartialDate::new(years[of(*seen)], Some(*month), day)).collect();
    dates.dedup();
    if let [first, second] = dates[..] {
        dates = between(first, second);
    }
    dates
}

/// `2020-03`, `2020-03-09`, `2020/03/09T…`.
fn is_iso(text: &str) -> bool {
    let head = text.trim().split(['T', ' ']).next().unwrap_or_default();
    let mut parts = head.split(['-', '/']);
    let digits = |part: &str, most: usize| (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    parts.next().is_some_and(|year| year.len() == 4 && digits(year, 4))
        && parts.next().is_some_and(|month| digits(month, 2))
        && parts.all(|day| digits(day, 2))
}

fn year(word: &str) -> Option<i32> {
    (word.len() == 4).then(|| word.parse().ok()).flatten().filter(|year| (1000..3000).contains(year))
}

/// The months from one to the other, if they are in order and within a year.
fn between(first: PartialDate, second: PartialDate) -> Vec<PartialDate> {
    let index = |month: YearMonth| i32::from(month.year) * 12 + i32::from(month.month) - 1;
    let (from, to) = (index(first.first_month()), index(second.first_month()));
    if from >= to || to - from > 12 {
        return vec![first, second];
    }
    (from..=to)
        .filter_map(|at| PartialDate::new(at.div_euclid(12), u32::try_from(at.rem_euclid(12) + 1).ok(), None))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_dates() {
        let read = |text: &str| in_words(text).iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        for (text, dates) in [
            ("2021", "2021"),
            ("November 2006", "2006-11"),
            ("1 January 2021", "2021-01-01"),
            ("Sep 19 2024", "2024-09-19"),
            ("July-September 2020", "2020-07 2020-08 2020-09"),
            ("1998 Dec-1999 Jan", "1998-12 1999-01"),
            ("December 2019-January 2020", "2019-12 2020-01"),
            ("2015 Nov-Dec", "2015-11 2015-12"),
            ("2000 Spring", "2000"),
            ("Winter 2019-2020", "2019 2020"),
            ("JAN-FEB 2003", "2003-01 2003-02"),
            ("2020-03-09", "2020-03-09"),
            ("2020 May 5-11", "2020-05"),
            ("2019/11/04", "2019-11-04"),
            ("2001-2002", "2001 2002"),
            ("Marked 2020", "2020"),
            ("in press", ""),
            ("", ""),
        ] {
            assert_eq!(read(text), dates, "{text}");
        }
    }
}
