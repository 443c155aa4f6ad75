//! Embase.com's syntax, read.

use super::super::{Parsed, Platform, Severity, parse, read};

fn embase(text: &str) -> Parsed {
    read(text, Platform::Embase)
}

fn tree(text: &str) -> String {
    let tree = embase(text).sound().unwrap_or_else(|told| panic!("{text}: {told:?}"));
    assert_eq!(parse(&tree.to_string()).sound().unwrap_or_else(|told| panic!("{tree}: {told:?}")), tree);
    tree.to_string()
}

fn told(text: &str) -> Vec<String> {
    let mark = |severity| if severity == Severity::Error { "!" } else { "" };
    embase(text).diagnostics.iter().map(|told| format!("{}{}", mark(told.severity), told.code)).collect()
}

#[test]
fn words_fields_and_operators() {
    for (text, read) in [
        ("'heart attack':ti,ab,kw", "\"heart attack\""),
        ("“heart attack*”:ti,ab", "title,abstract:\"heart attack*\""),
        ("asthma", "all:asthma"),
        ("crohn's:ti", "title:\"crohn s\""),
        ("'crohn’s disease':ti", "title:\"crohn s disease\""),
        ("sul*ur:ti OR wom?n:ti OR neighbo$r:ti", "title:sul*ur OR title:wom?n OR title:neighbo$r"),
        (
            "(symptom* NEAR/5 (headache* OR 'head ache')):ti,ab",
            "title,abstract:(symptom* NEAR/4 (headache* OR \"head ache\"))",
        ),
        ("heart NEXT/1 attack*", "all:\"heart attack*\""),
        ("blood NEXT/2 cardio* NEAR/5 system*", "all:((blood PRE/1 cardio*) NEAR/4 system*)"),
        ("a1:ti OR b1:ti AND c1:ti", "(title:a1 OR title:b1) AND title:c1"),
        ("a1:ti NOT b1:ti OR c1:ti", "(title:a1 AND NOT title:b1) OR title:c1"),
        ("2010:py", "date:2010..2010"),
        ("(2010):py", "date:2010..2010"),
        ("[2010-2020]/py", "date:2010..2020"),
        ("[english]/lim AND [humans]/lim AND [review]/lim", "language:english AND emtree:\"human\" AND type:review"),
        ("[embase]/lim NOT [medline]/lim", "only.embase:\"[embase]/lim\" AND NOT only.embase:\"[medline]/lim\""),
        ("'conference abstract'/it", "type:\"conference abstract\""),
        ("'conference abstract':it", "type:\"conference abstract\""),
        ("'asthma':de", "emtree.only:\"asthma\""),
        ("[1-1-2000]/sd", "only.embase:\"[1-1-2000]/sd\""),
    ] {
        assert_eq!(tree(text), read, "{text}");
    }
    assert_eq!(told("heart attack"), ["implied-and"]);
    assert_eq!(told("a1 OR b1 AND c1"), ["mixed-precedence"]);
    assert_eq!(told("'a1"), ["!unbalanced-quote"]);
}

#[test]
fn headings() {
    for (text, read) in [
        ("'heart infarction'/exp", "emtree:\"heart infarction\""),
        ("'heart infarction'/de", "emtree.only:\"heart infarction\""),
        ("'heart infarction'/mj", "emtree.major.only:\"heart infarction\""),
        ("'heart infarction'/exp/mj", "emtree.major:\"heart infarction\""),
        ("('asthma')/exp", "emtree:\"asthma\""),
        ("asthma/exp", "emtree:\"asthma\""),
        ("('asthma' OR 'wheezing')/exp", "emtree:\"asthma\" OR emtree:\"wheezing\""),
        ("'asthma'/exp/dm_dt,dm_th", "emtree:\"asthma/dm_dt/dm_th\""),
        ("'asthma'/br", "emtree:\"asthma\" OR all:asthma"),
        (
            "'animal'/exp NOT ('animal'/exp AND 'human'/exp)",
            "emtree:\"animal\" AND NOT (emtree:\"animal\" AND emtree:\"human\")",
        ),
    ] {
        assert_eq!(tree(text), read, "{text}");
    }
}

#[test]
fn strategies() {
    let lines = "#1 'asthma'/exp\n#2 wheez*:ti,ab,kw\n#3 child*:ti";
    assert_eq!(tree(&format!("{lines}\n#4 (#1 OR #2) AND #3")), "(emtree:\"asthma\" OR wheez*) AND title:child*");
    assert_eq!(tree(&format!("{lines}\n#4 #1 OR #2 AND #3")), "(emtree:\"asthma\" OR wheez*) AND title:child*");
    assert!(told(&format!("{lines}\n#4 #1 AND #5")).contains(&"!unknown-line".to_owned()));
    assert!(told(lines).contains(&"orphan-line".to_owned()));
    let newest_first = "#3 #1 AND #2\t1204\n#2 wheez*:ti\t20311\n#1 'asthma'/exp\t13004";
    assert_eq!(tree(newest_first), "emtree:\"asthma\" AND title:wheez*");
}
