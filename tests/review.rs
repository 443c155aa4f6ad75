//! A review from outside: the real binary on real folders, from import to flow.

#![expect(clippy::unwrap_used, reason = "a test fails where its ground is missing")]

#[path = "support/flow.rs"]
mod flow;
mod support;

use std::path::Path;
use std::process::{Command, Output, Stdio};

use flow::{conserves, number};
use serde_json::Value;
use support::real_data;

const GLEANER: &str = env!("CARGO_BIN_EXE_gleaner");

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(GLEANER).current_dir(folder).args(arguments).stdin(Stdio::null()).output().unwrap()
}

fn ok(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn fails(folder: &Path, arguments: &[&str], exit: i32, words: &[&str]) {
    let output = run(folder, arguments);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(exit), "{arguments:?}: {told}");
    for word in words {
        assert!(told.contains(word), "{arguments:?} should name '{word}': {told}");
    }
}

fn flow(folder: &Path) -> Value {
    serde_json::from_str(&ok(folder, &["report", "flow", "--format", "json"])).unwrap()
}

/// Folders of exports that this version reads, with the record counts that INDEX.tsv gives.
fn indexed(exports: &Path) -> Vec<(std::path::PathBuf, usize)> {
    let index = std::fs::read_to_string(exports.join("INDEX.tsv")).unwrap();
    index
        .lines()
        .skip(1)
        .filter_map(|line| {
            let mut columns = line.split('\t');
            let (folder, file, records) = (columns.next()?, columns.next()?, columns.next()?);
            let wanted = ["ris", "nbib", "endnote_xml", "bibtex", "csv"].contains(&folder);
            Some((exports.join(folder).join(file), records.trim().parse().ok()?)).filter(|_| wanted)
        })
        .collect()
}

#[test]
fn real_exports_become_a_flow_that_adds_up() {
    let Some(exports) = real_data("exports") else { return };
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    ok(folder, &["init", "review"]);
    let review = folder.join("review");
    let config = std::fs::read_to_string(review.join("config.toml")).unwrap();
    let staged = r#"abstract = { criteria = ["topic", "articles", "language"], pass = "person" }"#;
    assert!(config.contains(staged));
    let config = config
        .replacen(staged, r#"abstract = { criteria = ["two-concepts"], pass = "rule" }"#, 1)
        .replacen(
            "[[streams]]",
            "[criteria.two-concepts]\ntitle = \"Two concepts\"\nreason = \"Not both concepts\"\n\
             match = \"(review* OR trial* OR stud*) AND (patient* OR communit* OR species)\"\neffect = \"exclude\"\n\n[[streams]]",
            1,
        )
        .replacen("fulltext = { criteria = [\"articles\"], pass = \"person\" }\n", "", 1);
    std::fs::write(review.join("config.toml"), config).unwrap();

    let files = indexed(&exports);
    let (mut right, mut records) = (0, 0);
    let mut wrong = Vec::new();
    for (file, expected) in &files {
        let output = run(&review, &["--json", "import", file.to_str().unwrap(), "--stream", "academic"]);
        assert!(
            [0, 1].contains(&output.status.code().unwrap()),
            "{}: {}",
            file.display(),
            String::from_utf8_lossy(&output.stderr)
        );
        let imported: Value = serde_json::from_slice(&output.stdout).unwrap();
        let known = imported[0]["known"] == true;
        let count = imported[0]["records"].as_u64().unwrap_or(0);
        records += count;
        if count == *expected as u64 || known {
            right += 1;
        } else {
            wrong.push(format!("{}: {count} for {expected}", file.display()));
        }
    }
    println!("{right} of {} files gave their count, {records} records; not: {wrong:#?}", files.len());
    assert!(right >= 155, "{wrong:#?}");
    // The same bytes again add nothing.
    let before = flow(&review);
    ok(&review, &["import", files[0].0.to_str().unwrap(), "--stream", "academic"]);
    ok(&review, &["dedupe"]);
    ok(&review, &["screen", "abstract"]);
    let after = flow(&review);
    conserves(&after);
    let identified = "/streams/0/arms/0/identified";
    let arm = after.pointer("/streams/0/arms").and_then(Value::as_array).unwrap();
    let imported = arm.iter().find(|arm| arm["by_source"]["import"].as_u64().is_some_and(|count| count > 0)).unwrap();
    assert_eq!(before.pointer(identified), after.pointer(identified));
    assert!(number(imported, "/removed/duplicates") > 0);
    assert!(number(imported, "/abstract/excluded") > 0 && number(imported, "/included") > 0);
    ok(&review, &["doctor"]);
}

const SMALL: &str = r#"
[review]
title = "Small"
[criteria.topic]
title = "Relevance to topic"
reason = "Not relevant to topic"
match = "council*"
effect = "exclude"
[[streams]]
id = "grey"
title = "Grey"
description = "d"
geography = "g"
abstract = { criteria = ["topic"], pass = "rule" }
[[streams.searches]]
id = "files"
kind = "import"
path = "inbox/*.ris"
"#;

const TWO: &str = "TY  - JOUR\nTI  - Councils and their neighbours\nAB  - A council met.\nPY  - 2021\nER  - \n\n\
                   TY  - JOUR\nTI  - Something else entirely\nAB  - Nobody met.\nPY  - 2021\nER  - \n";

fn small() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("config.toml"), SMALL).unwrap();
    std::fs::create_dir(folder.path().join("inbox")).unwrap();
    std::fs::write(folder.path().join("inbox/two.ris"), TWO).unwrap();
    folder
}

