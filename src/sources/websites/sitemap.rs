//! A site's pages, by its sitemap (sitemaps.org, 0.9).
//!
//! The maps are read first, nested ones up to three deep; then each page that may lie in the window
//! is a state of its own, so that one page's failure touches no other. A map's `lastmod` says when a
//! page last changed: a page that has not changed since before the window was published before it
//! and is passed over; one that changed after the window may have been published within.

mod map;
mod metadata;
mod page;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::model::{PartialDate, SetAside};
use crate::net::{Request, Response};
use crate::query::Diagnostic;
use crate::sources::support::answer;
use crate::sources::{
    Access, Capabilities, KeyNeed, Next, Page, Plan, Question, Source, SourceError, SourceInfo, State,
};

/// How deep sitemaps may nest: an index, its indexes, and their maps.
const MAX_DEPTH: u8 = 3;
/// How many maps of one site are read.
const MAX_MAPS: u32 = 500;
/// The largest page that is read, in bytes.
const MAX_PAGE: usize = 32 << 20;

static INFO: SourceInfo = SourceInfo {
    id: "sitemap",
    title: "Websites by sitemap",
    // Never asked: the sites stand in config.
    base_url: "https://sitemap.invalid",
    key: KeyNeed::None,
    requests_per_second: 1.0,
    burst: 1,
    concurrency: 2,
    page_size: 1,
    max_page_size: 1,
    platform: None,
    ranked: true,
    gives_abstracts: true,
    can: Capabilities { search: true, cite_backward: false, cite_forward: false, look_up: false, locate: false },
};

/// Sites, read by their sitemaps.
pub struct Sitemap;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum At {
    Maps(Maps),
    Page(Entry),
}

/// Maps to read, and the pages found so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Maps {
    /// The next to read is the last.
    todo: Vec<Map>,
    pages: Vec<Entry>,
    /// The first month of the window, as a date.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<PartialDate>,
    max_records: u64,
    /// Maps read.
    read: u32,
    /// Pages passed over for their date, and for `max_records`.
    older: u64,
    over: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Map {
    url: Url,
    depth: u8,
    /// The site alone was given: `/sitemap.xml` is a guess, and robots.txt tells where it fails.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    guessed: bool,
}

/// A page of a map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Entry {
    url: Url,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lastmod: Option<String>,
}

impl Source for Sitemap {
    fn info(&self) -> &'static SourceInfo {
        &INFO
    }

    fn search(&self, access: &Access, question: &Question<'_>) -> Result<Plan, SourceError> {
        if access.sites.is_empty() {
            return Err(SourceError::Unsupported("no sites are named: set sites in [sources.sitemap]".into()));
        }
        let from =
            question.window.from.and_then(|from| PartialDate::new(from.year.into(), Some(from.month.into()), None));
        let start = |site: &Url| {
            let maps = Maps { todo: vec![first_map(site)], from, max_records: question.max_records, ..Maps::default() };
            State::of(&At::Maps(maps))
        };
        Ok(Plan {
            queries: access.sites.iter().map(Url::to_string).collect(),
            query_exact: false,
            window_exact: question.window.is_open(),
            warnings: vec![Diagnostic::hint(
                "harvested",
                &(0..0),
                format!(
                    "a site is read whole, at most {} pages, and the query is matched locally",
                    question.max_records
                ),
            )],
            states: access.sites.iter().map(start).collect(),
        })
    }

    fn next_request(&self, _access: &Access, state: &State) -> Result<Request, SourceError> {
        Ok(match state.read()? {
            At::Maps(maps) => {
                let map = maps.todo.last().ok_or_else(|| SourceError::State("no map to read".into()))?;
                Request { found: map.depth > 0, ..Request::get(map.url.clone()) }
            }
            At::Page(entry) => Request { found: true, max_bytes: MAX_PAGE, ..Request::get(entry.url) },
        })
    }

    fn parse(&self, _access: &Access, state: &State, response: &Response) -> Result<Page, SourceError> {
        match state.read()? {
            At::Maps(maps) => read_map(maps, response),
            At::Page(entry) => page::read(&entry.url, entry.lastmod, response),
        }
    }
}

/// A sitemap's own address is taken as it is; a site's address stands for its `/sitemap.xml`.
fn first_map(site: &Url) -> Map {
    let path = site.path().to_lowercase();
    let is_map = [".xml", ".gz", ".txt", ".php"].iter().any(|end| path.ends_with(end)) || site.query().is_some();
    let guess = (!is_map).then(|| site.join("/sitemap.xml").ok()).flatten();
    Map { guessed: guess.is_some(), url: guess.unwrap_or_else(|| site.clone()), depth: 0 }
}

