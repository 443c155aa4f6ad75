//! PubMed's syntax, read.

use super::super::{Platform, Severity, detect, read};

/// A query in our own syntax.
fn said(text: &str) -> String {
    let parsed = read(text, Platform::PubMed);
    parsed.tree.map(|tree| tree.to_string()).unwrap_or_default()
}

/// What is told of it, hints apart.
fn told(text: &str) -> Vec<(&'static str, &str)> {
    let parsed = read(text, Platform::PubMed);
    let told = parsed.diagnostics.into_iter().filter(|told| told.severity != Severity::Hint);
    told.map(|told| (told.code, &text[told.start..told.end])).collect()
}

#[test]
fn operators_from_left_to_right() {
    for (query, meant) in [
        ("a[ti] OR b[ti] AND c[ti]", "(title:a OR title:b) AND title:c"),
        ("a[ti] AND b[ti] OR c[ti]", "(title:a AND title:b) OR title:c"),
        ("a[ti] NOT b[ti] OR c[ti]", "(title:a AND NOT title:b) OR title:c"),
        ("a[ti] OR b[ti] NOT c[ti]", "(title:a OR title:b) AND NOT title:c"),
        ("all[sb] NOT a[ti]", "NOT title:a"),
        ("(all[sb] NOT a[ti]) AND b[ti]", "NOT title:a AND title:b"),
    ] {
        assert_eq!(said(query), meant, "{query}");
    }
}

#[test]
fn fields() {
    for (query, meant) in [
        ("\"heart attack\"[Title/Abstract]", "default:\"heart attack\""),
        ("heart attack [tiab]", "default:\"heart attack\""),
        ("“Cell-derived”[TIAB]", "default:\"Cell derived\""),
        ("algorithm*[ab]", "abstract:algorithm*"),
        ("pain[tw] OR pain[ot]", "default:pain OR keywords:pain"),
        ("\"heart attack\"", "all:\"heart attack\""),
        ("interruption of the arch", "all:(interruption AND arch)"),
        ("english[la] AND review[pt]", "language:english AND type:review"),
        ("english[Filter]", "language:english"),
        ("Smith J[au] AND UK[ad] AND Lancet[ta]", "author:\"Smith J\" AND affiliation:UK AND journal:Lancet"),
        ("\"therapeutic use\"[sh] OR aspirin[nm]", "subheading:\"therapeutic use\" OR substance:aspirin"),
        ("123456[pmid]", "identifier:123456"),
        ("10.1000/ab.c[aid]", "only.pubmed:\"10.1000/ab.c[aid]\""),
        ("systematic[sb] AND hasabstract", "only.pubmed:\"systematic[sb]\" AND only.pubmed:\"hasabstract\""),
    ] {
        assert_eq!(said(query), meant, "{query}");
    }
    assert_eq!(told("eHealth[tldr]"), [("unknown-field", "[tldr]")]);
    assert_eq!(told("(a[ti] OR b)[tiab]"), [("field-on-group", ")[tiab]")]);
    assert_eq!(told("wit and humor[tiab]"), []);
}

#[test]
fn headings() {
    for (query, meant) in [
        ("\"Heart Attack\"[Mesh]", "mesh:\"Heart Attack\""),
        ("Infant, Newborn[MeSH Terms]", "mesh:\"Infant, Newborn\""),
        ("Rupture [mh:noexp]", "mesh.only:\"Rupture\""),
        ("\"Sepsis/blood\"[Majr:NoExp]", "mesh.major.only:\"Sepsis/blood\""),
        ("\"Common Bile Duct Calculi \"[MESH]", "mesh:\"Common Bile Duct Calculi\""),
    ] {
        assert_eq!(said(query), meant, "{query}");
    }
}

