//! Case studies as people send them: plain text with a head, web pages, Word files, PDFs, and the
//! export of a form.

use fastrand::Rng;

use super::prose::{Scene, Topic, capital, fill_one, pick, some};
use super::titles::Titles;
use super::vocabulary as words;
use super::work::{Day, SubmittedFile};
use crate::demo::files::{docx, html, pdf};

/// How many come as which file; the form's answers are rows of one file.
const TEXTS: usize = 40;
const PAGES: usize = 20;
const WORD_FILES: usize = 15;
const PDFS: usize = 10;
const FORM_ROWS: usize = 10;

struct CaseStudy {
    title: String,
    organisation: String,
    area: &'static str,
    people: &'static str,
    sender: String,
    date: Day,
    /// What was done; what came of it; what was learned.
    sections: Vec<(String, String)>,
}

/// The files of the submissions folder.
pub fn files(rng: &mut Rng, titles: &mut Titles) -> Vec<SubmittedFile> {
    let mut files = Vec::new();
    for number in 0..TEXTS + PAGES + WORD_FILES + PDFS {
        let study = case_study(rng, titles);
        let (extension, bytes) = match number {
            n if n < TEXTS => ("txt", front_matter(&study)),
            n if n < TEXTS + PAGES => ("html", page(&study)),
            n if n < TEXTS + PAGES + WORD_FILES => ("docx", word_file(&study)),
            _ => ("pdf", pdf::write(&study.title, &with_facts(&study))),
        };
        files.push(SubmittedFile {
            name: format!("{:02}-{}.{extension}", number + 1, file_name(&study.title)),
            bytes,
            case_studies: 1,
        });
    }
    let rows: Vec<CaseStudy> = (0..FORM_ROWS).map(|_| case_study(rng, titles)).collect();
    files.push(SubmittedFile { name: "form-answers.csv".into(), bytes: form(&rows), case_studies: rows.len() });
    files
}

fn case_study(rng: &mut Rng, titles: &mut Titles) -> CaseStudy {
    let welsh: Vec<&(&str, &str)> = words::PLACES.iter().filter(|(_, nation)| *nation == "Wales").collect();
    let mut scene = Scene::draw(rng, true, true);
    let title = titles.draw(rng, Topic::Core, false, &mut scene);
    let (place, nation) = *pick(rng, &welsh);
    let title = title.replace(scene.place, place);
    (scene.place, scene.nation) = (place, Some(nation));
    let months = rng.i32(2020 * 12 + 3..2023 * 12 + 7);
    let sections = [("What we did", DID), ("What happened", HAPPENED), ("What we learned", LEARNED)]
        .map(|(heading, list)| (heading.to_owned(), some(rng, &scene, list, 4).join(" ")));
    CaseStudy {
        title,
        organisation: fill_one(rng, &scene, SENDERS),
        area: place,
        people: scene.people,
        sender: format!("{} {}", pick(rng, words::GIVEN_NAMES), pick(rng, words::FAMILY_NAMES)),
        date: Day {
            year: months.div_euclid(12),
            month: u32::try_from(months.rem_euclid(12) + 1).unwrap_or(1),
            // A form writes day before month; after the twelfth nobody reads it the other way round.
            day: rng.u32(13..=28),
        },
        sections: sections.to_vec(),
    }
}

fn file_name(title: &str) -> String {
    crate::text::normalise::words(title).iter().take(4).map(String::as_str).collect::<Vec<_>>().join("-")
}

fn with_facts(study: &CaseStudy) -> Vec<(String, String)> {
    let facts = format!("{}, {}. {}. Sent by {}.", study.organisation, study.area, capital(study.people), study.sender);
    let mut sections = vec![(String::new(), facts)];
    sections.extend(study.sections.iter().cloned());
    sections
}

fn front_matter(study: &CaseStudy) -> Vec<u8> {
    let mut text = format!(
        "Title: {}\nOrganisation: {}\nArea: {}\nDate: {}\nContact: {}\n",
        study.title,
        study.organisation,
        study.area,
        study.date.iso(),
        study.sender
    );
    for (heading, section) in &study.sections {
        text.push_str(&format!("\n## {heading}\n\n{section}\n"));
    }
    text.into_bytes()
}

fn page(study: &CaseStudy) -> Vec<u8> {
    let meta = [
        ("author", study.organisation.clone()),
        ("dc.date", study.date.iso()),
        ("description", format!("{} with {}", study.organisation, study.people)),
    ];
    html::write(&study.title, &meta, &with_facts(study), "").into_bytes()
}

fn word_file(study: &CaseStudy) -> Vec<u8> {
    docx::write(&study.title, &study.organisation, &study.date.iso(), &with_facts(study))
}

/// The export of a web form, one answer a row, with the mark that spreadsheets put first.
fn form(studies: &[CaseStudy]) -> Vec<u8> {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut text = String::from(
        "\u{feff}ID,Completion time,Email,Name,Organisation name,Title of practice example,\
         Where did this take place? (local authority),Who was it for?,What did you do?,\
         What difference did it make? How do you know?,What did you learn?,Consent to publish\r\n",
    );
    for (at, study) in studies.iter().enumerate() {
        let (year, month, day) = (study.date.year, study.date.month, study.date.day);
        let section = |at: usize| study.sections.get(at).map_or("", |(_, text)| text);
        let cells = [
            (at + 1).to_string(),
            format!("{day:02}/{month:02}/{year} 10:{:02}", at * 5),
            format!("sender{}@example.org", at + 1),
            study.sender.clone(),
            study.organisation.clone(),
            study.title.clone(),
            study.area.to_owned(),
            capital(study.people),
            section(0).to_owned(),
            section(1).to_owned(),
            section(2).to_owned(),
            "Yes".to_owned(),
        ];
        text.push_str(&cells.map(|cell| quoted(&cell)).join(","));
        text.push_str("\r\n");
    }
    text.into_bytes()
}

const SENDERS: &[&str] =
    &["Cymdeithas {place}", "{place} Volunteers", "Friends of {place}", "Menter {place}", "{place} Together"];

const DID: &[&str] = &[
    "We began with one evening in the church hall, and {number} people came.",
    "{Body} gave us the room, and {organisation} found the volunteers.",
    "We set up {theme} within {months} weeks of the first meeting.",
    "A small team of volunteers rang {number} households and asked what would help.",
    "We worked with {body} and with {people} from the start, and changed the plan twice.",
    "The idea came from {people}, who organised everything down to the tea.",
    "We started small, with a borrowed van and a list of telephone numbers.",
    "Staff from {body} came along each week and listened before they spoke.",
];

const HAPPENED: &[&str] = &[
    "After {months} months {number} people were coming, and {percent} per cent of them had come alone at first.",
    "One man told us that he had not spoken to anybody for nine days before he came.",
    "As a result {body} now funds a post that we share with {organisation}.",
    "Neighbours who had never met came together and went on without us.",
    "{People} said that they slept better and worried less.",
    "Two volunteers found paid work, and one opened {theme} in the next valley.",
    "The waiting list grew, which we had not planned for, and we helped fewer people than we hoped in the spring.",
    "When the hall flooded, everyone turned up with mops.",
];

const LEARNED: &[&str] = &[
    "We learned that {idea} comes before plans.",
    "Next time we would ask for less money and more time.",
    "We learned to say no, and to say it early.",
    "Sharing the keys mattered more than sharing the budget.",
    "We learned that {body} can move quickly when somebody there knows your name.",
    "A bilingual poster costs nothing and doubled the turnout.",
    "We learned that {people} should chair the meetings.",
    "We kept a diary, and were glad of it when the funder called.",
];
