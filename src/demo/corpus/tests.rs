//! An independent count of what the corpus holds for the review at the project's root. The published
//! table's numbers stand here, in a test, and nowhere in the program.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::model::{MonthWindow, Truth, WorkType};
use crate::query::{Fields, Matcher, parse};
use crate::text::normalise;

fn query(name: &str) -> Matcher {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("queries").join(name);
    Matcher::new(&parse(&std::fs::read_to_string(path).unwrap()).sound().unwrap())
}

fn window(from: &str, to: &str) -> MonthWindow {
    MonthWindow { from: from.parse().ok(), to: to.parse().ok() }
}

fn within(window: MonthWindow, day: Day) -> bool {
    window.may_hold(day.partial().unwrap())
}

/// Title, abstract and the authors' keywords.
fn fields(work: &Work) -> Fields<'_> {
    Fields {
        title: Some(&work.title),
        abstract_text: work.abstract_text.as_deref(),
        keywords: Some(&work.keywords),
        full_text: None,
        ..Fields::default()
    }
}

/// Those and the text, as the last stage sees them.
fn truth_of_all(matcher: &Matcher, fields: Fields<'_>, body: &[(String, String)]) -> bool {
    let text = body.iter().map(|(heading, text)| format!("{heading}\n\n{text}")).collect::<Vec<_>>().join("\n\n");
    matcher.truth(&Fields { full_text: Some(&text), ..fields }) == Truth::True
}

/// What a database finds: by what it shows, and by what it indexes a work under besides.
fn is_found(search: &Matcher, work: &Work) -> bool {
    let indexed: Vec<String> = work.keywords.iter().chain(&work.index_terms).cloned().collect();
    // A work without an abstract is there to be found by its index terms.
    work.abstract_text.is_none() || search.truth(&Fields { keywords: Some(&indexed), ..fields(work) }) == Truth::True
}

struct Margins {
    screened: usize,
    excluded: usize,
    assessed: usize,
    excluded_at_full_text: usize,
}

fn database_arm(
    corpus: &Corpus,
    search: &str,
    window: MonthWindow,
    databases: &[Database],
    types: &[WorkType],
) -> Margins {
    let (search, core, last) = (query(search), query("topic-core.query"), query("topic-fulltext.query"));
    let found: Vec<&Work> = corpus
        .works
        .iter()
        .filter(|work| databases.iter().any(|database| work.holding(*database).is_some()))
        .filter(|work| within(window, work.date) && is_found(&search, work))
        .collect();
    let advanced: Vec<&&Work> = found
        .iter()
        .filter(|work| core.truth(&fields(work)) != Truth::False)
        .filter(|work| types.contains(&work.kind))
        .collect();
    let failed = advanced.iter().filter(|work| !truth_of_all(&last, fields(work), &work.body)).count();
    Margins {
        screened: found.len(),
        excluded: found.len() - advanced.len(),
        assessed: advanced.len(),
        excluded_at_full_text: failed,
    }
}

#[test]
fn it_is_the_same_at_every_call() {
    assert_eq!(Corpus::generate(), Corpus::generate());
}

#[test]
fn the_academic_databases_hold_the_published_margins() {
    let corpus = Corpus::generate();
    let margins = database_arm(
        &corpus,
        "academic.query",
        window("2020-03", "2023-07"),
        &[Database::Scopus, Database::Wos],
        &[WorkType::JournalArticle, WorkType::Review],
    );
    assert_eq!((margins.screened, margins.excluded), (640, 451));
    assert_eq!((margins.assessed, margins.excluded_at_full_text), (189, 152));
}

#[test]
fn the_six_databases_hold_the_published_margins() {
    let corpus = Corpus::generate();
    let all = [
        Database::Scopus,
        Database::Wos,
        Database::OpenAlex,
        Database::Crossref,
        Database::PubMed,
        Database::EuropePmc,
    ];
    let margins = database_arm(
        &corpus,
        "pre-pandemic.query",
        window("2013-01", "2020-03"),
        &all,
        &[WorkType::Review, WorkType::Report, WorkType::Thesis],
    );
    assert_eq!((margins.screened, margins.excluded), (641, 581));
    assert_eq!((margins.assessed, margins.excluded_at_full_text), (60, 51));
}

