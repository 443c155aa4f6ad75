//! Ovid's syntax, read.

use super::super::{Parsed, Platform, Severity, parse, read};

fn ovid(text: &str) -> Parsed {
    read(text, Platform::Ovid)
}

/// The tree of a text without errors, in gleaner's own syntax.
fn tree(text: &str) -> String {
    let tree = ovid(text).sound().unwrap_or_else(|told| panic!("{text}: {told:?}"));
    assert_eq!(parse(&tree.to_string()).sound().unwrap_or_else(|told| panic!("{tree}: {told:?}")), tree);
    tree.to_string()
}

/// The codes of everything that is told, errors marked.
fn told(text: &str) -> Vec<String> {
    let mark = |severity| if severity == Severity::Error { "!" } else { "" };
    ovid(text).diagnostics.iter().map(|told| format!("{}{}", mark(told.severity), told.code)).collect()
}

#[test]
fn what_is_said_of_a_line_has_a_place_in_the_text() {
    for text in ["exp \nab:(NOT #1", "1 asthma.ti.\n2 (not 1) adj2 cough.ti.", "1 asthma.ti.\n2 1.ab. and cough.ti."] {
        for told in ovid(text).diagnostics {
            assert!(told.start <= told.end && told.end <= text.len(), "{text}: {told:?}");
        }
    }
}

#[test]
fn words_fields_and_wildcards() {
    for (text, read) in [
        ("heart attack.ti,ab.", "title,abstract:\"heart attack\""),
        ("heart attack.mp.", "\"heart attack\""),
        ("heart attack", "\"heart attack\""),
        ("(heart or stroke*).tw,kf.", "heart OR stroke*"),
        ("asthma.ti,ab", "title,abstract:asthma"),
        ("asthma .TI, AB .", "title,abstract:asthma"),
        ("(asthma or copd). tw.", "title,abstract:(asthma OR copd)"),
        ("(asthma.mp. or copd).ti.", "title:(default:asthma OR copd)"),
        ("asthma.mp. [mp=title, abstract (x), heading word]", "asthma"),
        ("asthma.af.", "all:asthma"),
        ("smith j.au.", "author:\"smith j\""),
        ("wales.in.", "affiliation:wales"),
        ("drug therapy.fs. or dt.fs.", "subheading:\"drug therapy\" OR subheading:\"drug therapy\""),
        ("organi#ation*.ti.", "title:organi?ation*"),
        ("p?ediatric$.ti.", "title:p$ediatric*"),
        ("council*1.ti.", "title:council$"),
        ("gene$2.ti.", "title:gene$$"),
        ("sensitiv:.mp.", "sensitiv*"),
        ("IL*6a.ti.", "title:IL*6a"),
        ("co-operat*.ti.", "title:\"co operat*\""),
        ("women’s health.ti.", "title:\"women s health\""),
        ("“HbA(1c)” or \"and/or\".ti.", "\"HbA 1c\" OR title:\"and or\""),
        ("SPECT/CT.ti.", "title:\"SPECT CT\""),
        ("e.coli.ti.", "title:\"e coli\""),
        ("2012.yr.", "date:2012..2012"),
        ("(2012).yr.", "date:2012..2012"),
        ("(dt).fs.", "subheading:\"drug therapy\""),
        ("(2012 or 201*).yr.", "date:2012..2012 OR date:2010..2019"),
        ("2000:2010.(sa_year).", "date:2000..2010"),
        ("(2012* or 2013*).ed.", "only.ovid:\"(2012* or 2013*).ed.\""),
        ("pain.ti,cm.", "title:pain OR only.ovid:\"pain.ti,cm.\""),
        ("12345678.ui.", "identifier:12345678"),
        ("pain.ab. /freq=3", "abstract:pain AND only.ovid:\"pain.ab. /freq=3\""),
    ] {
        assert_eq!(tree(text), read, "{text}");
    }
}

