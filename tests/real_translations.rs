//! What other tools and tables say of the same query on several platforms, beside what is said here.
//!
//! Every case is equal, equivalent (the same tree when our reader reads it back), or differs in a way
//! that docs/query-differences.md explains. A kind of difference is a change of both trees that makes
//! them equal, and where it may be made; what no such changes explain fails.

mod support;
#[path = "support/trees.rs"]
mod trees;

use std::collections::{BTreeMap, BTreeSet};

use gleaner::query::{Platform, read, render};
use serde_json::Value;
use trees::Plain;

/// A query, the same elsewhere, and whose these are.
struct Case {
    name: String,
    from: Platform,
    query: String,
    to: Platform,
    expected: String,
}

/// A kind of difference between what others write and what is written here.
struct Difference {
    /// Its heading in docs/query-differences.md.
    name: &'static str,
    /// Where it may be.
    holds: fn(&Case) -> bool,
    /// What is left when it is taken away.
    change: fn(Plain) -> Plain,
}

const DIFFERENCES: &[Difference] = &[
    Difference { name: "adjacency-counted-otherwise", holds: counts_the_next_word, change: without_distance },
    Difference {
        name: "proximity-kept",
        holds: |case| case.to == Platform::PubMed,
        change: |part| match part {
            Plain::Near { left, right, .. } => Plain::and(vec![*left, *right]),
            other => other,
        },
    },
    Difference {
        name: "ampersand-in-subheadings",
        holds: |case| case.query.contains('&'),
        change: |part| match part {
            Plain::Term { text, fields } => Plain::Term { text: text.replace(" and ", " "), fields },
            other => other,
        },
    },
    Difference { name: "topic-fields", holds: |_| true, change: topic_as_one },
    Difference {
        name: "field-left-out",
        holds: |case| !case.expected.contains(['[', '=', ':', '.', '(']),
        change: |part| match part {
            Plain::Term { text, .. } => Plain::Term { text, fields: String::new() },
            other => other,
        },
    },
    Difference {
        name: "all-fields",
        holds: |case| ["ALL=", "ALL(", "NOFT("].iter().any(|all| case.expected.starts_with(all)),
        change: |part| match part {
            Plain::Term { text, .. } => Plain::Term { text, fields: String::new() },
            Plain::Heading { name, .. } => Plain::Term { text: name, fields: String::new() },
            other => other,
        },
    },
    Difference {
        name: "heading-in-another-vocabulary",
        holds: |_| true,
        change: |part| match part {
            Plain::Heading { name, .. } => Plain::Term { text: name, fields: String::new() },
            Plain::Term { text, fields } if fields == "keywords" || fields == "subheading" => {
                Plain::Term { text, fields: String::new() }
            }
            other => other,
        },
    },
    Difference {
        name: "substances-as-keywords",
        holds: |case| ["MW ", ".hw.", ":kw"].iter().any(|field| case.expected.contains(field)),
        change: |part| match part {
            Plain::Term { text, fields } if fields == "keywords" || fields == "substance" => {
                Plain::Term { text, fields: "substance".to_owned() }
            }
            other => other,
        },
    },
    Difference {
        name: "wildcards-widened",
        holds: |_| true,
        change: |part| match part {
            Plain::Term { text, fields } => {
                let end = text.find(['*', '?', '$', '#']);
                Plain::Term { text: end.map_or(text.clone(), |end| format!("{}*", &text[..end])), fields }
            }
            other => other,
        },
    },
    Difference {
        name: "words-without-quotes",
        holds: |_| true,
        change: |part| match part {
            Plain::Term { text, fields } if text.contains(' ') => {
                let word = |text: &str| Plain::Term { text: text.to_owned(), fields: fields.clone() };
                Plain::and(text.split(' ').map(word).collect())
            }
            other => other,
        },
    },
];

/// Ovid and Embase.com count the next word as one.
fn counts_the_next_word(case: &Case) -> bool {
    [case.from, case.to].iter().any(|platform| matches!(platform, Platform::Ovid | Platform::Embase))
}

