//! Bad answers from outside: the real binary against a loopback server that misbehaves.
//!
//! Whatever a server does, a refresh ends, says what went wrong with the right exit code, keeps what
//! was committed, and leaves a flow that adds up; a rerun picks up what failed.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test fails where its ground is missing, and waits by the clock"
)]

#[path = "support/flow.rs"]
mod flow;
#[path = "support/server.rs"]
mod server;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime};

use flow::conserves;
use serde_json::{Value, json};
use server::{Ask, Reply, Server};

const GLEANER: &str = env!("CARGO_BIN_EXE_gleaner");
/// No test may be let in by a key of whoever runs it.
const KEYS: &[&str] = &["OPENALEX_API_KEY", "SCOPUS_API_KEY", "WOS_API_KEY", "PUBMED_API_KEY"];

/// A review in a folder of its own.
struct Review {
    _place: tempfile::TempDir,
    folder: PathBuf,
    keys: Vec<(String, String)>,
}

/// How a command ended.
struct Ended {
    exit: i32,
    out: String,
    told: String,
    took: Duration,
}

impl Review {
    /// One stream whose database search asks the sources at their addresses.
    fn new(sources: &[(&str, &str)]) -> Self {
        Self::with(sources, "", "")
    }

    fn with(sources: &[(&str, &str)], http: &str, stream: &str) -> Self {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().to_owned();
        let names: Vec<&str> = sources.iter().map(|(name, _)| *name).collect();
        let tables: String = sources
            .iter()
            .map(|(name, url)| {
                format!("[sources.{name}]\nbase_url = \"{url}\"\nrequests_per_second = 1000\nburst = 50\n\n")
            })
            .collect();
        let config = format!(
            "[review]\ntitle = \"Faults\"\ncontact = \"team@example.org\"\nversion = \"1\"\n\n\
             [store]\npath = \"db/review.sqlite\"\n\n[http]\ntimeout_s = 3\nretries = 1\n{http}\n\n{tables}\
             [criteria.topic]\ntitle = \"Relevance to topic\"\nreason = \"Not relevant to topic\"\nmatch = \"walking\"\n\
             effect = \"exclude\"\n\n[[streams]]\nid = \"academic\"\ntitle = \"Academic research\"\n{stream}\n\
             abstract = {{ criteria = [\"topic\"], pass = \"rule\" }}\n\n[[streams.searches]]\nid = \"database\"\n\
             kind = \"database\"\nlabel = \"Database\"\nquery = \"queries/academic.query\"\nsources = {names:?}\n"
        );
        std::fs::write(folder.join("config.toml"), config).unwrap();
        std::fs::create_dir(folder.join("queries")).unwrap();
        std::fs::write(folder.join("queries/academic.query"), "walking AND neighbours\n").unwrap();
        Self { _place: place, folder, keys: Vec::new() }
    }

    fn key(mut self, name: &str, key: &str) -> Self {
        self.keys.push((name.into(), key.into()));
        self
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(GLEANER);
        command.current_dir(&self.folder).args(arguments).stdin(Stdio::null()).env("RUST_LOG", "debug");
        for name in KEYS {
            command.env_remove(name).env_remove(format!("{name}_FILE"));
        }
        command.envs(self.keys.iter().map(|(name, key)| (name, key)));
        command
    }

    fn run(&self, arguments: &[&str]) -> Ended {
        let begun = Instant::now();
        let output = self.command(arguments).output().unwrap();
        Ended {
            exit: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            told: String::from_utf8_lossy(&output.stderr).into_owned(),
            took: begun.elapsed(),
        }
    }

    fn ok(&self, arguments: &[&str]) -> String {
        let ended = self.run(arguments);
        assert_eq!(ended.exit, 0, "{arguments:?}: {}", ended.told);
        ended.out
    }

    fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.ok(arguments)).unwrap()
    }

    /// A refresh that must end so; then the flow must add up, and nothing stored be broken.
    fn refresh(&self, exit: i32) -> Ended {
        let ended = self.run(&["refresh"]);
        assert_eq!(ended.exit, exit, "{}", ended.told);
        conserves(&self.flow());
        assert_eq!(self.run(&["doctor"]).exit, 0);
        ended
    }

    fn flow(&self) -> Value {
        self.json(&["report", "flow", "--format", "json"])
    }

    fn arm(&self) -> Value {
        self.flow()["streams"][0]["arms"][0].clone()
    }

    fn status(&self) -> Value {
        self.json(&["status", "--json"])
    }

    /// The latest run of a source, as `status` has it.
    fn run_of(&self, source: &str) -> Value {
        let status = self.status();
        let runs = status["runs"].as_array().unwrap();
        runs.iter().find(|run| run["source"] == source).unwrap_or_else(|| panic!("no run of {source}")).clone()
    }

    fn export(&self) -> String {
        self.ok(&["export", "--format", "jsonl"])
    }

    fn database(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.folder.join("db/review.sqlite")).unwrap()
    }
}

// --- What the servers answer -------------------------------------------------------------------

