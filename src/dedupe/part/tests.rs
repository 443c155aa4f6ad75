//! Whatever the batches: the parts that changed, clustered one after the other, are the whole.

use proptest::collection::vec;
use proptest::prelude::*;

use super::super::{Link, cluster, tests::record};
use super::*;

/// By ids and whether merged: the rule, and why.
type Links = BTreeMap<(i64, i64, bool), (String, String)>;

/// A review in memory, kept up to date part by part.
#[derive(Default)]
struct Review {
    records: BTreeMap<i64, Record>,
    places: BTreeSet<(Place, i64)>,
    works: BTreeMap<i64, i64>,
    links: Links,
    asked: usize,
}

impl Index for Review {
    type Error = ();
    fn near(&mut self, place: Place, record: i64, reach: usize) -> Result<Near, ()> {
        self.asked += 1;
        let first = (Place { block: place.block, order: i64::MIN }, i64::MIN);
        let last = (Place { block: place.block, order: i64::MAX }, i64::MAX);
        let others = |(_, id): &&(Place, i64)| *id != record;
        Ok(Near {
            before: self
                .places
                .range(first..(place, record))
                .rev()
                .filter(others)
                .take(reach)
                .map(|(_, id)| *id)
                .collect(),
            after: self.places.range((place, record)..last).filter(others).take(reach).map(|(_, id)| *id).collect(),
        })
    }
    fn members(&mut self, block: i64) -> Result<Vec<i64>, ()> {
        let first = (Place { block, order: i64::MIN }, i64::MIN);
        let last = (Place { block, order: i64::MAX }, i64::MAX);
        Ok(self.places.range(first..last).map(|(_, id)| *id).collect())
    }
    fn record(&mut self, id: i64) -> Result<Option<Record>, ()> {
        Ok(self.records.get(&id).cloned())
    }
    fn linked(&mut self, id: i64) -> Result<Vec<i64>, ()> {
        let ends = self.links.keys().filter(|(a, b, _)| *a == id || *b == id);
        Ok(ends.flat_map(|(a, b, _)| [*a, *b]).filter(|other| *other != id).collect())
    }
}

impl Review {
    fn take_in(&mut self, batch: &[Record]) {
        let mut changed: BTreeMap<i64, Changed> = BTreeMap::new();
        for record in batch {
            let known = self.records.iter().find(|(_, known)| known.key() == record.key()).map(|(id, _)| *id);
            let id = known.unwrap_or(i64::try_from(self.records.len()).unwrap());
            let before = self.records.insert(id, record.clone());
            for place in before.iter().flat_map(places_of) {
                self.places.remove(&(place, id));
            }
            self.places.extend(places_of(record).into_iter().map(|place| (place, id)));
            changed.entry(id).or_insert(Changed { id, before });
        }
        let changed: Vec<Changed> = changed.into_values().collect();
        let part = part(self, &changed, &[]).unwrap();
        let own: BTreeSet<i64> = part.ids[..part.own].iter().copied().collect();
        let clusters = part.cluster(&Judged::default());
        self.links.retain(|(a, b, _), _| !own.contains(a) && !own.contains(b));
        let told = |link: &Link| (link.rule.clone(), link.why.clone());
        for (merged, links) in [(true, &clusters.merged), (false, &clusters.possible)] {
            for link in links {
                let (a, b) = (part.ids[link.a], part.ids[link.b]);
                self.links.insert((a.min(b), a.max(b), merged), told(link));
            }
        }
        for (at, id) in part.ids.iter().enumerate().take(part.own) {
            let work = part.ids[clusters.work_of[at]];
            assert!(own.contains(&work));
            self.works.insert(*id, work);
        }
    }
    /// What clustering everything at once gives, in the same shape.
    fn at_once(&self) -> (BTreeMap<i64, i64>, Links) {
        let ids: Vec<i64> = self.records.keys().copied().collect();
        let clusters = cluster(&self.records.values().collect::<Vec<_>>());
        let works = ids.iter().zip(&clusters.work_of).map(|(id, work)| (*id, ids[*work])).collect();
        let links = [(true, &clusters.merged), (false, &clusters.possible)].into_iter().flat_map(|(merged, links)| {
            let ids = &ids;
            links.iter().map(move |link| {
                let (a, b) = (ids[link.a], ids[link.b]);
                ((a.min(b), a.max(b), merged), (link.rule.clone(), link.why.clone()))
            })
        });
        (works, links.collect())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]
    #[test]
    fn part_by_part_is_the_whole_at_once(batches in vec(vec(record(), 0..30), 1..5)) {
        let mut review = Review::default();
        for batch in batches {
            review.take_in(&batch);
            let (works, links) = review.at_once();
            prop_assert_eq!(&review.works, &works);
            prop_assert_eq!(&review.links, &links);
        }
    }
}

#[test]
fn a_new_record_costs_no_more_in_a_larger_review() {
    let mut asked = Vec::new();
    for size in [500, 5_000] {
        let mut review = Review::default();
        let record = |at: usize| Record {
            source: "s".into(),
            source_key: at.to_string(),
            title: Some(format!("Walking group {at} and loneliness in the town of {} by the sea", at * 7919)),
            pages: Some(format!("{}-{}", at * 10, at * 10 + 8)),
            volume: Some("7".into()),
            ..Record::default()
        };
        review.take_in(&(0..size).map(record).collect::<Vec<_>>());
        review.asked = 0;
        review.take_in(&[Record { source_key: "new".into(), ..record(size / 2) }]);
        assert_eq!(review.works[&i64::try_from(size).unwrap()], i64::try_from(size / 2).unwrap());
        asked.push(review.asked);
    }
    assert!(asked[1] <= asked[0] * 2, "{asked:?}");
}
