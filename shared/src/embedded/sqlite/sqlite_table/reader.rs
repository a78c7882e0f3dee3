//! The threads that read a file beside its writer.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use rusqlite::Connection;

use super::{Reply, pages, rows};
use crate::ports::{Clock, Item, Key, Page, Query};

/// What is to be read.
#[derive(Debug)]
pub(super) enum ReadRequest {
    /// The items under these keys.
    Get { keys: Vec<Key>, reply: Reply<Vec<Item>> },
    /// A page of a partition.
    Query { query: Query, reply: Reply<Page> },
}

impl ReadRequest {
    /// Reads and answers, unless whoever asked has gone.
    pub(super) fn answer(self, db: &Connection, now: i64) {
        match self {
            Self::Get { keys, reply } => drop(reply.send(rows::get_live(db, &keys, now))),
            Self::Query { query, reply } => drop(reply.send(pages::query(db, &query, now))),
        }
    }
}

/// Starts a thread for each connection. They end once the sender is dropped and its requests are done.
pub(super) fn start(
    connections: impl IntoIterator<Item = Connection>,
    clock: &Arc<dyn Clock>,
) -> std::io::Result<(Sender<ReadRequest>, Vec<JoinHandle<()>>)> {
    let (sender, requests) = channel();
    let requests = Arc::new(Mutex::new(requests));
    let threads = connections.into_iter().map(|db| {
        let (requests, clock) = (Arc::clone(&requests), Arc::clone(clock));
        std::thread::Builder::new()
            .name("table-reader".into())
            .spawn(move || serve(&db, &requests, clock.as_ref()))
    });
    Ok((sender, threads.collect::<std::io::Result<_>>()?))
}

fn serve(db: &Connection, requests: &Mutex<Receiver<ReadRequest>>, clock: &dyn Clock) {
    while let Some(request) = next(requests) {
        request.answer(db, clock.now().as_secs());
    }
}

/// Of the readers that have nothing to do, one waits at the channel and the others wait for its place.
fn next(requests: &Mutex<Receiver<ReadRequest>>) -> Option<ReadRequest> {
    requests.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}
