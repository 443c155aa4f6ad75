//! How fast queries are read, written and matched. `cargo bench --bench query`.
//!
//! The texts are made by a fixed generator in the shape of abstracts: about 220 words, one in thirty
//! outside ASCII.
//!
//! `cargo bench --bench query -- strings` reads the search strings of published reviews, where they are at
//! hand, and writes each for another platform; `benches/peers/run` does so beside other programs.

use std::path::Path;
use std::time::{Duration, Instant};

use divan::counter::ItemsCount;
use gleaner::query::{Fields, Matcher, Platform, Severity, parse, read, render};

const STRATEGY: &str = include_str!("../src/query/tests/strategy.query");
const ABSTRACTS: usize = 1_000;

/// Thirty-four terms in two concepts.
const TOPIC: &str = "(collaborat* OR partner* OR alliance* OR \"joint working\" OR \"working together\" OR coproduc* OR cooperat* OR multisector* OR \"multi-sector*\" OR intersector* OR \"multi-agency\" OR commission* OR \"third sector\" OR \"voluntary sector\" OR charit* OR volunteer* OR \"civil society\") AND (communit* OR neighbo$rhood* OR grassroots OR resident* OR \"social prescribing\" OR \"place-based\" OR \"local authorit*\" OR council* OR municipal* OR statutory OR NHS OR \"health board*\" OR police OR school* OR \"faith group*\" OR wellbeing OR lonel*)";

const WORDS: &str = "the of and in to a for with was were this study results methods community health partnership \
    between that local council volunteers support social by on from as evaluation intervention participants data \
    we analysis people care effect 95 confidence interval model treatment patients significant group groups \
    neighbourhood wellbeing evidence review public national regional collaborative organisations trial outcome \
    – Zürich naïve “quoted” children’s β-blockers";

fn abstracts() -> Vec<String> {
    let words: Vec<&str> = WORDS.split_whitespace().collect();
    let mut random = fastrand::Rng::with_seed(7);
    let mut text = || {
        let chosen: Vec<&str> = (0..220).map(|_| words[random.usize(..words.len())]).collect();
        chosen.join(" ")
    };
    (0..ABSTRACTS).map(|_| text()).collect()
}

fn matcher(query: &str) -> Matcher {
    Matcher::new(&parse(query).tree.expect("the benchmark's query is sound"))
}

fn run(bencher: divan::Bencher<'_, '_>, query: &str, one: impl Fn(&Matcher, &Fields<'_>) -> bool + Sync) {
    let texts = abstracts();
    let matcher = matcher(query);
    bencher.counter(ItemsCount::new(ABSTRACTS)).bench(|| {
        let fields = |text| Fields {
            title: Some("A title of nine words that says very little"),
            abstract_text: Some(text),
            ..Fields::default()
        };
        texts.iter().filter(|text| one(&matcher, &fields(text.as_str()))).count()
    });
}

#[divan::bench]
fn evaluate_34_terms(bencher: divan::Bencher<'_, '_>) {
    run(bencher, TOPIC, |matcher, fields| matcher.evaluate(fields).value.known() == Some(true));
}

#[divan::bench]
fn truth_34_terms(bencher: divan::Bencher<'_, '_>) {
    run(bencher, TOPIC, |matcher, fields| matcher.truth(fields).known() == Some(true));
}

#[divan::bench]
fn evaluate_strategy(bencher: divan::Bencher<'_, '_>) {
    run(bencher, STRATEGY, |matcher, fields| matcher.evaluate(fields).value.known() == Some(true));
}

/// Three concepts of 391 terms in all: words, truncations and phrases that begin as the words of
/// abstracts do.
fn many_terms() -> String {
    const ENDS: [&str; 8] = ["ive*", "ation*", "ment", "ing", "al health", "ed care", "ity*", "er*"];
    let stems: Vec<&str> = WORDS.split_whitespace().filter(|word| word.is_ascii() && word.len() > 4).collect();
    let terms: Vec<String> = stems
        .iter()
        .flat_map(|stem| ENDS.iter().map(move |end| format!("\"{}{end}\"", &stem[..4])))
        .chain((0..400).map(|number| format!("term{number}*")))
        .take(391)
        .collect();
    let groups: Vec<String> = terms.chunks(131).map(|group| format!("({})", group.join(" OR "))).collect();
    groups.join(" AND ")
}

#[divan::bench]
fn evaluate_391_terms(bencher: divan::Bencher<'_, '_>) {
    run(bencher, &many_terms(), |matcher, fields| matcher.evaluate(fields).value.known() == Some(true));
}

#[divan::bench]
fn truth_391_terms(bencher: divan::Bencher<'_, '_>) {
    run(bencher, &many_terms(), |matcher, fields| matcher.truth(fields).known() == Some(true));
}

#[divan::bench]
fn read_and_write() -> usize {
    let tree = parse(STRATEGY).tree.expect("the benchmark's query is sound");
    render(&tree, Platform::PubMed).query.len()
}

/// Reads and writes a string; `None` where it cannot be read.
fn read_and_write_one(query: &str, from: Platform, to: Platform) -> Option<Duration> {
    let start = Instant::now();
    let parsed = read(query, from);
    let rendered = render(parsed.tree.as_ref()?, to);
    std::hint::black_box(rendered.query.len());
    let took = start.elapsed();
    parsed.diagnostics.iter().all(|told| told.severity != Severity::Error).then_some(took)
}

/// Tells how long the strings of published reviews take.
fn strings() {
    const ROUNDS: usize = 9;
    let folder = std::env::var("GLEANER_REAL_DATA").unwrap_or_else(|_| "../shared/real".to_owned());
    let file = Path::new(&folder).join("query/real_queries.json");
    let Ok(bytes) = std::fs::read(&file) else {
        println!("there are no strings at {}", file.display());
        return;
    };
    let cases: Vec<serde_json::Value> = serde_json::from_slice(&bytes).expect("JSON");
    let mut times = Vec::new();
    for case in &cases {
        let named = case["platform"].as_str().and_then(|name| name.parse().ok()).unwrap_or(Platform::PubMed);
        let query = case["query"].as_str().unwrap_or_default();
        if !Platform::is_read(named) {
            continue;
        }
        let to = if named == Platform::PubMed { Platform::Wos } else { Platform::PubMed };
        let mut rounds: Vec<Duration> = (0..ROUNDS).filter_map(|_| read_and_write_one(query, named, to)).collect();
        rounds.sort_unstable();
        times.extend(rounds.get(ROUNDS / 2));
    }
    times.sort_unstable();
    let shown = |time: Option<&Duration>| time.map_or(0.0, |time| time.as_secs_f64() * 1000.0);
    println!(
        "gleaner: read and written {} of {} strings: median {:.3} ms, slowest {:.3} ms",
        times.len(),
        cases.len(),
        shown(times.get(times.len() / 2)),
        shown(times.last())
    );
}

fn main() {
    if std::env::args().any(|argument| argument == "strings") {
        strings();
    } else {
        divan::main();
    }
}
