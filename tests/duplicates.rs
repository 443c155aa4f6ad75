//! What people say of duplicates, from outside: stored, respected by every later run, and undone.

#![expect(clippy::unwrap_used, reason = "a test fails where its ground is missing")]

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use gleaner::error::Outcome;
use gleaner::flow::{conserve, count};
use gleaner::model::{RelationKind, RulingAction};
use gleaner::pipeline::{
    Asked, Overrides, Run, Silent, Undone, What, exported, ledger, related, waiting, with_imports,
};
use gleaner::store::{HitOrigin, ImportedFile, NewRecord, Store};
use proptest::prelude::*;
use serde_json::Value;

const GLEANER: &str = env!("CARGO_BIN_EXE_gleaner");

const CONFIG: &str = r#"
[review]
title = "Hubs and halls"
[[streams]]
id = "academic"
title = "Academic research"
description = "d"
geography = "UK"
[[streams.searches]]
id = "files"
kind = "import"
"#;

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(GLEANER)
        .current_dir(folder)
        .env_remove("GLEANER_REVIEWER")
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn ok(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn refused(folder: &Path, arguments: &[&str], words: &str) {
    let output = run(folder, arguments);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {told}");
    assert!(told.contains(words), "{arguments:?} should say '{words}': {told}");
}

/// The canonical export: every work with its records, decisions and links.
fn canonical(folder: &Path) -> String {
    ok(folder, &["export", "--format", "jsonl"])
}

/// Output with what differs from run to run taken out.
fn steady(text: &str) -> String {
    let mut steady = String::new();
    for word in text.split_inclusive([' ', '\n']) {
        let bare = word.trim_end_matches([' ', '\n', ':', ';']);
        let is_time = bare.len() == 20 && bare.ends_with('Z') && bare.as_bytes()[4] == b'-';
        steady.push_str(&if is_time { word.replace(bare, "TIME") } else { word.to_owned() });
    }
    steady
}

const ARTICLE: &str = "TY  - JOUR\nTI  - Walking groups and loneliness in three coastal towns: a mixed methods study\nAU  - Pritchard, Elen\nAU  - Okafor, Ada\n\
    PY  - 2021\nJO  - Journal of Community Health\nVL  - 46\nSP  - 512\nEP  - 524\nDO  - 10.5555/walk.1\nER  - \n\n";
/// The same, as another database lists it.
const COPY: &str = "TY  - JOUR\nTI  - Walking-groups and loneliness in three coastal towns: a mixed-methods study.\nAU  - Pritchard, E.\nAU  - Okafor, A.\n\
    PY  - 2021\nJO  - J Community Health\nVL  - 46\nSP  - 512\nEP  - 24\nER  - \n\n";
/// A record of it that lost its place and year.
const DOUBTFUL: &str = "TY  - JOUR\nTI  - Walking groups and loneliness in three coastal towns: a mixed methods study\nAU  - Pritchard, Elen\nPY  - 2019\nER  - \n\n";
const PREPRINT: &str = "TY  - UNPB\nTI  - Walking groups and loneliness in three coastal towns: a mixed methods study\nAU  - Pritchard, Elen\nAU  - Okafor, Ada\n\
    PY  - 2020\nJO  - medRxiv\nDO  - 10.1101/2020.05.05.20012345\nER  - \n\n";
const ERRATUM: &str = "TY  - JOUR\nTI  - Erratum: Walking groups and loneliness in three coastal towns: a mixed methods study\nAU  - Pritchard, Elen\n\
    PY  - 2022\nJO  - Journal of Community Health\nVL  - 47\nSP  - 3\nER  - \n\n";
const OTHER: &str = "TY  - JOUR\nTI  - Choirs after stroke in a rural health board area\nAU  - Hill, Ann\nPY  - 2020\nJO  - Voice\nVL  - 1\nSP  - 3\nEP  - 9\nER  - \n\n";

fn review(files: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("config.toml"), CONFIG).unwrap();
    import(folder.path(), "first.ris", files);
    folder
}

fn import(folder: &Path, name: &str, entries: &[&str]) {
    std::fs::write(folder.join(name), entries.concat()).unwrap();
    ok(folder, &["import", name, "--stream", "academic"]);
}

