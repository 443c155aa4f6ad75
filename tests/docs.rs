//! What the documents promise is there: files, headings, commands, flags, tests.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Files below a folder, sorted; nothing of `target` or of other folders' repositories.
fn files(folder: &Path, deep: bool, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if deep && entry.is_dir() {
            found.extend(files(&entry, true, endings));
        } else if entry.extension().is_some_and(|ending| endings.iter().any(|wanted| ending == *wanted)) {
            found.push(entry);
        }
    }
    found.sort();
    found
}

fn documents() -> Vec<PathBuf> {
    [files(root(), false, &["md"]), files(&root().join("docs"), true, &["md"])].concat()
}

fn name(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

/// A document in pieces: prose, and code (spans and fenced blocks, a line each).
#[derive(Default)]
struct Pieces {
    prose: String,
    code: Vec<String>,
}

fn pieces(text: &str) -> Pieces {
    let mut pieces = Pieces::default();
    let mut fenced = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if fenced {
            pieces.code.push(line.to_owned());
        } else {
            for (index, part) in line.split('`').enumerate() {
                if index % 2 == 0 {
                    pieces.prose.push_str(part);
                } else {
                    pieces.code.push(part.to_owned());
                    pieces.prose.push_str("code");
                }
            }
            pieces.prose.push('\n');
        }
    }
    pieces
}

/// Where the links of a document point: `[…](target)`, `[…]: target`, `src="target"`, `href="target"`.
fn targets(prose: &str) -> Vec<String> {
    let mut targets = Vec::new();
    for (opening, closing) in [("](", ")"), ("src=\"", "\""), ("href=\"", "\"")] {
        for part in prose.split(opening).skip(1) {
            targets.extend(part.split(closing).next().map(str::to_owned));
        }
    }
    let defined = prose.lines().filter(|line| line.starts_with('[')).filter_map(|line| line.split_once("]: "));
    targets.extend(defined.map(|(_, target)| target.trim().to_owned()));
    targets.retain(|target| !["http:", "https:", "mailto:"].iter().any(|scheme| target.starts_with(scheme)));
    targets
}

/// The anchors of a document's headings, as code hosts make them.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut fenced = false;
    let mut anchors = BTreeSet::new();
    for line in text.lines() {
        fenced ^= line.trim_start().starts_with("```");
        if let (false, Some(heading)) = (fenced, line.strip_prefix('#')) {
            let heading = heading.trim_start_matches('#').trim().to_lowercase();
            let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
            anchors.insert(kept.map(|c| if c == ' ' { '-' } else { c }).collect());
        }
    }
    anchors
}

