//! Addresses and what answers them.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use serde::Deserialize;

use super::decide::{Click, Taken, decide, undo};
use super::pages::{CardPage, DocumentPage, EmptyPage, ErrorPage, Home, StageLink, stage_title};
use super::queue::{View, card, views};
use super::{App, duplicates, guard};
use crate::config::Stream;
use crate::error::{Failure, Outcome};
use crate::model::{Stage, Verdict};
use crate::pipeline::{enters_at_abstract, reasons};
use crate::screen::RuleSet;

/// The largest form that is read, in bytes.
const MAX_FORM: usize = 64 << 10;

/// The application's router.
pub fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/", get(home))
        .route("/{stream}/{stage}/{view}", get(queue))
        .route("/decide", post(decided))
        .route("/undo", post(undone))
        .route("/duplicates/{view}", get(duplicates::show))
        .route("/duplicates/decide", post(duplicates::decided))
        .route("/duplicates/undo", post(duplicates::undone))
        .route("/document/{hash}", get(document))
        .route("/flow.json", get(flow))
        .route("/assets/style.css", get(|| asset("text/css; charset=utf-8", include_str!("assets/style.css"))))
        .route("/assets/queue.js", get(|| asset("text/javascript; charset=utf-8", include_str!("assets/queue.js"))))
        .fallback(|State(app): State<Arc<App>>| async move { error(&app, StatusCode::NOT_FOUND, "no such page") })
        .layer(axum::extract::DefaultBodyLimit::max(MAX_FORM))
        .layer(middleware::from_fn_with_state(Arc::clone(&app), guard::guard))
        .with_state(app)
}

/// Serves until the process is asked to stop; `ready` is told the address.
///
/// # Errors
/// Exit 2 where the address cannot be used.
pub async fn serve(app: Arc<App>, address: SocketAddr, ready: impl FnOnce(SocketAddr)) -> Outcome<()> {
    let listener = tokio::net::TcpListener::bind(address).await.map_err(|error| {
        Failure::usage(format!("cannot listen on {address}: {error}")).remedy("choose another with --addr HOST:PORT")
    })?;
    let local = listener.local_addr()?;
    ready(local);
    let stop = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    axum::serve(listener, router(app)).with_graceful_shutdown(stop).await.map_err(Failure::from)
}

