//! A platform's fields as a table.

use super::Reach;
use super::parts::{only_field, topic};
use crate::query::field::{Field, FieldSet, Scope};

/// How well a platform reaches each field. A tag may name several fields, joined by commas.
#[derive(Clone, Copy)]
pub(super) struct Tags {
    /// Title, abstract and keywords.
    pub default: Reach,
    pub all: Reach,
    /// Any fields of text with the full text among them.
    pub full_text: Reach,
    pub title_abstract: Reach,
    pub title_keywords: Reach,
    pub abstract_keywords: Reach,
    pub title: Reach,
    pub abstract_text: Reach,
    pub keywords: Reach,
    pub author: Reach,
    pub affiliation: Reach,
    pub journal: Reach,
    pub publication_type: Reach,
    pub language: Reach,
    pub substance: Reach,
}

impl Tags {
    /// No field at all.
    pub const NONE: Self = Self {
        default: Reach::Unsayable,
        all: Reach::Unsayable,
        full_text: Reach::Unsayable,
        title_abstract: Reach::Unsayable,
        title_keywords: Reach::Unsayable,
        abstract_keywords: Reach::Unsayable,
        title: Reach::Unsayable,
        abstract_text: Reach::Unsayable,
        keywords: Reach::Unsayable,
        author: Reach::Unsayable,
        affiliation: Reach::Unsayable,
        journal: Reach::Unsayable,
        publication_type: Reach::Unsayable,
        language: Reach::Unsayable,
        substance: Reach::Unsayable,
    };

    /// How well the platform reaches these fields.
    pub fn reach(&self, scope: Scope) -> Reach {
        let set = match scope {
            Scope::Default => return self.default,
            Scope::All => return self.all,
            Scope::Named(set) => set,
        };
        if set.has(Field::FullText) && set.without(FieldSet::TEXT).is_empty() {
            return self.full_text;
        }
        match topic(set) {
            Some((true, true, true)) => self.default,
            Some((true, true, false)) => self.title_abstract,
            Some((true, false, true)) => self.title_keywords,
            Some((false, true, true)) => self.abstract_keywords,
            Some((true, false, false)) => self.title,
            Some((false, true, false)) => self.abstract_text,
            Some((false, false, true)) => self.keywords,
            Some((false, false, false)) | None => match only_field(set) {
                Some(Field::Author) => self.author,
                Some(Field::Affiliation) => self.affiliation,
                Some(Field::Journal) => self.journal,
                Some(Field::PublicationType) => self.publication_type,
                Some(Field::Language) => self.language,
                Some(Field::Substance) => self.substance,
                _ => Reach::Unsayable,
            },
        }
    }
}
