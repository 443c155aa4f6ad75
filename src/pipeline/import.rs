//! Export files and submissions, by hand and from the folders that config names.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;

use super::elsewhere::{self, LabelCount, Taken, Taking};
use super::harvest::Choice;
use super::run::Run;
use crate::config::{Enter, Search, SearchKind, Settings, Stream};
use crate::error::{Failure, Outcome, read_file};
use crate::formats::{self, Entry, FileContents, Format};
use crate::fulltext::Document;
use crate::ids::sha256_hex;
use crate::model::SetAside;
use crate::store::{HitOrigin, ImportedFile, NewAttempt, NewRecord, Store};
use crate::submissions;

/// The id of the search that files are imported under where a stream declares none.
const BY_HAND: &str = "import";

/// What a file brought.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Imported {
    pub file: PathBuf,
    pub format: String,
    pub records: usize,
    /// Records not known before.
    pub new_records: usize,
    /// Records that this search had not found before.
    pub new_hits: usize,
    pub set_aside: usize,
    /// The same bytes were imported before: nothing was added.
    pub known: bool,
    /// Entries of our own exports that are works of the stream: not records found once more.
    pub known_works: usize,
    /// The verdicts that the file holds, taken or not.
    pub labels: Vec<LabelCount>,
    /// What became of them, where they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decisions: Option<Taken>,
    pub warnings: Vec<String>,
}

/// The settings, with an import search of its own in each stream that has had files imported by hand
/// while it declared none, or declares none and is about to (`about_to`).
pub fn with_imports(settings: Arc<Settings>, store: Option<&Store>, about_to: Option<&str>) -> Outcome<Arc<Settings>> {
    let mut had: Vec<String> = Vec::new();
    if let Some(store) = store {
        had.extend(store.imported_files()?.into_iter().filter(|file| file.search == BY_HAND).map(|file| file.stream));
    }
    // What was imported by hand stays counted, whatever import searches config declares later.
    let lacking = |stream: &Stream| {
        stream.search(BY_HAND).is_none()
            && (had.contains(&stream.id) || about_to == Some(stream.id.as_str()) && !has_import(stream))
    };
    if !settings.streams.iter().any(lacking) {
        return Ok(settings);
    }
    let mut settings = (*settings).clone();
    for stream in &mut settings.streams {
        if lacking(stream) {
            let arm = stream.searches.iter().find(|search| search.arm == "database");
            stream.searches.push(Search {
                id: BY_HAND.to_owned(),
                kind: SearchKind::Import,
                arm: "database".to_owned(),
                label: arm.map_or_else(|| "Database".to_owned(), |search| search.label.clone()),
                enter: arm.map_or(
                    if stream.abstract_stage.is_some() { Enter::Abstract } else { Enter::Fulltext },
                    |search| search.enter,
                ),
                query: None,
                sources: Vec::new(),
                source_spots: Vec::new(),
                max_records: u64::MAX,
                directions: Vec::new(),
                rounds: 0,
                seeds: None,
                path: None,
                platform: None,
                database: None,
            });
        }
    }
    Ok(Arc::new(settings))
}

fn has_import(stream: &Stream) -> bool {
    stream.searches.iter().any(|search| search.kind == SearchKind::Import)
}

/// The import search that files of a stream belong to.
pub fn import_search<'a>(stream: &'a Stream, named: Option<&str>) -> Outcome<&'a Search> {
    let imports: Vec<&Search> = stream.searches.iter().filter(|search| search.kind == SearchKind::Import).collect();
    let names = imports.iter().map(|search| search.id.as_str()).collect::<Vec<_>>().join(", ");
    match (named, imports.as_slice()) {
        (Some(id), imports) => {
            imports.iter().copied().find(|search| search.id == id).ok_or_else(|| {
                Failure::usage(format!("stream {} has no import search '{id}'", stream.id))
                    .remedy(if names.is_empty() { "leave --search out".to_owned() } else { format!("one of: {names}") })
            })
        }
        (None, [only]) => Ok(only),
        (None, _) => Err(Failure::usage(format!("stream {} has several import searches", stream.id))
            .remedy(format!("say which: --search {names}"))),
    }
}

