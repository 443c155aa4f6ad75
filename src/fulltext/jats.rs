//! JATS (NISO Z39.96): journal articles in XML, from Europe PMC, PLOS, SciELO and others.

use super::builder::{Builder, clean};
use super::xml::{self, Doctype, Token};
use super::{Document, DocumentKind, ExtractError, html};
use crate::ids;
use crate::text::language;

/// Reads an article: title, DOI, language, keywords, abstracts, all sections with their tables;
/// without the reference list, the authors' addresses and peer reviews bound to the article.
pub fn extract(text: &str) -> Result<Document, ExtractError> {
    let mut reader = Article {
        out: Builder::new(DocumentKind::Jats),
        stack: Vec::new(),
        skipped_from: None,
        buffer: String::new(),
        heading: None,
        cells: 0,
        doi_is_next: false,
    };
    xml::walk(text, Doctype::Ignored, |token| {
        reader.token(token);
        Ok(())
    })?;
    reader.flush();
    reader.flush_heading();
    let document = reader.out.finish();
    if document.sections.is_empty() && document.title.is_none() {
        return Err(ExtractError::Corrupt("an article without title and text".into()));
    }
    Ok(document)
}

struct Article {
    out: Builder,
    stack: Vec<String>,
    /// The depth of the element within which everything is passed over.
    skipped_from: Option<usize>,
    buffer: String,
    /// A section's heading that is written when its first text or subsection comes.
    heading: Option<String>,
    /// How many table cells enclose this place: paragraphs in them do not end a row.
    cells: usize,
    doi_is_next: bool,
}

impl Article {
    fn token(&mut self, token: Token<'_>) {
        match token {
            Token::Open(name, start) => {
                let parent = self.stack.last().cloned().unwrap_or_default();
                self.stack.push(name.to_owned());
                if self.skipped_from.is_none() {
                    if is_skipped(name, &parent, xml::attribute(start, "article-type").as_deref()) {
                        self.skipped_from = Some(self.stack.len());
                    } else {
                        self.open(name, start);
                    }
                }
            }
            Token::Close(name) => {
                match self.skipped_from {
                    None => self.close(name),
                    Some(depth) if depth == self.stack.len() => self.skipped_from = None,
                    Some(_) => {}
                }
                self.stack.pop();
            }
            Token::Text(text) if self.skipped_from.is_none() => self.buffer.push_str(&text),
            Token::Raw(text) if self.skipped_from.is_none() => self.raw(text),
            Token::Text(_) | Token::Raw(_) => {}
        }
    }

    fn open(&mut self, name: &str, start: &quick_xml::events::BytesStart<'_>) {
        match name {
            "article" if self.out.document.language.is_none() => {
                self.out.document.language =
                    xml::attribute(start, "lang").and_then(|lang| language::code(&lang)).map(str::to_owned);
            }
            "article-id" => {
                self.buffer.clear();
                self.doi_is_next = xml::attribute(start, "pub-id-type").as_deref() == Some("doi");
            }
            "article-title" | "subtitle" => self.buffer.clear(),
            "abstract" | "trans-abstract" => self.begin(Some("Abstract")),
            "kwd-group" => self.begin(Some("Keywords")),
            "ack" => self.begin(Some("Acknowledgements")),
            "body" | "back" | "app" | "sub-article" => self.begin(None),
            "td" | "th" => {
                self.cells += 1;
            }
            _ if is_block(name) => self.flush(),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        let parent = self.stack.iter().rev().nth(1).map_or("", String::as_str);
        match name {
            "article-id" => {
                let doi = ids::normal_doi(&std::mem::take(&mut self.buffer));
                if self.doi_is_next && self.out.document.doi.is_none() && parent == "article-meta" {
                    self.out.document.doi = doi;
                }
            }
            "article-title" | "subtitle" if matches!(parent, "title-group" | "article-meta") => {
                let text = clean(&std::mem::take(&mut self.buffer));
                match (&mut self.out.document.title, name) {
                    (Some(title), "subtitle") if !text.is_empty() => {
                        title.push_str(": ");
                        title.push_str(&text);
                    }
                    (none @ None, "article-title") if !text.is_empty() => *none = Some(text),
                    _ => {}
                }
            }
            "title" if matches!(parent, "caption" | "table-wrap" | "fig" | "list" | "def-list") => self.flush(),
            "title" if self.cells == 0 => {
                let title = std::mem::take(&mut self.buffer);
                if matches!(parent, "abstract" | "trans-abstract" | "kwd-group" | "ack") {
                    self.heading = Some(title);
                } else {
                    self.flush_heading();
                    self.heading = Some(title);
                }
            }
            "td" | "th" => {
                self.cells = self.cells.saturating_sub(1);
                if self.cells == 0 {
                    self.buffer.push_str(" | ");
                }
            }
            "label" => self.buffer.push(' '),
            "kwd" => self.buffer.push_str("; "),
            _ if is_block(name) => self.flush(),
            _ => {}
        }
    }

    /// Text that a publisher keeps as HTML within CDATA (SciELO's older articles).
    fn raw(&mut self, text: &str) {
        if text.contains("</") || text.contains("<p") {
            self.flush();
            for paragraph in html::paragraphs(text) {
                self.flush_heading();
                self.out.paragraph(&paragraph);
            }
        } else {
            self.buffer.push_str(&crate::text::html::entities(text));
        }
    }

    /// A part begins; `title` unless it has a title of its own.
    fn begin(&mut self, title: Option<&str>) {
        self.flush();
        self.flush_heading();
        self.heading = Some(title.unwrap_or_default().to_owned());
    }

    fn flush_heading(&mut self) {
        if let Some(title) = self.heading.take() {
            self.out.heading(&title);
        }
    }

    fn flush(&mut self) {
        if self.cells > 0 {
            self.buffer.push(' ');
            return;
        }
        let text = std::mem::take(&mut self.buffer);
        let text = text.trim().trim_end_matches(['|', ';', ' ']);
        if !text.is_empty() {
            self.flush_heading();
            self.out.paragraph(text);
        }
    }
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "title"
            | "sec"
            | "abstract"
            | "trans-abstract"
            | "body"
            | "back"
            | "ack"
            | "app"
            | "kwd-group"
            | "list-item"
            | "list"
            | "def-item"
            | "def-list"
            | "tr"
            | "caption"
            | "table-wrap"
            | "table-wrap-foot"
            | "table"
            | "fig"
            | "disp-quote"
            | "disp-formula"
            | "boxed-text"
            | "verse-line"
            | "fn"
            | "supplementary-material"
    )
}