fn without_distance(part: Plain) -> Plain {
    match part {
        Plain::Near { ordered, left, right, .. } => Plain::near(0, ordered, *left, *right),
        other => other,
    }
}

/// Title and abstract, with or without keywords or a full text: platforms draw the line in different places.
fn topic_as_one(part: Plain) -> Plain {
    let text_of = |part: &Plain| match part {
        Plain::Term { text, .. } => Some(text.clone()),
        _ => None,
    };
    match part {
        Plain::Or(parts) => {
            let fields_of = |part: &Plain| match part {
                Plain::Term { fields, .. } => fields.clone(),
                _ => String::new(),
            };
            let texts: BTreeSet<String> = parts.iter().filter_map(text_of).collect();
            let mut kept: Vec<Plain> = parts.iter().filter(|part| text_of(part).is_none()).cloned().collect();
            for text in texts {
                let of_text = parts.iter().filter(|part| text_of(part).as_ref() == Some(&text));
                let fields: BTreeSet<String> = of_text.map(fields_of).collect();
                let is_topic = ["title", "abstract"].iter().all(|field| fields.contains(*field));
                if is_topic || fields.contains("topic") || fields.contains("all") {
                    kept.push(Plain::Term { text, fields: "topic".to_owned() });
                } else {
                    let one = |fields: String| Plain::Term { text: text.clone(), fields };
                    kept.extend(fields.into_iter().map(one));
                }
            }
            Plain::or(kept)
        }
        Plain::Term { text, fields } if fields == "all" => Plain::Term { text, fields: "topic".to_owned() },
        other => other,
    }
}

/// How a case came out.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Equal,
    Equivalent,
    Explained(Vec<&'static str>),
    Unexplained(String),
}

/// The text without what white space and outer parentheses add.
fn squeezed(text: &str) -> String {
    let mut text = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    while text.starts_with('(') && text.ends_with(')') && !text[1..text.len() - 1].contains(['(', ')']) {
        text = text[1..text.len() - 1].trim().to_owned();
    }
    text
}

fn judge(case: &Case) -> Outcome {
    // Not a query of any platform.
    for (name, holds) in WHOLE {
        if holds(case) {
            return Outcome::Explained(vec![name]);
        }
    }
    let source = read(&case.query, case.from);
    let Some(tree) = source.tree else {
        let codes: Vec<&str> = source.diagnostics.iter().map(|told| told.code).collect();
        return Outcome::Unexplained(format!("not read: {codes:?}"));
    };
    let rendered = render(&tree, case.to);
    if Plain::of(&tree).holds_native() && rendered.warnings.iter().any(|told| told.code == "native-clause") {
        return Outcome::Explained(vec!["no-such-field"]);
    }
    if squeezed(&rendered.query) == squeezed(&case.expected) {
        return Outcome::Equal;
    }
    let Some(theirs) = read(&case.expected, case.to).tree.map(|tree| Plain::of(&tree)) else {
        return Outcome::Unexplained("what they expect is not read".to_owned());
    };
    let ours = read(&rendered.query, case.to).tree.map(|tree| Plain::of(&tree));
    let candidates: Vec<Plain> = ours.into_iter().chain([Plain::of(&tree)]).collect();
    if candidates.contains(&theirs) {
        return Outcome::Equivalent;
    }
    // The fewest kinds that explain it.
    let mut sets: Vec<u32> = (1..1 << DIFFERENCES.len()).collect();
    sets.sort_by_key(|set| (set.count_ones(), *set));
    for set in sets.into_iter().filter(|set| set.count_ones() <= 3) {
        let chosen: Vec<&Difference> =
            DIFFERENCES.iter().enumerate().filter(|(at, _)| set >> at & 1 == 1).map(|(_, kind)| kind).collect();
        if !chosen.iter().all(|kind| (kind.holds)(case)) {
            continue;
        }
        let changed = |plain: &Plain| {
            // Twice, since one change may make room for another.
            let once = |plain: Plain| chosen.iter().fold(plain, |plain, kind| plain.map(&kind.change));
            once(once(plain.clone()))
        };
        let theirs = changed(&theirs);
        if candidates.iter().any(|ours| changed(ours) == theirs) {
            return Outcome::Explained(chosen.iter().map(|kind| kind.name).collect());
        }
    }
    Outcome::Unexplained(format!("ours {}\n      read as {:?}\n      theirs {theirs:?}", rendered.query, candidates[0]))
}

