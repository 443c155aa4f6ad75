//! Pages of the two websites, and the reference lists that members sent.

use fastrand::Rng;

use super::prose::{self, Scene, Topic, fill_one, pick};
use super::titles::Titles;
use super::work::{Day, Reference, Shelf, WebDocument};

#[derive(Clone, Copy)]
struct Batch {
    count: usize,
    topic: Topic,
    shelf: Shelf,
    from: i32,
    to: i32,
}

const fn batch(count: usize, topic: Topic, shelf: Shelf, from: i32, to: i32) -> Batch {
    Batch { count, topic, shelf, from, to }
}

/// Months are counted as `year * 12 + month - 1`.
const fn month(year: i32, month: i32) -> i32 {
    year * 12 + month - 1
}

const BATCHES: &[Batch] = &[
    // Since March 2020.
    batch(20, Topic::Core, Shelf::GovUk, month(2020, 4), month(2023, 7)),
    batch(18, Topic::Apart, Shelf::GovUk, month(2020, 4), month(2023, 7)),
    batch(13, Topic::Core, Shelf::Site, month(2020, 4), month(2023, 7)),
    batch(13, Topic::Apart, Shelf::Site, month(2020, 4), month(2023, 7)),
    batch(25, Topic::Core, Shelf::Report, month(2020, 4), month(2023, 7)),
    batch(12, Topic::Apart, Shelf::Report, month(2020, 4), month(2023, 7)),
    // Before.
    batch(5, Topic::Core, Shelf::GovUk, month(2013, 1), month(2020, 2)),
    batch(13, Topic::Apart, Shelf::GovUk, month(2013, 1), month(2020, 2)),
    batch(3, Topic::Core, Shelf::Site, month(2013, 1), month(2020, 2)),
    batch(9, Topic::Apart, Shelf::Site, month(2013, 1), month(2020, 2)),
    // Outside both windows.
    batch(4, Topic::Core, Shelf::GovUk, month(2009, 1), month(2012, 12)),
    batch(6, Topic::Core, Shelf::GovUk, month(2023, 8), month(2025, 6)),
    batch(5, Topic::Apart, Shelf::Site, month(2023, 8), month(2025, 6)),
    // What a ranked search returns besides.
    batch(22, Topic::Elsewhere, Shelf::GovUk, month(2014, 1), month(2023, 6)),
    batch(12, Topic::Elsewhere, Shelf::Site, month(2014, 1), month(2023, 6)),
];

/// How many of GOV.UK's documents members named as well.
const NAMED_TWICE: usize = 8;

/// All web documents, in a fixed order.
pub fn documents(rng: &mut Rng, titles: &mut Titles) -> Vec<WebDocument> {
    let mut documents = Vec::new();
    for batch in BATCHES {
        for _ in 0..batch.count {
            documents.push(document(rng, titles, batch, documents.len()));
        }
    }
    documents
}

fn document(rng: &mut Rng, titles: &mut Titles, batch: &Batch, number: usize) -> WebDocument {
    let months = loop {
        let months = rng.i32(batch.from..=batch.to);
        if months != month(2020, 3) {
            break months;
        }
    };
    let date = Day {
        year: months.div_euclid(12),
        month: u32::try_from(months.rem_euclid(12) + 1).unwrap_or(1),
        day: rng.u32(1..=28),
    };
    let mut scene = Scene::draw(rng, true, (date.year, date.month) >= (2020, 3));
    let title = titles.draw(rng, batch.topic, false, &mut scene);
    let description = fill_one(rng, &scene, descriptions(batch.topic));
    let format = pick(rng, formats(batch.shelf));
    let slug = format!("{}-{number}", slug(&title));
    let path = match batch.shelf {
        Shelf::GovUk => {
            format!("/government/{}/{slug}", if format == "guidance" { "guidance" } else { "publications" })
        }
        Shelf::Site => format!("/{}/{slug}", if format == "blog" { "blog" } else { "stories" }),
        Shelf::Report => format!("/{slug}"),
    };
    WebDocument {
        number,
        shelf: batch.shelf,
        path,
        description,
        organisation: pick(rng, ORGANISATIONS),
        date,
        format,
        topic: batch.topic,
        body: prose::report(rng, batch.topic, &scene),
        as_pdf: batch.shelf != Shelf::Site && rng.u32(..100) < 40,
        title,
    }
}

/// What members sent: every document on the reports' host, and some of GOV.UK's under titles typed
/// by hand.
pub fn references(documents: &[WebDocument]) -> Vec<Reference> {
    // Those of 2020 might by their bare year, as members typed it, belong to the stream before as well.
    let again = documents.iter().filter(|document| document.shelf == Shelf::GovUk && document.date.year > 2020);
    let again = again.take(NAMED_TWICE);
    documents
        .iter()
        .filter(|document| document.shelf == Shelf::Report)
        .chain(again)
        .map(|document| Reference {
            document: document.number,
            ris_type: match document.format {
                "blog" => "BLOG",
                "video" => "VIDEO",
                _ => "RPRT",
            },
            title: if document.number % 3 == 0 { format!("{}.", document.title) } else { document.title.clone() },
        })
        .collect()
}

fn slug(title: &str) -> String {
    let words = crate::text::normalise::words(title);
    words.iter().take(9).map(String::as_str).collect::<Vec<_>>().join("-")
}

fn formats(shelf: Shelf) -> &'static [&'static str] {
    match shelf {
        Shelf::GovUk => &["research", "independent_report", "guidance", "policy_paper", "case_study"],
        Shelf::Site => &["story", "blog"],
        Shelf::Report => &["report", "report", "blog", "video"],
    }
}

fn descriptions(topic: Topic) -> &'static [&'static str] {
    match topic {
        Topic::Core => &[
            "How {body} and {organisation} in {place} work together on {theme}.",
            "Findings on partnership between {body} and {organisation}, and on community action by {people}.",
            "What volunteers and {body} learned from {theme} in {place}.",
        ],
        Topic::Elsewhere => &[
            "Technical note on instruments used near {place}, with health and safety advice.",
            "Tables of monthly readings from {place}, and how they were checked.",
            "Notice to owners of wells, drains and footbridges in {place}.",
        ],
        _ => &[
            "What {body} in {place} records about volunteers and small charities connected with {theme}.",
            "Grants to local charities by {body}: accounts and hours given by volunteers.",
            "Advice for volunteers at {theme} on expenses, with figures from {body}.",
        ],
    }
}

const ORGANISATIONS: &[&str] = &[
    "Office for Neighbourhoods",
    "Department for Places",
    "Agency for Social Statistics",
    "Inspectorate of Rural Affairs",
    "Centre for Local Evidence",
];
