//! The subheadings (qualifiers) of MeSH, and the two letters that Ovid, PubMed and the Cochrane
//! Library know them by.
//!
//! Source: NLM, MeSH qualifiers with abbreviations. Those that NLM has merged into others are kept:
//! published strategies still have them.

/// Code and name, in the order of the codes.
const SUBHEADINGS: &[(&str, &str)] = &[
    ("aa", "analogs and derivatives"),
    ("ab", "abnormalities"),
    ("ad", "administration and dosage"),
    ("ae", "adverse effects"),
    ("ag", "agonists"),
    ("ah", "anatomy and histology"),
    ("ai", "antagonists and inhibitors"),
    ("an", "analysis"),
    ("bi", "biosynthesis"),
    ("bl", "blood"),
    ("bs", "blood supply"),
    ("cf", "cerebrospinal fluid"),
    ("ch", "chemistry"),
    ("ci", "chemically induced"),
    ("cl", "classification"),
    ("cn", "congenital"),
    ("co", "complications"),
    ("cs", "chemical synthesis"),
    ("cy", "cytology"),
    ("de", "drug effects"),
    ("df", "deficiency"),
    ("dg", "diagnostic imaging"),
    ("dh", "diet therapy"),
    ("di", "diagnosis"),
    ("dt", "drug therapy"),
    ("du", "diagnostic use"),
    ("ec", "economics"),
    ("ed", "education"),
    ("eh", "ethnology"),
    ("em", "embryology"),
    ("en", "enzymology"),
    ("ep", "epidemiology"),
    ("es", "ethics"),
    ("et", "etiology"),
    ("gd", "growth and development"),
    ("ge", "genetics"),
    ("hi", "history"),
    ("im", "immunology"),
    ("in", "injuries"),
    ("ip", "isolation and purification"),
    ("ir", "innervation"),
    ("is", "instrumentation"),
    ("lj", "legislation and jurisprudence"),
    ("ma", "manpower"),
    ("me", "metabolism"),
    ("mi", "microbiology"),
    ("mo", "mortality"),
    ("mt", "methods"),
    ("nu", "nursing"),
    ("og", "organization and administration"),
    ("pa", "pathology"),
    ("pc", "prevention and control"),
    ("pd", "pharmacology"),
    ("ph", "physiology"),
    ("pk", "pharmacokinetics"),
    ("po", "poisoning"),
    ("pp", "physiopathology"),
    ("ps", "parasitology"),
    ("px", "psychology"),
    ("py", "pathogenicity"),
    ("ra", "radiography"),
    ("re", "radiation effects"),
    ("rh", "rehabilitation"),
    ("ri", "radionuclide imaging"),
    ("rt", "radiotherapy"),
    ("sc", "secondary"),
    ("sd", "supply and distribution"),
    ("se", "secretion"),
    ("sn", "statistics and numerical data"),
    ("st", "standards"),
    ("su", "surgery"),
    ("td", "trends"),
    ("th", "therapy"),
    ("tm", "transmission"),
    ("to", "toxicity"),
    ("tr", "transplantation"),
    ("tu", "therapeutic use"),
    ("ul", "ultrastructure"),
    ("ur", "urine"),
    ("us", "ultrasonography"),
    ("ut", "utilization"),
    ("ve", "veterinary"),
    ("vi", "virology"),
];

/// The subheading's name, `None` for what is no code; case does not matter.
pub(super) fn name_of(code: &str) -> Option<&'static str> {
    let code = code.to_ascii_lowercase();
    SUBHEADINGS.iter().find(|(known, _)| *known == code).map(|(_, name)| *name)
}

/// The code of a name (or of a code); case and `&` for `and` do not matter.
pub(super) fn code_of(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase().replace('&', "and");
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    SUBHEADINGS.iter().find(|(code, known)| *known == name || *code == name).map(|(code, _)| *code)
}
