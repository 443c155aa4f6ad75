//! Venue, pages, volume and authors: how two values are compared. An empty field is never evidence.

use std::collections::BTreeSet;

use super::compact::{Words, likeness};
use crate::model::Record;
use crate::text::{month, words};

/// What comparing a field says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    Agrees,
    Differs,
    /// A side is empty, or the values cannot be compared.
    Unknown,
}

/// A page range. Article numbers and e-locators keep their letters in `first`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pages {
    pub first: Box<str>,
    /// Numbers of plain ranges.
    pub range: Option<(u32, u32)>,
}

impl Pages {
    /// Reads `288-97`, `376 -- 383`, `S12-S15`, `e43268`, and `06-Oct` (a spreadsheet's 6-10).
    pub fn read(text: &str) -> Option<Self> {
        let words = words(text);
        // `215 p` says how many pages there are, not which.
        if let [_, last] = words.as_slice()
            && matches!(last.as_str(), "p" | "pp" | "pages" | "leaves")
        {
            return None;
        }
        let tokens: Vec<String> = words
            .iter()
            .cloned()
            .map(|word| month_number(&word).unwrap_or(word))
            .filter(|word| word.chars().any(|c| c.is_ascii_digit()))
            .collect();
        let Some(first) = tokens.iter().find(|word| !word.trim_start_matches('0').is_empty()) else {
            // Front matter: xiii-xv.
            let roman = |word: &String| word.chars().all(|c| matches!(c, 'i' | 'v' | 'x' | 'l' | 'c'));
            return words.into_iter().next().filter(roman).map(|first| Self { first: first.into(), range: None });
        };
        let bare = |word: &str| word.trim_start_matches(|c: char| !c.is_ascii_digit() || c == '0').to_owned();
        let letters: String = first.chars().take_while(|c| !c.is_ascii_digit()).collect();
        let letters = letters.trim_start_matches("pp").trim_start_matches('p').to_owned();
        let start = bare(first);
        let range = start.parse::<u32>().ok().and_then(|low| {
            let end = tokens.iter().skip_while(|word| *word != first).nth(1).map(|word| bare(word))?;
            // 288-97 means 288 to 297.
            let end = if end.len() < start.len() && end.bytes().all(|b| b.is_ascii_digit()) {
                format!("{}{end}", start.get(..start.len() - end.len())?)
            } else {
                end
            };
            end.parse::<u32>().ok().filter(|high| *high >= low && high - low < 2000).map(|high| (low, high))
        });
        Some(Self { first: format!("{letters}{start}").into(), range })
    }
    /// Whether two ranges say the same. A range from page 1 is an advance copy's own counting, and
    /// an article number and a page range count different things: both are unknown.
    pub fn compare(&self, other: &Self) -> Agreement {
        let own_counting = |pages: &Self| &*pages.first == "1";
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
        let follows = |a: (u32, u32), b: (u32, u32)| b.0 == a.1 + 1 || (a.1 == b.0 && a.0 < a.1 && b.0 < b.1);
        match (self.range, other.range) {
            (Some(a), Some(b)) if a != b => follows(a, b) || follows(b, a),
            _ => false,
        }
    }
}

fn month_number(word: &str) -> Option<String> {
    const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    MONTHS.iter().position(|month| *month == word).map(|at| (at + 1).to_string())
}

/// A record's volume and issue. `4 (1)` as a volume names the issue too; where the issue says
/// otherwise, neither is believed. A year in place of a volume is none.
pub fn volume_and_issue(record: &Record, years: &[i16]) -> (Option<u64>, Option<u64>) {
    let volume = numbers(record.volume.as_deref());
    let issue = numbers(record.issue.as_deref());
    let issue = match (issue.first(), volume.get(1)) {
        (Some(one), Some(other)) => (one == other).then_some(*one),
        (one, other) => one.or(other).copied(),
    };
    let is_year = |volume: &u64| years.iter().any(|year| u64::try_from(*year) == Ok(*volume));
    (volume.first().copied().filter(|volume| !is_year(volume)), issue)
}

/// The numbers of a volume or issue. `4 (1)` is volume 4, issue 1; `May` is 5; other words
/// (`UNKNOWN`, `Ph.D.`) are nothing.
pub fn numbers(text: Option<&str>) -> Vec<u64> {
    let number = |word: &String| {
        let digits: String =
            word.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).take(18).collect();
        digits.parse::<u64>().ok().filter(|number| *number > 0)
    };
    let text = text.unwrap_or_default();
    // `3)` is what is left of a bracket, not a volume.
    if text.matches(')').count() > text.matches('(').count() {
        return Vec::new();
    }
    let words = words(text);
    if let [word] = words.as_slice()
        && let Some(month) = month(word)
    {
        return vec![u64::from(month)];
    }
    words.iter().filter_map(number).collect()
}

