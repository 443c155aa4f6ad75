use super::*;
use crate::model::{LocationKind, WorkType};

const TITLE: &str = "Community hubs and wellbeing in rural Wales";

fn work() -> WorkForRetrieval {
    let identifiers = Identifiers { doi: Some("10.5555/hub.1".into()), ..Identifiers::default() };
    let record = Record {
        source: "scopus".into(),
        title: Some(TITLE.into()),
        identifiers,
        types: vec![WorkType::JournalArticle],
        urls: vec!["https://journal.example/article/1".into()],
        ..Record::default()
    };
    WorkForRetrieval { records: vec![record], supplied: None }
}

fn service(id: &str) -> Service {
    Service { source_id: id.into(), base_url: Url::parse(&format!("https://{id}.example/api/")).unwrap() }
}

fn location(url: &str, kind: LocationKind) -> Location {
    Location { url: url.into(), kind, licence: None, version: None }
}

fn response(status: u16, url: &Url, body: &str) -> Result<Response, NetError> {
    Ok(Response { status, headers: Vec::new(), body: body.as_bytes().to_vec(), url: url.clone() })
}

fn jats(title: &str) -> String {
    format!(
        "<article><front><article-meta><title-group><article-title>{title}</article-title></title-group>\
         <abstract><p>Short.</p></abstract></article-meta></front><body><p>{}</p></body></article>",
        "People met and talked in halls. ".repeat(60)
    )
}

fn page(title: &str, words: usize, head: &str) -> String {
    format!(
        "<html><head><title>{title}</title>{head}</head><body><main><p>{}</p></main></body></html>",
        "word ".repeat(words)
    )
}

fn fetch(retrieval: &mut Retrieval) -> (Url, String, bool) {
    match retrieval.step() {
        Step::Fetch { request, origin } => (request.url, origin, request.found),
        other => panic!("{other:?}"),
    }
}

fn outcomes(retrieved: &Retrieved) -> Vec<&'static str> {
    retrieved.attempts.iter().map(|attempt| attempt.outcome.name()).collect()
}

#[test]
fn services_are_asked_in_order_until_a_document_fits() {
    let services = [service("crossref"), service("openalex"), service("europepmc")];
    let mut retrieval = Retrieval::new(&work(), &services);
    let Step::Ask { source_id, .. } = retrieval.step() else { panic!("nothing is asked") };
    assert_eq!(source_id, "europepmc");
    let there = location("https://europepmc.example/api/PMC1/fullTextXML", LocationKind::Jats);
    retrieval.answer_locations(Ok(vec![there]));
    let (url, origin, found) = fetch(&mut retrieval);
    assert_eq!((origin.as_str(), found), ("europepmc", false));
    retrieval.answer(response(404, &url, ""));
    let Step::Ask { source_id, .. } = retrieval.step() else { panic!("nothing is asked") };
    assert_eq!(source_id, "openalex");
    retrieval.answer_locations(Ok(vec![
        location("https://repository.example/other", LocationKind::Pdf),
        location("https://repository.example/1", LocationKind::Pdf),
    ]));
    let (url, _, found) = fetch(&mut retrieval);
    assert!(found);
    retrieval.answer(response(200, &url, &jats("Another work altogether on other themes")));
    let (url, ..) = fetch(&mut retrieval);
    retrieval.answer(response(200, &url, &jats(TITLE)));
    assert!(matches!(retrieval.step(), Step::Done));
    let retrieved = retrieval.finish();
    assert_eq!(outcomes(&retrieved), ["not-found", "wrong-document", "ok"]);
    let found = retrieved.found.unwrap();
    assert_eq!((found.origin.as_str(), found.url.as_str()), ("openalex", "https://repository.example/1"));
}

#[test]
fn a_landing_page_is_no_full_text_but_names_it() {
    let mut retrieval = Retrieval::new(&work(), &[]);
    let (url, origin, _) = fetch(&mut retrieval);
    assert_eq!((url.as_str(), origin.as_str()), ("https://journal.example/article/1", "record of scopus"));
    let head = r#"<meta name="citation_title" content="Community hubs and wellbeing in rural Wales"><meta name="citation_pdf_url" content="/article/1.xml">"#;
    retrieval.answer(response(200, &url, &page("Journal", 300, head)));
    let (url, origin, _) = fetch(&mut retrieval);
    assert_eq!(
        (url.as_str(), origin.as_str()),
        ("https://journal.example/article/1.xml", "citation_pdf_url of record of scopus")
    );
    retrieval.answer(response(200, &url, &jats(TITLE)));
    let retrieved = retrieval.finish();
    assert_eq!(outcomes(&retrieved), ["not-a-document", "ok"]);
}

