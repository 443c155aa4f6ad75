//! What people send to a call-out: a folder of documents and form exports, read at each refresh.
//!
//! A submission's key is stable, so that a corrected one updates its record instead of adding one:
//!
//! - a document's key is its path in the folder without the extension (`file:warm-hub`): a file that
//!   is replaced under its name is the same submission;
//! - a row's key is the form's own id column, together with a hash of the form's questions, since two
//!   forms both count from 1 (`form:3f2a91c0:17`);
//! - a row of a form without ids is known by who sent it and its title (`row:…`, a hash).
//!
//! What tells of the submitter as a person (name, e-mail, telephone, consent) goes to
//! [`Submission::personal`] and stands neither in the record, nor in the text of the document, nor in
//! the raw bytes of rows and texts. A PDF, DOCX or HTML file is kept as it was sent.

mod dates;
mod documents;
mod fields;
mod folder;
mod form;

use std::collections::HashMap;
use std::path::Path;

use crate::error::Failure;
use crate::fulltext::Document;
use crate::model::{Record, SetAside};

/// What a folder held, in the order of the files' names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Submissions {
    pub items: Vec<Submission>,
    /// Files and rows that are no submission, with the file's path within the folder.
    pub set_aside: Vec<(String, SetAside)>,
    /// What a person should look at: dates that can be read two ways, missing titles, refused consent.
    pub warnings: Vec<String>,
}

/// One submission.
#[derive(Clone, Debug, PartialEq)]
pub struct Submission {
    /// `source` is `submission`; the type is `case-study` unless it names another.
    pub record: Record,
    /// The file's path within the folder, `/` between its parts.
    pub file: String,
    /// The supplied full text: the file and what was read from it, or a form's answers as a text.
    pub document: Option<(Vec<u8>, Document)>,
    /// Label and value of what tells of the submitter: contact and consent.
    pub personal: Vec<(String, String)>,
    /// The document's bytes, or the row's answers as JSON; without personal data where that can be told apart.
    pub raw: Vec<u8>,
}

/// The `source` of a submission's record.
pub const SOURCE: &str = "submission";

/// Reads a folder of submissions. A folder that does not exist is an empty one, with a warning.
///
/// Hidden files and links that lead out of the folder are not read; a file that cannot be read as a
/// document is set aside with its reason.
///
/// # Errors
/// If the folder exists and cannot be listed.
pub fn read_folder(path: &Path) -> Result<Submissions, Failure> {
    let mut out = Submissions::default();
    if !path.exists() {
        out.warnings.push(format!("{}: no such folder; nothing was submitted", path.display()));
        return Ok(out);
    }
    let files = folder::list(path, &mut out)?;
    for file in files {
        match folder::read(&file) {
            Ok(bytes) if form::is_table(&file.name, &bytes) => form::read(&file.name, &bytes, &mut out),
            Ok(bytes) => documents::read(&file.name, bytes, &mut out),
            Err(reason) => out.set_aside.push((file.name, SetAside { reason, raw: Vec::new(), line: None })),
        }
    }
    keep_keys_apart(&mut out);
    Ok(out)
}