#[test]
fn every_link_leads_somewhere() {
    let mut broken = Vec::new();
    let mut seen = 0;
    for document in documents() {
        let text = std::fs::read_to_string(&document).unwrap();
        for target in targets(&pieces(&text).prose) {
            seen += 1;
            let (path, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let file = if path.is_empty() { document.clone() } else { document.parent().unwrap().join(path) };
            let there = file.exists()
                && (anchor.is_empty() || anchors(&std::fs::read_to_string(&file).unwrap()).contains(anchor));
            if !there {
                broken.push(format!("{}: {target}", name(&document)));
            }
        }
    }
    assert!(broken.is_empty(), "{} links lead nowhere:\n{}", broken.len(), broken.join("\n"));
    assert!(seen > 10, "the links were not found");
}

#[test]
fn every_code_told_of_queries_is_described() {
    let path = root().join("docs/query-codes.md");
    let page = gleaner::query::lints::registry::page();
    if std::env::var_os("GLEANER_BLESS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == page,
        "docs/query-codes.md is not what the registry says: GLEANER_BLESS=1 cargo test --test docs"
    );
}

fn help(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_gleaner")).args(arguments).arg("--help").output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

fn commands() -> BTreeSet<String> {
    let text = help(&[]);
    let list = text.split("Commands:").nth(1).unwrap().split("\n\n").next().unwrap();
    let first_word = |line: &str| line.strip_prefix("  ")?.split_whitespace().next().map(str::to_owned);
    list.lines().filter(|line| !line.starts_with("   ")).filter_map(first_word).collect()
}

/// The command lines in a piece of code: the words after `gleaner`, or after `cargo run … --`.
fn command_lines(code: &str) -> Vec<Vec<String>> {
    let code = code.replace("cargo run --release -- ", "gleaner ").replace("cargo run -- ", "gleaner ");
    let mut lines = Vec::new();
    for part in code.split(['|', '&', ';', '#']) {
        let words: Vec<String> = part.split_whitespace().map(str::to_owned).collect();
        if let Some(at) = words.iter().position(|word| word == "gleaner" || word.ends_with("/bin/gleaner")) {
            lines.push(words[at + 1..].to_vec());
        }
    }
    lines
}

/// What is wrong with a command line, if anything: its command, or one of its flags.
fn wrong(words: &[String], known: &BTreeSet<String>, helps: &mut BTreeMap<String, String>) -> Option<String> {
    let mut rest = words.iter().map(String::as_str).peekable();
    while let Some(flag) = rest.next_if(|word| word.starts_with('-')) {
        if flag == "--config" {
            rest.next();
        }
    }
    let is_name = |word: &&str| word.starts_with(|c: char| c.is_ascii_lowercase());
    // `gleaner COMMAND`, `gleaner …`, or the program's name alone.
    let command = rest.next().filter(is_name)?.trim_end_matches([',', '.', ':']);
    // A hidden command is not listed, and has help all the same.
    if !known.contains(command) && help(&[command]).is_empty() {
        return Some(format!("there is no command '{command}'"));
    }
    let arguments: Vec<&str> = rest.collect();
    let nested = ["query"].contains(&command).then(|| arguments.first().copied()).flatten().filter(is_name);
    let path: Vec<&str> = [Some(command), nested].into_iter().flatten().collect();
    let help = helps.entry(path.join(" ")).or_insert_with(|| help(&path));
    if help.is_empty() {
        return Some(format!("there is no command '{}'", path.join(" ")));
    }
    let flags = arguments.iter().filter(|word| word.starts_with("--")).map(|word| word.split('=').next().unwrap());
    let unknown = flags.map(|flag| flag.trim_end_matches([',', '.', ']', ')'])).find(|flag| !help.contains(flag));
    unknown.map(|flag| format!("'{}' has no flag {flag}", path.join(" ")))
}

#[test]
fn every_command_that_is_named_exists() {
    let known = commands();
    assert!(known.contains("init") && known.contains("refresh"), "{known:?}");
    let mut helps = BTreeMap::new();
    let mut broken = Vec::new();
    let mut seen = 0;
    let mut check = |file: &Path, code: &str| {
        for words in command_lines(code) {
            seen += 1;
            if let Some(reason) = wrong(&words, &known, &mut helps) {
                broken.push(format!("{}: `{}`: {reason}", name(file), words.join(" ")));
            }
        }
    };
    for document in [documents(), files(&root().join("src"), true, &["md"])].concat() {
        let text = std::fs::read_to_string(&document).unwrap();
        pieces(&text).code.iter().for_each(|code| check(&document, code));
    }
    // What configs, queries and messages call a command stands in backticks.
    let sources = files(&root().join("src"), true, &["rs", "toml", "query"]);
    for file in [sources, files(root(), false, &["toml"]), files(&root().join("queries"), true, &["query"])].concat() {
        let text = std::fs::read_to_string(&file).unwrap();
        for line in text.lines() {
            line.split('`').skip(1).step_by(2).filter(|code| code.starts_with("gleaner ")).for_each(|code| {
                check(&file, code);
            });
        }
    }
    assert!(broken.is_empty(), "{} broken:\n{}", broken.len(), broken.join("\n"));
    assert!(seen > 30, "the commands were not found");
}

#[test]
fn every_test_and_file_that_architecture_names_exists() {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let code: String = [files(&root().join("src"), true, &["rs"]), files(&root().join("tests"), true, &["rs"])]
        .concat()
        .iter()
        .map(|file| std::fs::read_to_string(file).unwrap())
        .collect();
    let mut broken = Vec::new();
    let mut tests = 0;
    for span in pieces(&text).code {
        let is_path = span.contains('/') && [".rs", ".sql", ".toml", ".md"].iter().any(|end| span.ends_with(end));
        let is_test = span.split('_').count() > 2 && span.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if is_path && !span.contains('*') && !span.contains("NAME") && !root().join(&span).exists() {
            broken.push(format!("no file {span}"));
        }
        if is_test && span.chars().all(|c| !c.is_ascii_uppercase()) {
            tests += 1;
            if !code.contains(&format!("fn {span}(")) {
                broken.push(format!("no test {span}"));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    assert!(tests > 20, "the tests were not found");
}

#[test]
fn every_key_of_config_is_described() {
    let text = std::fs::read_to_string(root().join("docs/config.md")).unwrap();
    let mut seen = 0;
    for file in ["load", "source_tables", "criteria", "streams", "searches"] {
        let code = std::fs::read_to_string(root().join(format!("src/config/{file}.rs"))).unwrap();
        // The lists of known keys: `const NAME: &[&str] = &["…", …];`, and those given at the place.
        for list in code.split("&[\"").skip(1).chain(code.split("&[\n").skip(1)) {
            let list = list.split(']').next().unwrap();
            let key = |word: &&str| word.chars().all(|c| c.is_ascii_lowercase() || c == '_') && !word.is_empty();
            for key in list.split('"').map(str::trim).filter(key) {
                seen += 1;
                assert!(text.contains(&format!("`{key}`")) || text.contains(&format!("[{key}")), "{file}: {key}");
            }
        }
    }
    assert!(seen > 40, "the keys were not found");
}

#[test]
fn the_table_of_the_readme_is_the_one_that_the_demo_is_held_to() {
    let [readme, table] =
        ["README.md", "tests/fixtures/demo/table.md"].map(|file| std::fs::read_to_string(root().join(file)).unwrap());
    assert!(readme.contains(table.trim()), "the README's table is another than tests/fixtures/demo/table.md");
}

/// The fenced blocks of a section.
fn blocks(text: &str, heading: &str) -> String {
    let section = text.split(heading).nth(1).unwrap().split("\n## ").next().unwrap();
    section.split("```\n").skip(1).step_by(2).collect()
}

#[cfg(unix)]
#[test]
fn the_tutorial_works_as_it_is_written() {
    let text = std::fs::read_to_string(root().join("README.md")).unwrap();
    // What asks databases or waits for a browser is left out.
    let kept = |line: &&str| !line.starts_with("gleaner refresh") && !line.starts_with("gleaner serve");
    let script = blocks(&text, "\n## Ten minutes\n").lines().filter(kept).collect::<Vec<_>>().join("\n");
    assert!(script.matches("gleaner ").count() > 10, "the tutorial was not found");
    let folder = tempfile::tempdir().unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_gleaner")).parent().unwrap();
    let path = std::env::join_paths(
        std::iter::once(program.to_path_buf()).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    );
    let mut bash = Command::new("bash");
    bash.args(["-e", "-o", "pipefail", "-c", &script]).current_dir(folder.path()).env("PATH", path.unwrap());
    let output = bash.output().unwrap();
    let told = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    assert!(output.status.success(), "{script}\n\n{told}");
    assert!(told.contains("2 records are 1 works"), "{told}");
}
