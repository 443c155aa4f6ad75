use super::*;

fn access() -> Access {
    Access {
        base_url: "https://api.openalex.org".parse().unwrap(),
        contact: Some("team@example.org".into()),
        key: Some("k-e-y".into()),
        insttoken: None,
        session: crate::sources::Session::default(),
        page_size: 100,
        product: None,
        sites: Vec::new(),
    }
}

fn answer(status: u16, body: &str) -> Response {
    Response { status, headers: Vec::new(), body: body.into(), url: "https://api.openalex.org/".parse().unwrap() }
}

#[test]
fn a_window_is_whole_months_and_commas_do_not_divide() {
    let window = MonthWindow { from: "2020-03".parse().ok(), to: "2024-02".parse().ok() };
    assert_eq!(
        search_list("(\"health, care\" AND a|b)", false, window).text(),
        "filter=title_and_abstract.search:(\"health  care\" AND a b),from_publication_date:2020-01-01,to_publication_date:2024-02-29"
    );
    assert_eq!(search_list("a", true, MonthWindow::default()).text(), "search=a");
}

#[test]
fn a_query_is_planned() {
    let tree = query::parse("title:neighbour AND (walk OR \"long walk\")").tree.unwrap();
    let question = Question { query: &tree, window: MonthWindow::default(), max_records: 10 };
    let plan = OpenAlex.search(&access(), &question).unwrap();
    assert!(plan.queries[0].starts_with("filter=title_and_abstract.search:"), "{:?}", plan.queries);
    let tree = query::parse("fulltext:neighbour AND walk").tree.unwrap();
    let plan = OpenAlex.search(&access(), &Question { query: &tree, ..question }).unwrap();
    assert!(plan.queries[0].starts_with("search="), "{:?}", plan.queries);
}

#[test]
fn a_long_query_is_asked_in_parts_that_fit() {
    let terms = |word: &str| (0..300).map(|n| format!("\"{word} number {n}\"")).collect::<Vec<_>>().join(" OR ");
    let tree = query::parse(&format!("({}) AND (walk OR stroll)", terms("neighbour"))).tree.unwrap();
    let window = MonthWindow { from: "2020-03".parse().ok(), to: "2023-07".parse().ok() };
    let plan = OpenAlex.search(&access(), &Question { query: &tree, window, max_records: 10 }).unwrap();
    assert!(plan.queries.len() > 1 && plan.queries.len() == plan.states.len());
    let all = plan.queries.concat();
    for n in 0..300 {
        assert!(all.contains(&format!("\"neighbour number {n}\"")), "{n}");
    }
    for state in &plan.states {
        let address = OpenAlex.next_request(&access(), state).unwrap().url.to_string();
        assert!(address.len() + CURSOR_ROOM <= LONGEST_ADDRESS, "{}", address.len());
    }
}

#[test]
fn keys_stay_out_of_the_address() {
    let seed = Identifiers { doi: Some("10.1000/a?b#c%d".into()), ..Identifiers::default() };
    let state = OpenAlex.cite(&access(), &seed, Direction::Forward).unwrap();
    let request = OpenAlex.next_request(&access(), &state).unwrap();
    assert_eq!(
        request.url.as_str(),
        "https://api.openalex.org/works/https://doi.org/10.1000/a%3Fb%23c%25d?mailto=team%40example.org&select=id"
    );
    assert_eq!(request.secret_headers.len(), 1);
}

