//! What lasts, in one SQLite file.

mod append;
mod apply;
mod change;
mod checkpointer;
mod open;
mod pages;
mod reader;
mod rows;
mod writer;

use std::fs::File;
use std::path::Path;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::JoinHandle;

use async_trait::async_trait;
use rusqlite::Connection;
use tokio::sync::oneshot;

use self::change::ChangeRequest;
use self::checkpointer::Checkpointer;
pub use self::open::OpenTableError;
use self::reader::{ReadRequest, SpotReaders};
use self::writer::{OfFile, WriteRequest};
use crate::embedded::Durability;
use crate::ports::table::rules;
use crate::ports::{Appended, Cause, Clock, Consistency, Item, Key, Page, Query, Table, TableError, Write};
use crate::store::rooms::log::Draft;

/// The [`Table`] port on SQLite.
///
/// One thread writes: it runs whatever writes have gathered in one transaction and answers them once it is committed,
/// so that many callers share the cost of a commit. Whoever asks for a few items reads them itself, on one of two connections
/// to a file's last committed state; two more threads read the rest, and another one moves SQLite's log into the file. A table
/// in memory has a single connection, which therefore reads as well.
#[derive(Debug)]
pub struct SqliteTable {
    lanes: RwLock<Option<Lanes>>,
    threads: Mutex<Option<Threads>>,
}

/// Where requests go in. Dropping a lane lets its threads finish what is queued and end.
#[derive(Debug)]
struct Lanes {
    writer: Sender<WriteRequest>,
    readers: Option<Readers>,
}

#[derive(Debug)]
struct Readers {
    spot: SpotReaders,
    thread: Sender<ReadRequest>,
}

#[derive(Debug)]
struct Threads {
    writer: JoinHandle<rusqlite::Result<()>>,
    readers: Vec<JoinHandle<()>>,
}

type Reply<T> = oneshot::Sender<Result<T, TableError>>;

impl SqliteTable {
    /// The table in this file, which is made if it isn't there. No other process may have it open.
    pub fn open(path: &Path, durability: Durability, clock: Arc<dyn Clock>) -> Result<Self, OpenTableError> {
        let lock = open::lock(path)?;
        let (db, lock) = (open::open_file(path, durability)?, Some(lock));
        Self::start(path, db, (lock, durability), clock)
    }

