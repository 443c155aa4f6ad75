//! Venue, pages, volume and authors: how two values are compared. An empty field is never evidence.

use std::collections::BTreeSet;

use rapidfuzz::fuzz;

use crate::model::Record;
use crate::text::words;

/// What comparing a field says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    Agrees,
    Differs,
    /// A side is empty, or the values cannot be compared.
    Unknown,
}

/// A page range. Article numbers and e-locators keep their letters in `first`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pages {
    pub first: String,
    /// Numbers of plain ranges.
    pub range: Option<(u64, u64)>,
}

impl Pages {
    /// Reads `288-97`, `376 -- 383`, `S12-S15`, `e43268`, and `06-Oct` (a spreadsheet's 6-10).
    pub fn read(text: &str) -> Option<Self> {
        let tokens: Vec<String> = words(text)
            .into_iter()
            .map(|word| month_number(&word).unwrap_or(word))
            .filter(|word| word.chars().any(|c| c.is_ascii_digit()))
            .collect();
        let Some(first) = tokens.iter().find(|word| !word.trim_start_matches('0').is_empty()) else {
            // Front matter: xiii-xv.
            let roman = |word: &String| word.chars().all(|c| matches!(c, 'i' | 'v' | 'x' | 'l' | 'c'));
            return words(text).into_iter().next().filter(roman).map(|first| Self { first, range: None });
        };
        let bare = |word: &str| word.trim_start_matches(|c: char| !c.is_ascii_digit() || c == '0').to_owned();
        let letters: String = first.chars().take_while(|c| !c.is_ascii_digit()).collect();
        let letters = letters.trim_start_matches("pp").trim_start_matches('p').to_owned();
        let start = bare(first);
        let range = start.parse::<u64>().ok().and_then(|low| {
            let end = tokens.iter().skip_while(|word| *word != first).nth(1).map(|word| bare(word))?;
            // 288-97 means 288 to 297.
            let end = if end.len() < start.len() && end.bytes().all(|b| b.is_ascii_digit()) {
                format!("{}{end}", start.get(..start.len() - end.len())?)
            } else {
                end
            };
            end.parse::<u64>().ok().filter(|high| *high >= low && high - low < 2000).map(|high| (low, high))
        });
        Some(Self { first: format!("{letters}{start}"), range })
    }
    /// Whether two ranges say the same. A range from page 1 is an advance copy's own counting, and
    /// an article number and a page range count different things: both are unknown.
    pub fn compare(&self, other: &Self) -> Agreement {
        let own_counting = |pages: &Self| pages.first == "1";
        if self.first == other.first {
            // 1-30 and 1-42 both begin where everything begins.
            let tells = !own_counting(self) || self.range.is_none() || self.range == other.range;
            return if tells { Agreement::Agrees } else { Agreement::Unknown };
        }
        let locator = |pages: &Self| {
            pages.range.is_none() && (pages.first.len() > 4 || !pages.first.starts_with(|c: char| c.is_ascii_digit()))
        };
        if own_counting(self) || own_counting(other) || locator(self) != locator(other) {
            return Agreement::Unknown;
        }
        // S12 and 12: a supplement's letter is often lost.
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        if digits(&self.first) == digits(&other.first) { Agreement::Agrees } else { Agreement::Differs }
    }
    /// Whether both name one range of several pages: no two articles share that.
    pub fn same_span(&self, other: &Self) -> bool {
        self.range == other.range && self.range.is_some_and(|(low, high)| high - low >= 3)
    }
    /// Whether one range ends where the other begins: parts of a series.
    pub fn adjacent(&self, other: &Self) -> bool {
        match (self.range, other.range) {
            (Some(a), Some(b)) if a != b => b.0 == a.1 + 1 || a.0 == b.1 + 1 || (a.1 == b.0 && a.0 < a.1 && b.0 < b.1),
            _ => false,
        }
    }
}

fn month_number(word: &str) -> Option<String> {
    const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    MONTHS.iter().position(|month| *month == word).map(|at| (at + 1).to_string())
}

/// The numbers of a volume or issue. `4 (1)` is volume 4, issue 1; words alone (`UNKNOWN`,
/// `Ph.D.`) are nothing.
pub fn numbers(text: Option<&str>) -> Vec<String> {
    let digits = |word: &String| {
        let digits: String =
            word.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
        let digits = digits.trim_start_matches('0').to_owned();
        (!digits.is_empty()).then_some(digits)
    };
    let text = text.unwrap_or_default();
    // `3)` is what is left of a bracket, not a volume.
    if text.matches(')').count() > text.matches('(').count() {
        return Vec::new();
    }
    words(text).iter().filter_map(digits).collect()
}

/// Equal, different, or a side is empty.
pub fn compare_values<T: PartialEq>(a: Option<&T>, b: Option<&T>) -> Agreement {
    match (a, b) {
        (Some(a), Some(b)) if a == b => Agreement::Agrees,
        (Some(_), Some(_)) => Agreement::Differs,
        _ => Agreement::Unknown,
    }
}