#[test]
fn a_seed_is_tried_by_all_its_names() {
    let seed = Identifiers { doi: Some("10.1000/x".into()), pmid: Some("77".into()), ..Identifiers::default() };
    let state = OpenAlex.cite(&access(), &seed, Direction::Backward).unwrap();
    let lost = answer(404, "<!doctype html><h1>Not Found</h1>");
    let Next::More(state) = OpenAlex.parse(&access(), &state, &lost).unwrap().next else { panic!("no next") };
    assert!(OpenAlex.next_request(&access(), &state).unwrap().url.path().ends_with("/works/pmid:77"));
    assert!(matches!(OpenAlex.parse(&access(), &state, &lost), Err(SourceError::NotFound(_))));
    let known = answer(200, r#"{"id": "https://openalex.org/W5"}"#);
    let Next::More(state) = OpenAlex.parse(&access(), &state, &known).unwrap().next else { panic!("no next") };
    assert!(
        OpenAlex.next_request(&access(), &state).unwrap().url.query().unwrap().starts_with("filter=cited_by%3AW5&")
    );
    assert!(matches!(
        OpenAlex.cite(&access(), &Identifiers::default(), Direction::Forward),
        Err(SourceError::NotFound(_))
    ));
}

#[test]
fn dois_are_asked_for_in_batches() {
    let dois: Vec<String> = (0..120).map(|n| format!("10.1000/{n}")).chain(["10.1000/a,b".to_owned()]).collect();
    let states = OpenAlex.look_up(&access(), &dois).unwrap();
    assert_eq!(states.len(), 4);
    for state in &states {
        assert!(OpenAlex.next_request(&access(), state).unwrap().url.as_str().len() <= LONGEST_ADDRESS);
    }
    let long: Vec<String> = (0..50).map(|n| format!("10.1000/{}{n}", "(x)".repeat(60))).collect();
    for state in OpenAlex.look_up(&access(), &long).unwrap() {
        assert!(OpenAlex.next_request(&access(), &state).unwrap().url.as_str().len() <= LONGEST_ADDRESS);
    }
}

#[test]
fn lists_end_and_only_there() {
    let state = |list: &List| State::of(&At::List(list.clone()));
    let list = List { arrived: 1, ..List::of("cites:W1".into()) };
    let next = |list: &List, body: &str| OpenAlex.parse(&access(), &state(list), &answer(200, body)).unwrap();
    let work = r#"{"id": "https://openalex.org/W2"}"#;
    let page = next(&list, &format!(r#"{{"meta": {{"count": 3, "next_cursor": "abc"}}, "results": [{work}]}}"#));
    let more = List { cursor: "abc".into(), arrived: 2, ..list.clone() };
    assert_eq!(page.next, Next::More(state(&more)));
    // The same cursor again would go on for ever.
    let page = next(&more, &format!(r#"{{"meta": {{"count": 3, "next_cursor": "abc"}}, "results": [{work}]}}"#));
    assert_eq!((page.next, page.broken, page.warnings.len()), (Next::End, None, 1));
    // With most of it still to come, the reading is broken; and so is one that goes beyond all bounds.
    let page = next(&more, &format!(r#"{{"meta": {{"count": 30, "next_cursor": "abc"}}, "results": [{work}]}}"#));
    assert_eq!((page.next, page.broken.is_some(), page.warnings), (Next::End, true, Vec::new()));
    let far = List { arrived: 2_000, ..more.clone() };
    let page = next(&far, &format!(r#"{{"meta": {{"count": 30, "next_cursor": "xyz"}}, "results": [{work}]}}"#));
    assert_eq!((page.next, page.broken.is_some(), page.records.len()), (Next::End, true, 1));
    let more_to_come = answer(200, r#"{"meta": {"count": 30, "next_cursor": "xyz"}, "results": []}"#);
    let asked_enough = List { empty: EMPTY_PAGES, ..more.clone() };
    let error = OpenAlex.parse(&access(), &state(&asked_enough), &more_to_come).unwrap_err();
    assert_eq!(error, SourceError::Unavailable("an empty page after 2 of 30 works".into()));
    // An empty page before all has arrived is asked for again, a few times.
    let empty = r#"{"meta": {"count": 3, "next_cursor": null}, "results": []}"#;
    assert_eq!(next(&more, empty).next, Next::More(state(&List { empty: 1, ..more.clone() })));
    let page = next(&List { empty: EMPTY_PAGES, ..more.clone() }, empty);
    assert_eq!((page.next, page.warnings), (Next::End, vec!["OpenAlex reported 3 works and gave 2".to_owned()]));
    let page = next(&List { arrived: 3, ..more }, empty);
    assert_eq!((page.next, page.warnings), (Next::End, Vec::new()));
}

#[test]
fn answers_of_another_shape_are_named() {
    let state = State::of(&At::List(List::of("cites:W1".into())));
    let error = |status, body: &str| OpenAlex.parse(&access(), &state, &answer(status, body)).unwrap_err();
    assert_eq!(error(200, r#"{"results": []}"#), SourceError::Shape("no meta".into()));
    assert_eq!(error(200, r#"{"meta": {}, "results": {}}"#), SourceError::Shape("results is not an array".into()));
    assert!(matches!(error(200, r#"{"meta": {"count": 1}, "resu"#), SourceError::Unavailable(_)));
    assert!(matches!(error(200, "<html><body>Sign in"), SourceError::Unavailable(_)));
    let told = r#"{"error": "Invalid query parameters error.", "message": "x is not a valid field"}"#;
    assert!(matches!(error(400, told), SourceError::Rejected(said) if said.contains("not a valid field")));
    assert!(matches!(error(403, "{}"), SourceError::Refused(_)));
    assert!(matches!(error(403, r#"{"error": "Rate limit exceeded"}"#), SourceError::Throttled { .. }));
    assert!(matches!(error(429, r#"{"error": "Rate limit exceeded"}"#), SourceError::Throttled { .. }));
    assert!(matches!(error(429, r#"{"message": "Insufficient budget"}"#), SourceError::QuotaSpent { until: None }));
}
