//! Which links are found, and that order does not matter.

use proptest::prelude::*;

use super::*;
use crate::model::{Author, PartialDate};

const TITLE: &str = "Walking groups and loneliness in three coastal towns";

fn record(key: &str, title: &str, kind: Option<WorkType>, year: i32) -> Record {
    Record {
        source: "file".into(),
        source_key: key.into(),
        title: Some(title.into()),
        authors: vec![Author { family: "Pritchard".into(), given: "Elen".into(), collective: false }],
        dates: vec![PartialDate::of_year(year).unwrap()],
        types: kind.into_iter().collect(),
        ..Record::default()
    }
}

fn found(records: &[Record]) -> Vec<(usize, usize, Kind, &'static str)> {
    let works: Vec<usize> = (0..records.len()).collect();
    let links = relations(&records.iter().collect::<Vec<_>>(), &works);
    links.into_iter().map(|link| (link.a, link.b, link.kind, link.rule)).collect()
}

#[test]
fn each_kind_is_found_by_its_evidence() {
    let article = || record("article", TITLE, Some(WorkType::JournalArticle), 2021);
    let titled = |title: &str, kind: Option<WorkType>, year: i32| record("other", title, kind, year);
    for (other, kind) in [
        (titled(TITLE, Some(WorkType::Preprint), 2020), Kind::PreprintOf),
        (titled(TITLE, Some(WorkType::ConferencePaper), 2019), Kind::ConferenceOf),
        (titled(&format!("Erratum: {TITLE}"), None, 2021), Kind::ErratumOf),
        (titled(TITLE, Some(WorkType::Erratum), 2021), Kind::ErratumOf),
        (titled(&format!("Retraction: {TITLE}"), None, 2022), Kind::RetractionOf),
        (titled(&format!("{TITLE}: study protocol"), None, 2019), Kind::ProtocolOf),
        (titled(&format!("{TITLE}: an update"), None, 2023), Kind::UpdateOf),
    ] {
        assert_eq!(found(&[article(), other.clone()]), [(1, 0, kind, "title")], "{kind:?}");
        let mut stranger = other;
        stranger.authors = vec![Author { family: "Okafor".into(), ..Author::default() }];
        assert_eq!(found(&[article(), stranger]), [], "{kind:?} of strangers");
    }
    // Two articles of one title are no link; nor is a preprint that came years after its article.
    assert_eq!(found(&[article(), titled(TITLE, Some(WorkType::JournalArticle), 2021)]), []);
    assert_eq!(found(&[article(), titled(TITLE, Some(WorkType::Preprint), 2024)]), []);
}

#[test]
fn what_a_source_tells_comes_before_what_is_inferred() {
    let mut article = record("article", TITLE, Some(WorkType::JournalArticle), 2021);
    article.identifiers.doi = Some("10.5555/walk.1".into());
    let mut preprint =
        record("preprint", "Another title altogether, as preprints have", Some(WorkType::Preprint), 2020);
    preprint.extra.insert("relation".into(), vec!["is-preprint-of:10.5555/walk.1".into()]);
    assert_eq!(found(&[article.clone(), preprint.clone()]), [(1, 0, Kind::PreprintOf, "told")]);
    preprint.title = article.title.clone();
    assert_eq!(found(&[article.clone(), preprint.clone()]), [(1, 0, Kind::PreprintOf, "told")], "once, the told one");
    // An index calls it an update.
    preprint.extra = [("UpdateIn".to_owned(), vec!["J Walk. 2021 PMID 77".to_owned()])].into();
    article.identifiers.pmid = Some("77".into());
    assert_eq!(found(&[article, preprint]), [(1, 0, Kind::PreprintOf, "told")]);
}

#[test]
fn versions_of_a_cochrane_review_and_chapters_of_a_book_are_linked() {
    let review = |key: &str, doi: &str, year: i32| {
        let mut record = record(key, TITLE, Some(WorkType::Review), year);
        record.identifiers.doi = Some(doi.into());
        record
    };
    let versions =
        [review("a", "10.1002/14651858.cd001234.pub2", 2015), review("b", "10.1002/14651858.cd001234.pub3", 2021)];
    assert_eq!(found(&versions), [(1, 0, Kind::UpdateOf, "title")]);

    let mut book = record("book", "The handbook of walking", Some(WorkType::Book), 2021);
    let mut chapter = record("chapter", "How groups begin and end in small towns", Some(WorkType::BookChapter), 2021);
    chapter.venue = Some("The Handbook of Walking".into());
    for record in [&mut book, &mut chapter] {
        record.identifiers.isbn = vec!["9780000000002".into()];
    }
    assert_eq!(found(&[book.clone(), chapter.clone()]), [(1, 0, Kind::PartOf, "title")]);
    chapter.venue = Some("Another book".into());
    assert_eq!(found(&[book, chapter]), []);
}

#[test]
fn policy_parts_a_preprint_from_its_article_and_not_two_words_for_one_document() {
    let mut article = record("a", TITLE, Some(WorkType::JournalArticle), 2021);
    article.identifiers.doi = Some("10.5555/walk.1".into());
    let mut preprint = record("b", TITLE, Some(WorkType::Preprint), 2020);
    assert_eq!(apart(&article, &preprint), Some(Kind::PreprintOf));
    preprint.identifiers.doi = article.identifiers.doi.clone();
    assert_eq!(apart(&article, &preprint), None, "one DOI is one document");
    let mut paper = record("c", TITLE, Some(WorkType::ConferencePaper), 2021);
    assert_eq!(apart(&article, &paper), None, "a word for the type alone says nothing");
    article.venue = Some("Journal of Walking".into());
    paper.venue = Some("Proceedings of the Walkers".into());
    assert_eq!(apart(&article, &paper), Some(Kind::ConferenceOf));
}

proptest! {
    #[test]
    fn links_do_not_depend_on_the_order_of_records(
        marks in proptest::collection::vec(0usize..6, 2..9),
        turn in 0usize..8,
    ) {
        let titles = [
            TITLE.to_owned(),
            format!("Erratum: {TITLE}"),
            format!("{TITLE}: study protocol"),
            format!("Retraction: {TITLE}"),
            TITLE.to_owned(),
            format!("{TITLE} [letter]"),
        ];
        let kinds = [Some(WorkType::JournalArticle), None, None, None, Some(WorkType::Preprint), None];
        let records: Vec<Record> = marks
            .iter()
            .enumerate()
            .map(|(at, mark)| record(&format!("k{at}"), &titles[*mark], kinds[*mark], 2021))
            .collect();
        let named = |records: &[Record]| {
            let mut named: Vec<(String, String, Kind)> = found(records)
                .into_iter()
                .map(|(a, b, kind, _)| (records[a].key(), records[b].key(), kind))
                .collect();
            named.sort();
            named
        };
        let mut turned = records.clone();
        turned.rotate_left(turn % records.len());
        prop_assert_eq!(named(&records), named(&turned));
    }
}
