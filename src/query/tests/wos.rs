//! Web of Science's syntax, read by Web of Science's rules.

use super::{codes_in, read_as};
use crate::query::Platform::Wos;
use crate::query::read;

#[test]
fn near_same_not_and_or() {
    for (query, tree) in [
        ("TS=(copper OR lead AND algae)", "copper OR (lead AND algae)"),
        ("TS=(a AND b NOT c)", "a AND (b AND NOT c)"),
        ("TS=(a NOT b SAME c)", "a AND NOT (b AND c)"),
        ("TS=(salmon near virus)", "salmon NEAR/15 virus"),
        ("TS=(a NOT b NEAR/2 c)", "a AND NOT (b NEAR/2 c)"),
        ("TS=(rainbow trout fish farm)", "rainbow AND trout AND fish AND farm"),
        ("TS=(rainbow trout OR fish farm)", "(rainbow AND trout) OR (fish AND farm)"),
        ("TS=(Brown NEAR \"spider bite\")", "Brown NEAR/15 \"spider bite\""),
        ("TI=(x AND y) NOT TS=z", "title:(x AND y) AND NOT z"),
        ("TI=a AND TI=b OR TI=c", "(title:a AND title:b) OR title:c"),
    ] {
        assert_eq!(read_as(Wos, query), tree, "{query}");
    }
    assert!(codes_in(Wos, "TS=(Brown NEAR spider bite)").contains(&"near-with-and"));
    assert_eq!(codes_in(Wos, "TS=(a NEAR/3 (b AND c))"), ["near-with-and"]);
}

#[test]
fn fields() {
    for (query, tree) in [
        ("ts = (a) and Ti=b", "a AND title:b"),
        ("AB=a OR AK=b OR KP=c OR ALL=d", "abstract:a OR keywords:b OR keywords:c OR all:d"),
        ("TI=example example2 AND AU=Doe John", "title:(example AND example2) AND author:\"Doe John\""),
        ("TS=x AND CU=(England OR \"North Ireland\")", "x AND affiliation:(England OR \"North Ireland\")"),
        ("TS=x AND PY=2020-2023", "x AND date:2020..2023"),
        ("TS=x AND PY=(2020 OR 2022-2023)", "x AND (date:2020..2020 OR date:2022..2023)"),
        ("TS=x AND DOP=2020-01-05/2020-03-01", "x AND date:2020-01-05..2020-03-01"),
        ("TS=x AND DT=(Article OR Meeting Abstract)", "x AND type:(Article OR \"Meeting Abstract\")"),
        ("TS=x AND WC=(Public Health)", "x AND only.wos:\"WC=(Public Health)\""),
        ("TS=x NOT SU=\"Physics\"", "x AND NOT only.wos:\"SU=\\\"Physics\\\"\""),
        ("TOPIC: (x OR y) AND TITLE: (z)", "(x OR y) AND title:z"),
        ("TS=x\nIndexes=SCI-EXPANDED, SSCI Timespan=1990-2019", "x AND date:1990..2019"),
        ("TS=x\nDocType=All document types; Timespan=All years", "x"),
        ("TI=(a OR TS=b)", "title:(a OR default:b)"),
        ("TS=(neighbo$r* OR wom?n OR *oxide)", "neighbo$r* OR wom?n OR *oxide"),
        ("TS=(p=0.05)", "\"p 0 05\""),
    ] {
        assert_eq!(read_as(Wos, query), tree, "{query}");
    }
}

#[test]
fn faults() {
    for (query, told) in [
        ("test query", &["field-missing", "implied-and"][..]),
        ("(TS=(term1) AND (TS=(term2) OR (term3)))", &["field-missing"]),
        ("TI=(platform* OR \"digital work)", &["unbalanced-quote", "implied-and"]),
        ("TS=(\"a b\" OR c date*\" OR \"e f\")", &["implied-and", "unbalanced-quote"]),
        ("TI=term1 AND \"?\"", &["lone-wildcard", "field-missing"]),
        ("TI=term2!*", &["wildcard-after-mark"]),
        ("TI=te*", &["short-truncation"]),
        ("TI=*te", &["short-truncation"]),
        ("TI=term1 AND PY=20xy", &["malformed-year"]),
        ("PY=200*", &["wildcard-in-year", "years-alone"]),
        ("PY=2001", &["years-alone"]),
        ("IS=1234-567", &["malformed-issn"]),
        ("IS=(1234-5678 OR 978-3-16-148410-0)", &[]),
        ("DO=12.1000/xyz", &["malformed-doi"]),
        ("DO=10.1000/xyz", &[]),
        ("DI=10.1000/xyz123", &["unknown-field"]),
        ("TS='carbon'", &["apostrophes-as-quotes"]),
        ("TS=collaborat\\*", &["stray-backslash"]),
        ("\"term1\" \"term2\"", &["implied-and", "field-missing"]),
        ("TI=term1 au=", &["implied-and", "missing-operand"]),
        ("TS=(a W/3 b)", &["implied-and", "foreign-operator"]),
        ("#1 AND #2", &["unknown-line", "unknown-line"]),
        ("TS=(a1 OR )", &["missing-operand"]),
        ("TS=(a1 AND PY=)", &["missing-operand", "missing-operand"]),
        ("", &["empty-query"]),
    ] {
        assert_eq!(codes_in(Wos, query), told, "{query}");
    }
    let many: Vec<String> = (0..51).map(|number| format!("term{number}")).collect();
    assert_eq!(codes_in(Wos, &format!("ALL=({})", many.join(" OR "))), ["too-many-terms"]);
}

#[test]
fn a_history_of_sets() {
    let history = "#3 #1 AND #2\n#1 TS=(a OR\n  b)\n# 2 TI=c\n#1 NOT #2";
    let parsed = read(history, Wos);
    assert_eq!(parsed.diagnostics, []);
    let lines: Vec<String> = parsed
        .lines
        .iter()
        .map(|line| format!("{} {} <- {}", line.label, line.node.as_ref().unwrap(), &history[line.span.clone()]))
        .collect();
    assert_eq!(
        lines,
        [
            "1 a OR b <- TS=(a OR\n  b)",
            "2 title:c <- TI=c",
            "3 (a OR b) AND title:c <- #1 AND #2",
            "4 (a OR b) AND NOT title:c <- #1 NOT #2"
        ]
    );
    assert_eq!(parsed.tree.unwrap().to_string(), "(a OR b) AND NOT title:c");
    let printed = "# 2\t1,234\t#1 AND TI=y\n# 1\t56\tTOPIC: (x)\n";
    assert_eq!(read_as(Wos, printed), "x AND title:y");
}
