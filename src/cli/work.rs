//! What the commands that work on a review share: settings, runs, progress, tables of results.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use super::Context;
use crate::config::{self, ConfigErrors, Settings};
use crate::demo::folder::is_demo;
use crate::error::{Failure, Outcome};
use crate::pipeline::{Choice, Event, Overrides, Progress, Run, with_imports};
use crate::query::Severity;
use crate::sources::fit::fit;
use crate::store::Store;

/// The review's settings; their warnings go to stderr.
pub(super) fn settings(context: &Context) -> Outcome<Arc<Settings>> {
    let (settings, mut notes) = config::load(&context.config)?;
    notes.extend(fit(&settings));
    if notes.iter().any(|note| note.severity == Severity::Error) {
        return Err(ConfigErrors(notes).into());
    }
    if !context.quiet {
        for note in notes {
            eprintln!("warning: {note}");
        }
    }
    Ok(Arc::new(settings))
}

/// The settings and the store, for commands that only read. The store must be there.
pub(super) fn reading(context: &Context) -> Outcome<(Arc<Settings>, Store)> {
    let settings = settings(context)?;
    let store = Store::open_existing(&settings.store)?;
    let settings = with_imports(settings, Some(&store), None)?;
    Ok((settings, store))
}

/// A run under the lock, telling its progress on stderr. A demo's stand-ins run with `demo` alone:
/// without them none of its sources is asked, least of all the real ones.
pub(super) fn run(context: &Context) -> Outcome<Arc<Run>> {
    let settings = settings(context)?;
    let overrides = without_stand_ins(&settings);
    run_with(context, settings, overrides)
}

/// A run that only looks: it takes no lock, makes no database, and asks nobody.
pub(super) fn look(context: &Context) -> Outcome<Run> {
    let settings = with_stored_imports(settings(context)?)?;
    let overrides = without_stand_ins(&settings);
    Run::look(settings, overrides, progress(context))
}

fn without_stand_ins(settings: &Settings) -> Overrides {
    if is_demo(&settings.root) {
        let how =
            format!("the demo's stand-ins are not running: `gleaner demo {}` starts them", settings.root.display());
        Overrides { closed: true, offline: Some(how), ..Overrides::default() }
    } else {
        Overrides::default()
    }
}

/// Tells something on stderr, unless quiet is wanted.
pub(super) fn tell(context: &Context, text: &str) {
    if !context.quiet {
        eprintln!("{}", text.trim_end());
    }
}

/// A run with what a demo or a test replaces in memory.
pub(super) fn run_with(context: &Context, settings: Arc<Settings>, overrides: Overrides) -> Outcome<Arc<Run>> {
    Ok(Arc::new(Run::open(with_stored_imports(settings)?, overrides, progress(context))?))
}

fn with_stored_imports(settings: Arc<Settings>) -> Outcome<Arc<Settings>> {
    if !settings.store.exists() {
        return Ok(settings);
    }
    let store = Store::open_existing(&settings.store)?;
    with_imports(settings, Some(&store), None)
}

/// The runtime that networked commands run on.
pub(super) fn runtime() -> Outcome<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::failed(format!("the runtime cannot be started: {error}")))
}

/// The chosen streams, checked against config.
pub(super) fn choice(settings: &Settings, streams: &[String], source: Option<&str>) -> Outcome<Choice> {
    for id in streams {
        if settings.stream(id).is_none() {
            let known: Vec<&str> = settings.streams.iter().map(|stream| stream.id.as_str()).collect();
            return Err(Failure::usage(format!("no stream '{id}'"))
                .in_file(&settings.file)
                .remedy(format!("the streams are: {}", known.join(", "))));
        }
    }
    if let Some(source) = source {
        let named = settings
            .streams
            .iter()
            .flat_map(|stream| &stream.searches)
            .any(|search| search.sources.iter().any(|id| id == source));
        if !named {
            return Err(Failure::usage(format!("no search names the source '{source}'")).in_file(&settings.file));
        }
    }
    Ok(Choice { streams: streams.to_vec(), source: source.map(str::to_owned) })
}

/// Prints one JSON document on stdout.
pub(super) fn print_json<T: serde::Serialize>(value: &T) -> Outcome<()> {
    let text = serde_json::to_string_pretty(value).map_err(|error| Failure::failed(error.to_string()))?;
    print_text(&format!("{text}\n"))
}

/// Prints text on stdout; a reader that goes away is no failure.
pub(super) fn print_text(text: &str) -> Outcome<()> {
    use std::io::Write;
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Failure::failed(error.to_string())),
        _ => Ok(()),
    }
}

/// Writes a file whole or not at all.
pub(super) fn write_file(path: &Path, bytes: &[u8]) -> Outcome<()> {
    let folder =
        path.parent().filter(|folder| !folder.as_os_str().is_empty()).map_or_else(|| PathBuf::from("."), PathBuf::from);
    let failed = |error: std::io::Error| Failure::failed(format!("cannot be written: {error}")).in_file(path);
    std::fs::create_dir_all(&folder).map_err(failed)?;
    let mut file = crate::files::beside(&folder).map_err(failed)?;
    std::io::Write::write_all(&mut file, bytes).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Who is told of a run's progress.
pub(super) fn progress(context: &Context) -> Arc<dyn Progress> {
    Arc::new(Teller {
        quiet: context.quiet,
        bars: (std::io::stderr().is_terminal() && !context.quiet).then(MultiProgress::new),
        open: Mutex::default(),
    })
}

struct Teller {
    quiet: bool,
    /// Only where stderr is a terminal.
    bars: Option<MultiProgress>,
    open: Mutex<BTreeMap<String, ProgressBar>>,
}

impl Teller {
    fn say(&self, text: &str) {
        match &self.bars {
            Some(bars) => {
                let _ = bars.println(text);
            }
            None => eprintln!("{text}"),
        }
    }

    fn bar(&self, name: &str, template: &str) -> Option<ProgressBar> {
        let bars = self.bars.as_ref()?;
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let bar = open.entry(name.to_owned()).or_insert_with(|| {
            let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
            let bar = bars.add(ProgressBar::new(0).with_style(style).with_message(name.to_owned()));
            bar.enable_steady_tick(std::time::Duration::from_millis(200));
            bar
        });
        Some(bar.clone())
    }

    fn close(&self, name: &str) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bar) = open.remove(name) {
            bar.finish_and_clear();
        }
    }
}

const OF_KNOWN: &str = "  {msg:44} {bar:24} {pos}/{len} {eta}";

impl Progress for Teller {
    fn event(&self, event: &Event<'_>) {
        match event {
            _ if self.quiet => {}
            Event::Warning(message) => self.say(&format!("warning: {message}")),
            Event::Stage(name) => {
                self.close("  works");
                self.say(name);
            }
            Event::Searching { label, received, reported } => {
                if let Some(bar) = self.bar(label, OF_KNOWN) {
                    bar.set_length(reported.unwrap_or(*received).max(*received));
                    bar.set_position(*received);
                }
            }
            Event::Searched { label, received, outcome } => {
                self.close(label);
                self.say(&format!("  {label}: {outcome}, {received} records"));
            }
            Event::Step { done, of } => {
                if let Some(bar) = self.bar("  works", OF_KNOWN) {
                    bar.set_length(*of);
                    bar.set_position(*done);
                    if done == of {
                        self.close("  works");
                    }
                }
            }
        }
    }
}
