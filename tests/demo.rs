//! The demo from outside: the published table from stored rows, a second run that finds nothing new,
//! and the same end after being killed at random moments.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test fails where its ground is missing, and waits by the clock"
)]

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

const GLEANER: &str = env!("CARGO_BIN_EXE_gleaner");

fn demo(folder: &Path) -> Command {
    let mut command = Command::new(GLEANER);
    command.args(["demo", folder.to_str().unwrap()]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn ask(folder: &Path, arguments: &[&str]) -> String {
    let config = folder.join("config.toml");
    let output =
        Command::new(GLEANER).args(["--quiet", "--config", config.to_str().unwrap()]).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Flow, decisions and clusters, without ids of rows and times.
fn canonical(folder: &Path) -> (Value, String) {
    let mut flow: Value = serde_json::from_str(&ask(folder, &["report", "flow", "--format", "json"])).unwrap();
    flow["generated_at"] = Value::Null;
    (flow, ask(folder, &["export", "--format", "jsonl"]))
}

fn rows(folder: &Path, table: &str) -> i64 {
    let connection = rusqlite::Connection::open(folder.join("db/review.sqlite")).unwrap();
    connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
}

/// `[screened, excluded at abstract, assessed, excluded at full text, included]` of an arm; a stage it
/// does not have is left out.
fn margins(arm: &Value) -> Vec<u64> {
    let paths = ["/abstract/screened", "/abstract/excluded", "/fulltext/assessed", "/fulltext/excluded", "/included"];
    paths.iter().filter_map(|path| arm.pointer(path).and_then(Value::as_u64)).collect()
}

#[test]
fn the_published_table_a_second_run_and_sudden_death() {
    let place = tempfile::tempdir().unwrap();
    let whole = place.path().join("whole");
    let begun = Instant::now();
    assert!(demo(&whole).status().unwrap().success());
    let took = begun.elapsed();
    let table = ask(&whole, &["report", "table", "--format", "md"]);
    let expected =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/demo/table.md")).unwrap();
    assert_eq!(table.trim(), expected.trim());
    let first = canonical(&whole);
    let flow = &first.0;
    assert_eq!(flow["interim"], false);
    let arms: Vec<(String, Vec<Vec<u64>>)> = flow["streams"]
        .as_array()
        .unwrap()
        .iter()
        .map(|stream| {
            (
                stream["id"].as_str().unwrap().to_owned(),
                stream["arms"].as_array().unwrap().iter().map(margins).collect(),
            )
        })
        .collect();
    // The published numbers: the margins of DESIGN's table.
    assert_eq!(
        arms,
        [
            ("case-studies".to_owned(), vec![vec![95, 0, 95]]),
            ("grey".to_owned(), vec![vec![101, 43, 58]]),
            ("academic".to_owned(), vec![vec![640, 451, 189, 152, 37], vec![19, 9, 10]]),
            ("pre-pandemic".to_owned(), vec![vec![641, 581, 60, 51, 9], vec![68, 40, 28]]),
        ]
    );

    // Again: nothing new, no number changed, no more asked than it must.
    let (pages, attempts, records) = (rows(&whole, "page"), rows(&whole, "retrieval_attempt"), rows(&whole, "record"));
    assert!(demo(&whole).status().unwrap().success());
    assert!(first == canonical(&whole), "a second run changed something");
    assert_eq!(rows(&whole, "record"), records);
    assert_eq!(rows(&whole, "retrieval_attempt"), attempts, "documents that are there are not asked for again");
    assert!(rows(&whole, "page") <= 2 * pages, "the searches were asked more than once again");
    drop(rusqlite::Connection::open(whole.join("db/review.sqlite")));

    killed(place.path(), took, &first);
}

/// Killed at twenty random moments in four folders, then left to end: the same as undisturbed.
fn killed(place: &Path, took: Duration, expected: &(Value, String)) {
    let seed = std::time::UNIX_EPOCH.elapsed().map_or(7, |elapsed| elapsed.as_nanos() as u64);
    println!("kill moments by seed {seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    for round in 0..4 {
        let folder = place.join(format!("killed-{round}"));
        for _ in 0..5 {
            let mut child = demo(&folder).spawn().unwrap();
            // Most of the work lies behind after some kills: short and long lives both hit something.
            let moment = took.mul_f64(random.f64() * 0.8);
            std::thread::sleep(moment);
            child.kill().unwrap();
            child.wait().unwrap();
        }
        assert!(demo(&folder).status().unwrap().success(), "seed {seed}, round {round}");
        let ended = canonical(&folder);
        assert!(ended.0 == expected.0, "seed {seed}, round {round}: another flow");
        assert!(ended.1 == expected.1, "seed {seed}, round {round}: other works or decisions");
    }
}

#[test]
fn without_pdftotext_the_table_is_the_same() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("fallback");
    assert!(demo(&folder).env("GLEANER_PDF", "fallback").status().unwrap().success());
    let expected = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/demo/table.md");
    let expected = std::fs::read_to_string(expected).unwrap();
    assert_eq!(ask(&folder, &["report", "table", "--format", "md"]).trim(), expected.trim());
}
