//! EBSCOhost's field codes.

use crate::query::Vocabulary;
use crate::query::field::{Field, Scope};

/// What a field code stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Tag {
    Words(Scope),
    /// A heading, `+` for the narrower ones too.
    Heading {
        vocabulary: Vocabulary,
        major: bool,
    },
    Dates,
    Native,
}

const fn field(field: Field) -> Tag {
    Tag::Words(Scope::of(&[field]))
}

pub(super) const TAGS: &[(&str, Tag)] = &[
    ("TI", field(Field::Title)),
    ("AB", field(Field::Abstract)),
    ("XB", Tag::Words(Scope::of(&[Field::Title, Field::Abstract]))),
    ("SU", field(Field::Keywords)),
    ("KW", field(Field::Keywords)),
    ("MW", field(Field::Keywords)),
    ("MJ", field(Field::Keywords)),
    ("ID", field(Field::Keywords)),
    ("MH", Tag::Heading { vocabulary: Vocabulary::Mesh, major: false }),
    ("MM", Tag::Heading { vocabulary: Vocabulary::Mesh, major: true }),
    ("DE", Tag::Heading { vocabulary: Vocabulary::Thesaurus, major: false }),
    ("MA", Tag::Heading { vocabulary: Vocabulary::Thesaurus, major: true }),
    ("TX", Tag::Words(Scope::All)),
    ("AU", field(Field::Author)),
    ("CA", field(Field::Author)),
    ("AF", field(Field::Affiliation)),
    ("SO", field(Field::Journal)),
    ("JN", field(Field::Journal)),
    ("PT", field(Field::PublicationType)),
    ("ZT", field(Field::PublicationType)),
    ("LA", field(Field::Language)),
    ("AN", field(Field::Identifier)),
    ("DI", field(Field::Identifier)),
    ("IS", field(Field::Identifier)),
    ("IB", field(Field::Identifier)),
    ("PM", field(Field::Identifier)),
    ("RN", field(Field::Substance)),
    ("NM", field(Field::Substance)),
    ("PY", Tag::Dates),
    ("YR", Tag::Dates),
    ("DT", Tag::Dates),
    ("PD", Tag::Dates),
    ("AG", Tag::Native),
    ("AR", Tag::Native),
    ("CC", Tag::Native),
    ("CL", Tag::Native),
    ("CT", Tag::Native),
    ("ED", Tag::Native),
    ("EM", Tag::Native),
    ("GI", Tag::Native),
    ("GR", Tag::Native),
    ("IP", Tag::Native),
    ("LO", Tag::Native),
    ("MD", Tag::Native),
    ("PE", Tag::Native),
    ("PG", Tag::Native),
    ("PL", Tag::Native),
    ("PO", Tag::Native),
    ("PS", Tag::Native),
    ("PZ", Tag::Native),
    ("RD", Tag::Native),
    ("RF", Tag::Native),
    ("SB", Tag::Native),
    ("SI", Tag::Native),
    ("TM", Tag::Native),
    ("TP", Tag::Native),
    ("VI", Tag::Native),
    ("ZD", Tag::Native),
    ("ZU", Tag::Native),
    ("ZY", Tag::Native),
];

impl Tag {
    /// Where its words are looked for, if it is a field of words.
    pub fn scope(self) -> Option<Scope> {
        match self {
            Self::Words(scope) => Some(scope),
            _ => None,
        }
    }
}
