//! Headings written out as words, from a descriptor file of NLM that the user names.

mod file;

use std::collections::{HashMap, HashSet};
use std::io::Read;

use thiserror::Error;

use super::clause::{Heading, Vocabulary};
use super::dialects::render;
use super::field::Scope;
use super::term::Term;
use super::tree::{Kind, Node, Tree};
use super::{Diagnostic, Platform, Rendered};

/// Why a descriptor file cannot be used.
#[derive(Debug, Error)]
pub enum MeshError {
    #[error("it cannot be read: {0}")]
    Io(#[from] std::io::Error),
    #[error("it is broken: {0}")]
    Broken(String),
    #[error("it is larger than any descriptor file of NLM")]
    TooLarge,
    #[error(
        "it holds no descriptor: NLM's descriptor file is wanted, desc2026.xml or d2026.bin of the year, gzipped or not"
    )]
    NoDescriptors,
}

/// A descriptor: a heading and its place in the trees.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Descriptor {
    /// The heading, then its entry terms.
    names: Vec<String>,
    /// Tree numbers: `C14.280.647`; what begins with one and a dot is narrower.
    places: Vec<String>,
}

/// The descriptors of a file.
#[derive(Debug)]
pub struct Mesh {
    descriptors: Vec<Descriptor>,
    /// Headings and entry terms in lower case.
    by_name: HashMap<String, usize>,
    /// Each place in the trees and whose it is, in order.
    places: Vec<(String, usize)>,
}

/// The terms that headings of one query may be written out into; more is no query any more.
const MOST_TERMS: usize = 20_000;

impl Mesh {
    /// Reads NLM's descriptor file, XML or ASCII, gzipped or not.
    pub fn read(file: impl Read) -> Result<Self, MeshError> {
        let descriptors = file::read(file)?;
        let mut by_name = HashMap::new();
        // A heading comes before another's entry term of the same name.
        for (at, descriptor) in descriptors.iter().enumerate() {
            by_name.insert(descriptor.names[0].to_lowercase(), at);
        }
        for (at, descriptor) in descriptors.iter().enumerate() {
            for name in &descriptor.names[1..] {
                by_name.entry(name.to_lowercase()).or_insert(at);
            }
        }
        let place = |(at, descriptor): (usize, &Descriptor)| -> Vec<(String, usize)> {
            descriptor.places.iter().map(|place| (place.clone(), at)).collect()
        };
        let mut places: Vec<(String, usize)> = descriptors.iter().enumerate().flat_map(place).collect();
        places.sort();
        Ok(Self { descriptors, by_name, places })
    }

    /// How many headings there are.
    pub fn headings(&self) -> usize {
        self.descriptors.len()
    }

    /// A heading's entry terms, and those of its narrower headings where they count too; each as it
    /// stands in a text (`Accidents, Traffic` as `Traffic Accidents`). `None` where there is no such heading.
    pub fn terms(&self, heading: &Heading) -> Option<Vec<String>> {
        let of = *self.by_name.get(&heading.name.to_lowercase())?;
        let mut found = vec![of];
        if heading.explode {
            for place in &self.descriptors[of].places {
                let below = format!("{place}.");
                let from = self.places.partition_point(|(place, _)| *place < below);
                let narrower = self.places[from..].iter().take_while(|(place, _)| place.starts_with(&below));
                found.extend(narrower.map(|(_, at)| *at));
            }
        }
        let mut known = HashSet::new();
        let mut seen = HashSet::new();
        let terms = found
            .into_iter()
            .filter(|at| seen.insert(*at))
            .flat_map(|at| &self.descriptors[at].names)
            .map(|name| turned(name))
            .filter(|name| known.insert(name.to_lowercase()));
        Some(terms.collect())
    }
}

/// A term as it stands in a text: what is behind the comma comes first.
fn turned(name: &str) -> String {
    let parts: Vec<&str> = name.split(", ").collect();
    parts.into_iter().rev().collect::<Vec<_>>().join(" ")
}

/// Whether a platform looks for Medical Subject Headings itself.
fn knows_headings(platform: Platform) -> bool {
    matches!(platform, Platform::PubMed | Platform::Ovid | Platform::Cochrane)
}

/// Renders a tree with its Medical Subject Headings written out as words where the platform does not
/// know headings. What is indexed with a heading and uses none of its words may be lost, which is told;
/// under NOT headings stay, since the words would exclude more than the heading.
pub fn render_with_mesh(tree: &Tree, platform: Platform, mesh: &Mesh) -> Rendered {
    if knows_headings(platform) {
        return render(tree, platform);
    }
    let mut writer = Expansion { mesh, told: Vec::new(), terms: 0 };
    let root = writer.expanded(&tree.root, false);
    let mut rendered = render(&Tree { root }, platform);
    rendered.exact &= writer.told.is_empty();
    rendered.warnings.splice(0..0, writer.told);
    rendered
}

struct Expansion<'a> {
    mesh: &'a Mesh,
    told: Vec<Diagnostic>,
    terms: usize,
}

