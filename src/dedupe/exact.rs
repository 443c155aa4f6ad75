//! Equal identifiers, and which of them are trusted.

use super::Order;
use super::compact::hash;
use super::features::{Features, Scheme};
use super::fields::Agreement;
use super::score::{compare_abstracts, compare_titles};
use super::veto::Place;

/// Records that bear one identifier, in their order.
pub struct Group {
    pub scheme: Scheme,
    pub members: Vec<usize>,
}

/// More different titles than this under one identifier, and it names no document.
const MOST_TITLES: usize = 12;

/// Groups records by equal identifiers. An identifier that carries clearly different titles (one
/// DOI for a conference supplement) is not trusted: it is taken off the records, so that it speaks
/// neither for nor against them.
pub fn groups(features: &mut [Features], order: &Order) -> Vec<Group> {
    let mut bearers: Vec<(i64, u32, usize, Scheme)> = Vec::new();
    for (at, record) in features.iter().enumerate().filter(|(at, _)| !order.repeated[*at]) {
        bearers.extend(record.identifiers().map(|(scheme, value)| (key(scheme, value), order.rank[at], at, scheme)));
    }
    bearers.sort_unstable();
    let mut groups = Vec::new();
    for group in bearers.chunk_by(|one, other| one.0 == other.0).filter(|group| group.len() > 1) {
        let (scheme, members) = (group[0].3, group.iter().map(|(_, _, at, _)| *at).collect::<Vec<_>>());
        if is_trusted(members.iter().map(|at| &features[*at])) {
            groups.push(Group { scheme, members });
        } else {
            for at in members {
                features[at].distrust(scheme);
            }
        }
    }
    groups
}

/// The block of the records that bear an identifier.
pub fn key(scheme: Scheme, value: &str) -> i64 {
    hash(&[scheme.rule(), value])
}

/// Whether the titles of all records that bear an identifier may be those of one document.
pub fn is_trusted<'a>(bearers: impl Iterator<Item = &'a Features>) -> bool {
    let mut different: Vec<&Features> = Vec::new();
    for bearer in bearers {
        let Some(title) = bearer.title() else { continue };
        let compact = title.compact();
        if different.iter().any(|known| known.title().is_some_and(|title| title.compact() == compact)) {
            continue;
        }
        if different.len() == MOST_TITLES || !different.iter().all(|known| may_be_one(known, bearer)) {
            return false;
        }
        different.push(bearer);
    }
    true
}

/// Whether two titles under one identifier may name one document: alike, one within the other, or
/// (a translation) unlike but with authors and place that agree.
fn may_be_one(a: &Features, b: &Features) -> bool {
    let Some(titles) = compare_titles(a, b, 0.6) else { return true };
    let (Some(one), Some(other)) = (a.title(), b.title()) else { return true };
    let (one, other) = (one.compact(), other.compact());
    if titles.similarity >= 0.6 || one.contains(other) || other.contains(one) {
        return true;
    }
    let shared = a.names.shared(&b.names);
    let authors_agree = shared * 10 >= 6 * a.names.len().min(b.names.len()).max(1);
    authors_agree && (Place::of(a, b).is_same() || compare_abstracts(a, b) == Agreement::Agrees)
}
