//! Web pages: the main text by headings, without what stands around it.

use scraper::{ElementRef, Html, Selector};
use url::Url;

use super::builder::{Builder, clean};
use super::{Document, DocumentKind, ExtractError, count_words, gate};
use crate::ids;
use crate::text::language;

/// Elements that may lie open within each other. Deeper pages are refused: the parser's time grows
/// with the square of the depth.
const MAX_OPEN: usize = 3_000;

/// Attributes that one element may have.
const MAX_ATTRIBUTES: usize = 5_000;

/// Reads a page. A login or challenge page is refused ([`ExtractError::LoginPage`]), as is one
/// without any text ([`ExtractError::NoTextLayer`]).
pub fn extract(text: &str) -> Result<Document, ExtractError> {
    let page = parse(text)?;
    let root = main_part(&page);
    let mut out = Builder::new(DocumentKind::Html);
    walk(root, is_main(&root), &mut |piece| match piece {
        Piece::Heading(title) => out.heading(title),
        Piece::Paragraph(text) => out.paragraph(text),
    });
    let mut document = out.finish();
    document.title = title(&page);
    document.language = page.root_element().attr("lang").and_then(|lang| language::code(lang).map(str::to_owned));
    document.doi = doi(&page);
    let words = document.words();
    if gate::is_gate(&page, &gate_text(&page), words) {
        return Err(ExtractError::LoginPage);
    }
    if words == 0 { Err(ExtractError::NoTextLayer) } else { Ok(document) }
}

/// The addresses of the document's PDF that a landing page names in its head (`citation_pdf_url`,
/// the convention of Google Scholar and Highwire; a `link` of the type), absolute, without duplicates.
pub fn pdf_links(text: &str, base: &Url) -> Vec<Url> {
    let Ok(page) = parse(text) else { return Vec::new() };
    let mut found: Vec<String> =
        metas(&page, &["citation_pdf_url", "bepress_citation_pdf_url", "eprints.document_url"]);
    if let Ok(selector) = Selector::parse(r#"link[rel~="alternate"][type="application/pdf"][href]"#) {
        found.extend(page.select(&selector).filter_map(|link| link.attr("href")).map(str::to_owned));
    }
    let mut links: Vec<Url> = Vec::new();
    for link in found {
        if let Ok(link) = base.join(link.trim())
            && matches!(link.scheme(), "http" | "https")
            && !links.contains(&link)
        {
            links.push(link);
        }
    }
    links.truncate(5);
    links
}

/// The files (PDF, DOCX) that a page's main part links to, absolute, without duplicates, at most five.
pub fn file_links(text: &str, base: &Url) -> Vec<Url> {
    let Ok(page) = parse(text) else { return Vec::new() };
    let Ok(selector) = Selector::parse("a[href]") else { return Vec::new() };
    let mut links: Vec<Url> = Vec::new();
    for link in main_part(&page).select(&selector).filter_map(|link| base.join(link.attr("href")?.trim()).ok()) {
        let path = link.path().to_ascii_lowercase();
        let is_file = path.ends_with(".pdf") || path.ends_with(".docx");
        if is_file && matches!(link.scheme(), "http" | "https") && !links.contains(&link) && links.len() < 5 {
            links.push(link);
        }
    }
    links
}

/// The paragraphs of a fragment of HTML, headings among them.
pub fn paragraphs(fragment: &str) -> Vec<String> {
    if check(fragment).is_err() {
        return vec![crate::text::html::plain(fragment)];
    }
    let page = Html::parse_fragment(fragment);
    let mut out = Vec::new();
    walk(page.root_element(), true, &mut |piece| match piece {
        Piece::Heading(text) | Piece::Paragraph(text) => out.push(text.to_owned()),
    });
    out
}

fn parse(text: &str) -> Result<Html, ExtractError> {
    check(text)?;
    Ok(Html::parse_document(text))
}

