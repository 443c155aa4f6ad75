//! The way through: plan, lock, resume, progress, refresh.
//!
//! Every stage reads rows and writes rows, and can be stopped and started anywhere: the database is
//! the only state. DESIGN's order: all searches but citation, dedupe, screen, retrieve, screen the
//! full texts; then, per round, citation searching from what is included, and the same stages again.

mod access;
mod ask;
mod cite;
mod dedupe;
mod duplicates;
mod elsewhere;
mod explain;
mod export;
mod fill;
mod harvest;
mod import;
mod known;
mod logs;
mod progress;
mod reading;
mod refresh;
mod retrieve;
mod run;
mod screen;
mod watch;

pub use access::{NoAccess, Reach};
pub use dedupe::Deduplicated;
pub use duplicates::{
    Asked, LinkStatus, Related, Ruled, Undone, WaitingGroup, What, related, rule, studies, undo, waiting,
};
pub use elsewhere::{LabelCount, Taken, Taking};
pub use explain::{Story, named_record, story};
pub use export::{ExportedWork, WorkInStream, exported};
pub use harvest::{Choice, PlannedSearch};
pub use import::{Imported, import_search, with_imports};
pub use known::{KnownSet, known_set};
pub use logs::{exclusions, search_logs};
pub use progress::{Event, Progress, Silent};
pub use reading::{Reading, StreamReading, enters_at_abstract, forgotten_searches, ledger, reasons};
pub use refresh::Refreshed;
pub use retrieve::{Retrieved, document_path};
pub use run::{Overrides, Run};
pub use screen::{Flip, Screened};

/// The time now, RFC 3339 in UTC: what reports print.
#[expect(clippy::disallowed_methods, reason = "the one place where the pipeline reads the clock, and passes it on")]
pub fn now() -> String {
    jiff::Timestamp::now().to_string()
}
