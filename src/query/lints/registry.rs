//! Every code that is told of a query: what it means and what to do.

mod reading;
mod writing;

use super::Subject;
use super::{dates, fields, lines, marks, negation, parentheses, plural, repeated, size, spelling, stemming};
use crate::query::Platform;
use crate::query::diagnostic::Diagnostic;
pub use crate::query::diagnostic::Severity;

/// What is told under one code.
#[derive(Debug)]
pub struct Code {
    /// In kebab case; never changed once it is out.
    pub code: &'static str,
    /// How bad it usually is; some platforms take what others refuse.
    pub severity: Severity,
    pub title: &'static str,
    /// What it means and what to do about it.
    pub text: &'static str,
    /// A query of which it is told; empty where none is short enough.
    pub example: &'static str,
    /// The platform in whose syntax the examples are; of what is told on writing, the one written for.
    pub platform: Platform,
    /// How it is better written.
    pub better: Option<&'static str>,
    /// Whether `query lint --fix` can mend it.
    pub fix: bool,
}

/// When something is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// On reading a query, whatever is done with it.
    Reading,
    /// By `query lint` and `query review`.
    Lint,
    /// On writing a query for a platform.
    Writing,
}

impl Stage {
    /// Every stage, in the order of the documentation.
    pub const ALL: [Self; 3] = [Self::Reading, Self::Lint, Self::Writing];

    /// The codes of the stage.
    pub fn codes(self) -> Vec<&'static Code> {
        match self {
            Self::Reading => reading::CODES.iter().collect(),
            Self::Lint => FAMILIES.iter().flat_map(|family| family.codes).collect(),
            Self::Writing => writing::CODES.iter().collect(),
        }
    }
}

/// Lints that are looked for together.
pub(super) struct Family {
    pub codes: &'static [Code],
    pub check: fn(&Subject<'_>, &mut Vec<Diagnostic>),
}

/// Every lint. To add one: a file with its codes and its check, and a line here.
pub(super) const FAMILIES: &[Family] = &[
    Family { codes: parentheses::CODES, check: parentheses::check },
    Family { codes: repeated::CODES, check: repeated::check },
    Family { codes: spelling::CODES, check: spelling::check },
    Family { codes: plural::CODES, check: plural::check },
    Family { codes: negation::CODES, check: negation::check },
    Family { codes: lines::CODES, check: lines::check },
    Family { codes: size::CODES, check: size::check },
    Family { codes: stemming::CODES, check: stemming::check },
    Family { codes: dates::CODES, check: dates::check },
    Family { codes: fields::CODES, check: fields::check },
    Family { codes: marks::CODES, check: marks::check },
];

/// What stands for a code. One that is told on reading and on writing (`short-truncation`) is found
/// as it is told on reading.
pub fn find(code: &str) -> Option<&'static Code> {
    Stage::ALL.into_iter().flat_map(Stage::codes).find(|known| known.code == code)
}

/// The page of the documentation: every code with what it means.
pub fn page() -> String {
    let mut page = String::from(PREFACE);
    for stage in Stage::ALL {
        let (title, text) = match stage {
            Stage::Reading => ("Told on reading", "An error makes the query unreadable: nothing is searched with it."),
            Stage::Lint => {
                ("Told by lint and review", "The query can be read. An error means that its platform will not take it.")
            }
            Stage::Writing => (
                "Told on writing for a platform",
                "What the platform cannot say, and what was written in its place. The local match makes good what comes back too much.",
            ),
        };
        page.push_str(&format!("\n## {title}\n{text}\n"));
        for code in stage.codes() {
            page.push('\n');
            page.push_str(&code.section(stage, "###"));
        }
    }
    page
}

const PREFACE: &str = "# What is told of a query

<!-- Made from the registry in src/query/lints/registry.rs: change it there, then run
GLEANER_BLESS=1 cargo test --test docs -->

Every code that `gleaner query lint`, `query review` and `query translate` tell, and what to do about it. `gleaner query codes CODE` prints a section. An *error* is a query that cannot be read or that its platform refuses; a *warning* may change what is found; a *hint* is worth knowing. Where it says *fix*, `query lint --fix` mends it if the meaning stays as it is, and `--unsafe-fixes` also where what is found changes.
";

impl Code {
    /// Its section of the documentation in Markdown; `mark` is the heading's.
    pub fn section(&self, stage: Stage, mark: &str) -> String {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Hint => "hint",
        };
        let fix = if self.fix { " · fix" } else { "" };
        let mut section = format!("{mark} {}\n*{severity}{fix}* {}. {}\n", self.code, self.title, self.text);
        let syntax = match (stage, self.platform) {
            (Stage::Writing, platform) => format!("written for {}", platform.title()),
            (_, Platform::Gleaner) => String::new(),
            (_, platform) => platform.title().to_owned(),
        };
        let note = |what: &str| match syntax.is_empty() {
            true => format!("{what}:"),
            false => format!("{what} ({syntax}):"),
        };
        if !self.example.is_empty() {
            section.push_str(&format!("\n{}\n```text\n{}\n```\n", note("Told of"), self.example));
        }
        if let Some(better) = self.better {
            section.push_str(&format!("\n{}\n```text\n{better}\n```\n", "Better:"));
        }
        section
    }

    /// When it is told: the first stage that has it.
    pub fn stage(&self) -> Stage {
        let is_mine = |stage: &Stage| stage.codes().into_iter().any(|code| std::ptr::eq(code, self));
        Stage::ALL.into_iter().find(is_mine).unwrap_or(Stage::Lint)
    }
}
