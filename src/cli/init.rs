//! `init DIR`: a commented review to begin from.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::Context;
use crate::error::{Exit, Failure, Outcome};

/// What a review begins with: path and text.
const FILES: &[(&str, &str)] = &[
    ("config.toml", include_str!("init/config.toml")),
    ("queries/academic.query", include_str!("init/academic.query")),
    ("queries/topic.query", include_str!("init/topic.query")),
    (".gitignore", include_str!("init/gitignore")),
    ("README.md", include_str!("init/README.md")),
];
/// What lies at the top of it, in the order that it is put there: the config last, since a folder
/// without one is no review.
const ENTRIES: &[&str] = &["queries", ".gitignore", "README.md", "config.toml"];

/// Scaffold a review with a commented config.toml, example queries and a README. Nothing in it is
/// excluded by rule; every decision waits for a person.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder to make; one that is there must be empty
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// Exit 2 where the folder is not empty, or is no folder.
pub fn run(context: &Context, args: Args) -> Outcome<Exit> {
    let folder = &args.folder;
    check_empty(folder)?;
    scaffold(folder)?;
    if context.json {
        let files: Vec<&str> = FILES.iter().map(|(path, _)| *path).collect();
        println!("{:#}", json!({ "folder": folder.display().to_string(), "files": files }));
    } else {
        println!("made a review in {}", folder.display());
        if !context.quiet {
            println!("next: gleaner --config {} check", folder.join("config.toml").display());
        }
    }
    Ok(Exit::Done)
}

fn check_empty(folder: &Path) -> Outcome {
    match std::fs::read_dir(folder) {
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => Err(Failure::usage("the folder is not empty, and nothing in it was touched")
                .in_file(folder)
                .remedy("name a new or empty folder")),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Failure::usage(format!("is no folder to write to: {error}"))
            .in_file(folder)
            .remedy("name a new or empty folder")),
    }
}

/// Writes everything beside the folder, then moves it in: what fails leaves nothing behind.
fn scaffold(folder: &Path) -> Outcome {
    let failed = |error: std::io::Error| Failure::failed(format!("cannot be written: {error}")).in_file(folder);
    let made = !folder.exists();
    std::fs::create_dir_all(folder).map_err(failed)?;
    let mut moved = Vec::new();
    let result = stage(folder).and_then(|staged| {
        for entry in ENTRIES {
            let target = folder.join(entry);
            std::fs::rename(staged.path().join(entry), &target)?;
            moved.push(target);
        }
        Ok(())
    });
    result.map_err(|error| {
        for path in moved {
            let _ = if path.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
        }
        if made {
            let _ = std::fs::remove_dir(folder);
        }
        failed(error)
    })
}

/// All files in a temporary folder within the folder itself, so that moving them is a rename.
fn stage(folder: &Path) -> std::io::Result<tempfile::TempDir> {
    let staged = tempfile::Builder::new().prefix(".gleaner-init-").tempdir_in(folder)?;
    for (path, text) in FILES {
        let path = staged.path().join(path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, text)?;
    }
    Ok(staged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scaffold_is_sound_and_excludes_nothing_by_rule() {
        let folder = tempfile::tempdir().unwrap();
        let review = folder.path().join("review");
        scaffold(&review).unwrap();
        let (settings, notes) = crate::config::load(&review.join("config.toml")).unwrap();
        assert!(notes.is_empty(), "{notes:?}");
        assert_eq!(settings.streams.len(), 2);
        assert!(settings.criteria.iter().all(|criterion| criterion.effect != crate::config::Effect::Exclude));
        for stream in &settings.streams {
            for stage in [&stream.abstract_stage, &stream.fulltext_stage].into_iter().flatten() {
                assert_eq!(stage.pass, crate::config::Pass::Person);
            }
        }
        let mut left: Vec<_> = std::fs::read_dir(&review).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, [".gitignore", "README.md", "config.toml", "queries"], "nothing else is left");
        assert!(check_empty(&review).is_err());
    }
}
