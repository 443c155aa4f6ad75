//! The query language: one tree, read once, rendered for every platform and matched locally.
//!
//! docs/query-language.md describes the language. [`parse`] reads it into a [`Tree`] and tells all
//! mistakes as [`Diagnostic`]s; [`render`] writes a tree for a [`Platform`]; a [`Matcher`] evaluates
//! it on a record's own fields.

mod clause;
pub mod diagnostic;
mod dialects;
mod expression;
mod field;
mod lexer;
pub mod lints;
pub mod matcher;
pub mod mesh;
pub mod parser;
pub mod platform;
mod publication;
mod readers;
pub mod review;
mod subheadings;
mod survey;
pub mod term;
pub mod tree;

use std::ops::Range;

use serde::Serialize;

pub use self::clause::{Dates, Heading, Native, Vocabulary};
pub use self::diagnostic::{Diagnostic, Fix, Severity, show};
pub use self::dialects::{Limits, render, render_split, render_within};
pub use self::field::{Field, FieldSet, Scope};
pub use self::matcher::Matcher;
pub use self::mesh::{Mesh, render_with_mesh};
pub use self::parser::parse;
pub use self::platform::Platform;
pub use self::readers::{detect, read};
pub use self::survey::{Clause, Concept, Count, Survey};
pub use self::term::{Term, Word};
pub use self::tree::{Kind, Node, Tree};
use crate::model::{PartialDate, Record, Truth};

/// A byte range of a query's text.
pub type Span = Range<usize>;

/// The result of reading: a tree wherever one could be recovered, and everything that is to be said.
#[derive(Clone, Debug)]
pub struct Parsed {
    pub tree: Option<Tree>,
    pub diagnostics: Vec<Diagnostic>,
    /// The numbered lines of a strategy, in order; empty where it has none.
    pub lines: Vec<Line>,
}

/// A numbered line of a strategy.
#[derive(Clone, Debug)]
pub struct Line {
    /// The number or name that other lines refer to it by.
    pub label: String,
    /// All of it in the query's text, the label apart.
    pub span: Span,
    /// What it asks for, the lines that it refers to put in. `None` where it could not be read.
    pub node: Option<Node>,
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

/// A query in a platform's syntax.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// Empty where nothing of the query can be asked there; a warning says so.
    pub query: String,
    /// Whether the platform's answer is exactly what the query means (window apart).
    pub exact: bool,
    pub warnings: Vec<Diagnostic>,
}

/// The fields that a query is matched against. `None`, or nothing but white space, is missing, and
/// makes a clause on it unknown.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fields<'a> {
    pub title: Option<&'a str>,
    pub abstract_text: Option<&'a str>,
    pub keywords: Option<&'a [String]>,
    pub full_text: Option<&'a str>,
    /// When it was published: print, online … One of them decides.
    pub dates: &'a [PartialDate],
    /// The records that it is known by: for types, languages, journals, authors, identifiers.
    pub records: &'a [&'a Record],
}

impl<'a> Fields<'a> {
    /// The fields of one record: `Fields::of(&[&record])`; of several, the texts are the first one's.
    pub fn of(records: &'a [&'a Record]) -> Self {
        let Some(first) = records.first() else { return Self::default() };
        Self {
            title: first.title.as_deref(),
            abstract_text: first.abstract_text.as_deref(),
            keywords: (!first.keywords.is_empty()).then_some(first.keywords.as_slice()),
            full_text: None,
            dates: &first.dates,
            records,
        }
    }
}

/// A term found: where in which field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hit {
    /// `title`, `abstract`, `keywords` (offsets into the keywords joined by `; `), `fulltext`; or
    /// another field's name, with no offsets (0 and 0): `type`, `language`, `journal`, `author` …
    pub field: &'static str,
    pub term: String,
    pub start: usize,
    pub end: usize,
}

/// What matching found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    pub value: Truth,
    /// In order of field and offset; not under NOT, and of a NEAR only what lies near.
    pub hits: Vec<Hit>,
}

#[cfg(test)]
mod tests;
