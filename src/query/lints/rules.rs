//! What platforms take: signs, lengths, numbers. As the vendors' help pages say (see each).

use crate::query::Platform;

/// A platform's limits. `None`: it states none, or it is a reader's to tell.
pub(super) struct Rules {
    /// Whether it finds the plural of a singular and the other way round without being asked.
    pub finds_plurals: bool,
    /// Whether it reduces words to their stems, in phrases too, and by which name that goes.
    pub stems: Option<&'static str>,
    /// Terms in one query.
    pub most_terms: Option<usize>,
    /// Words with wildcards in one query.
    pub most_wildcards: Option<usize>,
    /// Whether quoted phrases take wildcards.
    pub wildcards_in_phrases: bool,
}

const NONE: Rules =
    Rules { finds_plurals: false, stems: None, most_terms: None, most_wildcards: None, wildcards_in_phrases: true };

/// webofscience.help.clarivate.com, search rules: 16,000 terms; words in quotation
/// marks are not lemmatised.
const WOS: Rules = Rules { most_terms: Some(16_000), finds_plurals: true, ..NONE };
/// service.elsevier.com/app/answers/detail/a_id/11213: plurals and some spellings are found.
const SCOPUS: Rules = Rules { finds_plurals: true, ..NONE };
/// connect.ebsco.com: plurals are found unless the word is quoted or truncated.
const EBSCO: Rules = Rules { finds_plurals: true, ..NONE };
/// Cochrane Library, search manager help: words are stemmed unless quoted; a quoted phrase takes no
/// wildcard (NEXT does).
const COCHRANE: Rules = Rules { finds_plurals: true, wildcards_in_phrases: false, ..NONE };
const STEMMED: Rules = Rules { finds_plurals: true, wildcards_in_phrases: false, ..NONE };
/// docs.openalex.org: stemming, no wildcards.
const OPENALEX: Rules = Rules { stems: Some("OpenAlex"), ..STEMMED };
/// info.arxiv.org/help/api; a phrase is read as its words, stemmed.
const ARXIV: Rules = Rules { stems: Some("arXiv"), ..STEMMED };
/// ieeexplore.ieee.org, command search help: two wildcards a query through the API.
const IEEE: Rules = Rules { most_wildcards: Some(2), finds_plurals: true, ..NONE };

/// A platform's limits.
pub(super) fn of(platform: Platform) -> &'static Rules {
    match platform {
        Platform::Wos => &WOS,
        Platform::Scopus => &SCOPUS,
        Platform::Ebsco | Platform::ProQuest => &EBSCO,
        Platform::Cochrane => &COCHRANE,
        Platform::OpenAlex => &OPENALEX,
        Platform::Arxiv => &ARXIV,
        Platform::Lucene | Platform::Doaj | Platform::Core | Platform::Plos | Platform::EuropePmc => &STEMMED,
        Platform::Ieee => &IEEE,
        _ => &NONE,
    }
}

/// EBSCOhost's two-letter fields.
pub(super) const EBSCO_FIELDS: &[&str] = &[
    "AB", "AF", "AN", "AR", "AU", "CC", "DE", "DT", "GE", "IB", "IS", "JN", "KW", "LA", "MH", "MJ", "MM", "MW", "PG",
    "PT", "PY", "RG", "SB", "SO", "SU", "TI", "TP", "TX", "XB", "ZT", "ZU", "ZY",
];
