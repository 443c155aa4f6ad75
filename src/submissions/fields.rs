//! What a label means: a form's question, a line of front matter, a row of a template; English,
//! Welsh or both side by side.

/// What an answer tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    Id,
    Title,
    Organisation,
    Place,
    Date,
    Links,
    Doi,
    Authors,
    Language,
    Type,
    Summary,
    /// When the form was begun or sent; no date of the practice.
    Submitted,
    Contact,
    Consent,
    /// A question of the form's own.
    Other,
}

impl Meaning {
    /// Whether it tells of the submitter as a person.
    pub fn is_personal(self) -> bool {
        matches!(self, Self::Contact | Self::Consent)
    }
}

/// Labels that mean one thing only as a whole, in their folded form.
const WHOLE: &[(&str, Meaning)] = &[
    ("id", Meaning::Id),
    ("key", Meaning::Id),
    ("#", Meaning::Id),
    ("response id", Meaning::Id),
    ("respondent id", Meaning::Id),
    ("submission id", Meaning::Id),
    ("reference number", Meaning::Id),
    ("name", Meaning::Contact),
    ("your name", Meaning::Contact),
    ("full name", Meaning::Contact),
    ("first name", Meaning::Contact),
    ("last name", Meaning::Contact),
    ("surname", Meaning::Contact),
    ("enw", Meaning::Contact),
    ("eich enw", Meaning::Contact),
    ("enw llawn", Meaning::Contact),
    ("contact", Meaning::Contact),
    ("cyswllt", Meaning::Contact),
    ("submitter", Meaning::Contact),
    ("submitted by", Meaning::Contact),
    ("your role", Meaning::Contact),
    ("role", Meaning::Contact),
    ("rol", Meaning::Contact),
    ("cyfeiriad", Meaning::Contact),
    ("address", Meaning::Contact),
    ("ip address", Meaning::Contact),
    ("title", Meaning::Title),
    ("teitl", Meaning::Title),
    ("date", Meaning::Date),
    ("dyddiad", Meaning::Date),
    ("year", Meaning::Date),
    ("publication year", Meaning::Date),
    ("blwyddyn", Meaning::Date),
    ("when", Meaning::Date),
    ("pryd", Meaning::Date),
    ("area", Meaning::Place),
    ("ardal", Meaning::Place),
    ("place", Meaning::Place),
    ("lle", Meaning::Place),
    ("url", Meaning::Links),
    ("doi", Meaning::Doi),
    ("author", Meaning::Authors),
    ("authors", Meaning::Authors),
    ("awdur", Meaning::Authors),
    ("awduron", Meaning::Authors),
    ("language", Meaning::Language),
    ("lang", Meaning::Language),
    ("iaith", Meaning::Language),
    ("type", Meaning::Type),
    ("item type", Meaning::Type),
    ("abstract", Meaning::Summary),
    ("abstract note", Meaning::Summary),
    ("summary", Meaning::Summary),
    ("crynodeb", Meaning::Summary),
    ("start time", Meaning::Submitted),
    ("completion time", Meaning::Submitted),
    ("last modified time", Meaning::Submitted),
    ("timestamp", Meaning::Submitted),
    ("date submitted", Meaning::Submitted),
    ("date added", Meaning::Submitted),
    ("date modified", Meaning::Submitted),
    ("access date", Meaning::Submitted),
];

/// Words that give a longer label its meaning; the first that occurs decides.
const WITHIN: &[(&str, Meaning)] = &[
    ("consent", Meaning::Consent),
    ("caniatad", Meaning::Consent),
    ("cydsyni", Meaning::Consent),
    ("permission", Meaning::Consent),
    ("privacy", Meaning::Consent),
    ("preifatrwydd", Meaning::Consent),
    ("happy for us to", Meaning::Consent),
    ("contact you", Meaning::Consent),
    ("may we contact", Meaning::Consent),
    ("cysylltu a chi", Meaning::Consent),
    ("email", Meaning::Contact),
    ("e-mail", Meaning::Contact),
    ("ebost", Meaning::Contact),
    ("e-bost", Meaning::Contact),
    ("phone", Meaning::Contact),
    ("mobile number", Meaning::Contact),
    ("rhif ffon", Meaning::Contact),
    ("ffon", Meaning::Contact),
    ("postcode", Meaning::Contact),
    ("cod post", Meaning::Contact),
    ("contact name", Meaning::Contact),
    ("contact person", Meaning::Contact),
    ("contact details", Meaning::Contact),
    ("manylion cyswllt", Meaning::Contact),
    ("job title", Meaning::Contact),
    ("teitl swydd", Meaning::Contact),
    ("your name", Meaning::Contact),
    ("eich enw", Meaning::Contact),
    ("local authority", Meaning::Place),
    ("awdurdod lleol", Meaning::Place),
    ("take place", Meaning::Place),
    ("location", Meaning::Place),
    ("lleoliad", Meaning::Place),
    ("organisation", Meaning::Organisation),
    ("organization", Meaning::Organisation),
    ("sefydliad", Meaning::Organisation),
    ("mudiad", Meaning::Organisation),
    ("title of", Meaning::Title),
    ("teitl yr", Meaning::Title),
    ("teitl y", Meaning::Title),
    ("project title", Meaning::Title),
    ("case study title", Meaning::Title),
    ("name of project", Meaning::Title),
    ("name of the project", Meaning::Title),
    ("project name", Meaning::Title),
    ("enw'r prosiect", Meaning::Title),
    ("links", Meaning::Links),
    ("web link", Meaning::Links),
    ("website", Meaning::Links),
    ("web address", Meaning::Links),
    ("gwefan", Meaning::Links),
    ("dolen", Meaning::Links),
    ("dyddiad", Meaning::Date),
    ("date of", Meaning::Date),
    ("dates of", Meaning::Date),
    ("start date", Meaning::Date),
    ("when did", Meaning::Date),
];