    /// The same for a few writes beside the process that has it open, if one has. Conditions hold across both: each looks
    /// and writes in one transaction of the file. The other one does not hear of what is written, and finds it when it looks;
    /// so this is for nothing that it keeps in its memory, as it does jobs.
    pub fn open_shared(
        path: &Path,
        durability: Durability,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, OpenTableError> {
        match Self::open(path, durability, clock.clone()) {
            Err(OpenTableError::InUse(_)) => {
                let db = open::join_file(path, durability)?;
                Self::start(path, db, (None, durability), clock)
            }
            alone => alone,
        }
    }

    fn start(
        path: &Path,
        db: Connection,
        (lock, durability): (Option<File>, Durability),
        clock: Arc<dyn Clock>,
    ) -> Result<Self, OpenTableError> {
        let two = || Ok::<_, OpenTableError>([open::open_reader(path)?, open::open_reader(path)?]);
        let spot = SpotReaders::new(two()?, Arc::clone(&clock));
        let (thread, reader_threads) = reader::start(two()?, &clock)?;
        let checkpointer = Checkpointer::start(open::join_file(path, durability)?)?;
        let file = OfFile { lock, checkpointer, durability };
        let (writer, writer_thread) = writer::start(db, Some(file), clock)?;
        Ok(Self::on(
            Lanes { writer, readers: Some(Readers { spot, thread }) },
            Threads { writer: writer_thread, readers: reader_threads },
        ))
    }

    /// A table that lives as long as this value.
    pub fn in_memory(clock: Arc<dyn Clock>) -> Result<Self, OpenTableError> {
        let (writer, thread) = writer::start(open::open_memory()?, None, clock)?;
        Ok(Self::on(Lanes { writer, readers: None }, Threads { writer: thread, readers: Vec::new() }))
    }

    fn on(lanes: Lanes, threads: Threads) -> Self {
        Self { lanes: RwLock::new(Some(lanes)), threads: Mutex::new(Some(threads)) }
    }

    /// Deletes what has expired; answers how many items that was.
    pub async fn sweep(&self) -> Result<usize, TableError> {
        let mut total = 0;
        loop {
            let deleted = self.ask_writer(|reply| WriteRequest::Sweep { reply }).await?;
            total += deleted;
            if deleted < writer::SWEEP_LIMIT {
                return Ok(total);
            }
        }
    }

    /// Finishes what is queued, moves the log into the file and closes it. Later calls answer that the table is
    /// unavailable; closing twice does no harm.
    pub async fn close(&self) -> Result<(), TableError> {
        let lanes = self.lanes.write().unwrap_or_else(PoisonError::into_inner).take();
        let threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(threads) = threads else { return Ok(()) };
        let ended = tokio::task::spawn_blocking(move || threads.end(lanes)).await;
        ended.map_err(unavailable)?
    }

    /// Appends to a room's log, in a commit that others share.
    pub(in crate::embedded) async fn append(&self, draft: Draft) -> Result<Appended, TableError> {
        let draft = Box::new(draft);
        self.ask_writer(|reply| WriteRequest::Change(ChangeRequest::Append { draft, reply })).await
    }

    async fn ask_writer<T>(&self, request: impl FnOnce(Reply<T>) -> WriteRequest) -> Result<T, TableError> {
        let (reply, answer) = oneshot::channel();
        self.with_lanes(|lanes| lanes.writer.send(request(reply)).ok())?;
        answer.await.map_err(|_| closed())?
    }

    async fn ask_reader<T>(&self, request: impl FnOnce(Reply<T>) -> ReadRequest) -> Result<T, TableError> {
        let (reply, answer) = oneshot::channel();
        let request = request(reply);
        self.with_lanes(|lanes| match &lanes.readers {
            Some(readers) => readers.thread.send(request).ok(),
            None => lanes.writer.send(WriteRequest::Read(request)).ok(),
        })?;
        answer.await.map_err(|_| closed())?
    }

    async fn get_all(&self, keys: Vec<Key>) -> Result<Vec<Item>, TableError> {
        let on_the_spot =
            |lanes: &Lanes| Some(lanes.readers.as_ref().and_then(|readers| readers.spot.get(&keys)));
        match self.with_lanes(on_the_spot)? {
            Some(found) => found,
            None => self.ask_reader(|reply| ReadRequest::Get { keys, reply }).await,
        }
    }

    fn with_lanes<T>(&self, ask: impl FnOnce(&Lanes) -> Option<T>) -> Result<T, TableError> {
        let lanes = self.lanes.read().unwrap_or_else(PoisonError::into_inner);
        lanes.as_ref().and_then(ask).ok_or_else(closed)
    }
}

impl Threads {
    /// Readers first: the last connection to close is the one that takes the log away.
    fn end(self, lanes: Option<Lanes>) -> Result<(), TableError> {
        let writer_lane = lanes.map(|lanes| lanes.writer);
        for reader in self.readers {
            reader.join().map_err(|_| closed())?;
        }
        drop(writer_lane);
        let closed_file = self.writer.join().map_err(|_| closed())?;
        closed_file.map_err(unavailable)
    }
}

#[async_trait]
impl Table for SqliteTable {
    async fn get(&self, key: &Key, _consistency: Consistency) -> Result<Option<Item>, TableError> {
        rules::check_key(key)?;
        Ok(self.get_all(vec![key.clone()]).await?.pop())
    }

    async fn batch_get(&self, keys: &[Key], _consistency: Consistency) -> Result<Vec<Item>, TableError> {
        rules::check_different(keys.iter())?;
        keys.iter().try_for_each(rules::check_key)?;
        self.get_all(keys.to_vec()).await
    }

    async fn query(&self, query: &Query) -> Result<Page, TableError> {
        rules::check_query(query)?;
        let query = query.clone();
        self.ask_reader(|reply| ReadRequest::Query { query, reply }).await
    }

    async fn write(&self, write: Write) -> Result<Option<Item>, TableError> {
        if matches!(write, Write::Check(..)) {
            return Err(TableError::Invalid("a check alone writes nothing".into()));
        }
        rules::check_write(&write)?;
        let writes = vec![write];
        let mut answers = self.ask_writer(|reply| apply(writes, reply)).await?;
        Ok(answers.pop().flatten())
    }

    async fn transact(&self, writes: Vec<Write>) -> Result<(), TableError> {
        rules::check_transaction(&writes)?;
        self.ask_writer(|reply| apply(writes, reply)).await?;
        Ok(())
    }
}

fn apply(writes: Vec<Write>, reply: Reply<Vec<Option<Item>>>) -> WriteRequest {
    WriteRequest::Change(ChangeRequest::Apply { writes, reply })
}

fn unavailable(cause: impl Into<Cause>) -> TableError {
    TableError::Unavailable(cause.into())
}

fn closed() -> TableError {
    unavailable("the table is closed")
}