/// The works as sets of the titles' first words, to name them in tests.
fn works(folder: &Path) -> Vec<Value> {
    canonical(folder).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn id_of(folder: &Path, doi_or_title: &str) -> String {
    let found = works(folder).into_iter().find(|work| {
        let record = &work["record"];
        record["identifiers"]["doi"] == doi_or_title || record["title"].as_str().unwrap().starts_with(doi_or_title)
    });
    found.unwrap()["id"].as_str().unwrap().to_owned()
}

fn flow(folder: &Path) -> Value {
    serde_json::from_str(&ok(folder, &["report", "flow", "--format", "json"])).unwrap()
}

#[test]
fn a_merge_holds_and_is_undone() {
    let folder = review(&[ARTICLE, COPY, OTHER]);
    let folder = folder.path();
    ok(folder, &["dedupe"]);
    assert_eq!(works(folder).len(), 2);
    let before = canonical(folder);
    let (walk, choir) = (id_of(folder, "10.5555/walk.1"), id_of(folder, "Choirs"));
    refused(folder, &["dedupe", "--merge", &walk, &choir], "--why");
    refused(folder, &["dedupe", "--merge", &walk, &choir, "--why", "x"], "who says so");
    let said = ["--by", "ann", "--why", "a test"];
    let merge = [&["dedupe", "--merge", &walk, &choir][..], &said].concat();
    let told = ok(folder, &merge);
    assert!(told.contains("ruling 1 by ann"), "{told}");
    let merged = canonical(folder);
    assert_eq!(merged.lines().count(), 1);
    refused(folder, &merge, "one work already");
    // Later runs respect it, also when records come in between.
    import(folder, "second.ris", &[DOUBTFUL]);
    ok(folder, &["dedupe"]);
    assert!(works(folder).iter().any(|work| work["records"].as_array().unwrap().len() == 3));
    ok(folder, &["dedupe", "--undo", "1", "--by", "ann"]);
    let choirs = id_of(folder, "Choirs");
    assert_eq!(choirs, choir);
    refused(folder, &["dedupe", "--undo", "1"], "withdrawn already");
    // Undoing the undoing brings it back, and undoing that too.
    ok(folder, &["dedupe", "--undo", "2"]);
    assert!(works(folder).iter().any(|work| work["records"].as_array().unwrap().len() == 3));
    ok(folder, &["dedupe", "--undo"]);
    let without: String =
        canonical(folder).lines().filter(|line| !line.contains("2019")).map(|line| format!("{line}\n")).collect();
    assert_eq!(without, before);
    let rulings = ok(folder, &["dedupe", "--rulings"]);
    assert_eq!(rulings.lines().count(), 4, "{rulings}");
}

#[test]
fn a_split_holds_against_the_rules() {
    let folder = review(&[ARTICLE, COPY]);
    let folder = folder.path();
    ok(folder, &["dedupe"]);
    let before = canonical(folder);
    let records: Vec<String> =
        works(folder)[0]["records"].as_array().unwrap().iter().map(|key| key.as_str().unwrap().to_owned()).collect();
    assert_eq!(records.len(), 2);
    ok(folder, &["dedupe", "--split", &records[1], "--by", "ann", "--why", "two surveys"]);
    assert_eq!(works(folder).len(), 2);
    ok(folder, &["dedupe"]);
    assert_eq!(works(folder).len(), 2, "the rules do not bring them together again");
    let waiting: Value = serde_json::from_str(&ok(folder, &["dedupe", "--waiting", "--json"])).unwrap();
    assert_eq!(waiting["possible"], serde_json::json!([]), "what a person answered is not asked again");
    let told = ok(folder, &["explain", &records[0]]);
    assert!(told.contains("are kept apart") && told.contains("not the same"), "{told}");
    ok(folder, &["dedupe", "--undo"]);
    assert_eq!(canonical(folder), before);
    let unknown = run(folder, &["dedupe", "--split", "10.5555/none", "--by", "a", "--why", "w"]);
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("no work is known"));
}

#[test]
fn the_last_deduplication_is_undone() {
    let folder = review(&[ARTICLE, OTHER]);
    let folder = folder.path();
    ok(folder, &["dedupe"]);
    import(folder, "second.ris", &[COPY, PREPRINT, DOUBTFUL]);
    let before = canonical(folder);
    ok(folder, &["dedupe"]);
    let after = canonical(folder);
    assert_ne!(before, after);
    // One that changes nothing leaves it to be undone.
    ok(folder, &["dedupe"]);
    let told = ok(folder, &["dedupe", "--undo"]);
    assert!(told.contains("undone: the deduplication of"), "{told}");
    assert_eq!(canonical(folder), before);
    ok(folder, &["dedupe"]);
    assert_eq!(canonical(folder), after);
    // A ruling made since comes first.
    let (walk, choir) = (id_of(folder, "10.5555/walk.1"), id_of(folder, "Choirs"));
    ok(folder, &["dedupe", "--merge", &walk, &choir, "--by", "ann", "--why", "a test"]);
    refused(folder, &["dedupe", "--undo", "run"], "rulings were made or withdrawn since");
    ok(folder, &["dedupe", "--undo"]);
    ok(folder, &["dedupe", "--undo", "run"]);
    assert_eq!(canonical(folder), before);
    refused(folder, &["dedupe", "--undo", "run"], "no deduplication to undo");
}