/// Two submissions never share a key: the same one sent twice is one; another one gets its file's
/// name (and number) behind the key, and a warning.
fn keep_keys_apart(out: &mut Submissions) {
    let mut first: HashMap<String, usize> = HashMap::new();
    let mut kept: Vec<Submission> = Vec::with_capacity(out.items.len());
    for mut item in std::mem::take(&mut out.items) {
        let key = item.record.source_key.clone();
        let Some(&at) = first.get(&key) else {
            first.insert(key, kept.len());
            kept.push(item);
            continue;
        };
        if kept[at].raw == item.raw {
            continue;
        }
        let mut other = format!("{key}:{}", folder::normal_name(&item.file));
        let mut number = 2;
        while first.contains_key(&other) {
            other = format!("{key}:{}:{number}", folder::normal_name(&item.file));
            number += 1;
        }
        out.warnings.push(format!(
            "{}: has the same key as a submission in {}; both are kept. Delete the older if this one corrects it",
            item.file, kept[at].file
        ));
        first.insert(other.clone(), kept.len());
        item.record.source_key = other;
        kept.push(item);
    }
    out.items = kept;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(folder: &Path, name: &str, text: &str) {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    #[test]
    fn a_missing_folder_is_an_empty_one() {
        let read = read_folder(Path::new("/nowhere/at/all")).unwrap();
        assert!(read.items.is_empty());
        assert_eq!(read.warnings.len(), 1);
    }

    #[test]
    fn texts_are_read_and_people_kept_apart() {
        let folder = tempfile::tempdir().unwrap();
        write(
            folder.path(),
            "Warm hub.txt",
            "Title: Warm hub\nOrganisation: CVC\nDate: March 2021\nEmail: jo@example.org\nURL: example.org/hub\n\n# What we did\nWe met.\n",
        );
        write(folder.path(), ".hidden.txt", "x");
        write(folder.path(), "sub/~$lock.docx", "x");
        write(folder.path(), "zeros.bin", "\0\0\0\0\0\0");
        let read = read_folder(folder.path()).unwrap();
        assert_eq!(read.items.len(), 1);
        let item = &read.items[0];
        assert_eq!(item.record.key(), "submission:file:warm-hub");
        assert_eq!(item.record.title.as_deref(), Some("Warm hub"));
        assert_eq!(item.record.publisher.as_deref(), Some("CVC"));
        assert_eq!(item.record.dates[0].to_string(), "2021-03");
        assert_eq!(item.record.urls, ["https://example.org/hub"]);
        assert_eq!(item.personal, [("Email".to_owned(), "jo@example.org".to_owned())]);
        let (bytes, document) = item.document.as_ref().unwrap();
        assert!(!String::from_utf8_lossy(bytes).contains("jo@"));
        assert!(!document.text().contains("jo@"));
        assert!(!String::from_utf8_lossy(&item.raw).contains("jo@"));
        assert_eq!(read.set_aside.len(), 1);
        assert_eq!(read.set_aside[0].0, "zeros.bin");
    }

    #[test]
    fn a_corrected_document_keeps_its_key_and_two_never_share_one() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "a.txt", "Title: One\n\nWe met.\n");
        write(folder.path(), "a.html", "<html><title>Two</title><p>We met elsewhere and talked.</p></html>");
        let read = read_folder(folder.path()).unwrap();
        let keys: Vec<&str> = read.items.iter().map(|item| item.record.source_key.as_str()).collect();
        assert_eq!(keys, ["file:a", "file:a:a.txt"]);
        assert_eq!(read.warnings.len(), 1);
    }

    #[test]
    fn a_call_outs_folder_is_read_in_the_order_of_its_files() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/submissions");
        let read = read_folder(&folder).unwrap();
        let titles: Vec<&str> = read.items.iter().filter_map(|item| item.record.title.as_deref()).collect();
        assert_eq!(
            titles,
            [
                "The library that stayed open by telephone",
                "Growing together, \"tyfu gyda'n gilydd\"",
                "Bridges between streets",
                "Friendship bench",
            ]
        );
        let dates: Vec<String> =
            read.items.iter().map(|item| item.record.dates.iter().map(ToString::to_string).collect()).collect();
        assert_eq!(dates, ["2021-10", "2021-05-14", "2021", ""]);
        for item in &read.items {
            let (bytes, document) = item.document.as_ref().unwrap();
            assert_eq!(item.record.types, [crate::model::WorkType::CaseStudy]);
            for text in [String::from_utf8_lossy(bytes).into_owned(), document.text()] {
                assert!(!["example.org", "Sioned", "Rhodri", "@"].iter().any(|word| text.contains(word)), "{text}");
            }
        }
        assert!(read.set_aside.is_empty());
        assert!(read.warnings.iter().any(|warning| warning.starts_with("call-out-responses.csv line 6: '04/05/2021'")));
    }

    #[cfg(unix)]
    #[test]
    fn links_out_of_the_folder_are_not_followed() {
        let (outside, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        write(outside.path(), "secret.txt", "Title: Secret\n\nx\n");
        write(folder.path(), "real.txt", "Title: Real\n\nx\n");
        std::os::unix::fs::symlink(outside.path().join("secret.txt"), folder.path().join("link.txt")).unwrap();
        std::os::unix::fs::symlink(outside.path(), folder.path().join("dir")).unwrap();
        let read = read_folder(folder.path()).unwrap();
        assert_eq!(read.items.len(), 1);
        assert_eq!(read.set_aside.len(), 2);
    }
}
