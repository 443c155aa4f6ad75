//! What records say of a work outside its texts: type, language, journal, authors, identifiers.
//!
//! These words are not running text, and platforms hold them in forms of their own. So a clause is
//! true only where it says the whole of what a record says; it is false only for types and languages
//! that a record's own rule out; else it is unknown.

use super::fold::Folded;
use super::pattern::{self, WordPattern};
use super::words::Words;
use crate::model::{Author, Record, Truth, WorkType};
use crate::query::field::Field;
use crate::query::term::Term;
use crate::text::language;

/// A term in a field that is no text.
#[derive(Debug)]
pub(super) struct Fact {
    pub field: Field,
    forms: Vec<Vec<WordPattern>>,
    /// The type that it names, and whether the name means neither less nor more.
    kind: Option<(WorkType, bool)>,
    language: Option<&'static str>,
}

impl Fact {
    pub fn new(field: Field, term: &Term) -> Self {
        let text = term.text();
        let whole = !term.has_wildcard();
        let kind = WorkType::read(&text).filter(|_| whole && field == Field::PublicationType);
        let language = language::code(&text).filter(|_| whole && field == Field::Language);
        let kind = kind.map(|kind| (kind, is_plain_name(&text)));
        Self { field, forms: pattern::compile(term), kind, language }
    }

    /// What the records of one work say; each that says nothing is passed over.
    pub fn value(&self, records: &[&Record]) -> Truth {
        let answers: Vec<Truth> = records.iter().filter_map(|record| self.of(record)).collect();
        if answers.contains(&Truth::True) {
            Truth::True
        } else if !answers.is_empty() && answers.iter().all(|answer| *answer == Truth::False) {
            Truth::False
        } else {
            Truth::Unknown
        }
    }

    /// What one record says; `None` if nothing.
    fn of(&self, record: &Record) -> Option<Truth> {
        match self.field {
            Field::PublicationType => self.by_type(record),
            Field::Language => self.by_language(record),
            Field::Author => self.among(record.authors.iter().flat_map(names)),
            Field::Journal => self.among(record.venue.iter().flat_map(|name| titles(name))),
            Field::Identifier => self.among(identifiers(record)),
            Field::Affiliation => self.within(record),
            Field::Subheading => self.among(record.keywords.iter().flat_map(|keyword| subheadings(keyword))),
            Field::Substance | Field::Title | Field::Abstract | Field::Keywords | Field::FullText => None,
        }
    }

    fn by_type(&self, record: &Record) -> Option<Truth> {
        let own = record.source_types.iter().map(String::as_str);
        let named = record.types.iter().map(|kind| kind.name());
        if self.among(own.chain(named).map(str::to_owned)) == Some(Truth::True) {
            return Some(Truth::True);
        }
        let (wanted, plain) = self.kind?;
        if record.types.is_empty() {
            None
        } else if record.types.contains(&wanted) {
            // A narrower name (`systematic review`) may or may not fit.
            Some(if plain { Truth::True } else { Truth::Unknown })
        } else {
            let ruled_out = record.types.iter().any(|known| rules_out(*known, wanted) || rules_out(wanted, *known));
            Some(if ruled_out { Truth::False } else { Truth::Unknown })
        }
    }

    fn by_language(&self, record: &Record) -> Option<Truth> {
        if record.languages.is_empty() {
            return None;
        }
        match self.language {
            Some(code) => Some(Truth::from(record.languages.iter().any(|own| own == code))),
            None => self.among(record.languages.iter().cloned()),
        }
    }

    /// True if the term is the whole of one of these, else unknown; `None` if there are none.
    fn among(&self, texts: impl Iterator<Item = String>) -> Option<Truth> {
        let mut folded = Folded::default();
        let mut any = false;
        for text in texts {
            any = true;
            folded.set(&text);
            let mut words = Words { text: &folded.text, at: 0, position: 0 };
            let words: Vec<&str> = std::iter::from_fn(|| words.next()).map(|word| word.text).collect();
            let fits = |form: &Vec<WordPattern>| {
                form.len() == words.len() && form.iter().zip(&words).all(|(wanted, word)| wanted.accepts(word))
            };
            if self.forms.iter().any(fits) {
                return Some(Truth::True);
            }
        }
        any.then_some(Truth::Unknown)
    }

