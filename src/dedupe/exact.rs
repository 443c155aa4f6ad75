//! Equal identifiers, and which of them are trusted.

use std::collections::{BTreeMap, BTreeSet};

use super::features::{Features, Scheme};
use super::fields::Agreement;
use super::score::{compare_abstracts, compare_titles};
use super::veto::Place;

/// Records (positions in the canonical order) that bear one identifier.
pub struct Group {
    pub scheme: Scheme,
    pub members: Vec<usize>,
}

/// More different titles than this under one identifier, and it names no document.
const MOST_TITLES: usize = 12;

/// Groups records by equal identifiers. An identifier that carries clearly different titles (one
/// DOI for a conference supplement) is not trusted: it is taken off the records, so that it speaks
/// neither for nor against them.
pub fn groups(features: &mut [Features]) -> Vec<Group> {
    let mut by_value: BTreeMap<(Scheme, String), Vec<usize>> = BTreeMap::new();
    for (at, record) in features.iter().enumerate() {
        for (scheme, value) in &record.identifiers {
            by_value.entry((*scheme, value.clone())).or_default().push(at);
        }
    }
    let mut groups = Vec::new();
    for ((scheme, _), members) in by_value.into_iter().filter(|(_, members)| members.len() > 1) {
        if is_trusted(features, &members) {
            groups.push(Group { scheme, members });
        } else {
            for at in members {
                features[at].identifiers.remove(&scheme);
            }
        }
    }
    groups
}

fn is_trusted(features: &[Features], members: &[usize]) -> bool {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut different: Vec<&Features> = Vec::new();
    for at in members {
        if let Some(title) = features[*at].title()
            && seen.insert(&title.compact)
        {
            different.push(&features[*at]);
        }
    }
    if different.len() > MOST_TITLES {
        return false;
    }
    different.iter().enumerate().all(|(index, a)| different[index + 1..].iter().all(|b| may_be_one(a, b)))
}

/// Whether two titles under one identifier may name one document: alike, one within the other, or
/// (a translation) unlike but with authors and place that agree.
fn may_be_one(a: &Features, b: &Features) -> bool {
    let Some(titles) = compare_titles(a, b) else { return true };
    let (Some(one), Some(other)) = (a.title(), b.title()) else { return true };
    if titles.similarity >= 0.6 || one.compact.contains(&other.compact) || other.compact.contains(&one.compact) {
        return true;
    }
    let shared = a.names.intersection(&b.names).count();
    let authors_agree = shared * 10 >= 6 * a.names.len().min(b.names.len()).max(1);
    authors_agree && (Place::of(a, b).is_same() || compare_abstracts(a, b) == Agreement::Agrees)
}
