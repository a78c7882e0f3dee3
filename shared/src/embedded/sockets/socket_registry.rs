//! Which sockets there are.

use std::collections::HashMap;
use std::num::NonZero;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use tokio::sync::Notify;
use tokio::task::AbortHandle;

use crate::embedded::flusher::Flusher;
use crate::embedded::{Outbox, OutboxLimits};
use crate::ids::ConnectionId;
use crate::protocol::Timestamp;

/// More flushers than this only get into each other's way: writing is the kernel's work, not ours.
const MAX_FLUSHERS: usize = 4;

/// The outboxes of all sockets of this process, by name: where the gateway, which owns the sockets, and the channel
/// layer, which writes to them, meet.
#[derive(Debug)]
pub struct SocketRegistry {
    outboxes: RwLock<HashMap<ConnectionId, Arc<Outbox>>>,
    flusher: Arc<Flusher>,
    /// Tells that a handshake was answered, one way or the other.
    answered: Notify,
    tasks: Vec<AbortHandle>,
}

impl SocketRegistry {
    /// An empty registry, whose outboxes are written by tasks on the runtime of the caller until it is dropped.
    pub fn start(limits: OutboxLimits) -> Arc<Self> {
        let flusher = Flusher::new(limits);
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        let tasks = (0..cores.min(MAX_FLUSHERS))
            .map(|_| tokio::spawn(Arc::clone(&flusher).run()).abort_handle())
            .collect();
        Arc::new(Self { outboxes: RwLock::default(), flusher, answered: Notify::new(), tasks })
    }

    /// Makes a socket known whose handshake is still to be answered: until it is open, nothing can be sent to it.
    pub fn admit(&self, id: ConnectionId, now: Timestamp) -> Arc<Outbox> {
        let outbox = Outbox::new(id.clone(), now, Arc::clone(&self.flusher));
        self.write().insert(id, Arc::clone(&outbox));
        outbox
    }

    /// Lets a socket be written to: its handshake has been answered.
    pub fn open(&self, outbox: &Outbox) {
        outbox.open();
        self.answered.notify_waiters();
    }

    /// Forgets a socket that is gone.
    pub fn remove(&self, id: &ConnectionId) {
        let removed = self.write().remove(id);
        if let Some(outbox) = removed {
            outbox.shut();
            self.answered.notify_waiters();
        }
    }

    /// The outbox of a socket.
    pub fn get(&self, id: &ConnectionId) -> Option<Arc<Outbox>> {
        self.read().get(id).cloned()
    }

    /// How many sockets there are.
    pub fn len(&self) -> usize {
        self.read().len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.read().is_empty()
    }

    /// How many sockets have been closed because their outbox overflowed.
    pub fn overflows(&self) -> u64 {
        self.flusher.overflows.load(Ordering::Relaxed)
    }

    /// Returns once the socket's handshake has been answered, or the socket is gone.
    pub(in crate::embedded) async fn until_answered(&self, id: &ConnectionId) {
        loop {
            let mut answered = std::pin::pin!(self.answered.notified());
            answered.as_mut().enable();
            if !self.get(id).is_some_and(|outbox| outbox.is_pending()) {
                return;
            }
            answered.await;
        }
    }

    pub(in crate::embedded) fn flush(&self, outboxes: impl IntoIterator<Item = Arc<Outbox>>) {
        self.flusher.add(outboxes);
    }

    fn read(&self) -> RwLockReadGuard<'_, HashMap<ConnectionId, Arc<Outbox>>> {
        self.outboxes.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, HashMap<ConnectionId, Arc<Outbox>>> {
        self.outboxes.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for SocketRegistry {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}
