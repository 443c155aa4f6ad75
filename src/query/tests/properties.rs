//! What holds for every query and every text.

use proptest::prelude::*;

use super::super::field::{Field, Scope};
use super::super::term::{Joint, Term, Word};
use super::super::tree::{Kind, Node, Tree};
use super::super::{
    Dates, Fields, Heading, Limits, Matcher, Native, Platform, Vocabulary, parse, read, render, render_within,
};
use crate::model::{PartialDate, Truth};

fn node(kind: Kind) -> Node {
    Node::new(kind, 0..0)
}

/// Few letters, so that words meet.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[ab]{4}[cd]{0,2}",
        1 => "[ab]{4}\\*",
        1 => "[ab]{2}[*?$][ab]{0,2}[cd]{0,1}\\*?",
    ]
}

fn term() -> impl Strategy<Value = Node> {
    let joint = prop_oneof![3 => Just(Joint::Space), 1 => Just(Joint::Hyphen), 1 => Just(Joint::Apostrophe)];
    let words = prop::collection::vec((word(), joint), 1..4);
    let one = word().prop_map(|text| vec![(text, Joint::Space)]);
    prop_oneof![2 => one, 1 => words].prop_map(|words| {
        let words = words.into_iter().enumerate();
        let words = words.map(|(at, (text, joint))| Word { text, joint: if at == 0 { Joint::Space } else { joint } });
        node(Kind::Term(Term { words: words.collect() }))
    })
}

fn near(distance: u16, ordered: bool, left: Node, right: Node) -> Node {
    node(Kind::Near { distance, ordered, left: Box::new(left), right: Box::new(right) })
}

fn near_operand() -> impl Strategy<Value = Node> {
    term().prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            3 => prop::collection::vec(inner.clone(), 2..4).prop_map(|nodes| node(Kind::Or(nodes))),
            1 => (0_u16..4, any::<bool>(), inner.clone(), inner)
                .prop_map(|(distance, ordered, left, right)| near(distance, ordered, left, right)),
        ]
    })
}

fn scope() -> impl Strategy<Value = Scope> {
    prop_oneof![
        Just(Scope::of(&[Field::Title])),
        Just(Scope::of(&[Field::Abstract])),
        Just(Scope::of(&[Field::Title, Field::Abstract])),
        Just(Scope::of(&[Field::Keywords])),
        Just(Scope::of(&[Field::Title, Field::Keywords])),
        Just(Scope::Default),
        Just(Scope::All),
        Just(Scope::of(&[Field::Title, Field::FullText])),
        Just(Scope::of(&[Field::Title, Field::Author])),
    ]
}

fn clause() -> impl Strategy<Value = Node> {
    let date =
        || (2019_i32..2024, prop::option::of(1_u32..13)).prop_map(|(year, month)| PartialDate::new(year, month, None));
    let heading = (0_usize..3, "[ab]{4}( [ab]{4})?(/[cd]{2})?", any::<bool>(), any::<bool>());
    let heading = heading.prop_map(|(vocabulary, name, explode, major)| {
        Kind::Heading(Heading { explode, major, ..Heading::new(Vocabulary::ALL[vocabulary], &name).unwrap() })
    });
    let native = "[ -~]{0,6}x[ -~]{0,6}";
    prop_oneof![
        heading,
        (date(), date()).prop_map(|(from, to)| Kind::Dates(Dates { from, to })),
        date().prop_map(|from| Kind::Dates(Dates { from, to: None })),
        native.prop_map(|text| Kind::Native(Native { platform: Platform::Findpapers, text })),
    ]
    .prop_map(node)
}

pub(super) fn tree() -> impl Strategy<Value = Tree> {
    let nears = (0_u16..4, any::<bool>(), near_operand(), near_operand())
        .prop_map(|(distance, ordered, left, right)| near(distance, ordered, left, right));
    let leaf = prop_oneof![8 => term(), 2 => nears, 1 => clause()];
    let nodes = leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            3 => prop::collection::vec(inner.clone(), 2..4).prop_map(|nodes| node(Kind::Or(nodes))),
            3 => prop::collection::vec(inner.clone(), 2..4).prop_map(|nodes| node(Kind::And(nodes))),
            1 => inner.clone().prop_map(|inside| node(Kind::Not(Box::new(inside)))),
            1 => (scope(), inner).prop_map(|(scope, inside)| node(Kind::Limit { scope, node: Box::new(inside) })),
        ]
    });
    nodes.prop_map(|root| Tree { root })
}

