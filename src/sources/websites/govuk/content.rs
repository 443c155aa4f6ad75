//! The Content API: a page's own address, and the documents attached to it.

use scraper::{Html, Selector};
use serde_json::Value;
use url::Url;

use super::result::SITE;
use crate::model::{Location, LocationKind};
use crate::net::Response;
use crate::sources::support::json;
use crate::sources::{Page, SourceError};

/// The most locations that one page gives.
const MAX_LOCATIONS: usize = 50;
/// The most HTML of one document list that is searched for links, in bytes.
const MAX_HTML: usize = 1 << 20;

/// Where a page's full text lies: documents first, since a publication's page only presents them.
pub fn page(response: &Response) -> Result<Page, SourceError> {
    let item = json::body(response)?;
    let path = json::text(&item, "base_path").ok_or_else(|| SourceError::Shape("no base_path".into()))?;
    let kind = json::text(&item, "document_type").unwrap_or_default();
    match kind.as_str() {
        "gone" => {
            let why = item.pointer("/details/explanation").and_then(json::plain);
            return Err(SourceError::NotFound(format!("gone: {}", why.unwrap_or_default())));
        }
        "redirect" => return redirect(&item),
        _ => {}
    }
    let mut page = Page::default();
    if let Some(notice) = item.get("withdrawn_notice").filter(|notice| notice.get("withdrawn_at").is_some()) {
        let why = json::text(notice, "explanation").unwrap_or_default();
        page.warnings.push(format!("withdrawn by GOV.UK: {why}"));
    }
    let details = item.get("details").unwrap_or(&Value::Null);
    let mut found: Vec<(Url, LocationKind)> = Vec::new();
    for attachment in details.get("attachments").and_then(Value::as_array).into_iter().flatten() {
        if let Some(url) = json::text(attachment, "url").and_then(|url| absolute(&url)) {
            let html = json::text(attachment, "attachment_type").is_some_and(|kind| kind == "html");
            let stated = json::text(attachment, "content_type");
            found.push((url.clone(), kind_of(&url, html, stated.as_deref())));
        }
    }
    for (name, list) in details.as_object().into_iter().flatten() {
        if name == "documents" || name.ends_with("_documents") {
            let fragments = list.as_array().into_iter().flatten().filter_map(Value::as_str);
            found.extend(fragments.flat_map(links).map(|url| (url.clone(), kind_of(&url, false, None))));
        }
    }
    found.extend(absolute(&path).map(|url| (url, LocationKind::Html)));
    for (url, kind) in found {
        let url = String::from(url);
        // Pictures and archives hold no text.
        let is_text = kind != LocationKind::Unknown;
        if is_text && page.locations.len() < MAX_LOCATIONS && page.locations.iter().all(|known| known.url != url) {
            page.locations.push(Location { url, kind, licence: None, version: None });
        }
    }
    Ok(page)
}

fn redirect(item: &Value) -> Result<Page, SourceError> {
    let to = item.pointer("/redirects/0/destination").and_then(Value::as_str).and_then(absolute);
    let Some(to) = to else { return Err(SourceError::NotFound("moved to nowhere".into())) };
    let location = Location { url: to.into(), kind: LocationKind::Html, licence: None, version: None };
    Ok(Page { locations: vec![location], ..Page::default() })
}

fn absolute(link: &str) -> Option<Url> {
    let url = Url::parse(SITE).ok()?.join(link).ok()?;
    matches!(url.scheme(), "http" | "https").then_some(url)
}

/// The documents and pages that a list's HTML links to.
fn links(fragment: &str) -> Vec<Url> {
    let Ok(anchors) = Selector::parse("a[href]") else { return Vec::new() };
    if fragment.len() > MAX_HTML {
        return Vec::new();
    }
    let fragment = Html::parse_fragment(fragment);
    fragment.select(&anchors).filter_map(|anchor| absolute(anchor.attr("href")?)).collect()
}

fn kind_of(url: &Url, html: bool, stated: Option<&str>) -> LocationKind {
    let path = url.path().to_lowercase();
    let extension = path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, extension)| extension);
    match (stated, extension) {
        (Some("application/pdf"), _) | (_, Some("pdf")) => LocationKind::Pdf,
        (Some("text/html"), _) | (_, Some("html")) => LocationKind::Html,
        (_, None) if html || url.host_str() == Some("www.gov.uk") => LocationKind::Html,
        _ => LocationKind::Unknown,
    }
}