#[test]
fn a_refresh_takes_the_inbox_in_and_a_second_one_adds_nothing() {
    let folder = small();
    let folder = folder.path();
    ok(folder, &["refresh", "--quiet"]);
    let first = ok(folder, &["export", "--format", "jsonl"]);
    let flow_before = flow(folder);
    conserves(&flow_before);
    assert_eq!(number(&flow_before, "/streams/0/arms/0/abstract/excluded"), 1);
    assert_eq!(number(&flow_before, "/streams/0/included"), 1);
    ok(folder, &["refresh", "--quiet"]);
    assert_eq!(first, ok(folder, &["export", "--format", "jsonl"]));
    let mut flow_after = flow(folder);
    flow_after["generated_at"] = flow_before["generated_at"].clone();
    assert_eq!(flow_before, flow_after);
    let story = ok(
        folder,
        &["explain", serde_json::from_str::<Value>(first.lines().next().unwrap()).unwrap()["id"].as_str().unwrap()],
    );
    assert!(story.contains("by rule"), "{story}");
}

#[test]
fn a_changed_criterion_is_previewed_and_then_flips() {
    let folder = small();
    let folder = folder.path();
    ok(folder, &["refresh", "--quiet"]);
    std::fs::write(folder.join("config.toml"), SMALL.replace("council*", "nobody")).unwrap();
    let preview: Value = serde_json::from_str(&ok(folder, &["--json", "screen", "abstract", "--preview"])).unwrap();
    assert_eq!(preview.as_array().unwrap().len(), 2, "{preview}");
    // A rule decision of an old version is not in force: the works wait until rules are applied again.
    let interim = flow(folder);
    assert_eq!(number(&interim, "/streams/0/arms/0/abstract/awaiting"), 2);
    ok(folder, &["screen", "abstract"]);
    let flipped = flow(folder);
    assert_eq!(number(&flipped, "/streams/0/included"), 1);
    conserves(&flipped);
}

