//! Lucene's syntax and its flavours, read.

use super::super::{Platform, Severity, detect, read};

/// A query in our own syntax.
fn said(platform: Platform, text: &str) -> String {
    read(text, platform).tree.map(|tree| tree.to_string()).unwrap_or_default()
}

/// What is told of it, hints apart.
fn told(platform: Platform, text: &str) -> Vec<&'static str> {
    let told = read(text, platform).diagnostics.into_iter().filter(|told| told.severity != Severity::Hint);
    told.map(|told| told.code).collect()
}

#[test]
fn clauses_are_required_optional_or_prohibited() {
    for (query, meant) in [
        ("a b", "a OR b"),
        ("+a b", "a"),
        ("a AND b OR c", "a AND b"),
        ("a OR b AND c", "b AND c"),
        ("a b -c", "(a OR b) AND NOT c"),
        ("a AND NOT b", "a AND NOT b"),
        ("a && (b || c) !d", "a AND (b OR c) AND NOT d"),
        ("a OR NOT b", "a AND NOT b"),
        ("a and b", "a OR b"),
    ] {
        assert_eq!(said(Platform::Lucene, query), meant, "{query}");
    }
    for (query, meant) in [
        ("a b", "all:(a AND b)"),
        ("a OR b AND c", "all:(b AND c)"),
        ("a AND b OR c", "all:a"),
        ("a or b", "all:(a OR b)"),
        ("TITLE:a -KW:(b OR c)", "title:a AND NOT keywords:(b OR c)"),
    ] {
        assert_eq!(said(Platform::EuropePmc, query), meant, "{query}");
    }
    assert_eq!(told(Platform::Lucene, "a OR b AND c"), ["optional-clause", "mixed-precedence"]);
}

#[test]
fn words_phrases_and_ranges() {
    for (query, meant) in [
        ("title:\"heart attack\"~3", "title:((heart PRE/3 attack) OR (attack PRE/1 heart))"),
        ("\"heart attack\"~1", "heart PRE/1 attack"),
        ("title:(heart^2 attack*)^4", "title:(heart OR attack*)"),
        ("roam~0.8", "only.lucene:\"roam~0.8\""),
        ("year:[2020 TO 2023]", "date:2020..2023"),
        ("date:[20200301 TO *]", "date:2020-03-01.."),
        ("multi-sector\\*", "\"multi sector\""),
        ("ti:a \\AND", "title:a OR \"AND\""),
    ] {
        assert_eq!(said(Platform::Lucene, query), meant, "{query}");
    }
    assert_eq!(
        said(Platform::EuropePmc, "FIRST_PDATE:[2015 TO 3000] AND HAS_ABSTRACT:y"),
        "date:2015.. AND only.europepmc:\"HAS_ABSTRACT:y\""
    );
    assert_eq!(
        said(Platform::EuropePmc, "PUB_YEAR:2020 OR PUB_YEAR:(2021 OR 2022)"),
        "date:2020..2020 OR (date:2021..2021 OR date:2022..2022)"
    );
    assert_eq!(said(Platform::Doaj, "bibjson.title:heart AND bibjson.year:[2018 TO *]"), "title:heart AND date:2018..");
    assert_eq!(said(Platform::Core, "title:heart AND yearPublished>=2018"), "title:heart AND date:2018..");
}

#[test]
fn arxiv() {
    assert_eq!(
        said(Platform::Arxiv, "abs:\"self-attention mechanisms\""),
        "abstract:(self AND attention AND mechanisms)"
    );
    assert_eq!(said(Platform::Arxiv, "ti:a ANDNOT abs:b"), said(Platform::Arxiv, "ti:a AND NOT abs:b"));
    assert_eq!(said(Platform::Arxiv, "submittedDate:[202001010000 TO 202312312359]"), "date:2020-01-01..2023-12-31");
    assert_eq!(told(Platform::Arxiv, "xx:a"), ["unknown-field"]);
}

#[test]
fn faults() {
    for (query, faults) in [
        ("(a", vec!["unbalanced-parenthesis"]),
        ("a)", vec!["unbalanced-parenthesis"]),
        ("title:", vec!["missing-operand"]),
        ("a AND", vec!["missing-operand"]),
        ("a AND OR b", vec!["missing-operand"]),
        ("\"a", vec!["unbalanced-quote"]),
        ("year:[2020 TO", vec!["unbalanced-bracket"]),
        ("\"heart att*\"", vec!["wildcard-in-phrase"]),
        ("", vec!["empty-query"]),
    ] {
        let found = told(Platform::Lucene, query);
        assert!(faults.iter().all(|fault| found.contains(fault)), "{query}: {found:?}");
    }
    assert!(told(Platform::Lucene, &"(".repeat(100_000)).contains(&"too-deep"));
}

#[test]
fn detected_by_fields_and_signs() {
    assert_eq!(detect("TITLE_ABS:heart AND PUB_YEAR:[2020 TO 2021]"), Platform::EuropePmc);
    assert_eq!(detect("ti:heart AND abs:attack"), Platform::Arxiv);
    assert_eq!(detect("bibjson.title:heart"), Platform::Doaj);
    assert_eq!(detect("title:heart^2 && year:[2020 TO 2021]"), Platform::Lucene);
    assert_eq!(detect("title:heart AND abstract:attack"), Platform::Gleaner);
}
