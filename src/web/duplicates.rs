//! The pages on duplicates: groups that might be one work, links between works, and what people said.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::App;
use super::differences::{FieldRow, rows};
use super::routes::{blocking, error, fresh_key, page};
use crate::dedupe::merged;
use crate::error::{Failure, Outcome};
use crate::model::{DuplicateRuling, Record, RelationKind, RulingAction, rulings_in_force};
use crate::pipeline::{Asked, LinkStatus, Related, WaitingGroup, What, related, rule, undo, waiting};
use crate::store::Store;

/// Works of a group that are shown at once; the others follow when these are decided.
const MOST_SHOWN: usize = 6;
/// The longest note that is kept, in bytes.
const MOST_NOTE: usize = 2000;

/// A work of a group, as a column.
pub struct Column {
    /// Its id, which the form sends.
    pub id: String,
    pub records: Vec<String>,
}

/// A link that a person may say there is: `KIND|A|B`, and in words.
pub struct Choice {
    pub value: String,
    pub words: String,
}

/// Works side by side.
#[derive(Template)]
#[template(path = "duplicates.html")]
pub struct DuplicatesPage<'a> {
    pub review: &'a str,
    pub reviewer: &'a str,
    pub view: &'static str,
    pub position: usize,
    pub total: usize,
    pub previous: Option<usize>,
    pub next: Option<usize>,
    pub columns: Vec<Column>,
    /// Works of the group that are not shown yet.
    pub more: usize,
    pub rows: Vec<FieldRow>,
    /// Why they may be one, or what they are to each other.
    pub why: Vec<String>,
    /// The proposed link, on its page.
    pub link: Option<Choice>,
    /// Links that may be said of two works.
    pub choices: Vec<Choice>,
    pub token: &'a str,
    pub key: String,
    pub message: Option<String>,
    pub can_undo: bool,
}

/// A ruling in the list, and whether it is in force.
pub struct ListedRuling {
    pub id: i64,
    pub words: String,
    pub in_force: bool,
}

/// What people said.
#[derive(Template)]
#[template(path = "rulings.html")]
pub struct RulingsPage<'a> {
    pub review: &'a str,
    pub reviewer: &'a str,
    pub rulings: Vec<ListedRuling>,
    pub token: &'a str,
    pub key: String,
    pub message: Option<String>,
}

#[derive(Deserialize)]
pub struct Place {
    #[serde(default)]
    at: Option<usize>,
    #[serde(default)]
    said: Option<String>,
}

/// How much there is of each, for the review's first page.
pub fn counts(app: &App, store: &Store) -> Outcome<Vec<(&'static str, &'static str, usize)>> {
    let proposed = proposed(app, store)?.len();
    let rulings = rulings_in_force(&all_rulings(store)?).len();
    Ok(vec![
        ("possible", "Possible duplicates", waiting(&app.settings, store)?.len()),
        ("links", "Links between works", proposed),
        ("rulings", "What people said", rulings),
    ])
}

fn all_rulings(store: &Store) -> Outcome<Vec<DuplicateRuling>> {
    Ok(store.rulings()?.into_iter().map(|stored| stored.ruling).collect())
}

fn proposed(app: &App, store: &Store) -> Outcome<Vec<Related>> {
    let mut links = related(&app.settings, store)?;
    links.retain(|link| link.status == LinkStatus::Proposed);
    Ok(links)
}

/// `GET /duplicates/{view}`
pub async fn show(State(app): State<Arc<App>>, Path(view): Path<String>, Query(place): Query<Place>) -> Response {
    blocking(app, move |app| {
        let message = place.said.as_deref().and_then(said);
        match view.as_str() {
            "possible" => app.with_store(|store| possible(app, store, &place, message)),
            "links" => app.with_store(|store| links(app, store, &place, message)),
            "rulings" => app.with_store(|store| rulings(app, store, message)),
            _ => Err(Failure::usage("no such list")),
        }
    })
    .await
}

fn said(word: &str) -> Option<String> {
    let text = match word {
        "merge" => "They are one work.",
        "split" => "They are not the same.",
        "accept" => "The link holds: one study.",
        "refuse" => "There is no such link.",
        "withdraw" => "Undone.",
        "nothing" => "There is nothing of yours to undo.",
        "two" => "Tick at least two works.",
        _ => return None,
    };
    Some(text.to_owned())
}

/// The place in a list of so many: from 1, and its neighbours.
fn place_in(place: &Place, total: usize) -> (usize, Option<usize>, Option<usize>) {
    let position = place.at.unwrap_or(1).clamp(1, total.max(1));
    (position, (position > 1).then(|| position - 1), (position < total).then_some(position + 1))
}

