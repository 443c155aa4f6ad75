//! Fields of several works side by side, with the words that differ marked.

use similar::{Algorithm, DiffTag, capture_diff_slices};

use super::highlight::Piece;
use crate::dedupe::{PairReport, explain_pair};
use crate::model::{Author, Record};
use crate::text::fold;

/// Words beyond these are shown and not compared.
const MOST_WORDS: usize = 600;

/// A field of every work of a group.
pub struct FieldRow {
    pub name: &'static str,
    /// What comparing two works says; empty where more stand side by side, or a side is empty.
    pub verdict: String,
    /// A cell a work; empty where it gives nothing.
    pub cells: Vec<Vec<Piece>>,
}

/// The fields that any of the works gives. Each is compared with the first work that gives the field, the first
/// with the second.
pub fn rows(works: &[Record]) -> Vec<FieldRow> {
    let report = match works {
        [a, b] => Some(explain_pair(a, b)),
        _ => None,
    };
    let fields: Vec<Vec<(&'static str, Option<String>)>> = works.iter().map(shown).collect();
    let names: Vec<&'static str> =
        fields.first().map(|fields| fields.iter().map(|(name, _)| *name).collect()).unwrap_or_default();
    let mut rows = Vec::new();
    for (at, name) in names.into_iter().enumerate() {
        let values: Vec<Option<&str>> = fields.iter().map(|fields| fields[at].1.as_deref()).collect();
        let given: Vec<&str> = values.iter().flatten().copied().collect();
        if given.is_empty() {
            continue;
        }
        let mut first = true;
        let cells = values
            .iter()
            .map(|value| {
                let Some(value) = value else { return Vec::new() };
                let other = if std::mem::take(&mut first) { given.get(1) } else { given.first() };
                other.map_or_else(|| vec![plain(value)], |other| marked(value, other))
            })
            .collect();
        rows.push(FieldRow { name, verdict: verdict(report.as_ref(), name), cells });
    }
    rows
}

fn verdict(report: Option<&PairReport>, name: &str) -> String {
    let field = report.and_then(|report| report.fields.iter().find(|field| field.name == name));
    match field {
        Some(field) => match field.score {
            Some(score) => format!("{} ({score:.2})", field.verdict.name()),
            None => field.verdict.name().to_owned(),
        },
        None => String::new(),
    }
}

fn shown(record: &Record) -> Vec<(&'static str, Option<String>)> {
    let joined = |texts: &mut dyn Iterator<Item = String>| {
        let joined = texts.collect::<Vec<_>>().join("; ");
        (!joined.is_empty()).then_some(joined)
    };
    let ids = &record.identifiers;
    vec![
        ("title", record.title.clone()),
        ("authors", joined(&mut record.authors.iter().map(Author::display))),
        ("date", joined(&mut record.dates.iter().map(ToString::to_string))),
        ("venue", record.venue.clone()),
        ("volume", record.volume.clone()),
        ("issue", record.issue.clone()),
        ("pages", record.pages.clone()),
        ("type", joined(&mut record.types.iter().map(|kind| kind.name().to_owned()))),
        ("doi", ids.doi.clone()),
        ("pmid", ids.pmid.clone()),
        ("registrations", joined(&mut ids.other.iter().cloned())),
        ("abstract", record.abstract_text.clone()),
    ]
}

fn plain(text: &str) -> Piece {
    Piece { text: text.to_owned(), kind: "", criterion: String::new() }
}

/// A text with the words marked that another does not have in their place; case, accents and punctuation are no
/// difference.
fn marked(text: &str, other: &str) -> Vec<Piece> {
    let own: Vec<&str> = text.split_inclusive(char::is_whitespace).take(MOST_WORDS).collect();
    let form = |word: &str| fold(word).chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let forms = |words: &[&str]| words.iter().map(|word| form(word)).collect::<Vec<String>>();
    let others: Vec<&str> = other.split_whitespace().take(MOST_WORDS).collect();
    let changes = capture_diff_slices(Algorithm::Patience, &forms(&others), &forms(&own));
    let mut pieces: Vec<Piece> = Vec::new();
    for change in changes {
        let words = own[change.new_range()].concat();
        if words.is_empty() {
            continue;
        }
        let kind = if change.tag() == DiffTag::Equal { "" } else { "differs" };
        pieces.push(Piece { text: words, kind, criterion: String::new() });
    }
    let shown: usize = own.iter().map(|word| word.len()).sum();
    if shown < text.len() {
        pieces.push(plain(&text[shown..]));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, other: &str) -> String {
        let pieces = marked(text, other);
        assert_eq!(pieces.iter().map(|piece| piece.text.as_str()).collect::<String>(), text);
        let told = pieces
            .iter()
            .map(|piece| if piece.kind.is_empty() { piece.text.clone() } else { format!("[{}]", piece.text) });
        told.collect()
    }

    #[test]
    fn words_that_differ_are_marked_and_case_and_accents_are_not() {
        assert_eq!(told("Walking Groups in towns.", "walking groups in TOWNS"), "Walking Groups in towns.");
        assert_eq!(
            told("Walking groups in four towns", "Walking groups in three towns"),
            "Walking groups in [four ]towns"
        );
        assert_eq!(told("Café", "cafe"), "Café");
        assert_eq!(told("", "x"), "");
    }

    #[test]
    fn fields_stand_side_by_side() {
        let record = |title: &str, volume: Option<&str>| Record {
            title: Some(title.into()),
            volume: volume.map(str::to_owned),
            ..Record::default()
        };
        let works = [record("A b", Some("3")), record("A c", None), record("A b", Some("4"))];
        let rows = rows(&works);
        let names: Vec<&str> = rows.iter().map(|row| row.name).collect();
        assert_eq!(names, ["title", "volume"]);
        assert!(rows[1].cells[1].is_empty(), "what a work does not give stays empty");
        assert_eq!(rows[1].cells[2][0].kind, "differs");
    }
}
