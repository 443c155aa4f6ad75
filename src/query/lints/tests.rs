//! The lints as a whole.

use proptest::prelude::*;

use super::registry::{self, Stage};
use super::{Linted, Setting, lint, repair, same_meaning};
use crate::query::{Platform, Severity, parse, read, render, show};

fn codes(text: &str, platform: Platform) -> Vec<&'static str> {
    lint(text, platform, Setting::default()).diagnostics.iter().map(|told| told.code).collect()
}

/// What a person reads.
fn shown(text: &str, platform: Platform) -> String {
    show(text, None, &lint(text, platform, Setting::default()).diagnostics, false)
}

#[test]
fn every_example_is_told_and_its_better_form_is_not() {
    let mut wrong = Vec::new();
    for stage in [Stage::Reading, Stage::Lint] {
        for code in stage.codes().into_iter().filter(|code| !code.example.is_empty() && code.platform.is_read()) {
            // Told of a setting, not of the text; and examples that are cut short.
            if code.code == "field-outside-query" || code.example.contains("… OR") {
                continue;
            }
            let told = codes(code.example, code.platform);
            if !told.contains(&code.code) {
                wrong.push(format!("{}: {} is told as {told:?}", code.code, code.example));
            }
            if let Some(better) = code.better {
                let linted = lint(better, code.platform, Setting::default());
                let again = linted.diagnostics.iter().any(|told| told.code == code.code);
                let errors = linted.diagnostics.iter().any(|told| told.severity == Severity::Error);
                if again || errors {
                    wrong.push(format!("{}: {better}: {:?}", code.code, linted.diagnostics));
                }
            }
        }
    }
    for code in Stage::Writing.codes().into_iter().filter(|code| !code.example.is_empty()) {
        let tree = parse(code.example).sound().unwrap();
        let told = render(&tree, code.platform).warnings;
        let told: Vec<&str> = told.iter().map(|told| told.code).collect();
        if !told.contains(&code.code) {
            wrong.push(format!("{}: {} is told as {told:?}", code.code, code.example));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn codes_are_there_once_a_stage_and_in_kebab_case() {
    for stage in Stage::ALL {
        let mut seen = std::collections::HashSet::new();
        for code in stage.codes() {
            assert!(seen.insert(code.code), "{} twice", code.code);
            assert!(code.code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{}", code.code);
            assert!(!code.title.ends_with('.') && code.text.ends_with('.'), "{}", code.code);
        }
    }
    assert!(registry::find("repeated-term").is_some() && registry::find("no-such-code").is_none());
}

#[test]
fn fixes_that_are_promised_are_there() {
    for code in Stage::Lint.codes().into_iter().filter(|code| code.fix && code.platform.is_read()) {
        let linted = lint(code.example, code.platform, Setting::default());
        let told = linted.diagnostics.iter().find(|told| told.code == code.code);
        assert!(told.is_some_and(|told| told.fix.is_some()), "{}: {told:?}", code.code);
    }
}

#[test]
fn what_is_told_as_it_is_shown() {
    let query =
        "(behaviour OR thorac* OR thoracic OR (lung OR thorac*)) AND title:(care OR \"day care\")\nNOT title:animal*";
    insta::assert_snapshot!("lints", shown(query, Platform::Gleaner));
}

#[test]
fn fixing_until_nothing_is_left() {
    let fixed = |text: &str, all| {
        let repaired = repair(text, Platform::Gleaner, Setting::default(), all);
        (repaired.text, repaired.fixes)
    };
    assert_eq!(fixed("((a OR (b OR (c OR a))))", false), ("(b OR c OR a)".to_owned(), 4));
    assert_eq!(fixed("cats or dogs", false), ("cats OR dogs".to_owned(), 1));
    assert_eq!(fixed("behaviour AND x", false), ("behaviour AND x".to_owned(), 0));
    assert_eq!(fixed("title:behaviour AND x", true).0, "(title:behaviour OR title:behavior) AND x");
    assert_eq!(fixed("(health* OR healthy) AND x", true).0, "(health*) AND x");
    assert_eq!(fixed("(a OR", false), ("(a OR".to_owned(), 0));
    // The operator would be told of again and again.
    assert_eq!(repair("NOT)x", Platform::Scopus, Setting::default(), false).fixes, 0);
}

#[test]
fn nothing_is_said_of_a_careful_query() {
    for query in [
        "\"multi-sector*\" AND \"well-being\"",
        "(behavio$r OR colour OR color) AND council*",
        "wellbeing NOT (mesh:\"Animals\" NOT mesh:\"Humans\")",
        "title:((child OR children) NEAR/3 (care OR nursing))",
        "(asthma OR wheez*) AND journal:(Lancet OR Thorax)",
    ] {
        assert_eq!(codes(query, Platform::Gleaner), [] as [&str; 0], "{query}");
    }
}

#[test]
fn a_huge_query_is_looked_at_in_time() {
    let words: Vec<String> = (0..20_000).map(|number| format!("word{number}")).collect();
    let Linted { diagnostics, .. } = lint(&words.join(" OR "), Platform::Gleaner, Setting::default());
    assert_eq!(diagnostics, []);
    let nested = format!("{}a OR b{}", "(a OR ".repeat(150), ")".repeat(150));
    let _ = lint(&nested, Platform::Gleaner, Setting::default());
}

/// Queries as people write them, wrong and right.
fn text() -> impl Strategy<Value = String> {
    r#"([abc]{1,2}[*?$]?|"[ab]{1,3} [ab]{1,3}\*?"|\(|\)|AND|OR|NOT|or|and|NEAR/2|title:|behaviour|organis\*|, |\||'a b'|\[ti\]|TS=|\.ti\.|\\\*|“a b”){1,14}"#
        .prop_map(|text| text.replace(")(", ") (").replace("OR", " OR ").replace("AND", " AND "))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// A fix that is called safe leaves the tree as it is; fixing comes to an end; all places are
    /// within the text.
    #[test]
    fn safe_fixes_keep_the_meaning(text in text(), at in 0_usize..30) {
        let read_ones: Vec<Platform> = Platform::read().collect();
        let platform = read_ones[at % read_ones.len()];
        let linted = lint(&text, platform, Setting::default());
        for told in &linted.diagnostics {
            prop_assert!(text.get(told.start..told.end).is_some(), "{told:?}");
            if let Some(fix) = told.fix.as_ref().filter(|fix| fix.safe) {
                let mended = format!("{}{}{}", &text[..fix.start], fix.text, &text[fix.end..]);
                let (before, after) = (read(&text, platform).tree.unwrap(), read(&mended, platform).tree.unwrap());
                prop_assert!(same_meaning(&before, &after), "{platform} {}: {text} became {mended}", told.code);
            }
        }
        let repaired = repair(&text, platform, Setting::default(), false);
        match (read(&text, platform).tree, read(&repaired.text, platform).tree) {
            (Some(before), Some(after)) => prop_assert!(same_meaning(&before, &after), "{text} became {}", repaired.text),
            (before, after) => prop_assert!(before.is_none() && after.is_none(), "{text} became {}", repaired.text),
        }
        prop_assert_eq!(repair(&repaired.text, platform, Setting::default(), false).fixes, 0, "{}", repaired.text);
        let _ = repair(&text, platform, Setting::default(), true);
    }

    #[test]
    fn no_text_makes_a_lint_panic(text in any::<String>(), at in 0_usize..30) {
        let platform = Platform::ALL[at % Platform::ALL.len()];
        let _ = lint(&text, platform, Setting::default());
    }
}
