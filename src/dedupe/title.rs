//! Titles in the form in which they are compared: what databases add is taken off, numbers and
//! marks that tell one document from its sibling are kept apart.

use super::compact::{Words, beginning};
use super::marks::{Mark, is_generic, marks_of};
use crate::text::words;

/// No title is longer; what is, is cut.
const MOST_CHARACTERS: usize = 1_500;

/// A title prepared for comparison.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Title {
    /// Its words, folded.
    pub words: Words,
    /// How often each letter or digit occurs: a bound of likeness, found without comparing.
    letters: [u8; LETTERS],
    /// Every digit and roman numeral, in order, joined (`10(6)` is `106`).
    pub digits: Box<str>,
    /// The same with numbers written as words.
    pub all_digits: Box<str>,
    /// What kind of notice it announces itself to be.
    pub marks: Box<[Mark]>,
    /// `Editorial`, `Book reviews`: many documents bear it.
    pub generic: bool,
}

/// The letters a to z; everything else by its last bits.
const LETTERS: usize = 32;

impl Title {
    /// Prepares a title; `None` where it says nothing (`UNKNOWN`, `#NAME?`, punctuation).
    pub fn read(text: &str) -> Option<Self> {
        let text = beginning(text, MOST_CHARACTERS);
        let plain = spell_greek(&without_tags(text));
        let (body, mut marks) = without_additions(&plain);
        let mut words = words(body);
        if ["retracted", "article"].iter().zip(&words).filter(|(a, b)| **a == **b).count() == 2 {
            words.drain(..2);
        } else if words.first().is_some_and(|word| word == "retracted") {
            words.remove(0);
        }
        if says_nothing(&words) {
            return None;
        }
        marks.extend(marks_of(&words, body));
        marks.sort_unstable();
        marks.dedup();
        let generic = is_generic(&words);
        let kept = Words::of(words.iter().map(String::as_str));
        Some(Self {
            letters: letters(kept.joined()),
            digits: digits(&words, false).into(),
            all_digits: digits(&words, true).into(),
            marks: marks.into(),
            generic,
            words: kept,
        })
    }
    /// Its words as one.
    pub fn compact(&self) -> &str {
        self.words.joined()
    }
    /// How alike two titles are at most: found without comparing them.
    pub fn likeness_at_most(&self, other: &Self) -> f64 {
        let sum = |letters: &[u8; LETTERS]| letters.iter().map(|count| u32::from(*count)).sum::<u32>();
        let apart: u32 = self.letters.iter().zip(&other.letters).map(|(a, b)| u32::from(a.abs_diff(*b))).sum();
        1.0 - f64::from(apart) / f64::from((sum(&self.letters) + sum(&other.letters)).max(1))
    }
}

fn letters(text: &str) -> [u8; LETTERS] {
    let mut letters = [0_u8; LETTERS];
    for c in text.chars() {
        let at = match c {
            'a'..='z' => c as usize - 'a' as usize,
            _ => 26 + c as usize % 6,
        };
        letters[at] = letters[at].saturating_add(1);
    }
    letters
}

fn says_nothing(words: &[String]) -> bool {
    let text = words.join(" ");
    matches!(
        text.as_str(),
        "" | "unknown"
            | "untitled"
            | "no title"
            | "no title available"
            | "title"
            | "name"
            | "n a"
            | "na"
            | "null"
            | "none"
    ) || text.starts_with("not available")
}

/// Markup that got into a title: `<sup>2</sup>`.
fn without_tags(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        plain.push_str(&rest[..start]);
        let tail = &rest[start..];
        let is_tag = tail[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
        match tail.find('>').filter(|end| is_tag && *end < 40) {
            Some(end) => rest = &tail[end + 1..],
            None => {
                plain.push('<');
                rest = &tail[1..];
            }
        }
    }
    plain.push_str(rest);
    plain
}