fn work(number: usize) -> Value {
    json!({
        "id": format!("https://openalex.org/W{number}"), "doi": format!("https://doi.org/10.5555/faults.{number}"),
        "title": format!("Walking with neighbours, part {number}"), "type": "article", "publication_date": "2021-05-10",
        "abstract_inverted_index": {"Neighbours": [0], "go": [1], "walking": [2], "together.": [3]},
    })
}

fn list(works: &[Value], count: usize, next: Option<&str>) -> String {
    json!({"meta": {"count": count, "next_cursor": next}, "results": works}).to_string()
}

fn works(numbers: std::ops::Range<usize>) -> Vec<Value> {
    numbers.map(work).collect()
}

fn cursor(ask: &Ask) -> String {
    ask.parameter("cursor").unwrap_or_default()
}

/// OpenAlex as it should be: works 0 to `count`, `size` a page.
fn openalex(ask: &Ask, count: usize, size: usize) -> Reply {
    let from: usize = cursor(ask).trim_start_matches(['*', 'c']).parse().unwrap_or(0);
    let to = (from + size).min(count);
    let next = (from < count).then(|| format!("c{to}"));
    Reply::json(list(&works(from..to), count, next.as_deref()))
}

/// Europe PMC with records 1 to `count` on one page.
fn europepmc(ask: &Ask, count: usize) -> Reply {
    let mark = ask.parameter("cursorMark").unwrap_or_default();
    let results: Vec<Value> = (1..=count)
        .filter(|_| mark == "*")
        .map(|number| {
            json!({
                "id": format!("{}", 3300 + number), "source": "MED", "pmid": format!("{}", 3300 + number),
                "doi": format!("10.5556/other.{number}"), "title": format!("Other walking neighbours, part {number}"),
                "abstractText": "Neighbours go walking.", "firstPublicationDate": "2021-04-02", "pubYear": "2021",
            })
        })
        .collect();
    Reply::json(json!({"hitCount": count, "nextCursorMark": "end", "resultList": {"result": results}}).to_string())
}

/// A page that ends well, then whatever `second` gives for ever.
fn then(second: impl Fn() -> Reply + Send + Sync + 'static) -> Server {
    Server::start(move |ask| match cursor(ask).as_str() {
        "*" => Reply::json(list(&works(0..2), 4, Some("c2"))),
        _ => second(),
    })
}

/// A first page is committed, the second fails for good: partly done, with a clear reason.
fn second_page_fails(name: &str, second: impl Fn() -> Reply + Send + Sync + 'static, words: &[&str]) -> Server {
    let server = then(second);
    let review = Review::new(&[("openalex", &server.url())]);
    let ended = review.refresh(3);
    let run = review.run_of("openalex");
    assert_eq!((&run["status"], &run["received"]), (&json!("failed"), &json!(2)), "{name}: {run}");
    let arm = review.arm();
    assert_eq!((&arm["identified"], &arm["included"]), (&json!(2), &json!(2)), "{name}: what was committed stays");
    assert_eq!(arm["not_searched"][0]["source"], "openalex", "{name}: {arm}");
    for word in words {
        for place in [&ended.told, run["reason"].as_str().unwrap(), arm["not_searched"][0]["reason"].as_str().unwrap()]
        {
            assert!(place.contains(word), "{name} should say '{word}': {place}");
        }
    }
    server
}

/// A first answer that is bad in passing: the refresh is whole in the end.
fn once(name: &str, bad: impl Fn() -> Reply + Send + Sync + 'static, least: Duration) {
    let asked = AtomicUsize::new(0);
    let server = Server::start(move |ask| match asked.fetch_add(1, Ordering::SeqCst) {
        0 => bad(),
        _ => openalex(ask, 4, 2),
    });
    let review = Review::new(&[("openalex", &server.url())]);
    let ended = review.refresh(0);
    assert!(ended.took >= least, "{name}: {:?} is less than the server asked for", ended.took);
    let (arm, run) = (review.arm(), review.run_of("openalex"));
    assert_eq!((&arm["identified"], &arm["not_searched"]), (&json!(4), &json!([])), "{name}");
    assert_eq!(
        (&run["status"], &run["reported"], &run["received"]),
        (&json!("complete"), &json!(4), &json!(4)),
        "{name}"
    );
}

// --- The tests -----------------------------------------------------------------------------------

#[test]
fn what_is_no_answer_fails_the_source_and_keeps_the_rest() {
    let html = "<!DOCTYPE html><html><body><h1>Please sign in</h1></body></html>";
    second_page_fails("a web page at 200", move || Reply::new(200, html), &["web page", "sign in"]);
    second_page_fails("cut JSON", || Reply::json("{\"meta\": {\"count\": 4}, \"resu"), &["cut short"]);
    second_page_fails("no JSON", || Reply::json("null and void"), &["not as expected"]);
    second_page_fails("an empty answer", || Reply::json(""), &["empty answer"]);
    second_page_fails("another shape", || Reply::json("{\"items\": []}"), &["not as expected"]);
    second_page_fails("empty pages", || Reply::json(list(&[], 4, Some("c9"))), &["empty page after 2 of 4"]);
    second_page_fails("a reset", || Reply::new(200, "{\"meta\": ").cut_at(4_000), &["cannot be reached"]);
    second_page_fails(
        "silence",
        || Reply::json(list(&works(2..4), 4, None)).after(Duration::from_secs(5)),
        &["within 3 s"],
    );
}

