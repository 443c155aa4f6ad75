//! One view of a work's records: from each the field that is best.

use std::collections::BTreeMap;

use crate::model::{Author, Record};
use crate::text::fold;

/// The best of a work's records, field by field; whatever their order:
///
/// - `source`, `source_key`: those of the smallest key, so that `key()` is the work's id;
/// - title: the form that most records give (case and punctuation aside), of it the one not in
///   capitals, then the longest; volume, issue, pages, single identifiers: the value most give;
/// - abstract: the longest; authors: the list with most names, then with the most of their given
///   names; venue and publisher: the longest;
/// - dates, types, languages, keywords, URLs, locations, ISSN and the like: all that any gives.
///
/// Ties go to the smaller text. An empty slice gives an empty record.
pub fn merged(records: &[&Record]) -> Record {
    let mut sorted: Vec<&Record> = records.to_vec();
    sorted.sort_by_cached_key(|record| (record.key(), serde_json::to_string(record).unwrap_or_default()));
    let Some(first) = sorted.first() else { return Record::default() };
    let texts = |field: fn(&Record) -> Option<&String>| sorted.iter().copied().filter_map(field).collect::<Vec<_>>();
    let abstract_from = sorted
        .iter()
        .filter(|record| record.abstract_text.is_some())
        .min_by_key(|record| record.abstract_text.as_ref().map(|text| (std::cmp::Reverse(text.chars().count()), text)));
    let mut merged = Record {
        source: first.source.clone(),
        source_key: first.source_key.clone(),
        title: best_title(&texts(|record| record.title.as_ref())),
        original_title: best_title(&texts(|record| record.original_title.as_ref())),
        abstract_text: abstract_from.and_then(|record| record.abstract_text.clone()),
        abstract_source: abstract_from
            .and_then(|record| record.abstract_source.clone().or_else(|| Some(record.source.clone())))
            .filter(|source| *source != first.source),
        authors: best_authors(&sorted),
        venue: longest(&texts(|record| record.venue.as_ref())),
        volume: commonest(&texts(|record| record.volume.as_ref())),
        issue: commonest(&texts(|record| record.issue.as_ref())),
        pages: commonest(&texts(|record| record.pages.as_ref())),
        publisher: longest(&texts(|record| record.publisher.as_ref())),
        ..Record::default()
    };
    let ids = &mut merged.identifiers;
    ids.doi = commonest(&texts(|record| record.identifiers.doi.as_ref()));
    ids.pmid = commonest(&texts(|record| record.identifiers.pmid.as_ref()));
    ids.pmcid = commonest(&texts(|record| record.identifiers.pmcid.as_ref()));
    ids.openalex = commonest(&texts(|record| record.identifiers.openalex.as_ref()));
    ids.scopus = commonest(&texts(|record| record.identifiers.scopus.as_ref()));
    ids.wos = commonest(&texts(|record| record.identifiers.wos.as_ref()));
    ids.arxiv = commonest(&texts(|record| record.identifiers.arxiv.as_ref()));
    for record in &sorted {
        union(&mut merged.identifiers.issn, &record.identifiers.issn);
        union(&mut merged.identifiers.isbn, &record.identifiers.isbn);
        union(&mut merged.identifiers.other, &record.identifiers.other);
        union(&mut merged.dates, &record.dates);
        union(&mut merged.types, &record.types);
        union(&mut merged.source_types, &record.source_types);
        union(&mut merged.languages, &record.languages);
        union(&mut merged.keywords, &record.keywords);
        union(&mut merged.urls, &record.urls);
        union(&mut merged.locations, &record.locations);
        for (tag, values) in &record.extra {
            union(merged.extra.entry(tag.clone()).or_default(), values);
        }
    }
    merged
}

fn union<T: PartialEq + Clone>(all: &mut Vec<T>, more: &[T]) {
    for value in more {
        if !all.contains(value) {
            all.push(value.clone());
        }
    }
}

fn longest(texts: &[&String]) -> Option<String> {
    texts.iter().min_by_key(|text| (std::cmp::Reverse(text.chars().count()), text.as_str())).map(ToString::to_string)
}

fn commonest(texts: &[&String]) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for text in texts {
        *counts.entry(text).or_default() += 1;
    }
    counts.into_iter().min_by_key(|(text, count)| (std::cmp::Reverse(*count), *text)).map(|(text, _)| text.to_owned())
}

fn best_title(texts: &[&String]) -> Option<String> {
    let form = |text: &str| fold(text).chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let mut by_form: BTreeMap<String, Vec<&String>> = BTreeMap::new();
    for text in texts {
        by_form.entry(form(text)).or_default().push(text);
    }
    let (_, best) = by_form
        .into_iter()
        .filter(|(form, _)| !form.is_empty())
        .min_by_key(|(form, texts)| (std::cmp::Reverse(texts.len()), std::cmp::Reverse(form.len()), form.clone()))?;
    let capitals = |text: &str| !text.chars().any(char::is_lowercase);
    let rank = |text: &&&String| (capitals(text), std::cmp::Reverse(text.chars().count()), text.as_str().to_owned());
    best.iter().min_by_key(rank).map(ToString::to_string)
}

fn best_authors(records: &[&Record]) -> Vec<Author> {
    let given = |authors: &[Author]| authors.iter().map(|author| author.given.chars().count()).sum::<usize>();
    records
        .iter()
        .map(|record| &record.authors)
        .min_by_key(|authors| {
            let names: Vec<String> = authors.iter().map(Author::display).collect();
            (std::cmp::Reverse(authors.len()), std::cmp::Reverse(given(authors)), names)
        })
        .cloned()
        .unwrap_or_default()
}
