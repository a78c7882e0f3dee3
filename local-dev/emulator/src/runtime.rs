//! On how many threads sockets are served.

use std::io;
use std::thread::available_parallelism;

use tokio::runtime::{Builder, Runtime};

/// Says how many workers a runtime of tokio's has, whoever makes it.
const WORKERS: &str = "TOKIO_WORKER_THREADS";

/// A runtime with a worker for every second core, but one at least: what talks to the server runs on the same machine, and
/// workers who share a core with it spend their time on waking each other.
pub fn runtime() -> io::Result<Runtime> {
    let mut builder = Builder::new_multi_thread();
    if std::env::var_os(WORKERS).is_none() {
        let cores = available_parallelism().map_or(1, usize::from);
        builder.worker_threads((cores / 2).max(1));
    }
    builder.enable_all().build()
}
