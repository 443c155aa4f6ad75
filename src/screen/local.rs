//! The local match: what a source returned beyond what the search asked.
//!
//! Where a platform could not say the query or the window exactly, the same tree and window are
//! applied here. Only a definite false removes, and a work goes only if every one of its hits in the
//! stream would go.

use super::WorkView;
use crate::ids::sha256_hex;
use crate::model::{Evidence, MonthWindow, Truth};
use crate::query::Matcher;

/// The version that stands where nothing is removed: what was removed before is taken back.
pub const KEPT: &str = "kept";

/// How one search's hits are matched locally.
pub struct LocalMatch {
    /// `None` where the search has no query (citation searching), or its answer is exact.
    pub matcher: Option<Matcher>,
    /// The query's text, for the version.
    pub query: String,
    /// Open where the source's own date limit is exact, or the search takes no window.
    pub window: MonthWindow,
}

impl LocalMatch {
    /// The version that removals name.
    pub fn version(&self) -> String {
        let ends = (self.window.from.map(|month| month.to_string()), self.window.to.map(|month| month.to_string()));
        let text = format!("local {:?} {}", ends, if self.matcher.is_some() { &self.query } else { "" });
        sha256_hex(text.as_bytes())[..16].to_owned()
    }
}

/// Why a hit would be removed.
#[derive(Clone, Debug, PartialEq)]
pub struct Removable {
    pub reason: &'static str,
    pub evidence: Vec<Evidence>,
}

/// Whether a hit is definitely outside of what its search asked.
pub fn judge_hit(local: &LocalMatch, work: &WorkView<'_>) -> Option<Removable> {
    let dates = work.dates();
    if local.window.holds(&dates) == Truth::False {
        let shown: Vec<String> = dates.iter().map(ToString::to_string).collect();
        return Some(Removable {
            reason: "outside the search's dates",
            evidence: vec![work.whole("window", "dates", shown.join("; "))],
        });
    }
    let matcher = local.matcher.as_ref()?;
    if matcher.truth(&work.fields()) != Truth::False {
        return None;
    }
    let mut evidence = Vec::new();
    for (field, present) in [("title", work.merged.title.is_some()), ("abstract", work.merged.abstract_text.is_some())]
    {
        if present {
            evidence.push(work.whole("query", field, "does not match"));
        }
    }
    Some(Removable { reason: "does not match the search's query", evidence })
}
