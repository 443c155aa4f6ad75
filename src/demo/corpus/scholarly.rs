//! The scholarly works: who is in which database, under which spelling, and who cites whom.
//!
//! The batches below are the corpus's design. What they are meant for is said beside each; what
//! becomes of them is the pipeline's finding, not theirs.

use fastrand::Rng;

use super::prose::{self, Scene, Topic, pick};
use super::titles::Titles;
use super::vocabulary as words;
use super::work::{Database, Day, Delivery, Holding, Person, Quirks, Work};
use crate::model::WorkType;

/// Which databases hold a batch's works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Held {
    /// Scopus, Web of Science or both, and OpenAlex, which has the abstract.
    Pair,
    /// Scopus, Web of Science or both alone.
    PairOnly,
    /// Some of the six.
    Six,
    /// OpenAlex and Crossref: grey forms.
    Grey,
    OpenAlexOnly,
    CrossrefOnly,
}

/// When a batch was published, both ends included. March 2020, the month that two streams share,
/// belongs to one batch alone.
type Span = ((i32, u32), (i32, u32));

const PANDEMIC: Span = ((2020, 4), (2023, 7));
const MARCH_2020: Span = ((2020, 3), (2020, 3));
const AFTER: Span = ((2023, 8), (2023, 12));
const LATER: Span = ((2023, 9), (2025, 11));
const BEFORE: Span = ((2013, 1), (2020, 2));
const CLASSIC: Span = ((1996, 1), (2011, 12));

#[derive(Clone, Copy)]
struct Batch {
    count: usize,
    topic: Topic,
    kind: WorkType,
    span: Span,
    abstracts: bool,
    /// Whether its abstract names a nation; without one no search finds it.
    nation: bool,
    held: Held,
    role: Role,
}

/// A batch's part in the citation graph.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Cites and is cited; which of them are included is for the review to say.
    AcademicSeed,
    /// Found by the academic stream's databases.
    Academic,
    /// Reached from the academic seeds alone.
    AcademicCited,
    PreSeed,
    Pre,
    PreCited,
    /// Outside every window.
    Old,
    New,
    Apart,
}

const fn batch(count: usize, topic: Topic, kind: WorkType, span: Span, held: Held, role: Role) -> Batch {
    Batch { count, topic, kind, span, abstracts: true, nation: true, held, role }
}

const fn bare(count: usize, topic: Topic, kind: WorkType, span: Span, held: Held, role: Role) -> Batch {
    Batch { count, topic, kind, span, abstracts: false, nation: true, held, role }
}

const fn placeless(count: usize, topic: Topic, kind: WorkType, span: Span, role: Role) -> Batch {
    Batch { count, topic, kind, span, abstracts: true, nation: false, held: Held::OpenAlexOnly, role }
}

use Topic::{Agencies, Apart, Core, Elsewhere, Private};
use WorkType::{BookChapter, ConferencePaper, Editorial, Erratum, JournalArticle, Letter, Report, Review, Thesis};

