//! `[sources.ID]`.

use std::collections::BTreeMap;

use url::Url;

use super::names::{SOURCE_IDS, nearest_source};
use super::section::{Section, Text};
use super::settings::SourceSettings;

/// The keys that every source takes.
const COMMON: &[&str] = &["base_url", "requests_per_second", "burst", "page_size", "enabled", "key_env"];
/// The sources that harvest websites, whose addresses config gives.
const SITES: &[&str] = &["sitemap", "feed", "wordpress", "oaipmh"];

/// The tables of known sources; mistakes are told.
pub(super) fn read(document: &Section<'_>) -> BTreeMap<String, SourceSettings> {
    let mut sources = BTreeMap::new();
    for (id, span, table) in document.named("sources") {
        let mut known = COMMON.to_vec();
        match id.value.as_str() {
            "scopus" => known.push("insttoken_env"),
            "wos" => known.push("product"),
            id if SITES.contains(&id) => known.push("sites"),
            _ => {}
        }
        let section = Section::open(document.reader, format!("[sources.{}]", id.value), span, table, &known);
        let settings = source(&section);
        if check(document, &id) {
            sources.insert(id.value, settings);
        }
    }
    sources
}

/// Tells where a source's id is not known.
pub(super) fn check(section: &Section<'_>, id: &Text) -> bool {
    if SOURCE_IDS.contains(&id.value.as_str()) {
        return true;
    }
    let remedy = match nearest_source(&id.value) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("the sources are {}", SOURCE_IDS.join(", ")),
    };
    section.reader.error(&id.span, format!("unknown source `{}`", id.value), remedy);
    false
}

fn source(section: &Section<'_>) -> SourceSettings {
    let small = |key: &str, most: u64| section.integer(key, 1..=most).and_then(|number| u32::try_from(number).ok());
    let products = [("starter", "starter"), ("expanded", "expanded")];
    let sites = section.texts("sites").unwrap_or_default();
    SourceSettings {
        base_url: section.text("base_url").and_then(|text| address(section, text)),
        requests_per_second: section.positive("requests_per_second", 1000.0),
        burst: small("burst", 1000),
        page_size: small("page_size", 10_000),
        enabled: section.boolean("enabled"),
        key_env: variable(section, "key_env"),
        insttoken_env: variable(section, "insttoken_env"),
        product: section.choice("product", &products).map(str::to_owned),
        sites: sites.into_iter().filter_map(|text| address(section, text)).collect(),
    }
}

/// An http or https address that holds no user, password or key.
fn address(section: &Section<'_>, text: Text) -> Option<String> {
    let remedy = "write an address such as \"https://api.example.org\"";
    let url = match Url::parse(&text.value) {
        Ok(url) => url,
        Err(error) => {
            section.reader.error(&text.span, format!("no address: {error}"), remedy);
            return None;
        }
    };
    if !matches!(url.scheme(), "http" | "https") {
        section.reader.error(&text.span, format!("`{}` is neither http nor https", url.scheme()), remedy);
        return None;
    }
    let secret = |name: &str| {
        let name = name.to_lowercase();
        name.contains("key") || name.contains("token") || name.contains("secret") || name.contains("password")
    };
    let holds_secret =
        !url.username().is_empty() || url.password().is_some() || url.query_pairs().any(|(name, _)| secret(&name));
    if holds_secret {
        let message = "an address in config.toml never holds a user, password or key";
        let remedy = "name an environment variable with key_env, and keep the key there";
        section.reader.conceal(&text.span, message, remedy);
        return None;
    }
    Some(text.value)
}

/// The name of an environment variable.
fn variable(section: &Section<'_>, key: &str) -> Option<String> {
    let text = section.text(key)?;
    let name = &text.value;
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && name.chars().next().is_some_and(|c| !c.is_ascii_digit());
    // Sixteen letters and digits with no underscore are a key put in the wrong place.
    let looks_secret = name.len() >= 16 && !name.contains('_') && name.chars().any(|c| c.is_ascii_digit());
    if plain && !looks_secret {
        return Some(text.value);
    }
    let message = format!("`{key}` is no name of an environment variable");
    let remedy = "keep the key in a variable such as OPENALEX_API_KEY, and write that name here";
    section.reader.conceal(&text.span, message, remedy);
    None
}
