//! Decisions made in other tools come back by `import`: the real binary on real folders.

#![expect(clippy::unwrap_used, reason = "a test fails where its ground is missing")]

#[path = "support/flow.rs"]
mod flow;

use std::path::Path;
use std::process::{Command, Output, Stdio};

use flow::{conserves, number};
use serde_json::Value;

const GLEANER: &str = env!("CARGO_BIN_EXE_gleaner");

const CONFIG: &str = r#"
[review]
title = "Small"
[criteria.topic]
title = "Relevance to topic"
reason = "Not relevant to topic"
match = "council*"
effect = "flag"
[[streams]]
id = "grey"
title = "Grey"
description = "d"
geography = "g"
abstract = { criteria = ["topic"], pass = "person" }
fulltext = { criteria = ["topic"], pass = "person" }
[[streams.searches]]
id = "files"
kind = "import"
[[streams]]
id = "bare"
title = "Bare"
description = "d"
geography = "g"
abstract = { criteria = ["topic"], pass = "person" }
[[streams.searches]]
id = "files"
kind = "import"
"#;

fn entry(number: usize, note: &str) -> String {
    let note = if note.is_empty() { String::new() } else { format!("N1  - {note}\n") };
    let word = ["first", "second", "third"][number - 1];
    format!(
        "TY  - JOUR\nTI  - The {word} council and its neighbours\nAU  - Ray, {word}\nAB  - A {word} council met.\n\
         PY  - 2021\nDO  - 10.1000/{word}\n{note}ER  - \n\n"
    )
}

fn review() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("config.toml"), CONFIG).unwrap();
    std::fs::write(folder.path().join("search.ris"), entry(1, "") + &entry(2, "") + &entry(3, "")).unwrap();
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(GLEANER).current_dir(folder).args(arguments).stdin(Stdio::null()).output().unwrap()
}

