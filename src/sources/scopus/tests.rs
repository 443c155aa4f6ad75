use super::*;

fn access() -> Access {
    Access {
        base_url: "http://127.0.0.1:9".parse().unwrap(),
        contact: None,
        key: Some("secret-key".into()),
        insttoken: Some("secret-token".into()),
        session: crate::sources::Session::default(),
        page_size: 200,
        product: None,
        sites: Vec::new(),
    }
}

fn answer(status: u16, body: &str) -> Response {
    Response { status, headers: Vec::new(), body: body.into(), url: "http://127.0.0.1:9/".parse().unwrap() }
}

fn at(from: i16, to: i16) -> At {
    At { query: "TITLE-ABS-KEY(\"x y\")".into(), years: Years { from: Some(from), to: Some(to) }, ..At::default() }
}

fn hits(total: u64, count: usize) -> String {
    let entries: Vec<String> = (0..count).map(|n| format!(r#"{{"dc:identifier":"SCOPUS_ID:{n}"}}"#)).collect();
    format!(r#"{{"search-results":{{"opensearch:totalResults":"{total}","entry":[{}]}}}}"#, entries.join(","))
}

fn parse(at: &At, response: &Response) -> Result<Page, SourceError> {
    Scopus.parse(&access(), &State::of(at), response)
}

fn following(next: &Next) -> At {
    match next {
        Next::More(state) => state.read().unwrap(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_request_holds_no_secret() {
    let request = Scopus.next_request(&access(), &State::of(&at(2020, 2023))).unwrap();
    let text = request.text();
    assert!(
        text.contains("query=%28TITLE-ABS-KEY%28%22x+y%22%29%29+AND+PUBYEAR+%3E+2019+AND+PUBYEAR+%3C+2024"),
        "{text}"
    );
    assert!(text.contains("start=0&count=200") && !text.contains("secret"), "{text}");
    assert_eq!(request.secret_headers.len(), 2);
    let missing = Scopus.next_request(&Access { key: None, ..access() }, &State::of(&at(2020, 2023)));
    assert_eq!(missing.unwrap_err(), SourceError::KeyMissing("SCOPUS_API_KEY".into()));
}

#[test]
fn pages_follow_until_the_total() {
    let page = parse(&at(2020, 2023), &answer(200, &hits(250, 200))).unwrap();
    assert_eq!((page.records.len(), page.reported), (200, Some(250)));
    let second = following(&page.next);
    assert_eq!(second.start, 200);
    let page = parse(&second, &answer(200, &hits(250, 50))).unwrap();
    assert_eq!((page.next, page.reported), (Next::End, None));
    let page = parse(&second, &answer(200, &hits(249, 49))).unwrap();
    assert_eq!(page.warnings.len(), 1);
    assert!(matches!(parse(&second, &answer(200, &hits(250, 0))), Err(SourceError::Unavailable(_))));
}

#[test]
fn too_many_hits_are_split_by_year_then_go_by_cursor() {
    let page = parse(&at(2020, 2021), &answer(200, &hits(6_000, 25))).unwrap();
    let Next::Split(states) = page.next else { panic!() };
    let slices: Vec<At> = states.iter().map(|state| state.read().unwrap()).collect();
    assert_eq!(slices.iter().map(|slice| slice.years.from).collect::<Vec<_>>(), [Some(2020), Some(2021)]);
    let page = parse(&slices[0], &answer(200, &hits(5_500, 25))).unwrap();
    assert_eq!(page.reported, None);
    let cursor = following(&page.next);
    assert_eq!(cursor.cursor.as_deref(), Some("*"));
    let refused = r#"{"service-error":{"status":{"statusText":"Use of the cursor parameter is restricted"}}}"#;
    let page = parse(&cursor, &answer(403, refused)).unwrap();
    let mut start = following(&page.next);
    assert!(start.no_cursor && start.cursor.is_none());
    let mut requests = 0;
    let last = loop {
        requests += 1;
        let page = parse(&start, &answer(200, &hits(5_500, 200))).unwrap();
        match page.next {
            Next::More(state) => start = state.read().unwrap(),
            _ => break page,
        }
    };
    assert_eq!((requests, last.warnings.len()), (25, 1));
}

#[test]
fn a_page_size_above_the_service_level_is_lowered() {
    let refused = r#"{"service-error":{"status":{"statusCode":"INVALID_INPUT","statusText":"Exceeds the maximum number allowed for the service level"}}}"#;
    let page = parse(&at(2020, 2020), &answer(400, refused)).unwrap();
    let small = following(&page.next);
    assert_eq!(small.count, Some(25));
    assert!(matches!(parse(&small, &answer(400, refused)), Err(SourceError::Rejected(_))));
}

#[test]
fn a_spent_quota_is_told_from_a_throttle() {
    let mut spent = answer(429, "<service-error/>");
    spent.headers = vec![
        ("x-els-status".into(), "QUOTA_EXCEEDED - Quota Exceeded".into()),
        ("x-ratelimit-reset".into(), "1594210657000".into()),
    ];
    let error = parse(&at(2020, 2020), &spent).unwrap_err();
    assert_eq!(error, SourceError::QuotaSpent { until: Some("2020-07-08T12:17:37Z".into()) });
    assert_eq!(parse(&at(2020, 2020), &answer(429, "")).unwrap_err(), SourceError::Throttled { retry_after_s: None });
}

#[test]
fn an_entry_without_an_id_is_set_aside() {
    let body = r#"{"search-results":{"opensearch:totalResults":"2","entry":[{"dc:title":"x"},{"eid":"2-s2.0-9"}]}}"#;
    let page = parse(&at(2020, 2020), &answer(200, body)).unwrap();
    assert_eq!((page.records.len(), page.set_aside.len(), page.next), (1, 1, Next::End));
    assert_eq!(page.records[0].record.source_key, "9");
}

#[test]
fn a_query_is_asked_in_whole_years() {
    let query = crate::query::parse("\"community action\"").sound().ok().unwrap();
    let window = crate::model::MonthWindow { from: "2020-03".parse().ok(), to: "2023-07".parse().ok() };
    let plan = Scopus.search(&access(), &Question { query: &query, window, max_records: 5_000 }).unwrap();
    assert_eq!(plan.queries, ["(TITLE-ABS-KEY(\"community action\")) AND PUBYEAR > 2019 AND PUBYEAR < 2024"]);
    assert!(!plan.window_exact && plan.states.len() == 1);
    let window = crate::model::MonthWindow { from: "2020-01".parse().ok(), to: None };
    assert!(Scopus.search(&access(), &Question { query: &query, window, max_records: 5_000 }).unwrap().window_exact);
}

#[test]
fn a_query_too_long_for_an_address_is_asked_in_parts() {
    let words: Vec<String> = (0..900).map(|number| format!("neighbourhood{number}")).collect();
    let tree = crate::query::parse(&format!("({}) AND uk", words.join(" OR "))).tree.unwrap();
    let question = Question { query: &tree, window: Default::default(), max_records: 1 };
    let plan = Scopus.search(&access(), &question).unwrap();
    assert!(plan.states.len() > 1 && plan.query_exact && plan.warnings.is_empty());
    for (state, query) in plan.states.iter().zip(&plan.queries) {
        assert_eq!(state.read::<At>().unwrap().text(), *query);
        let request = Scopus.next_request(&access(), state).unwrap();
        assert!(request.url.as_str().len() < 8_000 && query.ends_with("AND uk)"), "{query}");
    }
    for word in words {
        let asked = |query: &&String| query.split([' ', '(', ')']).any(|asked| asked == word);
        assert_eq!(plan.queries.iter().filter(asked).count(), 1, "{word}");
    }
}