const BATCHES: &[Batch] = &[
    // Since March 2020, on topic through and through; three of them without an abstract anywhere.
    batch(30, Core, JournalArticle, PANDEMIC, Held::Pair, Role::AcademicSeed),
    batch(4, Core, Review, PANDEMIC, Held::Pair, Role::AcademicSeed),
    bare(3, Core, JournalArticle, PANDEMIC, Held::Pair, Role::AcademicSeed),
    // On topic by their abstracts only.
    batch(132, Agencies, JournalArticle, PANDEMIC, Held::Pair, Role::Academic),
    batch(14, Agencies, Review, PANDEMIC, Held::Pair, Role::Academic),
    bare(6, Agencies, JournalArticle, PANDEMIC, Held::Pair, Role::Academic),
    // Found by the search and off topic.
    batch(212, Apart, JournalArticle, PANDEMIC, Held::Pair, Role::Academic),
    batch(16, Apart, Review, PANDEMIC, Held::Pair, Role::Academic),
    batch(160, Private, JournalArticle, PANDEMIC, Held::Pair, Role::Academic),
    batch(11, Private, Review, PANDEMIC, Held::Pair, Role::Academic),
    // The month in which both streams search.
    batch(2, Apart, JournalArticle, MARCH_2020, Held::Pair, Role::Apart),
    // Letters, errata and other forms.
    bare(14, Core, Letter, PANDEMIC, Held::Pair, Role::Academic),
    bare(12, Agencies, Editorial, PANDEMIC, Held::Pair, Role::Academic),
    batch(12, Core, ConferencePaper, PANDEMIC, Held::PairOnly, Role::Academic),
    batch(9, Core, BookChapter, PANDEMIC, Held::Pair, Role::Academic),
    bare(3, Core, Erratum, PANDEMIC, Held::Pair, Role::Academic),
    // Of the window's last year, but after its last month.
    batch(6, Core, JournalArticle, AFTER, Held::Pair, Role::New),
    batch(10, Agencies, JournalArticle, AFTER, Held::Pair, Role::New),
    batch(18, Apart, JournalArticle, AFTER, Held::Pair, Role::Apart),
    // Reached by citations alone.
    placeless(8, Core, JournalArticle, PANDEMIC, Role::AcademicCited),
    placeless(2, Core, Review, PANDEMIC, Role::AcademicCited),
    placeless(6, Agencies, JournalArticle, PANDEMIC, Role::AcademicCited),
    placeless(3, Core, BookChapter, PANDEMIC, Role::AcademicCited),
    // Before the pandemic, on topic and of the right form.
    batch(7, Core, Review, BEFORE, Held::Six, Role::PreSeed),
    batch(2, Core, Report, BEFORE, Held::Grey, Role::PreSeed),
    // By their abstracts only.
    batch(42, Agencies, Review, BEFORE, Held::Six, Role::Pre),
    bare(2, Agencies, Review, BEFORE, Held::Six, Role::Pre),
    batch(5, Agencies, Report, BEFORE, Held::Grey, Role::Pre),
    batch(2, Agencies, Thesis, BEFORE, Held::Grey, Role::Pre),
    // Off topic.
    batch(130, Apart, JournalArticle, BEFORE, Held::Six, Role::Pre),
    batch(58, Apart, Review, BEFORE, Held::Six, Role::Pre),
    batch(96, Private, JournalArticle, BEFORE, Held::Six, Role::Pre),
    batch(44, Private, Review, BEFORE, Held::Six, Role::Pre),
    // On topic, but neither reviews nor grey literature.
    batch(110, Core, JournalArticle, BEFORE, Held::Six, Role::Pre),
    batch(96, Agencies, JournalArticle, BEFORE, Held::Six, Role::Pre),
    batch(20, Core, ConferencePaper, BEFORE, Held::PairOnly, Role::Pre),
    batch(12, Core, BookChapter, BEFORE, Held::Six, Role::Pre),
    bare(8, Core, Letter, BEFORE, Held::Six, Role::Pre),
    bare(5, Agencies, Editorial, BEFORE, Held::Six, Role::Pre),
    // What a database without Boolean logic returns besides.
    batch(120, Elsewhere, JournalArticle, BEFORE, Held::CrossrefOnly, Role::Apart),
    // Reached by citations alone.
    placeless(16, Core, Review, BEFORE, Role::PreCited),
    placeless(4, Core, Report, BEFORE, Role::PreCited),
    placeless(8, Agencies, Review, BEFORE, Role::PreCited),
    placeless(10, Core, JournalArticle, BEFORE, Role::PreCited),
    // Cited and citing, outside every window.
    placeless(18, Core, JournalArticle, CLASSIC, Role::Old),
    placeless(12, Elsewhere, JournalArticle, CLASSIC, Role::Old),
    placeless(15, Agencies, JournalArticle, LATER, Role::New),
];

/// All scholarly works, in a fixed order.
pub fn works(rng: &mut Rng, titles: &mut Titles) -> Vec<Work> {
    let mut works: Vec<Work> = Vec::new();
    let mut roles: Vec<Role> = Vec::new();
    for batch in BATCHES {
        for _ in 0..batch.count {
            let work = work(rng, titles, batch, &works);
            works.push(work);
            roles.push(batch.role);
        }
    }
    cite(rng, &mut works, &roles);
    works
}

