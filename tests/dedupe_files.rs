//! `dedupe --input … --output …` from outside.

use assert_cmd::Command;

fn gleaner() -> Command {
    Command::new(env!("CARGO_BIN_EXE_gleaner"))
}

const HEADER: &str = "id,title,authors,year,journal,volume,pages,doi\n";
const FIRST: &str =
    "Gardens on prescription in two valleys,\"Morgan, Sian; Price, Huw\",2021,Public Health Wales,4,10-19,\n";

#[test]
fn ids_are_the_inputs_own_and_rows_keep_their_order() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two, out) = (folder.path().join("one.csv"), folder.path().join("two.csv"), folder.path().join("out.csv"));
    std::fs::write(&one, format!("{HEADER}b7,Choirs after stroke,\"Hill, Ann\",2020,Voice,1,3-9,\na1,{FIRST}"))
        .unwrap();
    std::fs::write(&two, format!("{HEADER}c9,{FIRST}")).unwrap();
    let run = |inputs: &[&std::path::Path]| {
        let mut command = gleaner();
        command.arg("dedupe").arg("--input").args(inputs).arg("--output").arg(&out);
        command.assert().success()
    };
    run(&[&one, &two]);
    assert_eq!(std::fs::read_to_string(&out).unwrap(), "id,cluster_id\nb7,b7\na1,a1\nc9,a1\n");

    // A repeated id: positions for all, and a warning.
    let again = run(&[&one, &one]);
    assert_eq!(std::fs::read_to_string(&out).unwrap(), "id,cluster_id\n1,1\n2,2\n3,1\n4,2\n");
    assert!(String::from_utf8_lossy(&again.get_output().stderr).contains("an id is repeated"));
}

#[test]
fn what_is_set_aside_keeps_its_row() {
    let folder = tempfile::tempdir().unwrap();
    let (one, out) = (folder.path().join("one.csv"), folder.path().join("out.csv"));
    std::fs::write(&one, format!("{HEADER}a,{FIRST}b,,,,,,,\nc,{FIRST}")).unwrap();
    let json = gleaner().args(["dedupe", "--json", "--input"]).arg(&one).arg("--output").arg(&out).assert().success();
    assert_eq!(std::fs::read_to_string(&out).unwrap(), "id,cluster_id\na,a\nb,b\nc,a\n");
    let summary: serde_json::Value = serde_json::from_slice(&json.get_output().stdout).unwrap();
    assert_eq!((&summary["records"], &summary["works"], &summary["set_aside"]), (&3.into(), &2.into(), &1.into()));
}

#[test]
fn a_file_that_is_none_fails_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (one, out) = (folder.path().join("one.csv"), folder.path().join("out.csv"));
    std::fs::write(&one, "\u{0}\u{1}\u{2}").unwrap();
    gleaner().arg("dedupe").arg("--input").arg(&one).arg("--output").arg(&out).assert().code(1);
    assert!(!out.exists());
    gleaner().args(["dedupe", "--input"]).arg(&one).assert().code(2);
}

#[test]
fn pairs_for_a_person_and_unique_works_are_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let doubtful = "Gardens on prescription in two valleys,\"Morgan, Sian\",2018,,,,\n";
    let file =
        format!("{HEADER}a1,{FIRST}c9,{FIRST}d4,{doubtful}e5,Choirs after stroke,\"Hill, Ann\",2020,Voice,1,3-9,\n");
    std::fs::write(path("one.csv"), file).unwrap();
    let run = |jobs: &str, unique: &str| {
        let mut command = gleaner();
        command.current_dir(folder.path()).args(["dedupe", "--input", "one.csv", "--output", "out.csv"]);
        command.args(["--possible", "pairs.csv", "--unique", unique, "--jobs", jobs]);
        String::from_utf8(command.assert().success().get_output().stdout.clone()).unwrap()
    };
    insta::assert_snapshot!("files_summary", run("1", "unique.csv"));
    insta::assert_snapshot!("files_possible", std::fs::read_to_string(path("pairs.csv")).unwrap());
    let unique = std::fs::read_to_string(path("unique.csv")).unwrap();
    assert_eq!(unique.lines().count(), 4, "{unique}");
    assert!(unique.contains("a1; c9"), "{unique}");
    let once = [std::fs::read(path("out.csv")).unwrap(), std::fs::read(path("pairs.csv")).unwrap()];
    run("4", "unique.ris");
    let again = [std::fs::read(path("out.csv")).unwrap(), std::fs::read(path("pairs.csv")).unwrap()];
    assert_eq!(once, again, "threads change nothing");
    assert!(std::fs::read_to_string(path("unique.ris")).unwrap().starts_with("TY  - "));
    let refused = |arguments: &[&str], words: &str| {
        let output = gleaner().current_dir(folder.path()).args(arguments).assert().code(2);
        let told = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
        assert!(told.contains(words), "{told}");
    };
    refused(&["dedupe", "--input", "one.csv", "--output", "o.csv", "--unique", "u.doc"], "end it in .ris");
    refused(&["dedupe", "--input", "one.csv"], "--output");
    refused(&["dedupe", "--input", "one.csv", "--explain", "a1", "zz"], "no record has the id 'zz'");
    let told = gleaner()
        .current_dir(folder.path())
        .args(["dedupe", "--input", "one.csv", "--explain", "a1", "d4"])
        .assert()
        .success();
    insta::assert_snapshot!("files_explain", String::from_utf8_lossy(&told.get_output().stdout));
}
