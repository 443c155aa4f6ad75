//! Fixes: which of them keep the meaning, and putting them in until nothing is left to mend.

use std::collections::HashSet;

use super::{Linted, Setting, look, same_meaning};
use crate::query::diagnostic::Fix;
use crate::query::{Parsed, Platform, Severity, read};

/// The most rounds of fixing; each mends all that does not overlap.
const MOST_ROUNDS: usize = 50;
/// The most bytes that are read again to find out which fixes keep the meaning.
const MOST_READ: usize = 32 << 20;

/// Marks the fixes that leave the query's tree as it is: each is put in and the result read again.
/// A fix that is not marked may be right, but changes what is found, or was not looked at because
/// the text is very long.
pub(super) fn verify(text: &str, platform: Platform, linted: &mut Linted) {
    let parsed = &linted.parsed;
    let mut spent = 0;
    for told in &mut linted.diagnostics {
        let Some(fix) = &mut told.fix else { continue };
        spent += text.len();
        if spent > MOST_READ {
            return;
        }
        let after = read(&replaced(text, std::slice::from_ref(fix)), platform);
        // What is told again in the mended text was not mended.
        let count = |parsed: &Parsed| parsed.diagnostics.iter().filter(|known| known.code == told.code).count();
        let mended = count(parsed) == 0 || count(&after) < count(parsed);
        fix.safe = mended && keeps(parsed, &after);
    }
}

/// Whether the mended text means the same as before, and is no more wrong.
fn keeps(before: &Parsed, after: &Parsed) -> bool {
    let same = match (&before.tree, &after.tree) {
        (Some(before), Some(after)) => same_meaning(before, after),
        _ => false,
    };
    same && errors(after) <= errors(before)
}

fn errors(parsed: &Parsed) -> usize {
    parsed.diagnostics.iter().filter(|told| told.severity == Severity::Error).count()
}

/// A text with fixes put in, which must not overlap and stand in order.
fn replaced(text: &str, fixes: &[Fix]) -> String {
    let mut mended = String::with_capacity(text.len());
    let mut at = 0;
    for fix in fixes {
        mended.push_str(&text[at..fix.start]);
        mended.push_str(&fix.text);
        at = fix.end;
    }
    mended.push_str(&text[at..]);
    mended
}

/// A query with its fixes put in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repaired {
    pub text: String,
    /// How many fixes were put in.
    pub fixes: usize,
}

/// Puts in the fixes that keep the meaning, or (`all`) those too that change what is found, again
/// and again until none is left.
pub fn repair(text: &str, platform: Platform, setting: Setting<'_>, all: bool) -> Repaired {
    let mut repaired = Repaired { text: text.to_owned(), fixes: 0 };
    let mut seen = HashSet::from([text.to_owned()]);
    for _ in 0..MOST_ROUNDS {
        let mut linted = look(&repaired.text, platform, setting);
        verify(&repaired.text, platform, &mut linted);
        let fixes = apart(linted.diagnostics.iter().filter_map(|told| told.fix.clone()).filter(|fix| all || fix.safe));
        let Some(first) = fixes.first() else { break };
        let mut next = replaced(&repaired.text, &fixes);
        let mut count = fixes.len();
        // Each alone keeps the meaning; what they do together is looked at too.
        let sound = all || keeps(&linted.parsed, &read(&next, platform));
        if !sound {
            next = replaced(&repaired.text, std::slice::from_ref(first));
            count = 1;
        }
        if !seen.insert(next.clone()) {
            break;
        }
        repaired = Repaired { text: next, fixes: repaired.fixes + count };
    }
    repaired
}

/// Fixes in order of the text; of two that overlap the first.
fn apart(fixes: impl Iterator<Item = Fix>) -> Vec<Fix> {
    let mut fixes: Vec<Fix> = fixes.collect();
    fixes.sort_by_key(|fix| (fix.start, fix.end));
    let mut kept: Vec<Fix> = Vec::with_capacity(fixes.len());
    for fix in fixes {
        if kept.last().is_none_or(|last| last.end < fix.start || last.end == fix.start && last.start < fix.start) {
            kept.push(fix);
        }
    }
    kept
}
