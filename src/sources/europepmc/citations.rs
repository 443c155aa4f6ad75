//! Works that cite or are cited: the lists, and the search that fills them.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{At, result};
use crate::config::Direction;
use crate::ids::sha256_hex;
use crate::model::{Record, SetAside};
use crate::net::{Request, Response};
use crate::sources::support::{endpoint, json};
use crate::sources::{Access, Next, Page, PageRecord, SourceError, State};

/// Works on a page of a citation list; as many are searched for at once.
const PAGE: u32 = 100;

/// Where a citation list stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Cited {
    /// `MED`, `PMC`, `PPR` …
    source: String,
    id: String,
    direction: String,
    /// From 1.
    page: u32,
    /// Works that the pages before listed.
    arrived: u64,
}

/// A list's page that is to be filled: its entries as they came.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Filled {
    listed: Vec<String>,
    /// The list's next page.
    next: Option<Cited>,
    reported: u64,
}

impl Cited {
    pub(super) fn of(source: &str, id: &str, direction: String) -> Self {
        Self { source: source.to_owned(), id: id.to_owned(), direction, page: 1, arrived: 0 }
    }

    /// The names of the list in the address and in the answer.
    fn names(&self) -> (&'static str, [&'static str; 2]) {
        if self.direction == Direction::Forward.name() {
            ("citations", ["citationList", "citation"])
        } else {
            ("references", ["referenceList", "reference"])
        }
    }

    pub(super) fn request(&self, access: &Access) -> Request {
        let mut url = endpoint(&access.base_url, &[&self.source, &self.id, self.names().0]);
        url.query_pairs_mut()
            .append_pair("page", &self.page.to_string())
            .append_pair("pageSize", &PAGE.to_string())
            .append_pair("format", "json");
        Request::get(url).header("accept", "application/json")
    }

    pub(super) fn parse(self, response: &Response) -> Result<Page, SourceError> {
        let body = result::body(response)?;
        let reported = body.get("hitCount").and_then(json::count);
        let reported = reported.ok_or_else(|| SourceError::Shape("hitCount is no count".into()))?;
        let (_, path) = self.names();
        // A work that nothing cites may come without the list.
        let items = match body.pointer(&format!("/{}", path[0])) {
            None if reported == 0 => Vec::new(),
            _ => json::items(response, &path)?,
        };
        let arrived = self.arrived + items.len() as u64;
        let mut page = Page { reported: Some(reported), ..Page::default() };
        let more = arrived < reported && !items.is_empty();
        if arrived < reported && items.is_empty() {
            page.warnings.push(format!("Europe PMC reported {reported} works and listed {arrived}"));
        }
        let next = more.then(|| Self { page: self.page + 1, arrived, ..self });
        let listed: Vec<String> = items.iter().map(|item| item.get().to_owned()).collect();
        page.next = match (listed.is_empty(), next) {
            (false, next) => Next::More(State::of(&At::Filled(Filled { listed, next, reported }))),
            (true, _) => Next::End,
        };
        Ok(page)
    }
}

impl Filled {
    /// All listed works that have an id.
    pub(super) fn query(&self) -> String {
        let keys: Vec<String> = self.listed.iter().filter_map(|listed| known(listed)).collect();
        let clause = |key: &String| {
            key.split_once('/').map(|(source, id)| format!("(EXT_ID:{id} AND SRC:{source})")).unwrap_or_default()
        };
        if keys.is_empty() {
            // Nothing is to be filled; the smallest question keeps the steps alike.
            return "EXT_ID:0".to_owned();
        }
        keys.iter().map(clause).collect::<Vec<_>>().join(" OR ")
    }

    /// The works found, in the list's order; those not found as the list had them. A search that
    /// fails loses nothing but abstracts and DOIs, and is told.
    pub(super) fn parse(self, response: &Response) -> Page {
        let mut page = Page { reported: Some(self.reported), ..Page::default() };
        let mut found = match result::list(response) {
            Ok(found) => {
                page.set_aside = found.set_aside;
                found.records
            }
            Err(error) => {
                page.warnings.push(format!("abstracts and DOIs of a citation list are missing: {error}"));
                Vec::new()
            }
        };
        for listed in &self.listed {
            let key = known(listed);
            let at = found.iter().position(|record| Some(&record.record.source_key) == key.as_ref());
            match at {
                Some(at) => page.records.push(found.swap_remove(at)),
                None => match record(listed) {
                    Ok(record) => page.records.push(PageRecord { record, payload: listed.clone().into_bytes() }),
                    Err(reason) => {
                        page.set_aside.push(SetAside { reason, raw: listed.clone().into_bytes(), line: None });
                    }
                },
            }
        }
        if let Some(next) = self.next {
            page.next = Next::More(State::of(&At::Cited(next)));
        }
        page
    }
}

/// `source/id` of a listed work that Europe PMC knows.
fn known(listed: &str) -> Option<String> {
    let value: Value = serde_json::from_str(listed).ok()?;
    let plain = |text: &String| text.chars().all(|c| c.is_ascii_alphanumeric());
    let (source, id) = (json::text(&value, "source")?, json::text(&value, "id")?);
    (plain(&source) && plain(&id)).then(|| format!("{source}/{id}"))
}

/// A record from the list alone. A reference that Europe PMC does not know has no id; a hash of
/// what is told of it stands in for one.
fn record(listed: &str) -> Result<Record, String> {
    let mut value: Value = serde_json::from_str(listed).map_err(|error| error.to_string())?;
    let members = value.as_object_mut().ok_or("not an object")?;
    if !members.contains_key("id") {
        let told = ["title", "unstructuredInformation", "authorString", "pubYear", "doi"];
        let told: Vec<String> = told.iter().filter_map(|name| json::plain(members.get(*name)?)).collect();
        if told.is_empty() {
            return Err("a reference of which nothing is told".into());
        }
        members.insert("source".into(), "REF".into());
        members.insert("id".into(), sha256_hex(told.join("\n").as_bytes())[..16].into());
        let mut record = result::record(&value)?;
        record.urls.clear();
        record.title = record.title.or_else(|| json::text(&value, "unstructuredInformation"));
        return Ok(record);
    }
    result::record(&value)
}
