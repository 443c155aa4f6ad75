//! Ovid's field codes. Source: Ovid's database guides (MEDLINE, Embase, APA PsycInfo and others).

use crate::query::field::{Field, FieldSet};

/// Where a field code looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    /// In these fields.
    Fields(FieldSet),
    /// In the default fields (`.mp.`).
    Default,
    /// Everywhere (`.af.`).
    All,
    /// Among the headings, as a whole; exploded or not.
    Heading { explode: bool },
    /// When it was published.
    Year,
    /// Among what is no field here: dates of indexing, countries, numbers of grants.
    Other,
}

/// What a code of two letters is, `None` where no database of Ovid has it; case does not matter.
pub(super) fn read(code: &str) -> Option<Code> {
    use Field::{
        Abstract, Affiliation, Author, FullText, Identifier, Journal, Keywords, Language, PublicationType, Subheading,
        Substance, Title,
    };
    let fields = |fields: &[Field]| Some(Code::Fields(FieldSet::of(fields)));
    match code.to_ascii_lowercase().as_str() {
        "mp" => Some(Code::Default),
        "af" => Some(Code::All),
        "sh" | "de" | "mh" | "su" => Some(Code::Heading { explode: false }),
        "xm" => Some(Code::Heading { explode: true }),
        "yr" | "dp" | "py" => Some(Code::Year),
        // A text word is a word of title or abstract.
        "tw" => fields(&[Title, Abstract]),
        "ti" | "ot" | "tt" | "bt" => fields(&[Title]),
        "ab" | "ob" => fields(&[Abstract]),
        "kf" | "kw" | "hw" | "dw" | "id" | "dq" | "dj" | "km" | "bs" | "ky" => fields(&[Keywords]),
        "tx" => fields(&[FullText]),
        "au" | "fa" | "ax" | "pa" | "ca" | "cn" | "ir" | "fe" | "be" | "ai" => fields(&[Author]),
        "in" | "ia" | "cx" => fields(&[Affiliation]),
        "jn" | "jw" | "jx" | "nj" | "nw" | "so" | "ja" | "as" | "jc" => fields(&[Journal]),
        "pt" => fields(&[PublicationType]),
        "la" | "lg" => fields(&[Language]),
        "ui" | "an" | "do" | "is" | "es" | "il" | "pm" | "ib" | "si" | "sa" | "sl" => fields(&[Identifier]),
        "fs" | "xs" => fields(&[Subheading]),
        "nm" | "rn" | "rx" | "rw" | "ps" | "px" | "os" | "ox" | "rs" | "sq" | "tn" => fields(&[Substance]),
        other => OTHERS.contains(&other).then_some(Code::Other),
    }
}

/// Codes of fields that are none here.
const OTHERS: &[&str] = &[
    "ac", "ad", "ag", "ar", "at", "bi", "bn", "bp", "cc", "cd", "ci", "cl", "cm", "co", "cp", "ct", "cu", "cy", "da",
    "db", "dc", "dd", "dg", "dm", "dn", "dr", "ds", "dt", "du", "dv", "ec", "ed", "em", "en", "ep", "er", "et", "ez",
    "fo", "ge", "gi", "gn", "go", "gp", "gs", "gw", "hn", "ip", "jd", "js", "lh", "li", "lm", "lo", "lr", "lu", "ma",
    "md", "mf", "mj", "mo", "ms", "mt", "mv", "no", "nt", "oc", "od", "on", "op", "ow", "pb", "pc", "pd", "pf", "pg",
    "ph", "pi", "pj", "pl", "pn", "po", "pp", "pr", "pu", "pv", "pw", "rc", "rd", "re", "rf", "ri", "rl", "rm", "ro",
    "rp", "rt", "sb", "sc", "sd", "se", "sf", "sm", "sn", "sp", "ss", "st", "sy", "ta", "tc", "tg", "tm", "tr", "ty",
    "ud", "up", "ur", "va", "vi", "vo", "xh",
];

/// Whether a code is so usual that it is one without its last full stop, where other letters may be
/// the end of a sentence.
pub(super) fn is_usual(code: &str) -> bool {
    let usual = [
        "ti", "ab", "kf", "kw", "tw", "mp", "af", "sh", "hw", "fs", "nm", "rn", "pt", "jn", "jw", "in", "au", "ot",
        "ed", "dt", "yr", "la", "ui", "id", "tc", "cm", "rx", "px",
    ];
    usual.contains(&code.to_ascii_lowercase().as_str())
}

/// Whether numbers stand in the field themselves, so that one in it is never a line.
pub(super) fn holds_numbers(code: Code) -> bool {
    matches!(code, Code::Year | Code::Other) || code == Code::Fields(FieldSet::of(&[Field::Identifier]))
}
