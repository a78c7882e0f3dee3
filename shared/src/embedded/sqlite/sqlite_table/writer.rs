//! The thread through which all writes go.

use std::fs::File;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use rusqlite::Connection;

use super::append::LastEntries;
use super::change::{Answer, ChangeRequest};
use super::checkpointer::Checkpointer;
use super::reader::ReadRequest;
use super::{Reply, rows, unavailable};
use crate::embedded::Durability;
use crate::ports::{Clock, TableError};

/// How many requests share one commit at most. While it is made, all who wait for it have nothing to do: a few at a time keep
/// the other threads busy.
const MAX_BATCH: usize = 16;
/// The same where a commit waits for the disk, which takes longer than all that is in it.
const MAX_BATCH_TO_DISK: usize = 512;
/// How many items one sweep deletes, so that writes get their turn in between.
pub(super) const SWEEP_LIMIT: usize = 500;

/// What the writing thread is asked to do.
#[derive(Debug)]
pub(super) enum WriteRequest {
    /// A change that may share a commit with others.
    Change(ChangeRequest),
    /// Delete at most [`SWEEP_LIMIT`] expired items.
    Sweep { reply: Reply<usize> },
    /// Read: where the writing connection is the only one.
    Read(ReadRequest),
}

/// What goes with a table that lies in a file.
pub(super) struct OfFile {
    /// Keeps other processes out; none beside a process that has it.
    pub(super) lock: Option<File>,
    pub(super) checkpointer: Checkpointer,
    pub(super) durability: Durability,
}

struct Writer {
    db: Connection,
    clock: Arc<dyn Clock>,
    last_entries: LastEntries,
    checkpointer: Option<Checkpointer>,
    max_batch: usize,
}

/// Starts the thread. It ends, and closes the file, once the sender is dropped and its requests are done.
pub(super) fn start(
    db: Connection,
    file: Option<OfFile>,
    clock: Arc<dyn Clock>,
) -> std::io::Result<(Sender<WriteRequest>, JoinHandle<rusqlite::Result<()>>)> {
    let (sender, requests) = channel();
    let max_batch = match &file {
        Some(OfFile { durability: Durability::Power, .. }) => MAX_BATCH_TO_DISK,
        _ => MAX_BATCH,
    };
    let (lock, checkpointer) = file.map(|file| (file.lock, file.checkpointer)).unzip();
    let thread = std::thread::Builder::new().name("table-writer".into()).spawn(move || {
        let mut writer = Writer { db, clock, last_entries: LastEntries::default(), checkpointer, max_batch };
        writer.serve(&requests);
        // The last connection that closes takes the log away.
        if let Some(checkpointer) = writer.checkpointer {
            checkpointer.end();
        }
        let closed = writer.db.close().map_err(|(_, error)| error);
        // A process that is just being forked has the lock's file open too, so that closing ours would not be enough.
        if let Some(Err(error)) = lock.flatten().map(|lock| lock.unlock()) {
            tracing::warn!(%error, "the table's lock could not be released");
        }
        closed
    })?;
    Ok((sender, thread))
}

impl Writer {
    fn serve(&mut self, requests: &Receiver<WriteRequest>) {
        let mut next = requests.recv().ok();
        while let Some(request) = next {
            let held = match request {
                WriteRequest::Change(change) => self.commit_gathered(change, requests),
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

    /// Makes this change and those that are waiting behind it, commits, then answers. Answers the request that ended the
    /// gathering, if one did.
    fn commit_gathered(
        &mut self,
        change: ChangeRequest,
        requests: &Receiver<WriteRequest>,
    ) -> Option<WriteRequest> {
        let mut answers = Vec::new();
        let (held, committed) = match self.db.execute_batch("BEGIN IMMEDIATE") {
            Ok(()) => self.gather(change, requests, &mut answers),
            Err(error) => {
                answers.push(change.undone());
                (None, Err(unavailable(error)))
            }
        };
        match committed {
            Ok(()) => self.committed(answers),
            Err(error) => self.give_up(answers, &error),
        }
        held
    }

    fn committed(&mut self, answers: Vec<Answer>) {
        if let Some(checkpointer) = &mut self.checkpointer {
            checkpointer.note(answers.len());
        }
        answers.into_iter().for_each(Answer::tell);
    }

    fn gather(
        &mut self,
        change: ChangeRequest,
        requests: &Receiver<WriteRequest>,
        answers: &mut Vec<Answer>,
    ) -> (Option<WriteRequest>, Result<(), TableError>) {
        let mut next = Some(WriteRequest::Change(change));
        while let Some(WriteRequest::Change(change)) = next {
            let now = self.now();
            match change.make(&self.db, &mut self.last_entries, now) {
                Ok(answer) => answers.push(answer),
                Err((undone, error)) => {
                    answers.push(undone);
                    return (None, Err(error));
                }
            }
            next = (answers.len() < self.max_batch).then(|| requests.try_recv().ok()).flatten();
        }
        (next, self.db.execute_batch("COMMIT").map_err(unavailable))
    }

    /// A failure of SQLite itself may have taken the whole transaction with it, so nobody's change has happened.
    fn give_up(&mut self, answers: Vec<Answer>, error: &TableError) {
        tracing::error!(%error, cause = ?std::error::Error::source(error), "the table could not write");
        self.last_entries.clear();
        if !self.db.is_autocommit()
            && let Err(error) = self.db.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, "the table could not roll back");
        }
        answers.into_iter().for_each(|answer| answer.undone().tell());
    }

    fn sweep(&self) -> Result<usize, TableError> {
        rows::delete_expired(&self.db, self.now(), SWEEP_LIMIT)
    }

    fn now(&self) -> i64 {
        self.clock.now().as_secs()
    }
}
