//! Works that are not one document and belong together: a preprint and its article, an erratum and
//! what it corrects. Each link has a kind, a direction and its evidence.
//!
//! Found where a source tells it ([`told`]), or where the title says so or is the same ([`titles`]) and
//! an author is shared. A person accepts or refuses what is found; nothing is merged by it.

mod role;
mod titles;
mod told;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;

pub use crate::model::RelationKind as Kind;
use crate::model::{Record, WorkType};
use crate::text::fold;
pub use role::{Role, apart};
use titles::{Mark, TitleKeys};
use told::Target;

/// A typed link between two records of different works.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Relation {
    /// Indexes into the input: `a` is the preprint, the erratum, the part …
    pub a: usize,
    pub b: usize,
    pub kind: Kind,
    /// `told`: a source says so by identifier. `title`: the title says or is the same, and authors agree.
    pub rule: &'static str,
    pub why: String,
}

/// Largest number of records under one title that are compared with one another: what more records bear is a
/// heading, not a name.
const MOST_OF_ONE_TITLE: usize = 200;
/// A title of fewer words is borne by many documents.
const FEWEST_WORDS: usize = 5;

/// What is looked at of a record.
struct Profile {
    keys: Option<TitleKeys>,
    role: Option<Role>,
    names: BTreeSet<String>,
    year: Option<i16>,
}

/// Finds the links between works; `works[i]` is the work of `records[i]` (any number that tells works
/// apart). For each pair of works and kind the best-founded link is given, told before inferred; the
/// result depends on the set of records, not on their order.
pub fn relations(records: &[&Record], works: &[usize]) -> Vec<Relation> {
    let mut order: Vec<usize> = (0..records.len()).collect();
    order.sort_by_cached_key(|at| records[*at].key());
    let mut found = told_links(records, &order);
    let profiles: Vec<Profile> = records.iter().map(|record| profile(record)).collect();
    for group in of_one_title(&profiles, &order) {
        inferred(records, &profiles, &group, works, &mut found);
    }
    parts(records, &order, &mut found);
    let mut best: BTreeMap<(usize, usize, Kind), Relation> = BTreeMap::new();
    for relation in found {
        let (a, b) = (works[relation.a], works[relation.b]);
        if a != b {
            // Told links come first, and within a rule those of the smallest keys.
            best.entry((a, b, relation.kind)).or_insert(relation);
        }
    }
    best.into_values().collect()
}

fn profile(record: &Record) -> Profile {
    let names = record.authors.iter().map(|author| fold(&author.family)).filter(|name| name.chars().count() > 1);
    Profile {
        keys: record.title.as_deref().and_then(titles::keys),
        role: role::of(record),
        names: names.collect(),
        year: record.year(),
    }
}

fn told_links(records: &[&Record], order: &[usize]) -> Vec<Relation> {
    let told: Vec<(usize, Vec<told::Told>)> =
        order.iter().map(|at| (*at, told::told(records[*at]))).filter(|(_, told)| !told.is_empty()).collect();
    if told.is_empty() {
        return Vec::new();
    }
    let mut by_target: HashMap<Target, usize> = HashMap::new();
    for at in order {
        for target in told::names_of(records[*at]) {
            by_target.entry(target).or_insert(*at);
        }
    }
    let mut found = Vec::new();
    for (at, list) in told {
        for told in list {
            let Some(other) = by_target.get(&told.target).copied().filter(|other| *other != at) else { continue };
            let (a, b) = if told.of_target { (at, other) } else { (other, at) };
            // An index links a preprint to its article as an update.
            let preprint = told.kind == Kind::UpdateOf && role::of(records[b]) == Some(Role::Preprint);
            let (a, b, kind) = if preprint { (b, a, Kind::PreprintOf) } else { (a, b, told.kind) };
            let why = format!("{} says {}", records[at].key(), told.words);
            found.push(Relation { a, b, kind, rule: "told", why });
        }
    }
    found
}

/// Records whose titles are the same once marks are taken off, in the order of their keys.
fn of_one_title(profiles: &[Profile], order: &[usize]) -> Vec<Vec<usize>> {
    let mut by_key: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for at in order {
        let Some(keys) = &profiles[*at].keys else { continue };
        for key in keys.all() {
            by_key.entry(key).or_default().push(*at);
        }
    }
    by_key.into_values().filter(|group| (2..=MOST_OF_ONE_TITLE).contains(&group.len())).collect()
}

