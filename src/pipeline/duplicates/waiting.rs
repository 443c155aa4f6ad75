//! Possible duplicates that wait for a person, in groups.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;

use super::{in_force, related};
use crate::config::Settings;
use crate::error::Outcome;
use crate::model::RulingAction;
use crate::store::{LinkRow, Store};

/// Works that might be one: each is linked to another of the group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WaitingGroup {
    /// The works' ids as people see them, in order.
    pub works: Vec<String>,
    /// Why, with the records' keys.
    pub links: Vec<LinkRow>,
    /// The works' row ids, as `works`.
    #[serde(skip)]
    pub ids: Vec<i64>,
}

/// The groups that wait, by their first works' ids. A pair that a person set apart, or that is linked in another way
/// (an erratum and its article), does not wait.
pub fn waiting(settings: &Settings, store: &Store) -> Outcome<Vec<WaitingGroup>> {
    let rows = store.record_keys()?;
    let place: HashMap<i64, usize> = rows.iter().enumerate().map(|(at, row)| (row.id, at)).collect();
    let mut names: HashMap<i64, &str> = HashMap::new();
    for row in &rows {
        names.entry(row.work).or_insert(&row.key);
    }
    let work = |record: i64| place.get(&record).map_or(record, |at| rows[*at].work);
    let pair = |a: i64, b: i64| (a.min(b), a.max(b));
    let mut answered: BTreeSet<(i64, i64)> = BTreeSet::new();
    for stored in in_force(store)?.iter().filter(|stored| stored.ruling.action == RulingAction::Split) {
        let sides: Vec<BTreeSet<i64>> =
            stored.sides.iter().map(|side| side.iter().map(|record| work(*record)).collect()).collect();
        for (index, side) in sides.iter().enumerate() {
            for other in sides[index + 1..].iter().flatten() {
                answered.extend(side.iter().map(|one| pair(*one, *other)));
            }
        }
    }
    answered.extend(related(settings, store)?.iter().map(|link| pair(link.works.0, link.works.1)));
    let mut links: BTreeMap<(i64, i64), Vec<LinkRow>> = BTreeMap::new();
    for link in store.possible_links()? {
        let (a, b) = (work(link.a), work(link.b));
        if a != b && !answered.contains(&pair(a, b)) {
            let key = |record: i64| place.get(&record).map(|at| rows[*at].key.clone()).unwrap_or_default();
            let row = LinkRow { a: key(link.a), b: key(link.b), rule: link.rule, score: link.score, why: link.why };
            links.entry(pair(a, b)).or_default().push(row);
        }
    }
    Ok(groups(links, &names))
}

fn groups(links: BTreeMap<(i64, i64), Vec<LinkRow>>, names: &HashMap<i64, &str>) -> Vec<WaitingGroup> {
    let mut group_of: HashMap<i64, i64> = HashMap::new();
    let mut members: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for (a, b) in links.keys() {
        let (one, other) = (group_of.get(a).copied().unwrap_or(*a), group_of.get(b).copied().unwrap_or(*b));
        if one == other {
            continue;
        }
        let moved = members.remove(&other).unwrap_or_else(|| vec![other]);
        group_of.extend(moved.iter().map(|work| (*work, one)));
        group_of.insert(one, one);
        members.entry(one).or_insert_with(|| vec![one]).extend(moved);
    }
    let name = |work: &i64| names.get(work).map(|key| (*key).to_owned()).unwrap_or_default();
    let mut by_group: BTreeMap<i64, Vec<LinkRow>> = BTreeMap::new();
    for ((a, _), rows) in links {
        by_group.entry(group_of.get(&a).copied().unwrap_or(a)).or_default().extend(rows);
    }
    let mut groups: Vec<WaitingGroup> = members
        .into_iter()
        .map(|(group, mut ids)| {
            ids.sort_by_key(name);
            let mut links = by_group.remove(&group).unwrap_or_default();
            links.sort_by(|x, y| (&x.a, &x.b).cmp(&(&y.a, &y.b)));
            WaitingGroup { works: ids.iter().map(name).collect(), links, ids }
        })
        .collect();
    groups.sort_by(|x, y| x.works.cmp(&y.works));
    groups
}
