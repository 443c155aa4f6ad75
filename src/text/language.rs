//! Languages: codes, and detection.

/// A language's ISO 639-1 code from a source's word for it (`eng`, `English`, `en-GB`).
/// `None` where it cannot be told.
pub fn code(word: &str) -> Option<&'static str> {
    let word = word.trim().to_lowercase();
    let word = word.split(['-', '_', ';', '(']).next().unwrap_or_default().trim();
    LANGUAGES.iter().find(|(code, names)| *code == word || names.contains(&word)).map(|(code, _)| *code)
}

const LANGUAGES: &[(&str, &[&str])] = &[
    ("en", &["eng", "english", "saesneg"]),
    ("cy", &["wel", "cym", "welsh", "cymraeg"]),
    ("fr", &["fre", "fra", "french"]),
    ("de", &["ger", "deu", "german"]),
    ("es", &["spa", "spanish", "castilian"]),
    ("it", &["ita", "italian"]),
    ("pt", &["por", "portuguese"]),
    ("nl", &["dut", "nld", "dutch", "flemish"]),
    ("pl", &["pol", "polish"]),
    ("ru", &["rus", "russian"]),
    ("uk", &["ukr", "ukrainian"]),
    ("zh", &["chi", "zho", "chinese"]),
    ("ja", &["jpn", "japanese"]),
    ("ko", &["kor", "korean"]),
    ("ar", &["ara", "arabic"]),
    ("fa", &["per", "fas", "persian", "farsi"]),
    ("tr", &["tur", "turkish"]),
    ("sv", &["swe", "swedish"]),
    ("da", &["dan", "danish"]),
    ("no", &["nor", "nob", "nno", "nb", "nn", "norwegian"]),
    ("fi", &["fin", "finnish"]),
    ("hu", &["hun", "hungarian"]),
    ("cs", &["cze", "ces", "czech"]),
    ("sk", &["slo", "slk", "slovak"]),
    ("sl", &["slv", "slovenian", "slovene"]),
    ("hr", &["hrv", "scr", "croatian"]),
    ("sr", &["srp", "scc", "serbian"]),
    ("ro", &["rum", "ron", "romanian"]),
    ("bg", &["bul", "bulgarian"]),
    ("el", &["gre", "ell", "greek"]),
    ("he", &["heb", "hebrew"]),
    ("hi", &["hin", "hindi"]),
    ("id", &["ind", "indonesian"]),
    ("ms", &["may", "msa", "malay"]),
    ("th", &["tha", "thai"]),
    ("vi", &["vie", "vietnamese"]),
    ("lt", &["lit", "lithuanian"]),
    ("lv", &["lav", "latvian"]),
    ("et", &["est", "estonian"]),
    ("is", &["ice", "isl", "icelandic"]),
    ("ga", &["gle", "irish"]),
    ("gd", &["gla", "gaelic"]),
    ("ca", &["cat", "catalan"]),
    ("af", &["afr", "afrikaans"]),
];

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn codes() {
        assert_eq!(code("eng"), Some("en"));
        assert_eq!(code("en-GB"), Some("en"));
        assert_eq!(code("Welsh"), Some("cy"));
        assert_eq!(code("und"), None);
    }
}
