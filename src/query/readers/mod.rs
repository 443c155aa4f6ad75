//! Reading the syntaxes of platforms, one file each.

mod ebsco;
mod findpapers;
mod proquest;
mod pubmed;
mod scopus;
mod sets;
mod words;
mod wos;

use super::parser::{parse, refused};
use super::{Diagnostic, Parsed, Platform};

/// Reads a query in a platform's syntax.
pub fn read(text: &str, platform: Platform) -> Parsed {
    if let Some(refused) = refused(text) {
        return refused;
    }
    match platform {
        Platform::Gleaner => parse(text),
        Platform::Ebsco => ebsco::read(text),
        Platform::Findpapers => findpapers::read(text),
        Platform::ProQuest => proquest::read(text),
        Platform::PubMed => pubmed::read(text),
        Platform::Scopus => scopus::read(text),
        Platform::Wos => wos::read(text),
        _ => {
            let message = format!("queries in the syntax of {} are not read", platform.title());
            let diagnostics = vec![Diagnostic::error("unread-platform", &(0..text.len()), message)];
            Parsed { tree: None, diagnostics, lines: Vec::new() }
        }
    }
}

/// What a mark that only one syntax has counts; see [`detect`].
const MARK: u32 = 10;
/// Marks that are counted, so that a long text is not read to its end for one question.
const MOST_MARKS: usize = 100;

/// How much of a text is written as only one platform writes.
type Likelihood = fn(&str) -> u32;

/// The platform in whose syntax a text most probably is: told by its fields, operators and lines.
///
/// Each reader has a function `likelihood(text)`. It gives [`MARK`] for each thing that is written so
/// on its platform and nowhere else (`.ti,ab.`, `[tiab]`, `TITLE-ABS-KEY(`), a tenth of that for
/// what few have (`NEAR/3`, `#1 AND #2`), nothing for what all have (AND, quotes), and counts at most
/// [`MOST_MARKS`] of them. The largest number wins; of equal ones the first in the list. Less than one
/// mark is too little to tell: that is gleaner's own language.
pub fn detect(text: &str) -> Platform {
    const LIKELIHOODS: &[(Platform, Likelihood)] = &[
        (Platform::Ebsco, ebsco::likelihood),
        (Platform::ProQuest, proquest::likelihood),
        (Platform::PubMed, pubmed::likelihood),
        (Platform::Scopus, scopus::likelihood),
        (Platform::Wos, wos::likelihood),
    ];
    let mut best = (MARK - 1, Platform::Gleaner);
    for (platform, likelihood) in LIKELIHOODS {
        let found = likelihood(text);
        if found > best.0 {
            best = (found, *platform);
        }
    }
    best.1
}

/// A likelihood: of marks that only one syntax has, and of those that few have.
fn marks(sure: usize, shared: usize) -> u32 {
    let count = |marks: usize| u32::try_from(marks.min(MOST_MARKS)).unwrap_or_default();
    MARK * count(sure) + MARK / 10 * count(shared)
}
