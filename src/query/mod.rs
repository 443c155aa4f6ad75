//! The query language: one tree, read once, rendered for every platform and matched locally.

use std::ops::Range;

use serde::Serialize;

use crate::model::Truth;

/// A syntax that queries are read from or written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Platform {
    Gleaner,
    PubMed,
    Wos,
    Scopus,
    OpenAlex,
    Crossref,
    EuropePmc,
    GovUk,
}

/// What is told of a query. Offsets are bytes of the query's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// A stable code in kebab case (`unbalanced-parenthesis`).
    pub code: &'static str,
    pub severity: Severity,
    pub message: String,
    pub start: usize,
    pub end: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Error,
    Warning,
    Hint,
}

/// The result of reading: a tree wherever one could be recovered, and everything that is to be said.
pub struct Parsed {
    pub tree: Option<Tree>,
    pub diagnostics: Vec<Diagnostic>,
}

impl Parsed {
    /// The tree, if nothing in the text is an error.
    pub fn sound(self) -> Result<Tree, Vec<Diagnostic>> {
        let broken = self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
        match self.tree {
            Some(tree) if !broken => Ok(tree),
            _ => Err(self.diagnostics),
        }
    }
}

/// A query read; see the `tree` module.
#[derive(Clone, Debug, PartialEq)]
pub struct Tree;

/// A query in a platform's syntax.
pub struct Rendered {
    pub query: String,
    /// Whether the platform's answer is exactly what the query means (window apart).
    pub exact: bool,
    pub warnings: Vec<Diagnostic>,
}

/// The fields that a query is matched against. `None` is missing, and makes a clause on it unknown.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fields<'a> {
    pub title: Option<&'a str>,
    pub abstract_text: Option<&'a str>,
    pub keywords: Option<&'a [String]>,
    pub full_text: Option<&'a str>,
}

/// A term found: where in which field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hit {
    /// `title`, `abstract`, `keywords` (offsets into the keywords joined by `; `), `fulltext`.
    pub field: &'static str,
    pub term: String,
    pub start: usize,
    pub end: usize,
}

/// What matching found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    pub value: Truth,
    /// In order of field and offset; not under NOT.
    pub hits: Vec<Hit>,
}

/// Reads a query in gleaner's own language.
pub fn parse(_text: &str) -> Parsed {
    unimplemented!()
}

/// Renders a tree for a platform.
pub fn render(_tree: &Tree, _platform: Platform) -> Rendered {
    unimplemented!()
}

/// A compiled query: cheap to match many times.
pub struct Matcher;

impl Matcher {
    /// Compiles a tree.
    pub fn new(_tree: &Tree) -> Self {
        unimplemented!()
    }
    /// Whether the fields match, and where.
    pub fn evaluate(&self, _fields: &Fields<'_>) -> Match {
        unimplemented!()
    }
}

/// A byte range of a query's text.
pub type Span = Range<usize>;
