//! The room as a whole.

mod cochrane;
mod ebsco;
mod embase;
mod lucene;
mod ovid;
mod properties;
mod proquest;
mod pubmed;
mod reference;
mod scopus;
mod wos;

use super::{Fields, Matcher, Platform, Severity, detect, parse, read, render, render_split, show};
use crate::model::Truth;

const STRATEGY: &str = include_str!("strategy.query");

fn tree(text: &str) -> super::Tree {
    parse(text).sound().unwrap_or_else(|diagnostics| panic!("{text}: {diagnostics:?}"))
}

fn codes(text: &str) -> Vec<&'static str> {
    parse(text).diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
}

/// A query of a platform in the language's own form, errors forbidden.
fn read_as(platform: Platform, text: &str) -> String {
    let tree = read(text, platform).sound().unwrap_or_else(|diagnostics| panic!("{text}: {diagnostics:?}"));
    tree.to_string()
}

fn codes_in(platform: Platform, text: &str) -> Vec<&'static str> {
    read(text, platform).diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
}

#[test]
fn a_strategy_reads_without_a_word() {
    let parsed = parse(STRATEGY);
    assert_eq!(parsed.diagnostics, []);
    let tree = parsed.sound().unwrap();
    assert!(tree.is_conjunctive());
    assert_eq!(tree.concepts().len(), 4);
    assert_eq!(parse(&tree.to_string()).sound().unwrap(), tree);
}

#[test]
fn mistakes_are_told_all_at_once() {
    assert_eq!(codes("(a OR b"), ["unbalanced-parenthesis"]);
    assert_eq!(codes("a) OR \"b"), ["unbalanced-parenthesis", "unbalanced-quote"]);
    assert_eq!(codes("() AND"), ["empty-group", "missing-operand"]);
    assert_eq!(codes("titel:x AND (a OR )"), ["unknown-field", "missing-operand"]);
    assert_eq!(codes("a AND b OR c"), ["mixed-precedence"]);
    assert_eq!(codes("cats or dogs"), ["operator-in-lower-case"]);
    assert_eq!(codes("public sector"), ["implied-and"]);
    assert_eq!(codes("(a AND b) NEAR/3 c"), ["near-with-and"]);
    assert_eq!(codes("*ology"), ["leading-wildcard"]);
    assert_eq!(codes("* OR a"), ["lone-wildcard"]);
    assert_eq!(
        codes("(mesh.minor:\"Heart\" OR date:soon) NEAR/2 mesh:Heart"),
        ["unreadable-clause", "missing-operand", "missing-operand", "unreadable-clause"]
    );
    assert_eq!(codes("a NEAR/2 mesh:Heart"), ["near-with-heading"]);
    assert_eq!(codes("mesh:\"Heart"), ["unbalanced-quote"]);
    assert_eq!(codes(""), ["empty-query"]);
    assert_eq!(codes(&"(".repeat(1000)).len(), 200 + 1);
    assert!(codes(&format!("{}a{}", "(".repeat(1000), ")".repeat(1000))).contains(&"too-deep"));
    let parsed = parse(&format!("a{}", " NEAR/3 a".repeat(1000)));
    assert!(parsed.diagnostics.iter().any(|told| told.code == "too-deep" && told.severity == Severity::Error));
}

fn value(query: &str, title: Option<&str>, abstract_text: Option<&str>) -> Truth {
    Matcher::new(&tree(query)).evaluate(&Fields { title, abstract_text, ..Fields::default() }).value
}

#[test]
fn matching() {
    use Truth::{False, True, Unknown};
    let text = "The Multi‑sector Partnerships of Zürich’s councils: co-operation";
    for query in [
        "multi-sector*",
        "\"multi sector\"",
        "zurich",
        "council*",
        "partnership*",
        "co-operat*",
        "cooperat* OR co-operation",
        "zurich NEAR/0 councils",
        "councils NEAR/2 partnerships",
        "\"sector partnership*\"",
    ] {
        assert_eq!(value(query, Some(text), Some("x")), True, "{query}");
    }
    for query in ["sector*ship", "multisector", "cooperation", "council", "councils NEAR/1 partnerships"] {
        assert_eq!(value(query, Some(text), Some("x")), False, "{query}");
    }
    assert_eq!(value("multi-sector*", Some("multisectoral"), Some("x")), True);
    assert_eq!(value("absent", Some(text), None), Unknown);
    assert_eq!(value("title:absent", Some(text), None), False);
    assert_eq!(value("NOT zurich", Some(text), None), False);
    assert_eq!(value("all:absent", Some(text), Some("x")), Unknown);
    assert_eq!(value("keywords:absent", Some(text), Some("x")), Unknown);
}

