//! NEAR: places of terms in a field, paired by distance.

use super::Occurrence;

/// A NEAR's operands compiled: terms by number.
#[derive(Clone, Debug)]
pub(super) enum Near {
    Term(u32),
    Or(Vec<Near>),
    Pair { distance: u32, ordered: bool, left: Box<Near>, right: Box<Near> },
}

/// A place in words, and how it came about.
#[derive(Clone, Copy, Debug)]
struct Spot {
    first: u32,
    last: u32,
    from: From,
}

#[derive(Clone, Copy, Debug)]
enum From {
    Occurrence(usize),
    Pair(usize, usize),
}

/// More pairs than any text of prose has; it bounds the work on texts made to be slow.
const MOST_PAIRS: usize = 100_000;

/// Finds where a NEAR holds in one field. The occurrences that take part are handed to `mark`.
pub(super) fn find(
    near: &Near,
    field: u8,
    found_in: &[u8],
    occurrences: &[Occurrence],
    mut mark: impl FnMut(usize),
) -> bool {
    if !may_hold(near, field, found_in) {
        return false;
    }
    let mut arena: Vec<Spot> = Vec::new();
    let found = spots(near, field, occurrences, &mut arena);
    let mut waiting = found.clone();
    while let Some(at) = waiting.pop() {
        match arena[at].from {
            From::Occurrence(occurrence) => mark(occurrence),
            From::Pair(left, right) => waiting.extend([left, right]),
        }
    }
    !found.is_empty()
}

/// Whether the terms that it needs are there at all.
fn may_hold(near: &Near, field: u8, found_in: &[u8]) -> bool {
    match near {
        Near::Term(term) => found_in[*term as usize] & field != 0,
        Near::Or(operands) => operands.iter().any(|operand| may_hold(operand, field, found_in)),
        Near::Pair { left, right, .. } => may_hold(left, field, found_in) && may_hold(right, field, found_in),
    }
}

/// Numbers of spots in the arena, in the order of their first word.
fn spots(near: &Near, field: u8, occurrences: &[Occurrence], arena: &mut Vec<Spot>) -> Vec<usize> {
    let mut found = Vec::new();
    match near {
        Near::Term(term) => {
            for (at, occurrence) in occurrences.iter().enumerate() {
                if occurrence.term == *term && occurrence.field == field {
                    found.push(arena.len());
                    let Occurrence { first, last, .. } = *occurrence;
                    arena.push(Spot { first, last, from: From::Occurrence(at) });
                }
            }
        }
        Near::Or(operands) => {
            for operand in operands {
                found.extend(spots(operand, field, occurrences, arena));
            }
        }
        Near::Pair { distance, ordered, left, right } => {
            let lefts = spots(left, field, occurrences, arena);
            if lefts.is_empty() {
                return found;
            }
            let rights = spots(right, field, occurrences, arena);
            pair(&lefts, &rights, *distance, arena, &mut found);
            if !ordered {
                pair(&rights, &lefts, *distance, arena, &mut found);
            }
        }
    }
    found.sort_by_key(|&at| arena[at].first);
    found
}

/// Pairs each of `before` with those of `after` that follow it closely enough.
fn pair(before: &[usize], after: &[usize], distance: u32, arena: &mut Vec<Spot>, found: &mut Vec<usize>) {
    for &one in before {
        let Spot { first, last, .. } = arena[one];
        let from = after.partition_point(|&at| arena[at].first <= last);
        for &other in &after[from..] {
            if arena[other].first - last - 1 > distance || found.len() >= MOST_PAIRS {
                break;
            }
            found.push(arena.len());
            let last = last.max(arena[other].last);
            arena.push(Spot { first, last, from: From::Pair(one, other) });
        }
    }
}
