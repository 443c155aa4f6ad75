//! Which records are compared at all: those near to each other in a block. Blocks are many and
//! small, so that a typo in one field leaves another block. Within a block records stand in an
//! order that their contents give, and each is compared with those next to it: a block that grows
//! costs in proportion to its size, and a new record changes only what is next to it.

use super::compact::{beginning, end, hash};
use super::features::Features;

/// With so many before it and after it in a block is a record compared.
pub const REACH: usize = 16;

/// A record's place in a block. Both numbers are the same in every run, and not negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub block: i64,
    /// What is alike stands near; the last half tells records of one content apart.
    pub order: i64,
}

/// The places of a record, in the order of their blocks; `key` is the record's own.
pub fn places(record: &Features, key: &str) -> Vec<Place> {
    let own = own_order(key);
    let byte = |number: i64| number & 0xff;
    let page = record.pages.as_ref().map(|pages| &*pages.first);
    let page_order = page.map_or(0, |page| byte(hash(&["page", page])));
    let volume_order = record.volume.map_or(0, |volume| byte(volume.cast_signed()));
    let year_order = record.years.first().map_or(0, |year| byte(i64::from(*year)));
    let author_order = record.first_author.as_deref().map_or(0, |author| byte(hash(&["author", author])));
    let title_order = record.title().map_or(0, |title| byte(hash(&["title", title.compact()])));
    let order = |a: i64, b: i64, c: i64, d: i64| ((((a << 8 | b) << 8 | c) << 8 | d) << 31) | own;
    let mut places = Vec::with_capacity(12);
    for title in &record.titles {
        let by_place = order(year_order, volume_order, page_order, author_order);
        let by_author = order(author_order, page_order, year_order, volume_order);
        let by_title = order(title_order, author_order, page_order, year_order);
        places.push(Place { block: hash(&["title start", beginning(title.compact(), 20)]), order: by_place });
        places.push(Place { block: hash(&["title end", end(title.compact(), 20)]), order: by_author });
        places.extend(sketch(title).into_iter().map(|block| Place { block, order: by_title }));
    }
    let by_title = order(title_order, year_order, author_order, volume_order);
    if let (Some(volume), Some(page)) = (record.volume, page) {
        places.push(Place { block: hash(&["place", &volume.to_string(), page]), order: by_title });
    }
    if let (Some(author), Some(page)) = (&record.first_author, page) {
        places.push(Place { block: hash(&["author, page", author, page]), order: by_title });
    }
    if let (Some(author), Some(volume), Some(issue)) = (&record.first_author, record.volume, record.issue) {
        let block = hash(&["author, issue", author, &volume.to_string(), &issue.to_string()]);
        places.push(Place { block, order: by_title });
    }
    if !record.abstract_start.is_empty() {
        places.push(Place { block: hash(&["abstract", beginning(&record.abstract_start, 40)]), order: by_title });
    }
    places.sort_unstable();
    places.dedup_by_key(|place| place.block);
    places
}

/// What tells a record from others of its content.
pub fn own_order(key: &str) -> i64 {
    hash(&["record", key]) & 0x7fff_ffff
}

/// Of the title's words the four of the smallest hashes, three at a time: a word misspelt, lost or
/// added changes at most three of the four keys.
fn sketch(title: &super::title::Title) -> Vec<i64> {
    let long = title.words.iter().filter(|word| word.chars().count() > 3);
    let mut hashes: Vec<i64> = long.map(|word| hash(&["word", word])).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes.truncate(4);
    let block = |kept: [i64; 3]| hash(&["words", &format!("{:x} {:x} {:x}", kept[0], kept[1], kept[2])]);
    match hashes[..] {
        [a, b, c] => vec![block([a, b, c])],
        [a, b, c, d] => vec![block([a, b, c]), block([a, b, d]), block([a, c, d]), block([b, c, d])],
        _ => Vec::new(),
    }
}

/// The blocks of many records, to ask who is near to whom.
pub struct Blocks {
    /// Records by block and order.
    sorted: Vec<u32>,
    /// For each place of each record where it stands in `sorted`.
    at: Vec<u32>,
    /// For each record where its places begin in `at`.
    starts: Vec<u32>,
    /// For each position in `sorted` whether it begins a block.
    begins: Vec<bool>,
}

impl Blocks {
    /// Sorts the places of so many records.
    pub fn of(mut places: Vec<(Place, u32)>, records: usize) -> Self {
        places.sort_unstable();
        let begins =
            places.iter().enumerate().map(|(at, here)| at == 0 || places[at - 1].0.block != here.0.block).collect();
        let mut starts = vec![0_u32; records + 1];
        for (_, record) in &places {
            starts[*record as usize + 1] += 1;
        }
        for record in 0..records {
            starts[record + 1] += starts[record];
        }
        let mut next = starts.clone();
        let mut at = vec![0; places.len()];
        for (position, (_, record)) in places.iter().enumerate() {
            let free = &mut next[*record as usize];
            at[*free as usize] = u32::try_from(position).unwrap_or(u32::MAX);
            *free += 1;
        }
        Self { sorted: places.into_iter().map(|(_, record)| record).collect(), at, starts, begins }
    }
    /// The records that stand after this one in one of its blocks, near enough to be compared;
    /// some more than once.
    pub fn after(&self, record: usize) -> impl Iterator<Item = usize> {
        let own = self.starts[record] as usize..self.starts[record + 1] as usize;
        self.at[own].iter().flat_map(|position| {
            let next = *position as usize + 1;
            let within = next..(next + REACH).min(self.sorted.len());
            within.take_while(|at| !self.begins[*at]).map(|at| self.sorted[at] as usize)
        })
    }
}
