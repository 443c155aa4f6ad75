//! `demo [DIR] [--serve]`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use super::{Context, refresh, reports, serve, work};
use crate::demo::{corpus::Corpus, folder, overrides, settings, standins};
use crate::error::{Exit, Outcome};
use crate::pipeline::Choice;
use crate::report::{Form, OutputFormat};
use crate::store::Store;

/// The seed's review, end to end and offline: stand-ins of the databases, the real pipeline, the
/// published table. Its corpus is synthetic. On an existing demo it goes on where it stopped.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  gleaner demo\n  gleaner demo my-demo --serve\n  gleaner --config gleaner-demo/config.toml report flow"
)]
pub struct Args {
    /// The folder to make, or an existing demo
    #[arg(value_name = "DIR", default_value = "./gleaner-demo")]
    folder: PathBuf,
    /// Keep the stand-ins and the reviewers' queue up afterwards
    #[arg(long)]
    serve: bool,
    /// Where the queue listens, with --serve
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "HOST:PORT")]
    addr: SocketAddr,
}

/// Makes or continues the demo.
pub fn run(context: &Context, args: Args) -> Outcome<Exit> {
    let corpus = Corpus::generate();
    folder::prepare(&args.folder, &corpus)?;
    let context = Context { config: args.folder.join("config.toml"), ..context.clone() };
    work::tell(&context, folder::NOTICE);
    let runtime = work::runtime()?;
    let standins = runtime.block_on(standins::start(&corpus))?;
    let review = Arc::new(settings(&*work::settings(&context)?, &standins));
    let run = work::run_with(&context, Arc::clone(&review), overrides(&standins))?;
    let done = runtime.block_on(run.refresh(&Choice::default()))?;
    run.read(|store| reports::write_all(&run.settings, store))?;
    refresh::tell(&context, &done)?;
    drop(run);
    if !context.json {
        let store = Store::open_existing(&review.store)?;
        work::print_text(&format!("\n{}\n", reports::rendered(&review, &store, Form::Table, OutputFormat::Md)?))?;
        work::tell(&context, &format!("every report lies in {}", review.root.join("reports").display()));
    }
    if args.serve {
        serve::serve_review(&context, &runtime, review, args.addr, "reviewer")?;
    }
    Ok(done.exit())
}