/// Refuses pages on which the parser's time grows with the square of their size.
fn check(text: &str) -> Result<(), ExtractError> {
    if open_elements(text) > MAX_OPEN {
        return Err(ExtractError::Corrupt(format!("elements nested deeper than {MAX_OPEN}")));
    }
    let attributes = |tag: &str| tag.split('>').next().unwrap_or_default().bytes().filter(|byte| *byte == b'=').count();
    if text.split('<').any(|tag| attributes(tag) > MAX_ATTRIBUTES) {
        return Err(ExtractError::Corrupt(format!("an element with more than {MAX_ATTRIBUTES} attributes")));
    }
    Ok(())
}

/// The most elements open at once, told without parsing; elements that close themselves do not count.
fn open_elements(text: &str) -> usize {
    let (mut open, mut most) = (0_usize, 0_usize);
    for part in text.split('<').skip(1) {
        let closes = part.starts_with('/');
        let name: String =
            part.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).take(12).collect();
        let name = name.to_ascii_lowercase();
        let counts = !matches!(
            name.as_str(),
            "" | "p"
                | "li"
                | "td"
                | "th"
                | "tr"
                | "dt"
                | "dd"
                | "option"
                | "br"
                | "img"
                | "input"
                | "meta"
                | "link"
                | "hr"
                | "source"
                | "col"
                | "wbr"
                | "area"
                | "base"
                | "embed"
                | "track"
                | "param"
                | "path"
                | "use"
        );
        if counts && closes {
            open = open.saturating_sub(1);
        } else if counts && !part.split('>').next().unwrap_or_default().ends_with('/') {
            open += 1;
            most = most.max(open);
        }
    }
    most
}

/// The smallest `article` that holds nearly all of the page's text, else the smallest `main` that
/// does (some publishers put it within the article, after the abstract); else the largest of both
/// that holds half of it, else the body. Some noise is better than an abstract lost.
fn main_part(page: &Html) -> ElementRef<'_> {
    let root = page.root_element();
    let body = Selector::parse("body").ok().and_then(|body| page.select(&body).next()).unwrap_or(root);
    let Ok(selector) = Selector::parse(r#"main, article, [role="main"]"#) else { return body };
    let whole = words_within(body);
    let parts: Vec<(usize, ElementRef<'_>)> = page
        .select(&selector)
        .take(50)
        .map(|part| (words_within(part), part))
        .filter(|(words, _)| *words > 0)
        .collect();
    let nearly_all = |article: bool| {
        let those = parts
            .iter()
            .filter(|(words, part)| (part.value().name() == "article") == article && words * 10 >= whole * 8);
        those.min_by_key(|(words, _)| *words)
    };
    let half = || parts.iter().filter(|(words, _)| words * 2 >= whole).max_by_key(|(words, _)| *words);
    nearly_all(true).or_else(|| nearly_all(false)).or_else(half).map_or(body, |(_, part)| *part)
}

fn words_within(part: ElementRef<'_>) -> usize {
    let mut words = 0;
    walk(part, is_main(&part), &mut |piece| match piece {
        Piece::Heading(text) | Piece::Paragraph(text) => words += count_words(text),
    });
    words
}

fn is_main(part: &ElementRef<'_>) -> bool {
    part.value().name() != "body"
}

enum Piece<'a> {
    Heading(&'a str),
    Paragraph(&'a str),
}

/// Gives an element's headings and paragraphs in order. Written without recursion: a page may be deep.
fn walk(root: ElementRef<'_>, within_main: bool, give: &mut dyn FnMut(Piece<'_>)) {
    let mut buffer = String::new();
    let mut references: Option<u8> = None;
    let mut give = |piece: Piece<'_>| match piece {
        Piece::Heading(title) => {
            let (level, title) = title.split_at(1);
            let level = level.as_bytes()[0] - b'0';
            if references.is_some_and(|from| level <= from) {
                references = None;
            }
            if is_reference_heading(title) {
                references = Some(level);
            }
            if references.is_none() && !title.is_empty() {
                give(Piece::Heading(title));
            }
        }
        Piece::Paragraph(text) if references.is_none() => give(Piece::Paragraph(text)),
        Piece::Paragraph(_) => {}
    };
    let mut node = *root;
    loop {
        let mut descend = true;
        if let Some(text) = node.value().as_text() {
            buffer.push_str(text);
        } else if let Some(element) = ElementRef::wrap(node) {
            let name = element.value().name();
            if node != *root && is_passed_over(&element, within_main) {
                descend = false;
            } else if is_block(name) {
                flush(&mut buffer, None, &mut give);
            } else if name == "br" {
                buffer.push(' ');
            }
        } else if node != *root {
            descend = false;
        }
        if descend && let Some(child) = node.first_child() {
            node = child;
            continue;
        }
        loop {
            if descend && let Some(element) = ElementRef::wrap(node) {
                close(element.value().name(), &mut buffer, &mut give);
            }
            descend = true;
            if node == *root {
                flush(&mut buffer, None, &mut give);
                return;
            }
            if let Some(next) = node.next_sibling() {
                node = next;
                break;
            }
            match node.parent() {
                Some(parent) => node = parent,
                None => return,
            }
        }
    }
}

