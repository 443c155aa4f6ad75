//! ProQuest's field codes.

use crate::query::Vocabulary;
use crate::query::field::{Field, Scope};

/// What a field code stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Tag {
    Words(Scope),
    Heading { vocabulary: Vocabulary, explode: bool, major: bool },
    Dates,
    Native,
}

const fn field(field: Field) -> Tag {
    Tag::Words(Scope::of(&[field]))
}

const fn heading(vocabulary: Vocabulary, explode: bool, major: bool) -> Tag {
    Tag::Heading { vocabulary, explode, major }
}

/// All but the full text.
const NO_FULL_TEXT: Scope = Scope::Default;

pub(super) const TAGS: &[(&str, Tag)] = &[
    ("TI", field(Field::Title)),
    ("TITLE", field(Field::Title)),
    ("AB", field(Field::Abstract)),
    ("ABSTRACT", field(Field::Abstract)),
    ("SU", field(Field::Keywords)),
    ("SUBJECT", field(Field::Keywords)),
    ("MAINSUBJECT", field(Field::Keywords)),
    ("IF", field(Field::Keywords)),
    ("DIDENTIFIER", field(Field::Keywords)),
    ("DE", field(Field::Keywords)),
    ("KW", field(Field::Keywords)),
    ("NOFT", Tag::Words(NO_FULL_TEXT)),
    ("FT", field(Field::FullText)),
    ("FULLTEXT", field(Field::FullText)),
    ("ALL", Tag::Words(Scope::All)),
    ("AU", field(Field::Author)),
    ("AUTHOR", field(Field::Author)),
    ("CA", field(Field::Author)),
    ("ED", field(Field::Author)),
    ("AF", field(Field::Affiliation)),
    ("PUB", field(Field::Journal)),
    ("JN", field(Field::Journal)),
    ("PUBID", Tag::Native),
    ("LA", field(Field::Language)),
    ("DTYPE", field(Field::PublicationType)),
    ("AT", field(Field::PublicationType)),
    ("RTYPE", field(Field::PublicationType)),
    ("STYPE", Tag::Native),
    ("DOI", field(Field::Identifier)),
    ("ISSN", field(Field::Identifier)),
    ("ISBN", field(Field::Identifier)),
    ("PMID", field(Field::Identifier)),
    ("AN", field(Field::Identifier)),
    ("RN", field(Field::Substance)),
    ("SUBST", field(Field::Substance)),
    ("MESH", heading(Vocabulary::Mesh, false, false)),
    ("MESH.EXACT", heading(Vocabulary::Mesh, false, false)),
    ("MESH.EXPLODE", heading(Vocabulary::Mesh, true, false)),
    ("MESH.EXACT.EXPLODE", heading(Vocabulary::Mesh, true, false)),
    ("MJMESH", heading(Vocabulary::Mesh, false, true)),
    ("MJMESH.EXACT", heading(Vocabulary::Mesh, false, true)),
    ("MJMESH.EXACT.EXPLODE", heading(Vocabulary::Mesh, true, true)),
    ("EMB", heading(Vocabulary::Emtree, false, false)),
    ("EMB.EXACT", heading(Vocabulary::Emtree, false, false)),
    ("EMB.EXACT.EXPLODE", heading(Vocabulary::Emtree, true, false)),
    ("MJEMB.EXACT", heading(Vocabulary::Emtree, false, true)),
    ("MJEMB.EXACT.EXPLODE", heading(Vocabulary::Emtree, true, true)),
    ("SU.EXACT", heading(Vocabulary::Thesaurus, false, false)),
    ("SU.EXACT.EXPLODE", heading(Vocabulary::Thesaurus, true, false)),
    ("SUBJECT.EXACT", heading(Vocabulary::Thesaurus, false, false)),
    ("MAINSUBJECT.EXACT", heading(Vocabulary::Thesaurus, false, false)),
    ("MAINSUBJECT.EXACT.EXPLODE", heading(Vocabulary::Thesaurus, true, false)),
    ("MJSUB", heading(Vocabulary::Thesaurus, false, true)),
    ("MJSUB.EXACT", heading(Vocabulary::Thesaurus, false, true)),
    ("MJSUB.EXACT.EXPLODE", heading(Vocabulary::Thesaurus, true, true)),
    ("EXACT", heading(Vocabulary::Thesaurus, false, false)),
    ("PD", Tag::Dates),
    ("YR", Tag::Dates),
    ("PY", Tag::Dates),
    ("ALLCAPS", Tag::Native),
    ("BK", Tag::Native),
    ("CC", Tag::Native),
    ("CF", Tag::Native),
    ("CL", Tag::Native),
    ("CP", Tag::Native),
    ("CY", Tag::Native),
    ("DEG", Tag::Native),
    ("DG", Tag::Native),
    ("FAV", Tag::Native),
    ("GI", Tag::Native),
    ("ISS", Tag::Native),
    ("LOC", Tag::Native),
    ("LUPD", Tag::Native),
    ("ME", Tag::Native),
    ("PAGE", Tag::Native),
    ("PB", Tag::Native),
    ("PEER", Tag::Native),
    ("PER", Tag::Native),
    ("PO", Tag::Native),
    ("PSTYPE", Tag::Native),
    ("SCH", Tag::Native),
    ("SEC", Tag::Native),
    ("UD", Tag::Native),
    ("VO", Tag::Native),
    ("VOL", Tag::Native),
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
