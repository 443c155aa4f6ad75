//! The Cochrane Library's syntax, read.

use super::super::{Parsed, Platform, Severity, parse, read};

fn cochrane(text: &str) -> Parsed {
    read(text, Platform::Cochrane)
}

fn tree(text: &str) -> String {
    let tree = cochrane(text).sound().unwrap_or_else(|told| panic!("{text}: {told:?}"));
    assert_eq!(parse(&tree.to_string()).sound().unwrap_or_else(|told| panic!("{tree}: {told:?}")), tree);
    tree.to_string()
}

fn told(text: &str) -> Vec<String> {
    let mark = |severity| if severity == Severity::Error { "!" } else { "" };
    cochrane(text).diagnostics.iter().map(|told| format!("{}{}", mark(told.severity), told.code)).collect()
}

#[test]
fn words_fields_and_operators() {
    for (text, read) in [
        ("asthma:ti,ab,kw", "asthma"),
        ("(asthma or wheez*):ti,ab", "title,abstract:(asthma OR wheez*)"),
        ("asthma", "all:asthma"),
        ("\"lung cancer\":ti", "title:\"lung cancer\""),
        ("hearing NEXT aid*", "all:\"hearing aid*\""),
        ("cancer NEAR lung", "all:(cancer NEAR/6 lung)"),
        ("(cancer near/3 (lung or breast)):ti", "title:(cancer NEAR/3 (lung OR breast))"),
        ("cancer near/3 lung:ti", "title:(cancer NEAR/3 lung)"),
        ("wom?n:ti", "title:wom?n"),
        ("non-small:ti", "title:\"non small\""),
        ("a1:ti or b1:ab and c1:kw", "title:a1 OR (abstract:b1 AND keywords:c1)"),
        ("a1:ti not b1:ti", "title:a1 AND NOT title:b1"),
        ("smith:au and bmj:so", "author:smith AND journal:bmj"),
        ("12:34:ti", "title:\"12 34\""),
    ] {
        assert_eq!(tree(text), read, "{text}");
    }
    assert_eq!(tree("lung cancer"), "all:(lung AND cancer)");
    assert_eq!(told("lung cancer"), ["implied-and"]);
    assert_eq!(told("a1 or b1 and c1"), ["mixed-precedence"]);
    let wild = cochrane("\"hearing aid*\"").diagnostics.remove(0);
    assert_eq!((wild.code, wild.severity), ("wildcard-in-phrase", Severity::Error));
    assert_eq!(wild.fix.map(|fix| fix.text).as_deref(), Some("(hearing NEXT aid*)"));
    assert_eq!(told("\"a1"), ["!unbalanced-quote"]);
    assert_eq!(told(":ti"), ["!missing-operand"]);
    assert_eq!(told("[mh \"Asthma\""), ["!unbalanced-bracket"]);
}

#[test]
fn headings() {
    for (text, read) in [
        ("[mh \"Heart Failure\"]", "mesh:\"Heart Failure\""),
        ("[mh Asthma]", "mesh:\"Asthma\""),
        ("[mh ^\"Child, Preschool\"]", "mesh.only:\"Child, Preschool\""),
        ("[mh Asthma/TH,DT]", "mesh:\"Asthma/therapy/drug therapy\""),
        ("[mh \"Heart Failure\"[mj]]", "mesh.major:\"Heart Failure\""),
        ("[mh \"Heart Failure\"/DT[mj]]", "mesh.major:\"Heart Failure/drug therapy\""),
        ("[mh /DT]", "subheading:\"drug therapy\""),
        ("MeSH descriptor: [Asthma] explode all trees", "mesh:\"Asthma\""),
        ("MeSH descriptor: [Asthma] this term only", "mesh.only:\"Asthma\""),
        ("MeSH descriptor Asthma explode all trees", "mesh:\"Asthma\""),
        (
            "MeSH descriptor: [Asthma] explode all trees and with qualifier(s): [Therapy - TH, Diagnosis - DI]",
            "mesh:\"Asthma/therapy/diagnosis\"",
        ),
    ] {
        assert_eq!(tree(text), read, "{text}");
    }
}

#[test]
fn strategies() {
    let lines = "#1 [mh Asthma]\n#2 wheez*:ti,ab,kw\n#3 child*:ti";
    for (last, read) in [
        ("#4 {or #1-#2} and #3", "(mesh:\"Asthma\" OR wheez*) AND title:child*"),
        ("#4 {OR #1, #3}", "mesh:\"Asthma\" OR title:child*"),
        ("#4 {and #1-#3}", "mesh:\"Asthma\" AND wheez* AND title:child*"),
        ("#4 #1 or (#2 and #3)", "mesh:\"Asthma\" OR (wheez* AND title:child*)"),
        ("#4 #2 (Word variations have been searched)", "wheez*"),
        ("#4 #2 with Publication Year from 2010 to 2020, in Trials", "wheez* AND date:2010..2020"),
        ("#4 #2 in Cochrane Reviews (Reviews and Protocols), Trials", "wheez*"),
    ] {
        assert_eq!(tree(&format!("{lines}\n{last}")), read, "{last}");
    }
    assert!(told(&format!("{lines}\n#4 #1 and #9")).contains(&"!unknown-line".to_owned()));
    assert!(told(&format!("{lines}\n#4 #4 or #1")).contains(&"!line-not-yet-run".to_owned()));
    assert!(told(&format!("{lines}\n#4 1 or #2")).contains(&"line-without-sign".to_owned()));
    assert!(told(&format!("{lines}\n#4 #1-#3")).contains(&"range-without-operator".to_owned()));
    // A line's fields hold where it is referred to, and what has none is looked for everywhere.
    assert_eq!(tree("#1 asthma:ti,ab,kw\n#2 wheez*\n#3 #1 or #2"), "asthma OR all:wheez*");
    let newest_first = "#3 #1 AND #2 1,204\n#2 wheez*:ti 20,311\n#1 [mh Asthma] 13,004";
    assert_eq!(tree(newest_first), "mesh:\"Asthma\" AND title:wheez*");
}
