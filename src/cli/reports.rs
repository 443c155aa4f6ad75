//! `report FORM [--format F] [--output FILE]`, and what a refresh writes into reports/.

use std::sync::Arc;

use super::work;
use crate::config::Settings;
use crate::error::{Failure, Outcome};
use crate::flow::{Flow, conserve, count};
use crate::pipeline::ledger;
use crate::store::Store;

/// The flow counted now; conservation is checked each time.
pub(super) fn flow(settings: &Settings, store: &Store) -> Outcome<Flow> {
    let flow = count(&ledger(settings, store)?).generated_at(crate::pipeline::now());
    conserve(&flow).map_err(|broken| {
        Failure::broken(format!("the numbers do not add up: {}", broken.join("; "))).remedy("run `gleaner doctor`")
    })?;
    Ok(flow)
}

/// Writes the reports into reports/.
pub(super) fn write_all(settings: &Arc<Settings>, store: &Store) -> Outcome<()> {
    let flow = flow(settings, store)?;
    let json = serde_json::to_vec_pretty(&flow).map_err(|error| Failure::failed(error.to_string()))?;
    work::write_file(&settings.root.join("reports/flow.json"), &json)
}
