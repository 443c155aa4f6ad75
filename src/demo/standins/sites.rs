//! Sites told apart by their host names: publishers, the repository, what members named, and a
//! website with robots.txt and a sitemap.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Response, Uri};

use super::shelves::Shelves;
use super::{answer, govuk};
use crate::demo::corpus::{ASSETS, Delivery, REPORTS, REPOSITORY, SITE, Shelf, WebDocument, Work};
use crate::demo::files::{escaped, html, pdf};

struct Desk {
    shelves: Arc<Shelves>,
    /// Pages that have failed once already.
    failed: Mutex<HashSet<usize>>,
}

pub fn router(shelves: Arc<Shelves>) -> Router {
    Router::new().fallback(answer_for_host).with_state(Arc::new(Desk { shelves, failed: Mutex::default() }))
}

async fn answer_for_host(State(desk): State<Arc<Desk>>, headers: HeaderMap, uri: Uri) -> Response<Body> {
    let host = headers.get("host").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default();
    let path = uri.path();
    if path == "/robots.txt" {
        return robots(host);
    }
    let found = match host {
        SITE => desk.site(path),
        REPORTS => desk.report(path),
        REPOSITORY => desk.work(path.trim_start_matches('/').trim_end_matches(".pdf")).map(work_pdf),
        ASSETS => desk.document(path.trim_start_matches("/media/").trim_end_matches(".pdf")).map(document_pdf),
        govuk::HOST => desk.govuk(path),
        _ => desk.publisher(host, path),
    };
    found.unwrap_or_else(|| answer::html(404, "<html><body><h1>Not found</h1></body></html>".into()))
}

fn robots(host: &str) -> Response<Body> {
    let text = match host {
        SITE => format!("User-agent: *\nDisallow: /private/\n\nSitemap: http://{SITE}/sitemap.xml\n"),
        _ => "User-agent: *\nDisallow: /search\n".to_owned(),
    };
    answer::of(200, "text/plain; charset=utf-8", &[], text)
}

fn of_pdf(bytes: Vec<u8>) -> Response<Body> {
    answer::of(200, "application/pdf", &[], bytes)
}

fn work_pdf(work: &Work) -> Response<Body> {
    let names: Vec<String> = work.authors.iter().map(|author| format!("{} {}", author.given, author.family)).collect();
    let head = format!("{}. {}, {}. doi:{}", names.join(", "), work.venue, work.date.year, work.doi);
    let mut sections = vec![(String::new(), head)];
    sections.extend(work.abstract_text.iter().map(|text| ("Abstract".to_owned(), text.clone())));
    sections.extend(work.body.iter().cloned());
    of_pdf(pdf::write(&work.title, &sections))
}

fn document_pdf(document: &WebDocument) -> Response<Body> {
    let mut sections = vec![(String::new(), format!("{}, {}", document.organisation, document.date.year))];
    sections.extend(document.body.iter().cloned());
    of_pdf(pdf::write(&document.title, &sections))
}

fn document_page(document: &WebDocument) -> Response<Body> {
    let meta = [
        ("description", document.description.clone()),
        ("author", document.organisation.to_owned()),
        ("article:published_time", format!("{}T09:00:00+00:00", document.date.iso())),
        ("dc.date", document.date.iso()),
    ];
    answer::html(200, html::write(&document.title, &meta, &document.body, ""))
}

impl Desk {
    fn work(&self, number: &str) -> Option<&Work> {
        self.shelves.corpus.works.get(number.parse::<usize>().ok()?)
    }

    fn document(&self, number: &str) -> Option<&WebDocument> {
        self.shelves.corpus.documents.get(number.parse::<usize>().ok()?)
    }

    fn on_shelf(&self, shelf: Shelf, path: &str) -> Option<&WebDocument> {
        self.shelves.corpus.documents.iter().find(|document| document.shelf == shelf && document.path == path)
    }

    fn govuk(&self, path: &str) -> Option<Response<Body>> {
        self.on_shelf(Shelf::GovUk, path).map(|document| answer::html(200, govuk::page_html(document)))
    }