/// A label's meaning. Of a label in two languages (`Title / Teitl`) either side may tell it.
pub fn meaning(label: &str) -> Meaning {
    let label = crate::text::fold(label).replace('’', "'");
    let parts: Vec<String> = std::iter::once(label.as_str())
        .chain(label.split(['/', '|', '\n']))
        .map(|part| {
            let bare = part.split('(').next().unwrap_or_default();
            bare.trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '?' | '*' | '.' | '-' | '–')).to_owned()
        })
        .collect();
    let whole = parts.iter().find_map(|part| WHOLE.iter().find(|(name, _)| name == part));
    whole
        .or_else(|| WITHIN.iter().find(|(words, _)| holds(&label, words)))
        .map_or(Meaning::Other, |(_, meaning)| *meaning)
}

/// Whether the words stand in the label, beginning at a word's beginning.
fn holds(label: &str, words: &str) -> bool {
    label.match_indices(words).any(|(at, _)| !label[..at].ends_with(char::is_alphanumeric))
}

/// The addresses in an answer; one without a scheme is taken for `https`.
pub fn links(answer: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for word in answer.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>' | '"')) {
        let word = word.trim_matches(['(', ')', '.', '\'', '|']);
        let address = if word.starts_with("http://") || word.starts_with("https://") {
            word.to_owned()
        } else if is_bare_address(word) {
            format!("https://{word}")
        } else {
            continue;
        };
        if let Ok(address) = url::Url::parse(&address)
            && address.host_str().is_some()
            && !out.iter().any(|known| known == address.as_str())
        {
            out.push(address.into());
        }
    }
    out
}

/// `example.org/blog`: a host name with a dot and a top level of letters, no `@`.
fn is_bare_address(word: &str) -> bool {
    let host = word.split('/').next().unwrap_or_default();
    let Some((_, top)) = host.rsplit_once('.') else { return false };
    !word.contains('@')
        && top.len() >= 2
        && top.chars().all(|c| c.is_ascii_alphabetic())
        && host
            .split('.')
            .all(|label| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'))
}

/// Whether an answer says nothing: empty, a dash, `n/a`.
pub fn is_blank(answer: &str) -> bool {
    let answer = answer.trim().to_lowercase();
    matches!(answer.as_str(), "" | "-" | "–" | "—" | "n/a" | "na" | "none" | "nil" | "dim" | "amherthnasol" | ".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_understood_in_both_languages() {
        for (label, expected) in [
            ("Title / Teitl", Meaning::Title),
            ("Title of practice example", Meaning::Title),
            ("Organisation name", Meaning::Organisation),
            ("Enw'r sefydliad (Cymraeg)", Meaning::Organisation),
            ("Where did this take place? (local authority)", Meaning::Place),
            ("E-bost / Email", Meaning::Contact),
            ("Name", Meaning::Contact),
            ("Job title", Meaning::Contact),
            ("Can we contact you?", Meaning::Consent),
            ("Consent to publish", Meaning::Consent),
            ("Links (one per line)", Meaning::Links),
            ("Dyddiad / Date", Meaning::Date),
            ("Start time", Meaning::Submitted),
            ("ID", Meaning::Id),
            ("What did you do?", Meaning::Other),
            ("Costs / funding", Meaning::Other),
            ("What happened to people you worked with?", Meaning::Other),
        ] {
            assert_eq!(meaning(label), expected, "{label}");
        }
    }

    #[test]
    fn links_are_found() {
        assert_eq!(
            links("https://example.org/report.pdf\nexample.org/blog and (www.a-b.wales). jo@example.org n/a 83.5"),
            ["https://example.org/report.pdf", "https://example.org/blog", "https://www.a-b.wales/"]
        );
    }
}
