//! Months in English words.

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// A month's number from its English name or a beginning of it of three letters and more.
pub fn month(word: &str) -> Option<u32> {
    let word = word.to_lowercase();
    let at = MONTHS.iter().position(|name| word.starts_with(name))?;
    let full = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ][at];
    (full.starts_with(&word) || word == "sept").then_some(at as u32 + 1)
}

#[cfg(test)]
mod tests {
    use super::month;

    #[test]
    fn names_and_beginnings_of_names() {
        assert_eq!(month("Sept"), Some(9));
        assert_eq!(month("MARCH"), Some(3));
        assert_eq!(month("mar"), Some(3));
        assert_eq!(month("market"), None);
        assert_eq!(month("ma"), None);
    }
}
