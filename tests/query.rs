//! `gleaner query` as scripts see it: streams, exit codes, JSON shapes.

use assert_cmd::Command;
use serde_json::{Value, json};

fn gleaner(arguments: &[&str]) -> (i32, String, String) {
    let output = Command::cargo_bin("gleaner").expect("the binary is built").args(arguments).output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().expect("no signal"), text(output.stdout), text(output.stderr))
}

#[test]
fn translate() {
    let (exit, out, told) = gleaner(&["query", "translate", "--to", "scopus", "(a1 OR b1) NEAR/3 c1"]);
    assert_eq!((exit, out.as_str(), told.as_str()), (0, "TITLE-ABS-KEY((a1 OR b1) W/3 c1)\n", ""));
    let (exit, out, _) = gleaner(&["query", "translate", "--to", "pubmed", "--json", "organi?ation"]);
    let value: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((exit, &value["query"], &value["exact"]), (0, &json!("organi*[tiab]"), &json!(false)));
    assert_eq!(value["warnings"][0]["code"], "wildcard-widened");
    assert_eq!((&value["warnings"][0]["start"], &value["warnings"][0]["end"]), (&json!(0), &json!(12)));
    let (exit, out, told) = gleaner(&["query", "translate", "--to", "wos", "(a1 OR"]);
    assert_eq!((exit, out.as_str()), (1, ""));
    assert!(told.contains("unbalanced-parenthesis") && told.contains("missing-operand"), "{told}");
    assert_eq!(gleaner(&["query", "translate", "--to", "findpapers", "a1"]).0, 2);
    assert_eq!(gleaner(&["query", "translate", "--to", "wos"]).0, 2);
}

#[test]
fn translate_with_a_descriptor_file() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/query/mesh/fixtures/descriptors.bin");
    let query = "\"Community Action\"[Mesh:NoExp] AND 2020:2023[dp]";
    let (exit, out, told) = gleaner(&["query", "translate", "--to", "lucene", "--mesh", file, query]);
    assert_eq!(exit, 0, "{told}");
    assert_eq!(out, "(\"Community Action\" OR \"Local Action\") AND date:[2020-01-01 TO 2023-12-31]\n");
    assert!(told.contains("heading-written-out"), "{told}");
    let (exit, _, told) = gleaner(&["query", "translate", "--to", "lucene", "--mesh", "Cargo.toml", query]);
    assert!(exit == 1 && told.contains("Cargo.toml") && told.contains("desc2026.xml"), "{told}");
}

#[test]
fn lint() {
    let (exit, out, _) = gleaner(&["--json", "query", "lint", "é AND (b1"]);
    assert_eq!(exit, 1);
    let value: Value = serde_json::from_str(&out).unwrap();
    let expected = json!({"diagnostics": [{
        "code": "unbalanced-parenthesis", "severity": "error", "message": "this parenthesis is never closed", "start": 7, "end": 8
    }]});
    assert_eq!(value, expected);
    let (exit, out, _) = gleaner(&["query", "lint", "cats or dogs"]);
    assert_eq!(exit, 0);
    assert!(out.contains("warning[operator-in-lower-case]"), "{out}");
}

#[test]
fn lint_mends() {
    let query = "(behaviour or (conduct OR behaviour))";
    let (exit, out, _) = gleaner(&["--json", "query", "lint", query]);
    let value: Value = serde_json::from_str(&out).unwrap();
    let told = value["diagnostics"].as_array().unwrap();
    let of = |code: &str| told.iter().find(|told| told["code"] == code).unwrap_or_else(|| panic!("{code}: {out}"));
    assert_eq!(exit, 0);
    assert_eq!(of("operator-in-lower-case")["fix"], json!({"start": 11, "end": 13, "text": "OR", "safe": true}));
    assert_eq!(of("missing-spelling")["fix"]["safe"], false);
    let (exit, out, told) = gleaner(&["query", "lint", "--fix", query]);
    assert_eq!((exit, out.as_str()), (0, "(conduct OR behaviour)\n"), "{told}");
    assert!(told.ends_with("2 fixes\n"), "{told}");
    let (_, out, _) = gleaner(&["query", "lint", "--fix", "--unsafe-fixes", query]);
    assert_eq!(out, "(behavior OR conduct OR behaviour)\n");

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("topic.query");
    std::fs::write(&file, "# what we look for\ncats or dogs\n").unwrap();
    let path = file.to_str().unwrap();
    let (exit, out, told) = gleaner(&["query", "lint", "--file", path, "--fix", "--write"]);
    assert_eq!((exit, out), (0, format!("{path}: 1 fix\n")), "{told}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "# what we look for\ncats OR dogs\n");
    assert_eq!(gleaner(&["query", "lint", "--file", path, "--write"]).0, 2, "--write needs --fix");
    assert_eq!(gleaner(&["query", "lint", "cats", "--fix", "--write"]).0, 2, "--write needs a file");
    let (exit, _, told) = gleaner(&["query", "lint", "--fix", "(a1 OR"]);
    assert!(exit == 1 && told.contains("unbalanced-parenthesis"), "{told}");
}

#[test]
fn codes_are_explained() {
    let (exit, out, _) = gleaner(&["query", "codes"]);
    assert!(exit == 0 && out.lines().count() > 60, "{out}");
    let (exit, out, _) = gleaner(&["query", "codes", "missing-spelling"]);
    assert!(exit == 0 && out.starts_with("# missing-spelling\n") && out.contains("behavior"), "{out}");
    let (exit, out, _) = gleaner(&["--json", "query", "codes", "orphan-line"]);
    let value: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((exit, &value["severity"], &value["told_on"]), (0, &json!("warning"), &json!("lint")));
    assert_eq!(gleaner(&["query", "codes", "no-such-code"]).0, 2);
}

#[test]
fn review() {
    let query = "(wellbeing OR mesh:\"Health\") AND behaviour";
    let (exit, out, _) = gleaner(&["query", "review", query, "--to", "scopus", "--to", "wos"]);
    assert!(exit == 0 && out.contains("1. Translation of the research question"), "{out}");
    assert!(out.contains("hint[missing-spelling]") && out.contains("8. Web of Science"), "{out}");
    let (_, out, _) = gleaner(&["query", "review", "--markdown", query]);
    assert!(out.starts_with("# Review of a search strategy (PRESS 2015)"), "{out}");
    let (exit, out, _) = gleaner(&["--json", "query", "review", "(a1 OR"]);
    let value: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((exit, &value["readable"], value["sections"].as_array().map(Vec::len)), (0, &json!(false), Some(6)));
}

#[test]
fn match_export_files() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("records.csv");
    std::fs::write(
        &file,
        "id,title,abstract\nx7,Mutual aid in Wales,Neighbours helped each other.\nx8,Mutual trust,Nothing else.\nx9,Aid,\n",
    )
    .unwrap();
    let query = folder.path().join("q.query");
    std::fs::write(&query, "\"mutual aid\" # a phrase\n").unwrap();
    let (exit, out, told) = gleaner(&["query", "match", "--file", query.to_str().unwrap(), file.to_str().unwrap()]);
    assert_eq!(exit, 0, "{told}");
    let lines: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let hit = json!([{"field": "title", "term": "mutual aid", "start": 0, "end": 10}]);
    assert_eq!(lines[0], json!({"id": "x7", "matched": true, "hits": hit}));
    assert_eq!(lines[1], json!({"id": "x8", "matched": false, "hits": []}));
    assert_eq!(lines[2], json!({"id": "x9", "matched": null, "hits": []}));
    assert_eq!(gleaner(&["query", "match", "aid"]).0, 2);
    assert_eq!(gleaner(&["query", "match", "aid", "no-such-file.ris"]).0, 1);
}