/// Kinds that are of a whole case.
type WholeKind = (&'static str, fn(&Case) -> bool);
const WHOLE: &[WholeKind] = &[
    ("templates", |case| case.query.starts_with('<')),
    ("lines-kept-as-lines", |case| {
        let is_reference = |text: &str| text.trim_start_matches(['#', 'S']).starts_with(|c: char| c.is_ascii_digit());
        case.expected.contains("<br/>") || case.query.contains('\n') || case.expected.split(" OR ").all(is_reference)
    }),
    ("operators-alone", |case| case.name.starts_with("searchCommands")),
    ("slips", |case| {
        // `CHEM(term)` for `Test`; Web of Science's OG is an organisation, and GP a group of authors.
        // `AB` for the authors' keywords; `ST` is no tag of EBSCOhost's.
        match case.expected.as_str() {
            "CHEM(term)" => !case.query.contains("term"),
            "(AB Test)" => case.query == "Test[ot]",
            expected => expected.starts_with("OG=") || expected.contains("ST Test"),
        }
    }),
    ("no-platforms-syntax", |case| case.query.contains("NEAR3")),
    ("question-mark-at-the-end", |case| case.to == Platform::Ebsco && case.expected.ends_with('?')),
    ("journal-without-numbers", |case| case.name.contains("Journal title, abbreviation or ISSN")),
];

fn cases(name: &str) -> Vec<Value> {
    let Some(path) = support::real_data(&format!("query/{name}")) else { return Vec::new() };
    serde_json::from_slice(&std::fs::read(path).expect("readable")).expect("JSON")
}

/// The platform that a table's column stands for; `None` if it is not written here.
fn platform(engine: &str) -> Option<Platform> {
    let platform = match engine {
        "PubMed abbreviation" => Platform::PubMed,
        "Ovid MEDLINE" | "PsycInfo (Ovid)" => Platform::Ovid,
        "Cochrane Library" => Platform::Cochrane,
        "Embase (Elsevier)" => Platform::Embase,
        "CINAHL (Ebsco)" | "PsycInfo (Ebsco)" | "Business Source Ultimate" => Platform::Ebsco,
        "Web of Science" | "WoS Advanced" => Platform::Wos,
        "Scopus (advanced search)" => Platform::Scopus,
        "ProQuest Health and Medical" => Platform::ProQuest,
        _ => return None,
    };
    (platform.is_written() && platform.is_read()).then_some(platform)
}

/// The platform of a query that its case does not name: what only Ovid writes, else PubMed.
fn by_its_signs(query: &str) -> Platform {
    let is_ovid = query.contains(['#', '$', '?']) || query.contains("exp ") || query.ends_with('/');
    if is_ovid { Platform::Ovid } else { Platform::PubMed }
}

/// Judges all cases, tells how they came out, and fails on one that nothing explains.
fn judge_all(title: &str, cases: &[Case]) {
    let mut outcomes: BTreeMap<String, usize> = BTreeMap::new();
    let mut unexplained = Vec::new();
    for case in cases {
        let outcome = judge(case);
        let name = match &outcome {
            Outcome::Equal => "equal".to_owned(),
            Outcome::Equivalent => "equivalent".to_owned(),
            Outcome::Explained(kinds) => kinds.join(" + "),
            Outcome::Unexplained(why) => {
                let Case { name, from, query, to, expected } = case;
                unexplained.push(format!("{name}: {from} {query:?}\n   to {to} {expected:?}\n      {why}"));
                "unexplained".to_owned()
            }
        };
        *outcomes.entry(name).or_default() += 1;
    }
    println!("{title}: {} cases, {outcomes:#?}", cases.len());
    assert!(unexplained.is_empty(), "{} unexplained:\n{}", unexplained.len(), unexplained.join("\n"));
}

#[test]
fn translations_of_another_tool() {
    let mut all = Vec::new();
    for case in cases("translate_cases.json") {
        let text = |key: &str| case[key].as_str().unwrap_or_default().to_owned();
        if case["passes_upstream"] != Value::Bool(true) {
            continue;
        }
        let Some(to) = platform(&text("target_engine")) else { continue };
        let suite = text("suite").to_lowercase();
        let from = if suite.contains("(pubmed") {
            Platform::PubMed
        } else if text("query").contains("NEAR/") {
            Platform::Wos
        } else if suite.contains("ovid") || suite.contains("adj") {
            Platform::Ovid
        } else {
            by_its_signs(&text("query"))
        };
        if !from.is_read() {
            continue;
        }
        all.push(Case { name: text("suite"), from, query: text("query"), to, expected: text("expected") });
    }
    judge_all("translations", &all);
}

#[test]
fn platforms_side_by_side() {
    const COLUMNS: [&str; 8] = [
        "PubMed abbreviation",
        "Ovid MEDLINE",
        "Cochrane Library",
        "Embase (Elsevier)",
        "CINAHL (Ebsco)",
        "WoS Advanced",
        "Scopus (advanced search)",
        "ProQuest Health and Medical",
    ];
    let mut all = Vec::new();
    for row in cases("platform_equivalents.json") {
        let said: Vec<(Platform, String)> = COLUMNS
            .iter()
            .filter_map(|column| Some((platform(column)?, row[*column].as_str()?.trim().to_owned())))
            .filter(|(_, text)| !text.is_empty())
            .collect();
        let Some((from, query)) = said.first().cloned() else { continue };
        let name = format!("{}: {}", row["sheet"].as_str().unwrap_or(""), row["Explanation"].as_str().unwrap_or(""));
        for (to, expected) in said.into_iter().skip(1) {
            all.push(Case { name: name.clone(), from, query: query.clone(), to, expected });
        }
    }
    judge_all("platforms side by side", &all);
}

/// A tree as search-query prints it: `AND[TI=][a, OR[b[AB], c]]`.
#[derive(Debug)]
struct Printed {
    name: String,
    fields: String,
    parts: Vec<Printed>,
}

impl Printed {
    /// Reads one tree, and gives what stands after it.
    fn read(text: &str) -> (Self, &str) {
        let text = text.trim_start();
        // A leaf in quotes may hold anything.
        let from = text.strip_prefix('"').and_then(|rest| rest.find('"')).map_or(0, |end| end + 2);
        let end = text[from..].find(['[', ']', ',']).map_or(text.len(), |end| from + end);
        let mut printed = Self { name: text[..end].trim().to_owned(), fields: String::new(), parts: Vec::new() };
        let mut rest = &text[end..];
        while rest.starts_with('[') {
            let mut depth = 0;
            let close = rest.char_indices().find_map(|(at, c)| {
                depth += i32::from(c == '[') - i32::from(c == ']');
                (depth == 0).then_some(at)
            });
            let (inside, after) = (&rest[1..close.expect("closed")], &rest[close.expect("closed") + 1..]);
            let is_operator = ["AND", "OR", "NOT", "NEAR", "WITHIN", "RANGE"];
            let operator = is_operator.iter().any(|name| printed.name.split('/').next() == Some(name));
            if operator && !after.starts_with('[') {
                let mut left = inside;
                while !left.trim().is_empty() {
                    let (part, after) = Self::read(left.trim_start_matches([',', ' ']));
                    printed.parts.push(part);
                    left = after;
                }
            } else {
                printed.fields = inside.trim_matches(['[', ']']).to_owned();
            }
            rest = after;
        }
        (printed, rest)
    }

    /// The same in a platform's syntax, with all parentheses.
    fn written(&self, platform: Platform) -> String {
        let (operator, distance) = self.name.split_once('/').unwrap_or((&self.name, ""));
        let bare = |part: &Self| part.name.clone();
        let field = self.parts.first().map_or("", |part| part.fields.as_str());
        let text = match (platform, operator, self.parts.as_slice()) {
            (Platform::PubMed, "RANGE", [from, to]) => {
                format!("({} : {})", from.written(platform), to.written(platform))
            }
            (Platform::PubMed, "NEAR", [phrase]) => return format!("{}[{}:~{distance}]", phrase.name, phrase.fields),
            (Platform::Gleaner, "NEAR", [one, other]) => {
                return format!("{field}:({} NEAR/{distance} {})", bare(one), bare(other));
            }
            (Platform::Ebsco, "NEAR" | "WITHIN", parts) => {
                let sign = if operator == "NEAR" { "N" } else { "W" };
                let inside = |part: &Self| Self { fields: String::new(), ..part.shallow() }.written(platform);
                parts.iter().map(inside).collect::<Vec<_>>().join(&format!(" {sign}{distance} "))
            }
            (_, _, []) => self.name.clone(),
            (_, _, parts) => {
                parts.iter().map(|part| part.written(platform)).collect::<Vec<_>>().join(&format!(" {} ", self.name))
            }
        };
        let text = if self.parts.is_empty() { text } else { format!("({text})") };
        let fields = self.fields.as_str();
        match platform {
            _ if fields.is_empty() => text,
            Platform::PubMed => format!("{text}[{fields}]"),
            Platform::Wos => format!("{fields}({text})"),
            Platform::Ebsco => format!("({fields} {text})"),
            _ => format!("{fields}:{text}"),
        }
    }

    /// The same, its parts without fields: those of the whole stand.
    fn shallow(&self) -> Self {
        let parts = self.parts.iter().map(Self::shallow).collect();
        Self { name: self.name.clone(), fields: String::new(), parts }
    }
}

/// Trees that another tool's tests expect; those that we read otherwise, and why, stand in the document.
#[test]
fn trees_of_another_tool() {
    let (mut equal, mut skipped) = (0, 0);
    let mut others = Vec::new();
    for case in cases("parse_cases.json") {
        let text = |key: &str| case[key].as_str().map(str::to_owned);
        let platform: Platform = text("platform").unwrap_or_default().parse().expect("a platform of ours");
        let generic = text("expected_generic");
        let expected =
            generic.clone().or(text("expected_translation")).or(text("expected_parsed")).or(text("expected_query"));
        let (Some(mut query), Some(expected)) = (text("query"), expected) else { continue };
        if !platform.is_read() {
            skipped += 1;
            continue;
        }
        if platform == Platform::Wos && text("field_general").as_deref() == Some("Title") {
            query = format!("TI=({query})");
        }
        let theirs_in = if generic.is_some() { Platform::Gleaner } else { platform };
        let written = Printed::read(&expected).0.written(theirs_in);
        let ours = read(&query, platform).tree.map(|tree| Plain::of(&tree));
        let theirs = read(&written, theirs_in).tree.map(|tree| Plain::of(&tree));
        let topic = |plain: &Option<Plain>| plain.as_ref().map(|plain| plain.map(&topic_as_one));
        if ours.is_some() && (ours == theirs || topic(&ours) == topic(&theirs)) {
            equal += 1;
        } else if !READ_OTHERWISE.contains(&query.as_str()) {
            others.push(format!("{platform} {query}\n   ours {ours:?}\n   theirs {written} {theirs:?}"));
        }
    }
    println!("{equal} equal, {} explained, {skipped} of platforms not read", READ_OTHERWISE.len());
    assert!(others.is_empty(), "{} unexplained:\n{}", others.len(), others.join("\n"));
}

/// Queries that search-query reads otherwise than the platform: docs/query-differences.md says why.
const READ_OTHERWISE: &[&str] = &["\"digital health\"[tiab:~2]", "\"digital health platforms\"[tiab:~0]"];

#[test]
fn differences_are_documented() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/query-differences.md"))
        .expect("the page is there");
    let names = DIFFERENCES.iter().map(|kind| kind.name).chain(WHOLE.iter().map(|(name, _)| *name));
    for name in names.chain(["no-such-field"]) {
        assert!(text.contains(&format!("## {name}\n")), "{name} has no section");
    }
}
