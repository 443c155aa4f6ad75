//! Which files of a folder are read.

use std::path::{Path, PathBuf};

use super::Submissions;
use crate::error::Failure;
use crate::model::SetAside;

/// The largest file that is read, in bytes.
const MAX_BYTES: u64 = 64 << 20;
/// The deepest folder within the folder that is read.
const MAX_DEPTH: usize = 5;
/// The most files that are read.
const MAX_FILES: usize = 20_000;

/// A file to read.
pub struct File {
    pub path: PathBuf,
    /// Its path within the folder, `/` between the parts.
    pub name: String,
}

/// The folder's files, ordered by name.
pub fn list(root: &Path, out: &mut Submissions) -> Result<Vec<File>, Failure> {
    let cannot = |error: std::io::Error| Failure::failed(format!("cannot be listed: {error}")).in_file(root);
    let real = root.canonicalize().map_err(cannot)?;
    let mut files = Vec::new();
    let mut folders = vec![(root.to_path_buf(), String::new(), 0_usize)];
    while let Some((folder, prefix, depth)) = folders.pop() {
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if depth == 0 => return Err(cannot(error)),
            Err(error) => {
                set_aside(out, &prefix, format!("cannot be listed: {error}"));
                continue;
            }
        };
        for entry in entries.filter_map(Result::ok) {
            let Ok(own) = entry.file_name().into_string() else {
                set_aside(out, &entry.file_name().to_string_lossy(), "its name is no text".into());
                continue;
            };
            if is_ignored(&own) {
                continue;
            }
            let name = if prefix.is_empty() { own } else { format!("{prefix}/{own}") };
            let path = entry.path();
            let inside = path.canonicalize().is_ok_and(|target| target.starts_with(&real));
            let kind = std::fs::metadata(&path);
            match kind {
                _ if !inside => set_aside(out, &name, "a link that leads out of the folder, or nowhere".into()),
                Ok(kind) if kind.is_dir() && path.is_symlink() => {
                    set_aside(out, &name, "a link to a folder; its files are read where they are".into());
                }
                Ok(kind) if kind.is_dir() && depth < MAX_DEPTH => folders.push((path, name, depth + 1)),
                Ok(kind) if kind.is_dir() => set_aside(out, &name, format!("folders nested deeper than {MAX_DEPTH}")),
                Ok(kind) if kind.is_file() => files.push(File { path, name }),
                Ok(_) => set_aside(out, &name, "neither a file nor a folder".into()),
                Err(error) => set_aside(out, &name, format!("cannot be read: {error}")),
            }
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    if files.len() > MAX_FILES {
        out.warnings.push(format!("{}: only the first {MAX_FILES} files are read", root.display()));
        files.truncate(MAX_FILES);
    }
    out.set_aside.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(files)
}

/// A file's bytes, or why they are not read.
pub fn read(file: &File) -> Result<Vec<u8>, String> {
    let cannot = |error: std::io::Error| format!("cannot be read: {error}");
    let size = std::fs::metadata(&file.path).map_err(cannot)?.len();
    if size > MAX_BYTES {
        return Err(format!("too large: {} MiB, and {} MiB are read at most", size >> 20, MAX_BYTES >> 20));
    }
    std::fs::read(&file.path).map_err(cannot)
}

/// Hidden files, locks of office programs, folders' own files.
fn is_ignored(name: &str) -> bool {
    name.starts_with('.')
        || name.starts_with("~$")
        || name.ends_with('~')
        || matches!(name.to_lowercase().as_str(), "thumbs.db" | "desktop.ini" | "__macosx")
}

/// A name as keys have it: folded, runs of other characters than letters, digits, `.` and `/` as `-`.
pub fn normal_name(name: &str) -> String {
    let folded = crate::text::fold(name);
    let mut out = String::with_capacity(folded.len());
    for c in folded.chars() {
        if c.is_alphanumeric() || matches!(c, '.' | '/') {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.trim_end_matches('-').to_owned()
}

/// A name without its extension.
pub fn stem(name: &str) -> &str {
    let begin = name.rfind('/').map_or(0, |at| at + 1);
    match name[begin..].rfind('.') {
        Some(at) if at > 0 => &name[..begin + at],
        _ => name,
    }
}

fn set_aside(out: &mut Submissions, name: &str, reason: String) {
    out.set_aside.push((name.to_owned(), SetAside { reason, raw: Vec::new(), line: None }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_stems() {
        assert_eq!(normal_name("Warm  Hub_Ynys Môn (2)"), "warm-hub-ynys-mon-2");
        assert_eq!(stem("a.b/c.docx"), "a.b/c");
        assert_eq!(stem("a/.c"), "a/.c");
    }
}
