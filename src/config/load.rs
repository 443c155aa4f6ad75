//! From file to checked settings.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::de::DeTable;

use super::names::{list, nearest};
use super::problem::{ConfigErrors, ConfigProblem};
use super::reader::{Reader, problem_in, read_text};
use super::section::Section;
use super::settings::{Dedupe, Http, Review, Settings};
use super::{criteria, source_tables, streams};
use crate::error::Place;
use crate::model::RelationKind;
use crate::query::Severity;

/// Reads a review's config.toml and the queries that it names.
///
/// All paths of the settings are joined to the config's folder. The second part of the result are
/// warnings, in the order of the files.
///
/// # Errors
/// Every mistake, each with file, line, column and remedy; `?` turns them into a failure of exit 2.
pub fn load(file: &Path) -> Result<(Settings, Vec<ConfigProblem>), ConfigErrors> {
    let text = read_text(file).map_err(|unreadable| {
        let remedy = match unreadable.message.as_str() {
            "is not there" => "name it with --config FILE, or make a review with `gleaner init DIR`".to_owned(),
            _ => unreadable.remedy,
        };
        ConfigErrors(vec![match &unreadable.sound {
            Some(sound) => {
                let text: Arc<str> = Arc::from(sound.as_str());
                let end = text.len()..text.len();
                problem_in(Severity::Error, file, &text, &end, unreadable.message, remedy)
            }
            None => ConfigProblem {
                severity: Severity::Error,
                place: Place { file: file.to_path_buf(), line: None, column: None },
                message: unreadable.message,
                remedy,
                excerpt: None,
            },
        }])
    })?;
    load_text(file, &text)
}

/// Reads the text of a config that lies, or would lie, at `file`.
pub(super) fn load_text(file: &Path, text: &str) -> Result<(Settings, Vec<ConfigProblem>), ConfigErrors> {
    let reader = Reader::new(file, text);
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut broken: Vec<ConfigProblem> = Vec::new();
    for error in &errors {
        let span = error.span().unwrap_or(0..0);
        let message = error.message().lines().collect::<Vec<_>>().join(" ").trim().to_owned();
        let remedy = "see https://toml.io for the syntax; a text stands in quotation marks".to_owned();
        broken.push(problem_in(Severity::Error, file, &reader.text, &span, message, remedy));
    }
    let settings = settings(&reader, table.get_ref());
    let mut problems = kept(&reader, &broken);
    problems.extend(broken);
    let wrong = problems.iter().any(|problem| problem.severity == Severity::Error);
    let problems = ordered(problems, file);
    match settings {
        Some(settings) if !wrong => Ok((settings, problems)),
        _ => Err(ConfigErrors(problems)),
    }
}

/// The problems to be told. Where the syntax is broken, only what its own line shows for certain:
/// no key is called missing, and nothing is said below a broken header.
fn kept(reader: &Reader, broken: &[ConfigProblem]) -> Vec<ConfigProblem> {
    let found = std::mem::take(&mut *reader.found.borrow_mut());
    let broken: Vec<usize> = broken.iter().filter_map(|problem| problem.place.line).collect();
    let lines: Vec<&str> = reader.text.lines().collect();
    let header_of = |line: usize| {
        (1..=line).rev().find(|number| lines.get(number - 1).is_some_and(|text| text.trim_start().starts_with('[')))
    };
    let certain = |problem: &ConfigProblem| {
        let Some(line) = problem.place.line.filter(|_| problem.place.file == reader.file) else { return true };
        !broken.contains(&line) && header_of(line).is_none_or(|header| !broken.contains(&header))
    };
    found
        .into_iter()
        .filter(|found| broken.is_empty() || (!found.rests_on_all && certain(&found.problem)))
        .map(|found| found.problem)
        .collect()
}

/// In the order of the config, then of the query files; what is said twice, once.
fn ordered(mut problems: Vec<ConfigProblem>, file: &Path) -> Vec<ConfigProblem> {
    problems.sort_by(|a, b| {
        let key = |problem: &ConfigProblem| {
            (problem.place.file != file, problem.place.file.clone(), problem.place.line, problem.place.column)
        };
        key(a).cmp(&key(b))
    });
    problems.dedup_by(|later, earlier| later.repeats(earlier));
    problems
}

const SECTIONS: &[&str] = &["review", "store", "http", "dedupe", "sources", "criteria", "streams"];

