//! Which term finds all that another finds.

use crate::query::term::{Term, Word, is_wildcard};

/// Whether every text that the second term finds is found by the first, in the same field. Where it
/// is not certain, `false`.
pub(in crate::query) fn covers(wide: &Term, narrow: &Term) -> bool {
    let wide = wide.forms();
    narrow.forms().iter().all(|narrow| wide.iter().any(|wide| runs_in(&wide.words, &narrow.words)))
}

/// Whether the words stand in a row among the others.
fn runs_in(wide: &[Word], narrow: &[Word]) -> bool {
    narrow
        .windows(wide.len())
        .any(|run| run.iter().zip(wide).all(|(narrow, wide)| word_covers(&wide.text, &narrow.text)))
}

fn word_covers(wide: &str, narrow: &str) -> bool {
    let (wide, narrow) = (wide.to_lowercase(), narrow.to_lowercase());
    if wide == narrow {
        return true;
    }
    let Some(first) = wide.find(is_wildcard) else { return false };
    let (stem, rest) = wide.split_at(first);
    let literal = narrow.split(is_wildcard).next().unwrap_or_default();
    if rest == "*" {
        return literal.starts_with(stem);
    }
    literal.len() == narrow.len() && matches(&wide.chars().collect::<Vec<_>>(), &narrow.chars().collect::<Vec<_>>())
}

/// Whether a pattern is the whole word.
fn matches(pattern: &[char], word: &[char]) -> bool {
    // One row of the table at a time: which beginnings of the word the pattern so far can be.
    let mut reached = vec![false; word.len() + 1];
    reached[0] = true;
    for sign in pattern {
        let mut next = vec![false; word.len() + 1];
        for at in 0..=word.len() {
            next[at] = match sign {
                '*' => reached[at] || at > 0 && next[at - 1],
                '$' => reached[at] || at > 0 && reached[at - 1],
                '?' => at > 0 && reached[at - 1],
                letter => at > 0 && reached[at - 1] && word[at - 1] == *letter,
            };
        }
        reached = next;
    }
    reached[word.len()]
}

#[cfg(test)]
mod tests {
    use super::covers;
    use crate::query::term::Term;

    #[test]
    fn what_covers_what() {
        let seen = |wide: &str, narrow: &str| covers(&Term::read(wide).unwrap(), &Term::read(narrow).unwrap());
        for (wide, narrow) in [
            ("health*", "Healthy"),
            ("health*", "health"),
            ("hea*", "health*"),
            ("sleep", "sleep deprivation"),
            ("depriv*", "sleep deprivation"),
            ("behavio$r*", "behaviour"),
            ("organi?ation", "organization"),
            ("multi-sector*", "multisectoral"),
            ("multi-sector*", "multi sector"),
        ] {
            assert!(seen(wide, narrow), "{wide} {narrow}");
        }
        for (wide, narrow) in [
            ("health", "health*"),
            ("sleep deprivation", "sleep"),
            ("sector", "multi-sector"),
            ("h*th", "health*"),
            ("organi?ation", "organiation"),
        ] {
            assert!(!seen(wide, narrow), "{wide} {narrow}");
        }
    }
}
