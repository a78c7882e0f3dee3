//! The thread through which all writes go.

use std::fs::File;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use rusqlite::Connection;

use super::reader::ReadRequest;
use super::{Reply, apply, rows, unavailable};
use crate::ports::{Clock, Item, TableError, Write};

/// How many requests share one commit at most, so that the first of them does not wait for ever.
const MAX_BATCH: usize = 512;
/// How many items one sweep deletes, so that writes get their turn in between.
pub(super) const SWEEP_LIMIT: usize = 500;

/// What the writing thread is asked to do.
#[derive(Debug)]
pub(super) enum WriteRequest {
    /// All of these writes or none.
    Apply { writes: Vec<Write>, reply: Reply<Vec<Option<Item>>> },
    /// Delete at most [`SWEEP_LIMIT`] expired items.
    Sweep { reply: Reply<usize> },
    /// Read: where the writing connection is the only one.
    Read(ReadRequest),
}

struct Writer {
    db: Connection,
    clock: Arc<dyn Clock>,
}

type Answer = (Reply<Vec<Option<Item>>>, Result<Vec<Option<Item>>, TableError>);

/// Starts the thread. It ends, and closes the file, once the sender is dropped and its requests are done.
pub(super) fn start(
    db: Connection,
    lock: Option<File>,
    clock: Arc<dyn Clock>,
) -> std::io::Result<(Sender<WriteRequest>, JoinHandle<rusqlite::Result<()>>)> {
    let (sender, requests) = channel();
    let thread = std::thread::Builder::new().name("table-writer".into()).spawn(move || {
        let writer = Writer { db, clock };
        writer.serve(&requests);
        let closed = writer.db.close().map_err(|(_, error)| error);
        // A process that is just being forked has the lock's file open too, so that closing ours would not be enough.
        if let Some(Err(error)) = lock.map(|lock| lock.unlock()) {
            tracing::warn!(%error, "the table's lock could not be released");
        }
        closed
    })?;
    Ok((sender, thread))
}

impl Writer {
    fn serve(&self, requests: &Receiver<WriteRequest>) {
        let mut next = requests.recv().ok();
        while let Some(request) = next {
            let held = match request {
                WriteRequest::Apply { writes, reply } => self.commit_gathered(writes, reply, requests),
                WriteRequest::Sweep { reply } => {
                    // Whoever asked may have gone; that is their business.
                    let _ = reply.send(self.sweep());
                    None
                }
                WriteRequest::Read(read) => {
                    read.answer(&self.db, self.now());
                    None
                }
            };
            next = held.or_else(|| requests.recv().ok());
        }
    }

    /// Runs this request and those that are waiting behind it, commits, then answers. Answers the request that ended
    /// the gathering, if one did.
    fn commit_gathered(
        &self,
        writes: Vec<Write>,
        reply: Reply<Vec<Option<Item>>>,
        requests: &Receiver<WriteRequest>,
    ) -> Option<WriteRequest> {
        let mut answers = Vec::new();
        let (held, committed) = match self.db.execute_batch("BEGIN IMMEDIATE") {
            Ok(()) => self.gather(writes, reply, requests, &mut answers),
            Err(error) => {
                answers.push((reply, Ok(Vec::new())));
                (None, Err(unavailable(error)))
            }
        };
        match committed {
            Ok(()) => answers.into_iter().for_each(|(reply, answer)| drop(reply.send(answer))),
            Err(error) => self.give_up(answers, &error),
        }
        held
    }

    fn gather(
        &self,
        writes: Vec<Write>,
        reply: Reply<Vec<Option<Item>>>,
        requests: &Receiver<WriteRequest>,
        answers: &mut Vec<Answer>,
    ) -> (Option<WriteRequest>, Result<(), TableError>) {
        let mut next = Some(WriteRequest::Apply { writes, reply });
        while let Some(WriteRequest::Apply { writes, reply }) = next {
            match apply::apply(&self.db, writes, self.now()) {
                Err(TableError::Unavailable(cause)) => {
                    answers.push((reply, Ok(Vec::new())));
                    return (None, Err(TableError::Unavailable(cause)));
                }
                answer => answers.push((reply, answer)),
            }
            next = (answers.len() < MAX_BATCH).then(|| requests.try_recv().ok()).flatten();
        }
        (next, self.db.execute_batch("COMMIT").map_err(unavailable))
    }

    /// A failure of SQLite itself may have taken the whole transaction with it, so nobody's write has happened.
    fn give_up(&self, answers: Vec<Answer>, error: &TableError) {
        tracing::error!(%error, cause = ?std::error::Error::source(error), "the table could not write");
        if !self.db.is_autocommit()
            && let Err(error) = self.db.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, "the table could not roll back");
        }
        for (reply, _) in answers {
            drop(reply.send(Err(unavailable("the transaction could not be written"))));
        }
    }

    fn sweep(&self) -> Result<usize, TableError> {
        rows::delete_expired(&self.db, self.now(), SWEEP_LIMIT)
    }

    fn now(&self) -> i64 {
        self.clock.now().as_secs()
    }
}
