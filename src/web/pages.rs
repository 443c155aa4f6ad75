//! The pages' templates and what they are filled with.

use askama::Template;

use super::queue::{Card, View};
use crate::flow::{Flow, StreamFlow};
use crate::model::Stage;

/// A stage of a stream with its views.
pub struct StageLink {
    pub stream: String,
    pub stream_title: String,
    pub stage: &'static str,
    pub stage_title: &'static str,
    /// `(name, title, works)`.
    pub views: Vec<(&'static str, &'static str, usize)>,
}

/// The review at a glance.
#[derive(Template)]
#[template(path = "home.html")]
pub struct Home<'a> {
    pub review: &'a str,
    pub reviewer: &'a str,
    pub stages: Vec<StageLink>,
    /// Of duplicates: `(name, title, how many)`.
    pub duplicates: Vec<(&'static str, &'static str, usize)>,
    pub flow: &'a Flow,
    pub message: Option<String>,
}

/// A work to decide on, with the flow beside it.
#[derive(Template)]
#[template(path = "card.html")]
pub struct CardPage<'a> {
    pub review: &'a str,
    pub reviewer: &'a str,
    pub stream: &'a str,
    pub stream_title: &'a str,
    pub stage: Stage,
    pub stage_title: &'static str,
    pub view: View,
    pub position: usize,
    pub total: usize,
    pub previous: Option<usize>,
    pub next: Option<usize>,
    pub card: Card,
    /// What it belongs together with.
    pub related: Vec<String>,
    pub reasons: Vec<String>,
    pub token: &'a str,
    pub key: String,
    pub flow: Option<StreamFlow>,
    pub message: Option<String>,
    /// The whole story of one work, reached by its address: no queue around it.
    pub can_undo: bool,
}

/// Nothing left in a view.
#[derive(Template)]
#[template(path = "empty.html")]
pub struct EmptyPage<'a> {
    pub review: &'a str,
    pub reviewer: &'a str,
    pub stream: &'a str,
    pub stream_title: &'a str,
    pub stage: Stage,
    pub stage_title: &'static str,
    pub view: View,
    pub token: &'a str,
    pub key: String,
    pub flow: Option<StreamFlow>,
    pub message: Option<String>,
    pub can_undo: bool,
}

/// A document's text by section.
#[derive(Template)]
#[template(path = "document.html")]
pub struct DocumentPage<'a> {
    pub review: &'a str,
    pub reviewer: &'a str,
    pub title: String,
    /// `(title, anchor, paragraphs)`.
    pub sections: Vec<(String, String, Vec<String>)>,
}

/// Something went wrong.
#[derive(Template)]
#[template(path = "error.html")]
pub struct ErrorPage<'a> {
    pub review: &'a str,
    pub reviewer: &'a str,
    pub message: String,
}

/// A stage's name on the page.
pub fn stage_title(stage: Stage) -> &'static str {
    match stage {
        Stage::Fulltext => "Full texts",
        _ => "Titles and abstracts",
    }
}
