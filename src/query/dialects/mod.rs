//! Writing a tree in the syntax of a platform, one file each.
//!
//! A platform that cannot say a clause gets the narrowest thing that it can say and that loses no
//! record: a superset where the clause is wanted, a subset where it stands under NOT. At worst
//! that is everything (the clause is dropped) or nothing (the exclusion is dropped). Each loss is
//! told with the clause that it concerns.

mod arxiv;
mod base;
mod cochrane;
mod core;
mod crossref;
mod datacite;
mod dimensions;
mod doaj;
mod ebsco;
mod embase;
mod eric;
mod europepmc;
mod gleaner;
mod govuk;
mod ieee;
mod index;
mod lens;
mod lucene;
mod openalex;
mod ovid;
mod parts;
mod plos;
mod proquest;
mod pubmed;
mod ranked;
mod scopus;
mod semanticscholar;
mod split;
mod springer;
mod stems;
mod tags;
mod wos;

use std::collections::HashSet;

pub use self::split::{Limits, render_split, render_within};

use super::clause::{Dates, Heading, Native};
use super::field::Scope;
use super::term::Term;
use super::tree::{Kind, Node, Tree};
use super::{Diagnostic, Platform, Rendered, Span};

/// Renders a tree for a platform: exactly where it can say the query, else as the narrowest
/// superset, with a warning for each clause that lost something.
pub fn render(tree: &Tree, platform: Platform) -> Rendered {
    match platform {
        Platform::Gleaner => gleaner::render(tree),
        Platform::PubMed => write(tree, &pubmed::PubMed),
        Platform::Ovid => write(tree, &ovid::Ovid),
        Platform::Cochrane => write(tree, &cochrane::Cochrane),
        Platform::Embase => write(tree, &embase::Embase),
        Platform::Wos => write(tree, &wos::Wos),
        Platform::Scopus => write(tree, &scopus::Scopus),
        Platform::Ebsco => write(tree, &ebsco::Ebsco),
        Platform::ProQuest => write(tree, &proquest::ProQuest),
        Platform::OpenAlex => openalex::render(tree),
        Platform::Crossref => crossref::render(tree),
        Platform::EuropePmc => index::render::<europepmc::EuropePmc>(tree),
        Platform::Lucene => index::render::<lucene::Lucene>(tree),
        Platform::Arxiv => index::render::<arxiv::Arxiv>(tree),
        Platform::Doaj => index::render::<doaj::Doaj>(tree),
        Platform::Core => index::render::<core::Core>(tree),
        Platform::Plos => index::render::<plos::Plos>(tree),
        Platform::DataCite => index::render::<datacite::DataCite>(tree),
        Platform::Eric => index::render::<eric::Eric>(tree),
        Platform::Base => index::render::<base::Base>(tree),
        Platform::Lens => index::render::<lens::Lens>(tree),
        Platform::Ieee => index::render::<ieee::Ieee>(tree),
        Platform::Springer => index::render::<springer::Springer>(tree),
        Platform::SemanticScholar => index::render::<semanticscholar::SemanticScholar>(tree),
        Platform::Dimensions => index::render::<dimensions::Dimensions>(tree),
        Platform::GovUk => govuk::render(tree),
        // Read only: it is another tool's syntax, and no platform's.
        Platform::Findpapers => {
            let message = format!("queries are not written for {}", platform.title());
            let warnings = vec![Diagnostic::warning("nothing-to-ask", &tree.root.span, message)];
            Rendered { query: String::new(), exact: false, warnings }
        }
    }
}

/// What a platform with Boolean logic can say.
trait Dialect {
    const PLATFORM: Platform;
    const NOT: &'static str = " NOT ";
    /// Whether each term carries its field; else a field stands around a group.
    const FIELD_ON_TERMS: bool;

