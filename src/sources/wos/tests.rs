use super::*;
use crate::model::WorkType;

fn access(product: Option<&str>) -> Access {
    Access {
        base_url: starter::BASE.parse().unwrap(),
        contact: None,
        key: Some("secret-key".into()),
        insttoken: None,
        session: crate::sources::Session::default(),
        page_size: 50,
        product: product.map(str::to_owned),
        sites: Vec::new(),
    }
}

fn answer(status: u16, body: &str) -> Response {
    Response { status, headers: Vec::new(), body: body.into(), url: "http://127.0.0.1:9/".parse().unwrap() }
}

fn at() -> At {
    At { query: "TS=(x)".into(), years: Years { from: Some(2020), to: Some(2023) }, ..At::default() }
}

fn starter(at: &At, response: &Response) -> Result<Page, SourceError> {
    Wos.parse(&access(None), &State::of(at), response)
}

fn hits(total: u64, limit: u64, count: usize) -> String {
    let hits: Vec<String> = (0..count).map(|n| format!(r#"{{"uid":"WOS:{n}"}}"#)).collect();
    format!(r#"{{"metadata":{{"total":{total},"page":1,"limit":{limit}}},"hits":[{}]}}"#, hits.join(","))
}

fn following(next: &Next) -> At {
    match next {
        Next::More(state) => state.read().unwrap(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn requests() {
    let text = Wos.next_request(&access(None), &State::of(&At { offset: 50, ..at() })).unwrap().text();
    assert_eq!(
        text,
        "GET https://api.clarivate.com/apis/wos-starter/v1/documents?q=%28TS%3D%28x%29%29+AND+PY%3D%282020-2023%29&db=WOS&limit=50&page=2"
    );
    let request = Wos.next_request(&access(Some("expanded")), &State::of(&At { offset: 100, ..at() })).unwrap();
    assert!(request.text().starts_with("GET https://wos-api.clarivate.com/api/wos?databaseId=WOS&usrQuery="));
    assert!(request.text().ends_with("&count=100&firstRecord=101"), "{}", request.text());
    assert_eq!(request.secret_headers[0].0, "x-apikey");
}

#[test]
fn starter_pages() {
    let page = starter(&at(), &answer(200, &hits(91, 50, 50))).unwrap();
    assert_eq!((page.records.len(), page.reported), (50, Some(91)));
    let second = following(&page.next);
    assert_eq!(second.offset, 50);
    assert_eq!(starter(&second, &answer(200, &hits(91, 50, 41))).unwrap().next, Next::End);
    let short = starter(&second, &answer(200, &hits(91, 50, 40))).unwrap();
    assert_eq!(short.warnings, ["only 90 of the 91 hits arrived"]);
    assert!(matches!(starter(&second, &answer(200, &hits(91, 50, 0))), Err(SourceError::Unavailable(_))));
    assert_eq!(starter(&at(), &answer(200, &hits(0, 50, 0))).unwrap().next, Next::End);
}

#[test]
fn smaller_pages_than_asked_for_skip_nothing() {
    let page = starter(&at(), &answer(200, &hits(25, 10, 10))).unwrap();
    let second = following(&page.next);
    assert_eq!((second.offset, second.limit), (10, Some(10)));
    assert!(Wos.next_request(&access(None), &State::of(&second)).unwrap().text().ends_with("&limit=10&page=2"));
}

#[test]
fn starter_errors_of_both_shapes() {
    let said = r#"{"error_description": "The access token is missing", "error": "invalid_request"}"#;
    let error = starter(&at(), &answer(401, said)).unwrap_err();
    assert_eq!(error, SourceError::Refused("status 401: The access token is missing".into()));
    let said = r#"{"error": {"status": 400, "title": "Bad", "details": "Field tag AB is unknown"}}"#;
    let error = starter(&at(), &answer(400, said)).unwrap_err();
    assert_eq!(error, SourceError::Rejected("status 400: Field tag AB is unknown".into()));
    assert_eq!(starter(&at(), &answer(429, "{}")).unwrap_err(), SourceError::Throttled { retry_after_s: None });
    let mut spent = answer(429, "{}");
    spent.headers.push(("x-ratelimit-remaining-day".into(), "0".into()));
    assert_eq!(starter(&at(), &spent).unwrap_err(), SourceError::QuotaSpent { until: None });
    assert!(matches!(starter(&at(), &answer(200, r#"{"hits":[]}"#)), Err(SourceError::Shape(_))));
}

#[test]
fn more_hits_than_can_be_reached_are_split_by_year() {
    let page = starter(&at(), &answer(200, &hits(150_000, 50, 50))).unwrap();
    let Next::Split(states) = page.next else { panic!() };
    let slice: At = states[1].read().unwrap();
    assert_eq!((slice.years.from, slice.offset, slice.limit), (Some(2022), 0, Some(50)));
    assert_eq!(starter(&slice, &answer(200, &hits(10, 50, 10))).unwrap().reported, None);
}

fn expanded(body: &str) -> Result<Page, SourceError> {
    Wos.parse(&access(Some("expanded")), &State::of(&at()), &answer(200, body))
}

#[test]
fn expanded_records() {
    let rec = "<REC><UID>WOS:1</UID><static_data><summary><pub_info pubyear=\"2021\" coverdate=\"JAN-FEB 2021\" \
        edate=\"2020-11-03\" pubtype=\"Journal\" vol=\"3\"/><titles><title type=\"item\">A &lt;i&gt;b&lt;/i&gt;</title>\
        </titles><doctypes><doctype>Review</doctype></doctypes></summary></static_data></REC>";
    let body = format!(
        "<response><map name=\"Data\"><val name=\"Records\"><![CDATA[<records>{rec}<REC><UID>x</REC></records>]]></val>\
         <val name=\"RecordsFound\">2</val></map></response>"
    );
    let page = expanded(&body).unwrap();
    assert_eq!((page.records.len(), page.set_aside.len(), page.next), (1, 1, Next::End));
    let record = &page.records[0].record;
    assert_eq!(record.title.as_deref(), Some("A b"));
    assert_eq!(record.dates.iter().map(ToString::to_string).collect::<Vec<_>>(), ["2021-01", "2021-02", "2020-11-03"]);
    assert_eq!(record.types, [WorkType::JournalArticle, WorkType::Review]);
    assert_eq!(page.records[0].payload, rec.as_bytes());
}

#[test]
fn expanded_answers_of_another_shape() {
    let mixed = "{\"Data\":{\"Records\":<records>\n</records>},\"QueryResult\":{\"RecordsFound\":0}}";
    assert!(matches!(expanded(mixed), Err(SourceError::Shape(_))));
    assert!(matches!(expanded("<response><map>"), Err(SourceError::Unavailable(_))));
    assert!(matches!(expanded("<response/>"), Err(SourceError::Shape(_))));
}

#[test]
fn a_query_is_asked_in_whole_years() {
    let query = crate::query::parse("\"community action\"").sound().ok().unwrap();
    let window = crate::model::MonthWindow { from: "2020-03".parse().ok(), to: "2023-07".parse().ok() };
    let plan = Wos.search(&access(None), &Question { query: &query, window, max_records: 5_000 }).unwrap();
    assert_eq!(plan.queries, ["(TS=(\"community action\")) AND PY=(2020-2023)"]);
    assert!(!plan.window_exact && plan.states.len() == 1);
    let window = crate::model::MonthWindow { from: "2020-01".parse().ok(), to: None };
    assert!(Wos.search(&access(None), &Question { query: &query, window, max_records: 5_000 }).unwrap().window_exact);
}
