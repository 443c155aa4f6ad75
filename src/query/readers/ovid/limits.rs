//! Ovid's commands: `limit N to …`, `remove duplicates from N`, `N use database`.

use super::parts::years;
use super::{Reader, expression};
use crate::query::clause::Heading;
use crate::query::diagnostic::Diagnostic;
use crate::query::field::{Field, Scope};
use crate::query::lexer::is_quote;
use crate::query::readers::pieces::native;
use crate::query::term::Term;
use crate::query::tree::{Kind, Node};
use crate::query::{Platform, Span};

/// Limits that are headings given to every record that they fit.
const HEADINGS: &[(&str, &str)] = &[
    ("humans", "Humans"),
    ("human", "Humans"),
    ("animals", "Animals"),
    ("animal", "Animals"),
    ("male", "Male"),
    ("female", "Female"),
];

/// Limits that are publication types of the same name. Others cover several types.
const TYPES: &[&str] = &[
    "randomized controlled trial",
    "controlled clinical trial",
    "case reports",
    "comment",
    "editorial",
    "letter",
    "news",
    "journal article",
    "practice guideline",
    "guideline",
    "meta analysis",
    "review",
    "historical article",
    "biography",
    "multicenter study",
    "observational study",
    "pragmatic clinical trial",
    "clinical trial protocol",
    "validation study",
];

const LANGUAGES: &[&str] = &[
    "afrikaans",
    "albanian",
    "arabic",
    "armenian",
    "azerbaijani",
    "bosnian",
    "bulgarian",
    "catalan",
    "chinese",
    "croatian",
    "czech",
    "danish",
    "dutch",
    "english",
    "estonian",
    "finnish",
    "flemish",
    "french",
    "gaelic",
    "georgian",
    "german",
    "greek",
    "hebrew",
    "hindi",
    "hungarian",
    "icelandic",
    "indonesian",
    "italian",
    "japanese",
    "korean",
    "latin",
    "latvian",
    "lithuanian",
    "macedonian",
    "malay",
    "multilingual",
    "norwegian",
    "persian",
    "polish",
    "portuguese",
    "pushto",
    "romanian",
    "russian",
    "sanskrit",
    "serbian",
    "slovak",
    "slovenian",
    "slovene",
    "spanish",
    "swedish",
    "thai",
    "turkish",
    "ukrainian",
    "undetermined",
    "urdu",
    "vietnamese",
    "welsh",
];

/// Reads a line that is a command: `Some` with what it asks for, `None` if it is none.
pub(super) fn command(reader: &mut Reader<'_>, span: &Span) -> Option<Option<Node>> {
    let text = &reader.text[span.clone()];
    let start = span.start + text.len() - text.trim_start().len();
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    if let Some(rest) =
        lower.strip_prefix("remove duplicates from").filter(|rest| rest.starts_with(char::is_whitespace))
    {
        let inside = start + lower.len() - rest.len();
        // What gleaner finds is freed of duplicates anyway.
        return Some(expression(reader, inside..start + text.len()));
    }
    if let Some(rest) = lower.strip_prefix("limit").filter(|rest| rest.starts_with(char::is_whitespace)) {
        let to = rest.find(" to ")?;
        let subject = start + lower.len() - rest.len();
        return Some(limited(reader, subject..subject + to, subject + to + 4..start + text.len()));
    }
    if let Some(rest) = lower.strip_prefix("..l/") {
        let number = rest.trim_start();
        let digits = number.bytes().take_while(u8::is_ascii_digit).count();
        let subject = start + lower.len() - number.len();
        return Some(limited(reader, subject..subject + digits, subject + digits..start + text.len()));
    }
    let (before, database) = lower.rsplit_once(" use ")?;
    let is_name = !database.is_empty()
        && database
            .split(',')
            .all(|name| name.trim().bytes().all(|byte| byte.is_ascii_alphanumeric()) && !name.trim().is_empty());
    if !is_name {
        return None;
    }
    // `substance use disorder` is words; a database stands behind a line or a clause that is done.
    let done = before.ends_with(['/', '.', ')', ']']) || before.bytes().all(|byte| byte.is_ascii_digit());
    if !done {
        return None;
    }
    let subject = start..start + before.len();
    let node = expression(reader, subject.clone())?;
    let native = native(Platform::Ovid, &format!("use {}", database.trim()), &(subject.end..start + text.len()));
    Some(Some(Node::new(Kind::And(vec![node, native]), start..start + text.len())))
}

