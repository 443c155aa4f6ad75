//! What reading a config carries along: the texts, and what was found wrong so far.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::problem::{ConfigProblem, Excerpt, Spot, floor_boundary, line_and_column};
use super::settings::QueryText;
use crate::error::Place;
use crate::query::Severity;

/// The largest config or query file that is read, in bytes.
pub(super) const MAX_BYTES: u64 = 1 << 20;

/// Words that name a key or password rather than where one lies.
pub(super) const SECRET_KEYS: &[&str] = &[
    "key",
    "api_key",
    "apikey",
    "api-key",
    "access_key",
    "token",
    "api_token",
    "access_token",
    "insttoken",
    "secret",
    "password",
    "passwd",
    "bearer",
    "authorization",
];

/// A problem, and what it rests on.
pub(super) struct Found {
    pub problem: ConfigProblem,
    /// Whether it says that something is missing, or does not fit something elsewhere: said only
    /// where the whole file could be read.
    pub rests_on_all: bool,
}

/// The config file being read.
pub(super) struct Reader {
    pub root: PathBuf,
    pub file: PathBuf,
    pub text: Arc<str>,
    pub found: RefCell<Vec<Found>>,
    /// Query files read already; `None` is one with mistakes.
    pub queries: RefCell<BTreeMap<PathBuf, Option<QueryText>>>,
}

impl Reader {
    pub fn new(file: &Path, text: &str) -> Self {
        let root = match file.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
            _ => PathBuf::from("."),
        };
        Self {
            root,
            file: file.to_path_buf(),
            text: Arc::from(text),
            found: RefCell::default(),
            queries: RefCell::default(),
        }
    }

    /// A path of the config, seen from the working directory.
    pub fn resolve(&self, path: &str) -> PathBuf {
        if self.root == Path::new(".") { PathBuf::from(path) } else { self.root.join(path) }
    }

    /// A mistake at a span of the config.
    pub fn error(&self, span: &Range<usize>, message: impl Into<String>, remedy: impl Into<String>) {
        self.add(Severity::Error, span, message.into(), remedy.into(), false);
    }

    /// A mistake that is one only if the rest of the file was understood.
    pub fn misfit(&self, span: &Range<usize>, message: impl Into<String>, remedy: impl Into<String>) {
        self.add(Severity::Error, span, message.into(), remedy.into(), true);
    }

    /// Something that works but may not be meant.
    pub fn warn(&self, span: &Range<usize>, message: impl Into<String>, remedy: impl Into<String>) {
        self.add(Severity::Warning, span, message.into(), remedy.into(), true);
    }

    /// A mistake whose text may be a key: it is not shown.
    pub fn conceal(&self, span: &Range<usize>, message: impl Into<String>, remedy: impl Into<String>) {
        let mut problem = problem_in(Severity::Error, &self.file, &self.text, span, message.into(), remedy.into());
        problem.excerpt = None;
        self.push(problem);
    }

    fn add(&self, severity: Severity, span: &Range<usize>, message: String, remedy: String, rests_on_all: bool) {
        let problem = problem_in(severity, &self.file, &self.text, span, message, remedy);
        self.found.borrow_mut().push(Found { problem, rests_on_all });
    }

    /// A place to come back to.
    pub fn spot(&self, span: &Range<usize>) -> Spot {
        spot_in(&self.file, &self.text, span)
    }

    /// A problem of another file, such as a query.
    pub fn push(&self, problem: ConfigProblem) {
        self.found.borrow_mut().push(Found { problem, rests_on_all: false });
    }
}

/// A problem at a span of a text.
pub(super) fn problem_in(
    severity: Severity,
    file: &Path,
    text: &Arc<str>,
    span: &Range<usize>,
    message: String,
    remedy: String,
) -> ConfigProblem {
    ConfigProblem::at(&spot_in(file, text, span), severity, message, remedy)
}

/// The place of a span of a text.
fn spot_in(file: &Path, text: &Arc<str>, span: &Range<usize>) -> Spot {
    let start = floor_boundary(text, span.start);
    let end = floor_boundary(text, span.end).max(start);
    let (line, column) = line_and_column(text, start);
    let place = Place { file: file.to_path_buf(), line: Some(line), column: Some(column) };
    let excerpt = (!shows_secret(text, start..end)).then(|| Excerpt { text: Arc::clone(text), span: start..end });
    Spot { place, excerpt }
}

/// Whether one of the lines of a span sets a key or password.
fn shows_secret(text: &str, span: Range<usize>) -> bool {
    let start = text[..span.start].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[span.end..].find('\n').map_or(text.len(), |newline| span.end + newline);
    text[start..end].to_lowercase().split(['\n', ',', '{']).any(|part| {
        part.split_once('=').is_some_and(|(key, _)| SECRET_KEYS.contains(&key.trim().trim_matches(['"', '\''])))
    })
}

/// Reads a text file of at most [`MAX_BYTES`], without a byte order mark. The error is a message,
/// a remedy, and for text that is not UTF-8 the bytes before the first wrong one.
pub(super) fn read_text(path: &Path) -> Result<String, Unreadable> {
    let failed = |message: String, remedy: &str| Unreadable { message, remedy: remedy.to_owned(), sound: None };
    let file = File::open(path).map_err(|error| failed(reason(&error), "name a file that is there"))?;
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Err(failed("is a folder".into(), "name a file"));
    }
    let mut bytes = Vec::new();
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|error| failed(reason(&error), "make it readable"))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(failed("is larger than 1 MiB".into(), "split it: a config or a query is never that large"));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").map(<[u8]>::to_vec).unwrap_or(bytes);
    String::from_utf8(bytes).map_err(|error| {
        let sound = String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]).into_owned();
        Unreadable {
            message: "is not UTF-8 from here on".into(),
            remedy: "save the file as UTF-8".into(),
            sound: Some(sound),
        }
    })
}

/// Why a file cannot be read.
pub(super) struct Unreadable {
    pub message: String,
    pub remedy: String,
    /// The text before the first byte that is not UTF-8.
    pub sound: Option<String>,
}

/// A failed read, in lower case.
fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "is not there".into(),
        std::io::ErrorKind::PermissionDenied => "may not be read".into(),
        std::io::ErrorKind::IsADirectory => "is a folder".into(),
        _ => format!("cannot be read: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::shows_secret;

    #[test]
    fn a_line_with_a_key_is_not_shown() {
        let text = "a = 1\napi_key = \"s3cret\"\nkey_env = \"A\"\nx = { key = \"s\" }\n";
        let at = |word: &str| text.find(word).map(|start| start..start + 1).unwrap();
        assert!(shows_secret(text, at("s3cret")));
        assert!(shows_secret(text, at("x =")));
        assert!(!shows_secret(text, at("a =")));
        assert!(!shows_secret(text, at("key_env")));
    }
}
