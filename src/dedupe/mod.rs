//! Deduplication: records to works. Pure; order and batching do not matter.

use serde::{Deserialize, Serialize};

use crate::model::Record;

/// Why two records are one work (or might be).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// Indexes into the input.
    pub a: usize,
    pub b: usize,
    /// The rule's name (`same-doi`, `title-author-year` …).
    pub rule: String,
    /// 0 to 1.
    pub score: f64,
    /// The fields compared, in words (`title: equal; year: 2020 / 2021`).
    pub why: String,
}

/// Which records are one work.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Clusters {
    /// For each record the index of its work's first record (the smallest key).
    pub work_of: Vec<usize>,
    /// The links that made the clusters.
    pub merged: Vec<Link>,
    /// Pairs for a person to judge.
    pub possible: Vec<Link>,
}

/// Clusters records. The result depends on the set of records alone.
pub fn cluster(_records: &[&Record]) -> Clusters {
    unimplemented!()
}
