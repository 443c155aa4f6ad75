use super::*;
use crate::model::{LocationKind, MonthWindow};

fn access() -> Access {
    Access {
        base_url: INFO.base_url.parse().unwrap(),
        contact: None,
        key: None,
        insttoken: None,
        session: crate::sources::Session::default(),
        page_size: 2,
        product: None,
        sites: Vec::new(),
    }
}

fn answer(status: u16, body: &str) -> Response {
    Response { status, headers: Vec::new(), body: body.into(), url: "http://127.0.0.1:9/".parse().unwrap() }
}

fn state(max_records: u64) -> State {
    let query = crate::query::parse("\"community action\"").sound().ok().unwrap();
    let window = MonthWindow { from: "2020-03".parse().ok(), to: "2023-07".parse().ok() };
    let plan = GovUk.search(&access(), &Question { query: &query, window, max_records }).unwrap();
    assert!(!plan.query_exact && !plan.window_exact);
    plan.states.into_iter().next().unwrap()
}

fn results(total: u64, count: usize) -> String {
    let results: Vec<String> = (0..count).map(|n| format!(r#"{{"link":"/x{n}","title":"T"}}"#)).collect();
    format!(r#"{{"results":[{}],"total":{total},"start":0}}"#, results.join(","))
}

fn parse(state: &State, response: &Response) -> Result<Page, SourceError> {
    GovUk.parse(&access(), state, response)
}

#[test]
fn a_search_is_read_to_its_stated_end() {
    let first = state(3);
    let text = GovUk.next_request(&access(), &first).unwrap().text();
    assert!(text.starts_with("GET https://www.gov.uk/api/search.json?q="), "{text}");
    assert!(
        text.contains("&count=2&start=0&") && text.ends_with("&filter_public_timestamp=from%3A2020-03-01"),
        "{text}"
    );
    let page = parse(&first, &answer(200, &results(7, 2))).unwrap();
    assert_eq!((page.records.len(), page.reported), (2, Some(7)));
    let Next::More(second) = page.next else { panic!() };
    assert!(GovUk.next_request(&access(), &second).unwrap().text().contains("&count=1&start=2&"));
    let page = parse(&second, &answer(200, &results(7, 1))).unwrap();
    assert_eq!((page.next, page.warnings.len()), (Next::End, 1));
    assert!(matches!(parse(&second, &answer(200, &results(7, 0))), Err(SourceError::Unavailable(_))));
    assert_eq!(parse(&first, &answer(200, &results(0, 0))).unwrap().next, Next::End);
}

#[test]
fn a_refused_field_is_left_out() {
    let said =
        answer(422, r#"{"error":"Some requested fields are not valid return fields: [\"first_published_at\"]"}"#);
    let Next::More(fewer) = parse(&state(10), &said).unwrap().next else { panic!() };
    assert!(!GovUk.next_request(&access(), &fewer).unwrap().text().contains("first_published_at"));
    assert!(matches!(parse(&fewer, &said), Err(SourceError::Rejected(_))));
    assert!(matches!(
        parse(&state(10), &answer(422, r#"{"error":"Unexpected parameter: x"}"#)),
        Err(SourceError::Rejected(_))
    ));
}

#[test]
fn documents_are_located() {
    let identifiers = Identifiers { other: vec!["govuk:/government/publications/x".into()], ..Identifiers::default() };
    let state = GovUk.locate(&access(), &identifiers).unwrap().unwrap();
    let text = GovUk.next_request(&access(), &state).unwrap().text();
    assert_eq!(text, "GET https://www.gov.uk/api/content/government/publications/x");
    assert_eq!(GovUk.locate(&access(), &Identifiers::default()).unwrap(), None);
    let body = r#"{"base_path":"/x","document_type":"research","details":{
        "documents":["<a href=\"/government/publications/x/html\">Read</a><a href=\"/a/b.csv\">data</a>"],
        "attachments":[{"attachment_type":"file","url":"https://assets.publishing.service.gov.uk/r.pdf","content_type":"application/pdf"},
                       {"url":"javascript:alert(1)"}]}}"#;
    let page = parse(&state, &answer(200, body)).unwrap();
    let told: Vec<(&str, LocationKind)> = page.locations.iter().map(|at| (at.url.as_str(), at.kind)).collect();
    assert_eq!(
        told,
        [
            ("https://assets.publishing.service.gov.uk/r.pdf", LocationKind::Pdf),
            ("https://www.gov.uk/government/publications/x/html", LocationKind::Html),
            ("https://www.gov.uk/x", LocationKind::Html),
        ]
    );
    assert!(matches!(parse(&state, &answer(410, "{}")), Err(SourceError::NotFound(_))));
}