    /// Whether a group may stand inside one field as a whole.
    fn wraps(&self, node: &Node, _place: &Place<'_>) -> bool {
        is_uniform(node)
    }
    /// How well it can look into these fields.
    fn reach(&self, scope: Scope) -> Reach;
    /// Puts a field's tag around a text.
    fn in_field(&self, tag: &str, text: &str) -> String;
    /// A term. Where it comes out wider than meant, [`Writer::widened`] says whether that is right here.
    fn term(&self, writer: &mut Writer, term: &Term, place: &Place<'_>) -> Said;
    /// Two operands near each other; both without AND, NOT and fields.
    fn near(&self, writer: &mut Writer, near: Proximity<'_>, place: &Place<'_>) -> Said;
    /// A heading of a controlled vocabulary; where the platform has none, its words in the default fields.
    fn heading(&self, writer: &mut Writer, heading: &Heading, place: &Place<'_>) -> Said
    where
        Self: Sized,
    {
        heading_as_words(self, writer, heading, place)
    }
    /// A period; where it cannot be said in the query it is left to the request's own dates and the
    /// local match.
    fn dates(&self, writer: &mut Writer, _dates: &Dates, place: &Place<'_>) -> Said {
        writer.dropped(place, "unsayable-dates", &format!("{} takes no dates inside a query", Self::PLATFORM.title()))
    }
    /// A clause of its own syntax inside a query; `None` where it must stand on a line of its own.
    fn native(&self, text: &str) -> Option<String> {
        Some(text.to_owned())
    }
    /// All but this, standing alone; `None` where that cannot be said.
    fn all_but(&self, _text: &str) -> Option<String> {
        None
    }
}

/// Two operands near each other, at most `distance` words between them, the left one first if `ordered`.
#[derive(Clone, Copy)]
struct Proximity<'a> {
    distance: u16,
    ordered: bool,
    left: &'a Node,
    right: &'a Node,
}

/// How well a platform can look into fields.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Exactly there, by this tag.
    Exact(&'static str),
    /// There and elsewhere.
    Wider(&'static str),
    /// Not in the full text, which it does not hold, but in all else.
    NoFullText(&'static str),
    /// Not at all.
    Unsayable,
}

impl Reach {
    fn tag(self) -> &'static str {
        match self {
            Self::Exact(tag) | Self::Wider(tag) | Self::NoFullText(tag) => tag,
            Self::Unsayable => "",
        }
    }
}

/// A clause as a platform says it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Said {
    /// It says nothing: any record passes.
    Everything,
    /// No record passes.
    Nothing,
    /// A text, and whether it needs parentheses inside another.
    Text { text: String, compound: bool },
    /// Any of these texts, two or more: an OR not yet written, so that an OR around it takes it in.
    Any(Vec<(String, bool)>),
}

impl Said {
    fn simple(text: impl Into<String>) -> Self {
        Self::Text { text: text.into(), compound: false }
    }
    fn compound(text: impl Into<String>) -> Self {
        Self::Text { text: text.into(), compound: true }
    }
    /// The same with an OR written out.
    fn settled(self) -> Self {
        match self {
            Self::Any(texts) => Self::compound(joined(texts, " OR ")),
            said => said,
        }
    }
}

/// A text as an operand.
fn operand(text: String, compound: bool) -> String {
    if compound { format!("({text})") } else { text }
}

/// Where a clause stands.
#[derive(Clone)]
struct Place<'a> {
    scope: Scope,
    /// What named the scope.
    scope_span: Span,
    tag: &'static str,
    /// Under an odd number of NOTs: what is said may be too little here, never too much.
    negative: bool,
    /// Inside a group that carries the field.
    wrapped: bool,
    /// Inside NEAR.
    near: bool,
    span: &'a Span,
}

/// Collects what is lost.
#[derive(Default)]
struct Writer {
    warnings: Vec<Diagnostic>,
    inexact: bool,
}

impl Writer {
    fn lose(&mut self, code: &'static str, span: &Span, message: impl Into<String>) {
        self.inexact = true;
        let warning = Diagnostic::warning(code, span, message);
        if !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }

    /// Tells of a clause that came out wider than meant, and gives what may stand in its place.
    fn widened(&mut self, place: &Place<'_>, code: &'static str, message: &str, said: Said) -> Said {
        if place.negative {
            let message = format!("{message}; under NOT that would lose records, so this exclusion is left out");
            self.lose(code, place.span, message);
            return Said::Nothing;
        }
        self.lose(code, place.span, message);
        said
    }

    /// Tells, of a NEAR in a fixed order, that the platform finds the other order too; whether it may be said.
    fn loses_order(&mut self, near: Proximity<'_>, platform: Platform, place: &Place<'_>) -> bool {
        let message = format!("{} finds the words in any order", platform.title());
        near.ordered && self.widened(place, "order-lost", &message, Said::Everything) == Said::Nothing
    }

    /// Tells of a clause that cannot be said.
    fn dropped(&mut self, place: &Place<'_>, code: &'static str, message: &str) -> Said {
        self.widened(place, code, &format!("{message}: the clause is left out, and more is found"), Said::Everything)
    }
}

