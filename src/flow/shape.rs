//! The flow in the shape that `report flow --format json` prints, key order included.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The name of the shape; it changes when a reader of the old one would be misled.
pub const SCHEMA: &str = "gleaner/flow/1";

/// A map that keeps the order in which its entries were put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ordered<V>(pub Vec<(String, V)>);

impl<V> Default for Ordered<V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<V> Ordered<V> {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&V> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }
    /// The entries in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &V)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }
    /// The value of a key, put last with the default if it is new.
    pub fn entry(&mut self, key: &str) -> &mut V
    where
        V: Default,
    {
        let at = self.0.iter().position(|(name, _)| name == key).unwrap_or_else(|| {
            self.0.push((key.to_owned(), V::default()));
            self.0.len() - 1
        });
        &mut self.0[at].1
    }
}

impl<V: Serialize> Serialize for Ordered<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Ordered<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<V>(PhantomData<V>);
        impl<'de, V: Deserialize<'de>> Visitor<'de> for Entries<V> {
            type Value = Ordered<V>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Ordered(entries))
            }
        }
        deserializer.deserialize_map(Entries(PhantomData))
    }
}

/// A review's flow at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flow {
    pub schema: String,
    pub review: String,
    pub version: String,
    /// RFC 3339. [`super::count()`] knows no clock and leaves it empty: see [`Flow::generated_at`].
    pub generated_at: String,
    /// Whether any work is awaiting.
    pub interim: bool,
    /// Config order.
    pub streams: Vec<StreamFlow>,
    pub review_totals: ReviewTotals,
}

impl Flow {
    /// Stamps the flow with the moment it was counted (RFC 3339).
    #[must_use]
    pub fn generated_at(mut self, at: impl Into<String>) -> Self {
        self.generated_at = at.into();
        self
    }
}

/// A stream's flow.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamFlow {
    pub id: String,
    pub title: String,
    /// In the order of their first search.
    pub arms: Vec<ArmFlow>,
    /// Reports included, the sum of the arms'.
    pub included: u64,
    /// The studies that they are about.
    pub studies: u64,
    pub previous: Previous,
    pub new: StudiesReports,
    /// previous − withdrawn + new.
    pub total: StudiesReports,
    /// Works that were awaiting at the last release.
    pub carried_over: u64,
}

/// A path through a stream's flow.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArmFlow {
    pub id: String,
    /// The kinds of its searches, in config order.
    pub kinds: Vec<String>,
    pub label: String,
    /// Distinct hits (record, search, source).
    pub identified: u64,
    /// `None` for a source not searched.
    pub by_source: Ordered<Option<u64>>,
    pub not_searched: Vec<NotSearched>,
    pub removed: Removed,
    /// `None`: the arm has no such stage.
    #[serde(rename = "abstract")]
    pub abstract_stage: Option<AbstractFlow>,
    /// `None` exactly where `fulltext` is.
    pub retrieval: Option<RetrievalFlow>,
    pub fulltext: Option<FulltextFlow>,
    pub included: u64,
    pub included_by: ByWhom,
}

/// A source that was not searched, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotSearched {
    pub source: String,
    pub reason: String,
}

/// What was removed before screening.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    pub duplicates: u64,
    /// By the local match.
    pub automation: u64,
    /// By a person with a reason.
    pub other: u64,
    /// Hits of works judged in an earlier release.
    pub already_screened: u64,
}

impl Removed {
    /// All that was removed.
    pub fn total(self) -> u64 {
        self.duplicates + self.automation + self.other + self.already_screened
    }
}

/// Rule and reviewer, counted apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByWhom {
    pub rule: u64,
    pub reviewer: u64,
}

impl ByWhom {
    /// Both together.
    pub fn total(self) -> u64 {
        self.rule + self.reviewer
    }
    /// Counts one more.
    pub fn add(&mut self, by_person: bool) {
        if by_person {
            self.reviewer += 1;
        } else {
            self.rule += 1;
        }
    }
}

/// Screening of titles and abstracts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AbstractFlow {
    /// Settled works.
    pub screened: u64,
    pub excluded: u64,
    pub excluded_by: ByWhom,
    pub advanced_by: ByWhom,
    /// Every configured reason in config order, 0 included; then the reviewers' own, by name.
    pub reasons: Ordered<u64>,
    pub awaiting: u64,
}

/// Getting the documents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetrievalFlow {
    pub sought: u64,
    pub not_retrieved: u64,
    pub awaiting: u64,
}

/// Screening of full texts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FulltextFlow {
    /// Settled works.
    pub assessed: u64,
    pub excluded: u64,
    pub excluded_by: ByWhom,
    /// As at the abstract stage.
    pub reasons: Ordered<u64>,
    pub awaiting: u64,
}

/// Studies and the reports about them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StudiesReports {
    pub studies: u64,
    pub reports: u64,
}

/// What the last release had included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Previous {
    pub studies: u64,
    pub reports: u64,
    pub withdrawn: StudiesReports,
}

/// Numbers of the review as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewTotals {
    /// Distinct works.
    pub works: u64,
    pub in_several_streams: u64,
}

impl ArmFlow {
    /// Works awaiting at any stage.
    pub fn awaiting(&self) -> u64 {
        self.abstract_stage.as_ref().map_or(0, |stage| stage.awaiting)
            + self.retrieval.map_or(0, |stage| stage.awaiting)
            + self.fulltext.as_ref().map_or(0, |stage| stage.awaiting)
    }
}

impl StreamFlow {
    /// Works awaiting at any stage of any arm.
    pub fn awaiting(&self) -> u64 {
        self.arms.iter().map(ArmFlow::awaiting).sum()
    }
}
