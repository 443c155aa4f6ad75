//! PubMed's search field tags, short and long.

use crate::query::field::{Field, Scope};

/// What stands between square brackets behind a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    /// Words, looked for here; in some fields they may be asked to stand near each other.
    Words { scope: Scope, near: bool },
    /// A Medical Subject Heading.
    Heading { major: bool, explode: bool },
    /// The date of publication.
    Published,
    /// A field that only PubMed has.
    Own,
}

/// Fields that nothing but PubMed has, or that mean less than ours: dates of indexing, filters and
/// subsets, numbers that must keep their punctuation, one author's place among the others.
const OWN: &[&str] = &[
    "filter",
    "subset",
    "sb",
    "create date",
    "date - create",
    "crdt",
    "entry date",
    "date - entry",
    "edat",
    "date - entrez",
    "completion date",
    "date - completion",
    "dcom",
    "mesh date",
    "date - mesh",
    "mhda",
    "mhdr",
    "modification date",
    "date - modification",
    "lr",
    "article identifier",
    "aid",
    "location id",
    "lid",
    "doi",
    "pmcid",
    "pmc",
    "secondary source id",
    "si",
    "author - identifier",
    "author identifier",
    "auid",
    "first author name",
    "author - first",
    "1au",
    "last author name",
    "author - last",
    "lastau",
    "personal name as subject",
    "ps",
    "pharmacological action",
    "pa",
    "grants and funding",
    "grant number",
    "grant",
    "gr",
    "investigator",
    "ir",
    "full investigator name",
    "investigator - full",
    "fir",
    "editor",
    "ed",
    "publisher",
    "pubn",
    "book",
    "isbn",
    "issue",
    "ip",
    "volume",
    "vi",
    "pagination",
    "pg",
    "place of publication",
    "pl",
    "nlm unique id",
    "jid",
    "transliterated title",
    "tt",
    "conflict of interest statements",
    "conflict of interest",
    "cois",
    "owner",
    "status",
    "text",
    "properties",
    "all child",
    "cited",
    "page",
    "serial number",
    "issn",
    "print date",
    "date - print",
    "ppdat",
    "electronic date",
    "date - electronic",
    "epdat",
];

/// The tag of a name without its suffix (`:~2`, `:noexp`); `None` if PubMed has no such field.
pub(super) fn read(name: &str) -> Option<Tag> {
    let name = name.to_ascii_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    let words = |scope, near| Some(Tag::Words { scope, near });
    let field = |field| words(Scope::of(&[field]), matches!(field, Field::Title | Field::Affiliation));
    match name.as_str() {
        // Title, abstract and the authors' keywords.
        "tiab" | "title/abstract" => words(Scope::Default, true),
        // These and the headings, which our keywords hold too.
        "tw" | "text word" | "text words" | "word" => words(Scope::Default, false),
        "all" | "all fields" | "all field" => words(Scope::All, false),
        "ti" | "title" => field(Field::Title),
        "ab" | "abstract" => field(Field::Abstract),
        "ot" | "other term" | "other terms" => field(Field::Keywords),
        "au" | "author" | "auth" | "fau" | "full author name" | "author - full" | "cn" | "corporate author"
        | "author - corporate" => field(Field::Author),
        "ad" | "affiliation" | "affl" => field(Field::Affiliation),
        "ta" | "journal" | "jour" | "so" => field(Field::Journal),
        "pt" | "ptyp" | "publication type" => field(Field::PublicationType),
        "la" | "lang" | "language" => field(Field::Language),
        "sh" | "subheading" | "subh" | "mesh subheading" | "mesh subheadings" => field(Field::Subheading),
        "nm" | "supplementary concept" | "substance name" | "subs" | "rn" | "ec/rn number" | "ecno" => {
            field(Field::Substance)
        }
        "pmid" | "uid" => field(Field::Identifier),
        "mh" | "mesh" | "mesh terms" | "mesh term" | "mesh headings" => {
            Some(Tag::Heading { major: false, explode: true })
        }
        "majr" | "mesh major topic" | "mesh major topics" => Some(Tag::Heading { major: true, explode: true }),
        "dp" | "pdat" | "publication date" | "date - publication" | "date of publication" => Some(Tag::Published),
        other => OWN.contains(&other).then_some(Tag::Own),
    }
}

/// Words that PubMed passes over where no field is named (its help, "Stopwords").
const STOPWORDS: &str = " a about again all almost also although always among an and another any are as at be \
    because been before being between both but by can could did do does done due during each either enough \
    especially etc for found from further had has have having here how however i if in into is it its itself just \
    kg km made mainly make may mg might ml mm most mostly must nearly neither no nor obtained of often on or our \
    overall perhaps pmid quite rather really regarding seem seen several should show showed shown shows \
    significantly since so some such than that the their theirs them then there therefore these they this those \
    through thus to upon use used using various very was we were what when which while with within without would ";

/// Whether PubMed passes over a word that has no field.
pub(super) fn is_stopword(word: &str) -> bool {
    !word.is_empty()
        && word.bytes().all(|byte| byte.is_ascii_alphabetic())
        && STOPWORDS.contains(&format!(" {} ", word.to_ascii_lowercase()))
}