#[test]
fn dates() {
    for (query, meant) in [
        ("2020:2023[dp]", "date:2020..2023"),
        ("2020[pdat]", "date:2020..2020"),
        ("(\"2020/01/01\"[dp] : \"2023/12/31\"[dp])", "date:2020-01-01..2023-12-31"),
        ("2019/1/1:2024/2/22[Date - Publication]", "date:2019-01-01..2024-02-22"),
        ("\"1995/01/01\"[pdat] : \"3000\"[pdat]", "date:1995-01-01.."),
        ("0001:2000[dp]", "date:..2000"),
        ("1966/01/01:2017/03/30[crdt]", "only.pubmed:\"1966/01/01:2017/03/30[crdt]\""),
        ("\"last 5 years\"[dp]", "only.pubmed:\"\\\"last 5 years\\\"[dp]\""),
    ] {
        assert_eq!(said(query), meant, "{query}");
    }
    assert_eq!(told("2020:2023"), [("field-without-term", "2020:2023")]);
}

#[test]
fn proximity() {
    assert_eq!(said("\"hip pain\"[Title/Abstract:~2]"), "default:(hip NEAR/2 pain)");
    assert_eq!(said("\"hip pain\"[ti:~0]"), "title:(hip NEAR/0 pain)");
    assert_eq!(said("\"a b c\"[tiab:~1]"), "default:((a NEAR/2 b) AND (b NEAR/2 c))");
    assert_eq!(told("\"hip pain*\"[tiab:~2]"), [("wildcard-in-proximity", "\"hip pain*\"")]);
    assert_eq!(told("digital health[tiab:~5]"), [("proximity-unquoted", "digital health")]);
    assert_eq!(told("\"digital health\"[tiab:~0.5]"), [("missing-distance", "[tiab:~0.5]")]);
    assert_eq!(told("\"eHealth\"[tiab:~5]"), [("proximity-of-one", "\"eHealth\"")]);
    assert_eq!(told("\"hip pain\"[tw:~2]"), [("unsupported-proximity", "[tw:~2]")]);
}

#[test]
fn faults() {
    for (query, faults) in [
        ("a[ti] or b[ti]", vec![("operator-in-lower-case", "or")]),
        ("a[ti] not (b[ti])", vec![("operator-in-lower-case", "not")]),
        ("cats or dogs", vec![("operator-in-lower-case", "or")]),
        ("\"eHealth[ti]", vec![("unbalanced-quote", "\"eHealth")]),
        ("eHealth\"[ti]", vec![("unbalanced-quote", "eHealth\"")]),
        ("(a[ti] AND b[ti]", vec![("unbalanced-parenthesis", "(")]),
        ("a[ti] | b[ti]", vec![("operator-sign", "|")]),
        ("(eHealth[Text Word]) Sort by: Publication Date", vec![("unsupported-suffix", " Sort by: Publication Date")]),
        ("AI*[ti]", vec![("short-truncation", "AI*")]),
        ("wom?n[ti]", vec![("foreign-wildcard", "?")]),
        ("(a[ti])(b[ti])", vec![("implied-and", ")(")]),
        ("(infant[ti])* AND b[ti]", vec![("stray-truncation", "*")]),
        ("a[ti] AND #3", vec![("missing-operand", "AND"), ("unknown-line", "#3")]),
        ("a[ti", vec![("unbalanced-bracket", "[")]),
        ("", vec![("empty-query", "")]),
    ] {
        assert_eq!(told(query), faults, "{query}");
    }
    assert_eq!(told("\"a[ti] AND (b[ti] OR c[ti])\"")[0].0, "query-in-quotes");
    assert_eq!(said("\"a[ti] AND b[ti]\""), "title:a AND title:b");
}

#[test]
fn histories() {
    let history = "heart[ti]\nattack[ti]\n\n#1 AND #2";
    let parsed = read(history, Platform::PubMed);
    assert_eq!(parsed.lines.len(), 3);
    assert_eq!(said(history), "title:heart AND title:attack");
    let labelled = "#3 #1 OR #2\n#2 attack[ti]\n#1 heart[ti]\n  OR cardiac[ti]";
    assert_eq!(said(labelled), "(title:heart OR title:cardiac) OR title:attack");
    assert_eq!(told("heart[ti]\n#1 AND #4"), [("missing-operand", "AND"), ("unknown-line", "#4")]);
}

#[test]
fn detected_by_its_tags() {
    assert_eq!(detect("heart[tiab] AND attack [Mesh:NoExp]"), Platform::PubMed);
    assert_eq!(detect("heart AND attack [sic]"), Platform::Gleaner);
}