fn work(rng: &mut Rng, titles: &mut Titles, batch: &Batch, before: &[Work]) -> Work {
    let number = before.len();
    let date = draw_day(rng, batch.span);
    let review = batch.kind == Review;
    let mut scene = Scene::draw(rng, batch.nation, (date.year, date.month) >= (2020, 3));
    let title = match (batch.kind, before.iter().rev().find(|work| work.kind == JournalArticle)) {
        // An erratum bears the title of what it corrects.
        (Erratum, Some(_)) => format!("Correction to: {}", before[number % 30].title),
        _ => titles.draw(rng, batch.topic, review, &mut scene),
    };
    let (venue, publisher, issn) = pick(rng, words::JOURNALS);
    let delivery = draw_delivery(rng, batch);
    Work {
        number,
        abstract_text: batch.abstracts.then(|| prose::abstract_text(rng, batch.topic, &scene, review)),
        keywords: vec![prose::capital(scene.idea), scene.second_idea.to_owned(), scene.people.to_owned()],
        index_terms: index_terms(batch),
        authors: draw_authors(rng),
        venue,
        publisher,
        issn,
        volume: u32::try_from(date.year - 1990).unwrap_or(1),
        issue: date.month.div_ceil(3),
        first_page: 3 + rng.u32(..600),
        date,
        kind: batch.kind,
        topic: batch.topic,
        doi: format!("10.5555/{}.{}.{number:05}", &issn[5..], date.year),
        holdings: draw_holdings(rng, batch, date, delivery),
        cites: Vec::new(),
        body: prose::article(rng, batch.topic, &scene, review),
        delivery,
        title,
    }
}

/// What indexers add. A work without an abstract is found by these.
fn index_terms(batch: &Batch) -> Vec<String> {
    if batch.abstracts || batch.topic == Elsewhere {
        return Vec::new();
    }
    ["local authority councils", "charities", "community action", "mental health", "United Kingdom"]
        .map(str::to_owned)
        .to_vec()
}

fn draw_day(rng: &mut Rng, ((first_year, first_month), (last_year, last_month)): Span) -> Day {
    let index = |year: i32, month: u32| year * 12 + i32::try_from(month).unwrap_or(1) - 1;
    let month = rng.i32(index(first_year, first_month)..=index(last_year, last_month));
    let (year, month) = (month.div_euclid(12), month.rem_euclid(12) + 1);
    Day { year, month: u32::try_from(month).unwrap_or(1), day: rng.u32(1..=28) }
}

fn draw_authors(rng: &mut Rng) -> Vec<Person> {
    let count = rng.usize(1..=4);
    (0..count)
        .map(|_| Person { given: pick(rng, words::GIVEN_NAMES), family: pick(rng, words::FAMILY_NAMES) })
        .collect()
}

fn draw_delivery(rng: &mut Rng, batch: &Batch) -> Delivery {
    // Europe PMC and PubMed know what stands in journals.
    let in_journal = batch.held != Held::Grey && !matches!(batch.kind, BookChapter | ConferencePaper);
    match rng.u32(..100) {
        0..22 if in_journal => Delivery::Jats,
        0..52 => Delivery::Pdf,
        52..80 => Delivery::Page,
        80..92 => Delivery::PageNamesPdf,
        92..97 => Delivery::LoginFirst,
        _ => Delivery::FailsOnce,
    }
}

