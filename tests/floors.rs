//! The floors hold: a module imports only from floors below its own, and what belongs to one room
//! (SQL, the network, printing, async) stays in it. See ARCHITECTURE.md.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The rooms of each floor, from the ground.
const FLOORS: &[&[&str]] = &[
    &["error", "files", "ids", "redact"],
    &["model"],
    &["text"],
    &["query"],
    &["formats", "fulltext"],
    // flow is pure arithmetic on settled rows: screening settles into its words.
    &["config", "flow", "net", "store"],
    &["dedupe", "screen", "sources"],
    &["notify", "report", "retrieve", "submissions"],
    &["pipeline"],
    &["demo", "web"],
    &["cli"],
];

/// A word that only some rooms may use, and why.
const KEPT: &[(&str, &[&str], &str)] = &[
    ("rusqlite", &["store"], "SQL stays in store"),
    ("reqwest", &["net"], "requests go through net"),
    ("governor", &["net"], "one limiter a host, in net"),
    ("println", &["cli"], "only cli prints"),
    ("print", &["cli"], "only cli prints"),
    ("eprintln", &["cli"], "only cli prints"),
    ("eprint", &["cli"], "only cli prints"),
    ("dbg", &[], "nothing is left from debugging"),
    ("async", &["net", "pipeline", "web", "demo"], "async stays in net, pipeline, web and demo"),
    ("await", &["net", "pipeline", "web", "demo"], "async stays in net, pipeline, web and demo"),
];
/// Words of [`KEPT`] that count only as a macro's name.
const MACROS: &[&str] = &["println", "print", "eprintln", "eprint", "dbg"];

/// The house itself: it declares the rooms.
const HOUSE: &[&str] = &["lib", "main"];

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Sign(char),
}

/// The words and signs of Rust code, without comments, texts and characters.
fn tokens(code: &str) -> Vec<(usize, Token)> {
    let characters: Vec<char> = code.chars().collect();
    let mut tokens = Vec::new();
    let (mut at, mut line) = (0, 1);
    let ahead = |at: usize, wanted: &str| wanted.chars().enumerate().all(|(i, c)| characters.get(at + i) == Some(&c));
    while at < characters.len() {
        let c = characters[at];
        let start = at;
        if ahead(at, "//") {
            while at < characters.len() && characters[at] != '\n' {
                at += 1;
            }
        } else if ahead(at, "/*") {
            let mut depth = 0;
            loop {
                if ahead(at, "/*") {
                    depth += 1;
                    at += 2;
                } else if ahead(at, "*/") {
                    depth -= 1;
                    at += 2;
                } else {
                    at += 1;
                }
                if depth == 0 || at >= characters.len() {
                    break;
                }
            }
        } else if c.is_alphanumeric() || c == '_' {
            while at < characters.len() && (characters[at].is_alphanumeric() || characters[at] == '_') {
                at += 1;
            }
            let word: String = characters[start..at].iter().collect();
            let hashes = characters[at..].iter().take_while(|c| **c == '#').count();
            if matches!(word.as_str(), "r" | "br" | "cr") && characters.get(at + hashes) == Some(&'"') {
                let end = format!("\"{}", "#".repeat(hashes));
                at += hashes + 1;
                while at < characters.len() && !ahead(at, &end) {
                    at += 1;
                }
                at += end.len();
            } else {
                tokens.push((line, Token::Word(word)));
            }
        } else if c == '"' {
            at += 1;
            while at < characters.len() && characters[at] != '"' {
                at += if characters[at] == '\\' { 2 } else { 1 };
            }
            at += 1;
        } else if c == '\'' && (characters.get(at + 1) == Some(&'\\') || characters.get(at + 2) == Some(&'\'')) {
            at += if characters.get(at + 1) == Some(&'\\') { 3 } else { 2 };
            while at < characters.len() && characters[at] != '\'' {
                at += 1;
            }
            at += 1;
        } else {
            if !c.is_whitespace() {
                tokens.push((line, Token::Sign(c)));
            }
            at += 1;
        }
        line += characters[start..at.min(characters.len())].iter().filter(|c| **c == '\n').count();
    }
    tokens
}

