use super::*;

fn access() -> Access {
    Access {
        base_url: "https://www.ebi.ac.uk/europepmc/webservices/rest".parse().unwrap(),
        contact: None,
        key: None,
        insttoken: None,
        session: crate::sources::Session::default(),
        page_size: 100,
        product: None,
        sites: Vec::new(),
    }
}

fn answer(body: &str) -> Response {
    let url = "https://www.ebi.ac.uk/".parse().unwrap();
    Response { status: 200, headers: Vec::new(), body: body.into(), url }
}

fn page(hits: u64, cursor: Option<&str>, ids: &[u32]) -> Response {
    let results: Vec<String> = ids.iter().map(|id| format!(r#"{{"id": "{id}", "source": "MED"}}"#)).collect();
    let cursor = cursor.map(|cursor| format!(r#""nextCursorMark": "{cursor}","#)).unwrap_or_default();
    answer(&format!(r#"{{"hitCount": {hits}, {cursor} "resultList": {{"result": [{}]}}}}"#, results.join(",")))
}

fn parse(at: &At, response: &Response) -> Page {
    EuropePmc.parse(&access(), &State::of(at), response).unwrap()
}

fn after(page: &Page) -> At {
    let Next::More(state) = &page.next else { panic!("no next: {page:?}") };
    state.read().unwrap()
}

#[test]
fn lists_end_by_mark_or_empty_page() {
    let list = List::of("walk".into());
    let at = At::List(list.clone());
    let second = after(&parse(&at, &page(3, Some("m1"), &[1, 2])));
    assert_eq!(second, At::List(List { cursor: "m1".into(), arrived: 2, ..list.clone() }));
    assert_eq!(parse(&second, &page(3, None, &[3])).next, Next::End);
    assert_eq!(parse(&second, &page(3, Some("m1"), &[3])).next, Next::End);
    let early = parse(&second, &page(9, Some("m1"), &[3]));
    assert_eq!(early.warnings, ["Europe PMC reported 9 records and gave 3"]);
    let done = At::List(List { cursor: "m2".into(), arrived: 3, ..list.clone() });
    assert_eq!(parse(&done, &page(3, Some("m3"), &[])).next, Next::End);
    // An empty page too early is asked for again.
    assert!(matches!(after(&parse(&second, &page(3, None, &[]))), At::List(List { empty: 1, .. })));
    assert_eq!(parse(&at, &page(0, None, &[])).next, Next::End);
}

#[test]
fn long_queries_go_by_post() {
    let at = |query: String| State::of(&At::List(List::of(query)));
    let request = EuropePmc.next_request(&access(), &at("walk".into())).unwrap();
    assert!(request.body.is_none() && request.url.path().ends_with("/rest/search"), "{}", request.text());
    let request = EuropePmc.next_request(&access(), &at("walk OR ".repeat(300))).unwrap();
    assert!(matches!(request.body, Some(Body::Form(_))) && request.url.path().ends_with("/rest/searchPOST"));
}

#[test]
fn windows() {
    let window = MonthWindow { from: "2020-03".parse().ok(), to: None };
    assert_eq!(in_window("a OR b".into(), window), "(a OR b) AND (FIRST_PDATE:[2020-01-01 TO 3000-12-31])");
    assert_eq!(in_window("a".into(), MonthWindow::default()), "a");
}

#[test]
fn a_seed_is_found_by_doi() {
    let seed = Identifiers { doi: Some("10.5555/x".into()), ..Identifiers::default() };
    let state = EuropePmc.cite(&access(), &seed, Direction::Forward).unwrap();
    assert!(matches!(EuropePmc.parse(&access(), &state, &page(0, None, &[])), Err(SourceError::NotFound(_))));
    let found = EuropePmc.parse(&access(), &state, &page(1, None, &[7])).unwrap();
    let Next::More(state) = found.next else { panic!("no next") };
    let request = EuropePmc.next_request(&access(), &state).unwrap();
    assert!(request.url.as_str().ends_with("/rest/MED/7/citations?page=1&pageSize=100&format=json"), "{}", request.url);
    assert!(matches!(
        EuropePmc.cite(&access(), &Identifiers::default(), Direction::Forward),
        Err(SourceError::NotFound(_))
    ));
}

#[test]
fn a_citation_list_is_filled_page_by_page_and_loses_nothing() {
    let seed = Identifiers { pmid: Some("1".into()), ..Identifiers::default() };
    let state = EuropePmc.cite(&access(), &seed, Direction::Backward).unwrap();
    let list = r#"{"hitCount": 4, "referenceList": {"reference": [
        {"id": "11", "source": "MED", "title": "One"}, {"title": "Unknown", "pubYear": 1999, "match": "N"}, {"match": "N"}]}}"#;
    let page_1 = EuropePmc.parse(&access(), &state, &answer(list)).unwrap();
    assert!(page_1.records.is_empty());
    let filled = after(&page_1);
    let request = EuropePmc.next_request(&access(), &State::of(&filled)).unwrap();
    assert!(request.text().contains("query=%28EXT_ID%3A11+AND+SRC%3AMED%29&"), "{}", request.text());
    let found = r#"{"hitCount": 1, "resultList": {"result": [{"id": "11", "source": "MED", "title": "One", "doi": "10.5555/1"}]}}"#;
    let page_2 = parse(&filled, &answer(found));
    let told = |page: &Page| {
        page.records.iter().map(|r| (r.record.title.clone(), r.record.identifiers.doi.clone())).collect::<Vec<_>>()
    };
    let unknown = (Some("Unknown".to_owned()), None);
    assert_eq!(told(&page_2), [(Some("One".to_owned()), Some("10.5555/1".to_owned())), unknown.clone()]);
    assert_eq!((page_2.set_aside.len(), page_2.warnings.len()), (1, 0));
    assert!(matches!(after(&page_2), At::Cited(_)));
    // A search that fails takes no record with it.
    let page_2 = parse(&filled, &answer("<html>down"));
    assert_eq!(told(&page_2), [(Some("One".to_owned()), None), unknown]);
    assert_eq!(page_2.warnings.len(), 1);
}

#[test]
fn errors_within_a_success_are_errors() {
    let state = State::of(&At::List(List::of("(".into())));
    let error = |body: &str| EuropePmc.parse(&access(), &state, &answer(body)).unwrap_err();
    assert_eq!(error(r#"{"errCode": 400, "errMsg": "bad query"}"#), SourceError::Rejected("bad query".into()));
    assert_eq!(error(r#"{"version": "6.9"}"#), SourceError::Shape("hitCount is no count".into()));
    assert_eq!(error(r#"{"hitCount": 3}"#), SourceError::Shape("resultList.result is not an array".into()));
}
