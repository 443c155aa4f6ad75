//! Web of Science's field tags.

use crate::query::field::{Field, Scope};

/// What a field tag stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Tag {
    /// Words, each for itself.
    Words(Scope),
    /// Names, in which words next to each other are one.
    Names(Field),
    /// Numbers of documents and journals.
    Identifier,
    /// Years of publication.
    Years,
    /// Days of publication.
    Days,
    /// What gleaner has no field for.
    Native,
}

/// Tags and their long names.
pub(super) const TAGS: &[(&str, &str, Tag)] = &[
    ("TS", "topic", Tag::Words(Scope::Default)),
    ("TI", "title", Tag::Words(Scope::of(&[Field::Title]))),
    ("AB", "abstract", Tag::Words(Scope::of(&[Field::Abstract]))),
    ("AK", "author keywords", Tag::Words(Scope::of(&[Field::Keywords]))),
    ("KP", "keywords plus", Tag::Words(Scope::of(&[Field::Keywords]))),
    ("ALL", "all fields", Tag::Words(Scope::All)),
    ("AU", "author", Tag::Names(Field::Author)),
    ("GP", "group author", Tag::Names(Field::Author)),
    ("ED", "editor", Tag::Names(Field::Author)),
    ("AI", "author identifiers", Tag::Names(Field::Author)),
    ("SO", "publication name", Tag::Names(Field::Journal)),
    ("DT", "document type", Tag::Names(Field::PublicationType)),
    ("LA", "language", Tag::Names(Field::Language)),
    ("AD", "address", Tag::Words(Scope::of(&[Field::Affiliation]))),
    ("OG", "organization - enhanced", Tag::Names(Field::Affiliation)),
    ("OO", "organization", Tag::Names(Field::Affiliation)),
    ("SG", "suborganization", Tag::Names(Field::Affiliation)),
    ("SA", "street address", Tag::Words(Scope::of(&[Field::Affiliation]))),
    ("CI", "city", Tag::Names(Field::Affiliation)),
    ("PS", "province/state", Tag::Names(Field::Affiliation)),
    ("CU", "country/region", Tag::Names(Field::Affiliation)),
    ("ZP", "zip/postal code", Tag::Names(Field::Affiliation)),
    ("DO", "doi", Tag::Identifier),
    ("IS", "issn/isbn", Tag::Identifier),
    ("UT", "accession number", Tag::Identifier),
    ("PMID", "pubmed id", Tag::Identifier),
    ("PY", "year published", Tag::Years),
    ("DOP", "publication date", Tag::Days),
    ("CF", "conference", Tag::Native),
    ("FG", "grant number", Tag::Native),
    ("FO", "funding agency", Tag::Native),
    ("FT", "funding text", Tag::Native),
    ("LD", "load date", Tag::Native),
    ("SDG", "sustainable development goals", Tag::Native),
    ("SU", "research area", Tag::Native),
    ("SUR", "web of science collection", Tag::Native),
    ("TMAC", "macro level citation topic", Tag::Native),
    ("TMIC", "micro level citation topic", Tag::Native),
    ("TMSO", "meso level citation topic", Tag::Native),
    ("WC", "web of science category", Tag::Native),
];

impl Tag {
    /// Where its words are looked for.
    pub fn scope(self) -> Option<Scope> {
        match self {
            Self::Words(scope) => Some(scope),
            Self::Names(field) => Some(Scope::of(&[field])),
            Self::Identifier => Some(Scope::of(&[Field::Identifier])),
            Self::Years | Self::Days | Self::Native => None,
        }
    }
}