async fn asset(kind: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

pub(super) fn page<T: Template>(app: &App, template: &T) -> Response {
    match template.render() {
        Ok(html) => Html(html).into_response(),
        Err(failure) => error(app, StatusCode::INTERNAL_SERVER_ERROR, &failure.to_string()),
    }
}

pub(super) fn error(app: &App, status: StatusCode, message: &str) -> Response {
    let template =
        ErrorPage { review: &app.settings.review.title, reviewer: &app.serving.reviewer, message: message.to_owned() };
    (status, Html(template.render().unwrap_or_else(|_| "error".to_owned()))).into_response()
}

/// Runs what reads or writes the store off the server's own threads.
pub(super) async fn blocking(app: Arc<App>, work: impl FnOnce(&App) -> Outcome<Response> + Send + 'static) -> Response {
    let kept = Arc::clone(&app);
    match tokio::task::spawn_blocking(move || work(&kept)).await {
        Ok(Ok(response)) => response,
        Ok(Err(failure)) if failure.exit == crate::error::Exit::Usage => {
            error(&app, StatusCode::NOT_FOUND, &failure.message)
        }
        Ok(Err(failure)) => error(&app, StatusCode::INTERNAL_SERVER_ERROR, &failure.message),
        Err(_) => error(&app, StatusCode::INTERNAL_SERVER_ERROR, "something went wrong; nothing was lost"),
    }
}

async fn home(State(app): State<Arc<App>>) -> Response {
    blocking(app, |app| {
        let mut stages = Vec::new();
        for stream in &app.settings.streams {
            let (reading, of_stream) = app.read(stream)?;
            for stage in stages_of(stream) {
                let lists = views(stream, stage, &reading, &of_stream);
                let shown = View::ALL.into_iter().filter(|view| stage == Stage::Fulltext || *view != View::Sought);
                stages.push(StageLink {
                    stream: stream.id.clone(),
                    stream_title: stream.title.clone(),
                    stage: stage.name(),
                    stage_title: stage_title(stage),
                    views: shown
                        .map(|view| (view.name(), view.title(), lists.get(view.name()).map_or(0, Vec::len)))
                        .collect(),
                });
            }
        }
        let flow = app.flow()?;
        Ok(page(
            app,
            &Home {
                review: &app.settings.review.title,
                reviewer: &app.serving.reviewer,
                stages,
                duplicates: app.with_store(|store| duplicates::counts(app, store))?,
                flow: &flow,
                message: None,
            },
        ))
    })
    .await
}

fn stages_of(stream: &Stream) -> Vec<Stage> {
    let mut stages = Vec::new();
    if stream.abstract_stage.is_some() {
        stages.push(Stage::Abstract);
    }
    if stream.fulltext_stage.is_some() {
        stages.push(Stage::Fulltext);
    }
    stages
}

#[derive(Deserialize)]
struct Place {
    /// The position in the view, from 1.
    #[serde(default)]
    at: Option<usize>,
    /// A work's id, wherever it stands.
    work: Option<String>,
    #[serde(default)]
    said: Option<String>,
}

async fn queue(
    State(app): State<Arc<App>>,
    Path((stream, stage, view)): Path<(String, String, String)>,
    Query(place): Query<Place>,
) -> Response {
    blocking(app, move |app| {
        let stream = app.stream(&stream)?;
        let wrong = || Failure::usage("no such list");
        let stage = Stage::read(&stage).filter(|stage| stages_of(stream).contains(stage)).ok_or_else(wrong)?;
        let view = View::read(&view).ok_or_else(wrong)?;
        show(app, stream, stage, view, &place)
    })
    .await
}

fn show(app: &App, stream: &Stream, stage: Stage, view: View, place: &Place) -> Outcome<Response> {
    let (reading, of_stream) = app.read(stream)?;
    let mut lists = views(stream, stage, &reading, &of_stream);
    let list = lists.remove(view.name()).unwrap_or_default();
    let flow = app.flow()?.streams.into_iter().find(|flow| flow.id == stream.id);
    let message = place.said.as_deref().and_then(said);
    let can_undo = of_stream.decisions.values().flatten().any(|row| row.decision.by.is_person());
    let key = fresh_key()?;
    let named =
        place.work.as_deref().and_then(|id| of_stream.owners.keys().copied().find(|work| reading.key(*work) == id));
    let index = match named {
        Some(work) => list.iter().position(|listed| *listed == work),
        None => Some(place.at.unwrap_or(1).saturating_sub(1).min(list.len().saturating_sub(1))),
    };
    let Some(work) = named.or_else(|| index.and_then(|index| list.get(index).copied())) else {
        return Ok(page(
            app,
            &EmptyPage {
                review: &app.settings.review.title,
                reviewer: &app.serving.reviewer,
                stream: &stream.id,
                stream_title: &stream.title,
                stage,
                stage_title: stage_title(stage),
                view,
                token: &app.token,
                key,
                flow,
                message,
                can_undo,
            },
        ));
    };
    let rules = RuleSet::of(&app.settings, stream, stage);
    let document = match (stage, reading.documents.get(&work)) {
        (Stage::Fulltext, Some((record, hash))) => app.with_store(|store| Ok(store.document(hash)?))?.map(|document| {
            (document.text(), reading.record(*record).map(|record| record.key.clone()).unwrap_or_default())
        }),
        _ => None,
    };
    let document = document.as_ref().map(|(text, record)| (text.as_str(), record.as_str()));
    let card = card(rules.as_ref(), stage, work, &reading, &of_stream, document)?;
    let position = index.map_or(0, |index| index + 1);
    Ok(page(
        app,
        &CardPage {
            review: &app.settings.review.title,
            reviewer: &app.serving.reviewer,
            stream: &stream.id,
            stream_title: &stream.title,
            stage,
            stage_title: stage_title(stage),
            view,
            position,
            total: list.len(),
            previous: (position > 1).then(|| position - 1),
            next: (position < list.len() && position > 0).then_some(position + 1),
            card,
            related: duplicates::of_work(app, work)?,
            reasons: reasons(&app.settings, stream, stage),
            token: &app.token,
            key,
            flow,
            message,
            can_undo,
        },
    ))
}

fn said(word: &str) -> Option<String> {
    let text = match word {
        "include" => "Included.",
        "maybe" => "Marked as maybe.",
        "exclude" => "Excluded.",
        "close" => "Closed as not retrieved.",
        "remove" => "Removed.",
        "undone" => "Undone: the decision is withdrawn.",
        "nothing" => "There is nothing of yours to undo in this stream.",
        "reason" => "At full text an exclusion needs a reason: choose one.",
        _ => return None,
    };
    Some(text.to_owned())
}

/// A key of 128 random bits from the operating system: nobody else can guess it.
///
/// # Errors
/// Where the operating system gives none.
pub fn fresh_key() -> Outcome<String> {
    let mut bits = [0; 16];
    getrandom::fill(&mut bits).map_err(|error| Failure::failed(format!("no random numbers: {error}")))?;
    Ok(format!("{:032x}", u128::from_be_bytes(bits)))
}

#[derive(Deserialize)]
struct Decide {
    token: String,
    key: String,
    stream: String,
    stage: String,
    view: String,
    record: String,
    verdict: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    at: usize,
}

async fn decided(State(app): State<Arc<App>>, Form(form): Form<Decide>) -> Response {
    if form.token != app.token {
        return error(&app, StatusCode::FORBIDDEN, "the form is from another run of the server: load the page again");
    }
    blocking(app, move |app| {
        let stream = app.stream(&form.stream)?;
        let wrong = || Failure::usage("no such stage or verdict");
        let stage = Stage::read(&form.stage).ok_or_else(wrong)?;
        let verdict = Verdict::read(&form.verdict).ok_or_else(wrong)?;
        let stage = match verdict {
            Verdict::Include | Verdict::Maybe | Verdict::Exclude if stages_of(stream).contains(&stage) => stage,
            Verdict::Close => Stage::Retrieval,
            Verdict::Remove => Stage::Identification,
            _ => return Err(wrong()),
        };
        if form.key.is_empty() {
            return Ok(error(app, StatusCode::BAD_REQUEST, "the form has no key: load the page again"));
        }
        if stage == Stage::Retrieval && stream.fulltext_stage.is_none() || !found_for(app, stream, stage, &form.record)?
        {
            return Err(Failure::usage("this work is not in that list"));
        }
        let view = View::read(&form.view).unwrap_or(View::Waiting);
        let there = format!("/{}/{}/{}", form.stream, form.stage, view.name());
        let (reason, note) = (form.reason.trim(), form.note.trim());
        let needs_reason = (verdict == Verdict::Exclude && stage == Stage::Fulltext)
            || matches!(verdict, Verdict::Close | Verdict::Remove);
        if needs_reason && reason.is_empty() && note.is_empty() {
            return Ok(Redirect::to(&format!("{there}?at={}&said=reason", form.at.max(1))).into_response());
        }
        let reason = match (reason.is_empty(), note.is_empty()) {
            (false, _) => Some(reason),
            (true, false) if needs_reason => Some(note),
            _ => None,
        };
        let click = Click {
            stream: &stream.id,
            stage,
            verdict,
            reason: reason.filter(|_| !matches!(verdict, Verdict::Include | Verdict::Maybe)),
            note: (!note.is_empty()).then_some(note),
            record: &form.record,
            idempotency: &form.key,
        };
        if app.with_store(|store| decide(store, &app.serving.reviewer, &click))? == Taken::SentBefore {
            let message =
                "this form was sent before with another verdict, and that one stands: open the work again to change it";
            return Ok(error(app, StatusCode::CONFLICT, message));
        }
        Ok(Redirect::to(&format!("{there}?at={}&said={}", form.at.max(1), verdict.name())).into_response())
    })
    .await
}

/// Whether a stream has found the work of a record, for abstracts by a search that enters there.
fn found_for(app: &App, stream: &Stream, stage: Stage, record: &str) -> Outcome<bool> {
    let searches = app.with_store(|store| Ok(store.searches_of(record, &stream.id)?))?;
    let mut found = stream.searches.iter().enumerate().filter(|(_, search)| searches.contains(&search.id));
    Ok(found.any(|(index, _)| stage != Stage::Abstract || enters_at_abstract(stream, index)))
}

#[derive(Deserialize)]
struct Undo {
    token: String,
    key: String,
    stream: String,
    stage: String,
    view: String,
}

async fn undone(State(app): State<Arc<App>>, Form(form): Form<Undo>) -> Response {
    if form.token != app.token {
        return error(&app, StatusCode::FORBIDDEN, "the form is from another run of the server: load the page again");
    }
    blocking(app, move |app| {
        let stream = app.stream(&form.stream)?;
        let stage = Stage::read(&form.stage).filter(|stage| stages_of(stream).contains(stage));
        let stage = stage.ok_or_else(|| Failure::usage("no such list"))?.name();
        if form.key.is_empty() {
            return Ok(error(app, StatusCode::BAD_REQUEST, "the form has no key: load the page again"));
        }
        let withdrawn = app.with_store(|store| undo(store, &app.serving.reviewer, &stream.id, &form.key))?;
        let view = View::read(&form.view).unwrap_or(View::Waiting).name();
        let target = match withdrawn {
            None => format!("/{}/{stage}/{view}?said=nothing", form.stream),
            Some(row) => {
                let work = app.with_store(|store| {
                    let members = store.members(row.work)?;
                    Ok(members.into_iter().next().map(|member| member.key).unwrap_or(row.decision.record))
                })?;
                let query: String = url::form_urlencoded::Serializer::new(String::new())
                    .extend_pairs(BTreeMap::from([("said", "undone"), ("work", work.as_str())]))
                    .finish();
                format!("/{}/{stage}/{view}?{query}", form.stream)
            }
        };
        Ok(Redirect::to(&target).into_response())
    })
    .await
}

async fn document(State(app): State<Arc<App>>, Path(hash): Path<String>) -> Response {
    blocking(app, move |app| {
        let document =
            app.with_store(|store| Ok(store.document(&hash)?))?.ok_or_else(|| Failure::usage("no such document"))?;
        let sections = document
            .sections
            .iter()
            .map(|section| {
                let paragraphs = section.text.split("\n\n").map(str::to_owned).collect();
                (section.title.clone(), section.anchor.clone(), paragraphs)
            })
            .collect();
        Ok(page(
            app,
            &DocumentPage {
                review: &app.settings.review.title,
                reviewer: &app.serving.reviewer,
                title: document.title.clone().unwrap_or_else(|| "Document".to_owned()),
                sections,
            },
        ))
    })
    .await
}

async fn flow(State(app): State<Arc<App>>) -> Response {
    blocking(app, |app| Ok(Json(app.flow()?).into_response())).await
}
