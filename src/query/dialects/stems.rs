//! Platforms that reduce words to stems: truncation cannot be said there.
//!
//! A truncated word's clause is dropped. Only where that would leave nothing to ask are lists of likely
//! words sent, and the loss is told.

use super::{Dialect, Place, Said, Writer, all_of, any_of, finish, say, top};
use crate::query::term::{Term, Word};
use crate::query::tree::Tree;
use crate::query::{Platform, Rendered};

/// What is put after a truncated word's stem. Forms that stemming makes equal are left out.
const ENDINGS: [&str; 21] = [
    "", "e", "y", "ed", "er", "ing", "ion", "ional", "ation", "al", "ic", "ive", "ity", "ance", "ence", "ment", "ness",
    "or", "ist", "ism", "ship",
];
/// Letters that a stem needs for its list to be worth sending.
const SHORTEST_STEM: usize = 3;

/// Renders without lists, and with them where nothing would be left to ask.
pub(super) fn render<D: Dialect>(tree: &Tree, dialect: impl Fn(bool) -> D) -> Rendered {
    let mut writer = Writer::default();
    let mut said = Said::Everything;
    for lists in [false, true] {
        let dialect = dialect(lists);
        writer = Writer::default();
        said = say(&dialect, &mut writer, &tree.root, &top(&dialect, &tree.root));
        if matches!(said, Said::Text { .. } | Said::Any(_)) {
            break;
        }
    }
    finish(writer, said, D::PLATFORM, &tree.root.span)
}

/// A term all of whose words are truncated, as a list of likely words: not all that are meant.
/// `prefix` is whether the truncated word itself may be sent beside them.
pub(super) fn listed(
    writer: &mut Writer,
    term: &Term,
    place: &Place<'_>,
    platform: Platform,
    in_field: &dyn Fn(&str) -> Said,
    prefix: bool,
) -> Said {
    let title = platform.title();
    let sayable: Vec<&Word> = term.words.iter().filter(|word| word.stem().chars().count() >= SHORTEST_STEM).collect();
    if sayable.is_empty() {
        return writer.dropped(place, "unsayable-wildcard", &format!("{title} has no wildcards"));
    }
    let message = match prefix {
        false => format!(
            "{title} has no wildcards: a list of likely words is sent, and records with other words may be lost. Write out the words that matter"
        ),
        true => format!(
            "{title} may compare stems, among which a truncated word finds little: it is sent with a list of likely words, and records with other words may be lost. Write out the words that matter"
        ),
    };
    writer.lose("may-lose", place.span, message);
    all_of(sayable.into_iter().map(|word| {
        let stem = word.stem();
        let whole = ENDINGS.iter().map(|ending| format!("{stem}{ending}"));
        any_of(prefix.then(|| format!("{stem}*")).into_iter().chain(whole).map(|text| in_field(&text)))
    }))
}
