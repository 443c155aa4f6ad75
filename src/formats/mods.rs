//! MODS, the XML in which library catalogues describe books, articles and websites
//! (the Library of Congress's *MODS 3*).

use super::draft::{Draft, Field};
use super::{FileContents, Format, markup};
use crate::model::Author;
use crate::text::xml::{self, Element};

const TAGS: [&str; 2] = ["mods", "mods:mods"];

/// Whether the beginning of an XML text looks like it.
pub(super) fn looks_like(head: &str) -> bool {
    markup::has(head, &TAGS)
}

/// Reads it.
pub(super) fn read(text: &str) -> FileContents {
    markup::read(text, Format::Mods, &TAGS, |raw| Ok(draft(&xml::parse(raw)?)))
}

fn draft(root: &Element) -> Draft {
    let mut draft = Draft::default();
    let mut put = |tag: &str, field: Field, text: Option<String>| {
        if let Some(text) = text {
            draft.put(tag, field, &text);
        }
    };
    for info in root.all("titleInfo") {
        let field = match info.attribute("type") {
            None => Field::Title(0),
            Some("translated") => Field::OriginalTitle,
            Some("abbreviated") => Field::Title(8),
            Some(_) => Field::Title(4),
        };
        put("titleInfo", field, title(info));
    }
    put("genre", Field::Type, root.at("genre").and_then(Element::text));
    for language in root.all("language").flat_map(|language| language.all("languageTerm")) {
        put("language", Field::Language, language.text());
    }
    for origin in root.all("originInfo") {
        put("publisher", Field::Publisher, origin.text_at("publisher"));
        for name in ["dateIssued", "copyrightDate", "dateCreated"] {
            put(name, Field::Date, origin.text_at(name));
        }
        // A website that was kept.
        origin.all("dateCaptured").for_each(|date| put("dateCaptured", Field::Date, date.text()));
    }
    root.all("abstract").for_each(|part| put("abstract", Field::Abstract(0), part.text()));
    for subject in root.all("subject") {
        let words: Vec<String> = subject.elements().filter_map(Element::text).collect();
        put("subject", Field::Keyword, Some(words.join(" -- ")).filter(|words| !words.is_empty()));
    }
    root.all("note").for_each(|note| put("note", Field::Note, note.text()));
    for url in root.all("location").flat_map(|location| location.all("url")) {
        put("url", Field::Url, url.text());
    }
    for host in root.all("relatedItem").filter(|item| item.attribute("type") == Some("host")) {
        put("host", Field::Venue(0), host.at("titleInfo").and_then(title));
        host.all("identifier").filter(|id| is_serial(id)).for_each(|id| put("identifier", Field::Serial, id.text()));
        part(host, &mut put);
    }
    part(root, &mut put);
    for id in root.all("identifier") {
        let field = match id.attribute("type") {
            Some("doi") => Field::Doi,
            Some("uri") => Field::Url,
            _ if is_serial(id) => Field::Serial,
            _ => Field::Note,
        };
        put("identifier", field, id.text());
    }
    for name in root.all("name").filter(|name| is_author(name)) {
        let parts: Vec<&Element> = name.all("namePart").filter(|part| part.attribute("type") != Some("date")).collect();
        let of = |kind: &str| {
            let parts = parts.iter().filter(|part| part.attribute("type") == Some(kind));
            parts.filter_map(|part| part.text()).collect::<Vec<_>>().join(" ")
        };
        let whole = parts.iter().filter_map(|part| part.text()).collect::<Vec<_>>().join(", ");
        let author = match name.attribute("type") {
            Some("corporate" | "conference") => Some(Author::collective(&whole)),
            _ if !of("family").is_empty() => {
                Some(Author { family: of("family"), given: of("given"), collective: false })
            }
            // Catalogues put the years of a life behind a name.
            _ => super::authors::one(
                whole.split([' ', '[']).filter(|word| !is_years(word)).collect::<Vec<_>>().join(" ").trim(),
            ),
        };
        if let Some(author) = author {
            draft.names("name", &whole, vec![author]);
        }
    }
    draft
}

/// Volume, issue and pages.
fn part(item: &Element, put: &mut impl FnMut(&str, Field, Option<String>)) {
    for part in item.all("part") {
        for detail in part.all("detail") {
            let field = match detail.attribute("type") {
                Some("volume") => Field::Volume,
                Some("issue" | "number") => Field::Issue,
                _ => continue,
            };
            put("detail", field, detail.text_at("number"));
        }
        put("extent", Field::StartPage, part.text_at("extent/start"));
        put("extent", Field::EndPage, part.text_at("extent/end"));
        put("date", Field::Date, part.text_at("date"));
    }
}

fn title(info: &Element) -> Option<String> {
    let part = |name: &str| info.text_at(name).unwrap_or_default();
    let title = [part("nonSort"), part("title")].join(" ").trim().to_owned();
    let whole = if part("subTitle").is_empty() { title } else { format!("{title}: {}", part("subTitle")) };
    Some(whole).filter(|whole| !whole.is_empty())
}

fn is_serial(id: &Element) -> bool {
    matches!(id.attribute("type"), Some("issn" | "isbn"))
}

/// Whether a name has no role or the author's.
fn is_author(name: &Element) -> bool {
    let roles: Vec<String> = name
        .all("role")
        .flat_map(|role| role.all("roleTerm"))
        .filter_map(Element::text)
        .map(|role| role.to_lowercase())
        .collect();
    roles.is_empty() || roles.iter().any(|role| matches!(role.as_str(), "aut" | "author" | "cre" | "creator"))
}

fn is_years(word: &str) -> bool {
    let bare = word.trim_matches(['[', ']', '(', ')', ',', '.']);
    bare.contains('-') && bare.chars().all(|c| c.is_ascii_digit() || c == '-')
}