#[test]
fn linked_works_are_works_of_their_own_and_one_study_once_accepted() {
    let folder = review(&[ARTICLE, COPY, PREPRINT, ERRATUM, OTHER]);
    let folder = folder.path();
    ok(folder, &["dedupe"]);
    let stream = |flow: &Value| (flow["streams"][0]["included"].clone(), flow["streams"][0]["studies"].clone());
    assert_eq!(stream(&flow(folder)), (4.into(), 4.into()));
    insta::assert_snapshot!("waiting", ok(folder, &["dedupe", "--waiting"]));
    let (walk, preprint) = (id_of(folder, "10.5555/walk.1"), id_of(folder, "10.1101/2020.05.05.20012345"));
    let said = ["--by", "ann", "--why", "one survey"];
    ok(folder, &[&["dedupe", "--link", "preprint-of", &preprint, &walk][..], &said].concat());
    assert_eq!(stream(&flow(folder)), (4.into(), 3.into()), "two reports of one study");
    let erratum = id_of(folder, "Erratum");
    ok(folder, &[&["dedupe", "--unlink", "erratum-of", &erratum, &walk][..], &said].concat());
    assert_eq!(stream(&flow(folder)), (4.into(), 3.into()));
    let told = ok(folder, &["explain", &walk]);
    insta::assert_snapshot!("explain_linked", steady(&told));
    insta::assert_snapshot!("explain_pair", steady(&ok(folder, &["dedupe", "--explain", &preprint, &walk])));
    let status: Value = serde_json::from_str(&ok(folder, &["status", "--json"])).unwrap();
    assert_eq!((&status["possible_duplicates"], &status["proposed_links"]), (&0.into(), &0.into()));
    ok(folder, &["dedupe", "--undo"]);
    ok(folder, &["dedupe", "--undo"]);
    assert_eq!(stream(&flow(folder)), (4.into(), 4.into()));
    refused(folder, &[&["dedupe", "--link", "copy-of", &preprint, &walk][..], &said].concat(), "no such kind of link");
}

#[test]
fn config_says_what_is_one_work() {
    let folder = review(&[ARTICLE, COPY, PREPRINT, ERRATUM]);
    let folder = folder.path();
    ok(folder, &["dedupe"]);
    assert_eq!(works(folder).len(), 3);
    let config = format!("{CONFIG}\n[dedupe]\none_work = [\"preprint-of\", \"erratum-of\"]\n");
    std::fs::write(folder.join("config.toml"), config).unwrap();
    ok(folder, &["dedupe"]);
    assert_eq!(works(folder).len(), 1, "{}", ok(folder, &["dedupe", "--waiting"]));
    // A person outranks it.
    ok(folder, &["dedupe", "--split", "10.1101/2020.05.05.20012345", "--by", "ann", "--why", "another survey"]);
    ok(folder, &["dedupe"]);
    assert_eq!(works(folder).len(), 2);
    std::fs::write(folder.join("config.toml"), CONFIG).unwrap();
    ok(folder, &["dedupe"]);
    assert_eq!(works(folder).len(), 3);
    let wrong = format!("{CONFIG}\n[dedupe]\none_work = [\"preprints\"]\naccept = \"all\"\n");
    std::fs::write(folder.join("config.toml"), wrong).unwrap();
    refused(folder, &["check"], "did you mean `preprint-of`?");
}

/// Records of a review at random: copies, a preprint and an erratum of three documents.
fn record(number: usize) -> gleaner::model::Record {
    let document = number % 3;
    let title = [
        "Walking groups and loneliness in three coastal towns of the north",
        "Choirs after stroke in four market towns and their hinterland",
        "Gardens on prescription between two valleys and a moor",
    ][document];
    let mut record = gleaner::model::Record {
        source: "file".into(),
        source_key: format!("{number:02}"),
        title: Some(title.into()),
        authors: vec![gleaner::model::Author { family: "Pritchard".into(), given: "Elen".into(), collective: false }],
        dates: gleaner::model::PartialDate::of_year(2021).into_iter().collect(),
        venue: Some("Journal of Community Health".into()),
        volume: Some("46".into()),
        pages: Some(format!("{document}00-{document}12")),
        ..Default::default()
    };
    match number / 3 {
        1 => {
            record.types = vec![gleaner::model::WorkType::Preprint];
            (record.volume, record.pages, record.venue) = (None, None, None);
        }
        2 => {
            record.title = Some(format!("Erratum: {title}"));
            record.pages = Some("900".into());
        }
        // A doubtful copy: it lost its place, and its year is another.
        3 => {
            record.dates = gleaner::model::PartialDate::of_year(2018).into_iter().collect();
            (record.volume, record.pages, record.venue) = (None, None, None);
        }
        _ => {}
    }
    record
}