#[test]
fn hits_point_into_the_original() {
    let matcher = Matcher::new(&tree("(\"café société*\" OR a NEAR/1 b) NOT zurich"));
    let keywords = ["x".to_owned(), "Zürich a".to_owned(), "b a".to_owned()];
    let title = "Le CAFE\u{301} Sociétés";
    let found = matcher.evaluate(&Fields { title: Some(title), keywords: Some(&keywords), ..Fields::default() });
    let hits: Vec<(&str, &str)> = found
        .hits
        .iter()
        .map(|hit| {
            (
                hit.field,
                if hit.field == "title" {
                    &title[hit.start..hit.end]
                } else {
                    &"x; Zürich a; b a"[hit.start..hit.end]
                },
            )
        })
        .collect();
    assert_eq!(hits, [("title", "CAFE\u{301} Sociétés"), ("keywords", "b"), ("keywords", "a")]);
    assert_eq!(found.value, Truth::False);
}

/// A rendering as a person sees it: the query, whether it is exact, what was lost.
fn rendering(query: &str, platform: Platform) -> String {
    let rendered = render(&tree(query), platform);
    let mut text = format!("{}\nexact: {}", rendered.query, rendered.exact);
    for told in rendered.warnings {
        let clause: String = query[told.start..told.end].split_whitespace().collect::<Vec<_>>().join(" ");
        let clause: String = clause.chars().take(50).collect();
        text.push_str(&format!("\n{}: {} <- {clause}", told.code, told.message));
    }
    text
}

#[test]
fn a_strategy_on_every_platform() {
    for platform in Platform::written() {
        insta::assert_snapshot!(format!("strategy_{platform}"), rendering(STRATEGY, platform));
    }
}

#[test]
fn losses_turn_round_under_not() {
    let query = "(a NEAR/2 b OR keywords:wom?n*) NOT (\"heart attack\" OR neighbo$r OR abstract:mouse OR (x NEAR/1 y))";
    for platform in Platform::written() {
        insta::assert_snapshot!(format!("under_not_{platform}"), rendering(query, platform));
    }
}

#[test]
fn diagnostics_as_shown() {
    let query = "(cats and dogs OR “wom?n\n  AND titel:x NEAR/300 (y AND z)) # note\n) NOT";
    insta::assert_snapshot!("diagnostics", show(query, Some("a.query"), &parse(query).diagnostics, false));
}

#[test]
fn words_only_where_truncation_leaves_nothing() {
    let rendered = render(&tree("climat* AND communit*"), Platform::OpenAlex);
    assert!(rendered.query.contains("climate OR") && !rendered.exact);
    assert!(rendered.warnings.iter().any(|told| told.code == "may-lose"));
    let rendered = render(&tree("climat* AND \"sea level\""), Platform::OpenAlex);
    assert_eq!(rendered.query, "\"sea level\"");
    let rendered = render(&tree("NOT sea"), Platform::Scopus);
    assert_eq!((rendered.query.as_str(), rendered.exact), ("", false));
    assert_eq!(render(&tree("NOT sea"), Platform::PubMed).query, "all[sb] NOT (sea[tiab])");
}

#[test]
fn long_queries_are_divided() {
    let words: Vec<String> = (0..200).map(|number| format!("word{number}")).collect();
    let parts = render_split(&tree(&format!("({}) AND (uk OR wales)", words.join(" OR "))), Platform::OpenAlex, 600);
    assert!(parts.len() > 2);
    for word in words {
        assert!(parts.iter().any(|part| part.query.split([' ', '(', ')']).any(|said| said == word)), "{word}");
    }
    assert!(parts.iter().all(|part| part.query.ends_with("AND (uk OR wales)") && part.query.len() <= 600));
}

