//! Dates as people write them. A date that can be read two ways is known to the year only.

use crate::model::PartialDate;

/// A date, and whether day and month can be read two ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Read {
    pub date: PartialDate,
    pub ambiguous: bool,
}

/// Reads `2025-03-09`, `March 2025`, `9 March 2025`, `Mawrth 2025`, `13/03/2025`, `2025`; `03/04/2025`
/// is ambiguous. `None` if the answer is no date.
pub fn read(answer: &str) -> Option<Read> {
    let plain = |date| Read { date, ambiguous: false };
    let answer = answer.trim();
    if let Some(date) = PartialDate::read(answer) {
        return Some(plain(date));
    }
    numeric(answer).or_else(|| in_words(answer).map(plain))
}

/// `03/11/2026 09:14`, `3.11.2026`.
fn numeric(answer: &str) -> Option<Read> {
    let date = answer.split_whitespace().next()?;
    let parts: Vec<&str> = date.split(['/', '.', '-']).collect();
    let [first, second, year] = parts.as_slice() else { return None };
    let (first, second): (u32, u32) = (first.parse().ok()?, second.parse().ok()?);
    let year: i32 = year.parse().ok().filter(|_| year.len() == 4)?;
    let (day, month) = match (first, second) {
        (1..=12, 1..=12) if first != second => {
            return PartialDate::of_year(year).map(|date| Read { date, ambiguous: true });
        }
        (1..=31, 1..=12) => (first, second),
        (1..=12, 13..=31) => (second, first),
        _ => return None,
    };
    PartialDate::new(year, Some(month), Some(day)).map(|date| Read { date, ambiguous: false })
}

/// `9 March 2025`, `March 2025`, `Mawrth 2025`, `March 9, 2025`, `since 2021`.
fn in_words(answer: &str) -> Option<PartialDate> {
    if answer.chars().count() > 60 {
        return None;
    }
    let words = crate::text::words(answer);
    let years: Vec<i32> = words.iter().filter(|word| word.len() == 4).filter_map(|word| word.parse().ok()).collect();
    let year = *years.first().filter(|year| (1900..2100).contains(*year))?;
    let months: Vec<u32> = words.iter().filter_map(|word| month(word)).collect();
    if years.len() > 1 || months.len() > 1 {
        // A span: known to its first year.
        return PartialDate::of_year(year);
    }
    let mut day = words.iter().filter_map(|word| {
        let digits = word.trim_end_matches(char::is_alphabetic);
        (digits.len() <= 2).then(|| digits.parse().ok()).flatten()
    });
    PartialDate::new(year, months.first().copied(), day.rfind(|day| (1..=31).contains(day)))
}

fn month(word: &str) -> Option<u32> {
    const MONTHS: [&[&str]; 12] = [
        &["january", "jan", "ionawr"],
        &["february", "feb", "chwefror"],
        &["march", "mar", "mawrth"],
        &["april", "apr", "ebrill"],
        &["may", "mai"],
        &["june", "jun", "mehefin"],
        &["july", "jul", "gorffennaf"],
        &["august", "aug", "awst"],
        &["september", "sept", "sep", "medi"],
        &["october", "oct", "hydref"],
        &["november", "nov", "tachwedd"],
        &["december", "dec", "rhagfyr"],
    ];
    MONTHS.iter().position(|names| names.contains(&word)).and_then(|at| u32::try_from(at + 1).ok())
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn dates_are_read_and_never_guessed() {
        for (answer, date, ambiguous) in [
            ("2025-03", "2025-03", false),
            ("March 2025", "2025-03", false),
            ("9th March 2025", "2025-03-09", false),
            ("Mawrth 2025", "2025-03", false),
            ("03/11/2026 09:14", "2026", true),
            ("11/03/2026", "2026", true),
            ("13/03/2026", "2026-03-13", false),
            ("03/13/2026", "2026-03-13", false),
            ("04/04/2026", "2026-04-04", false),
            ("from 2020 to 2022", "2020", false),
            ("March to June 2021", "2021", false),
        ] {
            let got = read(answer).unwrap_or_else(|| panic!("{answer}"));
            assert_eq!((got.date.to_string().as_str(), got.ambiguous), (date, ambiguous), "{answer}");
        }
        for answer in ["", "soon", "over the winter"] {
            assert_eq!(read(answer), None, "{answer}");
        }
    }
}