/// Equal, different, or a side is empty.
pub fn compare_values<T: PartialEq>(a: Option<&T>, b: Option<&T>) -> Agreement {
    match (a, b) {
        (Some(a), Some(b)) if a == b => Agreement::Agrees,
        (Some(_), Some(_)) => Agreement::Differs,
        _ => Agreement::Unknown,
    }
}

/// Words that names lose.
pub fn is_lost(word: &str) -> bool {
    matches!(
        word,
        "the" | "of" | "and" | "for" | "in" | "on" | "de" | "la" | "le" | "der" | "und" | "et" | "a" | "an" | "unknown"
    )
}

/// A journal's or proceedings' name, prepared: words that names lose are left out.
pub fn venue(text: Option<&str>) -> Words {
    let words = words(text.unwrap_or_default());
    Words::of(words.iter().map(String::as_str).filter(|word| !is_lost(word)))
}

/// Whether two venues may be one: equal, abbreviated (`Nat Rev Nephrol`), an acronym (`JPEN`), a
/// subtitle more. Clearly different names differ; in between nothing is known.
pub fn compare_venues(a: &Words, b: &Words) -> Agreement {
    if a.is_empty() || b.is_empty() {
        return Agreement::Unknown;
    }
    if a == b {
        return Agreement::Agrees;
    }
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if abbreviates(short, long) || abbreviates(long, short) || acronym(a, b) || acronym(b, a) {
        return Agreement::Agrees;
    }
    if likeness(a.joined(), b.joined(), 0.85).is_some() {
        Agreement::Agrees
    } else if has_own_word(a, b) && has_own_word(b, a) {
        // Journal of Thoracic Oncology, Journal of Clinical Oncology.
        Agreement::Differs
    } else {
        Agreement::Unknown
    }
}

/// Whether `a` has a word that no word of `b` resembles, shortens or lengthens.
fn has_own_word(a: &Words, b: &Words) -> bool {
    let resembles = |word: &str, other: &str| word.starts_with(other) || other.starts_with(word) || alike(word, other);
    a.iter().any(|word| !b.iter().any(|other| resembles(word, other)))
}

/// Whether two words may be one misspelt.
pub fn alike(a: &str, b: &str) -> bool {
    likeness(a, b, 0.7).is_some()
}

/// Each word of `short` begins a later and later word of `long`, from the first on.
fn abbreviates(short: &Words, long: &Words) -> bool {
    if short.len() < 2 && short.iter().next().is_none_or(|word| word.chars().count() < 4) {
        return false;
    }
    let mut rest = long.iter();
    let first_fits = long.iter().next().is_some_and(|word| word.starts_with(short.at(0)));
    first_fits && short.iter().all(|part| rest.any(|word| word.starts_with(part)))
}

/// Whether the first word of `a` is the first letters of `b`: `jpen`, `icis`.
fn acronym(a: &Words, b: &Words) -> bool {
    let Some(first) = a.iter().next().filter(|word| word.chars().count() >= 3) else { return false };
    let mut initials = b.iter().filter_map(|word| word.chars().next());
    first.chars().all(|letter| initials.next() == Some(letter))
}

/// The names among a record's authors: words of two letters and more, of family and given names
/// alike, since exports mix the order up and lose the separators.
pub fn names(record: &Record) -> Words {
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
    Words::of(names.iter().map(String::as_str))
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
        assert_eq!(&*read("pp. 12-15").first, "12");
        assert_eq!(read("S12-S15").compare(&read("12-15")), Agreement::Agrees);
        assert_eq!(read("e43268").compare(&read("1-9")), Agreement::Unknown);
        assert_eq!(read("566-582").compare(&read("1-17")), Agreement::Unknown);
        assert_eq!(read("5-9").compare(&read("15-19")), Agreement::Differs);
        assert!(read("5-9").adjacent(&read("10-14")));
        assert!(read("5-9").adjacent(&read("9-14")) && read("9-14").adjacent(&read("5-9")));
        assert!(!read("5-9").adjacent(&read("5-9")));
        assert_eq!(&*read("xiii-xv").first, "xiii");
        assert_eq!(read("1-30").compare(&read("1-42")), Agreement::Unknown);
        assert!(read("5-9").same_span(&read("5-9")) && !read("5-6").same_span(&read("5-6")));
        assert_eq!(Pages::read("no pagination"), None);
        assert_eq!(Pages::read("215 p."), None);
        assert_eq!(Pages::read("99999999999999999999-99999999999999999999").map(|pages| pages.range), Some(None));
    }

    #[test]
    fn volumes_read() {
        assert_eq!(numbers(Some("4 (1) (no pagination)")), [4, 1]);
        assert_eq!(numbers(Some("May")), [5]);
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
