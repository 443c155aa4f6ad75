//! One `PubmedArticle`.

use crate::ids::normal_doi;
use crate::model::{Author, Identifiers, PartialDate, Record, WorkType};
use crate::text::xml::Element;
use crate::text::{dates, language, real_abstract};

/// The record of an article.
pub fn record(root: &Element) -> Result<Record, String> {
    let citation = root.at("MedlineCitation").ok_or("a PubmedArticle without MedlineCitation")?;
    let article = citation.at("Article").ok_or("a MedlineCitation without Article")?;
    let pmid = citation.text_at("PMID").ok_or("a MedlineCitation without PMID")?;
    let issue = article.at("Journal/JournalIssue");
    let in_issue = |name: &str| issue.and_then(|issue| issue.text_at(name));
    let source_types: Vec<String> = article
        .at("PublicationTypeList")
        .into_iter()
        .flat_map(|list| list.all("PublicationType"))
        .filter_map(Element::text)
        .collect();
    let mut record = Record {
        source: "pubmed".into(),
        source_key: pmid.clone(),
        title: article.text_at("ArticleTitle").map(|title| unbracketed(&title)),
        original_title: article.text_at("VernacularTitle"),
        abstract_text: article.at("Abstract").and_then(abstract_text),
        authors: authors(article.at("AuthorList")),
        dates: publication_dates(article),
        venue: article.text_at("Journal/Title").or_else(|| citation.text_at("MedlineJournalInfo/MedlineTA")),
        volume: in_issue("Volume"),
        issue: in_issue("Issue"),
        pages: article.text_at("Pagination/MedlinePgn"),
        types: WorkType::read_all(source_types.iter().map(String::as_str)),
        source_types,
        languages: languages(article),
        keywords: keywords(citation),
        urls: vec![format!("https://pubmed.ncbi.nlm.nih.gov/{pmid}/")],
        ..Record::default()
    };
    record.identifiers = identifiers(root, citation, article, pmid);
    others(citation, &mut record);
    Ok(record)
}

/// A translated title stands in square brackets.
pub fn unbracketed(title: &str) -> String {
    let bare = title.trim_end_matches('.');
    match bare.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')) {
        Some(inner) if !inner.contains(['[', ']']) => inner.trim().to_owned(),
        _ => title.to_owned(),
    }
}

/// The sections with their labels (`METHODS: …`), in order.
pub fn abstract_text(element: &Element) -> Option<String> {
    let sections: Vec<String> = element
        .all("AbstractText")
        .filter_map(|section| {
            let text = section.text()?;
            match section.attribute("Label").map(str::trim) {
                Some(label) if !label.is_empty() && label != "UNASSIGNED" && label != "UNLABELLED" => {
                    Some(format!("{label}: {text}"))
                }
                _ => Some(text),
            }
        })
        .collect();
    real_abstract(&sections.join(" "))
}

/// The authors of a list, people and groups.
pub fn authors(list: Option<&Element>) -> Vec<Author> {
    let authors = list.into_iter().flat_map(|list| list.all("Author"));
    authors
        .filter_map(|author| {
            if let Some(name) = author.text_at("CollectiveName") {
                return Some(Author::collective(&name));
            }
            let family = author.text_at("LastName")?;
            let mut given = author.text_at("ForeName").or_else(|| author.text_at("Initials")).unwrap_or_default();
            if let Some(suffix) = author.text_at("Suffix") {
                given = format!("{given} {suffix}").trim().to_owned();
            }
            Some(Author { family, given, collective: false })
        })
        .collect()
}

/// The dates that a `PubDate`, `ArticleDate` or the like names.
pub fn dates_of(date: &Element) -> Vec<PartialDate> {
    if let Some(words) = date.text_at("MedlineDate") {
        return dates::in_words(&words);
    }
    let number = |name: &str| date.text_at(name).and_then(|text| text.parse::<u32>().ok());
    let Some(year) = number("Year").and_then(|year| i32::try_from(year).ok()) else { return Vec::new() };
    let month = date.text_at("Month").and_then(|word| word.parse().ok().or_else(|| crate::text::month(&word)));
    PartialDate::new(year, month, number("Day")).into_iter().collect()
}

