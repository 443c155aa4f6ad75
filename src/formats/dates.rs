//! Dates as export files write them.

use crate::model::PartialDate;
use crate::text::month;

/// The date in a text such as `2021/03/09`, `2014//`, `2021 Mar-Apr`, `9 March 2021`, `20210309`,
/// `7/31/2024`; what cannot be told for sure (the month of `03/04/2021`) is left out.
pub(super) fn read_date(text: &str) -> Option<PartialDate> {
    let parts = parts(text);
    if let [Part::Number(number, 8), ..] = parts[..] {
        return PartialDate::new(number / 10_000, positive(number / 100 % 100), positive(number % 100));
    }
    let at = parts.iter().position(|part| is_year(*part))?;
    let Part::Number(year, _) = parts[at] else { return None };
    if let Some(month) = parts.iter().find_map(|part| if let Part::Month(month) = part { Some(*month) } else { None }) {
        return PartialDate::new(year, Some(month), day_beside(&parts));
    }
    let after: Vec<u32> = parts[at + 1..].iter().map_while(|part| small(*part)).collect();
    let before: Vec<u32> = parts[..at].iter().filter_map(|part| small(*part)).collect();
    if at == 0 {
        return PartialDate::new(year, after.first().copied(), after.get(1).copied());
    }
    match before[..] {
        [month, day] if day > 12 => PartialDate::new(year, Some(month), Some(day)),
        [day, month] if day > 12 => PartialDate::new(year, Some(month), Some(day)),
        [both, same] if both == same => PartialDate::new(year, Some(both), Some(same)),
        [month] => PartialDate::new(year, Some(month), None),
        _ => PartialDate::of_year(year),
    }
}

/// The month (and day) of a text without a year, such as `AUG` or `JUL 15`.
pub(super) fn read_month(text: &str) -> Option<(u32, Option<u32>)> {
    let parts = parts(text);
    if parts.iter().any(|part| is_year(*part)) {
        return None;
    }
    let month = parts.iter().find_map(|part| if let Part::Month(month) = part { Some(*month) } else { None });
    match (month, &parts[..]) {
        (Some(month), _) => Some((month, day_beside(&parts))),
        (None, [Part::Number(month @ 1..=12, 1 | 2)]) => positive(*month).map(|month| (month, None)),
        _ => None,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// A number and how many digits it has.
    Number(i32, usize),
    Month(u32),
    /// A word that is no month: a season, `in press`, a time zone.
    Word,
}

fn parts(text: &str) -> Vec<Part> {
    // A time of day follows a `T` or is written with colons; no date does either.
    let text = text.split_once(':').map_or(text, |(before, _)| before.trim_end_matches(|c: char| c.is_ascii_digit()));
    let text = match text.find('T') {
        Some(at) if text[..at].ends_with(|c: char| c.is_ascii_digit()) => &text[..at],
        _ => text,
    };
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = |alike: fn(char) -> bool| rest.find(|c| !alike(c)).unwrap_or(rest.len());
        let end = if first.is_ascii_digit() {
            let end = length(|c| c.is_ascii_digit());
            parts.push(rest[..end].parse().map_or(Part::Word, |number| Part::Number(number, end)));
            end
        } else if first.is_alphabetic() {
            let end = length(char::is_alphabetic);
            match (&rest[..end], end) {
                // `c2018` is a copyright year, `1st` a day.
                ("c" | "p" | "C" | "st" | "nd" | "rd" | "th" | "of", _) => {}
                (word, _) => parts.push(month(word).map_or(Part::Word, Part::Month)),
            }
            end
        } else {
            first.len_utf8()
        };
        rest = &rest[end..];
        if parts.len() > 12 {
            break;
        }
    }
    parts
}

fn is_year(part: Part) -> bool {
    matches!(part, Part::Number(1400..=2199, 4))
}

fn small(part: Part) -> Option<u32> {
    match part {
        Part::Number(number @ 1..=31, 1 | 2) => positive(number),
        _ => None,
    }
}

fn positive(number: i32) -> Option<u32> {
    u32::try_from(number).ok().filter(|number| *number > 0)
}

fn day_beside(parts: &[Part]) -> Option<u32> {
    let at = parts.iter().position(|part| matches!(part, Part::Month(_)))?;
    let after = parts.get(at + 1).and_then(|part| small(*part));
    after.or_else(|| at.checked_sub(1).and_then(|before| small(parts[before])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_all_shapes() {
        for (text, expected) in [
            ("2014//", "2014"),
            ("2013/07/22", "2013-07-22"),
            ("1999///Summer", "1999"),
            ("2021 Mar-Apr", "2021-03"),
            ("2019 Aug 14", "2019-08-14"),
            ("14 August 2019", "2019-08-14"),
            ("August 14th, 2019", "2019-08-14"),
            ("20210309", "2021-03-09"),
            ("7/31/2024 14:00", "2024-07-31"),
            ("03/04/2021", "2021"),
            ("31.12.2020", "2020-12-31"),
            ("2020-05-06T00:00:00Z", "2020-05-06"),
            ("c2018", "2018"),
            ("2020-2021", "2020"),
            ("JUL 2020", "2020-07"),
            ("2022-06-03 12:54:03", "2022-06-03"),
            ("Spring 2015", "2015"),
        ] {
            assert_eq!(read_date(text).map(|date| date.to_string()).as_deref(), Some(expected), "{text}");
        }
        for text in ["", "in press", "12345", "Year", "99"] {
            assert_eq!(read_date(text), None, "{text}");
        }
        assert_eq!(read_month("AUG"), Some((8, None)));
        assert_eq!(read_month("JUL 15"), Some((7, Some(15))));
        assert_eq!(read_month("Department"), None);
        assert_eq!(read_month("2020 Jul"), None);
    }
}