/// Texts as operands with an operator between them.
fn joined(texts: Vec<(String, bool)>, operator: &str) -> String {
    let texts: Vec<String> = texts.into_iter().map(|(text, compound)| operand(text, compound)).collect();
    texts.join(operator)
}

/// Joins clauses by OR.
fn any_of(parts: impl IntoIterator<Item = Said>) -> Said {
    let mut texts = Distinct::default();
    for part in parts {
        match part {
            Said::Everything => return Said::Everything,
            Said::Nothing => {}
            Said::Text { text, compound } => texts.add(text, compound),
            Said::Any(parts) => parts.into_iter().for_each(|(text, compound)| texts.add(text, compound)),
        }
    }
    texts.said(Said::Nothing, Said::Any)
}

/// Joins clauses by AND.
fn all_of(parts: impl IntoIterator<Item = Said>) -> Said {
    let mut texts = Distinct::default();
    for part in parts {
        match part.settled() {
            Said::Nothing => return Said::Nothing,
            Said::Text { text, compound } => texts.add(text, compound),
            Said::Everything | Said::Any(_) => {}
        }
    }
    texts.said(Said::Everything, |texts| Said::compound(joined(texts, " AND ")))
}

/// Texts in order, each once.
#[derive(Default)]
struct Distinct {
    texts: Vec<(String, bool)>,
    known: HashSet<String>,
}

impl Distinct {
    fn add(&mut self, text: String, compound: bool) {
        if self.known.insert(text.clone()) {
            self.texts.push((text, compound));
        }
    }
    fn said(mut self, none: Said, several: impl FnOnce(Vec<(String, bool)>) -> Said) -> Said {
        if self.texts.len() > 1 {
            return several(self.texts);
        }
        self.texts.pop().map_or(none, |(text, compound)| Said::Text { text, compound })
    }
}

fn write<D: Dialect>(tree: &Tree, dialect: &D) -> Rendered {
    let mut writer = Writer::default();
    let said = say(dialect, &mut writer, &tree.root, &top::<D>(dialect, &tree.root));
    finish(writer, said, D::PLATFORM, &tree.root.span)
}

fn top<'a, D: Dialect>(dialect: &D, root: &'a Node) -> Place<'a> {
    Place {
        scope: Scope::Default,
        scope_span: root.span.clone(),
        tag: dialect.reach(Scope::Default).tag(),
        negative: false,
        wrapped: false,
        near: false,
        span: &root.span,
    }
}

fn finish(mut writer: Writer, said: Said, platform: Platform, span: &Span) -> Rendered {
    let query = match said.settled() {
        Said::Text { text, .. } => text,
        Said::Everything | Said::Nothing | Said::Any(_) => {
            let message = format!("nothing of this query can be asked of {}", platform.title());
            writer.lose("nothing-to-ask", span, message);
            String::new()
        }
    };
    Rendered { query, exact: !writer.inexact, warnings: writer.warnings }
}

/// Says a part of the tree.
fn say<D: Dialect>(dialect: &D, writer: &mut Writer, node: &Node, place: &Place<'_>) -> Said {
    if !D::FIELD_ON_TERMS && !place.wrapped && dialect.wraps(node, place) {
        let inside = Place { wrapped: true, ..place.clone() };
        return match say(dialect, writer, node, &inside).settled() {
            Said::Text { text, .. } => Said::simple(dialect.in_field(place.tag, &text)),
            said => said,
        };
    }
    let place = &Place { span: &node.span, ..place.clone() };
    match &node.kind {
        Kind::Term(term) => match scope_allows(dialect, writer, place) {
            None => dialect.term(writer, term, place),
            Some(said) => said,
        },
        Kind::Near { distance, ordered, left, right } => match scope_allows(dialect, writer, place) {
            None => dialect.near(writer, Proximity { distance: *distance, ordered: *ordered, left, right }, place),
            Some(said) => said,
        },
        Kind::Heading(heading) => dialect.heading(writer, heading, place),
        Kind::Dates(dates) => dialect.dates(writer, dates, place),
        Kind::Native(native) => say_native(dialect, writer, native, place),
        Kind::Limit { scope, node: inside } => {
            let scope_span = node.span.start..inside.span.start;
            let tag = dialect.reach(*scope).tag();
            say(dialect, writer, inside, &Place { scope: *scope, scope_span, tag, ..place.clone() })
        }
        Kind::Or(nodes) => any_of(nodes.iter().map(|node| say(dialect, writer, node, place)).collect::<Vec<_>>()),
        Kind::And(nodes) => say_and(dialect, writer, nodes, place),
        Kind::Not(_) => say_and(dialect, writer, std::slice::from_ref(node), place),
    }
}

