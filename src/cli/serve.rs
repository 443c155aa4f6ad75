//! `serve [--addr HOST:PORT]`.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::runtime::Runtime;

use super::{Context, work};
use crate::config::Settings;
use crate::error::{Exit, Outcome};
use crate::pipeline::with_imports;
use crate::store::Store;
use crate::web::{App, Serving, fresh_key, serve};

/// Serve the reviewers' queue to the browser
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  gleaner serve\n  gleaner serve --addr 127.0.0.1:9000 --reviewer 'A. Reviewer'")]
pub struct Args {
    /// Where to listen
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "HOST:PORT")]
    addr: SocketAddr,
    /// Whose decisions these are
    #[arg(long, env = "GLEANER_REVIEWER", default_value = "reviewer", value_name = "NAME")]
    reviewer: String,
    /// Host names that colleagues reach it by, besides loopback's
    #[arg(long = "host", value_name = "NAME")]
    hosts: Vec<String>,
}

/// Serves until it is interrupted.
pub fn run(context: &Context, args: Args) -> Outcome<Exit> {
    let settings = work::settings(context)?;
    let serving = Serving { reviewer: args.reviewer, hosts: args.hosts };
    serve_with(context, &work::runtime()?, settings, args.addr, serving)?;
    Ok(Exit::Done)
}

/// Serves a review's queue for one local reviewer.
pub(super) fn serve_review(
    context: &Context,
    runtime: &Runtime,
    settings: Arc<Settings>,
    address: SocketAddr,
    reviewer: &str,
) -> Outcome<()> {
    let serving = Serving { reviewer: reviewer.to_owned(), hosts: Vec::new() };
    serve_with(context, runtime, settings, address, serving)
}

fn serve_with(
    context: &Context,
    runtime: &Runtime,
    settings: Arc<Settings>,
    address: SocketAddr,
    serving: Serving,
) -> Outcome<()> {
    let store = Store::open(&settings.store)?;
    let settings = with_imports(settings, Some(&store), None)?;
    let app = Arc::new(App::new(settings, store, serving, fresh_key()?));
    let ready = |address| work::tell(context, &format!("the queue is at http://{address}/ (Ctrl-C ends it)"));
    runtime.block_on(serve(app, address, ready))
}
