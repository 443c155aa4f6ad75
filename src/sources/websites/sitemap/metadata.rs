//! What a page says of itself. For each field the first that gives it, in this order: Highwire
//! (`citation_…`), Dublin Core, JSON-LD, Open Graph, the page's own head.

use scraper::{Html, Selector};
use serde_json::Value;
use url::Url;

use crate::ids::normal_doi;
use crate::model::{Author, Location, LocationKind, PartialDate, Record, WorkType};
use crate::sources::support::{dates, json};
use crate::text::{html, language, real_abstract};

/// The most authors and keywords that one page gives.
const MOST: usize = 200;

struct Head {
    /// Name in lower case, content.
    metas: Vec<(String, String)>,
    /// The JSON-LD object that describes the page, if any.
    thing: Value,
    title: Option<String>,
    language: Option<String>,
}

/// A record of what the page's head says; without what only its body has.
pub fn record(text: &str, base: &Url) -> Record {
    let head = head(text);
    let first = |names: &[&str]| names.iter().find_map(|name| head.all(name).next());
    let plain = |name| json::text(&head.thing, name);
    let title = first(&["citation_title", "dc.title", "dcterms.title"])
        .or_else(|| plain("headline"))
        .or_else(|| first(&["og:title"]))
        .or_else(|| head.title.clone());
    let summary = first(&["citation_abstract", "dcterms.abstract", "dc.description", "dcterms.description"])
        .or_else(|| plain("abstract"))
        .or_else(|| plain("description"))
        .or_else(|| first(&["og:description", "description"]));
    let mut record = Record {
        title,
        abstract_text: summary.and_then(|text| real_abstract(&text)),
        authors: authors(&head),
        dates: published(&head),
        venue: first(&["citation_journal_title", "citation_conference_title"]),
        publisher: first(&["citation_publisher", "dc.publisher", "dcterms.publisher"])
            .or_else(|| names(head.thing.get("publisher")).into_iter().next())
            .or_else(|| first(&["og:site_name"])),
        keywords: keywords(&head),
        ..Record::default()
    };
    let doi = ["citation_doi", "dc.identifier", "dcterms.identifier", "prism.doi"];
    record.identifiers.doi = doi.iter().flat_map(|name| head.all(name)).find_map(|text| normal_doi(&text));
    let language = first(&["citation_language", "dc.language", "dcterms.language"])
        .or_else(|| plain("inLanguage"))
        .or_else(|| head.language.clone())
        .or_else(|| first(&["og:locale"]));
    record.languages = language.and_then(|word| language::code(&word)).map(str::to_owned).into_iter().collect();
    let kind = json::texts(&head.thing, "@type");
    record.types = vec![work_type(&head, &kind)];
    record.source_types = kind;
    for link in head.all("citation_pdf_url").filter_map(|link| base.join(&link).ok()) {
        let (url, kind) = (String::from(link), LocationKind::Pdf);
        record.locations.push(Location { url, kind, licence: None, version: None });
    }
    record
}

impl Head {
    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = String> + 'a {
        self.metas.iter().filter(move |(key, _)| key == name).map(|(_, content)| content.clone())
    }
}

