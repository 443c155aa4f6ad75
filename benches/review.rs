//! How fast a review runs: `cargo bench --bench review`.
//!
//! Prints records a second through reading, storing, deduplication and screening (generated records,
//! one core), and the ratio of a search's wall time to its floor (pages ÷ rate) against a stand-in
//! held to 5 requests a second. `GLEANER_BENCH_RECORDS` sets how many records (default 20,000).

#![expect(clippy::unwrap_used, reason = "a benchmark reads the clock and may fail loudly")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::Query;
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use gleaner::config;
use gleaner::dedupe::cluster;
use gleaner::formats;
use gleaner::pipeline::{Choice, Overrides, Run, Silent};
use serde_json::{Value, json};

const WORDS: &[&str] = &[
    "council",
    "community",
    "partnership",
    "wellbeing",
    "volunteer",
    "health",
    "evaluation",
    "housing",
    "rural",
    "school",
    "garden",
    "river",
    "transport",
    "library",
    "youth",
    "older",
    "adults",
    "loneliness",
    "food",
    "energy",
    "digital",
    "arts",
    "sport",
    "faith",
    "policy",
    "network",
    "trust",
    "charity",
    "resilience",
    "flood",
    "pandemic",
    "support",
    "action",
    "local",
];

const CONFIG: &str = r#"
[review]
title = "Benchmark"
[criteria.topic]
title = "Topic"
reason = "Off topic"
match = "(council* OR charit* OR partner*) AND (communit* OR volunteer* OR wellbeing) AND NOT (flood NEAR/3 river)"
effect = "exclude"
[[streams]]
id = "s"
title = "S"
description = "d"
geography = "g"
abstract = { criteria = ["topic"], pass = "rule" }
[[streams.searches]]
id = "files"
kind = "import"
arm = "files"
[[streams.searches]]
id = "database"
kind = "database"
query = "all.query"
sources = ["europepmc"]
"#;

fn sentence(random: &mut fastrand::Rng, words: usize) -> String {
    (0..words).map(|_| WORDS[random.usize(..WORDS.len())]).collect::<Vec<_>>().join(" ")
}

fn ris(records: usize) -> String {
    let mut random = fastrand::Rng::with_seed(1);
    let mut text = String::new();
    for index in 0..records {
        // Every tenth record is another's duplicate.
        let own = if index % 10 == 9 { index - 1 } else { index };
        let mut title = fastrand::Rng::with_seed(own as u64 + 10);
        let _ = write!(
            text,
            "TY  - JOUR\nTI  - {}\nAU  - Author{}, A.\nPY  - {}\nJO  - Journal of {}\nVL  - {}\nSP  - {}\nAB  - {}\nER  - \n\n",
            sentence(&mut title, 12),
            own % 997,
            2000 + own % 24,
            WORDS[own % WORDS.len()],
            own % 60,
            own % 1000,
            sentence(&mut random, 180),
        );
    }
    text
}

fn report(what: &str, records: usize, begun: Instant) {
    let seconds = begun.elapsed().as_secs_f64();
    println!("{what:<28} {seconds:>8.2} s   {:>10.0} records/s", records as f64 / seconds);
}

fn main() {
    let records: usize =
        std::env::var("GLEANER_BENCH_RECORDS").ok().and_then(|text| text.parse().ok()).unwrap_or(20_000);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("config.toml"), CONFIG).unwrap();
    std::fs::write(folder.path().join("all.query"), "council OR community").unwrap();
    let file = folder.path().join("records.ris");
    std::fs::write(&file, ris(records)).unwrap();
    let (settings, _) = config::load(&folder.path().join("config.toml")).unwrap();
    let settings = Arc::new(settings);

    let begun = Instant::now();
    let contents = formats::read(&std::fs::read(&file).unwrap(), None).unwrap();
    report("read (RIS)", contents.entries.len(), begun);

    let read: Vec<_> = contents.entries.iter().map(|entry| &entry.record).collect();
    let begun = Instant::now();
    let clusters = cluster(&read);
    report("deduplicate", read.len(), begun);
    assert!(clusters.merged.len() >= records / 20, "the duplicates should be found");

    let run = Arc::new(Run::open(Arc::clone(&settings), Overrides::default(), Arc::new(Silent)).unwrap());
    let stream = settings.stream("s").unwrap();
    let begun = Instant::now();
    run.import_file(&file, stream, stream.search("files").unwrap(), None, None).unwrap();
    report("read and store", records, begun);
    let begun = Instant::now();
    run.dedupe().unwrap();
    report("deduplicate and store", records, begun);
    let begun = Instant::now();
    let screened = run.screen_abstracts(&Choice::default()).unwrap();
    report("screen and store", screened.works, begun);
    drop(run);

    politeness(&settings);
}

/// One search of fifty pages against a server that may be asked five times a second.
fn politeness(settings: &Arc<config::Settings>) {
    const PAGES: usize = 50;
    const RATE: f64 = 5.0;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new()
            .route(
                "/search",
                get(|Query(asked): Query<BTreeMap<String, String>>| async move { Json(page(&asked, PAGES)) }),
            )
            .route(
                "/searchPOST",
                post(|Form(asked): Form<BTreeMap<String, String>>| async move { Json(page(&asked, PAGES)) }),
            );
        tokio::spawn(async move { axum::serve(listener, router).await });
        let overrides = Overrides {
            base_urls: [("europepmc".to_owned(), format!("http://{address}").parse().unwrap())].into(),
            ..Overrides::default()
        };
        let mut settings = (**settings).clone();
        let source = settings.sources.entry("europepmc".to_owned()).or_default();
        source.requests_per_second = Some(RATE);
        source.burst = Some(1);
        let run = Arc::new(Run::open(Arc::new(settings), overrides, Arc::new(Silent)).unwrap());
        let begun = Instant::now();
        assert!(run.harvest(1, &Choice::default()).await.unwrap(), "the search should be whole");
        let seconds = begun.elapsed().as_secs_f64();
        let floor = PAGES as f64 / RATE;
        println!(
            "search of {PAGES} pages at {RATE}/s   {seconds:.2} s   floor {floor:.2} s, ratio {:.3}",
            seconds / floor
        );
    });
}

fn page(asked: &BTreeMap<String, String>, pages: usize) -> Value {
    let mark = asked.get("cursorMark").and_then(|mark| mark.strip_prefix('p'));
    let number: usize = mark.and_then(|mark| mark.parse().ok()).unwrap_or(0);
    let results: Vec<Value> = (0..100)
        .map(|index| {
            let id = (number * 100 + index + 1).to_string();
            json!({
                "id": id, "source": "MED", "pmid": id, "title": format!("Council and community {id}"),
                "abstractText": "The council met the community.", "pubYear": "2021", "firstPublicationDate": "2021-05-01"
            })
        })
        .collect();
    let mut answer = json!({ "version": "6.9", "hitCount": pages * 100, "resultList": { "result": results } });
    if number + 1 < pages {
        answer["nextCursorMark"] = json!(format!("p{}", number + 1));
    }
    answer
}