/// One database writes `β`, another `beta`.
fn spell_greek(text: &str) -> String {
    const LETTERS: &[(char, &str)] = &[
        ('α', "alpha"),
        ('β', "beta"),
        ('γ', "gamma"),
        ('δ', "delta"),
        ('ε', "epsilon"),
        ('κ', "kappa"),
        ('λ', "lambda"),
        ('μ', "mu"),
        ('µ', "mu"),
        ('σ', "sigma"),
        ('ω', "omega"),
    ];
    // A text in Greek is left as it is.
    if text.chars().filter(|c| ('\u{370}'..'\u{400}').contains(c)).count() > 6 {
        return text.to_owned();
    }
    let mut spelt = String::with_capacity(text.len());
    for c in text.chars() {
        let lower = c.to_lowercase().next().unwrap_or(c);
        match LETTERS.iter().find(|(letter, _)| *letter == lower) {
            Some((_, name)) => spelt.push_str(name),
            None => spelt.push(c),
        }
    }
    spelt
}

const LANGUAGES: &[&str] = &[
    "chinese",
    "russian",
    "japanese",
    "german",
    "french",
    "spanish",
    "italian",
    "portuguese",
    "polish",
    "korean",
    "turkish",
    "dutch",
    "czech",
    "hungarian",
    "hebrew",
    "danish",
    "swedish",
    "norwegian",
    "persian",
    "croatian",
    "serbian",
    "greek",
    "ukrainian",
    "bulgarian",
    "romanian",
    "english",
    "finnish",
    "slovak",
    "slovene",
    "arabic",
];

/// Takes off what databases append in brackets: the language, `[Review] [105 refs]`,
/// `[see comments]`, `[Erratum appears in …]`. `[letter]`, `[comment]` and `(vol 85, pg 553, 2010)`
/// (an erratum's address) are marks.
fn without_additions(text: &str) -> (&str, Vec<Mark>) {
    let mut body = text.trim();
    let mut marks = Vec::new();
    // These may hold brackets of their own, or be cut off.
    let lower = body.to_ascii_lowercase();
    let notices =
        ["[erratum appears", "[published erratum", "[erratum in", "[corrected and republished", "[see comment"];
    if let Some(start) = notices.iter().filter_map(|notice| lower.find(notice)).min().filter(|start| *start > 0) {
        body = body[..start].trim_end();
    }
    loop {
        let bare = body.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '.' | ',' | ';'));
        let opening = match bare.chars().last() {
            Some(']') => '[',
            Some(')') => '(',
            _ => return (body, marks),
        };
        let Some(start) = bare.rfind(opening).filter(|start| *start > 0) else { return (body, marks) };
        let inside = words(&bare[start..]);
        let Some(first) = inside.first().map(String::as_str) else { return (body, marks) };
        let joined = inside.concat();
        let language = LANGUAGES.contains(&first);
        let address = first == "vol" && inside.iter().any(|word| matches!(word.as_str(), "pg" | "p" | "page"));
        let appended = matches!(first, "see" | "erratum" | "corrected" | "review" | "abstract" | "editorial")
            || inside.iter().any(|word| word == "refs" || word == "ref")
            || matches!(joined.as_str(), "inprocesscitation" | "electronicresource" | "retracted");
        let mark = match first {
            _ if address => Some(Mark::Erratum),
            "letter" => Some(Mark::Letter),
            "comment" => Some(Mark::Comment),
            _ => None,
        };
        if !(language || address || (opening == '[' && (appended || mark.is_some()))) {
            return (body, marks);
        }
        marks.extend(mark);
        body = bare[..start].trim_end();
    }
}

/// The numbers of a title, joined.
fn digits(words: &[String], with_number_words: bool) -> String {
    let mut digits = String::new();
    for (index, word) in words.iter().enumerate() {
        if word.chars().any(|c| c.is_ascii_digit()) {
            digits.extend(word.chars().filter(char::is_ascii_digit));
        } else if let Some(number) = roman(word, index.checked_sub(1).map(|before| words[before].as_str())) {
            digits.push_str(&number.to_string());
        } else if with_number_words && let Some(number) = number_word(word) {
            digits.push_str(&number.to_string());
        }
    }
    digits
}