#[test]
fn bad_input_says_what_is_wrong_and_costs_nothing_else() {
    let folder = small();
    let folder = folder.path();
    std::fs::write(folder.join("page.ris"), "<!doctype html><html><body>Sign in</body></html>").unwrap();
    fails(folder, &["import", "page.ris", "--stream", "grey"], 1, &["page.ris", "HTML"]);
    fails(folder, &["import", "nowhere.ris", "--stream", "grey"], 1, &["nowhere.ris"]);
    fails(folder, &["import", "inbox/two.ris", "--stream", "gray"], 2, &["gray", "grey"]);
    fails(folder, &["search", "nothing"], 2, &["nothing", "grey"]);
    fails(folder, &["--config", "missing.toml", "refresh"], 2, &["missing.toml"]);
    fails(folder, &["status", "--config", "other/config.toml"], 2, &["other"]);
    // One bad file in the inbox is set aside; the rest goes on, and the run says that it was partial.
    std::fs::write(folder.join("inbox/broken.ris"), "not an export\n").unwrap();
    let output = run(folder, &["refresh"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("broken.ris"));
    assert_eq!(number(&flow(folder), "/streams/0/included"), 1);
    let status: Value = serde_json::from_str(&ok(folder, &["--json", "status"])).unwrap();
    assert_eq!(status["set_aside"][0]["origin"], "broken.ris");
}

#[test]
fn a_database_of_a_newer_version_or_none_is_told() {
    let folder = small();
    let folder = folder.path();
    fails(folder, &["status"], 2, &["no database"]);
    ok(folder, &["refresh", "--quiet"]);
    let connection = rusqlite::Connection::open(folder.join("db/review.sqlite")).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    drop(connection);
    fails(folder, &["refresh"], 2, &["newer version"]);
    std::fs::write(folder.join("db/review.sqlite"), b"this is no database at all, it is a text file of some length")
        .unwrap();
    fails(folder, &["status"], 5, &["database"]);
}

#[test]
fn a_second_run_finds_the_lock_taken() {
    let folder = small();
    let folder = folder.path();
    ok(folder, &["refresh", "--quiet"]);
    let lock = std::fs::OpenOptions::new().write(true).open(folder.join("db/review.sqlite.lock")).unwrap();
    lock.lock().unwrap();
    fails(folder, &["refresh"], 4, &["lock"]);
    ok(folder, &["status"]);
    ok(folder, &["report", "table"]);
    drop(lock);
    ok(folder, &["refresh", "--quiet"]);
}

#[test]
fn a_known_work_that_is_missed_or_kept_out_is_told() {
    let folder = small();
    let folder = folder.path();
    let config = SMALL.replace("title = \"Small\"", "title = \"Small\"\nknown = \"known.csv\"");
    std::fs::write(folder.join("config.toml"), config).unwrap();
    std::fs::write(
        folder.join("known.csv"),
        "title,doi\nCouncils and their neighbours,\nSomething ELSE entirely,\nNever found,10.1000/never\n",
    )
    .unwrap();
    let done: Value = serde_json::from_str(&ok(folder, &["--json", "refresh"])).unwrap();
    assert_eq!(done["known"]["listed"], 3);
    assert_eq!(done["known"]["missed"], serde_json::json!(["Never found"]));
    assert_eq!(done["known"]["excluded_by_rule"][0][0], "Something ELSE entirely");
}

#[test]
fn looking_takes_no_lock_and_makes_no_database() {
    let folder = small();
    let folder = folder.path();
    ok(folder, &["search", "--dry-run"]);
    ok(folder, &["screen", "abstract", "--preview"]);
    assert!(!folder.join("db").exists());
    ok(folder, &["refresh", "--quiet"]);
    let lock = std::fs::OpenOptions::new().write(true).open(folder.join("db/review.sqlite.lock")).unwrap();
    lock.lock().unwrap();
    ok(folder, &["search", "--dry-run"]);
    ok(folder, &["screen", "abstract", "--preview"]);
    fails(folder, &["search"], 4, &["lock"]);
}

#[test]
fn a_folder_with_brackets_in_its_name_loses_no_inbox() {
    let place = small();
    let folder = place.path().join("review [2024] *");
    std::fs::create_dir_all(folder.join("inbox")).unwrap();
    std::fs::write(folder.join("config.toml"), SMALL).unwrap();
    std::fs::write(folder.join("inbox/two.ris"), TWO).unwrap();
    let config = folder.join("config.toml");
    ok(place.path(), &["--config", config.to_str().unwrap(), "refresh", "--quiet"]);
    assert_eq!(number(&flow(&folder), "/streams/0/arms/0/identified"), 2);
}

#[test]
fn what_was_imported_by_hand_stays_counted_when_config_declares_an_import_search() {
    let folder = small();
    let folder = folder.path();
    let without = SMALL.replace(
        "id = \"files\"\nkind = \"import\"\npath = \"inbox/*.ris\"",
        "id = \"sent\"\nkind = \"submitted\"\npath = \"sent/\"",
    );
    std::fs::write(folder.join("config.toml"), without).unwrap();
    ok(folder, &["import", "inbox/two.ris", "--stream", "grey"]);
    let all = |flow: &Value| -> u64 {
        flow.pointer("/streams/0/arms")
            .and_then(Value::as_array)
            .unwrap()
            .iter()
            .map(|arm| number(arm, "/identified"))
            .sum()
    };
    assert_eq!(all(&flow(folder)), 2);
    std::fs::write(folder.join("config.toml"), SMALL).unwrap();
    assert_eq!(all(&flow(folder)), 2);
}

/// Rule 13: together or one after the other, in either order, the canonical export is the same.
#[test]
fn works_that_merge_before_or_after_they_are_screened_end_the_same() {
    let one = "TY  - JOUR\nTI  - Councils and their neighbours\nAU  - Smith, Ann\nDO  - 10.1000/one\nPY  - 2021\nAB  - A council met.\nER  - \n";
    let two =
        "TY  - JOUR\nTI  - Councils and their neighbours\nAU  - Smith, Ann\nDO  - 10.1000/one\nPY  - 2021\nER  - \n";
    let by = |order: &[&[&str]]| {
        let folder = small();
        std::fs::remove_file(folder.path().join("inbox/two.ris")).unwrap();
        for (step, files) in order.iter().enumerate() {
            for (index, file) in files.iter().enumerate() {
                std::fs::write(folder.path().join(format!("inbox/{step}-{index}.ris")), file).unwrap();
            }
            ok(folder.path(), &["refresh", "--quiet"]);
        }
        ok(folder.path(), &["export", "--format", "jsonl"])
    };
    let together = by(&[&[one, two]]);
    assert_eq!(together.lines().count(), 1, "{together}");
    assert_eq!(together, by(&[&[one], &[two]]));
    assert_eq!(together, by(&[&[two], &[one]]));
}

#[test]
fn an_export_comes_back_with_its_ids() {
    let folder = small();
    let folder = folder.path();
    ok(folder, &["refresh", "--quiet"]);
    for (format, name) in [("jsonl", "all.jsonl"), ("csv", "all.csv"), ("ris", "all.ris.txt"), ("csl-json", "all.json")]
    {
        ok(folder, &["export", "--format", format, "--output", name]);
        let elsewhere = small();
        let file = folder.join(name);
        ok(elsewhere.path(), &["import", file.to_str().unwrap(), "--stream", "grey"]);
        let works = ok(elsewhere.path(), &["export", "--format", "jsonl"]);
        assert_eq!(works.lines().count(), 2, "{format}");
        let ids = |text: &str| -> Vec<String> {
            text.lines()
                .map(|line| {
                    let work: Value = serde_json::from_str(line).unwrap();
                    work["record"]["extra"]["gleaner-id"][0]
                        .as_str()
                        .unwrap_or_else(|| work["id"].as_str().unwrap())
                        .to_owned()
                })
                .collect()
        };
        let mut came: Vec<String> = ids(&works);
        came.sort();
        assert_eq!(came, ids(&ok(folder, &["export", "--format", "jsonl"])), "{format}");
    }
}

#[test]
fn hits_of_a_search_that_was_renamed_are_told() {
    let folder = small();
    let folder = folder.path();
    ok(folder, &["refresh", "--quiet"]);
    std::fs::write(folder.join("config.toml"), SMALL.replace("id = \"files\"", "id = \"renamed\"")).unwrap();
    let told = ok(folder, &["doctor"]);
    assert!(told.contains("2 hits of grey/files"), "{told}");
}