fn text() -> impl Strategy<Value = String> {
    let word = ("[ab]{4}[cd]{0,2}", prop_oneof![5 => Just(" "), 1 => Just("-"), 1 => Just("’"), 1 => Just(". ")]);
    prop::collection::vec(word, 0..12)
        .prop_map(|words| words.into_iter().flat_map(|(word, mark)| [word, mark.to_owned()]).collect())
}

fn truth(tree: &Tree, title: Option<&str>, abstract_text: Option<&str>) -> Truth {
    truth_of(tree, title, abstract_text, &[])
}

fn truth_of(tree: &Tree, title: Option<&str>, abstract_text: Option<&str>, dates: &[PartialDate]) -> Truth {
    // A keyword that no term finds: keywords are there, as a platform holds them.
    let keywords = ["other".to_owned()];
    let fields = Fields { title, abstract_text, keywords: Some(&keywords), dates, ..Fields::default() };
    let matcher = Matcher::new(tree);
    let value = matcher.truth(&fields);
    assert_eq!(matcher.evaluate(&fields).value, value);
    value
}

/// A platform's query, read by its own reader; what has none takes gleaner's operators.
fn read_back(platform: Platform, query: &str) -> Tree {
    let platform = if platform.is_read() { platform } else { Platform::Gleaner };
    read(query, platform).sound().unwrap_or_else(|told| panic!("{query}\n{told:?}"))
}

/// Few cases, so that the suite is quick; `PROPTEST_CASES=100000` tries many.
fn config() -> ProptestConfig {
    let usual = if std::env::var_os("PROPTEST_CASES").is_some() { ProptestConfig::default().cases } else { 128 };
    ProptestConfig { cases: usual, failure_persistence: None, ..ProptestConfig::default() }
}

const BOOLEAN: [Platform; 14] = [
    Platform::Ovid,
    Platform::Cochrane,
    Platform::Embase,
    Platform::Scopus,
    Platform::Wos,
    Platform::PubMed,
    Platform::Ebsco,
    Platform::ProQuest,
    Platform::EuropePmc,
    Platform::OpenAlex,
    Platform::Lucene,
    Platform::Doaj,
    Platform::Core,
    Platform::Arxiv,
];

