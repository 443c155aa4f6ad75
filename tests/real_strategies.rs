//! One strategy written by hand for five platforms: each is read, and the first is written for the
//! other four. docs/query-differences.md explains where that differs from what was written by hand.

mod support;

use gleaner::query::{Field, Fields, Kind, Matcher, Node, Platform, Scope, Severity, Tree, parse, read, render};

/// The blocks of the document, each with the platform that its heading names.
fn strategies() -> Vec<(Platform, String)> {
    let Some(path) = support::real_data("../STRATEGY.md") else { return Vec::new() };
    let text = std::fs::read_to_string(path).expect("readable");
    let block = |section: &str| {
        let platform: Platform = section.lines().next()?.trim().parse().ok()?;
        Some((platform, section.split("```").nth(1)?.to_owned()))
    };
    text.split("\n## ").filter_map(block).collect()
}

fn sound(text: &str, platform: Platform) -> Tree {
    let parsed = read(text, platform);
    let errors: Vec<_> = parsed.diagnostics.iter().filter(|told| told.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{platform}: {errors:?}\n{text}");
    parsed.tree.expect("a tree where there is no error")
}

/// A clause of a strategy: its text, and whether it is a term in the topic fields.
#[derive(Debug, PartialEq)]
struct Clause {
    text: String,
    is_topic: bool,
}

fn clauses(node: &Node, scope: Scope, into: &mut Vec<Clause>) {
    match &node.kind {
        Kind::Limit { scope, node } => clauses(node, *scope, into),
        Kind::Term(term) => {
            let is_topic = match scope {
                Scope::Named(set) => set.has(Field::Title) || set.has(Field::Abstract),
                Scope::Default | Scope::All => true,
            };
            into.push(Clause { text: term.to_string().to_lowercase(), is_topic });
        }
        Kind::Heading(_) | Kind::Dates(_) | Kind::Native(_) => {
            into.push(Clause { text: node.to_string(), is_topic: false });
        }
        _ => node.children().into_iter().for_each(|part| clauses(part, scope, into)),
    }
}

fn of(tree: &Tree) -> Vec<Clause> {
    let mut all = Vec::new();
    clauses(&tree.root, Scope::Default, &mut all);
    all
}

/// Whether a term finds what another says, wildcards read as one of their letters, words apart or
/// together (a hyphen of ours stands for both).
fn finds(term: &str, text: &str) -> bool {
    let Ok(tree) = parse(term).sound() else { return false };
    let matcher = Matcher::new(&tree);
    ["s", "z", "u", ""].iter().any(|letter| {
        let apart = text.replace(['?', '$'], letter).replace(['*', '"'], "");
        let together = apart.replace([' ', '-'], "");
        [apart, together]
            .iter()
            .any(|text| !matcher.evaluate(&Fields { title: Some(text), ..Fields::default() }).hits.is_empty())
    })
}

/// Terms that one of them has and none of the other says in any form: the writer's own choices.
const CHOSEN: [(Platform, &[&str]); 4] = [
    (Platform::Scopus, &[]),
    (Platform::Wos, &[]),
    (Platform::Ovid, &[]),
    // By hand the words of collaboration near *multisector* were left out, since PubMed takes no
    // truncation in proximity, and of action near *community* only some; here both become AND.
    (
        Platform::PubMed,
        &[
            "hub",
            "partner*",
            "cooperat*",
            "alliance*",
            "working",
            "neighborhood*",
            "resident*",
            "activit*",
            "mobilis*",
            "mobiliz*",
            "empower*",
        ],
    ),
];

#[test]
fn a_strategy_of_five_platforms_is_read_and_written() {
    let strategies = strategies();
    let Some((_, own)) = strategies.iter().find(|(platform, _)| *platform == Platform::Gleaner) else { return };
    assert_eq!(strategies.len(), 5);
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/query-differences.md"));
    assert!(page.expect("the page is there").contains("\n# A strategy by hand\n"));
    let tree = sound(own, Platform::Gleaner);
    let mut left: Vec<String> = Vec::new();
    for (platform, by_hand) in &strategies {
        if !platform.is_read() || *platform == Platform::Gleaner {
            continue;
        }
        let theirs = of(&sound(by_hand, *platform));
        if !platform.is_written() {
            continue;
        }
        let rendered = render(&tree, *platform);
        let ours = of(&sound(&rendered.query, *platform));
        let chosen = CHOSEN.iter().find(|(of, _)| of == platform).map_or(&[][..], |(_, chosen)| *chosen);
        let unexplained = |some: &[Clause], others: &[Clause]| -> Vec<String> {
            let said = |clause: &Clause| {
                !clause.is_topic
                    || others.iter().any(|other| finds(&other.text, &clause.text) || finds(&clause.text, &other.text))
            };
            let left = some.iter().filter(|clause| !said(clause)).map(|clause| clause.text.clone());
            left.filter(|text| !chosen.contains(&text.as_str())).collect()
        };
        let (more, fewer) = (unexplained(&theirs, &ours), unexplained(&ours, &theirs));
        let beside: Vec<&str> =
            theirs.iter().filter(|clause| !clause.is_topic).map(|clause| clause.text.as_str()).collect();
        println!("{platform}: {} clauses, by hand {}; only by hand: {beside:?}", ours.len(), theirs.len());
        left.extend(
            (!more.is_empty() || !fewer.is_empty())
                .then(|| format!("{platform}: by hand besides {more:?}, here besides {fewer:?}")),
        );
    }
    assert!(left.is_empty(), "{left:#?}");
}