/// A roman numeral: single letters only after a word that counts parts.
fn roman(word: &str, before: Option<&str>) -> Option<u32> {
    let counts = before.is_some_and(|word| {
        matches!(
            word,
            "part"
                | "phase"
                | "volume"
                | "vol"
                | "study"
                | "section"
                | "chapter"
                | "paper"
                | "type"
                | "stage"
                | "grade"
                | "series"
                | "class"
                | "experiment"
        )
    });
    match word {
        "i" if counts => Some(1),
        "ii" => Some(2),
        "iii" => Some(3),
        "iv" => Some(4),
        "v" if counts => Some(5),
        "vi" => Some(6),
        "vii" => Some(7),
        "viii" => Some(8),
        "ix" => Some(9),
        "x" if counts => Some(10),
        "xi" => Some(11),
        "xii" => Some(12),
        // Part A, part B: letters count too.
        "a" | "b" | "c" | "d" if before == Some("part") => Some(word.bytes().map(u32::from).sum()),
        _ => None,
    }
}

fn number_word(word: &str) -> Option<u32> {
    const WORDS: &[&str] =
        &["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    let at = WORDS.iter().position(|number| *number == word)?;
    u32::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Title {
        Title::read(text).unwrap()
    }

    #[test]
    fn what_databases_add_is_taken_off() {
        let plain = read("Health outcomes of walking groups");
        for text in [
            "Health outcomes of walking groups. [Russian]",
            "[Health outcomes of walking groups]",
            "Health Outcomes of Walking-Groups [Review] [105 refs]",
            "Health outcomes of walking groups [Erratum appears in J Walk 2010;3:4].",
            "RETRACTED ARTICLE: Health outcomes of walking groups",
            "Health <i>outcomes</i> of walking groups",
        ] {
            assert_eq!(read(text), plain, "{text}");
        }
        assert_eq!(read("β-blockers for walkers").compact(), read("Beta blockers for walkers").compact());
        assert_eq!(read("A < B in walking groups").words, Words::of(["a", "b", "in", "walking", "groups"]));
    }

    #[test]
    fn numbers_are_kept_apart() {
        assert_eq!(read("Walking, part II").digits, read("Walking, part 2").digits);
        assert_ne!(read("Walking, part I").digits, read("Walking, part II").digits);
        assert_ne!(read("Walking, part A").digits, read("Walking, part B").digits);
        assert_eq!(read("Walking 10(6) miles").digits, read("Walking 106 miles").digits);
        assert_eq!(read("A two year walk").all_digits, read("A 2 year walk").all_digits);
        assert_eq!(&*read("I walk").digits, "");
    }

    #[test]
    fn notices_are_marked() {
        for (text, mark) in [
            ("Erratum: Walking groups", Mark::Erratum),
            ("Reply to: Walking groups", Mark::Reply),
            ("Re: Walking groups", Mark::Reply),
            ("Comment on 'Walking groups'", Mark::Comment),
            ("Walking groups: study protocol", Mark::Protocol),
            ("Walking groups [letter]", Mark::Letter),
            ("WITHDRAWN: Walking groups", Mark::Withdrawn),
        ] {
            assert_eq!(*read(text).marks, [mark], "{text}");
        }
        assert!(read("Walking groups [see comments]").marks.is_empty());
        assert!(read("Walking groups [Erratum appears in X]").marks.is_empty());
    }

    #[test]
    fn headings_are_generic_and_nothing_is_nothing() {
        assert!(read("Editorial").generic);
        assert!(read("Introduction to the special issue").generic);
        assert!(!read("Introduction of walking groups in Cardiff").generic);
        for text in ["UNKNOWN", "#NAME?", "…", "[No title available]"] {
            assert_eq!(Title::read(text), None, "{text}");
        }
    }
}