/// A journal's or proceedings' name, prepared: words that names lose are left out.
pub fn venue(text: Option<&str>) -> Vec<String> {
    let drop = |word: &String| {
        matches!(
            word.as_str(),
            "the"
                | "of"
                | "and"
                | "for"
                | "in"
                | "on"
                | "de"
                | "la"
                | "le"
                | "der"
                | "und"
                | "et"
                | "a"
                | "an"
                | "unknown"
        )
    };
    words(text.unwrap_or_default()).into_iter().filter(|word| !drop(word)).collect()
}

/// Whether two venues may be one: equal, abbreviated (`Nat Rev Nephrol`), an acronym (`JPEN`), a
/// subtitle more. Clearly different names differ; in between nothing is known.
pub fn compare_venues(a: &[String], b: &[String]) -> Agreement {
    if a.is_empty() || b.is_empty() {
        return Agreement::Unknown;
    }
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if a == b || abbreviates(short, long) || abbreviates(long, short) || acronym(a, b) || acronym(b, a) {
        return Agreement::Agrees;
    }
    let similarity = fuzz::ratio(a.concat().chars(), b.concat().chars());
    if similarity >= 0.85 {
        Agreement::Agrees
    } else if has_own_word(a, b) && has_own_word(b, a) {
        // Journal of Thoracic Oncology, Journal of Clinical Oncology.
        Agreement::Differs
    } else {
        Agreement::Unknown
    }
}

/// Whether `a` has a word that no word of `b` resembles, shortens or lengthens.
fn has_own_word(a: &[String], b: &[String]) -> bool {
    a.iter().any(|word| {
        !b.iter().any(|other| {
            word.starts_with(other.as_str())
                || other.starts_with(word.as_str())
                || fuzz::ratio(word.chars(), other.chars()) >= 0.7
        })
    })
}

/// Each word of `short` begins a later and later word of `long`, from the first on.
fn abbreviates(short: &[String], long: &[String]) -> bool {
    if short.len() < 2 && short.first().is_none_or(|word| word.chars().count() < 4) {
        return false;
    }
    let mut rest = long.iter();
    let first_fits = long.first().is_some_and(|word| word.starts_with(short[0].as_str()));
    first_fits && short.iter().all(|part| rest.any(|word| word.starts_with(part.as_str())))
}

/// Whether the first word of `a` is the first letters of `b`: `jpen`, `icis`.
fn acronym(a: &[String], b: &[String]) -> bool {
    let initials: String = b.iter().filter_map(|word| word.chars().next()).collect();
    a.first().is_some_and(|word| word.chars().count() >= 3 && initials.starts_with(word.as_str()))
}

/// The names among a record's authors: words of two letters and more, of family and given names
/// alike, since exports mix the order up and lose the separators.
pub fn names(record: &Record) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for author in &record.authors {
        for word in words(&author.family).into_iter().chain(words(&author.given)) {
            if word.chars().count() >= 2
                && !matches!(word.as_str(), "et" | "al" | "and" | "jr" | "unknown" | "anonymous")
            {
                names.insert(word);
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_read_and_compare() {
        let read = |text: &str| Pages::read(text).unwrap();
        assert_eq!(read("288-97").range, Some((288, 297)));
        assert_eq!(read("288-297"), read("288--297"));
        assert_eq!(read("06-Oct").range, Some((6, 10)));
        assert_eq!(read("pp. 12-15").first, "12");
        assert_eq!(read("S12-S15").compare(&read("12-15")), Agreement::Agrees);
        assert_eq!(read("e43268").compare(&read("1-9")), Agreement::Unknown);
        assert_eq!(read("566-582").compare(&read("1-17")), Agreement::Unknown);
        assert_eq!(read("5-9").compare(&read("15-19")), Agreement::Differs);
        assert!(read("5-9").adjacent(&read("10-14")));
        assert!(!read("5-9").adjacent(&read("5-9")));
        assert_eq!(read("xiii-xv").first, "xiii");
        assert_eq!(read("1-30").compare(&read("1-42")), Agreement::Unknown);
        assert!(read("5-9").same_span(&read("5-9")) && !read("5-6").same_span(&read("5-6")));
        assert_eq!(Pages::read("no pagination"), None);
        assert_eq!(Pages::read("99999999999999999999-99999999999999999999").map(|pages| pages.range), Some(None));
    }

    #[test]
    fn volumes_read() {
        assert_eq!(numbers(Some("4 (1) (no pagination)")), ["4", "1"]);
        assert!(numbers(Some("UNKNOWN")).is_empty());
        assert!(numbers(Some("3)")).is_empty());
        assert!(numbers(None).is_empty());
    }

    #[test]
    fn venues_compare() {
        let compare = |a: &str, b: &str| compare_venues(&venue(Some(a)), &venue(Some(b)));
        assert_eq!(compare("Nat Rev Nephrol", "Nature Reviews Nephrology"), Agreement::Agrees);
        assert_eq!(compare("JPEN", "Journal of Parenteral & Enteral Nutrition"), Agreement::Agrees);
        assert_eq!(compare("Journal of Thoracic Oncology", "Journal of Clinical Oncology"), Agreement::Differs);
        assert_eq!(compare("Blood", "Transplantation"), Agreement::Differs);
        assert_eq!(compare("", "Blood"), Agreement::Unknown);
    }
}
