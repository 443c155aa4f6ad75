//! The Expanded API: XML whose records lie in a CDATA section, pages of 100, with abstracts.

use super::{At, full_record};
use crate::model::SetAside;
use crate::net::{Request, Response};
use crate::sources::support::{endpoint, xml};
use crate::sources::{Access, Page, PageRecord, SourceError};
use crate::text::encoding;

/// The API's own base, where config leaves the Starter API's.
const BASE: &str = "https://wos-api.clarivate.com/api/wos";
/// The largest page.
const LIMIT: u64 = 100;

/// The page size to ask for. The source's own default is the Starter API's; every page costs a
/// request here and every record counts against the yearly quota only once, so pages are large.
pub fn limit(access: &Access) -> u64 {
    if access.page_size == super::INFO.page_size { LIMIT } else { u64::from(access.page_size).clamp(1, LIMIT) }
}

/// The records from the offset on.
pub fn request(access: &Access, at: &At, limit: u64) -> Request {
    let own = access.base_url.as_str().trim_end_matches('/') == super::starter::BASE;
    let base = if own { BASE.parse().unwrap_or_else(|_| access.base_url.clone()) } else { access.base_url.clone() };
    let mut url = endpoint(&base, &[]);
    url.query_pairs_mut()
        .append_pair("databaseId", "WOS")
        .append_pair("usrQuery", &at.text())
        .append_pair("count", &limit.to_string())
        .append_pair("firstRecord", &(at.offset + 1).to_string());
    Request::get(url).header("accept", "application/xml")
}

/// The total and the records of a page. JSON (asked for XML, the service has answered with JSON
/// that holds raw XML) is another shape.
pub fn page(response: &Response) -> Result<(u64, Option<u64>, Page), SourceError> {
    let text = encoding::decode(&response.body).text;
    let text = text.trim_start();
    if text.is_empty() {
        return Err(SourceError::Unavailable("an empty answer".into()));
    }
    if !text.starts_with('<') {
        return Err(SourceError::Shape("XML was asked for, and something else came".into()));
    }
    let envelope = xml::parse(text).map_err(|reason| match reason.starts_with("cut short") {
        true => SourceError::Unavailable(format!("the answer is {reason}")),
        false => SourceError::Shape(format!("no XML: {reason}")),
    })?;
    let value = |name: &str| {
        let values = envelope.descendants("val");
        values.into_iter().find(|value| value.attribute("name") == Some(name)).map(xml::Element::raw_text)
    };
    let total = value("RecordsFound")
        .and_then(|count| count.trim().parse().ok())
        .ok_or_else(|| SourceError::Shape("RecordsFound is no count".into()))?;
    let records = value("Records").ok_or_else(|| SourceError::Shape("no Records".into()))?;
    let mut page = Page::default();
    for piece in xml::pieces(&records, &["REC"]) {
        if !piece.whole {
            return Err(SourceError::Unavailable("the answer is cut short within a record".into()));
        }
        let payload = piece.text.as_bytes().to_vec();
        match xml::parse(piece.text).and_then(|tree| full_record::record(&tree)) {
            Ok(record) => page.records.push(PageRecord { record, payload }),
            Err(reason) => page.set_aside.push(SetAside { reason, raw: payload, line: None }),
        }
    }
    Ok((total, None, page))
}
