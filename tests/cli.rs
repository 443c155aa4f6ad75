//! The commands that need no database, from outside: `check`, `init`, `completions`.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use tempfile::TempDir;

const SOUND: &str = r#"[review]
title = "A review"
contact = "team@example.org"

[criteria.topic]
title = "Relevance to topic"
reason = "Not relevant to topic"
query = "queries/topic.query"
effect = "order"

[[streams]]
id = "academic"
title = "Academic research"
from = "2020-03"
to = "2023-07"
abstract = { criteria = ["topic"] }
fulltext = { criteria = [] }

[[streams.searches]]
id = "database"
kind = "database"
query = "queries/topic.query"
sources = ["scopus"]
"#;

/// A review with this config and a query.
fn review(config: &str, query: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("config.toml"), config).unwrap();
    std::fs::create_dir(folder.path().join("queries")).unwrap();
    std::fs::write(folder.path().join("queries/topic.query"), query).unwrap();
    folder
}

fn gleaner(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::cargo_bin("gleaner").unwrap();
    command.current_dir(folder).args(arguments).env_remove("SCOPUS_API_KEY").env_remove("SCOPUS_API_KEY_FILE");
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn a_sound_review_is_told_what_it_would_ask() {
    let folder = review(SOUND, "volunteer* AND \"mutual aid\"\n");
    let output = gleaner(folder.path(), &["check"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(text(&output.stderr), "");
    insta::assert_snapshot!("check_sound", text(&output.stdout));
}

#[test]
fn a_sound_review_is_told_to_scripts() {
    let folder = review(SOUND, "volunteer* AND \"mutual aid\"\n");
    let output = gleaner(folder.path(), &["--json", "check"]);
    assert_eq!(output.status.code(), Some(0));
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["ok"], true);
    let source = &document["streams"][0]["searches"][0]["sources"][0];
    assert_eq!(source["id"], "scopus");
    assert_eq!(source["keys"][0]["variable"], "SCOPUS_API_KEY");
    assert_eq!(source["keys"][0]["present"], false);
    assert!(source["queries"][0].as_str().unwrap().contains("mutual aid"));
}

#[test]
fn every_mistake_has_its_place_and_exit_2() {
    // What is replaced in the sound config, by what, and where the mistakes then are.
    let table: &[(&str, &str, &[&str])] = &[
        ("title = \"A review\"", "titel = \"A review\"", &["2:1"]),
        ("title = \"A review\"", "title = \"A review", &["2:18"]),
        ("title = \"A review\"", "title = \"A review\"\ntitle = \"B\"", &["3:1"]),
        ("team@example.org", "team", &["3:11"]),
        ("queries/topic.query\"\neffect", "queries/tropic.query\"\neffect", &["8:9"]),
        ("effect = \"order\"", "effect = \"ordr\"", &["9:10"]),
        ("effect = \"order\"", "effect = \"order\"\napi_key = \"hidden-away\"", &["10:1"]),
        ("effect = \"order\"", "effect = \"order\"\n[sources.opnalex]", &["10:10"]),
        ("from = \"2020-03\"", "from = 2020-03-01", &["14:8"]),
        ("from = \"2020-03\"", "from = \"2024-03\"", &["15:6"]),
        ("criteria = [\"topic\"]", "criteria = [\"tropic\"]", &["16:26"]),
        ("criteria = []", "criteria = [], pass = 1", &["17:36"]),
        ("kind = \"database\"", "kind = \"databse\"", &["21:8"]),
        ("sources = [\"scopus\"]", "sources = [\"scopos\", \"pubmd\"]", &["23:12", "23:22"]),
        ("sources = [\"scopus\"]", "sources = []", &["23:11"]),
        ("sources = [\"scopus\"]", "sources = [\"scopus\"]\nrounds = 2", &["24:10"]),
    ];
    for (old, new, places) in table {
        assert!(SOUND.contains(old), "{old}");
        let folder = review(&SOUND.replacen(old, new, 1), "volunteer*\n");
        let output = gleaner(folder.path(), &["check"]);
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{new}: {told}");
        assert_eq!(text(&output.stdout), "", "{new}");
        assert!(!told.contains("hidden-away"), "{told}");
        for place in *places {
            assert!(told.contains(&format!("config.toml:{place}\n")), "{new}: {place} is not in\n{told}");
        }
        assert_eq!(told.matches("error: ").count(), places.len() + 1, "{new}: {told}");
    }
}

#[test]
fn mistakes_are_shown_in_their_lines() {
    let config = SOUND
        .replace("title = \"A review\"", "titel = \"A review\"")
        .replace("sources = [\"scopus\"]", "sources = [\"scopos\"]\nlable = \"Database\"");
    let folder = review(&config, "volunteer* AND (\"mutual aid\"\n  OR NEAR/3 b\n");
    let output = gleaner(folder.path(), &["check"]);
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!("check_mistakes", text(&output.stderr));
    let output = gleaner(folder.path(), &["check", "--json"]);
    assert_eq!(output.status.code(), Some(2));
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["ok"], false);
    let files: Vec<&str> =
        document["problems"].as_array().unwrap().iter().map(|problem| problem["file"].as_str().unwrap()).collect();
    assert!(files.contains(&"./config.toml") && files.contains(&"queries/topic.query"), "{files:?}");
    for problem in document["problems"].as_array().unwrap() {
        assert!(problem["line"].is_u64() && problem["column"].is_u64() && problem["remedy"].is_string(), "{problem}");
    }
}

#[test]
fn a_query_that_demands_much_and_excludes_is_warned_of() {
    let config = SOUND.replace("effect = \"order\"", "effect = \"exclude\"");
    let folder = review(&config, "volunteer* AND council*\n");
    let output = gleaner(folder.path(), &["check"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stderr).contains("was not calibrated"), "{}", text(&output.stderr));
    let folder = review(&config, "volunteer* OR council*\n");
    assert_eq!(text(&gleaner(folder.path(), &["check"]).stderr), "");
}

#[test]
fn a_source_that_cannot_search_is_a_mistake_at_its_name() {
    let folder =
        review(&SOUND.replace("kind = \"database\"\nquery = \"queries/topic.query\"", "kind = \"citation\""), "a\n");
    let output = gleaner(folder.path(), &["check"]);
    assert_eq!(output.status.code(), Some(2));
    let told = text(&output.stderr);
    assert!(told.contains("config.toml:22:12\n") && told.contains("citation searching"), "{told}");
}

#[test]
fn no_config_is_told_with_a_way_on() {
    let folder = tempfile::tempdir().unwrap();
    let output = gleaner(folder.path(), &["check"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("gleaner init"), "{}", text(&output.stderr));
    let output = gleaner(folder.path(), &["check", "--config", "other.toml"]);
    assert!(text(&output.stderr).contains("other.toml"));
}

#[test]
fn init_makes_a_review_that_check_accepts_and_touches_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let output = gleaner(folder.path(), &["init", "new/review"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let output = gleaner(&folder.path().join("new/review"), &["check"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(text(&output.stderr), "");

    let before = std::fs::read_to_string(folder.path().join("new/review/config.toml")).unwrap();
    let output = gleaner(folder.path(), &["init", "new/review"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(std::fs::read_to_string(folder.path().join("new/review/config.toml")).unwrap(), before);

    std::fs::write(folder.path().join("file"), "mine").unwrap();
    assert_eq!(gleaner(folder.path(), &["init", "file"]).status.code(), Some(2));
    assert_eq!(std::fs::read_to_string(folder.path().join("file")).unwrap(), "mine");

    std::fs::create_dir(folder.path().join("empty")).unwrap();
    assert_eq!(gleaner(&folder.path().join("empty"), &["init", "."]).status.code(), Some(0));
    assert!(folder.path().join("empty/config.toml").exists());
}

#[test]
fn completions_know_the_commands() {
    let folder = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish"] {
        let output = gleaner(folder.path(), &["completions", shell]);
        assert_eq!(output.status.code(), Some(0));
        let script = text(&output.stdout);
        assert!(script.contains("check") && script.contains("init"), "{shell}");
    }
    assert_eq!(gleaner(folder.path(), &["completions", "tcsh-of-old"]).status.code(), Some(2));
}
