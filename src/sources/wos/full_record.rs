//! One `REC` of the Expanded API.

use super::hit::digits;
use crate::ids::normal_doi;
use crate::model::{Author, Identifiers, PartialDate, Record, WorkType};
use crate::text::xml::Element;
use crate::text::{dates, html, language, real_abstract};

/// The record of a `REC`.
pub fn record(rec: &Element) -> Result<Record, String> {
    let uid = rec.text_at("UID").ok_or("a REC without UID")?;
    let summary = rec.at("static_data/summary").ok_or("a REC without static_data/summary")?;
    let full = rec.at("static_data/fullrecord_metadata");
    let empty = Element::default();
    let info = summary.at("pub_info").unwrap_or(&empty);
    let attribute = |name: &str| info.attribute(name).map(str::to_owned).filter(|value| !value.is_empty());
    let source_types = doctypes(summary, full);
    let mut record = Record {
        source: "wos".into(),
        source_key: uid.clone(),
        title: title(summary, "item"),
        abstract_text: full.and_then(abstract_text),
        authors: authors(summary),
        dates: dates_of(info),
        venue: title(summary, "source"),
        volume: attribute("vol"),
        issue: attribute("issue"),
        pages: info.text_at("page"),
        publisher: summary.text_at("publishers/publisher/names/name/display_name"),
        identifiers: identifiers(rec, uid),
        types: WorkType::read_all(source_types.iter().map(String::as_str)),
        source_types,
        languages: languages(full),
        keywords: keywords(rec),
        ..Record::default()
    };
    let journal = info.attribute("pubtype").is_some_and(|kind| kind.eq_ignore_ascii_case("journal"));
    if journal && record.types == [WorkType::Review] {
        // A review in a journal is also a journal article.
        record.types.insert(0, WorkType::JournalArticle);
    }
    Ok(record)
}

fn title(summary: &Element, kind: &str) -> Option<String> {
    let titles = summary.at("titles")?;
    let title = titles.all("title").find(|title| title.attribute("type") == Some(kind))?;
    title.text().map(|text| html::plain(&text))
}

/// Paragraphs joined by a space.
fn abstract_text(full: &Element) -> Option<String> {
    let paragraphs: Vec<String> = full
        .at("abstracts")?
        .descendants("abstract_text")
        .iter()
        .flat_map(|text| match text.descendants("p") {
            paragraphs if paragraphs.is_empty() => text.text().into_iter().collect::<Vec<_>>(),
            paragraphs => paragraphs.iter().filter_map(|paragraph| paragraph.text()).collect(),
        })
        .map(|text| html::plain(&text))
        .collect();
    real_abstract(&paragraphs.join(" "))
}

fn authors(summary: &Element) -> Vec<Author> {
    let names = summary.at("names").into_iter().flat_map(|names| names.all("name"));
    names
        .filter_map(|name| match name.attribute("role") {
            Some("author" | "inventor") => match name.text_at("last_name") {
                Some(family) => {
                    let given = name.text_at("first_name").or_else(|| name.text_at("initials")).unwrap_or_default();
                    Some(Author { family, given, collective: false })
                }
                None => Author::read(&name.text_at("full_name").or_else(|| name.text_at("display_name"))?),
            },
            Some("corp" | "group_author") => {
                Some(Author::collective(&name.text_at("display_name").or_else(|| name.text_at("full_name"))?))
            }
            _ => None,
        })
        .collect()
}

/// The cover date as it is worded, and the date of early access; `sortdate` is padded and not used
/// unless nothing else is there, and then for its year alone.
fn dates_of(info: &Element) -> Vec<PartialDate> {
    let year = info.attribute("pubyear").unwrap_or_default();
    let mut found = dates::in_words(info.attribute("coverdate").unwrap_or_default());
    if !found.iter().any(|date| date.year.to_string() == year) {
        let worded = format!(
            "{} {} {year}",
            info.attribute("pubday").unwrap_or_default(),
            info.attribute("pubmonth").unwrap_or_default()
        );
        found.extend(dates::in_words(&worded));
    }
    if found.is_empty() {
        let sorted = info.attribute("sortdate").and_then(PartialDate::read);
        found.extend(sorted.and_then(|date| PartialDate::of_year(date.year.into())));
    }
    for name in ["edate", "early_access_date"] {
        found.extend(info.attribute(name).and_then(PartialDate::read));
    }
    let mut dates: Vec<PartialDate> = Vec::new();
    for date in found {
        if !dates.contains(&date) {
            dates.push(date);
        }
    }
    dates
}

fn identifiers(rec: &Element, uid: String) -> Identifiers {
    let listed = rec.at("dynamic_data/cluster_related/identifiers");
    let values = |kinds: &[&str]| -> Vec<String> {
        let mut values: Vec<String> = Vec::new();
        for identifier in listed.into_iter().flat_map(|listed| listed.all("identifier")) {
            let value = identifier.attribute("value").unwrap_or_default().trim().to_owned();
            if identifier.attribute("type").is_some_and(|kind| kinds.contains(&kind))
                && !value.is_empty()
                && !values.contains(&value)
            {
                values.push(value);
            }
        }
        values
    };
    let bare = |values: Vec<String>| {
        values
            .iter()
            .map(|value| value.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase())
            .collect()
    };
    let first_doi = |kind: &str| values(&[kind]).iter().find_map(|doi| normal_doi(doi));
    Identifiers {
        doi: first_doi("doi").or_else(|| first_doi("xref_doi")),
        pmid: values(&["pmid"]).iter().find_map(|pmid| digits(pmid)),
        issn: bare(values(&["issn", "eissn"])),
        isbn: bare(values(&["isbn", "eisbn"])),
        wos: Some(uid),
        ..Identifiers::default()
    }
}

fn doctypes(summary: &Element, full: Option<&Element>) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let lists = [summary.at("doctypes"), full.and_then(|full| full.at("normalized_doctypes"))];
    for word in lists.into_iter().flatten().flat_map(|list| list.all("doctype")).filter_map(Element::text) {
        // MEDLINE's support statements normalise to 'Other', which says nothing of the document.
        if !words.contains(&word) && word != "Other" {
            words.push(word);
        }
    }
    words
}

fn languages(full: Option<&Element>) -> Vec<String> {
    let mut codes: Vec<String> = Vec::new();
    let listed = full.and_then(|full| full.at("languages"));
    for word in listed.into_iter().flat_map(|listed| listed.all("language")).filter_map(Element::text) {
        if let Some(code) = language::code(&word).filter(|code| !codes.iter().any(|known| known == code)) {
            codes.push(code.to_owned());
        }
    }
    codes
}

/// The authors' keywords, then Keywords Plus.
fn keywords(rec: &Element) -> Vec<String> {
    let lists = [rec.at("static_data/fullrecord_metadata/keywords"), rec.at("static_data/item/keywords_plus")];
    lists.into_iter().flatten().flat_map(|list| list.all("keyword")).filter_map(Element::text).collect()
}