impl Run {
    /// Imports one export file, and with `taking` the decisions in it. The same bytes again add nothing.
    ///
    /// # Errors
    /// A file that cannot be read or is no export, or a decision that nobody stands for: nothing of it is
    /// stored.
    pub fn import_file(
        &self,
        path: &Path,
        stream: &Stream,
        search: &Search,
        format: Option<Format>,
        taking: Option<&Taking>,
    ) -> Outcome<Imported> {
        let bytes = read_file(path)?;
        let hash = sha256_hex(&bytes);
        let mut imported = Imported { file: path.to_path_buf(), ..Imported::default() };
        imported.known = self.with_store(|store| store.was_imported(&hash, &stream.id, &search.id))?;
        if imported.known && taking.is_none() {
            return Ok(imported);
        }
        let contents =
            formats::read(&bytes, format).map_err(|error| Failure::failed(error.to_string()).in_file(path))?;
        imported.format = contents.format.name().to_owned();
        imported.labels = elsewhere::count(&contents.entries);
        let mut targets = self.known_works(stream, &contents.entries)?;
        imported.known_works = targets.iter().flatten().count();
        if let Some(taking) = taking {
            self.check_taking(stream, &contents.entries, taking).map_err(|failure| failure.in_file(path))?;
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if taking.is_some_and(|taking| taking.only) {
            self.match_works(stream, &contents.entries, &mut targets)?;
        } else {
            if !imported.known {
                self.store_file((&name, &hash), stream, search, &contents, &targets, &mut imported)?;
            }
            self.find_stored(&contents.entries, &mut targets)?;
        }
        if let Some(taking) = taking {
            let file = (name.as_ref(), hash.as_str());
            imported.decisions = Some(self.take_decisions(stream, file, &contents.entries, &targets, taking)?);
        }
        imported.warnings = contents.warnings;
        Ok(imported)
    }

    /// Stores the records of a file that are not works of the stream already.
    fn store_file(
        &self,
        (name, hash): (&str, &str),
        stream: &Stream,
        search: &Search,
        contents: &FileContents,
        known: &[Option<(i64, String)>],
        imported: &mut Imported,
    ) -> Outcome<()> {
        let refresh = self.with_store(|store| store.current_refresh())?;
        let origin = HitOrigin { stream: &stream.id, search: &search.id, source: &search.id, refresh, run: None };
        let entries = contents.entries.iter().zip(known).filter(|(_, known)| known.is_none());
        let file = ImportedFile {
            hash,
            name,
            format: contents.format.name(),
            records: entries
                .map(|(entry, _)| NewRecord { record: &entry.record, payload: entry.raw.as_bytes() })
                .collect(),
            set_aside: &contents.set_aside,
        };
        let seen = self.with_store(|store| store.import(&origin, &file))?;
        imported.set_aside = contents.set_aside.len();
        imported.records = seen.records;
        imported.new_records = seen.new_records;
        imported.new_hits = seen.new_hits;
        Ok(())
    }

    /// The stored records of a file's entries.
    fn find_stored(&self, entries: &[Entry], targets: &mut [Option<(i64, String)>]) -> Outcome<()> {
        if !entries.iter().zip(&*targets).any(|(_, target)| target.is_none()) {
            return Ok(());
        }
        let keys = self.with_store(|store| store.record_keys())?;
        let ids: HashMap<&str, i64> = keys.iter().map(|row| (row.key.as_str(), row.id)).collect();
        for (entry, target) in entries.iter().zip(targets) {
            if target.is_none() {
                let key = entry.record.key();
                *target = ids.get(key.as_str()).map(|id| (*id, key.clone()));
            }
        }
        Ok(())
    }

    /// Imports what lies in the inbox folders and submission folders of the chosen streams. Gives
    /// whether all went well; a file that cannot be read is a warning, and the rest goes on.
    pub fn take_in(&self, choice: &Choice) -> Outcome<bool> {
        let settings = Arc::clone(&self.settings);
        let mut whole = true;
        for stream in settings.streams.iter().filter(|stream| choice.has_stream(stream)) {
            for search in &stream.searches {
                match (search.kind, &search.path) {
                    (SearchKind::Import, Some(pattern)) => whole &= self.take_inbox(stream, search, pattern)?,
                    (SearchKind::Submitted, Some(folder)) => self.take_submissions(stream, search, folder)?,
                    _ => {}
                }
            }
        }
        Ok(whole)
    }

    fn take_inbox(&self, stream: &Stream, search: &Search, pattern: &Path) -> Outcome<bool> {
        // Only what config says is a pattern; the review's own folder may be called anything.
        let root = &self.settings.root;
        let (folder, rest) = pattern.strip_prefix(root).map_or((Path::new(""), pattern), |rest| (root.as_path(), rest));
        let pattern = Path::new(&glob::Pattern::escape(&folder.to_string_lossy())).join(rest);
        let found = glob::glob(&pattern.to_string_lossy()).map_err(|error| {
            Failure::usage(format!("path of search {}: {error}", search.id)).in_file(&self.settings.file)
        })?;
        let mut whole = true;
        let mut files: Vec<PathBuf> = Vec::new();
        for entry in found {
            match entry {
                Ok(path) if path.is_file() => files.push(path),
                Ok(_) => {}
                Err(error) => {
                    whole = false;
                    self.warn(&error.to_string());
                }
            }
        }
        files.sort();
        for file in files {
            match self.import_file(&file, stream, search, None, None) {
                Ok(imported) => {
                    if !imported.labels.is_empty() {
                        self.warn(&format!(
                            "{}: holds decisions made elsewhere, which are not taken; gleaner import {} --stream {} \
                             --stage abstract (or fulltext) takes them",
                            file.display(),
                            file.display(),
                            stream.id
                        ));
                    }
                    for warning in imported.warnings {
                        self.warn(&format!("{}: {warning}", file.display()));
                    }
                }
                Err(failure) => {
                    whole = false;
                    self.warn(&failure.to_string());
                    let reason = failure.message.clone();
                    let raw = std::fs::read(&file).unwrap_or_default();
                    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
                    self.with_store(|store| store.set_aside(&name, &[SetAside { reason, raw, line: None }]))?;
                }
            }
        }
        Ok(whole)
    }

    fn take_submissions(&self, stream: &Stream, search: &Search, folder: &Path) -> Outcome<()> {
        let submitted = submissions::read_folder(folder)?;
        for warning in &submitted.warnings {
            self.warn(warning);
        }
        for (file, aside) in &submitted.set_aside {
            self.warn(&format!("{file}: set aside: {}", aside.reason));
            self.with_store(|store| store.set_aside(file, std::slice::from_ref(aside)))?;
        }
        let refresh = self.with_store(|store| store.current_refresh())?;
        let origin = HitOrigin { stream: &stream.id, search: &search.id, source: &search.id, refresh, run: None };
        for submission in &submitted.items {
            let file = ImportedFile {
                hash: &sha256_hex(&submission.raw),
                name: &submission.file,
                format: "submission",
                records: vec![NewRecord { record: &submission.record, payload: &submission.raw }],
                set_aside: &[],
            };
            self.with_store(|store| store.import(&origin, &file))?;
            let Some(stored) = self.with_store(|store| store.record(&submission.record.key()))? else { continue };
            if !submission.personal.is_empty() {
                self.with_store(|store| store.set_submitter(stored.id, &submission.personal))?;
            }
            if let Some((bytes, document)) = &submission.document {
                self.supply(stored.id, refresh, &submission.file, bytes, document)?;
            }
        }
        Ok(())
    }

    /// Keeps a document that came with its record; the same one again adds nothing.
    fn supply(&self, record: i64, refresh: i64, file: &str, bytes: &[u8], document: &Document) -> Outcome<()> {
        let hash = self.keep_document(bytes, document)?;
        let known = self.with_store(|store| store.has_document(record, &hash))?;
        if known {
            return Ok(());
        }
        let attempt = NewAttempt {
            record,
            refresh,
            origin: "supplied",
            url: file,
            outcome: "ok",
            detail: "",
            document: Some((&hash, bytes.len(), document)),
        };
        self.with_store(|store| store.add_attempts(&[attempt]))
    }
}
