use super::*;

fn access() -> Access {
    Access {
        base_url: "https://api.crossref.org".parse().unwrap(),
        contact: Some("team@example.org".into()),
        key: None,
        insttoken: None,
        session: crate::sources::Session::default(),
        page_size: 2,
        product: None,
        sites: Vec::new(),
    }
}

fn answer(status: u16, body: &str) -> Response {
    Response { status, headers: Vec::new(), body: body.into(), url: "https://api.crossref.org/".parse().unwrap() }
}

fn items(total: u64, dois: &[&str]) -> Response {
    let items: Vec<String> = dois.iter().map(|doi| format!(r#"{{"DOI": "10.5555/{doi}", "title": ["T"]}}"#)).collect();
    let items = items.join(",");
    answer(
        200,
        &format!(
            r#"{{"status": "ok", "message-type": "work-list", "message": {{"total-results": {total}, "next-cursor": "same", "items": [{items}]}}}}"#
        ),
    )
}

fn begin(most: u64) -> List {
    List { query: "walks".into(), cursor: "*".into(), most, ..List::default() }
}

fn parse(list: &List, response: &Response) -> Page {
    Crossref.parse(&access(), &State::of(&At::List(list.clone())), response).unwrap()
}

fn after(page: &Page) -> List {
    let Next::More(state) = &page.next else { panic!("no next: {page:?}") };
    match state.read().unwrap() {
        At::List(list) => list,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_unchanged_cursor_is_no_end_and_the_total_is() {
    let second = after(&parse(&begin(100), &items(5, &["a", "b"])));
    assert_eq!((second.cursor.as_str(), second.arrived), ("same", 2));
    let third = after(&parse(&second, &items(5, &["c", "d"])));
    let page = parse(&third, &items(5, &["e"]));
    assert_eq!((page.next, page.warnings.len()), (Next::End, 0));
}

#[test]
fn a_page_that_comes_again_ends_the_list() {
    let second = after(&parse(&begin(100), &items(500, &["a", "b"])));
    let page = parse(&second, &items(500, &["a", "b"]));
    assert_eq!((page.next, page.warnings.len()), (Next::End, 1));
}

#[test]
fn the_stopping_rule_holds() {
    let second = after(&parse(&begin(3), &items(500, &["a", "b"])));
    let request = Crossref.next_request(&access(), &State::of(&At::List(second.clone()))).unwrap();
    assert!(request.url.query().unwrap().contains("rows=1&"), "{}", request.url);
    assert_eq!(parse(&second, &items(500, &["c"])).next, Next::End);
}

#[test]
fn an_empty_page_too_early_is_told() {
    let page = parse(&begin(100), &items(7, &[]));
    assert_eq!(page.warnings, ["Crossref reported 7 records and gave 0"]);
}

#[test]
fn a_dead_cursor_begins_again_a_few_times() {
    let dead =
        answer(404, r#"{"status":"failed","message-type":"resource-failure","message":[{"type":"cursor-invalid"}]}"#);
    let list = List { cursor: "old".into(), arrived: 40, ..begin(100) };
    let again = after(&parse(&list, &dead));
    assert_eq!((again.cursor.as_str(), again.arrived, again.restarts), ("*", 0, 1));
    let state = State::of(&At::List(List { restarts: RESTARTS, ..list }));
    assert!(matches!(Crossref.parse(&access(), &state, &dead), Err(SourceError::NotFound(_))));
}

#[test]
fn errors_are_told_in_the_servers_words() {
    let state = State::of(&At::List(begin(9)));
    let error = |status, body| Crossref.parse(&access(), &state, &answer(status, body)).unwrap_err();
    let told = r#"{"status":"failed","message-type":"validation-failure","message":[{"type":"integer-not-valid","value":"x","message":"Integer specified as x"}]}"#;
    assert_eq!(error(400, told), SourceError::Rejected("status 400: Integer specified as x".into()));
    assert!(matches!(error(504, "<html><h1>504 Gateway Time-out"), SourceError::Unavailable(_)));
    assert!(matches!(error(200, r#"{"message-type":"member-list","message":{}}"#), SourceError::Shape(_)));
    assert!(matches!(error(200, r#"{"message-type":"work-list","message":{"items":7}}"#), SourceError::Shape(_)));
}

#[test]
fn windows_begin_with_the_year() {
    let window = MonthWindow { from: "2020-03".parse().ok(), to: "2023-07".parse().ok() };
    assert_eq!(window_filter(window), ("from-pub-date:2020,until-pub-date:2023-07".into(), false));
    assert_eq!(window_filter(MonthWindow::default()), (String::new(), true));
}

#[test]
fn dois_with_commas_are_asked_for_alone() {
    let dois: Vec<String> = (0..100).map(|n| format!("10.5555/{n}")).chain(["10.5555/a,b".to_owned()]).collect();
    let states = Crossref.look_up(&access(), &dois).unwrap();
    assert_eq!(states.len(), 4);
    let request = Crossref.next_request(&access(), &states[3]).unwrap();
    assert_eq!(request.url.as_str(), "https://api.crossref.org/works/10.5555/a,b?mailto=team%40example.org");
}