#[test]
fn headings() {
    for (text, read) in [
        ("Asthma/", "mesh.only:\"Asthma\""),
        ("exp Asthma/", "mesh:\"Asthma\""),
        ("*Asthma/", "mesh.major.only:\"Asthma\""),
        ("EXP *Asthma/", "mesh.major:\"Asthma\""),
        ("exp \"Wounds and Injuries\"/", "mesh:\"Wounds and Injuries\""),
        ("Stroke/th, dt [Therapy, Drug Therapy]", "mesh.only:\"Stroke/therapy/drug therapy\""),
        ("exp *Stroke/di or Aged/", "mesh.major:\"Stroke/diagnosis\" OR mesh.only:\"Aged\""),
        ("Oscillometry/ [Methods]", "mesh.only:\"Oscillometry\""),
        ("exp Stroke/cb", "mesh:\"Stroke/cb\""),
        (
            "(animals not (humans and animals)).sh.",
            "mesh.only:\"animals\" AND NOT (mesh.only:\"humans\" AND mesh.only:\"animals\")",
        ),
        ("(humans).sh.", "mesh.only:\"humans\""),
        ("humans.sh,ti.", "title:humans OR mesh.only:\"humans\""),
        ("exp animals/ not humans.sh.", "mesh:\"animals\" AND NOT mesh.only:\"humans\""),
        ("psoria$.ti. or exp PSORIASIS/", "title:psoria* OR mesh:\"PSORIASIS\""),
        ("Database: Embase <1974 to now>\n1  exp asthma/\n2  1 or wheez*.ti.", "emtree:\"asthma\" OR title:wheez*"),
    ] {
        assert_eq!(tree(text), read, "{text}");
    }
}

#[test]
fn operators() {
    for (text, read) in [
        ("a1 adj b1 adj c1*", "\"a1 b1 c1*\""),
        ("a1 ADJ1 b1", "a1 NEAR/0 b1"),
        ("(a1 adj3 (b1 or c1 d1)).ti.", "title:(a1 NEAR/2 (b1 OR \"c1 d1\"))"),
        ("a1 adj3 b1.ti.", "title:(a1 NEAR/2 b1)"),
        ("a1.ti. adj3 b1.ti.", "title:(a1 NEAR/2 b1)"),
        ("a1 adj2 b1 adj2 c1", "(a1 NEAR/1 b1) NEAR/1 c1"),
        ("a1 or b1 and c1", "a1 OR (b1 AND c1)"),
        ("a1 not b1 or c1", "(a1 AND NOT b1) OR c1"),
        ("a1 or( b1 )", "a1 OR b1"),
        ("a1 (b1 or c1)", "a1 PRE/0 (b1 OR c1)"),
    ] {
        assert_eq!(tree(text), read, "{text}");
    }
    assert_eq!(told("a1 or b1 and c1"), ["mixed-precedence"]);
    assert_eq!(told("a1 adj0 b1"), ["!distance-too-large"]);
    assert_eq!(told("a1 w/3 b1"), ["foreign-operator"]);
    assert_eq!(told("a1[tiab]"), ["!foreign-field"]);
    assert_eq!(told("exp a1"), ["exp-without-heading"]);
    assert_eq!(told("a1.zz. or b1.ti,zz."), ["!unknown-field", "!unknown-field"]);
    assert_eq!(tree("substance use disorder"), "\"substance use disorder\"");
    assert_eq!(told("\"a1"), ["!unbalanced-quote"]);
    assert_eq!(told(".ti."), ["!missing-operand"]);
    assert_eq!(told(""), ["!empty-query"]);
    assert_eq!(told("1 and 2"), ["!unknown-line", "!unknown-line"]);
}

const STRATEGY: &str = "1. exp Asthma/\n2. wheez*.ti,ab.\n3. or/1-2\n4. (child* or infan*).ti,ab.\n5. 3 and 4\n6. limit 5 to (english language and yr=\"2000 - 2010\" and humans)";
const MEANT: &str = "((mesh:\"Asthma\" OR title,abstract:wheez*) AND title,abstract:(child* OR infan*)) AND language:english AND date:2000..2010 AND mesh.only:\"Humans\"";

#[test]
fn a_strategy_however_it_was_pasted() {
    assert_eq!(tree(STRATEGY), MEANT);
    let bare: Vec<&str> = STRATEGY.lines().map(|line| &line[3..]).collect();
    let numbered = |line: &dyn Fn(usize, &str) -> String, parted: &str| {
        bare.iter().enumerate().map(|(at, text)| line(at + 1, text)).collect::<Vec<_>>().join(parted)
    };
    let variants = [
        ("no labels", bare.join("\n")),
        ("blank lines", bare.join("\n\n\n")),
        ("carriage returns", bare.join("\r\n")),
        ("bare labels", numbered(&|at, text| format!("{at}  {text}"), "\n")),
        ("signs", numbered(&|at, text| format!("#{at} {text}"), "\n")),
        ("one line", numbered(&|at, text| format!("{at}. {text}"), " ")),
        ("one line, bare labels", numbered(&|at, text| format!("{at} {text}"), " ")),
        ("results behind", numbered(&|at, text| format!("{at}. {text} ({at}12)"), "\n")),
        ("results behind, bare", numbered(&|at, text| format!("{at} {text} {at},012"), "\n")),
        ("a table", format!("#\tSearches\tResults\n{}", numbered(&|at, text| format!("{at}\t{text}\t{at}12"), "\n"))),
        ("a table with a type", numbered(&|at, text| format!("{at}\t{text}\t{at}12\tAdvanced"), "\n")),
        ("results before", numbered(&|at, text| format!("{at}.\t{at}12\t{text}"), "\n")),
        ("wrapped", STRATEGY.replace(" and ", "\n   and ").replace(" or ", " or\n   ")),
        (
            "saved",
            format!(
                "Database: Ovid MEDLINE(R) <1946 to now>\nSearch Strategy:\n--------\n{STRATEGY}\n\n***************\n"
            ),
        ),
    ];
    for (name, text) in variants {
        assert_eq!(tree(&text), MEANT, "{name}: {text}");
        assert_eq!(ovid(&text).lines.len(), 6, "{name}");
    }
    // What looks like a header may be a search.
    assert_eq!(ovid("search strategy*.ti.\nset search*.ti.\nsearch results.ti.\nor/1-3").lines.len(), 4);
    let parsed = ovid(STRATEGY);
    assert_eq!(parsed.diagnostics, []);
    let third = &parsed.lines[2];
    assert_eq!((third.label.as_str(), &STRATEGY[third.span.clone()]), ("3", "or/1-2"));
}

