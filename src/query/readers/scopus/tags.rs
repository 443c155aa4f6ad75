//! Scopus's field codes, and the words that it does not look for.

use crate::query::field::{Field, Scope};

/// What a field code stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Tag {
    Words(Scope),
    /// Codes of document types.
    Type,
    /// What gleaner has no field for.
    Native,
}

const TOPIC_AND_AUTHORS: Scope = Scope::of(&[Field::Title, Field::Abstract, Field::Keywords, Field::Author]);

pub(super) const TAGS: &[(&str, Tag)] = &[
    ("TITLE-ABS-KEY", Tag::Words(Scope::Default)),
    ("TITLE-ABS-KEY-AUTH", Tag::Words(TOPIC_AND_AUTHORS)),
    ("TITLE-ABS", Tag::Words(Scope::of(&[Field::Title, Field::Abstract]))),
    ("TITLE", Tag::Words(Scope::of(&[Field::Title]))),
    ("ABS", Tag::Words(Scope::of(&[Field::Abstract]))),
    ("KEY", Tag::Words(Scope::of(&[Field::Keywords]))),
    ("AUTHKEY", Tag::Words(Scope::of(&[Field::Keywords]))),
    ("INDEXTERMS", Tag::Words(Scope::of(&[Field::Keywords]))),
    ("ALL", Tag::Words(Scope::All)),
    ("AUTH", Tag::Words(Scope::of(&[Field::Author]))),
    ("AUTHOR-NAME", Tag::Words(Scope::of(&[Field::Author]))),
    ("AUTHLASTNAME", Tag::Words(Scope::of(&[Field::Author]))),
    ("AUTHFIRST", Tag::Words(Scope::of(&[Field::Author]))),
    ("FIRSTAUTH", Tag::Words(Scope::of(&[Field::Author]))),
    ("AUTHCOLLAB", Tag::Words(Scope::of(&[Field::Author]))),
    ("EDITOR", Tag::Words(Scope::of(&[Field::Author]))),
    ("AFFIL", Tag::Words(Scope::of(&[Field::Affiliation]))),
    ("AFFILORG", Tag::Words(Scope::of(&[Field::Affiliation]))),
    ("AFFILCITY", Tag::Words(Scope::of(&[Field::Affiliation]))),
    ("AFFILCOUNTRY", Tag::Words(Scope::of(&[Field::Affiliation]))),
    ("SRCTITLE", Tag::Words(Scope::of(&[Field::Journal]))),
    ("EXACTSRCTITLE", Tag::Words(Scope::of(&[Field::Journal]))),
    ("SRCTITLE-ABBREV", Tag::Words(Scope::of(&[Field::Journal]))),
    ("LANGUAGE", Tag::Words(Scope::of(&[Field::Language]))),
    ("DOI", Tag::Words(Scope::of(&[Field::Identifier]))),
    ("EID", Tag::Words(Scope::of(&[Field::Identifier]))),
    ("ISSN", Tag::Words(Scope::of(&[Field::Identifier]))),
    ("ISSNP", Tag::Words(Scope::of(&[Field::Identifier]))),
    ("EISSN", Tag::Words(Scope::of(&[Field::Identifier]))),
    ("ISBN", Tag::Words(Scope::of(&[Field::Identifier]))),
    ("PMID", Tag::Words(Scope::of(&[Field::Identifier]))),
    ("CHEM", Tag::Words(Scope::of(&[Field::Substance]))),
    ("CHEMNAME", Tag::Words(Scope::of(&[Field::Substance]))),
    ("CASREGNUMBER", Tag::Words(Scope::of(&[Field::Substance]))),
    ("DOCTYPE", Tag::Type),
    ("AF-ID", Tag::Native),
    ("ARTNUM", Tag::Native),
    ("AU-ID", Tag::Native),
    ("BOOKPUB", Tag::Native),
    ("CODEN", Tag::Native),
    ("CONF", Tag::Native),
    ("CONFLOC", Tag::Native),
    ("CONFNAME", Tag::Native),
    ("CONFSPONSORS", Tag::Native),
    ("FUND-ACR", Tag::Native),
    ("FUND-ALL", Tag::Native),
    ("FUND-NO", Tag::Native),
    ("FUND-SPONSOR", Tag::Native),
    ("INDEX", Tag::Native),
    ("ISSUE", Tag::Native),
    ("MANUFACTURER", Tag::Native),
    ("OPENACCESS", Tag::Native),
    ("ORCID", Tag::Native),
    ("ORIG-LOAD-DATE", Tag::Native),
    ("PAGEFIRST", Tag::Native),
    ("PAGELAST", Tag::Native),
    ("PAGES", Tag::Native),
    ("PUBDATETXT", Tag::Native),
    ("PUBLISHER", Tag::Native),
    ("PUBSTAGE", Tag::Native),
    ("REF", Tag::Native),
    ("REFARTNUM", Tag::Native),
    ("REFAUTH", Tag::Native),
    ("REFEID", Tag::Native),
    ("REFPAGE", Tag::Native),
    ("REFPUBYEAR", Tag::Native),
    ("REFSRCTITLE", Tag::Native),
    ("REFTITLE", Tag::Native),
    ("SEQBANK", Tag::Native),
    ("SEQNUMBER", Tag::Native),
    ("SRCTYPE", Tag::Native),
    ("SUBJAREA", Tag::Native),
    ("SUBJTERMS", Tag::Native),
    ("TRADENAME", Tag::Native),
    ("VOLUME", Tag::Native),
    ("WEBSITE", Tag::Native),
];

/// Words that Scopus does not look for outside of a phrase.
pub(super) const STOP_WORDS: &str = "\
    a about again all almost also although always am among an another any are as at be because been being between \
    both but by can could did do does done due during each either enough especially etc ever for from further had \
    hardly has have having he her here him his how however i if in into is it its itself just made mainly make \
    many may me might more most mostly much must my nearly neither no nor obtained of often on our over overall \
    perhaps quite rather really regarding said seem seen several she should show showed shown shows significantly \
    since so some such than that the their theirs them then there thereby therefore these they this those through \
    thus to too under until upon use used using various very was we were what when where whereas which while whose \
    why will with within without would you";

impl Tag {
    /// Where its words are looked for.
    pub fn scope(self) -> Scope {
        match self {
            Self::Words(scope) => scope,
            Self::Type => Scope::of(&[Field::PublicationType]),
            Self::Native => Scope::Default,
        }
    }
}