fn close(name: &str, buffer: &mut String, give: &mut dyn FnMut(Piece<'_>)) {
    match name {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => flush(buffer, name.chars().nth(1), give),
        "td" | "th" => buffer.push_str(" | "),
        _ if is_block(name) => flush(buffer, None, give),
        _ => {}
    }
}

/// Gives what is gathered: as a heading with its level before it, or as a paragraph.
fn flush(buffer: &mut String, level: Option<char>, give: &mut dyn FnMut(Piece<'_>)) {
    let text = clean(&std::mem::take(buffer));
    let text = text.trim_end_matches(['|', ' ']);
    match level {
        Some(level) => give(Piece::Heading(&format!("{level}{text}"))),
        None if !text.is_empty() => give(Piece::Paragraph(text)),
        None => {}
    }
}

fn is_passed_over(element: &ElementRef<'_>, within_main: bool) -> bool {
    let value = element.value();
    let by_name = match value.name() {
        "script" | "style" | "noscript" | "template" | "nav" | "footer" | "aside" | "button" | "select"
        | "textarea" | "svg" | "iframe" | "object" | "dialog" | "head" => true,
        "header" => !within_main,
        _ => false,
    };
    let by_role = value.attr("role").is_some_and(|role| {
        matches!(role, "navigation" | "contentinfo" | "search" | "complementary" | "dialog" | "menu" | "alert")
            || (role == "banner" && !within_main)
    });
    by_name || by_role || value.attr("hidden").is_some() || value.attr("aria-hidden") == Some("true")
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "section"
            | "article"
            | "main"
            | "header"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "ul"
            | "ol"
            | "li"
            | "dl"
            | "dt"
            | "dd"
            | "table"
            | "tr"
            | "caption"
            | "figure"
            | "figcaption"
            | "blockquote"
            | "pre"
            | "hr"
            | "form"
            | "fieldset"
            | "details"
            | "summary"
            | "address"
            | "body"
            | "center"
    )
}

/// Headings of reference lists: their titles are other works' words and must not be screened as this one's.
fn is_reference_heading(title: &str) -> bool {
    let title = title.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ' ')).to_lowercase();
    matches!(
        title.trim_end_matches([':', ' ']),
        "references"
            | "reference list"
            | "bibliography"
            | "literature cited"
            | "works cited"
            | "references cited"
            | "cyfeiriadau"
            | "llyfryddiaeth"
            | "cyfeirnodau"
    )
}

fn metas(page: &Html, names: &[&str]) -> Vec<String> {
    let Ok(selector) = Selector::parse("meta[content]") else { return Vec::new() };
    let all: Vec<(String, &str)> = page
        .select(&selector)
        .filter_map(|meta| {
            let name = meta.attr("name").or_else(|| meta.attr("property"))?;
            Some((name.to_ascii_lowercase(), meta.attr("content")?))
        })
        .collect();
    let of = |wanted: &str| all.iter().filter(|(name, _)| name == wanted).map(|(_, content)| clean(content)).collect();
    names.iter().flat_map(|name| -> Vec<String> { of(name) }).filter(|content| !content.is_empty()).collect()
}