/// The settings, if nothing that they need is missing.
fn settings(reader: &Reader, table: &DeTable<'_>) -> Option<Settings> {
    // The document has no header: what it lacks is told at its first character.
    let document = Section::open(reader, "config.toml", 0..0, table, SECTIONS);
    let review = review(&document);
    let store = document.table("store", "[store]", &["path"]).and_then(|store| store.string("path"));
    let http = http(&document);
    let dedupe = dedupe(&document);
    let sources = source_tables::read(&document);
    let criteria = criteria::read(&document);
    let streams = streams::read(&document, &criteria, &sources);
    streams::warn_unused_criteria(reader, &criteria, &streams);
    Some(Settings {
        root: reader.root.clone(),
        file: reader.file.clone(),
        review: review?,
        store: reader.resolve(store.as_deref().unwrap_or("db/review.sqlite")),
        http,
        dedupe,
        sources,
        criteria: criteria.into_iter().filter_map(|named| named.criterion).collect(),
        streams,
    })
}

const REVIEW: &[&str] =
    &["title", "contact", "version", "known", "limits", "search_filters", "prior_work", "peer_review"];

fn review(document: &Section<'_>) -> Option<Review> {
    if document.lacks("review") {
        let remedy = "add [review] with a title";
        document.reader.misfit(&document.span, "config.toml has no [review]", remedy);
    }
    let section = document.table("review", "[review]", REVIEW)?;
    let title = section.required("title", "\"what the review asks\"");
    let contact = section.text("contact");
    if let Some(contact) = contact.as_ref().filter(|contact| !is_address(&contact.value)) {
        let message = format!("`{}` is no e-mail address", contact.value);
        section.reader.error(&contact.span, message, "write contact = \"team@example.org\"");
    }
    let known = section.text("known").map(|known| {
        let path = section.reader.resolve(&known.value);
        check_file(&section, &known.span, &path, "the list of known works");
        path
    });
    Some(Review {
        title: title?.value,
        contact: contact.map(|contact| contact.value),
        version: section.string("version").unwrap_or_else(|| "1".to_owned()),
        known,
        limits: section.string("limits"),
        search_filters: section.string("search_filters"),
        prior_work: section.string("prior_work"),
        peer_review: section.string("peer_review"),
    })
}

fn is_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
        && !text.contains(char::is_whitespace)
}

/// A mistake where a file that the config names cannot be opened.
pub(super) fn check_file(section: &Section<'_>, span: &Range<usize>, path: &PathBuf, what: &str) {
    let opened = std::fs::File::open(path).and_then(|file| file.metadata());
    let message = match opened {
        Ok(metadata) if metadata.is_file() => return,
        Ok(_) => format!("{what} is a folder: {}", path.display()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            format!("{what} is not there: {}", path.display())
        }
        Err(error) => format!("{what} cannot be read: {}: {error}", path.display()),
    };
    let remedy = format!("name a file that is there, seen from {}", section.reader.root.display());
    section.reader.error(span, message, remedy);
}

fn http(document: &Section<'_>) -> Http {
    let default = Http { allow_private: false, timeout_s: 30, retries: 5 };
    let Some(section) = document.table("http", "[http]", &["allow_private", "timeout_s", "retries"]) else {
        return default;
    };
    let retries = section.integer("retries", 0..=20).and_then(|retries| u32::try_from(retries).ok());
    Http {
        allow_private: section.boolean("allow_private").unwrap_or(default.allow_private),
        timeout_s: section.integer("timeout_s", 1..=3600).unwrap_or(default.timeout_s),
        retries: retries.unwrap_or(default.retries),
    }
}

fn dedupe(document: &Section<'_>) -> Dedupe {
    let Some(section) = document.table("dedupe", "[dedupe]", &["one_work", "accept"]) else {
        return Dedupe::default();
    };
    let names = || RelationKind::ALL.iter().map(|kind| kind.name());
    let mut one_work = Vec::new();
    for text in section.texts("one_work").unwrap_or_default() {
        match RelationKind::read(&text.value) {
            Some(kind) => one_work.push(kind),
            None => {
                let remedy = match nearest(&text.value, names()) {
                    Some(name) => format!("did you mean `{name}`?"),
                    None => format!("the kinds are {}", list(names(), "and")),
                };
                section.reader.error(&text.span, format!("unknown kind of link `{}`", text.value), remedy);
            }
        }
    }
    let accept_told = section.choice("accept", &[("person", false), ("told", true)]).unwrap_or_default();
    Dedupe { one_work, accept_told }
}