#[derive(Clone, Debug)]
enum Step {
    /// So many further records, then a deduplication.
    Dedupe(usize),
    Say(RulingAction, usize, usize),
}

fn step() -> impl Strategy<Value = Step> {
    let action = prop::sample::select(vec![
        RulingAction::Merge,
        RulingAction::Split,
        RulingAction::Keep,
        RulingAction::Accept,
        RulingAction::Refuse,
    ]);
    prop_oneof![
        1 => (1..7usize).prop_map(Step::Dedupe),
        3 => (action, 0..15usize, 0..15usize).prop_map(|(action, a, b)| Step::Say(action, a, b)),
    ]
}

/// Everything that a person can see of works: the canonical export, and what waits.
fn state(run: &Run) -> String {
    run.read(|store| -> Outcome<String> {
        let works = exported(&run.settings, store, None, None)?;
        let flow = count(&ledger(&run.settings, store)?);
        assert_eq!(conserve(&flow), Ok(()));
        let links: Vec<_> = related(&run.settings, store)?
            .into_iter()
            .map(|link| (link.a, link.b, link.kind, link.status, link.why))
            .collect();
        let waiting = waiting(&run.settings, store)?;
        Ok(serde_json::to_string_pretty(&(works, flow, links, waiting)).unwrap())
    })
    .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn undo_brings_the_same_state_back(steps in prop::collection::vec(step(), 1..7)) {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("config.toml");
        std::fs::write(&config, CONFIG).unwrap();
        let (settings, _) = gleaner::config::load(&config).unwrap();
        let mut writer = Store::open(&settings.store).unwrap();
        let settings = with_imports(Arc::new(settings), None, None).unwrap();
        let run = Run::open(settings, Overrides::default(), Arc::new(Silent)).unwrap();
        let mut taken = 0;
        let mut import = |more: usize| {
            let records: Vec<_> = (taken..(taken + more).min(15)).map(record).collect();
            taken += records.len();
            let origin = HitOrigin { stream: "academic", search: "files", source: "files", refresh: 1, run: None };
            let name = format!("{taken}");
            let file = ImportedFile {
                hash: &name,
                name: &name,
                format: "ris",
                records: records.iter().map(|record| NewRecord { record, payload: b"" }).collect(),
                set_aside: &[],
            };
            writer.import(&origin, &file).unwrap();
        };
        import(7);
        run.dedupe().unwrap();
        for step in steps {
            match step {
                Step::Dedupe(more) => {
                    import(more);
                    let before = state(&run);
                    run.dedupe().unwrap();
                    let after = state(&run);
                    if before != after {
                        run.undo_on_duplicates(What::Run, "ann", "").unwrap();
                        prop_assert_eq!(state(&run), before);
                        run.dedupe().unwrap();
                        prop_assert_eq!(state(&run), after);
                    }
                }
                Step::Say(action, a, b) => {
                    let names = if action == RulingAction::Keep {
                        vec![format!("file:{a:02}")]
                    } else {
                        vec![format!("file:{a:02}"), format!("file:{b:02}")]
                    };
                    let kind = matches!(action, RulingAction::Accept | RulingAction::Refuse).then_some(RelationKind::ErratumOf);
                    let asked = Asked { action, kind, names: &names, by: "ann", why: "", idempotency: None };
                    let before = state(&run);
                    let Ok(ruled) = run.rule_on_duplicates(&asked) else { continue };
                    let after = state(&run);
                    let undone = run.undo_on_duplicates(What::Ruling(ruled.ruling.id), "ann", "").unwrap();
                    prop_assert!(matches!(undone, Undone::Ruling(_)));
                    prop_assert_eq!(state(&run), before);
                    run.rule_on_duplicates(&asked).unwrap();
                    prop_assert_eq!(state(&run), after);
                }
            }
            // What was settled on the spot is what a deduplication of everything gives.
            let at_once = state(&run);
            run.dedupe().unwrap();
            prop_assert_eq!(state(&run), at_once);
        }
    }
}
