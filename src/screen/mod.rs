//! Criteria, three-valued evaluation, and how decisions settle. Pure.
//!
//! Only a definite fail acts. A person's decision outranks a rule's and, at a later stage, shields
//! the earlier ones.

mod evaluate;
mod local;
#[cfg(test)]
mod properties;
mod rules;
mod settle;
mod work;

pub use evaluate::{CriterionResult, Judgement, evaluate_all, judge};
pub use local::{KEPT, LocalMatch, Removable, judge_hit};
pub use rules::{Rule, RuleSet};
pub use settle::{Conflict, InForce, in_force, settle, stage_conflict, withdrawn};
pub use work::WorkView;