fn head(text: &str) -> Head {
    let page = Html::parse_document(text);
    let select = |selector: &str| Selector::parse(selector).ok();
    let mut metas = Vec::new();
    if let Some(selector) = select("meta[content]") {
        for meta in page.select(&selector) {
            let name = meta.attr("name").or_else(|| meta.attr("property")).unwrap_or_default().to_lowercase();
            let content = html::plain(meta.attr("content").unwrap_or_default());
            if !name.is_empty() && !content.is_empty() {
                metas.push((name.replace("dc:", "dc.").replace("dcterms:", "dcterms."), content));
            }
        }
    }
    let title = select("head title").and_then(|selector| {
        let title = html::plain(&page.select(&selector).next()?.text().collect::<String>());
        (!title.is_empty()).then_some(title)
    });
    let scripts = select(r#"script[type="application/ld+json"]"#);
    let things = scripts.iter().flat_map(|selector| page.select(selector)).filter_map(|script| {
        let value: Value = serde_json::from_str(script.text().collect::<String>().trim()).ok()?;
        thing(&value, 0)
    });
    Head {
        metas,
        thing: things.max_by_key(rank).unwrap_or_default(),
        title,
        language: page.root_element().attr("lang").map(str::to_owned),
    }
}

/// The object of a JSON-LD block that says most of the page: a document before a mere page.
fn thing(value: &Value, depth: usize) -> Option<Value> {
    if depth > 4 {
        return None;
    }
    match value {
        Value::Array(items) => items.iter().filter_map(|item| thing(item, depth + 1)).max_by_key(rank),
        Value::Object(members) => match members.get("@graph") {
            Some(graph) => thing(graph, depth + 1),
            None => Some(value.clone()).filter(|value| rank(value) > 0),
        },
        _ => None,
    }
}

fn rank(thing: &Value) -> u8 {
    let kinds = json::texts(thing, "@type");
    let is = |end: &str| kinds.iter().any(|kind| kind.ends_with(end));
    if is("Article") || is("Report") || is("BlogPosting") || is("Thesis") {
        2
    } else {
        u8::from(is("Page") || is("CreativeWork") || is("DigitalDocument"))
    }
}

/// A name, or the names of objects and lists of them.
fn names(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Array(items)) => items.iter().take(MOST).filter_map(name).collect(),
        Some(single) => name(single).into_iter().collect(),
        None => Vec::new(),
    }
}

fn name(value: &Value) -> Option<String> {
    if value.is_object() { json::text(value, "name") } else { json::plain(value) }
}

fn authors(head: &Head) -> Vec<Author> {
    for given in ["citation_author", "dc.creator", "dcterms.creator"] {
        let listed: Vec<Author> = head.all(given).take(MOST).filter_map(|name| Author::read(&name)).collect();
        if !listed.is_empty() {
            return listed;
        }
    }
    let organisation = |author: &&Value| json::text(author, "@type").is_some_and(|kind| kind.ends_with("Organization"));
    let listed = head.thing.get("author");
    let groups = listed.into_iter().filter(organisation).filter_map(name).map(|name| Author::collective(&name));
    let groups: Vec<Author> = groups.collect();
    if !groups.is_empty() {
        return groups;
    }
    names(listed).iter().filter_map(|name| Author::read(name)).collect()
}

/// Dates of publication, from the first that gives one; when a page was changed is no such date.
fn published(head: &Head) -> Vec<PartialDate> {
    let read = |text: String| dates::in_words(&text);
    let given: [&[&str]; 2] = [
        &["citation_publication_date", "citation_date", "citation_online_date"],
        &["dcterms.issued", "dc.date.issued", "dcterms.date", "dc.date", "dcterms.created"],
    ];
    for names in given {
        let mut found: Vec<PartialDate> = Vec::new();
        for date in names.iter().flat_map(|name| head.all(name)).flat_map(read) {
            if !found.contains(&date) {
                found.push(date);
            }
        }
        if !found.is_empty() {
            return found;
        }
    }
    let said = json::text(&head.thing, "datePublished");
    said.or_else(|| head.all("article:published_time").next()).map(read).unwrap_or_default()
}

fn keywords(head: &Head) -> Vec<String> {
    let mut given: Vec<String> = ["citation_keywords", "dc.subject", "dcterms.subject", "keywords"]
        .iter()
        .flat_map(|name| head.all(name))
        .collect();
    given.extend(json::texts(&head.thing, "keywords"));
    let mut keywords: Vec<String> = Vec::new();
    for word in given.iter().flat_map(|text| text.split([',', ';'])).map(str::trim).filter(|word| !word.is_empty()) {
        if keywords.len() < MOST && !keywords.iter().any(|known| known.eq_ignore_ascii_case(word)) {
            keywords.push(word.to_owned());
        }
    }
    keywords
}

/// A page, unless it says that it presents an article or a report.
fn work_type(head: &Head, kinds: &[String]) -> WorkType {
    if head.all("citation_journal_title").next().is_some() || kinds.iter().any(|kind| kind == "ScholarlyArticle") {
        WorkType::JournalArticle
    } else if head.all("citation_technical_report_institution").next().is_some()
        || kinds.iter().any(|kind| kind == "Report")
    {
        WorkType::Report
    } else if head.all("citation_dissertation_institution").next().is_some()
        || kinds.iter().any(|kind| kind == "Thesis")
    {
        WorkType::Thesis
    } else {
        WorkType::Webpage
    }
}