fn possible(app: &App, store: &Store, place: &Place, message: Option<String>) -> Outcome<Response> {
    let groups = waiting(&app.settings, store)?;
    let (position, previous, next) = place_in(place, groups.len());
    let group = groups.get(position - 1);
    let ids: Vec<i64> = group.map(|group| group.ids.clone()).unwrap_or_default();
    let shown = &ids[..ids.len().min(MOST_SHOWN)];
    let (columns, records) = columns(store, shown)?;
    let choices = match columns.as_slice() {
        [a, b] => choices(&a.id, &b.id),
        _ => Vec::new(),
    };
    Ok(page(
        app,
        &DuplicatesPage {
            review: &app.settings.review.title,
            reviewer: &app.serving.reviewer,
            view: "possible",
            position: if group.is_some() { position } else { 0 },
            total: groups.len(),
            previous,
            next,
            more: ids.len() - shown.len(),
            rows: rows(&records),
            why: group.map(why).unwrap_or_default(),
            link: None,
            choices,
            columns,
            token: &app.token,
            key: fresh_key()?,
            message,
            can_undo: latest_of(app, store)?.is_some(),
        },
    ))
}

fn why(group: &WaitingGroup) -> Vec<String> {
    let told = group.links.iter().take(12);
    told.map(|link| format!("{} / {}: {} ({:.2}): {}", link.a, link.b, link.rule, link.score, link.why)).collect()
}

fn links(app: &App, store: &Store, place: &Place, message: Option<String>) -> Outcome<Response> {
    let links = proposed(app, store)?;
    let (position, previous, next) = place_in(place, links.len());
    let link = links.get(position - 1);
    let ids: Vec<i64> = link.map(|link| vec![link.works.0, link.works.1]).unwrap_or_default();
    let (columns, records) = columns(store, &ids)?;
    Ok(page(
        app,
        &DuplicatesPage {
            review: &app.settings.review.title,
            reviewer: &app.serving.reviewer,
            view: "links",
            position: if link.is_some() { position } else { 0 },
            total: links.len(),
            previous,
            next,
            columns,
            more: 0,
            rows: rows(&records),
            why: link.and_then(|link| link.why.clone()).into_iter().collect(),
            link: link.map(|link| Choice {
                value: format!("{}|{}|{}", link.kind.name(), link.a, link.b),
                words: format!("1 may be {} 2", link.kind.in_words().0),
            }),
            choices: Vec::new(),
            token: &app.token,
            key: fresh_key()?,
            message,
            can_undo: latest_of(app, store)?.is_some(),
        },
    ))
}

fn columns(store: &Store, works: &[i64]) -> Outcome<(Vec<Column>, Vec<Record>)> {
    let mut columns = Vec::new();
    let mut views = Vec::new();
    for work in works {
        let members = store.members(*work)?;
        let records: Vec<&Record> = members.iter().map(|member| &member.record).collect();
        views.push(merged(&records));
        let keys: Vec<String> = members.into_iter().map(|member| member.key).collect();
        columns.push(Column { id: keys.first().cloned().unwrap_or_default(), records: keys });
    }
    Ok((columns, views))
}

fn choices(a: &str, b: &str) -> Vec<Choice> {
    let of = |kind: RelationKind| {
        let words = kind.in_words().0;
        [
            Choice { value: format!("{}|{a}|{b}", kind.name()), words: format!("1 is {words} 2") },
            Choice { value: format!("{}|{b}|{a}", kind.name()), words: format!("2 is {words} 1") },
        ]
    };
    RelationKind::ALL.into_iter().flat_map(of).collect()
}

fn rulings(app: &App, store: &Store, message: Option<String>) -> Outcome<Response> {
    let all = all_rulings(store)?;
    let in_force: Vec<i64> = rulings_in_force(&all).into_iter().map(|ruling| ruling.id).collect();
    let listed = all.iter().rev().map(|ruling| ListedRuling {
        id: ruling.id,
        words: in_words(ruling),
        in_force: in_force.contains(&ruling.id),
    });
    Ok(page(
        app,
        &RulingsPage {
            review: &app.settings.review.title,
            reviewer: &app.serving.reviewer,
            rulings: listed.collect(),
            token: &app.token,
            key: fresh_key()?,
            message,
        },
    ))
}

fn in_words(ruling: &DuplicateRuling) -> String {
    let why = if ruling.why.is_empty() { String::new() } else { format!(" ({})", ruling.why) };
    format!("{} {}, {}: {}{why}", ruling.id, ruling.at, ruling.by, ruling.in_words())
}