#[test]
fn every_failure_has_its_name_and_no_address_is_tried_twice() {
    let mut work = work();
    work.records[0].urls = (0..9).map(|number| format!("https://host.example/{number}")).collect();
    work.records[0].urls.push("http://host.example/0".into());
    let mut retrieval = Retrieval::new(&work, &[]);
    let sold = page(TITLE, 200, "").replace("word ", "buy this article ");
    let login = "<html><title>Sign in</title><form action='/login'><input type='password'></form></html>";
    let wait = Err(NetError::Timeout(30));
    type Answer = Box<dyn Fn(&Url) -> Result<Response, NetError>>;
    let answers: Vec<Answer> = vec![
        Box::new(|url| response(403, url, "")),
        Box::new(move |url| response(200, url, login)),
        Box::new(|_| Err(NetError::Robots("disallowed".into()))),
        Box::new(|_| Err(NetError::TooLarge(1))),
        Box::new(move |_| wait.clone()),
        Box::new(|_| Err(NetError::Blocked("private".into()))),
        Box::new(|url| response(503, url, "")),
        Box::new(|url| response(200, url, "{\"a\": 1}")),
        Box::new(move |url| response(200, url, &sold)),
        Box::new(|url| response(404, url, "")),
    ];
    for answer in &answers {
        let (url, ..) = fetch(&mut retrieval);
        retrieval.answer(answer(&url));
    }
    assert!(matches!(retrieval.step(), Step::Done));
    let retrieved = retrieval.finish();
    let expected = [
        "paywall",
        "login-page",
        "robots",
        "too-big",
        "timeout",
        "refused-address",
        "unavailable",
        "not-a-document",
        "paywall",
        "not-found",
    ];
    assert_eq!(outcomes(&retrieved), expected);
    assert_eq!(retrieved.attempts[9].origin, "doi");
    assert_eq!(retrieved.found, None);
}

#[test]
fn a_web_page_is_grey_literature_itself() {
    let mut work = work();
    work.records[0].identifiers = Identifiers::default();
    work.records[0].types = vec![WorkType::Webpage];
    let mut retrieval = Retrieval::new(&work, &[service("openalex")]);
    let (url, ..) = fetch(&mut retrieval);
    let cover = page(TITLE, 120, "").replace("<p>", "<p><a href='report.pdf'>Read the report</a> ");
    retrieval.answer(response(200, &url, &cover));
    // The file that the page names is tried before the page is taken.
    let (url, ..) = fetch(&mut retrieval);
    assert_eq!(url.as_str(), "https://journal.example/article/report.pdf");
    retrieval.answer(response(404, &url, ""));
    assert!(matches!(retrieval.step(), Step::Done));
    assert_eq!(retrieval.finish().found.unwrap().url, "https://journal.example/article/1");
}

#[test]
fn a_supplied_file_ends_the_search() {
    let supplied = Some(b"Title: Anything\n\nWe met and talked.\n".to_vec());
    let mut retrieval = Retrieval::new(&WorkForRetrieval { supplied, ..work() }, &[service("europepmc")]);
    assert!(matches!(retrieval.step(), Step::Done));
    assert_eq!(retrieval.finish().found.unwrap().origin, "supplied");
}

#[test]
fn outcomes_serialise_under_their_names() {
    for outcome in [Outcome::Ok, Outcome::NotADocument, Outcome::NoTextLayer, Outcome::RefusedAddress, Outcome::TooBig]
    {
        assert_eq!(serde_json::to_value(outcome).unwrap(), outcome.name());
    }
}

#[test]
fn a_journals_page_leads_to_its_article() {
    let mut work = work();
    work.records[0].title = Some("Shared Kitchens and Wellbeing: A Realist Evaluation".into());
    work.records[0].identifiers.doi = None;
    work.records[0].urls = vec!["https://jlc.example/2021/7".into()];
    let mut retrieval = Retrieval::new(&work, &[]);
    let (url, ..) = fetch(&mut retrieval);
    retrieval.answer(response(200, &url, include_str!("../../tests/fixtures/documents/landing-page.html")));
    let (url, ..) = fetch(&mut retrieval);
    assert_eq!(url.as_str(), "https://jlc.example/jlc/2021/7.pdf");
    // What arrives is judged by its bytes: this publisher sends XML under the name of a PDF.
    retrieval.answer(response(200, &url, include_str!("../../tests/fixtures/documents/article.xml")));
    let retrieved = retrieval.finish();
    assert_eq!(outcomes(&retrieved), ["paywall", "ok"]);
    assert_eq!(retrieved.found.unwrap().document.doi.as_deref(), Some("10.5555/jlc.2021.7"));
}