fn ok(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn import(folder: &Path, file: &str, more: &[&str]) -> Value {
    let told = ok(folder, &[&["--json", "import", file, "--stream", "grey"], more].concat());
    serde_json::from_str::<Value>(&told).unwrap()[0].clone()
}

fn arm(folder: &Path) -> Value {
    ok(folder, &["dedupe"]);
    let flow: Value = serde_json::from_str(&ok(folder, &["report", "flow", "--format", "json"])).unwrap();
    conserves(&flow);
    flow["streams"][0]["arms"][0].clone()
}

const ANN_AND_BOB: &str = r#"RAYYAN-INCLUSION: {"Ann"=>"Included", "Bob"=>"Included"}"#;
const ANN_EXCLUDES: &str = r#"RAYYAN-INCLUSION: {"Ann"=>"Excluded"} | RAYYAN-EXCLUSION-REASONS: not relevant to topic,too old | USER-NOTES: {"Ann"=>["a school"]}"#;

#[test]
fn nothing_is_decided_until_somebody_asks_and_then_once() {
    let folder = review();
    let folder = folder.path();
    let file = entry(1, ANN_AND_BOB) + &entry(2, ANN_EXCLUDES) + &entry(3, "");
    std::fs::write(folder.join("rayyan.ris"), file).unwrap();
    let told = ok(folder, &["import", "rayyan.ris", "--stream", "grey"]);
    assert!(told.contains("Ann 1 include, 1 exclude; Bob 1 include"), "{told}");
    assert!(told.contains("none is taken") && told.contains("--stage abstract"), "{told}");
    assert_eq!(number(&arm(folder), "/abstract/awaiting"), 3);

    let imported = import(folder, "rayyan.ris", &["--stage", "abstract"]);
    assert_eq!((number(&imported, "/decisions/added"), &imported["known"]), (3, &Value::Bool(true)), "{imported}");
    let decided = arm(folder);
    assert_eq!(number(&decided, "/identified"), 3);
    assert_eq!((number(&decided, "/abstract/screened"), number(&decided, "/abstract/awaiting")), (2, 1));
    assert_eq!(number(&decided, "/abstract/excluded_by/reviewer"), 1);
    assert_eq!(number(&decided, "/abstract/advanced_by/reviewer"), 1);
    // The config's own words for the reason.
    assert_eq!(number(&decided, "/abstract/reasons/Not relevant to topic"), 1);
    assert!(ok(folder, &["explain", "10.1000/second"]).contains("exclude by Ann"));
    let exported = ok(folder, &["export", "--format", "jsonl"]);
    assert!(
        exported.contains("imported from rayyan.ris: RAYYAN-INCLUSION") && exported.contains("too old"),
        "{exported}"
    );

    let again = import(folder, "rayyan.ris", &["--stage", "abstract"]);
    assert_eq!((number(&again, "/decisions/added"), number(&again, "/decisions/known")), (0, 3));
    assert_eq!(arm(folder), decided);
    ok(folder, &["doctor"]);
}

#[test]
fn what_names_nobody_needs_a_name_and_nothing_is_stored_without() {
    let folder = review();
    let folder = folder.path();
    std::fs::write(
        folder.join("asreview.csv"),
        "title,doi,included\nOne council,10.1000/one,1\nTwo councils,10.1000/two,0\nThree,10.1000/three,-1\n",
    )
    .unwrap();
    let output = run(folder, &["import", "asreview.csv", "--stream", "grey", "--stage", "abstract"]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{told}");
    for word in ["asreview.csv", "2 decisions", "--decisions-by NAME"] {
        assert!(told.contains(word), "{told}");
    }
    let status: Value = serde_json::from_str(&ok(folder, &["--json", "status"])).unwrap();
    assert!(status.to_string().contains("\"records\":0"), "{status}");
    let imported = import(folder, "asreview.csv", &["--stage", "abstract", "--decisions-by", "Ann Ray"]);
    assert_eq!(number(&imported, "/decisions/added"), 2);
    let decided = arm(folder);
    assert_eq!((number(&decided, "/abstract/screened"), number(&decided, "/abstract/awaiting")), (2, 1));
    // A stage that the stream does not have, and a list that says one thing as a whole.
    let output =
        run(folder, &["import", "asreview.csv", "--stream", "bare", "--stage", "fulltext", "--decisions-by", "A"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("bare has no stage fulltext"));
    std::fs::write(folder.join("irrelevant.ris"), entry(1, "") + &entry(2, "")).unwrap();
    let whole = ["--stage", "abstract", "--decisions-by", "Bob", "--verdict", "exclude"];
    assert_eq!(number(&import(folder, "irrelevant.ris", &whole), "/decisions/added"), 2);
    assert_eq!(number(&arm(folder), "/abstract/reasons/No reason given"), 3);
}

#[test]
fn our_own_export_comes_back_to_its_works_and_is_no_new_record() {
    let folder = review();
    let folder = folder.path();
    import(folder, "search.ris", &[]);
    let before = arm(folder);
    let exported = ok(folder, &["export", "--format", "ris", "--stream", "grey"]);
    // Another tool joins its notes to ours and rewrites the title.
    let screened = exported
        .replace("N1  - gleaner-id: ", "N1  - RAYYAN-INCLUSION: {\"Ann\"=>\"Included\"} | gleaner-id: ")
        .replace("council and its neighbours", "Council & Its Neighbours, retold");
    assert_eq!(screened.matches("RAYYAN-INCLUSION").count(), 3);
    std::fs::write(folder.join("back.ris"), screened).unwrap();
    let imported = import(folder, "back.ris", &["--stage", "abstract"]);
    assert_eq!((number(&imported, "/known_works"), number(&imported, "/records")), (3, 0), "{imported}");
    assert_eq!(number(&imported, "/decisions/added"), 3);
    let after = arm(folder);
    for count in ["/identified", "/removed/duplicates"] {
        assert_eq!(number(&before, count), number(&after, count));
    }
    assert_eq!(number(&after, "/abstract/advanced_by/reviewer"), 3);
    // In a stream that does not have them they are records like any others.
    let bare = ok(folder, &["--json", "import", "back.ris", "--stream", "bare"]);
    assert_eq!(serde_json::from_str::<Value>(&bare).unwrap()[0]["records"], 3);
}

#[test]
fn what_a_person_decided_here_stands_unless_replaced() {
    let folder = review();
    let folder = folder.path();
    import(folder, "search.ris", &[]);
    ok(folder, &["dedupe"]);
    let only = ["--stage", "abstract", "--decisions-only"];
    std::fs::write(folder.join("monday.ris"), entry(1, ANN_AND_BOB) + &entry(2, ANN_AND_BOB)).unwrap();
    let monday = import(folder, "monday.ris", &only);
    assert_eq!((number(&monday, "/decisions/added"), number(&monday, "/records")), (4, 0));
    assert_eq!(number(&arm(folder), "/identified"), 3, "decisions alone add no record");

    let stranger = entry(3, ANN_AND_BOB).replace("third", "unknown");
    std::fs::write(folder.join("tuesday.ris"), entry(1, ANN_EXCLUDES) + &stranger).unwrap();
    let told = ok(folder, &[&["import", "tuesday.ris", "--stream", "grey"], &only[..]].concat());
    assert!(told.contains("1 differ from what the same person decided before"), "{told}");
    assert!(told.contains("1 entries are no works of the stream"), "{told}");
    assert_eq!(number(&arm(folder), "/abstract/advanced_by/reviewer"), 2);

    let replaced = import(folder, "tuesday.ris", &[&only[..], &["--replace"]].concat());
    assert_eq!((number(&replaced, "/decisions/added"), number(&replaced, "/decisions/replaced")), (1, 1));
    // Ann's exclude now stands against Bob's include: a conflict waits for people.
    let conflict = arm(folder);
    assert_eq!((number(&conflict, "/abstract/awaiting"), number(&conflict, "/abstract/screened")), (2, 1));
    ok(folder, &["doctor"]);
}
