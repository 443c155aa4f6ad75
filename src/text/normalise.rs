//! Normal forms for comparison and matching.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// White space folded to single spaces, ends trimmed.
pub fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Lower case, compatibility-decomposed, without diacritics; for comparison, never for showing.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

/// The words (runs of letters and digits) of a folded text.
pub fn words(text: &str) -> Vec<String> {
    fold(text).split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The abstract, unless it is empty or a placeholder such as `[No abstract available]`.
pub fn real_abstract(text: &str) -> Option<String> {
    let text = squeeze(text);
    // No placeholder is longer: what is, is not folded.
    let bare =
        if text.len() > 60 { "a text".to_owned() } else { fold(text.trim_matches(|c: char| !c.is_alphanumeric())) };
    let placeholder = matches!(
        bare.as_str(),
        "" | "no abstract available"
            | "no abstract"
            | "abstract not available"
            | "abstract available"
            | "abstract"
            | "n/a"
            | "na"
            | "none"
            | "null"
            | "not available"
            | "no abstract is available"
            | "no abstract provided"
            | "no abstract was provided"
            | "this article has no abstract"
            | "without abstract"
    );
    (!placeholder).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_missing() {
        assert_eq!(real_abstract("[No abstract available]"), None);
        assert_eq!(real_abstract("  No  abstract. "), None);
        assert_eq!(real_abstract("Background:  x").as_deref(), Some("Background: x"));
    }

    #[test]
    fn folding() {
        assert_eq!(words("Réseaux, multi-sector ﬁeld"), ["reseaux", "multi", "sector", "field"]);
    }
}
