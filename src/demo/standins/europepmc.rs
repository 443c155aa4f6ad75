//! Europe PMC: search by cursor, citations and references, full texts.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::Response;
use axum::routing::get;
use regex::Regex;
use serde_json::{Value, json};

use super::answer;
use super::shelves::Shelves;
use crate::demo::corpus::{Database, Quirks, Work};
use crate::demo::files::jats;
use crate::model::WorkType;

const VERSION: &str = "6.9";
const LARGEST_PAGE: usize = 1_000;

static DATES: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(FIRST_PDATE|PUB_YEAR|E_PDATE|P_PDATE):\s*\[\s*(\S+)\s+TO\s+(\S+?)\s*\]").ok());
static IDS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(DOI|EXT_ID|PMCID|PMID):\s*"?([^"\s()]+)"?"#).ok());

pub fn router(shelves: Arc<Shelves>) -> Router {
    Router::new()
        .route("/search", get(search))
        .route("/searchPOST", axum::routing::post(search_form))
        .route("/{id}/fullTextXML", get(full_text))
        .route("/{source}/{id}/{list}", get(linked))
        .with_state(shelves)
}

async fn search(State(shelves): State<Arc<Shelves>>, RawQuery(query): RawQuery) -> Response<Body> {
    found(&shelves, &answer::parameters(&query.unwrap_or_default()))
}

async fn search_form(State(shelves): State<Arc<Shelves>>, form: String) -> Response<Body> {
    found(&shelves, &answer::parameters(&form))
}

fn found(shelves: &Shelves, parameters: &HashMap<String, String>) -> Response<Body> {
    let text = parameters.get("query").cloned().unwrap_or_default();
    let size = answer::number(parameters, "pageSize", 25).min(LARGEST_PAGE);
    let hits = hits(shelves, &text);
    let cursor = parameters.get("cursorMark").map_or("*", String::as_str);
    let start = match cursor {
        "*" => 0,
        mark => mark.strip_prefix("AoIIP").and_then(|at| at.strip_suffix('=')?.parse().ok()).unwrap_or(usize::MAX),
    };
    let page = answer::page(&hits, start, size);
    let results: Vec<Value> = page.iter().map(|(work, quirks)| result(work, quirks)).collect();
    let mut body = json!({
        "version": VERSION,
        "hitCount": hits.len(),
        "request": {"queryString": text, "resultType": parameters.get("resultType").map_or("lite", String::as_str),
                    "cursorMark": cursor.replace('*', "%2A"), "pageSize": size, "sort": "", "synonym": false},
        "resultList": {"result": results},
    });
    if start + page.len() < hits.len() {
        body["nextCursorMark"] = json!(format!("AoIIP{}=", start + page.len()));
    }
    answer::json(200, &[], &body)
}

fn hits<'a>(shelves: &'a Shelves, text: &str) -> Vec<(&'a Work, &'a Quirks)> {
    let held = || shelves.held(Database::EuropePmc).map(|(work, holding)| (work, &holding.quirks));
    let ids: Vec<(String, String)> = IDS
        .as_ref()
        .map(|pattern| {
            pattern.captures_iter(text).map(|found| (found[1].to_owned(), found[2].to_lowercase())).collect()
        })
        .unwrap_or_default();
    if !ids.is_empty() {
        let named = |work: &Work| {
            ids.iter().any(|(kind, id)| match kind.as_str() {
                "DOI" => work.doi == *id,
                "PMCID" => work.pmcid().is_some_and(|own| own.eq_ignore_ascii_case(id)),
                _ => work.pmid() == *id,
            })
        };
        return held().filter(|(work, _)| named(work)).collect();
    }
    let mut limits: Vec<(String, String)> = Vec::new();
    let mut rest = text.to_owned();
    if let Some(pattern) = DATES.as_ref() {
        limits.extend(pattern.captures_iter(text).map(|found| (found[2].to_owned(), found[3].to_owned())));
        rest = pattern.replace_all(text, "").into_owned();
    }
    let meeting = shelves.meeting(&rest, false);
    held()
        .filter(|(work, _)| {
            let day = work.date.iso();
            limits.iter().all(|(from, to)| {
                (from == "*" || day.as_str() >= from.as_str()) && (to == "*" || day <= format!("{to}~"))
            })
        })
        .filter(|(work, _)| meeting[work.number])
        .collect()
}