#[test]
fn one_query_on_several_lines_is_no_strategy() {
    let parsed = ovid("(asthma or\nwheez*).ti,ab.\nand child*.ti.");
    assert_eq!(parsed.lines.len(), 0);
    assert_eq!(parsed.sound().unwrap().to_string(), "title,abstract:(asthma OR wheez*) AND title:child*");
    let parsed = ovid("asthma.ti.\nwheez*.ti.");
    assert_eq!(parsed.lines.len(), 2);
    assert_eq!(told("asthma.ti.\nwheez*.ti."), ["orphan-line"]);
}

#[test]
fn references() {
    let lines = |last: &str| format!("a1.ti.\nb1.ti.\nc1.ti.\nd1.ti.\n{last}");
    for (last, read) in [
        ("or/1-2,4", "title:a1 OR title:b1 OR title:d1"),
        ("and/1,3 or 4", "(title:a1 AND title:c1) OR title:d1"),
        ("OR/ 1 - 2", "title:a1 OR title:b1"),
        ("1 and (2 or 3)", "title:a1 AND (title:b1 OR title:c1)"),
        ("#1 OR #2", "title:a1 OR title:b1"),
        ("1 or e1.ab.", "title:a1 OR abstract:e1"),
        ("1.ab.", "abstract:a1"),
        ("(pp 14 or 14).ab.", "abstract:(\"pp 14\" OR 14)"),
        ("limit 1 to (danish or english)", "title:a1 AND (language:danish OR language:english)"),
        (
            "limit 1 to \"qualitative (best balance)\"",
            "title:a1 AND only.ovid:\"limit to \\\"qualitative (best balance)\\\"\"",
        ),
        ("limit 1 to yr=\"2007 -Current\"", "title:a1 AND date:2007.."),
        ("limit 1 to review", "title:a1 AND type:review"),
        ("..l/1 yr=2000-2001", "title:a1 AND date:2000..2001"),
        ("remove duplicates from 3", "title:c1"),
        ("3 use medall", "title:c1 AND only.ovid:\"use medall\""),
    ] {
        assert_eq!(tree(&lines(last)), read, "{last}");
    }
    let all = |last: &str| {
        let errors = ovid(&lines(last)).diagnostics.into_iter().filter(|told| told.severity == Severity::Error);
        errors.map(|told| (told.code, lines(last)[told.start..told.end].to_owned())).collect::<Vec<_>>()
    };
    assert_eq!(all("1 and 9"), [("unknown-line", "9".to_owned())]);
    assert_eq!(all("or/1-9"), [("unknown-line", "1-9".to_owned())]);
    assert_eq!(all("1 and 5"), [("line-not-yet-run", "5".to_owned())]);
    assert_eq!(all("1 and 6\n5 or 1"), [("line-not-yet-run", "6".to_owned())]);
    assert_eq!(told("a1.ti.\nb1.ti.\n2 or c1.ti."), ["orphan-line"]);
    assert_eq!(told("a1.ti.\nb1.ti.\nor/2-1"), ["reversed-range"]);
}

#[test]
fn lines_that_double_do_not_fill_the_memory() {
    let mut text = "a1 or b1\n1 or 1\n".to_owned();
    for line in 2..200 {
        text.push_str(&format!("{line} or {line}\n"));
    }
    assert!(told(&text).iter().any(|code| code == "!too-large"));
    let mut text = "a1\n".to_owned();
    for line in 2..3_000 {
        text.push_str(&format!("or/1-{}\n", line - 1));
    }
    assert!(told(&text).iter().any(|code| code == "!too-large"));
}
