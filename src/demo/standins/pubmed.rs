//! PubMed's E-utilities: esearch with history, efetch.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::Response;
use axum::routing::get;
use regex::Regex;

use super::answer;
use super::scopus::MONTHS;
use super::shelves::Shelves;
use crate::demo::corpus::{Database, Quirks, Work};
use crate::demo::files::escaped;
use crate::model::WorkType;

const ENVIRONMENT: &str = "MCID_5f0000000000000000000001";
const HEADERS: &[(&str, &str)] = &[("x-ratelimit-limit", "100"), ("x-ratelimit-remaining", "99")];

static DATES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"\s*(?:AND\s+)?\(?"?([\d/]+)"?(?:\[[a-z]+\])?\s*:\s*"?([\d/]+)"?\[(?:dp|pdat|edat)\]\)?"#).ok()
});
static DOI: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#""?(10\.[^"\[\s]+)"?\[(?:doi|aid)\]"#).ok());

struct Desk {
    shelves: Arc<Shelves>,
    /// What searches found, by query key from 1.
    history: Mutex<Vec<Vec<usize>>>,
}

pub fn router(shelves: Arc<Shelves>) -> Router {
    let desk = Arc::new(Desk { shelves, history: Mutex::default() });
    Router::new()
        .route("/esearch.fcgi", get(search).post(search))
        .route("/efetch.fcgi", get(fetch).post(fetch))
        .with_state(desk)
}

fn parameters(query: Option<String>, form: &str) -> HashMap<String, String> {
    let mut parameters = answer::parameters(&query.unwrap_or_default());
    parameters.extend(answer::parameters(form));
    parameters
}

async fn search(State(desk): State<Arc<Desk>>, RawQuery(query): RawQuery, form: String) -> Response<Body> {
    let parameters = parameters(query, &form);
    let term = parameters.get("term").cloned().unwrap_or_default();
    let found = desk.found(&term, &parameters);
    let start = answer::number(&parameters, "retstart", 0);
    let count = answer::number(&parameters, "retmax", 20);
    let ids: String = answer::page(&found, start, count)
        .iter()
        .map(|number| format!("<Id>{}</Id>\n", desk.shelves.corpus.works[*number].pmid()))
        .collect();
    let total = found.len();
    let mut kept = String::new();
    if parameters.get("usehistory").map(String::as_str) == Some("y") {
        let mut history = desk.history.lock().unwrap_or_else(PoisonError::into_inner);
        history.push(found);
        kept = format!("<QueryKey>{}</QueryKey><WebEnv>{ENVIRONMENT}</WebEnv>", history.len());
    }
    let nothing =
        if total == 0 { "<WarningList><OutputMessage>No items found.</OutputMessage></WarningList>" } else { "" };
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<!DOCTYPE eSearchResult PUBLIC \"-//NLM//DTD esearch \
         20060628//EN\" \"https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20060628/esearch.dtd\">\n<eSearchResult>\
         <Count>{total}</Count><RetMax>{}</RetMax><RetStart>{start}</RetStart>{kept}<IdList>\n{ids}</IdList>\
         <TranslationSet/><QueryTranslation>{}</QueryTranslation>{nothing}</eSearchResult>",
        count.min(total),
        escaped(&term),
    );
    answer::xml(200, HEADERS, body)
}

async fn fetch(State(desk): State<Arc<Desk>>, RawQuery(query): RawQuery, form: String) -> Response<Body> {
    let parameters = parameters(query, &form);
    let shelves = &desk.shelves;
    let wanted: Vec<usize> = if let Some(ids) = parameters.get("id") {
        let ids: Vec<&str> = ids.split(',').map(str::trim).collect();
        shelves
            .held(Database::PubMed)
            .filter(|(work, _)| ids.contains(&work.pmid().as_str()))
            .map(|(work, _)| work.number)
            .collect()
    } else {
        let key = answer::number(&parameters, "query_key", 0);
        let history = desk.history.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = parameters.get("WebEnv").map(String::as_str) == Some(ENVIRONMENT);
        let Some(found) = key.checked_sub(1).filter(|_| kept).and_then(|at| history.get(at)) else {
            // A stand-in started anew has forgotten, as the history server does after some hours.
            let told = "Unable to obtain query #1";
            return answer::xml(
                200,
                HEADERS,
                format!("<?xml version=\"1.0\"?>\n<eFetchResult><ERROR>{told}</ERROR></eFetchResult>"),
            );
        };
        let start = answer::number(&parameters, "retstart", 0);
        answer::page(found, start, answer::number(&parameters, "retmax", 20)).to_vec()
    };
    let articles: String = wanted
        .iter()
        .filter_map(|number| {
            let work = &shelves.corpus.works[*number];
            Some(article(work, &work.holding(Database::PubMed)?.quirks))
        })
        .collect();
    let body = format!(
        "<?xml version=\"1.0\" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC \"-//NLM//DTD PubMedArticle, 1st January \
         2019//EN\" \"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_190101.dtd\">\n<PubmedArticleSet>{articles}\n</PubmedArticleSet>"
    );
    answer::xml(200, HEADERS, body)
}

