//! Decisions: append-only rows that name the record that was shown.

use serde::{Deserialize, Serialize};

/// A step of screening, in the order a work takes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// What a search's local match and window say, before any screening.
    Identification,
    /// Titles and abstracts.
    Abstract,
    /// Getting the document.
    Retrieval,
    /// Full texts.
    Fulltext,
}

impl Stage {
    /// The name that the store, exports and URLs use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Identification => "identification",
            Self::Abstract => "abstract",
            Self::Retrieval => "retrieval",
            Self::Fulltext => "fulltext",
        }
    }
    /// The stage of that name.
    pub fn read(name: &str) -> Option<Self> {
        [Self::Identification, Self::Abstract, Self::Retrieval, Self::Fulltext]
            .into_iter()
            .find(|stage| stage.name() == name)
    }
}

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Goes on to the next stage (at the last: is included).
    Include,
    /// Goes forward from the abstract stage; awaits at full text.
    Maybe,
    /// Is excluded, by a reason.
    Exclude,
    /// A rule says nothing: a person decides.
    Flag,
    /// Removed before screening (local match, or a person with a reason).
    Remove,
    /// Not retrieved: a person's closing, or a give-up rule that the stream states.
    Close,
    /// Undo: withdraws the decision it names.
    Withdraw,
}

impl Verdict {
    /// The name that the store, exports and URLs use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Include => "include",
            Self::Maybe => "maybe",
            Self::Exclude => "exclude",
            Self::Flag => "flag",
            Self::Remove => "remove",
            Self::Close => "close",
            Self::Withdraw => "withdraw",
        }
    }
    /// The verdict of that name.
    pub fn read(name: &str) -> Option<Self> {
        [Self::Include, Self::Maybe, Self::Exclude, Self::Flag, Self::Remove, Self::Close, Self::Withdraw]
            .into_iter()
            .find(|verdict| verdict.name() == name)
    }
}

/// Who decided.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Decider {
    /// A rule set, by the hash of its version.
    Rule(String),
    /// A person, by name.
    Reviewer(String),
}

impl Decider {
    /// Whether a person decided.
    pub fn is_person(&self) -> bool {
        matches!(self, Self::Reviewer(_))
    }
}

/// Words in a field that speak for a decision.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Evidence {
    /// The criterion that fired.
    pub criterion: String,
    /// The record whose field it is (its key).
    pub record: String,
    /// `title`, `abstract`, `keywords`, `fulltext`, `types`, `languages`, `dates`.
    pub field: String,
    /// The SHA-256 of the field's text.
    pub field_hash: String,
    /// Byte offsets into the field's text; equal where the field as a whole speaks.
    pub start: usize,
    pub end: usize,
    /// The term or rule, in words.
    pub what: String,
}

/// An append-only row. `id` and `at` are the store's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    pub id: i64,
    /// The key of the record that was shown.
    pub record: String,
    pub stream: String,
    pub stage: Stage,
    pub verdict: Verdict,
    /// The criterion's id, where a criterion decided.
    pub criterion: Option<String>,
    /// PRISMA's exclusion reason.
    pub reason: Option<String>,
    pub by: Decider,
    pub evidence: Vec<Evidence>,
    /// Secondary reasons, in config order.
    pub secondary: Vec<String>,
    pub note: Option<String>,
    /// The decision that this one withdraws.
    pub withdraws: Option<i64>,
    /// RFC 3339, UTC.
    pub at: String,
}
