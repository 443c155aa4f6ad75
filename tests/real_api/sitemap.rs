//! Sitemaps and pages of other projects' tests.

use std::collections::BTreeSet;
use std::io::Read;

use gleaner::net::Response;
use gleaner::sources::websites::sitemap::Sitemap;
use gleaner::sources::{Next, Page, Source, SourceError, State};
use serde_json::json;
use url::Url;

use crate::recorded::{access, count};
use crate::support::real_data;

fn read(state: serde_json::Value, body: Vec<u8>) -> Result<Page, SourceError> {
    let url: Url = "https://www.example.com/sitemap.xml".parse().unwrap();
    let response = Response { status: 200, headers: Vec::new(), body, url: url.clone() };
    Sitemap.parse(&access(&Sitemap, &url), &State(state), &response)
}

#[test]
fn every_map_gives_its_addresses() {
    let Some(folder) = real_data("web/sitemaps") else { return };
    let (mut maps, mut pages) = (0, 0);
    let loc = regex::Regex::new(r"<loc>\s*(?:<!\[CDATA\[)?([^<\]]+)").unwrap();
    for file in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = std::fs::read(&file).unwrap();
        if name.ends_with(".html") {
            let page = read(json!({"page": {"url": "https://www.example.com/x"}}), bytes).unwrap();
            assert!(page.records[0].record.title.is_some(), "{name}");
            continue;
        }
        let todo = json!([{"url": "https://www.example.com/sitemap.xml", "depth": 0}]);
        let result = read(json!({"maps": {"todo": todo, "max_records": 5_000}}), bytes.clone());
        let mut text = String::new();
        if name.ends_with(".gz") {
            flate2::read::GzDecoder::new(bytes.as_slice()).read_to_string(&mut text).unwrap();
        } else {
            text = String::from_utf8(bytes).unwrap();
        }
        let locs: BTreeSet<String> = loc.captures_iter(&text).map(|found| found[1].to_owned()).collect();
        if locs.is_empty() {
            assert!(matches!(result, Err(SourceError::Shape(_))), "{name}");
            continue;
        }
        let page = result.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(page.warnings.is_empty() && page.set_aside.is_empty(), "{name}: {:?}", page.warnings);
        let found = match page.next {
            Next::Split(states) => states.len(),
            Next::More(State(state)) => {
                let count = |name: &str| state["maps"][name].as_array().map_or(0, Vec::len);
                count("todo") + count("pages")
            }
            Next::End => 0,
        };
        assert_eq!(found, locs.len(), "{name}");
        assert!(count("<loc>", &text) >= found, "{name}");
        maps += 1;
        pages += found;
    }
    println!("sitemap: {maps} maps, {pages} addresses");
}