    /// An affiliation is running text: the term anywhere in it.
    fn within(&self, record: &Record) -> Option<Truth> {
        const TAGS: [&str; 4] = ["affiliation-country", "AD", "C1", "affiliations"];
        let texts: Vec<&String> = TAGS.iter().filter_map(|tag| record.extra.get(*tag)).flatten().collect();
        let mut folded = Folded::default();
        for text in &texts {
            folded.set(text);
            let mut words = Words { text: &folded.text, at: 0, position: 0 };
            let words: Vec<&str> = std::iter::from_fn(|| words.next()).map(|word| word.text).collect();
            let stands = |form: &Vec<WordPattern>| {
                let fits = |words: &[&str]| form.iter().zip(words).all(|(wanted, word)| wanted.accepts(word));
                words.windows(form.len()).any(fits)
            };
            if self.forms.iter().any(stands) {
                return Some(Truth::True);
            }
        }
        (!texts.is_empty()).then_some(Truth::Unknown)
    }
}

/// Whether a word for a type means just that type: its own name, or what platforms call it.
fn is_plain_name(word: &str) -> bool {
    const SYNONYMS: [&str; 17] = [
        "article",
        "ar",
        "re",
        "proceedingspaper",
        "cp",
        "bk",
        "chapter",
        "ch",
        "dissertation",
        "ed",
        "editorialmaterial",
        "le",
        "er",
        "correction",
        "publishederratum",
        "retractionofpublication",
        "tb",
    ];
    let folded: String = word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    word.parse::<WorkType>().is_ok() || SYNONYMS.contains(&folded.as_str())
}

/// Whether what is of the one type is never of the other. Sources draw the lines between articles,
/// reviews, preprints, papers and reports differently, so those rule out little.
fn rules_out(one: WorkType, other: WorkType) -> bool {
    use WorkType::{
        Book, BookChapter, ConferencePaper, Dataset, Editorial, Erratum, JournalArticle, Letter, Preprint, Retraction,
        Review, Thesis,
    };
    let is_note = |kind| matches!(kind, Letter | Editorial | Erratum | Retraction);
    let is_whole = |kind| matches!(kind, Book | BookChapter | Thesis | Dataset);
    match (one, other) {
        _ if one == other => false,
        (Erratum, Retraction) | (Retraction, Erratum) => false,
        _ if is_note(one) => is_note(other) || is_whole(other) || matches!(other, Review | Preprint | ConferencePaper),
        (Book | BookChapter | Thesis | Dataset, JournalArticle | Preprint) => true,
        (Thesis, BookChapter | ConferencePaper | Dataset) => true,
        (Dataset, Book | BookChapter | Review | ConferencePaper) => true,
        _ => false,
    }
}

/// The forms in which platforms write a name: with all of the given names, or with initials apart or
/// together, before or after; and the family name alone.
fn names(author: &Author) -> Vec<String> {
    let family = author.family.as_str();
    if author.given.is_empty() {
        return vec![family.to_owned()];
    }
    let given = author.given.as_str();
    let letters: Vec<String> = given
        .split(|c: char| !c.is_alphanumeric())
        .filter(|part| !part.is_empty())
        // `JA` is two initials, `Jo` one name.
        .flat_map(|part| {
            let initials = part.chars().count() <= 3 && part.chars().all(char::is_uppercase);
            part.chars().take(if initials { 3 } else { 1 }).collect::<Vec<char>>()
        })
        .map(String::from)
        .collect();
    let (apart, together) = (letters.join(" "), letters.concat());
    let mut names = vec![family.to_owned()];
    for given in [given, &apart, &together, letters.first().map_or("", String::as_str)] {
        names.push(format!("{family} {given}"));
        names.push(format!("{given} {family}"));
    }
    names
}

/// A journal's title as it is and without its article.
fn titles(name: &str) -> Vec<String> {
    let bare = name.strip_prefix("The ").or_else(|| name.strip_prefix("the "));
    std::iter::once(name).chain(bare).map(str::to_owned).collect()
}

/// The subheadings after a keyword's heading.
fn subheadings(keyword: &str) -> Vec<String> {
    keyword.split('/').skip(1).map(str::to_owned).collect()
}

fn identifiers(record: &Record) -> impl Iterator<Item = String> {
    let ids = &record.identifiers;
    let single = [&ids.doi, &ids.pmid, &ids.pmcid, &ids.openalex, &ids.scopus, &ids.wos, &ids.arxiv];
    // `scheme:value`, and the value alone.
    let other = ids.other.iter().flat_map(|id| [Some(id.as_str()), id.split_once(':').map(|(_, value)| value)]);
    // ISSNs come without the hyphen that queries write.
    let issn = ids.issn.iter().filter_map(|issn| Some(format!("{}-{}", issn.get(..4)?, issn.get(4..)?)));
    let plain = single.into_iter().flatten().chain(&ids.issn).chain(&ids.isbn).cloned();
    plain.chain(issn).chain(other.flatten().map(str::to_owned)).collect::<Vec<_>>().into_iter()
}