/// The reviewer's latest ruling in force.
fn latest_of(app: &App, store: &Store) -> Outcome<Option<i64>> {
    let all = all_rulings(store)?;
    Ok(rulings_in_force(&all).iter().rev().find(|ruling| ruling.by == app.serving.reviewer).map(|ruling| ruling.id))
}

/// A form's fields; those of one name may come several times.
struct Fields(Vec<(String, String)>);

impl Fields {
    fn one(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.trim())
    }
    fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(field, _)| field == name).map(|(_, value)| value.clone()).collect()
    }
}

fn refused(app: &App, fields: &Fields) -> Option<Response> {
    if fields.one("token") != app.token {
        let message = "the form is from another run of the server: load the page again";
        return Some(error(app, StatusCode::FORBIDDEN, message));
    }
    (fields.one("key").is_empty())
        .then(|| error(app, StatusCode::BAD_REQUEST, "the form has no key: load the page again"))
}

/// `POST /duplicates/decide`
pub async fn decided(State(app): State<Arc<App>>, Form(fields): Form<Vec<(String, String)>>) -> Response {
    let fields = Fields(fields);
    if let Some(response) = refused(&app, &fields) {
        return response;
    }
    blocking(app, move |app| {
        let view = if fields.one("view") == "links" { "links" } else { "possible" };
        let back = |word: &str| {
            let at = fields.one("at").parse::<usize>().unwrap_or(1).max(1);
            Ok(Redirect::to(&format!("/duplicates/{view}?at={at}&said={word}")).into_response())
        };
        let wrong = || Failure::usage("no such decision");
        let action = RulingAction::read(fields.one("action")).ok_or_else(wrong)?;
        let (kind, names) = match action {
            RulingAction::Merge | RulingAction::Split => (None, fields.all("work")),
            RulingAction::Accept | RulingAction::Refuse => {
                let mut parts = fields.one("link").split('|');
                let kind = parts.next().and_then(RelationKind::read).ok_or_else(wrong)?;
                (Some(kind), parts.map(str::to_owned).collect())
            }
            RulingAction::Keep | RulingAction::Withdraw => return Err(wrong()),
        };
        if names.len() < 2 {
            return back("two");
        }
        let note = fields.one("note");
        let end = note.char_indices().map(|(at, _)| at).find(|at| *at >= MOST_NOTE).unwrap_or(note.len());
        let asked = Asked {
            action,
            kind,
            names: &names,
            by: &app.serving.reviewer,
            why: &note[..end],
            idempotency: Some(fields.one("key")),
        };
        app.changing(|store| rule(store, &app.settings, &asked))?;
        back(action.name())
    })
    .await
}

/// `POST /duplicates/undo`
pub async fn undone(State(app): State<Arc<App>>, Form(fields): Form<Vec<(String, String)>>) -> Response {
    let fields = Fields(fields);
    if let Some(response) = refused(&app, &fields) {
        return response;
    }
    blocking(app, move |app| {
        let named = fields.one("ruling").parse::<i64>().ok();
        let id = match named {
            Some(id) => Some(id),
            None => app.with_store(|store| latest_of(app, store))?,
        };
        let view = match fields.one("view") {
            "links" => "links",
            "rulings" => "rulings",
            _ => "possible",
        };
        let Some(id) = id else {
            return Ok(Redirect::to(&format!("/duplicates/{view}?said=nothing")).into_response());
        };
        let key = Some(fields.one("key"));
        app.changing(|store| undo(store, &app.settings, What::Ruling(id), &app.serving.reviewer, "", key))?;
        Ok(Redirect::to(&format!("/duplicates/{view}?said=withdraw")).into_response())
    })
    .await
}

/// What a work belongs together with, for its card: in words, and the other work's id.
pub fn of_work(app: &App, work: i64) -> Outcome<Vec<String>> {
    app.with_store(|store| {
        let links = related(&app.settings, store)?;
        let mut told = BTreeMap::new();
        for link in links.iter().filter(|link| link.status != LinkStatus::Refused) {
            let words = link.kind.in_words();
            let (relation, other, id) = match link.works {
                (a, b) if a == work => (words.0, &link.b, b),
                (a, b) if b == work => (words.1, &link.a, a),
                _ => continue,
            };
            let title = store.members(id)?.into_iter().find_map(|member| member.record.title).unwrap_or_default();
            let status = if link.status == LinkStatus::Accepted { "accepted" } else { "proposed" };
            told.insert((link.kind, id), format!("{relation} {other}, {title} ({status})"));
        }
        Ok(told.into_values().collect())
    })
}