/// Every path that begins at the crate's root: the line, and the name after `crate::`. Groups
/// (`crate::{a, b::c}`) give each of their names; `super` counts where it leaves the room.
fn roots(tokens: &[(usize, Token)], depth: usize) -> Vec<(usize, String)> {
    let word = |at: usize| match tokens.get(at) {
        Some((_, Token::Word(word))) => Some(word.as_str()),
        _ => None,
    };
    let sign = |at: usize, wanted: char| matches!(tokens.get(at), Some((_, Token::Sign(sign))) if *sign == wanted);
    let path = |at: usize| sign(at, ':') && sign(at + 1, ':');
    let mut roots = Vec::new();
    let mut at = 0;
    // `super` within a file's own test module is one step less than it seems.
    let tests = (0..tokens.len()).find(|at| word(*at) == Some("cfg") && word(at + 2) == Some("test"));
    while at < tokens.len() {
        let mut next = at + 1;
        let starts = match word(at) {
            Some("crate" | "gleaner") if path(at + 1) => Some(at + 3),
            Some("super") if path(at + 1) && tests.is_none_or(|tests| at < tests) => {
                let mut end = at;
                let mut steps = 0;
                while word(end) == Some("super") && path(end + 1) {
                    steps += 1;
                    end += 3;
                }
                next = end;
                (steps >= depth).then_some(end)
            }
            _ => None,
        };
        if let Some(start) = starts {
            if let Some(name) = word(start) {
                roots.push((tokens[start].0, name.to_owned()));
            } else if sign(start, '{') {
                let mut level = 0;
                for (position, (line, token)) in tokens.iter().enumerate().skip(start) {
                    match token {
                        Token::Sign('{') => level += 1,
                        Token::Sign('}') => level -= 1,
                        Token::Word(name) if level == 1 && (sign(position - 1, '{') || sign(position - 1, ',')) => {
                            roots.push((*line, name.clone()));
                        }
                        _ => {}
                    }
                    if level == 0 {
                        break;
                    }
                }
            }
        }
        at = next;
    }
    roots
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut entries: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// What a file breaks, each with its line.
fn broken(module: &[String], code: &str) -> Vec<String> {
    let floors: BTreeMap<&str, usize> =
        FLOORS.iter().enumerate().flat_map(|(floor, rooms)| rooms.iter().map(move |room| (*room, floor))).collect();
    let room = module[0].as_str();
    let tokens = tokens(code);
    let mut broken = Vec::new();
    if HOUSE.contains(&room) {
        return broken;
    }
    let Some(own) = floors.get(room) else {
        return vec![format!("the room `{room}` is on no floor of tests/floors.rs")];
    };
    for (line, name) in roots(&tokens, module.len()) {
        if name != room
            && let Some(floor) = floors.get(name.as_str())
            && floor >= own
        {
            broken.push(format!("line {line}: {room} (floor {own}) imports {name} (floor {floor})"));
        }
    }
    for (position, (line, token)) in tokens.iter().enumerate() {
        let Token::Word(word) = token else { continue };
        let called = matches!(tokens.get(position + 1), Some((_, Token::Sign('!'))));
        for (kept, rooms, why) in KEPT {
            if word == kept && !rooms.contains(&room) && (called || !MACROS.contains(kept)) && !allowed(module, word) {
                broken.push(format!("line {line}: `{word}`: {why}"));
            }
        }
    }
    broken
}

/// Test code may print and wait.
fn allowed(module: &[String], word: &str) -> bool {
    module.iter().any(|part| part == "tests") && (MACROS.contains(&word) || word == "async" || word == "await")
}

#[test]
fn nothing_climbs_and_every_room_keeps_its_own() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    files(&source, &mut found);
    assert!(found.len() > 50, "the source was not found");
    let mut all = Vec::new();
    for path in found {
        let relative = path.strip_prefix(&source).unwrap_or(&path);
        let mut module: Vec<String> =
            relative.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
        if module.len() > 1 && module.last().is_some_and(|last| last == "mod") {
            module.pop();
        }
        let code = std::fs::read_to_string(&path).unwrap_or_default();
        all.extend(broken(&module, &code).into_iter().map(|what| format!("src/{}: {what}", relative.display())));
    }
    assert!(all.is_empty(), "{} broken:\n{}", all.len(), all.join("\n"));
}

#[test]
fn what_breaks_the_floors_is_seen() {
    let module = |path: &str| path.split('/').map(str::to_owned).collect::<Vec<_>>();
    let seen = |path: &str, code: &str| broken(&module(path), code).len();
    assert_eq!(seen("net/client", "use crate::pipeline::Plan;"), 1);
    assert_eq!(seen("net/client", "use crate::{error::Failure, store, text};"), 1);
    assert_eq!(seen("net/client", "fn f() { crate::store::open() }"), 1, "the same floor is not below");
    assert_eq!(seen("net/client", "use super::super::pipeline::Plan; use super::rate;"), 1);
    assert_eq!(seen("net", "use super::pipeline::Plan;"), 1);
    assert_eq!(seen("net/client", "// crate::pipeline\nlet x = \"crate::pipeline\"; /* crate::web */"), 0);
    assert_eq!(seen("net/client", "let c = '\"'; let s = r#\"crate::web\"#; use crate::model::Record;"), 0);
    assert_eq!(seen("screen/rules", "println!(\"x\"); let print = 1;"), 1);
    assert_eq!(seen("flow/count", "use rusqlite::Connection; async fn f() { g().await }"), 3);
    assert_eq!(seen("attic/box", ""), 1, "a room that no floor has");
}
