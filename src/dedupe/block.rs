//! Which records are compared at all: those that share a block. Blocks are many and small, so that
//! a typo in one field leaves another block; a block that grows is compared along its order only.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::features::Features;

/// In a block of at most so many records each is compared with each.
const SMALL: usize = 48;
/// In a larger one, with so many that follow it.
const WINDOW: usize = 24;

/// The pairs to compare, as positions in the canonical order (the lower first), sorted.
/// Their number grows with the number of records, never with its square.
pub fn pairs(features: &[Features], compared: &[usize]) -> Vec<(usize, usize)> {
    let mut blocks: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for at in compared {
        for key in keys(&features[*at]) {
            blocks.entry(key).or_default().push(*at);
        }
    }
    let mut seen_blocks: HashSet<Vec<usize>> = HashSet::new();
    let mut pairs: BTreeSet<(usize, usize)> = BTreeSet::new();
    for members in blocks.into_values().filter(|members| members.len() > 1) {
        if members.len() > SMALL && !seen_blocks.insert(members.clone()) {
            continue;
        }
        let reach = if members.len() <= SMALL { SMALL } else { WINDOW };
        for (index, one) in members.iter().enumerate() {
            for other in members[index + 1..].iter().take(reach) {
                pairs.insert((*one, *other));
            }
        }
    }
    pairs.into_iter().collect()
}

fn hash(parts: &[&str]) -> u64 {
    // DefaultHasher::new has fixed keys: the same blocks at every run.
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    hasher.finish()
}

/// The blocks that a record belongs to.
fn keys(record: &Features) -> Vec<u64> {
    let mut keys = Vec::new();
    for title in &record.titles {
        let start: String = title.compact.chars().take(20).collect();
        keys.push(hash(&["title start", &start]));
        let count = title.compact.chars().count();
        let end: String = title.compact.chars().skip(count.saturating_sub(20)).collect();
        keys.push(hash(&["title end", &end]));
        keys.extend(sketch(&title.words));
    }
    let year = record.years.first().map(ToString::to_string);
    let page = record.pages.as_ref().map(|pages| pages.first.as_str());
    if let (Some(volume), Some(page)) = (&record.volume, page) {
        keys.push(hash(&["place", volume, page]));
    }
    if let (Some(author), Some(page)) = (&record.first_author, page) {
        keys.push(hash(&["author, page", author, page]));
    }
    if let (Some(author), Some(year)) = (&record.first_author, &year) {
        keys.push(hash(&["author, year", author, year]));
    }
    if !record.abstract_start.is_empty() {
        let start: String = record.abstract_start.chars().take(40).collect();
        keys.push(hash(&["abstract", &start]));
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// Of the title's words the four of the smallest hashes, three at a time: a word misspelt, lost or
/// added changes at most three of the four keys.
fn sketch(words: &[String]) -> Vec<u64> {
    let mut hashes: Vec<u64> =
        words.iter().filter(|word| word.chars().count() > 3).map(|word| hash(&["word", word])).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes.truncate(4);
    if hashes.len() < 3 {
        return Vec::new();
    }
    let key = |kept: &[u64]| hash(&["words", &kept.iter().map(u64::to_string).collect::<Vec<_>>().join(" ")]);
    let mut keys = vec![key(&hashes[..3])];
    if let [a, b, c, d] = hashes[..] {
        keys.extend([key(&[a, b, d]), key(&[a, c, d]), key(&[b, c, d])]);
    }
    keys
}