/// Works within the window that are linked to the seeds and not found by the stream's own search.
fn citation_arm(
    corpus: &Corpus,
    search: &str,
    window: MonthWindow,
    databases: &[Database],
    types: &[WorkType],
) -> (usize, usize) {
    let (search, core, last) = (query(search), query("topic-core.query"), query("topic-fulltext.query"));
    let found =
        |work: &Work| databases.iter().any(|database| work.holding(*database).is_some()) && is_found(&search, work);
    let passes_last = |work: &Work| truth_of_all(&last, fields(work), &work.body) && types.contains(&work.kind);
    let included: BTreeSet<usize> = corpus
        .works
        .iter()
        .filter(|work| within(window, work.date) && found(work) && passes_last(work))
        .filter(|work| core.truth(&fields(work)) != Truth::False)
        .map(|work| work.number)
        .collect();
    let reached: Vec<&Work> = corpus
        .works
        .iter()
        .filter(|work| {
            work.cites.iter().any(|cited| included.contains(cited))
                || included.iter().any(|seed| corpus.works[*seed].cites.contains(&work.number))
        })
        .filter(|work| within(window, work.date) && !found(work))
        .collect();
    (reached.len(), reached.iter().filter(|work| !passes_last(work)).count())
}

fn page_fields(document: &WebDocument) -> Fields<'_> {
    Fields { title: Some(&document.title), abstract_text: Some(&document.description), ..Fields::default() }
}

fn pages(corpus: &Corpus, window: MonthWindow, shelf: Shelf) -> (usize, usize) {
    let (search, last) = (query("grey.query"), query("topic-fulltext.query"));
    let found: Vec<&WebDocument> = corpus
        .documents
        .iter()
        .filter(|document| document.shelf == shelf && within(window, document.date))
        .filter(|document| search.truth(&page_fields(document)) == Truth::True)
        .collect();
    (found.len(), found.iter().filter(|document| !truth_of_all(&last, page_fields(document), &document.body)).count())
}

#[test]
fn citation_and_web_searches_reach_the_published_margins() {
    let corpus = Corpus::generate();
    let academic = citation_arm(
        &corpus,
        "academic.query",
        window("2020-03", "2023-07"),
        &[Database::Scopus, Database::Wos],
        &[WorkType::JournalArticle, WorkType::Review],
    );
    assert_eq!(academic, (19, 9));
    let before = window("2013-01", "2020-03");
    let all = [Database::Scopus, Database::Wos, Database::OpenAlex, Database::Crossref, Database::PubMed];
    let cited = citation_arm(
        &corpus,
        "pre-pandemic.query",
        before,
        &all,
        &[WorkType::Review, WorkType::Report, WorkType::Thesis],
    );
    let (govuk, site) = (pages(&corpus, before, Shelf::GovUk), pages(&corpus, before, Shelf::Site));
    assert_eq!((cited.0 + govuk.0 + site.0, cited.1 + govuk.1 + site.1), (68, 40), "{cited:?} {govuk:?} {site:?}");
}

#[test]
fn grey_sources_have_the_published_margins() {
    let corpus = Corpus::generate();
    let period = window("2020-03", "2023-07");
    let (govuk, site) = (pages(&corpus, period, Shelf::GovUk), pages(&corpus, period, Shelf::Site));
    let last = query("topic-fulltext.query");
    let own: Vec<&WebDocument> = corpus
        .references
        .iter()
        .map(|reference| &corpus.documents[reference.document])
        .filter(|document| document.shelf == Shelf::Report)
        .collect();
    let failed = own.iter().filter(|document| !truth_of_all(&last, page_fields(document), &document.body)).count();
    assert_eq!((govuk.0 + site.0 + own.len(), govuk.1 + site.1 + failed), (101, 43), "{govuk:?} {site:?}");
    assert!(corpus.references.len() > own.len(), "members name some that the online search finds too");
}

#[test]
fn every_case_study_tells_a_story() {
    let corpus = Corpus::generate();
    assert_eq!(corpus.submissions.iter().map(|file| file.case_studies).sum::<usize>(), 95);
    let names: BTreeSet<&str> = corpus.submissions.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names.len(), corpus.submissions.len());
    let story = query("story.query");
    for file in corpus.submissions.iter().filter(|file| file.name.ends_with(".txt")) {
        let text = String::from_utf8_lossy(&file.bytes);
        let fields = Fields { full_text: Some(&text), ..Fields::default() };
        assert_eq!(story.truth(&fields), Truth::True, "{}", file.name);
    }
}

#[test]
fn no_two_works_look_alike() {
    let corpus = Corpus::generate();
    let mut titles: BTreeMap<String, &str> = BTreeMap::new();
    let all = corpus
        .works
        .iter()
        .filter(|work| work.kind != WorkType::Erratum)
        .map(|work| work.title.as_str())
        .chain(corpus.documents.iter().map(|document| document.title.as_str()));
    for title in all {
        let key = normalise::words(title).join(" ");
        if let Some(other) = titles.insert(key, title) {
            panic!("'{title}' and '{other}'");
        }
    }
}

#[test]
fn articles_are_long_enough_to_be_told_from_landing_pages() {
    for work in Corpus::generate().works.into_iter().filter(|work| work.topic != Topic::Elsewhere) {
        let words: usize = work.body.iter().map(|(_, text)| text.split_whitespace().count()).sum();
        assert!((1_210..2_400).contains(&words), "{words} words: {}", work.title);
    }
}