proptest! {
    #![proptest_config(config())]

    #[test]
    fn nothing_makes_the_parser_panic(text in any::<String>()) {
        let _ = parse(&text);
    }

    #[test]
    fn no_syntax_makes_anything_panic(
        text in r#"([ab*?$:()"“”'’#\-\n ]|AND|OR|NOT|and |NEAR/[0-9]{0,4} |title:|é|ﬁ|日){0,40}"#,
        field in any::<String>(),
    ) {
        let parsed = parse(&text);
        for told in &parsed.diagnostics {
            prop_assert!(text.is_char_boundary(told.start) && text.is_char_boundary(told.end), "{told:?}");
        }
        let _ = super::super::show(&text, None, &parsed.diagnostics, true);
        if let Some(tree) = &parsed.tree {
            for platform in Platform::written() {
                let _ = render(tree, platform);
            }
            let found = Matcher::new(tree).evaluate(&Fields { title: Some(&field), ..Fields::default() });
            for hit in found.hits {
                prop_assert!(field.get(hit.start..hit.end).is_some_and(|hit| !hit.is_empty()));
            }
        }
        if let Ok(tree) = parsed.sound() {
            prop_assert_eq!(parse(&tree.to_string()).sound(), Ok(tree));
        }
    }

    #[test]
    fn no_reader_panics(
        text in prop_oneof![
            any::<String>(),
            r#"([ab*?$:()"“”'’#&|~/+^{}.=,\\\-\n \[\]]|AND |OR |NOT |or |abs:|TI=|[0-9]{1,4}|#1|\[tiab\]|\[dp\]|\[Mesh\]|:~2|ANDNOT |ab:\(|TO |TITLE|/|exp |adj2 |W/2 |é|ﬁ|日){0,40}"#,
        ],
    ) {
        for platform in Platform::read() {
            let parsed = read(&text, platform);
            for told in &parsed.diagnostics {
                prop_assert!(text.is_char_boundary(told.start) && text.is_char_boundary(told.end), "{platform} {told:?}");
                prop_assert!(told.start <= told.end && told.end <= text.len(), "{platform} {told:?}");
            }
            prop_assert!(parsed.tree.is_some() || !parsed.diagnostics.is_empty(), "{platform}");
            if let Ok(tree) = parsed.sound() {
                prop_assert_eq!(parse(&tree.to_string()).sound(), Ok(tree), "{}", platform);
            }
        }
    }

    #[test]
    fn printing_and_reading_give_the_same_tree(tree in tree()) {
        let parsed = parse(&tree.to_string());
        prop_assert_eq!(parsed.sound(), Ok(tree));
    }

    /// A field that comes in later turns no definite value round (without full text, which the
    /// default fields may do without).
    #[test]
    fn what_is_definite_stays(tree in tree(), title in text(), abstract_text in text()) {
        let whole = truth(&tree, Some(&title), Some(&abstract_text));
        for partial in [truth(&tree, Some(&title), None), truth(&tree, None, Some(&abstract_text)), truth(&tree, None, None)] {
            prop_assert!(partial == Truth::Unknown || partial == whole, "{partial:?} became {whole:?}: {tree}");
        }
    }

    /// What a platform is asked finds all that the query means, and where it is called exact no more.
    #[test]
    fn no_platform_loses_a_record(
        tree in tree(),
        title in text(),
        abstract_text in text(),
        date in prop::option::of((2018_i32..2025, 1_u32..13, 1_u32..29)),
    ) {
        let date = date.and_then(|(year, month, day)| PartialDate::new(year, Some(month), Some(day)));
        let dates: Vec<PartialDate> = date.into_iter().collect();
        let meant = truth_of(&tree, Some(&title), Some(&abstract_text), &dates);
        for platform in BOOLEAN {
            let rendered = render(&tree, platform);
            let may_lose = rendered.warnings.iter().any(|told| matches!(told.code, "may-lose" | "no-full-text"));
            if rendered.query.is_empty() || may_lose {
                prop_assert!(!rendered.exact);
                continue;
            }
            let found = truth_of(&read_back(platform, &rendered.query), Some(&title), Some(&abstract_text), &dates);
            prop_assert!(meant != Truth::True || found == Truth::True, "{platform} {found:?}: {tree}\n{}", rendered.query);
            if rendered.exact {
                prop_assert!(meant == Truth::Unknown || found == meant, "{platform} {found:?} for {meant:?}: {tree}\n{}", rendered.query);
            }
        }
    }

    #[test]
    fn the_parts_of_a_query_are_the_query(tree in tree(), title in text(), abstract_text in text(), by_bytes in any::<bool>()) {
        let limits = if by_bytes { Limits::bytes(80) } else { Limits { bytes: usize::MAX, operators: Some(2) } };
        for platform in BOOLEAN {
            let whole = render(&tree, platform);
            let parts = render_within(&tree, platform, limits);
            let may_lose = parts.iter().flat_map(|part| &part.warnings).any(|told| matches!(told.code, "may-lose" | "no-full-text"));
            if whole.query.is_empty() || may_lose {
                continue;
            }
            let value = |query: &str| truth(&read_back(platform, query), Some(&title), Some(&abstract_text));
            let union = parts.iter().filter(|part| !part.query.is_empty()).fold(Truth::False, |union, part| union.or(value(&part.query)));
            let queries: Vec<&str> = parts.iter().map(|part| part.query.as_str()).collect();
            let meant = truth(&tree, Some(&title), Some(&abstract_text));
            prop_assert!(meant != Truth::True || union == Truth::True, "{platform} {tree}\n{queries:#?}");
            if whole.exact {
                prop_assert_eq!(union, value(&whole.query), "{} {}\n{:#?}", platform, whole.query, queries);
            }
        }
    }
}
