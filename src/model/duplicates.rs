//! What people say of duplicates, and how works that are no duplicates belong together.

use serde::{Deserialize, Serialize};

/// How one work belongs to another. The first named is the `…` in `… of the second`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RelationKind {
    PreprintOf,
    ErratumOf,
    RetractionOf,
    UpdateOf,
    ConferenceOf,
    ProtocolOf,
    PartOf,
}

impl RelationKind {
    /// All kinds, in the order in which they are told.
    pub const ALL: [Self; 7] = [
        Self::PreprintOf,
        Self::ErratumOf,
        Self::RetractionOf,
        Self::UpdateOf,
        Self::ConferenceOf,
        Self::ProtocolOf,
        Self::PartOf,
    ];
    /// The name that config, files and the store use.
    pub fn name(self) -> &'static str {
        match self {
            Self::PreprintOf => "preprint-of",
            Self::ErratumOf => "erratum-of",
            Self::RetractionOf => "retraction-of",
            Self::UpdateOf => "update-of",
            Self::ConferenceOf => "conference-of",
            Self::ProtocolOf => "protocol-of",
            Self::PartOf => "part-of",
        }
    }
    /// The kind of that name.
    pub fn read(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
    /// What the first is to the second, and the second to the first, in words.
    pub fn in_words(self) -> (&'static str, &'static str) {
        match self {
            Self::PreprintOf => ("a preprint of", "has a preprint:"),
            Self::ErratumOf => ("an erratum of", "has an erratum:"),
            Self::RetractionOf => ("the retraction of", "was retracted by"),
            Self::UpdateOf => ("an update of", "was updated by"),
            Self::ConferenceOf => ("a conference abstract or paper of", "has a conference abstract or paper:"),
            Self::ProtocolOf => ("the protocol of", "has a protocol:"),
            Self::PartOf => ("a part of", "has a part:"),
        }
    }
}

/// What a person did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RulingAction {
    /// These works are one.
    Merge,
    /// These are not the same.
    Split,
    /// This work is one, whatever the rules will say.
    Keep,
    /// This link between two works holds: they are one study.
    Accept,
    /// It does not.
    Refuse,
    /// Undo: withdraws the ruling it names.
    Withdraw,
}

impl RulingAction {
    const ALL: [Self; 6] = [Self::Merge, Self::Split, Self::Keep, Self::Accept, Self::Refuse, Self::Withdraw];

    /// The name that the store, files and pages use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Merge => "merge",
            Self::Split => "split",
            Self::Keep => "keep",
            Self::Accept => "accept",
            Self::Refuse => "refuse",
            Self::Withdraw => "withdraw",
        }
    }
    /// The action of that name.
    pub fn read(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.name() == name)
    }
}

/// A person's word on duplicates: an append-only row. `id` and `at` are the store's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DuplicateRuling {
    pub id: i64,
    pub action: RulingAction,
    /// Of an accepted or refused link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<RelationKind>,
    pub by: String,
    pub why: String,
    /// The records' keys as they were shown. Merge, keep: one side. Split: sides that are apart from each other.
    /// A link: what it is, and of what.
    pub sides: Vec<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withdraws: Option<i64>,
    /// RFC 3339, UTC.
    pub at: String,
}

impl DuplicateRuling {
    /// What was said, in words; without who, when and why.
    pub fn in_words(&self) -> String {
        let sides: Vec<String> = self.sides.iter().map(|side| side.join(", ")).collect();
        let side = |at: usize| sides.get(at).map_or("", String::as_str);
        let kind = self.kind.map_or("linked to", |kind| kind.in_words().0);
        match self.action {
            RulingAction::Merge => format!("one work: {}", sides.join(", ")),
            RulingAction::Keep => format!("kept together: {}", sides.join(", ")),
            RulingAction::Split => format!("not the same: {}", sides.join(" | ")),
            RulingAction::Accept => format!("{} is {kind} {}", side(0), side(1)),
            RulingAction::Refuse => format!("{} is not {kind} {}", side(0), side(1)),
            RulingAction::Withdraw => format!("withdraws ruling {}", self.withdraws.unwrap_or_default()),
        }
    }
}

/// The rulings in force, oldest first: not withdrawn, and no withdrawals. A withdrawal may be withdrawn itself.
pub fn rulings_in_force(rulings: &[DuplicateRuling]) -> Vec<&DuplicateRuling> {
    let mut gone = std::collections::BTreeSet::new();
    // The latest first: a row withdraws only earlier ones.
    for ruling in rulings.iter().rev() {
        if let Some(earlier) = ruling.withdraws
            && !gone.contains(&ruling.id)
        {
            gone.insert(earlier);
        }
    }
    rulings.iter().filter(|ruling| ruling.action != RulingAction::Withdraw && !gone.contains(&ruling.id)).collect()
}