#[test]
fn statuses_that_stay_fail_the_source() {
    let json = |status| move || Reply::new(status, "{\"error\": \"not today\"}");
    for (status, words, asked) in [
        (401, ["refused", "not today"], 1),
        (403, ["refused", "not today"], 1),
        (400, ["rejected", "not today"], 1),
        (429, ["too many requests", ""], 2),
        (500, ["unavailable", "not today"], 2),
        (503, ["unavailable", "not today"], 2),
    ] {
        let server = second_page_fails(&status.to_string(), json(status), &words);
        assert_eq!(server.asks().len(), 1 + asked, "{status}: asked again only where that may help");
    }
    let server =
        second_page_fails("404", || Reply::new(404, "<html><h1>Nothing here</h1></html>"), &["404", "Nothing here"]);
    assert_eq!(server.asks().len(), 2);
}

#[test]
fn a_spent_quota_is_not_slept_on() {
    let begun = Instant::now();
    let spent = || {
        Reply::new(429, "{\"error\": \"rate limit\"}")
            .header("x-ratelimit-remaining", "0")
            .header("x-ratelimit-reset", "40000")
            .header("retry-after", "40000")
    };
    let server = second_page_fails("quota", spent, &["quota is spent"]);
    assert_eq!(server.asks().len(), 2, "asked once");
    assert!(begun.elapsed() < Duration::from_secs(10));
}

#[test]
fn what_passes_is_waited_for() {
    let later = || httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(3));
    once("Retry-After in seconds", || Reply::new(429, "").header("retry-after", "1"), Duration::from_secs(1));
    once("Retry-After as a date", move || Reply::new(429, "").header("retry-after", &later()), Duration::from_secs(1));
    once("503 with Retry-After", || Reply::new(503, "").header("retry-after", "1"), Duration::from_secs(1));
    let none = Duration::ZERO;
    once("500", || Reply::new(500, "oops"), none);
    once("a web page at 200", || Reply::new(200, "<html>One moment</html>"), none);
    once("an empty answer", || Reply::json(""), none);
    once("a reset", || Reply::new(200, "{\"meta\"").cut_at(900), none);
    once("an empty page", || Reply::json(list(&[], 4, Some("c0"))), none);
}

#[test]
fn nobody_listens() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let review = Review::new(&[("openalex", &url)]);
    let ended = review.refresh(3);
    assert!(ended.told.contains("cannot be reached"), "{}", ended.told);
    let arm = review.arm();
    assert_eq!((&arm["identified"], &arm["by_source"]["openalex"]), (&json!(0), &Value::Null));
    assert_eq!(review.run_of("openalex")["status"], "failed");
}

#[test]
fn a_cursor_without_end_is_left() {
    // The same page for ever, and most of what was reported never comes.
    let asked = AtomicUsize::new(0);
    let same = move |count: usize| {
        let next = format!("n{}", asked.fetch_add(1, Ordering::SeqCst));
        Reply::json(list(&works(0..2), count, Some(&next)))
    };
    let server = Server::start(move |_| same(1_000));
    let review = Review::new(&[("openalex", &server.url())]);
    let ended = review.refresh(3);
    assert!(ended.told.contains("repeats itself"), "{}", ended.told);
    assert!(server.asks().len() < 20, "{} pages", server.asks().len());
    assert_eq!(review.arm()["identified"], 2);
    assert_eq!(review.run_of("openalex")["received"], 2, "a record that comes again is no other");

    // All that was reported is there: the run is whole, and the repetition is told.
    let asked = AtomicUsize::new(0);
    let server = Server::start(move |_| {
        let next = format!("n{}", asked.fetch_add(1, Ordering::SeqCst));
        Reply::json(list(&works(0..2), 2, Some(&next)))
    });
    let review = Review::new(&[("openalex", &server.url())]);
    review.refresh(0);
    let run = review.run_of("openalex");
    assert!(run["warnings"].to_string().contains("repeats itself"), "{run}");
    assert!(review.ok(&["report", "searches", "--format", "md"]).contains("repeats itself"));

    // The same cursor for ever.
    let server = Server::start(|_| Reply::json(list(&works(0..2), 10, Some("again"))));
    let review = Review::new(&[("openalex", &server.url())]);
    let ended = review.refresh(3);
    assert!(ended.told.contains("the same cursor again"), "{}", ended.told);

    // Ever new records, far beyond the total.
    let asked = AtomicUsize::new(0);
    let server = Server::start(move |_| {
        let page = asked.fetch_add(1, Ordering::SeqCst);
        Reply::json(list(&works(page * 100..page * 100 + 100), 3, Some(&format!("n{page}"))))
    });
    let review = Review::new(&[("openalex", &server.url())]);
    let ended = review.refresh(3);
    assert!(ended.told.contains("far more"), "{}", ended.told);
    assert!(server.asks().len() < 20);
}

