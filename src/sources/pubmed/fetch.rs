//! efetch: the citations, some hundred at a time.

use super::{At, History, Slice, error};
use crate::formats::pubmed;
use crate::model::SetAside;
use crate::net::Response;
use crate::sources::{Next, Page, PageRecord, SourceError, State};
use crate::text::xml::{self, Element, Piece};

/// The parameters of a page.
pub fn form(history: &History) -> Vec<(String, String)> {
    let size = history.size.min(history.total.saturating_sub(history.start)).max(1);
    if !history.ids.is_empty() {
        let from = usize::try_from(history.start).unwrap_or(usize::MAX);
        let count = usize::try_from(size).unwrap_or(usize::MAX);
        let ids: Vec<&str> = history.ids.iter().skip(from).take(count).map(String::as_str).collect();
        return vec![("id".into(), ids.join(","))];
    }
    vec![
        ("WebEnv".into(), history.web_env.clone()),
        ("query_key".into(), history.query_key.clone()),
        ("retstart".into(), history.start.to_string()),
        ("retmax".into(), size.to_string()),
    ]
}

/// The citations of a page.
pub fn page(slice: Slice, history: History, again: bool, response: &Response) -> Result<Page, SourceError> {
    let mut page = match citations(response) {
        Ok(page) => page,
        // The history is kept for some hours; a run that goes on later searches again.
        Err(lost) if !again && error::is_lost_history(&lost) => {
            return Ok(Page {
                warnings: vec!["the hits were no longer kept by PubMed: the search is made again".into()],
                next: Next::More(State::of(&At::Search { slice, again: true })),
                ..Page::default()
            });
        }
        Err(error) => return Err(error),
    };
    let came = (page.records.len() + page.set_aside.len()) as u64;
    // A page of deleted citations alone has a warning and no record.
    if came == 0 && history.start < history.total && page.warnings.is_empty() {
        return Err(SourceError::Unavailable(format!("an empty page at {} of {}", history.start, history.total)));
    }
    let history = History { start: history.start + history.size, arrived: history.arrived + came, ..history };
    if history.start < history.total {
        page.next = Next::More(State::of(&At::Fetch { slice, history, again }));
    } else if history.arrived < history.total {
        page.warnings.push(format!("only {} of the {} hits arrived", history.arrived, history.total));
    }
    Ok(page)
}

/// The records of an article set.
pub fn citations(response: &Response) -> Result<Page, SourceError> {
    let text = error::text(response)?;
    let pieces = xml::pieces(&text, &["PubmedArticle", "PubmedBookArticle", "DeleteCitation", "ERROR"]);
    let in_set = text.contains("<PubmedArticleSet") || text.contains("<PubmedBookArticleSet");
    if !in_set && pieces.iter().all(|piece| piece.name == "ERROR") {
        return Err(match pieces.first() {
            Some(piece) => error::named(&crate::text::html::plain(piece.text)),
            None => SourceError::Shape("no PubmedArticleSet".into()),
        });
    }
    let ends = ["</PubmedArticleSet>", "<PubmedArticleSet/>", "</PubmedBookArticleSet>"];
    let cut = in_set && !ends.iter().any(|end| text.contains(end));
    if cut || pieces.iter().any(|piece| !piece.whole) {
        return Err(SourceError::Unavailable("the answer is cut short".into()));
    }
    let mut page = Page::default();
    for piece in pieces {
        read(piece, &mut page);
    }
    Ok(page)
}

fn read(piece: Piece<'_>, page: &mut Page) {
    let tree = xml::parse(piece.text);
    let record = match piece.name {
        "PubmedArticle" | "PubmedBookArticle" => tree.and_then(|tree| pubmed::record(&tree)),
        "DeleteCitation" => {
            let ids: Vec<String> =
                tree.iter().flat_map(|tree| tree.all("PMID").filter_map(Element::text).collect::<Vec<_>>()).collect();
            page.warnings.push(format!("PubMed has deleted {}", ids.join(", ")));
            return;
        }
        _ => return,
    };
    let payload = piece.text.as_bytes().to_vec();
    match record {
        Ok(record) => page.records.push(PageRecord { record, payload }),
        Err(reason) => page.set_aside.push(SetAside { reason, raw: payload, line: None }),
    }
}