/// What is passed over: the reference list, meta data but for a few, formulas' second forms, and
/// the reviews and replies that some journals bind to an article. Translations are read.
fn is_skipped(name: &str, parent: &str, article_type: Option<&str>) -> bool {
    match name {
        "ref-list" | "object-id" | "tex-math" | "annotation" | "graphic" | "media" | "permissions" | "response"
        | "floats-wrap" | "glossary" | "journal-meta" | "related-article" | "related-object" => true,
        "label" => matches!(parent, "sec" | "app" | "list-item" | "fn" | "abstract"),
        "sub-article" => article_type != Some("translation"),
        "article-id" | "title-group" | "abstract" | "trans-abstract" | "kwd-group" => false,
        "alt-title" | "trans-title-group" => true,
        _ => matches!(parent, "article-meta" | "front-stub") || (parent == "front" && name != "article-meta"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARTICLE: &str = r#"<?xml version="1.0"?><!DOCTYPE article PUBLIC "-//NLM//DTD JATS//EN" "x.dtd">
<article article-type="research-article" xml:lang="en"><front><journal-meta><journal-title>J</journal-title></journal-meta>
<article-meta><article-id pub-id-type="pmid">1</article-id><article-id pub-id-type="doi">10.5555/Hub.1</article-id>
<title-group><article-title>Warm <italic>hubs</italic></article-title><subtitle>A study</subtitle></title-group>
<contrib-group><contrib><name><surname>Nobody</surname></name></contrib></contrib-group>
<abstract><sec><title>Background</title><p>Cold homes.</p></sec></abstract>
<abstract abstract-type="summary"><title>Plain words</title><p>It helped.</p></abstract>
<kwd-group><kwd>hub</kwd><kwd>Wales</kwd></kwd-group></article-meta></front>
<body><p>Before any heading<xref>1</xref>.</p><sec id="s1"><label>1</label><title>Methods &amp; means</title><p>We asked.</p>
<table-wrap><label>Table 1</label><caption><p>Who</p></caption><table><tr><th>Area</th><th>n</th></tr><tr><td><p>Gwynedd</p></td><td>42</td></tr></table></table-wrap>
<sec><title>Limits</title><list><list-item><p>few</p></list-item></list></sec></sec></body>
<back><ack><p>Thanks.</p></ack><ref-list><title>References</title><ref><mixed-citation>Old work</mixed-citation></ref></ref-list></back>
<sub-article article-type="decision-letter"><body><p>Reviewer words</p></body></sub-article></article>"#;

    #[test]
    fn an_article_becomes_sections() {
        let document = extract(ARTICLE).unwrap();
        assert_eq!(document.title.as_deref(), Some("Warm hubs: A study"));
        assert_eq!(document.doi.as_deref(), Some("10.5555/hub.1"));
        assert_eq!(document.language.as_deref(), Some("en"));
        let sections: Vec<(&str, &str)> =
            document.sections.iter().map(|section| (section.title.as_str(), section.text.as_str())).collect();
        assert_eq!(
            sections,
            [
                ("Abstract", ""),
                ("Background", "Cold homes."),
                ("Plain words", "It helped."),
                ("Keywords", "hub; Wales"),
                ("", "Before any heading1."),
                ("Methods & means", "We asked.\n\nTable 1\n\nWho\n\nArea | n\n\nGwynedd | 42"),
                ("Limits", "few"),
                ("Acknowledgements", "Thanks."),
            ]
        );
        assert_eq!(document.sections[5].anchor, "¶ 5");
    }
}