    fn report(&self, path: &str) -> Option<Response<Body>> {
        match path.strip_suffix(".pdf") {
            Some(path) => self.on_shelf(Shelf::Report, path).map(document_pdf),
            None => self.on_shelf(Shelf::Report, path).map(document_page),
        }
    }

    /// The website: a sitemap index, two sitemaps, pages.
    fn site(&self, path: &str) -> Option<Response<Body>> {
        let part = |kind: &str| {
            let pages = self.shelves.corpus.documents.iter().filter(|document| document.shelf == Shelf::Site);
            let entries: String = pages
                .filter(|document| document.path.starts_with(&format!("/{kind}/")))
                .map(|document| {
                    format!(
                        "<url><loc>{}</loc><lastmod>{}</lastmod></url>\n",
                        escaped(&document.url()),
                        document.date.iso()
                    )
                })
                .collect();
            sitemap("urlset", &entries)
        };
        match path {
            "/sitemap.xml" => {
                let entries: String = ["stories", "blog"]
                    .iter()
                    .map(|kind| format!("<sitemap><loc>http://{SITE}/sitemap-{kind}.xml</loc></sitemap>\n"))
                    .collect();
                Some(sitemap("sitemapindex", &entries))
            }
            "/sitemap-stories.xml" => Some(part("stories")),
            "/sitemap-blog.xml" => Some(part("blog")),
            path => self.on_shelf(Shelf::Site, path).map(document_page),
        }
    }

    fn publisher(&self, host: &str, path: &str) -> Option<Response<Body>> {
        if path == "/login" {
            return Some(answer::html(200, login_page()));
        }
        if let Some(number) = path.strip_prefix("/pdf/") {
            let work = self.work(number.trim_end_matches(".pdf")).filter(|work| work.host() == host)?;
            return matches!(work.delivery, Delivery::Pdf | Delivery::PageNamesPdf).then(|| work_pdf(work));
        }
        let work = self.work(path.strip_prefix("/article/")?).filter(|work| work.host() == host)?;
        match work.delivery {
            Delivery::LoginFirst => {
                let to = format!("/login?return={path}");
                Some(answer::of(302, "text/html", &[("location", to.as_str())], ""))
            }
            Delivery::FailsOnce if self.failed.lock().unwrap_or_else(PoisonError::into_inner).insert(work.number) => {
                Some(answer::of(503, "text/html", &[("retry-after", "0")], "<h1>Service unavailable</h1>"))
            }
            _ => Some(answer::html(200, landing_page(work))),
        }
    }
}

fn sitemap(element: &str, entries: &str) -> Response<Body> {
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{element} xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n{entries}</{element}>\n"
    );
    answer::of(200, "application/xml", &[], body)
}

/// The page of an article: with its text, or with its abstract and the way to the PDF.
fn landing_page(work: &Work) -> String {
    let mut meta = vec![
        ("citation_title", work.title.clone()),
        ("citation_journal_title", work.venue.to_owned()),
        ("citation_publication_date", work.date.iso().replace('-', "/")),
        ("citation_doi", work.doi.clone()),
    ];
    for author in &work.authors {
        meta.push(("citation_author", format!("{}, {}", author.family, author.given)));
    }
    let summary = work.abstract_text.clone().unwrap_or_else(|| "No abstract.".to_owned());
    let mut sections = vec![("Abstract".to_owned(), summary)];
    let mut end = String::new();
    match work.pdf_url() {
        Some(address) => {
            end = format!("<p><a href=\"{0}\">Download PDF</a></p>\n", escaped(&address));
            meta.push(("citation_pdf_url", address));
        }
        None => sections.extend(work.body.iter().cloned()),
    }
    html::write(&work.title, &meta, &sections, &end)
}

fn login_page() -> String {
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Sign in</title></head><body><h1>Sign in to \
     continue</h1><form method=\"post\" action=\"/login\"><label>User name <input type=\"text\" name=\"username\"></label>\
     <label>Password <input type=\"password\" name=\"password\"></label><button>Sign in</button></form>\
     <p>Log in through your institution, or buy access.</p></body></html>"
        .to_owned()
}
