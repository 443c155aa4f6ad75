//! The reviewers' queue in a real browser: ten works decided by keyboard, one undone, and the
//! decisions in the database and in the flow.
//!
//! Needs chromium and chromedriver; without them the tests say that they were skipped, unless
//! `GLEANER_REQUIRE` contains `browser`: then they fail.

#![expect(clippy::unwrap_used, reason = "a test fails where its ground is missing")]

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

const GLEANER: &str = env!("CARGO_BIN_EXE_gleaner");

/// A child that does not outlive its test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn program(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)))
        .find(|file| file.is_file())
}

fn browser() -> Option<(PathBuf, PathBuf)> {
    let found = program(&["chromium", "chromium-browser", "google-chrome"]).zip(program(&["chromedriver"]));
    if found.is_none() {
        let required = std::env::var("GLEANER_REQUIRE").is_ok_and(|list| list.contains("browser"));
        assert!(!required, "a browser is required, but chromium or chromedriver is not installed");
        println!("skipped: chromium or chromedriver is not installed");
    }
    found
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn gleaner(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(GLEANER).current_dir(folder).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A review of fourteen works that wait for a person at the abstract stage.
fn review(folder: &Path) {
    let config = r#"
[review]
title = "Hubs and halls"
[criteria.topic]
title = "Relevance to topic"
reason = "Not relevant to topic"
match = "communit* OR council*"
effect = "flag"
[criteria.animals]
title = "No animal studies"
reason = "Animal study"
match = "mice"
fails = "match"
effect = "flag"
[[streams]]
id = "academic"
title = "Academic research"
description = "d"
geography = "UK"
abstract = { criteria = ["topic", "animals"], pass = "person" }
[[streams.searches]]
id = "files"
kind = "import"
"#;
    std::fs::write(folder.join("config.toml"), config).unwrap();
    let places = [
        "Harbour",
        "Meadow",
        "Quarry",
        "Orchard",
        "Lighthouse",
        "Viaduct",
        "Colliery",
        "Estuary",
        "Moorland",
        "Cathedral",
        "Racecourse",
        "Allotment",
        "Peninsula",
        "Waterworks",
    ];
    let mut ris = String::new();
    for (index, place) in places.iter().enumerate() {
        ris.push_str(&format!(
            "TY  - JOUR\nTI  - {place} partnerships <script>alert({index})</script>\nAU  - Author{index}, Ann\nPY  - 2021\n\
             AB  - In {place} the council and community groups worked together; no mice were involved in year {index}.\nER  - \n\n"
        ));
    }
    std::fs::write(folder.join("files.ris"), ris).unwrap();
    gleaner(folder, &["import", "files.ris", "--stream", "academic"]);
    gleaner(folder, &["dedupe"]);
    gleaner(folder, &["screen", "abstract"]);
}

async fn connect(chromium: &Path, driver_port: u16, dark: bool) -> Client {
    let profile = tempfile::tempdir().unwrap().keep();
    let mut arguments = vec![
        "--headless=new".to_owned(),
        "--no-sandbox".to_owned(),
        "--disable-gpu".to_owned(),
        "--disable-quic".to_owned(),
        "--no-first-run".to_owned(),
        "--disable-background-networking".to_owned(),
        "--disable-component-update".to_owned(),
        "--disable-sync".to_owned(),
        "--window-size=1440,1000".to_owned(),
        format!("--user-data-dir={}", profile.display()),
    ];
    if dark {
        arguments.push("--force-dark-mode".to_owned());
    }
    let Value::Object(capabilities) = json!({ "goog:chromeOptions": { "binary": chromium, "args": arguments } }) else {
        unreachable!()
    };
    let mut builder = ClientBuilder::new(HttpConnector::new());
    builder.capabilities(capabilities);
    for _ in 0..60 {
        if let Ok(client) = builder.connect(&format!("http://127.0.0.1:{driver_port}")).await {
            return client;
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    panic!("chromedriver does not answer");
}

async fn position(client: &Client) -> String {
    client.find(Locator::Css(".where")).await.unwrap().text().await.unwrap()
}

async fn press(client: &Client, keys: &str) {
    let body = client.wait().for_element(Locator::Css("body")).await.unwrap();
    body.send_keys(keys).await.unwrap();
}

/// Presses keys that decide, and waits for the page that acknowledges it.
async fn decide(client: &Client, keys: &str, said: &str) {
    let before = client.find(Locator::Css("input[name=key]")).await.unwrap().attr("value").await.unwrap();
    press(client, keys).await;
    for _ in 0..200 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let Ok(key) = client.find(Locator::Css("input[name=key]")).await else { continue };
        let Ok(status) = client.find(Locator::Css(".said")).await else { continue };
        if key.attr("value").await.is_ok_and(|key| key != before)
            && status.text().await.is_ok_and(|text| text.contains(said))
        {
            return;
        }
    }
    panic!("'{keys}' was not acknowledged with '{said}'");
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_works_by_keyboard_and_one_undone() {
    let Some((chromium, driver)) = browser() else { return };
    let folder = tempfile::tempdir().unwrap();
    review(folder.path());
    let (port, driver_port) = (free_port(), free_port());
    let _driver = Running(
        Command::new(driver)
            .arg(format!("--port={driver_port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap(),
    );
    let address = format!("127.0.0.1:{port}");
    let _server = Running(
        Command::new(GLEANER)
            .current_dir(folder.path())
            .args(["serve", "--addr", &address, "--reviewer", "ann"])
            .stderr(Stdio::null())
            .spawn()
            .unwrap(),
    );
    let client = connect(&chromium, driver_port, false).await;
    for _ in 0..100 {
        if client.goto(&format!("http://{address}/")).await.is_ok() && client.find(Locator::Css("h1")).await.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    client.goto(&format!("http://{address}/academic/abstract/waiting")).await.unwrap();
    assert!(position(&client).await.contains("1 of 14"));
    // The words that speak for and against are marked in place, labelled for screen readers.
    assert!(
        client.find(Locator::Css("#abstract mark.include")).await.unwrap().text().await.unwrap().contains("council")
    );
    assert!(client.find(Locator::Css("#abstract mark.exclude")).await.unwrap().text().await.unwrap().contains("mice"));
    let title = client.find(Locator::Css("h1")).await.unwrap().text().await.unwrap();
    assert!(title.contains("partnerships"), "{title}");

    for _ in 0..5 {
        decide(&client, "i", "Included").await;
    }
    for _ in 0..3 {
        decide(&client, "e2", "Excluded").await;
    }
    decide(&client, "u", "maybe").await;
    press(&client, "e").await;
    decide(&client, &Key::Enter.to_string(), "Excluded").await;
    assert!(position(&client).await.contains("1 of 4"), "{}", position(&client).await);
    decide(&client, "z", "Undone").await;
    // The undone work is shown again, and is undecided.
    assert!(position(&client).await.contains("of 5"));
    let flow: Vec<String> = {
        let mut texts = Vec::new();
        for item in client.find_all(Locator::Css(".flow dd")).await.unwrap() {
            texts.push(item.text().await.unwrap());
        }
        texts
    };
    // Identified, removed, screened, excluded, waiting, included: the flow beside the card.
    assert_eq!(flow, ["14", "0", "9", "3", "5", "6"]);
    client.close().await.unwrap();

    let works = gleaner(folder.path(), &["export", "--format", "jsonl"]);
    let mut by_status = std::collections::BTreeMap::new();
    let mut people = 0;
    for line in works.lines() {
        let work: Value = serde_json::from_str(line).unwrap();
        let stream = &work["streams"][0];
        *by_status.entry(stream["status"].as_str().unwrap().to_owned()).or_insert(0) += 1;
        people += stream["decisions"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|decision| decision["by"]["reviewer"] == "ann")
            .count();
    }
    assert_eq!(by_status, [("awaiting".to_owned(), 5), ("excluded".to_owned(), 3), ("included".to_owned(), 6)].into());
    assert_eq!(people, 9);
    let flow: Value = serde_json::from_str(&gleaner(folder.path(), &["report", "flow", "--format", "json"])).unwrap();
    let stage = &flow["streams"][0]["arms"][0]["abstract"];
    assert_eq!(stage["excluded_by"], json!({ "rule": 0, "reviewer": 3 }));
    assert_eq!(stage["advanced_by"], json!({ "rule": 0, "reviewer": 6 }));
    assert_eq!(stage["reasons"], json!({ "Not relevant to topic": 0, "Animal study": 3 }));
    assert_eq!(flow["interim"], true);
}

/// Two records that may be one, two that are not, a preprint and its article, an erratum.
fn doubtful(folder: &Path) {
    let config = "[review]\ntitle = \"Hubs and halls\"\n[[streams]]\nid = \"academic\"\ntitle = \"Academic research\"\n\
        description = \"d\"\ngeography = \"UK\"\nabstract = { criteria = [], pass = \"person\" }\n\
        [[streams.searches]]\nid = \"files\"\nkind = \"import\"\n";
    std::fs::write(folder.join("config.toml"), config).unwrap();
    let entry = |kind: &str, title: &str, year: u16, rest: &str| {
        format!("TY  - {kind}\nTI  - {title}\nAU  - Pritchard, Elen\nAU  - Okafor, Ada\nPY  - {year}\n{rest}ER  - \n\n")
    };
    let walk = "Walking groups and loneliness in three coastal towns: a mixed methods study";
    let choir = "Choirs after stroke in four market towns and their wide hinterland";
    let place = "JO  - Journal of Community Health\nVL  - 46\nSP  - 512\nEP  - 524\n";
    let ris = [
        entry("JOUR", walk, 2021, place),
        entry("JOUR", walk, 2018, ""),
        entry("JOUR", choir, 2020, "JO  - Voice\nVL  - 1\nSP  - 3\nEP  - 9\n"),
        entry("JOUR", choir, 2016, ""),
        entry("UNPB", walk, 2020, "JO  - medRxiv\nDO  - 10.1101/2020.05.05.20012345\n"),
        entry("JOUR", &format!("Erratum: {choir}"), 2021, "JO  - Voice\nVL  - 2\nSP  - 44\n"),
    ]
    .concat();
    std::fs::write(folder.join("files.ris"), ris).unwrap();
    gleaner(folder, &["import", "files.ris", "--stream", "academic"]);
    gleaner(folder, &["dedupe"]);
}

fn waiting(folder: &Path) -> (usize, usize) {
    let waiting: Value = serde_json::from_str(&gleaner(folder, &["dedupe", "--waiting", "--json"])).unwrap();
    (waiting["possible"].as_array().unwrap().len(), waiting["links"].as_array().unwrap().len())
}

/// Presses keys, and waits until the page says something.
async fn judge(client: &Client, keys: &str, said: &str) {
    let before = client.find(Locator::Css("input[name=key]")).await.unwrap().attr("value").await.unwrap();
    press(client, keys).await;
    for _ in 0..200 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let Ok(status) = client.find(Locator::Css(".said")).await else { continue };
        let key = client.find(Locator::Css("input[name=key]")).await;
        let fresh = match key {
            Ok(key) => key.attr("value").await.is_ok_and(|key| key != before),
            Err(_) => true,
        };
        if fresh && status.text().await.is_ok_and(|text| text.contains(said)) {
            return;
        }
    }
    panic!("'{keys}' was not acknowledged with '{said}'");
}

#[tokio::test(flavor = "multi_thread")]
async fn possible_duplicates_are_judged_by_keyboard_and_undone() {
    let Some((chromium, driver)) = browser() else { return };
    let folder = tempfile::tempdir().unwrap();
    doubtful(folder.path());
    let (groups, links) = waiting(folder.path());
    assert!(groups >= 2 && links >= 2, "{groups} groups, {links} links");
    let (port, driver_port) = (free_port(), free_port());
    let mut command = Command::new(driver);
    command.arg(format!("--port={driver_port}")).stdout(Stdio::null()).stderr(Stdio::null());
    let _driver = Running(command.spawn().unwrap());
    let address = format!("127.0.0.1:{port}");
    let mut command = Command::new(GLEANER);
    command.current_dir(folder.path()).args(["serve", "--addr", &address, "--reviewer", "ann"]).stderr(Stdio::null());
    let _server = Running(command.spawn().unwrap());
    let client = connect(&chromium, driver_port, false).await;
    for _ in 0..100 {
        if client.goto(&format!("http://{address}/")).await.is_ok() && client.find(Locator::Css("h1")).await.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let link = client.find(Locator::Css("a[href='/duplicates/possible'] .count")).await.unwrap();
    assert_eq!(link.text().await.unwrap(), groups.to_string());
    client.goto(&format!("http://{address}/duplicates/possible")).await.unwrap();
    // The year differs and is marked as such, for screen readers too.
    let marked = client.find(Locator::Css("mark.differs")).await.unwrap().text().await.unwrap();
    assert!(marked.contains("20"), "{marked}");
    let columns = client.find_all(Locator::Css(".compare thead th")).await.unwrap();
    assert_eq!(columns.len(), 2);
    // With one work ticked nothing is decided; ticked again, they are not the same.
    press(&client, "2").await;
    judge(&client, "s", "Tick at least two").await;
    judge(&client, "d", "not the same").await;
    judge(&client, "s", "one work").await;
    assert_eq!(waiting(folder.path()).0, groups - 2);
    judge(&client, "z", "Undone").await;
    assert_eq!(waiting(folder.path()).0, groups - 1);
    judge(&client, "s", "one work").await;

    // The preprint was merged with its article: that link is none any more.
    let links = waiting(folder.path()).1;
    client.goto(&format!("http://{address}/duplicates/links")).await.unwrap();
    judge(&client, "a", "one study").await;
    judge(&client, "r", "no such link").await;
    assert_eq!(waiting(folder.path()).1, links - 2);
    client.goto(&format!("http://{address}/duplicates/rulings")).await.unwrap();
    let rulings = client.find_all(Locator::Css(".rulings li")).await.unwrap();
    assert_eq!(rulings.len(), 6, "five rulings and an undoing");
    // What was merged on one page is one work on the next, with what it belongs together with.
    client.goto(&format!("http://{address}/academic/abstract/waiting")).await.unwrap();
    let place = position(&client).await;
    assert!(place.contains("of 4"), "{place}");
    client.close().await.unwrap();
    let told: Value = serde_json::from_str(&gleaner(folder.path(), &["dedupe", "--rulings", "--json"])).unwrap();
    assert!(told.as_array().unwrap().iter().all(|row| row["ruling"]["by"] == "ann"));
}