fn title(page: &Html) -> Option<String> {
    let first = |selector: &str| {
        let selector = Selector::parse(selector).ok()?;
        page.select(&selector).map(|found| clean(&found.text().collect::<String>())).find(|text| !text.is_empty())
    };
    metas(page, &["citation_title", "dc.title", "dcterms.title", "og:title"])
        .into_iter()
        .next()
        .or_else(|| first("main h1, article h1"))
        .or_else(|| first("title"))
        .or_else(|| first("h1"))
}

fn doi(page: &Html) -> Option<String> {
    metas(page, &["citation_doi", "bepress_citation_doi", "prism.doi", "dc.identifier", "dcterms.identifier"])
        .iter()
        .find_map(|content| ids::normal_doi(content))
}

/// All text a person may see on the page, `noscript` included; enough of it to know a gate.
fn gate_text(page: &Html) -> String {
    let mut out = String::new();
    for node in page.tree.nodes() {
        if let Some(text) = node.value().as_text() {
            let within = node.parent().and_then(ElementRef::wrap).map(|parent| parent.value().name().to_owned());
            if !matches!(within.as_deref(), Some("script" | "style")) {
                out.push_str(text);
                out.push(' ');
            }
        }
        if out.len() > 20_000 {
            break;
        }
    }
    clean(&out).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r##"<!doctype html><html lang="en-GB"><head><title>Warm hubs | Site</title>
<meta name="citation_title" content="Warm hubs"><meta name="citation_doi" content="10.5555/hub.1">
<meta name="citation_pdf_url" content="/hub.pdf"></head><body><header><h1>Site name</h1><a href="#">Log in</a></header>
<nav><ul><li>Home</li></ul></nav><main><article><header><h1>Warm hubs</h1></header><p>People <b>met</b> in
libraries across Gwynedd and kept warm together all winter.</p><h2>Results</h2><table><tr><th>Area</th><th>n</th></tr>
<tr><td>Gwynedd</td><td>42</td></tr></table><aside>Related reading</aside><h2>References</h2><ol><li>Old work</li></ol>
<h2>Appendix</h2><p>Questions asked.</p><script>var x = "<p>no</p>";</script></article></main><footer>Contact us</footer></body></html>"##;

    #[test]
    fn the_main_text_is_found() {
        let document = extract(PAGE).unwrap();
        assert_eq!(document.title.as_deref(), Some("Warm hubs"));
        assert_eq!(document.language.as_deref(), Some("en"));
        assert_eq!(document.doi.as_deref(), Some("10.5555/hub.1"));
        let titles: Vec<&str> = document.sections.iter().map(|section| section.title.as_str()).collect();
        assert_eq!(titles, ["Warm hubs", "Results", "Appendix"]);
        assert_eq!(
            document.sections[0].text,
            "People met in libraries across Gwynedd and kept warm together all winter."
        );
        assert_eq!(document.sections[1].text, "Area | n\n\nGwynedd | 42");
        let base = Url::parse("https://example.org/a/b").unwrap();
        assert_eq!(pdf_links(PAGE, &base)[0].as_str(), "https://example.org/hub.pdf");
    }

    #[test]
    fn deep_pages_are_refused_and_flat_ones_are_not() {
        let deep = format!("<html><body>{}x", "<div>".repeat(100_000));
        assert!(matches!(extract(&deep), Err(ExtractError::Corrupt(_))));
        let flat = format!("<html><body>{}", "<p>word<br>".repeat(20_000));
        assert_eq!(extract(&flat).unwrap().words(), 20_000);
    }

    #[test]
    fn a_page_of_nothing_is_refused() {
        assert_eq!(extract("<html><body><script>x</script></body></html>"), Err(ExtractError::NoTextLayer));
    }
}
