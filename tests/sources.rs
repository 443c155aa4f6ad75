//! Every source against its fixtures.
//!
//! `tests/fixtures/SOURCE/NAME.case.json` names a body beside it, the state that it answers and how
//! it came (`{"body": "page.json", "state": …, "status": 200, "headers": {…}, "access": {…}}`); with
//! `NAME.expected.json` it says what the source must ask in that state and make of that answer. A
//! source without fixtures fails. `GLEANER_BLESS=1` writes the expectations, to be read before they
//! are committed.

#![expect(clippy::unwrap_used, reason = "a test may panic on a fixture that is wrong")]

use std::path::{Path, PathBuf};

use gleaner::net::Response;
use gleaner::sources::{Access, KeyNeed, Next, Page, Session, Source, SourceError, State, registry::SOURCES};
use serde_json::{Value, json};

fn folder(source: &dyn Source) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(source.info().id)
}

fn cases(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut cases: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.to_string_lossy().ends_with(".case.json"))
        .collect();
    cases.sort();
    cases
}

fn read_json(path: &Path) -> Value {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn access(source: &dyn Source, case: &Value) -> Access {
    let info = source.info();
    let given = |name: &str| case.pointer(&format!("/access/{name}")).cloned().unwrap_or_default();
    let key = (info.key != KeyNeed::None).then(|| "the-secret-key".into());
    let session = Session::default();
    given("session").as_str().iter().for_each(|token| session.keep((*token).into()));
    Access {
        base_url: given("base_url").as_str().unwrap_or(info.base_url).parse().unwrap(),
        contact: Some("team@example.org".into()),
        key: if given("key") == Value::Bool(false) { None } else { key },
        insttoken: None,
        session,
        page_size: given("page_size").as_u64().map_or(info.page_size, |size| u32::try_from(size).unwrap()),
        product: given("product").as_str().map(str::to_owned),
        sites: given("sites")
            .as_array()
            .into_iter()
            .flatten()
            .map(|url| url.as_str().unwrap().parse().unwrap())
            .collect(),
    }
}

fn response(folder: &Path, case: &Value) -> Response {
    let name = case["body"].as_str().expect("a case names its body");
    let headers = case["headers"].as_object().into_iter().flatten();
    Response {
        status: u16::try_from(case["status"].as_u64().unwrap_or(200)).unwrap(),
        headers: headers.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect(),
        body: std::fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}")),
        url: case["url"].as_str().unwrap_or("https://example.org/").parse().unwrap(),
    }
}

fn told(result: Result<Page, SourceError>) -> Value {
    let page = match result {
        Ok(page) => page,
        Err(error) => return json!({"error": format!("{error:?}")}),
    };
    let broken = page.broken.clone();
    let mut told = json!({
        "records": page.records.iter().map(|record| &record.record).collect::<Vec<_>>(),
        "payload_bytes": page.records.iter().map(|record| record.payload.len()).collect::<Vec<_>>(),
        "reported": page.reported,
        "locations": page.locations,
        "warnings": page.warnings,
        "set_aside": page.set_aside.iter().map(|aside| &aside.reason).collect::<Vec<_>>(),
        "next": match page.next {
            Next::End => json!("end"),
            Next::More(State(state)) => json!({"more": state}),
            Next::Split(states) => json!({"split": states}),
        },
    });
    if let Some(broken) = broken {
        told["broken"] = broken.into();
    }
    told
}

fn run(source: &dyn Source, path: &Path) -> Value {
    let case = read_json(path);
    let (access, state) = (access(source, &case), State(case["state"].clone()));
    let request = match source.next_request(&access, &state) {
        Ok(request) => {
            assert!(!format!("{} {:?}", request.text(), request.headers).contains("secret"), "{}", path.display());
            json!(request.text())
        }
        Err(error) => json!({"error": format!("{error:?}")}),
    };
    json!({"request": request, "answer": told(source.parse(&access, &state, &response(&folder(source), &case)))})
}

#[test]
fn every_source_has_fixtures_and_reads_them() {
    let bless = std::env::var_os("GLEANER_BLESS").is_some();
    let mut wrong = Vec::new();
    for source in SOURCES {
        let (id, folder) = (source.info().id, folder(*source));
        let (mut records, mut errors) = (0, 0);
        for path in cases(&folder) {
            let expected_path = PathBuf::from(path.to_string_lossy().replace(".case.json", ".expected.json"));
            let got = run(*source, &path);
            records += got.pointer("/answer/records").and_then(Value::as_array).map_or(0, Vec::len);
            errors += usize::from(got.pointer("/answer/error").is_some());
            if bless {
                std::fs::write(&expected_path, serde_json::to_string_pretty(&got).unwrap() + "\n").unwrap();
            } else if read_json(&expected_path) != got {
                wrong.push(format!("{}: got {got:#}", expected_path.display()));
            }
        }
        if source.info().can.search && (records == 0 || errors == 0) {
            wrong.push(format!("{id}: {records} records and {errors} errors in {}", folder.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_list_is_sound() {
    let mut ids: Vec<&str> = SOURCES.iter().map(|source| source.info().id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), SOURCES.len());
    for source in SOURCES {
        let info = source.info();
        assert!(info.base_url.is_empty() || info.base_url.parse::<url::Url>().is_ok(), "{}", info.id);
        assert!(
            info.page_size >= 1 && info.page_size <= info.max_page_size && info.requests_per_second > 0.0,
            "{}",
            info.id
        );
        assert!(!info.can.search || info.platform.is_some() || info.ranked || info.id == "sitemap", "{}", info.id);
    }
}