fn draw_holdings(rng: &mut Rng, batch: &Batch, date: Day, delivery: Delivery) -> Vec<Holding> {
    let pair = |rng: &mut Rng| match rng.u32(..100) {
        0..35 => vec![Database::Scopus],
        35..55 => vec![Database::Wos],
        _ => vec![Database::Scopus, Database::Wos],
    };
    let mut databases = match batch.held {
        Held::Pair => [pair(rng), vec![Database::OpenAlex]].concat(),
        Held::PairOnly => pair(rng),
        Held::Six => six(rng),
        Held::Grey => vec![Database::OpenAlex, Database::Crossref],
        Held::OpenAlexOnly => vec![Database::OpenAlex],
        Held::CrossrefOnly => vec![Database::Crossref],
    };
    // Without an abstract it is found by index terms alone, which OpenAlex does not search.
    if batch.held == Held::Six && !batch.abstracts {
        databases.push(Database::Scopus);
    }
    // What Europe PMC has in full it has a record of, and PubMed too.
    if delivery == Delivery::Jats && matches!(batch.held, Held::Pair | Held::Six) {
        databases.extend([Database::PubMed, Database::EuropePmc]);
    }
    databases.sort_unstable();
    databases.dedup();
    let count = databases.len();
    databases
        .into_iter()
        .map(|database| Holding { quirks: draw_quirks(rng, database, count, date), database })
        .collect()
}

fn six(rng: &mut Rng) -> Vec<Database> {
    let mut databases = vec![Database::OpenAlex];
    for (database, percent) in [(Database::Scopus, 50), (Database::Wos, 35), (Database::Crossref, 42)] {
        if rng.u32(..100) < percent {
            databases.push(database);
        }
    }
    match rng.u32(..100) {
        0..26 => databases.extend([Database::PubMed, Database::EuropePmc]),
        26..32 => databases.push(Database::EuropePmc),
        _ => {}
    }
    databases
}

fn draw_quirks(rng: &mut Rng, database: Database, databases: usize, date: Day) -> Quirks {
    let mut chance = |percent: u32| rng.u32(..100) < percent;
    let mut quirks = Quirks { plain_letters: chance(30) && database == Database::Wos, ..Quirks::default() };
    quirks.upper_case_title = chance(7) && matches!(database, Database::Wos | Database::Crossref);
    quirks.ampersand = chance(5) && matches!(database, Database::Scopus | Database::Wos);
    quirks.no_abstract = chance(35) && database == Database::Crossref && databases > 1;
    match database {
        Database::Wos | Database::PubMed if databases > 2 && chance(6) => quirks.no_doi = true,
        Database::Scopus | Database::PubMed if chance(2) => quirks.erratum_note = true,
        // Only where both years lie well within a window.
        Database::Wos if chance(5) && matches!(date.year, 2014..=2017 | 2021) => quirks.year_later = true,
        _ => {}
    }
    quirks
}

/// Draws the citation graph. Works reached by citations alone hang on seeds of their stream alone.
fn cite(rng: &mut Rng, works: &mut [Work], roles: &[Role]) {
    let of = |wanted: &[Role]| -> Vec<usize> {
        roles.iter().enumerate().filter(|(_, role)| wanted.contains(role)).map(|(at, _)| at).collect()
    };
    for (seeds, reached, owned) in
        [(Role::AcademicSeed, Role::AcademicCited, Role::Academic), (Role::PreSeed, Role::PreCited, Role::Pre)]
    {
        let seeds = of(&[seeds]);
        for (turn, cited) in of(&[reached]).into_iter().enumerate() {
            // Each hangs on two seeds, the earlier work being cited by the later.
            for step in [0, 1 + rng.usize(..3)] {
                link(works, seeds[(turn + step) % seeds.len()], cited);
            }
        }
        let owned = of(&[owned]);
        let outside = of(&[Role::Old, Role::New]);
        for seed in &seeds {
            for (list, count) in [(&owned, 3), (&outside, 3)] {
                for _ in 0..count {
                    link(works, *seed, pick(rng, list));
                }
            }
        }
    }
    // Academic seeds cite what came before the pandemic: outside their own window.
    let (academic, before) = (of(&[Role::AcademicSeed]), of(&[Role::PreSeed, Role::Pre]));
    for seed in academic {
        for _ in 0..2 {
            link(works, seed, pick(rng, &before));
        }
    }
    for work in works {
        work.cites.sort_unstable();
        work.cites.dedup();
    }
}

/// The later of two works cites the earlier.
fn link(works: &mut [Work], a: usize, b: usize) {
    let (later, earlier) = if works[a].date >= works[b].date { (a, b) } else { (b, a) };
    if later != earlier {
        works[later].cites.push(earlier);
    }
}