#[test]
fn explain() {
    let (exit, out, _) = gleaner(&["query", "explain", "(a1 OR \"b c1\") NOT title:d1"]);
    assert_eq!((exit, out.as_str()), (0, "AND\n  OR\n    a1\n    \"b c1\"\n  NOT\n    in title\n      d1\n"));
}

/// A folder with a few records, as a database exports them.
fn export() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let lines = "id,title,abstract\n\
        1,Mutual aid in Wales,Neighbours helped each other and felt well.\n\
        2,Neighbours and councils,Councils paid for wellbeing.\n\
        3,Councils,Nothing on people.\n\
        4,Neighbours,\n";
    std::fs::write(folder.path().join("records.csv"), lines).expect("written");
    folder
}

#[test]
fn explain_counts_clauses_on_records() {
    let folder = export();
    let file = folder.path().join("records.csv");
    let file = file.to_str().unwrap();
    let query = "(neighbour* OR \"mutual aid\" OR unicorn*) AND (wellbeing OR well OR wellb*)";
    let (exit, out, told) = gleaner(&["query", "explain", query, "--input", file]);
    assert_eq!(exit, 0, "{told}");
    insta::assert_snapshot!("explain_counts", out.replace(file, "records.csv"));
    let (exit, out, _) = gleaner(&["--json", "query", "explain", query, "--input", file]);
    let value: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(exit, 0);
    assert_eq!((&value["records"], &value["found"], &value["unknown"]), (&json!(4), &json!(2), &json!(1)));
    let group = &value["tree"]["parts"][0];
    assert_eq!(
        (&group["found"], &group["parts"][1]["found"], &group["parts"][1]["alone"]),
        (&json!(3), &json!(1), &json!(0))
    );
    assert_eq!(value["brings_nothing"], json!(["unicorn*"]));
    assert_eq!(value["concepts"][1]["without"], json!({"found": 3, "unknown": 0}));
}

#[test]
fn explain_compares_two_versions() {
    let folder = export();
    let file = folder.path().join("records.csv");
    let file = file.to_str().unwrap();
    let old = folder.path().join("old.query");
    std::fs::write(&old, "councils AND (wellbeing OR people)").unwrap();
    let old = old.to_str().unwrap();
    let arguments = ["query", "explain", "neighbour* AND title:(aid OR councils)", "--compare", old, "--input", file];
    let (exit, out, told) = gleaner(&arguments);
    assert_eq!(exit, 0, "{told}");
    insta::assert_snapshot!("explain_compares", out.replace(file, "records.csv").replace(old, "old.query"));
    let (_, out, _) = gleaner(&[&["--json"][..], &arguments[..]].concat());
    let value: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(value["comparison"]["both"], json!(1));
    assert_eq!(value["comparison"]["only"][1]["examples"][0]["id"], json!("3"));
    assert_eq!(value["terms"]["only"][1], json!(["councils", "people", "wellbeing"]));
    // Without records the terms alone are compared.
    let empty = tempfile::tempdir().unwrap();
    let config = empty.path().join("config.toml");
    let (exit, out, _) =
        gleaner(&["--config", config.to_str().unwrap(), "query", "explain", "cats", "--compare", "dogs OR cats"]);
    assert_eq!(
        (exit, out.as_str()),
        (0, "Terms in both: 1\nTerms only in the query: none\nTerms only in the other: dogs\n")
    );
}
