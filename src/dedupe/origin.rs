//! Which records the fields of the merged view come from.

use serde::Serialize;

use super::merged;
use crate::model::{Author, Record};

/// A field of the merged view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldOrigin {
    pub field: &'static str,
    pub value: String,
    /// The keys of the records that give this value; for lists those that add to it.
    pub records: Vec<String>,
    /// How many records give another value.
    pub others: usize,
}

/// The values of a field: one, or a list that the merged view unites.
enum Value {
    One(Option<String>),
    List(Vec<String>),
}

fn fields(record: &Record) -> Vec<(&'static str, Value)> {
    let one = |value: &Option<String>| Value::One(value.clone());
    let ids = &record.identifiers;
    let authors: Vec<String> = record.authors.iter().map(Author::display).collect();
    vec![
        ("title", one(&record.title)),
        ("abstract", one(&record.abstract_text)),
        ("authors", Value::One((!authors.is_empty()).then(|| authors.join("; ")))),
        ("dates", Value::List(record.dates.iter().map(ToString::to_string).collect())),
        ("venue", one(&record.venue)),
        ("volume", one(&record.volume)),
        ("issue", one(&record.issue)),
        ("pages", one(&record.pages)),
        ("publisher", one(&record.publisher)),
        ("types", Value::List(record.types.iter().map(|kind| kind.name().to_owned()).collect())),
        ("languages", Value::List(record.languages.clone())),
        ("keywords", Value::List(record.keywords.clone())),
        ("doi", one(&ids.doi)),
        ("pmid", one(&ids.pmid)),
        ("pmcid", one(&ids.pmcid)),
        ("openalex", one(&ids.openalex)),
        ("scopus", one(&ids.scopus)),
        ("wos", one(&ids.wos)),
        ("arxiv", one(&ids.arxiv)),
    ]
}

/// The fields that the merged view of a work's records has, each with the records that it is from.
pub fn origins(records: &[&Record]) -> Vec<FieldOrigin> {
    let of_records: Vec<(String, Vec<(&'static str, Value)>)> =
        records.iter().map(|record| (record.key(), fields(record))).collect();
    let mut origins = Vec::new();
    for (at, (field, value)) in fields(&merged(records)).into_iter().enumerate() {
        let value = match value {
            Value::One(Some(value)) => value,
            Value::List(values) if !values.is_empty() => values.join("; "),
            _ => continue,
        };
        let mut origin = FieldOrigin { field, value, records: Vec::new(), others: 0 };
        for (key, fields) in &of_records {
            match fields.get(at).map(|(_, value)| value) {
                Some(Value::One(Some(own))) if *own == origin.value => origin.records.push(key.clone()),
                Some(Value::One(Some(_))) => origin.others += 1,
                Some(Value::List(own)) if !own.is_empty() => origin.records.push(key.clone()),
                _ => {}
            }
        }
        origin.records.sort();
        origins.push(origin);
    }
    origins
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_names_the_records_it_is_from() {
        let record = |key: &str, title: &str, volume: Option<&str>| Record {
            source: "a".into(),
            source_key: key.into(),
            title: Some(title.into()),
            volume: volume.map(str::to_owned),
            ..Record::default()
        };
        let records = [
            record("1", "WALKING GROUPS", None),
            record("2", "Walking groups", Some("4")),
            record("3", "Walking", None),
        ];
        let origins = origins(&records.iter().collect::<Vec<_>>());
        let told: Vec<(&str, &str, String, usize)> = origins
            .iter()
            .map(|origin| (origin.field, origin.value.as_str(), origin.records.join(" "), origin.others))
            .collect();
        assert_eq!(told, [("title", "Walking groups", "a:2".to_owned(), 2), ("volume", "4", "a:2".to_owned(), 0)]);
    }
}