/// Without parentheses each platform reads the same words in its own order.
#[test]
fn one_query_by_each_platforms_own_order() {
    for (platform, tree) in [
        (Platform::Gleaner, "a1 OR (b1 AND NOT c1 AND d1)"),
        (Platform::PubMed, "(all:a1 OR all:b1) AND NOT all:c1 AND all:d1"),
        (Platform::Scopus, "(a1 OR b1) AND NOT (c1 AND d1)"),
        (Platform::Wos, "a1 OR (b1 AND NOT c1 AND d1)"),
        (Platform::Ovid, "a1 OR (b1 AND NOT c1 AND d1)"),
        (Platform::Ebsco, "a1 OR (b1 AND NOT c1 AND d1)"),
        (Platform::ProQuest, "(a1 OR b1) AND NOT (c1 AND d1)"),
    ] {
        if platform.is_read() {
            assert_eq!(read_as(platform, "a1 OR b1 NOT c1 AND d1"), tree, "{platform}");
        }
    }
}

#[test]
fn the_syntax_is_recognised() {
    for (text, platform) in [
        ("TS=(a OR b) AND PY=2020", Platform::Wos),
        ("TITLE-ABS-KEY ( a W/3 b ) AND PUBYEAR > 2019", Platform::Scopus),
        ("(MH \"Heart Failure+\") OR TI ( heart N3 fail* )", Platform::Ebsco),
        ("ti,ab(heart NEAR/3 fail*) AND MAINSUBJECT.EXACT(\"Heart\")", Platform::ProQuest),
        ("title:(a NEAR/3 b) AND c", Platform::Gleaner),
        ("a AND b", Platform::Gleaner),
    ] {
        assert_eq!(detect(text), platform, "{text}");
    }
}

#[test]
fn the_syntax_is_told_by_the_text() {
    for (text, platform) in [
        ("(heart NEAR/3 attack) AND title:x", Platform::Gleaner),
        ("heart attack", Platform::Gleaner),
        (STRATEGY, Platform::Gleaner),
        (&"(a NEAR/3 b) OR ".repeat(50), Platform::Gleaner),
        ("1 exp Asthma/\n2 wheez$.ti,ab.\n3 or/1-2", Platform::Ovid),
        ("((heart or cardiac) adj3 attack*).mp.", Platform::Ovid),
        ("#1 [mh Asthma]\n#2 wheez*:ti,ab,kw\n#3 #1 or #2", Platform::Cochrane),
        ("'asthma'/exp OR (wheez* NEAR/3 child*):ti,ab,kw", Platform::Embase),
    ] {
        assert_eq!(detect(text), platform, "{text}");
    }
    for platform in [Platform::Ovid, Platform::Cochrane, Platform::Embase] {
        assert_eq!(detect(&render(&tree(STRATEGY), platform).query), platform);
    }
}

#[test]
fn platforms_by_name() {
    assert_eq!("WebOfScience".parse(), Ok(Platform::Wos));
    assert_eq!("medline".parse(), Ok(Platform::Ovid));
    assert!("nowhere".parse::<Platform>().unwrap_err().contains("no platform"));
    for &platform in Platform::ALL {
        assert_eq!(platform.name().parse(), Ok(platform));
    }
}

#[test]
fn clauses_that_are_no_text_on_four_platforms() {
    let query = "(type:\"journal article\" OR type:review) AND (author:Smith OR journal:BMJ) AND language:English \
                 AND affiliation:\"United Kingdom\" AND date:2020-03..2023-07 AND (heart NOT type:letter) \
                 AND (identifier:\"1234-5678\" OR identifier:33232323) AND (mesh:\"Heart Failure/nursing\" OR heart) \
                 NOT (type:\"clinical conference\" OR date:..2019-06)";
    for platform in [Platform::Scopus, Platform::Wos, Platform::Ebsco, Platform::ProQuest] {
        insta::assert_snapshot!(format!("no_text_{platform}"), rendering(query, platform));
        read_as(platform, &render(&tree(query), platform).query);
    }
}