impl Desk {
    fn found(&self, term: &str, parameters: &HashMap<String, String>) -> Vec<usize> {
        let held = self.shelves.held(Database::PubMed);
        let dois: Vec<String> = DOI
            .as_ref()
            .map(|pattern| pattern.captures_iter(term).map(|found| found[1].to_lowercase()).collect())
            .unwrap_or_default();
        if !dois.is_empty() {
            let meets = |work: &Work, quirks: &Quirks| !quirks.no_doi && dois.contains(&work.doi);
            return held.filter(|(work, holding)| meets(work, &holding.quirks)).map(|(work, _)| work.number).collect();
        }
        let mut limits: Vec<(String, String)> = Vec::new();
        let mut rest = term.to_owned();
        if let Some(pattern) = DATES.as_ref() {
            limits.extend(pattern.captures_iter(term).map(|found| (found[1].to_owned(), found[2].to_owned())));
            rest = pattern.replace_all(term, "").into_owned();
        }
        if parameters.get("datetype").map(String::as_str) == Some("pdat") {
            let end = |name: &str, open: &str| parameters.get(name).cloned().unwrap_or_else(|| open.to_owned());
            limits.push((end("mindate", "1000"), end("maxdate", "3000")));
        }
        let meeting = self.shelves.meeting(&rest, false);
        held.filter(|(work, _)| {
            let day = format!("{:04}/{:02}/{:02}", work.date.year, work.date.month, work.date.day);
            // A limit may be a year, a month or a day; `~` sorts after every digit and slash.
            limits.iter().all(|(from, to)| day.as_str() >= from.as_str() && day <= format!("{to}~"))
        })
        .filter(|(work, _)| meeting[work.number])
        .map(|(work, _)| work.number)
        .collect()
    }
}

fn article(work: &Work, quirks: &Quirks) -> String {
    let pmid = work.pmid();
    let authors: String = work
        .authors
        .iter()
        .map(|author| {
            format!(
                "<Author ValidYN=\"Y\"><LastName>{}</LastName><ForeName>{}</ForeName><Initials>{}</Initials></Author>",
                escaped(&work.family_in(author, quirks)),
                escaped(author.given),
                author.initials()
            )
        })
        .collect();
    let summary = work
        .abstract_in(quirks)
        .map(|text| format!("<Abstract><AbstractText>{}</AbstractText></Abstract>", escaped(text)))
        .unwrap_or_default();
    let doi = if quirks.no_doi { String::new() } else { format!("<ArticleId IdType=\"doi\">{}</ArticleId>", work.doi) };
    let pmc = work.pmcid().map(|id| format!("<ArticleId IdType=\"pmc\">{id}</ArticleId>")).unwrap_or_default();
    let kinds: String = kinds(work.kind)
        .iter()
        .map(|kind| format!("<PublicationType UI=\"D000000\">{kind}</PublicationType>"))
        .collect();
    let headings: String = work
        .index_terms
        .iter()
        .map(|term| {
            format!(
                "<MeshHeading><DescriptorName UI=\"D000001\" MajorTopicYN=\"N\">{}</DescriptorName></MeshHeading>",
                escaped(term)
            )
        })
        .collect();
    let headings =
        if headings.is_empty() { headings } else { format!("<MeshHeadingList>{headings}</MeshHeadingList>") };
    format!(
        "<PubmedArticle><MedlineCitation Status=\"MEDLINE\" Owner=\"NLM\"><PMID Version=\"1\">{pmid}</PMID><Article \
         PubModel=\"Print\"><Journal><ISSN IssnType=\"Print\">{}</ISSN><JournalIssue CitedMedium=\"Print\"><Volume>{}</Volume>\
         <Issue>{}</Issue><PubDate><Year>{}</Year><Month>{}</Month><Day>{:02}</Day></PubDate></JournalIssue><Title>{}</Title>\
         </Journal><ArticleTitle>{}.</ArticleTitle><Pagination><MedlinePgn>{}</MedlinePgn></Pagination>{summary}<AuthorList \
         CompleteYN=\"Y\">{authors}</AuthorList><Language>eng</Language><PublicationTypeList>{kinds}</PublicationTypeList>\
         </Article>{headings}</MedlineCitation><PubmedData><PublicationStatus>ppublish</PublicationStatus><ArticleIdList>\
         <ArticleId IdType=\"pubmed\">{pmid}</ArticleId>{doi}{pmc}</ArticleIdList></PubmedData></PubmedArticle>",
        work.issn,
        work.volume,
        work.issue,
        work.year_in(quirks),
        &MONTHS[work.date.month as usize - 1][..3],
        work.date.day,
        escaped(work.venue),
        escaped(&work.title_in(quirks)),
        work.pages(),
    )
}

fn kinds(kind: WorkType) -> &'static [&'static str] {
    match kind {
        WorkType::Review => &["Journal Article", "Review"],
        WorkType::Letter => &["Letter"],
        WorkType::Editorial => &["Editorial"],
        WorkType::Erratum => &["Published Erratum"],
        _ => &["Journal Article"],
    }
}
