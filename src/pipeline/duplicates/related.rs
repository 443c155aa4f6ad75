//! Works that belong together: which links are proposed, accepted, refused, and which works are one study.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::in_force;
use crate::config::Settings;
use crate::error::Outcome;
use crate::model::{RelationKind, RulingAction};
use crate::store::Store;

/// How a link stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LinkStatus {
    /// Waits for a person.
    Proposed,
    /// The two works are one study.
    Accepted,
    Refused,
}

impl LinkStatus {
    /// The name that files and pages use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
        }
    }
}

/// A link between two works: `a` is the preprint, the erratum … of `b`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Related {
    /// The works' ids as people see them.
    pub a: String,
    pub b: String,
    pub kind: RelationKind,
    pub status: LinkStatus,
    /// Why it was proposed, where it was.
    pub rule: Option<String>,
    pub why: Option<String>,
    /// Who accepted or refused it; `None` where it was accepted by `[dedupe] accept`.
    pub by: Option<String>,
    pub ruling: Option<i64>,
    /// The works' row ids.
    #[serde(skip)]
    pub works: (i64, i64),
}

/// Every link between two works of the store, by the works' ids.
pub fn related(settings: &Settings, store: &Store) -> Outcome<Vec<Related>> {
    let rows = store.record_keys()?;
    // By key: a work's first record is its smallest.
    let mut names: HashMap<i64, &str> = HashMap::new();
    for row in &rows {
        names.entry(row.work).or_insert(&row.key);
    }
    let works: HashMap<i64, i64> = rows.iter().map(|row| (row.id, row.work)).collect();
    let work = |record: i64| works.get(&record).copied().unwrap_or(record);
    let name = |work: i64| names.get(&work).map(|key| (*key).to_owned()).unwrap_or_default();
    let mut links: BTreeMap<(i64, i64, RelationKind), Related> = BTreeMap::new();
    for row in store.relations()? {
        let (a, b) = (work(row.a), work(row.b));
        let told = row.rule == "told";
        let status = if told && settings.dedupe.accept_told { LinkStatus::Accepted } else { LinkStatus::Proposed };
        let link = || Related {
            a: name(a),
            b: name(b),
            kind: row.kind,
            status,
            rule: Some(row.rule.clone()),
            why: Some(row.why.clone()),
            by: None,
            ruling: None,
            works: (a, b),
        };
        let known = links.entry((a, b, row.kind)).or_insert_with(link);
        // Works that were merged since may have two links: the told one speaks.
        if told && known.rule.as_deref() != Some("told") {
            *known = link();
        }
    }
    for stored in in_force(store)? {
        let status = match stored.ruling.action {
            RulingAction::Accept => LinkStatus::Accepted,
            RulingAction::Refuse => LinkStatus::Refused,
            _ => continue,
        };
        let first = |side: usize| stored.sides.get(side).and_then(|side| side.first()).copied();
        let (Some(kind), Some(a), Some(b)) = (stored.ruling.kind, first(0), first(1)) else { continue };
        let (a, b) = (work(a), work(b));
        let link = links.entry((a, b, kind)).or_insert_with(|| Related {
            a: name(a),
            b: name(b),
            kind,
            status,
            rule: None,
            why: None,
            by: None,
            ruling: None,
            works: (a, b),
        });
        link.status = status;
        link.by = Some(stored.ruling.by.clone());
        link.ruling = Some(stored.ruling.id);
    }
    let mut links: Vec<Related> = links.into_values().filter(|link| link.works.0 != link.works.1).collect();
    links.sort_by(|x, y| (&x.a, &x.b, x.kind).cmp(&(&y.a, &y.b, y.kind)));
    Ok(links)
}

/// For each work that accepted links join to another the study that both are of, by its work with the smallest
/// id. Works that stand in no accepted link are their own study and are not listed.
pub fn studies(related: &[Related]) -> BTreeMap<String, String> {
    let mut study: BTreeMap<String, String> = BTreeMap::new();
    for link in related.iter().filter(|link| link.status == LinkStatus::Accepted) {
        let of = |study: &BTreeMap<String, String>, work: &String| study.get(work).unwrap_or(work).clone();
        let (one, other) = (of(&study, &link.a), of(&study, &link.b));
        let (first, later) = if one <= other { (one, other) } else { (other, one) };
        study.values_mut().filter(|name| **name == later).for_each(|name| name.clone_from(&first));
        for work in [&link.a, &link.b, &later] {
            study.insert(work.clone(), first.clone());
        }
    }
    study
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(a: &str, b: &str, status: LinkStatus) -> Related {
        Related {
            a: a.into(),
            b: b.into(),
            kind: RelationKind::PreprintOf,
            status,
            rule: None,
            why: None,
            by: None,
            ruling: None,
            works: (0, 1),
        }
    }

    #[test]
    fn accepted_links_make_studies_through_any_number_of_works() {
        let links = [
            link("d", "c", LinkStatus::Accepted),
            link("b", "a", LinkStatus::Accepted),
            link("e", "a", LinkStatus::Proposed),
            link("f", "a", LinkStatus::Refused),
            link("c", "b", LinkStatus::Accepted),
        ];
        let expected: BTreeMap<String, String> =
            ["a", "b", "c", "d"].map(|work| (work.to_owned(), "a".to_owned())).into();
        assert_eq!(studies(&links), expected);
        assert_eq!(studies(&links.into_iter().rev().collect::<Vec<_>>()), expected);
    }
}
