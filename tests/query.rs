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
    assert_eq!(gleaner(&["query", "translate", "--to", "nowhere", "a1"]).0, 2);
    assert_eq!(gleaner(&["query", "translate", "--to", "wos"]).0, 2);
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