fn result(work: &Work, quirks: &Quirks) -> Value {
    let authors: Vec<Value> = work
        .authors
        .iter()
        .map(|author| {
            let family = work.family_in(author, quirks);
            json!({"fullName": format!("{family} {}", author.initials()), "firstName": author.given, "lastName": family,
                   "initials": author.initials()})
        })
        .collect();
    let names: Vec<String> =
        work.authors.iter().map(|author| format!("{} {}", work.family_in(author, quirks), author.initials())).collect();
    let mut result = json!({
        "id": work.pmid(),
        "source": "MED",
        "pmid": work.pmid(),
        "title": format!("{}.", work.title_in(quirks)),
        "authorString": format!("{}.", names.join(", ")),
        "authorList": {"author": authors},
        "journalInfo": {
            "issue": work.issue.to_string(),
            "volume": work.volume.to_string(),
            "dateOfPublication": work.date.iso(),
            "monthOfPublication": work.date.month,
            "yearOfPublication": work.date.year,
            "printPublicationDate": work.date.iso(),
            "journal": {"title": work.venue, "issn": work.issn},
        },
        "pubYear": work.date.year.to_string(),
        "pageInfo": work.pages(),
        "language": "eng",
        "pubTypeList": {"pubType": kinds(work.kind)},
        "keywordList": {"keyword": work.keywords},
        "isOpenAccess": if work.pmcid().is_some() { "Y" } else { "N" },
        "inEPMC": if work.pmcid().is_some() { "Y" } else { "N" },
        "inPMC": "N",
        "hasPDF": "N",
        "citedByCount": 0,
        "firstPublicationDate": work.date.iso(),
    });
    if let Some(pmcid) = work.pmcid() {
        result["pmcid"] = json!(pmcid);
        result["fullTextUrlList"] = json!({"fullTextUrl": [
            {"availability": "Open access", "availabilityCode": "OA", "documentStyle": "html", "site": "Europe_PMC",
             "url": format!("https://europepmc.org/articles/{pmcid}")}]});
    }
    if !quirks.no_doi {
        result["doi"] = json!(work.doi);
    }
    if let Some(text) = work.abstract_in(quirks) {
        result["abstractText"] = json!(text);
    }
    result
}

fn kinds(kind: WorkType) -> &'static [&'static str] {
    match kind {
        WorkType::Review => &["review-article", "Review", "Journal Article"],
        WorkType::Letter => &["Letter", "letter"],
        WorkType::Editorial => &["Editorial", "editorial"],
        WorkType::Erratum => &["Published Erratum", "correction"],
        _ => &["research-article", "Journal Article"],
    }
}

async fn full_text(State(shelves): State<Arc<Shelves>>, Path(id): Path<String>) -> Response<Body> {
    let work = shelves.corpus.works.iter().find(|work| work.pmcid().as_deref() == Some(id.as_str()));
    match work.filter(|work| work.holding(Database::EuropePmc).is_some()) {
        Some(work) => answer::xml(200, &[], jats::write(work)),
        None => answer::of(404, "application/json", &[], "{\"errCode\":404,\"errMsg\":\"Not found\"}"),
    }
}

async fn linked(
    State(shelves): State<Arc<Shelves>>,
    Path((source, id, list)): Path<(String, String, String)>,
    RawQuery(query): RawQuery,
) -> Response<Body> {
    let parameters = answer::parameters(&query.unwrap_or_default());
    let (page, size) = (answer::number(&parameters, "page", 1).max(1), answer::number(&parameters, "pageSize", 25));
    let work = shelves.held(Database::EuropePmc).find(|(work, _)| work.pmid() == id).map(|(work, _)| work);
    let numbers: &[usize] = match (work, list.as_str()) {
        (Some(work), "citations") => shelves.citing(work.number),
        (Some(work), "references") => &work.cites,
        _ => &[],
    };
    let held: Vec<&Work> = numbers
        .iter()
        .map(|number| &shelves.corpus.works[*number])
        .filter(|work| work.holding(Database::EuropePmc).is_some())
        .collect();
    let shown: Vec<Value> = answer::page(&held, (page - 1) * size, size)
        .iter()
        .map(|work| json!({"id": work.pmid(), "source": "MED", "title": work.title, "pubYear": work.date.year, "doi": work.doi}))
        .collect();
    let (outer, inner) =
        if list == "references" { ("referenceList", "reference") } else { ("citationList", "citation") };
    let body = json!({"version": VERSION, "hitCount": held.len(),
                      "request": {"id": id, "source": source, "page": page, "pageSize": size}, outer: {inner: shown}});
    answer::json(200, &[], &body)
}