fn inferred(records: &[&Record], profiles: &[Profile], group: &[usize], works: &[usize], found: &mut Vec<Relation>) {
    for (index, one) in group.iter().enumerate() {
        for other in &group[index + 1..] {
            if works[*one] == works[*other] {
                continue;
            }
            for (a, b) in [(*one, *other), (*other, *one)] {
                if let Some((kind, why)) = infer(records[a], records[b], &profiles[a], &profiles[b]) {
                    found.push(Relation { a, b, kind, rule: "title", why });
                }
            }
        }
    }
}

/// What `a` is to `b`, of two records whose titles share a key.
fn infer(a: &Record, b: &Record, one: &Profile, other: &Profile) -> Option<(Kind, String)> {
    let (keys, main) = (one.keys.as_ref()?, other.keys.as_ref()?);
    let shared = one.names.intersection(&other.names).count();
    let unsigned = one.names.is_empty() || other.names.is_empty();
    let later = other.year.zip(one.year).map(|(b, a)| i32::from(b) - i32::from(a));
    let same_title = keys.whole == main.whole;
    let authors = format!("{shared} {} shared", if shared == 1 { "author" } else { "authors" });
    match keys.mark {
        Some(mark) if main.mark != keys.mark && main.is_named_by(keys) => {
            // Notices are often unsigned, and are about what was published; a protocol shares its authors with
            // what it plans.
            let notice =
                (shared > 0 || unsigned) && later.is_none_or(|years| years <= 1) && other.role != Some(Role::Preprint);
            let (kind, fits) = match mark {
                Mark::Erratum => (Kind::ErratumOf, notice),
                Mark::Retraction => (Kind::RetractionOf, notice),
                Mark::Protocol => (Kind::ProtocolOf, shared > 0 && later.is_none_or(|years| years >= -1)),
                Mark::Update => (Kind::UpdateOf, shared > 0 && later.is_none_or(|years| years <= 0)),
            };
            return (fits && main.mark.is_none())
                .then(|| (kind, format!("title: {} of the same title; {authors}", mark.name())));
        }
        _ => {}
    }
    if !same_title || keys.mark.is_some() || main.mark.is_some() {
        return None;
    }
    let of_type = |kind: WorkType| a.types.contains(&kind) && !b.types.contains(&kind);
    if of_type(WorkType::Erratum) && (shared > 0 || unsigned) {
        return Some((Kind::ErratumOf, format!("type erratum, the same title; {authors}")));
    }
    if of_type(WorkType::Retraction) && !a.types.contains(&WorkType::JournalArticle) && shared > 0 {
        return Some((Kind::RetractionOf, format!("type retraction, the same title; {authors}")));
    }
    if shared == 0 {
        return None;
    }
    if let Some(why) = titles::newer_version(a, b) {
        return Some((Kind::UpdateOf, why));
    }
    let kind = match (one.role?, other.role) {
        (Role::Preprint, Some(Role::Article | Role::Conference))
            if later.is_none_or(|years| (-1..=6).contains(&years)) =>
        {
            Kind::PreprintOf
        }
        (Role::Conference, Some(Role::Article)) if later.is_none_or(|years| (-2..=6).contains(&years)) => {
            Kind::ConferenceOf
        }
        _ => return None,
    };
    Some((kind, format!("one is {}, the other an article of the same title; {authors}", one.role?.name())))
}

/// A chapter and its book: one ISBN, and the book's title as the chapter's venue.
fn parts(records: &[&Record], order: &[usize], found: &mut Vec<Relation>) {
    let mut books: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for at in order.iter().filter(|at| records[**at].types.contains(&WorkType::Book)) {
        for isbn in &records[*at].identifiers.isbn {
            books.entry(isbn).or_default().push(*at);
        }
    }
    if books.is_empty() {
        return;
    }
    let compact = |text: &Option<String>| text.as_deref().map(titles::compact).filter(|text| !text.is_empty());
    for at in order.iter().filter(|at| records[**at].types.contains(&WorkType::BookChapter)) {
        let Some(venue) = compact(&records[*at].venue) else { continue };
        for isbn in &records[*at].identifiers.isbn {
            for book in books.get(isbn.as_str()).into_iter().flatten().filter(|book| *book != at) {
                if compact(&records[*book].title)
                    .is_some_and(|title| title.starts_with(&venue) || venue.starts_with(&title))
                {
                    let why = format!("ISBN {isbn}, and the book's title is the chapter's venue");
                    found.push(Relation { a: *at, b: *book, kind: Kind::PartOf, rule: "title", why });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
