//! A full text as Europe PMC serves it.

use super::escaped;
use crate::demo::corpus::Work;

/// The work as a JATS article.
pub fn write(work: &Work) -> String {
    let authors: String = work
        .authors
        .iter()
        .map(|author| {
            format!(
                "<contrib contrib-type=\"author\"><name><surname>{}</surname><given-names>{}</given-names></name></contrib>",
                escaped(author.family),
                escaped(author.given)
            )
        })
        .collect();
    let summary = work
        .abstract_text
        .as_deref()
        .map(|text| format!("<abstract><p>{}</p></abstract>", escaped(text)))
        .unwrap_or_default();
    let sections: String = work
        .body
        .iter()
        .enumerate()
        .map(|(at, (title, text))| {
            format!("<sec id=\"sec{}\"><title>{}</title><p>{}</p></sec>", at + 1, escaped(title), escaped(text))
        })
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE article PUBLIC \"-//NLM//DTD JATS (Z39.96) Journal \
         Archiving and Interchange DTD v1.2 20190208//EN\" \"JATS-archivearticle1.dtd\">\n<article \
         xmlns:xlink=\"http://www.w3.org/1999/xlink\" article-type=\"research-article\" xml:lang=\"en\"><front>\
         <journal-meta><journal-title-group><journal-title>{}</journal-title></journal-title-group><issn \
         pub-type=\"epub\">{}</issn></journal-meta><article-meta><article-id pub-id-type=\"doi\">{}</article-id>\
         <title-group><article-title>{}</article-title></title-group><contrib-group>{authors}</contrib-group>\
         <pub-date pub-type=\"epub\"><day>{}</day><month>{}</month><year>{}</year></pub-date>{summary}\
         </article-meta></front><body>{sections}</body></article>",
        escaped(work.venue),
        work.issn,
        work.doi,
        escaped(&work.title),
        work.date.day,
        work.date.month,
        work.date.year
    )
}
