//! The thread that moves what was written from SQLite's log into the file, which waits for the disk, while others write.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use rusqlite::Connection;

/// After how many changes the log is moved.
const EVERY: usize = 1000;

/// Counts changes, and has the log moved after so many.
#[derive(Debug)]
pub(super) struct Checkpointer {
    changes: usize,
    wake: SyncSender<()>,
    thread: JoinHandle<()>,
}

impl Checkpointer {
    /// Starts the thread, on a connection of its own.
    pub(super) fn start(db: Connection) -> std::io::Result<Self> {
        // One wake-up that waits stands for all that come after it.
        let (wake, wakes) = sync_channel(1);
        let thread =
            std::thread::Builder::new().name("table-log".into()).spawn(move || serve(&db, &wakes))?;
        Ok(Self { changes: 0, wake, thread })
    }

    /// Takes note of changes that were committed.
    pub(super) fn note(&mut self, changes: usize) {
        self.changes += changes;
        if self.changes >= EVERY {
            self.changes = 0;
            // It is awake, or about to be.
            let _ = self.wake.try_send(());
        }
    }

    /// Ends the thread, and closes its connection.
    pub(super) fn end(self) {
        drop(self.wake);
        // It can't be helped if it has panicked: the writer moves the log, too.
        let _ = self.thread.join();
    }
}

fn serve(db: &Connection, wakes: &Receiver<()>) {
    while wakes.recv().is_ok() {
        // Passively: it waits for nobody, and nobody for it.
        if let Err(error) = db.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())) {
            tracing::warn!(%error, "the table's log could not be moved into its file");
        }
    }
}