/// The words of a heading in the default fields: not all that was indexed with it.
fn heading_as_words<D: Dialect>(dialect: &D, writer: &mut Writer, heading: &Heading, place: &Place<'_>) -> Said {
    let title = D::PLATFORM.title();
    let Some(term) = heading.term().filter(|_| !place.negative) else {
        return writer.dropped(place, "unsayable-heading", &format!("{title} does not know the heading {heading}"));
    };
    let message = format!(
        "{title} does not know the heading {heading}: its words are looked for, and records indexed with it that do not use them may be lost"
    );
    writer.lose("heading-as-words", place.span, message);
    let tag = dialect.reach(Scope::Default).tag();
    let node = Node::new(Kind::Term(term), place.span.clone());
    let node = Node::new(Kind::Limit { scope: Scope::Default, node: Box::new(node) }, place.span.clone());
    say(dialect, writer, &node, &Place { tag, ..place.clone() })
}

fn say_native<D: Dialect>(dialect: &D, writer: &mut Writer, native: &Native, place: &Place<'_>) -> Said {
    let title = native.platform.title();
    if native.platform != D::PLATFORM {
        let message = format!("only {title} understands `{}`", native.text);
        return writer.dropped(place, "native-clause", &message);
    }
    match dialect.native(&native.text) {
        Some(text) => Said::compound(text),
        None => {
            let message = format!("{title} takes `{}` only on a line of its own, behind the query", native.text);
            writer.dropped(place, "native-clause", &message)
        }
    }
}

/// Whether no other field is named inside, and nothing that has a place of its own to look.
fn is_uniform(node: &Node) -> bool {
    !matches!(node.kind, Kind::Limit { .. } | Kind::Heading(_) | Kind::Dates(_) | Kind::Native(_))
        && node.children().into_iter().all(is_uniform)
}

/// `None` where a clause may be said in its field; else what stands in its place.
fn scope_allows<D: Dialect>(dialect: &D, writer: &mut Writer, place: &Place<'_>) -> Option<Said> {
    let title = D::PLATFORM.title();
    let told = Place { span: &place.scope_span, ..place.clone() };
    let said = match dialect.reach(place.scope) {
        Reach::Exact(_) => return None,
        Reach::Wider(_) => {
            let message = format!("{title} cannot look in {} alone: it looks in more", place.scope);
            writer.widened(&told, "wider-field", &message, Said::Everything)
        }
        Reach::NoFullText(_) => {
            let message = format!("{title} does not hold full texts: what stands only there may be lost");
            writer.widened(&told, "no-full-text", &message, Said::Everything)
        }
        Reach::Unsayable => {
            let message = format!("{title} cannot look in {}", place.scope);
            return Some(writer.dropped(&told, "unsayable-field", &message));
        }
    };
    (said == Said::Nothing).then_some(said)
}

/// All of the nodes; those that are NOTs exclude.
fn say_and<D: Dialect>(dialect: &D, writer: &mut Writer, nodes: &[Node], place: &Place<'_>) -> Said {
    let mut wanted = Vec::new();
    let mut excluded = Vec::new();
    for node in nodes {
        match &node.kind {
            Kind::Not(inside) => {
                let turned = Place { negative: !place.negative, ..place.clone() };
                excluded.push(say(dialect, writer, inside, &turned));
            }
            _ => wanted.push(say(dialect, writer, node, place)),
        }
    }
    let excluded = any_of(excluded).settled();
    match (all_of(wanted), excluded) {
        (Said::Nothing, _) | (_, Said::Everything) => Said::Nothing,
        (wanted, Said::Nothing) => wanted,
        (Said::Text { text: wanted, compound }, Said::Text { text: excluded, .. }) => {
            Said::compound(format!("{}{}({excluded})", operand(wanted, compound), D::NOT))
        }
        (Said::Everything, Said::Text { text, .. }) => {
            // Where what was wanted got lost, all but something is no search any more.
            let meant = nodes.iter().all(|node| matches!(node.kind, Kind::Not(_)));
            if let Some(text) = dialect.all_but(&text).filter(|_| meant) {
                return Said::compound(text);
            }
            let message = format!("{} cannot be asked for all but something", D::PLATFORM.title());
            writer.dropped(place, "bare-not", &message)
        }
        // Both sides are settled.
        (said, _) => said,
    }
}
