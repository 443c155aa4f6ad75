//! One `PubmedBookArticle`: a book, or a chapter where it has a title of its own.

use super::article::{abstract_text, authors, dates_of, languages, unbracketed};
use crate::ids::normal_doi;
use crate::model::{Identifiers, Record, WorkType};
use crate::text::xml::Element;

/// The record of a book or chapter.
pub fn record(root: &Element) -> Result<Record, String> {
    let document = root.at("BookDocument").ok_or("a PubmedBookArticle without BookDocument")?;
    let pmid = document.text_at("PMID").ok_or("a BookDocument without PMID")?;
    let book = document.at("Book").ok_or("a BookDocument without Book")?;
    let chapter = document.text_at("ArticleTitle");
    let book_title = book.text_at("BookTitle");
    let source_types: Vec<String> = document.all("PublicationType").filter_map(Element::text).collect();
    let kind = if chapter.is_some() { "book-chapter" } else { "book" };
    let mut people = authors(document.at("AuthorList"));
    if people.is_empty() {
        people = authors(book.at("AuthorList"));
    }
    let id = |wanted: &str| {
        let ids = document.at("ArticleIdList").into_iter().flat_map(|list| list.all("ArticleId"));
        ids.filter(|id| id.attribute("IdType") == Some(wanted)).find_map(Element::text)
    };
    let located = book.all("ELocationID").filter(|id| id.attribute("EIdType") == Some("doi"));
    let doi = id("doi").or_else(|| located.into_iter().find_map(Element::text)).and_then(|doi| normal_doi(&doi));
    let bookshelf = id("bookaccession");
    let mut record = Record {
        source: "pubmed".into(),
        source_key: pmid.clone(),
        title: chapter.clone().or_else(|| book_title.clone()).map(|title| unbracketed(&title)),
        original_title: document.text_at("VernacularTitle"),
        abstract_text: document.at("Abstract").and_then(abstract_text),
        authors: people,
        venue: chapter.and(book_title),
        volume: book.text_at("Volume"),
        pages: document.text_at("Pagination/MedlinePgn"),
        publisher: book.text_at("Publisher/PublisherName"),
        types: WorkType::read_all(source_types.iter().map(String::as_str).chain([kind])),
        languages: languages(document),
        keywords: document.all("KeywordList").flat_map(|list| list.all("Keyword")).filter_map(Element::text).collect(),
        urls: vec![format!("https://pubmed.ncbi.nlm.nih.gov/{pmid}/")],
        source_types,
        ..Record::default()
    };
    for date in [book.at("PubDate"), document.at("ContributionDate"), document.at("DateRevised")]
        .into_iter()
        .flatten()
        .flat_map(dates_of)
    {
        if !record.dates.contains(&date) {
            record.dates.push(date);
        }
    }
    record.urls.extend(bookshelf.iter().map(|id| format!("https://www.ncbi.nlm.nih.gov/books/{id}/")));
    record.identifiers = Identifiers {
        doi,
        pmid: Some(pmid),
        isbn: book.all("Isbn").filter_map(Element::text).map(|isbn| isbn.replace('-', "")).collect(),
        other: bookshelf.into_iter().map(|id| format!("bookshelf:{id}")).collect(),
        ..Identifiers::default()
    };
    Ok(record)
}