fn publication_dates(article: &Element) -> Vec<PartialDate> {
    let issue = article.at("Journal/JournalIssue/PubDate").into_iter();
    let mut found: Vec<PartialDate> = Vec::new();
    for date in issue.chain(article.all("ArticleDate")).flat_map(dates_of) {
        if !found.contains(&date) {
            found.push(date);
        }
    }
    found
}

/// Identifiers of the article itself: its lists stand directly in their places, while those of the
/// references lie deeper.
fn identifiers(root: &Element, citation: &Element, article: &Element, pmid: String) -> Identifiers {
    let listed = root.at("PubmedData/ArticleIdList");
    let id = |kind: &str| {
        let ids = listed.into_iter().flat_map(|list| list.all("ArticleId"));
        ids.filter(|id| id.attribute("IdType") == Some(kind)).find_map(Element::text)
    };
    let located = article
        .all("ELocationID")
        .filter(|id| id.attribute("EIdType") == Some("doi") && id.attribute("ValidYN") != Some("N"))
        .find_map(|id| normal_doi(&id.text()?));
    let mut issn: Vec<String> = Vec::new();
    let listed = article.at("Journal").into_iter().flat_map(|journal| journal.all("ISSN"));
    for number in listed.chain(citation.at("MedlineJournalInfo/ISSNLinking")).filter_map(Element::text) {
        let number = number.replace('-', "").to_uppercase();
        if !issn.contains(&number) {
            issn.push(number);
        }
    }
    Identifiers {
        doi: id("doi").and_then(|doi| normal_doi(&doi)).or(located),
        pmcid: id("pmc").map(|pmc| pmc.to_uppercase()).filter(|pmc| pmc.starts_with("PMC")),
        pmid: Some(pmid),
        issn,
        other: accessions(article),
        ..Identifiers::default()
    }
}

/// Trial registrations and data sets, `scheme:value`.
fn accessions(article: &Element) -> Vec<String> {
    let banks = article.at("DataBankList").into_iter().flat_map(|list| list.all("DataBank"));
    banks
        .flat_map(|bank| {
            let name = bank.text_at("DataBankName").unwrap_or_default();
            let numbers = bank.at("AccessionNumberList").into_iter().flat_map(|list| list.all("AccessionNumber"));
            numbers.filter_map(Element::text).map(move |number| format!("{name}:{number}"))
        })
        .collect()
}

/// ISO 639-1 codes of the languages.
pub fn languages(element: &Element) -> Vec<String> {
    let codes = element.all("Language").filter_map(Element::text).filter_map(|word| language::code(&word));
    codes.map(str::to_owned).collect()
}

/// The authors' keywords, then the subject headings.
fn keywords(citation: &Element) -> Vec<String> {
    let given = citation.all("KeywordList").flat_map(|list| list.all("Keyword"));
    let headings = citation.at("MeshHeadingList").into_iter().flat_map(|list| list.all("MeshHeading"));
    let headings = headings.filter_map(|heading| heading.at("DescriptorName"));
    let mut keywords: Vec<String> = Vec::new();
    for word in given.chain(headings).filter_map(Element::text) {
        if !keywords.iter().any(|known| known.eq_ignore_ascii_case(&word)) {
            keywords.push(word);
        }
    }
    keywords
}

/// Abstracts in other words, and what says that it was corrected or retracted.
fn others(citation: &Element, record: &mut Record) {
    for other in citation.all("OtherAbstract") {
        let Some(text) = abstract_text(other) else { continue };
        let english = other.attribute("Language").is_none_or(|code| code == "eng");
        if record.abstract_text.is_none() && english {
            record.abstract_text = Some(text);
        } else {
            record.extra.entry("OtherAbstract".into()).or_default().push(text);
        }
    }
    let links = citation.at("CommentsCorrectionsList").into_iter().flat_map(|list| list.all("CommentsCorrections"));
    for link in links {
        let Some(kind) = link.attribute("RefType").filter(|kind| !matches!(*kind, "Cites" | "CommentIn" | "CommentOn"))
        else {
            continue;
        };
        let told = [link.text_at("RefSource"), link.text_at("PMID").map(|pmid| format!("PMID {pmid}"))];
        let told: Vec<String> = told.into_iter().flatten().collect();
        record.extra.entry(kind.to_owned()).or_default().push(told.join(" "));
    }
}
