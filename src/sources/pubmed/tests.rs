use super::*;
use crate::sources::Next;

fn access() -> Access {
    Access {
        base_url: INFO.base_url.parse().unwrap(),
        contact: Some("team@example.org".into()),
        key: Some("secret-key".into()),
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

fn search(from: i16, to: i16) -> At {
    let years = Years { from: Some(from), to: Some(to) };
    At::Search { slice: Slice { term: "\"x\"[tiab]".into(), years, ..Slice::default() }, again: false }
}

fn parse(at: &At, response: &Response) -> Result<Page, SourceError> {
    PubMed.parse(&access(), &State::of(at), response)
}

fn request(at: &At) -> String {
    PubMed.next_request(&access(), &State::of(at)).unwrap().text()
}

fn found(count: u64) -> String {
    format!("<eSearchResult><Count>{count}</Count><QueryKey>1</QueryKey><WebEnv>MCID_1</WebEnv></eSearchResult>")
}

fn following(next: &Next) -> At {
    match next {
        Next::More(state) => state.read().unwrap(),
        other => panic!("{other:?}"),
    }
}

fn article(pmid: u32) -> String {
    format!("<PubmedArticle><MedlineCitation><PMID>{pmid}</PMID><Article/></MedlineCitation></PubmedArticle>")
}

#[test]
fn a_search_is_fetched_page_by_page() {
    let text = request(&search(2020, 2023));
    assert_eq!(
        text,
        "POST https://eutils.ncbi.nlm.nih.gov/entrez/eutils/esearch.fcgi db=pubmed&term=%22x%22%5Btiab%5D&usehistory=y&\
         retmax=0&datetype=pdat&mindate=2020&maxdate=2023&retmode=xml&tool=gleaner&email=team%40example.org"
    );
    let page = parse(&search(2020, 2023), &answer(200, &found(3))).unwrap();
    assert_eq!(page.reported, Some(3));
    let fetch = following(&page.next);
    assert!(request(&fetch).contains("efetch.fcgi db=pubmed&WebEnv=MCID_1&query_key=1&retstart=0&retmax=2&"));
    let set = |inner: String| answer(200, &format!("<PubmedArticleSet>{inner}</PubmedArticleSet>"));
    let page = parse(&fetch, &set(article(1) + &article(2))).unwrap();
    assert_eq!(page.records.len(), 2);
    let second = following(&page.next);
    assert!(request(&second).contains("retstart=2&retmax=1&"));
    let page = parse(&second, &set(article(3))).unwrap();
    assert_eq!((page.next, page.warnings.len()), (Next::End, 0));
    assert!(matches!(parse(&second, &set(String::new())), Err(SourceError::Unavailable(_))));
    assert!(matches!(parse(&second, &answer(200, "<PubmedArticleSet><PubmedArt")), Err(SourceError::Unavailable(_))));
    let page = parse(&fetch, &set(article(1) + "<PubmedArticle><x></PubmedArticle>")).unwrap();
    assert_eq!((page.records.len(), page.set_aside.len()), (1, 1));
}

#[test]
fn too_many_hits_are_split_by_year_then_by_day_of_entry() {
    let page = parse(&search(2020, 2021), &answer(200, &found(15_000))).unwrap();
    let Next::Split(states) = page.next else { panic!() };
    assert_eq!(states.len(), 2);
    let year: At = states[0].read().unwrap();
    assert!(request(&year).contains("mindate=2020&maxdate=2020&"));
    let page = parse(&year, &answer(200, &found(12_000))).unwrap();
    assert_eq!(page.reported, None);
    let Next::Split(states) = page.next else { panic!() };
    let first = request(&states[0].read().unwrap());
    assert!(first.contains("term=%28%22x%22%5Btiab%5D%29+AND+2020%3A2020%5Bdp%5D&"), "{first}");
    assert!(first.contains("datetype=edat&mindate=1500%2F01%2F01&maxdate=2021%2F07%2F01&"), "{first}");
    let last = request(&states[1].read().unwrap());
    assert!(last.contains("mindate=2021%2F07%2F02&maxdate=3000%2F01%2F01&"), "{last}");
}

#[test]
fn a_server_that_ignores_dates_is_not_asked_for_ever() {
    let (mut todo, mut requests) = (vec![search(2020, 2020)], 0);
    let mut warned = 0;
    while let Some(at) = todo.pop() {
        requests += 1;
        let page = parse(&at, &answer(200, &found(20_000))).unwrap();
        warned += page.warnings.len();
        if let Next::Split(states) = page.next {
            todo.extend(states.iter().map(|state| state.read::<At>().unwrap()));
        }
    }
    assert!(requests < 200 && warned > 0, "{requests} {warned}");
}

#[test]
fn what_pubmed_made_of_the_query_is_told() {
    let body = "<eSearchResult><Count>0</Count><QueryTranslation>x[All Fields]</QueryTranslation><ErrorList>\
        <PhraseNotFound>qwxz</PhraseNotFound></ErrorList><WarningList><OutputMessage>No items found.</OutputMessage>\
        </WarningList></eSearchResult>";
    let page = parse(&search(2020, 2020), &answer(200, body)).unwrap();
    assert_eq!(
        page.warnings,
        ["PubMed does not find the phrase: qwxz", "No items found.", "PubMed read the query as: x[All Fields]"]
    );
    assert_eq!((page.reported, page.next), (Some(0), Next::End));
}

#[test]
fn errors() {
    let error = |status, body| parse(&search(2020, 2020), &answer(status, body)).unwrap_err();
    let limit = r#"{"error":"API rate limit exceeded","api-key":"1.2.3.4","count":"4","limit":"3"}"#;
    assert_eq!(error(429, limit), SourceError::Throttled { retry_after_s: None });
    assert_eq!(error(200, limit), SourceError::Throttled { retry_after_s: None });
    assert!(matches!(error(400, r#"{"error":"API key invalid"}"#), SourceError::Refused(_)));
    let newline =
        "{\"esearchresult\":{\"ERROR\":\"Search Backend failed: Exception:\n'retstart' cannot be larger than 9998.\"}}";
    assert!(matches!(error(200, newline), SourceError::Rejected(said) if said.ends_with("than 9998.")));
    assert!(matches!(error(200, "<eSearchResult><ERROR>Empty term</ERROR></eSearchResult>"), SourceError::Rejected(_)));
    assert!(matches!(error(200, "<eSearchResult><Count>1"), SourceError::Unavailable(_)));
    assert!(matches!(error(200, "<eSearchResult><Count>1</Count></eSearchResult>"), SourceError::Shape(_)));
    assert!(matches!(error(414, "<html>"), SourceError::Rejected(_)));
    assert!(matches!(error(200, "<html><body>Maintenance"), SourceError::Unavailable(_)));
}

#[test]
fn a_lost_history_is_built_again_once() {
    let fetch = following(&parse(&search(2020, 2020), &answer(200, &found(3))).unwrap().next);
    let lost = "<eFetchResult><ERROR>Unable to obtain query #1</ERROR></eFetchResult>";
    let page = parse(&fetch, &answer(200, lost)).unwrap();
    let again = following(&page.next);
    let page = parse(&again, &answer(200, &found(3))).unwrap();
    assert_eq!(page.reported, None);
    assert!(matches!(parse(&following(&page.next), &answer(200, lost)), Err(SourceError::Rejected(_))));
}

#[test]
fn look_up_by_doi() {
    let dois: Vec<String> = (0..51).map(|n| format!("10.5555/{n}")).collect();
    let states = PubMed.look_up(&access(), &dois).unwrap();
    assert_eq!(states.len(), 2);
    let text = PubMed.next_request(&access(), &states[1]).unwrap().text();
    assert!(text.contains("term=%2210.5555%2F50%22%5Bdoi%5D&") && !text.contains("mindate"), "{text}");
}

#[test]
fn a_query_is_asked_in_whole_years() {
    let query = crate::query::parse("\"community action\"").sound().ok().unwrap();
    let window = crate::model::MonthWindow { from: "2020-03".parse().ok(), to: "2023-07".parse().ok() };
    let plan = PubMed.search(&access(), &Question { query: &query, window, max_records: 5_000 }).unwrap();
    assert_eq!(plan.queries, ["\"community action\"[tiab]"]);
    assert!(!plan.window_exact && plan.states.len() == 1);
    let window = crate::model::MonthWindow { from: "2020-01".parse().ok(), to: None };
    assert!(PubMed.search(&access(), &Question { query: &query, window, max_records: 5_000 }).unwrap().window_exact);
}