impl Expansion<'_> {
    fn expanded(&mut self, node: &Node, negative: bool) -> Node {
        let kind = match &node.kind {
            Kind::Heading(heading) if heading.vocabulary == Vocabulary::Mesh && !negative => {
                self.written_out(heading, node).unwrap_or_else(|| node.kind.clone())
            }
            Kind::And(nodes) => Kind::And(nodes.iter().map(|node| self.expanded(node, negative)).collect()),
            Kind::Or(nodes) => Kind::Or(nodes.iter().map(|node| self.expanded(node, negative)).collect()),
            Kind::Not(inside) => Kind::Not(Box::new(self.expanded(inside, !negative))),
            Kind::Limit { scope, node } => Kind::Limit { scope: *scope, node: Box::new(self.expanded(node, negative)) },
            // No heading stands inside these.
            kind @ (Kind::Term(_) | Kind::Near { .. } | Kind::Heading(_) | Kind::Dates(_) | Kind::Native(_)) => {
                kind.clone()
            }
        };
        Node::new(kind, node.span.clone())
    }

    fn written_out(&mut self, heading: &Heading, node: &Node) -> Option<Kind> {
        let Some(names) = self.mesh.terms(heading) else {
            let message =
                format!("the descriptor file has no heading `{}`: its own words are looked for", heading.name);
            self.told.push(Diagnostic::warning("unknown-heading", &node.span, message));
            return None;
        };
        let number = names.len();
        self.terms += number;
        if self.terms > MOST_TERMS {
            let message = format!(
                "written out the headings would be more than {MOST_TERMS} terms: {heading} is left as it is. Name narrower headings"
            );
            self.told.push(Diagnostic::warning("heading-left", &node.span, message));
            return None;
        }
        let terms = names.iter().filter_map(|name| Term::read_plain(&name.replace(['*', '?', '$'], " ")));
        let mut terms: Vec<Node> = terms.map(|term| Node::new(Kind::Term(term), node.span.clone())).collect();
        let inside = match terms.len() {
            0 => return None,
            1 => terms.remove(0),
            _ => Node::new(Kind::Or(terms), node.span.clone()),
        };
        let message = format!(
            "{heading} is written out as {number} terms of its vocabulary: records indexed with it that use none of them may be lost"
        );
        self.told.push(Diagnostic::warning("heading-written-out", &node.span, message));
        Some(Kind::Limit { scope: Scope::Default, node: Box::new(inside) })
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::query::parse;

    const XML: &[u8] = include_bytes!("fixtures/descriptors.xml");
    const ASCII: &[u8] = include_bytes!("fixtures/descriptors.bin");

    fn heading(text: &str) -> Heading {
        Heading::new(Vocabulary::Mesh, text).unwrap()
    }

    #[test]
    fn both_kinds_of_file_say_the_same() {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(XML).unwrap();
        let packed = packed.finish().unwrap();
        for file in [XML, ASCII, &packed] {
            let mesh = Mesh::read(file).unwrap();
            assert_eq!(mesh.headings(), 3);
            let only = Heading { explode: false, ..heading("community action") };
            assert_eq!(mesh.terms(&only).unwrap(), ["Community Action", "Local Action"]);
            let all = ["Community Action", "Local Action", "Mutual Aid", "Aid & Help Groups", "Neighbour Help"];
            assert_eq!(mesh.terms(&heading("Community Action")).unwrap(), all);
            assert_eq!(mesh.terms(&heading("Neighbour Help")).unwrap(), &all[2..]);
            assert_eq!(mesh.terms(&heading("Nothing")), None);
        }
    }

    #[test]
    fn files_that_are_none_are_refused() {
        assert!(matches!(Mesh::read(&b""[..]), Err(MeshError::NoDescriptors)));
        assert!(matches!(Mesh::read(&b"MH is nothing\n"[..]), Err(MeshError::NoDescriptors)));
        assert!(matches!(Mesh::read(&b"<a><b></a>"[..]), Err(MeshError::Broken(_))));
        assert!(matches!(Mesh::read("<a>".repeat(1000).as_bytes()), Err(MeshError::Broken(_))));
        assert!(Mesh::read(&b"\x1f\x8b\x08 not gzip"[..]).is_err());
    }

    #[test]
    fn headings_become_words_where_the_platform_knows_none() {
        let mesh = Mesh::read(XML).unwrap();
        let tree = parse("mesh:\"Community Action\" NOT mesh:\"Mutual Aid\"").sound().unwrap();
        let rendered = render_with_mesh(&tree, Platform::Scopus, &mesh);
        assert_eq!(
            rendered.query,
            "TITLE-ABS-KEY(\"Community Action\" OR \"Local Action\" OR \"Mutual Aid\" OR \"Aid Help Groups\" OR \"Neighbour Help\")"
        );
        assert!(!rendered.exact);
        assert_eq!(rendered.warnings[0].code, "heading-written-out");
        let rendered = render_with_mesh(&tree, Platform::PubMed, &mesh);
        assert_eq!(rendered.query, "\"Community Action\"[Mesh] NOT (\"Mutual Aid\"[Mesh])");
        let unknown = parse("mesh:Unheard").sound().unwrap();
        let rendered = render_with_mesh(&unknown, Platform::Wos, &mesh);
        assert_eq!((rendered.query.as_str(), rendered.warnings[0].code), ("TS=(\"Unheard\")", "unknown-heading"));
    }
}
