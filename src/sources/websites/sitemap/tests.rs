use super::*;
use crate::model::{MonthWindow, WorkType};

fn access() -> Access {
    Access {
        base_url: INFO.base_url.parse().unwrap(),
        contact: None,
        key: None,
        insttoken: None,
        session: crate::sources::Session::default(),
        page_size: 1,
        product: None,
        sites: vec!["https://bro.test/".parse().unwrap(), "https://cwm.test/maps/all.xml".parse().unwrap()],
    }
}

fn answer(status: u16, body: impl Into<Vec<u8>>) -> Response {
    Response { status, headers: Vec::new(), body: body.into(), url: "https://bro.test/".parse().unwrap() }
}

fn states() -> Vec<State> {
    let query = crate::query::parse("council").sound().ok().unwrap();
    let window = MonthWindow { from: "2020-03".parse().ok(), to: "2023-07".parse().ok() };
    Sitemap.search(&access(), &Question { query: &query, window, max_records: 3 }).unwrap().states
}

fn parse(state: &State, response: &Response) -> Result<Page, SourceError> {
    Sitemap.parse(&access(), state, response)
}

fn asked(state: &State) -> (String, bool) {
    let request = Sitemap.next_request(&access(), state).unwrap();
    (request.url.to_string(), request.found)
}

fn more(page: Page) -> State {
    match page.next {
        Next::More(state) => state,
        other => panic!("{other:?}"),
    }
}

fn map_of(links: &[(&str, &str)]) -> String {
    let entry = |(link, date): &(&str, &str)| format!("<url><loc>{link}</loc><lastmod>{date}</lastmod></url>");
    format!("<?xml version='1.0'?><urlset xmlns='x'>{}</urlset>", links.iter().map(entry).collect::<String>())
}

#[test]
fn an_index_leads_to_pages() {
    let states = states();
    assert_eq!(asked(&states[0]), ("https://bro.test/sitemap.xml".into(), false));
    assert_eq!(asked(&states[1]).0, "https://cwm.test/maps/all.xml");
    let index = "<sitemapindex><sitemap><loc>/a.xml</loc></sitemap><sitemap><loc><![CDATA[https://bro.test/b.xml.gz]]></loc>\
        </sitemap></sitemapindex>";
    let first = more(parse(&states[0], &answer(200, index)).unwrap());
    assert_eq!(asked(&first), ("https://bro.test/a.xml".into(), true));
    let second = more(parse(&first, &answer(500, "")).unwrap());
    assert_eq!(asked(&second).0, "https://bro.test/b.xml.gz");
    let map = map_of(&[
        ("https://bro.test/old", "2019-12-31"),
        ("one?a=1&amp;b=2", "2024-01-01"),
        ("/one?a=1&amp;b=2#again", "2021"),
        ("/logo.png", ""),
        ("/two", "2020-03-01T10:00:00Z"),
        ("/three", ""),
        ("/four", "2021"),
        ("mailto:x@bro.test", ""),
    ]);
    let mut zipped = flate2::read::GzEncoder::new(map.as_bytes(), flate2::Compression::fast());
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut zipped, &mut bytes).unwrap();
    let page = parse(&second, &answer(200, bytes)).unwrap();
    assert_eq!((page.reported, page.warnings.len()), (Some(4), 2), "{:?}", page.warnings);
    let Next::Split(pages) = page.next else { panic!() };
    let urls: Vec<String> = pages.iter().map(|state| asked(state).0).collect();
    assert_eq!(urls, ["https://bro.test/one?a=1&b=2", "https://bro.test/two", "https://bro.test/three"]);
    assert!(asked(&pages[0]).1);
}

#[test]
fn a_missing_map_is_looked_for_in_robots_txt() {
    let robots = more(parse(&states()[0], &answer(404, "")).unwrap());
    assert_eq!(asked(&robots), ("https://bro.test/robots.txt".into(), false));
    let found = more(parse(&robots, &answer(200, "User-agent: *\nsitemap: https://bro.test/m.xml\n")).unwrap());
    assert_eq!(asked(&found), ("https://bro.test/m.xml".into(), true));
    assert!(matches!(parse(&robots, &answer(200, "User-agent: *")), Err(SourceError::NotFound(_))));
    assert!(matches!(parse(&states()[1], &answer(404, "")), Err(SourceError::NotFound(_))));
}

#[test]
fn maps_that_are_none() {
    let error = |body: &str| parse(&states()[1], &answer(200, body)).unwrap_err();
    assert!(matches!(error("<not-a-sitemap/>"), SourceError::Shape(_)));
    assert!(matches!(error("<!doctype html><p>Hello"), SourceError::Unavailable(_)));
    assert!(matches!(error(""), SourceError::Unavailable(_)));
    assert!(matches!(error("hello"), SourceError::Shape(_)));
    let page = parse(&states()[1], &answer(200, "https://cwm.test/x\nhttps://cwm.test/y\n")).unwrap();
    assert_eq!(page.reported, Some(2));
    let mut state = states().remove(1);
    let mut depth = 0;
    loop {
        let nested = "<sitemapindex><sitemap><loc>/deeper.xml</loc></sitemap></sitemapindex>";
        match parse(&state, &answer(200, nested)).unwrap() {
            Page { next: Next::More(next), .. } => (state, depth) = (next, depth + 1),
            page => break assert_eq!((page.warnings.len(), depth), (1, 3)),
        }
    }
}

#[test]
fn a_page_becomes_a_record_or_is_set_aside() {
    let state =
        State::of(&At::Page(Entry { url: "https://bro.test/x".parse().unwrap(), lastmod: Some("2021-05-01".into()) }));
    let html = r#"<html lang="cy"><head><title>Page title | Bro</title><meta name="description" content="What neighbours did.">
        <meta property="og:title" content="Neighbours &amp; councils"><meta property="article:published_time" content="2021-04-09T10:00:00Z">
        <script type="application/ld+json">{"@graph":[{"@type":"WebSite"},{"@type":"NewsArticle","headline":"Neighbours at work",
        "author":{"@type":"Organization","name":"Bro Trust"},"datePublished":"2021-04-08"}]}</script></head>
        <body><nav>Menu</nav><main><h1>Neighbours</h1><p>They lent hours.</p></main></body></html>"#;
    let page = parse(&state, &answer(200, html)).unwrap();
    let record = &page.records[0].record;
    assert_eq!(record.title.as_deref(), Some("Neighbours at work"));
    assert_eq!(record.abstract_text.as_deref(), Some("What neighbours did."));
    assert_eq!(record.dates.iter().map(ToString::to_string).collect::<Vec<_>>(), ["2021-04-08"]);
    assert_eq!(
        (record.types.as_slice(), record.languages.as_slice()),
        (&[WorkType::Webpage][..], &["cy".to_owned()][..])
    );
    assert_eq!(record.authors, [crate::model::Author::collective("Bro Trust")]);
    assert!(record.extra["body"][0].contains("They lent hours.") && !record.extra["body"][0].contains("Menu"));
    assert_eq!(record.extra["lastmod"], ["2021-05-01"]);
    for (status, body) in [(404, "gone"), (503, ""), (200, "<html><body></body></html>")] {
        let page = parse(&state, &answer(status, body)).unwrap();
        assert_eq!((page.records.len(), page.set_aside.len(), page.next), (0, 1, Next::End), "{status} {body}");
    }
    let page = parse(&state, &answer(200, "%PDF-1.7 …")).unwrap();
    assert_eq!(page.records[0].record.locations[0].kind, crate::model::LocationKind::Pdf);
}
