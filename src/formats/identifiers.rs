//! Identifiers as export files write them.

use crate::ids::normal_doi;
use crate::model::Identifiers;

/// The DOI of a field that is meant for one.
pub(super) fn doi_of_field(value: &str) -> Option<String> {
    normal_doi(value)
}

/// The DOI of a field that may hold anything, only if the DOI is the whole of it: a note may cite
/// other works.
pub(super) fn whole_doi(value: &str) -> Option<String> {
    let value = value.trim();
    if value.starts_with("http") {
        return in_url(value).0;
    }
    let lower = value.to_lowercase();
    let bare = lower.strip_prefix("doi").unwrap_or(&lower).trim_start_matches([':', '=', ' ']);
    let single = bare.starts_with("10.") && !bare.trim().contains(char::is_whitespace);
    single.then(|| normal_doi(bare)).flatten()
}

/// DOI, PMID and PMCID that a URL names in a place meant for them.
pub(super) fn in_url(url: &str) -> (Option<String>, Option<String>, Option<String>) {
    let lower = url.to_lowercase();
    let (_, after_scheme) = lower.split_once("://").unwrap_or(("", &lower));
    let (host, path) = after_scheme.split_once('/').unwrap_or((after_scheme, ""));
    let doi = if host.ends_with("doi.org") {
        normal_doi(path)
    } else if let Some((_, value)) = lower.split_once("doi=") {
        normal_doi(value.split(['&', '#']).next().unwrap_or_default())
    } else if let Some((_, value)) = path.split_once("doi/") {
        let value = ["abs/", "full/", "pdf/", "epdf/", "book/", "pdfplus/"]
            .iter()
            .find_map(|part| value.strip_prefix(part))
            .unwrap_or(value);
        value.starts_with("10.").then(|| normal_doi(value.split(['?', '#', '&']).next().unwrap_or_default())).flatten()
    } else {
        None
    };
    let digits = |text: &str| text.chars().take_while(char::is_ascii_digit).collect::<String>();
    let number = |text: &str| Some(digits(text)).filter(|id| (1..=8).contains(&id.len()));
    let ncbi = host.ends_with("ncbi.nlm.nih.gov") || host.ends_with("europepmc.org");
    let pmid = if host == "pubmed.ncbi.nlm.nih.gov" {
        number(path)
    } else if ncbi {
        ["pubmed/", "article/med/", "abstract/med/"].iter().find_map(|at| path.split_once(at).and_then(|p| number(p.1)))
    } else {
        None
    };
    let pmc = ncbi.then(|| path.split_once("pmc").and_then(|(_, rest)| rest.rsplit_once("pmc").or(Some(("", rest)))));
    let pmcid = pmc.flatten().map(|(_, rest)| digits(rest)).filter(|id| (4..=9).contains(&id.len()));
    (doi, pmid, pmcid.map(|id| format!("PMC{id}")))
}

/// Digits alone, at most 8, not zero.
pub(super) fn pmid(value: &str) -> Option<String> {
    let value = value.trim().trim_start_matches(|c: char| !c.is_ascii_digit()).trim_end();
    let value = value.split(['.', ' ', ';']).next()?;
    let good = (1..=8).contains(&value.len()) && value.chars().all(|c| c.is_ascii_digit()) && !value.starts_with('0');
    good.then(|| value.to_owned())
}

/// `PMC` and digits.
pub(super) fn pmcid(value: &str) -> Option<String> {
    let upper = value.trim().to_uppercase();
    let rest = upper.split_once("PMC").map_or(upper.as_str(), |(_, rest)| rest);
    let digits: String = rest.chars().skip_while(|c| matches!(c, ':' | ' ')).take_while(char::is_ascii_digit).collect();
    (4..=9).contains(&digits.len()).then(|| format!("PMC{digits}"))
}

/// `PMID: 123` at the start of a note.
pub(super) fn named_pmid(value: &str) -> Option<String> {
    let value = value.trim();
    let rest = ["PMID", "pmid", "MEDLINE:", "PUBMED "].iter().find_map(|name| value.strip_prefix(name))?;
    pmid(rest)
}

/// `PMC1234567` as the whole of a note.
pub(super) fn named_pmcid(value: &str) -> Option<String> {
    let value = value.trim();
    let value = value.strip_prefix("PMCID").map_or(value, |rest| rest.trim_start_matches([':', ' ']));
    let digits = value.strip_prefix("PMC")?;
    digits.chars().all(|c| c.is_ascii_digit()).then(|| pmcid(value)).flatten()
}

/// `2-s2.0-…`, as Scopus calls its records.
pub(super) fn scopus(value: &str) -> Option<String> {
    let at = value.find("2-s2.0-")?;
    let digits: String = value[at + 7..].chars().take_while(char::is_ascii_digit).collect();
    (!digits.is_empty()).then(|| format!("2-s2.0-{digits}"))
}

/// `WOS:000…`, formerly `ISI:000…`.
pub(super) fn wos(value: &str) -> Option<String> {
    let value = value.trim();
    let rest = value.strip_prefix("WOS:").or_else(|| value.strip_prefix("ISI:"))?;
    let digits: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
    (digits.len() >= 10).then(|| format!("WOS:{digits}"))
}

/// `W…` from an `OpenAlex` address or id.
pub(super) fn openalex(value: &str) -> Option<String> {
    let id = value.trim().rsplit('/').next()?.to_uppercase();
    let good = id.strip_prefix('W').is_some_and(|d| d.len() >= 4 && d.chars().all(|c| c.is_ascii_digit()));
    good.then_some(id)
}

