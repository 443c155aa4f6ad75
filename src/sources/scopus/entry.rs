//! One entry of a Scopus answer.

use serde_json::Value;

use crate::ids::normal_doi;
use crate::model::{Author, Identifiers, PartialDate, Record, WorkType};
use crate::sources::support::{dates, json};
use crate::text::{language, real_abstract};

/// The record of an entry.
pub fn record(entry: &Value) -> Result<Record, String> {
    let text = |name| json::text(entry, name);
    let eid = text("eid");
    let key = text("dc:identifier")
        .map(|id| id.trim_start_matches("SCOPUS_ID:").to_owned())
        .or_else(|| eid.as_deref()?.rsplit('-').next().map(str::to_owned))
        .ok_or("an entry without dc:identifier and eid")?;
    let (types, source_types) = types(entry);
    let mut record = Record {
        source: "scopus".into(),
        identifiers: Identifiers {
            doi: text("prism:doi").and_then(|doi| normal_doi(&doi)),
            pmid: text("pubmed-id").filter(|id| id.bytes().all(|byte| byte.is_ascii_digit())),
            scopus: Some(eid.unwrap_or_else(|| format!("2-s2.0-{key}"))),
            issn: json::numbers(entry, &["prism:issn", "prism:eIssn"]),
            isbn: json::numbers(entry, &["prism:isbn"]),
            ..Identifiers::default()
        },
        source_key: key,
        title: text("dc:title"),
        abstract_text: text("dc:description").and_then(|text| real_abstract(&text)),
        authors: authors(entry),
        dates: dates_of(text("prism:coverDate").as_deref(), text("prism:coverDisplayDate").as_deref()),
        venue: text("prism:publicationName"),
        volume: text("prism:volume"),
        issue: text("prism:issueIdentifier"),
        pages: text("prism:pageRange").or_else(|| text("article-number")),
        publisher: text("dc:publisher"),
        types,
        source_types,
        languages: text("language").and_then(|word| language::code(&word)).map(str::to_owned).into_iter().collect(),
        keywords: keywords(entry),
        urls: link(entry).into_iter().collect(),
        ..Record::default()
    };
    let countries = countries(entry);
    if !countries.is_empty() {
        record.extra.insert("affiliation-country".into(), countries);
    }
    if let Some(count) = text("citedby-count") {
        record.extra.insert("citedby-count".into(), vec![count]);
    }
    Ok(record)
}

/// The COMPLETE view's authors, else the first author, which is all that STANDARD gives.
fn authors(entry: &Value) -> Vec<Author> {
    let listed: Vec<Author> = entry
        .get("author")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|author| match json::text(author, "surname") {
            Some(family) => Some(Author {
                family,
                given: json::text(author, "given-name").or_else(|| json::text(author, "initials")).unwrap_or_default(),
                collective: false,
            }),
            None => Author::read(&json::text(author, "authname")?),
        })
        .collect();
    if listed.is_empty() {
        return json::text(entry, "dc:creator").as_deref().and_then(Author::read).into_iter().collect();
    }
    listed
}

/// Scopus pads the cover date (`2021-01-01`); how much of it is known stands in the display date
/// (`2021`, `November 2006`, `July-August 2020`). Without one, a first of a month may be padding.
fn dates_of(cover: Option<&str>, display: Option<&str>) -> Vec<PartialDate> {
    let cover = cover.and_then(PartialDate::read);
    let display = display.map(dates::in_words).unwrap_or_default();
    let agrees = |cover: PartialDate| display.iter().any(|date| date.year == cover.year);
    match cover {
        Some(cover) if display.is_empty() => {
            let month = cover.month.filter(|_| (cover.month, cover.day) != (Some(1), Some(1))).map(u32::from);
            let day = cover.day.filter(|day| *day != 1).map(u32::from);
            PartialDate::new(cover.year.into(), month, day).into_iter().collect()
        }
        Some(cover) if !agrees(cover) => {
            let mut dates = display;
            dates.extend(PartialDate::of_year(cover.year.into()));
            dates
        }
        _ => display,
    }
}

/// A review in a journal is also a journal article.
fn types(entry: &Value) -> (Vec<WorkType>, Vec<String>) {
    let words: Vec<String> =
        json::text(entry, "subtypeDescription").or_else(|| json::text(entry, "subtype")).into_iter().collect();
    let mut types = WorkType::read_all(words.iter().map(String::as_str));
    let journal = json::text(entry, "prism:aggregationType").is_some_and(|kind| kind.contains("Journal"));
    if types == [WorkType::Review] && journal {
        types.insert(0, WorkType::JournalArticle);
    }
    (types, words)
}

fn keywords(entry: &Value) -> Vec<String> {
    let joined = json::texts(entry, "authkeywords");
    joined
        .iter()
        .flat_map(|text| text.split('|'))
        .map(|word| word.trim().to_owned())
        .filter(|w| !w.is_empty())
        .collect()
}

fn link(entry: &Value) -> Option<String> {
    entry
        .get("link")?
        .as_array()?
        .iter()
        .find(|link| link.get("@ref").and_then(Value::as_str) == Some("scopus"))
        .and_then(|link| {
            let mut url = url::Url::parse(link.get("@href")?.as_str()?).ok()?;
            let kept: Vec<(String, String)> =
                url.query_pairs().into_owned().filter(|(name, _)| name != "apiKey" && name != "insttoken").collect();
            url.query_pairs_mut().clear().extend_pairs(kept);
            Some(url.into())
        })
}

fn countries(entry: &Value) -> Vec<String> {
    let mut countries: Vec<String> = Vec::new();
    for affiliation in entry.get("affiliation").and_then(Value::as_array).into_iter().flatten() {
        if let Some(country) = json::text(affiliation, "affiliation-country").filter(|name| !countries.contains(name)) {
            countries.push(country);
        }
    }
    countries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cover_dates_are_as_exact_as_their_display() {
        let read = |cover, display| {
            dates_of(Some(cover), display).iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(read("2021-01-01", Some("2021")), "2021");
        assert_eq!(read("2006-11-01", Some("November 2006")), "2006-11");
        assert_eq!(read("2020-07-01", Some("July-August 2020")), "2020-07 2020-08");
        assert_eq!(read("2021-03-04", Some("4 March 2021")), "2021-03-04");
        assert_eq!(read("2021-01-01", None), "2021");
        assert_eq!(read("2021-02-01", None), "2021-02");
        assert_eq!(read("2021-02-03", Some("Winter")), "2021-02-03");
        assert_eq!(read("2021-01-01", Some("2020")), "2020 2021");
    }

    #[test]
    fn a_review_in_a_journal_is_an_article_too() {
        let entry = serde_json::json!({"subtypeDescription": "Review", "prism:aggregationType": "Journal"});
        assert_eq!(types(&entry).0, [WorkType::JournalArticle, WorkType::Review]);
    }
}