/// What a line asks for, and all of the limits.
fn limited(reader: &mut Reader<'_>, subject: Span, limits: Span) -> Option<Node> {
    let whole = subject.start..limits.end;
    let node = expression(reader, subject);
    let mut nodes = vec![node?];
    let limits = unwrapped(reader.text, limits);
    for item in split(reader.text, limits, " and ") {
        nodes.extend(choice(reader, item));
    }
    if nodes.len() == 1 {
        let message = "this limit says nothing";
        reader.told.push(Diagnostic::error("empty-group", &whole, message));
        return nodes.pop();
    }
    Some(Node::new(Kind::And(nodes), whole))
}

/// One limit, or several of which one must hold.
fn choice(reader: &Reader<'_>, item: Span) -> Option<Node> {
    let item = unwrapped(reader.text, item);
    let mut nodes: Vec<Node> = split(reader.text, item.clone(), " or ")
        .into_iter()
        .filter_map(|span| limit(reader, unwrapped(reader.text, span)))
        .collect();
    if nodes.len() < 2 { nodes.pop() } else { Some(Node::new(Kind::Or(nodes), item)) }
}

fn limit(reader: &Reader<'_>, span: Span) -> Option<Node> {
    let text = reader.text[span.clone()].trim();
    if text.is_empty() {
        return None;
    }
    let lower = text.trim_matches(is_quote).trim_end_matches('.').to_ascii_lowercase();
    if let Some((name, value)) = text.split_once('=') {
        let name = name.trim().to_ascii_lowercase();
        let dates = matches!(name.as_str(), "yr" | "year" | "dp").then(|| years(value)).flatten();
        let text = format!("limit to {name}={}", value.trim());
        return Some(dates.map_or_else(
            || native(Platform::Ovid, &text, &span),
            |dates| Node::new(Kind::Dates(dates), span.clone()),
        ));
    }
    let words = |field, words: &str| {
        let term = Node::new(Kind::Term(Term::read_plain(words)?), span.clone());
        Some(Node::new(Kind::Limit { scope: Scope::of(&[field]), node: Box::new(term) }, span.clone()))
    };
    let language = lower.strip_suffix(" language").unwrap_or(&lower);
    if LANGUAGES.contains(&language) {
        return words(Field::Language, language);
    }
    if let Some((_, heading)) = HEADINGS.iter().find(|(name, _)| *name == lower)
        && let Some(heading) = Heading::new(reader.vocabulary, heading)
    {
        return Some(Node::new(Kind::Heading(Heading { explode: false, ..heading }), span));
    }
    if TYPES.contains(&lower.as_str()) {
        return words(Field::PublicationType, &lower);
    }
    Some(native(Platform::Ovid, &format!("limit to {text}"), &span))
}

/// The span without white space and the parentheses around all of it.
fn unwrapped(text: &str, mut span: Span) -> Span {
    // More pairs than anyone writes around a limit.
    for _ in 0..4 {
        let part = &text[span.clone()];
        let start = span.start + part.len() - part.trim_start().len();
        span = start..start + part.trim().len();
        let part = &text[span.clone()];
        let mut depth = 0_i64;
        let closes = part.char_indices().find_map(|(at, c)| {
            depth += i64::from(c == '(') - i64::from(c == ')');
            (depth <= 0).then_some(at + 1)
        });
        if !part.starts_with('(') || closes != Some(part.len()) {
            break;
        }
        span = span.start + 1..span.end - 1;
    }
    span
}

/// The parts between a word that stands outside of parentheses and quotation marks.
fn split(text: &str, span: Span, word: &str) -> Vec<Span> {
    let mut parts = Vec::new();
    let mut start = span.start;
    let mut depth = 0_usize;
    let mut quoted = false;
    for (offset, c) in text[span.clone()].char_indices() {
        let at = span.start + offset;
        match c {
            _ if is_quote(c) => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth = depth.saturating_sub(1),
            _ if depth == 0 && !quoted && at >= start => {
                let here = text[..span.end].get(at..at + word.len());
                if here.is_some_and(|here| here.eq_ignore_ascii_case(word)) {
                    parts.push(start..at);
                    start = at + word.len();
                }
            }
            _ => {}
        }
    }
    parts.push(start..span.end);
    parts
}
