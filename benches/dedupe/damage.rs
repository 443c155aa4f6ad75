//! Damage as exports and typists do it, by a seed: what deduplication has to see through.

use std::collections::BTreeMap;

use gleaner::model::{Author, Record};

/// Damages a record: each kind of damage happens with the chance `level` (0 to 1).
pub fn damage(record: &mut Record, level: f64, random: &mut fastrand::Rng) {
    if random.f64() < level
        && let Some(title) = &mut record.title
    {
        for _ in 0..=random.usize(..2) {
            *title = misspelt(title, random);
        }
    }
    if random.f64() < level {
        lose_diacritics(record);
    }
    if random.f64() < level {
        swap_authors(record, random);
    }
    if random.f64() < level {
        record.title = record.title.as_deref().map(cut_short);
    }
    for field in 0..8 {
        if random.f64() < level {
            lose(record, field);
        }
    }
    if random.f64() < level {
        record.pages = record.pages.as_deref().map(|pages| other_form(pages, random));
    }
}

/// A letter lost, doubled, exchanged with the next, or replaced.
fn misspelt(text: &str, random: &mut fastrand::Rng) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let places: Vec<usize> = (1..letters.len()).filter(|at| letters[*at].is_alphabetic()).collect();
    let Some(at) = random.choice(places) else { return text.to_owned() };
    match random.usize(..4) {
        0 => drop(letters.remove(at)),
        1 => letters.insert(at, letters[at]),
        2 => letters.swap(at - 1, at),
        _ => letters[at] = random.lowercase(),
    }
    letters.into_iter().collect()
}

/// What an encoding leaves of letters that are not English: a question mark, in all fields alike.
fn lose_diacritics(record: &mut Record) {
    let plain = |text: &str| text.chars().map(|c| if c.is_ascii() || c == '–' { c } else { '?' }).collect::<String>();
    record.title = record.title.as_deref().map(plain);
    record.venue = record.venue.as_deref().map(plain);
    for author in &mut record.authors {
        author.family = plain(&author.family);
        author.given = plain(&author.given);
    }
}

/// Given names before family names, the list in another order, or the list cut after the first.
fn swap_authors(record: &mut Record, random: &mut fastrand::Rng) {
    match random.usize(..4) {
        0 => {
            for author in record.authors.iter_mut().filter(|author| !author.given.is_empty()) {
                std::mem::swap(&mut author.family, &mut author.given);
            }
        }
        1 => record.authors.reverse(),
        2 => record.authors.truncate(1),
        _ => {
            for author in &mut record.authors {
                let initials = author.given.split_whitespace().filter_map(|name| name.chars().next());
                author.given = initials.map(|c| format!("{c}.")).collect();
            }
        }
    }
}

/// Without its subtitle, or its last quarter.
fn cut_short(title: &str) -> String {
    if let Some((head, _)) = title.split_once(": ").filter(|(head, _)| head.split_whitespace().count() >= 4) {
        return head.to_owned();
    }
    let words: Vec<&str> = title.split_whitespace().collect();
    words[..words.len() - words.len() / 4].join(" ")
}

fn lose(record: &mut Record, field: usize) {
    match field {
        0 => record.authors.clear(),
        1 => record.dates.clear(),
        2 => record.venue = None,
        3 => record.volume = None,
        4 => record.issue = None,
        5 => record.pages = None,
        6 => record.abstract_text = None,
        _ => record.identifiers.doi = None,
    }
}

/// `288-297` as `288-97`, `pp. 288--297`, or `288`.
fn other_form(pages: &str, random: &mut fastrand::Rng) -> String {
    let Some((first, last)) = pages.split_once('-') else { return format!("pp. {pages}") };
    let (first, last) = (first.trim(), last.trim_start_matches('-').trim());
    let shared = first.chars().zip(last.chars()).take_while(|(a, b)| a == b).count();
    match random.usize(..3) {
        0 if first.len() == last.len() && first.is_ascii() && last.is_ascii() && shared < last.len() => {
            format!("{first}-{}", &last[shared..])
        }
        1 => format!("pp. {first}--{last}"),
        _ => first.to_owned(),
    }
}

/// Beginnings of words by which titles say what they are: they stay, so that a heading stays a heading.
const KEPT: &[&str] = &[
    "editor", "intro", "prefa", "forew", "content", "index", "news", "abstract", "letter", "comment", "reply",
    "discuss", "errat", "correct", "corrig", "retract", "withdr", "protocol", "response", "review", "book", "note",
    "issue", "special", "track", "section", "guest", "from", "part", "vitro", "vivo", "two", "three", "four", "five",
    "seven", "eight", "nine", "viii", "summary", "conclus", "overview", "table", "author", "board", "members",
];

/// Makes other works of the same shape: words and names are exchanged for others of the same records,
/// by family, so that what was alike stays alike and nothing of one family is another's duplicate.
pub struct Families {
    words: Vec<String>,
    at: BTreeMap<String, usize>,
}

impl Families {
    /// Learns the long words of titles, abstracts' beginnings and names.
    pub fn of<'a>(records: impl Iterator<Item = &'a Record>) -> Self {
        let mut at = BTreeMap::new();
        for record in records {
            let texts = record.title.iter().chain(record.authors.iter().map(|author| &author.family));
            for word in texts.flat_map(|text| text.split(|c: char| !c.is_alphabetic())).filter(|word| word.len() > 3) {
                let word = word.to_lowercase();
                if !KEPT.iter().any(|kept| word.starts_with(kept)) {
                    at.insert(word, 0);
                }
            }
        }
        let words: Vec<String> = at.keys().cloned().collect();
        at.values_mut().enumerate().for_each(|(position, at)| *at = position);
        Self { words, at }
    }
    /// The record as its like in another family; family 0 is the records as they are.
    pub fn record(&self, record: &Record, family: usize) -> Record {
        if family == 0 {
            return record.clone();
        }
        let number = |text: &str| text.parse::<u64>().map_or(text.to_owned(), |n| (n + family as u64).to_string());
        let text = |text: &String| self.exchanged(text, family);
        Record {
            source: record.source.clone(),
            source_key: format!("{}-{family}", record.source_key),
            title: record.title.as_ref().map(text),
            abstract_text: record
                .abstract_text
                .as_ref()
                .map(|text| self.exchanged(text.get(..700).unwrap_or(text), family)),
            authors: record
                .authors
                .iter()
                .map(|author| Author { family: text(&author.family), ..author.clone() })
                .collect(),
            dates: record.dates.clone(),
            venue: record.venue.clone(),
            volume: record.volume.as_deref().map(number),
            issue: record.issue.clone(),
            pages: record
                .pages
                .as_deref()
                .map(|pages| pages.split('-').map(|part| number(part.trim())).collect::<Vec<_>>().join("-")),
            identifiers: gleaner::model::Identifiers {
                doi: record.identifiers.doi.as_ref().map(|doi| format!("{doi}.{family}")),
                issn: record.identifiers.issn.clone(),
                ..Default::default()
            },
            types: record.types.clone(),
            ..Record::default()
        }
    }
    fn exchanged(&self, text: &str, family: usize) -> String {
        let mut out = String::with_capacity(text.len());
        let mut word = String::new();
        for c in text.chars().chain([' ']) {
            if c.is_alphabetic() {
                word.push(c);
                continue;
            }
            match self.at.get(&word.to_lowercase()) {
                Some(at) => out.push_str(&self.words[(at + family * 7_919) % self.words.len()]),
                None => out.push_str(&word),
            }
            word.clear();
            out.push(c);
        }
        out.trim_end().to_owned()
    }
}
