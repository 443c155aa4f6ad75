//! Scopus's syntax, read by Scopus's rules.

use super::{codes_in, read_as};
use crate::query::Platform::Scopus;

#[test]
fn or_comes_first_and_and_not_last() {
    for (query, tree) in [
        ("KEY(mouse AND NOT cat OR dog)", "keywords:(mouse AND NOT (cat OR dog))"),
        ("KEY(mouse OR rat AND rodent)", "keywords:((mouse OR rat) AND rodent)"),
        ("KEY(rodent AND rat OR mouse)", "keywords:(rodent AND (rat OR mouse))"),
        ("KEY(cat AND dog AND NOT rodent OR mouse)", "keywords:(cat AND dog AND NOT (rodent OR mouse))"),
        (
            "KEY(cold) AND NOT KEY(flu) AND KEY(rhinovirus)",
            "keywords:cold AND NOT (keywords:flu AND keywords:rhinovirus)",
        ),
        ("cat pre/10 dog and mouse", "(cat PRE/10 dog) AND mouse"),
        ("sensor W/15 robot AND water OR orbit", "(sensor NEAR/15 robot) AND (water OR orbit)"),
        ("heart PRE/0 attack", "\"heart attack\""),
        ("TITLE-ABS-KEY(bay PRE/6 ship* PRE/6 channel)", "(bay PRE/6 ship*) PRE/6 channel"),
        ("TITLE-ABS-KEY((a1 OR b1) W/3 (c1 OR d1))", "(a1 OR b1) NEAR/3 (c1 OR d1)"),
    ] {
        assert_eq!(read_as(Scopus, query), tree, "{query}");
    }
}

#[test]
fn what_proximity_cannot_hold_is_told() {
    assert!(codes_in(Scopus, "cat pre/10 (dog AND mouse)").contains(&"near-with-and"));
    assert!(codes_in(Scopus, "cat w/11 dog OR mouse").contains(&"near-beside-or"));
    assert_eq!(codes_in(Scopus, "TITLE(bay PRE/6 ship* PRE/0 channel)"), ["mixed-proximity"]);
    assert_eq!(codes_in(Scopus, "TITLE(bay W/6 ship* PRE/6 channel)"), ["mixed-proximity"]);
    assert_eq!(codes_in(Scopus, "TITLE((bay W/6 ship*) AND (ship* PRE/6 channel))"), [""; 0]);
}

#[test]
fn fields_years_and_filters() {
    for (query, tree) in [
        ("TITLE-ABS-KEY ( \"heart attack\" )", "\"heart attack\""),
        ("ALL(a) AND TITLE-ABS(b)", "all:a AND title,abstract:b"),
        ("PUBYEAR > 2019 AND PUBYEAR < 2024 AND ABS(x)", "date:2020.. AND date:..2023 AND abstract:x"),
        ("ABS(x) and pubyear aft 2019", "abstract:x AND date:2020.."),
        ("ABS(x) AND PUBYEAR = 2020", "abstract:x AND date:2020..2020"),
        ("DOCTYPE(ar OR re)", "type:(article OR review)"),
        ("AFFILCOUNTRY(\"united kingdom\") AND AUTH(smith)", "affiliation:\"united kingdom\" AND author:smith"),
        (
            "REF(\"a (b)\") AND SUBJAREA(MEDI OR NURS)",
            "only.scopus:\"REF(\\\"a (b)\\\")\" AND only.scopus:\"SUBJAREA(MEDI OR NURS)\"",
        ),
        (
            "ABS(x) AND ( LIMIT-TO ( DOCTYPE , \"ar\" ) OR LIMIT-TO ( LANGUAGE , \"English\" ) )",
            "abstract:x AND (type:article OR language:English)",
        ),
        // Scopus writes OR between what it leaves out, and leaves all of it out.
        (
            "ABS(x) AND ( EXCLUDE ( DOCTYPE,\"le\" ) OR EXCLUDE ( DOCTYPE,\"ed\" ) )",
            "abstract:x AND (NOT type:letter AND NOT type:editorial)",
        ),
        ("TITLE-ABS-KEY(ALL(x) AND y)", "all:x AND y"),
        ("TITLE(TITLE-ABS-KEY(x) AND y)", "title:(default:x AND y)"),
    ] {
        assert_eq!(read_as(Scopus, query), tree, "{query}");
    }
    assert_eq!(codes_in(Scopus, "TITEL(x)"), ["unknown-field"]);
    assert_eq!(codes_in(Scopus, "ABS(x) AND PUBYEAR > soon"), ["malformed-year"]);
}

#[test]
fn words_phrases_and_braces() {
    for (query, tree) in [
        ("TITLE(wind power)", "title:(wind AND power)"),
        ("TITLE(quality of life)", "title:(quality AND life)"),
        ("TITLE(\"quality of life\")", "title:\"quality of life\""),
        ("TITLE({heart-attack} OR {what?})", "title:(\"heart attack\" OR what)"),
        ("TITLE(*oxide OR analy?e OR price$)", "title:(*oxide OR analy?e OR price)"),
        ("TITLE(“quality of life”)", "title:\"quality of life\""),
    ] {
        assert_eq!(read_as(Scopus, query), tree, "{query}");
    }
    assert_eq!(codes_in(Scopus, "TITLE(“quality of life”)"), ["curly-quotes"]);
    assert_eq!(codes_in(Scopus, "TITLE(wind power)"), ["implied-and"]);
    assert_eq!(codes_in(Scopus, "TITLE(x NOT y)"), ["not-without-and"]);
    assert_eq!(codes_in(Scopus, "TITLE({x OR y)"), ["unbalanced-brace"]);
    assert_eq!(codes_in(Scopus, "TITLE(\"x OR y)"), ["unbalanced-quote"]);
    assert_eq!(codes_in(Scopus, ""), ["empty-query"]);
}
