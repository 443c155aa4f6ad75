//! One result of the Search API.

use serde_json::Value;

use crate::model::{Author, Identifiers, Location, LocationKind, PartialDate, Record, WorkType};
use crate::sources::support::json;

/// The site that links are relative to.
pub const SITE: &str = "https://www.gov.uk/";
/// How much of the indexed text is kept, in characters.
const BODY_CHARACTERS: usize = 20_000;

/// The record of a result.
pub fn record(result: &Value) -> Result<Record, String> {
    let link = json::text(result, "link").or_else(|| json::text(result, "_id")).ok_or("a result without link")?;
    let (key, url) = if link.starts_with("http://") || link.starts_with("https://") {
        (link.clone(), link.clone())
    } else {
        let path = link.trim_start_matches('/');
        (format!("/{path}"), format!("{SITE}{path}"))
    };
    let kind = ["content_store_document_type", "format"].iter().find_map(|name| json::text(result, name));
    let organisations = organisations(result);
    let mut record = Record {
        source: "govuk".into(),
        title: json::text(result, "title"),
        abstract_text: json::text(result, "description").and_then(|text| crate::text::real_abstract(&text)),
        authors: organisations.iter().map(|name| Author::collective(name)).collect(),
        dates: dates(result),
        publisher: organisations.first().cloned(),
        types: kind.as_deref().map(types).unwrap_or_default(),
        source_types: kind.into_iter().collect(),
        urls: vec![url.clone()],
        locations: vec![Location { url, kind: LocationKind::Html, licence: None, version: None }],
        ..Record::default()
    };
    // What `locate` asks by; a link to another site has no page here.
    let mut other: Vec<String> = key.starts_with('/').then(|| format!("govuk:{key}")).into_iter().collect();
    other.extend(json::text(result, "content_id").map(|id| format!("govuk-content:{id}")));
    record.identifiers = Identifiers { other, ..Identifiers::default() };
    record.source_key = key;
    if let Some(body) = json::text(result, "indexable_content") {
        record.extra.insert("body".into(), vec![body.chars().take(BODY_CHARACTERS).collect()]);
    }
    Ok(record)
}

fn organisations(result: &Value) -> Vec<String> {
    let listed = result.get("organisations").and_then(Value::as_array).into_iter().flatten();
    listed.filter_map(|organisation| json::text(organisation, "title")).collect()
}

/// First publication and last major update, by the day.
fn dates(result: &Value) -> Vec<PartialDate> {
    let mut dates: Vec<PartialDate> = Vec::new();
    for name in ["first_published_at", "public_timestamp"] {
        let date = json::text(result, name).and_then(|text| PartialDate::read(&text));
        if let Some(date) = date.filter(|date| !dates.contains(date)) {
            dates.push(date);
        }
    }
    dates
}

/// What a document type of GOV.UK is: publications are reports, the rest are pages.
pub fn types(kind: &str) -> Vec<WorkType> {
    let kind = match kind {
        "case_study" => WorkType::CaseStudy,
        "research"
        | "independent_report"
        | "policy_paper"
        | "corporate_report"
        | "impact_assessment"
        | "guidance"
        | "statutory_guidance"
        | "official_statistics"
        | "national_statistics"
        | "statistics"
        | "html_publication"
        | "publication"
        | "research_for_development_output"
        | "dfid_research_output"
        | "consultation_outcome"
        | "call_for_evidence_outcome"
        | "government_response"
        | "flood_and_coastal_erosion_risk_management_research_report" => WorkType::Report,
        kind if kind.ends_with("_report") => WorkType::Report,
        _ => WorkType::Webpage,
    };
    vec![kind]
}
