//! A work as rules see it: the merged view and the records behind it.

use crate::ids::sha256_hex;
use crate::model::{Evidence, PartialDate, Record};
use crate::query::{Fields, Hit};

/// A work at one stage.
#[derive(Clone, Copy, Debug)]
pub struct WorkView<'a> {
    /// In order of their keys.
    pub members: &'a [&'a Record],
    /// The best of each field.
    pub merged: &'a Record,
    /// The full text at the full-text stage (with the key of the record it was got for).
    pub full_text: Option<(&'a str, &'a str)>,
}

impl<'a> WorkView<'a> {
    /// The text of a page or submission that came as the record itself.
    pub fn body(&self) -> Option<&'a str> {
        self.merged
            .extra
            .get("body")
            .and_then(|texts| texts.first())
            .map(String::as_str)
            .filter(|body| !body.trim().is_empty())
    }

    /// What queries are matched against. Titles lose trailing brackets first: `[Erratum appears in …]`
    /// at a title's end is not an erratum.
    pub fn fields(&self) -> Fields<'a> {
        Fields {
            title: self.merged.title.as_deref().map(without_trailing_bracket),
            abstract_text: self.merged.abstract_text.as_deref(),
            keywords: (!self.merged.keywords.is_empty()).then_some(self.merged.keywords.as_slice()),
            full_text: self.full_text.map(|(text, _)| text).or_else(|| self.body()),
            dates: &self.merged.dates,
            records: self.members,
        }
    }

    /// Characters of the longest text there is: full text, body or abstract.
    pub fn text_length(&self) -> usize {
        let fields = self.fields();
        [fields.abstract_text, fields.full_text]
            .into_iter()
            .flatten()
            .map(|text| text.chars().count())
            .max()
            .unwrap_or(0)
    }

    /// Every date that any of its records gives.
    pub fn dates(&self) -> Vec<PartialDate> {
        let mut dates: Vec<PartialDate> = self.members.iter().flat_map(|record| record.dates.iter().copied()).collect();
        dates.sort_unstable();
        dates.dedup();
        dates
    }

    /// Evidence for a criterion from what matched; offsets count in the record's own field.
    pub fn evidence(&self, criterion: &str, hit: &Hit) -> Evidence {
        let (record, text) = self.origin(hit.field);
        Evidence {
            criterion: criterion.to_owned(),
            record,
            field: hit.field.to_owned(),
            field_hash: sha256_hex(text.as_bytes()),
            start: hit.start,
            end: hit.end,
            what: hit.term.clone(),
        }
    }

    /// Evidence from a field as a whole.
    pub fn whole(&self, criterion: &str, field: &str, what: impl Into<String>) -> Evidence {
        let (record, text) = self.origin(field);
        Evidence {
            criterion: criterion.to_owned(),
            record,
            field: field.to_owned(),
            field_hash: sha256_hex(text.as_bytes()),
            start: 0,
            end: 0,
            what: what.into(),
        }
    }

    /// The key of the record that the merged view took a field from, and the field's text.
    fn origin(&self, field: &str) -> (String, String) {
        let own = |record: &Record| -> Option<String> {
            match field {
                "title" => record.title.clone(),
                "abstract" => record.abstract_text.clone(),
                "keywords" => (!record.keywords.is_empty()).then(|| record.keywords.join("; ")),
                "types" | "type" => Some(record.types.iter().map(|kind| kind.name()).collect::<Vec<_>>().join("; ")),
                "languages" | "language" => Some(record.languages.join("; ")),
                "author" => Some(record.authors.iter().map(|author| author.display()).collect::<Vec<_>>().join("; ")),
                "journal" => record.venue.clone(),
                "affiliation" | "identifier" => None,
                "dates" => Some(record.dates.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")),
                _ => record.extra.get("body").and_then(|texts| texts.first()).cloned(),
            }
        };
        if let ("fulltext", Some((text, record))) = (field, self.full_text) {
            return (record.to_owned(), text.to_owned());
        }
        let merged = own(self.merged).unwrap_or_default();
        let record = self
            .members
            .iter()
            .find(|record| own(record).is_some_and(|text| text == merged))
            .or_else(|| self.members.first())
            .map(|record| record.key())
            .unwrap_or_default();
        (record, merged)
    }
}

fn without_trailing_bracket(title: &str) -> &str {
    let trimmed = title.trim_end_matches(['.', ' ']);
    if !trimmed.ends_with(']') {
        return title;
    }
    match trimmed.rfind('[') {
        Some(at) if !trimmed[..at].trim().is_empty() => trimmed[..at].trim_end(),
        _ => title,
    }
}

#[cfg(test)]
mod tests {
    use super::without_trailing_bracket;

    #[test]
    fn trailing_brackets_go_and_translated_titles_stay() {
        assert_eq!(without_trailing_bracket("A trial. [Erratum appears in X 2020]"), "A trial.");
        assert_eq!(without_trailing_bracket("[A translated title]."), "[A translated title].");
        assert_eq!(without_trailing_bracket("Plain"), "Plain");
    }
}
