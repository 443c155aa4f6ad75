//! Small XML trees: a record at a time, without entities from outside, limited in depth.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::{html, squeeze};

/// Nesting beyond this is refused.
const MAX_DEPTH: usize = 200;

/// An element, with names without their prefixes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub nodes: Vec<Node>,
}

/// What an element holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    Element(Element),
    Text(String),
}

impl Element {
    /// An attribute's value.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
    /// The elements directly within.
    pub fn elements(&self) -> impl Iterator<Item = &Self> {
        self.nodes.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }
    /// The elements of a name directly within.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.elements().filter(move |element| element.name == name)
    }
    /// The first element at a path of names (`a/b/c`), each directly within the one before.
    pub fn at(&self, path: &str) -> Option<&Self> {
        path.split('/').try_fold(self, |element, name| element.elements().find(|child| child.name == name))
    }
    /// All elements of a name, however deep.
    pub fn descendants<'a>(&'a self, name: &'a str) -> Vec<&'a Self> {
        let (mut found, mut stack) = (Vec::new(), vec![self]);
        while let Some(element) = stack.pop() {
            if element.name == name {
                found.push(element);
            }
            stack.extend(element.nodes.iter().rev().filter_map(|node| match node {
                Node::Element(element) => Some(element),
                Node::Text(_) => None,
            }));
        }
        found
    }
    /// All text within, inline markup dropped, white space as it stands.
    pub fn raw_text(&self) -> String {
        let mut out = String::new();
        self.collect(&mut out);
        out
    }
    fn collect(&self, out: &mut String) {
        for node in &self.nodes {
            match node {
                Node::Text(text) => out.push_str(text),
                Node::Element(element) => element.collect(out),
            }
        }
    }
    /// All text within, white space folded; `None` if there is none.
    pub fn text(&self) -> Option<String> {
        let text = squeeze(&self.raw_text());
        (!text.is_empty()).then_some(text)
    }
    /// The text of the first element at a path.
    pub fn text_at(&self, path: &str) -> Option<String> {
        self.at(path)?.text()
    }
}

/// Reads one document or fragment with one outer element.
///
/// A document type is passed over and none of its entities is fetched or expanded; character
/// references and HTML's named ones are decoded, others stay as they are.
///
/// # Errors
/// A fragment in lower case: where the text is not well-formed, is cut short or nests too deep.
pub fn parse(text: &str) -> Result<Element, String> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().allow_dangling_amp = true;
    let mut stack: Vec<Element> = Vec::new();
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(start) => {
                if stack.len() >= MAX_DEPTH {
                    return Err(format!("elements nest deeper than {MAX_DEPTH}"));
                }
                stack.push(element(&start)?);
            }
            Event::Empty(start) => {
                let element = element(&start)?;
                match stack.last_mut() {
                    Some(parent) => parent.nodes.push(Node::Element(element)),
                    None => return Ok(element),
                }
            }
            Event::End(_) => {
                let Some(element) = stack.pop() else { return Err("an end tag without a start".into()) };
                match stack.last_mut() {
                    Some(parent) => parent.nodes.push(Node::Element(element)),
                    None => return Ok(element),
                }
            }
            Event::Text(text) => push(&mut stack, &text.xml10_content()),
            Event::CData(text) => push(&mut stack, &text.xml10_content()),
            Event::GeneralRef(reference) => {
                push(&mut stack, &html::entities(&format!("&{};", reference.xml10_content())));
            }
            Event::Eof => {
                return Err(match stack.last() {
                    Some(open) => format!("cut short within {}", open.name),
                    None => "no element".into(),
                });
            }
            Event::Decl(_) | Event::PI(_) | Event::DocType(_) | Event::Comment(_) => {}
        }
    }
}

fn push(stack: &mut [Element], text: &str) {
    let Some(element) = stack.last_mut() else { return };
    match element.nodes.last_mut() {
        Some(Node::Text(before)) => before.push_str(text),
        _ => element.nodes.push(Node::Text(text.to_owned())),
    }
}

