//! Reading a file beside its writer: a few items by whoever asks for them, everything else by threads.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError, TryLockError};
use std::thread::JoinHandle;

use rusqlite::Connection;

use super::{Reply, pages, rows};
use crate::ports::{Clock, Item, Key, Page, Query, TableError};

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

/// How many items are read on the spot at most: so many take microseconds, less than it takes to wake a thread and to be woken
/// by it.
const MAX_ON_THE_SPOT: usize = 8;

/// Connections on which whoever asks for a few items reads them.
#[derive(Debug)]
pub(super) struct SpotReaders {
    connections: Vec<Mutex<Connection>>,
    clock: Arc<dyn Clock>,
}

impl SpotReaders {
    pub(super) fn new(connections: impl IntoIterator<Item = Connection>, clock: Arc<dyn Clock>) -> Self {
        Self { connections: connections.into_iter().map(Mutex::new).collect(), clock }
    }

    /// The items under these keys; none, if there are many of them or others are reading on all connections.
    pub(super) fn get(&self, keys: &[Key]) -> Option<Result<Vec<Item>, TableError>> {
        if keys.len() > MAX_ON_THE_SPOT {
            return None;
        }
        let db = self.connections.iter().find_map(|connection| match connection.try_lock() {
            Ok(db) => Some(db),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        })?;
        Some(rows::get_live(&db, keys, self.clock.now().as_secs()))
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
