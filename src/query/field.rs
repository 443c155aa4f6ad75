//! The fields of a record that a clause may look at.

use std::fmt;

/// A field of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    Title,
    Abstract,
    /// The authors' keywords and the headings that a database gave.
    Keywords,
    FullText,
    /// The authors' names.
    Author,
    /// Where the authors work.
    Affiliation,
    /// The journal, book or series that it appeared in.
    Journal,
    /// What kind of publication it is, in the platform's own words.
    PublicationType,
    Language,
    /// DOI, PMID, ISSN, accession number and the like.
    Identifier,
    /// A subheading of a controlled vocabulary, whatever heading it stands with.
    Subheading,
    /// A chemical's or device's name or registry number.
    Substance,
}

impl Field {
    /// Every field, in the order in which the language writes them.
    pub const ALL: [Self; 12] = [
        Self::Title,
        Self::Abstract,
        Self::Keywords,
        Self::FullText,
        Self::Author,
        Self::Affiliation,
        Self::Journal,
        Self::PublicationType,
        Self::Language,
        Self::Identifier,
        Self::Subheading,
        Self::Substance,
    ];

    /// The name that the language gives it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Abstract => "abstract",
            Self::Keywords => "keywords",
            Self::FullText => "fulltext",
            Self::Author => "author",
            Self::Affiliation => "affiliation",
            Self::Journal => "journal",
            Self::PublicationType => "type",
            Self::Language => "language",
            Self::Identifier => "identifier",
            Self::Subheading => "subheading",
            Self::Substance => "substance",
        }
    }

    /// Reads one of the language's names, long or short; case does not matter.
    pub fn read(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let long = match name.as_str() {
            "ti" => "title",
            "ab" => "abstract",
            "kw" | "keyword" => "keywords",
            "au" => "author",
            "ad" => "affiliation",
            "so" => "journal",
            "pt" => "type",
            "la" => "language",
            "id" => "identifier",
            other => other,
        };
        Self::ALL.into_iter().find(|field| field.name() == long)
    }
}

/// A set of fields; in a tree never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FieldSet(u16);

impl FieldSet {
    /// No field yet; to be added to.
    pub const NONE: Self = Self(0);
    /// Title, abstract and keywords.
    pub const TOPIC: Self = Self::of(&[Field::Title, Field::Abstract, Field::Keywords]);
    /// The fields that are text and are matched as such.
    pub const TEXT: Self = Self::of(&[Field::Title, Field::Abstract, Field::Keywords, Field::FullText]);

    /// A set of these.
    pub const fn of(fields: &[Field]) -> Self {
        let mut bits = 0;
        let mut at = 0;
        while at < fields.len() {
            bits |= 1 << fields[at] as u16;
            at += 1;
        }
        Self(bits)
    }

    /// Whether the field is in it.
    pub fn has(self, field: Field) -> bool {
        self.0 & (1 << field as u16) != 0
    }

    /// The set with all of another.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The set without those of another.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether it holds no field.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Its fields in the language's order.
    pub fn fields(self) -> impl Iterator<Item = Field> {
        Field::ALL.into_iter().filter(move |field| self.has(*field))
    }
}

/// The fields that a clause looks at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Title, abstract and keywords, and the full text where there is one.
    #[default]
    Default,
    /// The default fields and the full text, which must be there to say no.
    All,
    /// Exactly these fields.
    Named(FieldSet),
}

impl Scope {
    /// Exactly these fields.
    pub const fn of(fields: &[Field]) -> Self {
        Self::Named(FieldSet::of(fields))
    }

    /// The names of fields that a prefix may have.
    pub(super) fn names() -> impl Iterator<Item = &'static str> {
        Field::ALL.into_iter().map(Field::name).chain(["all", "default"])
    }

    /// Adds a field by name (case ignored); `false` if there is none of that name.
    pub(super) fn add(&mut self, name: &str) -> bool {
        if name.eq_ignore_ascii_case("all") {
            *self = Self::All;
            return true;
        }
        if name.eq_ignore_ascii_case("default") {
            return true;
        }
        let Some(field) = Field::read(name) else { return false };
        let set = match *self {
            Self::Named(set) => set,
            Self::Default => FieldSet::NONE,
            Self::All => return true,
        };
        *self = Self::Named(set.with(FieldSet::of(&[field])));
        true
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::All => f.write_str("all"),
            Self::Named(set) => f.write_str(&set.fields().map(Field::name).collect::<Vec<_>>().join(",")),
        }
    }
}