#[test]
fn totals_that_change_or_are_not_met_are_told() {
    let growing = Server::start(|ask| match cursor(ask).as_str() {
        "*" => Reply::json(list(&works(0..2), 4, Some("c2"))),
        "c2" => Reply::json(list(&works(2..4), 5, Some("c4"))),
        "c4" => Reply::json(list(&works(4..5), 5, Some("c5"))),
        _ => Reply::json(list(&[], 5, None)),
    });
    let review = Review::new(&[("openalex", &growing.url())]);
    let ended = review.refresh(0);
    assert!(ended.told.contains("total changed from 4 to 5"), "{}", ended.told);
    let run = review.run_of("openalex");
    assert!(run["warnings"].to_string().contains("total changed from 4 to 5"), "{run}");
    assert_eq!(run["reason"], "the source reported 4 hits, 5 arrived");
    assert_eq!(review.arm()["identified"], 5);
    let log = review.ok(&["report", "searches", "--format", "md"]);
    assert!(log.contains("total changed from 4 to 5") && log.contains("reported 4 hits and 5 arrived"), "{log}");

    // A list cut short is not the whole.
    let short = Server::start(|_| Reply::json(list(&works(0..4), 50, None)));
    let review = Review::new(&[("openalex", &short.url())]);
    let ended = review.refresh(3);
    assert!(ended.told.contains("reported 50 hits, 4 arrived"), "{}", ended.told);
    assert_eq!(review.arm()["identified"], 4);

    // One in fifty is missing: a note.
    let nearly = Server::start(|_| Reply::json(list(&works(0..49), 50, None)));
    let review = Review::new(&[("openalex", &nearly.url())]);
    review.refresh(0);
    assert_eq!(review.run_of("openalex")["reason"], "the source reported 50 hits, 49 arrived");
}

#[test]
fn pages_that_overlap_count_each_record_once() {
    let server = Server::start(|ask| match cursor(ask).as_str() {
        "*" => Reply::json(list(&works(0..3), 5, Some("c3"))),
        "c3" => Reply::json(list(&works(1..5), 5, Some("c5"))),
        _ => Reply::json(list(&[], 5, None)),
    });
    let review = Review::new(&[("openalex", &server.url())]);
    review.refresh(0);
    let (arm, run) = (review.arm(), review.run_of("openalex"));
    assert_eq!(
        (&arm["identified"], &arm["removed"]["duplicates"], &arm["included"]),
        (&json!(5), &json!(0), &json!(5))
    );
    assert_eq!((&run["received"], &run["reason"]), (&json!(5), &Value::Null));
}

#[test]
fn one_bad_record_is_set_aside_with_its_reason() {
    let server = Server::start(|_| {
        let results = [work(1), json!({"title": "A work without a name"}), json!(7), work(2)];
        Reply::json(list(&results, 4, None))
    });
    let review = Review::new(&[("openalex", &server.url())]);
    review.refresh(0);
    let (arm, run, status) = (review.arm(), review.run_of("openalex"), review.status());
    assert_eq!(arm["identified"], 2);
    assert_eq!((&run["received"], &run["set_aside"], &run["reason"]), (&json!(2), &json!(2), &Value::Null));
    assert_eq!(status["totals"]["set_aside"], 2);
    let aside = status["set_aside"].to_string();
    assert!(aside.contains("no OpenAlex id") && aside.contains("not an object"), "{aside}");
    assert!(review.ok(&["report", "searches", "--format", "md"]).contains("2 could not be read and were set aside"));
}

#[test]
fn a_missing_key_is_a_failure_of_its_source_alone() {
    let server = Server::start(|ask| openalex(ask, 3, 2));
    let review = Review::new(&[("openalex", &server.url()), ("scopus", &server.url())]);
    let ended = review.refresh(3);
    assert!(ended.told.contains("set SCOPUS_API_KEY"), "{}", ended.told);
    let arm = review.arm();
    assert_eq!((&arm["by_source"]["openalex"], &arm["by_source"]["scopus"]), (&json!(3), &Value::Null));
    assert_eq!(
        arm["not_searched"],
        json!([{"source": "scopus", "reason": "no key: set SCOPUS_API_KEY (or SCOPUS_API_KEY_FILE)"}])
    );
    assert_eq!(review.run_of("scopus")["status"], "not-searched");
}

#[test]
fn a_source_that_fails_leaves_the_others_and_a_rerun_mends_it() {
    let down = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(true));
    let switch = down.clone();
    let failing = Server::start(move |ask| match (down.load(Ordering::SeqCst), cursor(ask).as_str()) {
        (true, "c2") => Reply::new(503, "down"),
        _ => openalex(ask, 5, 2),
    });
    let other = Server::start(|ask| europepmc(ask, 3));
    let review = Review::new(&[("openalex", &failing.url()), ("europepmc", &other.url())]);
    review.refresh(3);
    let arm = review.arm();
    assert_eq!(
        (&arm["identified"], &arm["by_source"]["europepmc"], &arm["by_source"]["openalex"]),
        (&json!(5), &json!(3), &json!(2))
    );
    assert_eq!(arm["not_searched"].as_array().unwrap().len(), 1);
    switch.store(false, Ordering::SeqCst);
    review.refresh(0);
    let arm = review.arm();
    assert_eq!(
        (&arm["identified"], &arm["by_source"]["openalex"], &arm["not_searched"]),
        (&json!(8), &json!(5), &json!([]))
    );
    // The same as if nothing had happened.
    let (whole, others) = (Server::start(|ask| openalex(ask, 5, 2)), Server::start(|ask| europepmc(ask, 3)));
    let calm = Review::new(&[("openalex", &whole.url()), ("europepmc", &others.url())]);
    calm.refresh(0);
    assert_eq!(review.export(), calm.export());
}

