//! The demo's folder: a review like any other, with a mark that says that its corpus is synthetic.

use std::io::Write;
use std::path::Path;

use super::corpus::Corpus;
use crate::error::{Failure, Outcome};

/// The file that makes a folder a demo. It is written first.
pub const MARK: &str = ".gleaner-demo";

/// What the demo says of itself, in the mark and wherever it is shown.
pub const NOTICE: &str = "\
The databases and websites of this demo are stand-ins on this machine, and their corpus is synthetic:
no work, author, journal or finding in it is real. Its margins are chosen so that the review arrives at
the published table; every number is counted from what the pipeline stored.

What the published table leaves open and this review invents: which six databases were searched, the
search strings and criteria, which websites, how the 101 grey sources and the 68 of the citation and web
search divide between their searches, how many duplicates there were, and that 640 and 641 are records
after deduplication.
";

/// The review at the project's root.
const FILES: &[(&str, &str)] = &[
    ("config.toml", include_str!("../../config.toml")),
    ("queries/academic.query", include_str!("../../queries/academic.query")),
    ("queries/grey.query", include_str!("../../queries/grey.query")),
    ("queries/pre-pandemic.query", include_str!("../../queries/pre-pandemic.query")),
    ("queries/story.query", include_str!("../../queries/story.query")),
    ("queries/topic-core.query", include_str!("../../queries/topic-core.query")),
    ("queries/topic-fulltext.query", include_str!("../../queries/topic-fulltext.query")),
];

/// Whether a folder is a demo's, finished or begun.
pub fn is_demo(folder: &Path) -> bool {
    folder.join(MARK).is_file()
}

/// Makes a folder the demo's: the seed's review, what people sent, what members named. In an existing
/// demo only what is missing is written, so that one cut off is made whole and a change stays.
///
/// # Errors
/// Exit 2 for a folder that is neither empty nor a demo, which is left untouched; exit 1 where a file
/// cannot be written.
pub fn prepare(folder: &Path, corpus: &Corpus) -> Outcome {
    if !is_demo(folder) {
        refuse_others(folder)?;
        write(&folder.join(MARK), NOTICE.as_bytes())?;
    }
    for (name, text) in FILES {
        write_missing(&folder.join(name), text.as_bytes())?;
    }
    for file in &corpus.submissions {
        write_missing(&folder.join("submissions").join(&file.name), &file.bytes)?;
    }
    write_missing(&folder.join("inbox/members.ris"), corpus.members_ris().as_bytes())
}

fn refuse_others(folder: &Path) -> Outcome {
    let failure = |what: &str| {
        Failure::usage(format!("{what}, and is left untouched"))
            .in_file(folder)
            .remedy("name a new or empty folder: gleaner demo DIR")
    };
    match std::fs::read_dir(folder) {
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => Err(failure("the folder is neither empty nor a demo")),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => Err(failure("this is no folder")),
        Err(error) => Err(Failure::failed(format!("cannot be read: {error}")).in_file(folder)),
    }
}

fn write_missing(path: &Path, bytes: &[u8]) -> Outcome {
    if path.exists() { Ok(()) } else { write(path, bytes) }
}

/// Writes a file whole or not at all.
fn write(path: &Path, bytes: &[u8]) -> Outcome {
    let failed = |error: std::io::Error| Failure::failed(format!("cannot be written: {error}")).in_file(path);
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(failed)?;
    let mut file = crate::files::beside(folder).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Exit;

    fn small() -> Corpus {
        let file = crate::demo::corpus::SubmittedFile { name: "a.txt".into(), bytes: b"a".to_vec(), case_studies: 1 };
        Corpus { works: Vec::new(), documents: Vec::new(), references: Vec::new(), submissions: vec![file] }
    }

    #[test]
    fn a_begun_demo_is_made_whole_and_a_change_stays() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("new/demo");
        prepare(&folder, &small()).unwrap();
        assert!(is_demo(&folder));
        std::fs::remove_file(folder.join("queries/grey.query")).unwrap();
        std::fs::write(folder.join("config.toml"), "# changed").unwrap();
        prepare(&folder, &small()).unwrap();
        assert!(folder.join("queries/grey.query").exists());
        assert_eq!(std::fs::read_to_string(folder.join("config.toml")).unwrap(), "# changed");
    }

    #[test]
    fn every_query_of_the_root_is_written() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("queries");
        for entry in std::fs::read_dir(root).unwrap() {
            let name = format!("queries/{}", entry.unwrap().file_name().to_string_lossy());
            assert!(FILES.iter().any(|(file, _)| *file == name), "{name}");
        }
    }

    #[test]
    fn a_folder_of_something_else_is_left_untouched() {
        let place = tempfile::tempdir().unwrap();
        std::fs::write(place.path().join("thesis.txt"), "mine").unwrap();
        let failure = prepare(place.path(), &small()).unwrap_err();
        assert_eq!(failure.exit, Exit::Usage);
        assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 1);
        assert_eq!(prepare(&place.path().join("thesis.txt"), &small()).unwrap_err().exit, Exit::Usage);
    }
}
