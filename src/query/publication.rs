//! Kinds of publication, as platforms name and code them.

use super::term::Term;

/// A kind of publication: the name that the tree holds, and what platforms call it.
pub(super) struct Publication {
    /// Lower case.
    pub name: &'static str,
    /// Other names that are read as this one, lower case.
    pub aliases: &'static [&'static str],
    /// The code of Scopus's DOCTYPE; empty where it has none.
    pub scopus: &'static str,
    /// The name of Web of Science's DT; empty where it has none.
    pub wos: &'static str,
}

/// What both Scopus's help on document types and Web of Science's list name, and what only one does.
const PUBLICATIONS: &[Publication] = &[
    publication("article", &["journal article", "journal-article"], "ar", "Article"),
    publication("review", &["review article", "literature review"], "re", "Review"),
    publication("conference paper", &["conference-paper", "proceedings paper"], "cp", "Proceedings Paper"),
    publication("conference review", &[], "cr", ""),
    publication("meeting abstract", &["conference abstract"], "", "Meeting Abstract"),
    publication("abstract report", &[], "ab", ""),
    publication("book", &[], "bk", "Book"),
    publication("book chapter", &["book-chapter", "chapter"], "ch", "Book Chapter"),
    publication("book review", &[], "", "Book Review"),
    publication("editorial", &["editorial material"], "ed", "Editorial Material"),
    publication("letter", &[], "le", "Letter"),
    publication("note", &[], "no", "Note"),
    publication("short survey", &[], "sh", ""),
    publication("erratum", &["published erratum", "correction", "corrected", "corrigendum"], "er", "Correction"),
    publication("retracted", &["retracted publication"], "tb", "Retracted Publication"),
    publication("retraction", &["retraction of publication"], "", "Retraction"),
    publication("data paper", &[], "dp", "Data Paper"),
    publication("report", &[], "rp", ""),
    publication("preprint", &[], "pp", ""),
    publication("business article", &[], "bz", ""),
    publication("news item", &["news"], "", "News Item"),
    publication("early access", &[], "", "Early Access"),
];

const fn publication(
    name: &'static str,
    aliases: &'static [&'static str],
    scopus: &'static str,
    wos: &'static str,
) -> Publication {
    Publication { name, aliases, scopus, wos }
}

/// The kind that a name, or an alias, names; case does not matter.
pub(super) fn named(name: &str) -> Option<&'static Publication> {
    let name = name.trim().to_lowercase();
    PUBLICATIONS.iter().find(|known| known.name == name || known.aliases.contains(&name.as_str()))
}

/// The kind that a term names.
pub(super) fn of_term(term: &Term) -> Option<&'static Publication> {
    named(&term.text()).or_else(|| named(&term.text().replace('-', " ")))
}

/// The kind of a code of Scopus.
pub(super) fn of_scopus(code: &str) -> Option<&'static Publication> {
    let code = code.trim().to_lowercase();
    PUBLICATIONS.iter().find(|known| !code.is_empty() && known.scopus == code)
}
