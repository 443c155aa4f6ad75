//! Values made clean.

use super::Field;
use crate::text::squeeze;

pub(super) fn first(slot: &mut Option<String>, value: String) {
    if slot.is_none() && !value.is_empty() {
        *slot = Some(value);
    }
}

/// Whether a field alone is enough to speak of a document.
pub(super) fn tells(field: Field) -> bool {
    matches!(
        field,
        Field::Title(_)
            | Field::OriginalTitle
            | Field::Abstract(_)
            | Field::Venue(_)
            | Field::Doi
            | Field::Pmid
            | Field::Pmcid
            | Field::Url
            | Field::FullText(_)
            | Field::Accession
            | Field::Scopus
            | Field::Wos
            | Field::OpenAlex
            | Field::Arxiv
    )
}

/// Without control characters (but line ends), marks of byte order, and signs that turn the direction
/// of writing, which could make a text show as another; ends trimmed.
pub(super) fn clean(value: &str) -> String {
    let bad = |c: char| {
        (c.is_control() && !c.is_whitespace())
            || matches!(c, '\u{feff}' | '\u{200b}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    value.trim().chars().filter(|c| !bad(*c)).collect()
}

/// A title without what databases hang on its end.
pub(super) fn title(text: &str) -> String {
    let mut text = squeeze(text);
    for junk in ["[References]", "[References].", "(Record Supplied By Publisher)"] {
        if let Some(before) = text.strip_suffix(junk) {
            text = before.trim_end().to_owned();
        }
    }
    let trimmed = text.trim_end_matches([' ', '/', ';', ',']);
    // A single full stop goes; dots (`…`) and abbreviations (`U.S.`) stay.
    let bare = match trimmed.strip_suffix('.') {
        Some(before) if !before.rsplit(' ').next().unwrap_or_default().contains('.') => before,
        _ => trimmed,
    };
    bare.trim().to_owned()
}

/// The parts of a list with commas, not counting those within brackets.
pub(super) fn outside_brackets(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut from) = (Vec::new(), 0_usize, 0);
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    parts
}

/// Pages with plain hyphens.
pub(super) fn pages(text: &str) -> String {
    let text = text.trim().trim_start_matches("pp.").trim_start_matches("p.").trim();
    let text = text.replace(['–', '—', '‐', '‑'], "-").replace("--", "-").replace(" - ", "-");
    // `No-Specified`, `Not available`: pages have digits, or are Roman.
    let some =
        text.chars().any(|c| c.is_ascii_digit()) || text.to_lowercase().chars().all(|c| "ivxlcdm-, ".contains(c));
    if some { text } else { String::new() }
}