/// An arXiv id without its version: `2101.00001`, `hep-th/9901001`.
pub(super) fn arxiv(value: &str) -> Option<String> {
    let lower = value.trim().to_lowercase();
    let id = lower.rsplit("arxiv.org/abs/").next()?.trim_start_matches("arxiv:").trim();
    let id = match id.rsplit_once('v') {
        Some((before, version)) if !version.is_empty() && version.chars().all(|c| c.is_ascii_digit()) => before,
        _ => id,
    };
    let digits = |text: &str, least: usize, most: usize| {
        (least..=most).contains(&text.len()) && text.chars().all(|c| c.is_ascii_digit())
    };
    let good = match (id.split_once('.'), id.split_once('/')) {
        (Some((month, number)), None) => digits(month, 4, 4) && digits(number, 4, 5),
        (_, Some((archive, number))) => !archive.is_empty() && archive.len() < 20 && digits(number, 7, 7),
        _ => false,
    };
    good.then(|| id.to_owned())
}

/// An Embase number (`L…`, `EMBASE …` in the register of trials), as `embase:L…`.
pub(super) fn embase(value: &str) -> Option<String> {
    let value = value.trim();
    let digits = value.strip_prefix('L').or_else(|| value.strip_prefix("EMBASE "))?;
    ((6..=12).contains(&digits.len()) && digits.chars().all(|c| c.is_ascii_digit()))
        .then(|| format!("embase:L{digits}"))
}

/// A number of the Cochrane register of trials.
pub(super) fn central(value: &str) -> Option<String> {
    let value = value.trim();
    let digits = value.strip_prefix("CN-")?;
    (digits.len() >= 5 && digits.chars().all(|c| c.is_ascii_digit())).then(|| format!("central:{value}"))
}

/// Registration numbers of trials, as `trial:NCT…`.
pub(super) fn trials(value: &str) -> Vec<String> {
    let words = value.split(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '/'))).flat_map(|w| w.split('/'));
    let mut found: Vec<String> = Vec::new();
    for word in words {
        let upper = word.to_uppercase();
        let prefix = ["NCT", "ISRCTN", "ACTRN", "CHICTR", "EUCTR", "DRKS", "CTRI", "UMIN"]
            .iter()
            .any(|prefix| upper.strip_prefix(prefix).is_some_and(|rest| rest.chars().any(|c| c.is_ascii_digit())));
        let name = format!("trial:{upper}");
        if prefix && found.len() < 50 && !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

/// Adds every ISSN and ISBN of a text such as `0964-6906 (Print)0964-6906`; false if there is none.
pub(super) fn serials(value: &str, into: &mut Identifiers) -> bool {
    let mut any = false;
    let mut token = String::new();
    for c in value.chars().chain([' ']) {
        if c.is_ascii_digit() || (matches!(c, 'x' | 'X') && token.len() >= 7) {
            token.push(c.to_ascii_uppercase());
        } else if !matches!(c, '-' | '‐' | '–') || token.is_empty() {
            let list = match token.len() {
                8 => Some(&mut into.issn),
                10 | 13 => Some(&mut into.isbn),
                _ => None,
            };
            if let Some(list) = list {
                any = true;
                if list.len() < 50 && !list.contains(&token) {
                    list.push(std::mem::take(&mut token));
                }
            }
            token.clear();
        }
    }
    any
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_name_documents() {
        let doi = |url| in_url(url).0;
        assert_eq!(doi("https://doi.org/10.1000/AbC").as_deref(), Some("10.1000/abc"));
        assert_eq!(
            doi("https://x.org/record.uri?eid=2&doi=10.1080%2f152.1&partner=4").as_deref(),
            Some("10.1080/152.1")
        );
        assert_eq!(doi("https://x.org/doi/abs/10.1002/a.b?c=d").as_deref(), Some("10.1002/a.b"));
        assert_eq!(doi("https://x.org/content/pdf/10.1007/s004.pdf"), None);
        assert_eq!(in_url("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC8382607").2.as_deref(), Some("PMC8382607"));
        assert_eq!(in_url("http://europepmc.org/article/MED/33523284").1.as_deref(), Some("33523284"));
        assert_eq!(in_url("https://pubmed.ncbi.nlm.nih.gov/123/").1.as_deref(), Some("123"));
    }

    #[test]
    fn notes_name_a_doi_only_if_it_is_all_they_hold() {
        assert_eq!(whole_doi("doi: 10.1063/1.48").as_deref(), Some("10.1063/1.48"));
        assert_eq!(whole_doi("References: Smith, doi: 10.1063/1.48"), None);
        assert_eq!(whole_doi("10.1000/a and 10.1000/b"), None);
    }

    #[test]
    fn serial_numbers_of_all_shapes() {
        let mut found = Identifiers::default();
        assert!(serials("0964-6906 (Print)0964-690x; 978-3-16-148410-0, 15230406 (ISSN)", &mut found));
        assert_eq!(found.issn, ["09646906", "0964690X", "15230406"]);
        assert_eq!(found.isbn, ["9783161484100"]);
        assert!(!serials("ABCDEFG 12345", &mut found));
    }

    #[test]
    fn numbers_of_databases() {
        assert_eq!(pmid("PMID: 1234"), Some("1234".into()));
        assert_eq!(pmid("0"), None);
        assert_eq!(pmcid("PMC 7026692"), Some("PMC7026692".into()));
        assert_eq!(openalex("https://openalex.org/W2755950973").as_deref(), Some("W2755950973"));
        assert_eq!(trials("ClinicalTrials.gov/NCT01234567; NCT01234567"), ["trial:NCT01234567"]);
    }
}
