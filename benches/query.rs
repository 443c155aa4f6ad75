//! How fast queries are read, written and matched. `cargo bench --bench query`.
//!
//! The texts are made by a fixed generator in the shape of abstracts: about 220 words, one in thirty
//! outside ASCII.

use divan::counter::ItemsCount;
use gleaner::query::{Fields, Matcher, Platform, parse, render};

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

#[divan::bench]
fn evaluate_400_terms(bencher: divan::Bencher<'_, '_>) {
    let terms: Vec<String> = (0..400).map(|number| format!("term{number}x* OR \"health term{number}\"")).collect();
    run(bencher, &terms.join(" OR "), |matcher, fields| matcher.evaluate(fields).value.known() == Some(true));
}

#[divan::bench]
fn read_and_write() -> usize {
    let tree = parse(STRATEGY).tree.expect("the benchmark's query is sound");
    render(&tree, Platform::PubMed).query.len()
}

fn main() {
    divan::main();
}
