//! The field names of each platform that takes Lucene's syntax.

use crate::query::Platform;
use crate::query::expression::Operator;
use crate::query::field::{Field, Scope};

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Words(Scope),
    /// When it was published.
    Published,
    /// What only the platform has, or what must keep its punctuation.
    Own,
}

/// How a platform uses the syntax.
#[derive(Clone, Copy)]
pub(super) struct Flavour {
    pub platform: Platform,
    /// What joins clauses with nothing between them.
    pub implied: Operator,
    /// Where a word without a field is looked for.
    pub unnamed: Scope,
    /// Whether quotation marks make a phrase; else all its words must be there.
    pub phrases: bool,
    /// The meaning of a field in lower case; `None` where there is no such field.
    pub field: fn(&str) -> Option<Meaning>,
}

impl Flavour {
    /// The flavour of a platform; the generic one where it has none of its own.
    pub fn of(platform: Platform) -> Self {
        let usual = Self { platform, implied: Operator::And, unnamed: Scope::All, phrases: true, field: generic };
        match platform {
            // Europe PMC's help: words are joined by AND, operators are in capitals, `-` excludes.
            Platform::EuropePmc => Self { field: europepmc, ..usual },
            // Elasticsearch's query string; that its operator is AND is unconfirmed.
            Platform::Doaj => Self { field: doaj, ..usual },
            Platform::Core => Self { field: core, ..usual },
            // Observed by others (arxivql), not documented: white space is OR, and quotation marks make no phrase.
            Platform::Arxiv => Self { field: arxiv, phrases: false, implied: Operator::Or, ..usual },
            // Lucene's own parser joins by OR.
            _ => Self { implied: Operator::Or, unnamed: Scope::Default, ..usual },
        }
    }
}

fn words(fields: &[Field]) -> Option<Meaning> {
    Some(Meaning::Words(Scope::of(fields)))
}

/// europepmc.org/searchsyntax. `KW` holds the MeSH headings too.
fn europepmc(name: &str) -> Option<Meaning> {
    match name {
        "title" => words(&[Field::Title]),
        "abstract" => words(&[Field::Abstract]),
        "title_abs" => words(&[Field::Title, Field::Abstract]),
        "kw" | "keyword" => words(&[Field::Keywords]),
        "body" => words(&[Field::FullText]),
        "auth" => words(&[Field::Author]),
        "aff" => words(&[Field::Affiliation]),
        "journal" | "jour" => words(&[Field::Journal]),
        "lang" => words(&[Field::Language]),
        "pub_type" => words(&[Field::PublicationType]),
        "chem" => words(&[Field::Substance]),
        "pub_year" | "first_pdate" => Some(Meaning::Published),
        other => known_or_upper(other),
    }
}

/// Of Europe PMC's many other fields (sections, links, grants) none is ours.
fn known_or_upper(name: &str) -> Option<Meaning> {
    name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_').then_some(Meaning::Own)
}

/// doaj.org/api/docs: paths into the record, and short names for some.
fn doaj(name: &str) -> Option<Meaning> {
    match name {
        "title" | "bibjson.title" => words(&[Field::Title]),
        "abstract" | "bibjson.abstract" => words(&[Field::Abstract]),
        "keywords" | "bibjson.keywords" => words(&[Field::Keywords]),
        "author" | "bibjson.author.name" => words(&[Field::Author]),
        "bibjson.author.affiliation" => words(&[Field::Affiliation]),
        "journal" | "bibjson.journal.title" => words(&[Field::Journal]),
        "language" | "bibjson.journal.language" => words(&[Field::Language]),
        "year" | "bibjson.year" => Some(Meaning::Published),
        _ => Some(Meaning::Own),
    }
}

/// api.core.ac.uk/docs/v3.
fn core(name: &str) -> Option<Meaning> {
    match name {
        "title" => words(&[Field::Title]),
        "abstract" | "description" => words(&[Field::Abstract]),
        "fulltext" => words(&[Field::FullText]),
        "authors" | "author" => words(&[Field::Author]),
        "documenttype" => words(&[Field::PublicationType]),
        "language" | "language.name" => words(&[Field::Language]),
        "yearpublished" | "publisheddate" | "year" => Some(Meaning::Published),
        _ => Some(Meaning::Own),
    }
}

/// info.arxiv.org/help/api/user-manual, "Details of Query Construction".
fn arxiv(name: &str) -> Option<Meaning> {
    match name {
        "ti" => words(&[Field::Title]),
        "abs" => words(&[Field::Abstract]),
        "all" => Some(Meaning::Words(Scope::All)),
        "au" => words(&[Field::Author]),
        "jr" => words(&[Field::Journal]),
        "submitteddate" => Some(Meaning::Published),
        "co" | "cat" | "rn" | "id" | "doi" | "lastupdateddate" => Some(Meaning::Own),
        _ => None,
    }
}

/// Names that many indexes share.
fn generic(name: &str) -> Option<Meaning> {
    match name {
        "title" | "ti" => words(&[Field::Title]),
        "abstract" | "ab" | "abs" | "description" => words(&[Field::Abstract]),
        "keywords" | "keyword" | "kw" | "subject" | "subjects" => words(&[Field::Keywords]),
        "fulltext" | "full_text" | "body" | "text" => words(&[Field::FullText]),
        "author" | "authors" | "au" | "creator" => words(&[Field::Author]),
        "affiliation" | "affiliations" => words(&[Field::Affiliation]),
        "journal" | "source" | "publication" => words(&[Field::Journal]),
        "language" | "lang" => words(&[Field::Language]),
        "type" | "publication_type" | "doctype" => words(&[Field::PublicationType]),
        "year" | "date" | "publication_date" | "pubyear" | "pub_year" | "year_published" | "publicationyear" => {
            Some(Meaning::Published)
        }
        _ => Some(Meaning::Own),
    }
}