#[test]
fn a_search_that_is_killed_goes_on_where_it_was() {
    let slow = |ask: &Ask| openalex(ask, 24, 2).after(Duration::from_millis(100));
    let server = Server::start(slow);
    let review = Review::new(&[("openalex", &server.url())]);
    let mut child = review.command(&["refresh"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while server.asks().len() < 6 {
        std::thread::sleep(Duration::from_millis(10));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let arm = review.arm();
    assert!(arm["identified"].as_u64().unwrap() >= 6, "{arm}");
    assert!(arm["not_searched"].to_string().contains("cut off"), "{arm}");
    conserves(&review.flow());
    let before = server.asks().len();
    review.refresh(0);
    let first_pages = server.asks().iter().filter(|ask| cursor(ask) == "*").count();
    assert_eq!(first_pages, 1, "the search goes on and does not begin anew");
    assert!(server.asks().len() - before <= 10);
    assert_eq!((&review.arm()["identified"], &review.run_of("openalex")["received"]), (&json!(24), &json!(24)));
    let calm = Review::new(&[("openalex", &server.url())]);
    calm.refresh(0);
    assert_eq!(review.export(), calm.export());
}

#[test]
fn a_redirect_takes_no_secret_to_another_place() {
    let other = Server::start(|ask| openalex(ask, 2, 2));
    let target = other.url();
    let first = Server::start(move |ask| Reply::new(302, "").header("location", &format!("{target}{}", ask.target)));
    // Loopback is a private address: reached by redirect only where config says so.
    let guarded = Review::new(&[("openalex", &first.url())]).key("OPENALEX_API_KEY", "canary-redirected");
    let ended = guarded.refresh(3);
    assert!(ended.told.contains("not fetched"), "{}", ended.told);
    assert!(other.asks().is_empty());
    let open = Review::with(&[("openalex", &first.url())], "allow_private = true", "")
        .key("OPENALEX_API_KEY", "canary-redirected");
    open.refresh(0);
    assert_eq!(open.arm()["identified"], 2);
    assert!(first.asks().iter().all(|ask| ask.header("authorization") == Some("Bearer canary-redirected")));
    assert!(!other.asks().is_empty());
    for ask in other.asks() {
        assert!(!format!("{ask:?}").contains("canary"), "{ask:?}");
    }
}

/// Six databases and a website protocol, each with its own idea of an answer.
const EVERY: &[&str] = &["openalex", "europepmc", "scopus", "wos", "pubmed", "crossref", "govuk"];

#[test]
fn every_source_fails_clearly_on_what_is_no_answer() {
    let html = "<!DOCTYPE html><html><body>Please sign in</body></html>";
    for (name, status, body) in [
        ("a web page at 200", 200, html),
        ("an empty answer", 200, ""),
        ("cut short", 200, "{\"result"),
        ("an empty object", 200, "{}"),
        ("bytes", 200, "\u{0}\u{1}PK\u{3}"),
        ("refused", 401, "{\"error\": \"bad key\"}"),
        ("down", 503, html),
        ("not there", 404, html),
    ] {
        let server = Server::start(move |_| Reply::new(status, body));
        let url = server.url();
        let sources: Vec<(&str, &str)> = EVERY.iter().map(|source| (*source, url.as_str())).collect();
        let review = Review::with(&sources, "", "").key("SCOPUS_API_KEY", "key-one").key("WOS_API_KEY", "key-two");
        review.refresh(3);
        let arm = review.arm();
        assert_eq!(arm["identified"], 0, "{name}");
        for source in EVERY {
            let run = review.run_of(source);
            assert_eq!(run["status"], "failed", "{name}, {source}: {run}");
            assert!(run["reason"].as_str().is_some_and(|reason| reason.len() > 8), "{name}, {source}: {run}");
            assert_eq!(arm["by_source"][source], Value::Null, "{name}, {source}");
        }
        assert!(server.asks().len() <= EVERY.len() * 6, "{name}: {} requests", server.asks().len());
    }
}

#[test]
fn a_cursor_that_expired_while_nobody_read_begins_anew() {
    let late = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let expired = late.clone();
    let asked = AtomicUsize::new(0);
    let server = Server::start(move |ask| match (expired.load(Ordering::SeqCst), cursor(ask).as_str()) {
        // After the interruption the old cursor is refused, and a new reading goes through.
        (true, old) if old != "*" && asked.fetch_add(1, Ordering::SeqCst) == 0 => {
            Reply::new(400, "{\"error\": \"Invalid query parameters error.\", \"message\": \"cursor expired\"}")
        }
        _ => openalex(ask, 12, 2).after(Duration::from_millis(80)),
    });
    let review = Review::new(&[("openalex", &server.url())]);
    let mut child = review.command(&["refresh"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while server.asks().len() < 4 {
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    late.store(true, Ordering::SeqCst);
    review.refresh(0);
    assert_eq!((&review.arm()["identified"], &review.run_of("openalex")["received"]), (&json!(12), &json!(12)));
    assert_eq!(server.asks().iter().filter(|ask| cursor(ask) == "*").count(), 2);
}

#[test]
fn a_key_that_vanished_is_a_failure_and_its_records_stay() {
    let server = Server::start(|_| {
        let entry = json!({"eid": "2-s2.0-1", "dc:title": "Walking neighbours", "prism:doi": "10.5555/s.1"});
        let results = json!({"opensearch:totalResults": "1", "entry": [entry]});
        Reply::json(json!({"search-results": results}).to_string())
    });
    let mut review = Review::new(&[("scopus", &server.url())]).key("SCOPUS_API_KEY", "key-of-scopus");
    review.refresh(0);
    assert_eq!(review.arm()["by_source"]["scopus"], 1);
    review.keys.clear();
    let ended = review.refresh(3);
    assert!(ended.told.contains("SCOPUS_API_KEY"), "{}", ended.told);
    let arm = review.arm();
    assert_eq!((&arm["identified"], &arm["by_source"]["scopus"]), (&json!(1), &json!(1)));
    assert_eq!(arm["not_searched"][0]["source"], "scopus");
    // The same key out of a file.
    std::fs::write(review.folder.join("scopus.key"), "key-of-scopus\n").unwrap();
    review = review.key("SCOPUS_API_KEY_FILE", "scopus.key");
    review.refresh(0);
    assert_eq!(review.arm()["not_searched"], json!([]));
    assert!(server.asks().iter().all(|ask| ask.header("x-els-apikey") == Some("key-of-scopus")));
}

/// A review with one included seed (work 0) whose citations are searched forward.
fn cited_by(server: &Server) -> Review {
    let review = Review::new(&[("openalex", &server.url())]);
    let path = review.folder.join("config.toml");
    let mut config = std::fs::read_to_string(&path).unwrap();
    config.push_str(
        "\n[[streams.searches]]\nid = \"citation\"\nkind = \"citation\"\nlabel = \"Citation\"\n\
         directions = [\"backward\", \"forward\"]\nrounds = 1\nseeds = \"included\"\nsources = [\"openalex\"]\n",
    );
    std::fs::write(path, config).unwrap();
    review
}

/// What the seed search finds; citation lists are left to `lists`.
fn seeds_then(lists: impl Fn(&Ask, &str) -> Reply + Send + Sync + 'static) -> Server {
    Server::start(move |ask| {
        let filter = ask.parameter("filter").unwrap_or_default();
        if filter.contains("search:") { openalex(ask, 2, 2) } else { lists(ask, &filter) }
    })
}

#[test]
fn citation_searching_survives_the_same() {
    // One seed's list fails: what other lists gave stays, and the flow says so.
    let server = seeds_then(|_, filter| match filter {
        "cites:W1" => Reply::new(500, "down"),
        _ => Reply::json(list(&works(10..13), 3, None)),
    });
    let review = cited_by(&server);
    let ended = review.refresh(3);
    assert!(ended.told.contains("unavailable"), "{}", ended.told);
    let flow = review.flow();
    let arm = &flow["streams"][0]["arms"][1];
    assert_eq!((&arm["identified"], &arm["not_searched"][0]["source"]), (&json!(3), &json!("openalex")));

    // A seed that the source does not know is told; the search is whole.
    let server = seeds_then(|_, filter| match filter {
        "cited_by:W0" => Reply::new(404, "<html>no</html>"),
        _ => Reply::json(list(&works(10..13), 3, None)),
    });
    let review = cited_by(&server);
    let ended = review.refresh(0);
    assert!(ended.told.contains("not found"), "{}", ended.told);

    // A list that goes in circles.
    let asked = AtomicUsize::new(0);
    let server = seeds_then(move |_, _| {
        let next = format!("n{}", asked.fetch_add(1, Ordering::SeqCst));
        Reply::json(list(&works(10..12), 500, Some(&next)))
    });
    let review = cited_by(&server);
    let ended = review.refresh(3);
    assert!(ended.told.contains("repeats itself"), "{}", ended.told);
    assert!(server.asks().len() < 30, "{} requests", server.asks().len());
}

#[test]
fn citation_searching_that_is_killed_goes_on() {
    let cited = |ask: &Ask| openalex(ask, 16, 2).after(Duration::from_millis(60));
    let server = seeds_then(move |ask, _| cited(ask));
    let review = cited_by(&server);
    let mut child = review.command(&["refresh"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while server.asks().len() < 14 {
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    conserves(&review.flow());
    let before = server.asks().len();
    review.refresh(0);
    // Of four lists one was read whole: three begin at most, one of them after the kill in its midst.
    let begun = server.asks()[before..]
        .iter()
        .filter(|ask| cursor(ask) == "*" && !ask.parameter("filter").unwrap_or_default().contains("search:"))
        .count();
    assert!(begun <= 3, "{begun} lists were begun after the kill");
    let calm = cited_by(&server);
    calm.refresh(0);
    assert_eq!(review.export(), calm.export());
}

#[test]
fn a_search_by_hand_and_the_refresh_after_it_are_one() {
    let down = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(true));
    let switch = down.clone();
    let server = Server::start(move |ask| match (down.load(Ordering::SeqCst), cursor(ask).as_str()) {
        (true, "c2") => Reply::new(503, "down"),
        _ => openalex(ask, 5, 2),
    });
    let review = Review::new(&[("openalex", &server.url())]);
    let ended = review.run(&["search"]);
    assert_eq!(ended.exit, 3, "{}", ended.told);
    assert_eq!(review.arm()["identified"], 2);
    switch.store(false, Ordering::SeqCst);
    review.refresh(0);
    assert_eq!((&review.arm()["identified"], &review.arm()["included"]), (&json!(5), &json!(5)));
    // Nothing new: nothing changes.
    let before = (review.arm(), review.export());
    review.refresh(0);
    assert_eq!(before, (review.arm(), review.export()));
}

const ESEARCH: &str = "<?xml version=\"1.0\"?><eSearchResult><Count>1</Count><RetMax>0</RetMax>\
    <QueryKey>1</QueryKey><WebEnv>ENV</WebEnv></eSearchResult>";

fn efetch(echo: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>77</PMID><Article>\
         <Journal><JournalIssue><PubDate><Year>2021</Year></PubDate></JournalIssue><Title>Walks</Title></Journal>\
         <ArticleTitle>Walking neighbours {echo}</ArticleTitle><Abstract><AbstractText>Neighbours walking.</AbstractText>\
         </Abstract></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"
    )
}

#[test]
fn a_throttle_told_within_a_success_is_waited_for() {
    let asked = AtomicUsize::new(0);
    let server = Server::start(move |ask| match (asked.fetch_add(1, Ordering::SeqCst), ask.path()) {
        (0, _) => Reply::json(
            "{\"error\":\"API rate limit exceeded\",\"api-key\":\"127.0.0.1\",\"count\":\"4\",\"limit\":\"3\"}",
        ),
        (_, "/esearch.fcgi") => Reply::new(200, ESEARCH),
        (_, _) => Reply::new(200, efetch("")),
    });
    let review = Review::new(&[("pubmed", &server.url())]);
    review.refresh(0);
    assert_eq!(review.arm()["identified"], 1);
    // For good: the source fails.
    let server = Server::start(|_| Reply::json("{\"error\":\"API rate limit exceeded\"}"));
    let review = Review::new(&[("pubmed", &server.url())]);
    let ended = review.refresh(3);
    assert!(ended.told.contains("too many requests"), "{}", ended.told);
}

/// Every answer says back everything that was sent.
fn echo(ask: &Ask) -> Reply {
    let said = format!("{} {:?} {}", ask.target, ask.headers, String::from_utf8_lossy(&ask.body));
    let said = said.replace(['"', '\\', '<', '&', '>'], "_");
    if said.contains("fail") {
        return Reply::new(403, json!({"error": format!("refused: {said}")}).to_string()).header("x-echo", &said);
    }
    let path = ask.path();
    if path.ends_with("/works") {
        let mut one = work(1);
        one["title"] = json!(format!("Walking neighbours {said}"));
        return Reply::json(list(&[one, json!({"title": said})], 2, None));
    }
    if path.contains("scopus") {
        let entry = json!({"eid": "2-s2.0-1", "dc:identifier": "SCOPUS_ID:1", "dc:title": format!("Walking {said}"),
            "prism:doi": "10.5555/s.1", "prism:coverDate": "2021-05-01"});
        let total = json!({"opensearch:totalResults": "1", "entry": [entry]});
        return Reply::json(json!({"search-results": total}).to_string());
    }
    if path.contains("documents") {
        let hit = json!({"uid": "WOS:0001", "title": format!("Walking {said}"), "identifiers": {"doi": "10.5555/w.1"}});
        return Reply::json(json!({"metadata": {"total": 1, "page": 1, "limit": 50}, "hits": [hit]}).to_string());
    }
    match path {
        "/esearch.fcgi" => Reply::new(200, ESEARCH),
        "/efetch.fcgi" => Reply::new(200, efetch(&said)),
        _ => Reply::new(404, said),
    }
}

#[test]
fn a_key_appears_nowhere() {
    let server = Server::start(echo);
    let url = server.url();
    let sources = [("openalex", url.as_str()), ("scopus", &url), ("wos", &url), ("pubmed", &url)];
    for (kind, exit) in [("good", 0), ("fail", 3)] {
        let canary = format!("canary-{kind}-+/=%41 0123456789").replace(' ', "");
        let mut review = Review::new(&sources);
        for name in KEYS {
            review = review.key(name, &canary);
        }
        let mut told = Vec::new();
        let ended = review.run(&["-v", "refresh"]);
        assert_eq!(ended.exit, exit, "{}", ended.told);
        told.extend([ended.out, ended.told]);
        if exit == 0 {
            assert_eq!(review.arm()["identified"], 4, "{}", review.flow());
        }
        for arguments in [
            &["status"][..],
            &["status", "--json"],
            &["doctor", "--json"],
            &["check"],
            &["search", "--dry-run"],
            &["report", "flow", "--format", "json"],
            &["report", "searches", "--format", "json"],
            &["export", "--format", "jsonl"],
            &["export", "--format", "ris"],
        ] {
            let ended = review.run(arguments);
            assert_eq!(ended.exit, 0, "{arguments:?}: {}", ended.told);
            told.extend([ended.out, ended.told]);
        }
        for text in told {
            assert!(!text.contains("canary"), "{kind}: {text}");
        }
        no_canary_in(&review.folder);
        no_canary_in_rows(&review.database());
    }
    let sent = server.asks().iter().filter(|ask| format!("{ask:?}").contains("canary")).count();
    assert!(sent >= 8, "the keys were sent: {sent}");
}

fn holds_canary(bytes: &[u8]) -> bool {
    bytes.windows(6).any(|window| window.eq_ignore_ascii_case(b"canary"))
}

fn no_canary_in(folder: &Path) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            no_canary_in(&path);
        } else {
            assert!(!holds_canary(&std::fs::read(&path).unwrap()), "{}", path.display());
        }
    }
}

fn no_canary_in_rows(database: &rusqlite::Connection) {
    use rusqlite::types::ValueRef;
    let mut tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").unwrap();
    let names: Vec<String> = tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let mut unpacked = 0;
    for name in names {
        let mut statement = database.prepare(&format!("SELECT * FROM \"{name}\"")).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for column in 0..columns {
                let (ValueRef::Text(bytes) | ValueRef::Blob(bytes)) = row.get_ref(column).unwrap() else { continue };
                assert!(!holds_canary(bytes), "{name}: {}", String::from_utf8_lossy(bytes));
                let mut inner = Vec::new();
                let mut packed = flate2::read::ZlibDecoder::new(bytes);
                if std::io::Read::read_to_end(&mut packed, &mut inner).is_ok() {
                    unpacked += 1;
                    assert!(!holds_canary(&inner), "{name}: {}", String::from_utf8_lossy(&inner));
                }
            }
        }
    }
    println!("{unpacked} packed values");
}

#[test]
fn works_known_to_the_year_alone_are_not_lost_to_a_window_within_the_year() {
    let dated = |number: usize, date: &str| {
        let mut one = work(number);
        one["publication_date"] = json!(date);
        one
    };
    let server = Server::start(move |ask| {
        let filter = ask.parameter("filter").unwrap();
        assert!(filter.contains("from_publication_date:2021-01-01"), "{filter}");
        let works = [dated(1, "2021-01-01"), dated(2, "2021-02-20"), dated(3, "2021-03-01"), dated(4, "2022-12-31")];
        Reply::json(list(&works, 4, None))
    });
    let medicine = Server::start(|ask| {
        assert!(ask.parameter("query").unwrap().contains("FIRST_PDATE:[2021-01-01 TO 2022-12-31]"), "{ask:?}");
        let mark = ask.parameter("cursorMark").unwrap();
        let one = |number: usize, date: &str| {
            json!({"id": format!("{number}"), "source": "MED", "title": format!("Neighbours walking again {number}"),
                   "doi": format!("10.5557/{number}"), "abstractText": "Neighbours walking.", "firstPublicationDate": date})
        };
        let results = if mark == "*" { vec![one(1, "2021-01-01"), one(2, "2021-01-05")] } else { Vec::new() };
        Reply::json(json!({"hitCount": 2, "nextCursorMark": "end", "resultList": {"result": results}}).to_string())
    });
    let window = "from = \"2021-03\"\nto = \"2022-12\"";
    let review = Review::with(&[("openalex", &server.url()), ("europepmc", &medicine.url())], "", window);
    review.refresh(0);
    let arm = review.arm();
    assert_eq!(
        (&arm["identified"], &arm["removed"]["automation"], &arm["included"]),
        (&json!(6), &json!(2), &json!(4)),
        "{arm}"
    );
}

#[test]
fn a_search_by_hand_is_asked_again_and_another_query_is_not_answered_by_the_old_one() {
    let there = std::sync::Arc::new(AtomicUsize::new(2));
    let count = there.clone();
    let server = Server::start(move |ask| openalex(ask, count.load(Ordering::SeqCst), 10));
    let review = Review::new(&[("openalex", &server.url())]);
    review.ok(&["search"]);
    // The source has more by now: neither another search by hand nor the refresh takes the first for its own.
    there.store(3, Ordering::SeqCst);
    assert_eq!(review.json(&["search", "--json"])["new_records"], 1);
    there.store(4, Ordering::SeqCst);
    review.refresh(0);
    assert_eq!(review.arm()["identified"], 4);
    review.ok(&["search"]);
    std::fs::write(review.folder.join("queries/academic.query"), "walking OR together\n").unwrap();
    review.refresh(0);
    let asked = server.asks().last().map(|ask| ask.target.clone()).unwrap();
    assert!(asked.contains("together"), "{asked}");
    // Each question that was asked stays in the log.
    let log = review.json(&["report", "searches", "--format", "json"]).to_string();
    assert!(log.contains("neighbours") && log.contains("together"), "{log}");
}