fn read_map(mut maps: Maps, response: &Response) -> Result<Page, SourceError> {
    let Some(map) = maps.todo.pop() else { return Err(SourceError::State("no map to read".into())) };
    let mut page = Page::default();
    maps.read += 1;
    if map.guessed
        && matches!(response.status, 404 | 410)
        && let Ok(robots) = map.url.join("/robots.txt")
    {
        maps.todo.push(Map { url: robots, depth: 0, guessed: false });
        page.next = Next::More(State::of(&At::Maps(maps)));
        return Ok(page);
    }
    let contents = if map.url.path() == "/robots.txt" {
        answer::checked(response).and_then(|()| map::robots(&response.body))
    } else {
        map::read(response)
    };
    match contents {
        Ok(contents) => take(&mut maps, &map, contents, &mut page),
        // The map that was asked for must be there; of those it names, one that fails is told.
        Err(error) if map.depth == 0 => return Err(error),
        Err(SourceError::Throttled { retry_after_s }) => return Err(SourceError::Throttled { retry_after_s }),
        Err(error) => page.set_aside.push(SetAside {
            reason: format!("the sitemap {}: {error}", map.url),
            raw: response.body[..response.body.len().min(1_000)].to_vec(),
            line: None,
        }),
    }
    if !maps.todo.is_empty() && maps.read >= MAX_MAPS {
        page.warnings.push(format!("{} more sitemaps were not read: no more than {MAX_MAPS} are", maps.todo.len()));
        maps.todo.clear();
    }
    if maps.todo.is_empty() {
        finish(maps, page)
    } else {
        Ok(Page { next: Next::More(State::of(&At::Maps(maps))), ..page })
    }
}

/// Takes what a map names: its maps to be read next, its pages in order.
fn take(maps: &mut Maps, map: &Map, contents: map::Contents, page: &mut Page) {
    page.warnings.extend(contents.warnings);
    for url in contents.maps.into_iter().rev().filter_map(|link| map.url.join(&link).ok()) {
        if map.depth < MAX_DEPTH {
            maps.todo.push(Map { url, depth: map.depth + 1, guessed: false });
        } else {
            page.warnings.push(format!("the sitemap {url} lies deeper than {MAX_DEPTH} and was not read"));
        }
    }
    let mut known: BTreeSet<String> = maps.pages.iter().map(|entry| entry.url.to_string()).collect();
    for (link, lastmod) in contents.pages {
        let Ok(mut url) = map.url.join(&link) else {
            page.warnings.push(format!("'{link}' in {} is no address", map.url));
            continue;
        };
        url.set_fragment(None);
        if !matches!(url.scheme(), "http" | "https") || is_no_text(&url) || !known.insert(url.to_string()) {
            continue;
        }
        let changed = lastmod.as_deref().and_then(PartialDate::read);
        if changed.zip(maps.from).is_some_and(|(changed, from)| changed.last_month() < from.first_month()) {
            maps.older += 1;
        } else if maps.pages.len() as u64 >= maps.max_records {
            maps.over += 1;
        } else {
            maps.pages.push(Entry { url, lastmod });
        }
    }
}

/// Pictures, sounds, archives, styles and scripts.
fn is_no_text(url: &Url) -> bool {
    const ENDS: &[&str] = &[
        ".jpg", ".jpeg", ".png", ".gif", ".svg", ".webp", ".ico", ".mp3", ".mp4", ".mov", ".avi", ".zip", ".gz",
        ".css", ".js", ".xml", ".json",
    ];
    let path = url.path().to_lowercase();
    ENDS.iter().any(|end| path.ends_with(end))
}

fn finish(maps: Maps, mut page: Page) -> Result<Page, SourceError> {
    page.reported = Some(maps.pages.len() as u64 + maps.over);
    if maps.older > 0 {
        page.warnings.push(format!("{} pages have not changed since before the window and were not read", maps.older));
    }
    if maps.over > 0 {
        let read = maps.pages.len();
        page.warnings
            .push(format!("the first {read} pages are read, {} more are not: the search's max_records", maps.over));
    }
    if !maps.pages.is_empty() {
        page.next = Next::Split(maps.pages.into_iter().map(|entry| State::of(&At::Page(entry))).collect());
    }
    Ok(page)
}

#[cfg(test)]
mod tests;