fn element(start: &BytesStart<'_>) -> Result<Element, String> {
    let name = |bytes: &str| bytes.rsplit(':').next().unwrap_or_default().to_owned();
    let mut attributes = Vec::new();
    for attribute in start.html_attributes().with_checks(false) {
        let attribute = attribute.map_err(|error| error.to_string())?;
        attributes.push((name(attribute.key.as_ref()), html::entities(&attribute.value)));
    }
    Ok(Element { name: name(start.name().as_ref()), attributes, nodes: Vec::new() })
}

/// A piece of a document, by its tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// The element's name.
    pub name: &'a str,
    /// From `<name` to the end of `</name>`; to the end of the text where there is no end.
    pub text: &'a str,
    pub whole: bool,
}

/// The elements of some names, cut out by their tags without reading what is within, so that one
/// broken record does not take the others with it. Elements of these names must not nest.
pub fn pieces<'a>(text: &'a str, names: &[&'a str]) -> Vec<Piece<'a>> {
    let (mut pieces, mut from) = (Vec::new(), 0);
    let mut next: Vec<Option<usize>> = names.iter().map(|name| opening(text, name, 0)).collect();
    loop {
        for (at, name) in next.iter_mut().zip(names) {
            if at.is_some_and(|at| at < from) {
                *at = opening(text, name, from);
            }
        }
        let first = next.iter().zip(names).filter_map(|(at, name)| Some(((*at)?, *name))).min();
        let Some((start, name)) = first else { break };
        let close = format!("</{name}>");
        let end = text[start..].find(&close).map(|at| start + at + close.len());
        pieces.push(Piece { name, text: &text[start..end.unwrap_or(text.len())], whole: end.is_some() });
        let Some(end) = end else { break };
        from = end;
    }
    pieces
}

fn opening(text: &str, name: &str, mut from: usize) -> Option<usize> {
    let tag = format!("<{name}");
    loop {
        let at = from + text[from..].find(&tag)?;
        let after = text.as_bytes().get(at + tag.len()).copied();
        if after.is_some_and(|byte| byte == b'>' || byte.is_ascii_whitespace()) {
            return Some(at);
        }
        from = at + tag.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trees() {
        let text = "<?xml version=\"1.0\"?><!DOCTYPE a SYSTEM \"file:///etc/passwd\" [<!ENTITY x \"y\">]>\
            <a k='1 &amp; 2'><n:b>x<i>&lt;y</i> &eacute;&#233; &x; <![CDATA[<z>]]></n:b><b/><c><b>2</b></c></a>";
        let tree = parse(text).unwrap();
        assert_eq!(tree.attribute("k"), Some("1 & 2"));
        assert_eq!(tree.text_at("b").as_deref(), Some("x<y éé &x; <z>"));
        assert_eq!(tree.text_at("c/b").as_deref(), Some("2"));
        assert_eq!((tree.all("b").count(), tree.descendants("b").len()), (2, 3));
    }

    #[test]
    fn broken_and_deep_documents_are_refused() {
        assert!(parse("<a><b></a>").is_err());
        assert_eq!(parse("<a><b>x").unwrap_err(), "cut short within b");
        assert!(parse("").is_err());
        assert!(parse(&"<a>".repeat(100_000)).unwrap_err().contains("deeper"));
    }

    #[test]
    fn pieces_are_cut_out() {
        let pieces = pieces("<S><RECS/><REC a='1'>x</REC> <DEL>y</DEL><REC>z", &["REC", "DEL"]);
        let told: Vec<(&str, bool)> = pieces.iter().map(|piece| (piece.text, piece.whole)).collect();
        assert_eq!(told, [("<REC a='1'>x</REC>", true), ("<DEL>y</DEL>", true), ("<REC>z", false)]);
    }
}
