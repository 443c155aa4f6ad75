//! ProQuest's syntax, read by ProQuest's rules, and findpapers'.

use super::{codes_in, read_as};
use crate::query::Platform::{Findpapers, ProQuest};

#[test]
fn pre_near_and_or_not() {
    for (query, tree) in [
        ("noft(a1 NOT b1 OR c1 AND d1)", "a1 AND NOT (b1 OR (c1 AND d1))"),
        ("ti(a1 near b1 pre/2 c1)", "title:(a1 NEAR/4 (b1 PRE/2 c1))"),
        ("ti(a1 N/3 b1 AND c1 P/0 d1)", "title:((a1 NEAR/3 b1) AND (c1 PRE/0 d1))"),
        ("ti(advertising campaigns)", "title:(advertising AND campaigns)"),
        ("ti(a1) AND NOT ab(b1)", "title:a1 AND NOT abstract:b1"),
    ] {
        assert_eq!(read_as(ProQuest, query), tree, "{query}");
    }
    assert!(codes_in(ProQuest, "ti(a1 NEAR/2 (b1 AND c1))").contains(&"near-with-and"));
}

#[test]
fn fields_headings_dates_and_signs() {
    for (query, tree) in [
        ("ti,ab(x1) OR TI,AB,SU(y1)", "title,abstract:x1 OR y1"),
        (
            "MAINSUBJECT.EXACT(\"Public health\") OR SU.EXACT.EXPLODE(\"Heart\")",
            "thesaurus.only:\"Public health\" OR thesaurus:\"Heart\"",
        ),
        (
            "MESH.EXACT(heart failure OR nurses) AND noft(x1)",
            "(mesh.only:\"heart failure\" OR mesh.only:\"nurses\") AND x1",
        ),
        (
            "noft(x1) AND pd(20200301-20230731) AND la(English)",
            "x1 AND date:2020-03-01..2023-07-31 AND language:English",
        ),
        ("noft(x1) AND yr(>2019)", "x1 AND date:2020.."),
        (
            "noft(x1) AND pd(>20100131) AND stype.exact(\"Scholarly Journals\")",
            "x1 AND date:2010-01-31.. AND only.proquest:\"stype.exact(\\\"Scholarly Journals\\\")\"",
        ),
        ("noft(x1) AND la.exact(English) AND zzzz(y)", "x1 AND language:English AND only.proquest:\"zzzz(y)\""),
        ("noft(x1) AND peer(yes)", "x1 AND only.proquest:\"peer(yes)\""),
        (
            "ti(econom*2 OR nutr[*5] OR wom?n OR \"health serv*\")",
            "title:(econom$$ OR nutr* OR wom?n OR \"health serv*\")",
        ),
    ] {
        assert_eq!(read_as(ProQuest, query), tree, "{query}");
    }
    assert_eq!(codes_in(ProQuest, "tii(x1)"), ["unknown-field"]);
    assert_eq!(codes_in(ProQuest, "x1 OR y1"), ["field-missing"]);
    assert_eq!(codes_in(ProQuest, "ti(x1) AND pd(soon)"), ["malformed-year"]);
}

#[test]
fn findpapers() {
    for (query, tree) in [
        ("[term a] OR ([term b] AND ([term*] OR [t?rm]))", "\"term a\" OR (\"term b\" AND (term* OR t?rm))"),
        ("[a1] AND NOT ([b1] OR [c1])", "a1 AND NOT (b1 OR c1)"),
    ] {
        assert_eq!(read_as(Findpapers, query), tree, "{query}");
    }
    for (query, code) in [
        ("[a1] or [b1]", "operator-in-lower-case"),
        ("[a1] XOR [b1]", "unknown-operator"),
        ("a1 OR [b1]", "unknown-operator"),
        ("[a1] [b1]", "missing-operator"),
        ("[a1]OR[b1]", "missing-space"),
        ("[a1] OR NOT [b1]", "not-without-and"),
        ("[ ] AND [b1]", "empty-term"),
        ("[", "unbalanced-bracket"),
        ("([a1]", "unbalanced-parenthesis"),
        ("[some term*]", "unsupported-wildcard"),
        ("[?erm]", "unsupported-wildcard"),
        ("[te*]", "unsupported-wildcard"),
        ("[ter*s]", "unsupported-wildcard"),
        ("[t?rm?]", "unsupported-wildcard"),
    ] {
        assert!(codes_in(Findpapers, query).contains(&code), "{query}: {:?}", codes_in(Findpapers, query));
    }
}
