//! Writes what outboxes hold.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::Notify;

use crate::embedded::OutboxLimits;
use crate::embedded::outbox::Outbox;

/// So many outboxes are flushed in one go, before other tasks get their turn: what they publish meanwhile goes out in the same
/// writes. More would have them wait longer than their own work takes.
const CHUNK: usize = 32;
/// As long as no more than so many wait, whoever flushes goes on alone: that takes a few milliseconds, in which the other cores
/// are left to those who have something to say.
const ALONE: usize = 1024;

/// What all outboxes of a process share: the queue of those with something to write, and the tasks that write it.
///
/// A publish hands over all its outboxes at once, so that a message to a thousand sockets costs a thousand writes and
/// one wake-up; what gathers in an outbox while it waits its turn goes out in the same write.
#[derive(Debug)]
pub(in crate::embedded) struct Flusher {
    pub(in crate::embedded) limits: OutboxLimits,
    pub(in crate::embedded) overflows: AtomicU64,
    runtime: Handle,
    dirty: Mutex<VecDeque<Arc<Outbox>>>,
    wake: Notify,
}

impl Flusher {
    /// For outboxes with these limits, on the runtime of the caller.
    pub(in crate::embedded) fn new(limits: OutboxLimits) -> Arc<Self> {
        Arc::new(Self {
            limits,
            overflows: AtomicU64::new(0),
            runtime: Handle::current(),
            dirty: Mutex::default(),
            wake: Notify::new(),
        })
    }

    /// Takes outboxes that have something to write, each of which is nobody else's to write at the moment.
    pub(in crate::embedded) fn add(&self, outboxes: impl IntoIterator<Item = Arc<Outbox>>) {
        self.lock().extend(outboxes);
        self.wake.notify_one();
    }

    /// Writes without end; several of these share the work.
    pub(in crate::embedded) async fn run(self: Arc<Self>) {
        let mut chunk = Vec::with_capacity(CHUNK);
        loop {
            if self.take(&mut chunk) > ALONE {
                self.wake.notify_one();
            }
            if chunk.is_empty() {
                self.wake.notified().await;
                continue;
            }
            for outbox in chunk.drain(..) {
                outbox.flush();
            }
            tokio::task::yield_now().await;
        }
    }

    /// Flushes again once the socket takes more. A task of its own: others are not delayed.
    pub(in crate::embedded) fn flush_when_writable(&self, outbox: Arc<Outbox>) {
        self.runtime.spawn(async move {
            if let Some(wire) = outbox.wire() {
                // After an error, the next write fails and ends the socket.
                let _ = wire.writable().await;
            }
            outbox.flush();
        });
    }

    /// Ends a socket that has been told to close, but is still there after a while.
    pub(in crate::embedded) fn abort_after(&self, grace: Duration, outbox: Arc<Outbox>) {
        self.runtime.spawn(async move {
            tokio::time::sleep(grace).await;
            outbox.abort();
        });
    }

    /// Notes that an outbox overflowed; answers how many have by now.
    pub(in crate::embedded) fn count_overflow(&self) -> u64 {
        self.overflows.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Moves the outboxes whose turn it is into the chunk; tells how many are left.
    fn take(&self, chunk: &mut Vec<Arc<Outbox>>) -> usize {
        let mut dirty = self.lock();
        let count = dirty.len().min(CHUNK);
        chunk.extend(dirty.drain(..count));
        dirty.len()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<Arc<Outbox>>> {
        self.dirty.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
