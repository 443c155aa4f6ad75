//! The field's words as types: record, work, decision, run. No I/O.

pub mod date;
pub mod decision;
mod duplicates;
pub mod record;
pub mod truth;
pub mod types;

pub use date::{MonthWindow, PartialDate, YearMonth};
pub use decision::{Decider, Decision, Evidence, Stage, Verdict};
pub use duplicates::{DuplicateRuling, RelationKind, RulingAction, rulings_in_force};
pub use record::{Author, Identifiers, Location, LocationKind, Record, SetAside};
pub use truth::Truth;
pub use types::WorkType;
