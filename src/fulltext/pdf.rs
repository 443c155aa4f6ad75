//! PDF: pages of text, read by a program of their own so that a hostile file harms nothing else.
//!
//! `pdftotext` (poppler) is used where it is installed, since it is the steadiest; else gleaner's
//! own reader (`pdf/pages.rs`) in a child of the same program. Env `GLEANER_PDF` = `pdftotext` or
//! `fallback` forces one. Both work under limits of time, memory and output.

mod bomb;
mod child;
mod layout;
pub mod pages;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::{Document, ExtractError, count_words};
use child::{Input, Limits};

/// Text of fewer words is none: a scan's stamp or a cover page. A person reads such a file.
const FEWEST_WORDS: usize = 50;
/// What a reader may use. A page is text of some kilobytes; files are read whole into memory.
const LIMITS: Limits = Limits { seconds: 20, memory_kib: 300_000, output: 6 << 20 };
/// The largest file that is handed to a reader, in bytes.
const MAX_FILE: usize = 80 << 20;

/// What gleaner's own reader prints, as JSON.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    Pages(Vec<String>),
    Encrypted,
    Corrupt(String),
}

/// Reads a PDF.
pub fn extract(bytes: &[u8]) -> Result<Document, ExtractError> {
    if bytes.len() > MAX_FILE {
        return Err(ExtractError::TooLarge(format!("a PDF of {} MiB", bytes.len() >> 20)));
    }
    if bomb::holds_bomb(bytes) {
        return Err(ExtractError::TooLarge("a stream inflates to more than 128 MiB".into()));
    }
    let pages = match std::env::var("GLEANER_PDF").as_deref() {
        Ok("fallback") => by_own_reader(bytes)?,
        Ok("pdftotext") => match pdftotext() {
            Some(program) => by_pdftotext(program, bytes)?,
            None => return Err(ExtractError::NoReader("pdftotext is not installed".into())),
        },
        _ => match pdftotext() {
            Some(program) => by_pdftotext(program, bytes)?,
            None => by_own_reader(bytes)?,
        },
    };
    if pages.iter().map(|page| count_words(page)).sum::<usize>() < FEWEST_WORDS {
        return Err(ExtractError::NoTextLayer);
    }
    Ok(layout::document(&pages))
}

/// Where `pdftotext` lies, if it is installed.
fn pdftotext() -> Option<&'static PathBuf> {
    static PROGRAM: OnceLock<Option<PathBuf>> = OnceLock::new();
    let find = || {
        let name = format!("pdftotext{}", std::env::consts::EXE_SUFFIX);
        std::env::split_paths(&std::env::var_os("PATH")?).map(|folder| folder.join(&name)).find(|path| path.is_file())
    };
    PROGRAM.get_or_init(find).as_ref()
}

fn by_pdftotext(program: &Path, bytes: &[u8]) -> Result<Vec<String>, ExtractError> {
    let ended = child::run(program, &["-enc", "UTF-8", "-eol", "unix"], Input::Path(bytes), &LIMITS)?;
    let complaint = ended.complaint.as_str();
    if complaint.contains("Incorrect password") || complaint.contains("not allowed") {
        return Err(ExtractError::Encrypted);
    }
    let pages: Vec<String> = ended.output.split('\u{c}').map(str::to_owned).collect();
    let is_blank = ended.output.trim().is_empty();
    // It goes on where it can: only a file of which nothing came is corrupt.
    let broken = ["Couldn't", "catalog", "trailer", "Internal Error", "May not be a PDF", "Document stream is empty"];
    if (!ended.success && !ended.cut) || (is_blank && broken.iter().any(|sign| complaint.contains(sign))) {
        return Err(ExtractError::Corrupt(first_line(complaint)));
    }
    Ok(pages)
}

fn by_own_reader(bytes: &[u8]) -> Result<Vec<String>, ExtractError> {
    let program = own_program().ok_or_else(|| {
        ExtractError::NoReader("install pdftotext (poppler-utils), or set GLEANER_EXE to the gleaner program".into())
    })?;
    let ended = child::run(&program, &["extract-pdf"], Input::Stdin(bytes), &LIMITS)?;
    if !ended.success {
        return Err(ExtractError::Corrupt(first_line(&ended.complaint)));
    }
    let json = ended.output.lines().last().unwrap_or_default();
    match serde_json::from_str(json) {
        Ok(Answer::Pages(pages)) => Ok(pages),
        Ok(Answer::Encrypted) => Err(ExtractError::Encrypted),
        Ok(Answer::Corrupt(reason)) => Err(ExtractError::Corrupt(reason)),
        Err(error) => Err(ExtractError::Corrupt(format!("the reader's answer is no JSON: {error}"))),
    }
}

/// This program, if it is gleaner; else what env `GLEANER_EXE` names (tests are another program).
fn own_program() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("GLEANER_EXE") {
        return Some(path.into());
    }
    std::env::current_exe().ok().filter(|path| path.file_stem().is_some_and(|stem| stem == "gleaner"))
}

fn first_line(complaint: &str) -> String {
    let line = complaint.lines().find(|line| !line.trim().is_empty()).unwrap_or("the reader failed");
    line.chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_go_there_and_back() {
        for answer in [Answer::Pages(vec!["a".into()]), Answer::Encrypted, Answer::Corrupt("x".into())] {
            let json = serde_json::to_string(&answer).unwrap();
            assert_eq!(format!("{answer:?}"), format!("{:?}", serde_json::from_str::<Answer>(&json).unwrap()));
        }
    }
}
