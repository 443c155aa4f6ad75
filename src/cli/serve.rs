//! `serve [--addr HOST:PORT]`.

use std::net::SocketAddr;
use std::sync::Arc;

use super::{Context, work};
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
    let store = Store::open(&settings.store)?;
    let settings = with_imports(settings, Some(&store), None)?;
    let serving = Serving { reviewer: args.reviewer, hosts: args.hosts };
    let app = Arc::new(App::new(settings, store, serving, fresh_key()?));
    let quiet = context.quiet;
    work::runtime()?.block_on(serve(app, args.addr, |address| {
        if !quiet {
            eprintln!("the queue is at http://{address}/ (Ctrl-C ends it)");
        }
    }))?;
    Ok(Exit::Done)
}
