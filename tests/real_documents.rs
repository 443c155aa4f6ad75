//! Documents that nobody here wrote: each is read or refused as it should be.

mod support;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use gleaner::fulltext::{Document, DocumentKind, ExtractError, extract};

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder can be listed")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no files in {}", folder.display());
    files
}

fn read(path: &Path) -> Result<Document, ExtractError> {
    extract(&std::fs::read(path).expect("the file can be read"))
}

#[test]
fn every_jats_article_is_read() {
    let Some(folder) = support::real_data("fulltext/jats") else { return };
    for path in files(&folder) {
        let name = path.display();
        let document = read(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(document.kind, DocumentKind::Jats, "{name}");
        assert!(document.title.as_deref().is_some_and(|title| title.len() > 10), "{name}: {:?}", document.title);
        assert!(document.doi.as_deref().is_some_and(|doi| doi.starts_with("10.")), "{name}: {:?}", document.doi);
        let source = String::from_utf8_lossy(&std::fs::read(&path).expect("the file can be read")).into_owned();
        let is_notice = source.contains("article-type=\"correction\"");
        assert!(document.words() > if is_notice { 20 } else { 400 }, "{name}: {} words", document.words());
        let listed = document.sections.iter().any(|section| section.title == "References");
        assert!(!listed, "{name}: its reference list is read");
        println!("{name}: {} words, {} sections", document.words(), document.sections.len());
    }
}

#[test]
fn every_article_page_is_read_without_its_surroundings() {
    let Some(folder) = support::real_data("fulltext/html") else { return };
    for path in files(&folder) {
        let name = path.display();
        let document = read(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(document.kind, DocumentKind::Html, "{name}");
        let titles: Vec<&str> = document.sections.iter().map(|section| section.title.as_str()).collect();
        println!("{name}: {} words, {:?} {:?}, {titles:?}", document.words(), document.title, document.doi);
        assert!(document.words() > 2_000, "{name}: {} words", document.words());
        for wanted in ["Abstract", "Results"] {
            let found = titles.iter().any(|title| title.starts_with(wanted));
            assert!(found, "{name}: no {wanted}");
        }
        assert!(!titles.contains(&"References"), "{name}");
        assert!(document.title.is_some() && document.doi.is_some(), "{name}");
    }
}

/// Both PDF readers, or the one that can be used here. The variable is read at each extraction, so
/// all PDF tests stand in one function.
#[test]
fn every_pdf_has_its_outcome() {
    let Some(folder) = support::real_data("fulltext/pdf") else { return };
    let installed = std::process::Command::new("pdftotext").arg("-v").output().is_ok();
    let mut by_reader: Vec<Vec<(PathBuf, String)>> = Vec::new();
    for reader in ["pdftotext", "fallback"] {
        if reader == "pdftotext" && !installed {
            println!("skipped: pdftotext is not installed");
            continue;
        }
        let mut texts = Vec::new();
        for group in ["normal", "twocolumn", "odd", "scanned", "encrypted", "corrupt"] {
            for path in files(&folder.join(group)) {
                let begun = Instant::now();
                let outcome = read_with(reader, &path);
                let shown = outcome.as_ref().map(|document| (document.pages, document.words(), &document.doi));
                println!("{reader} {group}/{}: {shown:?} in {:?}", file_name(&path), begun.elapsed());
                match (group, &outcome) {
                    ("normal" | "twocolumn", Ok(document)) => texts.push((path, document.text())),
                    ("normal" | "twocolumn", Err(error)) => panic!("{}: {error}", path.display()),
                    // Our own reader is stricter on a file's structure.
                    ("scanned", Err(ExtractError::Corrupt(_))) if reader == "fallback" => {}
                    ("scanned", outcome) => assert_eq!(outcome, &Err(ExtractError::NoTextLayer), "{}", path.display()),
                    ("encrypted", outcome) => assert_eq!(outcome, &Err(ExtractError::Encrypted), "{}", path.display()),
                    // One file of the folder is damaged and still has its text.
                    ("corrupt", Err(ExtractError::Corrupt(_) | ExtractError::NoTextLayer) | Ok(_)) => {}
                    ("odd", Ok(_) | Err(ExtractError::NoTextLayer)) => {}
                    (_, outcome) => panic!("{}: {outcome:?}", path.display()),
                }
            }
        }
        by_reader.push(texts);
    }
    let [poppler, own] = by_reader.as_slice() else { return };
    for ((path, expected), (_, got)) in poppler.iter().zip(own) {
        let share = shared_words(expected, got);
        println!("{}: {share:.3} of pdftotext's words", file_name(path));
        assert!(share >= 0.95, "{}: {share:.3}", path.display());
    }
}

fn read_with(reader: &str, path: &Path) -> Result<Document, ExtractError> {
    use std::process::{Command, Stdio};
    // Set for a child of our own rather than for this process, where other tests read it too.
    let exe = std::env::current_exe().expect("the test knows itself");
    let child = Command::new(exe)
        .args(["one_document", "--exact", "--nocapture", "--include-ignored"])
        .env("GLEANER_PDF", reader)
        .env("GLEANER_EXE", env!("CARGO_BIN_EXE_gleaner"))
        .env("GLEANER_ONE_DOCUMENT", path)
        .stderr(Stdio::inherit())
        .output()
        .expect("the test runs");
    let output = String::from_utf8_lossy(&child.stdout).into_owned();
    let line = output.lines().find_map(|line| line.split_once("OUTCOME ")).expect("an outcome").1;
    match line.split_once(' ') {
        Some(("ok", json)) => Ok(serde_json::from_str(json).expect("a document")),
        Some(("corrupt", reason)) => Err(ExtractError::Corrupt(reason.into())),
        Some(("large", reason)) => Err(ExtractError::TooLarge(reason.into())),
        _ if line == "encrypted" => Err(ExtractError::Encrypted),
        _ if line == "no-text-layer" => Err(ExtractError::NoTextLayer),
        _ => Err(ExtractError::UnknownFormat(line.into())),
    }
}

/// The other half of [`read_with`]; nothing by itself.
#[test]
#[ignore = "runs within another test"]
fn one_document() {
    let Some(path) = std::env::var_os("GLEANER_ONE_DOCUMENT") else { return };
    match read(Path::new(&path)) {
        Ok(document) => println!("OUTCOME ok {}", serde_json::to_string(&document).expect("it can be written")),
        Err(ExtractError::Corrupt(reason)) => println!("OUTCOME corrupt {reason}"),
        Err(ExtractError::TooLarge(reason)) => println!("OUTCOME large {reason}"),
        Err(ExtractError::Encrypted) => println!("OUTCOME encrypted"),
        Err(ExtractError::NoTextLayer) => println!("OUTCOME no-text-layer"),
        Err(other) => println!("OUTCOME {other}"),
    }
    println!("PEAK {}", peak_kib());
}

/// This process's largest memory so far, in KiB (Linux).
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or(0)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The share of a text's words (each as often as it occurs) that another text has.
fn shared_words(expected: &str, got: &str) -> f64 {
    use std::collections::HashMap;
    let mut left: HashMap<String, usize> = HashMap::new();
    for word in gleaner::text::words(got) {
        *left.entry(word).or_default() += 1;
    }
    let (mut all, mut shared) = (0_u32, 0_u32);
    for word in gleaner::text::words(expected) {
        all += 1;
        if let Some(count) = left.get_mut(&word).filter(|count| **count > 0) {
            *count -= 1;
            shared += 1;
        }
    }
    f64::from(shared) / f64::from(all.max(1))
}

#[test]
fn practice_cases_become_submissions() {
    let Some(folder) = support::real_data("fulltext/cases") else { return };
    let read = gleaner::submissions::read_folder(&folder).expect("the folder can be read");
    for item in &read.items {
        println!("{} {:?} {:?}", item.record.key(), item.record.title, item.record.dates);
        println!("  place {:?} by {:?}, personal {:?}", item.record.extra, item.record.publisher, item.personal);
        let text = item.document.as_ref().map(|(_, document)| document.text()).unwrap_or_default();
        for (_, answer) in item.personal.iter().filter(|(_, answer)| answer.contains('@')) {
            assert!(!text.contains(answer.as_str()), "{}: {answer} stands in the text", item.file);
        }
    }
    println!(
        "set aside: {:?}\nwarnings: {:#?}",
        read.set_aside.iter().map(|(file, aside)| (file, &aside.reason)).collect::<Vec<_>>(),
        read.warnings
    );
    let titles: Vec<&str> = read.items.iter().filter_map(|item| item.record.title.as_deref()).collect();
    for (title, times) in
        [("Warm hub", 3), ("Community hub, \"warm welcome\"", 1), ("Bold title", 1), ("Example report", 1)]
    {
        assert_eq!(titles.iter().filter(|known| **known == title).count(), times, "{title} in {titles:?}");
    }
    assert!(read.warnings.iter().any(|warning| warning.contains("can be read as two dates")));
}

#[test]
fn hostile_files_are_read_or_refused_in_time() {
    let Some(folder) = support::real_data("hostile/gen") else { return };
    for path in files(&folder) {
        for reader in ["auto", "fallback"] {
            let is_pdf = path.extension().is_some_and(|extension| extension == "pdf");
            if reader == "fallback" && !is_pdf {
                continue;
            }
            let begun = Instant::now();
            let outcome = if is_pdf { read_with(reader, &path) } else { read(&path) };
            let took = begun.elapsed();
            let shown = outcome.as_ref().map(|document| (document.kind, document.words()));
            println!("{}: {shown:?} in {took:?}", path.display());
            assert!(took < Duration::from_secs(5), "{}: {took:?}", path.display());
            let refused =
                ["docx_billion", "docx_bomb", "docx_no_document", "docx_xxe", "gzip_bomb", "gzip_double", "gzip_trunc"];
            let refused = is_pdf || refused.iter().any(|begin| file_name(&path).starts_with(begin));
            assert!(!refused || outcome.is_err(), "{}: {shown:?}", path.display());
        }
    }
    let peak = peak_kib();
    println!("peak {peak} KiB");
    assert!(peak < 300_000, "{peak} KiB");
}

/// Every article is known by its own title or DOI and by no other's: PDF and page by their text.
#[test]
fn a_document_fits_its_own_record_only() {
    use gleaner::model::{Identifiers, Record};
    let Some(folder) = support::real_data("fulltext") else { return };
    let documents: Vec<(PathBuf, Document)> = ["jats", "html"]
        .iter()
        .flat_map(|group| files(&folder.join(group)))
        .filter_map(|path| read(&path).ok().map(|document| (path, document)))
        .collect();
    let record = |title: Option<String>, doi: Option<String>| {
        vec![Record { title, identifiers: Identifiers { doi, ..Identifiers::default() }, ..Record::default() }]
    };
    let (mut own, mut wrong) = (0, 0);
    for (number, (path, document)) in documents.iter().enumerate() {
        let bare = Document { title: None, doi: None, ..document.clone() };
        assert!(
            gleaner::retrieve::fits(document, &record(document.title.clone(), None)),
            "{} by title",
            path.display()
        );
        assert!(gleaner::retrieve::fits(document, &record(None, document.doi.clone())), "{} by DOI", path.display());
        own += 2;
        // Some others each, so that the test stays quick; all pairs were tried once and held.
        for (other_path, other) in documents.iter().cycle().skip(number + 1).take(6) {
            let (by_title, by_doi) = (record(other.title.clone(), None), record(None, other.doi.clone()));
            for (shown, records) in [(document, &by_title), (document, &by_doi), (&bare, &by_title)] {
                let fits = gleaner::retrieve::fits(shown, records);
                assert!(!fits, "{} is taken for {}", path.display(), other_path.display());
                wrong += 1;
            }
        }
    }
    println!("{own} pairs fit, {wrong} do not");
}
