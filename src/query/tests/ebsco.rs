//! EBSCOhost's syntax, read by EBSCOhost's rules.

use super::{codes_in, read_as};
use crate::query::Platform::Ebsco;
use crate::query::read;

#[test]
fn proximity_not_and_or() {
    for (query, tree) in [
        ("TI \"AI\" OR AB robots AND AB ethics", "title:AI OR (abstract:robots AND abstract:ethics)"),
        ("TI \"AI\" NOT AB robots OR AB ethics", "(title:AI AND NOT abstract:robots) OR abstract:ethics"),
        (
            "(health* or medical) N2 (personnel or professional*)",
            "(health* OR medical) NEAR/2 (personnel OR professional*)",
        ),
        ("TX (\"digital transformation\" W5 change)", "all:(\"digital transformation\" PRE/5 change)"),
        (
            "TI patient N3 education OR AB (patient n3 education)",
            "title:(patient NEAR/3 education) OR abstract:(patient NEAR/3 education)",
        ),
        (
            "TI smoking cessation N5 adolescen* W3 school",
            "title:((\"smoking cessation\" NEAR/5 adolescen*) PRE/3 school)",
        ),
        ("TI (a1 or b1) N3 (c1 or d1) AND x1", "title:((a1 OR b1) NEAR/3 (c1 OR d1)) AND x1"),
        ("patient N1 education", "patient NEAR/1 education"),
        ("N2 fixation", "\"N2 fixation\""),
    ] {
        assert_eq!(read_as(Ebsco, query), tree, "{query}");
    }
    assert_eq!(codes_in(Ebsco, "TI (x1 N3 (y1 AND z1))"), ["near-with-and"]);
    assert_eq!(codes_in(Ebsco, "heart N attack"), ["missing-distance"]);
}

#[test]
fn fields_headings_and_dates() {
    for (query, tree) in [
        (
            "TI example AND (AU \"John Doe\" OR AU \"John Wayne\")",
            "title:example AND (author:\"John Doe\" OR author:\"John Wayne\")",
        ),
        ("(MH \"Heart Failure+\") OR (MM \"Nurses\")", "mesh:\"Heart Failure\" OR mesh.major.only:\"Nurses\""),
        ("DE \"Nursing Education\" OR SU nursing", "thesaurus.only:\"Nursing Education\" OR keywords:nursing"),
        (
            "XB x1 AND LA English AND PT review AND SO \"BMJ\"",
            "title,abstract:x1 AND language:English AND type:review AND journal:BMJ",
        ),
        ("x1 AND PY 2020-2023", "x1 AND date:2020..2023"),
        ("x1 AND DT 20200301-20230731", "x1 AND date:2020-03-01..2023-07-31"),
        ("ZY \"south sudan\" AND x1", "only.ebsco:\"ZY \\\"south sudan\\\"\" AND x1"),
        ("TI RN OR AB RN", "title:RN OR abstract:RN"),
        ("EBSCOhost: x1 AND y1", "x1 AND y1"),
    ] {
        assert_eq!(read_as(Ebsco, query), tree, "{query}");
    }
    assert_eq!(codes_in(Ebsco, "EBSCOhost: x1 AND y1"), ["platform-name"]);
    assert_eq!(codes_in(Ebsco, "AI \"governance\" OR AB future"), ["unknown-field"]);
    assert_eq!(codes_in(Ebsco, "ti (ehealth OR mhealth)"), ["field-in-lower-case"]);
    assert_eq!(codes_in(Ebsco, "x1 AND PY soon"), ["malformed-year"]);
}

#[test]
fn words_and_signs() {
    for (query, tree) in [
        ("patient education", "\"patient education\""),
        ("colo#r OR ne?t OR educat*", "colo$r OR ne?t OR educat*"),
        ("level? OR \"price of $\"", "level OR \"price of\""),
        ("midsummer * dream", "midsummer PRE/1 dream"),
        ("\"a1 * * b1\"", "a1 PRE/2 b1"),
        ("\"person centred care\"or\"patient-centred care\"", "\"person centred care\" OR \"patient centred care\""),
    ] {
        assert_eq!(read_as(Ebsco, query), tree, "{query}");
    }
    assert_eq!(codes_in(Ebsco, "patient education"), ["unquoted-phrase"]);
    assert_eq!(codes_in(Ebsco, "\"x1 y1\" \"z1\""), ["implied-and"]);
    assert_eq!(codes_in(Ebsco, "bias OR OR politics"), ["missing-operand"]);
    assert_eq!(
        codes_in(Ebsco, "\"x*\" OR \"((acti*\" OR \"fit\") N3 track*)")[1..],
        ["unbalanced-quote", "unbalanced-quote"]
    );
    assert_eq!(codes_in(Ebsco, "* *"), ["empty-term", "unquoted-phrase"]);
    assert_eq!(codes_in(Ebsco, ""), ["empty-query"]);
}

#[test]
fn a_history() {
    let parsed = read("S1 TI x1 OR y1\nS2 (MH \"Heart+\")\nS3 S1 AND S2", Ebsco);
    assert_eq!(parsed.lines.len(), 3);
    assert_eq!(parsed.sound().unwrap().to_string(), "(title:x1 OR y1) AND mesh:\"Heart\"");
    assert_eq!(codes_in(Ebsco, "S1 AND S2"), ["unknown-line", "unknown-line"]);
}
